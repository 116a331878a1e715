/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The intermediate representation: one flat, language-neutral instruction stream per source file,
 * the contract between front ends and everything after them. A value's id is the index of its
 * instruction (0 is a NOP: "no value"). Offsets are bytes of the source. No opinions, no roles, no
 * names of APIs. Structure is explicit: ENTER/LEAVE pairs nest regions and scopes.
 * Described in docs/internals/ir.md. Sources: ir.c, dump.c. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/intern.h"
#include "engine/coverage.h"
#include "engine/findings.h"

#define TW_OPS(X)                                                                                           \
    /* op, "name": fields used. v = value id, s = string id, n = number */                                  \
    X(NOP, "nop")                                                                                           \
    X(ENTER, "enter")   /* kind tw_region; a = condition v or 0; b = scope id or 0 (new scope) */           \
    X(LEAVE, "leave")   /* kind as its ENTER; a = index of its ENTER; of a comprehension: the value, an
                                 iterator of what it YIELDs */     \
    X(CONST, "const")   /* kind tw_const; a = s (text, decoded; ints: literal as written) */                \
    X(READ, "read")     /* a = s name */                                                                    \
    X(BIND, "bind")     /* kind tw_bind; a = s name; b = v; PARAM: b = default or 0, c = position */        \
    X(MEMBER, "member") /* a = v base; b = s name */                                                        \
    X(SETMEMBER, "setmember") /* a = v base; b = s name; c = v; kind TW_BIND_DEL: deleted */                \
    X(INDEX, "index")         /* a = v base; b = v key; slice: b = SEQ of start,end,step; flag SLICE */     \
    X(SETINDEX, "setindex")   /* a = v base; b = v key; c = v; kind TW_BIND_DEL: deleted */                 \
    X(CALL, "call")           /* a = v callee; c = args; flags tw_call_flag */                              \
    X(IMPORT, "import")       /* a = s module; b = s name or 0; kind = relative level (dots); a value:
                                 the module, or the named thing. BIND with how=IMPORT names it */      \
    X(EXPORT, "export")       /* a = s name; b = v; c = s module it is re-exported from or 0 */             \
    X(FUNC, "func")           /* a = scope id; c = args: defaults (name = s param) */                       \
    X(CLASS, "class")         /* a = scope id; c = args: bases, keywords */                                 \
    X(DECORATE, "decorate")   /* a = v decorator; b = v decorated; the decorated value after it */          \
    X(OP, "op")               /* a = s operator as written ("+", "not", "=="); c = args operands, folded
                                 from the left: a run of "+" is one OP of n operands */    \
    X(CONCAT, "concat")       /* c = args parts: f-string, template, adjacent literals, shell word */       \
    X(SEQ, "seq")             /* kind tw_seq; c = args items */                                             \
    X(MAP, "map")             /* c = args: key, value, key, value...; a spread is a pair too: (v, 0), both
                                 named TW_ARG_SPREAD_MAP */  \
    X(CHOOSE,                                                                                               \
      "choose") /* a = v condition or 0; b = v yes; c = v no; `a or b` is (a, a, b), `a and b` (a, b, a) */ \
    X(ITER, "iter")         /* a = v source: one element of it */                                           \
    X(RETURN, "return")     /* a = v or 0 */                                                                \
    X(YIELD, "yield")       /* a = v or 0; flag FROM */                                                     \
    X(THROW, "throw")       /* a = v or 0 */                                                                \
    X(AWAIT, "await")       /* a = v */                                                                     \
    X(SCOPE, "scope")       /* kind 0 global, 1 nonlocal; a = s name: declares where it lives */            \
    X(REDIRECT, "redirect") /* a = v command or 0; b = v path; kind '>' '+' '2'; '<': a value, the input */ \
    X(EMBED, "embed")       /* a = s language; b = v text: becomes a layer */                               \
    X(OPAQUE, "opaque")     /* kind tw_gap_reason: a span that was not lowered */                           \
    X(JUMP, "jump")         /* kind 0 break, 1 continue, 2 goto (shell, batch); a = s label or 0 */

typedef enum tw_op {
#define X(id, name) TW_OP_##id,
    TW_OPS(X)
#undef X
        TW_OP_MAX
} tw_op;

typedef enum tw_region {
    TW_REGION_MODULE,        /* the whole file; b = scope 0 */
    TW_REGION_FUNCTION,      /* body of a function; b = scope */
    TW_REGION_CLASS,         /* b = scope */
    TW_REGION_LAMBDA,        /* b = scope */
    TW_REGION_COMPREHENSION, /* b = scope */
    TW_REGION_THEN,
    TW_REGION_ELSE,
    TW_REGION_LOOP,
    TW_REGION_TRY,
    TW_REGION_CATCH,
    TW_REGION_FINALLY,
    TW_REGION_CASE,
    TW_REGION_WITH,
    TW_REGION_MAIN_GUARD,    /* if __name__ == "__main__", require.main === module */
    TW_REGION_TYPE_CHECKING, /* never runs: if TYPE_CHECKING */
    TW_REGION_MATCH,         /* a = the value matched; holds CASE regions (a = guard or 0) */
    TW_REGION_MAX
} tw_region;
typedef enum tw_const {
    TW_CONST_STR,
    TW_CONST_BYTES,
    TW_CONST_INT,
    TW_CONST_FLOAT,
    TW_CONST_TRUE,
    TW_CONST_FALSE,
    TW_CONST_NULL,
    TW_CONST_REGEX,
    TW_CONST_ELLIPSIS
} tw_const;
typedef enum tw_bind {
    TW_BIND_ASSIGN,
    TW_BIND_AUG,
    TW_BIND_PARAM,
    TW_BIND_FOR,
    TW_BIND_WITH,
    TW_BIND_CATCH,
    TW_BIND_IMPORT,
    TW_BIND_DEF,
    TW_BIND_DEL,
    TW_BIND_WALRUS
} tw_bind;
typedef enum tw_seq { TW_SEQ_LIST, TW_SEQ_TUPLE, TW_SEQ_SET, TW_SEQ_ARRAY, TW_SEQ_SLICE } tw_seq;

enum { /* tw_insn.flags */
       TW_IF_AWAIT = 1,
       TW_IF_NEW = 2,
       TW_IF_OPTIONAL = 4,
       TW_IF_TAGGED = 8,
       TW_IF_COMMAND = 16,
       TW_IF_SUPER = 32,
       TW_IF_LEXICAL = 32,  /* BIND: let, const, class of JavaScript: anew in each round; not in dumps */
       TW_IF_STATIC = 8,    /* BIND of a class's field; not in dumps */
       TW_IF_STAR = 64,     /* IMPORT: everything */
       TW_IF_DYNAMIC = 128, /* IMPORT: by call or expression */
       TW_IF_TYPE_ONLY = 256,
       TW_IF_FROM = 512, /* YIELD from; CALL of `print` statement or exec statement of Python 2: STATEMENT */
       TW_IF_STATEMENT = 1024,
       TW_IF_SLICE = 2048,
       TW_IF_UNPACK =
           4096, /* BIND: one of several targets of an unpacking; b is INDEX or ITER of the source */
       TW_IF_PARENT = 8192, /* IMPORT: `import a.b` loads a.b but names a: this is the implied import of a */
       TW_IF_HOISTED = 16384,  /* BIND: holds from the start of its scope (JavaScript functions) */
       TW_IF_EXPANDED = 32768, /* READ: the text is split and globbed (shell's unquoted $x) */
};

typedef struct tw_insn {
    uint8_t op, kind;
    uint16_t flags;
    uint32_t a, b, c;
    uint32_t off, len; /* source span */
} tw_insn;

#define TW_ARG_SPREAD 0xFFFFFFFFu     /* *args, ...rest */
#define TW_ARG_SPREAD_MAP 0xFFFFFFFEu /* **kwargs */
typedef struct tw_arg {
    uint32_t value; /* v */
    uint32_t name;  /* s keyword, 0 positional, or TW_ARG_SPREAD* */
} tw_arg;
/* insn.c of an op with args is an index in ir.args: args[c].value = count, args[c+1 ..] the items.
 * c == 0: none. */

typedef struct tw_scope {
    uint8_t kind;    /* tw_region: MODULE, FUNCTION, CLASS, LAMBDA, COMPREHENSION */
    uint8_t flags;   /* 1 async, 2 generator, 4 static, 8 getter or setter */
    uint32_t parent; /* scope id; scope 0 is the module */
    uint32_t name;   /* s, 0 anonymous */
    uint32_t params; /* index in ir.params */
    uint32_t n_params;
    uint32_t enter; /* index of its ENTER */
    uint32_t off, len;
} tw_scope;
typedef struct tw_param {
    uint32_t name; /* s */
    uint8_t kind;  /* 0 positional, 1 keyword-only, 2 *args, 3 **kwargs */
} tw_param;

typedef enum tw_lang {
    TW_LANG_NONE,
    TW_LANG_PYTHON,
    TW_LANG_JAVASCRIPT,
    TW_LANG_TYPESCRIPT,
    TW_LANG_SHELL,
    TW_LANG_BATCH,
    TW_LANG_POWERSHELL,
    TW_LANG_TSX,      /* TypeScript with JSX: `<T>x` is an element, not a cast */
    TW_LANG_BYTECODE, /* CPython's .pyc */
    TW_LANG_NOTEBOOK, /* .ipynb: cells are EMBEDs */
    TW_LANG_PTH,      /* lines that site.py runs */
    TW_LANG_MANIFEST, /* package.json, binding.gyp, setup.cfg, pyproject.toml: values that are code */
    TW_LANG_NATIVE,   /* ELF, PE, Mach-O, WebAssembly: what their tables say */
    TW_LANG_MAX
} tw_lang;
const char *tw_lang_name(tw_lang l); /* "python", ... */
/* Languages that share names and meaning: TypeScript is JavaScript's, bytecode is Python's, batch is shell's. */
tw_lang tw_lang_family(tw_lang l);

/* Where the parts of an instruction start that runs them only sometimes: of a CHOOSE its yes and no arm (y TW_NONE: of `??`),
 * of a loop's ENTER its condition, of the LEAVE of a do loop x = the condition's value. JavaScript's; Python's
 * expressions are contiguous. */
typedef struct tw_arm {
    uint32_t at, x, y;
} tw_arm;

/* `name: statement`: its instructions, from the first up to the end. JavaScript's. */
typedef struct tw_label {
    uint32_t name, from,
        end;      /* s, v, v; end 0: the statement is a loop or a switch, the first region from there */
    uint32_t off; /* of the statement */
} tw_label;

typedef struct tw_ir {
    tw_arena *arena;
    tw_lang lang;
    tw_str source;       /* as lowered (after decoding to UTF-8) */
    uint32_t flags;      /* tw_ir_flag */
    tw_interner strings; /* names and constant texts */
    TW_VEC(tw_insn) insns;
    TW_VEC(tw_arg) args;
    TW_VEC(tw_scope) scopes;
    TW_VEC(tw_param) params;
    TW_VEC(tw_arm) arms;
    TW_VEC(tw_label) labels;
    TW_VEC(tw_finding) findings; /* text facts; member = TW_NO_MEMBER */
    uint64_t tokens;             /* cost */
} tw_ir;
enum {
    TW_IRF_RECOVERED = 1,
    TW_IRF_TRUNCATED = 2,
    TW_IRF_GENERATED = 4,
    TW_IRF_MINIFIED = 8,
    TW_IRF_PROGRAM = 16 /* compiled, started by itself */
};

/* A front end: source bytes -> IR. Never fails: what it could not lower is an OPAQUE instruction. */
typedef struct tw_front_end {
    tw_lang lang;
    uint32_t version; /* part of every record key; raise it with every change of output */
    void (*lower)(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ret);
} tw_front_end;
extern const tw_front_end tw_front_python; /* engine/languages/python */
extern const tw_front_end tw_front_javascript, tw_front_typescript, tw_front_tsx; /* .../javascript */
/* Files that carry code in other languages: engine/languages/{notebook,pth,manifest} */
extern const tw_front_end tw_front_notebook, tw_front_pth, tw_front_manifest;
extern const tw_front_end tw_front_shell, tw_front_batch, tw_front_powershell;
extern const tw_front_end tw_front_bytecode; /* engine/languages/bytecode */
extern const tw_front_end tw_front_native;   /* engine/languages/native */

/* What the fields a, b and c of an op hold: for walks over the stream that need not know the ops. */
typedef enum tw_field {
    TW_FIELD_NONE,
    TW_FIELD_VALUE,
    TW_FIELD_STRING,
    TW_FIELD_ARGS,
    TW_FIELD_SCOPE,
    TW_FIELD_NUMBER
} tw_field;
const uint8_t *tw_op_fields(tw_op op); /* tw_field of a, b, c */
const char *tw_op_name(tw_op op);
const char *tw_region_name(tw_region r);

/* For front ends. Returns the value id. */
uint32_t tw_ir_emit(tw_ir *ir, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t off, uint32_t len);
uint32_t tw_ir_args(tw_ir *ir, const tw_arg *args, uint32_t n); /* value for insn.c */
void tw_ir_init(tw_ir *ir, tw_arena *a, tw_lang lang, tw_str source);
static inline tw_str tw_ir_text(const tw_ir *ir, uint32_t s)
{
    return tw_intern_str(&ir->strings, s);
}
/* A name as it is written: without the number of a block's own variable ("x~2", JavaScript). */
static inline tw_str tw_ir_plain(tw_str name)
{
    size_t at = tw_str_rchr(name, '~');
    return at == TW_NPOS ? name : tw_str_sub(name, 0, at);
}
/* One line per instruction, indented by region: `tidewaiter ir FILE`. */
void tw_ir_dump(const tw_ir *ir, tw_buf *out);
