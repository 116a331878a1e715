/* SPDX-License-Identifier: Apache-2.0 */
/* Names outside ASCII. Names in full-width or mathematical letters pass for the ASCII name (and are that
 * name for Python, which compares in NFKC). The compatibility forms of ASCII letters, digits and "_" are
 * mapped here (tests/python/check_unicode.py holds the table against unicodedata); other characters stay. */
#include "base/utf8.h"
#include "engine/languages/text.h"

typedef struct form {
    uint32_t first, last;
    const char *to;
} form; /* to: of `first`; runs go up from there */
static const form forms[] = {
    {0xaa, 0xaa, "a"},        {0xba, 0xba, "o"},        {0x132, 0x132, "IJ"},     {0x133, 0x133, "ij"},
    {0x17f, 0x17f, "s"},      {0x1c7, 0x1c7, "LJ"},     {0x1c8, 0x1c8, "Lj"},     {0x1c9, 0x1c9, "lj"},
    {0x1ca, 0x1ca, "NJ"},     {0x1cb, 0x1cb, "Nj"},     {0x1cc, 0x1cc, "nj"},     {0x1f1, 0x1f1, "DZ"},
    {0x1f2, 0x1f2, "Dz"},     {0x1f3, 0x1f3, "dz"},     {0x2b0, 0x2b0, "h"},      {0x2b2, 0x2b2, "j"},
    {0x2b3, 0x2b3, "r"},      {0x2b7, 0x2b7, "w"},      {0x2b8, 0x2b8, "y"},      {0x2e1, 0x2e1, "l"},
    {0x2e2, 0x2e2, "s"},      {0x2e3, 0x2e3, "x"},      {0x1d2c, 0x1d2c, "A"},    {0x1d2e, 0x1d2e, "B"},
    {0x1d30, 0x1d31, "D"},    {0x1d33, 0x1d3a, "G"},    {0x1d3c, 0x1d3c, "O"},    {0x1d3e, 0x1d3e, "P"},
    {0x1d3f, 0x1d3f, "R"},    {0x1d40, 0x1d41, "T"},    {0x1d42, 0x1d42, "W"},    {0x1d43, 0x1d43, "a"},
    {0x1d47, 0x1d47, "b"},    {0x1d48, 0x1d49, "d"},    {0x1d4d, 0x1d4d, "g"},    {0x1d4f, 0x1d4f, "k"},
    {0x1d50, 0x1d50, "m"},    {0x1d52, 0x1d52, "o"},    {0x1d56, 0x1d56, "p"},    {0x1d57, 0x1d58, "t"},
    {0x1d5b, 0x1d5b, "v"},    {0x1d62, 0x1d62, "i"},    {0x1d63, 0x1d63, "r"},    {0x1d64, 0x1d65, "u"},
    {0x1d9c, 0x1d9c, "c"},    {0x1da0, 0x1da0, "f"},    {0x1dbb, 0x1dbb, "z"},    {0x2071, 0x2071, "i"},
    {0x207f, 0x207f, "n"},    {0x2090, 0x2090, "a"},    {0x2091, 0x2091, "e"},    {0x2092, 0x2092, "o"},
    {0x2093, 0x2093, "x"},    {0x2095, 0x2095, "h"},    {0x2096, 0x2099, "k"},    {0x209a, 0x209a, "p"},
    {0x209b, 0x209c, "s"},    {0x2102, 0x2102, "C"},    {0x210a, 0x210a, "g"},    {0x210b, 0x210b, "H"},
    {0x210c, 0x210c, "H"},    {0x210d, 0x210d, "H"},    {0x210e, 0x210e, "h"},    {0x2110, 0x2110, "I"},
    {0x2111, 0x2111, "I"},    {0x2112, 0x2112, "L"},    {0x2113, 0x2113, "l"},    {0x2115, 0x2115, "N"},
    {0x2119, 0x211b, "P"},    {0x211c, 0x211c, "R"},    {0x211d, 0x211d, "R"},    {0x2124, 0x2124, "Z"},
    {0x2128, 0x2128, "Z"},    {0x212a, 0x212a, "K"},    {0x212c, 0x212d, "B"},    {0x212f, 0x212f, "e"},
    {0x2130, 0x2131, "E"},    {0x2133, 0x2133, "M"},    {0x2134, 0x2134, "o"},    {0x2139, 0x2139, "i"},
    {0x2145, 0x2145, "D"},    {0x2146, 0x2147, "d"},    {0x2148, 0x2149, "i"},    {0x2160, 0x2160, "I"},
    {0x2161, 0x2161, "II"},   {0x2162, 0x2162, "III"},  {0x2163, 0x2163, "IV"},   {0x2164, 0x2164, "V"},
    {0x2165, 0x2165, "VI"},   {0x2166, 0x2166, "VII"},  {0x2167, 0x2167, "VIII"}, {0x2168, 0x2168, "IX"},
    {0x2169, 0x2169, "X"},    {0x216a, 0x216a, "XI"},   {0x216b, 0x216b, "XII"},  {0x216c, 0x216c, "L"},
    {0x216d, 0x216e, "C"},    {0x216f, 0x216f, "M"},    {0x2170, 0x2170, "i"},    {0x2171, 0x2171, "ii"},
    {0x2172, 0x2172, "iii"},  {0x2173, 0x2173, "iv"},   {0x2174, 0x2174, "v"},    {0x2175, 0x2175, "vi"},
    {0x2176, 0x2176, "vii"},  {0x2177, 0x2177, "viii"}, {0x2178, 0x2178, "ix"},   {0x2179, 0x2179, "x"},
    {0x217a, 0x217a, "xi"},   {0x217b, 0x217b, "xii"},  {0x217c, 0x217c, "l"},    {0x217d, 0x217e, "c"},
    {0x217f, 0x217f, "m"},    {0x2c7c, 0x2c7c, "j"},    {0x2c7d, 0x2c7d, "V"},    {0xa7f2, 0xa7f2, "C"},
    {0xa7f3, 0xa7f3, "F"},    {0xa7f4, 0xa7f4, "Q"},    {0xfb00, 0xfb00, "ff"},   {0xfb01, 0xfb01, "fi"},
    {0xfb02, 0xfb02, "fl"},   {0xfb03, 0xfb03, "ffi"},  {0xfb04, 0xfb04, "ffl"},  {0xfb05, 0xfb05, "st"},
    {0xfb06, 0xfb06, "st"},   {0xfe33, 0xfe33, "_"},    {0xfe34, 0xfe34, "_"},    {0xfe4d, 0xfe4d, "_"},
    {0xfe4e, 0xfe4e, "_"},    {0xfe4f, 0xfe4f, "_"},    {0xff10, 0xff19, "0"},    {0xff21, 0xff3a, "A"},
    {0xff3f, 0xff3f, "_"},    {0xff41, 0xff5a, "a"},    {0x107a5, 0x107a5, "q"},  {0x1d400, 0x1d6a3, NULL},
    {0x1d7ce, 0x1d7ff, NULL}, {0x1fbf0, 0x1fbf9, "0"},
};

/* Mathematical alphabets: 13 times A-Z a-z, then digits five times. */
static char mathematical(uint32_t cp)
{
    if (cp >= 0x1d7ce) return (char)('0' + (cp - 0x1d7ce) % 10);
    uint32_t k = (cp - 0x1d400) % 52;
    return (char)(k < 26 ? 'A' + k : 'a' + k - 26);
}

static const form *form_of(uint32_t cp)
{
    size_t lo = 0, hi = TW_COUNT(forms);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (forms[mid].last < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < TW_COUNT(forms) && forms[lo].first <= cp ? &forms[lo] : NULL;
}

/* Letters of other scripts that pass for Latin ones. */
static bool looks_latin(uint32_t cp)
{
    static const uint16_t greek[] = {0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39a, 0x39c,
                                     0x39d, 0x39f, 0x3a1, 0x3a4, 0x3a5, 0x3a7, 0x3bf, 0x3c5};
    if (cp >= 0x400 && cp <= 0x52f) return true;
    if (cp >= 0x13a0 && cp <= 0x13f5) return true; /* Cherokee */
    for (size_t i = 0; i < TW_COUNT(greek); i++)
        if (greek[i] == cp) return true;
    return false;
}

bool tw_text_name(tw_ir *ir, tw_str name, uint64_t off, tw_buf *normal)
{
    bool latin = false, foreign = false, changed = false;
    for (size_t i = 0; i < name.n;) {
        size_t from = i;
        uint32_t cp = tw_utf8_next(name, &i, NULL);
        const form *f = cp < 0x80 ? NULL : form_of(cp);
        if (cp < 0x80) latin |= (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
        foreign |= looks_latin(cp);
        changed |= f != NULL;
        if (!normal) continue;
        if (!f)
            tw_buf_put(normal, name.p + from, i - from);
        else if (!f->to)
            tw_buf_putc(normal, mathematical(cp));
        else if (f->first == f->last)
            tw_buf_puts(normal, tw_str_c(f->to));
        else
            tw_buf_putc(normal, (char)(f->to[0] + (cp - f->first)));
    }
    if (changed || (latin && foreign)) tw_text_finding(ir, TW_FIND_TEXT_HOMOGLYPH, off, name);
    return changed;
}
