/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the Python front end. One pass, no token array, no tree: the lexer hands the parser one
 * token at a time, and the parser emits IR while it reads. Nesting lives on explicit stacks.
 * source.c decodes, lex.c and strings.c read tokens, expr*.c expressions, stmt*.c statements, text.c
 * the oddities of the text. */
#include "engine/ir/ir.h"

#define PY_TOKENS(X)    \
    /* id, text */      \
    X(EOF, "")          \
    X(NEWLINE, "")      \
    X(BAD, "")          \
    X(NAME, "")         \
    X(INT, "")          \
    X(FLOAT, "")        \
    X(STRING, "")       \
    X(AUG, "")          \
    X(LPAR, "(")        \
    X(RPAR, ")")        \
    X(LSQB, "[")        \
    X(RSQB, "]")        \
    X(LBRACE, "{")      \
    X(RBRACE, "}")      \
    X(COMMA, ",")       \
    X(COLON, ":")       \
    X(SEMI, ";")        \
    X(DOT, ".")         \
    X(DOTS, "...")      \
    X(ASSIGN, "=")      \
    X(WALRUS, ":=")     \
    X(ARROW, "->")      \
    X(TICK, "`")        \
    X(BANG, "!")        \
    X(PLUS, "+")        \
    X(MINUS, "-")       \
    X(STAR, "*")        \
    X(SLASH, "/")       \
    X(DSLASH, "//")     \
    X(PERCENT, "%")     \
    X(AT, "@")          \
    X(DSTAR, "**")      \
    X(LSHIFT, "<<")     \
    X(RSHIFT, ">>")     \
    X(AMP, "&")         \
    X(PIPE, "|")        \
    X(CARET, "^")       \
    X(TILDE, "~")       \
    X(LT, "<")          \
    X(GT, ">")          \
    X(LE, "<=")         \
    X(GE, ">=")         \
    X(EQ, "==")         \
    X(NE, "!=")         \
    X(LTGT, "<>")       \
    X(NOT_IN, "not in") \
    X(IS_NOT, "is not") \
    PY_KEYWORDS(X)
#define PY_KEYWORDS(X)      \
    X(FALSE, "False")       \
    X(NONE, "None")         \
    X(TRUE, "True")         \
    X(AND, "and")           \
    X(AS, "as")             \
    X(ASSERT, "assert")     \
    X(ASYNC, "async")       \
    X(AWAIT, "await")       \
    X(BREAK, "break")       \
    X(CLASS, "class")       \
    X(CONTINUE, "continue") \
    X(DEF, "def")           \
    X(DEL, "del")           \
    X(ELIF, "elif")         \
    X(ELSE, "else")         \
    X(EXCEPT, "except")     \
    X(FINALLY, "finally")   \
    X(FOR, "for")           \
    X(FROM, "from")         \
    X(GLOBAL, "global")     \
    X(IF, "if")             \
    X(IMPORT, "import")     \
    X(IN, "in")             \
    X(IS, "is")             \
    X(LAMBDA, "lambda")     \
    X(NONLOCAL, "nonlocal") \
    X(NOT, "not")           \
    X(OR, "or")             \
    X(PASS, "pass")         \
    X(RAISE, "raise")       \
    X(RETURN, "return")     \
    X(TRY, "try")           \
    X(WHILE, "while")       \
    X(WITH, "with")         \
    X(YIELD, "yield")
/* Names the parser asks for; interned right behind the keywords, so that their ids are constants. */
#define PY_WORDS(X)                     \
    X(PRINT, "print")                   \
    X(EXEC, "exec")                     \
    X(MATCH, "match")                   \
    X(CASE, "case")                     \
    X(TYPE, "type")                     \
    X(UNDERSCORE, "_")                  \
    X(DUNDER_NAME, "__name__")          \
    X(DUNDER_MAIN, "__main__")          \
    X(TYPE_CHECKING, "TYPE_CHECKING")   \
    X(FUTURE, "__future__")             \
    X(PRINT_FUNCTION, "print_function") \
    X(FILE, "file")

typedef enum py_t {
#define X(id, text) T_##id,
    PY_TOKENS(X)
#undef X
        T_MAX
} py_t;
enum {
    PY_FIRST_KEYWORD = T_FALSE,
    PY_N_KEYWORDS = T_MAX - PY_FIRST_KEYWORD,
};
enum py_word { /* interner ids */
               W_KEYWORDS_END = PY_N_KEYWORDS,
#define X(id, text) W_##id,
               PY_WORDS(X)
#undef X
};

enum { /* py_tok.aux of T_STRING */
       S_RAW = 1,
       S_BYTES = 2,
       S_FORMAT = 4,
       S_UNICODE = 8,
       S_TRIPLE = 16,
       S_DOUBLE = 32,
       S_AS_IS = 64 /* py_decode_text: line ends stay as they are */
};

typedef struct py_tok {
    uint8_t t;         /* py_t */
    uint8_t aux;       /* T_STRING: S_ flags; T_AUG: the operator's py_t */
    uint32_t off, end; /* T_STRING: end is where the body starts */
    uint32_t id;       /* T_NAME and keywords: interned */
} py_tok;

/* An open construct of an expression. Operators carry their binding power in `prec`; structural
 * frames (brackets, clauses) have prec 0. */
typedef enum py_frame_kind {
    F_BASE,
    F_PAREN,
    F_LIST,
    F_BRACE,
    F_CALL,
    F_INDEX,
    F_TICK,
    F_YIELD,
    F_TERN_COND,
    F_LAMBDA_DEFAULT,
    F_COMP,
    F_COMP_TARGET,
    F_COMP_ITER,
    F_COMP_COND,
    F_FSTRING,
    F_FIELD,
    F_SPEC,
    F_BIN,
    F_UNARY,
    F_CMP,
    F_AND,
    F_OR,
    F_TERN_ELSE,
    F_LAMBDA,
    F_WALRUS,
    F_AWAIT,
    F_AS,
    F_MAX
} py_frame_kind;
typedef struct py_frame {
    uint8_t kind, prec, op, flags;
    uint32_t v, w;   /* values it waits with */
    uint32_t off;    /* where the construct starts */
    uint32_t items;  /* its part of py.items starts here */
    uint32_t kw;     /* name or TW_ARG_SPREAD* of the item being read */
    uint32_t mark;   /* first instruction of the item being read */
    uint32_t scopes; /* scopes that existed at mark */
    uint32_t x, y;   /* by kind */
} py_frame;
enum {               /* py_frame.flags */
       FF_COMMA = 1, /* a comma was read: a tuple */
       FF_DICT = 2,
       FF_COMP = 4,
       FF_AS = 8,
       FF_NO_IN = 16,    /* F_BASE: `in` ends it */
       FF_NO_TUPLE = 32, /* F_BASE: a comma ends it */
       FF_WITH = 64,     /* F_BASE: `as` is an operator */
       FF_PATTERN = 128, /* F_BASE: a match pattern */
};

enum py_prec {
    P_AS = 1,
    P_WALRUS,
    P_TERN,
    P_OR,
    P_AND,
    P_NOT,
    P_CMP,
    P_BOR,
    P_XOR,
    P_BAND,
    P_SHIFT,
    P_ADD,
    P_MUL,
    P_UNARY,
    P_POW,
    P_AWAIT
};

/* Assignment targets in prefix order. */
typedef enum py_target_kind { TG_NAME, TG_MEMBER, TG_INDEX, TG_SEQ, TG_OTHER } py_target_kind;
typedef struct py_target {
    uint8_t kind, star;
    uint16_t flags;
    uint32_t a, b; /* name | base, name | base, key | number of children */
    uint32_t off, len;
} py_target;

typedef struct py_block {
    uint32_t enter;
    uint32_t indent;
    uint32_t scope;                         /* to go back to */
    uint32_t cond;                          /* of its own if */
    uint32_t cond_after;                    /* of the if that closed last on this level */
    uint8_t pending, inline_, chain, after; /* after: what the last closed block of this level was */
    uint8_t opened_after;                   /* becomes the `after` of the level around it */
} py_block;
enum { AFTER_NONE, AFTER_IF, AFTER_LOOP, AFTER_TRY };

typedef struct py_walk {
    uint32_t source, next, left;
    uint8_t starred;
} py_walk;
typedef struct py_cached {
    uint32_t hash, id;
} py_cached;
enum { PY_CACHE = 1024 };

typedef struct py {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_limits *lim;
    const uint8_t *s;
    uint32_t n, pos;
    uint32_t depth;    /* open brackets: line ends do not count */
    uint32_t col;      /* indentation of the logical line */
    uint32_t prev_end; /* end of the token before tok */
    py_tok tok;
    uint64_t tokens_left;
    uint32_t scope;
    /* the operand at hand */
    uint32_t v, voff, vend;
    bool want, done, err, decorated;
    uint32_t class_args;
    uint8_t err_why;
    /* Python 2: something only it has was read; a print in doubt stood before that; print is a function. */
    bool py2, doubtful, print_function;
    uint32_t paren_off, paren_end; /* the parentheses that closed last */
    bool no_triple[2];             /* no closing ''' / """ ahead */
    uint8_t base_flags;
    uint32_t subject; /* of the match statement whose pattern is read */
    uint64_t moved;   /* instructions moved by comprehensions */
    TW_VEC(py_frame) frames;
    TW_VEC(tw_arg) items;
    TW_VEC(py_target) targets;
    TW_VEC(py_walk) walks;
    TW_VEC(tw_param) params;
    TW_VEC(uint32_t) opens; /* ENTERs of open comprehensions */
    TW_VEC(uint32_t) decorators;
    TW_VEC(tw_param) sig; /* of the def being read */
    TW_VEC(tw_arg) defaults;
    TW_VEC(tw_insn) spare;
    TW_VEC(py_block) blocks;
    tw_buf lit;          /* constant text being put together */
    tw_buf lit2;         /* a name in normal form */
    uint32_t far_right;  /* first code far to the right, UINT32_MAX none */
    uint64_t ahead_left; /* tokens that looks ahead may still take */
    uint32_t op_ids[T_MAX];
    py_cached cache[PY_CACHE];
} py;

/* chars.c */
enum {
    C_ALPHA = 1,
    C_DIGIT = 2,
    C_SPACE = 4,
    C_STOP_SQ = 8,
    C_STOP_DQ = 16,
    C_HIGH = 32,
    C_PREFIX = 64,
    C_HEX = 128
};
extern const uint8_t py_class[256];
extern const char *const py_token_text[T_MAX];
uint32_t py_intern_name(py *p, uint32_t from, uint32_t to, uint32_t hash, bool ascii);
uint32_t py_op_id(py *p, uint8_t t);

/* source.c: BOM, PEP 263. *ret_bad: an encoding that is not read. */
tw_str py_source(tw_arena *a, tw_str bytes, bool *ret_bad);

/* codecs.c */
struct py_codec;
const struct py_codec *py_codec_of(tw_str name); /* NULL: unknown */
tw_str py_recode(tw_arena *a, const struct py_codec *c, tw_str s);

/* lex.c */
void py_lex_init(py *p);
bool py_line(py *p); /* to the first token of the next logical line; false at the end */
void py_next(py *p);
py_tok py_peek(py *p);

/* strings.c */
bool py_string_end(py *p, const py_tok *t, uint32_t *ret_close); /* end of body; false: unterminated */
uint32_t py_quote_len(const py_tok *t);
void py_decode(py *p, uint32_t from, uint32_t to, uint8_t flags); /* appends to p->lit */
void py_decode_text(tw_buf *out, const uint8_t *s, uint32_t from, uint32_t to, uint8_t flags);

/* names.c */
uint32_t py_named(tw_str name); /* code point of \N{name}, 0 unknown */

/* fstring.c */
void py_strings(py *p);
void py_field_end(py *p);
void py_fstring_text(py *p);

/* expr.c */
uint32_t py_expr(py *p, uint8_t flags); /* value; p->voff, p->vend its span */
uint32_t py_bases(py *p);               /* "("...")" of a class: args */
void py_fail(py *p, tw_gap_reason why);
void py_push(py *p, py_frame f);
void py_structural(py *p, uint8_t kind, uint32_t off);
void py_reduce(py *p, uint8_t prec);
void py_settle(py *p);
void py_item(py *p, py_frame *f);
void py_have(py *p, uint32_t v, uint32_t off, uint32_t end);
static inline py_frame *py_top(py *p)
{
    return &p->frames.v[p->frames.n - 1];
}
void py_unwind(py *p);
void py_operator_end(py *p); /* a token that continues nothing */
extern void (*const py_operator_of[T_MAX])(py *);

uint32_t py_take_args(py *p, const py_frame *f); /* the items of f, off the stack */
uint32_t py_tuple_value(py *p, py_frame *f, uint32_t off);
void py_base_done(py *p);

/* brackets.c */
void py_open_bracket(py *p, uint8_t kind, uint32_t off);
void py_close_bracket(py *p);
void py_operand_lpar(py *p);
void py_operand_lsqb(py *p);
void py_operand_lbrace(py *p);
void py_operator_lpar(py *p);
void py_operator_lsqb(py *p);
void py_operator_tick(py *p);
void py_slice_done(py *p, py_frame *f);
void py_map_spread(py *p, py_frame *f);

/* expr_ops.c */
void py_apply(py *p, py_frame f); /* an operator frame whose right side is p->v */

/* lambda.c */
void py_lambda(py *p);
void py_lambda_params(py *p);
uint32_t py_scope_open(py *p, uint8_t kind, uint32_t name, uint32_t off, uint32_t first_param);
uint32_t py_scope_enter(py *p, uint32_t scope, uint32_t off);
uint32_t py_leave(py *p, uint32_t enter, uint32_t end);
void py_bind_params(py *p, uint32_t scope, const tw_arg *defaults, uint32_t n);

/* comp.c */
void py_comp_start(py *p);
void py_comp_iter_done(py *p);
void py_comp_cond_done(py *p);
void py_comp_finish(py *p);
void py_comp_in(py *p);

/* target.c */
void py_to_targets(py *p, uint32_t v, bool star);
void py_bind_targets(py *p, uint32_t from, uint32_t to, uint32_t source, uint8_t how);

/* stmt.c, import.c, match.c, def.c, block.c */
void py_simple(py *p);
void py_import(py *p);
void py_from(py *p);
bool py_accept_open(py *p); /* "(" of an import list */
bool py_python2(py *p);     /* print and exec statements; false: it is an expression */
bool py_match(py *p);
void py_type_params(py *p);
void py_def(py *p, uint32_t off, bool is_async);
void py_class_def(py *p);
void py_suite(py *p, uint8_t region, uint32_t cond, uint32_t scope, uint8_t after, uint32_t off);
void py_module(py *p);

/* python.c */
void py_grow_insns(py *p);
void py_grow_items(py *p);
uint32_t py_args(py *p, const tw_arg *args, uint32_t n);

static inline uint32_t py_emit(py *p, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b,
                               uint32_t c, uint32_t off, uint32_t end)
{
    tw_ir *ir = p->ir;
    if (ir->insns.n == ir->insns.cap) py_grow_insns(p);
    ir->insns.v[ir->insns.n++] = ((tw_insn){(uint8_t)op, kind, flags, a, b, c, off, end - off});
    return ir->insns.n - 1;
}
static inline void py_push_item(py *p, tw_arg a)
{
    if (p->items.n == p->items.cap) py_grow_items(p);
    p->items.v[p->items.n++] = a;
}
static inline bool py_is(const py *p, py_t t)
{
    return p->tok.t == t;
}
static inline bool py_accept(py *p, py_t t)
{
    if (p->tok.t != t) return false;
    py_next(p);
    return true;
}
static inline bool py_line_end(const py *p)
{
    return p->tok.t == T_NEWLINE || p->tok.t == T_EOF;
}
static inline bool py_keyword(const py_tok *t)
{
    return t->t >= PY_FIRST_KEYWORD;
}
