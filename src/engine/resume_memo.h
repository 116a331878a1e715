/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What evaluation in a package gave for a file, kept as records are. It depends on the file, on its own names and on
 * what the package answered to what was asked, in this order. So it is kept as a chain: under the key of what is known
 * stands the next question, or the result; with the answer to a question the key of the next step is made. Each step
 * follows from its key alone: equal key, equal bytes. So that a chain is short, one answer tells of all that the
 * asking file could ask of the other one. Source: resume_memo.c. */
#include "engine/units.h"

typedef enum tw_asked_kind {
    TW_ASKED_VALUE, /* a value of another file */
    TW_ASKED_PLACE, /* a file whose functions are called */
    TW_ASKED_READ,  /* a member */
    TW_ASKED_LIST,  /* a folder */
    TW_ASKED_MAX
} tw_asked_kind;

typedef struct tw_memo_rows tw_memo_rows; /* what the names in a unit stand for */
typedef struct tw_memo_view {             /* how the package answers; lives as long as the names */
    tw_arena *arena;
    const tw_reading *r;
    const tw_package *p;
    tw_names *names;
    tw_memo_rows **rows; /* per unit, once asked */
    void *ctx;
    /* Adds what reading a member or listing a folder gives; false: it cannot be told without doing it. */
    bool (*content)(void *ctx, tw_asked_kind kind, tw_str name, tw_sha256 *to);
    bool (*has_text)(void *ctx, uint32_t unit); /* it can be evaluated at once */
} tw_memo_view;

typedef struct tw_memo_step {
    tw_digest key;
    tw_str bytes;
} tw_memo_step;

typedef struct tw_memo {
    tw_arena *arena;
    const tw_memo_view *view;
    tw_digest key;          /* of the next step */
    bool broken;            /* it is not kept */
    TW_VEC(uint32_t) units; /* those that ask */
    tw_map known;           /* what the key tells of */
    TW_VEC(tw_memo_step) steps;
    uint64_t cost;                   /* instructions of the files whose functions were called */
    TW_VEC(const tw_record *) found; /* one of each choice: what resume takes of it */
    tw_str why;
} tw_memo;

void tw_memo_begin(tw_memo *m, tw_arena *a, const tw_memo_view *view, uint32_t unit);
/* unit asks; before the answer is used. */
void tw_memo_ask(tw_memo *m, uint32_t unit, tw_asked_kind kind, tw_str name);
/* Fills cost, found and why, where the package answers as it did. */
bool tw_memo_get(tw_memo *m);
void tw_memo_put(const tw_memo *m, tw_reading *r);
