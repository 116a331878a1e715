/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Mutants that exist in memory alone, reviewed at once in a process that can do nothing else. Source: review.c. */
#include "engine/engine.h"
#include "service/mutate/mutate.h"

typedef struct tw_mut_plan {
    const uint32_t *with; /* numbers of mutators */
    uint32_t n_with;
    bool each;            /* each alone, not one behind the other */
    uint64_t seed, seeds; /* seed, seed + 1, ... */
} tw_mut_plan;

typedef struct tw_mut_row {
    tw_str name; /* of the mutators, with commas */
    uint64_t seed;
    uint32_t changed; /* files */
    tw_level before, after;
    tw_str behaviours, behaviours_after; /* ids with commas, "-": none; of a worker, so hostile */
} tw_mut_row;

/* Calls `row` for each mutant of the artifact whose bytes can be read from fd. Errors: UNSUPPORTED, MALFORMED (the package cannot
 * be taken apart), IO, DEAD (the process ended before its time). */
tw_err tw_mut_review(const tw_engine *e, int fd, tw_str artifact, const tw_mut_plan *plan,
                     void (*row)(void *ctx, const tw_mut_row *r), void *ctx, tw_diag *d);
