/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a value of the file is made of, walked backwards from where it is used: evaluate_slice.c, for evaluate_closed.c. */
#include "engine/record/evaluate_priv.h"

/* HARD: by code of this file, or by a loop; MIXED: something was done to texts or numbers that hides them.
 * NAMED: a name from outside is among it. PARAM: of a function that nothing here is seen to call with what the file knows itself. */
enum { SL_OPEN = 1, SL_PARAM = 2, SL_HARD = 4, SL_MIXED = 8, SL_NAMED = 16 };
enum { SL_ASKED = 1, SL_NAME = 4, SL_MIXES = 8, SL_LOOKS = 16, SL_DULL = 32 }; /* of a symbol */

typedef struct slices {
    ev *e;
    uint64_t fuel;
    bool code;      /* a text that is run: parameters, what is caught and objects may be the file's own */
    uint8_t *sym;   /* of each symbol, once it was asked for */
    uint8_t *ends;  /* of each instruction, variable, scope: SL_OPEN, SL_PARAM where it surely leads there */
    uint8_t *loops; /* of each instruction: it stands in a loop */
    uint8_t *given; /* of each scope: 0 not asked, else 1 + whether a call hands it what is known */
    uint32_t *in;   /* of each instruction: its scope */
    uint32_t *seen; /* of each instruction, variable, scope: the latest walk that met it */
    uint32_t *gives, *next;      /* of each scope: its last RETURN or YIELD; of that one: the one before */
    uint32_t *calls, *next_call; /* of each function: calls of it */
    uint32_t *into, *next_into;  /* of each variable: what changes its object */
    uint32_t walk, depth;
    TW_VEC(uint32_t) todo, from, params;
} slices;

void ev_slices(slices *s, ev *e);
/* SL_* of what instruction `at` gives, as it is used in there. */
uint8_t ev_slice_of(slices *s, uint32_t at);
uint8_t ev_slice_args(slices *s, uint32_t args, uint32_t besides); /* together */
uint8_t ev_slice_symbol(slices *s, uint32_t sym);
bool ev_slice_loops(slices *s, uint32_t at);
uint32_t ev_slice_scope(slices *s, uint32_t at);
