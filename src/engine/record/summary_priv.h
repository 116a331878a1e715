/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Shared by summary*.c only. A root is what data is followed from; each value of the record has the set of roots
 * whose data it holds; what leaves a function (a result, an argument, a store) makes an edge of each of them. */
#include "engine/record/record.h"

enum { SU_PARAM = TW_FROM_PARAM, SU_CALL = TW_FROM_CALL, SU_VAR = TW_FROM_VAR };
enum { SU_SET_MAX = 64, SU_EDGES = 96 /* of one function while it is made */, SU_PASSES = 2 };

/* Open addressing from 64-bit keys, 0 excepted. */
typedef struct su_table {
    uint64_t *keys;
    uint32_t *values;
    uint32_t n, cap;
} su_table;

typedef struct su_path {
    uint32_t up, step, n;
    uint32_t steps[TW_PATH_MAX];
} su_path;

typedef struct su_item { /* root.from stands at .at of the value */
    uint32_t root, from, at;
} su_item;
typedef struct su_set {
    uint32_t start;
    uint8_t n, cut, used;
} su_set;

typedef struct su_edge {
    uint32_t func, root, from;
    uint32_t to, pos, at;
    uint8_t kind; /* tw_edge_to */
} su_edge;
typedef TW_VEC(su_edge) su_edges;

typedef struct su_var { /* a variable of a scope, as a root */
    uint32_t func, name;
} su_var;

typedef struct su {
    tw_record *r;
    tw_arena *tmp;
    uint64_t steps, max_steps;
    bool js;
    TW_VEC(su_path) paths;
    uint32_t *first_of; /* of each string: the path of that one step, 0 none */
    su_table path_of, var_of, method_of;
    TW_VEC(su_var) vars;
    uint32_t *param0; /* [n_funcs + 1]: parameters are numbered through */
    uint32_t n_params, *param_func;
    su_set *sets; /* [n_vals] */
    TW_VEC(su_item) pool;
    TW_VEC(su_item) scratch, other;
    uint8_t *shared;   /* [n_calls]: data of the caller goes into it */
    uint8_t *cut;      /* [n_funcs] */
    uint32_t *count;   /* [n_funcs]: edges */
    su_edges base;     /* before functions are put together */
    su_edges *own;     /* [n_funcs]: the finished ones */
    uint32_t *callee0; /* [n_calls + 1] in callees */
    TW_VEC(uint32_t) callees;
} su;

static inline uint32_t su_root(uint32_t kind, uint32_t id)
{
    return kind << 30 | id;
}
static inline uint32_t su_kind(uint32_t root)
{
    return root >> 30;
}
static inline uint32_t su_id(uint32_t root)
{
    return root & ((1u << 30) - 1);
}
bool su_spend(su *s, uint64_t n);
static inline void su_cut(su *s, uint32_t func)
{
    s->cut[func] = 1;
}

/* summary_path.c */
uint32_t *su_slot(su *s, su_table *t, uint64_t key, bool *ret_new);
uint32_t *su_find(const su_table *t, uint64_t key);
uint32_t su_step(su *s, uint32_t path,
                 uint32_t step);                      /* path.step; the path itself where it is long enough */
uint32_t su_cat(su *s, uint32_t path, uint32_t more); /* path and all steps of more */
uint32_t su_under(su *s, uint32_t step, uint32_t path); /* step.path, cut at the end */
bool su_strip(su *s, uint32_t path, uint32_t step,
              uint32_t *ret); /* the path behind its first step, where that may be `step` */
/* Data at `at` of a thing of which `wanted` is looked at: whether they meet, and what is left of either. */
bool su_meet(su *s, uint32_t at, uint32_t wanted, uint32_t *ret_rest_at, uint32_t *ret_rest_wanted);

/* summary_value.c */
void su_values(su *s);
uint32_t su_var_root(su *s, uint32_t func, uint32_t name);

/* summary_calls.c */
void su_callees(su *s);
bool su_is_method(const su *s, uint32_t func);
/* Parameters first..last of `g` that an argument (pos) or, for TW_TO_SELF, the receiver of call c arrives at. */
bool su_bound(const su *s, uint32_t c, uint32_t g, uint8_t kind, uint32_t pos, uint32_t *ret_first,
              uint32_t *ret_last);
bool su_makes(const su *s, uint32_t c, uint32_t g);      /* g is the constructor that the call runs */
bool su_hands_over(const su *s, uint32_t c, uint32_t g); /* g is an argument of the call, not what it calls */

/* summary_close.c */
void su_close(su *s);
