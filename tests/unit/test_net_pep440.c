/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/pypi/version.h"

#include "tap.h"

/* Strictly ascending; the spellings of one line are equal. */
static const char *const order[][6] = {
    {"0", "0.0", "00", "v0.0.0"},
    {"1.0.dev456", "1.dev456", "1.0-DEV456", "1.0_dev_456"},
    {"1.0a1.dev1"},
    {"1.0a1", "1.0alpha1", "1.0-a.1", "1.0_ALPHA_1", "1a1"},
    {"1.0a2.dev456"},
    {"1.0a12.dev456"},
    {"1.0a12"},
    {"1.0b1.dev456"},
    {"1.0b2", "1.0.beta2", "1.0b02"},
    {"1.0b2.post345.dev456"},
    {"1.0b2.post345", "1.0b2-345", "1.0b2.r345"},
    {"1.0rc1.dev456"},
    {"1.0rc1", "1.0c1", "1.0pre1", "1.0.preview_1"},
    {"1.0rc1.post1"},
    {"1.0", "1", "1.0.0", " v1.0\n", "01.0"},
    {"1.0+abc.5"},
    {"1.0+abc.7", "1.0+ABC_7"},
    {"1.0+abd"},
    {"1.0+5", "1.0+05"},
    {"1.0+5.1"},
    {"1.0+10"},
    {"1.0.post0", "1.0.post", "1.0-r", "1.0rev"},
    {"1.0.post456.dev34"},
    {"1.0.post456", "1.0-456"},
    {"1.0.15"},
    {"1.1.dev1"},
    {"1.1"},
    {"1.9"},
    {"1.10", "1.10.0.0"},
    {"2012.4"},
    {"99999999999999999999999"},
    {"100000000000000000000000"},
    {"1!0.1.dev0"},
    {"1!1.0"},
    {"2!0"},
};

TEST(order_of_every_pair)
{
    for (size_t i = 0; i < TW_COUNT(order); i++)
        for (size_t x = 0; x < 6 && order[i][x]; x++)
            for (size_t j = 0; j < TW_COUNT(order); j++)
                for (size_t y = 0; y < 6 && order[j][y]; y++) {
                    tw_pep440 a, b;
                    CHECK(tw_pep440_parse(tw_str_c(order[i][x]), &a));
                    CHECK(tw_pep440_parse(tw_str_c(order[j][y]), &b));
                    int c = tw_pep440_cmp(&a, &b), want = (i > j) - (i < j);
                    if ((c > 0) - (c < 0) == want) continue;
                    fprintf(stderr, "%s against %s: %d, want %d\n", order[i][x], order[j][y], c, want);
                    CHECK(false);
                }
}

TEST(no_versions)
{
    static const char *const bad[] = {
        "",       "a",       "1.",    ".1",      "1..2",           "1.0x",
        "1.0-",   "1!",      "!1",    "1!2!3",   "1.0+",           "1.0+a..b",
        "1.0+.a", "1.0+a.",  "1.0 a", "1.0a1a2", "1.0.dev1.post1", "1.0.post1a1",
        "latest", "1.0+a b", "1,0",   "==1.0",   "1.0.*",          "-1",
        "1.0--1", "\xd9\xa1"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        tw_pep440 v;
        tw_str text = tw_str_c(bad[i]);
        if (tw_pep440_parse(text, &v)) fprintf(stderr, "'%.*s' was taken\n", TW_FMT(text));
        CHECK(!tw_pep440_parse(text, &v));
    }
}

TEST(pre_releases)
{
    static const struct {
        const char *text;
        bool pre;
    } cases[] = {{"1.0", false},   {"1.0.post1", false}, {"1.0+dev", false},      {"1.0a1", true},
                 {"1.0rc1", true}, {"1.0.dev0", true},   {"1.0.post1.dev2", true}};
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_pep440 v = {0};
        CHECK(tw_pep440_parse(tw_str_c(cases[i].text), &v));
        CHECK_INT(tw_pep440_is_pre(&v), cases[i].pre);
    }
}

TEST(names)
{
    tw_arena *a = tw_arena_new(0);
    tw_str s;
    CHECK(tw_pypi_normalise(a, TW_S("Friendly-._.Bard"), &s));
    CHECK_STR(s, TW_S("friendly-bard"));
    CHECK(tw_pypi_normalise(a, TW_S("x"), &s));
    CHECK_STR(s, TW_S("x"));
    static const char *const bad[] = {"",    "-a",       "a-",   ".",    "a/b", "..",
                                      "a b", "\xc3\xa9", "a%2f", "a[b]", "@a/b"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) CHECK(!tw_pypi_normalise(a, tw_str_c(bad[i]), &s));
    tw_arena_free(a);
}

TESTS_MAIN()
