/* SPDX-License-Identifier: Apache-2.0 */
/* Members and items of the machine's objects. */
#include "engine/record/machine_py.h"

enum { MAX_BASES = 16 };

/* Of a class of this file or one it is made of; 0 not there, m->unknown where that is not sure. */
uint32_t mc_class_attr(ev *e, uint32_t obj, tw_str name, uint32_t id)
{
    uint32_t todo[MAX_BASES], n = 1;
    bool sure = true;
    todo[0] = obj;
    if (!id) id = tw_intern_find(&e->ir->strings, name);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        const mc_obj *c = mc_obj_at(e, todo[i]);
        uint32_t v = mc_get(e, todo[i], mc_key_of(e, name)), var;
        if (!mc_known(e, todo[i])) return e->mc->unknown;
        if (v) return v;
        var = id && c->a != TW_NONE ? ev_find_var(e, id, c->a) : TW_NONE;
        v = var == TW_NONE ? 0 : mc_cell_get(e, e->mc->envs.v[c->env].cells + e->mc->slot_of[var]);
        if (v) return sure ? v : e->mc->unknown;
        for (uint32_t k = 0; k < mc_obj_at(e, todo[i])->items.n; k++) {
            uint32_t base = mc_obj_at(e, todo[i])->items.v[k];
            tw_str s = ev_sym(e, ev_at(e, base)->sym);
            bool object =
                tw_str_eq(s, TW_S("object")) || tw_str_eq(s, TW_S("abc.ABC")) || (!e->js && mc_is_error(s));
            if (mc_is(e, base, MC_CLASS) && n < MAX_BASES)
                todo[n++] = mc_ref(e, base);
            else if (!object)
                sure = false;
        }
    }
    return sure ? 0 : e->mc->unknown;
}

static uint32_t bound(ev *e, uint32_t f, uint32_t self)
{
    uint32_t b = mc_new(e, MC_BOUND);
    mc_push(e, b, f);
    mc_push(e, b, self);
    return mc_ref_to(e, b);
}

/* What a class has under a name, as seen from an instance (or from the class itself). */
static uint32_t seen_from(ev *e, uint32_t attr, uint32_t self, bool instance)
{
    uint32_t o = mc_ref(e, attr), ret = e->mc->unknown;
    if (o == TW_NONE) return attr;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_BOUND && x->how == 1) return x->items.v[0];
    if (x->kind == MC_BOUND && x->how == 2)
        return bound(e, x->items.v[0], instance ? mc_ref_to(e, mc_obj_at(e, mc_ref(e, self))->a) : self);
    if (x->kind == MC_BOUND && x->how == 3 && instance) {
        mc_args a = {NULL, NULL, 0, false};
        return mc_apply(e, bound(e, x->items.v[0], self), 0, &a, 0, &ret) == R_NORMAL ? ret : e->mc->unknown;
    }
    if (x->kind == MC_INSTANCE && x->a != TW_NONE && mc_obj_at(e, x->a)->kind == MC_CLASS &&
        mc_class_attr(e, x->a, TW_S("__get__"), 0)) {
        uint32_t cls = instance ? mc_ref_to(e, mc_obj_at(e, mc_ref(e, self))->a) : self;
        uint32_t v[2] = {instance ? self : e->mc->none, cls};
        ret = mc_special(e, attr, "__get__", v, 2);
        return ret ? ret : e->mc->unknown;
    }
    return x->kind == MC_CLOSURE && instance ? bound(e, attr, self) : attr;
}

/* Python: an attribute that neither the object nor its class has. */
static uint32_t missing(ev *e, uint32_t base, tw_str name)
{
    uint32_t text = ev_text_val(e, TW_VAL_STR, tw_arena_str(e->tmp, name), 0, 0),
             v = mc_special(e, base, "__getattr__", &text, 1);
    if (v) return v;
    bool ours = name.n > 1 && name.p[0] == '_' && name.p[1] == '_';
    uint32_t cls = mc_obj_at(e, mc_ref(e, base))->a;
    if (ours || mc_is_error_class(e, cls)) return e->mc->unknown; /* object's and the exceptions' own */
    return mc_raise(e, "AttributeError", 0);
}

/* A property of its class that is set. */
static bool set_by_property(ev *e, uint32_t base, tw_str name, uint32_t v)
{
    const mc_obj *x = mc_obj_at(e, mc_ref(e, base));
    if (e->js || x->kind != MC_INSTANCE || x->a == TW_NONE || mc_obj_at(e, x->a)->kind != MC_CLASS || !v)
        return false;
    uint32_t text = ev_text_val(e, TW_VAL_STR, tw_arena_str(e->tmp, name), 0, 0), pair[2] = {text, v};
    if (mc_class_attr(e, x->a, TW_S("__setattr__"), 0)) {
        mc_special(e, base, "__setattr__", pair, 2);
        return true;
    }
    uint32_t attr = mc_class_attr(e, x->a, name, 0);
    if (!attr || !mc_is(e, attr, MC_BOUND) || mc_obj_at(e, mc_ref(e, attr))->how != MCB_PROPERTY)
        return false;
    const mc_obj *p = mc_obj_at(e, mc_ref(e, attr));
    uint32_t both[2] = {base, v};
    if (p->items.n > 1)
        mc_called(e, p->items.v[1], both, 2);
    else
        mc_raise(e, "AttributeError", 0);
    return true;
}

static uint32_t of_instance(ev *e, uint32_t base, uint32_t o, tw_str name, uint32_t id)
{
    uint32_t v = mc_known(e, o) ? mc_get(e, o, mc_key_of(e, name)) : e->mc->unknown, cls = mc_obj_at(e, o)->a;
    if (v && v != e->mc->unknown) return v;
    bool lost = v != 0;
    if (cls == TW_NONE)
        return lost ? v : mc_obj_at(e, o)->self ? e->mc->unknown : mc_raise(e, "AttributeError", 0);
    v = mc_class_attr(e, cls, name, id);
    if (!v && !lost) return missing(e, base, name);
    if (!v) return e->mc->unknown;
    bool method =
        mc_is(e, v, MC_CLOSURE); /* changed behind our back at most where something is set by name */
    return lost && !method ? e->mc->unknown : seen_from(e, v, base, true);
}

static uint32_t of_object(ev *e, uint32_t base, tw_str name, uint32_t id)
{
    uint32_t o = mc_ref(e, base), v;
    uint8_t kind = mc_obj_at(e, o)->kind;
    if (e->js) return mc_js_member(e, base, name);
    if ((v = mc_py_attr(e, base, name, id))) return v;
    if (kind == MC_INSTANCE) return of_instance(e, base, o, name, id);
    v = kind == MC_CLASS ? mc_class_attr(e, o, name, id) : 0;
    return v ? seen_from(e, v, base, false) : e->mc->unknown;
}

static bool is_global(tw_str s)
{
    return tw_str_eq(s, TW_S("globalThis")) || tw_str_eq(s, TW_S("global")) || tw_str_eq(s, TW_S("window")) ||
           tw_str_eq(s, TW_S("self"));
}

uint32_t mc_member(ev *e, uint32_t base, tw_str name, uint32_t id)
{
    const ev_val *x = ev_at(e, base);
    if (x->kind == EV_REF) return of_object(e, base, name, id);
    if (x->kind == TW_VAL_SYMBOL) {
        if (e->js && tw_str_eq(name, TW_S("name")) && mc_error_proto(e, ev_sym(e, x->sym)))
            return ev_folded(e, TW_VAL_STR, ev_sym(e, ev_at(e, base)->sym), 0);
        if (e->js && is_global(ev_sym(e, x->sym))) {
            uint32_t s = id ? id : tw_intern_find(&e->ir->strings, name);
            bool ours = s && ev_find_var(e, s, 0) != TW_NONE;
            return ours ? e->mc->unknown : ev_symbol(e, tw_intern(&e->syms, name));
        }
        uint32_t v = id ? ev_member(e, base, id) : ev_named_member(e, base, name);
        return ev_at(e, v)->kind == TW_VAL_SYMBOL ? v : e->mc->unknown;
    }
    if (!ev_is_const(e, base)) {
        e->mc->may_throw = true;
        return e->mc->unknown;
    }
    if (e->js && x->kind == TW_VAL_NULL_) return mc_raise_kind(e, TW_S("TypeError")), e->mc->unknown;
    if (!e->js && x->kind == TW_VAL_NULL_ && !tw_str_starts(name, TW_S("__")))
        return mc_raise(e, "AttributeError", 0);
    uint32_t v = e->js ? mc_js_of_constant(e, base, name) : 0;
    if (v) return v;
    v = e->js ? ev_js_member(e, base, name) : 0;
    if (!v && tw_str_eq(name, TW_S("length"))) v = mc_text_length(e, base);
    if (v && ev_is_const(e, v)) return v;
    return e->js ? mc_js_language_member(e, base, name) : e->mc->unknown;
}

/* ---- items ---- */

static bool position(ev *e, uint32_t key, uint32_t n, int64_t *ret)
{
    if (!ev_get_int(e, key, ret) || (e->js && ev_at(e, key)->kind != TW_VAL_INT)) return false;
    if (!e->js && *ret < 0) *ret += n;
    return true;
}

static bool digits(tw_str s)
{
    bool fine = s.n && s.n < 10 && (s.n == 1 || s.p[0] != '0');
    for (size_t i = 0; fine && i < s.n; i++) fine = s.p[i] >= '0' && s.p[i] <= '9';
    return fine;
}

/* "12" is 12 for a list of JavaScript. */
uint32_t mc_list_key(ev *e, uint32_t key)
{
    tw_str s;
    int64_t n;
    if (!e->js || mc_is_ref(e, key) || ev_at(e, key)->kind != TW_VAL_STR || !ev_text(e, key, &s) ||
        !digits(s))
        return key;
    return ev_parse_int(s, 10, &n) ? ev_int(e, n) : key;
}

static uint32_t of_list(ev *e, uint32_t base, uint32_t o, uint32_t key)
{
    int64_t i;
    if (!mc_known(e, o) || mc_unknown(e, key)) {
        bool text = mc_known(e, o) || !ev_is_const(e, key);
        (void)text;
        return e->mc->unknown;
    }
    const mc_obj *x = mc_obj_at(e, o);
    if (position(e, key, x->items.n, &i)) {
        if (i >= 0 && i < x->items.n) return x->items.v[i];
        return mc_raise(e, "IndexError", 0);
    }
    if (!mc_is_ref(e, key)) return e->mc->unknown;
    if (!mc_is(e, key, MC_LIST) || mc_obj_at(e, mc_ref(e, key))->how != TW_SEQ_SLICE) return e->mc->unknown;
    uint32_t list = mc_freeze(e, base), slice = mc_freeze(e, key);
    uint32_t v = list && slice ? ev_slice(e, list, slice) : 0;
    return v ? mc_thaw(e, v, mc_obj_at(e, o)->how == MC_BYTES) : e->mc->unknown;
}

/* ---- globals()["x"] ---- */

static bool is_module(const ev *e, uint32_t base)
{
    tw_str s = ev_at(e, base)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, base)->sym) : (tw_str){0};
    bool here = e->mc->acts.n == 1 && (tw_str_eq(s, TW_S("vars()")) || tw_str_eq(s, TW_S("locals()")));
    return !e->js && (here || tw_str_eq(s, TW_S("globals()")));
}

static uint32_t module_cell(ev *e, uint32_t key)
{
    mc_machine *m = e->mc;
    tw_str s;
    bool text = !mc_is_ref(e, key) && ev_is_const(e, key) && ev_text(e, key, &s);
    uint32_t name = text ? tw_intern_find(&e->ir->strings, s) : 0,
             var = name ? ev_find_var(e, name, 0) : TW_NONE;
    if (var == TW_NONE) return TW_NONE;
    uint32_t cell = m->envs.v[m->module_env].cells + m->slot_of[var];
    if (m->cells.v[cell].fwd) cell = m->cells.v[cell].fwd;
    m->cells.v[cell].var = var;
    return cell;
}

static uint32_t of_module(ev *e, uint32_t key)
{
    uint32_t cell = e->mc->general ? TW_NONE : module_cell(e, key),
             v = cell == TW_NONE ? 0 : mc_cell_get(e, cell);
    if (v) return v;
    e->mc->may_throw = true;
    return e->mc->unknown;
}

/* What a function puts there is not known: nobody has looked for such writers. */
static void set_in_module(ev *e, uint32_t key, uint32_t v)
{
    mc_machine *m = e->mc;
    bool known = !mc_is_ref(e, key) && ev_is_const(e, key), sure = m->acts.n == 1 && !m->general;
    uint32_t cell = known ? module_cell(e, key) : TW_NONE, first = m->envs.v[m->module_env].cells;
    uint32_t n = known ? 0 : m->n_slots[0];
    if (v && (!known || !sure || cell == TW_NONE)) mc_escape(e, v);
    if (cell != TW_NONE) mc_cell_set(e, cell, sure && v ? v : m->unknown);
    if (cell != TW_NONE && !sure) m->cells.v[cell].shared = MC_VOLATILE;
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        uint32_t c = m->cells.v[first + i].fwd ? m->cells.v[first + i].fwd : first + i;
        mc_cell_set(e, c, m->unknown);
        if (!sure) m->cells.v[c].shared = MC_VOLATILE;
    }
}

uint32_t mc_index(ev *e, uint32_t base, uint32_t key)
{
    uint32_t o = mc_ref(e, base), k, v;
    tw_str s;
    int64_t i;
    if (o == TW_NONE && is_module(e, base)) return of_module(e, key);
    if (o == TW_NONE) {
        if (e->js && ev_at(e, base)->kind == TW_VAL_NULL_)
            return mc_raise_kind(e, TW_S("TypeError")), e->mc->unknown;
        if (e->js && mc_is_ref(e, key)) key = mc_primitive(e, key, true);
        if (e->js && ev_at(e, key)->kind != TW_VAL_INT && !mc_is_ref(e, key) && ev_is_const(e, key)) {
            uint32_t text = mc_text(e, key);
            if (text && ev_text(e, text, &s) && !digits(s)) return mc_member(e, base, s, 0);
        }
        if (!ev_is_const(e, base)) {
            e->mc->may_throw = true;
            bool named = !e->js && ev_at(e, base)->kind == TW_VAL_SYMBOL && !mc_is_ref(e, key) &&
                         ev_is_const(e, key) && ev_at(e, key)->kind == TW_VAL_STR;
            v = named ? ev_index(e, base, key) : 0; /* sys.modules["m"], m.__dict__["f"] */
            return v && ev_at(e, v)->kind == TW_VAL_SYMBOL ? v : e->mc->unknown;
        }
        key = mc_list_key(e, key);
        if (mc_is_ref(e, key)) key = mc_freeze(e, key);
        if (!key || !ev_is_const(e, key)) return e->mc->unknown;
        if (e->js && ev_get_int(e, key, &i) && ev_at(e, base)->kind == TW_VAL_STR &&
            (v = mc_text_unit(e, base, i)))
            return v;
        v = ev_index(e, base, key);
        if (ev_is_const(e, v)) return v;
        if (ev_get_int(e, key, &i) && (v = mc_text_unit(e, base, i))) return v;
        e->mc->may_throw = true;
        return e->mc->unknown;
    }
    if (e->js) return mc_js_index(e, base, key);
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_LIST) return of_list(e, base, o, key);
    if (x->kind == MC_MAP && !(x->how & 1)) {
        k = mc_unknown(e, key) ? 0 : mc_key(e, key);
        if (!mc_known(e, o) || !k) return e->mc->unknown;
        if ((v = mc_get(e, o, k))) return v;
        if ((v = mc_made_entry(e, o, key))) return v;
        return x->how != 2 ? mc_raise(e, "KeyError", key) : e->mc->unknown;
    }
    if (x->kind == MC_INSTANCE && (v = mc_chained_entry(e, o, key))) return v;
    if (x->kind == MC_INSTANCE && (v = mc_special(e, base, "__getitem__", &key, 1))) return v;
    if (x->kind == MC_CLASS && x->self && (v = mc_class_attr(e, x->self - 1, TW_S("__getitem__"), 0)) &&
        mc_is_ref(e, v)) {
        uint32_t pair[2] = {base, key};
        return mc_called(e, v, pair, 2);
    }
    return e->mc->unknown;
}

/* ---- changes ---- */

/* Into something that we do not see: whatever strangers hold may be it. */
static void set_elsewhere(ev *e, uint32_t base, uint32_t v)
{
    if (v) mc_escape(e, v);
    if (ev_at(e, base)->kind != TW_VAL_SYMBOL) e->mc->storm++, e->mc->may_throw = true;
    mc_speculate(e);
}

void mc_set_member(ev *e, uint32_t base, tw_str name, uint32_t v)
{
    uint32_t o = mc_ref(e, base);
    if (o == TW_NONE) {
        if (!e->js || !mc_js_set_elsewhere(e, base, name, v)) set_elsewhere(e, base, v);
        return;
    }
    if (set_by_property(e, base, name, v)) return;
    if (mc_obj_at(e, o)->shared && v) mc_escape(e, v);
    if (mc_obj_at(e, o)->flags & MCO_LOST && v) mc_escape(e, v);
    if (e->js) {
        mc_js_set_member(e, base, name, v);
        return;
    }
    uint32_t key = mc_key_of(e, name);
    if (!key)
        mc_lose(e, o);
    else if (!v)
        mc_delete(e, o, key);
    else
        mc_put_named(e, o, name, v);
}

void mc_set_index(ev *e, uint32_t base, uint32_t key, uint32_t v)
{
    uint32_t o = mc_ref(e, base), k;
    int64_t i;
    tw_str s;
    if (o == TW_NONE && is_module(e, base)) {
        set_in_module(e, key, v);
        return;
    }
    if (o == TW_NONE) {
        bool named = e->js && !mc_is_ref(e, key) && ev_is_const(e, key) && ev_text(e, key, &s);
        if (!named || !mc_js_set_elsewhere(e, base, s, v)) set_elsewhere(e, base, v);
        return;
    }
    if (v && (mc_obj_at(e, o)->shared || mc_obj_at(e, o)->flags & MCO_LOST)) mc_escape(e, v);
    if (e->js) {
        mc_js_set_index(e, base, key, v);
        return;
    }
    uint32_t pair[2] = {key, v};
    if (mc_obj_at(e, o)->kind == MC_INSTANCE &&
        mc_special(e, base, v ? "__setitem__" : "__delitem__", pair, v ? 2 : 1))
        return;
    if (mc_obj_at(e, o)->kind == MC_LIST && mc_is(e, key, MC_LIST) && mc_py_set_slice(e, o, key, v)) return;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_LIST && !mc_unknown(e, key) && position(e, key, x->items.n, &i)) {
        if (!mc_known(e, o)) return;
        bool here = i >= 0 && i < x->items.n;
        if (here && v) {
            mc_set_item(e, o, (uint32_t)i, v);
        } else if (here) { /* del */
            uint32_t n = x->items.n, *rest = TW_NEWN(e->tmp, uint32_t, n);
            memcpy(rest, x->items.v, n * sizeof *rest);
            memmove(rest + i, rest + i + 1, (n - (uint32_t)i - 1) * sizeof *rest);
            mc_set_items(e, o, rest, n - 1);
        } else {
            mc_lose(e, o);
            e->mc->may_throw = true;
        }
        return;
    }
    if (x->kind == MC_MAP && !(x->how & 1)) {
        k = mc_unknown(e, key) ? 0 : mc_key(e, key);
        if (k && !v)
            mc_delete(e, o, k);
        else if (k)
            mc_put(e, o, k, key, v);
        else
            mc_lose(e, o);
        if (!k && v) mc_escape(e, v);
        return;
    }
    if (v) mc_escape(e, v);
    mc_lose(e, o);
}
