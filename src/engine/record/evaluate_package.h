/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Shared by evaluate_package*.c, and the few places of the evaluator that ask. */
#include "engine/record/pure_priv.h"
#include "engine/record/world.h"

enum {                   /* ev_val.how of STR and BYTES */
       EV_AS_FILE = 100, /* an open file: the text is its content, list how much of it was read */
       EV_AS_PATH,       /* pathlib.Path and its kin */
       EV_AS_ARCHIVE,    /* zipfile.ZipFile: the text is its path */
       EV_AS_LOADER,     /* SourceFileLoader: the text is the path of its file */
       EV_AS_PROMISE,    /* of the text */
       EV_AS_MODULE,     /* MAP: a file of JSON that was imported */
};

typedef struct ev_package_given { /* a value that a parameter was seen to get; next: index + 1 */
    uint32_t value, next;
} ev_package_given;

struct ev_package {
    tw_world *in;
    tw_map given; /* scope and parameter -> index + 1 in values */
    TW_VEC(ev_package_given) values;
    tw_map names;                        /* sym -> value + 1 */
    uint8_t *again;                      /* [scopes] a parameter of it became known */
    bool any;                            /* again holds something */
    const struct ev_package_row *listed; /* the table whose words are in `rows` -> row + 1 */
    tw_map rows;
};

struct tw_peer {
    tw_arena *arena; /* it lives there */
    ev e;
    ev_package world;
    uint32_t busy; /* a function of it is being run */
};
/* evaluate.c: evaluates all of the file, without making a record of it. */
/* The same; first: an earlier pass over the file, which is then run by the machine too. NULL: none. */
void ev_walk_again(ev *e, ev_package *world, const tw_ir *ir, const tw_limits *lim, bool alone, ev *first);
void ev_walk(ev *e, ev_package *world, const tw_ir *ir, const tw_limits *lim, bool alone);
void ev_end(ev *e);

/* evaluate_package_peer.c: functions and variables of other files. 0: not known. */
uint32_t ev_peer_call(ev *e, tw_str symbol, const ev_args *a);
uint32_t ev_peer_name(ev *e, tw_str symbol);

/* A table of what a call gives in a world. v: arguments, positional or by keyword as in pure functions. */
typedef struct ev_package_row {
    const char *symbols; /* between blanks */
    uint32_t (*fn)(ev *e, const ev_args *a);
} ev_package_row;
uint32_t ev_package_table(ev *e, const ev_package_row *rows, size_t n, tw_str symbol, const ev_args *a);

static inline bool ev_package_is(const ev *e, uint32_t v, uint16_t how)
{
    const ev_val *x = ev_at(e, v);
    return v && x->how == how && (x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES);
}

/* evaluate_package.c */
uint32_t ev_package_make(ev *e, uint8_t kind, tw_str text, uint16_t how, uint32_t recipe);
uint32_t ev_package_origin(ev *e, const char *word, tw_str path); /* a recipe that begins there */
uint32_t ev_package_read(ev *e, tw_str path);                     /* BYTES, 0 */
uint32_t ev_package_text(ev *e, uint32_t bytes, tw_str encoding); /* as Python opens texts */
uint32_t ev_package_json(ev *e, uint32_t text);
uint32_t ev_package_names(ev *e, tw_str dir, tw_str ending, bool whole);
uint32_t ev_package_pick(ev *e, uint32_t n);
void ev_package_give(ev *e, uint32_t callee, uint32_t param, uint32_t value);
bool ev_package_arg(ev *e, const ev_args *a, uint32_t i, const char *keyword, tw_str *ret);

/* evaluate_package_path.c: texts of paths, in the arena */
tw_str ev_path_join(ev *e, tw_str a, tw_str b);
tw_str ev_path_dir(tw_str path);
tw_str ev_path_normal(ev *e, tw_str path);
tw_str ev_path_own(ev *e); /* of this file */

/* evaluate_package_py.c, evaluate_package_js.c */
uint32_t ev_package_rest(ev *e, uint32_t v); /* what was not yet read of an open file; 0 */
uint32_t ev_package_python(ev *e, tw_str symbol, const ev_args *a);
uint32_t ev_package_method(ev *e, tw_str name, const ev_args *a);
uint32_t ev_package_javascript(ev *e, tw_str symbol, const ev_args *a, const ev_call *c);
