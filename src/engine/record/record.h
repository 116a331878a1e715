/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The file record: what one source file says, symbolic and free of opinion. Made from the IR by
 * tw_evaluate, cached by content hash and front-end version, joined per package. It is a graph of
 * values with the calls, functions, imports and layers that hang on it; nothing in it knows what
 * `os.system` means. All ids are indices into the record's own tables; 0 is "none/unknown" for
 * strings and values, TW_NONE elsewhere. Sources: evaluate*.c, record.c, codec.c. */
#include "base/err.h"
#include "base/sha256.h"
#include "engine/ir/ir.h"

#define TW_NONE UINT32_MAX

#define TW_VALS(X)                                                                                       \
    X(UNKNOWN, "unknown")                                                                                \
    X(STR, "str")     /* a = s (decoded text) */                                                         \
    X(BYTES, "bytes") /* a = s (raw bytes) */                                                            \
    X(INT, "int")     /* a,b = low, high half of an int64 */                                             \
    X(FLOAT, "float") /* a = s as written */                                                             \
    X(BOOL, "bool")   /* a = 0/1 */                                                                      \
    X(NULL_, "null")                                                                                     \
    X(SYMBOL, "symbol")     /* a = s dotted name of something outside this file: "os.environ", "open" */ \
    X(FUNC, "func")         /* a = function (callable of this file: function, lambda, class) */          \
    X(PARAM, "param")       /* a = function, b = parameter number */                                     \
    X(CALL, "call")         /* a = call: its result */                                                   \
    X(MEMBER, "member")     /* a = v base, b = s name: residual attribute */                             \
    X(INDEX, "index")       /* a = v base, b = v key */                                                  \
    X(CONCAT, "concat")     /* list of parts, not all constant */                                        \
    X(SEQ, "seq")           /* list of items */                                                          \
    X(MAP, "map")           /* list: key, value, ... */                                                  \
    X(PHI, "phi")           /* list of alternatives: several definitions, ternary, and/or */             \
    X(OP, "op")             /* b = s operator, list of operands */                                       \
    X(ITER, "iter")         /* a = v: one element of it */                                               \
    X(MUT, "mut")           /* a = v object before, b = v what went into it (append, []=, write) */      \
    X(INSTANCE, "instance") /* a = function (class of this file), b = call that made it */               \
    X(OPAQUE, "opaque")     /* could not be represented: limit, recursion */

typedef enum tw_val_kind {
#define X(id, name) TW_VAL_##id,
    TW_VALS(X)
#undef X
        TW_VAL_MAX
} tw_val_kind;

typedef struct tw_val {
    uint8_t kind;   /* tw_val_kind */
    uint8_t flags;  /* TW_VF_* */
    uint16_t depth; /* longest chain of operands below, saturating: walkers need no visited set on trees */
    uint32_t a, b;
    uint32_t list, n; /* list kinds: lists[list .. list+n) are v */
} tw_val;
enum { TW_VF_FOLDED = 1 /* constant that evaluation computed, not written so */ };

typedef struct tw_rec_arg {
    uint32_t value; /* v */
    uint32_t name;  /* s keyword, 0 positional, TW_ARG_SPREAD, TW_ARG_SPREAD_MAP */
} tw_rec_arg;

typedef struct tw_rec_call {
    uint32_t func;         /* function whose body holds it; 0 = module body */
    uint32_t callee;       /* v */
    uint32_t symbol;       /* s: resolved name, see below; 0 unresolvable */
    uint32_t args, n_args; /* in record.args */
    uint32_t result;       /* v: CALL of this, or the constant it folds to */
    uint16_t flags;        /* TW_RC_* */
    uint16_t reserved;
    uint32_t off, len;
} tw_rec_call;
/* Resolved names: "os.system", "requests.get", "exec" (builtins bare), "socket.socket().connect" (a
 * member of a call's result), "os.environ[].x" (index), "?.connect" (receiver unknown),
 * "self.x" never: instances of classes of this file resolve to functions (callee FUNC) or "?.x".
 * Names through aliases, `from x import y as z`, getattr/__import__/importlib with constant
 * arguments resolve to the same name as the plain form. Relative imports: leading dots kept,
 * ".helper.run". */
enum {
    TW_RC_GUARDED = 1, /* inside a condition */
    TW_RC_LOOP = 2,
    TW_RC_TRY = 4,
    TW_RC_MAIN_GUARD = 8, /* under if __name__ == "__main__" */
    TW_RC_AWAIT = 16,
    TW_RC_DECORATOR = 32,
    TW_RC_REFLECTED = 64, /* name came through getattr, __import__, globals()[...] or the like */
    TW_RC_NEW = 128,
    TW_RC_NEVER = 256, /* under TYPE_CHECKING or constant false */
    TW_RC_METHOD_MUT = 512,
    TW_RC_ALL = 1024, /* above every flag */
};

enum { TW_RF_CUT = 128 }; /* tw_rec_func.flags: its summary is not all there is */
typedef struct tw_rec_func {
    uint32_t name;               /* s, 0 anonymous; function 0 is the module body */
    uint32_t qual;               /* s: "Class.method", "outer.inner" */
    uint32_t parent;             /* function, TW_NONE for 0 */
    uint8_t kind;                /* tw_region: MODULE FUNCTION CLASS LAMBDA COMPREHENSION */
    uint8_t flags;               /* tw_scope.flags, TW_RF_CUT */
    uint32_t params, n_params;   /* names: lists[params ..) are s */
    uint32_t returns, n_returns; /* lists of v: returned and yielded values */
    uint32_t bases, n_bases;     /* class: lists of v; function: its decorators */
    uint32_t off, len;
} tw_rec_func;

enum { TW_RI_STAR = 1, TW_RI_DYNAMIC = 2, TW_RI_TYPE_ONLY = 4, TW_RI_GUARDED = 8, TW_RI_ALL = 16 };
typedef struct tw_rec_import {
    uint32_t module; /* s without the dots */
    uint32_t name;   /* s, 0 = whole module */
    uint32_t alias;  /* s local name, 0 none */
    uint32_t func;   /* function holding it */
    uint8_t level;   /* leading dots */
    uint8_t flags;   /* 1 star, 2 dynamic, 4 type only, 8 guarded by try/condition */
    uint32_t off, len;
} tw_rec_import;

typedef struct tw_rec_bind { /* final value of a name in module or class scope (cross-file, methods) */
    uint32_t func;           /* scope */
    uint32_t name;           /* s */
    uint32_t value;          /* v */
    uint32_t off;
} tw_rec_bind;

typedef struct tw_rec_store { /* base.name = value and base[key] = value */
    uint32_t func;
    uint32_t base;  /* v */
    uint32_t name;  /* s, 0 when by key */
    uint32_t key;   /* v, 0 when by name */
    uint32_t value; /* v */
    uint32_t off, len;
} tw_rec_store;

typedef struct tw_rec_layer { /* code hidden in a constant, decoded */
    uint32_t call;            /* the call it reaches (exec, eval, subprocess...), TW_NONE */
    uint32_t recipe;          /* s: "base64 > zlib" */
    uint8_t lang;             /* tw_lang */
    uint8_t executed;         /* 1: reaches a call as code */
    uint32_t func;            /* function whose body holds it; 0 = module body */
    uint32_t bytes;           /* s: the content */
    uint32_t off, len;        /* where in this file */
} tw_rec_layer;

/* Summaries: where what a function is handed, and what its calls give, goes on to. */
enum { TW_PATH_MAX = 3, TW_EDGES_MAX = 64, TW_SUMMARY_ROUNDS = 8 };
typedef struct tw_rec_path { /* .x.y[]: row 0 is the thing itself, ups stand before what hangs on them */
    uint32_t up;             /* path, below this one */
    uint32_t step;           /* s of an attribute or constant key, 0 some element */
} tw_rec_path;
typedef enum tw_edge_from {
    TW_FROM_PARAM, /* from = its number in func */
    TW_FROM_CALL,  /* from = a call in func: its result */
    TW_FROM_VAR, /* from = function whose variable (or class whose attribute) is read; the first step names it */
    TW_FROM_MAX
} tw_edge_from;
typedef enum tw_edge_to {
    TW_TO_RETURN, /* to = function, func itself or one inside it: what it returns or yields */
    TW_TO_ARG,    /* to = call, pos = argument */
    TW_TO_SELF,   /* to = call: its receiver */
    TW_TO_CALLEE, /* to = call: the value that is called */
    TW_TO_PARAM,  /* to = function, pos = its parameter: what is stored in that object */
    TW_TO_VAR,    /* to = function whose variable it becomes; the first step names it */
    TW_TO_MAX
} tw_edge_to;
typedef struct tw_rec_edge { /* sorted by func; at most TW_EDGES_MAX of each */
    uint32_t func;           /* whose summary */
    uint8_t kind;            /* tw_edge_from * TW_TO_MAX + tw_edge_to */
    uint32_t from, from_path;
    uint32_t to, pos, to_path;
} tw_rec_edge;
static inline tw_edge_from tw_edge_from_of(const tw_rec_edge *e)
{
    return (tw_edge_from)(e->kind / TW_TO_MAX);
}
static inline tw_edge_to tw_edge_to_of(const tw_rec_edge *e)
{
    return (tw_edge_to)(e->kind % TW_TO_MAX);
}

typedef struct tw_rec_gap {
    uint8_t reason; /* tw_gap_reason */
    uint32_t off, len;
} tw_rec_gap;
typedef struct tw_rec_finding {
    uint16_t id; /* tw_finding_id */
    uint32_t off;
    uint32_t detail; /* s */
} tw_rec_finding;

typedef struct tw_record {
    uint8_t lang;                  /* tw_lang */
    uint32_t flags;                /* TW_IRF_* */
    uint32_t n_bytes;              /* of the source */
    uint64_t tokens, insns, steps; /* what it cost, for the artifact's limits */
    uint32_t n_strings, n_vals, n_lists, n_args, n_calls, n_funcs, n_imports, n_binds, n_stores, n_layers,
        n_gaps, n_findings, n_paths, n_edges;
    tw_str *strings; /* [0] empty */
    tw_val *vals;    /* [0] UNKNOWN */
    uint32_t *lists;
    tw_rec_arg *args;
    tw_rec_call *calls;
    tw_rec_func *funcs; /* [0] the module */
    tw_rec_import *imports;
    tw_rec_bind *binds;
    tw_rec_store *stores;
    tw_rec_layer *layers;
    tw_rec_gap *gaps;
    tw_rec_finding *findings;
    tw_rec_path *paths; /* [0] empty */
    tw_rec_edge *edges;
} tw_record;

/* IR -> record. Bounded by limits (steps, value_bytes); what is cut is a gap. The record lives in
 * `a` and does not refer to `ir` or the source afterwards. Works in the arena of `ir`, and gives that memory back where
 * `a` is another. */
void tw_evaluate(tw_arena *a, const tw_ir *ir, const tw_limits *lim, tw_record *ret);
bool tw_rec_op_carries(tw_str op); /* is data of the operands in the result? */
/* The summaries of a finished record, from its values alone: the last step of tw_evaluate. tmp: scratch, another one. */
void tw_summarise(tw_arena *a, tw_arena *tmp, tw_record *r);
/* Version of tw_evaluate's output; part of every record key. */
extern const uint32_t tw_evaluate_version;

enum { TW_BUNDLE_VERSION = 3 }; /* of the layout; raise it with every change of a table */
/* The facts bundle: versioned, little-endian, length-checked. Equal records give equal bytes. */
void tw_record_encode(const tw_record *r, tw_buf *out);
/* Decodes hostile bytes: every index is checked. The record's strings point into `bytes`.
 * Errors: MALFORMED, UNSUPPORTED (version). */
tw_err tw_record_decode(tw_arena *a, tw_str bytes, tw_record *ret, tw_diag *d);
const char *tw_val_name(uint8_t kind); /* "str", ... */
/* Readable text of a record, for tests and `tidewaiter facts`. */
void tw_record_dump(const tw_record *r, tw_buf *out);

static inline tw_str tw_rec_str(const tw_record *r, uint32_t s)
{
    return s < r->n_strings ? r->strings[s] : (tw_str){NULL, 0};
}
