/* SPDX-License-Identifier: Apache-2.0 */
/* Loops of the machine: as often as they run where that is known; else until nothing gets less known. */
#include "engine/record/machine_py.h"

enum { ROUNDS = 12 };

typedef struct loop { /* ranges of instructions */
    uint32_t at, end, iter;
    uint32_t cond, test, test_end, body, step, step_end;
    bool first; /* do: the body comes before the test */
} loop;

static bool is_do(const ev *e, uint32_t at)
{
    tw_str s = tw_str_sub(e->ir->source, mc_insn(e, at)->off, mc_insn(e, at)->off + 3);
    bool word =
        s.n == 3 && (((s.p[2] | 32) >= 'a' && (s.p[2] | 32) <= 'z') || s.p[2] == '_' || s.p[2] == '$');
    return e->js && tw_str_starts(s, TW_S("do")) && !word;
}

/* for (;;): the update is a region of its own in front of the body. */
static uint32_t update_of(const ev *e, uint32_t at)
{
    for (uint32_t i = at + 1; i < e->leave[at]; i++) {
        const tw_insn *in = mc_insn(e, i);
        if (in->op != TW_OP_ENTER) continue;
        if (in->kind == TW_REGION_WITH && in->flags & TW_IF_HOISTED) return i;
        if (e->leave[i] <= i) return 0;
        if (in->kind > TW_REGION_COMPREHENSION) return 0;
        i = e->leave[i];
    }
    return 0;
}

static loop layout(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    loop l = {.at = at, .end = e->leave[at], .body = at + 1};
    uint32_t up = 0;
    if (mc_insn(e, at + 1)->op == TW_OP_ITER) {
        l.iter = at + 1, l.body = at + 2;
    } else if (in->a) {
        l.cond = in->a, l.test_end = at;
        l.test = e->mc->arm_x[at] ? e->mc->arm_x[at] : e->mc->start[in->a];
    } else if (e->js && is_do(e, at)) {
        l.first = true, l.cond = e->mc->arm_x[l.end];
    } else if ((up = update_of(e, at))) {
        l.cond = mc_insn(e, up)->a;
        l.test = at + 1, l.test_end = up;
        l.step = up + 1, l.step_end = e->leave[up];
        l.body = e->leave[up] + 1;
    }
    return l;
}

/* Body, update, test. */
static uint32_t once(ev *e, const loop *l)
{
    uint32_t how = mc_run(e, l->body, l->end);
    if (e->mc->label) return how;
    if (how & R_CONTINUE) how = (how & ~(uint32_t)R_CONTINUE) | R_NORMAL;
    if (how != R_NORMAL) return how;
    if (l->step) how = mc_run(e, l->step, l->step_end);
    if (how == R_NORMAL && l->test) how = mc_run(e, l->test, l->test_end);
    return how;
}

/* Some number of rounds more: what they change is unknown. */
static uint32_t somehow(ev *e, const loop *l, uint32_t ended)
{
    uint32_t all = ended;
    for (unsigned i = 0; i < ROUNDS; i++) {
        mc_fork f;
        mc_changes c, none = {0};
        mc_fork_open(e, &f);
        if (l->iter) mc_set(e, l->iter, e->mc->unknown);
        e->mc->perhaps++;
        uint32_t how = once(e, l);
        e->mc->perhaps--;
        if (how & R_NORMAL && how != R_NORMAL && !(how & R_STOP)) { /* the update was left out */
            if (l->step) mc_maybe(e, l->step, l->step_end);
            if (l->test) mc_maybe(e, l->test, l->test_end);
        }
        mc_fork_take(e, &f, &c);
        if (how & R_STOP) return R_STOP;
        if (how == R_THROW && !e->mc->tries) return all | R_NORMAL;
        all |= how;
        if (!mc_join(e, &c, &none)) return all | R_NORMAL;
    }
    e->mc->lost = true;
    return R_STOP;
}

/* One after the other, as its code gives them. */
static uint32_t over_steps(ev *e, const loop *l, uint32_t source)
{
    mc_machine *m = e->mc;
    uint32_t it = m->seek ? mc_reg(e, l->at) : mc_iterator(e, source), v, how;
    bool done;
    if (!it || !mc_is_ref(e, it)) return m->raised ? R_NORMAL : somehow(e, l, 0);
    if (!m->seek) mc_set(e, l->at, it);
    for (bool first = m->seek; mc_tick(e, 1); first = false) {
        if (!first && !mc_step_iter(e, it, &v, &done))
            return m->raised ? R_NORMAL : m->lost ? R_STOP : somehow(e, l, 0);
        if (!first && done) return R_NORMAL;
        if (!first) mc_set(e, l->iter, v);
        how = once(e, l);
        if (!(how & R_NORMAL) || how & R_STOP) return how;
        if (how != R_NORMAL) return somehow(e, l, how & ~(uint32_t)R_NORMAL);
    }
    return R_STOP;
}

static bool steps(const ev *e, uint32_t v)
{
    uint8_t kind = mc_is_ref(e, v) ? mc_obj_at(e, mc_ref(e, v))->kind : MC_LIST;
    return !e->js && (kind == MC_GEN || kind == MC_LAZY || kind == MC_INSTANCE);
}

static uint32_t over_items(ev *e, const loop *l)
{
    uint32_t list, how, from = 0;
    uint32_t source = mc_reg(e, mc_insn(e, l->iter)->a);
    bool gen = mc_top(e)->gen != 0, going_on = e->mc->seek != 0;
    int64_t at;
    if (steps(e, source)) return over_steps(e, l, source);
    if (going_on && ev_get_int(e, mc_reg(e, l->at), &at)) from = (uint32_t)at;
    if (mc_insn(e, l->iter)->flags & TW_IF_AWAIT || !mc_iterate(e, source, &list)) return somehow(e, l, 0);
    for (uint32_t i = from;; i++, going_on = false) {
        if (!mc_known(e, list)) return somehow(e, l, 0);
        if (mc_obj_at(e, list)->kind == MC_ITER && !going_on) i = mc_obj_at(e, list)->a;
        if (i >= mc_obj_at(e, list)->items.n && !going_on) return R_NORMAL;
        uint32_t v = going_on ? 0 : mc_obj_at(e, list)->items.v[i];
        if (mc_obj_at(e, list)->kind == MC_ITER && !going_on) mc_set_next(e, list, i + 1);
        if (gen) mc_set(e, l->at, ev_int(e, i));
        if (!going_on) mc_set(e, l->iter, v);
        how = once(e, l);
        if (!(how & R_NORMAL) || how & R_STOP) return how;
        if (how != R_NORMAL) return somehow(e, l, how & ~(uint32_t)R_NORMAL);
    }
}

uint32_t mc_loop(ev *e, uint32_t at)
{
    loop l = layout(e, at);
    uint32_t how = R_NORMAL;
    if (l.iter) return over_items(e, &l);
    if (e->mc->seek) {
        how = once(e, &l);
        l.first = false, l.step = 0;
    }
    if (l.first && !l.cond) return somehow(e, &l, 0);
    if (l.first || l.step) /* the first test, or the first round */
        how = l.first ? once(e, &l) : mc_run(e, l.test, l.test_end);
    for (;;) {
        if (!(how & R_NORMAL) || how & R_STOP) return how;
        if (how != R_NORMAL) return somehow(e, &l, how & ~(uint32_t)R_NORMAL);
        int truth = l.cond ? mc_truth(e, mc_reg(e, l.cond)) : 1;
        if (truth < 0) return somehow(e, &l, 0);
        if (!truth) return R_NORMAL;
        if (!mc_tick(e, 1)) return R_STOP;
        how = once(e, &l);
    }
}

/* All that is left of it. */
static bool drained(ev *e, uint32_t v, uint32_t *ret_list)
{
    uint32_t it = mc_iterator(e, v), list = mc_list(e, NULL, 0, TW_SEQ_LIST), x;
    bool done = false;
    if (!it || !mc_is_ref(e, list)) return false;
    *ret_list = mc_ref(e, list);
    while (mc_tick(e, 1)) {
        if (!mc_step_iter(e, it, &x, &done)) return false;
        if (done) return true;
        mc_push(e, *ret_list, x);
    }
    return false;
}

/* A list object of what a loop over v goes over. */
bool mc_iterate(ev *e, uint32_t v, uint32_t *ret_list)
{
    uint32_t o = mc_ref(e, v), base = e->stack.n;
    uint8_t kind;
    if (o == TW_NONE) {
        if (!ev_is_text(e, v, &kind) || !ev_is_const(e, v) || !ev_elements(e, v)) {
            e->stack.n = base;
            return false;
        }
        uint32_t list = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_LIST);
        e->stack.n = base;
        *ret_list = mc_ref(e, list);
        return *ret_list != TW_NONE;
    }
    const mc_obj *x = mc_obj_at(e, o);
    if (steps(e, v)) return drained(e, v, ret_list);
    if (!mc_known(e, o)) return false;
    if (x->kind == MC_LIST || x->kind == MC_SET || x->kind == MC_ITER)
        return *ret_list = o, x->kind != MC_SET || e->js;
    if (x->kind != MC_MAP || x->flags & MCO_MAYBE) return false;
    if (e->js && !(x->how & 1)) return false; /* objects are not iterable; Map is */
    for (uint32_t i = 0; i < mc_obj_at(e, o)->props.n; i++) {
        mc_prop p = mc_obj_at(e, o)->props.v[i];
        uint32_t pair[2] = {p.name, p.val}, item = e->js ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : p.name;
        TW_PUSH(e->tmp, e->stack, item);
    }
    uint32_t list = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_LIST);
    e->stack.n = base;
    *ret_list = mc_ref(e, list);
    return *ret_list != TW_NONE;
}
