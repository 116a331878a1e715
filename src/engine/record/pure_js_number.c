/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's numbers: doubles, written as String(n) writes them. What is an integer that a double holds exactly
 * is an INT, everything else a FLOAT by its text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/record/pure_priv.h"

enum { EXACT_MAX = 1400 };
static const double SAFE = 9007199254740992.0;
static const char digits36[] = "0123456789abcdefghijklmnopqrstuvwxyz";

/* ---- text ---- */

/* The shortest digits that give d back, d > 0; *ret_point: the value is 0.DIGITS * 10^point. */
static int shortest(double d, char *digits, int *ret_point)
{
    char text[40];
    int p = d < 2.3e-308 ? 0 : 14; /* 15 digits and less come through a double as they are */
    for (; p < 17; p++) {
        snprintf(text, sizeof text, "%.*e", p, d);
        if (strtod(text, NULL) == d) break;
    }
    int n = 0;
    const char *s = text;
    for (; *s && *s != 'e'; s++)
        if (*s != '.') digits[n++] = *s;
    *ret_point = (int)strtol(s + 1, NULL, 10) + 1;
    while (n > 1 && digits[n - 1] == '0') n--;
    return n;
}

/* Number::toString(d); buf holds 40 bytes. */
tw_str ev_js_double_text(double d, char *buf)
{
    if (d != d) return TW_S("NaN");
    if (isinf(d)) return d < 0 ? TW_S("-Infinity") : TW_S("Infinity");
    if (d == 0) return TW_S("0");
    char digits[24], *o = buf;
    int point, k = shortest(fabs(d), digits, &point);
    if (d < 0) *o++ = '-';
    if (k <= point && point <= 21) {
        memcpy(o, digits, (size_t)k), o += k;
        for (int i = k; i < point; i++) *o++ = '0';
    } else if (0 < point && point <= 21) {
        memcpy(o, digits, (size_t)point), o += point;
        *o++ = '.';
        memcpy(o, digits + point, (size_t)(k - point)), o += k - point;
    } else if (-6 < point && point <= 0) {
        *o++ = '0', *o++ = '.';
        for (int i = point; i < 0; i++) *o++ = '0';
        memcpy(o, digits, (size_t)k), o += k;
    } else {
        *o++ = digits[0];
        if (k > 1) *o++ = '.';
        memcpy(o, digits + 1, (size_t)(k - 1)), o += k - 1;
        o += snprintf(o, 8, "e%c%d", point - 1 < 0 ? '-' : '+', abs(point - 1));
    }
    return tw_str_of(buf, (size_t)(o - buf));
}

uint32_t ev_js_double(ev *e, double d)
{
    char buf[48];
    if (d == floor(d) && fabs(d) < SAFE && !(d == 0 && signbit(d))) return ev_int(e, (int64_t)d);
    tw_str text = d == 0 ? TW_S("-0") : ev_js_double_text(d, buf);
    uint32_t v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, text), 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

/* ---- reading ---- */

static bool space_at(tw_str s, size_t i, size_t *ret_n)
{
    static const tw_str wide[] = {TW_SI("\xC2\xA0"),     TW_SI("\xE1\x9A\x80"), TW_SI("\xE2\x80\xA8"),
                                  TW_SI("\xE2\x80\xA9"), TW_SI("\xE2\x80\xAF"), TW_SI("\xE2\x81\x9F"),
                                  TW_SI("\xE3\x80\x80"), TW_SI("\xEF\xBB\xBF")};
    unsigned char c = (unsigned char)s.p[i];
    *ret_n = 1;
    if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13);
    for (size_t k = 0; k < TW_COUNT(wide); k++)
        if (tw_str_starts(tw_str_sub(s, i, s.n), wide[k])) return *ret_n = wide[k].n, true;
    bool quad = i + 2 < s.n && c == 0xE2 && (unsigned char)s.p[i + 1] == 0x80;
    *ret_n = 3;
    return quad && (unsigned char)s.p[i + 2] >= 0x80 && (unsigned char)s.p[i + 2] <= 0x8A;
}

tw_str ev_js_trimmed(tw_str s, bool front, bool back)
{
    size_t from = 0, n, end;
    while (front && from < s.n && space_at(s, from, &n)) from += n;
    for (end = from; back && from < s.n;) { /* the last that is no space */
        size_t i = from;
        while (i < s.n) {
            if (space_at(s, i, &n)) {
                i += n;
                continue;
            }
            end = ++i;
            while (end < s.n && ((unsigned char)s.p[end] & 0xC0) == 0x80) end = ++i;
        }
        break;
    }
    return tw_str_sub(s, from, back ? end : s.n);
}

static int digit_of(char c)
{
    char low = (char)(c | 32);
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'z' ? low - 'a' + 10 : 99;
}

/* Digits of a base, all of s; false where they are not, or a double would have to round. */
static bool whole(tw_str s, int base, double *ret, bool *ret_digits)
{
    double v = 0;
    *ret_digits = s.n != 0;
    for (size_t i = 0; i < s.n; i++) {
        int d = digit_of(s.p[i]);
        if (d >= base) return *ret_digits = false, false;
        v = v * base + d;
        if (v >= SAFE) return false;
    }
    return *ret = v, s.n != 0;
}

/* How much of s is a decimal literal; 0 none. */
static size_t decimal(tw_str s)
{
    size_t i = 0, digits = 0, end;
    if (i < s.n && (s.p[i] == '+' || s.p[i] == '-')) i++;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++, digits++;
    if (i < s.n && s.p[i] == '.') {
        i++;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++, digits++;
    }
    if (!digits) return 0;
    end = i;
    if (i < s.n && (s.p[i] | 32) == 'e') {
        i++;
        if (i < s.n && (s.p[i] == '+' || s.p[i] == '-')) i++;
        size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
        if (i > from) end = i;
    }
    return end;
}

static bool read_decimal(tw_str s, double *ret)
{
    char text[400];
    if (s.n >= sizeof text) return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    return *ret = strtod(text, NULL), true;
}

/* Number("..."); false: not known. */
bool ev_js_parse_number(tw_str s, double *ret)
{
    bool is_digits;
    s = ev_js_trimmed(s, true, true);
    if (!s.n) return *ret = 0, true;
    char mark = s.n > 1 && s.p[0] == '0' ? (char)(s.p[1] | 32) : 0;
    int base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    if (base) {
        if (whole(tw_str_sub(s, 2, s.n), base, ret, &is_digits)) return true;
        return *ret = NAN, !is_digits;
    }
    tw_str plain = s.p[0] == '-' || s.p[0] == '+' ? tw_str_sub(s, 1, s.n) : s;
    if (tw_str_eq(plain, TW_S("Infinity"))) return *ret = s.p[0] == '-' ? -INFINITY : INFINITY, true;
    if (decimal(s) != s.n) return *ret = NAN, true;
    return read_decimal(s, ret);
}

/* A literal of the source, or a FLOAT's text; BigInts are none. */
bool ev_js_literal_number(tw_str s, double *ret)
{
    char text[400];
    size_t n = 0;
    if (tw_str_eq(s, TW_S("NaN"))) return *ret = NAN, true;
    if (!s.n || s.n >= sizeof text) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_') text[n++] = s.p[i];
    s = tw_str_of(text, n);
    bool octal = n > 1 && text[0] == '0', digits = n != 0, same;
    for (size_t i = 0; i < n; i++) {
        digits = digits && text[i] >= '0' && text[i] <= '9';
        octal = octal && text[i] >= '0' && text[i] <= '7';
    }
    if (octal) return whole(s, 8, ret, &same);
    if (digits) return read_decimal(s, ret);
    return ev_js_parse_number(s, ret) && (*ret == *ret);
}

uint32_t ev_js_literal(ev *e, tw_str text)
{
    double d;
    if (ev_js_literal_number(text, &d)) return ev_js_double(e, d);
    uint32_t v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, text), 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

/* ---- functions ---- */

static bool arg_double(ev *e, const ev_args *a, uint32_t i, double *ret)
{
    return i < a->n ? ev_js_to_double(e, a->v[i], ret) : (*ret = NAN, true);
}

uint32_t ev_js_to_number(ev *e, const ev_args *a)
{
    double d;
    if (!a->n) return ev_int(e, 0);
    return ev_js_to_double(e, a->v[0], &d) ? ev_js_double(e, d) : 0;
}

uint32_t ev_js_parse_int(ev *e, const ev_args *a)
{
    double base = 0, v = 0;
    tw_str s;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!a->n) return ev_js_double(e, NAN);
    if (!text || !ev_text(e, text, &s) || (a->n > 1 && !ev_js_to_double(e, a->v[1], &base))) return 0;
    s = ev_js_trimmed(s, true, false);
    int radix = base == base && fabs(base) < 2147483648.0 ? (int)base
                : fabs(base) < SAFE || base != base       ? 0
                                                          : -1;
    if (radix < 0 && fabs(base) >= 2147483648.0) return 0;
    bool minus = s.n && s.p[0] == '-', strip = !radix || radix == 16;
    if (minus || (s.n && s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    if (radix && (radix < 2 || radix > 36)) return ev_js_double(e, NAN);
    if (!radix) radix = 10;
    if (strip && s.n >= 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x') s = tw_str_sub(s, 2, s.n), radix = 16;
    size_t end = 0;
    for (; end < s.n && digit_of(s.p[end]) < radix; end++) v = v * radix + digit_of(s.p[end]);
    if (!end) return ev_js_double(e, NAN);
    if (v >= SAFE && (radix != 10 || !read_decimal(tw_str_sub(s, 0, end), &v))) return 0;
    return ev_js_double(e, minus ? -v : v);
}

uint32_t ev_js_parse_float(ev *e, const ev_args *a)
{
    tw_str s;
    double d;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!text || !ev_text(e, text, &s)) return a->n ? 0 : ev_js_double(e, NAN);
    s = ev_js_trimmed(s, true, false);
    size_t sign = s.n && (s.p[0] == '-' || s.p[0] == '+'), n = decimal(s);
    if (tw_str_starts(tw_str_sub(s, sign, s.n), TW_S("Infinity")))
        return ev_js_double(e, sign && s.p[0] == '-' ? -INFINITY : INFINITY);
    if (!n) return ev_js_double(e, NAN);
    return read_decimal(tw_str_sub(s, 0, n), &d) ? ev_js_double(e, d) : 0;
}

/* As V8 does it. */
static tw_str in_radix(double value, int radix, char *buf)
{
    char *middle = buf + 1100, *to = middle, *from = middle;
    double whole_part = floor(fabs(value)), part = fabs(value) - whole_part;
    double delta = fmax(nextafter(0.0, 1.0), 0.5 * (nextafter(fabs(value), INFINITY) - fabs(value)));
    if (part >= delta) {
        *to++ = '.';
        do {
            part *= radix, delta *= radix;
            int d = (int)part;
            *to++ = digits36[d];
            part -= d;
            bool up = part > 0.5 || (part == 0.5 && (d & 1));
            if (!up || part + delta <= 1) continue;
            for (;;) {
                if (--to == middle) {
                    whole_part += 1;
                    break;
                }
                int last = digit_of(*to);
                if (last + 1 < radix) {
                    *to++ = digits36[last + 1];
                    break;
                }
            }
            break;
        } while (part >= delta);
    }
    while (whole_part >= SAFE) whole_part /= radix, *--from = '0';
    do {
        double rest = fmod(whole_part, radix);
        *--from = digits36[(int)rest];
        whole_part = (whole_part - rest) / radix;
    } while (whole_part > 0);
    if (value < 0) *--from = '-';
    return tw_str_of(from, (size_t)(to - from));
}

static uint32_t text_of(ev *e, tw_str s)
{
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, s), 0);
}

uint32_t ev_js_number_to_string(ev *e, const ev_args *a)
{
    double d, radix = 10;
    char buf[2300];
    if (!a->self || !ev_js_to_double(e, a->self, &d)) return 0;
    bool given = a->n && !(ev_at(e, a->v[0])->kind == TW_VAL_NULL_ && ev_at(e, a->v[0])->a);
    if (given && !ev_js_to_double(e, a->v[0], &radix)) return 0;
    radix = trunc(radix);
    if (!(radix >= 2 && radix <= 36)) return 0;
    if (radix == 10 || d != d || isinf(d)) return text_of(e, ev_js_double_text(d, buf));
    return fabs(d) < SAFE ? text_of(e, in_radix(d, (int)radix, buf)) : 0; /* beyond it versions differ */
}

uint32_t ev_js_to_fixed(ev *e, const ev_args *a)
{
    double d, places = 0;
    char exact[EXACT_MAX + 40], out[EXACT_MAX + 60];
    if (!a->self || !ev_js_to_double(e, a->self, &d) || (a->n && !ev_js_to_double(e, a->v[0], &places)))
        return 0;
    places = places == places ? trunc(places) : 0;
    if (!(places >= 0 && places <= 100)) return 0;
    if (!(fabs(d) < 1e21)) return text_of(e, ev_js_double_text(d, out));
    snprintf(exact, sizeof exact, "%.1100f", fabs(d));
    char *dot = strchr(exact, '.'), *next = dot + 1 + (int)places;
    bool up = *next >= '5'; /* half goes away from zero */
    *next = 0;
    if (!(int)places) *dot = 0;
    for (char *p = exact + strlen(exact); up && p-- > exact;) {
        if (*p == '.') continue;
        up = *p == '9';
        *p = up ? '0' : (char)(*p + 1);
    }
    snprintf(out, sizeof out, "%s%s%s", d < 0 && strspn(exact, "0.") != strlen(exact) ? "-" : "",
             up ? "1" : "", exact);
    if (d < 0 && out[0] != '-') return 0;
    return text_of(e, tw_str_c(out));
}

/* ---- Math ---- */

static uint32_t with_one(ev *e, const ev_args *a, double (*f)(double))
{
    double d;
    return arg_double(e, a, 0, &d) ? ev_js_double(e, f(d)) : 0;
}

static double js_round(double d)
{
    double f = floor(d);
    if (d != d || isinf(d) || d == f) return d;
    return d - f >= 0.5 ? (f + 1 == 0 ? -0.0 : f + 1) : f == 0 && d > 0 ? 0.0 : f;
}
static double js_sign(double d)
{
    return d > 0 ? 1 : d < 0 ? -1 : d;
}
static double js_fround(double d)
{
    return (double)(float)d;
}
static double clz(double d)
{
    uint32_t n = (uint32_t)ev_js_int32(d);
    return n ? __builtin_clz(n) : 32;
}
#define ONE(name, f)                       \
    uint32_t name(ev *e, const ev_args *a) \
    {                                      \
        return with_one(e, a, f);          \
    }
ONE(ev_js_floor, floor)
ONE(ev_js_ceil, ceil)
ONE(ev_js_trunc, trunc)
ONE(ev_js_abs, fabs)
ONE(ev_js_sqrt, sqrt)
ONE(ev_js_round, js_round)
ONE(ev_js_sign, js_sign)
ONE(ev_js_fround, js_fround)
ONE(ev_js_clz32, clz)

static uint32_t extreme(ev *e, const ev_args *a, bool most)
{
    double d, best = most ? -INFINITY : INFINITY;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!ev_js_to_double(e, a->v[i], &d)) return 0;
        bool zeros = d == 0 && best == 0;
        if (best != best) continue;
        if (d != d || (most ? d > best : d < best) || (zeros && signbit(d) == !most)) best = d;
    }
    return ev_js_double(e, best);
}
uint32_t ev_js_max(ev *e, const ev_args *a)
{
    return extreme(e, a, true);
}
uint32_t ev_js_min(ev *e, const ev_args *a)
{
    return extreme(e, a, false);
}

uint32_t ev_js_imul(ev *e, const ev_args *a)
{
    double x, y;
    if (!arg_double(e, a, 0, &x) || !arg_double(e, a, 1, &y)) return 0;
    return ev_js_double(e, (int32_t)((uint32_t)ev_js_int32(x) * (uint32_t)ev_js_int32(y)));
}

uint32_t ev_js_pow(ev *e, const ev_args *a)
{
    return a->n == 2 ? ev_js_op(e, TW_S("**"), a->v, 2) : 0;
}

/* ---- Number.* ---- */

static bool is_number(const ev *e, uint32_t v)
{
    uint8_t kind = ev_at(e, v)->kind;
    return kind == TW_VAL_INT || kind == TW_VAL_FLOAT;
}

static uint32_t tested(ev *e, const ev_args *a, bool (*test)(double), bool coerce)
{
    double d;
    if (!a->n) return ev_bool(e, false == !coerce ? test(NAN) : false);
    if (!coerce && !is_number(e, a->v[0])) return ev_is_const(e, a->v[0]) ? ev_bool(e, false) : 0;
    return ev_js_to_double(e, a->v[0], &d) ? ev_bool(e, test(d)) : 0;
}
static bool t_nan(double d)
{
    return d != d;
}
static bool t_finite(double d)
{
    return d == d && !isinf(d);
}
static bool t_integer(double d)
{
    return t_finite(d) && d == floor(d);
}
static bool t_safe(double d)
{
    return t_integer(d) && fabs(d) < SAFE;
}
#define TEST(name, f, coerce)              \
    uint32_t name(ev *e, const ev_args *a) \
    {                                      \
        return tested(e, a, f, coerce);    \
    }
TEST(ev_js_is_nan, t_nan, true)
TEST(ev_js_is_finite, t_finite, true)
TEST(ev_js_number_is_nan, t_nan, false)
TEST(ev_js_number_is_finite, t_finite, false)
TEST(ev_js_is_integer, t_integer, false)
TEST(ev_js_is_safe, t_safe, false)
