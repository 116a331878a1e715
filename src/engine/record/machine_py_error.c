/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions of Python that the machine can be sure of. */
#include "engine/record/machine_py.h"

static const struct {
    const char *name, *base;
} errors[] = {
    {"BaseException", ""},
    {"Exception", "BaseException"},
    {"SystemExit", "BaseException"},
    {"KeyboardInterrupt", "BaseException"},
    {"GeneratorExit", "BaseException"},
    {"ArithmeticError", "Exception"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"OverflowError", "ArithmeticError"},
    {"AssertionError", "Exception"},
    {"AttributeError", "Exception"},
    {"ImportError", "Exception"},
    {"ModuleNotFoundError", "ImportError"},
    {"LookupError", "Exception"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"NameError", "Exception"},
    {"UnboundLocalError", "NameError"},
    {"OSError", "Exception"},
    {"IOError", "Exception"},
    {"RuntimeError", "Exception"},
    {"NotImplementedError", "RuntimeError"},
    {"RecursionError", "RuntimeError"},
    {"StopIteration", "Exception"},
    {"StopAsyncIteration", "Exception"},
    {"SyntaxError", "Exception"},
    {"TypeError", "Exception"},
    {"ValueError", "Exception"},
    {"UnicodeError", "ValueError"},
    {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"},
    {"Warning", "Exception"},
};

static tw_str base_of(tw_str name)
{
    for (size_t i = 0; i < TW_COUNT(errors); i++)
        if (tw_str_eq(name, tw_str_c(errors[i].name))) return tw_str_c(errors[i].base);
    return (tw_str){0};
}

bool mc_is_error(tw_str name)
{
    for (size_t i = 0; i < TW_COUNT(errors); i++)
        if (tw_str_eq(name, tw_str_c(errors[i].name))) return true;
    return false;
}

/* Of this file, made of an exception of the language. */
static tw_str builtin_base(ev *e, uint32_t cls)
{
    for (unsigned i = 0; i < 16; i++) {
        const mc_obj *c = mc_obj_at(e, cls);
        if (!c->items.n) return (tw_str){0};
        uint32_t base = c->items.v[0];
        if (!mc_is(e, base, MC_CLASS))
            return mc_is_ref(e, base) ? (tw_str){0} : ev_sym(e, ev_at(e, base)->sym);
        cls = mc_ref(e, base);
    }
    return (tw_str){0};
}

bool mc_is_error_class(ev *e, uint32_t cls)
{
    return !e->js && mc_is_error(builtin_base(e, cls));
}

/* An instance without a class of this file: what it is is its attribute "class". */
uint32_t mc_error(ev *e, uint32_t cls, const mc_args *a)
{
    uint32_t o = mc_new(e, MC_INSTANCE), self;
    mc_obj_at(e, o)->a = TW_NONE;
    mc_obj_at(e, o)->self = cls;
    self = mc_ref_to(e, o);
    mc_put_named(e, o, TW_S("args"), mc_list(e, a->v, a->n, TW_SEQ_TUPLE));
    return self;
}

uint32_t mc_raise(ev *e, const char *name, uint32_t arg)
{
    mc_args a = {&arg, NULL, arg ? 1 : 0, false};
    uint32_t cls = ev_symbol(e, tw_intern(&e->syms, tw_str_c(name)));
    e->mc->thrown = mc_error(e, cls, &a);
    e->mc->raised = true;
    return e->mc->unknown;
}

uint32_t mc_thrown_by(ev *e, uint32_t v)
{
    mc_args none = {0};
    uint32_t made;
    if (mc_is(e, v, MC_CLASS) && mc_is_error_class(e, mc_ref(e, v)))
        return mc_apply(e, v, 0, &none, 0, &made) == R_NORMAL ? made : e->mc->unknown;
    if (ev_at(e, v)->kind == TW_VAL_SYMBOL && mc_is_error(ev_sym(e, ev_at(e, v)->sym)))
        return mc_error(e, v, &none);
    return v;
}

static int is_a(ev *e, uint32_t thrown, tw_str name)
{
    const mc_obj *x = mc_obj_at(e, mc_ref(e, thrown));
    tw_str s =
        x->a == TW_NONE ? x->self ? ev_sym(e, ev_at(e, x->self)->sym) : (tw_str){0} : builtin_base(e, x->a);
    if (!mc_is_error(s)) return -1;
    for (; s.n; s = base_of(s))
        if (tw_str_eq(s, name)) return 1;
    return 0;
}

static int is_of(ev *e, uint32_t thrown, uint32_t cls)
{
    uint32_t at = mc_obj_at(e, mc_ref(e, thrown))->a, todo[16], n = 1;
    if (at == TW_NONE) return 0;
    todo[0] = at;
    for (uint32_t i = 0; i < n; i++) {
        if (todo[i] == cls) return 1;
        const mc_obj *c = mc_obj_at(e, todo[i]);
        for (uint32_t k = 0; k < c->items.n && n < TW_COUNT(todo); k++)
            if (mc_is(e, c->items.v[k], MC_CLASS)) todo[n++] = mc_ref(e, c->items.v[k]);
    }
    return 0;
}

int mc_catches(ev *e, uint32_t thrown, uint32_t type)
{
    if (!mc_is(e, thrown, MC_INSTANCE) || e->js) return -1;
    if (mc_is(e, type, MC_CLASS)) return is_of(e, thrown, mc_ref(e, type));
    if (mc_is(e, type, MC_LIST)) {
        int all = 0;
        for (uint32_t i = 0; i < mc_obj_at(e, mc_ref(e, type))->items.n; i++) {
            uint32_t one = mc_obj_at(e, mc_ref(e, type))->items.v[i];
            int is = mc_is(e, one, MC_LIST) ? -1 : mc_catches(e, thrown, one);
            if (is > 0) return 1;
            if (is < 0) all = -1;
        }
        return all;
    }
    if (mc_is_ref(e, type) || ev_at(e, type)->kind != TW_VAL_SYMBOL) return -1;
    tw_str name = ev_sym(e, ev_at(e, type)->sym);
    return mc_is_error(name) ? is_a(e, thrown, name) : -1;
}
