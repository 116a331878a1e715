/* SPDX-License-Identifier: Apache-2.0 */
#include "base/intern.h"

#include <stdlib.h>

enum { BLOCK_MIN = 256, BLOCK_MAX = 16 << 10 };

void tw_intern_init(tw_interner *t, tw_arena *a)
{
    *t = (tw_interner){.arena = a, .seed = tw_hash_seed(), .block = BLOCK_MIN};
}

/* Slot that holds s, or the free slot where it belongs. n_slots is a power of two, never full. */
static uint32_t *slot_of(const tw_interner *t, tw_str s, uint32_t hash)
{
    uint32_t mask = t->n_slots - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t id = t->slots[i];
        if (!id) return &t->slots[i];
        const tw_interned *x = tw_intern_at(t, id);
        if (x->hash == hash && x->n == s.n && !memcmp(x->p, s.p, s.n)) return &t->slots[i];
    }
}

static void rehash(tw_interner *t)
{
    if (t->n_slots > UINT32_MAX / 4) abort();
    t->n_slots = t->n_slots ? t->n_slots * 2 : 2 * TW_INTERN_FIRST;
    t->slots = TW_NEWN(t->arena, uint32_t, t->n_slots);
    uint32_t mask = t->n_slots - 1;
    for (uint32_t id = 1; id <= t->n; id++) {
        uint32_t i = tw_intern_at(t, id)->hash & mask;
        while (t->slots[i]) i = (i + 1) & mask;
        t->slots[i] = id;
    }
}

/* NUL-terminated besides. Short texts share blocks. */
static const char *keep(tw_interner *t, tw_str s)
{
    if (s.n >= BLOCK_MIN) return tw_arena_str(t->arena, s).p;
    uint32_t need = (uint32_t)s.n + 1;
    if (t->left < need) {
        if (t->block < BLOCK_MAX) t->block *= 2;
        t->room = tw_arena_alloc(t->arena, t->block);
        t->left = t->block;
    }
    char *p = t->room;
    memcpy(p, s.p, s.n);
    t->room += need, t->left -= need;
    return p;
}

static uint32_t intern(tw_interner *t, tw_str s, bool copy)
{
    if (!s.n) return 0;
    if (s.n > UINT32_MAX / 2) abort(); /* limits on sources and values keep an input from getting there */
    uint32_t hash = (uint32_t)tw_str_hash(s, t->seed);
    if ((t->n + 1) * 4ull > t->n_slots * 3ull) rehash(t);
    uint32_t *slot = slot_of(t, s, hash);
    if (*slot) return *slot;
    uint32_t i = t->n, first = TW_INTERN_FIRST;
    if (!i)
        t->runs[0] = TW_NEWN(t->arena, tw_interned, first);
    else if (i >= first && !(i & (i - 1)))
        t->runs[32 - __builtin_clz(i / first)] = TW_NEWN(t->arena, tw_interned, i);
    const char *p = copy ? keep(t, s) : s.p;
    *slot = ++t->n;
    *tw_intern_at(t, t->n) = (tw_interned){p, (uint32_t)s.n, hash};
    return t->n;
}

uint32_t tw_intern(tw_interner *t, tw_str s)
{
    return intern(t, s, true);
}

uint32_t tw_intern_kept(tw_interner *t, tw_str s)
{
    return intern(t, s, false);
}

/* Full runs are shared; the last one, where there is room in it, is copied. */
void tw_intern_fork(tw_interner *t, const tw_interner *base, tw_arena *a)
{
    *t = *base;
    t->arena = a;
    t->room = NULL, t->left = 0, t->block = BLOCK_MIN;
    t->slots = tw_arena_raw(a, t->n_slots * sizeof *t->slots);
    if (t->n_slots) memcpy(t->slots, base->slots, t->n_slots * sizeof *t->slots);
    uint32_t n = t->n, first = TW_INTERN_FIRST, begin = n < first ? 0 : 1u << (31 - __builtin_clz(n));
    if (n == begin) return;
    tw_interned **run = &t->runs[begin ? 32 - __builtin_clz(begin / first) : 0];
    const tw_interned *old = *run;
    *run = tw_arena_raw(a, (begin ? begin : first) * sizeof *old);
    memcpy(*run, old, (n - begin) * sizeof *old);
}

uint32_t tw_intern_find(const tw_interner *t, tw_str s)
{
    if (!s.n || !t->n) return 0;
    return *slot_of(t, s, (uint32_t)tw_str_hash(s, t->seed));
}
