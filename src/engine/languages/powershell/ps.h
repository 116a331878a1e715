/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the PowerShell front end. One pass; what nests lies on one stack of frames, each with the state of
 * the statement around it. powershell.c drives, frame.c closes frames, operand.c reads operands and strings,
 * expr.c applies operators, stmt.c finishes statements and reads keywords. Names are lower case. */
#include "engine/languages/command.h"

typedef enum ps_kind {
    PS_FILE,
    PS_BLOCK,  /* { } of a keyword: a region */
    PS_SCRIPT, /* { } as a value, function bodies: a scope */
    PS_SUB,    /* $( ) and ( ) */
    PS_ARRAY,  /* @( ) */
    PS_HASH,   /* @{ } */
    PS_ARGS,   /* of a method */
    PS_INDEX,  /* [ ] behind an operand */
    PS_STRING, /* "..." and @"..."@ */
} ps_kind;

enum { PS_START, PS_EXPR, PS_CMD };
enum ps_kw {
    PS_NONE,
    PS_IF,
    PS_ELSE,
    PS_WHILE,
    PS_FOREACH,
    PS_SWITCH,
    PS_TRY,
    PS_CATCH,
    PS_FINALLY,
    PS_DO,
    PS_PARAM,
    PS_RETURN,
    PS_THROW,
    PS_FUNCTION,
    PS_WITH,
};

typedef struct ps_op {
    uint8_t prec, unary;
    uint32_t name; /* s; 0: the comma */
    uint32_t off;
} ps_op;

typedef struct ps_state {                                 /* of the statement being read */
    uint32_t operands, ops, words, parts, targets, items; /* where its part of the stacks begins */
    uint32_t off, arg_off;
    uint32_t pipe, last;
    uint32_t cond, name; /* of a keyword: its condition; its variable or function */
    uint32_t key;        /* of a hashtable's entry */
    uint32_t out;        /* where its output goes, by out_kind */
    uint8_t mode, want, in_arg, quoted, kw, ready, target, out_kind;
} ps_state;

typedef struct ps_frame {
    uint8_t kind, kw, here, arg; /* here: '"' or '@' of a string; arg: value goes to a command's argument */
    uint32_t enter, scope, func, off;
    uint32_t base;  /* PS_ARGS: the callee; PS_INDEX: what is indexed */
    uint32_t insns; /* when it began */
    uint32_t cond;  /* of the if whose block this is */
    ps_state outer;
} ps_frame;

typedef struct ps {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_limits *lim;
    const uint8_t *s;
    uint32_t n, pos, scope;
    uint64_t tokens_left;
    uint32_t else_cond; /* of the if that closed last */
    bool stop;
    ps_state st;
    TW_VEC(ps_frame) frames;
    TW_VEC(uint32_t) operands, targets;
    TW_VEC(ps_op) ops;
    TW_VEC(tw_word) words;
    TW_VEC(tw_arg) parts, items;
    tw_buf lit, name;
} ps;

static inline ps_frame *ps_top(ps *p)
{
    return &p->frames.v[p->frames.n - 1];
}
static inline int ps_at(const ps *p, uint32_t i)
{
    return i < p->n ? p->s[i] : -1;
}
static inline bool ps_name_char(int c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80;
}

/* powershell.c */
uint32_t ps_emit(ps *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off);
void ps_opaque(ps *p, tw_gap_reason why, uint32_t off, uint32_t end);
uint32_t ps_lower(ps *p, uint32_t from, uint32_t to); /* interned in lower case */
void ps_skip_blanks(ps *p);

/* frame.c */
bool ps_push(ps *p, ps_kind kind, uint32_t off);
void ps_close(ps *p);
void ps_close_to(ps *p, bool brace); /* at ")" or "]", at "}" */
void ps_value(ps *p, uint32_t v);    /* an operand, or a part of a command's argument */
void ps_script(ps *p, uint32_t off, uint32_t name);

/* operand.c */
bool ps_operand(ps *p); /* at its first byte; false: there is none */
void ps_postfix(ps *p);
void ps_string_char(ps *p);
void ps_variable(ps *p);
uint32_t ps_single_quoted(ps *p);

/* expr.c */
bool ps_operator(ps *p); /* reads one; false: none here */
void ps_prefix(ps *p, tw_str name, uint8_t prec, uint32_t off);
uint32_t ps_expr_end(ps *p); /* value of the expression at hand, 0 none */
bool ps_word_operator(ps *p, bool unary);

/* stmt.c */
void ps_element_end(ps *p); /* of a pipeline */
void ps_statement_end(ps *p);
void ps_arg_end(ps *p);
void ps_bareword(ps *p); /* at the start of a statement: keyword or command */
bool ps_assign(ps *p);
