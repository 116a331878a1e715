/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of str and bytes. Letters beyond ASCII have rules that we do not follow: no folding then. */
#include "engine/record/pure_priv.h"

#include "base/utf8.h"

static bool all_const(const ev *e, uint32_t list, uint32_t n, uint8_t kind)
{
    uint8_t k;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = e->lists.v[list + i];
        if (!ev_is_const(e, v) || !ev_is_text(e, v, &k) || k != kind) return false;
    }
    return true;
}

static uint32_t join_known(ev *e, tw_str sep, uint8_t kind, uint32_t list, uint32_t n)
{
    tw_str s;
    uint32_t recipe = 0;
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = e->lists.v[list + i];
        if (!ev_text(e, v, &s)) return 0;
        if (i) tw_buf_puts(&e->out, sep);
        tw_buf_puts(&e->out, s);
        if (!recipe) recipe = ev_at(e, v)->recipe;
    }
    return ev_taken(e, kind, &e->out, recipe);
}

uint32_t ev_str_join(ev *e, const ev_args *a)
{
    tw_str sep, whole;
    uint8_t kind, given;
    uint32_t list, n, arg = ev_arg(e, a, 0, NULL);
    if (!arg || a->n != 1 || !ev_self_text(e, a, &sep, &kind)) return 0;
    if (ev_is_text(e, arg, &given) && given == kind && kind == TW_VAL_STR && !sep.n &&
        ev_text(e, arg, &whole))
        return arg;
    if (!ev_items(e, arg, &list, &n) || !ev_step(e, n)) return 0;
    if (all_const(e, list, n, kind)) return join_known(e, sep, kind, list, n);
    uint32_t v = ev_text_val(e, kind, TW_S(""), 0, 0);
    for (uint32_t i = 0; i < n; i++) {
        if (i && sep.n) v = ev_concat(e, v, a->self);
        v = ev_concat(e, v, e->lists.v[list + i]);
    }
    return v;
}

static size_t next_hit(tw_str s, size_t at, tw_str what)
{
    if (what.n == 1 && at < s.n && s.p[at] == what.p[0]) return 0;
    return tw_str_find(tw_str_sub(s, at, s.n), what);
}

uint32_t ev_str_replace(ev *e, const ev_args *a)
{
    tw_str s, from, to;
    uint8_t kind, k;
    uint32_t x = ev_arg(e, a, 0, NULL), y = ev_arg(e, a, 1, NULL);
    if (!x || !y || a->n != 2 || !ev_self_text(e, a, &s, &kind)) return 0;
    if (!ev_is_text(e, x, &k) || k != kind || !ev_is_text(e, y, &k) || k != kind) return 0;
    if (!ev_text(e, x, &from) || !ev_text(e, y, &to) || !from.n) return 0;
    tw_buf_clear(&e->out);
    for (size_t at = 0; !e->out.over;) {
        size_t hit = next_hit(s, at, from);
        if (hit) tw_buf_puts(&e->out, tw_str_sub(s, at, hit == TW_NPOS ? s.n : at + hit));
        if (hit == TW_NPOS) break;
        tw_buf_puts(&e->out, to);
        at += hit + from.n;
    }
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

static uint32_t strip(ev *e, const ev_args *a, bool left, bool right)
{
    tw_str s, set;
    uint8_t kind;
    uint32_t arg = ev_arg(e, a, 0, NULL);
    if (!ev_self_text(e, a, &s, &kind) || a->n > 1) return 0;
    bool str = kind == TW_VAL_STR;
    if (!arg || ev_at(e, arg)->kind == TW_VAL_NULL_)
        set = str ? TW_S(" \t\n\r\v\f\x1c\x1d\x1e\x1f") : TW_S(" \t\n\r\v\f");
    else if (!ev_text(e, arg, &set) || (str && !ev_ascii(set)))
        return 0;
    while (left && s.n && set.n && memchr(set.p, s.p[0], set.n)) s = tw_str_sub(s, 1, s.n);
    while (right && s.n && set.n && memchr(set.p, s.p[s.n - 1], set.n)) s.n--;
    bool odd = str && !arg && s.n && (((unsigned char)s.p[0] | (unsigned char)s.p[s.n - 1]) & 0x80);
    return odd ? 0 : ev_folded(e, kind, s, ev_at(e, a->self)->recipe);
}

uint32_t ev_str_strip(ev *e, const ev_args *a)
{
    return strip(e, a, true, true);
}
uint32_t ev_str_lstrip(ev *e, const ev_args *a)
{
    return strip(e, a, true, false);
}
uint32_t ev_str_rstrip(ev *e, const ev_args *a)
{
    return strip(e, a, false, true);
}

static uint32_t each_byte(ev *e, const ev_args *a, bool up, bool down)
{
    tw_str s;
    uint8_t kind;
    if (a->n || !ev_self_text(e, a, &s, &kind) || (kind == TW_VAL_STR && !ev_ascii(s)) || !ev_room(e, s.n))
        return 0;
    char *p = tw_arena_alloc(e->tmp, s.n);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (up && c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        else if (down && c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        p[i] = c;
    }
    return ev_folded(e, kind, tw_str_of(p, s.n), ev_at(e, a->self)->recipe);
}

uint32_t ev_str_upper(ev *e, const ev_args *a)
{
    return each_byte(e, a, true, false);
}
uint32_t ev_str_lower(ev *e, const ev_args *a)
{
    return each_byte(e, a, false, true);
}
uint32_t ev_str_swapcase(ev *e, const ev_args *a)
{
    return each_byte(e, a, true, true);
}

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static void split_spaces(ev *e, tw_str s, uint8_t kind)
{
    for (size_t i = 0; i < s.n;) {
        size_t from;
        while (i < s.n && space(s.p[i])) i++;
        for (from = i; i < s.n && !space(s.p[i]);) i++;
        if (i > from) {
            uint32_t part = ev_folded(e, kind, tw_str_sub(s, from, i), 0);
            TW_PUSH(e->tmp, e->stack, part);
        }
    }
}

static void split_at(ev *e, tw_str s, tw_str sep, uint8_t kind)
{
    for (size_t at = 0;;) {
        size_t hit = tw_str_find(tw_str_sub(s, at, s.n), sep);
        size_t to = hit == TW_NPOS ? s.n : at + hit;
        uint32_t part = ev_folded(e, kind, tw_str_sub(s, at, to), 0);
        TW_PUSH(e->tmp, e->stack, part);
        if (hit == TW_NPOS) return;
        at = to + sep.n;
    }
}

uint32_t ev_str_split(ev *e, const ev_args *a)
{
    tw_str s, sep = {NULL, 0};
    uint8_t kind;
    uint32_t arg = ev_arg(e, a, 0, "sep"), base = e->stack.n;
    if (a->n > 1 || !ev_self_text(e, a, &s, &kind) || !ev_step(e, s.n)) return 0;
    if (arg && (!ev_text(e, arg, &sep) || !sep.n)) return 0;
    if (!arg && !ev_ascii(s)) return 0;
    if (arg)
        split_at(e, s, sep, kind);
    else
        split_spaces(e, s, kind);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return v;
}

/* ---- encodings ---- */

typedef enum coding { CODING_NONE, CODING_UTF8, CODING_ASCII, CODING_LATIN1 } coding;

static coding coding_of(tw_str name)
{
    static const struct {
        tw_str name;
        coding is;
    } rows[] = {{TW_SI("utf-8"), CODING_UTF8},        {TW_SI("utf8"), CODING_UTF8},
                {TW_SI("u8"), CODING_UTF8},           {TW_SI("utf_8"), CODING_UTF8},
                {TW_SI("ascii"), CODING_ASCII},       {TW_SI("us-ascii"), CODING_ASCII},
                {TW_SI("latin-1"), CODING_LATIN1},    {TW_SI("latin1"), CODING_LATIN1},
                {TW_SI("iso-8859-1"), CODING_LATIN1}, {TW_SI("latin_1"), CODING_LATIN1},
                {TW_SI("l1"), CODING_LATIN1},         {TW_SI("iso8859-1"), CODING_LATIN1}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_ieq(rows[i].name, name)) return rows[i].is;
    return CODING_NONE;
}

static uint32_t from_latin1(ev *e, tw_str s, uint32_t recipe)
{
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) tw_utf8_put(&e->out, (unsigned char)s.p[i]);
    return ev_taken(e, TW_VAL_STR, &e->out, recipe);
}

static uint32_t to_latin1(ev *e, tw_str s, uint32_t recipe)
{
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad);
        if (bad || c > 0xFF) return 0;
        tw_buf_putc(&e->out, (char)c);
    }
    return ev_taken(e, TW_VAL_BYTES, &e->out, recipe);
}

uint32_t ev_recode(ev *e, uint32_t v, tw_str encoding, bool to_bytes)
{
    tw_str s;
    uint8_t kind;
    if (!ev_is_text(e, v, &kind) || kind != (to_bytes ? TW_VAL_STR : TW_VAL_BYTES) || !ev_text(e, v, &s))
        return 0;
    coding c = coding_of(encoding);
    if (c == CODING_NONE) return ev_recode_more(e, v, s, encoding, to_bytes);
    uint32_t recipe = ev_at(e, v)->recipe;
    if (!ev_step(e, 1 + s.n / 64)) return 0;
    if (c == CODING_LATIN1 && !ev_ascii(s))
        return to_bytes ? to_latin1(e, s, recipe) : from_latin1(e, s, recipe);
    bool fine = c == CODING_UTF8 ? tw_utf8_valid(s) : c != CODING_NONE && ev_ascii(s);
    return fine ? ev_folded(e, to_bytes ? TW_VAL_BYTES : TW_VAL_STR, s, recipe) : 0;
}

static uint32_t recode_self(ev *e, const ev_args *a, bool to_bytes)
{
    tw_str encoding = TW_S("utf-8");
    uint32_t given = ev_arg(e, a, 0, "encoding");
    if (!a->self || (given && !ev_text(e, given, &encoding))) return 0;
    return ev_recode(e, a->self, encoding, to_bytes);
}

uint32_t ev_str_encode(ev *e, const ev_args *a)
{
    return recode_self(e, a, true);
}
uint32_t ev_bytes_decode(ev *e, const ev_args *a)
{
    return recode_self(e, a, false);
}
