/* SPDX-License-Identifier: Apache-2.0 */
/* Regions that may be left anywhere: by an exception, by break and continue, by a case that falls through. What their
 * variables held on the way may be what they hold behind. */
#include "engine/record/evaluate_priv.h"

/* with suppress(E): what it surrounds may end early, and what follows runs all the same. */
static bool swallows(const ev *e, const tw_insn *in)
{
    static const tw_str names[] = {TW_SI("suppress()"), TW_SI("raises()"), TW_SI("assertRaises()"),
                                   TW_SI("assertRaisesRegex()")};
    if (!e->py || !in->a) return false;
    const ev_val *x = ev_at(e, e->of[in->a]);
    tw_str sym = ev_sym(e, x->sym);
    for (size_t i = 0; sym.n && i < TW_COUNT(names); i++)
        if (tw_str_ends(sym, names[i])) return true;
    bool ours =
        x->kind == TW_VAL_CALL && x->a < e->calls.n && ev_at(e, e->calls.v[x->a].callee)->kind == TW_VAL_FUNC;
    return ours || x->kind == TW_VAL_INSTANCE;
}

/* group: the alternatives that it would be one of. */
uint8_t ev_watches(const ev *e, const tw_insn *in, uint32_t at, uint8_t group)
{
    bool jumped = e->continues[at] & EV_JUMPED;
    switch (in->kind) {
    case TW_REGION_TRY: return EV_LEFT_ANYWHERE;
    case TW_REGION_CATCH: return EV_LEFT_ANYWHERE;
    case TW_REGION_ELSE: return group == TW_REGION_TRY ? EV_LEFT_ANYWHERE : 0;
    case TW_REGION_LOOP:
    case TW_REGION_MATCH: return jumped ? EV_LEFT_ANYWHERE | EV_LEFT_ON : 0;
    case TW_REGION_WITH: return (jumped && !in->a) || swallows(e, in) ? EV_LEFT_ANYWHERE | EV_LEFT_ON : 0;
    default: return 0;
    }
}

static void mix(ev *e, uint32_t var, uint32_t val)
{
    uint32_t cur = e->vars.v[var].cur, alts[2] = {cur, val};
    if (!ev_step(e, 1)) e->vars.v[var].flags |= EVV_BLUNT;
    uint32_t both = cur && val ? ev_phi(e, alts, 2) : cur ? cur : val;
    if (both != cur) ev_set_now(e, var, both);
}

void ev_mix_passed(ev *e, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) mix(e, e->passed.v[i].var, e->passed.v[i].val);
}

/* Behind a region that was left: what was set in it, and what was there before. */
void ev_mix_left(ev *e, const ev_frame *f)
{
    uint32_t n = e->log.n;
    ev_mix_passed(e, f->passed, e->passed.n);
    for (uint32_t i = f->mark; i < n; i++) mix(e, e->log.v[i].var, e->log.v[i].cur);
}

/* A case of JavaScript begins where the one before ends, unless that jumps. */
void ev_fall_through(ev *e, const ev_frame *up)
{
    const tw_insn *last = &e->ir->insns.v[e->leave[up->alt_enter] - 1];
    if (last->op == TW_OP_JUMP || last->op == TW_OP_RETURN || last->op == TW_OP_THROW) return;
    uint32_t from = up->changes, to = e->changes.n, alt = up->n_alts - 1;
    for (uint32_t i = from; i < to; i++)
        if (e->changes.v[i].alt == alt && e->changes.v[i].var != TW_NONE)
            mix(e, e->changes.v[i].var, e->changes.v[i].val);
}

/* It runs behind whatever was done of its try; behind it, only what ended well goes on. */
void ev_enter_finally(ev *e, const ev_frame *up)
{
    uint32_t from = up->tried, to = e->passed.n, base = e->kept.n, stamp = ++e->stamp;
    for (uint32_t i = from; i < to; i++) {
        uint32_t var = e->passed.v[i].var;
        if (e->vars.v[var].stamp == stamp) continue;
        e->vars.v[var].stamp = stamp;
        TW_PUSH(e->tmp, e->kept, ((ev_passed){var, 0, e->vars.v[var].cur}));
    }
    ev_mix_passed(e, from, to);
    for (uint32_t i = base; i < e->kept.n; i++) e->kept.v[i].val = e->vars.v[e->kept.v[i].var].cur;
}

void ev_leave_finally(ev *e, uint32_t kept)
{
    while (e->kept.n > kept) {
        ev_passed k = e->kept.v[--e->kept.n];
        if (k.was && e->vars.v[k.var].cur == k.val && k.was != k.val) ev_set_now(e, k.var, k.was);
    }
}

/* ---- a && (b = c) ---- */

/* What is set in an operand that may not be evaluated. */
void ev_mix_choice(ev *e, const tw_insn *in, int truth)
{
    const tw_insn *v = e->ir->insns.v, *cond = &v[in->a], *b = &v[in->b];
    uint32_t mark = e->frames.v[e->frames.n - 1].mark, end = in->off + in->len;
    bool dflt =
        cond->flags & TW_IF_UNPACK; /* [a = b] = c: evaluated in front of c, and of its neighbours' binds */
    if (!in->a || in->a >= e->at) return;
    if (dflt) end = v[in->c].off + v[in->c].len;
    for (uint32_t i = e->log.n, back = 0; i-- > mark && ev_step(e, 1) && back < 64; back++) {
        ev_undo u = e->log.v[i];
        uint32_t off = v[u.at].off;
        bool outside = off < in->off || off >= end;
        if (outside && !dflt) return;
        if (outside || (!dflt && off >= cond->off && off < cond->off + cond->len)) continue;
        bool first = cond->off > in->off ? off < cond->off : off < b->off + b->len; /* x if c else y */
        int when = in->b == in->a ? 0 : in->c == in->a ? 1 : first;
        if (truth == when) continue;
        if (truth >= 0 && e->vars.v[u.var].pos == u.at)
            ev_set_now(e, u.var, u.cur);
        else
            mix(e, u.var, u.cur);
    }
}

bool ev_may_act(ev *e, uint32_t at)
{
    const tw_insn *v = e->ir->insns.v;
    for (uint32_t i = at; i-- > 1 && v[i].off >= v[at].off && ev_step(e, 1);) {
        const tw_insn *of = v[i].op == TW_OP_CALL && v[i].a < i ? &v[v[i].a] : NULL;
        bool changes = of && of->op == TW_OP_MEMBER && ev_method_of(e, of->b) != EV_METHOD_NONE;
        if (v[i].op == TW_OP_BIND || v[i].op == TW_OP_ENTER || changes) return true;
    }
    return false;
}
