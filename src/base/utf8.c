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
