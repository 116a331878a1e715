/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Shared by the sources of this folder only. Functions, calls and values of all units are numbered
 * through: "global" ids. Order of work: names, reach, uses, graph, flow, derive, sort. */
#include "capabilities/ids.h"
#include "engine/join/join.h"

typedef struct jn_api { /* rows of a symbol string, looked up once */
    const tw_api *rows;
    uint16_t n;
    bool tried;
} jn_api;

enum { JN_NAME_FUNC = 1, JN_NAME_VALUE, JN_NAME_IMPORT }; /* high half of an entry of jn_unit.names */
typedef struct jn_unit {
    const tw_record *r;
    uint32_t val0, func0, call0; /* global ids of its first value, function, call */
    jn_api *api;                 /* [n_strings] */
    uint32_t *sym;               /* [n_strings] index + 1 in jn.refs */
    tw_map names;                /* top-level names and qualified functions -> jn_name */
    uint32_t *stars, n_stars;    /* units imported with a star, once asked; TW_NONE: none of the package */
    tw_str module, package;      /* "pkg.mod", "pkg" */
} jn_unit;

typedef enum jn_ref_kind { JN_NOTHING, JN_UNIT, JN_FUNC, JN_VALUE } jn_ref_kind;
typedef struct jn_ref { /* what a name in the package stands for */
    uint8_t kind;
    uint32_t unit, id; /* id: function or value in the unit */
} jn_ref;

typedef struct jn_edge {
    uint32_t from, to; /* to: JN_WEAK marks an edge through something unknown; JN_DOWN, JN_UP, JN_FAR */
} jn_edge;
#define JN_WEAK 0x80000000u
#define JN_FAR \
    0x60000000u /* mask, and: through what outlives calls (an attribute, a variable, a file, a callback) */
#define JN_UP 0x40000000u   /* out of a function, to what called it */
#define JN_DOWN 0x20000000u /* into a function */
#define JN_NODE 0x1FFFFFFFu
typedef TW_VEC(jn_edge) jn_edges;
typedef struct jn_csr {
    uint32_t *start, *to;
} jn_csr;

typedef struct jn_crossing {     /* a value and the parameter it becomes at a call */
    uint32_t value, param, call; /* global */
} jn_crossing;

typedef struct jn_use { /* beside each tw_cap_use while flows are searched */
    uint32_t node;      /* where its data starts, TW_NONE */
    uint32_t func;      /* global function */
} jn_use;

typedef struct jn_attr {  /* an attribute of a class of the package */
    uint32_t node, value; /* value: one stored there, in the class's unit; TW_NONE */
} jn_attr;

typedef struct jn_thing { /* a value of a unit */
    uint32_t unit, v;
} jn_thing;
typedef struct jn_stored { /* next: index + 1, 0 none */
    uint32_t value, next;
} jn_stored;

typedef struct jn_run { /* items start .. start + n of a list */
    uint32_t start, n;
    bool known;
} jn_run;

typedef struct jn_handler { /* a function that net.commands or net.answers brings something to */
    uint32_t func;
    tw_cap cap;
} jn_handler;

typedef struct jn {
    tw_join *out;
    tw_arena *a;
    const tw_package *p;
    uint32_t n_units, n_funcs, n_calls, n_vals;
    jn_unit *units;
    uint32_t *func_unit; /* [n_funcs] */
    uint32_t *first_layer,
        *next_layer; /* [n_units] units of layers that a unit's own body runs, + 1; 0: none */
    tw_map modules;  /* module name -> unit + 1 */
    tw_map tops;     /* first parts of the names of modules and packages, once asked */
    tw_map methods;  /* last part of every qualified name: what is not here is no method of any class */
    tw_map params;   /* functions of many parameters, and their names -> index */
    tw_map paths;    /* path of a JavaScript file -> unit + 1 */
    tw_map unread;   /* path of a file that is no text of ours -> member + 1 */
    tw_map unread_said;
    tw_map aliases;  /* folder, "#inner" -> member + 1 */
    tw_map late;     /* last parts of the paths of files that were read late */
    tw_map packages; /* name of an npm package among the members, and its own -> unit + 1 of its main */
    tw_map objects;  /* an object of JavaScript and a name -> index + 1 in stored */
    TW_VEC(jn_stored) stored;
    TW_VEC(jn_ref) refs;
    /* call targets: global functions, targets[target0[call] .. target0[call + 1]) */
    uint32_t *target0;
    TW_VEC(uint32_t) targets;
    uint32_t *
        override0; /* [n_funcs + 1] in overrides: methods that stand for a method in classes made of its class; NULL: none */
    uint32_t *overrides;
    uint8_t *invoking; /* [n_funcs]: calls what it is handed */
    /* reach: nodes are functions, then one per unit for code under its main guard */
    uint8_t *trigger;
    uint32_t *home; /* [n_funcs]: the function that it is a part of, itself */
    tw_map bases;   /* last part of a member's path -> unit + 1; same_base[unit] is the next one, 0 none */
    uint32_t *same_base;
    TW_VEC(jn_handler) handlers; /* functions that messages from elsewhere are given to */
    jn_run *
        instance_of; /* [n_funcs] in instance_edges: what an instance of the class runs; NULL: not asked yet */
    jn_edges instance_edges;
    uint32_t *via;   /* node it was reached from, TW_NONE for roots */
    tw_str *reason;  /* of the root it was reached from, per node */
    tw_str *reasons; /* full text, made when first asked */
    /* graph */
    uint32_t n_nodes, param0, ret0;
    uint32_t *param_start; /* [n_funcs + 1]: parameter nodes of a function are param0 + param_start[f] ... */
    jn_edges edges;
    jn_csr next;
    TW_VEC(jn_crossing) crossings; /* by call; those of one target stand together */
    uint32_t *crossing0;           /* [n_calls + 1] */
    uint8_t *through;              /* [parameters]: jn_through, from the summaries */
    uint32_t *inside; /* [parameters]: global call + 1 that the last step to the result goes through */
    uint8_t *open;    /* [n_funcs]: jn_open */
    jn_csr callers;   /* parameter -> argument values: global value ids */
    tw_map attrs;     /* "class.name" -> index in attr */
    TW_VEC(jn_attr) attr;
    tw_map files; /* path text or value -> node */
    TW_VEC(jn_use) side;
    uint64_t steps, text_steps; /* spent, each of limits.flow_steps */
    uint8_t holds_keys;         /* given_read.c: asked once */
    bool cut;                   /* some bound of the join was reached */
    uint32_t n_derived_from;    /* uses before anything was derived from flows */
    tw_map keys;                /* "unit call cap label" of uses already made */
} jn;

/* Its names are commands, not modules: they mean nothing to the files around it. */
static inline bool jn_is_command_language(const jn_unit *u)
{
    tw_lang family = tw_lang_family((tw_lang)u->r->lang);
    return family == TW_LANG_SHELL || family == TW_LANG_POWERSHELL;
}

/* names.c */
void jn_names(jn *j);
bool jn_takes_place(jn *j, uint32_t unit, const tw_rec_store *s);
bool jn_is_property(const jn *j, uint32_t f);
uint32_t jn_property_of(jn *j, uint32_t unit, const tw_val *member);
void jn_find_overrides(jn *j);
uint32_t jn_overrides(const jn *j, uint32_t caller, uint32_t method, uint32_t *ret, uint32_t max);
jn_ref jn_find(jn *j, uint32_t unit, tw_str name);
jn_ref jn_lookup(jn *j, uint32_t unit, uint32_t s);
tw_str jn_cat(jn *j, tw_str a, const char *between, tw_str b); /* in the arena */
uint32_t jn_module_unit(jn *j, uint32_t unit, tw_str name, tw_str *ret_rest);
/* Method of a class or of its bases in the package; TW_NONE. */
uint32_t jn_method(jn *j, uint32_t class_func, tw_str name);
uint32_t jn_class_of(jn *j, uint32_t unit, uint32_t v);
/* Functions a value may be, at most max. */
uint32_t jn_callables(jn *j, uint32_t unit, uint32_t v, uint32_t *ret, uint32_t max);
tw_str jn_abs_name(jn *j, uint32_t unit, tw_str name);
const jn_api *jn_apis(jn *j, uint32_t unit, uint32_t s);
void jn_targets(jn *j);
/* objects_js.c */
void jn_objects(jn *j);
uint32_t jn_member_values(jn *j, uint32_t unit, uint32_t base, tw_str name, jn_thing *ret, uint32_t max);
/* unread.c */
void jn_unread_init(jn *j);
/* lang: what starts the file reads it as; TW_LANG_NONE: not known. */
void jn_unread_path(jn *j, uint32_t unit, uint32_t func, tw_str path, tw_lang lang);
void jn_unread_word(jn *j, uint32_t unit, uint32_t func, tw_str word, tw_lang lang);
void jn_unread_command(jn *j, uint32_t unit, const tw_rec_call *c);

/* names_js.c */
bool jn_is_js(const jn *j, uint32_t unit);
void jn_js_paths(jn *j);
uint32_t jn_js_unit(const jn *j, uint32_t unit, tw_str spec);
tw_str jn_js_path(const jn *j, uint32_t unit, tw_str spec); /* "./a/../b" as a path of the artifact */
uint32_t jn_js_symbol(const jn *j, uint32_t unit, tw_str name, tw_str *ret_rest);
uint32_t jn_js_inner(const jn *j,
                     uint32_t unit); /* the layer that says what the unit exports, or the unit itself */
tw_str jn_js_export(jn *j, uint32_t unit, tw_str rest);
bool jn_js_own(tw_str name, tw_str *ret_rest);       /* exports.x: what this module itself gives */
uint32_t jn_constructor(jn *j, uint32_t class_func); /* TW_NONE */
static inline const tw_rec_func *jn_func(const jn *j, uint32_t f)
{
    const jn_unit *u = &j->units[j->func_unit[f]];
    return &u->r->funcs[f - u->func0];
}
static inline tw_str jn_str(const jn *j, uint32_t unit, uint32_t s)
{
    return tw_rec_str(j->units[unit].r, s);
}
static inline const tw_val *jn_val(const jn *j, uint32_t unit, uint32_t v)
{
    const tw_record *r = j->units[unit].r;
    return &r->vals[v < r->n_vals ? v : 0];
}
/* Counts towards limits.flow_steps; false when it is used up. */
static inline bool jn_spend(jn *j, uint64_t n)
{
    j->steps += n;
    return j->steps <= j->out->limits->flow_steps;
}

/* args.c */
enum { JN_VALUES = 16 };
/* Values of the arguments that `arg` means; the receiver for TW_ARG_SELF. */
uint32_t jn_arg_values(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api_arg *arg,
                       uint32_t ret[JN_VALUES]);
bool jn_row_fits(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api *row);
uint32_t jn_receiver(const jn *j, uint32_t unit, const tw_rec_call *c);

/* links.c: arguments -> parameters, returns -> results, attributes. */
void jn_links(jn *j);
uint32_t jn_owner_of(jn *j, uint32_t unit, uint32_t base);
uint32_t jn_attr_of(jn *j, uint32_t unit, uint32_t base, tw_str name); /* index in attr, TW_NONE */
uint32_t jn_attr_value(jn *j, uint32_t unit, uint32_t base, tw_str name);
uint32_t jn_unit_of_value(const jn *j, uint32_t node);
static inline void jn_edge_add(jn *j, uint32_t from, uint32_t to, bool weak)
{
    TW_PUSH(j->a, j->edges, ((jn_edge){from, weak ? to | JN_WEAK : to}));
}

static inline void jn_edge_far(jn *j, uint32_t from, uint32_t to, bool weak)
{
    jn_edge_add(j, from, to | JN_FAR, weak);
}

/* summary.c: what the records' summaries come to across files. */
typedef enum jn_through { JN_STAYS, JN_THROUGH_UNKNOWN, JN_THROUGH } jn_through;
enum {
    JN_OPEN =
        1, /* holds data of functions around it or of its object: its result is not its callers' alone */
    JN_UNSURE = 2 /* its summary does not say all: followed value by value */
};
void jn_summaries(jn *j);
void jn_summary_edges(jn *j);
/* The call inside a function that data of `from` came through on its way to `result`; TW_NONE. */
uint32_t jn_inside(const jn *j, uint32_t from, uint32_t result);

/* text.c */
typedef struct jn_text {
    tw_str text;      /* unknown parts stand as {} */
    bool partial;     /* it has such parts */
    bool folded;      /* some part was computed */
    bool far;         /* some part came from another function or file */
    uint32_t known;   /* bytes that are constant */
    uint32_t choices; /* alternatives seen: render again with 1 .. choices - 1 */
} jn_text;
enum { JN_TEXT_NAMES = 1 /* unknown symbols as their name */, JN_TEXT_HOST = 2 /* lists joined by ':' */ };
enum { JN_CHOICES = 8 };
/* The text lives in the arena. */
jn_text jn_render(jn *j, uint32_t unit, uint32_t v, int flags, uint32_t choice);

/* started.c */
void jn_started_init(jn *j);
/* Files of the package that a call starts as a program, or reads and runs. */
void jn_edges_of_started(jn *j, jn_edges *e, uint32_t unit, const tw_rec_call *c);
/* Beside a unit's functions: what stands under its main guard. */
static inline uint32_t jn_guard_node(const jn *j, uint32_t unit)
{
    return j->n_funcs + unit;
}

/* reach.c */
void jn_reach(jn *j);
tw_str jn_reason(jn *j, uint32_t node);
uint32_t jn_node_of_call(const jn *j, uint32_t unit, const tw_rec_call *c);
jn_csr jn_csr_make(tw_arena *a, const jn_edge *e, uint32_t n_edges, uint32_t n_nodes);

/* reach_class.c: edges to the methods that a class statement runs, and those that an instance may run. */
void jn_edges_of_class(jn *j, jn_edges *e, uint32_t cls);
void jn_edges_of_instance(jn *j, jn_edges *e, uint32_t from, uint32_t cls);

/* uses.c, values.c */
typedef struct jn_site { /* where a use is put */
    uint32_t unit;
    uint32_t node;           /* reach node */
    const tw_rec_call *call; /* NULL: a value outside calls */
    uint32_t off, len;
} jn_site;
enum { JN_USES_MAX = 100000 };
/* TW_NONE where the same was said of this site already: jn_use_find tells which it is. */
uint32_t jn_use_add(jn *j, const jn_site *at, tw_cap cap, tw_confidence conf, const char *label,
                    tw_str symbol);
uint32_t jn_use_find(const jn *j, const jn_site *at, tw_cap cap, const char *label);
void jn_uses(jn *j);
void jn_use_value(jn *j, uint32_t use, tw_arg_role role, const jn_text *t);
/* Classes of the argument values of one row at one call. */
void jn_classify_args(jn *j, const jn_site *at, const tw_api *row, tw_str symbol);
void jn_mentions(jn *j, uint32_t unit);

/* given.c: secrets that functions are handed, as sources. */
enum { JN_WORD = 48 };
tw_str jn_one_word(tw_str name, char to[JN_WORD]); /* in lower case, without _ $ # */
void jn_given(jn *j);
/* given_read.c: those that are read off objects and pages. v: a MEMBER or SYMBOL; node: where what it gives stands. */
void jn_given_member(jn *j, const jn_site *at, uint32_t v, uint32_t node);
void jn_given_call(jn *j, const jn_site *at);

/* handlers.c: functions that somebody else's messages reach, as nodes and as sources. */
void jn_edges_of_handlers(jn *j, jn_edges *e);
void jn_messages(jn *j);

/* graph.c */
void jn_graph(jn *j);
/* The node of the file that a path value names; TW_NONE where nothing tells it from another. */
uint32_t jn_file_node(jn *j, uint32_t unit, uint32_t v, bool make);
static inline bool jn_cap_in(tw_cap cap, const char *group)
{
    return !strncmp(tw_cap_info_of(cap)->name, group, strlen(group));
}

/* flow.c */
typedef struct jn_sink { /* data that arrives at node arrives at use */
    uint32_t node, use, next;
    bool file; /* through the content of a file */
    uint8_t role;
} jn_sink;
typedef struct jn_sinks {
    TW_VEC(jn_sink) v;
    uint32_t *head; /* per node: index + 1 of its first */
} jn_sinks;
void jn_flows(jn *j);

/* derive_files.c */
void jn_derive_files(jn *j);

/* derive_stores.c */
void jn_derive_stores(jn *j);
/* derive_mangled.c */
void jn_derive_mangled(jn *j);
/* derive_swap.c */
void jn_derive_swap(jn *j);
void jn_given(jn *j); /* given.c: secrets that callers hand in, as sources */

/* derive.c */
void jn_derive_sites(jn *j);
/* One flow was found: what follows from it. via_file: the last step is a file that is run. */
void jn_derive_flow(jn *j, uint32_t flow, bool via_file);
void jn_derive_decoded(jn *j, const jn_sinks *s);
void jn_derive_shells(jn *j);
