/* SPDX-License-Identifier: Apache-2.0 */
/* What a function of this file gives, seen from a call of it: the expression that it returns is followed back
 * to parameters, names and constants, without running anything. For functions that hide a name
 * (`def pick(m): return getattr(m, "system")`), and attributes that a constructor sets. What takes more than
 * one way through the function is the machine's. */
#include "engine/record/pure_priv.h"

enum { DEPTH = 16, PEEKS = 6, NODES = 256, BODY = 2000, WALK = 120 };

typedef ev_peek_env env;
typedef struct peek {
    ev *e;
    uint32_t nodes, depth;
    bool sure; /* a constant would be what Python gives */
    bool used; /* an argument was looked at */
} peek;

static uint32_t look(peek *p, const env *in, uint32_t at);

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

bool ev_is_name(const ev *e, uint32_t v)
{
    static const bool kinds[EV_ROPE + 1] = {[TW_VAL_SYMBOL] = 1, [TW_VAL_FUNC] = 1, [TW_VAL_INSTANCE] = 1};
    const ev_val *x = ev_at(e, v);
    return v && (kinds[x->kind] || ((x->kind == TW_VAL_MEMBER || x->kind == TW_VAL_CALL) && x->sym));
}

/* ---- names ---- */

/* Of JavaScript its instruction stands in the body, which may not have been read yet. */
static uint32_t default_of(peek *p, const env *in, uint32_t var)
{
    ev *e = p->e;
    const ev_var *v = &e->vars.v[var];
    for (uint32_t i = 0; i < v->n; i++) {
        const tw_insn *bind = insn(e, e->places.v[v->first + i]);
        if (bind->op != TW_OP_BIND || bind->kind != TW_BIND_PARAM) continue;
        if (!bind->b) return e->js ? ev_js_undefined(e) : 0;
        return e->of[bind->b] || !e->js ? e->of[bind->b] : look(p, in, bind->b);
    }
    return 0;
}

static bool changed_param(const ev *e, const ev_var *v)
{
    uint32_t others = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        const tw_insn *in = insn(e, e->places.v[v->first + i]);
        others += !(in->op == TW_OP_ENTER || (in->op == TW_OP_BIND && in->kind == TW_BIND_PARAM));
    }
    return others || v->flags & (EVV_SHARED | EVV_LOOSE);
}

static uint32_t rest_of(ev *e, const ev_args *a, uint32_t from)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = from; i < a->n && !a->names[i]; i++) TW_PUSH(e->tmp, e->stack, a->v[i]);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = TW_SEQ_TUPLE;
    e->stack.n = base;
    return v;
}

/* **names: those that are no parameter's. */
static uint32_t names_of(ev *e, const tw_scope *sc, const ev_args *a)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < a->n; i++) {
        bool own = !a->names[i] || a->names[i] >= TW_ARG_SPREAD_MAP;
        for (uint32_t k = 0; k < sc->n_params && !own; k++) {
            tw_param p = e->ir->params.v[sc->params + k];
            own = p.name == a->names[i] && p.kind < 2;
        }
        if (own) continue;
        TW_PUSH(e->tmp, e->stack, ev_text_val(e, TW_VAL_STR, tw_ir_text(e->ir, a->names[i]), 0, 0));
        TW_PUSH(e->tmp, e->stack, a->v[i]);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return v;
}

static uint32_t argument(peek *p, const env *in, uint32_t var)
{
    ev *e = p->e;
    const tw_scope *sc = &e->ir->scopes.v[in->scope];
    uint32_t shift = in->self != 0;
    p->used = true;
    for (uint32_t k = 0; k < sc->n_params; k++) {
        tw_param prm = e->ir->params.v[sc->params + k];
        if (prm.name != e->vars.v[var].name) continue;
        if (!in->a) return 0; /* no call of it is looked at */
        if (prm.kind > 2) return names_of(e, sc, in->a);
        if (prm.kind == 2) return rest_of(e, in->a, k - shift);
        if (k == 0 && shift) return in->self;
        for (uint32_t i = 0; i < in->a->n; i++)
            if (in->a->names[i] == prm.name || (!in->a->names[i] && i + shift == k && !prm.kind))
                return in->a->v[i];
        return default_of(p, in, var);
    }
    return 0;
}

/* A local variable that is bound at one place, or at few, each to a name. */
static uint32_t local(peek *p, const env *in, uint32_t var)
{
    ev *e = p->e;
    const ev_var v = e->vars.v[var];
    uint32_t alts[4], n = 0;
    if (v.n > TW_COUNT(alts) || v.flags & (EVV_SHARED | EVV_LOOSE)) return 0;
    for (uint32_t i = 0; i < v.n; i++) {
        const tw_insn *bind = insn(e, e->places.v[v.first + i]);
        bool plain = bind->op == TW_OP_BIND && bind->kind != TW_BIND_FOR && bind->kind != TW_BIND_AUG &&
                     bind->kind != TW_BIND_CATCH && bind->b;
        uint32_t x = plain ? look(p, in, bind->b) : 0;
        if (!x || (v.n > 1 && !ev_is_name(e, x))) return 0;
        alts[n++] = x;
    }
    return n == 1 ? alts[0] : ev_phi(e, alts, n);
}

static uint32_t name_of(peek *p, const env *in, uint32_t name)
{
    ev *e = p->e;
    for (uint32_t s = in->scope;; s = e->ir->scopes.v[s].parent) {
        uint32_t var = ev_find_var(e, name, s);
        if (!s) break;
        if (var == TW_NONE || (s != in->scope && e->ir->scopes.v[s].kind == TW_REGION_CLASS)) continue;
        const ev_var *v = &e->vars.v[var];
        if (s == in->scope && v->flags & EVV_PARAM)
            return changed_param(e, v) || e->scopes[s].sets_arguments ? 0 : argument(p, in, var);
        if (s == in->scope) return local(p, in, var);
        bool once = e->js && v->n == 1 && v->binds == 1; /* a table of functions */
        if (v->seen >= v->binds) return ev_is_name(e, v->all) || once ? v->all : 0;
        env around = {s, 0, NULL};
        uint32_t found = e->flow[s] == s && !(v->flags & EVV_PARAM) ? local(p, &around, var) : 0;
        return found && ev_is_name(e, found) ? found : 0;
    }
    bool arguments = e->js && in->a && e->ir->scopes.v[in->scope].kind == TW_REGION_FUNCTION &&
                     tw_str_eq(tw_ir_text(e->ir, name), TW_S("arguments"));
    if (arguments) return p->used = true, rest_of(e, in->a, 0);
    uint32_t global = e->js ? ev_js_global_value(e, tw_ir_text(e->ir, name)) : 0;
    return global ? global : ev_read_global(e, tw_ir_text(e->ir, name));
}

/* ---- expressions ---- */

static uint32_t imported(ev *e, const tw_insn *in)
{
    tw_str module = tw_ir_text(e->ir, in->a);
    tw_buf_clear(&e->buf);
    for (unsigned i = 0; i < in->kind; i++) tw_buf_putc(&e->buf, '.');
    tw_buf_puts(&e->buf, module);
    if (in->b && module.n) tw_buf_putc(&e->buf, '.');
    if (in->b) tw_buf_puts(&e->buf, tw_ir_text(e->ir, in->b));
    uint32_t sym = tw_intern(&e->syms, tw_buf_str(&e->buf));
    return sym && !(in->flags & TW_IF_STAR) ? ev_symbol(e, sym) : 0;
}

/* Onto e->stack; false where one of them is not known, or is a spread. */
static bool operands(peek *p, const env *in, uint32_t c, bool named)
{
    ev *e = p->e;
    uint32_t n = c && c < e->ir->args.n ? e->ir->args.v[c].value : 0;
    if (n > 16) return false;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[c + 1 + i];
        bool spread = e->js && a.name == TW_ARG_SPREAD;
        if (a.name && !spread && (!named || a.name >= TW_ARG_SPREAD_MAP)) return false;
        uint32_t v = a.value ? look(p, in, a.value) : ev_none(e), list, count;
        if (!v || (spread && !ev_items(e, v, &list, &count))) return false;
        for (uint32_t k = 0; spread && k < count && k < 16; k++)
            TW_PUSH(e->tmp, e->stack, e->lists.v[list + k]);
        if (spread && count > 16) return false;
        if (spread) continue;
        TW_PUSH(e->tmp, e->stack, v);
    }
    return true;
}

static uint32_t of_func(peek *p, uint32_t func, uint32_t self, const ev_args *a);

static uint32_t called(peek *p, const env *in, const tw_insn *call)
{
    ev *e = p->e;
    __attribute__((uninitialized)) uint32_t names[16];
    uint32_t base = e->stack.n, callee = look(p, in, call->a), v = 0, n;
    const ev_val x = *ev_at(e, callee);
    if (!callee || !operands(p, in, call->c, true)) return e->stack.n = base, 0;
    n = e->stack.n - base;
    if (n > 16) return e->stack.n = base, 0;
    for (uint32_t i = 0; i < n; i++) names[i] = e->js ? 0 : e->ir->args.v[call->c + 1 + i].name;
    TW_RESERVE(e->tmp, e->stack, 1);
    ev_args args = {x.kind == TW_VAL_MEMBER ? x.a : 0, e->stack.v + base, names, n};
    if (x.kind == TW_VAL_FUNC) {
        uint32_t vals[16];
        memcpy(vals, args.v, n * sizeof *vals);
        args.v = vals;
        const tw_insn *ci = insn(e, call->a);
        uint32_t of = ci->op == TW_OP_MEMBER ? look(p, in, ci->a) : 0;
        v = of_func(p, callee, ev_bound_self(e, callee, of), &args);
    } else if (x.sym) {
        ev_call c = {.callee = callee,
                     .sym = x.sym,
                     .args = e->args.n,
                     .n_args = n,
                     .off = call->off,
                     .len = call->len};
        bool dynamic = false;
        c.func = e->runs_in[e->scope];
        for (uint32_t i = 0; i < n; i++)
            TW_PUSH(e->tmp, e->args, ((tw_rec_arg){e->stack.v[base + i], names[i]}));
        TW_PUSH(e->tmp, e->calls, c);
        uint32_t at = e->calls.n - 1;
        v = ev_reflect(e, at, &dynamic);
        bool kept = v && ev_at(e, v)->kind == TW_VAL_INSTANCE; /* refers to the call */
        if (!kept && e->calls.n == at + 1) e->calls.n = at, e->args.n = c.args;
        if (kept) v = 0, e->calls.n = at;
        if (!v) v = ev_pure(e, x.sym, &args);
    }
    e->stack.n = base;
    return v;
}

static uint32_t computed(peek *p, const env *in, const tw_insn *x)
{
    ev *e = p->e;
    uint32_t base = e->stack.n, v = 0;
    if (operands(p, in, x->c, false)) {
        uint32_t n = e->stack.n - base;
        if (x->op == TW_OP_OP) {
            v = n ? ev_op(e, tw_ir_text(e->ir, x->a), e->stack.v + base, n) : 0;
        } else {
            v = ev_list(e, x->op == TW_OP_MAP ? TW_VAL_MAP : TW_VAL_SEQ, n ? e->stack.v + base : NULL, n);
            ev_at(e, v)->how = x->op == TW_OP_MAP ? 0 : x->kind;
        }
    }
    e->stack.n = base;
    return v;
}

static uint32_t chosen(peek *p, const env *in, const tw_insn *x)
{
    ev *e = p->e;
    uint32_t cond = x->a ? look(p, in, x->a) : 0;
    int truth = !cond ? -1 : e->js ? ev_js_truth(e, cond) : ev_truth(e, cond);
    if (e->js && x->a == x->b && !truth && ev_at(e, cond)->kind != TW_VAL_NULL_) truth = -1; /* or ?? */
    if (truth >= 0) return look(p, in, truth ? x->b : x->c);
    uint32_t alts[2] = {look(p, in, x->b), look(p, in, x->c)};
    return ev_is_name(e, alts[0]) && ev_is_name(e, alts[1]) ? ev_phi(e, alts, 2) : 0;
}

/* vars(m)["x"], globals()["x"] */
static uint32_t item_of_scope(peek *p, const env *in, const tw_insn *call, uint32_t key)
{
    ev *e = p->e;
    tw_str name;
    uint32_t n = call->op == TW_OP_CALL && call->c ? e->ir->args.v[call->c].value : 0;
    if (call->op != TW_OP_CALL || n > 1 || !ev_text(e, key, &name)) return 0;
    uint32_t callee = look(p, in, call->a);
    tw_str sym = callee ? ev_sym(e, ev_at(e, callee)->sym) : (tw_str){0};
    if (!n && tw_str_eq(sym, TW_S("globals"))) return ev_read_global(e, name);
    if (!n || !tw_str_eq(sym, TW_S("vars")) || e->ir->args.v[call->c + 1].name) return 0;
    uint32_t of = look(p, in, e->ir->args.v[call->c + 1].value);
    return of ? ev_named_member(e, of, name) : 0;
}

static uint32_t one(peek *p, const env *in, uint32_t at)
{
    ev *e = p->e;
    const tw_insn *x = insn(e, at);
    uint32_t v, key;
    switch (x->op) {
    case TW_OP_CONST: return ev_one(e, x);
    case TW_OP_READ: return name_of(p, in, x->a);
    case TW_OP_MEMBER: return (v = look(p, in, x->a)) ? ev_member(e, v, x->b) : 0;
    case TW_OP_INDEX:
        key = look(p, in, x->b);
        if (key && (v = item_of_scope(p, in, insn(e, x->a), key))) return v;
        v = key ? look(p, in, x->a) : 0;
        return v ? ev_index(e, v, key) : 0;
    case TW_OP_CALL: return called(p, in, x);
    case TW_OP_IMPORT: return imported(e, x);
    case TW_OP_FUNC:
    case TW_OP_CLASS: return ev_new(e, TW_VAL_FUNC, x->a, 0);
    case TW_OP_OP: return computed(p, in, x);
    case TW_OP_MAP: return e->js ? computed(p, in, x) : 0;
    case TW_OP_SEQ:
        return e->js && x->kind == TW_SEQ_ARRAY                     ? computed(p, in, x)
               : x->kind == TW_SEQ_TUPLE || x->kind == TW_SEQ_SLICE ? computed(p, in, x)
                                                                    : 0;
    case TW_OP_CHOOSE: return chosen(p, in, x);
    case TW_OP_AWAIT: return look(p, in, x->a);
    default: return 0;
    }
}

/* Bounded by DEPTH and NODES, whatever the input is. */
static uint32_t look(peek *p, const env *in, uint32_t at)
{
    ev *e = p->e;
    if (!at || at >= e->ir->insns.n || p->depth >= DEPTH || ++p->nodes > NODES || !ev_step(e, 4)) return 0;
    p->depth++;
    uint32_t v = one(p, in, at);
    p->depth--;
    return v;
}

/* ---- functions ---- */

/* Its only RETURN: found once. *ret_sure: it is reached whenever the function gives anything. */
static uint32_t only_return(ev *e, uint32_t scope, bool *ret_sure)
{
    ev_scope *sc = &e->scopes[scope];
    const tw_scope *s = &e->ir->scopes.v[scope];
    if (!sc->gives) {
        uint32_t end = e->leave[s->enter], found = 0, n = 0, in_branch = 0, sure = 0, loops = 0;
        bool fine = end < e->ir->insns.n && end - s->enter < BODY && ev_step(e, (end - s->enter) / 8 + 1);
        for (uint32_t i = s->enter + 1; fine && i < end; i++) {
            const tw_insn *in = insn(e, i);
            bool inner = in->kind <= TW_REGION_CLASS || in->kind == TW_REGION_LAMBDA;
            if (in->op == TW_OP_ENTER && inner && e->leave[i] < end) {
                i = e->leave[i];
                continue;
            }
            bool with = in->kind == TW_REGION_WITH || in->kind == TW_REGION_COMPREHENSION;
            if (in->op == TW_OP_ENTER && !with) in_branch++;
            if (in->op == TW_OP_LEAVE && !with && in_branch) in_branch--;
            if (in->op == TW_OP_ENTER && in->kind == TW_REGION_LOOP) loops = 1;
            if (in->op == TW_OP_RETURN) found = i, sure = !in_branch && !loops, n++;
        }
        sc->gives = n == 1 && insn(e, found)->a ? found << 1 | sure : TW_NONE;
    }
    *ret_sure = sc->gives & 1;
    return sc->gives == TW_NONE ? 0 : sc->gives >> 1;
}

/* A body of plain statements and of branches whose conditions are known: what it returns. */
static uint32_t walked(peek *p, const env *in)
{
    ev *e = p->e;
    const tw_scope *sc = &e->ir->scopes.v[in->scope];
    uint32_t end = e->leave[sc->enter];
    if (end >= e->ir->insns.n || end - sc->enter > WALK) return 0;
    for (uint32_t i = sc->enter + 1; i < end && ev_step(e, 1); i++) {
        const tw_insn *x = insn(e, i);
        if (x->op == TW_OP_RETURN) return x->a ? look(p, in, x->a) : 0;
        bool raises = x->op == TW_OP_THROW || x->op == TW_OP_JUMP || x->op == TW_OP_OPAQUE;
        if (raises || x->op == TW_OP_YIELD) return 0;
        if (x->op != TW_OP_ENTER) continue;
        bool inner = x->kind <= TW_REGION_COMPREHENSION;
        bool branch = x->kind == TW_REGION_THEN || (x->kind == TW_REGION_ELSE && x->a);
        if (!inner && !branch) return 0;
        uint32_t cond = branch ? look(p, in, x->a) : 0;
        int truth = cond ? ev_truth(e, cond) : -1;
        if (branch && truth < 0) return 0;
        if (inner || (truth > 0) != (x->kind == TW_REGION_THEN)) i = e->leave[i];
    }
    return 0;
}

static bool decorated_by(const ev *e, uint32_t scope, const char *name)
{
    const ev_scope *sc = &e->scopes[scope];
    for (uint32_t i = 0; i < sc->decorators.n; i++)
        if (tw_str_eq(ev_sym(e, ev_at(e, sc->decorators.v[i])->sym), tw_str_c(name))) return true;
    return false;
}

bool ev_is_property(const ev *e, uint32_t v)
{
    static const char *const names[] = {"property", "functools.cached_property", "cached_property"};
    const ev_val *x = ev_at(e, v);
    for (size_t i = 0; x->kind == TW_VAL_FUNC && i < TW_COUNT(names); i++)
        if (decorated_by(e, x->a, names[i])) return true;
    return false;
}

/* Decorators that leave a function what it is, or a property. */
bool ev_plainly_decorated(const ev *e, uint32_t scope)
{
    static const char known[] =
        " staticmethod classmethod property functools.cached_property functools.cache "
        "functools.lru_cache functools.lru_cache() functools.wraps() abc.abstractmethod ";
    const ev_scope *sc = &e->scopes[scope];
    for (uint32_t i = 0; i < sc->decorators.n; i++) {
        tw_str s = ev_sym(e, ev_at(e, sc->decorators.v[i])->sym), all = tw_str_c(known);
        size_t at = s.n ? tw_str_find(all, s) : TW_NPOS;
        if (at == TW_NPOS || !at || all.p[at - 1] != ' ' || all.p[at + s.n] != ' ') return false;
    }
    return true;
}

/* The first parameter of a method that is called as a member of base, 0 where there is none. */
uint32_t ev_bound_self(const ev *e, uint32_t callee, uint32_t base)
{
    uint32_t scope = ev_at(e, callee)->a;
    if (!base || e->ir->scopes.v[e->ir->scopes.v[scope].parent].kind != TW_REGION_CLASS) return 0;
    if (e->ir->scopes.v[scope].kind == TW_REGION_CLASS || decorated_by(e, scope, "staticmethod")) return 0;
    bool on_class = ev_at(e, base)->kind == TW_VAL_FUNC;
    return on_class && !decorated_by(e, scope, "classmethod") ? 0 : base;
}

static uint32_t of_func(peek *p, uint32_t func, uint32_t self, const ev_args *a)
{
    ev *e = p->e;
    uint32_t scope = ev_at(e, func)->a;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    bool kind = sc->kind == TW_REGION_FUNCTION || sc->kind == TW_REGION_LAMBDA, sure;
    if (!kind || sc->flags & 2 || p->depth >= DEPTH || !ev_plainly_decorated(e, scope)) return 0;
    uint32_t at = only_return(e, scope, &sure);
    if (!at && e->js) return 0;
    if (e->js && !self && e->ir->scopes.v[sc->parent].kind == TW_REGION_CLASS)
        self = ev_unknown(e); /* this */
    env in = {scope, self, a};
    p->depth++;
    uint32_t v = at ? look(p, &in, insn(e, at)->a) : walked(p, &in);
    p->depth--;
    if (at && !sure) p->sure = false;
    return v;
}

/* The value of an instruction within a function; *ret_used: an argument went into it. */
uint32_t ev_peek_value(ev *e, const ev_peek_env *in, uint32_t at, bool *ret_used)
{
    peek p = {.e = e, .sure = true};
    e->peeks++;
    uint32_t v = e->m || e->peeks > PEEKS ? 0 : look(&p, in, at);
    e->peeks--;
    *ret_used = p.used;
    return v;
}

/* Several names at once: what `return os, subprocess` gives. */
static bool names_at_once(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_SEQ || x->n > 16) return false;
    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t item = e->lists.v[x->list + i];
        if (!ev_is_name(e, item) && !ev_is_const(e, item)) return false;
    }
    return true;
}

/* (() => x)(): what the variable holds here. */
static uint32_t in_place(ev *e, uint32_t func)
{
    const tw_insn *call = insn(e, e->at), *made = call->op == TW_OP_CALL ? insn(e, call->a) : NULL;
    if (!made || made->op != TW_OP_FUNC || call->a >= e->at || ev_at(e, func)->a != made->a) return 0;
    const tw_scope *sc = &e->ir->scopes.v[made->a];
    bool sure,
        plain = sc->kind == TW_REGION_LAMBDA && !sc->n_params && !(sc->flags & 2) && sc->parent == e->scope;
    uint32_t at = plain ? only_return(e, made->a, &sure) : 0, from = at ? insn(e, at)->a : 0;
    if (!from || !sure || insn(e, from)->op != TW_OP_READ) return 0;
    uint32_t name = insn(e, from)->a;
    bool own = ev_find_var(e, name, made->a) != TW_NONE || tw_str_eq(tw_ir_text(e->ir, name), TW_S("this"));
    return own ? 0 : ev_read(e, name);
}

uint32_t ev_peek_call(ev *e, uint32_t func, uint32_t self, const ev_args *a)
{
    uint32_t here = e->m || a->n ? 0 : in_place(e, func);
    if (here) return here;
    peek p = {.e = e, .sure = true};
    if (e->m || a->n > 16 || e->peeks >= PEEKS) return 0;
    e->peeks++;
    uint32_t v = of_func(&p, func, self, a);
    e->peeks--;
    if (!v || ev_is_name(e, v)) return v;
    if (ev_at(e, v)->kind == TW_VAL_PHI && ev_at(e, v)->sym) return v;
    return p.sure && !e->js && (ev_is_const(e, v) || names_at_once(e, v)) ? v : 0;
}

/* The value of an instruction of a function that is called with a; 0 unknown. */
uint32_t ev_peek_at(ev *e, uint32_t scope, uint32_t self, const ev_args *a, uint32_t at)
{
    peek p = {.e = e, .sure = true};
    env in = {scope, self, a};
    return look(&p, &in, at);
}

uint32_t ev_peek_return(ev *e, uint32_t scope, bool *ret_sure)
{
    uint32_t at = only_return(e, scope, ret_sure);
    return at ? insn(e, at)->a : 0;
}

/* ---- attributes that a constructor sets ---- */

const ev_uses *ev_uses_of(ev *e, uint32_t name)
{
    uint32_t n = e->ir->insns.n, names = tw_intern_count(&e->ir->strings);
    if (!e->uses) {
        if (!ev_step(e, n / 4)) return NULL;
        e->uses = TW_NEWN(e->tmp, ev_uses, (size_t)names + 1);
        for (uint32_t i = 1; i < n; i++) {
            const tw_insn *in = insn(e, i);
            if (in->op == TW_OP_SETMEMBER && in->b < names) e->uses[in->b].sets++;
            if (in->op == TW_OP_READ && in->a < names) e->uses[in->a].reads++, e->uses[in->a].read_at = i;
        }
    }
    return name < names ? &e->uses[name] : NULL;
}

/* Is there another way to an attribute than `self.name = v`? */
static bool other_ways(ev *e, uint32_t name)
{
    static const char *const ways[] = {"setattr", "__dict__", "vars", "__setattr__"};
    for (size_t i = 0; i < TW_COUNT(ways); i++)
        if (tw_intern_find(&e->ir->strings, tw_str_c(ways[i]))) return true;
    uint32_t init = tw_intern_find(&e->ir->strings, TW_S("__init__"));
    const ev_uses *own = ev_uses_of(e, name), *of_init = init ? ev_uses_of(e, init) : NULL;
    return !own || own->sets != 1 || (init && (!of_init || of_init->sets));
}

static bool all_bases_here(const ev *e, uint32_t scope)
{
    const ev_scope *sc = &e->scopes[scope];
    for (uint32_t i = 0; i < sc->n_bases; i++) {
        const ev_val *b = ev_at(e, e->lists.v[sc->bases + i]);
        if (!tw_str_eq(ev_sym(e, b->sym), TW_S("object"))) return false;
    }
    return !sc->decorators.n;
}

/* self.name of an object made by a call of this file's class. */
uint32_t ev_peek_attr(ev *e, uint32_t instance, uint32_t name)
{
    const ev_val x = *ev_at(e, instance);
    uint32_t init_name = tw_intern_find(&e->ir->strings, e->js ? TW_S("constructor") : TW_S("__init__"));
    if (e->m || e->peeks >= PEEKS || !init_name || x.b >= e->calls.n) return 0;
    const ev_call c = e->calls.v[x.b];
    uint32_t init = ev_class_attr(e, x.a, init_name), var = TW_NONE, names[16], vals[16];
    if (!init || ev_at(e, init)->kind != TW_VAL_FUNC || c.n_args > 16) return 0;
    uint32_t scope = ev_at(e, init)->a;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    var = ev_find_var(e, name, sc->parent);
    if (sc->kind != TW_REGION_FUNCTION || var == TW_NONE || e->vars.v[var].n != 1) return 0;
    uint32_t place = e->places.v[e->vars.v[var].first];
    const tw_insn *set = insn(e, place);
    if (set->op != TW_OP_SETMEMBER || place < sc->enter || place > e->leave[sc->enter]) return 0;
    for (uint32_t i = 0; i < c.n_args; i++) {
        tw_rec_arg a = e->args.v[c.args + i];
        if (a.name >= TW_ARG_SPREAD_MAP) return 0;
        vals[i] = a.value, names[i] = a.name;
    }
    ev_args a = {0, vals, names, c.n_args};
    peek p = {.e = e};
    env in = {scope, instance, &a};
    bool straight = true;
    for (uint32_t i = sc->enter + 1; i < place; i++) straight = straight && insn(e, i)->op != TW_OP_ENTER;
    e->peeks++;
    uint32_t v = place - sc->enter < BODY ? look(&p, &in, set->c) : 0;
    e->peeks--;
    if (!v || ev_is_name(e, v)) return v;
    bool sure = !e->js && straight && ev_is_const(e, v) && all_bases_here(e, x.a) && !other_ways(e, name);
    return sure ? v : 0;
}
