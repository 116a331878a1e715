/* SPDX-License-Identifier: Apache-2.0 */
/* The records of every text of an artifact, its layers among them, as a review makes them. Usage: walk FILE...
 * or a list of paths on standard input. `== PATH`, then `-- record` and the record's dump for each text. */
#include <string.h>

#include "base/os.h"
#include "engine/engine.h"
#include "engine/record/record.h"
#include <stdio.h>

static void dump_bundle(void *ctx, const tw_digest *key, tw_str bundle)
{
    (void)key;
    tw_arena *a = tw_arena_new(0);
    tw_record rec;
    if (tw_record_decode(a, bundle, &rec, NULL) == TW_OK) {
        tw_buf_fmt(ctx, "-- record %u\n", rec.lang);
        tw_record_dump(&rec, ctx);
    }
    tw_arena_free(a);
}

static void one_artifact(const tw_engine *e, const char *path)
{
    tw_map_file f;
    if (tw_map_file_open(path, &f, NULL) != TW_OK) return;
    tw_arena *job = tw_arena_new(0);
    tw_buf dump = TW_BUF_INIT;
    tw_record_io io = {.ctx = &dump, .put = dump_bundle};
    tw_str base = tw_str_base(tw_str_c(path));
    tw_input in = {.bytes = f.bytes, .artifact = base, .file_name = base};
    tw_outcome out;
    tw_review(e, job, &in, &io, &out);
    printf("== %s\n%.*s-- report %.*s\n", path, (int)dump.n, dump.p ? dump.p : "", TW_FMT(out.report));
    fflush(stdout);
    tw_buf_free(&dump);
    tw_arena_free(job);
    tw_unmap_file(&f);
}

int main(int argc, char **argv)
{
    tw_arena *process = tw_arena_new(0);
    tw_engine e = {.rules = tw_rules_builtin(process),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    for (int i = 1; i < argc; i++) one_artifact(&e, argv[i]);
    char path[4096];
    while (argc < 2 && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        one_artifact(&e, path);
    }
    tw_arena_free(process);
    return 0;
}
