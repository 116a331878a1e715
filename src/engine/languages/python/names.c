/* SPDX-License-Identifier: Apache-2.0 */
/* \N{NAME}: names by their hash (a generated table), ideographs and Hangul by computing. Scripts outside the
 * Basic Multilingual Plane are not in the table: such names stay as written. tests/python/check_unicode.py holds
 * all against unicodedata. */
#include "engine/languages/python/py.h"
#include "engine/languages/python/unicode.h"

enum { NAME_MAX_LEN = 96, HANGUL = 0xac00, VOWELS = 21, TAILS = 28 };

/* CJK UNIFIED IDEOGRAPH-4E00 */
static uint32_t ideograph(tw_str hex)
{
    uint32_t cp = 0;
    if (hex.n < 4 || hex.n > 5) return 0;
    for (size_t i = 0; i < hex.n; i++) {
        char c = hex.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))) return 0;
        cp = cp << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'A' + 10);
    }
    bool is =
        (cp >= 0x3400 && cp < 0x4dc0) || (cp >= 0x4e00 && cp < 0xa000) || (cp >= 0x20000 && cp < 0x323b0);
    return is ? cp : 0;
}

/* The longest of the jamo that rest starts with. */
static uint32_t jamo(tw_str rest, const char *const *names, uint32_t n, size_t *ret_len)
{
    uint32_t best = UINT32_MAX;
    *ret_len = 0;
    for (uint32_t i = 0; i < n; i++) {
        tw_str name = tw_str_c(names[i]);
        if (tw_str_starts(rest, name) && (best == UINT32_MAX || name.n > *ret_len))
            best = i, *ret_len = name.n;
    }
    return best;
}

/* HANGUL SYLLABLE GAG */
static uint32_t hangul(tw_str s)
{
    static const char *const leads[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                        "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
    static const char *const vowels[VOWELS] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                               "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                               "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
    static const char *const tails[TAILS] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                             "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                             "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
    size_t n;
    uint32_t l = jamo(s, leads, TW_COUNT(leads), &n);
    s = tw_str_sub(s, n, s.n);
    uint32_t v = jamo(s, vowels, VOWELS, &n);
    s = tw_str_sub(s, n, s.n);
    uint32_t t = jamo(s, tails, TAILS, &n);
    return v == UINT32_MAX || n != s.n ? 0 : HANGUL + (l * VOWELS + v) * TAILS + t;
}

/* 0 where unknown (NULL's own 0 is written \0 by everyone). */
uint32_t py_named(tw_str name)
{
    char up[NAME_MAX_LEN];
    if (name.n > sizeof up) return 0;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.n; i++) {
        up[i] = name.p[i] >= 'a' && name.p[i] <= 'z' ? (char)(name.p[i] - 32) : name.p[i];
        hash = (hash ^ (uint8_t)up[i]) * 16777619u;
    }
    tw_str s = {up, name.n}, cjk = TW_S("CJK UNIFIED IDEOGRAPH-"), syllable = TW_S("HANGUL SYLLABLE ");
    if (tw_str_starts(s, cjk)) return ideograph(tw_str_sub(s, cjk.n, s.n));
    if (tw_str_starts(s, syllable)) return hangul(tw_str_sub(s, syllable.n, s.n));
    return py_named_hash(hash);
}
