/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of lists. What only computes is the pure functions' business. */
#include "engine/record/machine_method.h"

uint32_t mc_do_push(ev *e, const mc_on *m)
{
    for (uint32_t i = 0; i < m->a->n; i++) mc_push(e, m->o, m->a->v[i]);
    *m->ret = e->js ? ev_int(e, mc_obj_at(e, m->o)->items.n) : e->mc->none;
    return R_NORMAL;
}

uint32_t mc_do_pop(ev *e, const mc_on *m)
{
    int64_t i;
    if (!mc_int_at(e, m->a, 0, -1, &i)) return mc_unsure(e, m);
    if (e->js) i = -1;
    if (i < 0) i += m->n;
    if (!m->n && e->js) return *m->ret = e->mc->undefined, R_NORMAL;
    if (i < 0 || i >= m->n) return mc_unsure(e, m);
    *m->ret = mc_on_item(e, m, (uint32_t)i);
    uint32_t *v = mc_copy_items(e, m->o, 0);
    memmove(v + i, v + i + 1, (m->n - (uint32_t)i - 1) * sizeof *v);
    mc_set_items(e, m->o, v, m->n - 1);
    return R_NORMAL;
}

uint32_t mc_do_shift(ev *e, const mc_on *m)
{
    if (!m->n) return *m->ret = e->mc->undefined, R_NORMAL;
    *m->ret = mc_on_item(e, m, 0);
    mc_set_items(e, m->o, mc_obj_at(e, m->o)->items.v + 1, m->n - 1);
    return R_NORMAL;
}

static uint32_t spliced(ev *e, const mc_on *m, uint32_t at, uint32_t gone, const uint32_t *in, uint32_t n)
{
    uint32_t *v = mc_copy_items(e, m->o, n);
    memmove(v + at + n, v + at + gone, (m->n - at - gone) * sizeof *v);
    if (n) memcpy(v + at, in, n * sizeof *v);
    mc_set_items(e, m->o, v, m->n - gone + n);
    return R_NORMAL;
}

uint32_t mc_do_unshift(ev *e, const mc_on *m)
{
    spliced(e, m, 0, 0, m->a->v, m->a->n);
    *m->ret = ev_int(e, mc_obj_at(e, m->o)->items.n);
    return R_NORMAL;
}

static int64_t clamp(int64_t i, int64_t n)
{
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

uint32_t mc_do_splice(ev *e, const mc_on *m)
{
    int64_t at, gone;
    if (!m->a->n || !mc_int_at(e, m->a, 0, 0, &at)) return mc_unsure(e, m);
    at = clamp(at, m->n);
    if (!mc_int_at(e, m->a, 1, m->n - at, &gone)) return mc_unsure(e, m);
    if (gone < 0) gone = 0;
    if (gone > m->n - at) gone = m->n - at;
    *m->ret = mc_list(e, mc_obj_at(e, m->o)->items.v + at, (uint32_t)gone, TW_SEQ_ARRAY);
    uint32_t more = m->a->n > 2 ? m->a->n - 2 : 0;
    return spliced(e, m, (uint32_t)at, (uint32_t)gone, more ? m->a->v + 2 : NULL, more);
}

uint32_t mc_do_insert(ev *e, const mc_on *m)
{
    int64_t at;
    if (m->a->n != 2 || !mc_int_at(e, m->a, 0, 0, &at)) return mc_unsure(e, m);
    *m->ret = e->mc->none;
    return spliced(e, m, (uint32_t)clamp(at, m->n), 0, m->a->v + 1, 1);
}

uint32_t mc_do_extend(ev *e, const mc_on *m)
{
    uint32_t list;
    if (m->a->n != 1 || !mc_iterate(e, m->a->v[0], &list)) return mc_unsure(e, m);
    uint32_t n = mc_obj_at(e, list)->items.n;
    for (uint32_t i = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0; i < n && mc_tick(e, 1);
         i++)
        mc_push(e, m->o, mc_obj_at(e, list)->items.v[i]);
    *m->ret = e->mc->none;
    return R_NORMAL;
}

uint32_t mc_do_reverse(ev *e, const mc_on *m)
{
    uint32_t *v = mc_copy_items(e, m->o, 0);
    for (uint32_t i = 0; i < m->n; i++) v[i] = mc_obj_at(e, m->o)->items.v[m->n - 1 - i]; /* holes stay */
    mc_set_items(e, m->o, v, m->n);
    *m->ret = e->js ? m->self : e->mc->none;
    return R_NORMAL;
}

uint32_t mc_do_clear(ev *e, const mc_on *m)
{
    while (mc_obj_at(e, m->o)->props.n && mc_tick(e, 1))
        mc_delete(e, m->o, mc_obj_at(e, m->o)->props.v[0].key);
    mc_set_items(e, m->o, NULL, 0);
    *m->ret = e->js ? e->mc->undefined : e->mc->none;
    return R_NORMAL;
}

uint32_t mc_do_remove(ev *e, const mc_on *m)
{
    bool same = false;
    for (uint32_t i = 0; m->a->n == 1 && i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return mc_unsure(e, m);
        if (!same) continue;
        *m->ret = e->mc->none;
        return spliced(e, m, i, 1, NULL, 0);
    }
    return mc_unsure(e, m);
}

uint32_t mc_do_fill(ev *e, const mc_on *m)
{
    int64_t from, to;
    if (!m->a->n || !mc_int_at(e, m->a, 1, 0, &from) || !mc_int_at(e, m->a, 2, m->n, &to))
        return mc_unsure(e, m);
    for (int64_t i = clamp(from, m->n), end = clamp(to, m->n); i < end && mc_tick(e, 1); i++)
        mc_set_item(e, m->o, (uint32_t)i, m->a->v[0]);
    *m->ret = m->self;
    return R_NORMAL;
}

uint32_t mc_do_copy(ev *e, const mc_on *m)
{
    if (mc_obj_at(e, m->o)->kind == MC_LIST) {
        *m->ret = mc_list(e, mc_copy_items(e, m->o, 0), m->n, mc_obj_at(e, m->o)->how);
        return R_NORMAL;
    }
    uint32_t to = mc_new(e, MC_MAP);
    for (uint32_t i = 0; i < mc_obj_at(e, m->o)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, m->o)->props.v[i];
        mc_put(e, to, p.key, p.name, p.val);
    }
    *m->ret = mc_ref_to(e, to);
    return R_NORMAL;
}

/* Items from a list of JavaScript that may hold what is no constant. */
uint32_t mc_do_slice(ev *e, const mc_on *m)
{
    int64_t from, to;
    if (!mc_int_at(e, m->a, 0, 0, &from) || !mc_int_at(e, m->a, 1, m->n, &to))
        return *m->ret = e->mc->unknown, R_NORMAL;
    from = clamp(from, m->n), to = clamp(to, m->n);
    *m->ret = mc_list(e, mc_obj_at(e, m->o)->items.v + from, to > from ? (uint32_t)(to - from) : 0,
                      mc_obj_at(e, m->o)->how);
    return R_NORMAL;
}

uint32_t mc_do_concat(ev *e, const mc_on *m)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < m->n; i++) TW_PUSH(e->tmp, e->stack, mc_on_item(e, m, i));
    bool fine = true;
    for (uint32_t k = 0; k < m->a->n; k++) {
        uint32_t o = mc_ref(e, m->a->v[k]);
        bool list = o != TW_NONE && mc_obj_at(e, o)->kind == MC_LIST;
        fine = fine && (list ? mc_known(e, o) : !mc_unknown(e, m->a->v[k]));
        if (!list) TW_PUSH(e->tmp, e->stack, m->a->v[k]);
        for (uint32_t i = 0; list && i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++)
            TW_PUSH(e->tmp, e->stack, mc_obj_at(e, o)->items.v[i]);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *m->ret = fine ? mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY) : e->mc->unknown;
    e->stack.n = base;
    return R_NORMAL;
}

uint32_t mc_do_index_of(ev *e, const mc_on *m)
{
    bool same = false;
    int64_t from = 0;
    if (!m->a->n || !mc_int_at(e, m->a, 1, 0, &from)) return *m->ret = e->mc->unknown, R_NORMAL;
    for (uint32_t i = (uint32_t)clamp(from, m->n); i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return *m->ret = e->mc->unknown, R_NORMAL;
        if (same) return *m->ret = ev_int(e, i), R_NORMAL;
    }
    *m->ret = e->js ? ev_int(e, -1) : e->mc->unknown;
    return R_NORMAL;
}

uint32_t mc_do_includes(ev *e, const mc_on *m)
{
    uint32_t how = mc_do_index_of(e, m);
    int64_t i;
    if (ev_get_int(e, *m->ret, &i)) *m->ret = i >= 0 ? e->mc->yes : e->mc->no;
    return how;
}
