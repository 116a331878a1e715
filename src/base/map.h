/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Insertion-ordered hash map from slices to 64-bit values, in an arena. Iteration is over
 * `m->items[0 .. m->n)` in insertion order, so no result ever depends on the hash seed.
 * Keys are not copied: they must outlive the map. No deletion. Source: map.c. */
#include "base/arena.h"

typedef struct tw_map_item {
    tw_str key;
    uint64_t value;
} tw_map_item;

typedef struct tw_map {
    tw_arena *arena;
    tw_map_item *items;
    uint64_t *slots; /* low half of the hash, item index + 1; 0 free */
    uint32_t n, cap, n_slots;
    uint64_t seed;
} tw_map;

/* seed: process-wide, from tw_hash_seed(). */
void tw_map_init(tw_map *m, tw_arena *a);
/* The value slot of key, or NULL. Valid until the next put. */
uint64_t *tw_map_get(const tw_map *m, tw_str key);
/* The value slot of key, made (value 0) where missing; *ret_new (may be NULL) tells. */
uint64_t *tw_map_put(tw_map *m, tw_str key, bool *ret_new);

/* The seed of all maps of this process; set once before the first map, so that flooding a table
 * needs a secret. Tests set several to show that no result depends on it. */
void tw_hash_seed_set(uint64_t seed);
uint64_t tw_hash_seed(void);
