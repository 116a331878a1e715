/* SPDX-License-Identifier: Apache-2.0 */
/* A function of this file called: parameters, its activation, what it gives. */
#include "engine/record/machine_py.h"

enum { MAX_ACTS = 120, MAX_REGS = 1 << 22, ROUNDS_OF_ONE = 2 };

/* ---- parameters ---- */

static uint32_t rest_of(ev *e, const mc_args *a, uint32_t from)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = from; i < a->n; i++)
        if (!a->names || !a->names[i]) TW_PUSH(e->tmp, e->stack, a->v[i]);
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = mc_list(e, e->stack.v + base, e->stack.n - base, e->js ? TW_SEQ_ARRAY : TW_SEQ_TUPLE);
    e->stack.n = base;
    return v;
}

static uint32_t default_of(ev *e, uint32_t closure, uint32_t name)
{
    const mc_obj *f = mc_obj_at(e, closure);
    int64_t n;
    for (uint32_t i = 0; i + 1 < f->items.n; i += 2)
        if (ev_get_int(e, f->items.v[i], &n) && n == name)
            return e->js ? mc_js_anew(e, f->items.v[i + 1]) : f->items.v[i + 1];
    return 0;
}

static bool taken(const tw_ir *ir, const tw_scope *sc, uint32_t name)
{
    for (uint32_t p = 0; p < sc->n_params; p++)
        if (ir->params.v[sc->params + p].name == name && ir->params.v[sc->params + p].kind < 2) return true;
    return false;
}

static uint32_t keywords(ev *e, const tw_scope *sc, const mc_args *a)
{
    uint32_t o = mc_new(e, MC_MAP);
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names && a->names[i] && !taken(e->ir, sc, a->names[i]))
            mc_put_named(e, o, tw_ir_text(e->ir, a->names[i]), a->v[i]);
    return mc_ref_to(e, o);
}

static uint32_t argument(ev *e, uint32_t closure, const mc_args *a, tw_param prm, uint32_t p)
{
    uint32_t v = 0;
    for (uint32_t i = 0; i < a->n && !v; i++) {
        uint32_t name = a->names ? a->names[i] : 0;
        if (name ? name == prm.name && !e->js : i == p && prm.kind == 0) v = a->v[i];
    }
    bool undefined = v && e->js && ev_at(e, v)->kind == TW_VAL_NULL_ && ev_at(e, v)->a;
    if (!v || undefined) {
        uint32_t d = default_of(e, closure, prm.name);
        if (d || !v) v = d;
    } else if (e->js && mc_unknown(e, v) && !mc_is_ref(e, v) && ev_at(e, v)->kind != TW_VAL_SYMBOL &&
               default_of(e, closure, prm.name)) {
        v = e->mc->unknown;
    }
    if (v) return v;
    e->mc->may_throw |= !e->js;
    return e->js ? e->mc->undefined : e->mc->unknown;
}

static void set_params(ev *e, uint32_t closure, uint32_t self, const mc_args *a)
{
    uint32_t scope = mc_obj_at(e, closure)->a, shift = 0;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    for (uint32_t p = 0; p < sc->n_params; p++) {
        tw_param prm = e->ir->params.v[sc->params + p];
        bool is_self = e->js && !p && tw_str_eq(tw_ir_text(e->ir, prm.name), TW_S("this"));
        uint32_t var = ev_find_var(e, prm.name, scope), v,
                 cell = var == TW_NONE ? TW_NONE : mc_cell_of(e, var);
        if (is_self) shift = 1;
        if (is_self)
            v = self ? self : e->mc->unknown;
        else if (a->loose)
            v = e->mc->unknown;
        else if (prm.kind == 2)
            v = rest_of(e, a, p - shift);
        else if (prm.kind == 3)
            v = keywords(e, sc, a);
        else
            v = argument(e, closure, a, prm, p - shift);
        if (cell != TW_NONE) mc_cell_set(e, cell, v);
    }
}

/* ---- activations ---- */

/* A recursion that passes an unknown condition would never end. */
static bool endless(const ev *e, uint32_t scope)
{
    uint32_t before = 0;
    if (!e->mc->cut[scope]) return false;
    for (uint32_t i = e->mc->acts.n; i-- > 0;)
        before += e->mc->acts.v[i].scope == scope && e->mc->acts.v[i].forks < e->mc->forks;
    return before >= ROUNDS_OF_ONE;
}

static uint32_t result_of(ev *e, const mc_act *a, uint32_t how)
{
    uint32_t nothing = e->js ? e->mc->undefined : e->mc->none;
    if (a->yields) return mc_ref_to(e, a->yields);
    if (!(how & R_NORMAL)) return a->ret ? a->ret : nothing;
    return a->ret ? mc_join_val(e, a->ret, nothing) : nothing;
}

/* What a generator is given, and what may be changed while it waits. */
static bool holds_data(ev *e, uint32_t self, const mc_args *a)
{
    bool data = self && mc_is_ref(e, self);
    for (uint32_t i = 0; i < a->n; i++) {
        bool tuple = mc_is(e, a->v[i], MC_LIST) && mc_obj_at(e, mc_ref(e, a->v[i]))->how == TW_SEQ_TUPLE;
        data = data || (mc_is_ref(e, a->v[i]) && !tuple);
    }
    return data;
}

/* A generator is run to its end at once: that is what it gives where it neither changes anything nor reads what others
 * may change in between. */
static void suspended(ev *e, mc_fork *f, uint32_t yields, uint32_t own)
{
    mc_changes c;
    bool alone = !e->mc->impure;
    mc_fork_take(e, f, &c);
    for (uint32_t i = 0; i < c.v.n; i++)
        alone = alone && (c.v.v[i].cell ? c.v.v[i].at >= own : c.v.v[i].at == yields);
    if (alone) {
        mc_adopt(e, &c);
        return;
    }
    mc_volatile(e, &c, true);
    mc_lose(e, yields);
}

static uint32_t activate(ev *e, uint32_t closure, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret)
{
    mc_machine *m = e->mc;
    uint32_t scope = mc_obj_at(e, closure)->a;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    uint32_t enter = sc->enter, end = enter ? e->leave[enter] : 0;
    *ret = m->unknown;
    if (!enter || end >= e->ir->insns.n || m->acts.n >= MAX_ACTS || m->regs.n + (end - enter) > MAX_REGS)
        return m->lost = true, R_STOP;
    if (sc->flags & 1 && !m->speculating && m->acts.n > 1) { /* it goes on when others have run */
        *ret = mc_stranger(e, mc_ref_to(e, closure), 0, a);
        mc_escape(e, mc_ref_to(e, closure));
        mc_speculate(e);
        return R_NORMAL;
    }
    if (endless(e, scope)) {
        for (uint32_t i = 0; i < a->n; i++) mc_escape(e, a->v[i]);
        mc_poison_log(e);
        m->storm++, m->may_throw = true;
        return R_NORMAL;
    }
    if (!mc_tick(e, 4 + (end - enter) / 16)) return R_STOP;
    uint32_t env = mc_env_new(e, scope, mc_obj_at(e, closure)->env);
    mc_act act = {.scope = scope,
                  .enter = enter,
                  .end = end,
                  .regs = m->regs.n,
                  .env = env,
                  .at = at,
                  .closure = closure,
                  .self = self,
                  .v = a->v,
                  .names = a->names,
                  .n = a->n,
                  .loose = a->loose,
                  .forks = m->forks};
    if (sc->kind == TW_REGION_LAMBDA && e->js) act.self = mc_obj_at(e, closure)->self;
    act.target = m->target, m->target = 0;
    TW_RESERVE(e->tmp, m->regs, end - enter);
    memset(m->regs.v + m->regs.n, 0, (end - enter) * sizeof *m->regs.v);
    m->regs.n += end - enter;
    bool later = sc->flags & 2 && !e->js && !a->loose && !(sc->flags & 1);
    if (sc->flags & 2 && !later) act.yields = mc_new(e, MC_ITER);
    act.rigid = m->rigid;
    if (m->uses_arguments && sc->kind == TW_REGION_FUNCTION)
        act.args = a->loose ? m->unknown : rest_of(e, a, 0);
    if (sc->kind == TW_REGION_LAMBDA && m->acts.n) act.args = m->unknown;
    TW_PUSH(e->tmp, m->acts, act);
    m->cut[scope]++;
    if (!later) m->scope_is[scope] |= MCS_RAN;
    uint32_t yields = m->yields.n, was_at = e->at, outer = m->generator, own = m->cells.n - m->n_slots[scope];
    bool was_impure = m->impure;
    mc_fork f;
    if (act.yields) {
        if (!outer) m->generator = own;
        mc_fork_open(e, &f);
        m->impure = holds_data(e, self, a);
    }
    set_params(e, closure, self, a);
    if (later) *ret = mc_generator(e, closure, env);
    if (e->js) mc_hoist(e, scope);
    uint32_t how = later ? R_RETURN : mc_run(e, enter + 1, end);
    if (act.yields) suspended(e, &f, act.yields, own), m->generator = outer, m->impure |= was_impure;
    m->yields.n = yields, e->at = was_at;
    act = m->acts.v[--m->acts.n];
    m->regs.n = act.regs;
    m->cut[scope]--;
    if (how & R_STOP || m->lost) return R_STOP;
    if (later) return R_NORMAL;
    *ret = result_of(e, &act, how);
    if (act.yields && how != R_NORMAL && how != R_RETURN) mc_lose(e, act.yields);
    if (sc->flags & 1) *ret = m->unknown; /* a promise */
    return how & R_THROW ? (how == R_THROW ? R_THROW : R_NORMAL | R_THROW) : R_NORMAL;
}

/* Where the function asks for an entry that may be there or not (a cache), it is run both ways: mostly it gives the same. */
uint32_t mc_activate(ev *e, uint32_t closure, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret)
{
    mc_machine *m = e->mc;
    mc_fork f;
    mc_changes without, with;
    uint32_t other = 0, how, how2;
    if (!m->maybes || m->checking || m->speculating) return activate(e, closure, self, a, at, ret);
    m->checking = true, m->touched = m->assume = false;
    mc_fork_open(e, &f);
    how = activate(e, closure, self, a, at, ret);
    mc_fork_take(e, &f, &without);
    if (!m->touched || m->lost) {
        m->checking = false;
        if (!m->lost) mc_adopt(e, &without);
        return how;
    }
    m->assume = true;
    mc_fork_open(e, &f);
    how2 = activate(e, closure, self, a, at, &other);
    mc_fork_take(e, &f, &with);
    m->checking = m->assume = false;
    if ((how | how2) & R_STOP) return R_STOP;
    mc_join(e, &without, &with);
    *ret = mc_join_val(e, *ret, other);
    return how | how2;
}
