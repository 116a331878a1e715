/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of string literals and templates, decoded. */
#include "engine/languages/javascript/js.h"
#include "engine/languages/text.h"

enum { CACHED_MAX = 32 };

/* Up to n hex digits at i, at least one; n digits exactly where `all`. */
static bool hex(const js *p, uint32_t *i, uint32_t to, unsigned n, bool all, uint32_t *ret)
{
    uint32_t v = 0, k = *i;
    for (; k < to && k - *i < n && js_class[p->s[k]] & C_HEX; k++) v = v << 4 | js_hex(p->s[k]);
    if (k == *i || (all && k - *i != n)) return false;
    *i = k;
    *ret = v;
    return true;
}

/* \u at *i (behind the u): 4 digits or braces. */
static bool unicode(const js *p, uint32_t *i, uint32_t to, uint32_t *ret)
{
    uint32_t k = *i;
    if (k >= to || p->s[k] != '{') return hex(p, i, to, 4, true, ret);
    for (k++; k < to && p->s[k] == '0'; k++) {
    }
    *ret = 0;
    if (!hex(p, &k, to, 6, false, ret) && p->s[k - 1] == '{') return false;
    if (k >= to || p->s[k] != '}' || *ret > 0x10FFFF) return false;
    *i = k + 1;
    return true;
}

static uint32_t unicode_escape(js *p, uint32_t i, uint32_t to)
{
    uint32_t cp, low, k = i + 1;
    if (!unicode(p, &k, to, &cp)) {
        tw_buf_put(&p->lit, "\\u", 2);
        return i + 1;
    }
    uint32_t next = k + 2;
    if (cp >= 0xD800 && cp < 0xDC00 && k + 1 < to && p->s[k] == '\\' && p->s[k + 1] == 'u' &&
        unicode(p, &next, to, &low) && low >= 0xDC00 && low < 0xE000) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        k = next;
    }
    tw_text_put_cp(&p->lit, cp);
    return k;
}

static uint32_t octal(js *p, uint32_t i, uint32_t to)
{
    uint32_t v = 0, k = i, max = p->s[i] <= '3' ? 3 : 2;
    for (; k < to && k - i < max && p->s[k] >= '0' && p->s[k] <= '7'; k++) v = v << 3 | (p->s[k] - '0');
    tw_text_put_cp(&p->lit, v);
    return k;
}

/* i: behind the backslash. Returns where to go on. */
static uint32_t escape(js *p, uint32_t i, uint32_t to)
{
    static const char simple[128] = {['b'] = 8, ['f'] = 12, ['n'] = 10, ['r'] = 13, ['t'] = 9, ['v'] = 11};
    if (i >= to) return i;
    uint8_t c = p->s[i], nl = 0;
    if (c < 128 && simple[c]) {
        tw_buf_putc(&p->lit, simple[c]);
        return i + 1;
    }
    if (c == '\n') return i + 1;
    if (c == '\r') return i + 1 < to && p->s[i + 1] == '\n' ? i + 2 : i + 1;
    if (c >= '0' && c <= '7') return octal(p, i, to);
    if (c == 'u') return unicode_escape(p, i, to);
    if (c == 'x') {
        uint32_t v, k = i + 1;
        if (hex(p, &k, to, 2, true, &v)) {
            tw_text_put_cp(&p->lit, v);
            return k;
        }
        tw_buf_put(&p->lit, "\\x", 2);
        return i + 1;
    }
    if (c == 0xE2 && js_odd_space(p, i, &nl) && nl) return i + 3 <= to ? i + 3 : to;
    tw_buf_putc(&p->lit, (char)c);
    return i + 1;
}

void js_decode(js *p, uint32_t from, uint32_t to)
{
    const uint8_t *s = p->s;
    for (uint32_t i = from; i < to;) {
        const uint8_t *e = memchr(s + i, '\\', to - i);
        uint32_t k = e ? (uint32_t)(e - s) : to;
        tw_buf_put(&p->lit, s + i, k - i);
        i = k < to ? escape(p, k + 1, to) : to;
    }
}

uint32_t js_text_id(js *p, uint32_t off, tw_str text)
{
    if (text.n >= TW_TEXT_BLOB_MIN) tw_text_blob(p->ir, off, text);
    return tw_intern(&p->ir->strings, text);
}

uint32_t js_string_id(js *p, const js_tok *t)
{
    uint32_t from = t->off + 1, n = t->end - t->off - 2;
    if (!t->escaped) {
        if (!n) return 0;
        if (n <= CACHED_MAX) return js_intern(p, p->s + from, n);
        return js_text_id(p, t->off, (tw_str){(const char *)p->s + from, n});
    }
    tw_buf_clear(&p->lit);
    js_decode(p, from, from + n);
    return js_text_id(p, t->off, tw_buf_str(&p->lit));
}
