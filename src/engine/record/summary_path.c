/* SPDX-License-Identifier: Apache-2.0 */
/* Access paths of at most TW_PATH_MAX steps, each kept once. Data at a path is anywhere below it, so a path that is
 * cut short means more, never less; step 0 is some element and may be any. */
#include "engine/record/summary_priv.h"

static uint32_t home_of(const su_table *t, uint64_t key)
{
    return (uint32_t)((key * 0x9E3779B97F4A7C15ull) >> 32) & (t->cap - 1);
}

uint32_t *su_find(const su_table *t, uint64_t key)
{
    if (!t->cap) return NULL;
    for (uint32_t i = home_of(t, key); t->keys[i]; i = (i + 1) & (t->cap - 1))
        if (t->keys[i] == key) return &t->values[i];
    return NULL;
}

static void grow(su *s, su_table *t)
{
    su_table old = *t;
    t->cap = old.cap ? old.cap * 2 : 64;
    t->keys = TW_NEWN(s->tmp, uint64_t, t->cap);
    t->values = TW_NEWN(s->tmp, uint32_t, t->cap);
    for (uint32_t i = 0; i < old.cap; i++) {
        if (!old.keys[i]) continue;
        uint32_t at = home_of(t, old.keys[i]);
        while (t->keys[at]) at = (at + 1) & (t->cap - 1);
        t->keys[at] = old.keys[i], t->values[at] = old.values[i];
    }
}

uint32_t *su_slot(su *s, su_table *t, uint64_t key, bool *ret_new)
{
    uint32_t *found = su_find(t, key);
    *ret_new = !found;
    if (found) return found;
    if (t->n * 2 >= t->cap) grow(s, t);
    uint32_t at = home_of(t, key);
    while (t->keys[at]) at = (at + 1) & (t->cap - 1);
    t->keys[at] = key;
    t->n++;
    return &t->values[at];
}

static uint32_t child(su *s, uint32_t up, uint32_t step)
{
    bool fresh;
    uint32_t *first = !up && step < s->r->n_strings ? &s->first_of[step] : NULL;
    if (first && *first) return *first;
    if (first) { /* most are of one step */
        *first = s->paths.n;
        TW_PUSH(s->tmp, s->paths, ((su_path){.step = step, .n = 1, .steps = {step}}));
        return *first;
    }
    uint32_t *slot = su_slot(s, &s->path_of, (uint64_t)up << 32 | (step + 1ull), &fresh);
    if (!fresh) return *slot;
    su_path p = s->paths.v[up];
    p.up = up, p.step = p.steps[p.n++] = step;
    *slot = s->paths.n;
    TW_PUSH(s->tmp, s->paths, p);
    return s->paths.n - 1;
}

static uint32_t path_of(su *s, const uint32_t *v, uint32_t n)
{
    uint32_t path = 0;
    for (uint32_t i = 0; i < n && i < TW_PATH_MAX; i++) path = child(s, path, v[i]);
    return path;
}

uint32_t su_step(su *s, uint32_t path, uint32_t step)
{
    return s->paths.v[path].n < TW_PATH_MAX ? child(s, path, step) : path;
}

uint32_t su_cat(su *s, uint32_t path, uint32_t more)
{
    su_path p = s->paths.v[more];
    if (!path) return more;
    for (uint32_t i = 0; i < p.n; i++) path = su_step(s, path, p.steps[i]);
    return path;
}

uint32_t su_under(su *s, uint32_t step, uint32_t path)
{
    return su_cat(s, child(s, 0, step), path);
}

static bool meets(uint32_t a, uint32_t b)
{
    return a == b || !a || !b;
}

bool su_strip(su *s, uint32_t path, uint32_t step, uint32_t *ret)
{
    su_path p = s->paths.v[path];
    if (!p.n || !meets(p.steps[0], step)) return false;
    *ret = path_of(s, p.steps + 1, p.n - 1);
    return true;
}

bool su_meet(su *s, uint32_t at, uint32_t wanted, uint32_t *ret_rest_at, uint32_t *ret_rest_wanted)
{
    *ret_rest_at = at, *ret_rest_wanted = wanted;
    if (!at || !wanted) return true;
    su_path a = s->paths.v[at], w = s->paths.v[wanted];
    uint32_t both = a.n < w.n ? a.n : w.n;
    for (uint32_t i = 0; i < both; i++)
        if (!meets(a.steps[i], w.steps[i])) return false;
    *ret_rest_at = path_of(s, a.steps + both, a.n - both);
    *ret_rest_wanted = path_of(s, w.steps + both, w.n - both);
    return true;
}
