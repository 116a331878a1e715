/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Shared by evaluate*.c and pure*.c only. Values of one file while it is evaluated: like tw_val, but
 * texts are slices, sums of strings stay ropes until somebody looks, and each value knows its name.
 * Operands are older than their value, always. evaluate_emit.c turns what is reachable into a record. */
#include "engine/record/record.h"

enum { EV_ROPE = TW_VAL_MAX }; /* a ++ b; list = bytes when CONST, n = leaves */

enum {                   /* ev_val.flags */
       EV_FOLDED = 1,    /* as TW_VF_FOLDED */
       EV_REFLECTED = 2, /* found through getattr, __import__ or the like */
       EV_CONST = 4,     /* known through and through */
       EV_LOOSE = 8,     /* SEQ, MAP: holds a spread, so positions are unknown */
       EV_ESCAPED = 16,  /* SEQ, MAP, MUT: others may change it, so its items are not constants any more */
       EV_BYTES = 32,    /* ROPE of bytes */
       EV_DYNAMIC = 64,  /* name made at run time, unknown */
       EV_OWNED = 128,   /* SEQ, MAP, MUT: a variable holds it */
};
typedef enum ev_mut { EV_MUT_OTHER, EV_MUT_APPEND, EV_MUT_EXTEND, EV_MUT_KEY } ev_mut;

typedef struct ev_val {
    uint8_t kind, flags;
    uint16_t how; /* MUT: ev_mut; SEQ: tw_seq */
    uint32_t a,
        b; /* as tw_val; STR and BYTES: a = index in texts, b = s of the IR where it is written there, else 0; SYMBOL: a = sym; MEMBER: b = sym; OP: b = sym */
    uint32_t list, n; /* lists; MUT by key: list = the key */
    uint32_t sym;     /* its name in syms, 0 none */
    uint32_t recipe;  /* how it was decoded, 0 not at all */
} ev_val;

typedef struct ev_call {
    uint32_t func, callee, sym, args, n_args, result;
    uint16_t flags;
    uint32_t off, len;
} ev_call;

typedef struct ev_var {         /* a name of a scope */
    uint32_t name, scope;       /* s of the IR */
    uint32_t first, n;          /* in places: where it is bound or changed, ascending */
    uint32_t cur, pos;          /* value now, 0 unbound, and since which instruction */
    uint32_t all;               /* every value so far, one PHI */
    uint32_t binds, seen;       /* binds there are, binds evaluated */
    uint32_t stamp, acc, n_acc; /* scratch of merges */
    uint8_t flags;
} ev_var;
enum {
    EVV_SHARED = 1, /* another function may bind or change it */
    EVV_LOOSE = 2,  /* changed at places not listed */
    EVV_ROW = 4,    /* a value refers to it as a variable: it needs its row in binds */
    EVV_PARAM = 8,
    EVV_BLUNT = 16, /* steps ran out: the order of its values is lost */
};

typedef struct ev_frame {           /* an open region */
    uint32_t enter, mark;           /* its ENTER; length of the log at entry */
    uint32_t scope;                 /* outside of it */
    uint8_t kind, dead;             /* dead: left by return or raise */
    uint16_t rc;                    /* TW_RC_* that hold inside */
    uint32_t changes;               /* where the pending alternatives below this region begin */
    uint32_t n_alts, n_dead, group; /* group: tw_region of the first of them */
    uint32_t yielded;               /* comprehension: what it yields */
} ev_frame;

typedef struct ev_undo {
    uint32_t var, cur, pos;
} ev_undo;
typedef struct ev_change {
    uint32_t var, val, alt;
} ev_change;
typedef struct ev_recipe {
    uint32_t before;
    const char *name;
} ev_recipe;
typedef struct ev_scope {
    uint32_t bases, n_bases; /* lists */
    TW_VEC(uint32_t) returns, decorators;
    uint32_t fails; /* machine: runs that came to nothing */
    uint32_t table; /* function of a bundle's module: the literal that holds it, 0 none */
} ev_scope;

typedef struct ev_memo { /* sym, and the IR name or suffix joined to it -> sym */
    uint64_t key;
    uint32_t sym;
} ev_memo;

typedef struct ev_machine ev_machine;
typedef struct ev_args ev_args;
typedef struct ev_pure_row ev_pure_row;
typedef struct ev {
    tw_arena *tmp;
    const tw_ir *ir;
    const tw_limits *lim;
    bool js; /* names and operators are JavaScript's */
    const ev_pure_row *pure;
    uint32_t n_pure;
    uint64_t steps, max_steps, bytes, max_bytes;
    ev_machine *m;     /* running, or NULL */
    ev_machine *world; /* what it left behind, or NULL */
    bool world_over;   /* it came to no end */
    uint32_t small_ints[257];
    uint32_t spent_at; /* offset where the steps ran out, TW_NONE */
    TW_VEC(ev_val) vals;
    TW_VEC(uint32_t) lists;
    TW_VEC(tw_str) texts;
    TW_VEC(ev_recipe) recipes;
    TW_VEC(tw_rec_arg) args; /* name = s of the IR */
    TW_VEC(ev_call) calls;
    TW_VEC(tw_rec_import) imports; /* module, name = sym; alias = s of the IR */
    TW_VEC(tw_rec_bind) defaults;  /* of parameters, and exports; func = scope, name = s of the IR */
    TW_VEC(tw_rec_store) stores;   /* name = s of the IR */
    TW_VEC(tw_rec_layer) layers;   /* recipe = index in recipes; bytes = text */
    TW_VEC(tw_rec_gap) gaps;
    TW_VEC(uint32_t) stars; /* syms of modules imported with a star */
    tw_interner syms;
    uint32_t *ir_sym; /* of each IR string: the sym of the same text, 0 not asked yet */
    ev_memo *memo;    /* joins made before; a later one may take the place of an earlier one */
    uint32_t memo_mask;
    tw_map layer_of;  /* content -> index in layers + 1 */
    tw_map bundle;    /* key of a bundled module -> scope of its function */
    uint16_t *run_of; /* of the first syms: row of evaluate_runs.c + 1 */
    uint32_t n_run_of;
    uint32_t *of;       /* value of each instruction */
    uint32_t *leave;    /* of each ENTER; its LEAVE */
    uint8_t *continues; /* of each ENTER: the next region beside it is its alternative */
    /* names */
    ev_scope *scopes;
    uint32_t *flow;    /* of each scope: the function or module whose definitions reach it */
    uint32_t *nesting; /* of each scope: how many are around it */
    uint32_t *runs_in; /* of each scope: itself, but of a comprehension what is around it */
    uint32_t *func_of, *scope_of, n_funcs; /* scope <-> row in funcs: parents first */
    uint32_t *vars_of;                     /* of each IR string: its first variable; n_strings + 1 entries */
    TW_VEC(ev_var) vars;                   /* by name, scope */
    TW_VEC(uint32_t) places;
    uint8_t *method; /* of each IR string: ev_method */
    /* where we are */
    uint32_t scope, at, stamp;
    TW_VEC(ev_frame) frames;
    TW_VEC(uint32_t) loops; /* ENTERs of open loops of this flow */
    TW_VEC(ev_undo) log;
    TW_VEC(ev_change) changes;
    TW_VEC(uint32_t) queue; /* ENTERs of functions to run later */
    TW_VEC(uint32_t) stack;
    tw_buf buf, out; /* scratch of names; of pure functions, bounded by value_bytes */
} ev;

static inline ev_val *ev_at(const ev *e, uint32_t v)
{
    return &e->vals.v[v];
}
static inline tw_str ev_sym(const ev *e, uint32_t sym)
{
    return tw_intern_str(&e->syms, sym);
}
static inline uint32_t ev_item(const ev *e, const ev_val *v, uint32_t i)
{
    return e->lists.v[v->list + i];
}
static inline bool ev_is_const(const ev *e, uint32_t v)
{
    return ev_at(e, v)->flags & EV_CONST;
}

/* Takes n steps; false when they ran out: fold nothing more, carry on with names and calls. */
bool ev_step(ev *e, uint64_t n);
/* Room for n bytes of folded text: steps for it and the limits. */
bool ev_room(ev *e, uint64_t n);

/* evaluate_value.c */
uint32_t ev_new(ev *e, uint8_t kind, uint32_t a, uint32_t b);
uint32_t ev_text_val(ev *e, uint8_t kind, tw_str text, uint8_t flags, uint32_t recipe);
uint32_t ev_folded(ev *e, uint8_t kind, tw_str text, uint32_t recipe); /* text lives in tmp */
uint32_t ev_int(ev *e, int64_t n);
uint32_t ev_bool(ev *e, bool b);
uint32_t ev_unknown(ev *e); /* OPAQUE */
uint32_t ev_symbol(ev *e, uint32_t sym);
uint32_t ev_list(ev *e, uint8_t kind, const uint32_t *items, uint32_t n);
uint32_t ev_phi(ev *e, const uint32_t *items, uint32_t n);
uint32_t ev_concat(ev *e, uint32_t l, uint32_t r);       /* 0 when neither side is text */
uint32_t ev_member(ev *e, uint32_t base, uint32_t name); /* name: s of the IR */
uint32_t ev_named_member(ev *e, uint32_t base, tw_str name);
uint32_t ev_index(ev *e, uint32_t base, uint32_t key);
uint32_t ev_iter(ev *e, uint32_t source);
uint32_t ev_base_sym(ev *e, uint32_t v);      /* what members of v are called by: "os", "str", "?" */
uint32_t ev_class_sym(ev *e, uint32_t scope); /* the first base of a class from outside this file, 0 none */
uint32_t ev_sym_join(ev *e, uint32_t sym, const char *sep, tw_str more);
uint32_t ev_sym_member(ev *e, uint32_t sym, uint32_t name,
                       tw_str text); /* sym.text; name: s of the IR or 0 */
uint32_t ev_ir_sym(ev *e, uint32_t s);
void ev_memo_init(ev *e);
uint32_t ev_recipe_add(ev *e, uint32_t before, const char *name);
/* The text of a constant STR or BYTES; ropes are made flat. */
bool ev_text(ev *e, uint32_t v, tw_str *ret);
bool ev_is_text(const ev *e, uint32_t v, uint8_t *ret_kind); /* constant or not */
bool ev_get_int(const ev *e, uint32_t v, int64_t *ret);
int ev_truth(ev *e, uint32_t v); /* 1, 0, -1 unknown */
/* Items of a constant list, tuple or chain of appends, in lists; false when not known for sure. */
bool ev_items(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n);
void ev_escape(ev *e, uint32_t v);

/* evaluate_scan.c: regions, scopes, variables. */
void ev_scan(ev *e);
uint32_t ev_find_var(const ev *e, uint32_t name, uint32_t scope); /* TW_NONE */
enum { EV_METHOD_NONE = 1, EV_METHOD_APPEND, EV_METHOD_EXTEND, EV_METHOD_OTHER };
uint8_t ev_method_of(ev *e, uint32_t name); /* does a method of that name change its object? */

/* evaluate_env.c: what a name means here. */
uint32_t ev_read(ev *e, uint32_t name);
uint32_t ev_resolve(ev *e, uint32_t name);   /* the variable that ev_read looks at, TW_NONE */
uint32_t ev_read_global(ev *e, tw_str name); /* globals()["name"] */
void ev_bind(ev *e, uint32_t name, uint32_t scope, uint32_t val);
void ev_set_var(ev *e, uint32_t var, uint32_t val);
void ev_enter(ev *e, uint32_t at);
void ev_leave(ev *e, uint32_t at);
/* Attribute of a class or instance of this file; 0 when not known. */
uint32_t ev_class_attr(ev *e, uint32_t scope, uint32_t name);
uint32_t ev_variable(ev *e, uint32_t var); /* MEMBER of FUNC: the variable itself */
bool ev_builtin(tw_str name);

/* evaluate.c: one instruction by its handler. */
uint32_t ev_one(ev *e, const tw_insn *in);
uint32_t ev_none(ev *e); /* None */

/* machine.c: the file is run as far as it is known. 0 where a value is not known for sure. */
void ev_world(ev *e);
uint32_t ev_world_value(ev *e, uint32_t at); /* of an instruction, in whatever round */
void ev_world_calls(ev *e, uint32_t at, uint16_t flags);
uint32_t ev_machine_call(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a);

/* evaluate_call.c */
uint32_t ev_call_insn(ev *e, uint32_t at);
uint32_t ev_decorate(ev *e, uint32_t at);
uint32_t ev_call_besides(ev *e, ev_call c); /* another call at the same place */
/* `name.append(val)`, name[key] = val: the variable behind instruction `at` holds the changed object. */
void ev_mutate(ev *e, uint32_t at, uint32_t old, uint32_t val, ev_mut how, uint32_t key);
void ev_gap(ev *e, tw_gap_reason why, uint32_t off, uint32_t len);

/* evaluate_reflect.c: getattr and its kin. 0: not one of them, or not known (then perhaps dynamic). */
uint32_t ev_reflect(ev *e, uint32_t call, bool *ret_dynamic);
uint32_t ev_reflect_index(ev *e, uint32_t base, uint32_t key); /* TW_NONE: by a name that is not known */

/* evaluate_runs.c: what a call hands to an interpreter becomes a layer. */
void ev_runs_init(ev *e);
void ev_runs(ev *e, uint32_t call);

/* evaluate_command.c: shell, batch, PowerShell. */
static inline bool ev_is_command_language(const ev *e)
{
    return e->ir->lang == TW_LANG_SHELL || e->ir->lang == TW_LANG_BATCH || e->ir->lang == TW_LANG_POWERSHELL;
}
static inline bool ev_is_command(const ev *e) /* the call at hand is a command */
{
    return e->ir->insns.v[e->at].op == TW_OP_CALL && e->ir->insns.v[e->at].flags & TW_IF_COMMAND;
}
void ev_command_callee(ev *e, ev_call *c);        /* its name as symbol, or a function of this file */
uint32_t ev_command_result(ev *e, uint32_t call); /* 0: an ordinary result */
uint32_t ev_environment(ev *e, tw_str name);      /* a variable that nothing here sets */
uint32_t ev_redirect(ev *e, const tw_insn *in);
/* The argument of that keyword, or the i-th operand; 0 none. */
uint32_t ev_call_arg(const ev *e, const ev_call *c, uint32_t i, const char *keyword);

/* pure_command.c */
uint32_t ev_command_op(ev *e, tw_str op, const uint32_t *items, uint32_t n); /* 0: does not fold */
uint32_t ev_pure_command(ev *e, const ev_call *c);
uint32_t ev_pure_dotnet(ev *e, uint32_t sym, const ev_args *a);
uint32_t ev_utf16(ev *e, uint32_t v); /* text of UTF-16LE bytes, 0 where it is none */

/* evaluate_layer.c; call: the one that runs it, TW_NONE */
void ev_layer_add(ev *e, uint32_t recipe, tw_str text, uint32_t call, tw_lang lang, uint32_t off,
                  uint32_t len);
void ev_layer_embedded(ev *e, tw_str lang, uint32_t v, uint32_t off, uint32_t len);
void ev_layer_seen(ev *e, uint32_t v); /* a decoded value: does it look like source? */

/* evaluate_op.c */
bool ev_parse_int(tw_str s, int base, int64_t *ret); /* base 0: as Python literals; underscores */
uint32_t ev_op(ev *e, tw_str op, const uint32_t *items, uint32_t n);

/* evaluate_js.c, evaluate_js_op.c: where JavaScript differs. 0: nothing special. */
uint32_t ev_js_module(ev *e, tw_str spec);
uint32_t ev_js_import(ev *e, tw_str spec, tw_str name);
void ev_js_note_import(ev *e, tw_str spec, uint32_t at_call, bool computed);
uint32_t ev_js_member(ev *e, uint32_t base, tw_str name);
uint32_t ev_js_index(ev *e, uint32_t base, uint32_t key);
void ev_js_store(ev *e, uint32_t base, tw_str name, uint32_t val, uint32_t off);
void ev_js_hoist(ev *e, uint32_t scope, uint32_t from, uint32_t to); /* instructions of its body */
uint32_t ev_js_interop(ev *e, const ev_call *c);
void ev_js_pipe(ev *e, uint32_t call);
bool ev_js_ascii(ev *e, tw_str s);
uint32_t ev_js_unit(ev *e, uint32_t base, int64_t i);
/* evaluate_js_call.c */
uint32_t ev_js_indirect(ev *e, uint32_t call);
uint32_t ev_js_returned(ev *e, const ev_call *c);
uint32_t ev_js_caught(ev *e);
void ev_js_bundles(ev *e);
uint32_t ev_js_bundled(ev *e, const ev_call *c);
void ev_js_module_store(ev *e, uint32_t base, tw_str name, uint32_t val, uint32_t off);
uint32_t ev_js_op(ev *e, tw_str op, const uint32_t *items, uint32_t n);
uint32_t ev_js_undefined(ev *e);
uint32_t ev_js_text(ev *e, uint32_t v); /* String(v), 0 unknown */
bool ev_js_number(ev *e, uint32_t v, int64_t *ret);
int ev_js_truth(ev *e, uint32_t v);

/* pure.c: functions that depend on their arguments alone. */
struct ev_args {
    uint32_t self; /* receiver of a method, 0 none */
    const uint32_t *v;
    const uint32_t *names; /* s of the IR, 0 positional */
    uint32_t n;
};
typedef uint32_t (*ev_pure_fn)(ev *e, const ev_args *a); /* 0: does not fold */
void ev_pure_init(ev *e);                                /* names become the first syms */
struct ev_pure_row {
    tw_str symbol;
    ev_pure_fn fn;
};
bool ev_is_pure(const ev *e, uint32_t sym);
uint32_t ev_pure(ev *e, uint32_t sym, const ev_args *a);
uint32_t ev_to_str(ev *e, uint32_t v); /* str(v), 0 unknown; pure_format.c */
uint32_t ev_percent(ev *e, uint32_t format, uint32_t args);
uint32_t ev_format_spec(ev *e, uint32_t v, uint32_t spec);
uint32_t ev_slice(ev *e, uint32_t text, uint32_t key); /* text[key], pure_list.c */

/* evaluate_emit.c */
void ev_emit(ev *e, tw_arena *a, tw_record *ret);
