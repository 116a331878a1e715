/* SPDX-License-Identifier: Apache-2.0 */
/* Is something handed to the outside that the file computes of its own constants alone, and is it not known yet? Then running
 * the file (machine_*.c) may tell. A guess, from what values are made of (evaluate_slice.c). */
#include "engine/record/evaluate_slice.h"

enum { ALTS = 16, SMALL = 6144, LARGE = 65536, LINKS = 8 };

static const tw_insn *insn(const slices *s, uint32_t i)
{
    return &s->e->ir->insns.v[i];
}

/* Nothing that one of several known ways could not tell. */
static bool told(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    bool all = x->kind == TW_VAL_PHI && x->n <= ALTS;
    for (uint32_t i = 0; all && i < x->n; i++) {
        uint8_t kind = ev_at(e, ev_item(e, x, i))->kind;
        all = ev_is_const(e, ev_item(e, x, i)) || kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC;
    }
    return all || x->flags & EV_CONST || x->kind == TW_VAL_SYMBOL || x->kind == TW_VAL_FUNC ||
           x->kind == TW_VAL_INSTANCE || x->kind == TW_VAL_PARAM;
}

/* Of something outside that is not computed here: a first look, that most values need no other than. */
static bool outside(slices *s, uint32_t v)
{
    ev *e = s->e;
    for (unsigned i = 0; v && i < LINKS; i++) {
        const ev_val *x = ev_at(e, v), *f;
        switch (x->kind) {
        case TW_VAL_CALL:
            f = ev_at(e, e->calls.v[x->a].callee);
            if (f->kind == TW_VAL_SYMBOL) {
                uint8_t is = ev_slice_symbol(s, f->sym);
                return is & SL_NAME && !(is & SL_LOOKS);
            }
            if (f->kind != TW_VAL_MEMBER) return false;
            v = f->a;
            break;
        case TW_VAL_MEMBER:
        case TW_VAL_ITER:
            v = x->a;
            if (ev_at(e, v)->kind == TW_VAL_SYMBOL) return x->kind == TW_VAL_ITER;
            break;
        case TW_VAL_INDEX:
            v = x->a;
            if (ev_at(e, v)->kind == TW_VAL_SYMBOL) return true;
            break;
        default: return false;
        }
    }
    return false;
}

/* Python: a variable of this file, bound in a loop only: a switch in a loop gives the parts of a program their order. */
static bool in_disorder(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    return e->py && v && x->kind == TW_VAL_MEMBER && ev_at(e, x->a)->kind == TW_VAL_FUNC;
}

/* A call of something outside that has a name: is one of its arguments closed, and not known? */
static bool sink(slices *s, uint32_t at)
{
    ev *e = s->e;
    const tw_insn *in = insn(s, at);
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0, callee = e->of[in->a];
    uint32_t sym = callee ? ev_at(e, callee)->sym : 0;
    uint8_t kind = callee ? ev_at(e, callee)->kind : 0, name = sym ? ev_slice_symbol(s, sym) : 0;
    bool hands_on = kind == TW_VAL_FUNC && e->py && e->scopes[ev_at(e, callee)->a].n_handed > 1;
    if (sym ? ev_sym(e, sym).p[0] == '?' || name & SL_DULL : !hands_on) return false;
    if (e->js && !(sym && ev_known_of(e, sym)->run))
        return false;                                    /* hands_made() of evaluate_deep.c looks for these */
    bool run = e->py && sym && ev_known_of(e, sym)->run; /* it needs not be hidden to be asked for */
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = e->ir->args.v[in->c + 1 + i].value, v = id ? e->of[id] : 0;
        if (!id || outside(s, v)) continue;
        bool disorder = in_disorder(e, v) && ev_slice_loops(s, at);
        if (!disorder && v && told(e, v)) continue;
        uint8_t is = ev_slice_of(s, id);
        if (!(is & (SL_OPEN | SL_PARAM)) && is & SL_HARD && (disorder || run || is & SL_MIXED)) return true;
    }
    return false;
}

/* A function or an object that the file itself finds, and which it is is not known. */
static bool unknown_callee(slices *s, const tw_insn *in)
{
    const ev *e = s->e;
    const tw_insn *callee = insn(s, in->a);
    bool member = callee->op == TW_OP_MEMBER;
    uint32_t v = e->of[in->a], of = member ? callee->a : in->a, base = e->of[of];
    uint8_t kind = base ? ev_at(e, base)->kind : TW_VAL_OPAQUE;
    bool open = kind == TW_VAL_CALL || kind == TW_VAL_INDEX || kind == TW_VAL_OPAQUE || kind == TW_VAL_MEMBER;
    tw_str name = v && ev_at(e, v)->sym ? ev_sym(e, ev_at(e, v)->sym) : (tw_str){0};
    if (!open || (name.n && name.p[0] != '?') || e->ir->source.n >= (member ? SMALL : LARGE)) return false;
    if (outside(s, base)) return false;
    uint8_t is = ev_slice_of(s, of);
    if (is & (SL_OPEN | SL_PARAM) || !(is & SL_HARD)) return false;
    return is & SL_MIXED ||
           (e->js && !(is & SL_NAMED)); /* not a module that the file passes through a function */
}

static bool call(slices *s, uint32_t at)
{
    const ev *e = s->e;
    const tw_insn *in = insn(s, at);
    uint32_t v = e->of[in->a];
    uint8_t kind = v ? ev_at(e, v)->kind : 0;
    if (kind == TW_VAL_FUNC) return e->py && sink(s, at);
    if (kind == TW_VAL_SYMBOL) {
        uint8_t is = ev_slice_symbol(s, ev_at(e, v)->sym);
        return is & SL_NAME && !(is & SL_LOOKS) && sink(s, at);
    }
    return unknown_callee(s, in) || (v && ev_at(e, v)->sym && sink(s, at) && ev_slice_of(s, in->a) & SL_OPEN);
}

static void site(ev *e, uint32_t at, uint32_t func)
{
    TW_PUSH(e->tmp, e->sites, ((ev_site){at, func}));
}

/* What is called or run is not known. Of a text that is run the file may be told what calls hand to its functions. */
static ev_want gaps(slices *s)
{
    ev *e = s->e;
    ev_want found = EV_WANT_NOTHING;
    for (uint32_t i = 0; i < 2 * e->calls.n; i++) { /* first those of code: of the others more ends a walk */
        const ev_call *c = &e->calls.v[i % e->calls.n];
        ev_want now = i < e->calls.n ? EV_WANT_CODE : EV_WANT_DATA;
        if (c->asks != now || c->at >= e->ir->insns.n) continue;
        const tw_insn *in = insn(s, c->at);
        s->code = c->asks == EV_WANT_CODE;
        uint8_t is = in->op == TW_OP_CALL ? ev_slice_args(s, in->c, in->a) : 0; /* else of a decorator */
        if (is & SL_OPEN || (is & SL_PARAM && c->asks != EV_WANT_CODE)) continue;
        if (c->asks > found) found = c->asks;
        site(e, c->at, c->func);
    }
    s->code = false;
    return found;
}

ev_want ev_closed_gap(ev *e)
{
    slices s;
    if (e->ir->insns.n < 2) return EV_WANT_NOTHING;
    ev_slices(&s, e);
    ev_want found = gaps(&s);
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        if (e->ir->insns.v[i].op != TW_OP_CALL || !call(&s, i)) continue;
        if (found == EV_WANT_NOTHING) found = EV_WANT_DATA;
        site(e, i, e->runs_in[ev_slice_scope(&s, i)]);
    }
    return found;
}
