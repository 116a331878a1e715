/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes -> UTF-8 text: UTF-16 by its byte order mark, anything else as it is. */
#include "engine/languages/javascript/js.h"

static uint32_t unit(tw_str s, size_t i, bool big)
{
    uint8_t a = (uint8_t)s.p[i], b = (uint8_t)s.p[i + 1];
    return big ? (uint32_t)a << 8 | b : (uint32_t)b << 8 | a;
}

static size_t put(char *to, uint32_t c)
{
    if (c < 0x80) return to[0] = (char)c, 1;
    if (c < 0x800) return to[0] = (char)(0xC0 | c >> 6), to[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return to[0] = (char)(0xE0 | c >> 12), to[1] = (char)(0x80 | (c >> 6 & 63)),
               to[2] = (char)(0x80 | (c & 63)), 3;
    to[0] = (char)(0xF0 | c >> 18), to[1] = (char)(0x80 | (c >> 12 & 63));
    to[2] = (char)(0x80 | (c >> 6 & 63)), to[3] = (char)(0x80 | (c & 63));
    return 4;
}

tw_str js_source(tw_arena *a, tw_str s)
{
    bool big = tw_str_starts(s, TW_S("\xFE\xFF")), little = tw_str_starts(s, TW_S("\xFF\xFE"));
    if (!big && !little) return s;
    char *to = tw_arena_alloc(a, s.n / 2 * 3 + 1);
    size_t n = 0;
    for (size_t i = 2; i + 1 < s.n; i += 2) {
        uint32_t c = unit(s, i, big);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.n) {
            uint32_t low = unit(s, i + 2, big);
            if (low >= 0xDC00 && low < 0xE000) c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), i += 2;
        }
        n += put(to + n, c);
    }
    return (tw_str){to, n};
}
