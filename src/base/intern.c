/* SPDX-License-Identifier: Apache-2.0 */
#include "base/intern.h"

void tw_intern_init(tw_interner *t, tw_arena *a)
{
    tw_map_init(&t->map, a);
}

uint32_t tw_intern(tw_interner *t, tw_str s)
{
    if (!s.n) return 0;
    bool is_new;
    uint64_t *v = tw_map_put(&t->map, s, &is_new);
    if (is_new) {
        *v = t->map.n;
        t->map.items[t->map.n - 1].key = tw_arena_str(t->map.arena, s);
    }
    return (uint32_t)*v;
}

uint32_t tw_intern_find(const tw_interner *t, tw_str s)
{
    const uint64_t *v = s.n ? tw_map_get(&t->map, s) : NULL;
    return v ? (uint32_t)*v : 0;
}

tw_str tw_intern_str(const tw_interner *t, uint32_t id)
{
    if (!id || id > t->map.n) return (tw_str){NULL, 0};
    return t->map.items[id - 1].key;
}
