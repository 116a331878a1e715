/* SPDX-License-Identifier: Apache-2.0 */
/* What must not change while something is made faster. Usage: bench_oracle LIST
 * One line per artifact: its base name, the report's SHA-256, the SHA-256 over all its record bundles in order. */
#include <string.h>

#include "base/os.h"
#include "engine/engine.h"
#include "measure.h"

static void add_bundle(void *ctx, const tw_digest *key, tw_str bundle)
{
    (void)key;
    tw_sha256_add(ctx, bundle.p, bundle.n);
}

static void one_artifact(const tw_engine *e, tw_str bytes, tw_str base)
{
    char report_hex[65], records_hex[65];
    tw_arena *job = tw_arena_new(0);
    tw_sha256 bundles;
    tw_sha256_init(&bundles);
    tw_record_io io = {.ctx = &bundles, .put = add_bundle};
    tw_input in = {.bytes = bytes, .artifact = base, .file_name = base};
    tw_outcome out;
    tw_review(e, job, &in, &io, &out);
    tw_digest report = tw_sha256_of(out.report), records = tw_sha256_end(&bundles);
    tw_digest_hex(&report, report_hex);
    tw_digest_hex(&records, records_hex);
    printf("%.*s %s %s\n", TW_FMT(base), report_hex, records_hex);
    tw_arena_free(job);
}

int main(int argc, char **argv)
{
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!list) {
        fprintf(stderr, "usage: bench_oracle LIST\n");
        return 2;
    }
    tw_arena *process = tw_arena_new(0);
    tw_engine e = {.rules = tw_rules_builtin(process),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    char path[4096];
    while (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        tw_map_file f;
        if (tw_map_file_open(path, &f, NULL) != TW_OK) continue;
        one_artifact(&e, f.bytes, tw_str_base(tw_str_c(path)));
        tw_unmap_file(&f);
    }
    fclose(list);
    tw_arena_free(process);
    return 0;
}
