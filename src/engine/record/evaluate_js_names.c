/* SPDX-License-Identifier: Apache-2.0 */
/* Ways of JavaScript around a name: objects put together, maps, members put somewhere else, functions handed over,
 * functions called where they stand. What may have changed since is an alternative, never the only one. */
#include "engine/record/pure_priv.h"

enum { LOOK_BACK = 256, PATCHES = 512, HANDED = 8 };

static bool nameable(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    bool module = x->kind == TW_VAL_MEMBER && ev_at(e, x->a)->kind == TW_VAL_FUNC; /* of a bundle */
    return x->kind == TW_VAL_SYMBOL || x->kind == TW_VAL_FUNC ||
           (x->kind == TW_VAL_MEMBER && (x->sym || module));
}

/* v, or something else. */
static uint32_t perhaps(ev *e, uint32_t v, uint32_t other)
{
    uint32_t alts[2] = {v, other ? other : ev_unknown(e)};
    return ev_phi(e, alts, 2);
}

static uint32_t arg_of(const ev *e, const ev_call *c, uint32_t i)
{
    for (uint32_t k = 0; k <= i && k < c->n_args; k++)
        if (e->args.v[c->args + k].name == TW_ARG_SPREAD || e->args.v[c->args + k].name == TW_ARG_SPREAD_MAP)
            return 0;
    return i < c->n_args ? e->args.v[c->args + i].value : 0;
}

/* ---- objects put together ---- */

static bool put_entries(ev *e, uint32_t v, bool *escaped)
{
    ev_val m = *ev_at(e, v);
    if (m.kind != TW_VAL_MAP || m.flags & EV_LOOSE || !ev_step(e, m.n)) return false;
    *escaped |= (m.flags & EV_ESCAPED) != 0;
    for (uint32_t i = 0; i < m.n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[m.list + i]);
    return true;
}

static uint32_t made(ev *e, uint32_t base, bool escaped)
{
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    if (escaped) ev_at(e, v)->flags |= EV_ESCAPED;
    return v;
}

static uint32_t assigned(ev *e, const ev_call *c)
{
    uint32_t base = e->stack.n, first = arg_of(e, c, 0);
    bool escaped = first && ev_at(e, first)->flags & EV_OWNED;
    for (uint32_t i = 0; i < c->n_args; i++) {
        uint32_t v = arg_of(e, c, i);
        if (!v || !put_entries(e, v, &escaped)) return e->stack.n = base, 0u;
    }
    if (first && ev_at(e, first)->flags & EV_OWNED) ev_escape(e, first); /* who holds it sees it change */
    return c->n_args ? made(e, base, escaped) : 0;
}

static uint32_t created(ev *e, const ev_call *c)
{
    uint32_t base = e->stack.n, from = arg_of(e, c, 0);
    bool escaped;
    if (!from || !put_entries(e, from, &escaped)) return e->stack.n = base, 0u;
    return made(e, base, true);
}

/* Object.defineProperty(o, "k", {value: v}) */
static uint32_t defined(ev *e, const ev_call *c)
{
    uint32_t base = e->stack.n, o = arg_of(e, c, 0), key = arg_of(e, c, 1), how = arg_of(e, c, 2);
    bool escaped;
    tw_str name;
    uint32_t v = how && ev_at(e, how)->kind == TW_VAL_MAP ? ev_js_known_member(e, how, TW_S("value")) : 0;
    if (!v || !key || !ev_text(e, key, &name) || !o) return 0;
    ev_js_patch(e, o, name, v);
    ev_escape(e, o);
    if (!put_entries(e, o, &escaped)) return e->stack.n = base, 0u;
    TW_PUSH(e->tmp, e->stack, key);
    TW_PUSH(e->tmp, e->stack, v);
    return made(e, base, true);
}

static uint32_t described(ev *e, const ev_call *c)
{
    uint32_t o = arg_of(e, c, 0), key = arg_of(e, c, 1), pair[2];
    tw_str name;
    if (!o || !key || !ev_text(e, key, &name) || !name.n || name.n > 100) return 0;
    pair[0] = ev_folded(e, TW_VAL_STR, TW_S("value"), 0);
    pair[1] = ev_named_member(e, o, name);
    return nameable(e, pair[1]) ? ev_list(e, TW_VAL_MAP, pair, 2) : 0;
}

/* ---- Map, WeakMap ---- */

static bool same_key(ev *e, uint32_t x, uint32_t y)
{
    return x == y ||
           (ev_at(e, x)->kind == TW_VAL_FUNC && ev_at(e, y)->kind == TW_VAL_FUNC &&
            ev_at(e, x)->a == ev_at(e, y)->a) ||
           (ev_is_const(e, x) && ev_is_const(e, y) && ev_js_strictly_equal(e, x, y) == 1);
}

static uint32_t got(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    const ev_val *f = ev_at(e, c.callee);
    uint32_t key = arg_of(e, &c, 0), list, n, l, m, map = f->kind == TW_VAL_MEMBER ? f->a : 0;
    if (!map || !key || ev_at(e, map)->kind != TW_VAL_CALL) return 0;
    for (uint32_t i = call, k = 0; i-- > 0 && k < LOOK_BACK && ev_step(e, 1); k++) {
        ev_call s = e->calls.v[i];
        const ev_val *set = ev_at(e, s.callee);
        bool here = set->kind == TW_VAL_MEMBER && set->a == map && tw_str_eq(ev_sym(e, set->b), TW_S("set"));
        if (here && s.n_args == 2 && same_key(e, arg_of(e, &s, 0), key))
            return perhaps(e, arg_of(e, &s, 1), 0);
    }
    ev_call made_by = e->calls.v[ev_at(e, map)->a];
    uint32_t from = arg_of(e, &made_by, 0);
    if (!from || ev_at(e, from)->kind != TW_VAL_SEQ) return 0;
    list = ev_at(e, from)->list, n = ev_at(e, from)->n; /* what is in it now may differ: an alternative */
    for (uint32_t i = n; i-- > 0 && ev_step(e, 1);) {
        const ev_val *pair = ev_at(e, e->lists.v[list + i]);
        l = pair->list, m = pair->n;
        if (pair->kind == TW_VAL_SEQ && m == 2 && same_key(e, e->lists.v[l], key))
            return perhaps(e, e->lists.v[l + 1], 0);
    }
    return 0;
}

/* ---- members that were put somewhere ---- */

/* f.prototype.name = v; no source can write that name. */
static uint32_t proto_sym(ev *e, uint32_t scope, tw_str name)
{
    return tw_intern(&e->syms, tw_arena_fmt(e->tmp, "~%u.%.*s", scope, TW_FMT(name)));
}

/* new f().name, where something was put under f.prototype.name; 0: nothing was. */
uint32_t ev_js_inherited(ev *e, uint32_t base, tw_str name)
{
    const ev_val *x = ev_at(e, base);
    uint32_t scope = TW_NONE;
    if (!e->js_patches.n || !name.n || name.n > 100) return 0;
    if (x->kind == TW_VAL_INSTANCE) scope = x->a;
    if (x->kind == TW_VAL_CALL && e->calls.v[x->a].flags & TW_RC_NEW) {
        const ev_val *f = ev_at(e, e->calls.v[x->a].callee);
        if (f->kind == TW_VAL_FUNC) scope = f->a;
    }
    uint32_t sym = scope == TW_NONE ? 0 : proto_sym(e, scope, name), v = sym ? ev_js_patched(e, sym, 0) : 0;
    bool sure = !e->flow[e->scope];
    for (uint32_t i = e->js_patches.n; v && i-- > 0;)
        if (e->js_patches.v[i].sym == sym) {
            sure &= e->js_patches.v[i].sure;
            break;
        }
    return v && !sure ? perhaps(e, v, 0) : v;
}

static uint32_t patch_sym(ev *e, uint32_t base, tw_str name)
{
    static const tw_str global[] = {TW_SI("globalThis"), TW_SI("global"), TW_SI("window"), TW_SI("self")};
    const ev_val *x = ev_at(e, base);
    if (!name.n || name.n > 100) return 0;
    if (x->kind == TW_VAL_MEMBER && ev_at(e, x->a)->kind == TW_VAL_FUNC &&
        tw_str_eq(ev_sym(e, x->b), TW_S("prototype")))
        return proto_sym(e, ev_at(e, x->a)->a, name);
    if (x->kind != TW_VAL_SYMBOL || x->how == 2) return 0;
    tw_str sym = ev_sym(e, x->sym);
    if (tw_str_eq(sym, TW_S("module.exports")))
        return ev_sym_join(e, tw_intern(&e->syms, TW_S("exports")), ".", name);
    for (size_t i = 0; i < TW_COUNT(global); i++)
        if (tw_str_eq(sym, global[i])) return tw_intern(&e->syms, name);
    return ev_sym_join(e, x->sym, ".", name);
}

static bool surely(const ev *e)
{
    return !e->flow[e->scope] &&
           !(e->frames.v[e->frames.n - 1].rc & (TW_RC_GUARDED | TW_RC_LOOP | TW_RC_TRY));
}

static void add_patch(ev *e, ev_js_patch_row p)
{
    e->js_patched[p.sym / 64 % 8] |= (uint64_t)1 << p.sym % 64;
    TW_PUSH(e->tmp, e->js_patches, p);
}

static bool may_be_patched(const ev *e, uint32_t sym)
{
    return e->js_patched[sym / 64 % 8] >> sym % 64 & 1;
}

/* console.log = f, module.exports = {...}: what is found there from now on. */
void ev_js_patch(ev *e, uint32_t base, tw_str name, uint32_t val)
{
    uint8_t kind = ev_at(e, val)->kind;
    uint32_t sym = patch_sym(e, base, name);
    ev_val b = *ev_at(e, base), m = *ev_at(e, val);
    bool proto = b.kind == TW_VAL_FUNC && kind == TW_VAL_MAP && tw_str_eq(name, TW_S("prototype"));
    tw_str key;
    for (uint32_t i = 0; proto && !e->m && i + 1 < m.n && e->js_patches.n < PATCHES; i += 2)
        if (ev_text(e, e->lists.v[m.list + i], &key) && key.n < 100 &&
            nameable(e, e->lists.v[m.list + i + 1])) {
            uint32_t as = proto_sym(e, b.a, key);
            add_patch(e, (ev_js_patch_row){as, e->lists.v[m.list + i + 1], 0, surely(e)});
        }
    if (e->m || !sym || (!nameable(e, val) && kind != TW_VAL_MAP) || e->js_patches.n >= PATCHES) return;
    if (nameable(e, val) && ev_at(e, val)->kind == TW_VAL_SYMBOL && ev_at(e, val)->sym == sym) return;
    add_patch(e, (ev_js_patch_row){sym, val, e->flow[e->scope], surely(e)});
}

/* 0: nobody put anything there. */
uint32_t ev_js_patched(ev *e, uint32_t sym, uint32_t plain)
{
    uint32_t alts[4], n = 0;
    if (!may_be_patched(e, sym)) return 0;
    for (uint32_t i = e->js_patches.n; i-- > 0 && n < 3;)
        if (e->js_patches.v[i].sym == sym) alts[n++] = e->js_patches.v[i].val;
    if (!n) return 0;
    if (n == 3 || plain) alts[n++] = plain ? plain : ev_unknown(e);
    return ev_phi(e, alts, n);
}

/* module.exports.run behind module.exports = {run: f} */
uint32_t ev_js_patched_member(ev *e, uint32_t base, tw_str name, uint32_t plain)
{
    uint32_t sym = ev_at(e, base)->sym, full = ev_at(e, plain)->sym;
    if (tw_str_eq(ev_sym(e, sym), TW_S("module.exports"))) full = patch_sym(e, base, name);
    uint32_t v = full ? ev_js_patched(e, full, plain) : 0;
    for (uint32_t i = may_be_patched(e, sym) ? e->js_patches.n : 0; !v && i-- > 0;) {
        if (e->js_patches.v[i].sym != sym || ev_at(e, e->js_patches.v[i].val)->kind != TW_VAL_MAP) continue;
        uint32_t item = ev_js_known_member(e, e->js_patches.v[i].val, name);
        if (item && nameable(e, item)) v = perhaps(e, item, plain);
    }
    return v;
}

/* ---- {a, ...rest} = object ---- */

uint32_t ev_js_rest(ev *e, uint32_t at)
{
    const tw_insn *v = e->ir->insns.v;
    uint32_t whole = at < e->at ? e->of[at] : 0, base = e->stack.n, without = 0;
    bool fine = whole && e->at - at <= LOOK_BACK && ev_at(e, whole)->kind == TW_VAL_MAP &&
                !(ev_at(e, whole)->flags & (EV_LOOSE | EV_ESCAPED));
    ev_val m = *ev_at(e, whole);
    for (uint32_t i = at + 1; i < e->at; i++)
        without +=
            v[i].flags & TW_IF_UNPACK && (v[i].op == TW_OP_MEMBER || v[i].op == TW_OP_INDEX) && v[i].a == at;
    if (!without) return whole ? whole : ev_unknown(e);
    for (uint32_t k = 0; fine && k + 1 < m.n && ev_step(e, 1 + without); k += 2) {
        tw_str key;
        bool gone = false;
        fine = ev_text(e, e->lists.v[m.list + k], &key);
        for (uint32_t i = at + 1; fine && i < e->at; i++) {
            if (!(v[i].flags & TW_IF_UNPACK) || v[i].a != at) continue;
            if (v[i].op == TW_OP_INDEX) fine = false;
            gone |= v[i].op == TW_OP_MEMBER && tw_str_eq(tw_ir_text(e->ir, v[i].b), key);
        }
        if (gone) continue;
        TW_PUSH(e->tmp, e->stack, e->lists.v[m.list + k]);
        TW_PUSH(e->tmp, e->stack, e->lists.v[m.list + k + 1]);
    }
    if (fine) return made(e, base, false);
    e->stack.n = base;
    uint8_t kind = ev_at(e, whole)->kind;
    return kind == TW_VAL_MAP || kind == TW_VAL_MUT ? ev_unknown(e) : whole;
}

/* ---- with (object) name ---- */

uint32_t ev_js_within(ev *e, tw_str name)
{
    for (uint32_t i = e->js_with ? e->frames.n : 0; i-- > 0;) {
        const tw_insn *in = &e->ir->insns.v[e->frames.v[i].enter];
        if (e->frames.v[i].kind != TW_REGION_WITH || in->flags & TW_IF_HOISTED || !in->a || in->a >= e->at)
            continue;
        uint32_t object = e->of[in->a],
                 v = object && nameable(e, object) ? ev_named_member(e, object, name) : 0;
        if (v) return perhaps(e, v, ev_symbol(e, tw_intern(&e->syms, name)));
    }
    return 0;
}

/* ---- functions handed over ---- */

typedef enum given { ITEM, ARG_ITEM, REST, RESOLVED, NOTHING } given;
static const struct {
    tw_str name; /* of the whole symbol, or behind its last dot */
    uint8_t f, what, from;
} takers[] = {
    {TW_SI("forEach"), 0, ITEM, 0},
    {TW_SI("map"), 0, ITEM, 0},
    {TW_SI("filter"), 0, ITEM, 0},
    {TW_SI("some"), 0, ITEM, 0},
    {TW_SI("every"), 0, ITEM, 0},
    {TW_SI("find"), 0, ITEM, 0},
    {TW_SI("flatMap"), 0, ITEM, 0},
    {TW_SI("from"), 1, ARG_ITEM, 0},
    {TW_SI("then"), 0, RESOLVED, 0},
    {TW_SI("catch"), 0, NOTHING, 0},
    {TW_SI("finally"), 0, NOTHING, 0},
    {TW_SI("setTimeout"), 0, REST, 2},
    {TW_SI("setInterval"), 0, REST, 2},
    {TW_SI("setImmediate"), 0, REST, 1},
    {TW_SI("queueMicrotask"), 0, NOTHING, 0},
    {TW_SI("nextTick"), 0, REST, 1},
    {TW_SI("on"), 1, NOTHING, 0},
    {TW_SI("once"), 1, NOTHING, 0},
    {TW_SI("addListener"), 1, NOTHING, 0},
    {TW_SI("addEventListener"), 1, NOTHING, 0},
    {TW_SI("replace"), 1, NOTHING, 0},
};

static uint32_t first_item(ev *e, uint32_t v)
{
    uint32_t list, n;
    if (ev_items(e, v, &list, &n) && n == 1) return e->lists.v[list];
    return ev_iter(e, v);
}

static void call_of(ev *e, const ev_call *c, uint32_t f, const uint32_t *args, uint32_t n)
{
    ev_call w = {.callee = f, .args = e->args.n, .n_args = n, .off = c->off, .len = c->len};
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){args[i], 0}));
    ev_call_besides(e, w);
}

/* [x].forEach(f), setTimeout(f, 1, x), promise.then(f): a call of f besides, where f is from outside. */
void ev_js_hand_over(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    bool any = false;
    for (uint32_t i = 0; i < c.n_args && i < 2; i++) any |= nameable(e, e->args.v[c.args + i].value);
    if (!any || e->m || c.flags & (TW_RC_NEW | TW_RC_DECORATOR)) return;
    tw_str sym = ev_sym(e, c.sym);
    const ev_val *x = ev_at(e, c.callee);
    size_t dot = tw_str_rchr(sym, '.');
    tw_str name = dot == TW_NPOS ? sym : tw_str_sub(sym, dot + 1, sym.n);
    uint32_t self = x->kind == TW_VAL_MEMBER ? x->a : 0, args[HANDED], n = 0;
    if (x->kind == TW_VAL_SYMBOL && tw_str_eq(name, TW_S("then")) && dot != TW_NPOS && dot)
        self = ev_js_module(e, tw_str_sub(sym, 0, dot));
    for (size_t i = 0; i < TW_COUNT(takers); i++) {
        if (!tw_str_eq(takers[i].name, name)) continue;
        uint32_t f = arg_of(e, &c, takers[i].f);
        if (!f) return;
        ev_val fv = *ev_at(e, f);
        if (takers[i].what == RESOLVED && fv.kind == TW_VAL_FUNC && self &&
            ev_at(e, self)->kind == TW_VAL_SYMBOL) {
            ev_js_called_once(e, fv.a, &self, 1); /* import("x").then(m => ...) */
            return;
        }
        if ((fv.kind != TW_VAL_SYMBOL || fv.how) && (fv.kind != TW_VAL_MEMBER || !fv.sym)) return;
        if (takers[i].what == ITEM && self) args[n++] = first_item(e, self);
        if (takers[i].what == ITEM && !self) return;
        if (takers[i].what == ARG_ITEM) args[n++] = first_item(e, arg_of(e, &c, 0));
        if (takers[i].what == RESOLVED && self && ev_at(e, self)->kind == TW_VAL_CALL) {
            ev_call p = e->calls.v[ev_at(e, self)->a];
            bool known = tw_str_eq(ev_sym(e, p.sym), TW_S("Promise.resolve")) && arg_of(e, &p, 0);
            args[n++] = known ? arg_of(e, &p, 0) : self;
        }
        for (uint32_t k = takers[i].from; takers[i].what == REST && k < c.n_args && n < HANDED; k++)
            if (arg_of(e, &c, k)) args[n++] = arg_of(e, &c, k);
        call_of(e, &c, f, args, n);
        return;
    }
}

/* ---- functions called where they stand ---- */

void ev_js_called_once(ev *e, uint32_t scope, const uint32_t *v, uint32_t n)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    if (sc->kind != TW_REGION_LAMBDA && sc->kind != TW_REGION_FUNCTION) return;
    if (sc->name || e->m || e->scopes[scope].n_given || tw_intern_find(&e->ir->strings, TW_S("callee")))
        return;
    e->scopes[scope].given = e->lists.n, e->scopes[scope].n_given = n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->lists, v[i]);
}

/* (function (a) {...})(x), (a => ...)(x), (function (a) {...}).call(this, x): a is x. */
void ev_js_iife(ev *e, const tw_insn *in, const ev_call *c)
{
    const tw_insn *f = in->a < e->at ? &e->ir->insns.v[in->a] : NULL;
    uint32_t skip = 0, at = in->a, args[HANDED], n = 0;
    if (e->m || !f || in->flags & TW_IF_NEW) return;
    if (f->op == TW_OP_MEMBER && f->a < in->a && tw_str_eq(tw_ir_text(e->ir, f->b), TW_S("call")))
        at = f->a, f = &e->ir->insns.v[at], skip = 1;
    if (f->op != TW_OP_FUNC || f->a >= e->ir->scopes.n) return;
    uint32_t end = e->leave[e->ir->scopes.v[f->a].enter];
    for (uint32_t i = end + 1; i < e->at; i++) { /* (x = function () {})() has a name all the same */
        const tw_insn *k = &e->ir->insns.v[i];
        bool kept = (k->op == TW_OP_BIND && k->b == at) ||
                    ((k->op == TW_OP_SETMEMBER || k->op == TW_OP_SETINDEX) && k->c == at);
        if (kept || i > end + 256) return;
    }
    for (uint32_t i = skip; i < c->n_args && n < HANDED; i++) {
        uint32_t v = arg_of(e, c, i);
        if (!v) break;
        args[n++] = v;
    }
    if (n) ev_js_called_once(e, f->a, args, n);
}

/* What the parameter of such a function is; 0: it is a parameter. */
uint32_t ev_js_given(ev *e, uint32_t scope, uint32_t param)
{
    const ev_scope *sc = &e->scopes[scope];
    const tw_scope *s = &e->ir->scopes.v[scope];
    if (param >= sc->n_given || param >= s->n_params || e->ir->params.v[s->params + param].kind) return 0;
    uint32_t v = e->lists.v[sc->given + param];
    uint8_t kind = ev_at(e, v)->kind;
    return nameable(e, v) || kind == TW_VAL_STR || kind == TW_VAL_INT || kind == TW_VAL_BOOL ||
                   kind == EV_ROPE
               ? v
               : 0;
}

/* ---- calls whose result is one of these ---- */

uint32_t ev_js_named_call(ev *e, uint32_t call)
{
    static const struct {
        tw_str name;
        uint32_t (*f)(ev *, const ev_call *);
    } rows[] = {{TW_SI("Object.assign"), assigned},
                {TW_SI("Object.create"), created},
                {TW_SI("Object.defineProperty"), defined},
                {TW_SI("Object.getOwnPropertyDescriptor"), described},
                {TW_SI("Reflect.getOwnPropertyDescriptor"), described}};
    ev_call c = e->calls.v[call];
    tw_str sym = ev_sym(e, c.sym);
    if (!sym.n || !memchr("ORMWP", sym.p[0], 5)) return 0;
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].name, sym)) return rows[i].f(e, &c);
    if (tw_str_eq(sym, TW_S("Map().get")) || tw_str_eq(sym, TW_S("WeakMap().get"))) return got(e, call);
    uint32_t first = arg_of(e, &c, 0), list, n, args[HANDED];
    if (tw_str_eq(sym, TW_S("Proxy")) && first && nameable(e, first)) return first;
    if (!tw_str_eq(sym, TW_S("Reflect.construct")) || !first || !nameable(e, first) || e->m) return 0;
    uint32_t with = arg_of(e, &c, 1);
    if (!with || !ev_items(e, with, &list, &n) || n > HANDED) return 0;
    for (uint32_t i = 0; i < n; i++) args[i] = e->lists.v[list + i];
    ev_call w = {
        .callee = first, .args = e->args.n, .n_args = n, .off = c.off, .len = c.len, .flags = TW_RC_NEW};
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){args[i], 0}));
    return ev_call_besides(e, w);
}

/* A field is computed whenever an object is made: what reads a variable that changes is one of several, and what
 * changes one happens as often. */
uint32_t ev_js_field(ev *e, uint32_t v)
{
    bool field = !e->m && e->ir->scopes.v[e->scope].kind == TW_REGION_CLASS && ev_is_const(e, v);
    bool changes = false, begun = !field;
    for (uint32_t i = e->at; i-- > 1 && !begun && !changes && ev_step(e, 1);) {
        const tw_insn *in = &e->ir->insns.v[i];
        uint32_t var = TW_NONE, s = e->scope;
        if (in->op == TW_OP_LEAVE && in->a < i) i = in->a;
        if (in->op == TW_OP_ENTER && in->kind == TW_REGION_CLASS && in->b == s) begun = true;
        if (in->op != TW_OP_READ && in->op != TW_OP_BIND) continue;
        if (in->op == TW_OP_BIND && ev_find_var(e, in->a, s) != TW_NONE) break; /* the field before */
        while (s && var == TW_NONE) s = e->ir->scopes.v[s].parent, var = ev_find_var(e, in->a, s);
        changes = var != TW_NONE && (in->op == TW_OP_BIND || e->vars.v[var].n > 1);
    }
    uint32_t alts[2] = {v, ev_unknown(e)};
    return changes ? ev_phi(e, alts, 2) : v;
}
