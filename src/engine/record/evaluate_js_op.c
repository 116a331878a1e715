/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's operators over what is known, with all their conversions. */
#include <math.h>

#include "engine/record/pure_priv.h"

enum { DEEP = 12 };
static const double SAFE = 9007199254740992.0;

uint32_t ev_js_undefined(ev *e)
{
    uint32_t v = ev_none(e);
    ev_at(e, v)->a = 1;
    return v;
}

static uint32_t constant(ev *e, tw_str s)
{
    return ev_folded(e, TW_VAL_STR, s, 0);
}

/* ---- text ---- */

/* A plain object of which nothing says how it becomes text. */
static bool plain_object(ev *e, uint32_t v)
{
    ev_val x = *ev_at(e, v);
    tw_str key;
    if (x.kind != TW_VAL_MAP || x.flags & (EV_LOOSE | EV_ESCAPED) || e->js_texts || !ev_step(e, x.n / 8))
        return false;
    for (uint32_t i = 0; i + 1 < x.n; i += 2) {
        uint32_t k = e->lists.v[x.list + i];
        if (!ev_is_const(e, k)) return false;
        if (ev_at(e, k)->kind != TW_VAL_STR) continue;
        if (!ev_text(e, k, &key) || tw_str_eq(key, TW_S("toString")) || tw_str_eq(key, TW_S("valueOf")) ||
            tw_str_eq(key, TW_S("__proto__")))
            return false;
    }
    return true;
}

static bool is_iterator(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    return x->kind == TW_VAL_CALL && tw_str_eq(ev_sym(e, x->sym), TW_S("Array.entries()"));
}

/* A regular expression, a function of the language, its source for one of this file. */
static uint32_t named_text(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    tw_str text;
    if (ev_js_is_regex(e, v, &text)) return constant(e, text);
    if (x->kind == TW_VAL_FUNC) return ev_js_function_source(e, x->a);
    tw_str name = ev_js_intrinsic(e, v);
    if (name.n) return constant(e, tw_arena_fmt(e->tmp, "function %.*s() { [native code] }", TW_FMT(name)));
    uint32_t list, n;
    if (is_iterator(e, v)) return constant(e, TW_S("[object Array Iterator]"));
    return x->kind == TW_VAL_CALL && ev_js_items_or_room(e, v, &list, &n)
               ? ev_js_joined(e, v, constant(e, TW_S(",")))
               : 0;
}

static uint32_t text_at(ev *e, uint32_t v, unsigned depth);

static uint32_t joined(ev *e, uint32_t v, uint32_t sep, unsigned depth)
{
    uint32_t list, n, sum = constant(e, TW_S(""));
    if (depth > DEEP || e->js_texts || !ev_js_items_or_room(e, v, &list, &n) || !ev_step(e, n)) return 0;
    if (list == TW_NONE) { /* nothing but separators */
        for (uint32_t i = 1; i < n; i++) sum = ev_concat(e, sum, sep);
        return sum;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t item = e->lists.v[list + i], text;
        text = ev_at(e, item)->kind == TW_VAL_NULL_ ? constant(e, TW_S("")) : text_at(e, item, depth + 1);
        uint8_t kind;
        if (!text && !(ev_is_text(e, item, &kind) && kind == TW_VAL_STR)) return 0;
        if (i) sum = ev_concat(e, sum, sep);
        sum = ev_concat(e, sum, text ? text : item);
    }
    return sum;
}

uint32_t ev_js_joined(ev *e, uint32_t v, uint32_t sep)
{
    return joined(e, v, sep, 0);
}

static uint32_t text_at(ev *e, uint32_t v, unsigned depth)
{
    const ev_val *x = ev_at(e, v);
    uint8_t kind;
    double d;
    char buf[48];
    tw_str s;
    if (ev_is_text(e, v, &kind))
        return kind == TW_VAL_STR ? (ev_is_const(e, v) ? v : 0) : ev_js_bytes_text(e, v);
    switch (x->kind) {
    case TW_VAL_BOOL: return constant(e, x->a ? TW_S("true") : TW_S("false"));
    case TW_VAL_NULL_: return constant(e, x->a ? TW_S("undefined") : TW_S("null"));
    case TW_VAL_FLOAT:
        s = ev_sym(e, x->a);
        if (ev_js_is_bigint(e, v)) return ev_js_bigint_text(e, v);
        if (!ev_js_literal_number(s, &d)) return 0;
        return constant(e, tw_arena_str(e->tmp, ev_js_double_text(d, buf)));
    case TW_VAL_INT:
        if (!ev_js_to_double(e, v, &d)) return 0;
        return constant(e, tw_arena_str(e->tmp, ev_js_double_text(d, buf)));
    case TW_VAL_MAP: return plain_object(e, v) ? constant(e, TW_S("[object Object]")) : 0;
    case TW_VAL_SEQ:
    case TW_VAL_MUT: return joined(e, v, constant(e, TW_S(",")), depth);
    default: return named_text(e, v);
    }
}

/* String(v); 0 unknown. */
uint32_t ev_js_text(ev *e, uint32_t v)
{
    return text_at(e, v, 0);
}

/* ---- numbers ---- */

/* ToNumber(v), false: not known. */
bool ev_js_to_double(ev *e, uint32_t v, double *ret)
{
    const ev_val *x = ev_at(e, v);
    int64_t n;
    tw_str s;
    if (ev_get_int(e, v, &n)) return *ret = (double)n, true;
    if (x->kind == TW_VAL_NULL_) return *ret = x->a ? NAN : 0, true;
    if (x->kind == TW_VAL_FLOAT) return !ev_js_is_bigint(e, v) && ev_js_literal_number(ev_sym(e, x->a), ret);
    uint32_t text = ev_js_text(e, v);
    return text && ev_text(e, text, &s) && ev_js_parse_number(s, ret);
}

int32_t ev_js_int32(double d)
{
    if (d != d || isinf(d)) return 0;
    d = fmod(trunc(d), 4294967296.0);
    if (d < 0) d += 4294967296.0;
    return (int32_t)(uint32_t)d;
}

/* Number(v) where it is an integer that a double holds. */
bool ev_js_number(ev *e, uint32_t v, int64_t *ret)
{
    double d;
    if (ev_get_int(e, v, ret)) return true;
    if (!ev_js_to_double(e, v, &d) || d != trunc(d) || fabs(d) >= SAFE || (d == 0 && signbit(d)))
        return false;
    return *ret = (int64_t)d, true;
}

/* ToIntegerOrInfinity(v), cut at 2^53. */
bool ev_js_integer(ev *e, uint32_t v, int64_t *ret)
{
    double d;
    if (!ev_js_to_double(e, v, &d)) return false;
    *ret = d != d ? 0 : d >= SAFE ? (int64_t)1 << 53 : d <= -SAFE ? -((int64_t)1 << 53) : (int64_t)d;
    return true;
}

static double power(double a, double b, bool *ret_known)
{
    double v = 1;
    *ret_known = true;
    if (b != b) return NAN;
    if (b == 0) return 1;
    if (isinf(b)) return fabs(a) == 1 || a != a ? NAN : (fabs(a) > 1) == (b > 0) ? INFINITY : 0;
    *ret_known = b == floor(b) && fabs(b) <= 1100;
    if (a == 2 && *ret_known) return ldexp(1, (int)b);
    for (double i = 0; *ret_known && i < b && v == v; i++) {
        double next = v * a;
        *ret_known = a != a || (fma(v, a, -next) == 0 && !isinf(next) && fabs(next) > 1e-290); /* exact */
        v = next;
    }
    if (b < 0) *ret_known = fabs(a) == 1 || a != a, v = a != a ? a : v;
    if (b < 0 && a == a) v = fmod(b, 2) == 0 ? 1 : a;
    return v;
}

enum { O_ADD, O_SUB, O_MUL, O_DIV, O_MOD, O_POW, O_SHL, O_SHR, O_SHU, O_AND, O_OR, O_XOR, O_NONE };

static int op_of(tw_str op)
{
    static const tw_str names[] = {TW_SI("+"),   TW_SI("-"),  TW_SI("*"),  TW_SI("/"),
                                   TW_SI("%"),   TW_SI("**"), TW_SI("<<"), TW_SI(">>"),
                                   TW_SI(">>>"), TW_SI("&"),  TW_SI("|"),  TW_SI("^")};
    for (int i = 0; i < O_NONE; i++)
        if (tw_str_eq(op, names[i])) return i;
    return O_NONE;
}

static uint32_t arithmetic(ev *e, int op, double a, double b)
{
    int32_t x = ev_js_int32(a), y = ev_js_int32(b);
    unsigned by = (unsigned)y & 31;
    bool known = true;
    double v = 0;
    switch (op) {
    case O_ADD: v = a + b; break;
    case O_SUB: v = a - b; break;
    case O_MUL: v = a * b; break;
    case O_DIV: v = a / b; break;
    case O_MOD: v = fmod(a, b); break;
    case O_POW: v = power(a, b, &known); break;
    case O_SHL: v = (int32_t)((uint32_t)x << by); break;
    case O_SHR: v = x >> by; break;
    case O_SHU: v = (uint32_t)x >> by; break;
    case O_AND: v = x & y; break;
    case O_OR: v = x | y; break;
    default: v = x ^ y; break;
    }
    return known ? ev_js_double(e, v) : 0;
}

/* ---- comparing ---- */

typedef enum type { T_UNKNOWN, T_UNDEFINED, T_NULL, T_BOOL, T_NUMBER, T_BIGINT, T_STRING, T_OBJECT } type;

static type type_of(ev *e, uint32_t v)
{
    uint32_t list, n;
    const ev_val *x = ev_at(e, v);
    uint8_t kind;
    if (ev_is_text(e, v, &kind)) return kind == TW_VAL_STR ? T_STRING : T_OBJECT;
    switch (x->kind) {
    case TW_VAL_BOOL: return T_BOOL;
    case TW_VAL_INT: return T_NUMBER;
    case TW_VAL_FLOAT: return ev_js_is_bigint(e, v) ? T_BIGINT : T_NUMBER;
    case TW_VAL_NULL_: return x->a ? T_UNDEFINED : T_NULL;
    case TW_VAL_SEQ:
    case TW_VAL_MAP:
    case TW_VAL_FUNC: return T_OBJECT;
    case TW_VAL_MUT: return T_OBJECT;
    case TW_VAL_CALL: return is_iterator(e, v) || ev_js_items_or_room(e, v, &list, &n) ? T_OBJECT : T_UNKNOWN;
    default: return ev_js_intrinsic(e, v).n || ev_js_is_regex(e, v, NULL) ? T_OBJECT : T_UNKNOWN;
    }
}

/* By UTF-16 units. */
static int order_of(tw_str s, tw_str t)
{
    size_t i = 0;
    while (i < s.n && i < t.n && s.p[i] == t.p[i]) i++;
    unsigned char a = i < s.n ? (unsigned char)s.p[i] : 0, b = i < t.n ? (unsigned char)t.p[i] : 0;
    if (i == s.n || i == t.n) return (s.n > t.n) - (s.n < t.n);
    bool astral = (a >= 0xF0) != (b >= 0xF0) && (a >= 0xEE || a >= 0xF0) && (b >= 0xEE || b >= 0xF0);
    return astral ? (a < b) - (a > b) : (a > b) - (a < b); /* a surrogate is below U+E000 */
}

/* 1, 0, -1 unknown. */
static int strictly_equal(ev *e, uint32_t l, uint32_t r)
{
    tw_str s, t;
    double a, b;
    type x = type_of(e, l), y = type_of(e, r);
    if (!x || !y) return -1;
    if (x != y) return 0;
    switch (x) {
    case T_UNDEFINED:
    case T_NULL: return 1;
    case T_BOOL: return ev_at(e, l)->a == ev_at(e, r)->a;
    case T_NUMBER: return ev_js_to_double(e, l, &a) && ev_js_to_double(e, r, &b) ? a == b : -1;
    case T_BIGINT: return ev_js_bigint_order(e, l, r, &a) ? a == 0 : -1;
    case T_STRING: return ev_text(e, l, &s) && ev_text(e, r, &t) ? tw_str_eq(s, t) : -1;
    default:
        s = ev_js_intrinsic(e, l), t = ev_js_intrinsic(e, r);
        return s.n && t.n && ev_at(e, l)->sym == ev_at(e, r)->sym ? 1 : -1; /* which objects is not known */
    }
}

int ev_js_strictly_equal(ev *e, uint32_t l, uint32_t r)
{
    return strictly_equal(e, l, r);
}

static int loosely_equal(ev *e, uint32_t l, uint32_t r)
{
    type x = type_of(e, l), y = type_of(e, r);
    double a, b;
    if (!x || !y) return -1;
    if (x == y) return strictly_equal(e, l, r);
    bool none_l = x <= T_NULL, none_r = y <= T_NULL;
    if (none_l || none_r) return none_l && none_r;
    if (x == T_OBJECT || y == T_OBJECT) {
        uint32_t other = x == T_OBJECT ? r : l, text = ev_js_text(e, x == T_OBJECT ? l : r);
        return text ? loosely_equal(e, text, other) : -1;
    }
    if (x == T_BIGINT || y == T_BIGINT) return -1;
    return ev_js_to_double(e, l, &a) && ev_js_to_double(e, r, &b) ? a == b : -1;
}

static uint32_t ordered(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    double a, b;
    tw_str s, t;
    type x = type_of(e, l), y = type_of(e, r);
    bool less = op.p[0] == '<', same = op.n == 2;
    if (!x || !y) return 0;
    if (x == T_BIGINT || y == T_BIGINT) {
        if (x != y || !ev_js_bigint_order(e, l, r, &a)) return 0;
        b = 0;
    } else if ((x == T_STRING || x == T_OBJECT) && (y == T_STRING || y == T_OBJECT)) {
        l = ev_js_text(e, l), r = ev_js_text(e, r);
        if (!l || !r || !ev_text(e, l, &s) || !ev_text(e, r, &t)) return 0;
        a = order_of(s, t), b = 0;
    } else if (!ev_js_to_double(e, l, &a) || !ev_js_to_double(e, r, &b)) {
        return 0;
    }
    return ev_bool(e, less ? (same ? a <= b : a < b) : (same ? a >= b : a > b));
}

/* ---- operators ---- */

static uint32_t add(ev *e, uint32_t l, uint32_t r)
{
    double a, b;
    uint8_t kl, kr;
    type x = type_of(e, l), y = type_of(e, r);
    bool tl = x == T_STRING || x == T_OBJECT, tr = y == T_STRING || y == T_OBJECT;
    if (x == T_BIGINT && y == T_BIGINT) return ev_js_bigint_op(e, TW_S("+"), l, r);
    if (x && y && !tl && !tr)
        return ev_js_to_double(e, l, &a) && ev_js_to_double(e, r, &b) ? ev_js_double(e, a + b) : 0;
    if (!tl && !tr) return 0;
    uint32_t s = x ? ev_js_text(e, l) : 0, t = y ? ev_js_text(e, r) : 0;
    /* an object that is no text yet may become a number still */
    if ((x == T_OBJECT && !s) || (y == T_OBJECT && !t)) {
        bool text_l = ev_is_text(e, l, &kl) && kl == TW_VAL_STR,
             text_r = ev_is_text(e, r, &kr) && kr == TW_VAL_STR;
        if (!text_l && !text_r) return 0;
    }
    return ev_concat(e, s ? s : l, t ? t : r);
}

/* "k" in {k: v} */
static uint32_t within(ev *e, uint32_t key, uint32_t object)
{
    bool there;
    return ev_js_has_key(e, object, key, &there) ? ev_bool(e, there) : 0;
}

static uint32_t binary(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    double a, b;
    int same, o = op_of(op);
    if (o == O_ADD) return add(e, l, r);
    if (op.n >= 2 && op.p[1] == '=' && (op.p[0] == '=' || op.p[0] == '!')) {
        same = op.n == 3 ? strictly_equal(e, l, r) : loosely_equal(e, l, r);
        return same < 0 ? 0 : ev_bool(e, same == (op.p[0] == '='));
    }
    if (o == O_NONE && op.n && (op.p[0] == '<' || op.p[0] == '>')) return ordered(e, op, l, r);
    if (tw_str_eq(op, TW_S("in"))) return within(e, l, r);
    if (o == O_NONE) return 0;
    if (type_of(e, l) == T_BIGINT && type_of(e, r) == T_BIGINT) return ev_js_bigint_op(e, op, l, r);
    return ev_js_to_double(e, l, &a) && ev_js_to_double(e, r, &b) ? arithmetic(e, o, a, b) : 0;
}

static uint32_t name_of_type(ev *e, uint32_t v)
{
    static const tw_str names[] = {
        [T_UNDEFINED] = TW_SI("undefined"), [T_NULL] = TW_SI("object"),   [T_BOOL] = TW_SI("boolean"),
        [T_NUMBER] = TW_SI("number"),       [T_BIGINT] = TW_SI("bigint"), [T_STRING] = TW_SI("string"),
        [T_OBJECT] = TW_SI("object")};
    type t = type_of(e, v);
    if (!t) return 0;
    bool function = ev_at(e, v)->kind == TW_VAL_FUNC || ev_js_intrinsic(e, v).n;
    return constant(e, function ? TW_S("function") : names[t]);
}

int ev_js_truth(ev *e, uint32_t v)
{
    double d;
    tw_str s;
    if (!v) return -1;
    switch (type_of(e, v)) {
    case T_UNDEFINED:
    case T_NULL: return 0;
    case T_BOOL: return ev_at(e, v)->a != 0;
    case T_NUMBER: return ev_js_to_double(e, v, &d) ? d == d && d != 0 : -1;
    case T_BIGINT: return ev_js_bigint_truth(e, v);
    case T_STRING: return ev_is_const(e, v) && ev_text(e, v, &s) ? s.n != 0 : -1;
    case T_OBJECT: return 1;
    default: return ev_at(e, v)->kind == TW_VAL_INSTANCE ? 1 : -1;
    }
}

static uint32_t unary(ev *e, tw_str op, uint32_t v)
{
    double d;
    if (tw_str_eq(op, TW_S("typeof"))) return name_of_type(e, v);
    if (tw_str_eq(op, TW_S("void"))) return ev_js_undefined(e);
    if (tw_str_eq(op, TW_S("!"))) {
        int truth = ev_js_truth(e, v);
        return truth < 0 ? 0 : ev_bool(e, !truth);
    }
    if (ev_js_is_bigint(e, v)) return ev_js_bigint_unary(e, op, v);
    if (!ev_js_to_double(e, v, &d)) return 0;
    if (tw_str_eq(op, TW_S("++"))) return ev_js_double(e, d + 1);
    if (tw_str_eq(op, TW_S("--"))) return ev_js_double(e, d - 1);
    if (tw_str_eq(op, TW_S("-"))) return ev_js_double(e, -d);
    if (tw_str_eq(op, TW_S("+"))) return ev_js_double(e, d);
    return tw_str_eq(op, TW_S("~")) ? ev_js_double(e, ~ev_js_int32(d)) : 0;
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
