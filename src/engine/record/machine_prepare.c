/* SPDX-License-Identifier: Apache-2.0 */
/* Before the world runs: where the parts of conditional expressions start, which slot a variable has, which functions change
 * variables of others, which of them are hoisted. Nothing is prepared for a file in which nothing could come of it. */
#include "engine/record/machine_priv.h"

#include <stdlib.h>

/* A file of plain calls and definitions tells all it has to tell without being run. */
static bool worth(const ev *e)
{
    if (e->ir->lang == TW_LANG_BYTECODE) return false;
    tw_lang family = tw_lang_family(e->ir->lang);
    return family == TW_LANG_PYTHON || family == TW_LANG_JAVASCRIPT;
}

static uint32_t start_of(const mc_machine *m, const tw_ir *ir, uint32_t i)
{
    const tw_insn *in = &ir->insns.v[i];
    const uint8_t *f = tw_op_fields(in->op);
    uint32_t s = i;
    if (in->op == TW_OP_LEAVE && in->kind == TW_REGION_COMPREHENSION) {
        const tw_insn *iter = &ir->insns.v[in->a + 1];
        return iter->op == TW_OP_ITER && m->start[iter->a] < in->a ? m->start[iter->a] : in->a;
    }
    if (f[0] == TW_FIELD_VALUE && in->a && m->start[in->a] < s) s = m->start[in->a];
    if (f[1] == TW_FIELD_VALUE && in->b && m->start[in->b] < s) s = m->start[in->b];
    if (f[2] == TW_FIELD_VALUE && in->c && m->start[in->c] < s) s = m->start[in->c];
    for (uint32_t k = 1; f[2] == TW_FIELD_ARGS && in->c && k <= ir->args.v[in->c].value; k++) {
        uint32_t v = ir->args.v[in->c + k].value;
        if (v && m->start[v] < s) s = m->start[v];
    }
    return s;
}

static void chain(mc_machine *m, uint32_t at, uint32_t k)
{
    m->next[k] = m->chain[at];
    m->chain[at] = k;
}

static void python_choices(ev *e, mc_machine *m)
{
    const tw_ir *ir = e->ir;
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        const tw_insn *in = &ir->insns.v[i];
        m->start[i] = start_of(m, ir, i);
        if (in->op != TW_OP_CHOOSE || !in->a) continue;
        bool is_or = in->a == in->b, is_and = in->a == in->c;
        if (is_or || is_and) {
            uint32_t from = m->start[is_or ? in->c : in->b];
            chain(m, from > in->a ? from : in->a + 1, i);
        } else if (m->start[in->b] < m->start[in->a] && m->start[in->a] < m->start[in->c]) {
            chain(m, m->start[in->b], i);
        }
    }
}

static void javascript_choices(ev *e, mc_machine *m)
{
    const tw_ir *ir = e->ir;
    for (uint32_t i = 0; i < ir->arms.n; i++) {
        tw_arm a = ir->arms.v[i];
        if (a.at >= ir->insns.n) continue;
        m->arm_x[a.at] = a.x, m->arm_y[a.at] = a.y;
        if (ir->insns.v[a.at].op == TW_OP_CHOOSE && a.x && a.x < a.at) chain(m, a.x, a.at);
    }
}

typedef struct write {
    uint32_t var, scope;
} write;

static int by_var(const void *x, const void *y)
{
    const write *a = x, *b = y;
    if (a->var != b->var) return a->var < b->var ? -1 : 1;
    return (a->scope > b->scope) - (a->scope < b->scope);
}

static uint32_t outer_var(const ev *e, uint32_t name, uint32_t scope)
{
    for (uint32_t s = scope;; s = e->ir->scopes.v[s].parent) {
        uint32_t var = ev_find_var(e, name, s);
        if (var != TW_NONE && (s == scope || e->ir->scopes.v[s].kind != TW_REGION_CLASS))
            return e->flow[s] == e->flow[scope] ? TW_NONE : var;
        if (!s) return TW_NONE;
    }
}

/* The name that an instruction writes to, or whose object it changes; 0 none. */
static uint32_t written(ev *e, const tw_insn *in)
{
    const tw_insn *of = NULL, *callee;
    if (in->op == TW_OP_BIND && in->kind != TW_BIND_PARAM) return in->a;
    if (in->op == TW_OP_SETINDEX || in->op == TW_OP_SETMEMBER) of = mc_insn(e, in->a);
    if (in->op == TW_OP_CALL) {
        callee = mc_insn(e, in->a);
        if (callee->op == TW_OP_MEMBER && ev_method_of(e, callee->b) != EV_METHOD_NONE)
            of = mc_insn(e, callee->a);
    }
    return of && of->op == TW_OP_READ ? of->a : 0;
}

static void find_writers(ev *e, mc_machine *m)
{
    TW_VEC(write) w = {0};
    TW_VEC(uint32_t) open = {0};
    uint32_t scope = 0;
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        const tw_insn *in = mc_insn(e, i);
        if (in->op == TW_OP_ENTER && in->kind <= TW_REGION_COMPREHENSION) {
            TW_PUSH(e->tmp, open, scope);
            scope = in->b;
        } else if (in->op == TW_OP_LEAVE && in->kind <= TW_REGION_COMPREHENSION && open.n) {
            scope = open.v[--open.n];
        }
        if (in->op == TW_OP_BIND && in->flags & TW_IF_HOISTED && mc_insn(e, in->b)->op == TW_OP_FUNC) {
            TW_PUSH(e->tmp, m->hoists, (uint64_t)m->hoist_first[scope] << 32 | i);
            m->hoist_first[scope] = m->hoists.n;
        }
        if (!e->flow[scope]) continue;
        uint32_t name = written(e, in), var = name ? outer_var(e, name, scope) : TW_NONE;
        if (var != TW_NONE) TW_PUSH(e->tmp, w, ((write){var, e->flow[scope]}));
    }
    if (w.n) qsort(w.v, w.n, sizeof *w.v, by_var);
    m->writers = (uint32_t *)w.v, m->n_writers = w.n;
}

static void find_once(ev *e, mc_machine *m)
{
    m->once = TW_NEWN(e->tmp, uint8_t, e->ir->insns.n + 1);
    m->is_callee = TW_NEWN(e->tmp, uint8_t, e->ir->insns.n + 1);
    for (uint32_t i = 1; i < e->ir->insns.n; i++)
        if (mc_insn(e, i)->op == TW_OP_CALL) m->is_callee[mc_insn(e, i)->a] = 1;
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        const tw_insn *in = mc_insn(e, i);
        bool scope = in->kind > TW_REGION_MODULE && in->kind <= TW_REGION_COMPREHENSION;
        bool inner = in->op == TW_OP_ENTER && (scope || in->kind == TW_REGION_LOOP);
        if (inner && e->leave[i] > i)
            i = e->leave[i];
        else
            m->once[i] = 1;
    }
}

mc_machine *mc_prepare(ev *e)
{
    uint32_t n = e->ir->insns.n + 2, scopes = e->ir->scopes.n;
    if (!worth(e)) return NULL;
    mc_machine *m = TW_NEW(e->tmp, mc_machine);
    m->seen = TW_NEWN(e->tmp, uint32_t, n);
    m->one_of = TW_NEWN(e->tmp, uint32_t, n);
    m->chain = TW_NEWN(e->tmp, uint32_t, n);
    m->next = TW_NEWN(e->tmp, uint32_t, n);
    m->resolved = TW_NEWN(e->tmp, uint32_t, n);
    m->closure_of = TW_NEWN(e->tmp, uint32_t, scopes);
    m->scope_is = TW_NEWN(e->tmp, uint8_t, scopes);
    m->fails = TW_NEWN(e->tmp, uint8_t, scopes);
    m->cut = TW_NEWN(e->tmp, uint32_t, scopes);
    m->n_slots = TW_NEWN(e->tmp, uint32_t, scopes);
    m->hoist_first = TW_NEWN(e->tmp, uint32_t, scopes);
    m->slot_of = TW_NEWN(e->tmp, uint32_t, e->vars.n + 1);
    m->arm_x = TW_NEWN(e->tmp, uint32_t, n);
    m->arm_y = TW_NEWN(e->tmp, uint32_t, n);
    m->start = TW_NEWN(e->tmp, uint32_t, n);
    if (e->js) m->blocks = TW_NEWN(e->tmp, uint32_t, n);
    tw_intern_init(&m->keys, e->tmp);
    for (uint32_t i = 0; i < e->vars.n; i++) m->slot_of[i] = m->n_slots[e->vars.v[i].scope]++;
    if (e->js)
        javascript_choices(e, m);
    else
        python_choices(e, m);
    find_writers(e, m);
    find_once(e, m);
    m->uses_arguments = e->js && tw_intern_find(&e->ir->strings, TW_S("arguments"));
    TW_PUSH(e->tmp, m->objs, (mc_obj){0});
    TW_PUSH(e->tmp, m->cells, (mc_cell){0});
    return m;
}
