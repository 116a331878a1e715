/* SPDX-License-Identifier: Apache-2.0 */
/* What a re-release costs the engine alone, without processes and database. Usage: bench_warm EARLIER LATER [RUNS]
 * Records of EARLIER are given to LATER, as the cache gives those that two earlier releases vouched for. One line: CPU
 * milliseconds of the first review of LATER and of the warm one (least of RUNS), records asked and given. */
#include <string.h>

#include "base/map.h"
#include "base/os.h"
#include "engine/engine.h"
#include "measure.h"

typedef struct store {
    tw_arena *arena;
    tw_map map; /* key -> index */
    TW_VEC(tw_str) bundles;
    uint32_t asked, given;
} store;

static tw_str get(void *ctx, const tw_digest *key)
{
    store *s = ctx;
    s->asked++;
    const uint64_t *at = tw_map_get(&s->map, (tw_str){(const char *)key->b, sizeof key->b});
    s->given += at != NULL;
    return at ? s->bundles.v[*at] : (tw_str){NULL, 0};
}

static void put(void *ctx, const tw_digest *key, tw_str bundle)
{
    store *s = ctx;
    tw_str k = tw_arena_str(s->arena, (tw_str){(const char *)key->b, sizeof key->b});
    *tw_map_put(&s->map, k, NULL) = s->bundles.n;
    TW_PUSH(s->arena, s->bundles, tw_arena_str(s->arena, bundle));
}

static void drop(void *ctx, const tw_digest *key, tw_str bundle)
{
    (void)ctx, (void)key;
    sink ^= (uint8_t)bundle.n;
}

static inline __attribute__((always_inline)) double review(const tw_engine *e, tw_str bytes, tw_str base,
                                                           tw_record_io *io)
{
    double before = cpu_seconds();
    tw_arena *job = tw_arena_new(0);
    tw_input in = {.bytes = bytes, .artifact = base, .file_name = base};
    tw_outcome out;
    tw_review(e, job, &in, io, &out);
    sink ^= (uint8_t)out.report.n;
    tw_arena_free(job);
    return (cpu_seconds() - before) * 1000;
}

/* Two names, so that a profiler can tell one from the other. */
__attribute__((noinline)) static double warm_review(const tw_engine *e, tw_str bytes, tw_str base,
                                                    tw_record_io *io)
{
    return review(e, bytes, base, io);
}

__attribute__((noinline)) static double cold_review(const tw_engine *e, tw_str bytes, tw_str base,
                                                    tw_record_io *io)
{
    return review(e, bytes, base, io);
}

int main(int argc, char **argv)
{
    tw_map_file early, late;
    if (argc < 3 || tw_map_file_open(argv[1], &early, NULL) != TW_OK ||
        tw_map_file_open(argv[2], &late, NULL) != TW_OK) {
        fprintf(stderr, "usage: bench_warm EARLIER LATER [RUNS]\n");
        return 2;
    }
    int runs = argc > 3 ? atoi(argv[3]) : 1;
    tw_arena *process = tw_arena_new(0);
    tw_engine e = {.rules = tw_rules_builtin(process),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    store s = {.arena = process};
    tw_map_init(&s.map, process);
    tw_record_io from = {&s, NULL, put}, with = {&s, get, drop};
    tw_str name = tw_str_base(tw_str_c(argv[2]));
    double cold = 1e9, warm = 1e9;
    cold_review(&e, early.bytes, tw_str_base(tw_str_c(argv[1])), &from);
    for (int i = 0; i < runs; i++) {
        double c = cold_review(&e, late.bytes, name, NULL), w = 0;
        s.asked = s.given = 0;
        w = warm_review(&e, late.bytes, name, &with);
        cold = c < cold ? c : cold;
        warm = w < warm ? w : warm;
    }
    printf("%.*s first %.1f warm %.1f (%.2fx), %u of %u records\n", TW_FMT(name), cold, warm, cold / warm,
           s.given, s.asked);
    return 0;
}
