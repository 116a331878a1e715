/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What evaluation in a package gave for a file to which the package had nothing to say: most of them, and the dearest
 * (bundles). It depends on the file, on its own names, and on that the package has nothing under the names that were
 * asked for; so it is kept as records are, under a key of the first two, with the names. Source: resume_memo.c. */
#include "engine/units.h"

typedef enum tw_asked_kind { TW_ASKED_VALUE, TW_ASKED_PLACE } tw_asked_kind;
typedef struct tw_asked {
    uint8_t kind; /* tw_asked_kind */
    tw_str name;
} tw_asked;

typedef struct tw_memo {
    tw_arena *arena;
    tw_digest key;
    bool answered; /* the package had something: it is not kept */
    tw_map seen;
    TW_VEC(tw_asked) asked;
    TW_VEC(const tw_record *) found; /* one of each choice: what resume takes of it */
    tw_str why;
} tw_memo;

/* content: of the unit's text. */
void tw_memo_begin(tw_memo *m, tw_arena *a, const tw_reading *r, const tw_unit *u, tw_str path,
                   tw_str module);
void tw_memo_ask(tw_memo *m, tw_asked_kind kind, tw_str name);
/* Fills asked, found and why. False: not known. Whether the names still have no answer is the caller's to see. */
bool tw_memo_get(tw_memo *m, const tw_reading *r);
void tw_memo_put(const tw_memo *m, tw_reading *r);
