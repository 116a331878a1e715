/* SPDX-License-Identifier: Apache-2.0 */
/* Members and items of JavaScript's objects. A hole of an array is item 0. */
#include "engine/record/machine_priv.h"

enum { HOLES_MAX = 65536 };

/* `[].slice`: by the name it has in its prototype. */
static uint32_t of_language(ev *e, uint32_t base, tw_str name)
{
    tw_str kind = mc_kind_name(e, base);
    if (tw_str_eq(kind, TW_S("Proxy")) || tw_str_eq(name, TW_S("__proto__"))) return e->mc->unknown;
    if (tw_str_eq(name, TW_S("constructor"))) {
        bool bytes = tw_str_eq(kind, TW_S("Uint8Array"));
        return bytes || !kind.n || tw_str_eq(kind, TW_S("Iterator"))
                   ? e->mc->unknown
                   : ev_symbol(e, tw_intern(&e->syms, kind));
    }
    if (!kind.n) return e->mc->unknown;
    return ev_symbol(
        e, tw_intern(&e->syms, tw_arena_fmt(e->tmp, "%.*s.prototype.%.*s", TW_FMT(kind), TW_FMT(name))));
}

uint32_t mc_js_language_member(ev *e, uint32_t base, tw_str name)
{
    tw_str kind = mc_kind_name(e, base);
    int64_t i;
    if (!kind.n || e->mc->patched.n) return e->mc->unknown;
    if (mc_of_language(kind, name)) return of_language(e, base, name);
    return ev_parse_int(name, 10, &i) || tw_str_eq(name, TW_S("length")) ? e->mc->unknown : e->mc->undefined;
}

/* name and length of a function; 0 none of them. */
static uint32_t of_function(ev *e, uint32_t o, tw_str name)
{
    const mc_obj *x = mc_obj_at(e, o);
    const tw_scope *sc = &e->ir->scopes.v[x->a];
    if (tw_str_eq(name, TW_S("name")) && sc->name)
        return ev_text_val(e, TW_VAL_STR, tw_ir_text(e->ir, sc->name), EV_FOLDED, 0);
    if (x->kind != MC_CLOSURE || !tw_str_eq(name, TW_S("length"))) return 0;
    uint32_t n = 0;
    int64_t at;
    for (uint32_t p = 0; p < sc->n_params; p++) {
        tw_param prm = e->ir->params.v[sc->params + p];
        if (!p && tw_str_eq(tw_ir_text(e->ir, prm.name), TW_S("this"))) continue;
        for (uint32_t i = 0; i + 1 < x->items.n; i += 2)
            if (ev_get_int(e, x->items.v[i], &at) && at == prm.name) return mc_int(e, n);
        if (prm.kind) break;
        n++;
    }
    return mc_int(e, n);
}

static uint32_t of_bound(ev *e, uint32_t base, uint32_t o, tw_str name)
{
    const mc_obj *x = mc_obj_at(e, o);
    switch (x->how) {
    case MC_SUPER: return mc_super_member(e, o, name);
    case MC_SYMBOL: return tw_str_eq(name, TW_S("description")) ? x->items.v[0] : of_language(e, base, name);
    case MC_REGEX: return mc_regex_member(e, o, name);
    case MC_MADE: return e->mc->unknown;
    case MC_PROXY: {
        uint32_t v = mc_property(e, base, mc_key_of(e, name), ev_text_val(e, TW_VAL_STR, name, 0, 0), name);
        return v ? v : e->mc->undefined;
    }
    default: return mc_of_language(TW_S("Function"), name) ? of_language(e, base, name) : e->mc->unknown;
    }
}

uint32_t mc_js_member(ev *e, uint32_t base, tw_str name)
{
    uint32_t o = mc_ref(e, base), v = 0;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_BOUND) return of_bound(e, base, o, name);
    bool known = mc_known(e, o), counted = tw_str_eq(name, TW_S("length"));
    if (known && x->kind == MC_LIST && counted) return mc_int(e, x->items.n);
    if (known && x->kind == MC_LIST && x->how == MC_OCTETS && tw_str_eq(name, TW_S("byteLength")))
        return mc_int(e, x->items.n);
    if (known && tw_str_eq(name, TW_S("size")) && !(x->flags & MCO_MAYBE) &&
        (x->kind == MC_SET || (x->kind == MC_MAP && x->how & 1)))
        return mc_int(e, x->kind == MC_SET ? x->items.n : x->props.n);
    bool code = x->kind == MC_CLOSURE || x->kind == MC_CLASS;
    uint32_t key = mc_key_of(e, name);
    if (code && !mc_get(e, o, key)) v = of_function(e, o, name);
    if (v) return v;
    v = mc_property(e, base, key, e->mc->none, name);
    if (!v) return e->mc->undefined;
    bool plain = v == e->mc->unknown && known && !mc_proto(e, base) && !mc_get(e, o, key);
    return plain && mc_of_language(mc_kind_name(e, base), name) ? of_language(e, base, name) : v;
}

/* What the file has put into the prototype of texts or numbers. */
uint32_t mc_js_of_constant(ev *e, uint32_t base, tw_str name)
{
    tw_str kinds[2] = {mc_kind_name(e, base), TW_S("Object")};
    for (int i = 0; i < 2 && e->mc->patched.n; i++) {
        uint32_t o = kinds[i].n ? mc_patches(e, kinds[i]) : TW_NONE, v;
        if (o == TW_NONE) continue;
        if (!mc_known(e, o)) return e->mc->unknown;
        if ((v = mc_get(e, o, mc_key_of(e, name)))) return mc_resolve_slot(e, v, base);
    }
    return 0;
}

/* As a key: a text; a symbol stays what it is. 0 not known. */
static uint32_t key_value(ev *e, uint32_t key)
{
    if (mc_is_ref(e, key) && !(mc_is(e, key, MC_BOUND) && mc_obj_at(e, mc_ref(e, key))->how == MC_SYMBOL)) {
        key = mc_primitive(e, key, true);
        if (mc_is_ref(e, key)) key = mc_freeze(e, key);
    }
    return key && (mc_is_ref(e, key) || ev_is_const(e, key) || ev_at(e, key)->kind == TW_VAL_SYMBOL) ? key
                                                                                                     : 0;
}

static bool position(ev *e, uint32_t key, int64_t *ret)
{
    return !mc_is_ref(e, key) && ev_at(e, key)->kind == TW_VAL_INT && ev_get_int(e, key, ret) && *ret >= 0;
}

uint32_t mc_js_index(ev *e, uint32_t base, uint32_t key)
{
    uint32_t o = mc_ref(e, base), v;
    tw_str s = {0};
    int64_t i;
    key = key_value(e, key);
    if (!key) return e->mc->unknown;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_LIST) {
        key = mc_list_key(e, key);
        if (position(e, key, &i)) {
            if (!mc_known(e, o)) return e->mc->unknown;
            x = mc_obj_at(e, o);
            return i < x->items.n && x->items.v[i] ? x->items.v[i] : e->mc->undefined;
        }
    }
    uint32_t text = mc_is_ref(e, key) || ev_at(e, key)->kind == TW_VAL_SYMBOL ? 0 : mc_text(e, key);
    if (text && ev_text(e, text, &s) && x->kind != MC_BOUND) return mc_js_member(e, base, s);
    if (x->kind == MC_BOUND && x->how != MC_PROXY) return text ? mc_js_member(e, base, s) : e->mc->unknown;
    uint32_t k = mc_key(e, key);
    if (!k) return e->mc->unknown;
    v = mc_property(e, base, k, text ? text : key, s);
    if (v) return v;
    bool iterates =
        ev_at(e, key)->kind == TW_VAL_SYMBOL && !mc_proto(e, base) &&
        (x->kind == MC_LIST || x->kind == MC_SET || x->kind == MC_ITER || (x->kind == MC_MAP && x->how & 1));
    if (iterates && tw_str_eq(ev_sym(e, ev_at(e, key)->sym), TW_S("Symbol.iterator")))
        return ev_symbol(e, tw_intern(&e->syms, TW_S("Array.prototype.@@iterator")));
    return e->mc->undefined;
}

static void set_length(ev *e, uint32_t o, uint32_t v)
{
    int64_t n;
    bool fits =
        v && !mc_is_ref(e, v) && ev_get_int(e, v, &n) && n >= 0 && n <= mc_obj_at(e, o)->items.n + HOLES_MAX;
    if (!fits || mc_obj_at(e, o)->how >= MC_BYTES) {
        mc_lose(e, o);
        return;
    }
    while (mc_obj_at(e, o)->items.n < n && mc_tick(e, 1)) mc_push(e, o, 0);
    if (n < mc_obj_at(e, o)->items.n) mc_set_items(e, o, mc_obj_at(e, o)->items.v, (uint32_t)n);
}

void mc_js_set_member(ev *e, uint32_t base, tw_str name, uint32_t v)
{
    uint32_t o = mc_ref(e, base), key;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_LIST && tw_str_eq(name, TW_S("length"))) {
        if (!x->env) set_length(e, o, v);
        return;
    }
    if (x->kind == MC_BOUND && x->how == MC_REGEX && tw_str_eq(name, TW_S("lastIndex"))) {
        mc_set_item(e, o, 1, v ? v : e->mc->unknown);
        return;
    }
    if (x->kind == MC_BOUND && x->how == MC_SUPER) {
        mc_lose(e, o);
        if (mc_is_ref(e, x->items.v[1])) mc_lose(e, mc_ref(e, x->items.v[1]));
        return;
    }
    if (tw_str_eq(name, TW_S("__proto__"))) {
        mc_set_proto(e, o, v);
        return;
    }
    key = mc_key_of(e, name);
    if (!key)
        mc_lose(e, o);
    else if (x->kind == MC_MAP && x->how & 1)
        e->mc->may_throw = true; /* beside its entries: not kept */
    else
        mc_put_property(e, base, key, ev_text_val(e, TW_VAL_STR, name, 0, 0), name, v);
}

void mc_set_proto(ev *e, uint32_t o, uint32_t v)
{
    const mc_obj *x = mc_obj_at(e, o);
    bool fits = x->kind != MC_CLOSURE && x->kind != MC_CLASS && x->kind != MC_BOUND && v;
    bool older = e->mc->forks && o < e->mc->obj_mark;
    if (!fits || older) {
        mc_lose(e, o);
        return;
    }
    mc_obj_at(e, o)->self = mc_is_ref(e, v)                     ? v
                            : ev_at(e, v)->kind == TW_VAL_NULL_ ? e->mc->none
                                                                : e->mc->unknown;
}

/* Numbers as an array of bytes keeps them. */
uint32_t mc_octet(ev *e, uint32_t v)
{
    double d;
    int64_t n;
    if (!v || mc_is_ref(e, v) || !ev_is_const(e, v)) return e->mc->unknown;
    if (ev_at(e, v)->kind == TW_VAL_INT && ev_get_int(e, v, &n)) return mc_int(e, n & 255);
    if (!mc_double(e, v, &d)) return e->mc->unknown;
    uint32_t zero = 0, pair[2] = {v, mc_int(e, 255)};
    (void)zero;
    return mc_js_arith(e, TW_S("&"), pair, 2) ? mc_js_arith(e, TW_S("&"), pair, 2) : e->mc->unknown;
}

static void set_item(ev *e, uint32_t o, int64_t i, uint32_t v)
{
    const mc_obj *x = mc_obj_at(e, o);
    if (!mc_known(e, o) || x->env) return;
    if (x->how >= MC_BYTES) {
        if (x->at) mc_lose(e, x->at - 1); /* a view of the same bytes */
        if (i < mc_obj_at(e, o)->items.n) mc_set_item(e, o, (uint32_t)i, mc_octet(e, v));
    } else if (i < x->items.n) {
        mc_set_item(e, o, (uint32_t)i, v); /* v 0: deleted, a hole */
    } else if (v && i < x->items.n + HOLES_MAX) {
        while (mc_obj_at(e, o)->items.n < i && mc_tick(e, 1)) mc_push(e, o, 0);
        mc_push(e, o, v);
    } else if (v) {
        mc_lose(e, o);
    }
}

void mc_js_set_index(ev *e, uint32_t base, uint32_t key, uint32_t v)
{
    uint32_t o = mc_ref(e, base), text;
    tw_str s;
    int64_t i;
    key = key_value(e, key);
    if (key && mc_obj_at(e, o)->kind == MC_LIST) {
        key = mc_list_key(e, key);
        if (position(e, key, &i)) {
            set_item(e, o, i, v);
            return;
        }
    }
    uint32_t k = key ? mc_key(e, key) : 0;
    if (!k) {
        if (v) mc_escape(e, v);
        if (mc_obj_at(e, o)->kind == MC_BOUND) e->mc->may_throw = true;
        mc_lose(e, o);
        return;
    }
    text = mc_is_ref(e, key) || ev_at(e, key)->kind == TW_VAL_SYMBOL ? 0 : mc_text(e, key);
    if (text && ev_text(e, text, &s) &&
        !(mc_obj_at(e, o)->kind == MC_BOUND && mc_obj_at(e, o)->how == MC_PROXY))
        mc_js_set_member(e, base, s, v);
    else
        mc_put_property(e, base, k, text ? text : key, (tw_str){0}, v);
}

/* What is put into an object of the language itself stands beside what is put into its prototype. */
static tw_str patched_object(ev *e, tw_str s)
{
    return tw_arena_fmt(e->tmp, "%.*s=", TW_FMT(s));
}

uint32_t mc_js_patched_static(ev *e, tw_str object, tw_str name)
{
    uint32_t o = e->mc->patched.n ? mc_patches(e, patched_object(e, object)) : TW_NONE, v;
    if (o == TW_NONE) return 0;
    if (!mc_known(e, o)) return e->mc->unknown;
    v = mc_get(e, o, mc_key_of(e, name));
    return v;
}

/* Array.prototype.x = v, JSON.x = v */
bool mc_js_set_elsewhere(ev *e, uint32_t base, tw_str name, uint32_t v)
{
    tw_str s = ev_at(e, base)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, base)->sym) : (tw_str){0};
    if (!s.n) return false;
    bool proto = tw_str_ends(s, TW_S(".prototype"));
    if (proto) s = tw_str_sub(s, 0, s.n - 10);
    if (!s.n || tw_str_chr(s, '.') != TW_NPOS) return false;
    uint32_t o = mc_patches_of(e, proto ? s : patched_object(e, s)), key = mc_key_of(e, name);
    if (e->mc->forks || !key) /* perhaps */
        mc_lose(e, o);
    else if (v)
        mc_put(e, o, key, ev_text_val(e, TW_VAL_STR, name, 0, 0), v);
    else
        mc_delete(e, o, key);
    if (v) mc_escape(e, v);
    return true;
}
