/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The tokens of a source file, for what changes texts (`tidewaiter mutate`) and does not need what they mean. The lexers
 * are the front ends' own. A text that they cannot take apart without the parser's knowledge is refused, not guessed at.
 * Sources: python/tokens.c, javascript/tokens.c. */
#include "engine/ir/ir.h"

typedef enum tw_token_kind {
    TW_TOK_NAME,
    TW_TOK_KEYWORD,
    TW_TOK_NUMBER,
    TW_TOK_STRING, /* `value` is what it stands for */
    TW_TOK_FORMAT, /* Python: an f-string, whole; JavaScript: a template or the part of one between holes */
    TW_TOK_REGEX,
    TW_TOK_OP,
    TW_TOK_NEWLINE, /* Python: the end of a logical line */
} tw_token_kind;

enum {                    /* tw_token.flags */
       TW_TOKF_FIRST = 1, /* Python: first of its logical line; JavaScript: a line ends before it */
       TW_TOKF_BYTES = 2, /* Python: b'' */
       TW_TOKF_OPENS = 4, /* a bracket, or a part of a template, that its `pair` closes */
       TW_TOKF_CLOSES = 8,
};

typedef struct tw_token {
    uint8_t kind, flags;
    uint32_t off, end;
    uint32_t col;  /* Python: indentation of its logical line */
    uint32_t pair; /* brackets and templates: the token that closes or opens it */
    tw_str value;
} tw_token;

typedef struct tw_tokens {
    TW_VEC(tw_token) list;
    uint32_t start; /* where the first token may stand: behind a byte order mark and a #! line */
} tw_tokens;

/* False: not UTF-8, Python 2, JSX, unbalanced, unterminated, or in doubt. `a` holds the result. */
bool tw_tokens_python(tw_arena *a, tw_str text, tw_tokens *ret);
bool tw_tokens_javascript(tw_arena *a, tw_str text, tw_tokens *ret);
