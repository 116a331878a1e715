/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "tap.h"

static const uint64_t seeds[] = {0, 1, 0x9e3779b97f4a7c15ull, UINT64_MAX};

TEST(insertion_order_under_every_seed)
{
    uint64_t was = tw_hash_seed();
    for (size_t s = 0; s < TW_COUNT(seeds); s++) {
        tw_hash_seed_set(seeds[s]);
        tw_arena *a = tw_arena_new(0);
        tw_map m;
        tw_map_init(&m, a);
        for (uint32_t i = 0; i < 5000; i++) {
            bool is_new = false;
            *tw_map_put(&m, tw_arena_fmt(a, "k%u", i * 7919 % 5000), &is_new) = i;
            CHECK(is_new);
        }
        CHECK_INT(m.n, 5000);
        for (uint32_t i = 0; i < m.n; i++) {
            tw_str want = tw_arena_fmt(a, "k%u", i * 7919 % 5000);
            if (!tw_str_eq(m.items[i].key, want) || m.items[i].value != i) CHECK_STR(m.items[i].key, want);
            const uint64_t *v = tw_map_get(&m, want);
            CHECK(v && *v == i);
        }
        CHECK(!tw_map_get(&m, TW_S("k5000")));
        tw_arena_free(a);
    }
    tw_hash_seed_set(was);
}

TEST(put_finds_what_is_there)
{
    tw_arena *a = tw_arena_new(0);
    tw_map m;
    bool is_new = true;
    tw_map_init(&m, a);
    CHECK(!tw_map_get(&m, TW_S("a")));
    *tw_map_put(&m, TW_S("a"), NULL) = 7;
    CHECK(*tw_map_put(&m, TW_S("a"), &is_new) == 7 && !is_new);
    CHECK(*tw_map_put(&m, TW_S(""), &is_new) == 0 && is_new);
    CHECK(tw_map_get(&m, (tw_str){NULL, 0}) != NULL);
    CHECK_INT(m.n, 2);
    tw_arena_free(a);
}

/* Equal slots, and even equal hashes, must not be taken for equal keys. */
TEST(collisions)
{
    tw_arena *a = tw_arena_new(0);
    tw_map m;
    tw_map_init(&m, a);
    for (uint32_t i = 0; i < 12; i++) *tw_map_put(&m, tw_arena_fmt(a, "%u", i), NULL) = i;
    uint64_t slots[64];
    uint32_t in_slot = 0;
    for (uint32_t i = 0; i < m.n_slots && i < 64; i++) slots[i] = m.slots[i], in_slot += !!m.slots[i];
    CHECK_INT(in_slot, 12);
    /* a key that shares its home slot with another: twelve in sixteen make sure there is one */
    uint32_t displaced = 0;
    for (uint32_t i = 0; i < m.n_slots && i < 64; i++)
        if (slots[i] && (slots[i] >> 32 & (m.n_slots - 1)) != i) displaced++;
    CHECK(displaced > 0);
    for (uint32_t i = 0; i < 12; i++) {
        const uint64_t *v = tw_map_get(&m, tw_arena_fmt(a, "%u", i));
        CHECK(v && *v == i);
    }
    tw_str other = TW_S("other");
    uint32_t hash = (uint32_t)tw_str_hash(other, m.seed);
    m.slots[hash & (m.n_slots - 1)] = (uint64_t)hash << 32 | 1;
    uint64_t *v = tw_map_get(&m, other);
    CHECK(!v || v != &m.items[0].value);
    tw_arena_free(a);
}

TEST(seed_is_the_one_at_init)
{
    uint64_t was = tw_hash_seed();
    tw_arena *a = tw_arena_new(0);
    tw_map m;
    tw_hash_seed_set(5);
    tw_map_init(&m, a);
    *tw_map_put(&m, TW_S("x"), NULL) = 1;
    tw_hash_seed_set(6);
    CHECK(tw_map_get(&m, TW_S("x")) != NULL);
    tw_hash_seed_set(was);
    tw_arena_free(a);
}

TESTS_MAIN()
