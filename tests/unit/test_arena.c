/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "tap.h"

static bool all_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i]) return false;
    return true;
}

TEST(zeroed_and_aligned)
{
    tw_arena *a = tw_arena_new(100);
    for (size_t n = 0; n < 300; n += 7) {
        char *p = tw_arena_alloc(a, n);
        CHECK(p && (uintptr_t)p % 16 == 0);
        CHECK(all_zero(p, n));
        memset(p, 0xaa, n);
    }
    CHECK(tw_arena_alloc(a, 0) != tw_arena_alloc(a, 0));
    CHECK(tw_arena_free(a) == NULL);
    CHECK(tw_arena_free(NULL) == NULL);
}

TEST(grows_in_place)
{
    tw_arena *a = tw_arena_new(4096);
    char *p = tw_arena_alloc(a, 10);
    memcpy(p, "0123456789", 10);
    char *q = tw_arena_grow(a, p, 10, 1000);
    CHECK(q == p);
    CHECK(memcmp(q, "0123456789", 10) == 0 && all_zero(q + 10, 990));
    CHECK(tw_arena_grow(a, q, 1000, 1000) == q);
    CHECK(tw_arena_grow(a, q, 1000, 5) == q);
    tw_arena_alloc(a, 1); /* no longer the newest */
    q = tw_arena_grow(a, p, 1000, 1100);
    CHECK(q != p);
    CHECK(memcmp(q, "0123456789", 10) == 0 && all_zero(q + 10, 1090));
    p = tw_arena_grow(a, q, 1100, 1 << 20); /* beyond the chunk */
    CHECK(p != q && memcmp(p, "0123456789", 10) == 0 && all_zero(p + 1100, (1 << 20) - 1100));
    CHECK(tw_arena_grow(a, NULL, 0, 8) != NULL);
    tw_arena_free(a);
}

TEST(mark_and_reset)
{
    tw_arena *a = tw_arena_new(256);
    char *keep = tw_arena_alloc(a, 16);
    memcpy(keep, "kept", 4);
    size_t used = tw_arena_used(a);
    tw_mark m = tw_arena_mark(a);
    char *first = NULL;
    for (int turn = 0; turn < 3; turn++) {
        char *p = tw_arena_alloc(a, 64);
        CHECK(all_zero(p, 64)); /* also where an earlier turn wrote */
        if (!turn) first = p;
        CHECK(p == first);
        memset(p, 1, 64);
        for (int i = 0; i < 50; i++) memset(tw_arena_alloc(a, 200), 2, 200);
        char *big = tw_arena_alloc(a, 100000);
        CHECK(all_zero(big, 100000));
        memset(big, 3, 100000);
        CHECK(tw_arena_used(a) > used);
        tw_arena_reset(a, m);
        CHECK_INT(tw_arena_used(a), used);
    }
    CHECK_STR(tw_str_c(keep), TW_S("kept"));
    tw_arena_free(a);
}

/* Chunks kept by a reset serve again, also when one of them is too small for what comes. */
TEST(kept_chunks)
{
    tw_arena *a = tw_arena_new(64);
    tw_mark m = tw_arena_mark(a);
    for (int i = 0; i < 5; i++) tw_arena_alloc(a, 500);
    tw_arena_reset(a, m);
    char *big = tw_arena_alloc(a, 50000), *small = tw_arena_alloc(a, 500);
    CHECK(all_zero(big, 50000) && all_zero(small, 500));
    memset(big, 1, 50000);
    CHECK(all_zero(small, 500));
    tw_arena_free(a);
}

TEST(used_counts_what_was_asked)
{
    tw_arena *a = tw_arena_new(0);
    tw_arena_alloc(a, 1);
    tw_arena_alloc(a, 32);
    CHECK_INT(tw_arena_used(a), 48); /* the same in every build, ASan's red zones not counted */
    void *p = tw_arena_alloc(a, 16);
    tw_arena_grow(a, p, 16, 48);
    CHECK_INT(tw_arena_used(a), 96);
    tw_arena_free(a);
}

TEST(heap_block_joins)
{
    tw_arena *a = tw_arena_new(0);
    tw_mark m = tw_arena_mark(a);
    uint32_t *v = NULL;
    for (uint32_t n = 1; n <= 100000; n *= 10) {
        v = tw_heap_grow(v, n * sizeof *v);
        for (uint32_t i = n / 10; i < n; i++) v[i] = i;
    }
    v = tw_arena_take(a, v, 100000 * sizeof *v);
    tw_arena_alloc(a, 100);
    for (uint32_t i = 0; i < 100000; i++)
        if (v[i] != i) CHECK_INT(v[i], i);
    CHECK_INT(tw_arena_used(a), 400000 + 112);
    tw_arena_reset(a, m);
    CHECK(all_zero(tw_arena_alloc(a, 300000), 300000));
    tw_heap_free(NULL);
    tw_heap_free(tw_heap_grow(NULL, 10));
    tw_arena_free(a);
}

TEST(strings_and_format)
{
    tw_arena *a = tw_arena_new(0);
    tw_str s = tw_arena_str(a, TW_S("abc"));
    CHECK_STR(s, TW_S("abc"));
    CHECK(s.p[3] == 0);
    CHECK_STR(tw_arena_str(a, (tw_str){NULL, 0}), TW_S(""));
    s = tw_arena_fmt(a, "%d-%.*s", 42, TW_FMT(TW_S("xyz")));
    CHECK_STR(s, TW_S("42-xyz"));
    CHECK(s.p[s.n] == 0);
    tw_arena_free(a);
}

TEST(vectors)
{
    tw_arena *a = tw_arena_new(0);
    TW_VEC(uint64_t) v = {0};
    for (uint64_t i = 0; i < 10000; i++) {
        TW_PUSH(a, v, i * 3);
        if (i % 100 == 0) tw_arena_alloc(a, 8); /* now and then growth must copy */
    }
    CHECK_INT(v.n, 10000);
    for (uint64_t i = 0; i < v.n; i++)
        if (v.v[i] != i * 3) CHECK_INT(v.v[i], i * 3);
    TW_RESERVE(a, v, 50000);
    CHECK(v.cap >= 60000 && v.n == 10000);
    tw_arena_free(a);
}

TESTS_MAIN()
