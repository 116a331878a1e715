/* SPDX-License-Identifier: Apache-2.0 */
/* BigInts as far as 126 bits go: a FLOAT whose text ends in n. */
#include <stdio.h>

#include "engine/record/pure_priv.h"

__extension__ typedef __int128 big;
static const int BITS = 126;

bool ev_js_is_bigint(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_FLOAT) return false;
    return tw_str_ends(ev_sym(e, x->a), TW_S("n"));
}

static bool fits(big n)
{
    big top = (big)1 << BITS;
    return n < top && n > -top;
}

static bool read_big(tw_str s, big *ret)
{
    int base = 10;
    big n = 0;
    bool minus = s.n && s.p[0] == '-', any = false;
    if (minus) s = tw_str_sub(s, 1, s.n);
    char mark = s.n > 1 && s.p[0] == '0' ? (char)(s.p[1] | 32) : 0;
    if (mark == 'x' || mark == 'o' || mark == 'b')
        base = mark == 'x' ? 16 : mark == 'o' ? 8 : 2, s = tw_str_sub(s, 2, s.n);
    for (size_t i = 0; i < s.n; i++) {
        char low = (char)(s.p[i] | 32);
        if (s.p[i] == '_') continue;
        int d = s.p[i] >= '0' && s.p[i] <= '9' ? s.p[i] - '0'
                : low >= 'a' && low <= 'f'     ? low - 'a' + 10
                                               : 99;
        if (d >= base) return false;
        n = n * base + d;
        any = true;
        if (!fits(n)) return false;
    }
    return *ret = minus ? -n : n, any;
}

static bool get(const ev *e, uint32_t v, big *ret)
{
    tw_str s = ev_sym(e, ev_at(e, v)->a);
    return ev_js_is_bigint(e, v) && read_big(tw_str_sub(s, 0, s.n - 1), ret);
}

static tw_str digits(big n, int radix, char buf[136])
{
    char *p = buf + 135;
    bool minus = n < 0;
    if (minus) n = -n;
    do *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(n % radix)];
    while ((n /= radix));
    if (minus) *--p = '-';
    return tw_str_of(p, (size_t)(buf + 135 - p));
}

static uint32_t make(ev *e, big n)
{
    char buf[136];
    tw_str s = digits(n, 10, buf);
    if (!fits(n)) return 0;
    uint32_t v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, tw_arena_fmt(e->tmp, "%.*sn", TW_FMT(s))), 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

uint32_t ev_js_bigint_text(ev *e, uint32_t v)
{
    big n;
    char buf[136];
    if (!get(e, v, &n)) return 0;
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, digits(n, 10, buf)), 0);
}

bool ev_js_bigint_order(ev *e, uint32_t l, uint32_t r, double *ret)
{
    big a, b;
    if (!get(e, l, &a) || !get(e, r, &b)) return false;
    *ret = (a > b) - (a < b);
    return true;
}

static bool small(big n)
{
    return n < ((big)1 << 62) && n > -((big)1 << 62);
}

uint32_t ev_js_bigint_op(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    big a, b, v = 1;
    if (!get(e, l, &a) || !get(e, r, &b)) return 0;
    if (tw_str_eq(op, TW_S("**"))) {
        if (b < 0 || b > BITS) return 0;
        for (; b > 0; b--) {
            if (__builtin_mul_overflow(v, a, &v) || !fits(v)) return 0;
        }
        return make(e, v);
    }
    if (tw_str_eq(op, TW_S("<<"))) return b >= 0 && b < 62 && small(a) ? make(e, a * ((big)1 << (int)b)) : 0;
    if (tw_str_eq(op, TW_S(">>"))) return b >= 0 && b < 120 ? make(e, a >> (int)b) : 0;
    if (op.n != 1) return 0;
    switch (op.p[0]) {
    case '+': return make(e, a + b);
    case '-': return make(e, a - b);
    case '*': return __builtin_mul_overflow(a, b, &v) ? 0 : make(e, v);
    case '/': return b ? make(e, a / b) : 0;
    case '%': return b ? make(e, a % b) : 0;
    case '&': return make(e, a & b);
    case '|': return make(e, a | b);
    case '^': return make(e, a ^ b);
    default: return 0;
    }
}

uint32_t ev_js_bigint_unary(ev *e, tw_str op, uint32_t v)
{
    big n;
    if (!get(e, v, &n)) return 0;
    if (tw_str_eq(op, TW_S("++"))) return make(e, n + 1);
    if (tw_str_eq(op, TW_S("--"))) return make(e, n - 1);
    if (tw_str_eq(op, TW_S("-"))) return make(e, -n);
    return tw_str_eq(op, TW_S("~")) ? make(e, ~n) : 0;
}

int ev_js_bigint_truth(const ev *e, uint32_t v)
{
    big n;
    return get(e, v, &n) ? n != 0 : -1;
}

/* BigInt(12), BigInt("0xff") */
uint32_t ev_js_bigint(ev *e, const ev_args *a)
{
    int64_t i;
    big n;
    tw_str s;
    if (a->n != 1) return 0;
    if (ev_js_is_bigint(e, a->v[0])) return a->v[0];
    if (ev_get_int(e, a->v[0], &i)) return make(e, i);
    if (ev_at(e, a->v[0])->kind != TW_VAL_STR || !ev_text(e, a->v[0], &s)) return 0;
    s = ev_js_trimmed(s, true, true);
    bool sign = s.n > 2 && s.p[0] == '-' && s.p[1] == '0';
    return !sign && tw_str_chr(s, '_') == TW_NPOS && read_big(s, &n) ? make(e, n) : 0;
}

uint32_t ev_js_bigint_to_string(ev *e, const ev_args *a)
{
    big n;
    int64_t radix = 10;
    char buf[136];
    if (!a->self || !get(e, a->self, &n) || (a->n && !ev_js_integer(e, a->v[0], &radix)) || radix < 2 ||
        radix > 36)
        return 0;
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, digits(n, (int)radix, buf)), 0);
}
double ev_js_bigint_double(const ev *e, uint32_t v)
{
    big n;
    return get(e, v, &n) ? (double)n : 0;
}
