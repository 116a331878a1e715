/* SPDX-License-Identifier: Apache-2.0 */
/* Operators of Python on lists and sets, whose items keep their identity; operators that surely fail; slices that are set. */
#include "engine/record/machine_py.h"

static bool is_plain(const ev *e, uint32_t v) /* a list or tuple, no bytes */
{
    return mc_is(e, v, MC_LIST) && mc_obj_at(e, mc_ref(e, v))->how < MC_BYTES;
}

/* [a] + [b] */
static uint32_t joined(ev *e, const uint32_t *v, uint32_t n)
{
    uint32_t base = e->stack.n, how = mc_obj_at(e, mc_ref(e, v[0]))->how, r;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t o = mc_ref(e, v[i]);
        if (!is_plain(e, v[i]) || mc_obj_at(e, o)->how != how || !mc_known(e, o)) return e->stack.n = base, 0;
        for (uint32_t k = 0; k < mc_obj_at(e, o)->items.n && mc_tick(e, 1); k++)
            TW_PUSH(e->tmp, e->stack, mc_obj_at(e, o)->items.v[k]);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    r = mc_list(e, e->stack.v + base, e->stack.n - base, (uint16_t)how);
    e->stack.n = base;
    return r;
}

static uint32_t repeated(ev *e, uint32_t list, uint32_t by)
{
    int64_t times;
    uint32_t o = mc_ref(e, list), n = mc_obj_at(e, o)->items.n, k = 0;
    if (!mc_known(e, o) || mc_is_ref(e, by) || !ev_get_int(e, by, &times)) return 0;
    if (times < 0) times = 0;
    if ((uint64_t)times * n > 1 << 20 || !mc_tick(e, (uint64_t)times * n / 4)) return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)times * n + 1);
    for (int64_t t = 0; t < times; t++)
        for (uint32_t i = 0; i < n; i++) v[k++] = mc_obj_at(e, o)->items.v[i];
    return mc_list(e, v, k, mc_obj_at(e, o)->how);
}

static int within(ev *e, uint32_t set, uint32_t v)
{
    bool same = false;
    for (uint32_t i = 0; i < mc_obj_at(e, set)->items.n && mc_tick(e, 1); i++) {
        if (!mc_same(e, mc_obj_at(e, set)->items.v[i], v, &same)) return -1;
        if (same) return 1;
    }
    return 0;
}

/* a | b, a & b, a - b, a ^ b */
static uint32_t of_sets(ev *e, char op, uint32_t a, uint32_t b)
{
    uint32_t x = mc_ref(e, a), y = mc_ref(e, b), base = e->stack.n, r;
    if (!mc_known(e, x) || !mc_known(e, y)) return 0;
    for (unsigned side = 0; side < 2; side++) {
        uint32_t of = side ? y : x, other = side ? x : y;
        if (side && (op == '&' || op == '-')) break;
        for (uint32_t i = 0; i < mc_obj_at(e, of)->items.n; i++) {
            uint32_t v = mc_obj_at(e, of)->items.v[i];
            int in = within(e, other, v);
            if (in < 0) return e->stack.n = base, 0;
            bool keep = op == '&' ? in : op == '|' ? !side || !in : !in;
            if (keep) TW_PUSH(e->tmp, e->stack, v);
        }
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    r = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_SET);
    e->stack.n = base;
    return r;
}

static bool is_number(const ev *e, uint32_t v)
{
    uint8_t kind = ev_at(e, v)->kind;
    return kind == TW_VAL_INT || kind == TW_VAL_BOOL || kind == TW_VAL_FLOAT;
}

static uint32_t fails(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    int64_t n;
    uint8_t text;
    bool divides = tw_str_eq(op, TW_S("/")) || tw_str_eq(op, TW_S("//")) || tw_str_eq(op, TW_S("%"));
    if (mc_is_ref(e, l) || mc_is_ref(e, r) || !ev_is_const(e, l) || !ev_is_const(e, r)) return 0;
    if (divides && is_number(e, l) && ev_at(e, r)->kind == TW_VAL_INT && ev_get_int(e, r, &n) && !n)
        return mc_raise(e, "ZeroDivisionError",
                        ev_at(e, l)->kind == TW_VAL_INT && op.n == 1 && op.p[0] == '/'
                            ? ev_text_val(e, TW_VAL_STR, TW_S("division by zero"), 0, 0)
                            : e->mc->unknown);
    bool plus = tw_str_eq(op, TW_S("+"));
    if (plus &&
        ((ev_is_text(e, l, &text) && is_number(e, r)) || (is_number(e, l) && ev_is_text(e, r, &text))))
        return mc_raise(e, "TypeError", e->mc->unknown);
    return 0;
}

uint32_t mc_py_sure(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    if (e->js || n < 2) return 0;
    if (op.n == 1 && op.p[0] == '+' && is_plain(e, v[0])) return joined(e, v, n);
    if (n != 2) return 0;
    if (op.n == 1 && op.p[0] == '*' && is_plain(e, v[0])) return repeated(e, v[0], v[1]);
    if (op.n == 1 && op.p[0] == '*' && is_plain(e, v[1])) return repeated(e, v[1], v[0]);
    bool set_op = op.n == 1 && (op.p[0] == '|' || op.p[0] == '&' || op.p[0] == '-' || op.p[0] == '^');
    if (set_op && mc_is(e, v[0], MC_SET) && mc_is(e, v[1], MC_SET)) return of_sets(e, op.p[0], v[0], v[1]);
    return fails(e, op, v[0], v[1]);
}

/* ---- slices ---- */

static bool bounds(ev *e, uint32_t slice, int64_t n, int64_t *from, int64_t *to, int64_t *step)
{
    const mc_obj *s = mc_obj_at(e, slice);
    int64_t *ret[3] = {from, to, step}, has[3] = {0};
    if (s->how != TW_SEQ_SLICE) return false;
    for (uint32_t i = 0; i < 3 && i < s->items.n; i++) {
        uint32_t v = s->items.v[i];
        if (mc_is_ref(e, v) || !ev_is_const(e, v)) return false;
        if (ev_at(e, v)->kind == TW_VAL_NULL_) continue;
        if (!ev_get_int(e, v, ret[i])) return false;
        has[i] = 1;
    }
    if (!has[2]) *step = 1;
    if (*step < 1) return false; /* backwards: not for us */
    if (!has[0]) *from = 0;
    if (!has[1]) *to = n;
    if (*from < 0) *from += n;
    if (*to < 0) *to += n;
    *from = *from < 0 ? 0 : *from > n ? n : *from;
    *to = *to < *from ? *from : *to > n ? n : *to;
    return true;
}

bool mc_py_set_slice(ev *e, uint32_t o, uint32_t slice, uint32_t v)
{
    int64_t from, to, step;
    uint32_t n = mc_obj_at(e, o)->items.n, *in = NULL, n_in = 0, k = 0;
    if (!mc_known(e, o) || !bounds(e, mc_ref(e, slice), n, &from, &to, &step)) return false;
    if (v && !mc_take(e, v, &in, &n_in)) return false;
    uint32_t *old = mc_copy_items(e, o, 0), *all = TW_NEWN(e->tmp, uint32_t, (size_t)n + n_in + 1);
    if (step == 1 || !v) {
        for (uint32_t i = 0; i < n; i++) {
            if (i == from)
                for (uint32_t x = 0; x < n_in; x++) all[k++] = in[x];
            bool gone = i >= from && i < to && (i - from) % step == 0;
            if (!gone) all[k++] = old[i];
        }
        if (from == n)
            for (uint32_t x = 0; x < n_in; x++) all[k++] = in[x];
        mc_set_items(e, o, all, k);
        return true;
    }
    if ((to - from + step - 1) / step != n_in) return mc_raise(e, "ValueError", 0), true;
    for (uint32_t x = 0; x < n_in; x++) old[from + x * step] = in[x];
    mc_set_items(e, o, old, n);
    return true;
}
