/* SPDX-License-Identifier: Apache-2.0 */
/* Constants, names and text facts, through the front end. */
#include "js_shape.h"

TEST(strings)
{
    static const struct {
        const char *src, *text;
    } rows[] = {
        {"'a\\n\\x41\\u0042\\u{43}\\103'", "a\nABCC"},
        {"'\\ud83d\\ude00'", "\xF0\x9F\x98\x80"},
        {"'\\ud83d'", "\xED\xA0\xBD"},
        {"'a\\\nb\\\r\nc'", "abc"},
        {"'\\q\\'\\\"'", "q'\""},
        {"'\xE2\x80\xA8'", "\xE2\x80\xA8"},
        {"`a\r\nb\rc`", "a\nb\nc"},
        {"`\\${x}\\`$`", "${x}`$"},
        {"'0123456789abcdef0123456789abcdef0'", "0123456789abcdef0123456789abcdef0"},
        {"'\xE9'", "\xE9"},
    };
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        shape s = shape_of(tw_str_c(rows[i].src));
        CHECK_INT(count_op(&s.ir, TW_OP_OPAQUE), 0);
        CHECK_STR(text_of_op(&s.ir, TW_OP_CONST, 0), tw_str_c(rows[i].text));
        tw_arena_free(s.a);
    }
}

TEST(numbers)
{
    static const char *const rows[] = {"0x1F", "0b1_0", "017", "089.5", "1_000n", ".5e-3", "1.e3", "0"};
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        shape s = shape_of(tw_str_c(rows[i]));
        CHECK_INT(count_op(&s.ir, TW_OP_OPAQUE), 0);
        CHECK_STR(text_of_op(&s.ir, TW_OP_CONST, 0), tw_str_c(rows[i]));
        tw_arena_free(s.a);
    }
}

TEST(names)
{
    shape s = shape_of(TW_S("\\u0061b; a\\u{62}; \xC3\xA9t\xC3\xA9; $_; abcdefghijklmnopqrstuvwxyz0123"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 0), TW_S("ab"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 1), TW_S("ab"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 2), TW_S("\xC3\xA9t\xC3\xA9"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 3), TW_S("$_"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 4), TW_S("abcdefghijklmnopqrstuvwxyz0123"));
    tw_arena_free(s.a);
}

TEST(utf16)
{
    shape s = shape_of((tw_str){"\xFF\xFE"
                                "f\0(\0\xE9\0)\0",
                                10});
    CHECK_INT(count_op(&s.ir, TW_OP_CALL), 1);
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 1), TW_S("\xC3\xA9"));
    tw_arena_free(s.a);
}

TESTS_MAIN()
