/* SPDX-License-Identifier: Apache-2.0 */
/* Which method and function is which; what they share. */
#include "engine/record/machine_method.h"

uint32_t mc_on_item(const ev *e, const mc_on *m, uint32_t i)
{
    uint32_t v = mc_obj_at(e, m->o)->items.v[i];
    return v || !e->js ? v : e->mc->undefined; /* a hole */
}

uint32_t *mc_copy_items(ev *e, uint32_t o, uint32_t extra)
{
    uint32_t n = mc_obj_at(e, o)->items.n, *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + extra + 1);
    mc_tick(e, 1 + n / 32);
    if (n) memcpy(v, mc_obj_at(e, o)->items.v, n * sizeof *v);
    return v;
}

bool mc_int_at(ev *e, const mc_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    return i >= a->n || (!mc_is_ref(e, a->v[i]) && ev_get_int(e, a->v[i], ret));
}

uint32_t mc_unsure(ev *e, const mc_on *m)
{
    mc_lose(e, m->o);
    for (uint32_t i = 0; i < m->a->n; i++) mc_escape(e, m->a->v[i]);
    *m->ret = e->mc->unknown;
    e->mc->may_throw = true;
    return R_NORMAL;
}

uint32_t mc_of_list(ev *e, const mc_args *a, uint32_t list, mc_method_fn fn, uint32_t *ret)
{
    mc_on m = {mc_ref_to(e, list), list, mc_obj_at(e, list)->items.n, a, ret};
    return fn(e, &m);
}

bool mc_given(const mc_args *a, uint32_t min, uint32_t max)
{
    for (uint32_t i = 0; a->names && i < a->n; i++)
        if (a->names[i]) return false;
    return a->n >= min && a->n <= max;
}

#define BIT(k) (1u << (k))
static const struct {
    const char *name;
    uint8_t lang; /* 1 Python, 2 JavaScript */
    uint32_t on;
    mc_method_fn fn;
} methods[] = {
    {"push", 2, BIT(MC_LIST), mc_do_push},
    {"append", 1, BIT(MC_LIST), mc_do_push},
    {"pop", 3, BIT(MC_LIST), mc_do_pop},
    {"shift", 2, BIT(MC_LIST), mc_do_shift},
    {"unshift", 2, BIT(MC_LIST), mc_do_unshift},
    {"splice", 2, BIT(MC_LIST), mc_do_splice},
    {"insert", 1, BIT(MC_LIST), mc_do_insert},
    {"extend", 1, BIT(MC_LIST) | BIT(MC_ITER), mc_do_extend},
    {"reverse", 3, BIT(MC_LIST), mc_do_reverse},
    {"clear", 1, BIT(MC_LIST) | BIT(MC_MAP) | BIT(MC_SET), mc_do_clear},
    {"clear", 2, BIT(MC_MAP) | BIT(MC_SET), mc_do_clear},
    {"remove", 1, BIT(MC_LIST), mc_do_remove},
    {"fill", 2, BIT(MC_LIST), mc_do_fill},
    {"copy", 1, BIT(MC_LIST) | BIT(MC_MAP), mc_do_copy},
    {"slice", 2, BIT(MC_LIST), mc_do_slice},
    {"concat", 2, BIT(MC_LIST), mc_do_concat},
    {"indexOf", 2, BIT(MC_LIST), mc_do_index_of},
    {"includes", 2, BIT(MC_LIST), mc_do_includes},
    {"index", 1, BIT(MC_LIST), mc_do_index_of},
    {"map", 2, BIT(MC_LIST), mc_do_map},
    {"filter", 2, BIT(MC_LIST), mc_do_filter},
    {"forEach", 2, BIT(MC_LIST), mc_do_for_each},
    {"some", 2, BIT(MC_LIST), mc_do_some},
    {"every", 2, BIT(MC_LIST), mc_do_every},
    {"find", 2, BIT(MC_LIST), mc_do_find},
    {"findIndex", 2, BIT(MC_LIST), mc_do_find_index},
    {"reduce", 2, BIT(MC_LIST), mc_do_reduce},
    {"sort", 2, BIT(MC_LIST), mc_do_sort},
    {"sort", 1, BIT(MC_LIST), mc_l_sort},
    {"discard", 1, BIT(MC_SET), mc_do_discard},
    {"remove", 1, BIT(MC_SET), mc_do_set_remove},
    {"update", 1, BIT(MC_SET), mc_do_set_update},
    {"union", 1, BIT(MC_SET), mc_do_union},
    {"intersection", 1, BIT(MC_SET), mc_do_intersection},
    {"difference", 1, BIT(MC_SET), mc_do_difference},
    {"appendleft", 1, BIT(MC_LIST), mc_do_append_left},
    {"popleft", 1, BIT(MC_LIST), mc_do_pop_left},
    {"rotate", 1, BIT(MC_LIST), mc_do_rotate},
    {"get", 3, BIT(MC_MAP), mc_do_get},
    {"set", 2, BIT(MC_MAP), mc_do_set},
    {"has", 2, BIT(MC_MAP), mc_do_has},
    {"setdefault", 1, BIT(MC_MAP), mc_do_set_default},
    {"pop", 1, BIT(MC_MAP), mc_do_map_pop},
    {"update", 1, BIT(MC_MAP), mc_do_update},
    {"keys", 1, BIT(MC_MAP), mc_do_keys},
    {"values", 1, BIT(MC_MAP), mc_do_values},
    {"items", 1, BIT(MC_MAP), mc_do_items},
    {"add", 3, BIT(MC_SET), mc_do_add},
    {"next", 2, BIT(MC_ITER), mc_do_next},
    {"at", 2, BIT(MC_LIST), mc_do_at},
    {"lastIndexOf", 2, BIT(MC_LIST), mc_do_last_index_of},
    {"findLast", 2, BIT(MC_LIST), mc_do_find_last},
    {"findLastIndex", 2, BIT(MC_LIST), mc_do_find_last_index},
    {"reduceRight", 2, BIT(MC_LIST), mc_do_reduce_right},
    {"join", 2, BIT(MC_LIST), mc_do_join},
    {"flat", 2, BIT(MC_LIST), mc_do_flat},
    {"flatMap", 2, BIT(MC_LIST), mc_do_flat_map},
    {"copyWithin", 2, BIT(MC_LIST), mc_do_copy_within},
    {"entries", 2, BIT(MC_LIST) | BIT(MC_MAP) | BIT(MC_SET), mc_do_js_entries},
    {"keys", 2, BIT(MC_LIST) | BIT(MC_MAP) | BIT(MC_SET), mc_do_js_keys},
    {"values", 2, BIT(MC_LIST) | BIT(MC_MAP) | BIT(MC_SET), mc_do_js_values},
    {"toSorted", 2, BIT(MC_LIST), mc_do_to_sorted},
    {"toReversed", 2, BIT(MC_LIST), mc_do_to_reversed},
    {"with", 2, BIT(MC_LIST), mc_do_with},
    {"subarray", 2, BIT(MC_LIST), mc_do_subarray},
    {"set", 2, BIT(MC_LIST), mc_do_set_bytes},
    {"delete", 2, BIT(MC_MAP) | BIT(MC_SET), mc_do_delete},
    {"has", 2, BIT(MC_SET), mc_do_set_has},
    {"forEach", 2, BIT(MC_MAP) | BIT(MC_SET), mc_do_each_entry},
    {"__next__", 1, BIT(MC_ITER) | BIT(MC_GEN) | BIT(MC_LAZY), mc_do_gen_next},
    {"next", 1, BIT(MC_GEN), mc_do_gen_next},
    {"send", 1, BIT(MC_GEN), mc_do_send},
};

uint32_t mc_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, self);
    if (o == TW_NONE) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    for (size_t i = 0; i < TW_COUNT(methods); i++) {
        bool fits = methods[i].lang & (e->js ? 2 : 1) && methods[i].on & BIT(x->kind) &&
                    tw_str_eq(name, tw_str_c(methods[i].name));
        if (!fits) continue;
        bool is_map = x->kind == MC_MAP && x->how & 1; /* get, set and has are Map's own */
        if (e->js && x->kind == MC_MAP && !is_map) return 0;
        if (e->js && x->kind == MC_LIST && x->env && mc_changes_list(name)) return 0; /* frozen */
        if (x->kind == MC_LIST && x->how == TW_SEQ_TUPLE && methods[i].fn != mc_do_index_of) return 0;
        mc_on m = {self, o, x->items.n, a, ret};
        *ret = e->mc->unknown;
        if (!mc_known(e, o)) return mc_unsure(e, &m);
        if (x->shared)
            for (uint32_t k = 0; k < a->n; k++) mc_escape(e, a->v[k]);
        bool whole =
            methods[i].fn == mc_do_copy || methods[i].fn == mc_do_has || methods[i].fn == mc_do_clear;
        if (whole && mc_obj_at(e, o)->flags & MCO_MAYBE) return mc_unsure(e, &m);
        uint32_t how = methods[i].fn(e, &m);
        return e->mc->lost ? R_STOP : how;
    }
    return 0;
}

static const struct {
    const char *name;
    uint8_t lang;
    mc_builtin_fn fn;
} builtins[] = {
    {"range", 1, mc_b_range},
    {"xrange", 1, mc_b_range},
    {"zip", 1, mc_l_zip},
    {"enumerate", 1, mc_l_enumerate},
    {"iter", 1, mc_l_iter},
    {"next", 1, mc_l_next},
    {"list", 1, mc_b_list},
    {"tuple", 1, mc_b_tuple},
    {"reversed", 1, mc_b_reversed},
    {"sorted", 1, mc_l_sorted},
    {"map", 1, mc_l_map},
    {"filter", 1, mc_l_filter},
    {"itertools.chain", 1, mc_l_chain},
    {"itertools.count", 1, mc_l_count},
    {"itertools.cycle", 1, mc_l_cycle},
    {"itertools.islice", 1, mc_l_islice},
    {"itertools.starmap", 1, mc_l_starmap},
    {"itertools.takewhile", 1, mc_l_takewhile},
    {"functools.reduce", 1, mc_b_reduce},
    {"reduce", 1, mc_b_reduce},
    {"len", 1, mc_b_len},
    {"sum", 1, mc_b_sum},
    {"max", 1, mc_l_max},
    {"min", 1, mc_l_min},
    {"dict", 1, mc_b_dict},
    {"collections.OrderedDict", 1, mc_b_dict},
    {"collections.defaultdict", 1, mc_l_defaultdict},
    {"collections.ChainMap", 1, mc_l_chain_map},
    {"super", 1, mc_l_super},
    {"BaseException.__init__", 1, mc_l_error_init},
    {"object.__init__", 1, mc_l_nothing},
    {"set", 1, mc_b_set},
    {"bytearray", 1, mc_b_bytearray},
    {"Object.keys", 2, mc_b_own_keys},
    {"Object.values", 2, mc_b_own_values},
    {"Object.entries", 2, mc_b_own_entries},
    {"Object.assign", 2, mc_b_assign},
    {"Array", 2, mc_b_array},
    {"Array.from", 2, mc_b_array_from},
    {"Uint8Array", 2, mc_b_u8},
    {"Buffer.alloc", 2, mc_b_octets},
    {"require", 2, mc_b_require},
    {"module.require", 2, mc_b_require},
    {"require.main.require", 2, mc_b_require},
    {"process.mainModule.require", 2, mc_b_require},
    {"module.constructor._load", 2, mc_b_require},
    {"module._load", 2, mc_b_require},
    {"module.Module._load", 2, mc_b_require},
    {"module.createRequire()", 2, mc_b_require},
    {"process.getBuiltinModule", 2, mc_b_require},
    {"parseInt", 2, mc_b_parse_int},
    {"Object.getOwnPropertyNames", 2, mc_b_own_names},
    {"Object.defineProperty", 2, mc_b_define},
    {"Object.defineProperties", 2, mc_b_define_all},
    {"Object.create", 2, mc_b_create},
    {"Object.getPrototypeOf", 2, mc_b_proto_of},
    {"Object.setPrototypeOf", 2, mc_b_set_proto_of},
    {"Object.freeze", 2, mc_b_freeze},
    {"Object.isFrozen", 2, mc_b_is_frozen},
    {"Object.fromEntries", 2, mc_b_from_entries},
    {"Object.hasOwn", 2, mc_b_has_own},
    {"Reflect.get", 2, mc_b_reflect_get},
    {"Reflect.set", 2, mc_b_reflect_set},
    {"Reflect.has", 2, mc_b_reflect_has},
    {"Reflect.ownKeys", 2, mc_b_own_names},
    {"Reflect.apply", 2, mc_b_reflect_apply},
    {"Reflect.construct", 2, mc_b_reflect_construct},
    {"Reflect.getPrototypeOf", 2, mc_b_proto_of},
    {"Reflect.defineProperty", 2, mc_b_define},
    {"Symbol", 2, mc_b_symbol},
    {"Symbol.for", 2, mc_b_symbol_for},
    {"Proxy", 2, mc_b_proxy},
    {"Function", 2, mc_b_function},
    {"Function.prototype.bind", 2, mc_b_bind_nothing},
};

uint32_t mc_builtin(ev *e, uint32_t sym, const mc_args *a, uint32_t *ret)
{
    uint16_t row = ev_known_of(e, sym)->builtin[e->js];
    if (!row) return 0;
    *ret = e->mc->unknown;
    uint32_t how = builtins[row - 1].fn(e, a, ret);
    return e->mc->lost ? R_STOP : how;
}

bool mc_builtin_symbol(uint32_t row, tw_str *ret, bool *ret_js)
{
    if (row >= TW_COUNT(builtins)) return false;
    *ret = tw_str_c(builtins[row].name), *ret_js = builtins[row].lang == 2;
    return true;
}
