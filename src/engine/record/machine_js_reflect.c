/* SPDX-License-Identifier: Apache-2.0 */
/* Object.*, Reflect.*, Symbol, Proxy over objects of the machine. */
#include "engine/record/machine_method.h"

static uint32_t named(ev *e, uint32_t v, tw_str name)
{
    return mc_is_ref(e, v) ? mc_property(e, v, mc_key_of(e, name), e->mc->none, name) : 0;
}

static uint32_t key_of(ev *e, uint32_t v, uint32_t *ret_name)
{
    if (mc_is_ref(e, v) && !mc_is(e, v, MC_BOUND)) v = mc_primitive(e, v, true);
    uint32_t text = mc_is_ref(e, v) || ev_at(e, v)->kind == TW_VAL_SYMBOL ? v
                    : ev_is_const(e, v)                                   ? mc_text(e, v)
                                                                          : 0;
    *ret_name = text;
    return text ? mc_key(e, v) : 0;
}

static bool define(ev *e, uint32_t target, uint32_t k, uint32_t d)
{
    uint32_t o = mc_ref(e, target), name, key = key_of(e, k, &name);
    bool object = o != TW_NONE && mc_obj_at(e, o)->kind != MC_LIST && mc_obj_at(e, o)->kind != MC_BOUND;
    if (!object || !key || !mc_is_ref(e, d) || (mc_obj_at(e, o)->env && mc_obj_at(e, o)->kind == MC_MAP))
        return false;
    uint32_t get = named(e, d, TW_S("get")), set = named(e, d, TW_S("set")), v = named(e, d, TW_S("value"));
    uint32_t seen = named(e, d, TW_S("enumerable")), fixed = named(e, d, TW_S("writable"));
    bool hidden = !seen || mc_truth(e, seen) == 0, locked = !fixed || mc_truth(e, fixed) == 0;
    bool unsure = get == e->mc->unknown || set == e->mc->unknown || (seen && mc_truth(e, seen) < 0) ||
                  (fixed && mc_truth(e, fixed) < 0);
    if (unsure || !mc_known(e, mc_ref(e, d)) || !mc_known(e, o)) return false;
    if (get || set) {
        mc_delete(e, o, key);
        if (get) mc_put_accessor(e, o, key, name, get, false, hidden);
        if (set) mc_put_accessor(e, o, key, name, set, true, hidden);
        return true;
    }
    uint32_t was = mc_get(e, o, key);
    if (was && !v) v = mc_resolve_slot(e, was, target);
    if (was && mc_is(e, was, MC_BOUND) && mc_obj_at(e, mc_ref(e, was))->how == MC_ACCESSOR)
        mc_delete(e, o, key);
    if (was && !seen) hidden = mc_is_hidden(e, was);
    if (was && !fixed) locked = false;
    if (!v) v = e->mc->undefined;
    if (!hidden && locked) return false; /* seen by loops and yet fixed: not kept apart */
    mc_put(e, o, key, name,
           hidden || locked ? mc_bound_of(e, MC_HIDDEN, v, locked ? e->mc->yes : e->mc->no) : v);
    return true;
}

static uint32_t unsure(ev *e, const mc_args *a, uint32_t *ret)
{
    for (uint32_t i = 0; i < a->n; i++) mc_escape(e, a->v[i]);
    if (a->n && mc_is_ref(e, a->v[0])) mc_lose(e, mc_ref(e, a->v[0]));
    e->mc->may_throw = true;
    *ret = e->mc->unknown;
    return R_NORMAL;
}

uint32_t mc_b_define(ev *e, const mc_args *a, uint32_t *ret)
{
    if (a->n != 3 || !mc_is_ref(e, a->v[0])) return 0;
    if (!define(e, a->v[0], a->v[1], a->v[2])) return unsure(e, a, ret);
    *ret = a->v[0];
    return R_NORMAL;
}

uint32_t mc_b_define_all(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t from = a->n == 2 ? mc_ref(e, a->v[1]) : TW_NONE;
    if (from == TW_NONE || !mc_is_ref(e, a->v[0])) return 0;
    if (!mc_known(e, from) || mc_obj_at(e, from)->kind != MC_MAP) return unsure(e, a, ret);
    for (uint32_t i = 0; i < mc_obj_at(e, from)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, from)->props.v[i];
        if (!define(e, a->v[0], p.name, p.val)) return unsure(e, a, ret);
    }
    *ret = a->v[0];
    return R_NORMAL;
}

uint32_t mc_b_create(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_MAP);
    if (!a->n) return 0;
    *ret = mc_ref_to(e, o);
    bool nothing = ev_at(e, a->v[0])->kind == TW_VAL_NULL_;
    mc_obj_at(e, o)->self = mc_is_ref(e, a->v[0]) ? a->v[0] : nothing ? e->mc->none : e->mc->unknown;
    if (a->n < 2) return R_NORMAL;
    uint32_t v[2] = {*ret, a->v[1]};
    mc_args with = {v, NULL, 2, false};
    return mc_b_define_all(e, &with, ret);
}

uint32_t mc_b_proto_of(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t v = a->n ? a->v[0] : 0, up = v && mc_is_ref(e, v) ? mc_proto(e, v) : 0;
    if (!v || !mc_is_ref(e, v) || !mc_known(e, mc_ref(e, v))) return 0;
    tw_str kind = mc_kind_name(e, v);
    if (!up && mc_is(e, v, MC_BOUND)) return 0;
    *ret = up ? up : ev_symbol(e, tw_intern(&e->syms, tw_arena_fmt(e->tmp, "%.*s.prototype", TW_FMT(kind))));
    return R_NORMAL;
}

uint32_t mc_b_set_proto_of(ev *e, const mc_args *a, uint32_t *ret)
{
    if (a->n != 2 || !mc_is_ref(e, a->v[0])) return 0;
    mc_set_proto(e, mc_ref(e, a->v[0]), a->v[1]);
    *ret = a->v[0];
    return R_NORMAL;
}

uint32_t mc_b_freeze(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = a->n ? mc_ref(e, a->v[0]) : TW_NONE;
    if (o == TW_NONE) return 0;
    uint8_t kind = mc_obj_at(e, o)->kind;
    *ret = a->v[0];
    if (kind != MC_MAP && kind != MC_INSTANCE && kind != MC_LIST) return R_NORMAL;
    if (e->mc->forks && o < e->mc->obj_mark)
        mc_lose(e, o); /* perhaps frozen */
    else
        mc_obj_at(e, o)->env = 1;
    return R_NORMAL;
}

uint32_t mc_b_is_frozen(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = a->n ? mc_ref(e, a->v[0]) : TW_NONE;
    if (o == TW_NONE || !mc_known(e, o)) return 0;
    uint8_t kind = mc_obj_at(e, o)->kind;
    if (kind != MC_MAP && kind != MC_INSTANCE && kind != MC_LIST) return 0;
    if (mc_obj_at(e, o)->env) *ret = e->mc->yes;
    return R_NORMAL;
}

uint32_t mc_b_from_entries(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n, o = mc_new(e, MC_MAP), name;
    if (a->n != 1 || !mc_take(e, a->v[0], &v, &n)) return 0;
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        uint32_t pair = v[i] ? mc_ref(e, v[i]) : TW_NONE, key;
        if (pair == TW_NONE || mc_obj_at(e, pair)->kind != MC_LIST || mc_obj_at(e, pair)->items.n < 2)
            return 0;
        key = key_of(e, mc_obj_at(e, pair)->items.v[0], &name);
        if (!key) return 0;
        mc_put(e, o, key, name, mc_obj_at(e, pair)->items.v[1]);
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

uint32_t mc_b_has_own(ev *e, const mc_args *a, uint32_t *ret)
{
    mc_args rest = {a->v + 1, NULL, 1, false};
    return a->n == 2 && mc_is_ref(e, a->v[0])
               ? mc_js_object_method(e, a->v[0], TW_S("hasOwnProperty"), &rest, ret)
               : 0;
}

uint32_t mc_b_reflect_get(ev *e, const mc_args *a, uint32_t *ret)
{
    if (a->n < 2 || !mc_is_ref(e, a->v[0])) return 0;
    *ret = mc_index(e, a->v[0], a->v[1]);
    return R_NORMAL;
}

uint32_t mc_b_reflect_set(ev *e, const mc_args *a, uint32_t *ret)
{
    if (a->n < 3 || !mc_is_ref(e, a->v[0])) return 0;
    mc_set_index(e, a->v[0], a->v[1], a->v[2]);
    if (!mc_obj_at(e, mc_ref(e, a->v[0]))->env && mc_is(e, a->v[0], MC_MAP)) *ret = e->mc->yes;
    return R_NORMAL;
}

uint32_t mc_b_reflect_has(ev *e, const mc_args *a, uint32_t *ret)
{
    int is = a->n == 2 ? mc_has(e, a->v[0], a->v[1]) : -1;
    if (is >= 0) *ret = is ? e->mc->yes : e->mc->no;
    return a->n == 2 && mc_is_ref(e, a->v[0]) ? R_NORMAL : 0;
}

uint32_t mc_b_reflect_apply(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (a->n != 3 || !mc_is_ref(e, a->v[0]) || !mc_take(e, a->v[2], &v, &n)) return 0;
    mc_args with = {v, NULL, n, false};
    return mc_apply(e, a->v[0], a->v[1], &with, 0, ret);
}

uint32_t mc_b_reflect_construct(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    bool ours = a->n == 2 && (mc_is(e, a->v[0], MC_CLASS) || mc_is(e, a->v[0], MC_CLOSURE));
    if (!ours || !mc_take(e, a->v[1], &v, &n)) return 0;
    mc_args with = {v, NULL, n, false};
    return mc_js_new(e, a->v[0], &with, 0, ret);
}

/* ---- symbols, proxies ---- */

uint32_t mc_b_symbol(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t text = a->n && !mc_is_ref(e, a->v[0]) ? mc_text(e, a->v[0]) : 0;
    *ret = mc_bound_of(e, MC_SYMBOL, text ? text : a->n ? e->mc->unknown : e->mc->undefined, e->mc->no);
    return R_NORMAL;
}

uint32_t mc_b_symbol_for(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t text = a->n == 1 && !mc_is_ref(e, a->v[0]) ? mc_text(e, a->v[0]) : 0;
    tw_str s;
    if (!text || !ev_text(e, text, &s) || s.n > 200) return 0;
    if (e->mc->forks) return 0; /* the table below outlives what is run perhaps */
    tw_str kind = tw_arena_fmt(e->tmp, "@%.*s", TW_FMT(s));
    uint32_t o = mc_patches(e, kind);
    if (o == TW_NONE) {
        uint32_t v = mc_bound_of(e, MC_SYMBOL, text, e->mc->yes);
        o = mc_patches_of(e, kind);
        mc_push(e, o, v);
    }
    *ret = mc_obj_at(e, o)->items.v[0];
    return R_NORMAL;
}

uint32_t mc_b_proxy(ev *e, const mc_args *a, uint32_t *ret)
{
    if (a->n != 2 || !mc_is_ref(e, a->v[0]) || !mc_is_ref(e, a->v[1])) return 0;
    *ret = mc_bound_of(e, MC_PROXY, a->v[0], a->v[1]);
    return R_NORMAL;
}
