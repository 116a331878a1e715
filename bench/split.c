/* SPDX-License-Identifier: Apache-2.0 */
/* What each stage of one review costs. Usage: bench_split ARTIFACT...
 * One JSON line each: CPU seconds of reading, lowering, evaluating, packing and unpacking the records, and of a whole
 * review; bytes of source; memory of the IR per source byte. */
#include <time.h>

#include "base/os.h"
#include "engine/engine.h"
#include "engine/languages/languages.h"
#include "measure.h"

typedef struct split {
    double read, lower, evaluate, encode, decode, review;
    uint64_t source, files, insns, steps, ir_bytes, bundle;
} split;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void one_member(split *s, tw_arena *scratch, const tw_member *m, tw_str data, const tw_limits *lim)
{
    tw_language lang = tw_language_of(m->path, data, m->kind);
    if (!data.p || !lang.front) return;
    tw_mark mark = tw_arena_mark(scratch);
    size_t used = tw_arena_used(scratch);
    tw_buf bundle = TW_BUF_INIT;
    tw_ir *ir = TW_NEW(scratch, tw_ir);
    tw_record *r = TW_NEW(scratch, tw_record), *again = TW_NEW(scratch, tw_record);
    double t0 = now();
    lang.front->lower(scratch, data, lim, ir);
    double t1 = now();
    s->ir_bytes += tw_arena_used(scratch) - used;
    tw_evaluate(scratch, ir, lim, r);
    double t2 = now();
    tw_record_encode(r, &bundle);
    double t3 = now();
    if (tw_record_decode(scratch, tw_buf_str(&bundle), again, NULL) != TW_OK) abort();
    double t4 = now();
    s->lower += t1 - t0, s->evaluate += t2 - t1, s->encode += t3 - t2, s->decode += t4 - t3;
    s->source += data.n, s->files++, s->insns += r->insns, s->steps += r->steps, s->bundle += bundle.n;
    tw_buf_free(&bundle);
    tw_arena_reset(scratch, mark);
}

static void one_artifact(const tw_engine *e, tw_str bytes, tw_str base)
{
    split s = {0};
    tw_arena *job = tw_arena_new(0), *scratch = tw_arena_new(1 << 20);
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, job, 0);
    tw_coverage_init(&coverage, job);
    double t0 = now();
    tw_artifact *a = tw_artifact_open(job, bytes, base, &e->limits, &findings, &coverage);
    tw_member m;
    tw_str data;
    while (tw_artifact_next(a, &m, &data)) one_member(&s, scratch, &m, data, &e->limits);
    tw_artifact_close(a);
    tw_arena_free(scratch);
    s.read = now() - t0 - s.lower - s.evaluate - s.encode - s.decode;
    tw_input in = {.bytes = bytes, .artifact = base, .file_name = base};
    tw_outcome out;
    t0 = now();
    tw_review(e, job, &in, NULL, &out);
    s.review = now() - t0;
    sink ^= (uint8_t)out.report.n;
    printf(
        "{\"artifact\":\"%.*s\",\"source\":%llu,\"files\":%llu,\"insns\":%llu,\"steps\":%llu,\"bundle\":%llu,"
        "\"ir_bytes\":%llu,\"read\":%.5f,\"lower\":%.5f,\"evaluate\":%.5f,\"encode\":%.5f,\"decode\":%.5f,"
        "\"review\":%.5f}\n",
        TW_FMT(base), (unsigned long long)s.source, (unsigned long long)s.files, (unsigned long long)s.insns,
        (unsigned long long)s.steps, (unsigned long long)s.bundle, (unsigned long long)s.ir_bytes, s.read,
        s.lower, s.evaluate, s.encode, s.decode, s.review);
    tw_arena_free(job);
}

int main(int argc, char **argv)
{
    tw_arena *process = tw_arena_new(0);
    tw_engine e = {.rules = tw_rules_builtin(process),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    for (int i = 1; i < argc; i++) {
        tw_map_file f;
        if (tw_map_file_open(argv[i], &f, NULL) != TW_OK) return 2;
        one_artifact(&e, f.bytes, tw_str_base(tw_str_c(argv[i])));
        tw_unmap_file(&f);
    }
    tw_arena_free(process);
    return argc > 1 ? 0 : 2;
}
