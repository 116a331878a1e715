/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Reviews many artifacts, each in a process of its own, several at a time, and hands out the reports
 * in input order. A worker that dies, hangs, swells or lies costs its own artifact's verdict and nothing
 * else. One call at a time in a process. Sources: supervisor.c (loop), job.c (one worker's talk). */
#include "engine/engine.h"
#include "service/cache/cache.h"
#include "service/supervisor/items.h"
#include "service/supervisor/verdicts.h"

typedef struct tw_supervision {
    const tw_engine *engine;
    uint32_t jobs;                 /* workers at a time, at least 1 */
    uint32_t timeout;              /* seconds for one artifact, wall and CPU */
    uint64_t memory;               /* bytes of a worker beyond its input */
    bool index;                    /* reports carry their position in the run */
    bool layers;                   /* results carry the texts of the layers */
    bool profile;                  /* results carry a profile, as their only layer */
    bool facts;                    /* results carry their records as text, as their layers */
    const tw_cache_options *cache; /* NULL: none */
} tw_supervision;

typedef struct tw_result {
    uint32_t index;
    const tw_item *item;
    tw_level level;
    tw_str report; /* JSON, one line without its end */
    bool opened;   /* false: there was nothing to review */
    /* Of a worker, so hostile: the texts are what they are, the heads are its word. Valid during the call. */
    const struct tw_layer_out *layers;
    uint32_t n_layers;
} tw_result;

typedef struct tw_tally {
    uint64_t reviewed, unopened, retried;
    uint64_t levels[TW_LEVEL_MAX];
    uint64_t faults[TW_FAULT_MAX]; /* each death counted, retried or not */
    uint64_t bytes;
    uint64_t peak_kb; /* of the largest worker */
    uint32_t layers;  /* of confinement in force, bit per tw_confine_layer */
    int landlock_abi;
    tw_cache_stats cache;
} tw_tally;

typedef struct tw_listener {
    void *ctx;
    void (*result)(void *ctx, const tw_result *r); /* in input order */
    /* What the user should know: a missing layer, an unusable cache, an alarm. */
    void (*note)(void *ctx, tw_str text);
    /* At most ten times a second; may be NULL. */
    void (*progress)(void *ctx, uint32_t finished, uint32_t total, uint32_t running);
} tw_listener;

/* Errors: IO (no process for workers). */
tw_err tw_supervise(const tw_supervision *s, const tw_items *items, const tw_listener *to, tw_tally *ret,
                    tw_diag *d);
