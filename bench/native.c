/* SPDX-License-Identifier: Apache-2.0 */
/* The native reader alone. Usage: bench_native [--dump] FILE...
 * One JSON line: CPU seconds and bytes for the compiled files in the artifacts (or files) named, reading, making the record,
 * strings alone. --dump: one line for each compiled file with what was read of it, for tests/native/compare_tools.py. */
#include <time.h>

#include "base/doc.h"
#include "base/os.h"
#include "engine/artifact/artifact.h"
#include "engine/languages/languages.h"
#include "engine/languages/native/native.h"
#include "engine/record/record.h"
#include "measure.h"

typedef struct totals {
    double read, strings, lower, evaluate;
    uint64_t files, bytes, imports, texts, bundle;
} totals;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void key_str(tw_json_w *w, const char *key, tw_str s)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, s);
}

static void key_num(tw_json_w *w, const char *key, uint64_t v)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_u64(w, v);
}

static void dump_tables(tw_json_w *w, const nat *n)
{
    tw_json_key(w, TW_S("libraries"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->libraries.n; i++) tw_json_str(w, n->libraries.v[i]);
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("imports"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->imports.n; i++) {
        tw_json_arr(w);
        tw_json_str(w, n->imports.v[i].library);
        tw_json_str(w, n->imports.v[i].name);
        tw_json_str(w, n->imports.v[i].symbol);
        tw_json_arr_end(w);
    }
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("exports"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->exports.n; i++) tw_json_str(w, n->exports.v[i]);
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("sections"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->sections.n; i++) {
        const nat_section *s = &n->sections.v[i];
        tw_json_arr(w);
        tw_json_str(w, s->name);
        tw_json_u64(w, s->off);
        tw_json_u64(w, s->size);
        tw_json_u64(w, s->density);
        tw_json_u64(w, s->flags);
        tw_json_arr_end(w);
    }
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("packages"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->packages.n; i++) tw_json_str(w, n->packages.v[i].name);
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("modules"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->modules.n; i++) {
        tw_json_arr(w);
        tw_json_str(w, n->modules.v[i].name);
        tw_json_str(w, n->modules.v[i].version);
        tw_json_arr_end(w);
    }
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("texts"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < n->strings.n; i++) tw_json_str(w, n->strings.v[i].text);
    tw_json_arr_end(w);
}

static void dump(tw_str path, const nat *n)
{
    tw_buf b = TW_BUF_INIT;
    tw_json_w w = tw_json_writer(&b);
    tw_json_obj(&w);
    key_str(&w, "path", path);
    key_str(&w, "format", tw_str_c(nat_format_name(n)));
    key_str(&w, "kind", tw_str_c(nat_kind_name(n)));
    key_str(&w, "machine", tw_str_c(n->arch));
    key_num(&w, "bits", n->bits);
    key_num(&w, "slices", n->slices);
    key_num(&w, "signed", n->is_signed);
    key_num(&w, "size", n->bytes.n);
    key_num(&w, "end", n->end);
    key_str(&w, "packer", tw_str_c(n->packer));
    key_str(&w, "overlay", tw_str_c(n->overlay));
    key_str(&w, "broken", tw_str_c(n->broken));
    key_str(&w, "cut", tw_str_c(n->cut));
    key_str(&w, "go", n->go_version);
    key_str(&w, "go_path", n->go_path);
    key_str(&w, "rust", n->rust_version);
    dump_tables(&w, n);
    tw_json_obj_end(&w);
    tw_buf_putc(&b, '\n');
    fwrite(b.p, 1, b.n, stdout);
    tw_buf_free(&b);
}

static void one(totals *t, const tw_limits *lim, tw_str path, tw_str data, bool dumps)
{
    tw_arena *a = tw_arena_new(1 << 20);
    nat *n = TW_NEW(a, nat);
    double t0 = now();
    bool is = nat_read(a, data, n);
    double t1 = now();
    if (is && dumps) dump(path, n);
    if (is && !dumps) {
        tw_ir ir;
        tw_record r;
        tw_buf b = TW_BUF_INIT;
        nat_strings(n);
        double t2 = now();
        tw_front_native.lower(a, data, lim, &ir);
        double t3 = now();
        tw_evaluate(a, &ir, lim, &r);
        double t4 = now();
        tw_record_encode(&r, &b);
        t->read += t1 - t0, t->strings += t2 - t1, t->lower += t3 - t2, t->evaluate += t4 - t3;
        t->files++, t->bytes += data.n, t->imports += n->imports.n, t->texts += n->strings.n,
            t->bundle += b.n;
        tw_buf_free(&b);
    }
    tw_arena_free(a);
}

static int artifact(totals *t, const char *path, bool dumps)
{
    tw_limits lim = tw_limits_default();
    tw_findings findings;
    tw_coverage coverage;
    tw_map_file file;
    tw_diag d = {0};
    tw_member m;
    tw_str data;
    if (tw_map_file_open(path, &file, &d) != TW_OK) {
        fprintf(stderr, "%s: %s\n", path, d.says);
        return 1;
    }
    tw_arena *job = tw_arena_new(0);
    tw_findings_init(&findings, job, 0);
    tw_coverage_init(&coverage, job);
    lim.member_bytes = 1ull << 30;
    tw_artifact *a = tw_artifact_open(job, file.bytes, tw_str_c(path), &lim, &findings, &coverage);
    while (tw_artifact_next(a, &m, &data))
        if (data.p && tw_language_of(m.path, data, m.kind).front == &tw_front_native)
            one(t, &lim, m.path, data, dumps);
    tw_artifact_close(a);
    tw_arena_free(job);
    tw_unmap_file(&file);
    return 0;
}

int main(int argc, char **argv)
{
    totals t = {0};
    bool dumps = argc > 1 && !strcmp(argv[1], "--dump");
    int wrong = 0;
    for (int i = 1 + dumps; i < argc; i++) wrong |= artifact(&t, argv[i], dumps);
    if (dumps) return wrong;
    printf("{\"files\":%llu,\"bytes\":%llu,\"imports\":%llu,\"texts\":%llu,\"bundle\":%llu,\"read\":%.4f,"
           "\"strings\":%.4f,"
           "\"lower\":%.4f,\"evaluate\":%.4f,\"mb_s\":%.0f}\n",
           (unsigned long long)t.files, (unsigned long long)t.bytes, (unsigned long long)t.imports,
           (unsigned long long)t.texts, (unsigned long long)t.bundle, t.read, t.strings, t.lower, t.evaluate,
           t.lower + t.evaluate > 0 ? (double)t.bytes / 1e6 / (t.lower + t.evaluate) : 0);
    return wrong;
}
