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

static bool same(tw_str a, tw_str b)
{
    uint64_t x, y;
    if (a.n != b.n) return false;
    if (a.n > 16 || a.n < 8) return tw_str_eq(a, b);
    memcpy(&x, a.p, 8), memcpy(&y, b.p, 8);
    if (x != y) return false;
    memcpy(&x, a.p + a.n - 8, 8), memcpy(&y, b.p + b.n - 8, 8);
    return x == y;
}

/* Slot that holds key, or the free slot where it belongs. n_slots is a power of two, never full. */
static uint64_t *slot_of(const tw_map *m, tw_str key, uint32_t hash)
{
    uint32_t mask = m->n_slots - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint64_t slot = m->slots[i];
        if (!slot || (slot >> 32 == hash && same(m->items[(uint32_t)slot - 1].key, key))) return &m->slots[i];
    }
}

static void rehash(tw_map *m)
{
    if (m->n_slots > UINT32_MAX / 4) abort();
    uint32_t old = m->n_slots, mask = (old ? old * 2 : 16) - 1;
    uint64_t *slots = TW_NEWN(m->arena, uint64_t, (size_t)mask + 1);
    for (uint32_t n = 0; n < old; n++) {
        if (!m->slots[n]) continue;
        uint32_t i = (uint32_t)(m->slots[n] >> 32) & mask;
        while (slots[i]) i = (i + 1) & mask;
        slots[i] = m->slots[n];
    }
    m->slots = slots;
    m->n_slots = mask + 1;
}

uint64_t *tw_map_get(const tw_map *m, tw_str key)
{
    if (!m->n) return NULL;
    uint64_t slot = *slot_of(m, key, (uint32_t)tw_str_hash(key, m->seed));
    return slot ? &m->items[(uint32_t)slot - 1].value : NULL;
}

uint64_t *tw_map_put(tw_map *m, tw_str key, bool *ret_new)
{
    uint32_t hash = (uint32_t)tw_str_hash(key, m->seed);
    if ((m->n + 1) * 4ull > m->n_slots * 3ull) rehash(m);
    uint64_t *slot = slot_of(m, key, hash);
    if (ret_new) *ret_new = !*slot;
    if (!*slot) {
        if (m->n == m->cap)
            m->items = tw_vec_grow_(m->arena, m->items, &m->cap, sizeof *m->items, (size_t)m->n + 1);
        m->items[m->n++] = (tw_map_item){key, 0};
        *slot = (uint64_t)hash << 32 | m->n;
    }
    return &m->items[(uint32_t)*slot - 1].value;
}
