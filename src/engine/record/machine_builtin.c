/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of Python over objects of the machine. */
#include "engine/record/machine_method.h"

uint32_t mc_b_range(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t from = 0, to, step;
    if (!mc_given(a, 1, 3) || !mc_int_at(e, a, a->n > 1, 0, &to) || !mc_int_at(e, a, 2, 1, &step)) return 0;
    if (a->n > 1 && !mc_int_at(e, a, 0, 0, &from)) return 0;
    if (!step || from > INT32_MAX || from < INT32_MIN || to > INT32_MAX || to < INT32_MIN ||
        step > INT32_MAX || step < INT32_MIN)
        return 0;
    int64_t n = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
    if (n < 0) n = 0;
    if (n > 1 << 20 || !mc_tick(e, (uint64_t)n)) return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) v[i] = ev_int(e, from + i * step);
    *ret = mc_list(e, v, (uint32_t)n, TW_SEQ_LIST);
    return R_NORMAL;
}

uint32_t mc_as_iter(ev *e, const uint32_t *v, uint32_t n)
{
    uint32_t o = mc_ref(e, mc_list(e, v, n, TW_SEQ_LIST));
    if (o == TW_NONE) return e->mc->unknown;
    mc_obj_at(e, o)->kind = MC_ITER;
    return mc_ref_to(e, o);
}

/* Takes what is left of it. */
bool mc_take(ev *e, uint32_t v, uint32_t **ret_v, uint32_t *ret_n)
{
    uint32_t list, from;
    if (!mc_iterate(e, v, &list)) return false;
    from = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0;
    *ret_v = mc_copy_items(e, list, 0) + from;
    *ret_n = mc_obj_at(e, list)->items.n - from;
    if (from || mc_obj_at(e, list)->kind == MC_ITER) mc_set_next(e, list, mc_obj_at(e, list)->items.n);
    return mc_tick(e, *ret_n / 8);
}

static uint32_t collected(ev *e, const mc_args *a, uint16_t how, uint32_t *ret)
{
    uint32_t *v, n = 0;
    if (!mc_given(a, 0, 1)) return 0;
    if (!a->n) return *ret = mc_list(e, NULL, 0, how), R_NORMAL;
    if (!mc_take(e, a->v[0], &v, &n)) return 0;
    *ret = mc_list(e, v, n, how);
    return R_NORMAL;
}

uint32_t mc_b_list(ev *e, const mc_args *a, uint32_t *ret)
{
    return collected(e, a, TW_SEQ_LIST, ret);
}
uint32_t mc_b_tuple(ev *e, const mc_args *a, uint32_t *ret)
{
    return collected(e, a, TW_SEQ_TUPLE, ret);
}

uint32_t mc_b_reversed(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!mc_given(a, 1, 1) || !mc_take(e, a->v[0], &v, &n)) return 0;
    for (uint32_t i = 0; i + 1 < n - i; i++) {
        uint32_t t = v[i];
        v[i] = v[n - 1 - i], v[n - 1 - i] = t;
    }
    *ret = mc_as_iter(e, v, n);
    return R_NORMAL;
}

uint32_t mc_b_reduce(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!mc_given(a, 2, 3) || !mc_take(e, a->v[1], &v, &n)) return 0;
    uint32_t list = mc_ref(e, mc_list(e, v, n, TW_SEQ_LIST)), with[2] = {a->v[0], a->n > 2 ? a->v[2] : 0};
    mc_args f = {with, NULL, a->n - 1, false};
    return list == TW_NONE ? R_STOP : mc_of_list(e, &f, list, mc_do_reduce, ret);
}

uint32_t mc_b_len(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_given(a, 1, 1) ? mc_ref(e, a->v[0]) : TW_NONE;
    if (o == TW_NONE || !mc_known(e, o)) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if ((x->kind != MC_LIST && x->kind != MC_MAP && x->kind != MC_SET) || x->flags & MCO_MAYBE) return 0;
    *ret = ev_int(e, x->kind == MC_MAP ? x->props.n : x->items.n);
    return R_NORMAL;
}

uint32_t mc_b_sum(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!mc_given(a, 1, 2) || !mc_take(e, a->v[0], &v, &n)) return 0;
    *ret = a->n > 1 ? a->v[1] : ev_int(e, 0);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        uint32_t pair[2] = {*ret, v[i]};
        *ret = mc_operate(e, TW_S("+"), pair, 2);
    }
    return R_NORMAL;
}

uint32_t mc_b_dict(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_MAP), list;
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->names && a->names[i]) {
            mc_put_named(e, o, tw_ir_text(e->ir, a->names[i]), a->v[i]);
            continue;
        }
        if (!mc_iterate(e, a->v[i], &list)) return 0;
        if (mc_is(e, a->v[i], MC_MAP)) {
            uint32_t pairs = mc_listed(e, mc_ref(e, a->v[i]), 2);
            list = mc_ref(e, pairs);
            if (list == TW_NONE) return 0;
        }
        for (uint32_t k = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0;
             k < mc_obj_at(e, list)->items.n && mc_tick(e, 1); k++) {
            uint32_t pair = mc_ref(e, mc_obj_at(e, list)->items.v[k]), key;
            if (pair == TW_NONE || mc_obj_at(e, pair)->items.n != 2) return 0;
            uint32_t name = mc_obj_at(e, pair)->items.v[0];
            if (mc_unknown(e, name) || !(key = mc_key(e, name))) return 0;
            mc_put(e, o, key, name, mc_obj_at(e, pair)->items.v[1]);
        }
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

uint32_t mc_b_set(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v = NULL, n = 0, o = mc_new(e, MC_SET);
    mc_obj_at(e, o)->how = TW_SEQ_SET;
    if (!mc_given(a, 0, 1) || (a->n && !mc_take(e, a->v[0], &v, &n))) return 0;
    for (uint32_t i = 0; i < n; i++) {
        mc_args one = {v + i, NULL, 1, false};
        mc_of_list(e, &one, o, mc_do_add, ret);
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

uint32_t mc_b_bytearray(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n = 0;
    int64_t x;
    if (!mc_given(a, 0, 1)) return 0;
    if (a->n && !mc_is_ref(e, a->v[0]) && ev_get_int(e, a->v[0], &x)) {
        if (x < 0 || x > 1 << 20 || !mc_tick(e, (uint64_t)x)) return 0;
        n = (uint32_t)x, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0, zero = ev_int(e, 0); i < n; i++) v[i] = zero;
    } else if (a->n && !mc_take(e, a->v[0], &v, &n)) {
        return 0;
    }
    for (uint32_t i = 0; i < n; i++)
        if (mc_is_ref(e, v[i]) || !ev_get_int(e, v[i], &x) || x < 0 || x > 255) return 0;
    *ret = mc_list(e, a->n ? v : NULL, n, MC_BYTES);
    return R_NORMAL;
}
