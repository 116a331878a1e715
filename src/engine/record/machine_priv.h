/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The machine: a bounded interpreter of the IR for Python and JavaScript in which "unknown" is a value like
 * any other. Shared by machine*.c only. Values are those of the evaluator: constants, symbols, m->unknown, and EV_REF
 * for what has an identity (index in m->objs).
 *   machine_world.c  the world: the module body once, then each function with unknown arguments
 *   machine_run.c    blocks, regions, loops, try
 *   machine_step.c   one instruction
 *   machine_op.c     truth, operators
 *   machine_call.c   calls, classes
 *   machine_activate.c  parameters, activations
 *   machine_rows.c   tables of methods and functions; machine_{list,each,map,builtin,builtin_js}.c: they
 *   machine_heap.c   objects, variables, the log of changes
 *   machine_fork.c   what is run only perhaps: both ways, and what they agree on
 *   machine_value.c  constants <-> objects, numbers of JavaScript */
#include "engine/record/pure_priv.h"

enum { EV_REF = EV_ROPE + 1 };

typedef enum mc_kind {
    MC_LIST,     /* items; how: tw_seq, MC_BYTES, MC_OCTETS */
    MC_MAP,      /* props by key; also objects and Map */
    MC_SET,      /* items without doubles */
    MC_CLOSURE,  /* a: scope; env; items: name of a parameter, its default, ... */
    MC_CLASS,    /* a: scope; env: where its names live; items: bases */
    MC_INSTANCE, /* a: object of its class (or closure), TW_NONE none */
    MC_ITER,     /* items; a: next */
    MC_BOUND,    /* items: function, self, arguments in front */
    MC_GEN,      /* generator of Python: items: its closure, registers; a: where it goes on; env */
    MC_LAZY,     /* iterator: items; how: what it does */
} mc_kind;
enum { MC_BYTES = 16, MC_OCTETS = 17, MC_U8 }; /* mc_obj.how: bytearray, Buffer, Uint8Array */
/* mc_obj.how of MC_BOUND in JavaScript, and its items: getter, setter (a: hidden from loops); value, whether it is fixed (and
 * hidden); class, this; description; regular expression, lastIndex; target, handler */
enum {
    MC_ACCESSOR = 4,
    MC_HIDDEN,
    MC_SUPER,
    MC_SYMBOL,
    MC_REGEX,
    MC_PROXY,
    MC_CODE,
    MC_MADE
}; /* CODE: of Function(text); MADE: machine_made.c */

enum {
    MCO_LOST = 1,
    MCO_SPECULATED = 2,
    MCO_LAZY = 4,
    MCO_MAYBE = 8
}; /* MAYBE: some of its entries may not be there */
#define MC_VOLATILE UINT32_MAX
#define MC_RUNNING (UINT32_MAX - 2) /* generator */
#define MC_DEPTH 300
#define MC_SEEN_REF (UINT32_MAX - 1)

typedef struct mc_prop {
    uint32_t key, name, val; /* key: in m->keys; name: as a value */
    uint32_t maybe;          /* 1 there or not; 2 and a stranger may put it there at any time */
} mc_prop;
typedef struct mc_obj {
    uint8_t kind, flags;
    uint16_t how;
    uint32_t a, env;
    uint32_t self;   /* closure: the `this` around it, 0 none; else its prototype (machine_js_object.c) */
    uint32_t at;     /* class of JavaScript: where it was made */
    uint32_t shared; /* 0; else the storm it was handed out before + 1, or MC_VOLATILE */
    uint32_t stamp;
    uint32_t *index, mask; /* of props, once there are many */
    TW_VEC(uint32_t) items;
    TW_VEC(mc_prop) props;
} mc_obj;
typedef struct mc_cell {
    uint32_t val, shared, stamp, var;
    uint32_t fwd; /* of a round of a loop: the cell that is meant */
} mc_cell;
typedef struct mc_env {
    uint32_t scope, up, cells, cls; /* cls: object of the class whose body it is, + 1 */
} mc_env;
typedef struct mc_patched { /* what the file put into a prototype of the language */
    uint32_t kind, obj;
} mc_patched;
typedef struct mc_act {
    uint32_t scope, enter, end, regs, env, at; /* at: the CALL that made it, in the activation below */
    uint32_t closure, self, args;              /* args: what it was called with, as a value */
    const uint32_t *v, *names;                 /* the same */
    uint32_t n, pattern, forks;                /* pattern: what a parameter without a name is */
    bool loose;
    bool rounds;               /* it is in a round of a loop that has variables of its own */
    uint32_t in_class, target; /* body of a class: its object + 1; new.target */
    uint32_t ret;              /* 0 none yet */
    uint32_t yields;           /* generator: list object */
    uint32_t gen, rigid;       /* generator of Python: object + 1 */
} mc_act;

enum { MCL_CELL, MCL_ITEM, MCL_PUSH, MCL_ALL, MCL_PROP, MCL_ADD, MCL_FLAGS, MCL_POS };
typedef struct mc_log {
    uint32_t kind, at, i, old, maybe;
    struct mc_state *all;
} mc_log;
typedef struct mc_state { /* what a place holds */
    uint32_t at;
    bool cell;
    uint8_t flags;
    uint32_t val, a; /* cell: value */
    uint32_t *items, n;
    mc_prop *props;
    uint32_t n_props;
} mc_state;
typedef struct mc_changes {
    TW_VEC(mc_state) v;
} mc_changes;
typedef struct mc_fork {
    uint32_t log, objs, cells;
} mc_fork;
typedef struct mc_extra { /* a call that a function of this file makes with what it was given */
    uint32_t at, sym, args, n;
    bool bad, own; /* own: the call itself, as it was made once; behind its arguments stand their names */
} mc_extra;

/* How a run of instructions may end. */
enum { R_NORMAL = 1, R_BREAK = 2, R_CONTINUE = 4, R_RETURN = 8, R_THROW = 16, R_STOP = 32, R_SUSPEND = 64 };

struct mc_machine {
    uint64_t max_steps, budget, used, was_steps, was_max;
    uint32_t was_spent, was_at, was_scope, was_stack;
    uint32_t unknown, undefined, none, yes, no; /* values */
    uint32_t rebound; /* unknown: the item of `arguments` whose parameter was bound anew */
    uint32_t depth, forks, tries, storm, stamp, native;
    bool lost, may_throw, general, over;
    bool left;                    /* functions that were not run: the steps ran out */
    bool raised;                  /* an exception of which we are sure: thrown */
    uint32_t rigid;               /* parts under way in which no generator can stop */
    uint32_t handled;             /* what the catch around is for */
    uint32_t seek, sent, yielded; /* generator: where to go on, what it was sent, what it gives */
    uint8_t *once;                /* of each instruction: of the body of the file, in no loop */
    uint8_t *is_callee;           /* of each instruction */
    bool checking, assume, touched,
        maybes;              /* entries that may be there: is one asked for, and which way is it taken */
    uint32_t thrown, n_args; /* label: of the jump under way */
    uint32_t label;
    uint32_t obj_mark, cell_mark;
    uint32_t calling;   /* the CALL at hand, 0 none */
    uint32_t generator; /* inside of one: cells before this are older */
    bool impure;        /* it read what may change before it goes on */
    uint32_t module_env, log_floor;
    TW_VEC(mc_obj) objs;
    TW_VEC(mc_cell) cells;
    TW_VEC(mc_env) envs;
    TW_VEC(mc_act) acts;
    TW_VEC(uint32_t) regs;
    TW_VEC(mc_log) log;
    TW_VEC(uint32_t) escaped; /* closures that others may call from now on */
    TW_VEC(uint32_t) queue;   /* closures to be run with unknown arguments */
    TW_VEC(uint32_t) yields;
    TW_VEC(mc_extra) extras;
    tw_interner keys;
    uint32_t *slot_of, *n_slots;  /* of each variable, of each scope */
    uint32_t *seen;               /* of each instruction: its value, 0 never ran, TW_NONE several */
    uint32_t *one_of;             /* of several: a constant that is one of them, 0 */
    uint32_t *start;              /* of each instruction: where its expression starts */
    uint32_t *chain, *next;       /* CHOOSEs that begin to matter at an instruction, outermost first */
    uint32_t *arm_x, *arm_y;      /* of a CHOOSE: where its arms start; of a loop: its condition; or 0 */
    uint32_t *resolved;           /* of each READ and BIND: variable + 1, TW_NONE nobody's */
    uint32_t *closure_of;         /* of each scope: object + 1, TW_NONE several */
    uint8_t *scope_is;            /* MCS_* */
    uint32_t *writers, n_writers; /* variable, scope that changes it from outside; sorted */
    uint8_t *fails;               /* of each scope: runs that came to nothing */
    ev_machine *idle;
    uint64_t room;           /* of the arena: what it may come to */
    uint32_t *cut;           /* of each scope: activations open */
    uint32_t *hoist_first;   /* of each scope: in hoists, + 1 */
    TW_VEC(uint64_t) hoists; /* BIND, next + 1 */
    bool speculating, uses_arguments;
    uint32_t *blocks; /* of each loop of JavaScript: in block_names, + 2 */
    TW_VEC(uint32_t) block_names;
    uint32_t perhaps;                  /* open runs of what happens perhaps */
    uint32_t target, error, errors[8]; /* new.target of the next call; prototypes */
    TW_VEC(mc_patched) patched;
    uint32_t *ints, *letters; /* values that are made once */
    struct {
        uint32_t v, n;
        uint16_t *units;
    } texts[8]; /* looked at lately */
    uint32_t text_next;
    uint32_t speculated;
};
enum { MCS_GENERAL = 1, MCS_INLINE = 2, MCS_MADE = 4, MCS_LIVE = 8, MCS_RAN = 16 };

static inline const tw_insn *mc_insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}
static inline mc_obj *mc_obj_at(const ev *e, uint32_t o)
{
    return &e->mc->objs.v[o];
}
static inline mc_act *mc_top(const ev *e)
{
    return &e->mc->acts.v[e->mc->acts.n - 1];
}
static inline bool mc_is_ref(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == EV_REF;
}
/* The object behind a value, TW_NONE. */
static inline uint32_t mc_ref(const ev *e, uint32_t v)
{
    return mc_is_ref(e, v) ? ev_at(e, v)->a : TW_NONE;
}
static inline bool mc_is(const ev *e, uint32_t v, uint8_t kind)
{
    return mc_is_ref(e, v) && mc_obj_at(e, ev_at(e, v)->a)->kind == kind;
}
static inline bool mc_unknown(const ev *e, uint32_t v)
{
    return !mc_is_ref(e, v) && !ev_is_const(e, v);
}

/* machine_heap.c */
uint32_t mc_new(ev *e, uint8_t kind);                                 /* object */
uint32_t mc_ref_to(ev *e, uint32_t obj);                              /* its value */
uint32_t mc_list(ev *e, const uint32_t *v, uint32_t n, uint16_t how); /* value */
bool mc_known(const ev *e, uint32_t obj);                             /* its contents are what they seem */
void mc_lose(ev *e, uint32_t obj);
void mc_set_item(ev *e, uint32_t obj, uint32_t i, uint32_t v);
void mc_push(ev *e, uint32_t obj, uint32_t v);
void mc_set_items(ev *e, uint32_t obj, const uint32_t *v, uint32_t n);
void mc_set_next(ev *e, uint32_t obj, uint32_t next);
uint32_t mc_key(ev *e, uint32_t v); /* in m->keys; 0: no key that we know */
uint32_t mc_key_of(ev *e, tw_str name);
uint32_t mc_map_key(ev *e, uint32_t v);
uint32_t mc_get(ev *e, uint32_t obj, uint32_t key); /* 0: not there */
void mc_put(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t v);
void mc_put_maybe(ev *e, uint32_t obj, const mc_prop *p, uint32_t maybe);
void mc_put_named(ev *e, uint32_t obj, tw_str name, uint32_t v);
bool mc_delete(ev *e, uint32_t obj, uint32_t key);
uint32_t mc_env_new(ev *e, uint32_t scope, uint32_t up);
uint32_t mc_cell_of(ev *e, uint32_t var); /* from the environment at hand; TW_NONE */
uint32_t mc_cell_get(ev *e, uint32_t cell);
void mc_cell_set(ev *e, uint32_t cell, uint32_t v);
void mc_escape(ev *e, uint32_t v); /* strangers may change what it reaches */

/* machine_fork.c */
void mc_fork_open(ev *e, mc_fork *f);
void mc_fork_take(ev *e, mc_fork *f, mc_changes *ret); /* and back to where it was opened */
void mc_fork_drop(ev *e, mc_fork *f);
bool mc_join(ev *e, const mc_changes *a, const mc_changes *b); /* true: something is less known than before */
void mc_adopt(ev *e, const mc_changes *a);
void mc_volatile(ev *e, const mc_changes *a, bool forever);
uint32_t mc_join_val(ev *e, uint32_t a, uint32_t b);
uint32_t mc_maybe(ev *e, uint32_t from, uint32_t to); /* runs it, perhaps */
void mc_poison_log(ev *e);

/* machine_run.c */
uint32_t mc_run(ev *e, uint32_t from, uint32_t to);
uint32_t mc_reg(ev *e, uint32_t id);
void mc_set(ev *e, uint32_t id, uint32_t v);
void mc_note(ev *e, uint32_t id, uint32_t v);
bool mc_tick(ev *e, uint64_t n);
uint32_t mc_loop(ev *e, uint32_t at);
bool mc_iterate(ev *e, uint32_t v, uint32_t *ret_list); /* list object of what a loop over v goes over */

/* machine_step.c */
uint32_t mc_step(ev *e, uint32_t at); /* R_* */
uint32_t mc_raised(ev *e);            /* R_*: did a getter or an operator throw */
uint32_t mc_read(ev *e, uint32_t at);
void mc_bind(ev *e, uint32_t at, uint32_t v);
/* machine_member.c */
uint32_t mc_class_attr(ev *e, uint32_t obj, tw_str name, uint32_t id);
uint32_t mc_member(ev *e, uint32_t base, tw_str name, uint32_t id);
uint32_t mc_index(ev *e, uint32_t base, uint32_t key);
void mc_set_member(ev *e, uint32_t base, tw_str name, uint32_t v);
void mc_set_index(ev *e, uint32_t base, uint32_t key, uint32_t v);
int mc_truth(ev *e, uint32_t v);
bool mc_nested(ev *e, uint32_t v);
uint32_t mc_operate(ev *e, tw_str op, const uint32_t *v, uint32_t n);
uint32_t mc_in_place(ev *e, tw_str op, const uint32_t *v, uint32_t n); /* of Python's x += y; 0 not */
uint32_t mc_class(ev *e, uint32_t at);

/* machine_call.c */
typedef struct mc_args {
    const uint32_t *v, *names;
    uint32_t n;
    bool loose; /* a spread of something unknown */
} mc_args;
uint32_t mc_call(ev *e, uint32_t at); /* R_*; sets the value */
/* Calls any value; R_*, the result in *ret. */
uint32_t mc_apply(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret);
uint32_t mc_closure(ev *e, uint32_t scope, uint32_t env);
void mc_speculate(ev *e); /* what escaped closures may change is not known any more */
void mc_hoist(ev *e, uint32_t scope);
uint32_t mc_activate(ev *e, uint32_t closure, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret);
uint32_t mc_stranger(ev *e, uint32_t f, uint32_t self, const mc_args *a); /* a call of who knows what */

/* machine_list.c: 0 no method of that kind; else R_* */
uint32_t mc_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret);
uint32_t mc_builtin(ev *e, uint32_t sym, const mc_args *a, uint32_t *ret);

/* machine_text.c: 0 not known */
uint32_t mc_text_method(ev *e, uint32_t self, tw_str name, const mc_args *a);
uint32_t mc_text_at(ev *e, uint32_t self, tw_str name, const mc_args *a); /* charAt, charCodeAt */
uint32_t mc_text_length(ev *e, uint32_t v);
uint32_t mc_text_unit(ev *e, uint32_t v, int64_t i);

/* machine_js_object.c */
void mc_throw(ev *e, uint32_t v); /* the instruction at hand throws it */
bool mc_is_hidden(const ev *e, uint32_t v);
uint32_t mc_bound_of(ev *e, uint16_t how, uint32_t a, uint32_t b);
void mc_put_hidden(ev *e, uint32_t obj, tw_str name, uint32_t v);
void mc_put_accessor(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t f, bool setter, bool hidden);
uint32_t mc_patches(const ev *e, tw_str kind);
uint32_t mc_patches_of(ev *e, tw_str kind);
tw_str mc_kind_name(const ev *e, uint32_t v);
bool mc_of_language(tw_str kind, tw_str name);
uint32_t mc_proto(ev *e, uint32_t v);
uint32_t mc_prototype(ev *e, uint32_t f); /* F.prototype, 0 none */
uint32_t mc_find(ev *e, uint32_t base, uint32_t key, tw_str name, bool own);
uint32_t mc_resolve_slot(ev *e, uint32_t v, uint32_t base);
uint32_t mc_property(ev *e, uint32_t base, uint32_t key, uint32_t named,
                     tw_str name); /* 0: it surely is not there */
void mc_put_property(ev *e, uint32_t base, uint32_t key, uint32_t named, tw_str name, uint32_t v);
int mc_has(ev *e, uint32_t base, uint32_t named);
uint32_t mc_primitive(ev *e, uint32_t v, bool text);
bool mc_spread_into(ev *e, uint32_t to, uint32_t v); /* {...v}; false: not of this kind */
bool mc_plain(ev *e, uint32_t v);
int mc_instance_of(ev *e, uint32_t v, uint32_t proto);

bool mc_is_method(const ev *e, uint32_t f); /* a method of the language, by its name in a prototype */
uint32_t mc_js_invoke(ev *e, uint32_t self, tw_str name, const mc_args *a,
                      uint32_t *ret); /* 0 not known; R_* */
uint32_t mc_js_method_of(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t *ret);

/* machine_js_builtin.c */
uint32_t mc_js_object_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret);
uint32_t mc_js_tag(ev *e, uint32_t v); /* [object X] */

uint32_t mc_js_apply_bound(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t *ret);
bool mc_js_truthy(const ev *e, uint32_t v); /* a name that surely stands for something */

/* machine_js_member.c */
uint32_t mc_js_member(ev *e, uint32_t base, tw_str name);
uint32_t mc_js_of_constant(ev *e, uint32_t base, tw_str name);     /* 0: nothing of the file's */
uint32_t mc_js_language_member(ev *e, uint32_t base, tw_str name); /* of a constant */
uint32_t mc_js_index(ev *e, uint32_t base, uint32_t key);
void mc_js_set_member(ev *e, uint32_t base, tw_str name, uint32_t v);
void mc_js_set_index(ev *e, uint32_t base, uint32_t key, uint32_t v);
/* What the file has put into an object of the language (JSON.x = v), 0 nothing. */
uint32_t mc_js_patched_static(ev *e, tw_str object, tw_str name);
bool mc_js_set_elsewhere(ev *e, uint32_t base, tw_str name,
                         uint32_t v); /* into a prototype of the language */
uint32_t mc_list_key(ev *e, uint32_t key);

void mc_set_proto(ev *e, uint32_t o, uint32_t v);
uint32_t mc_octet(ev *e, uint32_t v);

/* machine_made.c: 0 no such */
uint32_t mc_made(ev *e, uint32_t sym, const mc_args *a);
uint32_t mc_made_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret); /* R_* */

/* machine_regex.c */
uint32_t mc_regex(ev *e, uint32_t symbol);
uint32_t mc_regex_member(ev *e, uint32_t o, tw_str name);
uint32_t mc_regex_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret);

/* machine_js_class.c */
uint32_t mc_error_proto(ev *e, tw_str s);
uint32_t mc_js_error(ev *e, tw_str kind, const mc_args *a);
void mc_raise_kind(ev *e, tw_str kind);
void mc_define(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t v, bool hidden);
uint32_t mc_js_class(ev *e, uint32_t at, uint32_t o);
uint32_t mc_js_class_body(ev *e, uint32_t at, uint32_t cls); /* R_* */
uint32_t mc_js_construct(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret);
uint32_t mc_js_new(ev *e, uint32_t f, const mc_args *a, uint32_t at, uint32_t *ret);
uint32_t mc_js_super(ev *e);
uint32_t mc_super_member(ev *e, uint32_t o, tw_str name);
uint32_t mc_js_super_call(ev *e, uint32_t f, const mc_args *a, uint32_t at, uint32_t *ret);
int mc_js_instanceof(ev *e, uint32_t v, uint32_t f);

uint32_t mc_js_keys_in(ev *e, uint32_t v);

uint32_t mc_b_js_set(ev *e, const mc_args *a, uint32_t *ret); /* new Set(v) */

/* machine_js_pattern.c */
uint32_t mc_rest_of(ev *e, uint32_t at, uint32_t v);
bool mc_rest_from(ev *e, uint32_t at, uint32_t *ret);
uint32_t mc_element(ev *e, uint32_t at);
bool mc_js_default(ev *e, uint32_t scope, uint32_t id);
uint32_t mc_js_anew(ev *e, uint32_t v);

/* machine_js_block.c */
void mc_round(ev *e, uint32_t at, bool fresh);
bool mc_is_labelled(ev *e, uint32_t at, uint32_t name);
uint32_t mc_label_end(ev *e, uint32_t at, uint32_t from, uint32_t to);

/* machine_js_number.c */
uint32_t mc_int(ev *e, int64_t n);
uint32_t mc_letter(ev *e, uint32_t unit); /* 0 no such */
uint32_t mc_js_fast(ev *e, tw_str op, const uint32_t *v, uint32_t n);

/* machine_prepare.c */
mc_machine *mc_prepare(ev *e); /* NULL: nothing to be run */

/* machine_value.c */
uint32_t mc_freeze(ev *e, uint32_t v);
uint32_t mc_thaw(ev *e, uint32_t v, bool mutable_bytes);
bool mc_double(ev *e, uint32_t v, double *ret);
uint32_t mc_number(ev *e, double d);
uint32_t mc_js_arith(ev *e, tw_str op, const uint32_t *v, uint32_t n);
bool mc_same(ev *e, uint32_t a, uint32_t b, bool *ret_same);   /* false: not known */
bool mc_same_items(ev *e, uint32_t a, uint32_t b, uint32_t n); /* in e->lists */
uint32_t mc_text(ev *e, uint32_t v);                           /* JavaScript: as a key or in a sum; 0 */
