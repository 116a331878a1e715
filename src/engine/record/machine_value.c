/* SPDX-License-Identifier: Apache-2.0 */
/* Between the machine's objects and the evaluator's constants: pure functions see the present contents of an
 * object; what they return gets an identity. And JavaScript's numbers that are no integers. */
#include "engine/record/machine_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FREEZE_DEPTH = 8, FREEZE_MAX = 1 << 16 };

static uint32_t frozen_bytes(ev *e, uint32_t obj)
{
    const mc_obj *x = mc_obj_at(e, obj);
    int64_t n;
    if (!ev_room(e, x->items.n)) return 0;
    char *p = tw_arena_raw(e->tmp, x->items.n + 1);
    for (uint32_t i = 0; i < x->items.n; i++) {
        if (!ev_get_int(e, x->items.v[i], &n)) return 0;
        p[i] = (char)n;
    }
    return ev_folded(e, TW_VAL_BYTES, tw_str_of(p, x->items.n), ev_recipe_add(e, 0, "bytes"));
}

static uint32_t freeze(ev *e, uint32_t v, unsigned depth, uint32_t *left)
{
    uint32_t o = mc_ref(e, v), base = e->stack.n;
    if (o == TW_NONE) return v;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_CLOSURE || x->kind == MC_CLASS) return ev_new(e, TW_VAL_FUNC, x->a, 0);
    if (x->kind == MC_BOUND && x->how == MC_REGEX && e->js) return x->items.v[0];
    if (e->js && !mc_plain(e, v)) return 0;
    if (!mc_known(e, o) || x->flags & MCO_MAYBE || depth >= FREEZE_DEPTH || x->items.n + x->props.n > *left)
        return 0;
    *left -= x->items.n + x->props.n;
    if (!mc_tick(e, 1 + (x->items.n + x->props.n) / 4)) return 0;
    if (x->how >= MC_BYTES && x->kind == MC_LIST) return frozen_bytes(e, o);
    bool is_map = x->kind == MC_MAP || (e->js && x->kind == MC_INSTANCE);
    if (x->kind != MC_LIST && !is_map && x->kind != MC_SET && x->kind != MC_ITER) return 0;
    if (e->js && (x->kind == MC_SET || (x->kind == MC_MAP && x->how & 1))) return 0;
    uint32_t n = is_map ? x->props.n : x->items.n, from = x->kind == MC_ITER ? x->a : 0;
    uint16_t how = x->kind == MC_LIST || x->kind == MC_SET ? x->how : TW_SEQ_LIST;
    for (uint32_t i = from; i < n; i++) {
        uint32_t item = is_map ? mc_obj_at(e, o)->props.v[i].val : mc_obj_at(e, o)->items.v[i];
        if (!item) item = e->mc->undefined;
        if (is_map) TW_PUSH(e->tmp, e->stack, mc_obj_at(e, o)->props.v[i].name);
        item = freeze(e, item, depth + 1, left);
        if (!item) item = e->mc->unknown;
        TW_PUSH(e->tmp, e->stack, item);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t r = ev_list(e, is_map ? TW_VAL_MAP : TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, r)->how = how;
    e->stack.n = base;
    return r;
}

/* The value as it is now; 0 not known. Its items may be unknown still. */
uint32_t mc_freeze(ev *e, uint32_t v)
{
    uint32_t left = FREEZE_MAX;
    return freeze(e, v, 0, &left);
}

static uint32_t thawed_bytes(ev *e, uint32_t v)
{
    tw_str s;
    if (!ev_text(e, v, &s) || !mc_tick(e, s.n)) return e->mc->unknown;
    uint32_t n = (uint32_t)s.n, *items = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) items[i] = ev_int(e, (unsigned char)s.p[i]);
    return mc_list(e, items, n, e->js ? MC_OCTETS : MC_BYTES);
}

uint32_t mc_thaw(ev *e, uint32_t v, bool mutable_bytes)
{
    ev_val x = *ev_at(e, v);
    tw_str s;
    if (e->js && ev_js_is_regex(e, v, NULL)) return mc_regex(e, v);
    if (x.kind == EV_ROPE && !(x.flags & EV_CONST)) return e->mc->unknown;
    if (x.kind == TW_VAL_BYTES || (x.kind == EV_ROPE && x.flags & EV_BYTES))
        return mutable_bytes && ev_text(e, v, &s) && s.n < FREEZE_MAX ? thawed_bytes(e, v) : v;
    if (x.kind == TW_VAL_SEQ && x.how != TW_SEQ_SLICE) {
        if (x.flags & EV_LOOSE || !mc_tick(e, x.n)) return e->mc->unknown;
        uint32_t *items = TW_NEWN(e->tmp, uint32_t, (size_t)x.n + 1);
        for (uint32_t i = 0; i < x.n; i++) { /* one level more: pairs */
            uint32_t item = e->lists.v[x.list + i];
            ev_val y = *ev_at(e, item);
            if (y.kind == TW_VAL_SEQ && !(y.flags & EV_LOOSE) && mc_tick(e, y.n)) {
                uint32_t *inner = TW_NEWN(e->tmp, uint32_t, (size_t)y.n + 1);
                bool flat = true;
                for (uint32_t k = 0; k < y.n; k++) {
                    inner[k] = e->lists.v[y.list + k];
                    flat = flat && ev_at(e, inner[k])->kind != TW_VAL_SEQ &&
                           ev_at(e, inner[k])->kind != TW_VAL_MAP;
                }
                item = flat ? mc_list(e, inner, y.n, y.how) : e->mc->unknown;
            } else if (y.kind == TW_VAL_SEQ || y.kind == TW_VAL_MAP) {
                item = e->mc->unknown;
            }
            items[i] = item;
        }
        return mc_list(e, items, x.n, e->js ? TW_SEQ_ARRAY : x.how);
    }
    if (x.kind == TW_VAL_MAP) {
        if (x.flags & EV_LOOSE || !mc_tick(e, x.n)) return e->mc->unknown;
        uint32_t o = mc_new(e, MC_MAP);
        for (uint32_t i = 0; i + 1 < x.n; i += 2) {
            uint32_t key = mc_key(e, e->lists.v[x.list + i]), val = e->lists.v[x.list + i + 1];
            if (!key) return e->mc->unknown;
            bool scalar = ev_at(e, val)->kind != TW_VAL_SEQ && ev_at(e, val)->kind != TW_VAL_MAP;
            if (!scalar && ev_at(e, val)->kind == TW_VAL_SEQ)
                val = mc_thaw(e, val, mutable_bytes); /* depth: input of a constant size */
            mc_put(e, o, key, e->lists.v[x.list + i], scalar || mc_is_ref(e, val) ? val : e->mc->unknown);
        }
        return mc_ref_to(e, o);
    }
    return v;
}

/* ---- numbers ---- */

static bool text_double(tw_str s, double *ret)
{
    char buf[64], *end;
    s = tw_str_trim(s);
    if (!s.n) return *ret = 0, true;
    if (tw_str_eq(s, TW_S("NaN"))) return *ret = NAN, true;
    bool minus = s.p[0] == '-';
    if (tw_str_eq(tw_str_sub(s, minus, s.n), TW_S("Infinity")))
        return *ret = minus ? -INFINITY : INFINITY, true;
    if (s.n >= sizeof buf) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || (c | 32) == 'e';
        if (!fits) return *ret = NAN, true;
    }
    memcpy(buf, s.p, s.n);
    buf[s.n] = 0;
    *ret = strtod(buf, &end);
    if (end == buf || *end) *ret = NAN;
    return true;
}

/* Number(v) */
bool mc_double(ev *e, uint32_t v, double *ret)
{
    int64_t n;
    tw_str s;
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_FLOAT) {
        s = ev_sym(e, x->a);
        return tw_str_chr(s, '_') == TW_NPOS && text_double(s, ret);
    }
    if (!e->js && (x->kind == TW_VAL_STR || x->kind == TW_VAL_NULL_)) return false;
    if (x->kind == TW_VAL_NULL_ && x->a) return *ret = NAN, true;
    if (ev_js_number(e, v, &n)) return *ret = (double)n, true;
    if (x->kind != TW_VAL_STR && x->kind != EV_ROPE) return false;
    if (!ev_text(e, v, &s)) return false;
    bool prefixed = s.n > 1 && s.p[0] == '0' && (s.p[1] | 32) >= 'a';
    return !prefixed && text_double(s, ret);
}

uint32_t mc_number(ev *e, double d)
{
    char text[40];
    bool minus_zero = d == 0 && signbit(d);
    if (d == floor(d) && fabs(d) < 9007199254740992.0 && !minus_zero) return mc_int(e, (int64_t)d);
    if (d != d) {
        snprintf(text, sizeof text, "NaN");
    } else if (isinf(d)) {
        snprintf(text, sizeof text, d < 0 ? "-Infinity" : "Infinity");
    } else {
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, d);
            if (strtod(text, NULL) == d) break;
        }
    }
    uint32_t v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, tw_str_c(text)), 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

static int32_t to_int32(double d)
{
    if (d != d || isinf(d)) return 0;
    double m = fmod(trunc(d), 4294967296.0);
    if (m < 0) m += 4294967296.0;
    return (int32_t)(uint32_t)m;
}

static uint32_t compared(ev *e, tw_str op, double a, double b)
{
    if (tw_str_eq(op, TW_S("<"))) return ev_bool(e, a < b);
    if (tw_str_eq(op, TW_S(">"))) return ev_bool(e, a > b);
    if (tw_str_eq(op, TW_S("<="))) return ev_bool(e, a <= b);
    if (tw_str_eq(op, TW_S(">="))) return ev_bool(e, a >= b);
    return 0;
}

static uint32_t arith(ev *e, tw_str op, double a, double b)
{
    int32_t x = to_int32(a), y = to_int32(b);
    uint32_t by = (uint32_t)y & 31;
    if (op.n == 1) {
        switch (op.p[0]) {
        case '+': return mc_number(e, a + b);
        case '-': return mc_number(e, a - b);
        case '*': return mc_number(e, a * b);
        case '/': return mc_number(e, a / b);
        case '%': return mc_number(e, fmod(a, b));
        case '^': return mc_number(e, x ^ y);
        case '&': return mc_number(e, x & y);
        case '|': return mc_number(e, x | y);
        default: break;
        }
    }
    if (tw_str_eq(op, TW_S("<<"))) return mc_number(e, (int32_t)((uint32_t)x << by));
    if (tw_str_eq(op, TW_S(">>"))) return mc_number(e, x >> by);
    if (tw_str_eq(op, TW_S(">>>"))) return mc_number(e, (uint32_t)x >> by);
    return compared(e, op, a, b);
}

static bool is_textual(const ev *e, uint32_t v)
{
    uint8_t kind = ev_at(e, v)->kind;
    return kind == TW_VAL_STR || kind == EV_ROPE || kind == TW_VAL_SEQ || kind == TW_VAL_MAP ||
           kind == TW_VAL_BYTES;
}

/* Where the table of operators has no integer for it; 0 not known. */
uint32_t mc_js_arith(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    double a, b;
    bool assign =
        op.n > 1 && op.p[op.n - 1] == '=' && !compared(e, op, 0, 0) && op.p[0] != '=' && op.p[0] != '!';
    if (assign) op.n--;
    if (!n || !mc_double(e, v[0], &a)) return 0;
    if (n == 1) {
        if (tw_str_eq(op, TW_S("-"))) return mc_number(e, -a);
        if (tw_str_eq(op, TW_S("+"))) return mc_number(e, a);
        if (tw_str_eq(op, TW_S("~"))) return mc_number(e, ~to_int32(a));
        if (tw_str_eq(op, TW_S("++"))) return mc_number(e, a + 1);
        if (tw_str_eq(op, TW_S("--"))) return mc_number(e, a - 1);
        return tw_str_eq(op, TW_S("typeof")) && ev_at(e, v[0])->kind == TW_VAL_FLOAT
                   ? ev_text_val(e, TW_VAL_STR, TW_S("number"), EV_FOLDED, 0)
                   : 0;
    }
    uint32_t sum = v[0];
    for (uint32_t i = 1; i < n && sum; i++) {
        bool text = is_textual(e, sum) || is_textual(e, v[i]), plus = op.n == 1 && op.p[0] == '+';
        if (text && plus) {
            uint32_t l = mc_text(e, sum), r = mc_text(e, v[i]);
            sum = l && r ? ev_concat(e, l, r) : 0;
            continue;
        }
        if (text && compared(e, op, 0, 0)) return 0;
        sum = mc_double(e, sum, &a) && mc_double(e, v[i], &b) ? arith(e, op, a, b) : 0;
    }
    return sum;
}

uint32_t mc_text(ev *e, uint32_t v)
{
    if (mc_is_ref(e, v)) return 0;
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_FLOAT) {
        tw_str s = ev_sym(e, x->a);
        double d;
        bool plain = text_double(s, &d) && (d != d || isinf(d) || (fabs(d) >= 1e-6 && fabs(d) < 1e15));
        if (!plain) return 0;
        uint32_t again = mc_number(e, d);
        return ev_at(e, again)->kind == TW_VAL_FLOAT
                   ? ev_folded(e, TW_VAL_STR, ev_sym(e, ev_at(e, again)->a), 0)
                   : 0;
    }
    return ev_is_const(e, v) ? ev_js_text(e, v) : 0;
}

/* Equal without any conversion (===, is, and == where both are of a kind). */
bool mc_same(ev *e, uint32_t a, uint32_t b, bool *ret_same)
{
    uint32_t x = mc_ref(e, a), y = mc_ref(e, b);
    tw_str s, t;
    double da, db;
    *ret_same = false;
    if (x != TW_NONE || y != TW_NONE) {
        if (x == y) return *ret_same = true, true;
        if (x == TW_NONE || y == TW_NONE) return ev_is_const(e, x == TW_NONE ? a : b);
        if (e->js) return true;
        const mc_obj *p = mc_obj_at(e, x), *q = mc_obj_at(e, y);
        bool code = p->kind == MC_CLOSURE && q->kind == MC_CLOSURE;
        if (code) return true;
        if (p->kind != MC_LIST || q->kind != MC_LIST || p->how != q->how || !mc_known(e, x) ||
            !mc_known(e, y))
            return false;
        if (p->items.n != q->items.n) return true;
        for (uint32_t i = 0; i < p->items.n; i++) { /* flat lists only */
            uint32_t l = mc_obj_at(e, x)->items.v[i], r = mc_obj_at(e, y)->items.v[i];
            bool same = false;
            if (mc_is_ref(e, l) || mc_is_ref(e, r) || !mc_same(e, l, r, &same)) return false;
            if (!same) return true;
        }
        return *ret_same = true, true;
    }
    if (!ev_is_const(e, a) || !ev_is_const(e, b)) return false;
    uint8_t ka = ev_at(e, a)->kind, kb = ev_at(e, b)->kind;
    bool na = ka == TW_VAL_INT || ka == TW_VAL_FLOAT || (!e->js && ka == TW_VAL_BOOL);
    bool nb = kb == TW_VAL_INT || kb == TW_VAL_FLOAT || (!e->js && kb == TW_VAL_BOOL);
    if (na && nb) {
        int64_t i, k;
        if (ev_get_int(e, a, &i) && ev_get_int(e, b, &k)) return *ret_same = i == k, true;
        if (!e->js || !mc_double(e, a, &da) || !mc_double(e, b, &db)) return false;
        return *ret_same = da == db, true;
    }
    uint8_t ta, tb;
    bool xa = ev_is_text(e, a, &ta), xb = ev_is_text(e, b, &tb);
    if (xa && xb) {
        if (ta != tb) return e->ir->lang != TW_LANG_NONE;
        if (!ev_text(e, a, &s) || !ev_text(e, b, &t) || !mc_tick(e, 1 + s.n / 256)) return false;
        return *ret_same = tw_str_eq(s, t), true;
    }
    if (ka != kb) return (ka <= TW_VAL_NULL_ || ka == EV_ROPE) && (kb <= TW_VAL_NULL_ || kb == EV_ROPE);
    if (ka == TW_VAL_NULL_) return *ret_same = ev_at(e, a)->a == ev_at(e, b)->a, true;
    if (ka == TW_VAL_BOOL) return *ret_same = ev_at(e, a)->a == ev_at(e, b)->a, true;
    return false;
}

bool mc_same_items(ev *e, uint32_t a, uint32_t b, uint32_t n)
{
    bool same = true;
    for (uint32_t i = 0; i < n && same; i++) {
        uint32_t x = e->lists.v[a + i], y = e->lists.v[b + i];
        if (x != y && (!mc_tick(e, 1) || !mc_same(e, x, y, &same))) return false;
    }
    return same;
}
