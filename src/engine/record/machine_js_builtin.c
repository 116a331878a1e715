/* SPDX-License-Identifier: Apache-2.0 */
/* Methods that all objects have, and the functions of Object and Reflect. */
#include "engine/record/machine_method.h"

uint32_t mc_js_tag(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    tw_str kind = {0};
    if (o == TW_NONE && ev_at(e, v)->kind == TW_VAL_NULL_)
        kind = ev_at(e, v)->a ? TW_S("Undefined") : TW_S("Null");
    else if (o == TW_NONE && ev_is_const(e, v))
        kind = mc_kind_name(e, v);
    else if (o != TW_NONE && mc_known(e, o) && !mc_proto(e, v))
        kind = mc_kind_name(e, v);
    if (o != TW_NONE && e->mc->error && mc_instance_of(e, v, e->mc->error) == 1) kind = TW_S("Error");
    if (o != TW_NONE &&
        mc_find(e, v, tw_intern(&e->mc->keys, TW_S("ySymbol.toStringTag")), (tw_str){0}, false))
        kind = (tw_str){0};
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_CLOSURE && e->ir->scopes.v[mc_obj_at(e, o)->a].flags & 3)
        kind = (tw_str){0};
    if (!kind.n || tw_str_eq(kind, TW_S("Iterator")) || tw_str_eq(kind, TW_S("Proxy"))) return e->mc->unknown;
    return ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "[object %.*s]", TW_FMT(kind)), 0);
}

static uint32_t own_property(ev *e, uint32_t self, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, self),
             key = a->n && !mc_is_ref(e, a->v[0]) ? mc_list_key(e, a->v[0])
                   : a->n                         ? a->v[0]
                                                  : 0,
             k;
    int64_t i;
    if (!key || mc_unknown(e, key) || !mc_known(e, o)) return R_NORMAL;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_LIST && !mc_is_ref(e, key) && ev_at(e, key)->kind == TW_VAL_INT &&
        ev_get_int(e, key, &i)) {
        *ret = i >= 0 && i < x->items.n && x->items.v[i] ? e->mc->yes : e->mc->no;
        return R_NORMAL;
    }
    k = mc_key(e, key);
    uint32_t v = k ? mc_find(e, self, k, (tw_str){0}, true) : e->mc->unknown;
    if (v != e->mc->unknown || (k && mc_get(e, o, k))) *ret = v ? e->mc->yes : e->mc->no;
    return R_NORMAL;
}

/* 0: none of these. */
uint32_t mc_js_object_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, self);
    if (o == TW_NONE) return 0;
    uint8_t kind = mc_obj_at(e, o)->kind;
    uint16_t how = mc_obj_at(e, o)->how;
    *ret = e->mc->unknown;
    if (tw_str_eq(name, TW_S("hasOwnProperty")) || tw_str_eq(name, TW_S("propertyIsEnumerable")))
        return own_property(e, self, a, ret);
    if (tw_str_eq(name, TW_S("isPrototypeOf")) && a->n) {
        int is = mc_is_ref(e, a->v[0]) ? mc_instance_of(e, a->v[0], self) : 0;
        if (is >= 0) *ret = is ? e->mc->yes : e->mc->no;
        return R_NORMAL;
    }
    if (tw_str_eq(name, TW_S("valueOf")) && kind != MC_BOUND) return *ret = self, R_NORMAL;
    if (!tw_str_eq(name, TW_S("toString"))) return 0;
    if (kind == MC_BOUND && how == MC_SYMBOL) {
        tw_str s = {0};
        uint32_t d = mc_obj_at(e, o)->items.v[0];
        if (ev_at(e, d)->kind != TW_VAL_NULL_ && !ev_text(e, d, &s)) return R_NORMAL;
        *ret = ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "Symbol(%.*s)", TW_FMT(s)), 0);
        return R_NORMAL;
    }
    if (kind == MC_LIST && (how != MC_U8 || a->n)) return 0;
    uint32_t v = mc_primitive(e, self, true);
    if (mc_is_ref(e, v)) v = kind == MC_MAP || kind == MC_INSTANCE || kind == MC_SET ? mc_js_tag(e, self) : 0;
    if (v) *ret = v;
    return R_NORMAL;
}

/* ---- functions made of a text, proxies ---- */

uint32_t mc_b_function(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t body = a->n ? a->v[a->n - 1] : 0;
    if (a->n != 1 || mc_is_ref(e, body) || !ev_is_const(e, body)) return 0;
    *ret = mc_bound_of(e, MC_CODE, body, e->mc->no);
    return R_NORMAL;
}

/* Function.prototype.bind(x): a function that does nothing. */
uint32_t mc_b_bind_nothing(ev *e, const mc_args *a, uint32_t *ret)
{
    (void)a;
    *ret = mc_bound_of(e, 0, e->mc->undefined, e->mc->undefined);
    return R_NORMAL;
}

/* `return this`, `return (function() {}.constructor("return this")( ));` */
static bool gives_global(tw_str s)
{
    char text[64];
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (tw_str_chr(TW_S(" \t\n\"'();{}"), s.p[i]) != TW_NPOS) continue;
        if (n == sizeof text) return false;
        text[n++] = s.p[i];
    }
    tw_str left = tw_str_of(text, n);
    return tw_str_eq(left, TW_S("returnthis")) ||
           tw_str_eq(left, TW_S("returnfunction.constructorreturnthis"));
}

static uint32_t proxied(ev *e, uint32_t o, uint32_t f, uint32_t self, const mc_args *a, uint32_t *ret)
{
    uint32_t target = mc_obj_at(e, o)->items.v[0], handler = mc_obj_at(e, o)->items.v[1];
    uint32_t trap = mc_find(e, handler, mc_key_of(e, TW_S("apply")), TW_S("apply"), false), how;
    if (e->mc->depth >= 200) return e->mc->lost = true, R_STOP;
    (void)f;
    if (!trap) {
        e->mc->depth++;
        how = mc_apply(e, target, self, a, 0, ret);
        e->mc->depth--;
        return how;
    }
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, 3);
    v[0] = target, v[1] = self ? self : e->mc->undefined, v[2] = mc_list(e, a->v, a->n, TW_SEQ_ARRAY);
    mc_args with = {v, NULL, 3, a->loose};
    return mc_apply(e, mc_resolve_slot(e, trap, handler), handler, &with, 0, ret);
}

uint32_t mc_js_apply_bound(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, f);
    tw_str s;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->how == MC_PROXY) return proxied(e, o, f, self, a, ret);
    if (x->how == MC_CODE && ev_text(e, x->items.v[0], &s) && gives_global(s)) {
        *ret = ev_symbol(e, tw_intern(&e->syms, TW_S("globalThis")));
        return R_NORMAL;
    }
    *ret = mc_stranger(e, e->mc->unknown, self, a);
    return R_NORMAL;
}

bool mc_js_truthy(const ev *e, uint32_t v)
{
    static const char names[] =
        " console process require Buffer globalThis Object Array String JSON Math Function Date Promise "
        "Number RegExp Error TypeError Map Set Symbol Proxy Reflect module exports setTimeout setInterval "
        "console.log console.error console.warn console.info console.table console.trace console.debug "
        "parseInt parseFloat eval decodeURIComponent unescape escape encodeURIComponent atob btoa ";
    if (ev_at(e, v)->kind != TW_VAL_SYMBOL) return false;
    if (ev_js_is_regex(e, v, NULL) || mc_is_method(e, v)) return true;
    tw_str s = ev_sym(e, ev_at(e, v)->sym), all = TW_S(names);
    size_t at = s.n && s.n < 24 ? tw_str_find(all, s) : TW_NPOS;
    return at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + s.n] == ' ';
}
