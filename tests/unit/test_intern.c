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

TESTS_MAIN()
