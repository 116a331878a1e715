/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of Python over objects of the machine: attributes by name, types, partial, small classes of the library. */
#include "engine/record/machine_py.h"

typedef uint32_t (*py_fn)(ev *e, const mc_args *a, uint32_t *ret); /* 0 not known here; else R_* */

static bool text_at(ev *e, const mc_args *a, uint32_t i, tw_str *ret)
{
    return i < a->n && !mc_is_ref(e, a->v[i]) && ev_is_const(e, a->v[i]) &&
           ev_at(e, a->v[i])->kind == TW_VAL_STR && ev_text(e, a->v[i], ret);
}

static uint32_t raised(ev *e)
{
    return e->mc->raised ? (e->mc->raised = false, R_THROW) : R_NORMAL;
}

static uint32_t get_attr(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str name;
    if (!mc_given(a, 2, 3) || !text_at(e, a, 1, &name)) return 0;
    if (!mc_is_ref(e, a->v[0])) {
        if (ev_at(e, a->v[0])->kind != TW_VAL_SYMBOL) return 0;
        *ret = mc_member(e, a->v[0], name, 0);
        return R_NORMAL;
    }
    *ret = mc_member(e, a->v[0], name, 0);
    if (a->n == 3 && e->mc->raised) e->mc->raised = false, *ret = a->v[2];
    return raised(e);
}

static uint32_t set_attr(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str name;
    if (!mc_given(a, 3, 3) || !mc_is_ref(e, a->v[0])) return 0;
    *ret = e->mc->none;
    if (!text_at(e, a, 1, &name)) {
        mc_lose(e, mc_ref(e, a->v[0]));
        return R_NORMAL;
    }
    mc_set_member(e, a->v[0], tw_arena_str(e->tmp, name), a->v[2]);
    return raised(e);
}

static uint32_t has_attr(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str name;
    if (!mc_given(a, 2, 2) || !text_at(e, a, 1, &name) || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    uint32_t v = mc_member(e, a->v[0], name, 0);
    bool no = e->mc->raised;
    e->mc->raised = false;
    *ret = no                                                       ? e->mc->no
           : mc_unknown(e, v) && ev_at(e, v)->kind != TW_VAL_SYMBOL ? e->mc->unknown
                                                                    : e->mc->yes;
    return R_NORMAL;
}

static uint32_t text(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    uint32_t v = mc_text_of(e, a->v[0], false);
    *ret = v ? v : e->mc->unknown;
    return raised(e);
}

static uint32_t repr(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    uint32_t v = mc_text_of(e, a->v[0], true);
    *ret = v ? v : e->mc->unknown;
    return raised(e);
}

static uint32_t number(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    bool bad = false;
    if (mc_given(a, 1, 1) && mc_is(e, a->v[0], MC_INSTANCE)) {
        uint32_t v = mc_special(e, a->v[0], "__int__", NULL, 0);
        return v ? (*ret = v, raised(e)) : 0;
    }
    if (!mc_given(a, 1, 1) || !text_at(e, a, 0, &s) || !s.n) return 0;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) return 0;
        bad = bad ||
              !((s.p[i] >= '0' && s.p[i] <= '9') || tw_str_chr(TW_S("_+- \t\n\r\f\v"), s.p[i]) != TW_NPOS);
    }
    if (!bad) return 0;
    mc_raise(e, "ValueError", 0);
    return raised(e);
}

static uint32_t truth(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is_ref(e, a->v[0])) return 0;
    int is = mc_truth(e, a->v[0]);
    *ret = is < 0 ? e->mc->unknown : is ? e->mc->yes : e->mc->no;
    return raised(e);
}

static int instance_of(ev *e, uint32_t v, uint32_t cls, bool of_class)
{
    uint32_t todo[16], n = 0;
    if (mc_is(e, cls, MC_LIST)) {
        int all = 0;
        for (uint32_t i = 0; i < mc_obj_at(e, mc_ref(e, cls))->items.n && i < 16; i++) {
            uint32_t one = mc_obj_at(e, mc_ref(e, cls))->items.v[i];
            int is = mc_is(e, one, MC_LIST) ? -1 : instance_of(e, v, one, of_class);
            if (is > 0) return 1;
            if (is < 0) all = -1;
        }
        return all;
    }
    if (!mc_is(e, cls, MC_CLASS)) return mc_is(e, v, MC_INSTANCE) ? mc_catches(e, v, cls) : -1;
    if (!mc_is_ref(e, v)) return ev_is_const(e, v) ? 0 : -1;
    const mc_obj *x = mc_obj_at(e, mc_ref(e, v));
    if (of_class ? x->kind != MC_CLASS : x->kind != MC_INSTANCE) return of_class ? -1 : 0;
    uint32_t first = of_class ? mc_ref(e, v) : x->a;
    if (first != TW_NONE) todo[n++] = first;
    for (uint32_t i = 0; i < n; i++) {
        if (todo[i] == mc_ref(e, cls)) return 1;
        for (uint32_t k = 0; k < mc_obj_at(e, todo[i])->items.n && n < TW_COUNT(todo); k++)
            if (mc_is(e, mc_obj_at(e, todo[i])->items.v[k], MC_CLASS))
                todo[n++] = mc_ref(e, mc_obj_at(e, todo[i])->items.v[k]);
    }
    return 0;
}

static uint32_t is_instance(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 2, 2)) return 0;
    int is = instance_of(e, a->v[0], a->v[1], false);
    if (is < 0) return 0;
    *ret = is ? e->mc->yes : e->mc->no;
    return R_NORMAL;
}

static uint32_t is_subclass(ev *e, const mc_args *a, uint32_t *ret)
{
    int is = mc_given(a, 2, 2) ? instance_of(e, a->v[0], a->v[1], true) : -1;
    if (is < 0) return 0;
    *ret = is ? e->mc->yes : e->mc->no;
    return R_NORMAL;
}

/* type(x) of an instance; type(name, bases, members) */
static uint32_t type(ev *e, const mc_args *a, uint32_t *ret)
{
    if (mc_given(a, 1, 1) && mc_is(e, a->v[0], MC_INSTANCE)) {
        const mc_obj *x = mc_obj_at(e, mc_ref(e, a->v[0]));
        if (x->a == TW_NONE ? !x->self : mc_obj_at(e, x->a)->kind != MC_CLASS) return 0;
        *ret = x->a == TW_NONE ? x->self : mc_ref_to(e, x->a);
        return R_NORMAL;
    }
    if (!mc_given(a, 3, 3) || !mc_is(e, a->v[1], MC_LIST) || !mc_is(e, a->v[2], MC_MAP)) return 0;
    uint32_t from = mc_ref(e, a->v[2]), bases = mc_ref(e, a->v[1]), o;
    if (!mc_known(e, from) || !mc_known(e, bases) || mc_obj_at(e, from)->flags & MCO_MAYBE) return 0;
    o = mc_new(e, MC_CLASS);
    mc_obj_at(e, o)->a = TW_NONE, mc_obj_at(e, o)->env = TW_NONE;
    for (uint32_t i = 0; i < mc_obj_at(e, bases)->items.n && mc_tick(e, 1); i++)
        mc_push(e, o, mc_obj_at(e, bases)->items.v[i]);
    for (uint32_t i = 0; i < mc_obj_at(e, from)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, from)->props.v[i];
        mc_put(e, o, p.key, p.name, p.val);
    }
    mc_put_named(e, o, TW_S("__name__"), a->v[0]);
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

static uint32_t variables(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    *ret = mc_member(e, a->v[0], TW_S("__dict__"), 0);
    return R_NORMAL;
}

static uint32_t partial(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!a->n || (a->names && a->names[0])) return 0;
    uint32_t b = mc_new(e, MC_BOUND);
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->names && a->names[i])
            mc_put(e, b, mc_key_of(e, tw_ir_text(e->ir, a->names[i])), ev_int(e, a->names[i]), a->v[i]);
        else
            mc_push(e, b, a->v[i]);
    }
    *ret = mc_ref_to(e, b);
    return R_NORMAL;
}

static uint32_t namespace(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_INSTANCE);
    mc_obj_at(e, o)->a = TW_NONE;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!a->names || !a->names[i]) return 0;
        mc_put_named(e, o, tw_ir_text(e->ir, a->names[i]), a->v[i]);
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

/* A decorator that leaves the function what it is; called with arguments it gives such a decorator. */
static uint32_t plain_decorator(ev *e, const mc_args *a, uint32_t *ret)
{
    bool direct = a->n == 1 && (!a->names || !a->names[0]) && mc_is_ref(e, a->v[0]);
    *ret = direct ? a->v[0] : ev_symbol(e, tw_intern(&e->syms, TW_S("functools.cache")));
    return R_NORMAL;
}

static uint32_t wraps(ev *e, const mc_args *a, uint32_t *ret)
{
    (void)a;
    *ret = ev_symbol(e, tw_intern(&e->syms, TW_S("functools.cache")));
    return R_NORMAL;
}

static uint32_t context(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is(e, a->v[0], MC_CLOSURE)) return 0;
    uint32_t b = mc_new(e, MC_BOUND);
    mc_obj_at(e, b)->how = MCB_CONTEXT;
    mc_push(e, b, a->v[0]);
    *ret = mc_ref_to(e, b);
    return R_NORMAL;
}

static uint32_t operators(ev *e, tw_str name, const mc_args *a, uint32_t *ret)
{
    static const char *const table[][2] = {
        {"add", "+"},     {"sub", "-"},     {"mul", "*"}, {"truediv", "/"}, {"floordiv", "//"},
        {"mod", "%"},     {"pow", "**"},    {"xor", "^"}, {"and_", "&"},    {"or_", "|"},
        {"lshift", "<<"}, {"rshift", ">>"}, {"eq", "=="}, {"ne", "!="},     {"lt", "<"},
        {"gt", ">"},      {"le", "<="},     {"ge", ">="}, {"concat", "+"},  {"matmul", "@"},
        {"neg", "-"},     {"invert", "~"},  {"inv", "~"}, {"not_", "not"}};
    if (tw_str_eq(name, TW_S("getitem")) && mc_given(a, 2, 2))
        return *ret = mc_index(e, a->v[0], a->v[1]), raised(e);
    if (tw_str_eq(name, TW_S("setitem")) && mc_given(a, 3, 3)) {
        mc_set_index(e, a->v[0], a->v[1], a->v[2]);
        return *ret = e->mc->none, raised(e);
    }
    if (tw_str_eq(name, TW_S("contains")) && mc_given(a, 2, 2)) {
        uint32_t v[2] = {a->v[1], a->v[0]};
        return *ret = mc_operate(e, TW_S("in"), v, 2), raised(e);
    }
    for (size_t i = 0; i < TW_COUNT(table); i++)
        if (tw_str_eq(name, tw_str_c(table[i][0])) && mc_given(a, i < 20 ? 2 : 1, i < 20 ? 2 : 1))
            return *ret = mc_operate(e, tw_str_c(table[i][1]), a->v, a->n), raised(e);
    return 0;
}

/* itemgetter(1), attrgetter('x'): a bound name, whose function is the symbol of their result. */
static uint32_t getter(ev *e, uint32_t sym, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1)) return 0;
    uint32_t b = mc_new(e, MC_BOUND);
    mc_push(e, b, ev_symbol(e, ev_sym_join(e, sym, "()", (tw_str){0})));
    mc_push(e, b, a->v[0]);
    *ret = mc_ref_to(e, b);
    return R_NORMAL;
}

static uint32_t got(ev *e, tw_str what, const mc_args *a, uint32_t *ret)
{
    tw_str name;
    if (!mc_given(a, 2, 2)) return 0;
    if (tw_str_eq(what, TW_S("operator.itemgetter()")))
        return *ret = mc_index(e, a->v[1], a->v[0]), raised(e);
    if (!text_at(e, a, 0, &name) || tw_str_chr(name, '.') != TW_NPOS) return 0;
    return *ret = mc_member(e, a->v[1], name, 0), raised(e);
}

static uint32_t sized(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 1) || !mc_is(e, a->v[0], MC_INSTANCE)) return 0;
    uint32_t v = mc_special(e, a->v[0], "__len__", NULL, 0);
    return v ? (*ret = v, raised(e)) : 0;
}

static uint32_t exhausted(ev *e, const mc_args *a, bool any, uint32_t *ret)
{
    uint32_t *v, n;
    if (!mc_given(a, 1, 1) || !mc_is_ref(e, a->v[0]) || !mc_take(e, a->v[0], &v, &n)) return 0;
    *ret = any ? e->mc->no : e->mc->yes;
    for (uint32_t i = 0; i < n; i++) {
        int is = mc_truth(e, v[i]);
        if (is < 0) return *ret = e->mc->unknown, R_NORMAL;
        if (is == any) return *ret = any ? e->mc->yes : e->mc->no, R_NORMAL;
    }
    return R_NORMAL;
}
static uint32_t any_of(ev *e, const mc_args *a, uint32_t *ret)
{
    return exhausted(e, a, true, ret);
}
static uint32_t all_of(ev *e, const mc_args *a, uint32_t *ret)
{
    return exhausted(e, a, false, ret);
}

/* itertools.accumulate(v), of a function too */
static uint32_t accumulate(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n, *out;
    if (!mc_given(a, 1, 2) || !mc_take(e, a->v[0], &v, &n)) return 0;
    bool own = a->n == 2 && ev_at(e, a->v[1])->kind != TW_VAL_NULL_;
    out = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        uint32_t pair[2] = {i ? out[i - 1] : 0, v[i]};
        out[i] = !i ? v[i] : own ? mc_called(e, a->v[1], pair, 2) : mc_operate(e, TW_S("+"), pair, 2);
        if (e->mc->raised) return raised(e);
        if (!out[i]) return 0;
    }
    *ret = mc_as_iter(e, out, n);
    return R_NORMAL;
}

/* __import__("a.b") is a, with a fromlist a.b; importlib.import_module("a.b") is a.b */
static uint32_t import_by(ev *e, const mc_args *a, bool whole, uint32_t *ret)
{
    tw_str name;
    uint32_t list = 0;
    for (uint32_t i = 1; i < a->n; i++) {
        tw_str by = a->names && a->names[i] ? tw_ir_text(e->ir, a->names[i]) : (tw_str){0};
        bool names = by.n ? tw_str_eq(by, TW_S("fromlist")) : i == 3;
        bool other = by.n && !tw_str_eq(by, TW_S("globals")) && !tw_str_eq(by, TW_S("locals"));
        if ((!names && (other || i > 3)) || whole) return 0;
        if (names) list = a->v[i];
    }
    if (!a->n || (a->names && a->names[0]) || !text_at(e, a, 0, &name) || !name.n || name.p[0] == '.')
        return 0;
    int any = list ? mc_truth(e, list) : 0;
    size_t dot = tw_str_chr(name, '.');
    if (any < 0) return 0;
    if (!whole && !any && dot != TW_NPOS) name = tw_str_sub(name, 0, dot);
    *ret = ev_symbol(e, tw_intern(&e->syms, name));
    e->mc->may_throw = true;
    return R_NORMAL;
}
static uint32_t import_of(ev *e, const mc_args *a, uint32_t *ret)
{
    return import_by(e, a, false, ret);
}
static uint32_t import_module(ev *e, const mc_args *a, uint32_t *ret)
{
    return import_by(e, a, true, ret);
}

static uint32_t queue(ev *e, const mc_args *a, uint32_t *ret)
{
    return mc_given(a, 0, 1) ? mc_b_list(e, a, ret) : 0;
}

static uint32_t object(ev *e, const mc_args *a, uint32_t *ret)
{
    return a->n ? 0 : namespace(e, a, ret);
}

static const struct {
    const char *name;
    py_fn fn;
} rows[] = {
    {"getattr", get_attr},
    {"setattr", set_attr},
    {"hasattr", has_attr},
    {"str", text},
    {"repr", repr},
    {"int", number},
    {"bool", truth},
    {"isinstance", is_instance},
    {"issubclass", is_subclass},
    {"type", type},
    {"vars", variables},
    {"len", sized},
    {"any", any_of},
    {"all", all_of},
    {"object", object},
    {"functools.partial", partial},
    {"types.SimpleNamespace", namespace},
    {"argparse.Namespace", namespace},
    {"functools.lru_cache", plain_decorator},
    {"functools.cache", plain_decorator},
    {"functools.wraps", wraps},
    {"typing.final", plain_decorator},
    {"abc.abstractmethod", plain_decorator},
    {"contextlib.contextmanager", context},
    {"collections.deque", queue},
    {"itertools.accumulate", accumulate},
    {"__import__", import_of},
    {"importlib.__import__", import_of},
    {"importlib.import_module", import_module},
};

uint32_t mc_py_apply(ev *e, uint32_t sym, const mc_args *a, uint32_t *ret)
{
    tw_str s = ev_sym(e, sym);
    uint32_t how = 0;
    if (e->js || a->loose) return 0;
    if (mc_is_error(s)) return *ret = mc_error(e, ev_symbol(e, sym), a), R_NORMAL;
    if (tw_str_starts(s, TW_S("operator."))) {
        if (tw_str_eq(s, TW_S("operator.itemgetter")) || tw_str_eq(s, TW_S("operator.attrgetter")))
            return getter(e, sym, a, ret);
        if (tw_str_starts(tw_str_sub(s, s.n - 2, s.n), TW_S("()"))) return got(e, s, a, ret);
        return operators(e, tw_str_sub(s, 9, s.n), a, ret);
    }
    for (size_t i = 0; i < TW_COUNT(rows) && !how; i++)
        if (tw_str_eq(s, tw_str_c(rows[i].name))) how = rows[i].fn(e, a, ret);
    return e->mc->lost ? R_STOP : how;
}
