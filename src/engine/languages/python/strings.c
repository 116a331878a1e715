/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"
#include "engine/languages/text.h"

enum { U_NAME_MAX = 100 };

uint32_t py_quote_len(const py_tok *t)
{
    return t->aux & S_TRIPLE ? 3 : 1;
}

static uint32_t after_escape(const py *p, uint32_t i)
{
    if (i + 1 >= p->n) return p->n;
    return p->s[i + 1] == '\r' && i + 2 < p->n && p->s[i + 2] == '\n' ? i + 3 : i + 2;
}

/* Where the body that starts at t->end closes. Unterminated: the line's end (or the file's). */
bool py_string_end(py *p, const py_tok *t, uint32_t *ret_close)
{
    uint8_t q = t->aux & S_DOUBLE ? '"' : '\'', stop = t->aux & S_DOUBLE ? C_STOP_DQ : C_STOP_SQ;
    bool triple = t->aux & S_TRIPLE;
    uint32_t i = t->end, n = p->n;
    const uint8_t *s = p->s;
    *ret_close = t->end;
    if (triple && p->no_triple[q == '"']) return false;
    for (;;) {
        while (i < n && !(py_class[s[i]] & stop)) i++;
        if (i >= n) break;
        if (s[i] == '\\') {
            i = after_escape(p, i);
        } else if (s[i] != q) {
            if (!triple) {
                *ret_close = i;
                return false;
            }
            i++;
        } else if (!triple || (n - i >= 3 && s[i + 1] == q && s[i + 2] == q)) {
            *ret_close = i;
            return true;
        } else {
            i++;
        }
    }
    if (triple)
        p->no_triple[q == '"'] = true;
    else
        *ret_close = n;
    return false;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly n hex digits at i. */
static bool hex_run(const uint8_t *s, uint32_t i, uint32_t to, unsigned n, uint32_t *ret)
{
    uint32_t v = 0;
    if (to - i < n) return false;
    for (unsigned k = 0; k < n; k++) {
        int d = hex_digit(s[i + k]);
        if (d < 0) return false;
        v = v << 4 | (uint32_t)d;
    }
    *ret = v;
    return true;
}

static void put_value(tw_buf *out, uint32_t cp, uint8_t flags)
{
    if (flags & S_BYTES)
        tw_buf_putc(out, (char)cp);
    else
        tw_text_put_cp(out, cp);
}

static uint32_t octal(tw_buf *out, const uint8_t *s, uint32_t i, uint32_t to, uint8_t flags)
{
    uint32_t v = 0, k = 0;
    for (; k < 3 && i + k < to && s[i + k] >= '0' && s[i + k] <= '7'; k++) v = v << 3 | (s[i + k] - '0');
    put_value(out, flags & S_BYTES ? v & 0xFF : v, flags);
    return i + k;
}

/* \x, \u and \U; what is malformed is kept as written. */
static uint32_t hex_escape(tw_buf *out, const uint8_t *s, uint32_t i, uint32_t to, uint8_t flags)
{
    uint8_t c = s[i];
    unsigned n = c == 'x' ? 2 : c == 'u' ? 4 : 8;
    uint32_t v;
    if ((c != 'x' && flags & S_BYTES) || !hex_run(s, i + 1, to, n, &v) || v > 0x10FFFF) {
        tw_buf_putc(out, '\\');
        return i;
    }
    put_value(out, v, flags);
    return i + 1 + n;
}

/* \N{NAME}; an unknown name is kept as written. */
static uint32_t named(tw_buf *out, const uint8_t *s, uint32_t i, uint32_t to)
{
    const uint8_t *end =
        i + 1 < to && s[i + 1] == '{' ? memchr(s + i, '}', to - i < U_NAME_MAX ? to - i : U_NAME_MAX) : NULL;
    uint32_t cp = end ? py_named((tw_str){(const char *)s + i + 2, (size_t)(end - s) - i - 2}) : 0;
    if (!cp) {
        tw_buf_putc(out, '\\');
        return i;
    }
    tw_text_put_cp(out, cp);
    return (uint32_t)(end - s) + 1;
}

/* i: behind the backslash. Returns where to go on. */
static uint32_t escape(tw_buf *out, const uint8_t *s, uint32_t i, uint32_t to, uint8_t flags)
{
    static const char simple[128] = {['\\'] = '\\', ['\''] = '\'', ['"'] = '"', ['a'] = 7, ['b'] = 8,
                                     ['f'] = 12,    ['n'] = 10,    ['r'] = 13,  ['t'] = 9, ['v'] = 11};
    if (i >= to) {
        tw_buf_putc(out, '\\');
        return i;
    }
    uint8_t c = s[i];
    if (c < 128 && simple[c]) {
        tw_buf_putc(out, simple[c]);
        return i + 1;
    }
    if (c == '\n') return i + 1;
    if (c == '\r') return i + 1 < to && s[i + 1] == '\n' ? i + 2 : i + 1;
    if (c >= '0' && c <= '7') return octal(out, s, i, to, flags);
    if (c == 'x' || c == 'u' || c == 'U') return hex_escape(out, s, i, to, flags);
    if (c == 'N' && !(flags & S_BYTES)) return named(out, s, i, to);
    tw_buf_putc(out, '\\');
    return i;
}

/* Raw text up to what is not: a line end of CR, and in Python 2's ur"" \u behind an odd backslash. */
static uint32_t raw_run(const uint8_t *s, uint32_t i, uint32_t to, uint8_t flags)
{
    for (; i < to && s[i] != '\r'; i++) {
        if (s[i] != '\\' || !(flags & S_UNICODE) || i + 1 >= to) continue;
        if (s[i + 1] == 'u' || s[i + 1] == 'U') break;
        if (s[i + 1] == '\\') i++;
    }
    return i;
}

void py_decode_text(tw_buf *out, const uint8_t *s, uint32_t from, uint32_t to, uint8_t flags)
{
    uint32_t i = from;
    while (i < to) {
        uint32_t k = i;
        if (flags & S_RAW)
            k = raw_run(s, i, to, flags);
        else
            while (k < to && s[k] != '\\' && s[k] != '\r') k++;
        tw_buf_put(out, s + i, k - i);
        i = k;
        if (i >= to) break;
        if (s[i] == '\r' && flags & S_AS_IS) {
            tw_buf_putc(out, '\r');
            i++;
        } else if (s[i] == '\r') {
            tw_buf_putc(out, '\n');
            i += i + 1 < to && s[i + 1] == '\n' ? 2 : 1;
        } else if (flags & S_RAW) {
            i = hex_escape(out, s, i + 1, to, flags);
        } else {
            i = escape(out, s, i + 1, to, flags);
        }
    }
}

void py_decode(py *p, uint32_t from, uint32_t to, uint8_t flags)
{
    py_decode_text(&p->lit, p->s, from, to, flags);
}
