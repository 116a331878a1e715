/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

uint32_t tw_utf8_next(tw_str s, size_t *off, bool *ret_bad)
{
    const uint8_t *p = (const uint8_t *)s.p + *off;
    size_t left = s.n - *off, n = 1;
    uint32_t cp = p[0], min = 0;
    if (ret_bad) *ret_bad = false;
    if (cp < 0x80) {
        *off += 1;
        return cp;
    }
    if (cp >= 0xc2 && cp < 0xe0)
        n = 2, cp &= 0x1f, min = 0x80;
    else if (cp >= 0xe0 && cp < 0xf0)
        n = 3, cp &= 0x0f, min = 0x800;
    else if (cp >= 0xf0 && cp < 0xf5)
        n = 4, cp &= 0x07, min = 0x10000;
    bool bad = n == 1 || n > left;
    for (size_t i = 1; !bad && i < n; i++) {
        bad = (p[i] & 0xc0) != 0x80;
        cp = cp << 6 | (p[i] & 0x3f);
    }
    if (bad || cp < min || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000)) {
        if (ret_bad) *ret_bad = true;
        *off += 1;
        return 0xfffd;
    }
    *off += n;
    return cp;
}

bool tw_utf8_valid(tw_str s)
{
    for (size_t i = 0; i < s.n;) {
        uint64_t eight;
        while (i + 8 <= s.n && (memcpy(&eight, s.p + i, 8), !(eight & 0x8080808080808080ull))) i += 8;
        bool bad = false;
        if (i < s.n) tw_utf8_next(s, &i, &bad);
        if (bad) return false;
    }
    return true;
}

void tw_utf8_put(tw_buf *b, uint32_t cp)
{
    if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000)) cp = 0xfffd;
    char u[4];
    size_t n = 0;
    if (cp < 0x80)
        u[n++] = (char)cp;
    else if (cp < 0x800)
        u[n++] = (char)(0xc0 | cp >> 6);
    else if (cp < 0x10000)
        u[n++] = (char)(0xe0 | cp >> 12), u[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
    else {
        u[n++] = (char)(0xf0 | cp >> 18);
        u[n++] = (char)(0x80 | (cp >> 12 & 0x3f));
        u[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
    }
    if (cp >= 0x80) u[n++] = (char)(0x80 | (cp & 0x3f));
    tw_buf_put(b, u, n);
}

typedef struct range {
    uint32_t from, to;
} range;

static bool in_ranges(const range *r, size_t n, uint32_t cp)
{
    size_t lo = 0;
    while (n) {
        size_t half = n / 2;
        if (r[lo + half].to < cp)
            lo += half + 1, n -= half + 1;
        else if (r[lo + half].from > cp)
            n = half;
        else
            return true;
    }
    return false;
}

/* Marks that stand on the character before them, in the scripts a terminal is likely to show. */
static const range combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
    {0x05c4, 0x05c5}, {0x05c7, 0x05c7}, {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670},
    {0x06d6, 0x06dc}, {0x06df, 0x06e4}, {0x06e7, 0x06e8}, {0x06ea, 0x06ed}, {0x0711, 0x0711},
    {0x0730, 0x074a}, {0x0900, 0x0902}, {0x093a, 0x093a}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d}, {0x0951, 0x0957}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},
    {0x1ab0, 0x1ace}, {0x1dc0, 0x1dff}, {0x20d0, 0x20f0}, {0x302a, 0x302d}, {0x3099, 0x309a},
    {0xfe20, 0xfe2f},
};
/* East Asian Wide and Fullwidth, and emoji shown as pictures. */
static const range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},   {0x2705, 0x2705},   {0x274c, 0x274c},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
    {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff},
    {0x1b000, 0x1b2ff}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};
/* Default_Ignorable_Code_Point, interlinear annotations besides. */
static const range invisible[] = {
    {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
    {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool tw_utf8_invisible(uint32_t cp)
{
    return cp >= 0xad && in_ranges(invisible, TW_COUNT(invisible), cp);
}

int tw_utf8_width(uint32_t cp)
{
    if (cp < 0xad) return 1;
    if (in_ranges(combining, TW_COUNT(combining), cp) || tw_utf8_invisible(cp)) return 0;
    return in_ranges(wide, TW_COUNT(wide), cp) ? 2 : 1;
}
