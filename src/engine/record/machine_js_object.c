/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's objects: chains of prototypes, getters and setters, what is hidden from loops, proxies, and what an object is as a
 * text or number. mc_obj.self is the prototype of what is no function: 0 that of its kind, m->none nothing. */
#include "engine/record/machine_priv.h"

enum { CHAIN_MAX = 64 };

void mc_throw(ev *e, uint32_t v)
{
    e->mc->raised = true;
    e->mc->thrown = v;
}

/* What stands in the place of a value: a getter and a setter, or a value that loops do not see. */
static uint32_t slot_kind(const ev *e, uint32_t v)
{
    return mc_is(e, v, MC_BOUND) ? mc_obj_at(e, mc_ref(e, v))->how : 0;
}

bool mc_is_hidden(const ev *e, uint32_t v)
{
    uint32_t how = slot_kind(e, v);
    return how == MC_HIDDEN || (how == MC_ACCESSOR && mc_obj_at(e, mc_ref(e, v))->a);
}

uint32_t mc_bound_of(ev *e, uint16_t how, uint32_t a, uint32_t b)
{
    uint32_t o = mc_new(e, MC_BOUND);
    mc_obj_at(e, o)->how = how;
    mc_push(e, o, a);
    mc_push(e, o, b);
    return mc_ref_to(e, o);
}

void mc_put_hidden(ev *e, uint32_t obj, tw_str name, uint32_t v)
{
    mc_put_named(e, obj, name, mc_bound_of(e, MC_HIDDEN, v, e->mc->no));
}

/* Adds a getter or a setter to what is there. */
void mc_put_accessor(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t f, bool setter, bool hidden)
{
    uint32_t was = mc_get(e, obj, key);
    if (slot_kind(e, was ? was : e->mc->none) == MC_ACCESSOR) {
        mc_set_item(e, mc_ref(e, was), setter, f);
        return;
    }
    uint32_t none = e->mc->undefined, v = mc_bound_of(e, MC_ACCESSOR, setter ? none : f, setter ? f : none);
    mc_obj_at(e, mc_ref(e, v))->a = hidden;
    mc_put(e, obj, key, name, v);
}

/* ---- chains ---- */

/* What the file has put into the prototype of a kind of values; TW_NONE nothing. */
uint32_t mc_patches(const ev *e, tw_str kind)
{
    for (uint32_t i = 0; i < e->mc->patched.n; i++)
        if (tw_str_eq(tw_intern_str(&e->syms, e->mc->patched.v[i].kind), kind))
            return e->mc->patched.v[i].obj;
    return TW_NONE;
}

uint32_t mc_patches_of(ev *e, tw_str kind)
{
    uint32_t o = mc_patches(e, kind);
    if (o != TW_NONE) return o;
    o = mc_new(e, MC_MAP);
    TW_PUSH(e->tmp, e->mc->patched, ((mc_patched){tw_intern(&e->syms, kind), o}));
    return o;
}

tw_str mc_kind_name(const ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    uint8_t text;
    if (o == TW_NONE) {
        const ev_val *x = ev_at(e, v);
        if (ev_is_text(e, v, &text)) return TW_S("String");
        if (x->kind == TW_VAL_INT || x->kind == TW_VAL_FLOAT) return TW_S("Number");
        return x->kind == TW_VAL_BOOL ? TW_S("Boolean") : (tw_str){0};
    }
    const mc_obj *x = mc_obj_at(e, o);
    switch (x->kind) {
    case MC_LIST: return x->how >= MC_BYTES ? TW_S("Uint8Array") : TW_S("Array");
    case MC_SET: return TW_S("Set");
    case MC_ITER: return TW_S("Iterator");
    case MC_MAP: return x->how & 1 ? TW_S("Map") : TW_S("Object");
    case MC_CLOSURE:
    case MC_CLASS: return TW_S("Function");
    case MC_BOUND:
        return x->how == MC_SYMBOL  ? TW_S("Symbol")
               : x->how == MC_REGEX ? TW_S("RegExp")
               : x->how == MC_PROXY ? TW_S("Proxy")
               : x->how == MC_MADE  ? (tw_str){0}
                                    : TW_S("Function");
    default: return TW_S("Object");
    }
}

uint32_t mc_proto(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    if (o == TW_NONE) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_CLOSURE || x->kind == MC_BOUND) return 0;
    if (x->kind == MC_CLASS) return x->items.n && mc_is_ref(e, x->items.v[0]) ? x->items.v[0] : 0;
    return x->self;
}

/* In what every object of its kind has from the language: 0 nothing, m->unknown a thing of the language. */
static uint32_t of_kind(ev *e, uint32_t base, uint32_t key, tw_str name)
{
    tw_str kinds[2] = {mc_kind_name(e, base), TW_S("Object")};
    for (int i = 0; i < 2 && e->mc->patched.n; i++) {
        uint32_t o = kinds[i].n ? mc_patches(e, kinds[i]) : TW_NONE;
        if (o == TW_NONE) continue;
        if (!mc_known(e, o)) return e->mc->unknown;
        uint32_t v = mc_get(e, o, key);
        if (v) return v;
    }
    return name.n && mc_of_language(kinds[0], name) ? e->mc->unknown : 0;
}

static bool is_method(const ev *e, uint32_t v)
{
    if (slot_kind(e, v) == MC_HIDDEN) v = mc_obj_at(e, mc_ref(e, v))->items.v[0];
    return mc_is(e, v, MC_CLOSURE);
}

/* As it stands there, getters and all; 0 it surely is not there. own: without prototypes. */
uint32_t mc_find(ev *e, uint32_t base, uint32_t key, tw_str name, bool own)
{
    uint32_t at = base;
    bool lost = false;
    for (unsigned i = 0; i < CHAIN_MAX && key; i++) {
        uint32_t o = mc_ref(e, at), v;
        if (o == TW_NONE) return ev_at(e, at)->kind == TW_VAL_NULL_ && !lost ? 0 : e->mc->unknown;
        const mc_obj *x = mc_obj_at(e, o);
        if (!mc_known(e, o)) {
            if (i || x->kind != MC_INSTANCE || own) return e->mc->unknown;
            lost = true; /* methods are changed behind our back at most where something is set by name */
        }
        if (x->kind == MC_CLOSURE && tw_str_eq(name, TW_S("prototype"))) mc_prototype(e, at);
        bool entries = mc_obj_at(e, o)->kind == MC_MAP && mc_obj_at(e, o)->how & 1;
        if (!entries && !(lost && !i) && (v = mc_get(e, o, key)))
            return lost && !is_method(e, v) ? e->mc->unknown : v;
        uint32_t up = mc_proto(e, at);
        if (own) return 0;
        if (!up) return lost ? e->mc->unknown : of_kind(e, base, key, name);
        at = up;
    }
    return e->mc->unknown;
}

/* F.prototype, made where it was not yet asked for. */
uint32_t mc_prototype(ev *e, uint32_t f)
{
    uint32_t o = mc_ref(e, f), key = mc_key_of(e, TW_S("prototype")), v = mc_get(e, o, key);
    if (v) return slot_kind(e, v) == MC_HIDDEN ? mc_obj_at(e, mc_ref(e, v))->items.v[0] : v;
    const tw_scope *sc = &e->ir->scopes.v[mc_obj_at(e, o)->a];
    if (mc_obj_at(e, o)->kind == MC_CLOSURE && (sc->kind == TW_REGION_LAMBDA || sc->flags & 1)) return 0;
    uint32_t p = mc_new(e, MC_MAP), proto = mc_ref_to(e, p);
    mc_put_hidden(e, p, TW_S("constructor"), f);
    mc_put_hidden(e, o, TW_S("prototype"), proto);
    return proto;
}

/* ---- reading, writing ---- */

uint32_t mc_resolve_slot(ev *e, uint32_t v, uint32_t base)
{
    uint32_t o = mc_ref(e, v), how = slot_kind(e, v), ret = e->mc->undefined;
    if (how == MC_HIDDEN) return mc_obj_at(e, o)->items.v[0];
    if (how != MC_ACCESSOR) return v;
    mc_args none = {0};
    uint32_t f = mc_obj_at(e, o)->items.v[0];
    if (!mc_is_ref(e, f)) return f;
    uint32_t r = mc_apply(e, f, base, &none, 0, &ret);
    if (r == R_THROW) mc_throw(e, e->mc->thrown);
    return r == R_NORMAL ? ret : e->mc->unknown;
}

static uint32_t trap(ev *e, uint32_t proxy, const char *name, uint32_t key, uint32_t v, uint32_t *ret)
{
    uint32_t o = mc_ref(e, proxy), handler = mc_obj_at(e, o)->items.v[1], how;
    tw_str s = tw_str_c(name);
    if (e->mc->depth >= 200) return e->mc->lost = true, R_STOP; /* a proxy of a proxy of ... */
    uint32_t f = mc_find(e, handler, mc_key_of(e, s), s, false);
    if (!f) return 0;
    f = mc_resolve_slot(e, f, handler);
    uint32_t *args = TW_NEWN(e->tmp, uint32_t, 4), n = 0;
    args[n++] = mc_obj_at(e, o)->items.v[0], args[n++] = key;
    if (v) args[n++] = v;
    args[n++] = proxy;
    mc_args a = {args, NULL, n, false};
    how = mc_apply(e, f, handler, &a, 0, ret);
    if (how == R_THROW) mc_throw(e, e->mc->thrown);
    if (how != R_NORMAL) *ret = e->mc->unknown;
    return how;
}

uint32_t mc_property(ev *e, uint32_t base, uint32_t key, uint32_t named, tw_str name)
{
    uint32_t o = mc_ref(e, base), ret = e->mc->unknown, v;
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_BOUND && mc_obj_at(e, o)->how == MC_PROXY) {
        if (trap(e, base, "get", named, 0, &ret)) return ret;
        e->mc->depth++;
        v = mc_index(e, mc_obj_at(e, o)->items.v[0], named);
        e->mc->depth--;
        return v;
    }
    v = mc_find(e, base, key, name, false);
    return v ? mc_resolve_slot(e, v, base) : 0;
}

/* v 0: deletes it. */
void mc_put_property(ev *e, uint32_t base, uint32_t key, uint32_t named, tw_str name, uint32_t v)
{
    uint32_t o = mc_ref(e, base), none;
    mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_BOUND && x->how == MC_PROXY) {
        if (v && trap(e, base, "set", named, v, &none)) return;
        if (!v && trap(e, base, "deleteProperty", named, 0, &none)) return;
        e->mc->depth++;
        mc_set_index(e, mc_obj_at(e, o)->items.v[0], named, v);
        e->mc->depth--;
        return;
    }
    if (x->env && x->kind != MC_CLOSURE && x->kind != MC_CLASS) { /* frozen: strict code throws */
        e->mc->may_throw = true;
        return;
    }
    if (!v) {
        mc_delete(e, o, key);
        return;
    }
    uint32_t was = mc_find(e, base, key, (tw_str){0}, false), how = was ? slot_kind(e, was) : 0;
    if (was == e->mc->unknown && !mc_get(e, o, key)) { /* a setter somewhere, or none */
        bool lost = !mc_known(e, o);
        if (!lost) mc_lose(e, o);
        mc_escape(e, v);
        return;
    }
    if (how == MC_ACCESSOR) {
        uint32_t f = mc_obj_at(e, mc_ref(e, was))->items.v[1];
        mc_args a = {&v, NULL, 1, false};
        uint32_t r = mc_is_ref(e, f) ? mc_apply(e, f, base, &a, 0, &none) : R_NORMAL;
        if (r == R_THROW) mc_throw(e, e->mc->thrown);
        return;
    }
    bool own = how == MC_HIDDEN && mc_get(e, o, key) == was;
    bool fixed = how == MC_HIDDEN && mc_obj_at(e, mc_ref(e, was))->items.v[1] == e->mc->yes;
    if (fixed)
        e->mc->may_throw = true;
    else if (own)
        mc_set_item(e, mc_ref(e, was), 0, v);
    else
        mc_put(e, o, key, named, v);
    (void)name;
}

/* key in base: 1, 0, -1 not known. */
int mc_has(ev *e, uint32_t base, uint32_t named)
{
    uint32_t o = mc_ref(e, base), key = mc_unknown(e, named) ? 0 : mc_key(e, named), ret = e->mc->unknown;
    tw_str s = {0};
    if (o == TW_NONE || !key) return -1;
    if (mc_obj_at(e, o)->kind == MC_BOUND && mc_obj_at(e, o)->how == MC_PROXY) {
        if (trap(e, base, "has", named, 0, &ret)) return mc_truth(e, ret);
        e->mc->depth++;
        int there = mc_has(e, mc_obj_at(e, o)->items.v[0], named);
        e->mc->depth--;
        return there;
    }
    uint32_t text = mc_is_ref(e, named) ? 0 : mc_text(e, named);
    if (text && !ev_text(e, text, &s)) return -1;
    uint32_t v = mc_find(e, base, key, s, false);
    return v == e->mc->unknown ? (mc_known(e, o) && mc_get(e, o, key) ? 1 : -1) : v != 0;
}

/* ---- what it is as a text, as a number ---- */

static uint32_t user_method(ev *e, uint32_t v, tw_str name)
{
    uint32_t f = mc_find(e, v, mc_key_of(e, name), name, false);
    if (!f) return 0;
    f = mc_resolve_slot(e, f, v);
    return mc_is_ref(e, f) || f != e->mc->unknown ? f : mc_is_ref(e, f) ? f : e->mc->unknown;
}

/* A text where it is an error; 0 none. */
static uint32_t error_text(ev *e, uint32_t v)
{
    if (!e->mc->error || mc_instance_of(e, v, e->mc->error) != 1) return 0;
    tw_str names[2] = {TW_S("name"), TW_S("message")}, s[2];
    for (int i = 0; i < 2; i++) {
        uint32_t x = mc_property(e, v, mc_key_of(e, names[i]), e->mc->none, names[i]);
        x = x && !mc_is_ref(e, x) ? mc_text(e, x) : 0;
        if (!x || !ev_text(e, x, &s[i])) return e->mc->unknown;
    }
    bool both = s[0].n && s[1].n;
    tw_str all = tw_arena_fmt(e->tmp, "%.*s%s%.*s", TW_FMT(s[0]), both ? ": " : "", TW_FMT(s[1]));
    return ev_room(e, all.n) ? ev_folded(e, TW_VAL_STR, all, 0) : e->mc->unknown;
}

/* ToPrimitive. A value as it is: nothing of the file makes it something else; m->unknown: not known. */
uint32_t mc_primitive(ev *e, uint32_t v, bool text)
{
    uint32_t o = mc_ref(e, v), ret = e->mc->unknown, f;
    if (o == TW_NONE) return v;
    uint8_t kind = mc_obj_at(e, o)->kind;
    if (kind == MC_LIST && !mc_obj_at(e, o)->self && !e->mc->patched.n) return v;
    mc_args none = {0};
    uint32_t key = tw_intern(&e->mc->keys, TW_S("ySymbol.toPrimitive"));
    if ((f = mc_find(e, v, key, (tw_str){0}, false))) {
        uint32_t hint = ev_folded(e, TW_VAL_STR, text ? TW_S("string") : TW_S("default"), 0);
        mc_args a = {&hint, NULL, 1, false};
        f = mc_resolve_slot(e, f, v);
        uint32_t how = mc_is_ref(e, f) ? mc_apply(e, f, v, &a, 0, &ret) : 0;
        if (how == R_THROW) mc_throw(e, e->mc->thrown);
        return how == R_NORMAL ? ret : e->mc->unknown;
    }
    tw_str names[2] = {text ? TW_S("toString") : TW_S("valueOf"), text ? TW_S("valueOf") : TW_S("toString")};
    for (int i = 0; i < 2; i++) {
        f = user_method(e, v, names[i]);
        if (!mc_is_ref(e, f) || !mc_is(e, f, MC_CLOSURE)) {
            if (f == e->mc->unknown && !mc_known(e, o)) return e->mc->unknown;
            continue;
        }
        uint32_t how = mc_apply(e, f, v, &none, 0, &ret);
        if (how == R_THROW) mc_throw(e, e->mc->thrown);
        if (how != R_NORMAL || !mc_is_ref(e, ret)) return how == R_NORMAL ? ret : e->mc->unknown;
    }
    if (kind == MC_CLOSURE || kind == MC_CLASS) {
        f = ev_js_function_source(e, mc_obj_at(e, o)->a);
        return f ? f : e->mc->unknown;
    }
    if (kind == MC_LIST && mc_obj_at(e, o)->how == MC_U8) {
        mc_args comma = {0};
        return mc_method(e, v, TW_S("join"), &comma, &ret) == R_NORMAL ? ret : e->mc->unknown;
    }
    f = error_text(e, v);
    return f ? f : v;
}

/* v instanceof f: 1, 0, -1. proto: the prototype that is looked for. */
int mc_instance_of(ev *e, uint32_t v, uint32_t proto)
{
    uint32_t at = v;
    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        if (mc_ref(e, at) == TW_NONE) return ev_at(e, at)->kind == TW_VAL_NULL_ || i == 0 ? 0 : -1;
        at = mc_proto(e, at);
        if (!at) return 0;
        if (at == e->mc->unknown) return -1;
        if (mc_is_ref(e, at) && mc_ref(e, at) == mc_ref(e, proto)) return 1;
    }
    return -1;
}

/* Its contents are all there is to it: what makes a text of it, or asks for its entries, sees nothing else. */
bool mc_plain(ev *e, uint32_t v)
{
    static const tw_str names[] = {TW_SI("toString"), TW_SI("valueOf"), TW_SI("toJSON")};
    uint32_t o = mc_ref(e, v);
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind != MC_MAP && x->kind != MC_INSTANCE) return !x->self || x->kind == MC_CLOSURE;
    for (uint32_t i = 0; i < x->props.n; i++) {
        tw_str key = tw_intern_str(&e->mc->keys, x->props.v[i].key);
        if (!key.n || key.p[0] != 's' || mc_is(e, x->props.v[i].val, MC_BOUND)) return false;
        if (mc_is(e, x->props.v[i].val, MC_BOUND) || !mc_tick(e, 1)) return false;
    }
    for (size_t i = 0; i < TW_COUNT(names); i++) {
        uint32_t f = mc_find(e, v, mc_key_of(e, names[i]), (tw_str){0}, false);
        if (f) return false;
    }
    return !mc_instance_of(e, v, e->mc->error ? e->mc->error : e->mc->none);
}

/* {...v} */
bool mc_spread_into(ev *e, uint32_t to, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    if (o == TW_NONE || !mc_known(e, o) || mc_obj_at(e, o)->flags & MCO_MAYBE) return false;
    uint8_t kind = mc_obj_at(e, o)->kind;
    if (kind == MC_LIST) {
        for (uint32_t i = 0; i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++)
            mc_put_named(e, to, tw_arena_fmt(e->tmp, "%u", i), mc_obj_at(e, o)->items.v[i]);
    } else if ((kind != MC_MAP || mc_obj_at(e, o)->how & 1) && kind != MC_INSTANCE) {
        return false;
    }
    for (uint32_t i = 0; i < mc_obj_at(e, o)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, o)->props.v[i];
        if (!mc_is_hidden(e, p.val)) mc_put(e, to, p.key, p.name, mc_resolve_slot(e, p.val, v));
    }
    return true;
}

/* What values of a kind have from the language under that name. */
bool mc_of_language(tw_str kind, tw_str name)
{
    static const struct {
        const char *kind, *names;
    } rows[] = {
        {"Object", " constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf __proto__ "
                   "propertyIsEnumerable "
                   "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ "},
        {"Function", " call apply bind name length caller arguments prototype "},
        {"Array", " length push pop shift unshift splice reverse sort slice concat indexOf lastIndexOf "
                  "includes map filter forEach "
                  "some every find findIndex findLast findLastIndex reduce reduceRight join fill copyWithin "
                  "at flat flatMap entries "
                  "keys values toSorted toReversed toSpliced with "},
        {"Uint8Array", " length push slice subarray set fill indexOf lastIndexOf includes map filter forEach "
                       "some every find findIndex findLast "
                       "findLastIndex reduce reduceRight join copyWithin at entries keys values toSorted "
                       "toReversed with reverse sort buffer "
                       "byteLength byteOffset BYTES_PER_ELEMENT toString write readUInt8 readUint8 readInt8 "
                       "readUInt16LE readUInt16BE readInt16LE "
                       "readInt16BE readUInt32LE readUInt32BE readInt32LE readInt32BE readBigUInt64LE "
                       "readBigUInt64BE readUint16LE readUint16BE "
                       "readUint32LE readUint32BE readUIntBE readUIntLE readIntBE readIntLE readFloatLE "
                       "readFloatBE readDoubleLE readDoubleBE "
                       "writeUInt8 writeUint8 writeInt8 writeUInt16LE writeUInt16BE writeInt16LE "
                       "writeInt16BE writeUInt32LE writeUInt32BE "
                       "writeInt32LE writeInt32BE writeUIntBE writeUIntLE equals compare copy swap16 swap32 "
                       "swap64 toJSON inspect parent offset "
                       "asciiSlice base64Slice latin1Slice hexSlice utf8Slice ucs2Slice latin1Write "
                       "utf8Write toLocaleString "},
        {"String", " length charAt charCodeAt codePointAt at indexOf lastIndexOf includes startsWith "
                   "endsWith slice substring substr split "
                   "replace replaceAll match matchAll search trim trimStart trimEnd trimLeft trimRight "
                   "padStart padEnd repeat concat "
                   "toUpperCase toLowerCase toLocaleUpperCase toLocaleLowerCase localeCompare normalize "
                   "anchor big blink bold fixed "
                   "fontcolor fontsize italics link small strike sub sup isWellFormed toWellFormed "},
        {"Number", " toFixed toPrecision toExponential "},
        {"Map", " get set has delete clear size keys values entries forEach "},
        {"Set", " add has delete clear size keys values entries forEach union intersection difference "},
        {"Iterator",
         " next return throw map filter take drop toArray forEach reduce flatMap some every find "},
        {"Symbol", " description toString valueOf "},
        {"RegExp", " exec test source flags global lastIndex ignoreCase multiline sticky unicode dotAll "
                   "toString compile hasIndices "},
        {"Proxy", ""},
    };
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        bool own = tw_str_eq(kind, tw_str_c(rows[i].kind));
        if (i && !own) continue;
        if (own && i + 1 == TW_COUNT(rows)) return true;
        tw_str all = tw_str_c(rows[i].names);
        for (size_t at = 0, hit; name.n && (hit = tw_str_find(tw_str_sub(all, at, all.n), name)) != TW_NPOS;
             at += hit + name.n) {
            size_t from = at + hit;
            if (from && all.p[from - 1] == ' ' && all.p[from + name.n] == ' ') return true;
        }
    }
    return false;
}
