/* SPDX-License-Identifier: Apache-2.0 */
/* Truth and operators of the machine. */
#include "engine/record/machine_py.h"

/* ---- truth, operators ---- */

/* Of an object of Python. */
static int truth_of(ev *e, uint32_t v)
{
    int64_t n;
    uint32_t r = mc_special(e, v, "__bool__", NULL, 0);
    if (r) return mc_is_ref(e, r) ? -1 : mc_truth(e, r);
    if ((r = mc_special(e, v, "__len__", NULL, 0))) return ev_get_int(e, r, &n) ? n != 0 : -1;
    return 1;
}

int mc_truth(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    double d;
    if (o != TW_NONE) {
        const mc_obj *x = mc_obj_at(e, o);
        if (e->js || x->kind == MC_CLOSURE || x->kind == MC_CLASS || x->kind == MC_BOUND) return 1;
        if (x->kind == MC_INSTANCE) return truth_of(e, v);
        if (x->kind == MC_GEN || x->kind == MC_LAZY) return 1;
        if (x->kind == MC_ITER || !mc_known(e, o) || x->flags & MCO_MAYBE) return -1;
        return x->kind == MC_MAP ? x->props.n != 0 : x->items.n != 0;
    }
    if (e->js && mc_js_truthy(e, v)) return 1;
    if (ev_at(e, v)->kind == TW_VAL_FLOAT && mc_double(e, v, &d)) return d == d ? d != 0 : !e->js;
    tw_str s;
    if (ev_at(e, v)->kind == EV_ROPE && !(ev_is_const(e, v) && ev_text(e, v, &s))) return -1;
    return ev_is_const(e, v) ? e->js ? ev_js_truth(e, v) : ev_truth(e, v) : -1;
}

static bool is_op(tw_str op, const char *what)
{
    return tw_str_eq(op, tw_str_c(what));
}

static uint32_t boolean(ev *e, bool b)
{
    return b ? e->mc->yes : e->mc->no;
}

/* x in o; -1 unknown */
static int holds(ev *e, uint32_t x, uint32_t o)
{
    uint32_t obj = mc_ref(e, o);
    tw_str s, t;
    bool same = false;
    if (obj == TW_NONE) {
        bool texts =
            !e->js && ev_is_const(e, x) && ev_is_const(e, o) && ev_at(e, x)->kind == ev_at(e, o)->kind;
        return texts && ev_text(e, o, &s) && ev_text(e, x, &t) ? tw_str_find(s, t) != TW_NPOS : -1;
    }
    if (!mc_known(e, obj)) return -1;
    const mc_obj *l = mc_obj_at(e, obj);
    if (l->kind == MC_MAP || l->kind == MC_CLOSURE) {
        uint32_t key = mc_key(e, x);
        uint32_t there = key ? mc_get(e, obj, key) : 0;
        return !key || l->kind == MC_CLOSURE || (there == e->mc->unknown && l->flags & MCO_MAYBE)
                   ? -1
                   : there != 0;
    }
    if (e->js || (l->kind != MC_LIST && l->kind != MC_SET)) return -1;
    for (uint32_t i = 0; i < mc_obj_at(e, obj)->items.n && mc_tick(e, 1); i++) {
        if (!mc_same(e, x, mc_obj_at(e, obj)->items.v[i], &same)) return -1;
        if (same) return 1;
    }
    return 0;
}

static int js_holds(ev *e, uint32_t x, uint32_t o)
{
    int64_t i;
    uint32_t obj = mc_ref(e, o);
    if (obj == TW_NONE) return -1;
    uint32_t key = mc_obj_at(e, obj)->kind == MC_LIST && !mc_unknown(e, x) ? mc_list_key(e, x) : x;
    if (mc_obj_at(e, obj)->kind == MC_LIST && !mc_is_ref(e, key) && ev_at(e, key)->kind == TW_VAL_INT &&
        ev_get_int(e, key, &i))
        return !mc_known(e, obj) ? -1
                                 : i >= 0 && i < mc_obj_at(e, obj)->items.n && mc_obj_at(e, obj)->items.v[i];
    return mc_has(e, o, x);
}

static uint32_t type_name(ev *e, uint32_t v)
{
    uint8_t kind = mc_obj_at(e, mc_ref(e, v))->kind;
    uint16_t how = mc_obj_at(e, mc_ref(e, v))->how;
    bool f =
        kind == MC_CLOSURE || kind == MC_CLASS || (kind == MC_BOUND && (how < MC_SUPER || how == MC_CODE));
    if (e->js && kind == MC_BOUND && how == MC_SYMBOL)
        return ev_text_val(e, TW_VAL_STR, TW_S("symbol"), EV_FOLDED, 0);
    if (e->js && kind == MC_BOUND && how == MC_PROXY) {
        uint32_t of = mc_obj_at(e, mc_ref(e, v))->items.v[0];
        if (!mc_is_ref(e, of) || mc_is(e, of, MC_BOUND)) return e->mc->unknown;
        f = mc_is(e, of, MC_CLOSURE) || mc_is(e, of, MC_CLASS);
    }
    return ev_text_val(e, TW_VAL_STR, f ? TW_S("function") : TW_S("object"), EV_FOLDED, 0);
}

static uint32_t special(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    bool same = false;
    int is;
    if (n == 1 && (is_op(op, "!") || is_op(op, "not"))) {
        is = mc_truth(e, v[0]);
        return is < 0 ? e->mc->unknown : boolean(e, !is);
    }
    if (n == 1 && is_op(op, "typeof") && mc_is_ref(e, v[0])) return type_name(e, v[0]);
    if (n == 1 && is_op(op, "void")) return e->mc->undefined;
    if (n == 1 && e->js && is_op(op, "keys")) {
        return mc_js_keys_in(e, v[0]);
    }
    if (n != 2) return 0;
    if (e->js && is_op(op, "instanceof")) {
        is = mc_js_instanceof(e, v[0], v[1]);
        return is < 0 ? e->mc->unknown : boolean(e, is);
    }
    if (is_op(op, "in") || is_op(op, "not in")) {
        is = e->js ? js_holds(e, v[0], v[1]) : holds(e, v[0], v[1]);
        return is < 0 ? e->mc->unknown : boolean(e, is == (op.n == 2));
    }
    bool eq = is_op(op, "===") || is_op(op, "is"), ne = is_op(op, "!==") || is_op(op, "is not");
    bool ref = mc_is_ref(e, v[0]) || mc_is_ref(e, v[1]);
    bool loose = ref && e->js && mc_is_ref(e, v[0]) && mc_is_ref(e, v[1]);
    bool null = e->js && (ev_at(e, v[0])->kind == TW_VAL_NULL_ || ev_at(e, v[1])->kind == TW_VAL_NULL_);
    if (!e->js && !ref && (eq || ne) && ev_at(e, v[1])->kind != TW_VAL_NULL_ && !ref) return e->mc->unknown;
    if (loose || (ref && null)) eq |= is_op(op, "=="), ne |= is_op(op, "!=");
    if (!e->js && ref && (is_op(op, "==") || is_op(op, "!="))) eq = op.p[0] == '=', ne = !eq;
    if (eq || ne) return mc_same(e, v[0], v[1], &same) ? boolean(e, same == eq) : e->mc->unknown;
    return 0;
}

/* l += m changes the list itself. */
uint32_t mc_in_place(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    uint32_t l = n == 2 ? mc_ref(e, v[0]) : TW_NONE, list, r = mc_special_op(e, op, v, n, true);
    if (r || e->mc->raised) return r ? r : e->mc->unknown;
    if (e->js || l == TW_NONE || !is_op(op, "+") || mc_obj_at(e, l)->kind != MC_LIST ||
        mc_obj_at(e, l)->how == TW_SEQ_TUPLE)
        return 0;
    if (!mc_known(e, l) || !mc_iterate(e, v[1], &list)) {
        mc_lose(e, l);
        return v[0];
    }
    uint32_t count = mc_obj_at(e, list)->items.n;
    for (uint32_t i = 0; i < count && mc_tick(e, 1); i++) mc_push(e, l, mc_obj_at(e, list)->items.v[i]);
    return v[0];
}

/* A list that holds what has an identity: a copy made of its contents would hold others. */
bool mc_nested(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    const mc_obj *x = o == TW_NONE ? NULL : mc_obj_at(e, o);
    for (uint32_t i = 0; x && i < x->items.n; i++)
        if (mc_is_ref(e, x->items.v[i])) return true;
    for (uint32_t i = 0; x && i < x->props.n; i++)
        if (mc_is_ref(e, x->props.v[i].val)) return true;
    return false;
}

/* Operators give constants for constants; anything else is unknown. */
uint32_t mc_operate(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    uint32_t frozen[8], r = e->js ? mc_js_fast(e, op, v, n) : mc_special_op(e, op, v, n, false),
                        base = e->stack.n;
    if (r || e->mc->raised) return r ? r : e->mc->unknown;
    if ((r = special(e, op, v, n))) return r;
    if ((r = mc_py_sure(e, op, v, n))) return r;
    bool fine = n > 0;
    for (uint32_t i = 0; i < n && fine; i++) {
        uint32_t x = e->js && mc_is_ref(e, v[i]) ? mc_primitive(e, v[i], false) : v[i];
        if (mc_is_ref(e, x)) x = mc_freeze(e, x);
        fine = x && (ev_is_const(e, x) || (n == 1 && e->js && ev_at(e, x)->kind == TW_VAL_FUNC));
        if (n <= TW_COUNT(frozen))
            frozen[i] = x;
        else
            TW_PUSH(e->tmp, e->stack, x);
    }
    uint32_t copy_n = e->stack.n - base, *items = frozen;
    if (n > TW_COUNT(frozen)) {
        items = TW_NEWN(e->tmp, uint32_t, n);
        memcpy(items, e->stack.v + base, copy_n * sizeof *items);
        e->stack.n = base;
    }
    if (fine) r = ev_op(e, op, items, n);
    if (fine && e->js && (!r || !ev_is_const(e, r))) r = mc_js_arith(e, op, items, n);
    bool list = r && (ev_at(e, r)->kind == TW_VAL_SEQ || ev_at(e, r)->kind == TW_VAL_MAP);
    for (uint32_t i = 0; list && i < n; i++)
        if (mc_nested(e, v[i])) r = 0, list = false;
    if (!r || !ev_is_const(e, r)) {
        e->mc->may_throw = true;
        return e->mc->unknown;
    }
    return mc_thaw(e, r, e->js);
}
