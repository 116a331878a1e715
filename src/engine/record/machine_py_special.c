/* SPDX-License-Identifier: Apache-2.0 */
/* Special methods of classes of this file: operators, truth, text. */
#include "engine/record/machine_py.h"

#include <stdio.h>

uint32_t mc_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n)
{
    uint32_t ret = e->mc->unknown, *args = TW_NEWN(e->tmp, uint32_t, n + 1);
    if (n) memcpy(args, v, n * sizeof *args);
    mc_args a = {args, NULL, n, false};
    uint32_t how = mc_apply(e, f, 0, &a, 0, &ret);
    if (how == R_NORMAL) return ret;
    if (how == R_THROW)
        e->mc->raised = true;
    else
        e->mc->may_throw = true;
    return e->mc->unknown;
}

uint32_t mc_special(ev *e, uint32_t object, const char *name, const uint32_t *v, uint32_t n)
{
    uint32_t o = mc_ref(e, object), args[4] = {object};
    if (e->js || o == TW_NONE || n > 3 || mc_obj_at(e, o)->kind != MC_INSTANCE ||
        mc_obj_at(e, o)->a == TW_NONE || mc_obj_at(e, mc_obj_at(e, o)->a)->kind != MC_CLASS)
        return 0;
    uint32_t f = mc_class_attr(e, mc_obj_at(e, o)->a, tw_str_c(name), 0);
    if (!f) return 0;
    if (n) memcpy(args + 1, v, n * sizeof *v);
    if (!mc_is_ref(e, f)) { /* who knows */
        mc_args a = {args, NULL, n + 1, false};
        mc_stranger(e, e->mc->unknown, 0, &a);
        return e->mc->unknown;
    }
    return mc_called(e, f, args, n + 1);
}

static const struct {
    const char *op, *name, *other; /* other: of the right operand */
} binary[] = {
    {"+", "add", "__radd__"},
    {"-", "sub", "__rsub__"},
    {"*", "mul", "__rmul__"},
    {"/", "truediv", "__rtruediv__"},
    {"//", "floordiv", "__rfloordiv__"},
    {"%", "mod", "__rmod__"},
    {"**", "pow", "__rpow__"},
    {"@", "matmul", "__rmatmul__"},
    {"<<", "lshift", "__rlshift__"},
    {">>", "rshift", "__rrshift__"},
    {"&", "and", "__rand__"},
    {"|", "or", "__ror__"},
    {"^", "xor", "__rxor__"},
    {"==", "eq", "__eq__"},
    {"!=", "ne", "__ne__"},
    {"<", "lt", "__gt__"},
    {">", "gt", "__lt__"},
    {"<=", "le", "__ge__"},
    {">=", "ge", "__le__"},
};

static bool is_instance(const ev *e, uint32_t v)
{
    return mc_is(e, v, MC_INSTANCE);
}

static uint32_t two(ev *e, tw_str op, uint32_t l, uint32_t r, bool in_place)
{
    char name[24];
    for (size_t i = 0; i < TW_COUNT(binary); i++) {
        if (!tw_str_eq(op, tw_str_c(binary[i].op))) continue;
        uint32_t v = 0;
        if (in_place && is_instance(e, l)) {
            snprintf(name, sizeof name, "__i%s__", binary[i].name);
            v = mc_special(e, l, name, &r, 1);
        }
        snprintf(name, sizeof name, "__%s__", binary[i].name);
        if (!v) v = mc_special(e, l, name, &r, 1);
        if (!v) v = mc_special(e, r, binary[i].other, &l, 1);
        if (!v && tw_str_eq(op, TW_S("!="))) {
            v = mc_special(e, l, "__eq__", &r, 1);
            int is = v ? mc_truth(e, v) : -1;
            if (v) v = is < 0 ? e->mc->unknown : is ? e->mc->no : e->mc->yes;
        }
        if (v && !mc_is_ref(e, v) && ev_at(e, v)->kind == TW_VAL_SYMBOL)
            return e->mc->unknown; /* NotImplemented */
        if (v) return v;
        bool eq = tw_str_eq(op, TW_S("==")), ne = tw_str_eq(op, TW_S("!="));
        if ((eq || ne) && (mc_is_ref(e, l) || ev_is_const(e, l)) && (mc_is_ref(e, r) || ev_is_const(e, r)))
            return (mc_ref(e, l) == mc_ref(e, r)) == eq ? e->mc->yes : e->mc->no;
        return 0;
    }
    return 0;
}

static uint32_t text_of_op(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    if (n == 1 && (tw_str_eq(op, TW_S("!r")) || tw_str_eq(op, TW_S("!s"))))
        return mc_text_of(e, v[0], op.p[1] == 'r');
    if (n != 2 || !tw_str_eq(op, TW_S(":"))) return 0;
    return mc_special(e, v[0], "__format__", v + 1, 1);
}

/* '%s' % object: where nothing but its text is asked for. */
static uint32_t percent(ev *e, const uint32_t *v)
{
    tw_str s;
    if (!is_instance(e, v[1]) || mc_is_ref(e, v[0]) || ev_at(e, v[0])->kind != TW_VAL_STR ||
        !ev_text(e, v[0], &s))
        return 0;
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '%' && s.p[i + 1] != 's' && s.p[i + 1] != '%') return 0;
    uint32_t text = mc_text_of(e, v[1], false), pair[2] = {v[0], text};
    return text ? mc_operate(e, TW_S("%"), pair, 2) : e->mc->unknown;
}

uint32_t mc_special_op(ev *e, tw_str op, const uint32_t *v, uint32_t n, bool in_place)
{
    bool any = false;
    uint32_t r = 0;
    if (e->js) return 0;
    for (uint32_t i = 0; i < n; i++) any = any || is_instance(e, v[i]);
    if (!any) return 0;
    if ((r = text_of_op(e, op, v, n))) return r;
    if (n == 1) {
        if (tw_str_eq(op, TW_S("-"))) return mc_special(e, v[0], "__neg__", NULL, 0);
        if (tw_str_eq(op, TW_S("~"))) return mc_special(e, v[0], "__invert__", NULL, 0);
        return tw_str_eq(op, TW_S("+")) ? mc_special(e, v[0], "__pos__", NULL, 0) : 0;
    }
    if (tw_str_eq(op, TW_S("in")) || tw_str_eq(op, TW_S("not in"))) {
        if (n == 2) r = mc_special(e, v[1], "__contains__", v, 1);
        int is = r ? mc_truth(e, r) : -1;
        return !r ? 0 : is < 0 ? e->mc->unknown : is == (op.n == 2) ? e->mc->yes : e->mc->no;
    }
    if (n == 2 && tw_str_eq(op, TW_S("%")) && (r = percent(e, v))) return r;
    uint32_t sum = v[0];
    for (uint32_t i = 1; i < n && sum && !e->mc->raised; i++) {
        uint32_t pair[2] = {sum, v[i]};
        sum = is_instance(e, sum) || is_instance(e, v[i]) ? two(e, op, sum, v[i], in_place)
                                                          : mc_operate(e, op, pair, 2);
    }
    return sum;
}

static uint32_t error_text(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v), args = mc_known(e, o) ? mc_get(e, o, mc_key_of(e, TW_S("args"))) : 0;
    if (!args || !mc_is(e, args, MC_LIST) || !mc_known(e, mc_ref(e, args))) return 0;
    const mc_obj *l = mc_obj_at(e, mc_ref(e, args));
    const mc_obj *x = mc_obj_at(e, o);
    bool key = x->a == TW_NONE && x->self && tw_str_eq(ev_sym(e, ev_at(e, x->self)->sym), TW_S("KeyError"));
    if (!l->items.n) return ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    return l->items.n == 1 ? mc_text_of(e, l->items.v[0], key) : 0;
}

uint32_t mc_text_of(ev *e, uint32_t v, bool repr)
{
    if (is_instance(e, v)) {
        uint32_t cls = mc_obj_at(e, mc_ref(e, v))->a;
        bool error = cls == TW_NONE ? mc_obj_at(e, mc_ref(e, v))->self != 0 : mc_is_error_class(e, cls);
        uint32_t s = repr ? 0 : mc_special(e, v, "__str__", NULL, 0);
        if (!s && error && !repr) return error_text(e, v);
        if (!s) s = mc_special(e, v, "__repr__", NULL, 0);
        return s && ev_is_const(e, s) && !mc_is_ref(e, s) ? s : 0;
    }
    if (mc_is_ref(e, v)) v = mc_freeze(e, v);
    if (!v || !ev_is_const(e, v)) return 0;
    return repr ? ev_repr_text(e, v, false) : ev_to_str(e, v);
}
