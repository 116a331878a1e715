/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's functions of their arguments alone. Its texts are counted in UTF-16: beyond ASCII nothing that
 * counts folds. */
#include "engine/record/pure_priv.h"

#include "base/utf8.h"

enum { REPEAT_MAX = 1 << 20 };

static bool self_ascii(ev *e, const ev_args *a, tw_str *ret)
{
    uint8_t kind;
    return ev_self_text(e, a, ret, &kind) && kind == TW_VAL_STR && ev_ascii(*ret);
}

static uint32_t part(ev *e, const ev_args *a, tw_str s, int64_t from, int64_t to)
{
    if (from < 0) from = 0;
    if (to > (int64_t)s.n) to = (int64_t)s.n;
    tw_str got = from < to ? tw_str_sub(s, (size_t)from, (size_t)to) : TW_S("");
    return ev_folded(e, TW_VAL_STR, got, ev_at(e, a->self)->recipe);
}

static bool int_arg(ev *e, const ev_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    return i >= a->n || ev_js_number(e, a->v[i], ret);
}

uint32_t ev_js_char_at(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t i;
    return self_ascii(e, a, &s) && int_arg(e, a, 0, 0, &i) ? part(e, a, s, i, i < 0 ? 0 : i + 1) : 0;
}

uint32_t ev_js_char_code(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t i;
    bool fine = self_ascii(e, a, &s) && int_arg(e, a, 0, 0, &i) && i >= 0 && i < (int64_t)s.n;
    return fine ? ev_int(e, s.p[i]) : 0;
}

static uint32_t items_part(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    int64_t from, to;
    if (!a->self || !ev_items(e, a->self, &list, &n) || !int_arg(e, a, 0, 0, &from) ||
        !int_arg(e, a, 1, n, &to))
        return 0;
    if (from < 0) from = from + n < 0 ? 0 : from + n;
    if (to < 0) to += n;
    if (to > n) to = n;
    for (int64_t i = from; i < to; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + (uint32_t)i]);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

uint32_t ev_js_slice(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t from, to;
    if (a->self && ev_at(e, a->self)->kind == TW_VAL_SEQ) return items_part(e, a);
    if (!self_ascii(e, a, &s)) return 0;
    int64_t n = (int64_t)s.n;
    if (!int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, n, &to)) return 0;
    return part(e, a, s, from < 0 ? from + n : from, to < 0 ? to + n : to);
}

uint32_t ev_js_substring(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t from, to;
    if (!self_ascii(e, a, &s) || !int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, (int64_t)s.n, &to))
        return 0;
    if (from < 0) from = 0;
    if (to < 0) to = 0;
    return from < to ? part(e, a, s, from, to) : part(e, a, s, to, from);
}

uint32_t ev_js_substr(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t from, n;
    if (!self_ascii(e, a, &s) || !int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, (int64_t)s.n, &n)) return 0;
    if (from < 0) from = from + (int64_t)s.n < 0 ? 0 : from + (int64_t)s.n;
    if (n > (int64_t)s.n) n = (int64_t)s.n;
    return n > 0 ? part(e, a, s, from, from + n) : part(e, a, s, 0, 0);
}

uint32_t ev_js_split(ev *e, const ev_args *a)
{
    tw_str s, sep;
    uint32_t base = e->stack.n, recipe;
    if (a->n != 1 || !self_ascii(e, a, &s) || ev_at(e, a->v[0])->kind == TW_VAL_SYMBOL ||
        !ev_text(e, a->v[0], &sep) || !ev_step(e, s.n + 1))
        return 0;
    recipe = ev_at(e, a->self)->recipe;
    for (size_t at = 0; at <= s.n;) {
        size_t end = sep.n ? tw_str_find(tw_str_sub(s, at, s.n), sep) : at < s.n ? 1 : TW_NPOS;
        if (!sep.n && end == TW_NPOS) break;
        tw_str item = tw_str_sub(s, at, end == TW_NPOS ? s.n : at + end);
        uint32_t v = ev_folded(e, TW_VAL_STR, item, recipe);
        TW_PUSH(e->tmp, e->stack, v);
        if (end == TW_NPOS) break;
        at += end + sep.n;
    }
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

uint32_t ev_js_join(ev *e, const ev_args *a)
{
    uint32_t list, n, sep, v = ev_folded(e, TW_VAL_STR, TW_S(""), 0);
    if (!a->self || a->n > 1 || !ev_items(e, a->self, &list, &n) || !ev_step(e, n)) return 0;
    sep = a->n ? ev_js_text(e, a->v[0]) : ev_folded(e, TW_VAL_STR, TW_S(","), 0);
    for (uint32_t i = 0; sep && i < n; i++) {
        uint32_t item = e->lists.v[list + i],
                 text = ev_at(e, item)->kind == TW_VAL_NULL_ ? 0 : ev_js_text(e, item);
        if (i) v = ev_concat(e, v, sep);
        v = ev_concat(e, v, text ? text : item);
        if (!v) return 0;
    }
    return sep ? v : 0;
}

uint32_t ev_js_reverse(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    if (!a->self || a->n || !ev_items(e, a->self, &list, &n) || !ev_step(e, n)) return 0;
    for (uint32_t i = n; i-- > 0;) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, n);
    ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

static uint32_t replaced(ev *e, const ev_args *a, bool all)
{
    tw_str s, from, to;
    uint8_t kind;
    if (a->n != 2 || !ev_self_text(e, a, &s, &kind) || kind != TW_VAL_STR) return 0;
    if (ev_at(e, a->v[0])->kind == TW_VAL_SYMBOL || !ev_text(e, a->v[0], &from) ||
        !ev_text(e, a->v[1], &to) || !from.n || tw_str_chr(to, '$') != TW_NPOS)
        return 0;
    tw_buf_clear(&e->out);
    for (size_t at = 0;;) {
        size_t hit = tw_str_find(tw_str_sub(s, at, s.n), from);
        tw_buf_puts(&e->out, tw_str_sub(s, at, hit == TW_NPOS ? s.n : at + hit));
        if (hit == TW_NPOS) break;
        tw_buf_puts(&e->out, to);
        at += hit + from.n;
        if (!all) {
            tw_buf_puts(&e->out, tw_str_sub(s, at, s.n));
            break;
        }
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, a->self)->recipe);
}

uint32_t ev_js_replace(ev *e, const ev_args *a)
{
    return replaced(e, a, false);
}
uint32_t ev_js_replace_all(ev *e, const ev_args *a)
{
    return replaced(e, a, true);
}

uint32_t ev_js_repeat(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t n;
    uint8_t kind;
    if (a->n != 1 || !ev_self_text(e, a, &s, &kind) || !ev_js_number(e, a->v[0], &n) || n < 0 ||
        n > REPEAT_MAX)
        return 0;
    if (!ev_room(e, s.n * (uint64_t)n)) return 0;
    tw_buf_clear(&e->out);
    while (n-- > 0) tw_buf_puts(&e->out, s);
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

uint32_t ev_js_concat(ev *e, const ev_args *a)
{
    uint32_t v = a->self;
    uint8_t kind;
    if (!v || !ev_is_text(e, v, &kind)) return 0;
    for (uint32_t i = 0; v && i < a->n; i++) {
        uint32_t text = ev_js_text(e, a->v[i]);
        v = ev_concat(e, v, text ? text : a->v[i]);
    }
    return v;
}

/* String.fromCharCode(72, 105), also of a spread list (its items are the arguments then). */
uint32_t ev_js_from_codes(ev *e, const ev_args *a)
{
    int64_t c;
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < a->n; i++) {
        if (!ev_js_number(e, a->v[i], &c) || c < 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return 0;
        tw_utf8_put(&e->out, (uint32_t)c);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, 0);
}

uint32_t ev_js_string(ev *e, const ev_args *a)
{
    return a->n == 1 ? ev_js_text(e, a->v[0]) : 0;
}

uint32_t ev_js_to_number(ev *e, const ev_args *a)
{
    int64_t n;
    return a->n == 1 && ev_js_number(e, a->v[0], &n) ? ev_int(e, n) : 0;
}

uint32_t ev_js_parse_int(ev *e, const ev_args *a)
{
    int64_t base, n;
    tw_str s;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!text || a->n > 2 || !int_arg(e, a, 1, 10, &base) || base < 2 || base > 36 || !ev_text(e, text, &s))
        return 0;
    s = tw_str_trim(s);
    bool minus = s.n && s.p[0] == '-', hex;
    if (minus || (s.n && s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    hex = s.n >= 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x';
    if (hex && (a->n < 2 || base == 16)) s = tw_str_sub(s, 2, s.n), base = 16;
    size_t end = 0;
    for (; end < s.n; end++) { /* what follows the number does not count */
        char c = s.p[end], low = (char)(c | 32);
        int d = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'z' ? low - 'a' + 10 : 99;
        if (d >= base) break;
    }
    s = tw_str_sub(s, 0, end);
    while (s.n > 1 && s.p[0] == '0') s = tw_str_sub(s, 1, s.n);
    return end && ev_parse_int(s, (int)base, &n) ? ev_int(e, minus ? -n : n) : 0;
}

/* %41; beyond ASCII it is no UTF-8. */
uint32_t ev_js_unescape(ev *e, const ev_args *a)
{
    tw_str s;
    if (a->n != 1 || !ev_text(e, a->v[0], &s)) return 0;
    for (size_t i = 0; i + 1 < s.n; i++) {
        char c = s.p[i + 1];
        if (s.p[i] == '%' && (c < '0' || c > '7')) return 0;
    }
    return ev_unquote(e, a);
}

/* Malformed it throws. */
uint32_t ev_js_decode_uri(ev *e, const ev_args *a)
{
    tw_str s;
    if (a->n != 1 || !ev_text(e, a->v[0], &s)) return 0;
    for (size_t i = 0; i < s.n; i++) {
        bool fine = s.p[i] != '%' || i + 2 < s.n + 0;
        for (size_t k = 1; s.p[i] == '%' && fine && k < 3; k++) {
            char c = (char)(s.p[i + k] | 32);
            fine = (s.p[i + k] >= '0' && s.p[i + k] <= '9') || (c >= 'a' && c <= 'f');
        }
        if (!fine) return 0;
    }
    uint32_t v = ev_unquote(e, a);
    return v && ev_text(e, v, &s) && tw_utf8_valid(s) && tw_str_find(s, TW_S("\xEF\xBF\xBD")) == TW_NPOS ? v
                                                                                                         : 0;
}

/* ---- bytes ---- */

/* atob: text of which every character is a byte. */
uint32_t ev_js_atob(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t bytes = a->n == 1 ? ev_b64(e, a) : 0;
    if (!bytes || !ev_text(e, bytes, &s)) return 0;
    s = tw_arena_str(e->tmp, s);
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) tw_utf8_put(&e->out, (unsigned char)s.p[i]);
    return ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, bytes)->recipe);
}

uint32_t ev_js_buffer(ev *e, const ev_args *a)
{
    tw_str how = TW_S("utf8"), s;
    uint8_t kind;
    ev_args one = {0, a->v, a->names, 1};
    if (!a->n || a->n > 2) return 0;
    if (!ev_is_text(e, a->v[0], &kind)) return ev_bytes(e, &one);
    if (kind == TW_VAL_BYTES) return ev_is_const(e, a->v[0]) ? a->v[0] : 0;
    if (a->n == 2 && !ev_text(e, a->v[1], &how)) return 0;
    if (tw_str_ieq(how, TW_S("base64")) || tw_str_ieq(how, TW_S("base64url"))) return ev_b64url(e, &one);
    if (tw_str_ieq(how, TW_S("hex"))) return ev_unhex(e, &one);
    bool latin =
        tw_str_ieq(how, TW_S("latin1")) || tw_str_ieq(how, TW_S("binary")) || tw_str_ieq(how, TW_S("ascii"));
    if (latin) return ev_recode(e, a->v[0], TW_S("latin-1"), true);
    bool utf8 = tw_str_ieq(how, TW_S("utf8")) || tw_str_ieq(how, TW_S("utf-8"));
    return utf8 && ev_text(e, a->v[0], &s) ? ev_folded(e, TW_VAL_BYTES, s, ev_at(e, a->v[0])->recipe) : 0;
}

static uint32_t b64_text(ev *e, uint32_t v)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    tw_str s;
    if (!ev_text(e, v, &s) || !ev_step(e, 1 + s.n / 16)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t b = 0, have = s.n - i < 3 ? (uint32_t)(s.n - i) : 3;
        for (uint32_t k = 0; k < 3; k++) b = b << 8 | (k < have ? (unsigned char)s.p[i + k] : 0);
        for (uint32_t k = 0; k < 4; k++)
            tw_buf_putc(&e->out, k <= have ? digits[b >> (18 - 6 * k) & 63] : '=');
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, v)->recipe);
}

uint32_t ev_js_to_string(ev *e, const ev_args *a)
{
    tw_str how = TW_S("utf8"), s;
    if (!a->self || ev_at(e, a->self)->kind != TW_VAL_BYTES || a->n > 1 ||
        (a->n && !ev_text(e, a->v[0], &how)))
        return 0;
    if (tw_str_ieq(how, TW_S("base64"))) return b64_text(e, a->self);
    if (tw_str_ieq(how, TW_S("hex"))) return ev_bytes_hex(e, &(ev_args){.self = a->self});
    if (tw_str_ieq(how, TW_S("ascii")) && (!ev_text(e, a->self, &s) || !ev_ascii(s))) return 0;
    if (tw_str_ieq(how, TW_S("latin1")) || tw_str_ieq(how, TW_S("binary")))
        return ev_recode(e, a->self, TW_S("latin-1"), false);
    bool utf8 =
        tw_str_ieq(how, TW_S("utf8")) || tw_str_ieq(how, TW_S("utf-8")) || tw_str_ieq(how, TW_S("ascii"));
    return utf8 ? ev_recode(e, a->self, TW_S("utf-8"), false) : 0;
}

uint32_t ev_js_btoa(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && ev_text(e, a->v[0], &s) && ev_ascii(s) ? b64_text(e, a->v[0]) : 0;
}
