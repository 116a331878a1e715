/* SPDX-License-Identifier: Apache-2.0 */
/* Names: interned through a small cache; those outside ASCII or written with \u on a slower way. */
#include "base/utf8.h"
#include "engine/languages/javascript/js.h"
#include "engine/languages/text.h"

const char *const js_token_text[T_MAX] = {
#define X(id, text) text,
    JS_TOKENS(X)
#undef X
};

/* The slot only depends on a mix of the first and last bytes; the interner has a keyed hash of its own.
 * Reads up to 8 bytes behind the text: of p->s only. */
uint32_t js_intern(js *p, const uint8_t *s, uint32_t n)
{
    uint64_t head, tail = 0;
    memcpy(&head, s, 8);
    if (n < 8)
        head &= (1ull << (8 * n)) - 1;
    else
        memcpy(&tail, s + n - 8, 8);
    uint64_t h = (head ^ tail * 0xC2B2AE3D27D4EB4Full ^ n) * 0x9E3779B97F4A7C15ull;
    js_cached *c = &p->cache[h >> 53];
    if (c->head == head && c->len == n &&
        (n <= 8 || !memcmp(tw_intern_str(&p->ir->strings, c->id).p + 8, s + 8, n - 8)))
        return c->id;
    *c = (js_cached){head, n, tw_intern(&p->ir->strings, (tw_str){(const char *)s, n})};
    return c->id;
}

uint32_t js_op_id(js *p, uint8_t t)
{
    if (!p->op_ids[t]) p->op_ids[t] = tw_intern(&p->ir->strings, tw_str_c(js_token_text[t]));
    return p->op_ids[t];
}

/* \u0061 or \u{61} at i; false: no escape. */
static bool escape(const js *p, uint32_t *i, uint32_t *ret_cp)
{
    uint32_t k = *i, v = 0, n = 0;
    if (p->s[k] != '\\' || p->s[k + 1] != 'u') return false;
    bool braces = p->s[k + 2] == '{';
    for (k += braces ? 3 : 2; js_class[p->s[k]] & C_HEX && (braces || n < 4) && v <= 0x10FFFF; k++, n++)
        v = v << 4 | js_hex(p->s[k]);
    if (!n || v > 0x10FFFF || (braces ? p->s[k] != '}' : n != 4)) return false;
    *i = k + braces;
    *ret_cp = v;
    return true;
}

/* A name from `from` on (behind a # for private ones) that holds an escape or a byte above 127. Stops
 * at white space and line ends outside ASCII. */
uint32_t js_odd_name(js *p, uint32_t start, uint32_t from, bool *ret_escaped, uint32_t *ret_end)
{
    uint32_t i = from;
    bool high = false;
    tw_buf_clear(&p->lit);
    tw_buf_put(&p->lit, p->s + start, from - start);
    *ret_escaped = false;
    while (i < p->n) {
        uint8_t c = p->s[i];
        uint32_t cp, k = i;
        if (c == '\\') {
            if (!escape(p, &i, &cp)) break;
            *ret_escaped = true;
            tw_text_put_cp(&p->lit, cp);
            high |= cp >= 0x80;
        } else if (c >= 0x80) {
            if (js_odd_space(p, i, NULL)) break;
            size_t at = i;
            tw_utf8_next((tw_str){(const char *)p->s, p->n}, &at, NULL);
            i = (uint32_t)at;
            tw_buf_put(&p->lit, p->s + k, i - k);
            high = true;
        } else if (js_class[c] & C_NAME) {
            for (i++; i < p->n && js_class[p->s[i]] & C_NAME && p->s[i] < 0x80; i++) {
            }
            tw_buf_put(&p->lit, p->s + k, i - k);
        } else {
            break;
        }
    }
    *ret_end = i;
    tw_str name = tw_buf_str(&p->lit);
    if (high) tw_text_name(p->ir, name, start, NULL);
    return tw_intern(&p->ir->strings, name);
}

/* Bytes of a white space character or line end outside ASCII at i, 0 where there is none. */
uint32_t js_odd_space(const js *p, uint32_t i, uint8_t *ret_nl)
{
    const uint8_t *s = p->s + i;
    if (s[0] == 0xC2) return s[1] == 0xA0 ? 2 : 0;
    if (s[0] == 0xEF) return s[1] == 0xBB && s[2] == 0xBF ? 3 : 0;
    if (s[0] == 0xE1) return s[1] == 0x9A && s[2] == 0x80 ? 3 : 0;
    if (s[0] == 0xE3) return s[1] == 0x80 && s[2] == 0x80 ? 3 : 0;
    if (s[0] != 0xE2) return 0;
    if (s[1] == 0x81) return s[2] == 0x9F ? 3 : 0;
    if (s[1] != 0x80) return 0;
    if (s[2] == 0xA8 || s[2] == 0xA9) {
        if (ret_nl) *ret_nl = 1;
        return 3;
    }
    return (s[2] >= 0x80 && s[2] <= 0x8A) || s[2] == 0xAF ? 3 : 0;
}
