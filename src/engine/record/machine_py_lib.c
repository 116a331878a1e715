/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting by keys, sets, collections, super. */
#include "engine/record/machine_py.h"

static uint32_t raised(ev *e)
{
    return e->mc->raised ? (e->mc->raised = false, R_THROW) : R_NORMAL;
}

/* ---- order ---- */

typedef struct order { /* key=, reverse=, default= */
    uint32_t key, reverse, otherwise, n;
} order;

static bool order_of(ev *e, const mc_args *a, order *ret)
{
    *ret = (order){0};
    for (uint32_t i = 0; i < a->n; i++) {
        tw_str name = a->names && a->names[i] ? tw_ir_text(e->ir, a->names[i]) : (tw_str){0};
        if (!name.n)
            ret->n++;
        else if (tw_str_eq(name, TW_S("key")))
            ret->key = ev_at(e, a->v[i])->kind == TW_VAL_NULL_ ? 0 : a->v[i];
        else if (tw_str_eq(name, TW_S("reverse")))
            ret->reverse = a->v[i];
        else if (tw_str_eq(name, TW_S("default")))
            ret->otherwise = a->v[i];
        else
            return false;
    }
    return true;
}

static int less(ev *e, uint32_t x, uint32_t y)
{
    uint32_t pair[2] = {x, y}, r = mc_tick(e, 1) ? mc_operate(e, TW_S("<"), pair, 2) : 0;
    return r && !e->mc->raised ? mc_truth(e, r) : -1;
}

static uint32_t *keys_of(ev *e, const order *o, const uint32_t *v, uint32_t n)
{
    uint32_t *keys = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        keys[i] = o->key ? mc_called(e, o->key, v + i, 1) : v[i];
        if (e->mc->raised) return NULL;
    }
    return keys;
}

static void turn(uint32_t *v, uint32_t n)
{
    for (uint32_t i = 0; i + 1 < n - i; i++) {
        uint32_t t = v[i];
        v[i] = v[n - 1 - i], v[n - 1 - i] = t;
    }
}

/* Stable; backwards what is equal keeps its order too. */
static bool sort(ev *e, const order *o, uint32_t *v, uint32_t n)
{
    int back = o->reverse ? mc_truth(e, o->reverse) : 0;
    uint32_t *keys = back < 0 ? NULL : keys_of(e, o, v, n);
    if (!keys) return false;
    if (back) turn(v, n), turn(keys, n);
    for (uint32_t i = 1; i < n; i++) {
        uint32_t x = v[i], k = keys[i], lo = 0, hi = i;
        while (lo < hi) {
            uint32_t mid = (lo + hi) / 2;
            int is = less(e, k, keys[mid]);
            if (is < 0) return false;
            if (is)
                hi = mid;
            else
                lo = mid + 1;
        }
        if (!mc_tick(e, (i - lo) / 64)) return false;
        memmove(v + lo + 1, v + lo, (i - lo) * sizeof *v);
        memmove(keys + lo + 1, keys + lo, (i - lo) * sizeof *keys);
        v[lo] = x, keys[lo] = k;
    }
    if (back) turn(v, n);
    return true;
}

static bool taken(ev *e, uint32_t from, uint32_t **ret_v, uint32_t *ret_n)
{
    if (!mc_is(e, from, MC_SET)) return mc_take(e, from, ret_v, ret_n);
    if (!mc_known(e, mc_ref(e, from))) return false;
    *ret_v = mc_copy_items(e, mc_ref(e, from), 0), *ret_n = mc_obj_at(e, mc_ref(e, from))->items.n;
    return true;
}

uint32_t mc_l_sorted(ev *e, const mc_args *a, uint32_t *ret)
{
    order o;
    uint32_t *v, n;
    if (!order_of(e, a, &o) || o.n != 1 || !taken(e, a->v[0], &v, &n)) return 0;
    *ret = sort(e, &o, v, n) ? mc_list(e, v, n, TW_SEQ_LIST) : e->mc->unknown;
    return raised(e);
}

uint32_t mc_l_sort(ev *e, const mc_on *m)
{
    order o;
    if (!order_of(e, m->a, &o) || o.n) return mc_unsure(e, m);
    uint32_t *v = mc_copy_items(e, m->o, 0);
    if (!sort(e, &o, v, m->n)) return e->mc->raised || e->mc->lost ? raised(e) : mc_unsure(e, m);
    mc_set_items(e, m->o, v, m->n);
    *m->ret = e->mc->none;
    return R_NORMAL;
}

static uint32_t extreme(ev *e, const mc_args *a, bool most, uint32_t *ret)
{
    order o;
    uint32_t *v, n, best = 0;
    if (!order_of(e, a, &o) || !o.n || o.reverse) return 0;
    if (o.n == 1 && !taken(e, a->v[0], &v, &n)) return 0;
    if (o.n > 1) n = o.n, v = TW_NEWN(e->tmp, uint32_t, n), memcpy(v, a->v, n * sizeof *v);
    if (!n && o.otherwise) return *ret = o.otherwise, R_NORMAL;
    if (!n) return mc_raise(e, "ValueError", 0), raised(e);
    uint32_t *keys = keys_of(e, &o, v, n);
    for (uint32_t i = 1; keys && i < n; i++) {
        int is = most ? less(e, keys[best], keys[i]) : less(e, keys[i], keys[best]);
        if (is < 0) return raised(e);
        if (is) best = i;
    }
    if (keys) *ret = v[best];
    return raised(e);
}

uint32_t mc_l_max(ev *e, const mc_args *a, uint32_t *ret)
{
    return extreme(e, a, true, ret);
}
uint32_t mc_l_min(ev *e, const mc_args *a, uint32_t *ret)
{
    return extreme(e, a, false, ret);
}

/* ---- sets ---- */

static int place(ev *e, uint32_t set, uint32_t v, uint32_t *ret)
{
    bool same = false;
    for (*ret = 0; *ret < mc_obj_at(e, set)->items.n && mc_tick(e, 1); ++*ret) {
        if (!mc_same(e, mc_obj_at(e, set)->items.v[*ret], v, &same)) return -1;
        if (same) return 1;
    }
    return 0;
}

uint32_t mc_do_discard(ev *e, const mc_on *m)
{
    uint32_t at, *v;
    int is = m->a->n == 1 ? place(e, m->o, m->a->v[0], &at) : -1;
    if (is < 0) return mc_unsure(e, m);
    *m->ret = e->mc->none;
    if (!is) return R_NORMAL;
    v = mc_copy_items(e, m->o, 0);
    memmove(v + at, v + at + 1, (m->n - at - 1) * sizeof *v);
    mc_set_items(e, m->o, v, m->n - 1);
    return R_NORMAL;
}

uint32_t mc_do_set_remove(ev *e, const mc_on *m)
{
    uint32_t n = m->n, how = mc_do_discard(e, m);
    if (how != R_NORMAL || mc_obj_at(e, m->o)->items.n < n || !mc_known(e, m->o)) return how;
    mc_raise(e, "KeyError", m->a->v[0]);
    return raised(e);
}

uint32_t mc_do_set_update(ev *e, const mc_on *m)
{
    uint32_t *v, n;
    for (uint32_t k = 0; k < m->a->n; k++) {
        if (!taken(e, m->a->v[k], &v, &n)) return mc_unsure(e, m);
        for (uint32_t i = 0; i < n; i++) {
            mc_args one = {v + i, NULL, 1, false};
            mc_of_list(e, &one, m->o, mc_do_add, m->ret);
        }
    }
    *m->ret = e->mc->none;
    return R_NORMAL;
}

static uint32_t of_set(ev *e, const mc_on *m, const char *op)
{
    uint32_t *v, n, other;
    if (m->a->n != 1 || !taken(e, m->a->v[0], &v, &n)) return *m->ret = e->mc->unknown, R_NORMAL;
    other = mc_new(e, MC_SET);
    mc_obj_at(e, other)->how = TW_SEQ_SET;
    for (uint32_t i = 0; i < n; i++) {
        mc_args one = {v + i, NULL, 1, false};
        mc_of_list(e, &one, other, mc_do_add, m->ret);
    }
    uint32_t pair[2] = {m->self, mc_ref_to(e, other)};
    *m->ret = mc_operate(e, tw_str_c(op), pair, 2);
    return R_NORMAL;
}
uint32_t mc_do_union(ev *e, const mc_on *m)
{
    return of_set(e, m, "|");
}
uint32_t mc_do_intersection(ev *e, const mc_on *m)
{
    return of_set(e, m, "&");
}
uint32_t mc_do_difference(ev *e, const mc_on *m)
{
    return of_set(e, m, "-");
}

/* ---- deque ---- */

uint32_t mc_do_append_left(ev *e, const mc_on *m)
{
    uint32_t *v = mc_copy_items(e, m->o, 1);
    if (m->a->n != 1) return mc_unsure(e, m);
    memmove(v + 1, v, m->n * sizeof *v);
    v[0] = m->a->v[0];
    mc_set_items(e, m->o, v, m->n + 1);
    *m->ret = e->mc->none;
    return R_NORMAL;
}

uint32_t mc_do_pop_left(ev *e, const mc_on *m)
{
    if (m->a->n) return mc_unsure(e, m);
    if (!m->n) return mc_raise(e, "IndexError", e->mc->unknown), raised(e);
    *m->ret = mc_on_item(e, m, 0);
    mc_set_items(e, m->o, mc_copy_items(e, m->o, 0) + 1, m->n - 1);
    return R_NORMAL;
}

uint32_t mc_do_rotate(ev *e, const mc_on *m)
{
    int64_t by;
    if (!mc_int_at(e, m->a, 0, 1, &by)) return mc_unsure(e, m);
    *m->ret = e->mc->none;
    if (!m->n) return R_NORMAL;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, m->n);
    for (uint32_t i = 0; i < m->n; i++)
        v[(uint32_t)(((int64_t)i + by % m->n + m->n) % m->n)] = mc_on_item(e, m, i);
    mc_set_items(e, m->o, v, m->n);
    return R_NORMAL;
}

/* ---- maps that make their entries ---- */

uint32_t mc_l_defaultdict(ev *e, const mc_args *a, uint32_t *ret)
{
    mc_args rest = {a->n ? a->v + 1 : NULL, a->names && a->n ? a->names + 1 : NULL, a->n ? a->n - 1 : 0,
                    false};
    if (!a->n || (a->names && a->names[0])) return 0;
    uint32_t how = mc_b_dict(e, &rest, ret);
    if (how && mc_is_ref(e, *ret)) mc_obj_at(e, mc_ref(e, *ret))->self = a->v[0];
    return how;
}

/* What an entry is that is not there; 0 an error. */
uint32_t mc_made_entry(ev *e, uint32_t o, uint32_t key)
{
    uint32_t f = mc_obj_at(e, o)->self, k, v;
    if (!f || ev_at(e, f)->kind == TW_VAL_NULL_) return 0;
    tw_str s = ev_at(e, f)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, f)->sym) : (tw_str){0};
    if (tw_str_eq(s, TW_S("int")))
        v = ev_int(e, 0);
    else if (tw_str_eq(s, TW_S("str")))
        v = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    else
        v = mc_called(e, f, NULL, 0);
    if ((k = mc_key(e, key)) && !e->mc->raised) mc_put(e, o, k, key, v);
    return v;
}

/* Maps one behind the other: an object without a class, whose items they are. */
uint32_t mc_l_chain_map(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_INSTANCE);
    mc_obj_at(e, o)->a = TW_NONE;
    mc_obj_at(e, o)->self = ev_symbol(e, tw_intern(&e->syms, TW_S("collections.ChainMap")));
    for (uint32_t i = 0; i < a->n; i++) {
        if (!mc_is(e, a->v[i], MC_MAP) || (a->names && a->names[i])) return 0;
        mc_push(e, o, a->v[i]);
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

uint32_t mc_chained_entry(ev *e, uint32_t o, uint32_t key)
{
    const mc_obj *x = mc_obj_at(e, o);
    uint32_t k = mc_unknown(e, key) ? 0 : mc_key(e, key);
    if (x->a != TW_NONE || !x->self || !x->items.n ||
        !tw_str_eq(ev_sym(e, ev_at(e, x->self)->sym), TW_S("collections.ChainMap")))
        return 0;
    if (!k || !mc_known(e, o)) return e->mc->unknown;
    for (uint32_t i = 0; i < mc_obj_at(e, o)->items.n; i++) {
        uint32_t map = mc_ref(e, mc_obj_at(e, o)->items.v[i]), v;
        if (map == TW_NONE || !mc_known(e, map)) return e->mc->unknown;
        if ((v = mc_get(e, map, k))) return v;
    }
    return mc_raise(e, "KeyError", key);
}

/* ---- super() ---- */

static uint32_t class_in(ev *e, uint32_t cls, uint32_t scope)
{
    for (unsigned i = 0; i < 16 && cls != TW_NONE; i++) {
        const mc_obj *c = mc_obj_at(e, cls);
        if (c->kind != MC_CLASS || c->items.n > 1)
            return TW_NONE; /* of several bases the order is not ours */
        if (c->a == scope) return cls;
        cls = c->items.n && mc_is(e, c->items.v[0], MC_CLASS) ? mc_ref(e, c->items.v[0]) : TW_NONE;
    }
    return TW_NONE;
}

uint32_t mc_l_super(ev *e, const mc_args *a, uint32_t *ret)
{
    const mc_act *act = mc_top(e);
    uint32_t scope = e->ir->scopes.v[act->scope].parent, self = act->n ? act->v[0] : 0;
    if (a->n || !self || act->loose || e->ir->scopes.v[scope].kind != TW_REGION_CLASS) return 0;
    bool of_class = mc_is(e, self, MC_CLASS);
    if (!of_class && (!mc_is(e, self, MC_INSTANCE) || mc_obj_at(e, mc_ref(e, self))->a == TW_NONE)) return 0;
    uint32_t cls = class_in(e, of_class ? mc_ref(e, self) : mc_obj_at(e, mc_ref(e, self))->a, scope), b;
    if (cls == TW_NONE) return 0;
    b = mc_new(e, MC_BOUND);
    mc_obj_at(e, b)->how = MCB_SUPER, mc_obj_at(e, b)->a = cls;
    mc_push(e, b, self);
    *ret = mc_ref_to(e, b);
    return R_NORMAL;
}

static uint32_t bound_to(ev *e, uint32_t f, uint32_t self)
{
    uint32_t b = mc_new(e, MC_BOUND);
    mc_push(e, b, f);
    mc_push(e, b, self);
    return mc_ref_to(e, b);
}

uint32_t mc_super_attr(ev *e, uint32_t o, tw_str name)
{
    uint32_t self = mc_obj_at(e, o)->items.v[0], cls = mc_obj_at(e, o)->a, attr;
    const mc_obj *c = mc_obj_at(e, cls);
    uint32_t base = c->items.n ? c->items.v[0] : 0;
    if (base && mc_is(e, base, MC_CLASS)) {
        attr = mc_class_attr(e, mc_ref(e, base), name, 0);
        if (attr == e->mc->unknown) return attr;
        if (attr && mc_is(e, attr, MC_CLOSURE)) return bound_to(e, attr, self);
        if (attr) return mc_is(e, attr, MC_BOUND) ? e->mc->unknown : attr;
        cls = mc_ref(e, base);
    }
    bool init = tw_str_eq(name, TW_S("__init__")), plain = !base || mc_is_ref(e, base);
    if (init && mc_is_error_class(e, cls))
        return bound_to(e, ev_symbol(e, tw_intern(&e->syms, TW_S("BaseException.__init__"))), self);
    if (!plain) plain = tw_str_eq(ev_sym(e, ev_at(e, base)->sym), TW_S("object"));
    if (init && plain) return bound_to(e, ev_symbol(e, tw_intern(&e->syms, TW_S("object.__init__"))), self);
    return e->mc->unknown;
}

uint32_t mc_l_error_init(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!a->n || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    mc_put_named(e, mc_ref(e, a->v[0]), TW_S("args"), mc_list(e, a->v + 1, a->n - 1, TW_SEQ_TUPLE));
    *ret = e->mc->none;
    return R_NORMAL;
}
uint32_t mc_l_nothing(ev *e, const mc_args *a, uint32_t *ret)
{
    (void)a;
    *ret = e->mc->none;
    return R_NORMAL;
}
