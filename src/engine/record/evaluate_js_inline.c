/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of this file that stand around a call: `(...a) => f(...a)`, `function (s) { return eval(s); }`. What they call
 * with what they are handed is a call besides, at the place where they are called. */
#include "engine/record/pure_priv.h"

enum { BODY = 200, CALLS = 12, TIMES = 256, DEPTH = 6, ARGS = 16 };

typedef struct way { /* from the call that stands there to the function looked at */
    ev *e;
    ev_call site;
    uint32_t depth;
} way;
typedef struct given {
    uint32_t v[ARGS], names[ARGS], n;
    bool used, plain, known; /* an argument went in; nothing but arguments; one of them is known */
    bool constant;           /* one of them is a constant */
    bool lost;               /* one that an argument went into is not known */
} given;

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

static bool put(given *g, uint32_t v)
{
    if (g->n >= ARGS) return false;
    g->names[g->n] = 0;
    g->v[g->n++] = v;
    return true;
}

static bool put_items(ev *e, given *g, uint32_t seq)
{
    uint32_t list, n;
    if (!seq || !ev_items(e, seq, &list, &n)) return false;
    for (uint32_t i = 0; i < n; i++)
        if (!put(g, e->lists.v[list + i])) return false;
    return true;
}

/* The function of this file that v is, or may be; 0: none. */
static uint32_t func_of(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_FUNC) return v;
    for (uint32_t i = 0; x->kind == TW_VAL_PHI && i < x->n && i < 4; i++)
        if (ev_at(e, e->lists.v[x->list + i])->kind == TW_VAL_FUNC) return e->lists.v[x->list + i];
    return 0;
}

static bool known(const ev *e, uint32_t v)
{
    return v && ev_at(e, v)->kind != TW_VAL_NULL_ && (ev_is_const(e, v) || ev_is_name(e, v));
}

/* The arguments of a call within the function; false where their number is not known. */
static bool arguments(ev *e, const ev_peek_env *in, const tw_insn *call, uint32_t from, bool applied,
                      given *g)
{
    uint32_t n = call->c ? e->ir->args.v[call->c].value : 0;
    g->plain = true;
    for (uint32_t i = from; i < n; i++) {
        tw_arg a = e->ir->args.v[call->c + 1 + i];
        bool used, spread = a.name == TW_ARG_SPREAD || (applied && i == from);
        uint32_t v = a.value ? ev_peek_value(e, in, a.value, &used) : 0;
        if (!a.value || (a.name && !spread)) return false;
        g->used |= used;
        g->lost |= used && !v;
        if (applied && i > from) break;
        g->plain &= used && insn(e, a.value)->op == TW_OP_READ;
        if (spread ? !put_items(e, g, v) : !put(g, v ? v : ev_unknown(e))) return false;
    }
    for (uint32_t i = 0; i < g->n; i++) g->known |= known(e, g->v[i]), g->constant |= ev_is_const(e, g->v[i]);
    return true;
}

static void look_into(way *w, uint32_t func, uint32_t self, const ev_args *a);

/* f(...), f.call(t, ...), f.apply(t, list) */
static void look_at(way *w, const ev_peek_env *in, const tw_insn *call)
{
    static const tw_str kin[] = {TW_SI("call"), TW_SI("apply")};
    ev *e = w->e;
    const tw_insn *ci = insn(e, call->a);
    given g = {.n = 0};
    bool used = false, applied = false;
    uint32_t from = 0, f = 0, self = 0;
    for (uint32_t i = 0; i < 2 && ci->op == TW_OP_MEMBER; i++) {
        if (!tw_str_eq(tw_ir_text(e->ir, ci->b), kin[i])) continue;
        f = ev_peek_value(e, in, ci->a, &used);
        from = 1, applied = i == 1;
    }
    if (!from) f = ev_peek_value(e, in, call->a, &used);
    if (f && func_of(e, f)) f = func_of(e, f);
    if (!f || !ev_is_name(e, f) || !arguments(e, in, call, from, applied, &g)) return;
    if (!used && !g.used) return;
    const ev_val x = *ev_at(e, f);
    if (x.kind == TW_VAL_FUNC && !(call->flags & TW_IF_NEW)) {
        bool of_used;
        if (ci->op == TW_OP_MEMBER && !from) self = ev_peek_value(e, in, ci->a, &of_used);
        ev_args a = {0, g.v, g.names, g.n};
        if (g.known || !g.n) look_into(w, f, self, &a);
        return;
    }
    if (!x.sym || ev_is_pure(e, x.sym)) return;
    const ev_known *k = ev_known_of(e, x.sym);
    bool thin = g.plain && (g.known || !g.n) && (!k->run || g.constant); /* the gap of eval(x) stands in f */
    if (!used && !thin && !((k->run || k->reflect[1]) && g.constant && !g.lost)) return;
    ev_call c = {.callee = f, .args = e->args.n, .n_args = g.n, .off = w->site.off, .len = w->site.len};
    if (call->flags & TW_IF_NEW) c.flags |= TW_RC_NEW;
    if (call->flags & TW_IF_AWAIT) c.flags |= TW_RC_AWAIT;
    for (uint32_t i = 0; i < g.n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){g.v[i], 0}));
    ev_call_besides(e, c);
}

/* Is the branch that begins here surely not taken? */
static bool passed_over(ev *e, const ev_peek_env *in, const tw_insn *enter)
{
    bool used, then = enter->kind == TW_REGION_THEN;
    if ((!then && enter->kind != TW_REGION_ELSE) || !enter->a) return false;
    uint32_t cond = ev_peek_value(e, in, enter->a, &used);
    int truth = cond ? ev_js_truth(e, cond) : -1;
    return then ? truth == 0 : truth == 1;
}

/* Once for each function: may it be one of these? */
static bool has_calls(ev *e, uint32_t scope)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    uint32_t end = e->leave[sc->enter], calls = 0;
    if (e->scopes[scope].inlined == TW_NONE) return false;
    if (e->scopes[scope].inlined) return true;
    for (uint32_t i = sc->enter; i < end && end - sc->enter < BODY; i++)
        calls += insn(e, i)->op == TW_OP_CALL;
    bool fits = calls && calls <= CALLS && !(sc->flags & 2);
    if (!fits) e->scopes[scope].inlined = TW_NONE;
    return fits;
}

static void look_into(way *w, uint32_t func, uint32_t self, const ev_args *a)
{
    ev *e = w->e;
    uint32_t scope = ev_at(e, func)->a;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    bool kind = sc->kind == TW_REGION_FUNCTION || sc->kind == TW_REGION_LAMBDA;
    uint32_t end = kind ? e->leave[sc->enter] : 0;
    if (!kind || w->depth >= DEPTH || !has_calls(e, scope) || e->scopes[scope].inlined >= TIMES ||
        !ev_step(e, end - sc->enter))
        return;
    e->scopes[scope].inlined++;
    bool method = e->ir->scopes.v[sc->parent].kind == TW_REGION_CLASS;
    ev_peek_env in = {scope, !method ? 0 : self ? self : ev_unknown(e), a};
    w->depth++;
    for (uint32_t i = sc->enter + 1; i < end; i++) {
        const tw_insn *x = insn(e, i);
        bool inner =
            x->op == TW_OP_ENTER && (x->kind <= TW_REGION_COMPREHENSION) && x->kind != TW_REGION_MODULE;
        if (x->op == TW_OP_ENTER && (inner || passed_over(e, &in, x)) && e->leave[i] > i) {
            i = e->leave[i];
            continue;
        }
        if (x->op == TW_OP_CALL) look_at(w, &in, x);
    }
    w->depth--;
}

/* The arguments of a call of a function of this file; false: not such a call. */
static bool handed(ev *e, const ev_call *c, given *g, uint32_t *ret_self)
{
    if (e->m || c->flags & (TW_RC_NEW | TW_RC_DECORATOR) || !func_of(e, c->callee)) return false;
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (a.name || !put(g, a.value)) return false;
        g->known |= known(e, a.value);
    }
    const tw_insn *in = insn(e, e->at), *ci = in->op == TW_OP_CALL ? insn(e, in->a) : NULL;
    bool member = ci && ci->op == TW_OP_MEMBER && e->of[in->a] == c->callee && ci->a < e->at;
    *ret_self = member ? e->of[ci->a] : 0;
    return true;
}

void ev_js_inline(ev *e, uint32_t call)
{
    if (e->m || !func_of(e, e->calls.v[call].callee)) return;
    way w = {.e = e, .site = e->calls.v[call]};
    given g = {.n = 0};
    uint32_t self;
    if (!handed(e, &w.site, &g, &self) || (!g.known && g.n)) return;
    ev_args a = {0, g.v, g.names, g.n};
    if (e->steps < e->max_steps / 2) look_into(&w, func_of(e, w.site.callee), self, &a);
}

/* The name that a function of this file gives; 0: none, or not known. */
uint32_t ev_js_gives(ev *e, uint32_t call)
{
    if (e->m || !func_of(e, e->calls.v[call].callee)) return 0;
    ev_call c = e->calls.v[call];
    given g = {.n = 0};
    uint32_t self;
    if (!handed(e, &c, &g, &self)) return 0;
    ev_args a = {0, g.v, g.names, g.n};
    uint32_t f = func_of(e, c.callee), v = ev_peek_call(e, f, ev_bound_self(e, f, self), &a);
    uint8_t kind = v ? ev_at(e, v)->kind : TW_VAL_UNKNOWN;
    bool name = kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC || kind == TW_VAL_MEMBER;
    if (!name && kind != TW_VAL_PARAM && kind != TW_VAL_PHI && kind != TW_VAL_CALL) return 0;
    uint32_t alts[2] = {v, f == c.callee ? 0 : ev_unknown(e)};
    return alts[1] ? ev_phi(e, alts, 2) : v;
}
