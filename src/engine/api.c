/* SPDX-License-Identifier: Apache-2.0 */
/* The public edge: argument checks, then the engine. */
#include "tidewaiter/tidewaiter.h"

#include "engine/ecosystem.h"
#include "engine/engine.h"

/* Own arenas hold the handles themselves, so that the library has one kind of memory. */
struct tidewaiter_engine {
    tw_arena *arena;
    tw_engine engine;
};
struct tidewaiter_review {
    tw_arena *arena;
    tw_outcome outcome;
};

const char *tidewaiter_version(void)
{
    return TW_VERSION;
}

const char *tidewaiter_status_text(int status)
{
    switch (status) {
    case TIDEWAITER_OK: return "done";
    case TIDEWAITER_ERR_ARGUMENT: return "an argument is NULL or has a size that cannot be";
    case TIDEWAITER_ERR_OPTION: return "no limit of that name, or a value out of range";
    case TIDEWAITER_ERR_RULES: return "a rule does not compile";
    default: return "no such status";
    }
}

tidewaiter_engine *tidewaiter_engine_new(void)
{
    tw_arena *a = tw_arena_new(0);
    tidewaiter_engine *e = TW_NEW(a, tidewaiter_engine);
    e->arena = a;
    e->engine.limits = tw_limits_default();
    e->engine.ecosystems = tw_ecosystems;
    e->engine.n_ecosystems = tw_n_ecosystems;
    e->engine.rules = tw_rules_builtin(a);
    return e;
}

int tidewaiter_engine_limit(tidewaiter_engine *engine, const char *name, uint64_t value)
{
    if (!engine || !name) return TIDEWAITER_ERR_ARGUMENT;
    return tw_limits_set(&engine->engine.limits, tw_str_c(name), value) == TW_OK ? TIDEWAITER_OK
                                                                                 : TIDEWAITER_ERR_OPTION;
}

void tidewaiter_engine_free(tidewaiter_engine *engine)
{
    if (engine) tw_arena_free(engine->arena);
}

int tidewaiter_review_bytes(tidewaiter_engine *engine, const void *bytes, size_t size, const char *name,
                            const char *purl, tidewaiter_review **ret)
{
    if (!engine || !ret || (!bytes && size) || size > PTRDIFF_MAX) return TIDEWAITER_ERR_ARGUMENT;
    tw_arena *a = tw_arena_new(0);
    tidewaiter_review *r = TW_NEW(a, tidewaiter_review);
    r->arena = a;
    tw_input in = {.bytes = {bytes, size},
                   .artifact = tw_str_c(name),
                   .file_name = tw_str_base(tw_str_c(name)),
                   .purl = tw_str_c(purl)};
    tw_review(&engine->engine, a, &in, NULL, &r->outcome);
    *ret = r;
    return TIDEWAITER_OK;
}

const char *tidewaiter_review_verdict(const tidewaiter_review *review)
{
    return review ? tw_level_name(review->outcome.level) : tw_level_name(TW_LEVEL_UNREVIEWABLE);
}

const char *tidewaiter_review_json(const tidewaiter_review *review, size_t *ret_size)
{
    if (ret_size) *ret_size = review ? review->outcome.report.n : 0;
    return review ? review->outcome.report.p : "";
}

void tidewaiter_review_free(tidewaiter_review *review)
{
    if (review) tw_arena_free(review->arena);
}
