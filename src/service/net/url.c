/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

static bool alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

tw_str tw_url_encode(tw_arena *a, tw_str s, tw_str keep)
{
    char *p = tw_arena_alloc(a, s.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = (uint8_t)s.p[i];
        if (alnum(s.p[i]) || tw_str_chr(keep, s.p[i]) != TW_NPOS) {
            p[n++] = s.p[i];
            continue;
        }
        p[n++] = '%';
        p[n++] = "0123456789ABCDEF"[c >> 4];
        p[n++] = "0123456789ABCDEF"[c & 15];
    }
    return (tw_str){p, n};
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

tw_str tw_url_decode(tw_arena *a, tw_str s)
{
    char *p = tw_arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int hi = s.p[i] == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1, lo = hi < 0 ? -1 : hex(s.p[i + 2]);
        if (lo >= 0) i += 2;
        p[n++] = lo >= 0 ? (char)(hi << 4 | lo) : s.p[i];
    }
    return (tw_str){p, n};
}
