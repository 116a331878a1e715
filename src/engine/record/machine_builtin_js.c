/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of JavaScript over objects of the machine. */
#include "engine/record/machine_method.h"

static uint32_t own(ev *e, const mc_args *a, int what, uint32_t *ret)
{
    uint32_t o = a->n ? mc_ref(e, a->v[0]) : TW_NONE, base = e->stack.n;
    char text[16];
    if (o == TW_NONE || !mc_known(e, o)) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_MAP && !(x->how & 1)) {
        for (uint32_t i = 0; i < x->props.n; i++) { /* digits come first: not our order */
            tw_str s = tw_intern_str(&e->mc->keys, x->props.v[i].key);
            if (s.n > 1 && s.p[1] >= '0' && s.p[1] <= '9') return 0;
        }
        return *ret = mc_listed(e, o, what), R_NORMAL;
    }
    if (x->kind != MC_LIST || x->props.n) return 0;
    for (uint32_t i = 0; i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++) {
        size_t n = 0;
        for (uint32_t d = 1000000000; d; d /= 10)
            if (i >= d || n || d == 1) text[n++] = (char)('0' + i / d % 10);
        uint32_t key = ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text, n)), 0);
        uint32_t pair[2] = {key, mc_obj_at(e, o)->items.v[i]};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *ret = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY);
    e->stack.n = base;
    return R_NORMAL;
}

uint32_t mc_b_own_keys(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 0, ret);
}
uint32_t mc_b_own_values(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 1, ret);
}
uint32_t mc_b_own_entries(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 2, ret);
}

uint32_t mc_b_array(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n;
    if (a->n != 1 || mc_is_ref(e, a->v[0])) return *ret = mc_list(e, a->v, a->n, TW_SEQ_ARRAY), R_NORMAL;
    if (!ev_get_int(e, a->v[0], &n) || ev_at(e, a->v[0])->kind != TW_VAL_INT || n < 0 || n > 1 << 20 ||
        !mc_tick(e, (uint64_t)n))
        return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) v[i] = e->mc->undefined;
    *ret = mc_list(e, v, (uint32_t)n, TW_SEQ_ARRAY);
    return R_NORMAL;
}

uint32_t mc_b_octets(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n = 0, x;
    uint32_t *v = NULL, count = 0;
    if (a->n != 1) return 0;
    if (!mc_is_ref(e, a->v[0]) && ev_get_int(e, a->v[0], &n)) {
        if (n < 0 || n > 1 << 20 || !mc_tick(e, (uint64_t)n)) return 0;
        count = (uint32_t)n, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0, zero = ev_int(e, 0); i < count; i++) v[i] = zero;
    } else {
        if (!mc_is_ref(e, a->v[0]) || !mc_take(e, a->v[0], &v, &count)) return 0;
        for (uint32_t i = 0; i < count; i++) {
            if (mc_is_ref(e, v[i]) || !ev_get_int(e, v[i], &x)) return 0;
            v[i] = ev_int(e, x & 255);
        }
    }
    *ret = mc_list(e, v, count, MC_OCTETS);
    return R_NORMAL;
}

uint32_t mc_b_array_from(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v = NULL, n = 0, o = a->n ? mc_ref(e, a->v[0]) : TW_NONE;
    int64_t length;
    if (a->n < 1 || a->n > 2) return 0;
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_MAP && mc_known(e, o) &&
        mc_obj_at(e, o)->props.n == 1) { /* {length: n} */
        uint32_t l = mc_get(e, o, mc_key_of(e, TW_S("length")));
        if (!l || mc_is_ref(e, l) || !ev_get_int(e, l, &length) || length < 0 || length > 1 << 20 ||
            !mc_tick(e, (uint64_t)length))
            return 0;
        n = (uint32_t)length, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0; i < n; i++) v[i] = e->mc->undefined;
    } else if (!mc_take(e, a->v[0], &v, &n)) {
        return 0;
    }
    *ret = mc_list(e, v, n, TW_SEQ_ARRAY);
    if (a->n == 1 || !mc_is_ref(e, *ret)) return R_NORMAL;
    mc_args f = {a->v + 1, NULL, 1, false};
    return mc_of_list(e, &f, mc_ref(e, *ret), mc_do_map, ret);
}

uint32_t mc_b_assign(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!a->n || !mc_is(e, a->v[0], MC_MAP)) return 0;
    uint32_t to = mc_ref(e, a->v[0]);
    for (uint32_t i = 1; i < a->n; i++) {
        uint32_t from = mc_ref(e, a->v[i]);
        if (from == TW_NONE || mc_obj_at(e, from)->kind != MC_MAP || !mc_known(e, from) ||
            mc_obj_at(e, from)->flags & MCO_MAYBE)
            return 0;
        for (uint32_t k = 0; k < mc_obj_at(e, from)->props.n && mc_tick(e, 1); k++) {
            mc_prop p = mc_obj_at(e, from)->props.v[k];
            mc_put(e, to, p.key, p.name, p.val);
        }
    }
    *ret = a->v[0];
    return R_NORMAL;
}

uint32_t mc_b_require(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n != 1 || mc_is_ref(e, a->v[0]) || ev_at(e, a->v[0])->kind == TW_VAL_SYMBOL ||
        !ev_is_const(e, a->v[0]) || !ev_text(e, a->v[0], &s))
        return 0;
    *ret = ev_js_module(e, s);
    return R_NORMAL;
}

/* parseInt of what is no number. */
uint32_t mc_b_parse_int(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n < 1 || a->n > 2 || mc_is_ref(e, a->v[0]) || !ev_is_const(e, a->v[0])) return 0;
    uint32_t text = mc_text(e, a->v[0]);
    if (!text || !ev_text(e, text, &s)) return 0;
    s = tw_str_trim(s);
    if (s.n && (s.p[0] == '-' || s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    while (s.n > 1 && (unsigned char)s.p[0] == 0xC2 && (unsigned char)s.p[1] == 0xA0)
        s = tw_str_sub(s, 2, s.n);
    unsigned char c = s.n ? (unsigned char)s.p[0] : 0;
    bool digit = c >= '0' && c <= '9',
         blank = c == '\v' || c == '\f' || (c >= 0xE1 && c <= 0xE3) || c == 0xEF; /* or may be */
    if (digit || a->n > 1 || blank) return 0;
    *ret = mc_number(e, __builtin_nan(""));
    return R_NORMAL;
}
