/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of JavaScript's texts. Positions count UTF-16 units: a text beyond ASCII is turned into them. What
 * would cut a surrogate pair in two is not known. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { REPEAT_MAX = 1 << 24 };

/* ---- units ---- */

bool ev_js_units(ev *e, uint32_t v, ev_js_str *ret)
{
    tw_str s;
    uint8_t kind;
    if (!ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_is_const(e, v) || !ev_text(e, v, &s))
        return false;
    *ret = (ev_js_str){.s = s, .n = s.n, .recipe = ev_at(e, v)->recipe};
    if (ev_js_ascii(e, s)) return true;
    if (!tw_utf8_valid(s) || !ev_step(e, s.n / 8)) return false;
    if (e->js_wide.p == s.p && e->js_wide.n == s.n) return ret->u = e->js_units, ret->n = e->js_n_units, true;
    uint16_t *u = tw_arena_raw(e->tmp, s.n * sizeof *u);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = tw_utf8_next(s, &at, NULL);
        if (c >= 0x10000) u[n++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10)), c = 0xDC00 + (c & 0x3FF);
        u[n++] = (uint16_t)c;
    }
    e->js_wide = s, e->js_units = u, e->js_n_units = n;
    ret->u = u, ret->n = n;
    return true;
}

static bool is_high(uint16_t c)
{
    return c >= 0xD800 && c < 0xDC00;
}
static bool is_low(uint16_t c)
{
    return c >= 0xDC00 && c < 0xE000;
}

/* s[from, to) */
uint32_t ev_js_cut(ev *e, const ev_js_str *j, int64_t from, int64_t to)
{
    if (from < 0) from = 0;
    if (to > (int64_t)j->n) to = (int64_t)j->n;
    if (from >= to) return ev_folded(e, TW_VAL_STR, TW_S(""), j->recipe);
    if (!j->u) return ev_folded(e, TW_VAL_STR, tw_str_sub(j->s, (size_t)from, (size_t)to), j->recipe);
    if (is_low(j->u[from]) || is_high(j->u[to - 1]) || !ev_step(e, (uint64_t)(to - from) / 8)) return 0;
    tw_buf_clear(&e->out);
    for (int64_t i = from; i < to; i++) {
        uint32_t c = j->u[i];
        if (is_high((uint16_t)c)) c = 0x10000 + ((c & 0x3FF) << 10) + (j->u[++i] & 0x3FFu);
        tw_utf8_put(&e->out, c);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, j->recipe);
}

bool ev_js_length(ev *e, uint32_t v, int64_t *ret)
{
    tw_str s;
    uint8_t kind;
    uint32_t list, n;
    ev_js_str j;
    if (ev_is_text(e, v, &kind)) {
        if (!ev_is_const(e, v)) return false;
        if (kind == TW_VAL_BYTES) return ev_text(e, v, &s) && (*ret = (int64_t)s.n, true);
        return ev_js_units(e, v, &j) && (*ret = (int64_t)j.n, true);
    }
    return ev_items(e, v, &list, &n) && (*ret = n, true);
}

/* text[i], bytes[i]; 0 unknown. */
uint32_t ev_js_unit(ev *e, uint32_t base, int64_t i)
{
    tw_str s;
    uint8_t kind;
    ev_js_str j;
    if (!ev_is_text(e, base, &kind) || !ev_is_const(e, base) || i < 0) return 0;
    if (kind == TW_VAL_BYTES)
        return ev_text(e, base, &s) && i < (int64_t)s.n ? ev_int(e, (unsigned char)s.p[i]) : 0;
    if (!ev_js_units(e, base, &j) || i >= (int64_t)j.n) return 0;
    j.recipe = 0;
    return ev_js_cut(e, &j, i, i + 1);
}

static uint16_t unit(const ev_js_str *j, size_t i)
{
    return j->u ? j->u[i] : (unsigned char)j->s.p[i];
}

/* The receiver as text: a method of texts called on something else (String.prototype.x.call(1)) makes it one. */
static bool self_units(ev *e, const ev_args *a, ev_js_str *ret)
{
    uint8_t kind;
    if (!a->self || !ev_is_const(e, a->self)) return false;
    if (ev_is_text(e, a->self, &kind)) return ev_js_units(e, a->self, ret);
    return false;
}

static bool int_arg(ev *e, const ev_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    if (i >= a->n || (ev_at(e, a->v[i])->kind == TW_VAL_NULL_ && ev_at(e, a->v[i])->a)) return true;
    return ev_js_integer(e, a->v[i], ret);
}

static bool text_arg(ev *e, const ev_args *a, uint32_t i, tw_str *ret)
{
    uint32_t v = i < a->n ? ev_js_text(e, a->v[i]) : ev_folded(e, TW_VAL_STR, TW_S("undefined"), 0);
    if (i < a->n && ev_js_is_regex(e, a->v[i], NULL)) return false;
    return v && ev_text(e, v, ret);
}

/* ---- one place ---- */

uint32_t ev_js_char_at(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t i;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &i)) return 0;
    return i < 0 ? ev_js_cut(e, &j, 0, 0) : ev_js_cut(e, &j, i, i + 1);
}

uint32_t ev_js_at(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t i;
    uint32_t list, n;
    if (!a->self || !int_arg(e, a, 0, 0, &i)) return 0;
    if (ev_items(e, a->self, &list, &n)) {
        if (i < 0) i += n;
        return i >= 0 && i < n ? e->lists.v[list + (uint32_t)i] : ev_js_undefined(e);
    }
    if (!self_units(e, a, &j)) return 0;
    if (i < 0) i += (int64_t)j.n;
    return i >= 0 && i < (int64_t)j.n ? ev_js_cut(e, &j, i, i + 1) : ev_js_undefined(e);
}

uint32_t ev_js_char_code(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t i;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &i)) return 0;
    return i >= 0 && i < (int64_t)j.n ? ev_int(e, unit(&j, (size_t)i)) : ev_js_double(e, NAN);
}

uint32_t ev_js_code_point(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t i;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &i)) return 0;
    if (i < 0 || i >= (int64_t)j.n) return ev_js_undefined(e);
    uint32_t c = unit(&j, (size_t)i);
    if (is_high((uint16_t)c) && i + 1 < (int64_t)j.n)
        c = 0x10000 + ((c & 0x3FF) << 10) + (j.u[i + 1] & 0x3FFu);
    return ev_int(e, c);
}

/* ---- parts ---- */

uint32_t ev_js_slice(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t from, to;
    if (a->self && !ev_is_const(e, a->self)) return ev_js_items_slice(e, a);
    uint8_t kind;
    if (a->self && ev_is_text(e, a->self, &kind) && kind == TW_VAL_BYTES) return ev_js_bytes_slice(e, a);
    if (!self_units(e, a, &j)) return ev_js_items_slice(e, a);
    int64_t n = (int64_t)j.n;
    if (!int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, n, &to)) return 0;
    return ev_js_cut(e, &j, from < 0 ? from + n : from, to < 0 ? to + n : to);
}

uint32_t ev_js_substring(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t from, to;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, (int64_t)j.n, &to))
        return 0;
    if (from < 0) from = 0;
    if (to < 0) to = 0;
    return from < to ? ev_js_cut(e, &j, from, to) : ev_js_cut(e, &j, to, from);
}

uint32_t ev_js_substr(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t from, n;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, (int64_t)j.n, &n)) return 0;
    if (from < 0) from = from + (int64_t)j.n < 0 ? 0 : from + (int64_t)j.n;
    if (n > (int64_t)j.n) n = (int64_t)j.n;
    return n > 0 ? ev_js_cut(e, &j, from, from + n) : ev_js_cut(e, &j, 0, 0);
}

static uint32_t trimmed(ev *e, const ev_args *a, bool front, bool back)
{
    ev_js_str j;
    if (!self_units(e, a, &j)) return 0;
    return ev_folded(e, TW_VAL_STR, ev_js_trimmed(j.s, front, back), j.recipe);
}
uint32_t ev_js_trim(ev *e, const ev_args *a)
{
    return trimmed(e, a, true, true);
}
uint32_t ev_js_trim_start(ev *e, const ev_args *a)
{
    return trimmed(e, a, true, false);
}
uint32_t ev_js_trim_end(ev *e, const ev_args *a)
{
    return trimmed(e, a, false, true);
}

/* ---- split, replace ---- */

uint32_t ev_js_split(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str sep;
    int64_t most = UINT32_MAX;
    uint32_t base = e->stack.n;
    if (!self_units(e, a, &j)) return 0;
    if (a->n > 1 && !int_arg(e, a, 1, UINT32_MAX, &most)) return 0;
    if (most < 0) return 0;
    bool undefined = !a->n || (ev_at(e, a->v[0])->kind == TW_VAL_NULL_ && ev_at(e, a->v[0])->a);
    if (!undefined && ev_js_is_regex(e, a->v[0], NULL)) return ev_js_split_regex(e, a, most);
    if (undefined) {
        TW_PUSH(e->tmp, e->stack, a->self);
        return ev_js_array(e, base);
    }
    if (!text_arg(e, a, 0, &sep) || !ev_step(e, j.s.n / 4 + 1)) return 0;
    for (size_t at = 0; at <= (sep.n ? j.s.n : j.n) && e->stack.n - base < most;) {
        size_t end = sep.n ? tw_str_find(tw_str_sub(j.s, at, j.s.n), sep) : at < j.n ? 1 : TW_NPOS;
        if (!sep.n && end == TW_NPOS) break;
        uint32_t v;
        if (sep.n)
            v = ev_folded(e, TW_VAL_STR, tw_str_sub(j.s, at, end == TW_NPOS ? j.s.n : at + end), j.recipe);
        else
            v = ev_js_cut(e, &j, (int64_t)at, (int64_t)at + 1);
        if (!v) return e->stack.n = base, 0u;
        TW_PUSH(e->tmp, e->stack, v);
        if (end == TW_NPOS) break;
        at += end + sep.n;
        if (sep.n && at > j.s.n) break;
    }
    return ev_js_array(e, base);
}

/* What stands for a match in the text that replaces it: $$, $&, $`, $', $1. groups: pairs of offsets, SIZE_MAX unset. */
bool ev_js_expand(ev *e, tw_buf *out, tw_str to, tw_str s, const size_t *groups, uint32_t n)
{
    for (size_t i = 0; i < to.n; i++) {
        char c = i + 1 < to.n ? to.p[i + 1] : 0;
        if (to.p[i] != '$' || !c) {
            tw_buf_putc(out, to.p[i]);
            continue;
        }
        uint32_t one = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : 0, width = 1;
        char d = i + 2 < to.n ? to.p[i + 2] : 0;
        if (c >= '0' && c <= '9' && d >= '0' && d <= '9' && one * 10 + (uint32_t)(d - '0') < n &&
            one * 10 + (uint32_t)(d - '0') > 0)
            one = one * 10 + (uint32_t)(d - '0'), width = 2;
        if (c == '<' && n > 1) return false;
        if (c == '$') {
            tw_buf_putc(out, '$');
        } else if (c == '&') {
            tw_buf_puts(out, tw_str_sub(s, groups[0], groups[1]));
        } else if (c == '`') {
            tw_buf_puts(out, tw_str_sub(s, 0, groups[0]));
        } else if (c == '\'') {
            tw_buf_puts(out, tw_str_sub(s, groups[1], s.n));
        } else if (one && one < n) {
            if (groups[2 * one] != SIZE_MAX)
                tw_buf_puts(out, tw_str_sub(s, groups[2 * one], groups[2 * one + 1]));
            i += width - 1;
        } else {
            tw_buf_putc(out, '$');
            continue;
        }
        i++;
    }
    return ev_step(e, 1 + to.n / 16);
}

static uint32_t replaced(ev *e, const ev_args *a, bool all)
{
    ev_js_str j;
    tw_str from, to = {0}, got;
    if (!self_units(e, a, &j) || a->n < 1) return 0;
    if (ev_js_is_regex(e, a->v[0], NULL)) return ev_js_replace_regex(e, a, all);
    bool calls = a->n > 1 && ev_js_callable(e, a->v[1]);
    if (!text_arg(e, a, 0, &from) || (!calls && !text_arg(e, a, 1, &to)) || (!from.n && all && j.u)) return 0;
    tw_buf b = {.limit = e->lim->value_bytes + 1};
    bool fine = true;
    for (size_t at = 0; fine;) {
        size_t hit = from.n ? tw_str_find(tw_str_sub(j.s, at, j.s.n), from) : 0;
        if (!from.n && at > j.s.n) break;
        if (hit == TW_NPOS) {
            tw_buf_puts(&b, tw_str_sub(j.s, at, j.s.n));
            break;
        }
        tw_buf_puts(&b, tw_str_sub(j.s, at, at + hit));
        size_t groups[2] = {at + hit, at + hit + from.n};
        if (calls) {
            uint32_t v[3] = {ev_folded(e, TW_VAL_STR, from, 0), ev_int(e, (int64_t)(at + hit)), a->self};
            uint32_t r = j.u ? 0 : ev_js_called(e, a->v[1], v, 3), text = r ? ev_js_text(e, r) : 0;
            fine = text && ev_text(e, text, &got);
            if (fine) tw_buf_puts(&b, got);
        } else {
            fine = ev_js_expand(e, &b, to, j.s, groups, 1);
        }
        at = groups[1];
        if (!all) {
            tw_buf_puts(&b, tw_str_sub(j.s, at, j.s.n));
            break;
        }
        if (!from.n) { /* between any two */
            if (at < j.s.n) tw_buf_putc(&b, j.s.p[at]);
            at++;
        }
        fine = fine && ev_step(e, 1 + hit / 64) && !b.over;
    }
    uint32_t v = fine ? ev_taken(e, TW_VAL_STR, &b, j.recipe) : 0;
    tw_buf_free(&b);
    return v;
}

uint32_t ev_js_replace(ev *e, const ev_args *a)
{
    return replaced(e, a, false);
}
uint32_t ev_js_replace_all(ev *e, const ev_args *a)
{
    return replaced(e, a, true);
}

/* ---- made longer ---- */

uint32_t ev_js_repeat(ev *e, const ev_args *a)
{
    ev_js_str j;
    int64_t n;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &n) || n < 0 || n > REPEAT_MAX) return 0;
    if (!ev_room(e, j.s.n * (uint64_t)n)) return 0;
    tw_buf_clear(&e->out);
    while (n-- > 0 && j.s.n) tw_buf_puts(&e->out, j.s);
    return ev_taken(e, TW_VAL_STR, &e->out, j.recipe);
}

static uint32_t padded(ev *e, const ev_args *a, bool front)
{
    ev_js_str j, fill = {.s = TW_S(" "), .n = 1};
    int64_t n;
    if (!self_units(e, a, &j) || !int_arg(e, a, 0, 0, &n)) return 0;
    bool given = a->n > 1 && !(ev_at(e, a->v[1])->kind == TW_VAL_NULL_ && ev_at(e, a->v[1])->a);
    uint32_t f = given ? ev_js_text(e, a->v[1]) : 0;
    if (given && (!f || !ev_js_units(e, f, &fill))) return 0;
    if (n <= (int64_t)j.n || !fill.n) return ev_folded(e, TW_VAL_STR, j.s, j.recipe);
    if (n > REPEAT_MAX || fill.u || !ev_room(e, (uint64_t)n)) return 0;
    size_t more = (size_t)n - j.n;
    tw_buf_clear(&e->out);
    if (!front) tw_buf_puts(&e->out, j.s);
    for (size_t i = 0; i < more; i++) tw_buf_putc(&e->out, fill.s.p[i % fill.n]);
    if (front) tw_buf_puts(&e->out, j.s);
    return ev_taken(e, TW_VAL_STR, &e->out, j.recipe);
}
uint32_t ev_js_pad_start(ev *e, const ev_args *a)
{
    return padded(e, a, true);
}
uint32_t ev_js_pad_end(ev *e, const ev_args *a)
{
    return padded(e, a, false);
}

uint32_t ev_js_concat(ev *e, const ev_args *a)
{
    uint32_t v = a->self;
    uint8_t kind;
    if (!v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR) return 0;
    for (uint32_t i = 0; v && i < a->n; i++) {
        uint32_t text = ev_js_text(e, a->v[i]);
        v = ev_concat(e, v, text ? text : a->v[i]);
    }
    return v;
}

/* "".italics() and its kin */
static uint32_t tagged(ev *e, const ev_args *a, const char *tag, const char *attribute)
{
    ev_js_str j;
    tw_str value = {0};
    if (!self_units(e, a, &j) || (attribute && !text_arg(e, a, 0, &value)) || !ev_room(e, j.s.n + value.n))
        return 0;
    tw_buf_clear(&e->out);
    tw_buf_fmt(&e->out, "<%s", tag);
    if (attribute) tw_buf_fmt(&e->out, " %s=\"", attribute);
    for (size_t i = 0; i < value.n; i++)
        tw_buf_puts(&e->out, value.p[i] == '"' ? TW_S("&quot;") : tw_str_sub(value, i, i + 1));
    tw_buf_puts(&e->out, attribute ? TW_S("\">") : TW_S(">"));
    tw_buf_puts(&e->out, j.s);
    tw_buf_fmt(&e->out, "</%s>", tag);
    return ev_taken(e, TW_VAL_STR, &e->out, j.recipe);
}
#define TAG(name, tag, attribute)                  \
    uint32_t ev_js_##name(ev *e, const ev_args *a) \
    {                                              \
        return tagged(e, a, tag, attribute);       \
    }
TAG(italics, "i", NULL)
TAG(bold, "b", NULL)
TAG(fixed, "tt", NULL)
TAG(big_tag, "big", NULL)
TAG(small_tag, "small", NULL)
TAG(strike, "strike", NULL)
TAG(sub_tag, "sub", NULL)
TAG(sup_tag, "sup", NULL)
TAG(blink, "blink", NULL)
TAG(anchor, "a", "name")
TAG(link_tag, "a", "href")
TAG(fontcolor, "font", "color")
TAG(fontsize, "font", "size")

/* ---- looking ---- */

static int64_t find_from(const ev_js_str *j, tw_str what, int64_t from, bool last)
{
    if (what.n > j->s.n) return -1;
    int64_t end = (int64_t)(j->s.n - what.n);
    if (last) {
        for (int64_t i = from < end ? from : end; i >= 0; i--)
            if (!memcmp(j->s.p + i, what.p, what.n)) return i;
        return -1;
    }
    if (from > end) return -1;
    size_t hit = tw_str_find(tw_str_sub(j->s, (size_t)from, j->s.n), what);
    return hit == TW_NPOS ? -1 : from + (int64_t)hit;
}

static bool look(ev *e, const ev_args *a, ev_js_str *j, tw_str *what, int64_t otherwise, int64_t *from)
{
    if (!self_units(e, a, j) || j->u || !text_arg(e, a, 0, what) || !int_arg(e, a, 1, otherwise, from))
        return false;
    if (*from < 0) *from = 0;
    if (*from > (int64_t)j->n) *from = (int64_t)j->n;
    return ev_step(e, 1 + j->n / 16);
}

uint32_t ev_js_index_of(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str what;
    int64_t from;
    if (a->self && !ev_is_text(e, a->self, &(uint8_t){0})) return ev_js_items_find(e, a, false);
    if (!look(e, a, &j, &what, 0, &from)) return 0;
    return ev_int(e, what.n ? find_from(&j, what, from, false) : from);
}
uint32_t ev_js_last_index_of(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str what;
    int64_t from;
    if (a->self && !ev_is_text(e, a->self, &(uint8_t){0})) return ev_js_items_find(e, a, true);
    if (!look(e, a, &j, &what, INT32_MAX, &from)) return 0;
    double d;
    if (a->n > 1 && ev_js_to_double(e, a->v[1], &d) && d != d) from = (int64_t)j.n;
    return ev_int(e, find_from(&j, what, from, true));
}
uint32_t ev_js_includes(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str what;
    int64_t from;
    if (a->self && !ev_is_text(e, a->self, &(uint8_t){0})) return ev_js_items_include(e, a);
    return look(e, a, &j, &what, 0, &from) ? ev_bool(e, find_from(&j, what, from, false) >= 0) : 0;
}
uint32_t ev_js_starts_with(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str what;
    int64_t from;
    if (!look(e, a, &j, &what, 0, &from)) return 0;
    return ev_bool(e, tw_str_starts(tw_str_sub(j.s, (size_t)from, j.s.n), what));
}
uint32_t ev_js_ends_with(ev *e, const ev_args *a)
{
    ev_js_str j;
    tw_str what;
    int64_t to;
    if (!look(e, a, &j, &what, INT32_MAX, &to)) return 0;
    return ev_bool(e, tw_str_ends(tw_str_sub(j.s, 0, (size_t)to), what));
}
