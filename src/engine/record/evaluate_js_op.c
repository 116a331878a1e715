/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's operators over constants: texts win over numbers, bits are 32, what would not be an integer
 * within 2^53 does not fold. */
#include <stdio.h>

#include "engine/record/evaluate_priv.h"

static const int64_t SAFE = (int64_t)1 << 53;

static uint32_t number(ev *e, int64_t n)
{
    return n > -SAFE && n < SAFE ? ev_int(e, n) : 0;
}

uint32_t ev_js_undefined(ev *e)
{
    uint32_t v = ev_none(e);
    ev_at(e, v)->a = 1;
    return v;
}

/* String(v); 0 unknown. */
uint32_t ev_js_text(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    uint8_t kind;
    int64_t n;
    char text[32];
    if (ev_is_text(e, v, &kind)) return kind == TW_VAL_STR && ev_is_const(e, v) ? v : 0;
    if (x->kind == TW_VAL_BOOL) return ev_folded(e, TW_VAL_STR, x->a ? TW_S("true") : TW_S("false"), 0);
    if (x->kind == TW_VAL_NULL_) return ev_folded(e, TW_VAL_STR, x->a ? TW_S("undefined") : TW_S("null"), 0);
    if (x->kind == TW_VAL_MAP && !(x->flags & (EV_LOOSE | EV_ESCAPED)))
        return ev_folded(e, TW_VAL_STR, TW_S("[object Object]"), 0);
    if (x->kind == TW_VAL_SEQ && !x->n && !(x->flags & (EV_LOOSE | EV_ESCAPED)))
        return ev_folded(e, TW_VAL_STR, TW_S(""), 0);
    if (!ev_get_int(e, v, &n)) return 0;
    int len = snprintf(text, sizeof text, "%lld", (long long)n);
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text, (size_t)len)), 0);
}

/* Number(v) where it is an integer. */
bool ev_js_number(ev *e, uint32_t v, int64_t *ret)
{
    const ev_val *x = ev_at(e, v);
    tw_str s;
    if (ev_get_int(e, v, ret)) return true;
    if (x->kind == TW_VAL_NULL_) return *ret = 0, !x->a;
    if (x->kind == TW_VAL_SEQ) return *ret = 0, !x->n && !(x->flags & (EV_LOOSE | EV_ESCAPED));
    if (x->kind != TW_VAL_STR || !ev_text(e, v, &s)) return false;
    s = tw_str_trim(s);
    if (!s.n) return *ret = 0, true;
    bool minus = s.p[0] == '-';
    if (minus) s = tw_str_sub(s, 1, s.n);
    bool octal = s.n > 1 && s.p[0] == '0' && s.p[1] >= '0' && s.p[1] <= '9';
    if (octal || tw_str_chr(s, '_') != TW_NPOS || !ev_parse_int(s, 0, ret)) return false;
    if (minus) *ret = -*ret;
    return true;
}

static bool int_op(tw_str op, int64_t a, int64_t b, int64_t *ret)
{
    int32_t x = (int32_t)(uint32_t)(uint64_t)a, y = (int32_t)(uint32_t)(uint64_t)b;
    unsigned by = (unsigned)y & 31;
    if (tw_str_eq(op, TW_S("<<"))) return *ret = (int32_t)((uint32_t)x << by), true;
    if (tw_str_eq(op, TW_S(">>"))) return *ret = x >> by, true;
    if (tw_str_eq(op, TW_S(">>>"))) return *ret = (uint32_t)x >> by, true;
    if (tw_str_eq(op, TW_S("**"))) {
        int64_t v = 1;
        if (b < 0 || b > 53) return false;
        while (b-- > 0)
            if (__builtin_mul_overflow(v, a, &v) || v >= SAFE || v <= -SAFE) return false;
        return *ret = v, true;
    }
    if (op.n != 1) return false;
    switch (op.p[0]) {
    case '+': return !__builtin_add_overflow(a, b, ret);
    case '-': return !__builtin_sub_overflow(a, b, ret);
    case '*': return !__builtin_mul_overflow(a, b, ret) && (*ret || (a >= 0 && b >= 0)); /* no -0 */
    case '/':
        if (!b || a % b || (!a && b < 0)) return false;
        return *ret = a / b, true;
    case '%':
        if (!b) return false;
        return *ret = a % b, a >= 0 || *ret;
    case '^': return *ret = x ^ y, true;
    case '&': return *ret = x & y, true;
    case '|': return *ret = x | y, true;
    default: return false;
    }
}

static uint32_t compare(ev *e, tw_str op, int order)
{
    static const struct {
        tw_str op;
        bool less, same, more;
    } rows[] = {{TW_SI("=="), 0, 1, 0},  {TW_SI("==="), 0, 1, 0}, {TW_SI("!="), 1, 0, 1},
                {TW_SI("!=="), 1, 0, 1}, {TW_SI("<"), 1, 0, 0},   {TW_SI("<="), 1, 1, 0},
                {TW_SI(">"), 0, 0, 1},   {TW_SI(">="), 0, 1, 1}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].op, op))
            return ev_bool(e, order < 0 ? rows[i].less : order ? rows[i].more : rows[i].same);
    return 0;
}

static uint32_t add(ev *e, uint32_t l, uint32_t r)
{
    uint8_t kl, kr;
    int64_t a, b, n;
    uint8_t lk = ev_at(e, l)->kind, rk = ev_at(e, r)->kind;
    bool tl = ev_is_text(e, l, &kl) || lk == TW_VAL_SEQ || lk == TW_VAL_MAP;
    bool tr = ev_is_text(e, r, &kr) || rk == TW_VAL_SEQ || rk == TW_VAL_MAP;
    if (!tl && !tr) {
        bool both = ev_js_number(e, l, &a) && ev_js_number(e, r, &b) && !__builtin_add_overflow(a, b, &n);
        return both ? number(e, n) : 0;
    }
    uint32_t x = ev_js_text(e, l), y = ev_js_text(e, r);
    return ev_concat(e, x ? x : l, y ? y : r);
}

static uint32_t binary(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    int64_t a, b, n;
    tw_str s, t;
    uint8_t kl, kr;
    if (op.n == 1 && op.p[0] == '+') return add(e, l, r);
    bool texts = ev_is_text(e, l, &kl) && ev_is_text(e, r, &kr) && kl == TW_VAL_STR && kr == TW_VAL_STR &&
                 ev_is_const(e, l) && ev_is_const(e, r);
    if (texts && (op.p[0] == '=' || op.p[0] == '!' || op.p[0] == '<' || op.p[0] == '>') && op.n > 1 &&
        op.p[1] == '=')
        return ev_text(e, l, &s) && ev_text(e, r, &t) ? compare(e, op, tw_str_cmp(s, t)) : 0;
    bool strict = op.n == 3 && (op.p[0] == '=' || op.p[0] == '!');
    bool ints = strict ? ev_at(e, l)->kind == TW_VAL_INT && ev_at(e, r)->kind == TW_VAL_INT : true;
    if (!ints || !ev_js_number(e, l, &a) || !ev_js_number(e, r, &b)) return 0;
    if (int_op(op, a, b, &n)) return number(e, n);
    return texts ? 0 : compare(e, op, (a > b) - (a < b));
}

static uint32_t type_of(ev *e, uint32_t v)
{
    static const struct {
        uint8_t kind;
        tw_str name;
    } types[] = {{TW_VAL_STR, TW_SI("string")},   {TW_VAL_INT, TW_SI("number")},
                 {TW_VAL_FLOAT, TW_SI("number")}, {TW_VAL_BOOL, TW_SI("boolean")},
                 {TW_VAL_SEQ, TW_SI("object")},   {TW_VAL_MAP, TW_SI("object")},
                 {TW_VAL_BYTES, TW_SI("object")}, {TW_VAL_FUNC, TW_SI("function")}};
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_NULL_)
        return ev_folded(e, TW_VAL_STR, x->a ? TW_S("undefined") : TW_S("object"), 0);
    for (size_t i = 0; i < TW_COUNT(types); i++)
        if (types[i].kind == x->kind) return ev_folded(e, TW_VAL_STR, types[i].name, 0);
    return 0;
}

int ev_js_truth(ev *e, uint32_t v)
{
    uint8_t kind = v ? ev_at(e, v)->kind : 0;
    return kind == TW_VAL_SEQ || kind == TW_VAL_MAP || kind == TW_VAL_BYTES ? 1 : ev_truth(e, v);
}

static uint32_t unary(ev *e, tw_str op, uint32_t v)
{
    int64_t n;
    if (tw_str_eq(op, TW_S("typeof"))) return type_of(e, v);
    if (tw_str_eq(op, TW_S("void"))) return ev_js_undefined(e);
    if (tw_str_eq(op, TW_S("!"))) {
        int truth = ev_js_truth(e, v);
        return truth < 0 ? 0 : ev_bool(e, !truth);
    }
    if (!ev_js_number(e, v, &n)) return 0;
    if (tw_str_eq(op, TW_S("++"))) return number(e, n + 1);
    if (tw_str_eq(op, TW_S("--"))) return number(e, n - 1);
    if (tw_str_eq(op, TW_S("-"))) return n ? number(e, -n) : 0;
    if (tw_str_eq(op, TW_S("+"))) return number(e, n);
    return tw_str_eq(op, TW_S("~")) ? ev_int(e, ~(int32_t)(uint32_t)(uint64_t)n) : 0;
}

uint32_t ev_js_op(ev *e, tw_str op, const uint32_t *items, uint32_t n)
{
    bool assign = op.n > 1 && op.p[op.n - 1] == '=' && op.p[0] != '=' && op.p[0] != '!';
    if (assign && !(op.n == 2 && (op.p[0] == '<' || op.p[0] == '>'))) op.n--;
    if (n == 1) return unary(e, op, items[0]);
    if (n == 2) return binary(e, op, items[0], items[1]);
    if (n < 2 || op.n != 1) return 0;
    uint32_t v = items[0];
    for (uint32_t i = 1; i < n; i++) {
        uint32_t pair[2] = {v, items[i]}, sum = binary(e, op, v, items[i]);
        if (!sum) {
            sum = ev_list(e, TW_VAL_OP, pair, 2);
            ev_at(e, sum)->b = tw_intern(&e->syms, op);
        }
        v = sum;
    }
    return v;
}
