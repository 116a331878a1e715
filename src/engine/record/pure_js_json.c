/* SPDX-License-Identifier: Apache-2.0 */
/* JSON.parse and JSON.stringify over what is known. */
#include <math.h>

#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { DEEP = 64 };

/* ---- parse ---- */

typedef struct reader {
    ev *e;
    tw_str s;
    size_t at;
    uint32_t recipe;
} reader;

static void blanks(reader *r)
{
    while (r->at < r->s.n &&
           (r->s.p[r->at] == ' ' || r->s.p[r->at] == '\t' || r->s.p[r->at] == '\n' || r->s.p[r->at] == '\r'))
        r->at++;
}

static bool take(reader *r, char c)
{
    blanks(r);
    if (r->at >= r->s.n || r->s.p[r->at] != c) return false;
    return r->at++, true;
}

static bool hex4(const reader *r, size_t at, uint32_t *ret)
{
    *ret = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < r->s.n ? r->s.p[i] : 0, low = (char)(c | 32);
        int d = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (d < 0) return false;
        *ret = *ret << 4 | (uint32_t)d;
    }
    return true;
}

static bool put_escape(reader *r, tw_buf *o)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = r->at < r->s.n ? r->s.p[r->at++] : 0;
    const char *p = c ? strchr(from, c) : NULL;
    uint32_t u, low;
    if (p) return tw_buf_putc(o, to[p - from]), true;
    if (c != 'u' || !hex4(r, r->at, &u)) return false;
    r->at += 4;
    if (u >= 0xDC00 && u < 0xE000) return false;
    if (u >= 0xD800 && u < 0xDC00) {
        if (r->at + 1 >= r->s.n || r->s.p[r->at] != '\\' || r->s.p[r->at + 1] != 'u' ||
            !hex4(r, r->at + 2, &low) || low < 0xDC00 || low >= 0xE000)
            return false;
        u = 0x10000 + ((u & 0x3FF) << 10) + (low & 0x3FF);
        r->at += 6;
    }
    tw_utf8_put(o, u);
    return true;
}

static uint32_t string(reader *r)
{
    tw_buf_clear(&r->e->out);
    if (!take(r, '"')) return 0;
    while (r->at < r->s.n) {
        char c = r->s.p[r->at++];
        if (c == '"') return ev_taken(r->e, TW_VAL_STR, &r->e->out, r->recipe);
        if ((unsigned char)c < 0x20) return 0;
        if (c != '\\')
            tw_buf_putc(&r->e->out, c);
        else if (!put_escape(r, &r->e->out))
            return 0;
    }
    return 0;
}

static uint32_t number(reader *r)
{
    size_t from = r->at, i = from;
    const char *p = r->s.p;
    double d;
    if (i < r->s.n && p[i] == '-') i++;
    if (i >= r->s.n || p[i] < '0' || p[i] > '9') return 0;
    bool zero = p[i] == '0';
    size_t digits = i;
    while (i < r->s.n && p[i] >= '0' && p[i] <= '9') i++;
    if (zero && i > digits + 1) return 0;
    if (i < r->s.n && p[i] == '.') {
        size_t dot = ++i;
        while (i < r->s.n && p[i] >= '0' && p[i] <= '9') i++;
        if (i == dot) return 0;
    }
    if (i < r->s.n && (p[i] | 32) == 'e') {
        i++;
        if (i < r->s.n && (p[i] == '+' || p[i] == '-')) i++;
        size_t e = i;
        while (i < r->s.n && p[i] >= '0' && p[i] <= '9') i++;
        if (i == e) return 0;
    }
    r->at = i;
    return ev_js_parse_number(tw_str_sub(r->s, from, i), &d) ? ev_js_double(r->e, d) : 0;
}

static uint32_t value(reader *r, unsigned depth);

static uint32_t list(reader *r, unsigned depth)
{
    ev *e = r->e;
    uint32_t base = e->stack.n;
    r->at++;
    if (take(r, ']')) return ev_js_array(e, base);
    for (;;) {
        uint32_t v = value(r, depth + 1);
        if (!v) break;
        TW_PUSH(e->tmp, e->stack, v);
        if (take(r, ']')) return ev_js_array(e, base);
        if (!take(r, ',')) break;
    }
    e->stack.n = base;
    return 0;
}

static uint32_t object(reader *r, unsigned depth)
{
    ev *e = r->e;
    tw_str key;
    uint32_t base = e->stack.n;
    r->at++;
    bool more = !take(r, '}'), fine = true;
    while (more && fine) {
        uint32_t k = (blanks(r), string(r)), v = k && take(r, ':') ? value(r, depth + 1) : 0;
        fine = v && ev_text(e, k, &key) && !tw_str_eq(key, TW_S("__proto__"));
        if (!fine) break;
        TW_PUSH(e->tmp, e->stack, k);
        TW_PUSH(e->tmp, e->stack, v);
        if (take(r, '}')) break;
        fine = take(r, ',');
    }
    uint32_t v = fine ? ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base) : 0;
    e->stack.n = base;
    return v;
}

static bool word(reader *r, tw_str w)
{
    if (!tw_str_starts(tw_str_sub(r->s, r->at, r->s.n), w)) return false;
    return r->at += w.n, true;
}

static uint32_t value(reader *r, unsigned depth)
{
    blanks(r);
    if (depth > DEEP || r->at >= r->s.n || !ev_step(r->e, 1)) return 0;
    switch (r->s.p[r->at]) {
    case '"': return string(r);
    case '[': return list(r, depth);
    case '{': return object(r, depth);
    case 't': return word(r, TW_S("true")) ? ev_bool(r->e, true) : 0;
    case 'f': return word(r, TW_S("false")) ? ev_bool(r->e, false) : 0;
    case 'n': return word(r, TW_S("null")) ? ev_none(r->e) : 0;
    default: return number(r);
    }
}

uint32_t ev_js_json_parse(ev *e, const ev_args *a)
{
    reader r = {.e = e};
    uint32_t text = a->n == 1 ? ev_js_text(e, a->v[0]) : 0;
    if (!text || !ev_text(e, text, &r.s) || !ev_step(e, r.s.n / 16)) return 0;
    r.s = tw_arena_str(e->tmp, r.s);
    r.recipe = ev_at(e, text)->recipe;
    uint32_t v = value(&r, 0);
    blanks(&r);
    return r.at == r.s.n ? v : 0;
}

/* ---- stringify ---- */

static void put_quoted(tw_buf *o, tw_str s)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    tw_buf_putc(o, '"');
    for (size_t i = 0; i < s.n; i++) {
        const char *p = s.p[i] ? strchr(from, s.p[i]) : NULL;
        if (p)
            tw_buf_putc(o, '\\'), tw_buf_putc(o, to[p - from]);
        else if ((unsigned char)s.p[i] < 0x20)
            tw_buf_fmt(o, "\\u%04x", (unsigned char)s.p[i]);
        else
            tw_buf_putc(o, s.p[i]);
    }
    tw_buf_putc(o, '"');
}

typedef struct writer {
    ev *e;
    tw_buf o;
    tw_str gap;
} writer;

static void line(writer *w, unsigned depth)
{
    if (!w->gap.n) return;
    tw_buf_putc(&w->o, '\n');
    while (depth--) tw_buf_puts(&w->o, w->gap);
}

/* 1 written, 0 left out, -1 not known. */
static int put(writer *w, uint32_t v, unsigned depth);

static int put_list(writer *w, uint32_t list, uint32_t n, unsigned depth)
{
    tw_buf_putc(&w->o, '[');
    for (uint32_t i = 0; i < n; i++) {
        if (i) tw_buf_putc(&w->o, ',');
        line(w, depth + 1);
        int done = put(w, w->e->lists.v[list + i], depth + 1);
        if (done < 0) return -1;
        if (!done) tw_buf_puts(&w->o, TW_S("null"));
    }
    if (n) line(w, depth);
    tw_buf_putc(&w->o, ']');
    return 1;
}

static int put_object(writer *w, uint32_t v, unsigned depth)
{
    ev *e = w->e;
    uint32_t none = 0, list, n, l, m, entries = ev_js_entries(e, &(ev_args){0, &v, &none, 1});
    tw_str key;
    bool any = false;
    if (!entries || !ev_items(e, entries, &list, &n)) return -1;
    tw_buf_putc(&w->o, '{');
    for (uint32_t i = 0; i < n; i++) {
        if (!ev_items(e, e->lists.v[list + i], &l, &m) || !ev_text(e, e->lists.v[l], &key)) return -1;
        if (tw_str_eq(key, TW_S("toJSON"))) return -1;
        size_t mark = w->o.n;
        if (any) tw_buf_putc(&w->o, ',');
        line(w, depth + 1);
        put_quoted(&w->o, key);
        tw_buf_puts(&w->o, w->gap.n ? TW_S(": ") : TW_S(":"));
        int done = put(w, e->lists.v[l + 1], depth + 1);
        if (done < 0) return -1;
        if (!done) w->o.n = mark;
        any |= done > 0;
    }
    if (any) line(w, depth);
    tw_buf_putc(&w->o, '}');
    return 1;
}

static int put(writer *w, uint32_t v, unsigned depth)
{
    ev *e = w->e;
    const ev_val *x = ev_at(e, v);
    uint32_t list, n, text;
    tw_str s;
    double d;
    if (depth > DEEP || !ev_step(e, 1) || w->o.over) return -1;
    switch (x->kind) {
    case TW_VAL_NULL_:
        if (x->a) return 0;
        tw_buf_puts(&w->o, TW_S("null"));
        return 1;
    case TW_VAL_FUNC: return e->ir->scopes.v[x->a].kind == TW_REGION_CLASS ? -1 : 0;
    case TW_VAL_SEQ:
    case TW_VAL_MUT: return ev_items(e, v, &list, &n) ? put_list(w, list, n, depth) : -1;
    case TW_VAL_MAP: return put_object(w, v, depth);
    case TW_VAL_STR:
    case EV_ROPE:
        if (!ev_is_const(e, v) || x->flags & EV_BYTES || !ev_text(e, v, &s) || !tw_utf8_valid(s)) return -1;
        put_quoted(&w->o, s);
        return 1;
    case TW_VAL_INT:
    case TW_VAL_FLOAT:
    case TW_VAL_BOOL:
        if (ev_js_is_bigint(e, v) || !ev_js_to_double(e, v, &d)) return -1;
        text = ev_js_text(e, v);
        if (!text || !ev_text(e, text, &s)) return -1;
        tw_buf_puts(&w->o, d != d || isinf(d) ? TW_S("null") : s);
        return 1;
    default: return -1;
    }
}

uint32_t ev_js_stringify(ev *e, const ev_args *a)
{
    writer w = {.e = e, .o = {.limit = e->lim->value_bytes + 1}, .gap = {0}};
    int64_t gap;
    if (!a->n || a->n > 3) return 0;
    if (a->n > 1 && ev_at(e, a->v[1])->kind != TW_VAL_NULL_) return 0;
    if (a->n > 2 && ev_at(e, a->v[2])->kind != TW_VAL_NULL_) {
        if (ev_at(e, a->v[2])->kind == TW_VAL_INT && ev_get_int(e, a->v[2], &gap))
            w.gap = tw_str_of("          ", gap < 0 ? 0 : gap > 10 ? 10 : (size_t)gap);
        else if (ev_at(e, a->v[2])->kind != TW_VAL_STR || !ev_text(e, a->v[2], &w.gap) || w.gap.n > 10)
            return 0;
    }
    int done = put(&w, a->v[0], 0);
    uint32_t v = done > 0 ? ev_taken(e, TW_VAL_STR, &w.o, 0) : done ? 0 : ev_js_undefined(e);
    tw_buf_free(&w.o);
    return v;
}
