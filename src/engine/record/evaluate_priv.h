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
/* SEQ.how: of a dict; what can be gone over once, and has no index */
enum { EV_SEQ_VIEW = 16, EV_SEQ_ITER };
enum { EV_PHI_EACH = 1 }; /* PHI.how: every alternative comes to pass, as of a loop's variable */
enum { EV_GOES_ON = 1, EV_JUMPED = 2 }; /* JUMPED: there is a break or continue in it */
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

/* What a run of the file may tell. */
typedef enum ev_want { EV_WANT_NOTHING, EV_WANT_DATA, EV_WANT_CODE } ev_want;

typedef struct ev_call {
    uint32_t func, callee, sym, args, n_args, result;
    uint16_t flags;
    uint32_t off, len;
    uint32_t at;   /* its instruction */
    const void *m; /* the machine that made it, NULL none */
    ev_want asks;  /* what it calls (DATA) or runs (CODE) is not known: a gap */
} ev_call;

typedef struct ev_site { /* a call that a run of the file is wanted for */
    uint32_t at, func;
} ev_site;

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
    EVV_BLUNT = 16,    /* steps ran out: the order of its values is lost */
    EVV_BORROWED = 32, /* machine: an argument, whose object is the caller's */
    EVV_MODULE = 64,   /* Python: bound by imports of modules alone */
    EVV_SELF = 128     /* an attribute that a method sets */
};

typedef struct ev_frame {           /* an open region */
    uint32_t enter, mark;           /* its ENTER; length of the log at entry */
    uint32_t scope;                 /* outside of it */
    uint8_t kind, dead;             /* dead: left by return or raise */
    uint16_t rc;                    /* TW_RC_* that hold inside */
    uint32_t changes;               /* where the pending alternatives below this region begin */
    uint32_t n_alts, n_dead, group; /* group: tw_region of the first of them */
    uint32_t yielded;               /* comprehension: what it yields */
    uint32_t passed, kept;          /* where what it keeps begins in e->passed, e->kept */
    uint32_t tried, tried_to;       /* in e->passed: what the latest try below this region set */
    uint32_t alt_enter;             /* the latest alternative */
    uint8_t watched;                /* it may be left anywhere: EV_LEFT_* */
} ev_frame;

typedef struct ev_undo {
    uint32_t var, cur, pos;
    uint32_t at; /* what set it */
} ev_undo;
typedef struct ev_change {
    uint32_t var, val, alt;
} ev_change;
typedef struct ev_passed {  /* a value that a variable had in an open region that may be left anywhere */
    uint32_t var, val, was; /* was: of a finally, the value where nothing was raised */
} ev_passed;
typedef struct ev_recipe {
    uint32_t before;
    const char *name;
} ev_recipe;
typedef struct ev_scope {
    uint32_t bases, n_bases; /* lists */
    TW_VEC(uint32_t) returns, decorators;
    uint32_t fails;            /* machine: runs that came to nothing */
    uint32_t given, n_given;   /* function called where it stands: its arguments, in lists */
    uint32_t table;            /* function of a bundle's module: the literal that holds it, 0 none */
    uint32_t gives;            /* its only RETURN << 1 | sure, TW_NONE none, 0 not looked for */
    uint32_t inlined;          /* JavaScript: its calls were looked at that often; TW_NONE: it has none */
    uint32_t handed, n_handed; /* calls of what it is handed, in lists; n_handed TW_NONE: not looked for */
    bool ends_in_finally;      /* it holds a finally: a return in its try may not be the last word */
    bool sets_arguments;       /* JavaScript: its parameters may change by way of `arguments` */
} ev_scope;

typedef struct ev_js_patch_row { /* a member of something from outside that the file sets */
    uint32_t sym, val, flow;
    bool sure;
} ev_js_patch_row;

typedef struct ev_memo { /* sym, and the IR name or suffix joined to it -> sym */
    uint64_t key;
    uint32_t sym;
} ev_memo;

typedef struct ev_given { /* what calls hand to a parameter, where it is a name */
    uint32_t scope, param, val;
} ev_given;
typedef struct ev_uses { /* of a name, in the whole file */
    uint32_t sets, reads, read_at;
} ev_uses;
typedef struct ev_patch { /* name = value from outside: module.name, globals()["name"] */
    uint32_t val, sure;
} ev_patch;

typedef struct ev_key { /* no: of its entry, from 1 on; 0 free */
    uint32_t v, no;
} ev_key;

typedef struct ev_machine ev_machine;
typedef struct mc_machine mc_machine;
typedef struct ev_package ev_package;
typedef struct ev_args ev_args;
typedef struct ev_pure_row ev_pure_row;
typedef struct ev {
    tw_arena *tmp;
    tw_mark mark; /* of tmp, where it is the arena of the IR */
    const tw_ir *ir;
    const tw_limits *lim;
    bool js; /* names and operators are JavaScript's */
    bool py; /* Python's */
    uint64_t steps, max_steps, bytes, max_bytes;
    uint64_t machine_max;
    ev_machine *m;     /* running, or NULL */
    ev_machine *spare; /* one that is done: its lists are used again */
    uint32_t nested;   /* machines that wait for it */
    mc_machine *world; /* second pass: what running the module left behind, or NULL */
    mc_machine *mc;    /* the same, while it runs */
    ev_want want;
    TW_VEC(ev_site) sites;
    struct ev *first; /* second pass: the first one, or NULL */
    bool world_over;  /* it came to no end */
    bool world_idle;  /* it told nothing new: the file was not walked again */
    uint32_t small_ints[257];
    ev_package *package; /* the package around the file; NULL: the file by itself */
    uint32_t spent_at;   /* offset where the steps ran out, TW_NONE */
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
    ev_uses *uses;          /* of each IR string, once somebody asks */
    TW_VEC(ev_given) given;
    TW_VEC(ev_patch) patches;
    tw_map patch_of;   /* name -> index in patches + 1 */
    uint32_t py_depth; /* calls besides calls */
    uint32_t py_inlined;
    uint32_t peeks;    /* functions looked into for what others give, one within the other */
    tw_interner syms;  /* begins with the strings of the IR: s is the sym of the same text */
    uint32_t question; /* the sym "?", 0 not asked for yet */
    ev_memo *memo;     /* joins made before; a later one may take the place of an earlier one */
    uint32_t memo_mask;
    tw_map layer_of;        /* content -> index in layers + 1 */
    tw_map bundle;          /* key of a bundled module -> scope of its function */
    TW_VEC(uint8_t) traits; /* of each sym: EV_TRAIT_*, 0 not asked yet */
    TW_VEC(uint16_t)
    known;           /* of each sym: its place in the tables of evaluate_known.c + 1, 0 not asked yet */
    uint32_t *of;    /* value of each instruction */
    uint32_t *leave; /* of each ENTER; its LEAVE */
    uint8_t
        *continues; /* of each ENTER: EV_GOES_ON the next region beside it is its alternative, EV_JUMPED */
    /* names */
    ev_scope *scopes;
    uint32_t *flow;    /* of each scope: the function or module whose definitions reach it */
    uint32_t *nesting; /* of each scope: how many are around it */
    uint32_t *runs_in; /* of each scope: itself, but of a comprehension what is around it */
    uint32_t *func_of, *scope_of, n_funcs; /* scope <-> row in funcs: parents first */
    uint32_t *vars_of;                     /* of each IR string: its first variable; n_strings + 1 entries */
    TW_VEC(ev_var) vars;                   /* by name, scope */
    uint32_t *var_hint;                    /* of each IR string: its variable that was found last */
    uint32_t *var_scope;                   /* of each variable, close together */
    TW_VEC(uint32_t) places;
    uint8_t *method; /* of each IR string: ev_method */
    uint32_t
        *leaks; /* of each IR string: the function that hands on what an outer variable of that name holds */
    bool changes_any;       /* something changes a list or an object (of JavaScript js_changes) */
    uint8_t *stored;        /* of each IR string: a member of that name is set, EV_STORED_* */
    uint8_t stored_any;     /* the same of members whose name is computed */
    uint32_t *literals;     /* of each IR string: its number, 0 not read yet */
    bool js_with;           /* there is a with (object) */
    uint64_t js_patched[8]; /* which syms (by their low bits) js_patches may hold */
    bool js_prototypes;     /* something puts members into a prototype */
    bool js_texts;          /* it takes the place of what makes lists and objects text */
    bool js_changes;        /* something changes a list or an object */
    tw_str js_wide;         /* the last text that was turned into UTF-16 */
    uint16_t *js_units;
    size_t js_n_units;
    const char *js_ascii_of; /* the last text that was found to be ASCII */
    size_t js_ascii_n;
    struct ev_regexes *regexes; /* pure_regex.c */
    TW_VEC(ev_js_patch_row) js_patches;
    /* where we are */
    uint32_t scope, at, stamp;
    uint32_t mutated_at; /* where a name's object was changed last */
    TW_VEC(ev_frame) frames;
    TW_VEC(uint32_t) loops; /* ENTERs of open loops of this flow */
    TW_VEC(ev_undo) log;
    TW_VEC(ev_change) changes;
    TW_VEC(ev_passed) passed, kept;
    uint32_t watched;       /* open regions that may be left anywhere */
    TW_VEC(uint32_t) queue; /* ENTERs of functions to run later */
    TW_VEC(uint32_t) stack;
    TW_VEC(ev_key) keys; /* pure_keys.c */
    int64_t range_of[3]; /* the last range that was written out, and its items */
    uint32_t range;
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
static inline uint32_t ev_ir_sym(const ev *e, uint32_t s)
{
    return s < tw_intern_count(&e->ir->strings) ? s : 0;
}
/* tw_seq of a list, whatever was put into it since. */
static inline uint32_t ev_seq_how(const ev *e, uint32_t v)
{
    for (unsigned i = 0; i < 64 && ev_at(e, v)->kind == TW_VAL_MUT; i++) v = ev_at(e, v)->a;
    return ev_at(e, v)->kind == TW_VAL_SEQ ? ev_at(e, v)->how : 0;
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
void ev_memo_init(ev *e);
uint32_t ev_recipe_add(ev *e, uint32_t before, const char *name);
/* The text of a constant STR or BYTES; ropes are made flat. */
bool ev_text(ev *e, uint32_t v, tw_str *ret);
bool ev_is_text(const ev *e, uint32_t v, uint8_t *ret_kind); /* constant or not */
bool ev_get_int(const ev *e, uint32_t v, int64_t *ret);
int ev_truth(ev *e, uint32_t v);                        /* 1, 0, -1 unknown */
uint32_t ev_map_get(ev *e, uint32_t map, uint32_t key); /* 0 where it cannot be told */
/* Items of a constant list, tuple or chain of appends, in lists; false when not known for sure. */
bool ev_items(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n);
/* Keys and values of a dict, each key once, as Python orders them; in lists. */
bool ev_pairs(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n);
bool ev_equal_keys(ev *e, uint32_t x, uint32_t y, bool *ret_sure);
void ev_escape(ev *e, uint32_t v);

/* evaluate_scan.c: regions, scopes, variables. */
/* evaluate_plain.c: a["name"] as a.name, [f][0] as f; `ir` itself where there is neither */
const tw_ir *ev_plain(tw_arena *tmp, const tw_ir *ir);
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
void ev_set_now(ev *e, uint32_t var, uint32_t val); /* in this flow, nothing else noted */
/* evaluate_leave.c: regions that may be left anywhere. */
enum { EV_LEFT_ANYWHERE = 1, EV_LEFT_ON = 2 }; /* ON: and then what follows it runs */
uint8_t ev_watches(const ev *e, const tw_insn *in, uint32_t at, uint8_t group);
void ev_mix_passed(ev *e, uint32_t from, uint32_t to); /* any of these values besides */
void ev_mix_left(ev *e, const ev_frame *f);
void ev_fall_through(ev *e, const ev_frame *up);
void ev_mix_choice(ev *e, const tw_insn *in, int truth);
bool ev_may_act(ev *e, uint32_t at); /* Python: is something set or changed within a choice? */
void ev_enter_finally(ev *e, const ev_frame *up);
void ev_leave_finally(ev *e, uint32_t kept);
/* Attribute of a class or instance of this file; 0 when not known. */
uint32_t ev_class_attr(ev *e, uint32_t scope, uint32_t name);
uint32_t ev_class_attr_of(ev *e, const ev_val *base, uint32_t scope, uint32_t name);
void ev_own(ev *e, uint32_t val);          /* somebody holds it: twice, and it is not known any more */
uint32_t ev_variable(ev *e, uint32_t var); /* MEMBER of FUNC: the variable itself */
bool ev_builtin(tw_str name);

/* evaluate.c: one instruction by its handler. */
uint32_t ev_one(ev *e, const tw_insn *in);
uint32_t ev_none(ev *e); /* None */

/* machine.c: 0 where the result is not known for sure. */
uint32_t ev_machine_call(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a);
uint32_t ev_machine_comprehension(ev *e, uint32_t enter);
typedef struct ev_settled { /* a variable and its value behind a loop */
    uint32_t var, val;
} ev_settled;
uint32_t ev_machine_loop(ev *e, uint32_t enter, ev_settled *ret); /* at most 16 */
void ev_settle(ev *e, uint32_t var, uint32_t val);                /* evaluate_env.c */
void ev_machine_set(ev *e, uint32_t var, uint32_t val, bool borrowed);
void ev_machine_fail(ev *e);
bool ev_machine_local(const ev *e, uint32_t var); /* a variable of the function that the machine runs */
uint32_t ev_machine_root(const ev *e);            /* the flow that asked for the run */
ev_machine *ev_machine_idle(ev *e); /* for the time that the other one runs: it is not to be asked */

/* machine_world.c, in a second pass only: the file is run as far as it is known. 0 where a value is not known for sure. */
void ev_world(ev *e);
bool ev_world_tells(const ev *e); /* what the first pass did not */
uint64_t ev_world_steps(const ev *e);
uint32_t ev_world_value(ev *e, uint32_t at);       /* of an instruction, in whatever round */
uint32_t ev_world_once(const ev *e, uint32_t at);  /* of several values, one */
bool ev_world_same(ev *e, uint32_t a, uint32_t b); /* surely: two constants */
void ev_world_calls(ev *e, uint32_t at, uint16_t flags);
bool mc_js_callable(const ev *e, uint32_t f); /* a function of the machine at work */
uint32_t mc_js_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n); /* 0 not known */
uint32_t ev_world_call(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a);

bool mc_builtin_symbol(uint32_t row, tw_str *ret, bool *ret_js); /* machine_rows.c: computed by the machine */

/* evaluate_closed.c: DATA: a call of something outside is handed what the file computes of its own constants, and it is not
 * known; CODE: so is what is called or run */
ev_want ev_closed_gap(ev *e);
bool ev_slice_symbols(uint32_t row, tw_str *ret, bool *ret_js,
                      uint8_t *ret_is); /* false behind the last row */

/* evaluate_call.c */
uint32_t ev_call_insn(ev *e, uint32_t at);
bool ev_result_symbols(uint32_t row, tw_str *ret); /* between blanks; false behind the last row */
uint32_t ev_decorate(ev *e, uint32_t at);
uint32_t ev_call_besides(ev *e, ev_call c); /* another call at the same place */
/* `name.append(val)`, name[key] = val: the variable behind instruction `at` holds the changed object. */
void ev_mutate(ev *e, uint32_t at, uint32_t old, uint32_t val, ev_mut how, uint32_t key);
uint32_t ev_now(ev *e, uint32_t at, uint32_t val); /* what was read there, with what changed it since */
void ev_gap(ev *e, tw_gap_reason why, uint32_t off, uint32_t len);

/* evaluate_reflect.c: getattr and its kin. 0: not one of them, or not known (then perhaps dynamic). */
uint32_t ev_reflect(ev *e, uint32_t call, bool *ret_dynamic);
bool ev_reflect_symbols(bool js, uint32_t i, tw_str *ret);     /* false behind the last row */
uint32_t ev_reflect_index(ev *e, uint32_t base, uint32_t key); /* TW_NONE: by a name that is not known */

/* evaluate_runs.c: what a call hands to an interpreter becomes a layer. */
bool ev_runs_symbols(uint32_t row, tw_str *ret); /* between blanks; false behind the last row */
void ev_runs(ev *e, uint32_t call);
void ev_dropped(ev *e, uint32_t call); /* evaluate_dropped.c: scripts that were written before */

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
/* evaluate_url.c */
uint32_t ev_data_url(ev *e, tw_str url);
bool ev_takes_code(ev *e, uint32_t options);
uint32_t ev_url_code(ev *e, uint32_t v);
void ev_js_loads(ev *e, const tw_insn *in, uint32_t base, uint32_t val);
void ev_import_url(ev *e, tw_str spec, uint32_t off, uint32_t len);
void ev_layer_run(ev *e, uint32_t recipe, tw_str text, tw_lang lang, uint32_t off, uint32_t len);
void ev_layer_add(ev *e, uint32_t recipe, tw_str text, uint32_t call, tw_lang lang, uint32_t off,
                  uint32_t len);
void ev_layer_embedded(ev *e, tw_str lang, uint32_t v, uint32_t off, uint32_t len);
void ev_layer_seen(ev *e, uint32_t v); /* a decoded value: does it look like source? */

/* evaluate_op.c */
bool ev_parse_int(tw_str s, int base, int64_t *ret); /* base 0: as Python literals; underscores */
uint32_t ev_op(ev *e, tw_str op, const uint32_t *items, uint32_t n);

/* Python only. evaluate_peek.c: what a function of this file gives, and what a constructor sets. 0 unknown. */
bool ev_is_name(const ev *e, uint32_t v); /* something that can be called by its name */
uint32_t ev_peek_call(ev *e, uint32_t func, uint32_t self, const ev_args *a);
typedef struct ev_peek_env { /* a function, and what it was called with */
    uint32_t scope, self;
    const ev_args *a;
} ev_peek_env;
uint32_t ev_peek_value(ev *e, const ev_peek_env *in, uint32_t at, bool *ret_used);
uint32_t ev_peek_attr(ev *e, uint32_t instance, uint32_t name);
uint32_t ev_peek_at(ev *e, uint32_t scope, uint32_t self, const ev_args *a, uint32_t at);
uint32_t ev_peek_return(ev *e, uint32_t scope, bool *ret_sure); /* the value of its only RETURN, 0 none */
bool ev_plainly_decorated(const ev *e, uint32_t scope);
/* evaluate_py_inline.c: the calls that a function of this file makes of what it is handed. */
uint32_t ev_py_inline(ev *e, uint32_t call);
void ev_py_splice(ev *e, ev_call *c); /* f(*[1], **{"a": 2}) */
bool ev_py_worth(ev *e, uint32_t v);
uint32_t ev_bound_self(const ev *e, uint32_t callee, uint32_t base);
const ev_uses *ev_uses_of(ev *e, uint32_t name); /* NULL: steps ran out */
bool ev_is_property(const ev *e, uint32_t v);
/* evaluate_py_call.c: calls that a call makes besides; calls of what calls gave. */
uint32_t ev_py_call(ev *e, uint32_t call);
bool ev_py_keeps(ev *e, uint32_t sym);
uint32_t ev_py_returned(ev *e, uint32_t call);
uint32_t ev_py_entered(ev *e, uint32_t object);
uint32_t ev_py_special(ev *e, uint32_t object, const char *method, const uint32_t *args, uint32_t n);
uint32_t ev_py_operator(ev *e, tw_str op, const uint32_t *items, uint32_t n);
uint32_t ev_py_index(ev *e, uint32_t base, uint32_t key);
uint32_t ev_py_given(ev *e, uint32_t scope, uint32_t param, uint32_t v);
/* pure_pickle.c */
uint32_t ev_pickle(ev *e, uint32_t call, uint32_t data);
/* pure_pickle_text.c: one call as Python. True: it does more than make an object. */
bool ev_pickle_line(ev *e, tw_buf *b, uint32_t callee, const uint32_t *v, uint32_t n);
uint32_t ev_marshal(ev *e, const ev_call *at, uint32_t data);
bool ev_is_pyc(tw_str s);
/* evaluate_py_name.c: attributes that are set from outside, and what else a name may be found by. */
void ev_py_patch(ev *e, uint32_t base, tw_str name, uint32_t val);
void ev_py_patch_item(ev *e, uint32_t base, tw_str name,
                      uint32_t val);                     /* globals()[name], m.__dict__[name] */
uint32_t ev_py_patched(ev *e, uint32_t sym, uint32_t v); /* v where nothing took its place */
/* The text that opens the body of a scope as a statement, 0 none. */
uint32_t ev_docstring(ev *e, uint32_t scope, uint32_t recipe);
bool ev_py_set_global(ev *e, uint32_t base, tw_str name, uint32_t val); /* globals()[name] = val */
uint32_t ev_py_member(ev *e, uint32_t base, uint32_t name, tw_str text);
uint32_t ev_py_attribute(ev *e, uint32_t base, tw_str text, uint32_t found);
uint32_t ev_py_unpacked(ev *e, uint32_t source, uint32_t iter); /* a, *b, c = source */
uint32_t ev_py_each(ev *e, uint32_t source, uint32_t iter, bool literal);

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
enum {
    EV_STORED_MODULE = 1,
    EV_STORED_FUNCTION = 2
};                              /* in the flow of the module, of a function; Python: the name of one */
enum { EV_STORED_OUTSIDE = 4 }; /* not by a method of the object itself */
bool ev_js_boxes(const ev *e, uint32_t sym); /* new String() and its kin make objects */
/* evaluate_js_inline.c */
void ev_js_inline(ev *e, uint32_t call);
uint32_t ev_js_gives(ev *e, uint32_t call);
/* evaluate_js_text.c */
typedef struct ev_js_names { /* parameters of a text that is a function */
    tw_str name[8];
    uint32_t val[8], n;
} ev_js_names;
uint32_t ev_js_expression(ev *e, tw_str text, const ev_js_names *names);
uint32_t ev_js_made(ev *e, const ev_call *made, const ev_call *c);
/* evaluate_js_names.c */
uint32_t ev_js_named_call(ev *e, uint32_t call);
void ev_js_hand_over(ev *e, uint32_t call);
void ev_js_iife(ev *e, const tw_insn *in, const ev_call *c);
void ev_js_called_once(ev *e, uint32_t scope, const uint32_t *v, uint32_t n);
uint32_t ev_js_given(ev *e, uint32_t scope, uint32_t param);
uint32_t ev_js_inherited(ev *e, uint32_t base, tw_str name);
void ev_js_patch(ev *e, uint32_t base, tw_str name, uint32_t val);
uint32_t ev_js_patched(ev *e, uint32_t sym, uint32_t plain);
uint32_t ev_js_patched_member(ev *e, uint32_t base, tw_str name, uint32_t plain);
uint32_t ev_js_within(ev *e, tw_str name);
uint32_t ev_js_rest(ev *e, uint32_t at); /* {a, ...rest}: the value of the instruction without a */
/* evaluate_js_member.c */
uint32_t ev_js_regex_member(ev *e, uint32_t base, tw_str name);
bool ev_js_letters(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n); /* what ...text, ...bytes gives */
uint32_t ev_js_global_value(ev *e, tw_str name);                            /* undefined, NaN, Infinity */
/* evaluate_js_member.c */
tw_str ev_js_intrinsic(const ev *e, uint32_t v);
bool ev_js_is_regex(const ev *e, uint32_t v, tw_str *ret);
uint32_t ev_js_regex(ev *e, tw_str text);
uint32_t ev_js_function_source(ev *e, uint32_t scope);
bool ev_js_has_key(ev *e, uint32_t object, uint32_t key, bool *ret_there);
uint32_t ev_js_known_member(ev *e, uint32_t base, tw_str name);
uint32_t ev_js_known_index(ev *e, uint32_t base, uint32_t key);
uint32_t ev_js_literal(ev *e, tw_str text); /* pure_js_number.c */
/* evaluate_js_call.c */
uint32_t ev_js_indirect(ev *e, uint32_t call);
uint32_t ev_js_returned(ev *e, const ev_call *c);
uint32_t ev_js_caught(ev *e);
void ev_js_bundles(ev *e);
uint32_t ev_js_bundled(ev *e, const ev_call *c);
uint32_t ev_js_field(ev *e, uint32_t v); /* what a field of a class is set to, at e->at */
void ev_js_module_store(ev *e, uint32_t base, tw_str name, uint32_t val, uint32_t off);
uint32_t ev_js_op(ev *e, tw_str op, const uint32_t *items, uint32_t n);
uint32_t ev_js_undefined(ev *e);
uint32_t ev_js_text(ev *e, uint32_t v);               /* String(v), 0 unknown */
bool ev_js_number(ev *e, uint32_t v, int64_t *ret);   /* Number(v), an integer */
bool ev_js_integer(ev *e, uint32_t v, int64_t *ret);  /* ToIntegerOrInfinity, cut at 2^53 */
bool ev_js_to_double(ev *e, uint32_t v, double *ret); /* Number(v) */
uint32_t ev_js_double(ev *e, double d);
int ev_js_strictly_equal(ev *e, uint32_t l, uint32_t r); /* -1 unknown */
int ev_js_truth(ev *e, uint32_t v);

/* pure_keys.c: keys of one dict or set. n: how many there may be. A slot holds the number of the entry, 0 none yet. */
bool ev_key_plain(const ev *e, uint32_t v); /* may be used with the others */
void ev_keys_begin(ev *e, uint32_t n);
uint32_t *ev_key_slot(ev *e, uint32_t v);

/* pure.c: functions that depend on their arguments alone. */
struct ev_args {
    uint32_t self; /* receiver of a method, 0 none */
    const uint32_t *v;
    const uint32_t *names; /* s of the IR, 0 positional */
    uint32_t n;
};
typedef uint32_t (*ev_pure_fn)(ev *e, const ev_args *a); /* 0: does not fold */
bool ev_object(ev *e,
               uint32_t v); /* a CALL that makes what pure functions know as an object, or changes it */
struct ev_pure_row {
    tw_str symbol;
    ev_pure_fn fn;
};
bool ev_is_pure(ev *e, uint32_t sym);
uint32_t ev_pure(ev *e, uint32_t sym, const ev_args *a);
uint32_t ev_to_str(ev *e, uint32_t v); /* str(v), 0 unknown; pure_format.c */
uint32_t ev_percent(ev *e, uint32_t format, uint32_t args);
uint32_t ev_format_spec(ev *e, uint32_t v, uint32_t spec);
uint32_t ev_slice(ev *e, uint32_t text, uint32_t key); /* text[key], pure_list.c */
/* Python's values: pure_number.c, pure_value.c */
uint32_t ev_num_op(ev *e, tw_str op, uint32_t l, uint32_t r); /* any size, floats */
uint32_t ev_num_unary(ev *e, char op, uint32_t v);
uint32_t ev_compare(ev *e, tw_str op, uint32_t l, uint32_t r);
uint32_t ev_repr_text(ev *e, uint32_t v, bool ascii);
uint32_t ev_eval_text(ev *e, tw_str s); /* pure_eval.c: a constant, or a name */
uint32_t ev_set_op(ev *e, char op, uint32_t l, uint32_t r);
int ev_py_truth(ev *e, uint32_t v);
uint32_t ev_pure_unbound(ev *e, uint32_t sym, const ev_args *a); /* str.upper("a") */
uint32_t ev_py_constant(ev *e, tw_str name);                     /* string.digits */

/* evaluate_known.c */
typedef struct ev_known { /* rows, and numbers of rows + 1, 0 none; of two: Python's, JavaScript's */
    const ev_pure_row *pure[2];
    uint16_t reflect[2];
    uint16_t run;        /* the first of evaluate_runs.c */
    uint16_t builtin[2]; /* of machine_rows.c */
    uint16_t result;     /* of evaluate_call.c: the type of what it returns */
    uint8_t slice[2];    /* of evaluate_slice.c */
    uint8_t py;          /* EV_PY_*: in which tables of evaluate_py_call.c it is */
} ev_known;
enum {
    EV_PY_HANDS = 1,
    EV_PY_MAKES = 2,
    EV_PY_PLAIN = 4,
    EV_PY_LOADS = 8,
    EV_PY_UPDATES = 16,
    EV_PY_KEEPS = 32,
};
bool ev_py_symbols(uint32_t i, tw_str *ret, uint8_t *ret_is);
enum { /* what may be special about a symbol: decided once in a file */
       EV_TRAIT_ASKED = 1,
       EV_TRAIT_REFLECT = 2, /* ev_reflect looks at calls of it */
       EV_TRAIT_SCOPE = 4,   /* ev_reflect_index at items of it */
       EV_TRAIT_HANDS = 8,   /* Python: calls what it is handed */
       EV_TRAIT_OUTER = 16,  /* Python: a module with others in it */
       EV_TRAIT_ASKED_HANDS = 32,
       EV_TRAIT_ASKED_OUTER = 64,
};
bool ev_has_trait(ev *e, uint32_t sym, uint8_t trait);
bool ev_py_outer(tw_str symbol); /* evaluate_py_name.c */
void ev_known_init(void);
const ev_known *ev_known_of(ev *e, uint32_t sym);
const ev_known *ev_known_end(tw_str symbol); /* of its last ".name" */

/* evaluate_package*.c, only where e->package is set; 0: nothing that the package knows better. */
uint32_t ev_package_name(ev *e, uint32_t sym);
uint32_t ev_package_call(ev *e, uint32_t call);
void ev_package_trace(ev *e, uint32_t call, uint32_t v);
uint32_t ev_package_member(ev *e, uint32_t base, tw_str name);
uint32_t ev_package_op(ev *e, tw_str op, const uint32_t *items, uint32_t n);
uint32_t ev_package_iter(ev *e, uint32_t source);
uint32_t ev_package_param(ev *e, uint32_t scope, uint32_t param, uint32_t v);
uint32_t ev_package_module(ev *e, tw_str spec);

/* evaluate_emit.c */
void ev_emit(ev *e, tw_arena *a, tw_record *ret);
