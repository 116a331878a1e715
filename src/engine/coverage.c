/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/coverage.h"

static const struct {
    const char *name, *says;
} gaps[] = {
#define X(id, name, says) {name, says},
    TW_GAPS(X)
#undef X
};

const char *tw_gap_name(tw_gap_reason r)
{
    return (unsigned)r < TW_GAP_MAX ? gaps[r].name : "unknown";
}

const char *tw_gap_says(tw_gap_reason r)
{
    return (unsigned)r < TW_GAP_MAX ? gaps[r].says : "unknown";
}

void tw_coverage_init(tw_coverage *c, tw_arena *a)
{
    *c = (tw_coverage){.arena = a};
}

void tw_coverage_gap(tw_coverage *c, uint32_t member, tw_gap_reason r, uint64_t off, uint64_t len)
{
    TW_PUSH(c->arena, c->gaps, ((tw_gap){member, (uint8_t)r, off, len, TW_NO_UNIT, 0, 0, NULL, false}));
}

void tw_coverage_layer_gap(tw_coverage *c, const tw_gap *g)
{
    TW_PUSH(c->arena, c->gaps, *g);
}
