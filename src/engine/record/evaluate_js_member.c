/* SPDX-License-Identifier: Apache-2.0 */
/* What JavaScript finds on a known value under a known name: items, entries, what every text, number, list or
 * function has. */
#include <math.h>

#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { REGEX = 2, KEY_MAX = 200 }; /* REGEX: ev_val.how of a SYMBOL */

/* ---- what the language brings ---- */

typedef struct brought {
    tw_str of;
    const char *names; /* each between blanks */
} brought;
static const brought methods[] = {
    {TW_SI("String"),
     " at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match "
     "matchAll "
     "normalize padEnd padStart repeat replace replaceAll search slice split substring substr startsWith "
     "isWellFormed toWellFormed toString trim trimStart trimEnd toLocaleLowerCase toLocaleUpperCase "
     "toLowerCase "
     "toUpperCase valueOf anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup "},
    {TW_SI("Array"),
     " at concat copyWithin fill find findIndex findLast findLastIndex lastIndexOf pop push reverse shift "
     "unshift "
     "slice sort splice includes indexOf join keys entries values forEach filter flat flatMap map every some "
     "reduce reduceRight toReversed toSorted toSpliced toLocaleString toString with "},
    {TW_SI("Number"), " toExponential toFixed toPrecision toString valueOf toLocaleString "},
    {TW_SI("Boolean"), " toString valueOf "},
    {TW_SI("Function"), " apply bind call toString "},
    {TW_SI("RegExp"), " exec compile toString test "},
    {TW_SI("Object"),
     " __defineGetter__ __defineSetter__ hasOwnProperty __lookupGetter__ __lookupSetter__ isPrototypeOf "
     "propertyIsEnumerable toString valueOf toLocaleString "},
};
static const brought statics[] = {
    {TW_SI("String"), " fromCharCode fromCodePoint raw "},
    {TW_SI("Array"), " isArray from of "},
    {TW_SI("Number"), " isFinite isInteger isNaN isSafeInteger parseFloat parseInt "},
    {TW_SI("Object"), " assign create defineProperty entries freeze fromEntries keys values seal is "},
};
static const char globals[] = " Array ArrayBuffer BigInt Boolean Date Error EvalError Function Map Number "
                              "Object Promise Proxy RangeError "
                              "ReferenceError RegExp Set String Symbol SyntaxError TypeError URIError "
                              "Uint8Array WeakMap WeakSet decodeURI "
                              "decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN "
                              "parseFloat parseInt unescape ";

static bool listed(const char *names, tw_str name)
{
    tw_str all = tw_str_c(names);
    if (!name.n || name.n > 40 || tw_str_chr(name, ' ') != TW_NPOS) return false;
    for (size_t at = 0; at < all.n;) {
        size_t hit = tw_str_find(tw_str_sub(all, at, all.n), name);
        if (hit == TW_NPOS) return false;
        at += hit;
        if (at && all.p[at - 1] == ' ' && all.p[at + name.n] == ' ') return true;
        at++;
    }
    return false;
}

static bool has(const brought *rows, size_t n, tw_str of, tw_str name)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_eq(rows[i].of, of)) return listed(rows[i].names, name);
    return false;
}

/* The name of the function of the language that v surely is; empty: it is none. */
tw_str ev_js_intrinsic(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if ((x->kind != TW_VAL_SYMBOL && x->kind != TW_VAL_MEMBER) || x->how) return (tw_str){0};
    tw_str sym = ev_sym(e, x->sym), none = {0};
    size_t dot = tw_str_rchr(sym, '.');
    if (dot == TW_NPOS) return x->kind == TW_VAL_SYMBOL && listed(globals, sym) ? sym : none;
    tw_str of = tw_str_sub(sym, 0, dot), name = tw_str_sub(sym, dot + 1, sym.n);
    if (x->kind == TW_VAL_SYMBOL) {
        if (tw_str_ends(of, TW_S(".prototype"))) of.n -= 10;
        bool proto = of.n < dot;
        if (proto) return has(methods, TW_COUNT(methods), of, name) ? name : none;
        return has(statics, TW_COUNT(statics), of, name) ? name : none;
    }
    uint8_t base = ev_at(e, x->a)->kind;
    bool known = ev_is_const(e, x->a) || base == TW_VAL_SEQ || base == TW_VAL_FUNC || base == TW_VAL_MAP ||
                 ev_at(e, x->a)->how == REGEX || ev_js_intrinsic(e, x->a).n;
    if (!known) return none;
    return has(methods, TW_COUNT(methods), of, name) || has(methods + 6, 1, TW_S("Object"), name) ? name
                                                                                                  : none;
}

bool ev_js_is_regex(const ev *e, uint32_t v, tw_str *ret)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_SYMBOL || x->how != REGEX) return false;
    if (ret) *ret = e->texts.v[x->b];
    return true;
}

/* /.../flags; its name is its text where that is short. */
uint32_t ev_js_regex(ev *e, tw_str text)
{
    uint32_t v = ev_symbol(e, tw_intern(&e->syms, text.n && text.n < 200 ? text : TW_S("RegExp")));
    TW_PUSH(e->tmp, e->texts, text);
    ev_at(e, v)->how = REGEX;
    ev_at(e, v)->b = e->texts.n - 1;
    return v;
}

/* As it stands, of functions and classes; of methods the text is not looked for. */
uint32_t ev_js_function_source(ev *e, uint32_t scope)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    const tw_insn *enter = &e->ir->insns.v[sc->enter];
    size_t to = (size_t)enter->off + enter->len;
    if (enter->op != TW_OP_ENTER || enter->b != scope || !enter->len || to > e->ir->source.n || sc->off >= to)
        return 0;
    tw_str s = tw_str_sub(e->ir->source, sc->off, to);
    bool whole = sc->kind == TW_REGION_LAMBDA || tw_str_starts(s, TW_S("function")) ||
                 tw_str_starts(s, TW_S("async ")) || tw_str_starts(s, TW_S("class"));
    bool plain = e->ir->lang == TW_LANG_JAVASCRIPT && whole && tw_str_find(s, TW_S("\r")) == TW_NPOS;
    return plain && ev_room(e, s.n) ? ev_folded(e, TW_VAL_STR, s, 0) : 0;
}

/* ---- entries of object literals ---- */

static bool same_key(ev *e, uint32_t k, tw_str name, bool *ret_known)
{
    tw_str text;
    uint32_t t = ev_is_const(e, k) ? ev_js_text(e, k) : 0;
    *ret_known = t && ev_text(e, t, &text) && ev_at(e, k)->kind != TW_VAL_SEQ;
    return *ret_known && tw_str_eq(text, name);
}

/* Something that may have run by now sets members of that name, on whatever object. */
static bool may_be_set(const ev *e, tw_str name)
{
    uint8_t by = e->flow[e->scope] || e->m ? EV_STORED_MODULE | EV_STORED_FUNCTION : EV_STORED_FUNCTION;
    uint32_t s = tw_intern_find(&e->ir->strings, name);
    return (e->stored_any | (s ? e->stored[s] : 0)) & by;
}

static uint32_t entry_value(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_FUNC || !(e->ir->scopes.v[x->a].flags & 8)) return v;
    ev_args none = {0};
    return ev_machine_call(e, v, 0, &none); /* a getter */
}

/* The item under a name; 0 not known. *ret_gone: it surely has none. */
static uint32_t entry(ev *e, uint32_t v, tw_str name, bool *ret_gone)
{
    ev_val m = *ev_at(e, v);
    bool known = true, proto = false;
    *ret_gone = false;
    if (m.kind != TW_VAL_MAP || m.flags & EV_LOOSE || !ev_step(e, m.n / 8)) return 0;
    for (uint32_t i = m.n; i >= 2; i -= 2) {
        if (same_key(e, e->lists.v[m.list + i - 2], name, &known)) {
            uint32_t item = e->lists.v[m.list + i - 1];
            if (!(m.flags & EV_ESCAPED) && !may_be_set(e, name)) return entry_value(e, item);
            uint8_t kind = ev_at(e, item)->kind;
            uint32_t alts[2] = {item, ev_unknown(e)};
            bool callable = kind == TW_VAL_FUNC || kind == TW_VAL_SYMBOL || kind == TW_VAL_MEMBER;
            return callable && !e->m ? ev_phi(e, alts, 2) : 0;
        }
        if (!known) return 0;
        bool same;
        proto |= same_key(e, e->lists.v[m.list + i - 2], TW_S("__proto__"), &same);
    }
    *ret_gone = !(m.flags & EV_ESCAPED) && !proto;
    return 0;
}

bool ev_js_has_key(ev *e, uint32_t object, uint32_t key, bool *ret_there)
{
    tw_str name;
    uint32_t text = ev_js_text(e, key), list, n;
    bool gone;
    double d;
    if (!text || !ev_text(e, text, &name)) return false;
    if (ev_items(e, object, &list, &n) && ev_js_parse_number(name, &d)) {
        *ret_there = d >= 0 && d < n;
        return true;
    }
    if (ev_at(e, object)->kind != TW_VAL_MAP) return false;
    if (entry(e, object, name, &gone)) return *ret_there = true;
    *ret_there = false;
    return gone && !has(methods + 6, 1, TW_S("Object"), name) && !tw_str_eq(name, TW_S("constructor"));
}

/* ---- members ---- */

static tw_str type_name(const ev *e, uint32_t v)
{
    static const char *const names[EV_ROPE + 1] = {
        [TW_VAL_STR] = "String", [TW_VAL_CONCAT] = "String", [EV_ROPE] = "String",
        [TW_VAL_INT] = "Number", [TW_VAL_FLOAT] = "Number",  [TW_VAL_BOOL] = "Boolean",
        [TW_VAL_SEQ] = "Array",  [TW_VAL_MAP] = "Object"};
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_SYMBOL && x->how == REGEX) return TW_S("RegExp");
    if (ev_js_intrinsic(e, v).n) return TW_S("Function");
    if (x->kind == TW_VAL_FUNC) {
        const tw_scope *sc = &e->ir->scopes.v[x->a];
        return sc->kind != TW_REGION_CLASS && !(sc->flags & 3) ? TW_S("Function") : (tw_str){0};
    }
    if (x->kind == EV_ROPE && x->flags & EV_BYTES) return (tw_str){0};
    return tw_str_c(names[x->kind] ? names[x->kind] : "");
}

/* "12" and the like: *ret the number. */
static bool is_position(tw_str name, int64_t *ret)
{
    if (!name.n || name.n > 9 || (name.p[0] == '0' && name.n > 1)) return false;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < '0' || name.p[i] > '9') return false;
    return ev_parse_int(name, 10, ret);
}

static uint32_t item_at(ev *e, uint32_t base, int64_t i, bool *ret_gone)
{
    uint32_t list, n;
    int64_t len;
    if (ev_at(e, base)->kind == TW_VAL_SEQ || ev_at(e, base)->kind == TW_VAL_MUT) {
        if (!ev_items(e, base, &list, &n)) return 0;
        *ret_gone = i >= n;
        return i < n ? e->lists.v[list + (uint32_t)i] : 0;
    }
    if (!ev_js_length(e, base, &len)) return 0;
    *ret_gone = i >= len;
    return *ret_gone ? 0 : ev_js_unit(e, base, i);
}

static uint32_t constructor_of(ev *e, tw_str type)
{
    uint32_t v = ev_symbol(e, tw_intern(&e->syms, type));
    ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

static bool prototypes_change(const ev *e)
{
    static const tw_str names[] = {TW_SI("__proto__"), TW_SI("setPrototypeOf"), TW_SI("defineProperty"),
                                   TW_SI("defineProperties")};
    for (size_t i = 0; i < TW_COUNT(names) && !e->js_prototypes; i++)
        if (tw_intern_find(&e->ir->strings, names[i])) return true;
    return e->js_prototypes;
}

static uint32_t of_function(ev *e, uint32_t base, tw_str name)
{
    const ev_val *x = ev_at(e, base);
    tw_str own = ev_js_intrinsic(e, base);
    if (x->kind == TW_VAL_FUNC) own = tw_ir_text(e->ir, e->ir->scopes.v[x->a].name);
    if (!tw_str_eq(name, TW_S("name")) || !own.n) return 0;
    return ev_folded(e, TW_VAL_STR, own, 0);
}

static uint32_t by_name(ev *e, uint32_t base, tw_str name, tw_str type, bool gone)
{
    int64_t n;
    tw_str text;
    bool is_map = ev_at(e, base)->kind == TW_VAL_MAP;
    if (tw_str_eq(name, TW_S("length")) && ev_js_length(e, base, &n)) return ev_int(e, n);
    if (tw_str_eq(name, TW_S("constructor")) && type.n && (!is_map || gone)) return constructor_of(e, type);
    if (tw_str_eq(type, TW_S("Function"))) return of_function(e, base, name);
    size_t end = ev_js_is_regex(e, base, &text) ? tw_str_rchr(text, '/') : 0;
    bool source = end > 1 && end != TW_NPOS && tw_str_eq(name, TW_S("source"));
    return source ? ev_folded(e, TW_VAL_STR, tw_str_sub(text, 1, end), 0) : 0;
}

/* A member that is known through and through; 0: an ordinary one. */
uint32_t ev_js_known_member(ev *e, uint32_t base, tw_str name)
{
    static const bool plain[EV_ROPE + 1] = {
        [TW_VAL_STR] = 1,   [TW_VAL_CONCAT] = 1, [EV_ROPE] = 1,    [TW_VAL_BYTES] = 1, [TW_VAL_INT] = 1,
        [TW_VAL_FLOAT] = 1, [TW_VAL_BOOL] = 1,   [TW_VAL_SEQ] = 1, [TW_VAL_MAP] = 1,   [TW_VAL_MUT] = 1};
    int64_t i;
    bool gone = false;
    uint32_t v = 0;
    const ev_val *x = ev_at(e, base);
    bool function = name.n == 4 ? tw_str_eq(name, TW_S("name")) : tw_str_eq(name, TW_S("constructor"));
    if (!plain[x->kind] && !(x->kind == TW_VAL_SYMBOL && x->how) && !function) return 0;
    tw_str type = type_name(e, base);
    if (x->kind == TW_VAL_MAP) v = entry(e, base, name, &gone);
    if (v) return v;
    bool list = x->kind == TW_VAL_SEQ || x->kind == TW_VAL_MUT, bytes = x->kind == TW_VAL_BYTES;
    bool at = is_position(name, &i) && (list || bytes || tw_str_eq(type, TW_S("String")));
    if (at) v = item_at(e, base, i, &gone);
    if (at && !v && !gone) return 0;
    if (!at) v = by_name(e, base, name, type, gone);
    if (v) return v;
    bool simple = (ev_is_const(e, base) && tw_str_eq(type, TW_S("String"))) ||
                  tw_str_eq(type, TW_S("Number")) || tw_str_eq(type, TW_S("Boolean"));
    uint32_t items, n;
    bool own = x->kind == TW_VAL_SEQ && ev_items(e, base, &items, &n);
    if (!gone && !simple && !own) return 0;
    if (x->kind == TW_VAL_MAP && !gone) return 0;
    if (has(methods, TW_COUNT(methods), type, name) || has(methods + 6, 1, TW_S("Object"), name) ||
        tw_str_eq(name, TW_S("constructor")) || tw_str_eq(name, TW_S("length")) ||
        tw_str_eq(name, TW_S("__proto__")) || prototypes_change(e))
        return 0;
    static const tw_str extra[] = {TW_SI("index"), TW_SI("input"), TW_SI("groups"), TW_SI("raw")};
    for (size_t k = 0; k < TW_COUNT(extra); k++) /* what match() gives has these */
        if (tw_str_eq(name, extra[k])) return 0;
    return may_be_set(e, name) ? 0 : ev_js_undefined(e);
}

/* What of a text that is not known is the same everywhere: "Sun Nov 22 2026 10:00:00 GMT" of Date(), "[object " of
 * the global object. */
static uint32_t letter_of(ev *e, uint32_t base, uint32_t key)
{
    const ev_val *x = ev_at(e, base);
    int64_t i, before = 0;
    tw_str known = TW_S("GMT"), s;
    bool sum = x->kind == TW_VAL_OP && x->n == 2 && tw_str_eq(ev_sym(e, x->b), TW_S("+"));
    if ((!sum && x->kind != EV_ROPE) || !ev_is_const(e, key)) return 0;
    uint32_t front = sum ? ev_item(e, x, 0) : x->a, of = sum ? ev_item(e, x, 1) : x->b, from = 25;
    bool turned = ev_is_const(e, of);
    if (turned) of = front, front = 0;
    const ev_val *d = ev_at(e, of);
    bool date = d->kind == TW_VAL_CALL && tw_str_eq(ev_sym(e, d->sym), TW_S("Date()")) && d->a < e->calls.n &&
                !(e->calls.v[d->a].flags & TW_RC_NEW);
    bool global = d->kind == TW_VAL_SYMBOL && tw_str_eq(ev_sym(e, d->sym), TW_S("globalThis"));
    if (global) known = TW_S("[object "), from = 0;
    uint32_t text = front ? ev_js_text(e, front) : 0, k = date || global ? ev_js_text(e, key) : 0;
    if (front && (!text || !ev_js_length(e, text, &before))) return 0;
    if (!k || !ev_text(e, k, &s) || !is_position(s, &i)) return 0;
    i -= before + from;
    return i >= 0 && i < (int64_t)known.n
               ? ev_folded(e, TW_VAL_STR, tw_str_sub(known, (size_t)i, (size_t)i + 1), 0)
               : 0;
}

/* base[key] where both are known; 0: an ordinary one. */
uint32_t ev_js_known_index(ev *e, uint32_t base, uint32_t key)
{
    tw_str name;
    bool part =
        ev_at(e, base)->kind == TW_VAL_OP || (ev_at(e, base)->kind == EV_ROPE && !ev_is_const(e, base));
    if (part) return letter_of(e, base, key);
    const ev_val *x = ev_at(e, base);
    bool fits = x->kind == TW_VAL_STR || x->kind == EV_ROPE || x->kind == TW_VAL_SEQ ||
                x->kind == TW_VAL_MUT || x->kind == TW_VAL_MAP || x->kind == TW_VAL_INT ||
                x->kind == TW_VAL_FLOAT || x->kind == TW_VAL_BOOL || x->kind == TW_VAL_BYTES ||
                x->kind == TW_VAL_FUNC || x->how == REGEX || ev_js_intrinsic(e, base).n;
    if (!fits || tw_str_eq(ev_sym(e, x->sym), TW_S("process.env"))) return 0;
    uint32_t text = ev_at(e, key)->kind == TW_VAL_STR ? key : ev_js_text(e, key);
    if (!text || !ev_text(e, text, &name) || name.n > KEY_MAX) return 0;
    return ev_js_known_member(e, base, name);
}

/* Object() */
uint32_t ev_js_new_object(ev *e, const ev_args *a)
{
    return a->n ? 0 : ev_list(e, TW_VAL_MAP, NULL, 0);
}

/* Object.prototype.toString of something known. */
uint32_t ev_js_class_name(ev *e, const ev_args *a)
{
    static const char *const names[EV_ROPE + 1] = {
        [TW_VAL_STR] = "String",   [EV_ROPE] = "String",   [TW_VAL_INT] = "Number",
        [TW_VAL_FLOAT] = "Number", [TW_VAL_SEQ] = "Array", [TW_VAL_BOOL] = "Boolean",
        [TW_VAL_NULL_] = "Null"};
    const ev_val *x = ev_at(e, a->self);
    const char *name = x->kind == TW_VAL_NULL_ && (x->a || !a->self) ? "Undefined" : names[x->kind];
    if (!a->self || !name || (x->kind == EV_ROPE && x->flags & EV_BYTES)) return 0;
    if (x->kind == TW_VAL_FLOAT && ev_js_is_bigint(e, a->self)) name = "BigInt";
    return ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "[object %s]", name), 0);
}

bool ev_js_boxes(const ev *e, uint32_t sym)
{
    tw_str s = ev_sym(e, sym);
    return e->js && listed(" String Number Boolean BigInt Symbol Object ", s);
}

uint32_t ev_js_global_value(ev *e, tw_str name)
{
    if (tw_str_eq(name, TW_S("undefined"))) return ev_js_undefined(e);
    if (tw_str_eq(name, TW_S("NaN"))) return ev_js_double(e, NAN);
    return tw_str_eq(name, TW_S("Infinity")) ? ev_js_double(e, INFINITY) : 0;
}

bool ev_js_letters(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n)
{
    uint8_t kind;
    tw_str s;
    uint32_t base = e->stack.n;
    if (!e->js || !ev_is_const(e, v) || !ev_is_text(e, v, &kind) || !ev_text(e, v, &s)) return false;
    if ((kind == TW_VAL_STR && !tw_utf8_valid(s)) || !ev_elements(e, v)) return e->stack.n = base, false;
    v = ev_js_array(e, base);
    return ev_items(e, v, ret_list, ret_n);
}

uint32_t ev_js_regex_member(ev *e, uint32_t base, tw_str name)
{
    if (!has(methods, TW_COUNT(methods), TW_S("RegExp"), name)) return 0;
    uint32_t v = ev_new(e, TW_VAL_MEMBER, base, tw_intern(&e->syms, name));
    uint32_t sym = ev_sym_join(e, tw_intern(&e->syms, TW_S("RegExp")), ".", name);
    ev_at(e, v)->sym = sym;
    return v;
}
