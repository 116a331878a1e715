/* SPDX-License-Identifier: Apache-2.0 */
/* with: __enter__ and __exit__ of objects of this file, of contextlib.contextmanager, suppress. */
#include "engine/record/machine_py.h"

static uint32_t generator_of(const ev *e, uint32_t v) /* of a context made of a generator; TW_NONE */
{
    bool is = mc_is(e, v, MC_BOUND) && mc_obj_at(e, mc_ref(e, v))->how == MCB_CONTEXT;
    uint32_t gen = is && mc_obj_at(e, mc_ref(e, v))->items.n ? mc_obj_at(e, mc_ref(e, v))->items.v[0] : 0;
    return gen && mc_is(e, gen, MC_GEN) ? mc_ref(e, gen) : TW_NONE;
}

/* What `with v as x` binds. */
uint32_t mc_entered(ev *e, uint32_t v)
{
    uint32_t gen = generator_of(e, v);
    bool done = false;
    if (gen != TW_NONE) return mc_resume(e, gen, e->mc->none, &done);
    uint32_t r = mc_special(e, v, "__enter__", NULL, 0);
    return r ? r : e->mc->unknown;
}

static bool suppresses(ev *e, uint32_t at) /* the value is that of contextlib.suppress(...) */
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t f = in->op == TW_OP_CALL ? mc_reg(e, in->a) : 0;
    return f && !mc_is_ref(e, f) && ev_at(e, f)->kind == TW_VAL_SYMBOL &&
           tw_str_eq(ev_sym(e, ev_at(e, f)->sym), TW_S("contextlib.suppress"));
}

static int swallows(ev *e, uint32_t at, uint32_t thrown)
{
    const tw_insn *in = mc_insn(e, at);
    int all = 0;
    for (uint32_t i = 0; in->c && i < e->ir->args.v[in->c].value; i++) {
        int is = mc_catches(e, thrown, mc_reg(e, e->ir->args.v[in->c + 1 + i].value));
        if (is > 0) return 1;
        if (is < 0) all = -1;
    }
    return all;
}

/* The way out: what `how` becomes. */
static uint32_t leave(ev *e, uint32_t v, uint32_t how)
{
    mc_machine *m = e->mc;
    uint32_t thrown = m->thrown, gen = generator_of(e, v), none[3] = {m->none, m->none, m->none};
    bool done = false;
    if (gen != TW_NONE) {
        if (how == R_THROW) mc_lose(e, gen);
        if (how & R_THROW) return how | R_NORMAL;
        mc_resume(e, gen, m->none, &done);
        return m->raised ? (m->raised = false, R_THROW) : how;
    }
    if (how == R_THROW) none[0] = m->unknown, none[1] = thrown, none[2] = m->unknown;
    if (how & R_THROW && how != R_THROW) none[0] = none[1] = none[2] = m->unknown;
    uint32_t r = mc_special(e, v, "__exit__", none, 3);
    if (m->raised) return m->raised = false, R_THROW;
    m->thrown = thrown;
    int truth = !(how & R_THROW) ? 0 : r ? mc_truth(e, r) : -1;
    if (truth > 0) return (how & ~(uint32_t)R_THROW) | R_NORMAL;
    return truth < 0 ? how | R_NORMAL : how;
}

uint32_t mc_with(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    uint32_t end = e->leave[at], of = mc_insn(e, at)->a, v = of ? mc_reg(e, of) : m->unknown;
    const tw_insn *before = mc_insn(e, at - 1);
    bool ours = mc_is(e, v, MC_INSTANCE) || generator_of(e, v) != TW_NONE,
         bound = before->op == TW_OP_BIND && before->kind == TW_BIND_WITH;
    for (uint32_t i = at - 1; i > of && i > 1 && !bound; i--) /* a pattern: as (a, b) */
        bound = mc_insn(e, i)->op == TW_OP_BIND && mc_insn(e, i)->flags & TW_IF_UNPACK;
    if (!ours && !suppresses(e, of)) return mc_run(e, at + 1, end);
    bool seeking = m->seek != 0;
    if (ours && !bound && !seeking) mc_entered(e, v);
    if (m->raised) return m->raised = false, R_THROW;
    bool may = m->may_throw;
    m->may_throw = false, m->tries++;
    uint32_t how = mc_run(e, at + 1, end);
    m->tries--;
    bool may_now = m->may_throw;
    m->may_throw = may || may_now;
    if (how & (R_STOP | R_SUSPEND)) return how;
    if (!ours) { /* suppress */
        int is = how == R_THROW ? swallows(e, of, m->thrown) : how & R_THROW || may_now ? -1 : 0;
        if (is < 0 && may_now) return m->lost = true, R_STOP; /* it may have ended anywhere inside */
        return is > 0 ? R_NORMAL : is < 0 ? how | R_NORMAL : how;
    }
    return leave(e, v, how);
}
