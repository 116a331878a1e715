/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The compiled form of rules, shared by the sources of this folder only. `when` is a disjunction of
 * conjunctions; a conjunction is a row of atoms, ordered so that each filter stands behind what binds
 * its variables. Every struct below is a row of 32-bit words: that is also how it is saved. */
#include "engine/rules/rules.h"
#include "engine/rules/shown.h"

enum {
    TW_RULE_VARS = 16,   /* variables of one rule, unnamed ones included */
    TW_RULE_ATOMS = 24,  /* atoms of one conjunction */
    TW_RULE_CONJS = 64,  /* conjunctions of one condition */
    TW_RULE_NESTING = 5, /* not within not, any within all ... */
    TW_CAPSET_WORDS = 8, /* 256 capabilities */
    TW_NO_VAR = 255,
    TW_RULE_CITES = 4,
};

typedef enum tw_var_kind { TW_VAR_UNBOUND, TW_VAR_USE, TW_VAR_LAYER, TW_VAR_MAX } tw_var_kind;

typedef enum tw_atom_op {
    TW_ATOM_CAP,      /* binds var */
    TW_ATOM_FLOW,     /* binds var (from) and var2 (to) */
    TW_ATOM_LAYER,    /* binds var */
    TW_ATOM_DISTINCT, /* binds var: the first of at_least capabilities */
    TW_ATOM_FINDING,
    TW_ATOM_TRIGGER,
    TW_ATOM_VALUE,
    TW_ATOM_SAME,
    TW_ATOM_NOT, /* no solution of conjs[sub .. sub+n_sub) */
    TW_ATOM_MAX
} tw_atom_op;

typedef enum tw_scope_id { TW_SCOPE_CALL, TW_SCOPE_FUNCTION, TW_SCOPE_FILE, TW_SCOPE_PACKAGE } tw_scope_id;

typedef struct tw_atom {
    uint32_t op;
    uint32_t var, var2;      /* TW_NO_VAR: none */
    uint32_t in;             /* layer variable the place lies in */
    uint32_t roles;          /* mask of tw_role of the file; 0: any */
    uint32_t call;           /* LAYER: variable of the use whose call runs it */
    uint32_t caps, caps2;    /* in capsets */
    uint32_t triggers;       /* mask of tw_trigger; 0: any */
    uint32_t confidence;     /* at least */
    uint32_t scope;          /* tw_scope_id: at most this wide */
    uint32_t role;           /* tw_arg_role, NONE: any */
    uint32_t texts, n_texts; /* globs: lists[texts ..) are strings */
    uint32_t classes;        /* mask of tw_host_class */
    uint32_t
        number; /* LAYER: depth, DISTINCT: how many, FINDING: severity, VALUE: 1 = of the label, NOT: mask of all it names */
    uint32_t asks;       /* LAYER: mask of TW_ASK_* */
    uint32_t sub, n_sub; /* NOT */
    uint32_t needs;      /* NOT: mask of outer variables */
    uint32_t line;       /* in its file */
} tw_atom;
enum { TW_ATOM_WORDS = 21 };
enum {
    TW_ASK_EXECUTED = 1 /* it reaches a call as code */,
    TW_ASK_ENCODED = 2 /* it was decoded, not written plainly */
};

typedef struct tw_conj {
    uint32_t first, n; /* in atoms */
} tw_conj;

typedef struct tw_rule {
    uint32_t id, says, check, kind; /* strings */
    uint32_t attack[4], n_attack;
    uint32_t cites[TW_RULE_CITES], n_cites;
    uint32_t ceiling, raise_to; /* tw_level */
    uint32_t measured[TW_MEASURED_MAX];
    uint32_t when, n_when; /* in conjs */
    uint32_t raise, n_raise;
    uint32_t raise_trigger;    /* tw_trigger: the weakest at which the raised level still holds */
    uint32_t raise_confidence; /* and the least sure evidence */
    uint32_t n_vars;
    uint32_t var_kind[TW_RULE_VARS];
    uint32_t var_name[TW_RULE_VARS]; /* strings, 0: unnamed */
} tw_rule;
enum { TW_RULE_WORDS = 19 + TW_RULE_CITES + TW_MEASURED_MAX + 2 * TW_RULE_VARS };

typedef struct tw_capset {
    uint32_t bits[TW_CAPSET_WORDS];
} tw_capset;
_Static_assert(sizeof(tw_atom) == TW_ATOM_WORDS * 4, "atoms are rows of words");
_Static_assert(sizeof(tw_rule) == TW_RULE_WORDS * 4, "rules are rows of words");

struct tw_rules {
    tw_arena *arena;
    TW_VEC(tw_rule) rules;
    TW_VEC(tw_conj) conjs;
    TW_VEC(tw_atom) atoms;
    TW_VEC(tw_capset) capsets;
    TW_VEC(uint32_t) lists;
    TW_VEC(tw_str) strings; /* [0] empty */
    tw_policy policy;
    tw_digest hash;
};
_Static_assert(sizeof(tw_policy) % 4 == 0, "the policy is a row of words");

static inline bool tw_capset_has(const tw_capset *s, tw_cap c)
{
    return c < TW_CAPSET_WORDS * 32 && (s->bits[c / 32] >> (c % 32) & 1);
}
/* Changes with every renamed, added or moved capability: a bundle fits one table. */
uint64_t tw_rules_table_mark(void);
void tw_rules_rehash(tw_rules *r);

/* --- says.c: templates --------------------------------------------------------------------------- */
typedef struct tw_bound {      /* a solution: what each variable stands for */
    uint32_t at[TW_RULE_VARS]; /* index of a cap use or unit, TW_NONE */
} tw_bound;
/* Checks a template: its variables and fields. false: *ret_bad is the part that is wrong. */
bool tw_says_check(const tw_rules *r, const tw_rule *rule, tw_str template, tw_str *ret_bad);
/* signal: the detail of the signal that the rule asks for, empty where there is none. */
tw_str tw_says_fill(const tw_rules *r, const tw_rule *rule, const tw_bound *at, uint8_t trigger,
                    tw_str signal, const tw_join *j, tw_arena *a);
extern const char tw_says_fields[];

/* --- compile_when.c ------------------------------------------------------------------------------- */
typedef struct tw_rule_build {
    tw_arena *a;
    const tw_doc *doc;
    tw_str file;
    tw_diag *d;
    tw_rules *r;
    tw_rule *rule;
    uint32_t depth;
} tw_rule_build;
/* Compiles the condition at node `id`; outer: variables of an outer condition may be used. extra: NOT
 * atoms added to each conjunction (`unless`), may be NULL. */
tw_err tw_rule_when(tw_rule_build *b, uint32_t id, bool outer, const tw_node *unless, uint32_t *ret_first,
                    uint32_t *ret_n);
/* compile.c */
tw_err tw_rule_bad(const tw_rule_build *b, uint32_t id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
tw_err tw_rule_keys(const tw_rule_build *b, uint32_t id, const char *what, const char *allowed);
tw_err tw_rule_text(const tw_rule_build *b, const tw_node *n, tw_str *ret);
uint32_t tw_rules_string(tw_rules *r, tw_str s);
/* policy.c */
tw_err tw_policy_compile(tw_rule_build *b);
bool tw_policy_ok(const tw_rules *r);
