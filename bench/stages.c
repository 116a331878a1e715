/* SPDX-License-Identifier: Apache-2.0 */
/* Cumulative cost of the stages over a list of artifacts in one process. Usage: bench_stages STAGE LIST
 * STAGE: read (members + hashes), lower (+ IR), record (+ evaluate), review (everything to the report). */
#include <string.h>

#include "base/os.h"
#include "engine/engine.h"
#include "engine/languages/languages.h"
#include "measure.h"

typedef enum stage { READ, LOWER, RECORD, REVIEW } stage;
static const char *const names[] = {"read", "lower", "record", "review"};
static uint64_t members, unpacked, source_bytes;
static tw_arena *scratch;

static void one_member(stage s, const tw_member *m, tw_str data, const tw_limits *lim)
{
    members++;
    sink ^= m->sha256.b[0];
    tw_language lang = tw_language_of(m->path, data, m->kind);
    if (s == READ || !data.p || !lang.front) return;
    tw_mark mark = tw_arena_mark(scratch);
    tw_ir *ir = TW_NEW(scratch, tw_ir);
    lang.front->lower(scratch, data, lim, ir);
    source_bytes += data.n;
    if (s == RECORD) {
        tw_record *r = TW_NEW(scratch, tw_record);
        tw_evaluate(scratch, ir, lim, r);
    }
    tw_arena_reset(scratch, mark);
}

static void one_artifact(stage s, tw_str bytes, const char *path, tw_engine *e)
{
    const char *slash = strrchr(path, '/');
    tw_str base = tw_str_c(slash ? slash + 1 : path);
    tw_arena *job = tw_arena_new(0);
    if (s == REVIEW) {
        tw_input in = {.bytes = bytes, .artifact = tw_str_c(path), .file_name = base};
        tw_outcome out;
        tw_review(e, job, &in, NULL, &out);
        sink ^= (uint8_t)out.report.n;
    } else {
        tw_findings findings;
        tw_coverage coverage;
        tw_findings_init(&findings, job, 0);
        tw_coverage_init(&coverage, job);
        tw_artifact *a = tw_artifact_open(job, bytes, base, &e->limits, &findings, &coverage);
        tw_member m;
        tw_str data;
        while (tw_artifact_next(a, &m, &data)) one_member(s, &m, data, &e->limits);
        unpacked += tw_artifact_unpacked(a);
        tw_artifact_close(a);
    }
    tw_arena_free(job);
}

int main(int argc, char **argv)
{
    int s = 0;
    FILE *list = argc == 3 ? fopen(argv[2], "r") : NULL;
    while (argc == 3 && s <= REVIEW && strcmp(names[s], argv[1])) s++;
    if (!list || s > REVIEW) {
        fprintf(stderr, "usage: bench_stages read|lower|record|review LIST\n");
        return 2;
    }
    tw_arena *process = tw_arena_new(0);
    scratch = tw_arena_new(1 << 20);
    tw_engine e = {.rules = tw_rules_builtin(process),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    uint64_t packed = 0, files = 0;
    char path[4096];
    while (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        tw_map_file f;
        if (tw_map_file_open(path, &f, NULL) != TW_OK) continue;
        packed += f.bytes.n;
        files++;
        one_artifact((stage)s, f.bytes, path, &e);
        tw_unmap_file(&f);
    }
    fclose(list);
    report(names[s], files, members, packed, s == LOWER || s == RECORD ? source_bytes : unpacked);
    tw_arena_free(scratch);
    tw_arena_free(process);
    return 0;
}
