/* SPDX-License-Identifier: Apache-2.0 */
/* Integers and texts by hash: keys of dicts, items of sets. Everything else is compared one by one. */
#include "engine/record/pure_priv.h"

bool ev_key_plain(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    bool kind = x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES || x->kind == TW_VAL_INT ||
                (x->kind == TW_VAL_BOOL && e->py);
    return kind && x->flags & EV_CONST;
}

void ev_keys_begin(ev *e, uint32_t n)
{
    uint32_t cap = 16;
    while (cap < 2 * n) cap *= 2;
    e->keys.n = 0;
    TW_RESERVE(e->tmp, e->keys, cap);
    e->keys.n = cap;
    memset(e->keys.v, 0, cap * sizeof *e->keys.v);
}

static uint64_t hash_of(const ev *e, const ev_val *x)
{
    if (x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES)
        return tw_str_hash(e->texts.v[x->a], tw_hash_seed());
    uint64_t n = (uint64_t)x->b << 32 | x->a;
    return (n ^ tw_hash_seed()) * 0x9E3779B97F4A7C15ull;
}

static bool same_key(const ev *e, const ev_val *x, const ev_val *y)
{
    bool text = x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES;
    if (text) return x->kind == y->kind && tw_str_eq(e->texts.v[x->a], e->texts.v[y->a]);
    return y->kind != TW_VAL_STR && y->kind != TW_VAL_BYTES && x->a == y->a && x->b == y->b;
}

uint32_t *ev_key_slot(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    uint32_t mask = e->keys.n - 1;
    for (uint32_t i = (uint32_t)(hash_of(e, x) >> 20) & mask;; i = (i + 1) & mask) {
        ev_key *k = &e->keys.v[i];
        if (k->no && !same_key(e, ev_at(e, k->v), x)) continue;
        k->v = v;
        return &k->no;
    }
}
