/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a release can do that the one before could not: two profiles (engine/profile.h) compared. What was only moved or
 * renamed is not new. Sources: diff.c, diff_parts.c (what is compared), weight.c (how much it matters). */
#include "base/arena.h"
#include "base/doc.h"
#include "engine/trigger.h"

typedef enum tw_drift { TW_DRIFT_NONE, TW_DRIFT_LOW, TW_DRIFT_MEDIUM, TW_DRIFT_HIGH, TW_DRIFT_MAX } tw_drift;
const char *tw_drift_name(tw_drift d); /* "none", "low", "medium", "high" */

typedef enum tw_diff_what {
    TW_DIFF_BEHAVIOUR,
    TW_DIFF_CAPABILITY, /* a capability that the old one had not at this or an earlier time */
    TW_DIFF_USE,        /* one more use of a capability that it had */
    TW_DIFF_FLOW,
    TW_DIFF_START,
    TW_DIFF_HOST,
    TW_DIFF_DEPENDENCY,
    TW_DIFF_BINARY,
    TW_DIFF_FILE,
    TW_DIFF_UNREAD, /* code that runs by itself, of which the new one lets nobody read what it does */
    TW_DIFF_WHAT_MAX
} tw_diff_what;
const char *tw_diff_what_name(tw_diff_what w);

typedef struct tw_diff_item {
    uint8_t what; /* tw_diff_what */
    uint8_t risk; /* 0..100: a rank, not a probability */
    tw_str id;    /* of the behaviour or capability, host, name, path */
    tw_str trigger;
    tw_str says; /* fits "It ..." */
    uint32_t at; /* node in the new document that has member, line, snippet; 0 none */
    bool lost;   /* the old one had it, the new one has not */
} tw_diff_item;

typedef struct tw_diff {
    const tw_doc *from, *to;
    tw_drift level;
    TW_VEC(tw_diff_item) items; /* by risk, then in the order of the new document; what was lost comes last */
    uint64_t dropped;           /* items beyond the limit */
} tw_diff;

/* Both documents: objects of schema tidewaiter.capabilities/1, hostile; they must outlive the result, as must `a`. */
void tw_diff_make(tw_arena *a, const tw_doc *from, const tw_doc *to, tw_diff *ret);
/* The same as canonical JSON, schema tidewaiter.diff/1. */
void tw_diff_json(const tw_diff *d, tw_buf *out);

/* weight.c: 0..100 */
uint32_t tw_drift_weight(tw_str capability);
uint32_t tw_drift_when(tw_str trigger); /* per cent */
