/* SPDX-License-Identifier: Apache-2.0 */
/* Methods that the language calls: by the statement that makes a class, by making an instance and by using one. */
#include "engine/join/join_priv.h"

enum { BASES = 8 };

static void edges_to_methods(jn *j, jn_edges *e, uint32_t from, uint32_t cls, const tw_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t m = jn_method(j, cls, names[i]);
        if (m != TW_NONE) TW_PUSH(j->a, *e, ((jn_edge){from, m}));
    }
}

/* The class that an entry of a list of bases is (a metaclass stands among them); TW_NONE. */
static uint32_t base_of(jn *j, uint32_t cls, uint32_t i)
{
    uint32_t unit = j->func_unit[cls];
    const tw_rec_func *f = jn_func(j, cls);
    const tw_val *v = jn_val(j, unit, j->units[unit].r->lists[f->bases + i]);
    jn_ref ref = {0};
    if (v->kind == TW_VAL_FUNC) ref = (jn_ref){JN_FUNC, unit, v->a};
    if (v->kind == TW_VAL_SYMBOL) ref = jn_lookup(j, unit, v->a);
    uint32_t base = ref.kind == JN_FUNC ? j->units[ref.unit].func0 + ref.id : TW_NONE;
    return base != TW_NONE && jn_func(j, base)->kind == TW_REGION_CLASS ? base : TW_NONE;
}

/* A class of classes: `type` or one that is known to be stands at the top of its bases. */
static bool is_metaclass(jn *j, uint32_t cls)
{
    static const tw_str tops[] = {TW_SI("type"), TW_SI("abc.ABCMeta"), TW_SI("enum.EnumMeta"),
                                  TW_SI("enum.EnumType")};
    for (int depth = 0; depth < 8 && cls != TW_NONE; depth++) {
        const jn_unit *u = &j->units[j->func_unit[cls]];
        const tw_rec_func *f = jn_func(j, cls);
        uint32_t next = TW_NONE;
        for (uint32_t i = 0; i < f->n_bases && i < BASES; i++) {
            const tw_val *v = jn_val(j, j->func_unit[cls], u->r->lists[f->bases + i]);
            for (size_t k = 0; v->kind == TW_VAL_SYMBOL && k < TW_COUNT(tops); k++)
                if (tw_str_eq(tw_rec_str(u->r, v->a), tops[k])) return true;
            if (next == TW_NONE) next = base_of(j, cls, i);
        }
        cls = next;
    }
    return false;
}

/* What the statement `class X(Base)` runs. A metaclass's __new__ and __init__ run too, but libraries keep registries and
 * code of their own there: told when an instance is made. */
void jn_edges_of_class(jn *j, jn_edges *e, uint32_t cls)
{
    static const tw_str derived[] = {TW_SI("__init_subclass__")};
    for (uint32_t i = 0; i < jn_func(j, cls)->n_bases && i < BASES; i++) {
        uint32_t base = base_of(j, cls, i);
        if (base == TW_NONE) continue;
        edges_to_methods(j, e, cls, base, derived, TW_COUNT(derived));
    }
}

/* What making an instance runs, and what the language then calls of it without a call in the source: loops, `with`,
 * operators, texts. */
static void edges_of_instance(jn *j, jn_edges *e, uint32_t from, uint32_t cls)
{
    static const tw_str run[] = {TW_SI("__init__"),  TW_SI("constructor"),
                                 TW_SI("__new__"),   TW_SI("__post_init__"),
                                 TW_SI("__enter__"), TW_SI("__del__"),
                                 TW_SI("run")},
                        then[] = {TW_SI("__exit__"),    TW_SI("__iter__"),         TW_SI("__next__"),
                                  TW_SI("__getattr__"), TW_SI("__getattribute__"), TW_SI("__setattr__"),
                                  TW_SI("__getitem__"), TW_SI("__setitem__"),      TW_SI("__contains__"),
                                  TW_SI("__len__"),     TW_SI("__bool__"),         TW_SI("__hash__"),
                                  TW_SI("__eq__"),      TW_SI("__lt__"),           TW_SI("__str__"),
                                  TW_SI("__repr__"),    TW_SI("__format__"),       TW_SI("__set_name__"),
                                  TW_SI("__get__"),     TW_SI("__set__"),          TW_SI("__add__"),
                                  TW_SI("__radd__"),    TW_SI("__iadd__"),         TW_SI("__sub__"),
                                  TW_SI("__mul__"),     TW_SI("__truediv__"),      TW_SI("__mod__"),
                                  TW_SI("__or__"),      TW_SI("__ror__"),          TW_SI("__and__"),
                                  TW_SI("__xor__"),     TW_SI("__lshift__"),       TW_SI("__rshift__"),
                                  TW_SI("__matmul__"),  TW_SI("__pow__"),          TW_SI("__neg__"),
                                  TW_SI("__invert__"),  TW_SI("__int__"),          TW_SI("__index__"),
                                  TW_SI("__fspath__"),  TW_SI("__bytes__")},
                        call[] = {TW_SI("__call__")};
    edges_to_methods(j, e, from, cls, run, TW_COUNT(run));
    if (jn_is_js(j, j->func_unit[cls])) return;
    edges_to_methods(j, e, from, cls, then, TW_COUNT(then));
    for (uint32_t i = 0; i < jn_func(j, cls)->n_bases && i < BASES; i++) {
        uint32_t base = base_of(j, cls, i);
        if (base != TW_NONE && is_metaclass(j, base)) edges_to_methods(j, e, from, base, call, 1);
    }
}

/* Asked at every place that makes one: found out once for each class. */
void jn_edges_of_instance(jn *j, jn_edges *e, uint32_t from, uint32_t cls)
{
    if (!j->instance_of) j->instance_of = TW_NEWN(j->a, jn_run, j->n_funcs);
    jn_run *run = &j->instance_of[cls];
    if (!run->known) {
        uint32_t start = j->instance_edges.n;
        edges_of_instance(j, &j->instance_edges, 0, cls);
        *run = (jn_run){start, j->instance_edges.n - start, true};
    }
    for (uint32_t i = 0; i < run->n; i++)
        TW_PUSH(j->a, *e, ((jn_edge){from, j->instance_edges.v[run->start + i].to}));
}

/* ---- methods that stand for others ---- */

enum { OVERRIDES = 4, UP = 8 };

/* The method of that very class and name; TW_NONE. */
static uint32_t own_method(jn *j, uint32_t cls, tw_str name)
{
    uint32_t m = jn_method(j, cls, name);
    bool own = m != TW_NONE && j->func_unit[m] == j->func_unit[cls] &&
               jn_func(j, m)->parent + j->units[j->func_unit[cls]].func0 == cls;
    return own ? m : TW_NONE;
}

/* first[c], next[f]: the methods of class c of the unit, as local functions; 0 ends. */
static void overrides_of(jn *j, uint32_t cls, const uint32_t *first, const uint32_t *next_of, jn_edges *ret)
{
    const jn_unit *u = &j->units[j->func_unit[cls]];
    uint32_t base = cls;
    for (int up = 0; up < UP && base != TW_NONE; up++) {
        uint32_t next = TW_NONE;
        for (uint32_t i = 0; i < jn_func(j, base)->n_bases && i < BASES && next == TW_NONE; i++)
            next = base_of(j, base, i);
        base = next == cls ? TW_NONE : next;
        for (uint32_t f = base == TW_NONE ? 0 : first[cls - u->func0]; f && jn_spend(j, 1); f = next_of[f]) {
            tw_str name = tw_rec_str(u->r, u->r->funcs[f].name);
            if (!name.n || tw_str_starts(name, TW_S("__"))) continue;
            uint32_t m = own_method(j, base, name);
            if (m != TW_NONE) TW_PUSH(j->a, *ret, ((jn_edge){m, u->func0 + f}));
        }
    }
}

/* self.data() of a base runs the data() of what was made of it. */
void jn_find_overrides(jn *j)
{
    jn_edges all = {0};
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        if (jn_is_js(j, unit) || jn_is_command_language(u)) continue;
        uint32_t *first = TW_NEWN(j->a, uint32_t, (size_t)u->r->n_funcs + 1),
                 *next = TW_NEWN(j->a, uint32_t, (size_t)u->r->n_funcs + 1);
        for (uint32_t f = u->r->n_funcs; f-- > 1;) {
            uint32_t parent = u->r->funcs[f].parent;
            if (parent < f) next[f] = first[parent], first[parent] = f;
        }
        for (uint32_t f = 1; f < u->r->n_funcs; f++)
            if (u->r->funcs[f].kind == TW_REGION_CLASS && u->r->funcs[f].n_bases)
                overrides_of(j, u->func0 + f, first, next, &all);
    }
    if (!all.n) return;
    jn_csr csr = jn_csr_make(j->a, all.v, all.n, j->n_funcs);
    j->override0 = csr.start, j->overrides = csr.to;
}

/* Of a call that a method makes of one of its own class; more than a few say nothing. */
uint32_t jn_overrides(const jn *j, uint32_t caller, uint32_t method, uint32_t *ret, uint32_t max)
{
    const tw_rec_func *from = jn_func(j, caller), *to = jn_func(j, method);
    uint32_t n = j->override0 ? j->override0[method + 1] - j->override0[method] : 0;
    bool own =
        j->func_unit[caller] == j->func_unit[method] && from->parent == to->parent && from->parent != TW_NONE;
    if (!own || n > OVERRIDES || n > max) return 0;
    for (uint32_t i = 0; i < n; i++) ret[i] = j->overrides[j->override0[method] + i];
    return n;
}
