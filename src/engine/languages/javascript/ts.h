/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Types of TypeScript: they leave no IR, so they are skipped as text, by a cursor of their own that knows
 * the tokens of types (">" is always one token) and touches nothing else. Skipping twice the same text is
 * therefore harmless, and what a look ahead learned is remembered (memo), so that no look ahead is
 * repeated. Sources: ts_lex.c (tokens, matching brackets), ts_type.c (the grammar of types). */
#include "base/arena.h"

enum { /* tokens: else the character itself */
       TS_EOF = 0,
       TS_NAME = 128,
       TS_STRING,
       TS_NUMBER,
       TS_TEMPLATE, /* whole, or up to "${" (then `hole`) */
       TS_PRIVATE,  /* #name */
       TS_ARROW,
       TS_DOTS,
       TS_OTHER, /* an operator no type has */
};

typedef struct ts_cur {
    const uint8_t *s;
    uint32_t n;
    uint32_t pos; /* behind the token */
    uint32_t off; /* where it starts */
    uint32_t end; /* where the token before it ended */
    uint32_t taken;
    uint8_t t;
    bool nl;   /* a line end before it */
    bool hole; /* TS_TEMPLATE: ends in "${" */
} ts_cur;

typedef struct ts_memo {
    uint32_t *slots; /* pairs: offset + 1, what is known */
    uint32_t n, cap;
} ts_memo;
#define TS_NO UINT32_MAX /* known: not that */

typedef struct ts_frame {
    uint32_t off;
    uint8_t kind;
} ts_frame;

typedef struct ts {
    tw_arena *tmp;
    const uint8_t *s;
    uint32_t n;
    uint64_t taken;           /* tokens read, for the bill */
    uint64_t ahead_left;      /* tokens that looks ahead may still take */
    TW_VEC(ts_frame) frames;  /* open constructs of types */
    TW_VEC(ts_frame) opens;   /* open brackets */
    bool short_of, told;      /* ahead_left ran out; that is in the IR */
    uint32_t last_gt;         /* offset of the last ">": a "<" behind it opens no list */
    ts_memo angles, brackets; /* "<" and brackets by offset: where they close, or TS_NO */
} ts;

/* What stands at the offset given. */
typedef enum ts_what {
    TS_A_TYPE,
    TS_A_RETURN, /* a type or a predicate: x is T, asserts x */
    TS_ARGS,     /* <A, B> */
    TS_PARAMS,   /* <A extends B = C> */
    TS_SIGNATURE /* (a: T, b?: U) */
} ts_what;

/* ts_lex.c */
void ts_init(ts *x, tw_arena *tmp, const uint8_t *s, uint32_t n);
ts_cur ts_at(const ts *x, uint32_t off); /* the token at or behind off */
void ts_next(ts_cur *c);
void ts_template(ts_cur *c); /* goes on behind the "}" of a hole */
bool ts_word(const ts_cur *c, const char *word);
uint32_t ts_close(ts *x, uint32_t open); /* offset of the bracket that closes it, or TS_NO */
bool ts_known(const ts_memo *m, uint32_t off, uint32_t *ret);
void ts_learn(ts *x, ts_memo *m, uint32_t off, uint32_t what);

/* ts_type.c: true and the end of what was skipped, or false and where it went wrong. ahead: only a look,
 * which may fail for having looked too far. */
bool ts_skip(ts *x, ts_what what, uint32_t off, bool ahead, uint32_t *ret_end);
bool ts_starts_type(const ts_cur *c, bool parameter);
bool ts_reserved(const ts_cur *c); /* a word that is no name */
