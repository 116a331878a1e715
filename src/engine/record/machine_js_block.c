/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of JavaScript: let and const are new variables in every round of a loop, where a function may keep them; labels. */
#include "engine/record/machine_priv.h"

enum { NAMES_MAX = 256, NO_BLOCK = 1 };

/* The names a loop declares for each round: first those of its head. In m->block_names: count, count of the head, variables. */
static uint32_t names_of(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    uint32_t scope = m->envs.v[mc_top(e)->env].scope, end = e->leave[at], off = mc_insn(e, at)->off,
             base = e->stack.n, head = 0;
    bool keeps = false;
    for (uint32_t i = at; i-- > 1 && mc_insn(e, i)->off >= off && at - i < NAMES_MAX;) {
        const tw_insn *in = mc_insn(e, i);
        uint32_t var =
            in->op == TW_OP_BIND && in->flags & TW_IF_LEXICAL ? ev_find_var(e, in->a, scope) : TW_NONE;
        head += var != TW_NONE;
        if (var != TW_NONE) TW_PUSH(e->tmp, e->stack, var);
        keeps |= in->op == TW_OP_FUNC;
    }
    for (uint32_t i = at + 1; i < end && e->stack.n - base < NAMES_MAX && mc_tick(e, 1); i++) {
        const tw_insn *in = mc_insn(e, i);
        keeps |= in->op == TW_OP_FUNC || in->op == TW_OP_CLASS;
        if (in->op == TW_OP_ENTER && in->kind <= TW_REGION_LAMBDA) {
            i = e->leave[i];
            continue;
        }
        uint32_t var =
            in->op == TW_OP_BIND && in->flags & TW_IF_LEXICAL ? ev_find_var(e, in->a, scope) : TW_NONE;
        if (var != TW_NONE) TW_PUSH(e->tmp, e->stack, var);
    }
    uint32_t n = e->stack.n - base, list = m->block_names.n;
    if (!keeps || !n || m->lost) return e->stack.n = base, NO_BLOCK;
    TW_PUSH(e->tmp, m->block_names, n);
    TW_PUSH(e->tmp, m->block_names, head);
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, m->block_names, e->stack.v[base + i]);
    e->stack.n = base;
    return list + 2;
}

/* A new round of the loop: its variables anew, those of the head with the values they have. fresh: without these. */
void mc_round(ev *e, uint32_t at, bool fresh)
{
    mc_machine *m = e->mc;
    uint32_t from = mc_top(e)->env, scope = m->envs.v[from].scope;
    if (!e->js || m->lost) return;
    if (!m->blocks[at]) m->blocks[at] = names_of(e, at);
    if (m->blocks[at] == NO_BLOCK) return;
    const uint32_t *names = m->block_names.v + m->blocks[at] - 2;
    uint32_t n = names[0], head = names[1], old = m->envs.v[from].cells, env, cells;
    env = mc_env_new(e, scope, m->envs.v[from].up);
    m->envs.v[env].cls = m->envs.v[from].cls;
    cells = m->envs.v[env].cells;
    for (uint32_t i = 0; i < m->n_slots[scope]; i++) {
        uint32_t to = m->cells.v[old + i].fwd ? m->cells.v[old + i].fwd : old + i;
        m->cells.v[cells + i].fwd = to;
    }
    if (!mc_tick(e, m->n_slots[scope] / 4)) return;
    names = m->block_names.v + m->blocks[at] - 2;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t slot = m->slot_of[names[2 + i]], was = m->cells.v[cells + slot].fwd;
        if (!was) continue;
        m->cells.v[cells + slot] = (mc_cell){0};
        if (i < head && !fresh)
            m->cells.v[cells + slot] =
                (mc_cell){.val = m->cells.v[was].val, .shared = m->cells.v[was].shared};
        m->cells.v[cells + slot].fwd = 0;
    }
    mc_top(e)->env = env;
    mc_top(e)->rounds = true;
}

/* ---- labels ---- */

/* The label of that name that is around an instruction; NULL. */
static const tw_label *label_at(const ev *e, uint32_t name, uint32_t at)
{
    const tw_label *found = NULL;
    for (uint32_t i = 0; i < e->ir->labels.n && e->ir->labels.v[i].from <= at; i++)
        if (e->ir->labels.v[i].name == name) found = &e->ir->labels.v[i];
    return found;
}

/* Is the region what the label stands in front of? */
bool mc_is_labelled(ev *e, uint32_t at, uint32_t name)
{
    for (uint32_t i = 0; i < e->ir->labels.n && e->ir->labels.v[i].from <= at && mc_tick(e, 1); i++) {
        const tw_label *l = &e->ir->labels.v[i];
        if (l->name != name || l->end) continue;
        uint32_t k = l->from;
        while (k < at && mc_insn(e, k)->op != TW_OP_ENTER) k++;
        while (k < at && mc_insn(e, k)->kind <= TW_REGION_LAMBDA) { /* a function in its head */
            k = e->leave[k] + 1;
            while (k < at && mc_insn(e, k)->op != TW_OP_ENTER) k++;
        }
        if (k == at) return true;
    }
    return false;
}

/* Where a labelled block that is left ends, in front of `to`; 0: it is not here. */
uint32_t mc_label_end(ev *e, uint32_t at, uint32_t from, uint32_t to)
{
    const tw_label *l = label_at(e, e->mc->label, at);
    return l && mc_tick(e, 1 + e->ir->labels.n / 16) && l->end && l->from >= from && at < l->end &&
                   l->end <= to
               ? l->end
               : 0;
}
