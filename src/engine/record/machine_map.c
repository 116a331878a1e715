/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of maps, sets, iterators. */
#include "engine/record/machine_method.h"

/* Of a Map every value is a key of its own: 1 is not "1". */
uint32_t mc_map_key(ev *e, uint32_t v)
{
    tw_str s;
    uint32_t text;
    if (mc_is_ref(e, v)) return mc_key(e, v);
    if (!ev_is_const(e, v)) return 0;
    if (ev_at(e, v)->kind == TW_VAL_STR || ev_at(e, v)->kind == EV_ROPE) return mc_key(e, v);
    if (!(text = mc_text(e, v)) || !ev_text(e, text, &s) || s.n > 64) return 0;
    if (tw_str_eq(s, TW_S("-0"))) s = TW_S("0");
    return tw_intern(&e->mc->keys, tw_arena_fmt(e->tmp, "m%.*s", TW_FMT(s)));
}

static uint32_t key_of(ev *e, uint32_t v)
{
    return e->js ? mc_map_key(e, v) : mc_key(e, v);
}

uint32_t mc_do_get(ev *e, const mc_on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? key_of(e, m->a->v[0]) : 0;
    uint32_t v = key ? mc_get(e, m->o, key) : e->mc->unknown;
    if (!v) v = e->js ? e->mc->undefined : m->a->n > 1 ? m->a->v[1] : e->mc->none;
    *m->ret = v;
    return R_NORMAL;
}

uint32_t mc_do_set(ev *e, const mc_on *m)
{
    uint32_t key = m->a->n > 1 && !mc_unknown(e, m->a->v[0]) ? key_of(e, m->a->v[0]) : 0;
    if (!key) return mc_unsure(e, m);
    mc_put(e, m->o, key, m->a->v[0], m->a->v[1]);
    *m->ret = m->self;
    return R_NORMAL;
}

uint32_t mc_do_has(ev *e, const mc_on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? key_of(e, m->a->v[0]) : 0;
    *m->ret = key ? mc_get(e, m->o, key) ? e->mc->yes : e->mc->no : e->mc->unknown;
    return R_NORMAL;
}

uint32_t mc_do_set_default(ev *e, const mc_on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? key_of(e, m->a->v[0]) : 0;
    if (!key) return mc_unsure(e, m);
    uint32_t v = mc_get(e, m->o, key), d = m->a->n > 1 ? m->a->v[1] : e->mc->none;
    if (!v) mc_put(e, m->o, key, m->a->v[0], d);
    *m->ret = v ? v : d;
    return R_NORMAL;
}

uint32_t mc_do_map_pop(ev *e, const mc_on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? key_of(e, m->a->v[0]) : 0,
             v = key ? mc_get(e, m->o, key) : 0;
    if (!key || (!v && m->a->n < 2)) return mc_unsure(e, m);
    if (v) mc_delete(e, m->o, key);
    *m->ret = v ? v : m->a->v[1];
    return R_NORMAL;
}

uint32_t mc_do_update(ev *e, const mc_on *m)
{
    uint32_t from = m->a->n == 1 && (!m->a->names || !m->a->names[0]) ? mc_ref(e, m->a->v[0]) : TW_NONE;
    if (from == TW_NONE || mc_obj_at(e, from)->kind != MC_MAP || !mc_known(e, from) ||
        mc_obj_at(e, from)->flags & MCO_MAYBE)
        return mc_unsure(e, m);
    for (uint32_t i = 0; i < mc_obj_at(e, from)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, from)->props.v[i];
        mc_put(e, m->o, p.key, p.name, p.val);
    }
    *m->ret = e->mc->none;
    return R_NORMAL;
}

uint32_t mc_listed(ev *e, uint32_t o, int what) /* 0 keys, 1 values, 2 pairs */
{
    uint32_t base = e->stack.n;
    if (mc_obj_at(e, o)->flags & MCO_MAYBE) return e->mc->unknown;
    for (uint32_t i = 0; i < mc_obj_at(e, o)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, o)->props.v[i];
        uint32_t pair[2] = {p.name, p.val};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, e->js ? TW_SEQ_ARRAY : TW_SEQ_TUPLE) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = mc_list(e, e->stack.v + base, e->stack.n - base, e->js ? TW_SEQ_ARRAY : TW_SEQ_LIST);
    e->stack.n = base;
    return v;
}

uint32_t mc_do_keys(ev *e, const mc_on *m)
{
    *m->ret = mc_listed(e, m->o, 0);
    return R_NORMAL;
}
uint32_t mc_do_values(ev *e, const mc_on *m)
{
    *m->ret = mc_listed(e, m->o, 1);
    return R_NORMAL;
}
uint32_t mc_do_items(ev *e, const mc_on *m)
{
    *m->ret = mc_listed(e, m->o, 2);
    return R_NORMAL;
}

uint32_t mc_do_add(ev *e, const mc_on *m)
{
    bool same = false;
    *m->ret = e->js ? m->self : e->mc->none;
    for (uint32_t i = 0; m->a->n == 1 && i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return mc_unsure(e, m);
        if (same) return R_NORMAL;
    }
    if (m->a->n != 1) return mc_unsure(e, m);
    mc_push(e, m->o, m->a->v[0]);
    return R_NORMAL;
}

uint32_t mc_do_next(ev *e, const mc_on *m)
{
    uint32_t i = mc_obj_at(e, m->o)->a, n = mc_obj_at(e, m->o)->items.n, v = i < n ? mc_on_item(e, m, i) : 0;
    if (v) mc_set_next(e, m->o, i + 1);
    if (e->js) { /* {value, done} */
        uint32_t r = mc_new(e, MC_MAP);
        mc_put_named(e, r, TW_S("value"), v ? v : e->mc->undefined);
        mc_put_named(e, r, TW_S("done"), v ? e->mc->no : e->mc->yes);
        *m->ret = mc_ref_to(e, r);
        return R_NORMAL;
    }
    *m->ret = v ? v : e->mc->unknown;
    if (!v) e->mc->may_throw = true;
    return R_NORMAL;
}
