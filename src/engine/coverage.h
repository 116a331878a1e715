/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The coverage ledger: each byte of an artifact is analysed, inert, or unanalysed with a reason.
 * Source: coverage.c. */
#include "base/arena.h"
#include "engine/limits.h"

#define TW_GAPS(X)                                                                                \
    /* reason id, name, whole-sentence meaning */                                                 \
    X(SYNTAX, "syntax", "text that no front end could parse")                                     \
    X(LIMIT, "limit", "a counted limit was reached")                                              \
    X(NO_FRONT_END, "no-front-end", "code in a language that is not analysed yet")                \
    X(NATIVE, "native", "machine code, which is not analysed: only what the file says of itself") \
    X(ENCRYPTED, "encrypted", "encrypted content")                                                \
    X(DAMAGED, "damaged", "content that could not be unpacked")                                   \
    X(FORMAT, "format", "a container format that is not read")                                    \
    X(TOO_LARGE, "too-large", "larger than the member limit: hashed only")                        \
    X(DYNAMIC, "dynamic", "a call whose target could not be resolved")                            \
    X(OPAQUE_LAYER, "opaque-layer", "code made at run time from data that could not be resolved") \
    X(SUMMARY, "summary", "a function with more flows than its summary holds: followed value by value")

typedef enum tw_gap_reason {
#define X(id, name, says) TW_GAP_##id,
    TW_GAPS(X)
#undef X
        TW_GAP_MAX
} tw_gap_reason;
const char *tw_gap_name(tw_gap_reason r);
const char *tw_gap_says(tw_gap_reason r);

typedef struct tw_gap {
    uint32_t member; /* TW_NO_MEMBER: the artifact itself */
    uint8_t reason;  /* tw_gap_reason */
    uint64_t off, len;
    uint32_t unit, func; /* of the text in the member that holds it (a layer); TW_NO_UNIT: the member's own */
    uint64_t of;         /* bytes of that text */
    const char *why;     /* one clause more, static; NULL: none */
    bool unread;         /* nothing of that code was taken apart: worse than a limit reached within it */
} tw_gap;
#define TW_NO_UNIT UINT32_MAX

typedef struct tw_coverage {
    tw_arena *arena;
    uint64_t analysed, inert, unanalysed; /* bytes of members' content */
    TW_VEC(tw_gap) gaps;
    uint64_t limits_hit; /* bit per tw_limit_id */
} tw_coverage;

void tw_coverage_init(tw_coverage *c, tw_arena *a);
/* Notes a gap; does not touch the byte counts. At most limits.list_items-fold are kept by reports. */
void tw_coverage_gap(tw_coverage *c, uint32_t member, tw_gap_reason r, uint64_t off, uint64_t len);
/* The same in a layer, which runs when the function of the unit that holds it does. */
void tw_coverage_layer_gap(tw_coverage *c, const tw_gap *g);
static inline void tw_coverage_limit(tw_coverage *c, tw_limit_id id)
{
    c->limits_hit |= 1ull << id;
}
