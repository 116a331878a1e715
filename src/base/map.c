/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdlib.h>

static uint64_t process_seed = 0x9e3779b97f4a7c15ull;

void tw_hash_seed_set(uint64_t seed)
{
    process_seed = seed;
}
uint64_t tw_hash_seed(void)
{
    return process_seed;
}

void tw_map_init(tw_map *m, tw_arena *a)
{
    *m = (tw_map){.arena = a, .seed = process_seed};
}

/* Slot that holds key, or the free slot where it belongs. n_slots is a power of two, never full. */
static uint32_t *slot_of(const tw_map *m, tw_str key, uint64_t hash)
{
    uint32_t mask = m->n_slots - 1;
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t item = m->slots[i];
        if (!item) return &m->slots[i];
        const tw_map_item *it = &m->items[item - 1];
        if (it->hash == hash && tw_str_eq(it->key, key)) return &m->slots[i];
    }
}

static void rehash(tw_map *m)
{
    if (m->n_slots > UINT32_MAX / 4) abort();
    m->n_slots = m->n_slots ? m->n_slots * 2 : 16;
    m->slots = TW_NEWN(m->arena, uint32_t, m->n_slots);
    uint32_t mask = m->n_slots - 1;
    for (uint32_t n = 0; n < m->n; n++) {
        uint32_t i = (uint32_t)m->items[n].hash & mask;
        while (m->slots[i]) i = (i + 1) & mask;
        m->slots[i] = n + 1;
    }
}

uint64_t *tw_map_get(const tw_map *m, tw_str key)
{
    if (!m->n) return NULL;
    uint32_t item = *slot_of(m, key, tw_str_hash(key, m->seed));
    return item ? &m->items[item - 1].value : NULL;
}

uint64_t *tw_map_put(tw_map *m, tw_str key, bool *ret_new)
{
    uint64_t hash = tw_str_hash(key, m->seed);
    if ((m->n + 1) * 4ull > m->n_slots * 3ull) rehash(m);
    uint32_t *slot = slot_of(m, key, hash);
    if (ret_new) *ret_new = !*slot;
    if (!*slot) {
        if (m->n == m->cap)
            m->items = tw_vec_grow_(m->arena, m->items, &m->cap, sizeof *m->items, (size_t)m->n + 1);
        m->items[m->n++] = (tw_map_item){key, 0, hash};
        *slot = m->n;
    }
    return &m->items[*slot - 1].value;
}
