/* SPDX-License-Identifier: Apache-2.0 */
#include <zlib.h>

#include "service/mutate/rewrite.h"

/* A literal of both languages: printable ASCII and UTF-8 as they are, the rest as \xNN. */
void mu_quote(tw_buf *b, tw_str v, char q, bool bytes)
{
    tw_buf_putc(b, q);
    for (size_t i = 0; i < v.n; i++) {
        uint8_t c = (uint8_t)v.p[i];
        if (c == '\\' || c == (uint8_t)q)
            tw_buf_fmt(b, "\\%c", c);
        else if (c == '\n')
            tw_buf_puts(b, TW_S("\\n"));
        else if (c < 32 || c == 127 || (bytes && c > 127))
            tw_buf_fmt(b, "\\x%02x", c);
        else if (c == 0xE2 && i + 2 < v.n && (uint8_t)v.p[i + 1] == 0x80 &&
                 ((uint8_t)v.p[i + 2] & 0xFE) == 0xA8)
            tw_buf_fmt(b, "\\u20%02x", 0x28 + ((uint8_t)v.p[i + 2] & 1)), i += 2; /* line ends of Unicode */
        else
            tw_buf_putc(b, (char)c);
    }
    tw_buf_putc(b, q);
}

void mu_base64(tw_buf *b, tw_str s)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i < 3 ? s.n - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++) v = v << 8 | (k < left ? (uint8_t)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++) tw_buf_putc(b, k <= left ? set[v >> (18 - 6 * k) & 63] : '=');
    }
}

tw_str mu_base64_str(tw_arena *a, tw_str s)
{
    tw_buf b = TW_BUF_INIT;
    mu_base64(&b, s);
    tw_str r = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return r;
}

bool mu_ascii(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((uint8_t)s.p[i] > 127) return false;
    return true;
}

bool mu_deflate(tw_buf *b, tw_str s)
{
    uLongf n = compressBound((uLong)s.n);
    char *to = tw_buf_reserve(b, n);
    if (!to || compress2((Bytef *)to, &n, (const Bytef *)s.p, (uLong)s.n, 9) != Z_OK) return false;
    b->n += n;
    return true;
}
