/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Join: the records of one package -> what it can do, when, and how data flows. Here symbols get
 * their meaning (capability tables). Never cached by file. Sources: join*.c, flow.c, reach.c. */
#include "engine/capabilities/capabilities.h"
#include "engine/ecosystem.h"
#include "engine/record/record.h"

typedef struct tw_unit { /* one analysed text: a member or a layer in it */
    uint32_t member;
    uint32_t parent;  /* unit that holds the layer, TW_NONE for a member */
    uint32_t layer;   /* index in the parent's record->layers, TW_NONE for a member */
    uint8_t depth;    /* 0 = member */
    tw_digest sha256; /* of its content */
    const tw_record *record;
} tw_unit;

typedef struct tw_place {
    uint32_t unit;
    uint32_t off, len; /* in the unit's source */
} tw_place;

typedef enum tw_confidence { TW_CONF_GUESSED, TW_CONF_FLOW, TW_CONF_FOLDED, TW_CONF_LITERAL } tw_confidence;
const char *tw_confidence_name(tw_confidence c);

typedef struct tw_fact_value { /* what is known of a role argument */
    uint8_t role;              /* tw_arg_role */
    uint8_t partial;           /* 1: only a part of it is constant */
    tw_str text;               /* constant text (or its longest constant part) */
} tw_fact_value;

typedef struct tw_cap_use { /* one capability at one place */
    tw_cap cap;
    uint8_t trigger;      /* tw_trigger: strongest root that reaches it */
    uint8_t confidence;   /* tw_confidence */
    uint8_t source, sink; /* may start / end flows */
    uint32_t call;        /* in the unit's record, TW_NONE when a value or import */
    uint32_t home;        /* function of the package that its code is a part of, + 1; 0: not known */
    tw_str symbol;        /* what it was resolved to */
    tw_str reason;        /* of the trigger: "setup.py", "package-init", "called by main" */
    const char *label;    /* of a value class ("Discord tokens"), NULL */
    tw_place place;
    tw_fact_value values[3];
    uint8_t n_values;
} tw_cap_use;

typedef struct tw_flow {
    uint32_t from, to; /* indices of cap uses */
    uint8_t scope;     /* 0 same function, 1 same file, 2 package */
    uint8_t confidence;
    tw_place *path; /* from .. to, at most 12 */
    uint32_t n_path;
} tw_flow;

typedef struct tw_wanted { /* a file that runs, and that nobody read as code */
    uint32_t member;
    uint8_t lang; /* tw_lang that what starts it takes it for; none: a module of the package */
} tw_wanted;

typedef struct tw_join {
    tw_arena *arena;
    const tw_package *package;
    const tw_unit *units;
    uint32_t n_units;
    uint32_t n_read; /* of them stand in the order of their members; 0: all */
    /* out */
    TW_VEC(tw_cap_use) uses;           /* sorted: unit order, offset, cap */
    TW_VEC(tw_flow) flows;             /* sorted: from, to */
    uint32_t triggers[TW_TRIGGER_MAX]; /* functions and module bodies by strongest trigger */
    TW_VEC(tw_wanted) wanted;          /* each member once */
    uint8_t **func_trigger;            /* [unit][function] tw_trigger */
    tw_coverage *coverage;
    const tw_limits *limits;
} tw_join;

/* Names across the files, before anything is joined: what `name`, as a record has symbols, stands for in a unit.
 * False: no value of another file. Valid as long as the join's units and arena. Source: names.c. */
typedef struct jn tw_names;
tw_names *tw_names_open(tw_join *j);
bool tw_names_value(tw_names *n, uint32_t unit, tw_str name, uint32_t *ret_unit, uint32_t *ret_value);
/* Both at once: what a name of another file stands for. */
typedef struct tw_name_ref {
    uint8_t kind; /* 0 none, 1 a value, 2 a function */
    uint32_t unit, id, off;
} tw_name_ref;
tw_name_ref tw_names_ref(tw_names *n, uint32_t unit, tw_str name);
/* A name that begins as no module or package among the members does: no file of the package has it. */
bool tw_names_foreign(tw_names *n, uint32_t unit, tw_str name);
/* What that depends on. */
void tw_names_add_tops(tw_names *n, uint32_t unit, tw_sha256 *to);
/* The same for functions too: off is where it begins in its file, TW_NONE for a value. */
bool tw_names_place(tw_names *n, uint32_t unit, tw_str name, uint32_t *ret_unit, uint32_t *ret_off);

/* Deterministic; bounded by limits.flow_steps. */
void tw_join_run(tw_join *j);
