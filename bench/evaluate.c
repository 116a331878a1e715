/* SPDX-License-Identifier: Apache-2.0 */
/* What evaluation costs beside the front end, by language. Usage: bench_evaluate LIST
 * Each artifact has its own scratch and its own records, as in a review: pages are paid for where they are first
 * touched. One JSON line per family of languages: files, bytes of source, instructions, CPU seconds of both. */
#include <string.h>
#include <time.h>

#include "base/os.h"
#include "engine/engine.h"
#include "engine/languages/languages.h"
#include "measure.h"

typedef struct cost {
    uint64_t files, source, insns, bundle;
    double lower, evaluate, encode;
} cost;
static cost costs[TW_LANG_MAX];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void one_member(tw_arena *job, tw_arena *scratch, tw_buf *bundle, const tw_member *m, tw_str data,
                       const tw_limits *lim)
{
    tw_language lang = tw_language_of(m->path, data, m->kind);
    if (!data.p || !lang.front) return;
    cost *c = &costs[tw_lang_family(lang.front->lang)];
    tw_mark mark = tw_arena_mark(scratch);
    tw_ir *ir = TW_NEW(scratch, tw_ir);
    tw_record *r = TW_NEW(job, tw_record);
    tw_buf_clear(bundle);
    double t0 = now();
    lang.front->lower(scratch, data, lim, ir);
    double t1 = now();
    tw_evaluate(job, ir, lim, r);
    double t2 = now();
    tw_record_encode(r, bundle);
    double t3 = now();
    c->lower += t1 - t0, c->evaluate += t2 - t1, c->encode += t3 - t2;
    c->files++, c->source += data.n, c->insns += r->insns, c->bundle += bundle->n;
    tw_arena_reset(scratch, mark);
}

static void one_artifact(const tw_engine *e, tw_str bytes, tw_str base)
{
    tw_arena *job = tw_arena_new(0), *scratch = tw_arena_new(1 << 20);
    tw_buf bundle = TW_BUF_INIT;
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, job, 0);
    tw_coverage_init(&coverage, job);
    tw_artifact *a = tw_artifact_open(job, bytes, base, &e->limits, &findings, &coverage);
    tw_member m;
    tw_str data;
    while (tw_artifact_next(a, &m, &data)) one_member(job, scratch, &bundle, &m, data, &e->limits);
    tw_artifact_close(a);
    tw_buf_free(&bundle);
    tw_arena_free(scratch);
    tw_arena_free(job);
}

int main(int argc, char **argv)
{
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!list) {
        fprintf(stderr, "usage: bench_evaluate LIST\n");
        return 2;
    }
    tw_engine e = {.limits = tw_limits_default()};
    char path[4096];
    while (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        tw_map_file f;
        if (tw_map_file_open(path, &f, NULL) != TW_OK) continue;
        one_artifact(&e, f.bytes, tw_str_base(tw_str_c(path)));
        tw_unmap_file(&f);
    }
    fclose(list);
    for (int i = 0; i < TW_LANG_MAX; i++)
        if (costs[i].files)
            printf("{\"language\":\"%s\",\"files\":%llu,\"source\":%llu,\"insns\":%llu,\"bundle\":%llu,"
                   "\"lower\":%.4f,"
                   "\"evaluate\":%.4f,\"encode\":%.4f}\n",
                   tw_lang_name((tw_lang)i), (unsigned long long)costs[i].files,
                   (unsigned long long)costs[i].source, (unsigned long long)costs[i].insns,
                   (unsigned long long)costs[i].bundle, costs[i].lower, costs[i].evaluate, costs[i].encode);
    return 0;
}
