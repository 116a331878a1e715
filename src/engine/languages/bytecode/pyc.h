/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the bytecode front end: a .pyc of CPython 3.6 to 3.14 becomes the IR that the Python front end
 * makes of the source. marshal.c reads the file into objects; code.c finds out what a code object says of
 * itself; lower.c walks code objects, one after the other, over a symbolic stack (stack.c); the op_*.c hold
 * one handler for each kind of instruction (opcodes.def). Control flow is not rebuilt: jumps become regions
 * (region.c) that say "only sometimes". Nothing recurses; all work is paid from one allowance. */
#include "base/cursor.h"
#include "engine/ir/ir.h"

/* ---- marshal.c ---- */

enum { PYC_EMITTED = 1, PYC_IS_NAME = 2, PYC_OPEN = 4, PYC_LOWERED = 8, PYC_SWEPT = 16 };
typedef struct pyc_obj {
    uint8_t type;      /* marshal's letter without the flag; 0: none */
    uint8_t flags;     /* PYC_* */
    uint32_t off, len; /* in the file */
    uint32_t a, n;     /* text: a = offset, n = bytes; list: a = index in kids; code: a = index in codes;
                         'i': a = the number */
    uint32_t text;     /* string id + 1 once interned */
} pyc_obj;

enum pyc_field { /* of a code object: numbers, then objects */
                 PYC_ARGS,
                 PYC_POSONLY,
                 PYC_KWONLY,
                 PYC_LOCALS,
                 PYC_STACK,
                 PYC_FLAGS,
                 PYC_LINE,
                 PYC_CODE,
                 PYC_CONSTS,
                 PYC_NAMES,
                 PYC_VARS, /* since 3.11 all of them: locals, cells, free variables */
                 PYC_FREE,
                 PYC_CELLS,
                 PYC_KINDS,
                 PYC_FILE,
                 PYC_NAME,
                 PYC_QUALNAME,
                 PYC_LINES,
                 PYC_HANDLERS,
                 PYC_FIELDS
};
typedef struct pyc_code {
    uint32_t f[PYC_FIELDS];
    uint32_t scope; /* once lowered */
    uint32_t left;  /* comprehension: its LEAVE */
} pyc_code;

typedef struct pyc_file {
    tw_arena *a;
    tw_str bytes;
    uint32_t version; /* 306 ... 314, 207; 0 unknown */
    uint32_t start;   /* of the marshalled object */
    uint32_t end;     /* what was read */
    uint32_t root;    /* object; 0 where the file is damaged */
    bool cut, limit;  /* damaged; deeper than allowed */
    TW_VEC(pyc_obj) objs;
    TW_VEC(uint32_t) kids;
    TW_VEC(pyc_code) codes;
} pyc_file;

void pyc_read(pyc_file *f, tw_arena *a, tw_str bytes, uint64_t depth);
static inline const pyc_obj *pyc_at(const pyc_file *f, uint32_t o)
{
    return &f->objs.v[o < f->objs.n ? o : 0];
}
bool pyc_is_list(const pyc_obj *o); /* tuple, list, set, frozenset, slice */
bool pyc_is_text(const pyc_obj *o); /* str, bytes */
bool pyc_is_bytes(const pyc_file *f, const pyc_obj *o);
static inline uint32_t pyc_kid(const pyc_file *f, uint32_t o, uint32_t i) /* 0 where there is none */
{
    const pyc_obj *x = pyc_at(f, o);
    return pyc_is_list(x) && i < x->n ? f->kids.v[x->a + i] : 0;
}
static inline tw_str pyc_text(const pyc_file *f, uint32_t o)
{
    const pyc_obj *x = pyc_at(f, o);
    return pyc_is_text(x) ? tw_str_sub(f->bytes, x->a, (size_t)x->a + x->n) : TW_S("");
}

/* ---- the symbolic stack: nodes that share their tails ---- */

typedef enum pyc_kind {
    K_VALUE,
    K_NULL,
    K_CONST,    /* x: object; a value once it is used */
    K_INT,      /* x: the number, likewise */
    K_ACC,      /* x: a sequence or mapping being built */
    K_ITER,     /* an iterator over value */
    K_ITEM,     /* an element of a loop */
    K_IMPORT,   /* x: module name; extra: its parts were walked */
    K_FROM,     /* x: module name; extra: level */
    K_IMPORTED, /* the named thing */
    K_CLASS_MAKER,
    K_FUNC,   /* x: code; extra: lambda or comprehension */
    K_AUG,    /* result of x += y */
    K_FORMAT, /* one part of an f-string */
    K_WITH,   /* what `with` binds */
    K_ENTER,  /* __enter__ of value */
    K_EXIT,   /* __exit__ of something: calling it is the end of `with` */
    K_DONE,   /* came of such a call */
    K_EXC,    /* an exception being handled */
} pyc_kind;
typedef struct pyc_node {
    uint32_t value, below, depth, x;
    uint8_t kind, extra, unpacked;
} pyc_node;

typedef struct pyc_item {
    uint32_t value, name, next;
} pyc_item;
typedef struct pyc_acc {
    uint8_t kind; /* tw_seq; PYC_MAP */
    uint32_t first, last, n, value;
    bool made; /* once already */
} pyc_acc;
enum { PYC_MAP = 100 };

/* ---- lowering ---- */

typedef struct pyc_region {
    uint32_t enter, end;
    uint32_t els;   /* end of the else that follows, 0 none */
    uint32_t spill; /* what may be jumped over goes on to here */
    uint32_t cond;
    uint32_t acc;   /* comprehension: the node that receives it */
    uint32_t scope; /* comprehension: of what is around */
    uint8_t kind;
} pyc_region;

typedef struct pyc_saved { /* the stack as a jump leaves it */
    uint32_t node, cond, jumps;
    bool when; /* the jump is taken when cond is ... */
    bool cond_known;
} pyc_saved;
typedef struct pyc_mark { /* one for each instruction */
    uint32_t saved;       /* index + 1 */
    uint32_t loop_end;    /* a loop starts here */
    bool handler;
} pyc_mark;
typedef struct pyc_handler {
    uint32_t from, to, target, depth;
    bool lasti;
} pyc_handler;

typedef struct pyc_row pyc_row;
typedef struct pyc_frame {
    uint32_t code, obj; /* index in codes; its object */
    tw_str bytes;
    uint32_t base, n; /* in the file; bytes */
    uint32_t ip, top;
    bool live;
    uint8_t kind;        /* tw_region */
    bool in_iter;        /* comprehension: its first loop was seen */
    bool stored;         /* the instruction before was a store */
    uint32_t iter_end;   /* of that loop */
    const pyc_row *prev; /* the instruction before */
    uint32_t outer, scope, enter;
    uint32_t regions; /* its part of L->regions starts here */
    uint32_t source;  /* comprehension: what it walks over */
    uint32_t kw_names;
    uint32_t swept; /* constants looked at */
    uint32_t next_handler;
    pyc_mark *marks;
    pyc_handler *handlers;
    uint32_t n_handlers;
} pyc_frame;

typedef struct pyc_fn { /* a function between MAKE_FUNCTION and its first use */
    uint32_t defaults, kw_defaults, code_obj;
    uint32_t node, args;
    bool emitted, body_done, is_class;
} pyc_fn;

typedef struct pyc {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_limits *lim;
    pyc_file f;
    uint64_t left; /* allowance */
    bool spent;
    const pyc_row *rows[256];
    pyc_frame *fr; /* the top of frames */
    const pyc_row *row;
    uint32_t arg, at, next, off, len; /* the instruction: offsets in its code; span in the file */
    pyc_fn fn;
    uint32_t unknown_op; /* opcodes that were not known */
    TW_VEC(pyc_frame) frames;
    TW_VEC(pyc_node) nodes;
    TW_VEC(pyc_saved) saved;
    TW_VEC(pyc_region) regions;
    TW_VEC(pyc_acc) accs;
    TW_VEC(pyc_item) items;
    TW_VEC(tw_arg) args;
    TW_VEC(uint32_t) taken;
    TW_VEC(uint32_t) walk;
    TW_VEC(tw_arg) vals;
    tw_buf lit;
} pyc;

enum pyc_jump { PYC_NO, PYC_REL, PYC_ABS, PYC_BACK, PYC_EXT };
struct pyc_row {
    const char *name;
    void (*run)(pyc *L, uint32_t arg);
    uint8_t x, pop, push, jump;
    uint16_t number[9]; /* opcode | 1 + caches << 8, from 3.6 on */
};

/* code.c */
bool pyc_spend(pyc *L, uint64_t n);
uint32_t pyc_string(pyc *L, uint32_t obj);            /* id of a text */
uint32_t pyc_name(pyc *L, uint32_t list, uint32_t i); /* id of the i-th of a field's names */
uint32_t pyc_var(pyc *L, uint32_t i);                 /* of locals, cells and free variables */
uint32_t pyc_cell(pyc *L, uint32_t i, bool *ret_free);
uint32_t pyc_const(pyc *L, uint32_t obj); /* value */
uint32_t pyc_none(pyc *L);
uint32_t pyc_int(pyc *L, uint32_t n);
uint32_t pyc_word(pyc *L, const char *s);
static inline pyc_code *pyc_code_of(pyc *L)
{
    return &L->f.codes.v[L->fr->code];
}
uint32_t pyc_emit(pyc *L, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b, uint32_t c);
uint32_t pyc_scope_of(pyc *L, uint32_t code, uint8_t kind, uint32_t parent);
void pyc_read_handlers(pyc *L, pyc_frame *fr);

/* stack.c */
uint32_t pyc_push_node(pyc *L, pyc_node n);
void pyc_push(pyc *L, uint32_t value);
void pyc_push_kind(pyc *L, pyc_kind kind, uint32_t value, uint32_t x, uint8_t extra);
uint32_t pyc_pop(pyc *L);              /* node */
uint32_t pyc_pop_value(pyc *L);        /* its value */
uint32_t pyc_peek(pyc *L, uint32_t i); /* node; 1 is the top */
uint32_t pyc_use(pyc *L, uint32_t node);
uint32_t pyc_take(pyc *L, uint32_t n); /* pops n nodes to L->taken, lowest first; how many there were */
void pyc_drop(pyc *L, uint32_t n);
void pyc_swap(pyc *L, uint32_t i);
void pyc_rotate(pyc *L, uint32_t n);
uint32_t pyc_acc_new(pyc *L, uint8_t kind);
void pyc_acc_add(pyc *L, uint32_t acc, uint32_t value, uint32_t name);
void pyc_acc_splice(pyc *L, uint32_t acc, uint32_t node); /* all that node holds */
void pyc_args_of(pyc *L, uint32_t node);                  /* appends to L->args: f(*node) */
void pyc_kwargs_of(pyc *L, uint32_t node);                /* f(**node) */
void pyc_save(pyc *L, uint32_t target, uint32_t node, uint32_t cond, bool when);
void pyc_meet(pyc *L, uint32_t at);
static inline pyc_node *pyc_node_at(pyc *L, uint32_t i)
{
    return &L->nodes.v[i];
}

/* region.c */
void pyc_open(pyc *L, uint8_t kind, uint32_t cond, uint32_t to);
void pyc_close_until(pyc *L, uint32_t at);
void pyc_close_all(pyc *L);
void pyc_skip(pyc *L, uint32_t to); /* an unconditional jump ahead */
void pyc_skip_if(pyc *L, uint32_t cond, bool when, uint32_t to);
uint32_t pyc_loop_end(const pyc *L);
uint32_t pyc_then_cond(const pyc *L); /* of the region that ends behind this instruction */

/* op_*.c: handlers */
uint32_t pyc_target(const pyc *L);
void pyc_bind(pyc *L, uint32_t name, uint32_t node);
void pyc_settle(pyc *L); /* the function at hand is complete: FUNC */
void pyc_enter_code(pyc *L, uint32_t obj, uint8_t kind, uint32_t scope, uint32_t source, uint32_t args);
const pyc_row *pyc_next_row(const pyc *L);
void pyc_give_comprehension(pyc *L, uint32_t code);
void pyc_call(pyc *L, uint32_t callee, uint32_t args); /* L->args from `args` on */
void pyc_op(pyc *L, const char *op, uint32_t n);       /* the n top values */
void pyc_unpack_item(pyc *L, uint32_t from, uint32_t i, bool star);
uint32_t pyc_version(const pyc *L);

#define OPCODE(name, handler, x, pop, push, jump, ...) void pyc_do_##handler(pyc *L, uint32_t arg);
#include "engine/languages/bytecode/opcodes.def"
#undef OPCODE
