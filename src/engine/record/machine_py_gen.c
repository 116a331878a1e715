/* SPDX-License-Identifier: Apache-2.0 */
/* Generators of Python: the registers of an activation wait in an object, with the YIELD at which it goes on. And iterators that
 * are computed one item at a time. */
#include "engine/record/machine_py.h"

enum { MAX_ACTS = 120, MAX_REGS = 1 << 22 };
enum {
    LAZY_MAP,
    LAZY_ZIP,
    LAZY_ENUMERATE,
    LAZY_FILTER,
    LAZY_ISLICE,
    LAZY_CYCLE,
    LAZY_COUNT,
    LAZY_CHAIN,
    LAZY_TAKE,
    LAZY_STARMAP,
    LAZY_CALL
};

/* The activation at hand has its parameters. */
uint32_t mc_generator(ev *e, uint32_t closure, uint32_t env)
{
    mc_machine *m = e->mc;
    const mc_act *a = mc_top(e);
    uint32_t o = mc_new(e, MC_GEN), n = a->end - a->enter, *v = TW_NEWN(e->tmp, uint32_t, n + 1);
    if (!mc_tick(e, n / 16)) return m->unknown;
    v[0] = mc_ref_to(e, closure);
    memcpy(v + 1, m->regs.v + a->regs, n * sizeof *v);
    mc_obj *x = mc_obj_at(e, o);
    x->env = env, x->a = a->enter;
    x->items.v = v, x->items.n = x->items.cap = n + 1;
    return mc_ref_to(e, o);
}

static void keep(ev *e, uint32_t gen, const mc_act *a)
{
    uint32_t n = a->end - a->enter, *v = TW_NEWN(e->tmp, uint32_t, n + 1);
    v[0] = mc_obj_at(e, gen)->items.v[0];
    memcpy(v + 1, e->mc->regs.v + a->regs, n * sizeof *v);
    mc_set_items(e, gen, v, n + 1);
}

static bool push_act(ev *e, uint32_t gen)
{
    mc_machine *m = e->mc;
    const mc_obj *x = mc_obj_at(e, gen);
    uint32_t closure = mc_ref(e, x->items.v[0]), n = x->items.n - 1;
    if (m->acts.n >= MAX_ACTS || m->regs.n + n > MAX_REGS || closure == TW_NONE) return false;
    uint32_t scope = mc_obj_at(e, closure)->a, enter = e->ir->scopes.v[scope].enter;
    mc_act act = {.scope = scope,
                  .enter = enter,
                  .end = enter + n,
                  .regs = m->regs.n,
                  .env = x->env,
                  .closure = closure,
                  .forks = m->forks,
                  .gen = gen + 1,
                  .rigid = m->rigid};
    TW_RESERVE(e->tmp, m->regs, n);
    memcpy(m->regs.v + m->regs.n, x->items.v + 1, n * sizeof *m->regs.v);
    m->regs.n += n;
    TW_PUSH(e->tmp, m->acts, act);
    m->cut[scope]++;
    m->scope_is[scope] |= MCS_RAN;
    return true;
}

static uint32_t ended(ev *e, uint32_t gen, bool *ret_done)
{
    mc_set_next(e, gen, TW_NONE);
    *ret_done = true;
    return e->mc->unknown;
}

/* It may have yielded or not: what it changes is unknown from here on. */
static uint32_t spoiled(ev *e, uint32_t gen)
{
    uint32_t closure = mc_obj_at(e, gen)->items.v[0];
    mc_lose(e, gen);
    mc_escape(e, closure);
    mc_speculate(e);
    e->mc->may_throw = true;
    return e->mc->unknown;
}

uint32_t mc_resume(ev *e, uint32_t gen, uint32_t sent, bool *ret_done)
{
    mc_machine *m = e->mc;
    uint32_t at = mc_obj_at(e, gen)->a, was_at = e->at, yields = m->yields.n, label = m->label;
    *ret_done = false;
    if (!mc_known(e, gen) || at == MC_RUNNING) {
        m->may_throw = true;
        return m->unknown;
    }
    if (at == TW_NONE) return *ret_done = true, m->unknown;
    if (!mc_tick(e, 4 + mc_obj_at(e, gen)->items.n / 16) || !push_act(e, gen))
        return m->lost = true, m->unknown;
    mc_set_next(e, gen, MC_RUNNING);
    mc_act act = *mc_top(e);
    m->seek = at == act.enter ? 0 : at, m->sent = sent, m->yielded = 0;
    uint32_t how = mc_run(e, act.enter + 1, act.end);
    act = *mc_top(e);
    m->seek = 0, m->yields.n = yields, m->label = label;
    if (how == R_SUSPEND && m->yielded) {
        keep(e, gen, &act);
        mc_set_next(e, gen, e->at);
    }
    m->acts.n--, m->regs.n = act.regs, m->cut[act.scope]--;
    e->at = was_at;
    if (m->lost || how & R_STOP) return m->lost = true, m->unknown;
    if (how == R_SUSPEND && m->yielded) return m->yielded;
    if (how == R_NORMAL || how == R_RETURN) {
        mc_obj_at(e, gen)->self = act.ret ? act.ret : m->none;
        return ended(e, gen, ret_done);
    }
    if (how == R_THROW) return m->raised = true, ended(e, gen, ret_done);
    return spoiled(e, gen);
}

/* ---- iterators ---- */

static uint32_t lazy(ev *e, uint8_t how, const uint32_t *v, uint32_t n)
{
    uint32_t o = mc_ref(e, mc_list(e, v, n, TW_SEQ_LIST));
    if (o == TW_NONE) return 0;
    mc_obj_at(e, o)->kind = MC_LAZY, mc_obj_at(e, o)->how = how;
    return mc_ref_to(e, o);
}

uint32_t mc_iterator(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v), list;
    if (o != TW_NONE) {
        uint8_t kind = mc_obj_at(e, o)->kind;
        if (kind == MC_GEN || kind == MC_LAZY || kind == MC_ITER) return v;
        if (kind == MC_INSTANCE) {
            uint32_t it = mc_special(e, v, "__iter__", NULL, 0);
            bool itself = it && (mc_ref(e, it) == o || (mc_is_ref(e, it) && !mc_is(e, it, MC_INSTANCE)));
            return itself || (it && mc_is(e, it, MC_INSTANCE)) ? it : 0;
        }
    }
    if (!mc_iterate(e, v, &list)) return 0;
    return mc_as_iter(e, mc_copy_items(e, list, 0), mc_obj_at(e, list)->items.n);
}

static bool is_stop(ev *e)
{
    return e->mc->raised &&
           mc_catches(e, e->mc->thrown, ev_symbol(e, tw_intern(&e->syms, TW_S("StopIteration")))) > 0;
}

static bool from_instance(ev *e, uint32_t it, uint32_t *ret_v, bool *ret_done)
{
    uint32_t v = mc_special(e, it, "__next__", NULL, 0);
    if (!v) return false;
    if (is_stop(e)) e->mc->raised = false, *ret_done = true;
    *ret_v = v;
    return true;
}

static bool source(ev *e, uint32_t o, uint32_t i, uint32_t *ret_v, bool *ret_done)
{
    return mc_step_iter(e, mc_obj_at(e, o)->items.v[i], ret_v, ret_done) && !e->mc->raised;
}

static uint32_t slot(const ev *e, uint32_t o, uint32_t i)
{
    return mc_obj_at(e, o)->items.v[i];
}

/* One item of each source, from item `from` on. */
static bool row_of(ev *e, uint32_t o, uint32_t from, uint32_t *ret, uint32_t *ret_n, bool *ret_done)
{
    uint32_t n = mc_obj_at(e, o)->items.n;
    for (*ret_n = 0; from + *ret_n < n && *ret_n < 8; (*ret_n)++)
        if (!source(e, o, from + *ret_n, ret + *ret_n, ret_done) || *ret_done) return *ret_done;
    return true;
}

static bool numbered(ev *e, uint32_t o, uint32_t i, uint32_t by)
{
    uint32_t pair[2] = {slot(e, o, i), by}, next = mc_operate(e, TW_S("+"), pair, 2);
    mc_set_item(e, o, i, next);
    return !mc_unknown(e, next);
}

static bool cycled(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done)
{
    uint32_t n = mc_obj_at(e, o)->items.n;
    if (!n) return *ret_done = true, true;
    uint32_t at = mc_obj_at(e, o)->a;
    *ret_v = slot(e, o, at % n);
    mc_set_next(e, o, (at + 1) % n);
    return true;
}

static bool kept(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done, bool take)
{
    for (; mc_tick(e, 1);) {
        if (!source(e, o, 1, ret_v, ret_done) || *ret_done) return *ret_done;
        uint32_t f = slot(e, o, 0),
                 r = ev_at(e, f)->kind == TW_VAL_NULL_ ? *ret_v : mc_called(e, f, ret_v, 1);
        int truth = e->mc->raised ? -1 : mc_truth(e, r);
        if (truth < 0) return false;
        if (take && !truth) *ret_done = true;
        if (take || truth) return true;
    }
    return false;
}

static bool sliced(ev *e, uint32_t o, uint32_t *ret_v,
                   bool *ret_done) /* source, next wanted, end, step, seen */
{
    int64_t want, end, step, seen;
    bool known = ev_get_int(e, slot(e, o, 1), &want) && ev_get_int(e, slot(e, o, 2), &end) &&
                 ev_get_int(e, slot(e, o, 3), &step) && ev_get_int(e, slot(e, o, 4), &seen);
    if (!known) return false;
    if (want >= end) return *ret_done = true, true;
    for (; seen <= want && mc_tick(e, 1); seen++)
        if (!source(e, o, 0, ret_v, ret_done) || *ret_done) return *ret_done;
    mc_set_item(e, o, 1, ev_int(e, want + step));
    mc_set_item(e, o, 4, ev_int(e, seen));
    return true;
}

static bool chained(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done)
{
    for (uint32_t at = mc_obj_at(e, o)->a; at < mc_obj_at(e, o)->items.n && mc_tick(e, 1); at++) {
        if (!source(e, o, at, ret_v, ret_done)) return false;
        if (!*ret_done) return mc_set_next(e, o, at), true;
        *ret_done = false;
    }
    return *ret_done = true, true;
}

static bool spread(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done)
{
    uint32_t x, list;
    if (!source(e, o, 1, &x, ret_done) || *ret_done) return *ret_done;
    if (!mc_iterate(e, x, &list)) return false;
    *ret_v = mc_called(e, slot(e, o, 0), mc_obj_at(e, list)->items.v, mc_obj_at(e, list)->items.n);
    return !e->mc->raised;
}

static bool until(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done) /* iter(f, end) */
{
    bool same = false;
    *ret_v = mc_called(e, slot(e, o, 0), NULL, 0);
    if (e->mc->raised || !mc_same(e, *ret_v, slot(e, o, 1), &same)) return false;
    *ret_done = same;
    return true;
}

static bool from_lazy(ev *e, uint32_t o, uint32_t *ret_v, bool *ret_done)
{
    uint32_t v[8], n;
    switch (mc_obj_at(e, o)->how) {
    case LAZY_MAP:
        if (!row_of(e, o, 1, v, &n, ret_done)) return false;
        if (!*ret_done) *ret_v = mc_called(e, slot(e, o, 0), v, n);
        return !e->mc->raised;
    case LAZY_ZIP:
        if (!row_of(e, o, 0, v, &n, ret_done)) return false;
        if (!*ret_done) *ret_v = mc_list(e, v, n, TW_SEQ_TUPLE);
        return true;
    case LAZY_ENUMERATE:
        if (!source(e, o, 0, v + 1, ret_done) || *ret_done) return *ret_done;
        v[0] = slot(e, o, 1);
        *ret_v = mc_list(e, v, 2, TW_SEQ_TUPLE);
        return numbered(e, o, 1, ev_int(e, 1));
    case LAZY_COUNT: *ret_v = slot(e, o, 0); return numbered(e, o, 0, slot(e, o, 1));
    case LAZY_FILTER: return kept(e, o, ret_v, ret_done, false);
    case LAZY_TAKE: return kept(e, o, ret_v, ret_done, true);
    case LAZY_ISLICE: return sliced(e, o, ret_v, ret_done);
    case LAZY_CYCLE: return cycled(e, o, ret_v, ret_done);
    case LAZY_CHAIN: return chained(e, o, ret_v, ret_done);
    case LAZY_STARMAP: return spread(e, o, ret_v, ret_done);
    case LAZY_CALL: return until(e, o, ret_v, ret_done);
    default: return false;
    }
}

/* One item; false: it is not known, or an exception was raised. */
bool mc_step_iter(ev *e, uint32_t it, uint32_t *ret_v, bool *ret_done)
{
    uint32_t o = mc_ref(e, it);
    *ret_done = false, *ret_v = e->mc->unknown;
    if (o == TW_NONE || !mc_tick(e, 1) || e->mc->depth >= MC_DEPTH) return false;
    uint8_t kind = mc_obj_at(e, o)->kind;
    if (kind == MC_INSTANCE) return from_instance(e, it, ret_v, ret_done) && !e->mc->raised;
    if (!mc_known(e, o)) return false;
    if (kind == MC_GEN) {
        *ret_v = mc_resume(e, o, e->mc->none, ret_done);
        return !e->mc->raised && !e->mc->lost && mc_known(e, o);
    }
    if (kind == MC_ITER) {
        uint32_t i = mc_obj_at(e, o)->a;
        if (i >= mc_obj_at(e, o)->items.n) return *ret_done = true, true;
        *ret_v = slot(e, o, i);
        mc_set_next(e, o, i + 1);
        return true;
    }
    if (kind != MC_LAZY) return false;
    e->mc->depth++;
    bool fine = from_lazy(e, o, ret_v, ret_done);
    e->mc->depth--;
    if (!fine) mc_lose(e, o);
    return fine;
}

/* ---- what makes them ---- */

static bool iterators(ev *e, const uint32_t *v, uint32_t n, uint32_t *ret)
{
    for (uint32_t i = 0; i < n; i++)
        if (!(ret[i] = mc_iterator(e, v[i]))) return false;
    return true;
}

static uint32_t over(ev *e, uint8_t how, const mc_args *a, uint32_t plain, uint32_t *ret)
{
    uint32_t v[8];
    if (!mc_given(a, plain + (how != LAZY_CHAIN), 8)) return 0;
    for (uint32_t i = 0; i < plain; i++) v[i] = a->v[i];
    if (!iterators(e, a->v + plain, a->n - plain, v + plain)) return 0;
    *ret = lazy(e, how, v, a->n);
    return *ret ? R_NORMAL : R_STOP;
}

uint32_t mc_l_map(ev *e, const mc_args *a, uint32_t *ret)
{
    return over(e, LAZY_MAP, a, 1, ret);
}
uint32_t mc_l_zip(ev *e, const mc_args *a, uint32_t *ret)
{
    return over(e, LAZY_ZIP, a, 0, ret);
}
uint32_t mc_l_filter(ev *e, const mc_args *a, uint32_t *ret)
{
    return a->n == 2 ? over(e, LAZY_FILTER, a, 1, ret) : 0;
}
uint32_t mc_l_takewhile(ev *e, const mc_args *a, uint32_t *ret)
{
    return a->n == 2 ? over(e, LAZY_TAKE, a, 1, ret) : 0;
}
uint32_t mc_l_starmap(ev *e, const mc_args *a, uint32_t *ret)
{
    return a->n == 2 ? over(e, LAZY_STARMAP, a, 1, ret) : 0;
}
uint32_t mc_l_chain(ev *e, const mc_args *a, uint32_t *ret)
{
    return over(e, LAZY_CHAIN, a, 0, ret);
}

uint32_t mc_l_enumerate(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t from;
    uint32_t v[2];
    bool named = a->names && a->n == 2 && a->names[1];
    if (a->n < 1 || a->n > 2 || (a->names && a->names[0]) || !mc_int_at(e, a, 1, 0, &from)) return 0;
    if (named && !tw_str_eq(tw_ir_text(e->ir, a->names[1]), TW_S("start"))) return 0;
    if (!iterators(e, a->v, 1, v)) return 0;
    v[1] = ev_int(e, from);
    *ret = lazy(e, LAZY_ENUMERATE, v, 2);
    return *ret ? R_NORMAL : R_STOP;
}

uint32_t mc_l_islice(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t from = 0, to, step;
    uint32_t v[5];
    if (!mc_given(a, 2, 4) || !iterators(e, a->v, 1, v)) return 0;
    bool open = a->n > 2 && ev_at(e, a->v[2])->kind == TW_VAL_NULL_;
    if (a->n > 2 && !mc_int_at(e, a, 1, 0, &from)) return 0;
    if (open)
        to = INT32_MAX;
    else if (!mc_int_at(e, a, a->n > 2 ? 2 : 1, 0, &to))
        return 0;
    if (!mc_int_at(e, a, 3, 1, &step) || step < 1 || from < 0) return 0;
    v[1] = ev_int(e, from), v[2] = ev_int(e, to), v[3] = ev_int(e, step), v[4] = ev_int(e, 0);
    *ret = lazy(e, LAZY_ISLICE, v, 5);
    return *ret ? R_NORMAL : R_STOP;
}

uint32_t mc_l_cycle(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!mc_given(a, 1, 1) || !mc_take(e, a->v[0], &v, &n)) return 0;
    *ret = lazy(e, LAZY_CYCLE, v, n);
    return *ret ? R_NORMAL : R_STOP;
}

uint32_t mc_l_count(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t from, step;
    if (!mc_given(a, 0, 2) || !mc_int_at(e, a, 0, 0, &from) || !mc_int_at(e, a, 1, 1, &step)) return 0;
    uint32_t v[2] = {ev_int(e, from), ev_int(e, step)};
    *ret = lazy(e, LAZY_COUNT, v, 2);
    return *ret ? R_NORMAL : R_STOP;
}

uint32_t mc_l_iter(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!mc_given(a, 1, 2)) return 0;
    *ret = a->n == 2 ? lazy(e, LAZY_CALL, a->v, 2) : mc_iterator(e, a->v[0]);
    return *ret ? R_NORMAL : (*ret = e->mc->unknown, 0);
}

uint32_t mc_l_next(ev *e, const mc_args *a, uint32_t *ret)
{
    bool done = false;
    if (!mc_given(a, 1, 2) || !mc_is_ref(e, a->v[0])) return 0;
    uint8_t kind = mc_obj_at(e, mc_ref(e, a->v[0]))->kind;
    if (kind != MC_GEN && kind != MC_LAZY && kind != MC_ITER && kind != MC_INSTANCE) return 0;
    bool fine = mc_step_iter(e, a->v[0], ret, &done);
    if (fine && done && a->n == 2)
        *ret = a->v[1];
    else if (fine && done)
        *ret = mc_raise(e, "StopIteration", kind == MC_GEN ? mc_obj_at(e, mc_ref(e, a->v[0]))->self : 0);
    else if (!fine && !e->mc->raised)
        e->mc->may_throw = true;
    return R_NORMAL;
}

/* generator.send(v), .close() */
uint32_t mc_do_send(ev *e, const mc_on *m)
{
    bool done;
    if (m->a->n != 1) return mc_unsure(e, m);
    *m->ret = mc_resume(e, m->o, m->a->v[0], &done);
    if (done && !e->mc->raised) *m->ret = mc_raise(e, "StopIteration", 0);
    return R_NORMAL;
}
uint32_t mc_do_gen_next(ev *e, const mc_on *m)
{
    mc_args a = {&m->self, NULL, 1, false};
    return mc_l_next(e, &a, m->ret);
}
