/* SPDX-License-Identifier: Apache-2.0 */
/* A file evaluated: once, and once more with all of it run by the machine where that may tell what is not known. */
#include "engine/record/evaluate_package.h"

/* A text that is run and not known: JavaScript's eval of it is no gap of its own. */
static bool runs_open(const ev *e, const ev_call *c)
{
    tw_str s = c->sym ? ev_sym(e, c->sym) : (tw_str){0};
    bool runs =
        e->js && c->n_args &&
        (tw_str_eq(s, TW_S("eval")) || tw_str_eq(s, TW_S("Function")) || tw_str_eq(s, TW_S("require")));
    uint32_t v = runs ? e->args.v[c->args + (s.p[0] == 'F' ? c->n_args - 1 : 0)].value : 0;
    return v && !ev_is_const(e, v) && ev_at(e, v)->kind != TW_VAL_PARAM && ev_at(e, v)->kind != TW_VAL_FUNC;
}

static uint32_t unknowns(const ev *e)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < e->gaps.n; i++)
        n += e->gaps.v[i].reason == TW_GAP_OPAQUE_LAYER || e->gaps.v[i].reason == TW_GAP_DYNAMIC;
    for (uint32_t i = 0; i < e->calls.n; i++) n += runs_open(e, &e->calls.v[i]);
    return n;
}

/* JavaScript: something outside is handed what a function or method of the file makes of constants alone. */
static bool of_constants(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    for (unsigned i = 0; i < 16 && x->kind == TW_VAL_OP && x->n; i++)
        x = ev_at(e, e->lists.v[x->list + x->n - 1]);
    if (x->kind != TW_VAL_CALL || x->a >= e->calls.n) return false;
    const ev_call *c = &e->calls.v[x->a];
    const ev_val *f = ev_at(e, c->callee);
    if (f->kind == TW_VAL_PHI && f->n)
        f = ev_at(e, e->lists.v[f->list]); /* functions that replace themselves */
    bool ours =
        f->kind == TW_VAL_FUNC || (f->kind == TW_VAL_MEMBER && ev_at(e, f->a)->kind == TW_VAL_INSTANCE);
    for (uint32_t i = 0; ours && i < c->n_args; i++) ours = ev_is_const(e, e->args.v[c->args + i].value);
    return ours && c->n_args;
}

static bool hands_made(ev *e)
{
    for (uint32_t i = 0; e->js && i < e->calls.n; i++) {
        const ev_call *c = &e->calls.v[i];
        bool made = false;
        for (uint32_t k = 0; c->sym && k < c->n_args && !made; k++)
            made = of_constants(e, e->args.v[c->args + k].value);
        if (made) TW_PUSH(e->tmp, e->sites, ((ev_site){c->at, c->func}));
    }
    return e->sites.n != 0;
}

static ev_want wants(ev *e)
{
    if ((!e->js && !e->py) || e->ir->lang == TW_LANG_BYTECODE) return EV_WANT_NOTHING;
    for (uint32_t i = 0; e->js && i < e->calls.n; i++) {
        ev_call *c = &e->calls.v[i];
        if (runs_open(e, c) && !tw_str_eq(ev_sym(e, c->sym), TW_S("require"))) c->asks = EV_WANT_CODE;
    }
    bool made = hands_made(e);
    ev_want closed = ev_closed_gap(e);
    return made ? EV_WANT_CODE : closed;
}

typedef struct outcome {
    uint32_t opaque, layers, names, consts;
} outcome;

/* How much of what the file runs is known. */
static outcome outcome_of(const ev *e)
{
    outcome o = {.opaque = unknowns(e), .layers = e->layers.n};
    for (uint32_t i = 0; i < e->calls.n; i++) {
        const ev_call *c = &e->calls.v[i];
        o.names += c->sym != 0;
        for (uint32_t k = 0; k < c->n_args; k++) o.consts += ev_is_const(e, e->args.v[c->args + k].value);
    }
    return o;
}

/* Once more, with the whole file run, where something that is run or called is not known; false where it knows no more of
 * that than the first pass did. What the run of the file came not to the end of is unknown, and a gap as it was. */
static bool deepened(ev *first, ev *e)
{
    outcome was = outcome_of(first), now;
    ev_walk_again(e, NULL, first->ir, first->lim, false, first);
    if (e->world_idle) return false;
    now = outcome_of(e);
    if (now.opaque > was.opaque || now.layers < was.layers) return false;
    return now.opaque < was.opaque || now.layers > was.layers || now.names > was.names ||
           now.consts > was.consts;
}

static void finish(ev *e, tw_arena *a, tw_record *ret)
{
    uint32_t size = (uint32_t)e->ir->source.n;
    if (e->spent_at <= size) ev_gap(e, TW_GAP_LIMIT, e->spent_at, size - e->spent_at);
    if (e->world_over) ev_gap(e, TW_GAP_LIMIT, 0, size); /* the run of it came to no end */
    ev_emit(e, a, ret);
}

void tw_evaluate(tw_arena *a, const tw_ir *ir, const tw_limits *lim, tw_record *ret)
{
    ev first, second;
    bool alone = a != ir->arena;
    ev_walk_again(&first, NULL, ir, lim, alone, NULL);
    first.want = wants(&first);
    if (first.want == EV_WANT_NOTHING) {
        finish(&first, a, ret);
    } else {
        bool better = deepened(&first, &second);
        finish(better ? &second : &first, a, ret);
        ret->steps += (better ? first.steps : second.steps) + ev_world_steps(&second);
        ev_end(&second);
    }
    ev_end(&first);
    tw_arena *tmp = alone ? ir->arena : tw_arena_new(0);
    tw_mark mark = tw_arena_mark(tmp);
    tw_summarise(a, tmp, ret);
    tw_arena_reset(tmp, mark);
    if (!alone) tw_arena_free(tmp);
}

void tw_evaluate_in(tw_arena *a, const tw_ir *ir, const tw_limits *lim, tw_world *w, tw_record *ret)
{
    ev_package world = {.in = w};
    ev e;
    ev_walk(&e, &world, ir, lim, false);
    finish(&e, a, ret);
    ev_end(&e); /* only layers and gaps are taken of a file in its package: no summary */
}
