/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The JavaScript and TypeScript front end, its private header. One pass: the lexer hands the parser one
 * token at a time (p->tok, the only one read ahead), the parser is a stack of open constructs (js_frame:
 * statements, brackets and waiting operators on one stack) and emits instructions while it reads.
 *
 * The machine (machine.c): p->state and p->tok.t pick a step. Steps consume tokens, push and pop frames
 * and say what comes next by setting p->state:
 *   JS_STATEMENT  a statement, or what ends the block on top
 *   JS_OPERAND    an operand; prefix operators and opening brackets push frames
 *   JS_OPERATOR   an operand is at hand (p->v, p->voff, p->vend; see js_have). A token that continues
 *                 nothing reduces the operators down to the structural frame on top (prec 0) and calls
 *                 js_end_of[kind](p): the frame reads its separator or closer from p->tok, pops itself
 *                 (js_pop), and js_have()s its value, goes on with p->state, or js_fail()s
 *   JS_MEMBER     a class member; JS_KEY a property of an object literal; JS_PARAM a parameter;
 *   JS_DECLARATOR a target of var, let, const
 * When a statement is complete js_stmt_done(p) closes what waits for just one statement.
 *
 * Hooks of TypeScript (ts_*.c) and JSX (jsx.c) consume tokens with js_next(): p->tok is the token at
 * hand, js_peek() the one behind it. A hook that reads a type pushes no frames and emits nothing (types
 * leave nothing behind): it loops with a bracket stack of its own and returns with p->tok on the first
 * token behind the type. A token is lexed before its meaning is known: `/` is T_SLASH or T_SLASH_ASSIGN
 * until js_regex() is asked to read on from it, a template is T_TEMPLATE with p->pos behind the `, `>` may be
 * T_SHR, T_GE...: js_split(p, n) keeps the first n bytes of p->tok and rereads the rest later. JSX text
 * is not lexed: with p->tok on the `>` of a tag p->pos is right behind it; scan p->s from p->pos, set
 * p->pos to the `{` or `<` and js_next(). (p->s has 64 zero bytes behind p->n: no bounds checks needed
 * up to there, but stop at p->n.) Trying something: js_save/js_restore, paid from p->ahead_left.
 * Any error: js_fail(p, TW_GAP_SYNTAX) and return; recover.c unwinds and goes on. */
#include "engine/languages/languages.h"

#define JS_KEYWORDS(X)          \
    X(BREAK, "break")           \
    X(CASE, "case")             \
    X(CATCH, "catch")           \
    X(CLASS, "class")           \
    X(CONST, "const")           \
    X(CONTINUE, "continue")     \
    X(DEBUGGER, "debugger")     \
    X(DEFAULT, "default")       \
    X(DELETE, "delete")         \
    X(DO, "do")                 \
    X(ELSE, "else")             \
    X(ENUM, "enum")             \
    X(EXPORT, "export")         \
    X(EXTENDS, "extends")       \
    X(FALSE, "false")           \
    X(FINALLY, "finally")       \
    X(FOR, "for")               \
    X(FUNCTION, "function")     \
    X(IF, "if")                 \
    X(IMPORT, "import")         \
    X(IN, "in")                 \
    X(INSTANCEOF, "instanceof") \
    X(NEW, "new")               \
    X(NULL, "null")             \
    X(RETURN, "return")         \
    X(SUPER, "super")           \
    X(SWITCH, "switch")         \
    X(THIS, "this")             \
    X(THROW, "throw")           \
    X(TRUE, "true")             \
    X(TRY, "try")               \
    X(TYPEOF, "typeof")         \
    X(VAR, "var")               \
    X(VOID, "void")             \
    X(WHILE, "while")           \
    X(WITH, "with")

/* Words with a meaning in places only: T_NAME with these ids. Interned behind the keywords. */
#define JS_WORDS(X)                   \
    X(ASYNC, "async")                 \
    X(AWAIT, "await")                 \
    X(YIELD, "yield")                 \
    X(LET, "let")                     \
    X(USING, "using")                 \
    X(INTERFACE, "interface")         \
    X(TYPE, "type")                   \
    X(NAMESPACE, "namespace")         \
    X(MODULE, "module")               \
    X(GLOBAL, "global")               \
    X(DECLARE, "declare")             \
    X(ABSTRACT, "abstract")           \
    X(PUBLIC, "public")               \
    X(PRIVATE, "private")             \
    X(PROTECTED, "protected")         \
    X(READONLY, "readonly")           \
    X(OVERRIDE, "override")           \
    X(OUT, "out")                     \
    X(STATIC, "static")               \
    X(ACCESSOR, "accessor")           \
    X(GET, "get")                     \
    X(SET, "set")                     \
    X(OF, "of")                       \
    X(AS, "as")                       \
    X(SATISFIES, "satisfies")         \
    X(FROM, "from")                   \
    X(IS, "is")                       \
    X(ASSERTS, "asserts")             \
    X(ASSERT, "assert")               \
    X(KEYOF, "keyof")                 \
    X(UNIQUE, "unique")               \
    X(INFER, "infer")                 \
    X(IMPLEMENTS, "implements")       \
    X(REQUIRE, "require")             \
    X(DEFER, "defer")                 \
    X(SOURCE, "source")               \
    X(META, "meta")                   \
    X(TARGET, "target")               \
    X(CONSTRUCTOR, "constructor")     \
    X(MAIN, "main")                   \
    X(EXPORT_EQUALS, "export=")       \
    X(IMPORT_META, "import.meta")     \
    X(NEW_TARGET, "new.target")       \
    X(FUNCTION_SENT, "function.sent") \
    X(KEYS, "keys")                   \
    X(JSX, "jsx")                     \
    X(ARGUMENTS, "arguments")

#define JS_TOKENS(X)        \
    X(BAD, "")              \
    X(EOF, "")              \
    X(NAME, "")             \
    X(PRIVATE, "")          \
    X(INT, "")              \
    X(FLOAT, "")            \
    X(STRING, "")           \
    X(TEMPLATE, "`")        \
    X(LPAR, "(")            \
    X(RPAR, ")")            \
    X(LSQB, "[")            \
    X(RSQB, "]")            \
    X(LBRACE, "{")          \
    X(RBRACE, "}")          \
    X(SEMI, ";")            \
    X(COMMA, ",")           \
    X(DOT, ".")             \
    X(DOTS, "...")          \
    X(OPTIONAL, "?.")       \
    X(QUESTION, "?")        \
    X(COLON, ":")           \
    X(ARROW, "=>")          \
    X(AT, "@")              \
    X(HASH, "#")            \
    X(ASSIGN, "=")          \
    X(PLUS_ASSIGN, "+=")    \
    X(MINUS_ASSIGN, "-=")   \
    X(STAR_ASSIGN, "*=")    \
    X(SLASH_ASSIGN, "/=")   \
    X(PERCENT_ASSIGN, "%=") \
    X(POW_ASSIGN, "**=")    \
    X(SHL_ASSIGN, "<<=")    \
    X(SHR_ASSIGN, ">>=")    \
    X(USHR_ASSIGN, ">>>=")  \
    X(AMP_ASSIGN, "&=")     \
    X(PIPE_ASSIGN, "|=")    \
    X(CARET_ASSIGN, "^=")   \
    X(AND_ASSIGN, "&&=")    \
    X(OR_ASSIGN, "||=")     \
    X(NULLISH_ASSIGN, "?"   \
                      "?=") \
    X(PLUS, "+")            \
    X(MINUS, "-")           \
    X(STAR, "*")            \
    X(SLASH, "/")           \
    X(PERCENT, "%")         \
    X(POW, "**")            \
    X(SHL, "<<")            \
    X(SHR, ">>")            \
    X(USHR, ">>>")          \
    X(AMP, "&")             \
    X(PIPE, "|")            \
    X(CARET, "^")           \
    X(AND, "&&")            \
    X(OR, "||")             \
    X(NULLISH, "??")        \
    X(EQ, "==")             \
    X(NE, "!=")             \
    X(EQ3, "===")           \
    X(NE3, "!==")           \
    X(LT, "<")              \
    X(GT, ">")              \
    X(LE, "<=")             \
    X(GE, ">=")             \
    X(BANG, "!")            \
    X(TILDE, "~")           \
    X(INC, "++")            \
    X(DEC, "--")            \
    JS_KEYWORDS(X)

typedef enum js_t {
#define X(id, text) T_##id,
    JS_TOKENS(X)
#undef X
        T_MAX
} js_t;
enum { JS_FIRST_KEYWORD = T_BREAK, JS_N_KEYWORDS = T_MAX - JS_FIRST_KEYWORD };
enum js_word { /* interner ids; a keyword's is its js_t - JS_FIRST_KEYWORD + 1 */
               W_KEYWORDS_END = JS_N_KEYWORDS,
#define X(id, text) W_##id,
               JS_WORDS(X)
#undef X
                   W_MAX
};
#define JS_KEYWORD_ID(x) ((uint32_t)(T_##x - JS_FIRST_KEYWORD + 1))
static inline bool js_contextual(uint32_t id) /* async, await, yield, let: not plain names everywhere */
{
    return id - W_ASYNC <= W_USING - W_ASYNC;
}

typedef struct js_tok {
    uint8_t t;         /* js_t */
    uint8_t nl;        /* a line ends between the token before and this one */
    uint8_t escaped;   /* names: written with \u; strings: has a backslash */
    uint32_t off, end; /* strings: with their quotes; T_TEMPLATE: the ` alone; T_PRIVATE: with its # */
    uint32_t id;       /* T_NAME, T_PRIVATE and keywords: interned */
} js_tok;

/* Kinds of frames. Structural ones (prec 0) come first, each with its end in js_end_of; then operators. */
typedef enum js_frame_kind {
    F_NONE,
    /* what holds statements: closed by `}` or the end (js_close_block); x = ENTER, y = scope to go back to */
    F_MODULE,
    F_BLOCK,     /* { }, region of any kind or none (x = 0) */
    F_BODY,      /* of a function; v = FUNC, op = how it goes on (js_body_how) */
    F_CASE,      /* of a switch */
    F_CLASS,     /* members; v = CLASS */
    F_NAMESPACE, /* TypeScript; w = name */
    F_TS_BLOCK,  /* for ts_*.c */
    /* what waits for one statement: js_stmt_done calls js_after_of */
    F_THEN,
    F_ELSE,
    F_LOOP,
    F_DO,
    F_WITH,
    F_TRY, /* behind the block of try, catch */
    F_CATCH,
    F_FINALLY,
    /* what waits for an expression */
    F_STMT,  /* an expression statement */
    F_VALUE, /* of return, throw; op = js_t */
    F_IF,
    F_WHILE,
    F_DO_COND,
    F_WITH_OBJ,
    F_SWITCH,
    F_CASE_COND,
    F_FOR_INIT,
    F_FOR_OF,
    F_FOR_TEST,
    F_FOR_UPDATE,
    F_DECL, /* a declaration: JS_DECLARATOR */
    F_DECL_VALUE,
    F_EXPORT_VALUE,
    F_PAREN,
    F_ARRAY,
    F_OBJECT,
    F_COMPUTED, /* [key] of an object literal or class */
    F_CALL,
    F_INDEX,
    F_TEMPLATE,
    F_TERN, /* a ? b : */
    F_PARAMS,
    F_PARAM_DEFAULT,
    F_BINDING, /* a pattern of a declaration or parameter */
    F_FIELD,   /* value of a class field */
    F_EXTENDS,
    F_DECORATOR,
    F_CATCH_PARAM,
    F_JSX_A, /* for jsx.c */
    F_JSX_B,
    F_JSX_C,
    F_TS_A, /* for ts_*.c */
    F_TS_B,
    F_TS_C,
    /* operators: js_apply */
    F_BIN,
    F_UNARY,
    F_AND,
    F_OR,
    F_TERN_ELSE,
    F_ASSIGN,
    F_ARROW,
    F_AWAIT,
    F_YIELD,
    F_NEW,
    F_TS_CAST, /* <T>x: leaves nothing */
    F_MAX
} js_frame_kind;
enum { F_FIRST_OPERATOR = F_BIN };

typedef struct js_frame {
    uint8_t kind, prec, op, flags;
    uint32_t v, w;  /* values it waits with */
    uint32_t off;   /* where the construct starts */
    uint32_t items; /* its part of p->items starts here */
    uint32_t kw;    /* TW_ARG_SPREAD* of the item being read */
    uint32_t cover; /* defaults among its items: index + 1 in p->covers */
    uint32_t mark;  /* by kind; patterns: instructions that were there when it opened */
    uint32_t x, y;  /* by kind */
    uint32_t
        from; /* instructions that were there before: F_PARAMS the function, F_CLASS the member, blocks */
    uint32_t block; /* blocks.c: index + 1, 0 nothing is declared in it */
} js_frame;
enum { /* js_frame.flags */
       FF_COMMA = 1,
       FF_OPTIONAL = 2, /* ?.( and ?.[ */
       FF_NO_IN = 4,    /* p->no_in before this frame */
       FF_NEW = 8,      /* F_CALL: of new */
       FF_ASYNC = 16,   /* F_CALL: the callee is `async`, so it may be an arrow's parameters */
       FF_GENERATOR = 32,
       FF_STATIC = 64,
       FF_AWAIT = 128,
       FF_ACCESSOR = 128 /* F_PARAMS: of get and set */
};

enum js_prec { /* binding powers; structural frames have 0 */
               P_ASSIGN = 1,
               P_TERN,
               P_OR, /* and ?? */
               P_AND,
               P_BOR,
               P_XOR,
               P_BAND,
               P_EQ,
               P_REL,
               P_SHIFT,
               P_ADD,
               P_MUL,
               P_POW,
               P_UNARY,
               P_NEW
};

enum js_state {
    JS_STATEMENT,
    JS_OPERAND,
    JS_OPERATOR,
    JS_MEMBER,
    JS_KEY,
    JS_PARAM,
    JS_DECLARATOR,
    JS_STATES
};

/* Targets of an assignment in prefix order. */
typedef enum js_target_kind {
    TG_NAME,
    TG_MEMBER,
    TG_INDEX,
    TG_ARRAY,
    TG_OBJECT,
    TG_HOLE,
    TG_OTHER
} js_target_kind;
typedef struct js_target {
    uint8_t kind, rest;
    uint8_t keyed;      /* child of an object: `key` is a name (1) or a value (2) */
    uint32_t a, b;      /* name | base, name | base, key | number of children */
    uint32_t key, dflt; /* dflt: default value or 0 */
    uint32_t off, end;
    uint32_t cover; /* while it is waiting to be read: a is a value */
} js_target;

/* `target = default` read inside brackets, while it may still turn out to be part of a pattern. */
typedef struct js_cover {
    uint32_t next;              /* of the same bracket: index + 1 */
    uint32_t item;              /* which one, counted in args */
    uint32_t from, to;          /* the instructions that assigned; none: {a = 1} */
    uint32_t target, n_targets; /* in p->targets; none: a plain name, member or index */
    uint32_t names, n_names;    /* in p->names: what was noted as assigned */
    uint32_t dflt;
} js_cover;

typedef struct js_param {
    uint32_t name, dflt;        /* name 0: a pattern */
    uint32_t target, n_targets; /* in p->targets */
    uint32_t off, end;
    uint8_t rest, property; /* property: TypeScript's `private x` */
} js_param;

/* An open pattern whose elements are being bound. */
typedef struct js_walk {
    uint32_t source, next, left;
    uint8_t object;
} js_walk;

typedef struct js_spec { /* a name of an import or export list */
    uint32_t name, local, off, end;
    uint8_t type_only;
} js_spec;

/* The function being read. */
typedef struct js_fn {
    uint32_t scope, names; /* names: its part of p->names */
    uint8_t async, generator, arrow, strict;
} js_fn;

/* blocks.c */
typedef struct js_scoped { /* a block that declares names of its own: its instructions and its function */
    uint32_t from, to, scope;
    uint32_t names; /* where its part of p->names starts */
    uint32_t decls; /* index + 1 of the latest in p->decls */
} js_scoped;
typedef struct js_decl {
    uint32_t name, region; /* a block, else a scope */
    uint32_t next;         /* of the same block: index + 1 */
    uint8_t block,
        hoists; /* hoists: a function that is a variable of its function unless something is in the way */
} js_decl;

typedef struct js_cached {
    uint64_t head; /* the first eight bytes */
    uint32_t len, id;
} js_cached;
enum { JS_CACHE = 2048, JS_PAD = 64 };

typedef struct js_stray { /* stray.c: a call in what recovery skips */
    uint32_t names[8], ends[8], n, off;
    uint32_t callee, n_args;
    tw_arg args[8];
    bool dot, comma; /* behind a dot; before an argument */
} js_stray;

typedef struct js {
    tw_ir *ir;
    const uint8_t *s; /* a copy with JS_PAD zero bytes behind it */
    uint32_t n, pos;
    uint8_t state;
    bool err, done;
    bool ts, jsx;      /* TSX has both, JavaScript jsx, TypeScript ts */
    uint8_t ts_module; /* 1: no, 2: yes, 0: not known */
    bool module;       /* import or export was seen: no <!-- --> comments */
    bool no_in;        /* `in` ends the expression: the head of a for */
    uint8_t err_why;
    js_tok tok;
    uint32_t prev_end; /* end of the token before tok */
    uint64_t tokens_left;
    /* the operand at hand */
    uint32_t v, voff, vend;
    uint32_t depth;      /* open brackets and blocks */
    uint32_t namespaces; /* open ones */
    uint32_t scope;
    js_fn fn;
    tw_arena *tmp;
    const tw_limits *lim;
    TW_VEC(js_frame) frames;
    TW_VEC(tw_arg) items;
    TW_VEC(js_target) targets;
    TW_VEC(js_cover) covers;
    TW_VEC(uint32_t) covered; /* SEQs and MAPs whose field a holds covers for now */
    TW_VEC(js_param) params;
    TW_VEC(js_walk) walks;
    TW_VEC(js_target) work;
    TW_VEC(js_spec) specs;
    TW_VEC(uint32_t) decorators;
    uint8_t export_how; /* js_body_how of the class behind `export @d`, at that many frames; 0: none */
    uint32_t export_frames;
    uint32_t deco_base;       /* where the decorators start that wait for a class or member */
    TW_VEC(js_fn) fns;        /* around the one being read */
    TW_VEC(uint32_t) names;   /* scope.c: what the open scopes declare and assign */
    TW_VEC(uint32_t) stamps;  /* by name */
    TW_VEC(js_scoped) blocks; /* blocks.c */
    TW_VEC(js_decl) decls;
    tw_buf lit;                          /* constant text being put together */
    tw_buf insn_mem, arg_mem;            /* ir->insns and ir->args while they grow */
    uint32_t far_right;                  /* first code far to the right, UINT32_MAX none */
    uint64_t ahead_left;                 /* tokens that looks ahead may still take */
    uint32_t no_regex_from, no_regex_to; /* no regular expression begins at the first and ends on its line */
    uint32_t last_error;                 /* where the last error was: the next one is further on */
    bool no_template;                    /* no closing backtick ahead */
    bool no_comment_end;                 /* no closing star and slash ahead */
    TW_VEC(uint8_t) skips;               /* recover.c: open brackets of what is skipped */
    js_stray stray;
    uint64_t moved; /* instructions made again for patterns in patterns */
    uint32_t stamp;
    uint32_t op_ids[T_MAX];
    struct ts *types; /* ts.h; made when first needed */
    js_cached cache[JS_CACHE];
} js;

/* chars.c, names.c */
enum { /* js_class */
       C_NAME =
           1, /* may continue a name: letters, digits, $, _, bytes above 127 and the backslash are C_HIGH */
       C_DIGIT = 2,
       C_SPACE = 4,
       C_EOL = 8,
       C_HIGH = 16,
       C_HEX = 32,
       C_START = 64 /* may start a name */
};
extern const uint8_t js_class[256];
static inline uint32_t js_hex(uint8_t c) /* of a hex digit */
{
    return c <= '9' ? c - (uint32_t)'0' : (c | 0x20u) - 'a' + 10u;
}
extern const char *const js_token_text[T_MAX];
uint32_t js_intern(js *p, const uint8_t *s, uint32_t n);
uint32_t js_op_id(js *p, uint8_t t);
uint32_t js_odd_name(js *p, uint32_t start, uint32_t from, bool *ret_escaped, uint32_t *ret_end);
uint32_t js_odd_space(const js *p, uint32_t i, uint8_t *ret_nl); /* bytes of white space outside ASCII */

/* source.c: UTF-16 and the copy with room behind it. */
tw_str js_source(tw_arena *a, tw_str bytes);

/* lex.c */
typedef struct js_saved {
    js_tok tok;
    uint32_t pos, prev_end;
    uint64_t tokens_left;
} js_saved;
void js_lex_init(js *p);
void js_next(js *p);
js_tok js_peek(js *p);
js_saved js_save(const js *p);
void js_restore(js *p, const js_saved *s); /* what was read since is paid from ahead_left, once */
void js_split(js *p, uint32_t n);
bool js_regex(js *p, uint32_t *ret_id); /* p->tok is T_SLASH or T_SLASH_ASSIGN: rereads it; behind it */

/* strings.c */
uint32_t js_string_id(js *p, const js_tok *t); /* the decoded text of a T_STRING */
uint32_t js_text_id(js *p, uint32_t off, tw_str text);
void js_decode(js *p, uint32_t from, uint32_t to);
bool js_cooks(const js *p, uint32_t from, uint32_t to); /* appends to p->lit */

/* machine.c */
void js_run(js *p);
void js_fail(js *p, tw_gap_reason why);
void js_push(js *p, js_frame f);
js_frame *js_structural(js *p, uint8_t kind, uint32_t off); /* state becomes JS_OPERAND */
void js_arms(js *p, uint32_t at, uint32_t x, uint32_t y);   /* tw_arm of an instruction */
void js_pop(js *p);                                         /* the structural frame on top */
void js_have(js *p, uint32_t v, uint32_t off, uint32_t end);
void js_item(js *p, js_frame *f);          /* the operand at hand becomes an item of f */
void js_reduce(js *p, uint8_t prec);       /* applies waiting operators of at least that power */
void js_operator_end(js *p);               /* p->tok continues nothing: to js_end_of the frame on top */
void js_operand_none(js *p);               /* p->tok starts no operand: to js_empty_of the frame on top */
uint32_t js_take_args(js *p, js_frame *f); /* the items of f, off the stack */
extern void (*const js_end_of[F_MAX])(js *);
extern void (*const js_empty_of[F_MAX])(js *);
extern void (*const js_operand_of[T_MAX])(js *);
extern void (*const js_operator_of[T_MAX])(js *);
extern void (*const js_statement_of[T_MAX])(js *);
extern const bool js_bracket_kind[F_MAX]; /* counts as nesting */
static inline js_frame *js_top(js *p)
{
    return &p->frames.v[p->frames.n - 1];
}

/* operators.c */
void js_apply(js *p, const js_frame *f); /* an operator frame whose right side is p->v */
void js_await(js *p);
void js_assign_value(js *p, js_frame *f);

/* brackets.c, object.c, template.c: what opens in an expression, and its ends */
void js_operand_lpar(js *p);
void js_operand_lsqb(js *p);
void js_operand_lbrace(js *p);
void js_operand_template(js *p);
void js_operator_lpar(js *p);
void js_operator_lsqb(js *p);
void js_operator_template(js *p);
void js_call(js *p, uint16_t flags);  /* p->tok is `(` of a call */
void js_index(js *p, uint16_t flags); /* p->tok is `[` of an index */
void js_call_done(js *p, js_frame *f, uint32_t end);
void js_end_paren(js *p);
void js_end_array(js *p);
void js_end_call(js *p);
void js_end_index(js *p);
void js_end_object(js *p);
void js_end_computed(js *p);
void js_end_template(js *p);
void js_empty_paren(js *p);
void js_empty_array(js *p);
void js_empty_call(js *p);
void js_key(js *p);
void js_key_done(js *p, uint8_t flags, uint32_t key, uint32_t off); /* behind a property's key */

/* pattern.c */
uint32_t js_to_targets(js *p, uint32_t v, uint32_t cover); /* appends to p->targets; where they start */
void js_bind_targets(js *p, uint32_t from, uint32_t to, uint32_t source, uint8_t how, uint8_t notes);
enum { JS_DECLARES = 1, JS_EXPORTS = 2, JS_LEXICAL = 4 }; /* notes */
void js_bind(js *p, const js_target *t, uint32_t v, uint8_t how, uint16_t flags, uint8_t notes);
void js_cover_add(js *p, js_frame *f, js_cover c);
void js_forget(js *p, js_frame *block); /* covers and targets since the block's last statement */
void js_trim(js *p);                    /* drops trailing NOPs */
void js_rollback(js *p, uint32_t from); /* drops instructions from `from` on, and the scopes in them */

/* function.c */
enum js_how { HOW_DECL, HOW_EXPR, HOW_ARROW, HOW_METHOD, HOW_PROP, HOW_DEFAULT, HOW_EXPORT };
void js_function(js *p, uint32_t off, bool async, uint8_t how); /* p->tok is `function` */
void js_params(js *p, js_frame f); /* p->tok is `(`: f is an F_PARAMS with off, op, flags, v, w */
void js_params_left(js *p, const js_frame *f);
void js_param_step(js *p);
void js_param_rest(js *p); /* behind the name or pattern */
void js_end_param_default(js *p);
void js_arrow_name(js *p, const js_tok *name, uint32_t off, bool async); /* p->tok is `=>` */
void js_arrow_items(js *p, js_frame *f, bool async); /* the items of f are the parameters */
uint32_t js_func(js *p, uint8_t kind, uint32_t name, uint32_t off, uint32_t base, uint8_t flags);
uint32_t js_scope_open(js *p, uint8_t kind, uint32_t name, uint32_t off);
uint32_t js_scope_enter(js *p, uint32_t scope, uint32_t off);
void js_scope_leave(js *p, uint32_t enter, uint32_t back,
                    uint32_t end); /* SCOPEs, LEAVE; p->fn is the one around */
uint32_t js_leave(js *p, uint32_t enter, uint32_t end);
void js_body_done(js *p, const js_frame *f, uint32_t end);
uint32_t js_decorate(js *p, uint32_t v, uint32_t base, uint32_t off, uint32_t end);

/* class.c */
void js_class_start(js *p, uint32_t off, uint8_t how);
void js_end_extends(js *p);
void js_member(js *p);
void js_member_done(js *p);
void js_member_key(js *p, uint8_t flags, uint32_t name, uint32_t off, uint32_t noff, uint32_t nend);
void js_end_field(js *p);
void js_decorator(js *p);
void js_end_decorator(js *p);
void js_class_done(js *p, const js_frame *f, uint32_t end);

/* scope.c: which names a function declares and assigns */
void js_declare(js *p, uint32_t name);
void js_note_declared(js *p, uint32_t name); /* of a class: nothing sees it by its name alone */
uint32_t js_stamp(js *p);                    /* a fresh one; p->stamps has room for every name */
void js_assigned(js *p, uint32_t name);
void js_names_end(js *p, uint32_t end);

/* blocks.c: names that blocks declare */
void js_declare_lexical(js *p, uint32_t name);
void js_declare_own(js *p, uint32_t name);
void js_declare_function(js *p, uint32_t name);
void js_block_end(js *p, js_frame *f);
void js_blocks_forget(js *p, uint32_t from); /* the instructions from there on are gone */
void js_name_blocks(js *p);                  /* at the end: those that shadow get names of their own */

/* stmt.c, loops.c, declare.c, module.c */
void js_stmt_done(js *p); /* the statement is complete (its `;` is read): closes what waited for it */
void js_semicolon(js *p); /* reads `;` or infers it, or fails; then js_stmt_done */
js_frame *js_open(js *p, uint8_t kind, uint32_t enter,
                  uint32_t off);                    /* a frame that holds or waits for statements */
void js_block(js *p, uint8_t kind, uint32_t enter); /* p->tok is `{` */
void js_close_block(js *p);                         /* p->tok is `}` or the end */
void js_expression_statement(js *p);
void js_cond(js *p, uint8_t kind, uint32_t off); /* `(` and an expression */
void js_end_stmt(js *p);
void js_end_value(js *p);
void js_empty_value(js *p);
void js_end_if(js *p);
void js_end_with(js *p);
void js_end_switch(js *p);
void js_end_case(js *p);
void js_st_for(js *p);
void js_st_while(js *p);
void js_st_do(js *p);
void js_do_cond(js *p);
void js_end_while(js *p);
void js_end_do(js *p);
void js_end_for_init(js *p);
void js_end_for_of(js *p);
void js_end_for_test(js *p);
void js_end_for_update(js *p);
void js_empty_for(js *p);
void js_for_classic(js *p);
void js_for_of(js *p, uint32_t targets, uint8_t notes, uint8_t how); /* p->tok is `of` or `in` */
bool js_at_of(const js *p);
void js_declaration(js *p, uint32_t off, uint8_t flags); /* p->tok is var, let, const, using */
void js_declarator(js *p);
void js_binding(js *p);     /* p->tok is `[` or `{` of a pattern: pushes F_BINDING */
void js_end_binding(js *p); /* the pattern is at hand, for the frame below */
void js_end_decl_value(js *p);
void js_catch(js *p, uint32_t off);
void js_catch_pattern(js *p, uint32_t from, uint32_t off, uint32_t end);
void js_import(js *p, uint32_t off, bool exported);
void js_export(js *p);
void js_end_export(js *p);

uint32_t js_const(js *p, const js_tok *t); /* operands.c: a literal's CONST */

/* recover.c */
void js_recover(js *p);

/* stray.c */
void js_stray_start(js *p);
void js_stray_token(js *p); /* p->tok is skipped */
void js_stray_end(js *p);

/* javascript.c */
void js_grow_insns(js *p);
uint32_t js_args(js *p, const tw_arg *args, uint32_t n);

/* --- hooks: ts_*.c. Called only where p->ts. ---------------------------------------------------- */
/* A type; p->tok is its first token. `arrow`: a function's return type, where `a is B`, `asserts a` may stand. */
void js_ts_type(js *p, bool returns);
void js_ts_heritage(js *p);
/* p->tok is `<` behind the name of a function, class, method, or before the `(` of a signature. */
void js_ts_type_params(js *p);
/* p->tok is `<` (or `<<`) with an operand at hand. True: type arguments, consumed; `(`, a template or something that
 * starts no expression follows. False: nothing consumed, it is an operator. */
bool js_ts_type_args(js *p);
/* p->tok is `:` behind the `)` of what may be an arrow's parameters; open: their `(`, UINT32_MAX unknown. True: the
 * type is consumed and p->tok is `=>`. */
bool js_ts_arrow_type(js *p, uint32_t open);
/* p->tok is `<` in operand position (TypeScript without JSX): `<T>(x) => e` or `<T>x`. Consumes the type
 * part; state stays JS_OPERAND (push F_TS_CAST for a cast where needed: it leaves nothing). */
void js_ts_angle(js *p);
/* A statement starts with p->tok (T_NAME with a word of TypeScript, T_ENUM, or `const` before `enum`): interface,
 * type, enum, namespace, module, global, declare, abstract class. True: taken (on its way: frames pushed, state
 * set, or js_stmt_done called). `exported` is the offset of `export` or UINT32_MAX: then EXPORT is emitted too. */
bool js_ts_statement(js *p, uint32_t exported);
void js_ts_enum_end(js *p); /* js_end_of[F_TS_A]: value of an enum member */
/* `import type ...`: p->tok is behind `type`... see module.c; import x = require("m"), import x = N.b: p->tok is `=`. */
void js_ts_import_equals(js *p, const js_tok *name, uint32_t off, bool exported);
void js_ts_export_equals(js *p, uint32_t off); /* p->tok is `=` of export = e: pushes F_TS_B */
void js_ts_export_equals_end(js *p);           /* js_end_of[F_TS_B] */
/* Class members. p->tok is `[`: true: an index signature, consumed with its `;`. */
bool js_ts_index_signature(js *p);
void js_ts_implements(js *p); /* p->tok is `implements` */
void js_ts_namespace_end(js *p, const js_frame *f, uint32_t end);
/* Among ts_*.c and jsx*.c. */
void js_ts_resume(js *p, uint32_t off);       /* goes on with the token at or behind off */
uint32_t js_ts_close(js *p, uint32_t open);   /* ts_close */
uint32_t js_ts_tag_args(js *p, uint32_t off); /* `<` behind the name of a tag: where its `>` ends */
bool js_ts_tsx_arrow(js *p);                  /* p->tok is `<`: true where type parameters were consumed */
bool js_ts_is_module(js *p);                  /* import or export stand somewhere outside of brackets */
bool js_ts_arrow_ahead(js *p, uint32_t open); /* `=>` or a type stands behind the `)` of that `(` */
bool js_ts_is_index_signature(js *p);         /* p->tok is `[` */
tw_str js_jsx_string(js *p, uint32_t from, uint32_t to);          /* an attribute's, decoded */
bool js_jsx_text(js *p, uint32_t from, uint32_t to, tw_str *ret); /* of children; false: none */
/* --- hooks: jsx.c. ------------------------------------------------------------------------------ */
/* p->tok is `<` in operand position (JavaScript and TSX). Ends, here or from an end of its frames, with js_have(). */
void js_jsx_start(js *p);
void js_jsx_a(js *p); /* js_end_of[F_JSX_A..C]: `}` of {e}, {...e} in children and attributes */
void js_jsx_b(js *p);
void js_jsx_c(js *p);
void js_jsx_a_empty(js *p); /* js_empty_of: {} and {comment} */

static inline uint32_t js_emit(js *p, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b,
                               uint32_t c, uint32_t off, uint32_t end)
{
    tw_ir *ir = p->ir;
    if (ir->insns.n == ir->insns.cap) js_grow_insns(p);
    ir->insns.v[ir->insns.n++] = ((tw_insn){(uint8_t)op, kind, flags, a, b, c, off, end - off});
    return ir->insns.n - 1;
}
/* In a namespace `export` makes a member of it, nothing of the module's. */
static inline void js_exports(js *p, uint16_t flags, uint32_t name, uint32_t v, uint32_t module, uint32_t off,
                              uint32_t end)
{
    if (!p->namespaces) js_emit(p, TW_OP_EXPORT, 0, flags, name, v, module, off, end);
}
static inline bool js_is(const js *p, js_t t)
{
    return p->tok.t == t;
}
static inline bool js_accept(js *p, js_t t)
{
    if (p->tok.t != t) return false;
    js_next(p);
    return true;
}
static inline bool js_expect(js *p, js_t t)
{
    if (js_accept(p, t)) return true;
    js_fail(p, TW_GAP_SYNTAX);
    return false;
}
static inline bool js_keyword(const js_tok *t)
{
    return t->t >= JS_FIRST_KEYWORD;
}
static inline bool js_word(const js *p, uint32_t id) /* a contextual word, not written with escapes */
{
    return p->tok.t == T_NAME && p->tok.id == id && !p->tok.escaped;
}
/* `: T` in TypeScript; also `?: T` and `!: T` behind a binding's name. */
static inline void js_annotation(js *p)
{
    if (!p->ts) return;
    if (p->tok.t == T_QUESTION || (p->tok.t == T_BANG && !p->tok.nl)) js_next(p);
    if (p->tok.t == T_COLON) {
        js_next(p);
        js_ts_type(p, false);
    }
}
