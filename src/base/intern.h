/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Interned strings: equal content, equal id; ids count up from 1 in order of first sight.
 * Id 0 is the empty string. Content is copied into the arena. Source: intern.c. */
#include "base/map.h"

typedef struct tw_interner {
    tw_map map;
} tw_interner;

void tw_intern_init(tw_interner *t, tw_arena *a);
uint32_t tw_intern(tw_interner *t, tw_str s);
/* The id, or 0 when s was never interned (or is empty). */
uint32_t tw_intern_find(const tw_interner *t, tw_str s);
/* Slice valid as long as the arena. id out of range: empty. */
tw_str tw_intern_str(const tw_interner *t, uint32_t id);
static inline uint32_t tw_intern_count(const tw_interner *t)
{
    return t->map.n + 1;
}
