/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter facts PATH...: what is kept of each source file, as text. A source is read here, an artifact in a worker. */
#include <stdio.h>

#include "base/doc.h"
#include "base/os.h"
#include "cli/outputs/output.h"
#include "cli/plain.h"
#include "cli/profiles.h"
#include "cli/verbs.h"
#include "engine/languages/languages.h"
#include "engine/record/record.h"
#include "engine/unwrap.h"

typedef struct facts {
    tw_profiles profiles;
} facts;

const tw_option tw_facts_options[] = {TW_PROFILES_OPTIONS, {0}};

static void print_source(const char *path, tw_str bytes)
{
    tw_limits lim = tw_limits_default();
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    tw_record r;
    tw_buf out = TW_BUF_INIT;
    tw_front_for(NULL, path, bytes)->lower(a, bytes, &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_dump(&r, &out);
    fwrite(out.p, 1, out.n, stdout);
    tw_buf_free(&out);
    tw_arena_free(a);
}

static void print_head(const tw_doc *doc, tw_buf *out)
{
    const tw_node *of = tw_node_get(doc, 0, TW_S("of")), *layer = tw_node_get(doc, 0, TW_S("layer"));
    const tw_node *unit = tw_node_get(doc, 0, TW_S("unit"));
    uint64_t n = 0, k = 0, u = 0;
    tw_buf_puts(out, TW_S("== "));
    tw_term_put(out, tw_node_str(doc, 0, TW_S("member"), TW_S("?")), 0);
    if (unit && tw_node_u64(unit, &u)) tw_buf_fmt(out, " (unit %llu", (unsigned long long)u);
    if (of && layer && tw_node_u64(of, &n) && tw_node_u64(layer, &k))
        tw_buf_fmt(out, ", layer %llu of unit %llu", (unsigned long long)k, (unsigned long long)n);
    tw_buf_puts(out, TW_S(", "));
    tw_term_put(out, tw_node_str(doc, 0, TW_S("language"), TW_S("?")), 0);
    tw_buf_puts(out, TW_S(")\n"));
}

/* The worker's word is hostile: each line goes through the terminal's filter. */
static void print_lines(tw_str text, tw_buf *out)
{
    tw_str line;
    while (tw_str_split(&text, '\n', &line)) {
        if (!line.n && !text.n) break;
        tw_term_put(out, line, 0);
        tw_buf_putc(out, '\n');
    }
}

static void print_artifact(const tw_result *r)
{
    static const tw_doc_limits limits = {.max_depth = 4, .max_nodes = 64};
    tw_arena *a = tw_arena_new(0);
    for (uint32_t i = 0; i < r->n_layers; i++) {
        tw_doc doc;
        tw_buf out = TW_BUF_INIT;
        bool fine = tw_json_read(a, r->layers[i].head, &limits, &doc, NULL) == TW_OK &&
                    doc.nodes[0].kind == TW_NODE_OBJECT;
        if (fine) print_head(&doc, &out);
        if (fine && r->layers[i].text.p) print_lines(r->layers[i].text, &out);
        if (fine && !r->layers[i].text.p) tw_buf_puts(&out, TW_S("(longer than an answer holds)\n"));
        fwrite(out.p, 1, out.n, stdout);
        tw_buf_free(&out);
    }
    if (!r->n_layers) puts("no source in it");
    tw_arena_free(a);
}

/* False: nothing that a front end reads. */
static bool print_file(const char *path)
{
    tw_map_file file;
    if (tw_map_file_open(path, &file, NULL) != TW_OK) return false;
    bool source = tw_language_of(tw_str_c(path), file.bytes, tw_kind_of(file.bytes)).front != NULL;
    if (source) print_source(path, file.bytes);
    tw_unmap_file(&file);
    return source;
}

int tw_verb_facts(int argc, char **argv)
{
    facts f = {0};
    tw_profiles_init(&f.profiles, "facts");
    f.profiles.show = print_artifact;
    int n = tw_options_read(tw_verb_find("facts"), &f, argc, argv), status = n > 0 ? 0 : 2;
    if (!n)
        fputs("tidewaiter facts: nothing to look at: give a FILE, a PATH or a NAME\n"
              "See: tidewaiter help facts\n",
              stderr);
    for (int i = 0; i < n; i++) {
        if (n > 1) printf("== %s\n", tw_plain(argv[i]));
        if (!tw_is_spec(argv[i]) && print_file(argv[i])) continue;
        f.profiles.list.n = 0;
        if (tw_profiles_read(&f.profiles, 1, argv + i)) status = 2;
    }
    tw_arena_free(f.profiles.arena);
    return status;
}
