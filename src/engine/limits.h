/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* All limits of the engine: counts, never clocks. What a limit cuts is reported: a coverage gap or a
 * finding, and its name in coverage.limits_hit. The values are part of the verdict key. */
#include <stdint.h>

#include "base/err.h"

#define TW_LIMITS(X)                                                                               \
    /* name, default, what it bounds */                                                            \
    X(members, 200000, "members of an artifact, nested ones included")                             \
    X(depth, 6, "archives within archives")                                                        \
    X(unpacked, 4ull << 30, "bytes unpacked from an artifact in all")                              \
    X(ratio, 2000, "bytes unpacked per byte packed, above ratio_floor")                            \
    X(ratio_floor, 64ull << 20, "unpacked bytes of one member below which the ratio is not asked") \
    X(member_bytes, 64ull << 20, "bytes of a member held for analysis; above it is hashed only")   \
    X(name_bytes, 4096, "bytes of a member name kept")                                             \
    X(findings, 20000, "findings kept of an artifact")                                             \
    X(source_bytes, 32ull << 20, "bytes of one source file a front end takes")                     \
    X(tokens_per_kb, 1200, "tokens a front end takes for each KiB of a file (and 4096 for free)")  \
    X(nesting, 4000, "open brackets and blocks a front end follows")                               \
    X(steps_per_kb, 4096, "evaluation steps for each KiB of a file (and 262144 for free)")         \
    X(value_bytes, 8ull << 20, "bytes of one folded value")                                        \
    X(layers, 512, "layers of one artifact")                                                       \
    X(layer_depth, 8, "layers within layers")                                                      \
    X(insns, 200000000ull, "IR instructions of an artifact in all")                                \
    X(kept_bytes, 64ull << 20, "bytes of metadata members kept for the join")                      \
    X(flow_steps, 20000000ull, "steps of the flow search")                                         \
    X(list_items, 1000, "items of one list in a report; more are counted")

typedef struct tw_limits {
#define X(name, value, what) uint64_t name;
    TW_LIMITS(X)
#undef X
} tw_limits;

tw_limits tw_limits_default(void);
/* Sets the limit of that name. NOTFOUND: no such limit; USAGE: a value that cannot be (0 or above 2^48). */
tw_err tw_limits_set(tw_limits *lim, tw_str name, uint64_t value);
/* Source: limits.c. tw_limit_name: the name behind an index in TW_LIMITS order, for reports. */
typedef enum tw_limit_id {
#define X(name, value, what) TW_LIMIT_##name,
    TW_LIMITS(X)
#undef X
        TW_LIMIT_MAX
} tw_limit_id;
const char *tw_limit_name(tw_limit_id id);
