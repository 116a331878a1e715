/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of instructions: regions, conditions, loops, try. C recurses with the nesting of regions and calls, to
 * MAX_DEPTH and no further. A run tells all the ways it may have ended; where there are several, what follows
 * is run perhaps. */
#include "engine/record/machine_py.h"

enum { MAX_DEPTH = MC_DEPTH, ROUNDS = 12 };

enum {
    DEEP = 8,
    FORK_PY = 4,
    FORK_JS = 16
}; /* what is run only perhaps costs that much more, for each fork it is in */

bool mc_tick(ev *e, uint64_t n)
{
    mc_machine *m = e->mc;
    if (m->lost) return false;
    uint32_t deep =
        m->forks - (m->forks && m->general); /* ways that are perhaps not taken have less to spend */
    if (deep) n *= 1 + (uint64_t)(e->js ? FORK_JS : FORK_PY) * (deep < DEEP ? deep : DEEP);
    if (e->steps + n <= m->max_steps && ev_step(e, n) && tw_arena_used(e->tmp) < m->room) return true;
    m->lost = m->over = true;
    return false;
}

uint32_t mc_reg(ev *e, uint32_t id)
{
    const mc_act *a = mc_top(e);
    if (!id || id < a->enter || id >= a->end) return e->mc->unknown;
    uint32_t v = e->mc->regs.v[a->regs + id - a->enter];
    return v ? v : e->mc->unknown;
}

static bool is_contents(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_SEQ || ev_at(e, v)->kind == TW_VAL_MAP;
}

static void several(ev *e, uint32_t id)
{
    uint32_t v = e->mc->seen[id];
    e->mc->seen[id] = TW_NONE;
    if (v && v != MC_SEEN_REF && ev_is_const(e, v) && !is_contents(e, v)) e->mc->one_of[id] = v;
}

/* What an instruction gave, in all its rounds: a constant or a name; what has an identity when it is handed out. */
void mc_note(ev *e, uint32_t id, uint32_t v)
{
    uint32_t *seen = &e->mc->seen[id];
    bool same = false;
    if (*seen == TW_NONE || *seen == v) return;
    const ev_val *x = ev_at(e, v);
    if (x->kind == EV_REF && (!*seen || *seen == MC_SEEN_REF || is_contents(e, *seen))) {
        if (!*seen) *seen = MC_SEEN_REF;
        return;
    }
    bool worth = (x->flags & EV_CONST && x->kind != EV_REF) || x->kind == TW_VAL_SYMBOL;
    if (worth && mc_is_method(e, v)) worth = false; /* the first pass has names of its own for these */
    if (!worth || (*seen == MC_SEEN_REF && !is_contents(e, v))) {
        several(e, id);
        return;
    }
    if (!*seen || *seen == MC_SEEN_REF) {
        *seen = v;
        return;
    }
    const ev_val *y = ev_at(e, *seen);
    if (y->kind == x->kind && x->kind == TW_VAL_SYMBOL)
        same = x->sym == y->sym;
    else if (y->kind == x->kind && is_contents(e, v))
        same = x->n == y->n && mc_same_items(e, x->list, y->list, x->n);
    else if (y->kind != x->kind || !mc_same(e, v, *seen, &same))
        same = false;
    if (!same) several(e, id);
}

void mc_set(ev *e, uint32_t id, uint32_t v)
{
    const mc_act *a = mc_top(e);
    if (!v) v = e->mc->unknown;
    if (id < a->enter || id >= a->end) return;
    e->mc->regs.v[a->regs + id - a->enter] = v;
    mc_note(e, id, v);
}

/* Two ways, of which one is taken. */
static uint32_t either(ev *e, uint32_t from_a, uint32_t to_a, uint32_t from_b, uint32_t to_b)
{
    mc_fork f;
    mc_changes a, b = {0};
    uint32_t how_b = R_NORMAL;
    mc_fork_open(e, &f);
    e->mc->perhaps++;
    uint32_t how_a = mc_run(e, from_a, to_a);
    e->mc->perhaps--;
    mc_fork_take(e, &f, &a);
    if (how_a & R_STOP) return R_STOP;
    if (from_b < to_b) {
        mc_fork_open(e, &f);
        e->mc->perhaps++;
        how_b = mc_run(e, from_b, to_b);
        e->mc->perhaps--;
        mc_fork_take(e, &f, &b);
    }
    if (how_b & R_STOP) return R_STOP;
    bool ends = !e->mc->tries; /* a throw that nobody catches: nothing comes after it */
    if (ends && how_a == R_THROW) {
        mc_adopt(e, &b);
        return how_b;
    }
    if (ends && how_b == R_THROW) {
        mc_adopt(e, &a);
        return how_a;
    }
    mc_join(e, &a, &b);
    return how_a | how_b;
}

/* ---- a && b, a ? b : c ---- */

static uint32_t ternary(ev *e, uint32_t k)
{
    const tw_insn *in = mc_insn(e, k);
    uint32_t x = e->mc->arm_x[k], y = e->mc->arm_y[k], x_end = y, how = R_NORMAL;
    if (!e->js) { /* x if c else y: x stands in front of c */
        x = e->mc->start[in->b], x_end = e->mc->start[in->a], y = e->mc->start[in->c];
        how = mc_run(e, x_end, y);
        if (how != R_NORMAL) return how;
    }
    int truth = mc_truth(e, mc_reg(e, in->a));
    if (truth < 0) {
        how = either(e, x, x_end, y, k);
        mc_set(e, k, mc_join_val(e, mc_reg(e, in->b), mc_reg(e, in->c)));
    } else {
        how = truth ? mc_run(e, x, x_end) : mc_run(e, y, k);
        if (how & R_NORMAL) mc_set(e, k, mc_reg(e, truth ? in->b : in->c));
    }
    return how;
}

static bool is_null(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_NULL_;
}

static uint32_t choose(ev *e, uint32_t k)
{
    const tw_insn *in = mc_insn(e, k);
    bool is_or = in->a == in->b, is_and = in->a == in->c;
    if (!is_or && !is_and) return ternary(e, k);
    uint32_t cond = mc_reg(e, in->a), from = e->js ? e->mc->arm_x[k] : e->mc->start[is_or ? in->c : in->b];
    int truth = mc_truth(e, cond), takes = truth < 0 ? -1 : is_or ? !truth : truth;
    if (e->js && is_or && e->mc->arm_y[k] == TW_NONE)
        takes = is_null(e, cond) ? 1 : mc_unknown(e, cond) ? -1 : 0;
    uint32_t how = takes ? (takes < 0 ? mc_maybe(e, from, k) : mc_run(e, from, k)) : R_NORMAL;
    uint32_t other = mc_reg(e, is_or ? in->c : in->b);
    if (how & R_NORMAL) mc_set(e, k, takes < 0 ? mc_join_val(e, cond, other) : takes ? other : cond);
    return how;
}

/* ---- regions ---- */

/* The region that goes on where one ends: what its ENTER needs (the type of a catch) may stand between. 0 none. */
static uint32_t beside(ev *e, uint32_t at)
{
    if (!(e->continues[at] & EV_GOES_ON)) return 0;
    for (uint32_t i = e->leave[at] + 1; i < e->ir->insns.n && mc_tick(e, 1); i++) {
        const tw_insn *in = mc_insn(e, i);
        bool other =
            in->op == TW_OP_ENTER && (in->kind == TW_REGION_COMPREHENSION || in->kind == TW_REGION_LAMBDA);
        if (in->op == TW_OP_ENTER && !other) return e->leave[i] < e->ir->insns.n ? i : 0;
        if (other) i = e->leave[i];
    }
    return 0;
}

static uint32_t branch(ev *e, uint32_t at, uint32_t *pc)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t end = e->leave[at], els = beside(e, at);
    if (els != end + 1) els = 0; /* met by itself, it is run perhaps */
    uint32_t els_end = els ? e->leave[els] : 0;
    *pc = (els ? els_end : end) + 1;
    if (e->mc->seek) return mc_run(e, at + 1, end);
    int truth = in->kind == TW_REGION_THEN && in->a ? mc_truth(e, mc_reg(e, in->a)) : -1;
    *pc = (els ? els_end : end) + 1;
    if (truth > 0) return mc_run(e, at + 1, end);
    if (!truth) return els ? mc_run(e, els + 1, els_end) : R_NORMAL;
    return either(e, at + 1, end, els ? els + 1 : 0, els_end);
}

/* The body of a catch that is surely taken. */
static uint32_t caught(ev *e, uint32_t at, uint32_t end, uint32_t v)
{
    mc_machine *m = e->mc;
    uint32_t was = m->handled;
    m->thrown = m->handled = v, m->rigid++;
    uint32_t how = mc_run(e, at + 1, end);
    m->handled = was, m->rigid--;
    return how;
}

/* The catches from `at` on, behind what ends at `last`; v: what was thrown. Several of them are all taken perhaps. */
static uint32_t catches(ev *e, uint32_t last, uint32_t at, uint32_t v)
{
    uint32_t how = R_THROW;
    for (; at && mc_insn(e, at)->kind == TW_REGION_CATCH; last = e->leave[at], at = beside(e, at)) {
        uint32_t end = e->leave[at], type = mc_insn(e, at)->a, before = mc_run(e, last + 1, at);
        if (before != R_NORMAL) return before;
        int is = how == R_THROW && type ? mc_catches(e, v, mc_reg(e, type)) : -1;
        if (!is) continue;
        if (is > 0) return caught(e, at, end, v);
        tw_str name = type ? ev_sym(e, ev_at(e, mc_reg(e, type))->sym) : TW_S("Exception");
        bool all = tw_str_eq(name, TW_S("Exception")) || tw_str_eq(name, TW_S("BaseException"));
        e->mc->thrown = v;
        if (all && how == R_THROW) return caught(e, at, end, v);
        how |= mc_maybe(e, at + 1, end);
        if (all) return how & ~(uint32_t)R_THROW;
        if (how & R_STOP) return R_STOP;
    }
    return how;
}

static uint32_t guarded(ev *e, uint32_t at, uint32_t catch_at, bool *ret_threw, bool *ret_sure)
{
    mc_machine *m = e->mc;
    mc_fork f;
    mc_changes done, caught;
    uint32_t end = e->leave[at];
    bool before = m->may_throw;
    m->may_throw = false;
    m->tries++;
    mc_fork_open(e, &f);
    uint32_t how = mc_run(e, at + 1, end);
    mc_fork_take(e, &f, &done);
    m->tries--;
    bool may = m->may_throw;
    m->may_throw = before;
    if (how & R_STOP) return R_STOP;
    *ret_threw = may || how & R_THROW;
    *ret_sure = how == R_THROW;
    if (!may && (!(how & R_THROW) || how == R_THROW)) {
        mc_adopt(e, &done);
        return how == R_THROW ? catches(e, end, catch_at, m->thrown) : how;
    }
    mc_fork_open(e, &f);
    mc_volatile(e, &done, false);
    m->perhaps++;
    uint32_t how2 = catches(e, end, catch_at, m->unknown);
    m->perhaps--;
    mc_fork_take(e, &f, &caught);
    if (how2 & R_STOP) return R_STOP;
    if (how == R_THROW) {
        mc_adopt(e, &caught);
        return how2;
    }
    mc_join(e, &done, &caught);
    return (how & ~(uint32_t)R_THROW) | how2;
}

static uint32_t try_(ev *e, uint32_t at, uint32_t *pc)
{
    uint32_t end = e->leave[at], next = beside(e, at), how;
    bool threw = false, caught = next && mc_insn(e, next)->kind == TW_REGION_CATCH;
    bool sure = false;
    how = caught ? guarded(e, at, next, &threw, &sure) : mc_run(e, at + 1, end);
    for (; next; next = beside(e, next)) {
        end = e->leave[next];
        if (mc_insn(e, next)->kind != TW_REGION_ELSE || !(how & R_NORMAL)) continue;
        if (threw && sure) continue;
        e->mc->rigid++;
        how = how == R_NORMAL && !threw ? mc_run(e, next + 1, end) : how | mc_maybe(e, next + 1, end);
        e->mc->rigid--;
    }
    const tw_insn *fin = mc_insn(e, end + 1);
    *pc = end + 1;
    if (how & (R_STOP | R_SUSPEND) || fin->op != TW_OP_ENTER || fin->kind != TW_REGION_FINALLY) return how;
    *pc = e->leave[end + 1] + 1;
    uint32_t thrown = e->mc->thrown, label = e->mc->label, ret = mc_top(e)->ret, last;
    e->mc->rigid++;
    mc_top(e)->ret = e->mc->label = 0;
    last = mc_run(e, end + 2, *pc - 1);
    if (last != R_RETURN)
        mc_top(e)->ret = !ret ? mc_top(e)->ret : mc_top(e)->ret ? mc_join_val(e, ret, mc_top(e)->ret) : ret;
    e->mc->rigid--;
    if (last == R_NORMAL) e->mc->label = label;
    if (last != R_THROW) e->mc->thrown = thrown;
    return last == R_NORMAL ? how : last & R_NORMAL ? how | last : last;
}

/* switch: the value is compared with each case in turn, and bodies fall through. */
static uint32_t match(ev *e, uint32_t at)
{
    uint32_t end = e->leave[at], v = mc_reg(e, mc_insn(e, at)->a), from = at + 1, fallback = 0, how;
    bool known = e->js && !mc_unknown(e, v);
    for (uint32_t i = at + 1; known && i < end; i++) {
        const tw_insn *in = mc_insn(e, i);
        if (in->op != TW_OP_ENTER) continue;
        bool same = false;
        if (in->kind != TW_REGION_CASE) {
            i = e->leave[i];
            continue;
        }
        if (in->a) {
            how = mc_run(e, from, i);
            if (how != R_NORMAL) return how;
            known = mc_same(e, v, mc_reg(e, in->a), &same);
        } else {
            fallback = i;
        }
        if (same) fallback = i;
        if (same) break;
        i = e->leave[i];
        from = i + 1;
    }
    if (known && !fallback) return R_NORMAL;
    how = R_NORMAL;
    uint32_t all = 0;
    if (!known) from = at + 1;
    for (uint32_t i = known ? fallback : at + 1; i < end; i++) {
        const tw_insn *in = mc_insn(e, i);
        if (in->op != TW_OP_ENTER) continue;
        uint32_t last = e->leave[i];
        if (in->kind != TW_REGION_CASE) {
            i = last;
            continue;
        }
        how = !known ? mc_maybe(e, from, i) : R_NORMAL;
        if (how == R_NORMAL) how = known && !all ? mc_run(e, i + 1, last) : mc_maybe(e, i + 1, last);
        if (how & R_STOP) return R_STOP;
        if (!(how & R_NORMAL)) {
            all |= how;
            break;
        }
        all |= how & ~(uint32_t)R_NORMAL;
        i = last;
        from = i + 1;
    }
    if (how & R_NORMAL) all |= R_NORMAL;
    if (all & R_BREAK && e->mc->label && mc_is_labelled(e, at, e->mc->label)) e->mc->label = 0;
    return all & R_BREAK && !e->mc->label ? (all & ~(uint32_t)R_BREAK) | R_NORMAL : all;
}

static uint32_t in_class(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    uint32_t scope = mc_insn(e, at)->b, was = mc_top(e)->env, env = m->envs.n;
    while (env > 0 && m->envs.v[env - 1].scope != scope && mc_tick(e, 1)) env--;
    if (!env || m->lost) return R_STOP;
    mc_top(e)->env = env - 1;
    uint32_t cls = m->envs.v[env - 1].cls;
    uint32_t how = cls ? mc_js_class_body(e, at, cls - 1) : mc_run(e, at + 1, e->leave[at]);
    mc_top(e)->env = was;
    return how;
}

static uint32_t comprehension(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    const tw_insn *iter = mc_insn(e, at + 1);
    uint32_t was = mc_top(e)->env, end = e->leave[at], list = 0, out = mc_new(e, MC_ITER), how = R_NORMAL;
    m->rigid++;
    bool known = iter->op == TW_OP_ITER && mc_iterate(e, mc_reg(e, iter->a), &list);
    m->rigid--;
    if (m->raised) return R_NORMAL;
    uint32_t env = mc_env_new(e, mc_insn(e, at)->b, was);
    mc_top(e)->env = env;
    TW_PUSH(e->tmp, m->yields, out);
    for (uint32_t i = 0; known && how == R_NORMAL && i < mc_obj_at(e, list)->items.n; i++) {
        if (!mc_tick(e, 1)) how = R_STOP;
        mc_set(e, at + 1, mc_obj_at(e, list)->items.v[i]);
        if (how == R_NORMAL) how = mc_run(e, at + 2, end);
    }
    if (!known) {
        mc_set(e, at + 1, m->unknown);
        how = mc_maybe(e, at + 2, end);
        if (how == R_NORMAL) how = mc_maybe(e, at + 2, end);
        mc_lose(e, out);
    }
    m->yields.n--;
    mc_top(e)->env = was;
    mc_set(e, end, mc_ref_to(e, out));
    return how & R_STOP ? R_STOP : how == R_NORMAL ? how : how | R_NORMAL;
}

static uint32_t region(ev *e, uint32_t at, uint32_t *pc)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t end = e->leave[at];
    *pc = end + 1;
    if (end >= e->ir->insns.n) return R_STOP;
    switch (in->kind) {
    case TW_REGION_THEN:
    case TW_REGION_MAIN_GUARD: return branch(e, at, pc);
    case TW_REGION_LOOP: {
        uint32_t how = mc_loop(e, at);
        const tw_insn *els = mc_insn(e, end + 1);
        if (e->js || els->op != TW_OP_ENTER || els->kind != TW_REGION_ELSE || els->a) {
            return how & R_BREAK && !e->mc->label ? (how & ~(uint32_t)R_BREAK) | R_NORMAL : how;
        }
        *pc = e->leave[end + 1] + 1; /* else: where nothing broke */
        uint32_t broke = how & R_BREAK ? R_NORMAL : 0;
        how &= ~(uint32_t)R_BREAK;
        if (!(how & R_NORMAL)) return how | broke;
        uint32_t more =
            how == R_NORMAL && !broke ? mc_run(e, end + 2, *pc - 1) : mc_maybe(e, end + 2, *pc - 1);
        return (how & ~(uint32_t)R_NORMAL) | broke | more;
    }
    case TW_REGION_TRY: return try_(e, at, pc);
    case TW_REGION_MATCH: return e->js ? match(e, at) : mc_py_match(e, at);
    case TW_REGION_CLASS: return in_class(e, at);
    case TW_REGION_COMPREHENSION: return comprehension(e, at);
    case TW_REGION_MODULE:
    case TW_REGION_FINALLY: return mc_run(e, at + 1, end);
    case TW_REGION_WITH:
        if (e->js && in->a) return e->mc->lost = true, R_STOP; /* with (o): names are not what they seem */
        return e->js ? mc_run(e, at + 1, end) : mc_with(e, at);
    case TW_REGION_ELSE:
    case TW_REGION_CASE: return e->mc->seek ? mc_run(e, at + 1, end) : mc_maybe(e, at + 1, end);
    default: return R_NORMAL; /* functions run when they are called */
    }
}

/* A generator goes on: forward to where it stopped, or to the region around it. */
static void seek(ev *e, uint32_t *pc, uint32_t to)
{
    mc_machine *m = e->mc;
    while (*pc < to && *pc != m->seek) {
        bool region = mc_insn(e, *pc)->op == TW_OP_ENTER;
        if (region && e->leave[*pc] > m->seek) return;
        *pc = region ? e->leave[*pc] + 1 : *pc + 1;
    }
    if (*pc != m->seek) return;
    m->seek = 0;
    if (mc_insn(e, *pc)->flags & TW_IF_FROM) return; /* the next of its source */
    mc_set(e, *pc, m->sent);
    ++*pc;
}

uint32_t mc_run(ev *e, uint32_t from, uint32_t to)
{
    mc_machine *m = e->mc;
    uint32_t how = R_NORMAL, pc = from;
    if (m->depth >= MAX_DEPTH) return m->lost = true, R_STOP;
    m->depth++;
    while (pc < to && how == R_NORMAL) {
        if (m->seek) seek(e, &pc, to);
        if (pc >= to) break;
        uint32_t at = pc, k = m->seek ? 0 : m->chain[pc];
        while (k >= to) k = m->next[k];
        if (!mc_tick(e, 1)) {
            how = R_STOP;
        } else if (k) {
            m->rigid++, how = choose(e, k), pc = k + 1, m->rigid--;
        } else if (mc_insn(e, at)->op == TW_OP_ENTER) {
            how = region(e, at, &pc);
        } else {
            e->at = at;
            how = mc_step(e, at), pc = at + 1;
        }
        if (m->raised) m->raised = false, how = how & (R_STOP | R_SUSPEND) ? how : R_THROW;
        if (m->lost) how = R_STOP;
        uint32_t out = how == R_BREAK && m->label ? mc_label_end(e, at, from, to) : 0;
        if (out) how = R_NORMAL, pc = out, m->label = 0;
        if (!m->tries && how & R_THROW && how != R_THROW) how &= ~(uint32_t)R_THROW;
        if (how == R_NORMAL || !(how & R_NORMAL) || pc >= to) continue;
        mc_fork f; /* it may have ended here: what follows happens perhaps */
        mc_changes c, none = {0};
        mc_fork_open(e, &f);
        m->perhaps++;
        uint32_t rest = mc_run(e, pc, to);
        m->perhaps--;
        mc_fork_take(e, &f, &c);
        how &= ~(uint32_t)R_NORMAL;
        if (rest & R_STOP)
            how = R_STOP;
        else if (rest != R_THROW || m->tries)
            mc_join(e, &c, &none), how |= rest;
        pc = to;
    }
    m->depth--;
    return how;
}
