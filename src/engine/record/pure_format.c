/* SPDX-License-Identifier: Apache-2.0 */
/* str(), format, %: known parts become text, unknown ones stay parts of a sum. */
#include "engine/record/pure_priv.h"

uint32_t ev_to_str(ev *e, uint32_t v)
{
    int64_t n;
    uint8_t kind;
    const ev_val *x = ev_at(e, v);
    if (ev_is_text(e, v, &kind)) return kind == TW_VAL_STR && ev_is_const(e, v) ? v : 0;
    if (x->kind == TW_VAL_NULL_) return ev_folded(e, TW_VAL_STR, TW_S("None"), 0);
    if (x->kind == TW_VAL_BOOL) return ev_folded(e, TW_VAL_STR, x->a ? TW_S("True") : TW_S("False"), 0);
    if (!ev_get_int(e, v, &n)) return 0;
    return ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "%lld", (long long)n), 0);
}

uint32_t ev_str(ev *e, const ev_args *a)
{
    tw_str encoding;
    uint32_t v = ev_arg(e, a, 0, "object");
    if (!v) return 0;
    if (a->n == 1) return ev_to_str(e, v);
    return a->n == 2 && ev_arg_text(e, a, 1, "encoding", &encoding) ? ev_recode(e, v, encoding, false) : 0;
}

/* [0][width][d|x|X|o|c|b|s] */
static uint32_t format_int(ev *e, int64_t n, tw_str spec)
{
    bool zero = spec.n && spec.p[0] == '0';
    uint64_t width = 0;
    char type = 'd', text[80];
    if (spec.n && (spec.p[spec.n - 1] < '0' || spec.p[spec.n - 1] > '9')) type = spec.p[--spec.n];
    if (spec.n && (!tw_str_u64(spec, &width) || width > 64)) return 0;
    if (n < 0 && type != 'd') return 0;
    size_t at = sizeof text;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    unsigned base = type == 'd'                  ? 10
                    : type == 'x' || type == 'X' ? 16
                    : type == 'o'                ? 8
                    : type == 'b'                ? 2
                                                 : 0;
    if (!base) return 0;
    do {
        text[--at] = (type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[left % base];
        left /= base;
    } while (left);
    size_t sign = n < 0;
    while (zero && sizeof text - at + sign < width) text[--at] = '0';
    if (sign) text[--at] = '-';
    while (sizeof text - at < width) text[--at] = ' ';
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text + at, sizeof text - at)), 0);
}

static uint32_t format_known(ev *e, uint32_t v, tw_str spec)
{
    int64_t n;
    if (!spec.n || tw_str_eq(spec, TW_S("s"))) return ev_to_str(e, v);
    if (ev_at(e, v)->kind == TW_VAL_INT && ev_get_int(e, v, &n)) return format_int(e, n, spec);
    return 0;
}

uint32_t ev_format_spec(ev *e, uint32_t v, uint32_t spec)
{
    tw_str s;
    return ev_text(e, spec, &s) ? format_known(e, v, s) : 0;
}

static uint32_t add_text(ev *e, uint32_t sum, tw_str s)
{
    return s.n ? ev_concat(e, sum, ev_folded(e, TW_VAL_STR, s, 0)) : sum;
}

/* A part that is known but whose format is not must not pass for known. */
static uint32_t add_part(ev *e, uint32_t sum, uint32_t v, tw_str spec)
{
    uint32_t text = format_known(e, v, spec);
    if (!text && ev_is_const(e, v)) {
        text = ev_list(e, TW_VAL_OP, &v, 1);
        ev_at(e, text)->b = tw_intern(&e->syms, TW_S("format"));
    }
    return ev_concat(e, sum, text ? text : v);
}

static bool format_field(tw_str s, size_t *at, tw_str *ret_name, tw_str *ret_spec)
{
    size_t from = *at, to = from, colon = 0;
    while (to < s.n && s.p[to] != '}' && s.p[to] != '{') {
        if (s.p[to] == ':' && !colon) colon = to;
        to++;
    }
    if (to >= s.n || s.p[to] != '}') return false;
    *ret_name = tw_str_sub(s, from, colon ? colon : to);
    *ret_spec = colon ? tw_str_sub(s, colon + 1, to) : (tw_str){NULL, 0};
    *at = to + 1;
    return true;
}

static uint32_t field_value(const ev *e, const ev_args *a, tw_str name, uint64_t *next)
{
    uint64_t n;
    if (!name.n || tw_str_u64(name, &n)) {
        if (!name.n) n = (*next)++;
        return n < a->n && !a->names[n] ? a->v[n] : 0;
    }
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names[i] && tw_str_eq(tw_ir_text(e->ir, a->names[i]), name)) return a->v[i];
    return 0;
}

uint32_t ev_str_format(ev *e, const ev_args *a)
{
    tw_str s, name, spec;
    uint8_t kind;
    uint64_t next = 0;
    if (!ev_self_text(e, a, &s, &kind) || kind != TW_VAL_STR || !ev_step(e, s.n / 8)) return 0;
    uint32_t sum = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i++];
        if (c != '{' && c != '}') continue;
        bool twice = i < s.n && s.p[i] == c;
        sum = add_text(e, sum, tw_str_sub(s, from, twice ? i : i - 1));
        if (twice)
            i++;
        else {
            uint32_t v = c == '{' && format_field(s, &i, &name, &spec) ? field_value(e, a, name, &next) : 0;
            if (!v) return 0;
            sum = add_part(e, sum, v, spec);
        }
        from = i;
    }
    return add_text(e, sum, tw_str_sub(s, from, s.n));
}

/* One conversion behind the %; *at moves behind it. */
static bool conversion(tw_str s, size_t *at, tw_str *ret_spec)
{
    size_t from = *at, i = from;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
    if (i >= s.n || !memchr("sdixXoc", s.p[i], 7)) return false;
    *ret_spec = tw_str_sub(s, from, i + 1);
    *at = i + 1;
    return true;
}

/* "%(name)s": the key of a mapping that is written out. */
static uint32_t by_name(ev *e, uint32_t args, tw_str s, size_t *at)
{
    size_t close = tw_str_chr(tw_str_sub(s, *at, s.n), ')');
    if (close == TW_NPOS) return 0;
    uint32_t key = ev_folded(e, TW_VAL_STR, tw_str_sub(s, *at + 1, *at + close), 0);
    *at += close + 1;
    return ev_index(e, args, key);
}

uint32_t ev_percent(ev *e, uint32_t format, uint32_t args)
{
    tw_str s, spec;
    uint8_t kind;
    uint32_t list = 0, n = 0, next = 0;
    if (!ev_is_text(e, format, &kind) || kind != TW_VAL_STR || !ev_text(e, format, &s)) return 0;
    bool tuple = ev_at(e, args)->kind == TW_VAL_SEQ && ev_at(e, args)->how == TW_SEQ_TUPLE;
    if ((tuple && !ev_items(e, args, &list, &n)) || !ev_step(e, s.n / 8)) return 0;
    uint32_t sum = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    size_t from = 0;
    bool named = false;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i++] != '%') continue;
        bool twice = i < s.n && s.p[i] == '%';
        sum = add_text(e, sum, tw_str_sub(s, from, twice ? i : i - 1));
        if (twice)
            i++;
        else {
            bool by = i < s.n && s.p[i] == '(';
            uint32_t v = by ? by_name(e, args, s, &i) : 0;
            named |= by;
            if (!v && next < (tuple ? n : 1)) v = tuple ? e->lists.v[list + next] : args, next++;
            if (!v || !conversion(s, &i, &spec)) return 0;
            char type = spec.p[spec.n - 1];
            if (type == 'i') spec = tw_str_sub(spec, 0, spec.n - 1);
            if (type == 'c' && ev_at(e, v)->kind == TW_VAL_INT) return 0;
            if (type == 'c') spec = (tw_str){NULL, 0};
            sum = add_part(e, sum, v, spec);
        }
        from = i;
    }
    /* what Python refuses: arguments too many; a mapping may stay unused */
    bool mapping = ev_at(e, args)->kind == TW_VAL_MAP;
    if (next < (tuple ? n : 1) && !named && !mapping) return 0;
    return add_text(e, sum, tw_str_sub(s, from, s.n));
}
