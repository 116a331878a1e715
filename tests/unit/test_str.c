/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "tap.h"

static const tw_str none = {NULL, 0};

TEST(empty_slices)
{
    CHECK(tw_str_eq(none, TW_S("")));
    CHECK(tw_str_starts(none, none) && tw_str_ends(none, none));
    CHECK_INT(tw_str_cmp(none, TW_S("")), 0);
    CHECK_INT(tw_str_find(none, none), 0);
    CHECK(tw_str_find(none, TW_S("a")) == TW_NPOS);
    CHECK(tw_str_chr(none, 'a') == TW_NPOS && tw_str_rchr(none, 'a') == TW_NPOS);
    CHECK_INT(tw_str_sub(none, 0, 5).n, 0);
    CHECK_INT(tw_str_trim(none).n, 0);
    CHECK(tw_str_glob(TW_S(""), none) && tw_str_glob(TW_S("**"), none) && !tw_str_glob(TW_S("?"), none));
    CHECK_INT(tw_str_c(NULL).n, 0);
}

TEST(order)
{
    CHECK(tw_str_cmp(TW_S("a"), TW_S("b")) < 0);
    CHECK(tw_str_cmp(TW_S("ab"), TW_S("a")) > 0);
    CHECK(tw_str_cmp(TW_S("\xff"), TW_S("a")) > 0);
    CHECK(tw_str_cmp(TW_S("a"), none) > 0);
}

TEST(find)
{
    tw_str s = TW_S("a/bc/bcd");
    CHECK_INT(tw_str_find(s, TW_S("bcd")), 5);
    CHECK_INT(tw_str_find(s, TW_S("bc")), 2);
    CHECK(tw_str_find(s, TW_S("x")) == TW_NPOS);
    CHECK(tw_str_find(TW_S("b"), TW_S("bc")) == TW_NPOS);
    CHECK_INT(tw_str_chr(s, '/'), 1);
    CHECK_INT(tw_str_rchr(s, '/'), 4);
    CHECK_INT(tw_str_rchr(s, 'a'), 0);
}

TEST(sub_is_clamped)
{
    tw_str s = TW_S("abc");
    CHECK_STR(tw_str_sub(s, 1, 2), TW_S("b"));
    CHECK_STR(tw_str_sub(s, 1, 99), TW_S("bc"));
    CHECK_STR(tw_str_sub(s, 99, 1), TW_S(""));
    CHECK_STR(tw_str_sub(s, 2, 1), TW_S(""));
}

TEST(ascii)
{
    CHECK(tw_str_ieq(TW_S("aZ@[`{09"), TW_S("Az@[`{09")));
    CHECK(!tw_str_ieq(TW_S("["), TW_S("{")) && !tw_str_ieq(TW_S("a"), TW_S("ab")));
    CHECK(!tw_str_ieq(TW_S("\xc4"), TW_S("\xe4")));
    CHECK_STR(tw_str_trim(TW_S(" \t\r\n\v\fa b\n ")), TW_S("a b"));
    CHECK_STR(tw_str_trim(TW_S("\x01 a\x1f")), TW_S("\x01 a\x1f"));
    CHECK_STR(tw_str_trim(TW_S("  ")), TW_S(""));
}

TEST(split)
{
    tw_str rest = TW_S("a,,b,"), part;
    const char *want[] = {"a", "", "b", ""};
    int n = 0;
    for (; tw_str_split(&rest, ',', &part); n++) {
        if (n < 4) CHECK_STR(part, tw_str_c(want[n]));
    }
    CHECK_INT(n, 4);
    CHECK(rest.p == NULL);
    rest = TW_S("");
    CHECK(tw_str_split(&rest, ',', &part) && part.n == 0 && !tw_str_split(&rest, ',', &part));
}

TEST(u64)
{
    uint64_t v = 7;
    CHECK(tw_str_u64(TW_S("18446744073709551615"), &v) && v == UINT64_MAX);
    CHECK(!tw_str_u64(TW_S("18446744073709551616"), &v) && !tw_str_u64(TW_S("99999999999999999999"), &v));
    CHECK(!tw_str_u64(TW_S(""), &v) && !tw_str_u64(TW_S("-1"), &v) && !tw_str_u64(TW_S("+1"), &v));
    CHECK(!tw_str_u64(TW_S("1 "), &v) && !tw_str_u64(TW_S("1a"), &v) && !tw_str_u64(TW_S("\xb1"), &v));
    CHECK(v == UINT64_MAX);
    CHECK(tw_str_u64(TW_S("007"), &v) && v == 7);
}

/* The plain definition, to hold the fast matcher against. */
static bool slow_glob(const char *p, const char *s)
{
    if (!*p) return !*s;
    if (p[0] == '*' && p[1] == '*') {
        for (;; s++) {
            if (slow_glob(p + 2, s)) return true;
            if (!*s) return false;
        }
    }
    if (*p == '*') {
        for (;; s++) {
            if (slow_glob(p + 1, s)) return true;
            if (!*s || *s == '/') return false;
        }
    }
    return *s && (*p == *s || (*p == '?' && *s != '/')) && slow_glob(p + 1, s + 1);
}

TEST(glob_equals_definition)
{
    static const char pat_set[] = "ab/**?*", str_set[] = "aab/";
    uint32_t x = 12345;
    for (int turn = 0; turn < 200000; turn++) {
        char pat[10] = {0}, s[12] = {0};
        x = x * 1103515245 + 12345;
        for (uint32_t i = 0, n = x >> 16 & 7; i < n; i++)
            x = x * 1103515245 + 12345, pat[i] = pat_set[(x >> 16) % 7];
        for (uint32_t i = 0, n = x >> 20 & 7; i < n; i++)
            x = x * 1103515245 + 12345, s[i] = str_set[x >> 16 & 3];
        bool want = slow_glob(pat, s);
        if (tw_str_glob(tw_str_c(pat), tw_str_c(s)) == want) continue;
        fprintf(stderr, "glob '%s' on '%s' should be %d\n", pat, s, want);
        CHECK(false);
        break;
    }
}

TEST(glob_is_not_quadratic)
{
    enum { N = 1 << 18 };
    static char s[N + 2];
    memset(s, 'a', N);
    s[N] = '/', s[N + 1] = 'x';
    CHECK(!tw_str_glob(TW_S("**a*a*b"), tw_str_of(s, N + 2)));
    CHECK(!tw_str_glob(TW_S("**a*b"), tw_str_of(s, N + 2)));
    CHECK(tw_str_glob(TW_S("**/?"), tw_str_of(s, N + 2)));
}

TEST(hash_depends_on_seed_and_every_byte)
{
    char s[80];
    memset(s, 'x', sizeof s);
    for (size_t n = 0; n < sizeof s; n++) {
        uint64_t h = tw_str_hash(tw_str_of(s, n), 1);
        CHECK(h == tw_str_hash(tw_str_of(s, n), 1));
        CHECK(h != tw_str_hash(tw_str_of(s, n), 2));
        CHECK(h != tw_str_hash(tw_str_of(s, n + 1), 1));
        for (size_t i = 0; i < n; i++) {
            s[i] = 'y';
            CHECK(h != tw_str_hash(tw_str_of(s, n), 1));
            s[i] = 'x';
        }
    }
}

/* Blocks chosen to be a multiplicative zero for a public constant must not collide under any seed. */
TEST(hash_has_no_public_zero)
{
    const uint64_t known[] = {0xa0761d6478bd642full, 0xe7037ed1a0b428dbull, 0};
    for (size_t k = 0; k < TW_COUNT(known); k++) {
        char a[40] = {0}, b[40] = {0};
        memcpy(a, &known[k], 8);
        memcpy(b, &known[k], 8);
        b[8] = 1;
        CHECK(tw_str_hash(tw_str_of(a, 40), 99) != tw_str_hash(tw_str_of(b, 40), 99));
    }
}

TESTS_MAIN()
