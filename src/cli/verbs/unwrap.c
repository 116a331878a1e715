/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter unwrap: the layers of an artifact, read in a confined worker as scan does, shown or written here. */
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/map.h"
#include "base/os.h"
#include "cli/fetch.h"
#include "cli/outputs/output.h"
#include "cli/plain.h"
#include "cli/unwrap.h"
#include "cli/verbs.h"

typedef struct unwrap {
    tw_engine engine;
    tw_unwrap_dir dir;
    uint64_t timeout, memory_mib, depth;
    bool json, raw;
    tw_fetch_options fetch;
    bool several, failed;
    tw_arena *arena; /* reset between results */
    tw_buf out;
} unwrap;

/* --- options ------------------------------------------------------------------------------------ */
static const char *number(const char *value, uint64_t least, uint64_t most, uint64_t *ret)
{
    return tw_str_u64(tw_str_c(value), ret) && *ret >= least && *ret <= most ? NULL
                                                                             : "not a number in its range";
}

static const char *set_format(void *ctx, const char *value)
{
    ((unwrap *)ctx)->json = !strcmp(value, "json");
    return !strcmp(value, "json") || !strcmp(value, "text") ? NULL : "not a format: text or json";
}

static const char *set_output(void *ctx, const char *value)
{
    ((unwrap *)ctx)->dir.path = value;
    return *value ? NULL : "is empty";
}

static const char *set_force(void *ctx, const char *value)
{
    (void)value;
    ((unwrap *)ctx)->dir.force = true;
    return NULL;
}

static const char *set_raw(void *ctx, const char *value)
{
    (void)value;
    ((unwrap *)ctx)->raw = true;
    return NULL;
}

static const char *set_depth(void *ctx, const char *value)
{
    unwrap *u = ctx;
    const char *wrong = number(value, 1, 64, &u->depth);
    if (!wrong) u->engine.limits.layer_depth = u->depth;
    return wrong;
}

static const char *set_timeout(void *ctx, const char *value)
{
    return number(value, 1, 86400, &((unwrap *)ctx)->timeout);
}

static const char *set_memory(void *ctx, const char *value)
{
    return number(value, 64, 1 << 20, &((unwrap *)ctx)->memory_mib);
}

static const char *set_limit(void *ctx, const char *value)
{
    tw_str rest = tw_str_c(value), name;
    uint64_t n;
    if (!tw_str_split(&rest, '=', &name) || !rest.p || !tw_str_u64(rest, &n)) return "not NAME=NUMBER";
    return tw_limits_set(&((unwrap *)ctx)->engine.limits, name, n) == TW_OK
               ? NULL
               : "no limit of that name, or out of range";
}

const tw_option tw_unwrap_options[] = {
    {"format", "FORMAT", "text (default) or json", set_format},
    {"output", "DIR", "write each layer into DIR, which must be new or empty", set_output},
    {"force", NULL, "DIR may hold something; equal names are replaced", set_force},
    {"depth", "N", "open layers within layers to this depth (default: 8)", set_depth},
    {"raw", NULL, "texts byte for byte; on a terminal they stay harmless", set_raw},
    {"timeout", "SECONDS", "for one artifact (default: 300)", set_timeout},
    {"memory", "MIB", "for one artifact beyond its own size (default: 3072)", set_memory},
    {"limit", "NAME=N", "change a counted limit of the analysis", set_limit},
    {0},
};

/* --- what a worker said -------------------------------------------------------------------------- */
static bool id_is_fine(tw_str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] != '.' && (id.p[i] < '0' || id.p[i] > '9')) return false;
    return id.n && id.p[0] != '.' && id.p[id.n - 1] != '.';
}

static uint64_t number_of(const tw_doc *doc, const char *key)
{
    return tw_node_number(doc, 0, tw_str_c(key));
}

static bool truth_of(const tw_doc *doc, const char *key)
{
    const tw_node *n = tw_node_get(doc, 0, tw_str_c(key));
    return n && n->kind == TW_NODE_BOOL && n->truth;
}

static tw_str text_of(const tw_doc *doc, const char *key)
{
    return tw_node_str(doc, 0, tw_str_c(key), TW_S(""));
}

/* "base64 → zlib → exec" */
static tw_str recipe_of(tw_arena *a, const tw_doc *doc, tw_str runs)
{
    tw_buf b = {.limit = 64 << 10};
    const tw_node *list = tw_node_get(doc, 0, TW_S("recipe"));
    if (list && list->kind == TW_NODE_ARRAY) {
        uint32_t id = tw_node_id(doc, list);
        for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) {
            if (b.n) tw_buf_puts(&b, TW_S(" \xe2\x86\x92 "));
            tw_buf_puts(&b, doc->nodes[i].text);
        }
    }
    if (runs.n && b.n) tw_buf_puts(&b, TW_S(" \xe2\x86\x92 "));
    tw_buf_puts(&b, runs);
    tw_str s = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

static bool read_layer(tw_arena *a, const tw_layer_out *l, tw_unwrapped *ret)
{
    static const tw_doc_limits limits = {.max_depth = 8, .max_nodes = 4096};
    tw_doc doc;
    if (tw_json_read(a, l->head, &limits, &doc, NULL) != TW_OK || doc.nodes[0].kind != TW_NODE_OBJECT)
        return false;
    *ret = (tw_unwrapped){.from = l,
                          .id = text_of(&doc, "id"),
                          .member = text_of(&doc, "member"),
                          .runs = text_of(&doc, "runs"),
                          .trigger = text_of(&doc, "trigger"),
                          .language = text_of(&doc, "language"),
                          .sha256 = text_of(&doc, "sha256"),
                          .off = number_of(&doc, "off"),
                          .line = number_of(&doc, "line"),
                          .col = number_of(&doc, "col"),
                          .size = number_of(&doc, "size"),
                          .depth = 1,
                          .executed = truth_of(&doc, "executed"),
                          .analysed = truth_of(&doc, "analysed")};
    for (size_t i = 0; i < ret->id.n; i++) ret->depth += ret->id.p[i] == '.';
    ret->recipe = recipe_of(a, &doc, ret->runs);
    char hex[65];
    tw_digest d = tw_sha256_of(l->text.p ? l->text : TW_S(""));
    tw_digest_hex(&d, hex);
    bool text = !l->text.p || (ret->size == l->text.n && tw_str_eq(ret->sha256, tw_str_c(hex)));
    return text && id_is_fine(ret->id);
}

/* --- results ------------------------------------------------------------------------------------ */
/* The worker died, or there was nothing to open: the first error says why. */
static bool explain(const unwrap *u, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(u->arena, r->report, NULL, &doc, NULL) != TW_OK) return true;
    const tw_node *errors = tw_node_get(&doc, 0, TW_S("errors"));
    if (!errors || errors->kind != TW_NODE_ARRAY || !errors->count) return false;
    uint32_t first = tw_node_first(&doc, tw_node_id(&doc, errors));
    tw_buf line = TW_BUF_INIT;
    tw_term_put(&line, r->item->artifact, 0);
    tw_buf_puts(&line, TW_S(": "));
    tw_term_put(&line, tw_node_str(&doc, first, TW_S("says"), TW_S("unreviewable")), 0);
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(tw_buf_str(&line)));
    tw_buf_free(&line);
    return true;
}

static void show(unwrap *u, const tw_result *r, const tw_unwrapped_list *list)
{
    tw_diag why = {0};
    bool dir = u->dir.path != NULL, raw = u->raw && !isatty(STDOUT_FILENO);
    if (dir &&
        tw_unwrap_dir_write(&u->dir, u->arena, r, list, u->several ? r->index + 1 : 0, &why) != TW_OK) {
        fprintf(stderr, "tidewaiter unwrap: %s: %s\n", tw_plain(u->dir.path), why.says);
        u->failed = true;
    }
    if (u->json && !dir)
        tw_unwrap_json(&u->out, r, list, NULL);
    else
        tw_unwrap_text(&u->out, r, list, raw, !dir);
    if (u->several && !u->json) tw_buf_putc(&u->out, '\n');
    if (tw_write_all(STDOUT_FILENO, tw_buf_str(&u->out)) != TW_OK) {
        fprintf(stderr, "tidewaiter unwrap: the output cannot be written: %s\n", strerror(errno));
        _exit(2);
    }
    tw_buf_clear(&u->out);
}

static void on_result(void *ctx, const tw_result *r)
{
    unwrap *u = ctx;
    tw_mark m = tw_arena_mark(u->arena);
    tw_unwrapped_list list = {0};
    bool bad = explain(u, r);
    for (uint32_t i = 0; i < r->n_layers && !bad; i++) {
        tw_unwrapped one;
        if (!read_layer(u->arena, &r->layers[i], &one)) {
            fprintf(stderr, "tidewaiter: %s: the worker sent a layer that is none\n",
                    tw_plain(r->item->artifact.p));
            bad = true;
        } else {
            TW_PUSH(u->arena, list, one);
        }
    }
    u->failed |= bad;
    if (!bad) show(u, r, &list);
    tw_arena_reset(u->arena, m);
}

static void on_note(void *ctx, tw_str text)
{
    (void)ctx;
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(text));
}

static int run(unwrap *u, const tw_items *items)
{
    tw_supervision how = {.engine = &u->engine,
                          .jobs = 1,
                          .timeout = (uint32_t)u->timeout,
                          .memory = u->memory_mib << 20,
                          .layers = true};
    tw_listener to = {u, on_result, on_note, NULL};
    tw_tally tally;
    tw_diag d = {0};
    u->several = items->list.n > 1;
    if (u->dir.path && tw_unwrap_dir_open(&u->dir, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter unwrap: --output %s: %s\n", tw_plain(u->dir.path), d.says);
        tw_unwrap_dir_close(&u->dir);
        return 2;
    }
    tw_err err = tw_supervise(&how, items, &to, &tally, &d);
    if (err != TW_OK) fprintf(stderr, "tidewaiter unwrap: %s\n", d.says);
    if (u->dir.path) tw_unwrap_dir_close(&u->dir);
    return err != TW_OK || tally.unopened || u->failed ? 2 : 0;
}

static void seed_hashes(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) seed = (uint64_t)getpid();
    tw_hash_seed_set(seed);
}

int tw_verb_unwrap(int argc, char **argv)
{
    unwrap u = {.timeout = 300, .memory_mib = 3072, .dir = {.fd = -1}};
    u.engine = (tw_engine){
        .limits = tw_limits_default(), .ecosystems = tw_ecosystems, .n_ecosystems = tw_n_ecosystems};
    int n = tw_options_read(tw_verb_find("unwrap"), &u, argc, argv);
    if (n < 0) return 2;
    if (!n) {
        fputs("tidewaiter unwrap: nothing to unwrap: give a PATH or a NAME\nSee: tidewaiter help unwrap\n",
              stderr);
        return 2;
    }
    seed_hashes();
    tw_arena *a = tw_arena_new(0);
    u.arena = tw_arena_new(0);
    u.engine.rules = tw_rules_builtin(a);
    tw_items items;
    tw_fetcher fetcher;
    tw_items_init(&items, a);
    tw_fetcher_init(&fetcher, &u.fetch);
    for (int i = 0; i < n; i++) {
        if (tw_is_spec(argv[i]))
            tw_fetch(&fetcher, &items, argv[i]);
        else
            tw_items_add_path(&items, tw_str_c(argv[i]));
    }
    int status = run(&u, &items);
    tw_fetcher_done(&fetcher);
    tw_buf_free(&u.out);
    tw_arena_free(u.arena);
    tw_arena_free(a);
    return status;
}
