/* SPDX-License-Identifier: Apache-2.0 */
#include "base/intern.h"

#include "tap.h"

TEST(ids_count_up_from_one)
{
    tw_arena *a = tw_arena_new(0);
    tw_interner t;
    tw_intern_init(&t, a);
    CHECK_INT(tw_intern_count(&t), 1);
    CHECK_INT(tw_intern(&t, TW_S("a")), 1);
    CHECK_INT(tw_intern(&t, TW_S("b")), 2);
    CHECK_INT(tw_intern(&t, TW_S("a")), 1);
    CHECK_INT(tw_intern(&t, TW_S("")), 0);
    CHECK_INT(tw_intern_count(&t), 3);
    CHECK_INT(tw_intern_find(&t, TW_S("b")), 2);
    CHECK_INT(tw_intern_find(&t, TW_S("c")), 0);
    CHECK_STR(tw_intern_str(&t, 2), TW_S("b"));
    CHECK_INT(tw_intern_str(&t, 0).n, 0);
    CHECK_INT(tw_intern_str(&t, 3).n, 0);
    CHECK_INT(tw_intern_str(&t, UINT32_MAX).n, 0);
    tw_arena_free(a);
}

TEST(content_is_copied)
{
    tw_arena *a = tw_arena_new(0);
    tw_interner t;
    tw_intern_init(&t, a);
    char name[8];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(tw_intern(&t, tw_str_c(name)), i + 1);
    }
    memset(name, 'x', sizeof name);
    CHECK_STR(tw_intern_str(&t, 1), TW_S("n0"));
    CHECK_INT(tw_intern_find(&t, TW_S("n999")), 1000);
    tw_arena_free(a);
}

/* What was there keeps its id in both; what comes later is known to the fork alone. */
static void fork_of(int n)
{
    tw_arena *a = tw_arena_new(0), *b = tw_arena_new(0);
    tw_interner t, f;
    char name[8];
    tw_intern_init(&t, a);
    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "n%d", i);
        tw_intern(&t, tw_str_c(name));
    }
    tw_intern_fork(&f, &t, b);
    for (int i = n; i < 2 * n + 40; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(tw_intern(&f, tw_str_c(name)), i + 1);
        CHECK_INT(tw_intern_find(&t, tw_str_c(name)), 0);
    }
    CHECK_INT(tw_intern_count(&t), n + 1);
    for (int i = 0; i < 2 * n + 40; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(tw_intern_find(&f, tw_str_c(name)), i + 1);
        CHECK_STR(tw_intern_str(&f, (uint32_t)i + 1), tw_str_c(name));
        if (i < n) CHECK_STR(tw_intern_str(&t, (uint32_t)i + 1), tw_str_c(name));
    }
    tw_arena_free(a), tw_arena_free(b);
}

TEST(a_fork_goes_on_alone)
{
    for (int n = 0; n < 70; n++) fork_of(n);
}

TEST(kept_texts_are_not_copied)
{
    tw_arena *a = tw_arena_new(0);
    tw_interner t;
    tw_intern_init(&t, a);
    static const char text[] = "kept";
    CHECK_INT(tw_intern_kept(&t, tw_str_c(text)), 1);
    CHECK(tw_intern_str(&t, 1).p == text);
    CHECK_INT(tw_intern(&t, TW_S("kept")), 1);
    tw_arena_free(a);
}

TESTS_MAIN()
