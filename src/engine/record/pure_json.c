/* SPDX-License-Identifier: Apache-2.0 */
/* json.loads and json.dumps. Depth is counted. */
#include "engine/record/pure_number.h"

#include "base/utf8.h"

enum { DEPTH = 64 };

typedef struct reader {
    ev *e;
    tw_str s;
    size_t at;
} reader;

static uint32_t any(reader *r, unsigned depth);

static void blanks(reader *r)
{
    while (r->at < r->s.n && memchr(" \t\n\r", r->s.p[r->at], 4)) r->at++;
}

static bool take(reader *r, char c)
{
    blanks(r);
    if (r->at >= r->s.n || r->s.p[r->at] != c) return false;
    r->at++;
    return true;
}

static int hex4(const reader *r, size_t at)
{
    int v = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < r->s.n ? r->s.p[i] : 0, low = (char)(c | 0x20);
        int d = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (d < 0) return -1;
        v = v << 4 | d;
    }
    return v;
}

static bool escape(reader *r, tw_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = r->at < r->s.n ? r->s.p[r->at++] : 0;
    const char *p = c ? strchr(from, c) : NULL;
    if (p) return tw_buf_putc(out, to[p - from]), true;
    int u = c == 'u' ? hex4(r, r->at) : -1, low;
    if (u < 0) return false;
    r->at += 4;
    if (u >= 0xD800 && u < 0xDC00 && r->at + 1 < r->s.n && r->s.p[r->at] == '\\' &&
        r->s.p[r->at + 1] == 'u' && (low = hex4(r, r->at + 2)) >= 0xDC00 && low < 0xE000) {
        u = 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    if (u >= 0xD800 && u < 0xE000) return false; /* a surrogate on its own */
    tw_utf8_put(out, (uint32_t)u);
    return true;
}

static uint32_t text(reader *r)
{
    tw_buf out = {.limit = r->e->out.limit};
    uint32_t v = 0;
    bool fine = true;
    while (fine && r->at < r->s.n) {
        char c = r->s.p[r->at++];
        if (c == '"') {
            v = ev_taken(r->e, TW_VAL_STR, &out, 0);
            break;
        }
        if (c == '\\')
            fine = escape(r, &out);
        else if ((unsigned char)c < 0x20)
            fine = false;
        else
            tw_buf_putc(&out, c);
    }
    tw_buf_free(&out);
    return v;
}

static uint32_t number(reader *r)
{
    size_t from = r->at, i = from;
    bool real = false;
    double f;
    if (i < r->s.n && r->s.p[i] == '-') i++;
    size_t first = i;
    while (i < r->s.n && r->s.p[i] >= '0' && r->s.p[i] <= '9') i++;
    if (i == first || (i > first + 1 && r->s.p[first] == '0')) return 0;
    for (unsigned k = 0; k < 2; k++) {
        size_t j = i;
        if (j >= r->s.n || !(k ? (r->s.p[j] | 0x20) == 'e' : r->s.p[j] == '.')) continue;
        j++;
        if (k && j < r->s.n && (r->s.p[j] == '-' || r->s.p[j] == '+')) j++;
        size_t digits = j;
        while (j < r->s.n && r->s.p[j] >= '0' && r->s.p[j] <= '9') j++;
        if (j == digits) return 0;
        i = j, real = true;
    }
    r->at = i;
    tw_str s = tw_str_sub(r->s, first, i);
    bool minus = first != from;
    if (!real) return ev_int_of_digits(r->e, s, 10, minus);
    return ev_float_read(tw_str_sub(r->s, from, i), &f) ? ev_float(r->e, f) : 0;
}

static uint32_t list(reader *r, unsigned depth)
{
    ev *e = r->e;
    uint32_t base = e->stack.n, v;
    if (take(r, ']')) return ev_seq_from(e, base, TW_SEQ_LIST);
    do {
        if (!(v = any(r, depth))) return e->stack.n = base, 0;
        TW_PUSH(e->tmp, e->stack, v);
    } while (take(r, ','));
    if (!take(r, ']')) return e->stack.n = base, 0;
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

static uint32_t object(reader *r, unsigned depth)
{
    ev *e = r->e;
    uint32_t base = e->stack.n, v = 0, at, n;
    bool fine = true;
    if (!take(r, '}')) {
        do {
            uint32_t key = take(r, '"') ? text(r) : 0;
            fine = key && take(r, ':') && (v = any(r, depth));
            if (!fine) break;
            TW_PUSH(e->tmp, e->stack, key);
            TW_PUSH(e->tmp, e->stack, v);
        } while (take(r, ','));
        fine = fine && take(r, '}');
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    v = fine ? ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base) : 0;
    e->stack.n = base;
    if (!v || !ev_pairs(e, v, &at, &n)) return 0;
    ev_at(e, v)->list = at, ev_at(e, v)->n = n;
    return v;
}

static uint32_t any(reader *r, unsigned depth)
{
    static const tw_str words[] = {TW_SI("null"), TW_SI("true"), TW_SI("false")};
    ev *e = r->e;
    blanks(r);
    if (r->at >= r->s.n || depth >= DEPTH || !ev_step(e, 2)) return 0;
    char c = r->s.p[r->at];
    if (c == '"') return r->at++, text(r);
    if (c == '[') return r->at++, list(r, depth + 1);
    if (c == '{') return r->at++, object(r, depth + 1);
    for (unsigned i = 0; i < TW_COUNT(words); i++)
        if (tw_str_starts(tw_str_sub(r->s, r->at, r->s.n), words[i])) {
            r->at += words[i].n;
            return i ? ev_bool(e, i == 1) : ev_none(e);
        }
    return number(r);
}

uint32_t ev_json_loads(ev *e, const ev_args *a)
{
    reader r = {.e = e};
    if (a->n != 1 || !ev_text(e, a->v[0], &r.s) || !tw_utf8_valid(r.s) ||
        tw_str_starts(r.s, TW_S("\xef\xbb\xbf")) || !ev_step(e, r.s.n / 16))
        return 0;
    uint32_t v = any(&r, 0);
    blanks(&r);
    return r.at == r.s.n ? v : 0;
}

/* ---- dumps ---- */

static void put_string(tw_buf *out, tw_str s)
{
    tw_buf_putc(out, '"');
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad);
        static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
        const char *p = c && c < 0x80 ? strchr(from, (int)c) : NULL;
        if (p)
            tw_buf_putc(out, '\\'), tw_buf_putc(out, to[p - from]);
        else if (c >= 0x20 && c < 0x7f)
            tw_buf_putc(out, (char)c);
        else if (c < 0x10000)
            tw_buf_fmt(out, "\\u%04x", c);
        else
            tw_buf_fmt(out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
                       0xDC00 + ((c - 0x10000) & 0x3ff));
    }
    tw_buf_putc(out, '"');
}

static bool dump(ev *e, uint32_t v, tw_buf *out, unsigned depth)
{
    tw_str s;
    uint8_t kind;
    uint32_t at, n;
    bool tuple;
    const ev_val x = *ev_at(e, v);
    if (depth >= DEPTH || out->over || !ev_step(e, 2)) return false;
    if (ev_is_text(e, v, &kind)) {
        if (kind != TW_VAL_STR || !ev_text(e, v, &s) || !tw_utf8_valid(s)) return false;
        return put_string(out, s), true;
    }
    if (x.kind == TW_VAL_NULL_) return tw_buf_puts(out, TW_S("null")), true;
    if (x.kind == TW_VAL_BOOL) return tw_buf_puts(out, x.a ? TW_S("true") : TW_S("false")), true;
    if (x.kind == TW_VAL_INT || x.kind == TW_VAL_FLOAT) {
        uint32_t t = ev_repr_of(e, v);
        bool fine = t && ev_text(e, t, &s) && !tw_str_ends(s, TW_S("inf")) && !tw_str_eq(s, TW_S("nan"));
        if (fine) tw_buf_puts(out, s);
        return fine;
    }
    if (x.kind == TW_VAL_MAP) {
        if (!ev_pairs(e, v, &at, &n)) return false;
        tw_buf_putc(out, '{');
        for (uint32_t i = 0; i < n; i += 2) {
            if (!ev_is_text(e, e->lists.v[at + i], &kind)) return false;
            if (i) tw_buf_puts(out, TW_S(", "));
            if (!dump(e, e->lists.v[at + i], out, depth + 1)) return false;
            tw_buf_puts(out, TW_S(": "));
            if (!dump(e, e->lists.v[at + i + 1], out, depth + 1)) return false;
        }
        return tw_buf_putc(out, '}'), true;
    }
    if (!ev_is_listlike(e, v, &tuple) || !ev_items(e, v, &at, &n)) return false;
    tw_buf_putc(out, '[');
    for (uint32_t i = 0; i < n; i++) {
        if (i) tw_buf_puts(out, TW_S(", "));
        if (!dump(e, e->lists.v[at + i], out, depth + 1)) return false;
    }
    return tw_buf_putc(out, ']'), true;
}

uint32_t ev_json_dumps(ev *e, const ev_args *a)
{
    tw_buf out = {.limit = e->out.limit};
    uint32_t v = a->n == 1 && dump(e, a->v[0], &out, 0) ? ev_taken(e, TW_VAL_STR, &out, 0) : 0;
    tw_buf_free(&out);
    return v;
}
