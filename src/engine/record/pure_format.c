/* SPDX-License-Identifier: Apache-2.0 */
/* str(), format, %: known parts become text, unknown ones stay parts of a sum. */
#include "engine/record/pure_number.h"

uint32_t ev_to_str(ev *e, uint32_t v)
{
    int64_t n;
    uint8_t kind;
    const ev_val *x = ev_at(e, v);
    if (ev_is_text(e, v, &kind)) return kind == TW_VAL_STR && ev_is_const(e, v) ? v : 0;
    if (x->kind == TW_VAL_NULL_) return ev_folded(e, TW_VAL_STR, TW_S("None"), 0);
    if (x->kind == TW_VAL_BOOL) return ev_folded(e, TW_VAL_STR, x->a ? TW_S("True") : TW_S("False"), 0);
    if (ev_get_int(e, v, &n)) return ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "%lld", (long long)n), 0);
    return e->py ? ev_repr_of(e, v) : 0;
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

static uint32_t format_python(ev *e, uint32_t v, tw_str spec)
{
    tw_str s;
    uint8_t kind;
    tw_buf out = {.limit = 1 << 20};
    uint32_t r = 0;
    if (ev_is_text(e, v, &kind) ? kind == TW_VAL_STR && ev_text(e, v, &s) && ev_spec_text(s, spec, &out)
                                : ev_spec_number(e, v, spec, &out))
        r = ev_taken(e, TW_VAL_STR, &out, 0);
    tw_buf_free(&out);
    return r;
}

static uint32_t format_known(ev *e, uint32_t v, tw_str spec)
{
    int64_t n;
    if (e->py && spec.n) return format_python(e, v, spec);
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

/* name!r, name[key], name.attribute */
static uint32_t field(ev *e, const ev_args *a, tw_str name, uint64_t *next)
{
    size_t bang = tw_str_chr(name, '!'), end = 0;
    tw_str how = bang == TW_NPOS ? (tw_str){0} : tw_str_sub(name, bang + 1, name.n);
    if (bang != TW_NPOS) name = tw_str_sub(name, 0, bang);
    while (end < name.n && name.p[end] != '[' && name.p[end] != '.') end++;
    uint32_t v = field_value(e, a, tw_str_sub(name, 0, end), next);
    while (v && end < name.n) {
        size_t from = ++end, close;
        if (name.p[from - 1] == '.') return 0;
        close = tw_str_chr(tw_str_sub(name, from, name.n), ']');
        if (close == TW_NPOS || !close) return 0;
        tw_str key = tw_str_sub(name, from, from + close);
        uint64_t i;
        v = ev_index(e, v,
                     tw_str_u64(key, &i) && i < 1 << 20 ? ev_int(e, (int64_t)i)
                                                        : ev_folded(e, TW_VAL_STR, key, 0));
        if (ev_at(e, v)->kind == TW_VAL_INDEX) return 0;
        end = from + close + 1;
    }
    if (!v || !how.n) return v;
    if (how.n != 1 || !ev_is_const(e, v)) return 0;
    return how.p[0] == 's'                      ? ev_to_str(e, v)
           : how.p[0] == 'r' || how.p[0] == 'a' ? ev_repr_text(e, v, how.p[0] == 'a')
                                                : 0;
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
            uint32_t v = c == '{' && format_field(s, &i, &name, &spec) ? field(e, a, name, &next) : 0;
            if (!v || (e->py && spec.n && ev_is_const(e, v) && !format_known(e, v, spec))) return 0;
            sum = add_part(e, sum, v, spec);
        }
        from = i;
    }
    return add_text(e, sum, tw_str_sub(s, from, s.n));
}

typedef struct percent { /* %[flags][width][.precision]type */
    tw_str flags, width, precision;
    char type;
} percent;

/* One conversion behind the %; *at moves behind it. */
static bool conversion(tw_str s, size_t *at, percent *ret)
{
    size_t i = *at, from = i;
    *ret = (percent){0};
    while (i < s.n && memchr("-+ #0", s.p[i], 5)) i++;
    ret->flags = tw_str_sub(s, from, i);
    for (from = i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';) i++;
    ret->width = tw_str_sub(s, from, i);
    if (i < s.n && s.p[i] == '.') {
        for (from = i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';) i++;
        ret->precision = tw_str_sub(s, from, i);
    }
    if (i >= s.n || !memchr("sdiuxXocreEfFgGa", s.p[i], 16)) return false;
    ret->type = s.p[i] == 'i' || s.p[i] == 'u' ? 'd' : s.p[i];
    *at = i + 1;
    return true;
}

static bool flagged(const percent *p, char c)
{
    return p->flags.n && memchr(p->flags.p, c, p->flags.n);
}

/* The same as a format spec: %-5d is <5d. */
static uint32_t convert(ev *e, uint32_t v, const percent *p)
{
    int64_t n;
    char spec[80];
    uint8_t kind = ev_at(e, v)->kind, text;
    bool number = kind == TW_VAL_INT || kind == TW_VAL_BOOL || kind == TW_VAL_FLOAT;
    if (p->type == 'c') {
        uint32_t none = 0;
        ev_args one = {0, &v, &none, 1};
        if (p->width.n || p->precision.n) return 0;
        tw_str s;
        if (kind == TW_VAL_INT && ev_get_int(e, v, &n)) return ev_chr(e, &one);
        return ev_is_text(e, v, &text) && text == TW_VAL_STR && ev_text(e, v, &s) && ev_ord(e, &one) ? v : 0;
    }
    bool plain = p->type == 's' || p->type == 'r' || p->type == 'a';
    if (plain) v = p->type == 's' ? ev_to_str(e, v) : ev_repr_text(e, v, p->type == 'a');
    if (!v || (!plain && !number) || p->width.n > 4 || p->precision.n > 4) return 0;
    if (plain && !p->width.n && !p->precision.n) return v;
    bool real = memchr("eEfFgG", p->type, 6) != NULL;
    if (!real && !plain && (p->precision.n || kind == TW_VAL_FLOAT)) return 0;
    bool zero = flagged(p, '0') && !flagged(p, '-') && !plain;
    const char *align = flagged(p, '-') ? "<"
                        : plain         ? ">"
                                        : "",
               *sign = plain             ? ""
                       : flagged(p, '+') ? "+"
                       : flagged(p, ' ') ? " "
                                         : "";
    if (plain && !p->width.n) align = "";
    const char *alternate = flagged(p, '#') && !plain ? "#" : "", *dot = p->precision.n == 1 ? "0" : "";
    snprintf(spec, sizeof spec, "%s%s%s%s%.*s%.*s%s%c", align, sign, alternate, zero ? "0" : "",
             TW_FMT(p->width), TW_FMT(p->precision), dot, plain ? 's' : p->type);
    return format_python(e, v, tw_str_c(spec));
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
    tw_str s;
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
            percent p;
            if (!v || !conversion(s, &i, &p)) return 0;
            uint32_t text = ev_is_const(e, v) ? convert(e, v, &p) : 0;
            if (ev_is_const(e, v) && !text) return 0;
            sum = ev_concat(e, sum, text ? text : v);
        }
        from = i;
    }
    /* what Python refuses: arguments too many; a mapping may stay unused */
    bool mapping = ev_at(e, args)->kind == TW_VAL_MAP;
    if (next < (tuple ? n : 1) && !named && !mapping) return 0;
    return add_text(e, sum, tw_str_sub(s, from, s.n));
}

uint32_t ev_py_format(ev *e, const ev_args *a)
{
    tw_str spec = {0};
    if (a->n < 1 || a->n > 2 || !ev_is_const(e, a->v[0]) || (a->n == 2 && !ev_text(e, a->v[1], &spec)))
        return 0;
    return spec.n ? format_python(e, a->v[0], spec) : ev_to_str(e, a->v[0]);
}

uint32_t ev_str_format_map(ev *e, const ev_args *a)
{
    uint32_t list, n, v[16], names[16], m = 0;
    tw_str key;
    if (a->n != 1 || !ev_pairs(e, a->v[0], &list, &n) || n > 32) return 0;
    for (uint32_t i = 0; i < n; i += 2) {
        uint32_t s = ev_text(e, e->lists.v[list + i], &key) ? tw_intern_find(&e->ir->strings, key) : 0;
        if (!s) return 0;
        names[m] = s, v[m++] = e->lists.v[list + i + 1];
    }
    ev_args named = {a->self, v, names, m};
    return ev_str_format(e, &named);
}
