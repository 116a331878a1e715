/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "tap.h"

TEST(round_trip_of_every_code_point)
{
    tw_buf b = {0};
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        size_t off = 0;
        bool bad = true;
        if (cp == 0xd800) cp = 0xe000;
        tw_buf_clear(&b);
        tw_utf8_put(&b, cp);
        if (tw_utf8_next(tw_buf_str(&b), &off, &bad) != cp || bad || off != b.n) CHECK_INT(cp, -1);
        if (b.n > 1 && tw_utf8_valid(tw_str_of(b.p, b.n - 1))) CHECK_INT(cp, -2);
    }
    tw_buf_clear(&b);
    tw_utf8_put(&b, 0xd800);
    tw_utf8_put(&b, 0x110000);
    CHECK_STR(tw_buf_str(&b), TW_S("\xef\xbf\xbd\xef\xbf\xbd"));
    tw_buf_free(&b);
}

TEST(broken)
{
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2\x41",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xe2\x82",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        size_t off = 0;
        bool flag = false;
        CHECK_INT(tw_utf8_next(tw_str_c(bad[i]), &off, &flag), 0xfffd);
        CHECK(flag && off == 1); /* one byte, so that the next good character is not lost */
        CHECK(!tw_utf8_valid(tw_str_c(bad[i])));
    }
}

TEST(valid_at_every_offset)
{
    char s[40];
    CHECK(tw_utf8_valid((tw_str){NULL, 0}));
    for (size_t at = 0; at < sizeof s; at++) {
        memset(s, 'a', sizeof s);
        CHECK(tw_utf8_valid(tw_str_of(s, sizeof s)));
        s[at] = (char)0xe9;
        CHECK(!tw_utf8_valid(tw_str_of(s, sizeof s)));
        if (at + 1 < sizeof s) {
            s[at] = (char)0xc3, s[at + 1] = (char)0xa9;
            CHECK(tw_utf8_valid(tw_str_of(s, sizeof s)));
        }
    }
}

TEST(widths)
{
    static const struct {
        uint32_t cp;
        int want;
    } cases[] = {{'a', 1},    {0xe9, 1},     {0x300, 0},  {0x36f, 0},  {0x370, 1},
                 {0x3042, 2}, {0x4e00, 2},   {0xac00, 2}, {0xd7a4, 1}, {0xff21, 2},
                 {0xff66, 1}, {0x1f600, 2},  {0x200b, 0}, {0x202e, 0}, {0x20000, 2},
                 {0x430, 1},  {0x10ffff, 1}, {0xfe0f, 0}, {0xad, 0}};
    for (size_t i = 0; i < TW_COUNT(cases); i++) CHECK_INT(tw_utf8_width(cases[i].cp), cases[i].want);
}

TEST(invisible)
{
    static const uint32_t yes[] = {0xad,   0x61c,  0x200b,  0x200e, 0x202a,  0x202e, 0x2066,
                                   0x2069, 0xfeff, 0xe0041, 0xfe00, 0xe01ef, 0x3164, 0x115f};
    static const uint32_t no[] = {0, ' ', 'a', 0xa0, 0x2010, 0x2028, 0x2065 + 0xb, 0x4e00, 0x10ffff, 0x300};
    for (size_t i = 0; i < TW_COUNT(yes); i++) CHECK(tw_utf8_invisible(yes[i]));
    for (size_t i = 0; i < TW_COUNT(no); i++) CHECK(!tw_utf8_invisible(no[i]));
}

static bool same(const char *x, const char *y)
{
    tw_buf a = {0}, b = {0};
    tw_utf8_fold(&a, tw_str_c(x));
    tw_utf8_fold(&b, tw_str_c(y));
    bool yes = tw_str_eq(tw_buf_str(&a), tw_buf_str(&b));
    tw_buf_free(&a);
    tw_buf_free(&b);
    return yes;
}

TEST(fold)
{
    CHECK(same("README.md", "readme.MD"));
    CHECK(same("\u00c4", "a\u0308") && same("\u00e4", "A\u0308"));
    CHECK(same("\u1e69", "S\u0323\u0307"));
    CHECK(same("\u1ebf", "E\u0302\u0301"));
    CHECK(same("\u03a3", "\u03c2") && same("\u03a3", "\u03c3"));
    CHECK(same("\u0419", "\u0438\u0306"));
    CHECK(same("\u0130", "\u0130") && !same("\u0130", "i"));
    CHECK(same("\u017f", "S") && same("\u212a", "k") && same("\u212b", "a\u030a"));
    CHECK(same("\u0178", "\u00ff") && same("\u1e9e", "\u00df"));
    CHECK(!same("\u00d7", "\u00f7")); /* signs between the letters */
    CHECK(!same("a", "\u0430"));      /* look alike, but no file system takes them for one */
    CHECK(!same("\xff", "\xfe") && !same("\xff", "\ufffd"));
    CHECK(!same("a", "b") && !same("a\u0308", "a"));
    tw_buf b = {0};
    tw_utf8_fold(&b, tw_str_of("A\0\x80Z\xcc", 5));
    CHECK_STR(tw_buf_str(&b), tw_str_of("a\0\x80z\xcc", 5));
    tw_buf_free(&b);
}

TESTS_MAIN()
