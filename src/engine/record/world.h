/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Evaluation once more, of a file in its package: what it reads of other members, and what sibling modules hold, is
 * known then. The record of such an evaluation says more layers, nothing else is taken of it and no more is kept
 * (engine/resume.c). Sources: evaluate_package*.c. */
#include "engine/record/record.h"

typedef enum tw_world_has {
    TW_WORLD_NONE,  /* no such member */
    TW_WORLD_LATER, /* not at hand: it will be when asked again */
    TW_WORLD_LARGE, /* beyond a limit */
    TW_WORLD_HERE,
} tw_world_has;

typedef struct tw_world {
    void *ctx;
    tw_str path;            /* of this file among the members */
    tw_str module, package; /* its names as a module; empty where it is none */
    tw_str source;          /* its text */
    tw_world_has (*read)(void *ctx, tw_str path, tw_str *ret);
    /* The i-th member directly in a folder (names sorted as the members are); false: no more. */
    bool (*list)(void *ctx, tw_str dir, uint32_t i, tw_str *ret_name);
    /* A value of another file of the package that `symbol` stands for here; NULL: none. */
    const tw_record *(*name)(void *ctx, tw_str symbol, uint32_t *ret_value, tw_str *ret_path);
    /* The file of the package whose function or variable `symbol` is, evaluated; NULL: none. off: where the function
     * begins in it, TW_NONE: a variable, named as the symbol ends. */
    struct tw_peer *(*peer)(void *ctx, tw_str symbol, uint32_t *ret_off);
    /* Where one of several files, arguments or alternatives is meant: the choice-th. */
    uint32_t choice;
    /* out */
    uint32_t n_choices; /* as many as there are, at most TW_WORLD_CHOICES */
    const char *why;    /* what was not to be had, the last of it; static; NULL: nothing */
} tw_world;
enum { TW_WORLD_CHOICES = 12 };

/* In texts a world's paths begin with this. */
#define TW_WORLD_ROOT "/.tidewaiter/"

/* As tw_evaluate. The record may hold calls more than once. */
void tw_evaluate_in(tw_arena *a, const tw_ir *ir, const tw_limits *lim, tw_world *w, tw_record *ret);

/* A file that was evaluated and is kept, so that its functions can be called with constants. ir and w outlive it. */
typedef struct tw_peer tw_peer;
tw_peer *tw_peer_new(const tw_ir *ir, const tw_limits *lim, tw_world *w);
tw_peer *tw_peer_free(tw_peer *p); /* NULL */

/* Steps of a recipe that decode: "file x", "from x" and "json" only say where the text came from. */
uint32_t tw_recipe_decodes(tw_str recipe);
