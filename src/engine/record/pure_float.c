/* SPDX-License-Identifier: Apache-2.0 */
/* Floats of Python: the shortest text that gives the number again, reading, rounding, format specs, math. */
#include "engine/record/pure_number.h"

#include <errno.h>
#include <float.h>
#include <math.h>

enum { SPEC_WIDTH = 4096, PRECISION = 60 };

bool ev_float_read(tw_str s, double *ret)
{
    char text[400];
    size_t n = 0;
    bool digits = false;
    tw_str t = s.n && (s.p[0] == '-' || s.p[0] == '+') ? tw_str_sub(s, 1, s.n) : s;
    bool minus = s.n && s.p[0] == '-';
    if (tw_str_ieq(t, TW_S("inf")) || tw_str_ieq(t, TW_S("infinity")))
        return *ret = minus ? -INFINITY : INFINITY, true;
    if (tw_str_ieq(t, TW_S("nan"))) return *ret = NAN, true;
    for (size_t i = 0; i < s.n && n + 1 < sizeof text; i++) {
        char c = s.p[i];
        bool between = i && i + 1 < s.n && s.p[i - 1] >= '0' && s.p[i - 1] <= '9' && s.p[i + 1] >= '0' &&
                       s.p[i + 1] <= '9';
        if (c == '_' && between) continue;
        digits |= c >= '0' && c <= '9';
        if ((c < '0' || c > '9') && c != '.' && (c | 0x20) != 'e' && c != '-' && c != '+') return false;
        text[n++] = c;
    }
    text[n] = 0;
    char *end;
    if (!digits || n + 1 >= sizeof text) return false;
    *ret = strtod(text, &end);
    return *end == 0;
}

void ev_float_repr(double f, tw_buf *out)
{
    char text[40];
    if (isnan(f) || isinf(f)) {
        tw_buf_puts(out, isnan(f) ? TW_S("nan") : f < 0 ? TW_S("-inf") : TW_S("inf"));
        return;
    }
    int digits = 1;
    for (; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, f);
        if (strtod(text, NULL) == f) break;
    }
    int exp = 0;
    const char *e = strchr(text, 'e');
    if (e) exp = (int)strtol(e + 1, NULL, 10);
    if (exp >= -4 && exp < 16) {
        int places = digits - 1 - exp;
        snprintf(text, sizeof text, "%.*f", places > 1 ? places : 1, f);
        tw_buf_puts(out, tw_str_c(text));
        return;
    }
    tw_buf_puts(out, tw_str_of(text, (size_t)(e - text)));
    tw_buf_fmt(out, "e%c%02d", exp < 0 ? '-' : '+', exp < 0 ? -exp : exp);
}

uint32_t ev_float(ev *e, double f)
{
    tw_buf b = {.limit = 64};
    ev_float_repr(f, &b);
    uint32_t v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, tw_buf_str(&b)), 0);
    ev_at(e, v)->flags = EV_CONST | EV_FOLDED;
    tw_buf_free(&b);
    return v;
}

static bool get_float(ev *e, uint32_t v, double *ret)
{
    ev_num n;
    if (!ev_num_of(e, v, &n)) return false;
    bool fine = n.kind == EV_NUM_FLOAT || (n.kind == EV_NUM_INT && llabs(n.i) <= 1ll << 53);
    *ret = n.kind == EV_NUM_FLOAT ? n.f : (double)n.i;
    ev_num_free(&n);
    return fine;
}

uint32_t ev_py_float(ev *e, const ev_args *a)
{
    double f;
    tw_str s;
    uint8_t kind;
    uint32_t v = ev_arg(e, a, 0, NULL);
    if (!a->n) return ev_float(e, 0);
    if (a->n != 1) return 0;
    if (ev_is_text(e, v, &kind))
        return ev_text(e, v, &s) && ev_float_read(tw_str_trim(s), &f) ? ev_float(e, f) : 0;
    return get_float(e, v, &f) ? ev_float(e, f) : 0;
}

/* An integer of a float that is whole; 0 beyond 63 bits. */
uint32_t ev_float_to_int(ev *e, double f)
{
    return fabs(f) < 9e18 ? ev_int(e, (int64_t)f) : 0;
}

uint32_t ev_py_round(ev *e, const ev_args *a)
{
    ev_num n;
    int64_t places = 0;
    char text[400];
    uint32_t v = ev_arg(e, a, 0, NULL), p = ev_arg(e, a, 1, "ndigits");
    if (!v || a->n > 2 || !ev_num_of(e, v, &n)) return 0;
    bool none = p && ev_at(e, p)->kind == TW_VAL_NULL_;
    if (n.kind != EV_NUM_FLOAT) {
        bool whole = !p || none || (ev_get_int(e, p, &places) && places >= 0);
        uint32_t r = whole ? ev_num_val(e, &n) : 0;
        ev_num_free(&n);
        return r;
    }
    if (!p || none) return isfinite(n.f) ? ev_float_to_int(e, nearbyint(n.f)) : 0;
    if (!ev_get_int(e, p, &places) || places < 0 || places > 22 || !isfinite(n.f) || fabs(n.f) > 1e22)
        return 0;
    snprintf(text, sizeof text, "%.*f", (int)places, n.f); /* correctly rounded, as Python does it */
    return ev_float(e, strtod(text, NULL));
}

/* ---- format specs ---- */

typedef struct spec {
    tw_str fill;
    char align, sign, type, group;
    bool alternate, zero;
    uint64_t width;
    int precision; /* -1 none */
} spec;

static bool read_spec(tw_str s, spec *ret)
{
    *ret = (spec){.fill = TW_S(" "), .precision = -1};
    size_t i = 0, first = 0;
    if (s.n) {
        first = 1;
        while (first < s.n && ((unsigned char)s.p[first] & 0xC0) == 0x80) first++;
    }
    if (s.n > first && memchr("<>=^", s.p[first], 4))
        ret->fill = tw_str_sub(s, 0, first), ret->align = s.p[first], i = first + 1;
    else if (s.n && memchr("<>=^", s.p[0], 4))
        ret->align = s.p[0], i = 1;
    if (i < s.n && memchr("+- ", s.p[i], 3)) ret->sign = s.p[i++];
    if (i < s.n && s.p[i] == '#') ret->alternate = true, i++;
    if (i < s.n && s.p[i] == '0') {
        ret->zero = true, i++;
        if (!ret->align) ret->align = '=', ret->fill = TW_S("0");
    }
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        ret->width = ret->width * 10 + (uint64_t)(s.p[i] - '0');
        if (ret->width > SPEC_WIDTH) return false;
    }
    if (i < s.n && (s.p[i] == ',' || s.p[i] == '_')) ret->group = s.p[i++];
    if (i < s.n && s.p[i] == '.') {
        ret->precision = 0;
        size_t from = ++i;
        for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
            ret->precision = ret->precision * 10 + (s.p[i] - '0');
            if (ret->precision > SPEC_WIDTH) return false;
        }
        if (i == from) return false;
    }
    if (i < s.n) ret->type = s.p[i++];
    return i == s.n;
}

static void padded(tw_buf *out, const spec *f, char align, size_t width, tw_str sign, tw_str body)
{
    size_t have = width + sign.n, gap = f->width > have ? f->width - have : 0;
    size_t left = align == '>'   ? gap
                  : align == '^' ? gap / 2
                                 : 0,
           right = align == '<'   ? gap
                   : align == '^' ? gap - left
                                  : 0;
    for (size_t i = 0; i < left; i++) tw_buf_puts(out, f->fill);
    tw_buf_puts(out, sign);
    for (size_t i = 0; align == '=' && i < gap; i++) tw_buf_puts(out, f->fill);
    tw_buf_puts(out, body);
    for (size_t i = 0; i < right; i++) tw_buf_puts(out, f->fill);
}

static size_t code_points(tw_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

bool ev_spec_text(tw_str text, tw_str how, tw_buf *out)
{
    spec f;
    if (!read_spec(how, &f) || f.sign || f.alternate || f.group || (f.type && f.type != 's') ||
        f.align == '=')
        return false;
    size_t keep = text.n, n = 0;
    for (size_t i = 0; f.precision >= 0 && i < text.n; i++) {
        bool start = ((unsigned char)text.p[i] & 0xC0) != 0x80;
        if (start && n++ == (size_t)f.precision) {
            keep = i;
            break;
        }
    }
    text = tw_str_sub(text, 0, keep);
    padded(out, &f, f.align ? f.align : '<', code_points(text), TW_S(""), text);
    return true;
}

static void grouped(tw_buf *out, tw_str digits, char mark, unsigned every)
{
    size_t whole = 0;
    while (whole < digits.n && ((digits.p[whole] >= '0' && digits.p[whole] <= '9') || every == 4)) whole++;
    for (size_t i = 0; i < digits.n; i++) {
        if (mark && i && i < whole && (whole - i) % every == 0) tw_buf_putc(out, mark);
        tw_buf_putc(out, digits.p[i]);
    }
}

static bool float_digits(double f, char type, int precision, bool alternate, tw_buf *out)
{
    char text[400];
    f = fabs(f);
    if (isnan(f) || isinf(f)) return false;
    if (type == '%') f *= 100;
    int places = precision < 0 ? 6 : precision;
    if (places > PRECISION || f > 1e200 || alternate) return false;
    if (!type && precision < 0) {
        ev_float_repr(f, out);
        return true;
    }
    switch (type) {
    case 'f':
    case 'F':
    case '%': snprintf(text, sizeof text, "%.*f", places, f); break;
    case 'e': snprintf(text, sizeof text, "%.*e", places, f); break;
    case 'E': snprintf(text, sizeof text, "%.*E", places, f); break;
    case 'g': snprintf(text, sizeof text, "%.*g", places, f); break;
    case 'G': snprintf(text, sizeof text, "%.*G", places, f); break;
    default: return false;
    }
    tw_buf_puts(out, tw_str_c(text));
    if (type == '%') tw_buf_putc(out, '%');
    return true;
}

static bool int_digits(ev *e, const ev_num *n, const spec *f, tw_buf *out)
{
    static const struct {
        char type;
        unsigned base;
        const char *prefix;
    } rows[] = {{0, 10, ""}, {'d', 10, ""}, {'x', 16, "0x"}, {'X', 16, "0X"}, {'o', 8, "0o"}, {'b', 2, "0b"}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (rows[i].type == f->type) {
            if (f->group == ',' && rows[i].base != 10) return false;
            return ev_num_radix(e, n, rows[i].base, f->type == 'X', out);
        }
    return false;
}

bool ev_spec_number(ev *e, uint32_t v, tw_str how, tw_buf *out)
{
    spec f;
    ev_num n;
    if (!read_spec(how, &f) || !ev_num_of(e, v, &n)) return false;
    tw_buf raw = {.limit = 1 << 20}, body = {.limit = 1 << 20};
    bool fine, minus = n.kind == EV_NUM_FLOAT ? signbit(n.f) != 0 : ev_num_sign(&n) < 0;
    bool real = n.kind == EV_NUM_FLOAT || (f.type && memchr("eEfFgG%", f.type, 7));
    const char *prefix = "";
    if (real) {
        double x = n.f;
        fine = n.kind == EV_NUM_FLOAT || get_float(e, v, &x);
        fine = fine && float_digits(x, f.type, f.precision, f.alternate, &raw);
        if (!f.type && f.precision >= 0) fine = false;
    } else {
        fine = f.precision < 0 && int_digits(e, &n, &f, &raw);
        if (f.alternate)
            prefix = f.type == 'x'   ? "0x"
                     : f.type == 'X' ? "0X"
                     : f.type == 'o' ? "0o"
                     : f.type == 'b' ? "0b"
                                     : "";
    }
    if (f.group && f.zero && f.width) fine = false; /* zeros are grouped too */
    if (fine) {
        grouped(&body, tw_buf_str(&raw), f.group, !real && f.type && f.type != 'd' ? 4 : 3);
        char sign[4];
        snprintf(sign, sizeof sign, "%s%s",
                 minus           ? "-"
                 : f.sign == '+' ? "+"
                 : f.sign == ' ' ? " "
                                 : "",
                 prefix);
        tw_str b = tw_buf_str(&body);
        padded(out, &f, f.align ? f.align : '>', b.n, tw_str_c(sign), b);
    }
    tw_buf_free(&raw), tw_buf_free(&body);
    ev_num_free(&n);
    return fine;
}

/* ---- math ---- */

static uint32_t math1(ev *e, const ev_args *a, double (*fn)(double), bool whole)
{
    double f;
    ev_num n;
    if (a->n != 1 || !ev_num_of(e, a->v[0], &n)) return 0;
    if (whole && n.kind != EV_NUM_FLOAT) return ev_num_val(e, &n);
    ev_num_free(&n);
    if (!get_float(e, a->v[0], &f) || !isfinite(f)) return 0;
    f = fn(f);
    if (isnan(f)) return 0;
    return whole ? ev_float_to_int(e, f) : ev_float(e, f);
}

uint32_t ev_math_floor(ev *e, const ev_args *a)
{
    return math1(e, a, floor, true);
}
uint32_t ev_math_ceil(ev *e, const ev_args *a)
{
    return math1(e, a, ceil, true);
}
uint32_t ev_math_trunc(ev *e, const ev_args *a)
{
    return math1(e, a, trunc, true);
}
uint32_t ev_math_sqrt(ev *e, const ev_args *a)
{
    return math1(e, a, sqrt, false); /* exact by IEEE 754 */
}
uint32_t ev_math_fabs(ev *e, const ev_args *a)
{
    return math1(e, a, fabs, false);
}

uint32_t ev_math_gcd(ev *e, const ev_args *a)
{
    int64_t x, y;
    if (a->n != 2 || !ev_get_int(e, a->v[0], &x) || !ev_get_int(e, a->v[1], &y) || x == INT64_MIN ||
        y == INT64_MIN)
        return 0;
    for (x = llabs(x), y = llabs(y); y;) {
        int64_t t = x % y;
        x = y, y = t;
    }
    return ev_int(e, x);
}

uint32_t ev_math_factorial(ev *e, const ev_args *a)
{
    int64_t n;
    if (a->n != 1 || !ev_get_int(e, a->v[0], &n) || n < 0 || n > 1000) return 0;
    uint32_t v = ev_int(e, 1);
    for (int64_t i = 2; v && i <= n; i++) {
        uint32_t pair[2] = {v, ev_int(e, i)};
        v = ev_op(e, TW_S("*"), pair, 2);
    }
    return v;
}
