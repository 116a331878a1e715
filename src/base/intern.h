/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Interned strings: equal content, equal id; ids count up from 1 in order of first sight.
 * Id 0 is the empty string. Content is copied into the arena, packed; nothing is copied again as the
 * table grows, save its slots. Source: intern.c. */
#include "base/map.h"

enum { TW_INTERN_FIRST = 16, TW_INTERN_RUNS = 29 };
typedef struct tw_interned {
    const char *p;
    uint32_t n, hash;
} tw_interned;
typedef struct tw_interner {
    tw_arena *arena;
    tw_interned *runs[TW_INTERN_RUNS]; /* of 16, 16, 32, 64, ... */
    uint32_t *slots;                   /* id, 0 free */
    uint32_t n, n_slots;
    char *room; /* where the next short text goes */
    uint32_t left, block;
    uint64_t seed;
} tw_interner;

void tw_intern_init(tw_interner *t, tw_arena *a);
uint32_t tw_intern(tw_interner *t, tw_str s);
/* The same, but s is not copied: it must outlive the table. */
uint32_t tw_intern_kept(tw_interner *t, tw_str s);
/* A table that begins with all that base holds, by the same ids. base stays as it is and must outlive it. */
void tw_intern_fork(tw_interner *t, const tw_interner *base, tw_arena *a);
/* The id, or 0 when s was never interned (or is empty). */
uint32_t tw_intern_find(const tw_interner *t, tw_str s);
/* Where the text of an id from 1 to n is kept. */
static inline tw_interned *tw_intern_at(const tw_interner *t, uint32_t id)
{
    uint32_t i = id - 1;
    if (i < TW_INTERN_FIRST) return &t->runs[0][i];
    unsigned run = 32u - (unsigned)__builtin_clz(i / TW_INTERN_FIRST);
    return &t->runs[run][i - (TW_INTERN_FIRST << (run - 1))];
}
/* Slice valid as long as the arena. id out of range: empty. */
static inline tw_str tw_intern_str(const tw_interner *t, uint32_t id)
{
    if (!id || id > t->n) return (tw_str){NULL, 0};
    const tw_interned *x = tw_intern_at(t, id);
    return (tw_str){x->p, x->n};
}
static inline uint32_t tw_intern_count(const tw_interner *t)
{
    return t->n + 1;
}
