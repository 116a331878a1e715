/* SPDX-License-Identifier: Apache-2.0 */
/* Operators over constants, as Python computes them; what does not fit 64 bits does not fold. */
#include "engine/record/evaluate_priv.h"

static bool div_floor(int64_t a, int64_t b, int64_t *q, int64_t *r)
{
    if (b == 0 || (a == INT64_MIN && b == -1)) return false;
    *q = a / b, *r = a % b;
    if (*r && (*r < 0) != (b < 0)) *q -= 1, *r += b;
    return true;
}

static bool power(int64_t a, int64_t b, int64_t *ret)
{
    int64_t v = 1;
    if (b < 0 || b > 64) return false;
    while (b-- > 0)
        if (__builtin_mul_overflow(v, a, &v)) return false;
    *ret = v;
    return true;
}

static bool shift_left(int64_t a, int64_t b, int64_t *ret)
{
    if (b < 0 || b > 62) return false;
    return !__builtin_mul_overflow(a, (int64_t)1 << b, ret);
}

static bool int_op(tw_str op, int64_t a, int64_t b, int64_t *ret)
{
    int64_t other;
    if (op.n == 1) {
        switch (op.p[0]) {
        case '+': return !__builtin_add_overflow(a, b, ret);
        case '-': return !__builtin_sub_overflow(a, b, ret);
        case '*': return !__builtin_mul_overflow(a, b, ret);
        case '%': return div_floor(a, b, &other, ret);
        case '^': *ret = a ^ b; return true;
        case '&': *ret = a & b; return true;
        case '|': *ret = a | b; return true;
        default: return false;
        }
    }
    if (tw_str_eq(op, TW_S("//"))) return div_floor(a, b, ret, &other);
    if (tw_str_eq(op, TW_S("**"))) return power(a, b, ret);
    if (tw_str_eq(op, TW_S("<<"))) return shift_left(a, b, ret);
    if (!tw_str_eq(op, TW_S(">>")) || b < 0) return false;
    *ret = b > 63 ? (a < 0 ? -1 : 0) : a >> b;
    return true;
}

static uint32_t compare(ev *e, tw_str op, int order)
{
    static const struct {
        tw_str op;
        bool less, same, more;
    } rows[] = {{TW_SI("=="), 0, 1, 0}, {TW_SI("!="), 1, 0, 1}, {TW_SI("<"), 1, 0, 0},
                {TW_SI("<="), 1, 1, 0}, {TW_SI(">"), 0, 0, 1},  {TW_SI(">="), 0, 1, 1}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].op, op))
            return ev_bool(e, order < 0 ? rows[i].less : order ? rows[i].more : rows[i].same);
    return 0;
}

/* Nobody writes a program that way: a long one is unknown, and the operands say more than it would. */
enum { REPEATED_MAX = 128 << 10 };

static uint32_t repeat(ev *e, uint32_t text, int64_t times)
{
    tw_str s;
    uint64_t n;
    uint8_t kind;
    if (!ev_is_const(e, text) || !ev_is_text(e, text, &kind) || !ev_text(e, text, &s)) return 0;
    if (times < 0) times = 0;
    if (__builtin_mul_overflow((uint64_t)times, s.n, &n)) return 0;
    if ((n > REPEATED_MAX && times > 1) || !ev_room(e, n)) return 0;
    char *p = tw_arena_raw(e->tmp, n);
    size_t have = n < s.n ? n : s.n;
    if (have) memcpy(p, s.p, have);
    for (size_t more; have < n; have += more) {
        more = n - have < have ? n - have : have;
        memcpy(p + have, p, more);
    }
    return ev_folded(e, kind, tw_str_of(p, n), ev_at(e, text)->recipe);
}

static uint32_t repeat_list(ev *e, uint32_t seq, int64_t times)
{
    uint32_t list, n, how = ev_seq_how(e, seq);
    if (!ev_items(e, seq, &list, &n) || times > 1 << 20 || !ev_step(e, times > 0 ? (uint64_t)times * n : 0))
        return 0;
    uint32_t base = e->stack.n;
    for (int64_t k = 0; k < times; k++)
        for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = (uint16_t)how;
    e->stack.n = base;
    return v;
}

static uint32_t add_lists(ev *e, uint32_t a, uint32_t b)
{
    uint32_t la, na, lb, nb, base = e->stack.n, how = ev_seq_how(e, a);
    bool mixed = (how == TW_SEQ_TUPLE) != (ev_seq_how(e, b) == TW_SEQ_TUPLE);
    if (mixed || !ev_items(e, a, &la, &na) || !ev_items(e, b, &lb, &nb) || !ev_step(e, (uint64_t)na + nb))
        return 0;
    for (uint32_t i = 0; i < na; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[la + i]);
    for (uint32_t i = 0; i < nb; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[lb + i]);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, na + nb);
    ev_at(e, v)->how = (uint16_t)how;
    e->stack.n = base;
    return v;
}

static bool is_seq(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_SEQ || ev_at(e, v)->kind == TW_VAL_MUT;
}

static uint32_t binary(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    int64_t a, b, n;
    tw_str s, t;
    uint8_t kl, kr;
    bool ia = ev_get_int(e, l, &a), ib = ev_get_int(e, r, &b);
    char c = op.n == 1 ? op.p[0] : 0;
    if (ia && ib) {
        bool both = ev_at(e, l)->kind == TW_VAL_BOOL && ev_at(e, r)->kind == TW_VAL_BOOL;
        if (int_op(op, a, b, &n))
            return both && e->py && (c == '&' || c == '|' || c == '^') ? ev_bool(e, n) : ev_int(e, n);
        uint32_t v = compare(e, op, (a > b) - (a < b));
        if (!v && e->py) v = ev_num_op(e, op, l, r);
        return v || !e->py ? v : ev_compare(e, op, l, r);
    }
    if (e->py) {
        uint32_t v = ev_num_op(e, op, l, r);
        if (!v) v = ev_compare(e, op, l, r);
        if (!v && (c == '|' || c == '&' || c == '-' || c == '^')) v = ev_set_op(e, c, l, r);
        if (v) return v;
    }
    if (c == '+') {
        uint32_t v = ev_concat(e, l, r);
        return v || !is_seq(e, l) || !is_seq(e, r) ? v : add_lists(e, l, r);
    }
    if (c == '*' && ib) return is_seq(e, l) ? repeat_list(e, l, b) : repeat(e, l, b);
    if (c == '*' && ia) return is_seq(e, r) ? repeat_list(e, r, a) : repeat(e, r, a);
    bool text = ev_is_text(e, l, &kl) && ev_is_const(e, l);
    if (c == '%' && text) return ev_percent(e, l, r);
    if (!text || !ev_is_text(e, r, &kr) || kl != kr || !ev_is_const(e, r) || op.n < 1) return 0;
    bool same = tw_str_eq(op, TW_S("==")) || tw_str_eq(op, TW_S("!="));
    if (!same || !ev_text(e, l, &s) || !ev_text(e, r, &t)) return 0;
    return compare(e, op, tw_str_cmp(s, t));
}

static uint32_t unary(ev *e, tw_str op, uint32_t v)
{
    int64_t n;
    if (tw_str_eq(op, TW_S("not"))) {
        int truth = ev_truth(e, v);
        return truth < 0 ? 0 : ev_bool(e, !truth);
    }
    if (tw_str_eq(op, TW_S("!s"))) return ev_to_str(e, v);
    if (e->py && op.n == 2 && op.p[0] == '!' && (op.p[1] == 'r' || op.p[1] == 'a'))
        return ev_repr_text(e, v, op.p[1] == 'a');
    if (e->py && op.n == 1 && ev_at(e, v)->kind == TW_VAL_FLOAT) return ev_num_unary(e, op.p[0], v);
    if (op.n != 1 || !ev_get_int(e, v, &n)) return 0;
    if (op.p[0] == '-') return n == INT64_MIN ? (e->py ? ev_num_unary(e, '-', v) : 0) : ev_int(e, -n);
    if (op.p[0] == '~') return ev_int(e, ~n);
    return op.p[0] == '+' ? ev_int(e, n) : 0;
}

static uint32_t residual(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    uint32_t items[2] = {l, r}, v = ev_list(e, TW_VAL_OP, items, 2);
    ev_at(e, v)->b = tw_intern(&e->syms, op);
    return v;
}

uint32_t ev_op(ev *e, tw_str op, const uint32_t *items, uint32_t n)
{
    uint32_t known = e->package ? ev_package_op(e, op, items, n) : 0;
    if (known) return known;
    if (e->js) return ev_js_op(e, op, items, n);
    bool order =
        op.n == 2 && op.p[1] == '=' && (op.p[0] == '=' || op.p[0] == '!' || op.p[0] == '<' || op.p[0] == '>');
    if (op.n > 1 && op.p[op.n - 1] == '=' && !order) op.n--;
    if (n == 1) return unary(e, op, items[0]);
    if (n < 2) return 0;
    if (tw_str_eq(op, TW_S("[]"))) return ev_slice(e, items[0], items[1]);
    if (tw_str_eq(op, TW_S(":"))) return ev_format_spec(e, items[0], items[1]);
    if (e->py && n == 2 && tw_str_eq(op, TW_S("not in"))) return ev_compare(e, op, items[0], items[1]);
    if (n == 2) return binary(e, op, items[0], items[1]);
    bool any = false;
    uint8_t kind;
    if (op.n != 1) return 0; /* a < b < c */
    for (uint32_t i = 0; i < n && !any; i++)
        any = ev_is_const(e, items[i]) || ev_is_text(e, items[i], &kind) || is_seq(e, items[i]);
    if (!any) return 0;
    uint32_t v = items[0];
    for (uint32_t i = 1; i < n; i++) {
        uint32_t sum = binary(e, op, v, items[i]);
        v = sum ? sum : residual(e, op, v, items[i]);
    }
    return v;
}
