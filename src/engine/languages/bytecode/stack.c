/* SPDX-License-Identifier: Apache-2.0 */
/* The symbolic stack. Nodes share their tails, so that a jump saves the whole stack as one number; stacks that
 * meet are compared only as far as they differ. Nodes stand for values that may still be to be made. */
#include "engine/languages/bytecode/pyc.h"

uint32_t pyc_push_node(pyc *L, pyc_node n)
{
    n.below = L->fr->top;
    n.depth = L->nodes.v[n.below].depth + 1;
    TW_PUSH(L->tmp, L->nodes, n);
    return L->fr->top = L->nodes.n - 1;
}

void pyc_push_kind(pyc *L, pyc_kind kind, uint32_t value, uint32_t x, uint8_t extra)
{
    pyc_push_node(L, (pyc_node){.kind = (uint8_t)kind, .value = value, .x = x, .extra = extra});
}

void pyc_push(pyc *L, uint32_t value)
{
    pyc_push_kind(L, K_VALUE, value, 0, 0);
}

uint32_t pyc_pop(pyc *L)
{
    uint32_t n = L->fr->top;
    if (n) L->fr->top = L->nodes.v[n].below;
    return n;
}

uint32_t pyc_pop_value(pyc *L)
{
    return pyc_use(L, pyc_pop(L));
}

uint32_t pyc_peek(pyc *L, uint32_t i)
{
    uint32_t n = L->fr->top;
    uint64_t walked = i;
    if (i > L->nodes.v[n].depth) return 0;
    for (; i > 1 && n; i--) n = L->nodes.v[n].below;
    return pyc_spend(L, walked / 16) ? n : 0;
}

void pyc_drop(pyc *L, uint32_t n)
{
    while (n-- && L->fr->top) L->fr->top = L->nodes.v[L->fr->top].below;
}

uint32_t pyc_take(pyc *L, uint32_t n)
{
    uint32_t depth = L->nodes.v[L->fr->top].depth;
    if (n > depth) n = depth;
    L->taken.n = 0;
    TW_RESERVE(L->tmp, L->taken, (size_t)n + 1);
    for (uint32_t i = n; i-- > 0;) L->taken.v[i] = pyc_pop(L);
    L->taken.n = n;
    return n;
}

/* The stack without its i top nodes gets copies of them back, the order changed. */
static bool lift(pyc *L, uint32_t i)
{
    if (i < 2 || i > L->nodes.v[L->fr->top].depth || !pyc_spend(L, i)) return false;
    pyc_take(L, i);
    return true;
}

void pyc_swap(pyc *L, uint32_t i)
{
    if (!lift(L, i)) return;
    uint32_t *v = L->taken.v, t = v[0];
    v[0] = v[i - 1], v[i - 1] = t;
    for (uint32_t k = 0; k < i; k++) pyc_push_node(L, L->nodes.v[v[k]]);
}

void pyc_rotate(pyc *L, uint32_t n)
{
    if (!lift(L, n)) return;
    uint32_t *v = L->taken.v;
    pyc_push_node(L, L->nodes.v[v[n - 1]]);
    for (uint32_t k = 0; k + 1 < n; k++) pyc_push_node(L, L->nodes.v[v[k]]);
}

/* ---- sequences and mappings while they are built ---- */

uint32_t pyc_acc_new(pyc *L, uint8_t kind)
{
    TW_PUSH(L->tmp, L->accs, ((pyc_acc){.kind = kind}));
    return L->accs.n - 1;
}

void pyc_acc_add(pyc *L, uint32_t acc, uint32_t value, uint32_t name)
{
    pyc_acc *a = &L->accs.v[acc];
    TW_PUSH(L->tmp, L->items, ((pyc_item){value, name, 0}));
    uint32_t i = L->items.n - 1;
    if (a->n++)
        L->items.v[a->last].next = i;
    else
        a->first = i;
    a->last = i;
    a->value = 0;
}

static uint32_t acc_value(pyc *L, uint32_t acc)
{
    pyc_acc *a = &L->accs.v[acc];
    if (a->value || (a->made && !pyc_spend(L, a->n))) return a->value;
    a->made = true;
    uint32_t base = L->vals.n, i = a->first;
    for (uint32_t k = 0; k < a->n; k++, i = L->items.v[i].next)
        TW_PUSH(L->tmp, L->vals, ((tw_arg){L->items.v[i].value, L->items.v[i].name}));
    uint32_t args = tw_ir_args(L->ir, L->vals.v + base, L->vals.n - base);
    L->vals.n = base;
    a->value = a->kind == PYC_MAP ? pyc_emit(L, TW_OP_MAP, 0, 0, 0, 0, args)
                                  : pyc_emit(L, TW_OP_SEQ, a->kind, 0, 0, 0, args);
    return a->value;
}

static bool is_const_list(pyc *L, const pyc_node *n)
{
    return n->kind == K_CONST && pyc_is_list(pyc_at(&L->f, n->x)) && pyc_at(&L->f, n->x)->type != ':';
}

void pyc_acc_splice(pyc *L, uint32_t acc, uint32_t node)
{
    pyc_node n = L->nodes.v[node];
    bool map = L->accs.v[acc].kind == PYC_MAP;
    if (n.kind == K_ACC && (L->accs.v[n.x].kind == PYC_MAP) == map && pyc_spend(L, L->accs.v[n.x].n)) {
        uint32_t i = L->accs.v[n.x].first;
        for (uint32_t k = L->accs.v[n.x].n; k-- > 0; i = L->items.v[i].next)
            pyc_acc_add(L, acc, L->items.v[i].value, L->items.v[i].name);
    } else if (!map && is_const_list(L, &n) && pyc_spend(L, pyc_at(&L->f, n.x)->n)) {
        L->f.objs.v[n.x].flags |= PYC_EMITTED;
        for (uint32_t k = 0; k < pyc_at(&L->f, n.x)->n; k++)
            pyc_acc_add(L, acc, pyc_const(L, pyc_kid(&L->f, n.x, k)), 0);
    } else {
        uint32_t mark = map ? TW_ARG_SPREAD_MAP : TW_ARG_SPREAD;
        pyc_acc_add(L, acc, pyc_use(L, node), mark);
        if (map) pyc_acc_add(L, acc, 0, mark);
    }
}

void pyc_args_of(pyc *L, uint32_t node)
{
    pyc_node n = L->nodes.v[node];
    bool open = n.kind == K_ACC && L->accs.v[n.x].kind != PYC_MAP;
    if (!open && !is_const_list(L, &n)) {
        TW_PUSH(L->tmp, L->args, ((tw_arg){pyc_use(L, node), TW_ARG_SPREAD}));
        return;
    }
    uint32_t acc = n.x;
    if (!open) {
        acc = pyc_acc_new(L, TW_SEQ_TUPLE);
        pyc_acc_splice(L, acc, node);
    }
    const pyc_acc *a = &L->accs.v[acc];
    if (!pyc_spend(L, a->n)) return;
    for (uint32_t k = 0, i = a->first; k < a->n; k++, i = L->items.v[i].next)
        TW_PUSH(L->tmp, L->args, ((tw_arg){L->items.v[i].value, L->items.v[i].name}));
}

void pyc_kwargs_of(pyc *L, uint32_t node)
{
    pyc_node n = L->nodes.v[node];
    if (n.kind != K_ACC || L->accs.v[n.x].kind != PYC_MAP) {
        TW_PUSH(L->tmp, L->args, ((tw_arg){pyc_use(L, node), TW_ARG_SPREAD_MAP}));
        return;
    }
    const pyc_acc *a = &L->accs.v[n.x];
    if (!pyc_spend(L, a->n)) return;
    for (uint32_t k = 0, i = a->first; k + 1 < a->n; k += 2) {
        pyc_item key = L->items.v[i], val = L->items.v[key.next];
        const tw_insn *c = &L->ir->insns.v[key.value];
        i = val.next;
        bool word = c->op == TW_OP_CONST && c->kind == TW_CONST_STR;
        tw_arg arg = {val.value, word ? c->a : TW_ARG_SPREAD_MAP};
        if (key.name == TW_ARG_SPREAD_MAP) {
            arg.value = key.value, arg.name = TW_ARG_SPREAD_MAP;
        } else if (!word) { /* f(**{k: v}) */
            tw_arg pair[2] = {{key.value, 0}, {val.value, 0}};
            arg.value = pyc_emit(L, TW_OP_MAP, 0, 0, 0, 0, tw_ir_args(L->ir, pair, 2));
        }
        TW_PUSH(L->tmp, L->args, arg);
    }
}

/* ---- values ---- */

uint32_t pyc_use(pyc *L, uint32_t node)
{
    pyc_node n = L->nodes.v[node];
    uint32_t v = n.value;
    switch (n.kind) {
    case K_CONST: v = v ? v : pyc_const(L, n.x); break;
    case K_INT: v = v ? v : pyc_int(L, n.x); break;
    case K_ACC: return acc_value(L, n.x);
    case K_FROM: v = v ? v : pyc_emit(L, TW_OP_IMPORT, n.extra, 0, n.x, 0, 0); break;
    case K_FORMAT:
        v = pyc_emit(L, TW_OP_CONCAT, 0, 0, 0, 0, tw_ir_args(L->ir, &(tw_arg){n.value, 0}, 1));
        L->nodes.v[node].kind = K_VALUE;
        break;
    case K_FUNC:
        if (L->fn.node == node) pyc_settle(L);
        v = L->nodes.v[node].value;
        break;
    case K_NULL:
    case K_EXC:
    case K_EXIT:
    case K_DONE: return 0;
    case K_CLASS_MAKER: v = pyc_emit(L, TW_OP_READ, 0, 0, pyc_word(L, "__build_class__"), 0, 0); break;
    default: break;
    }
    L->nodes.v[node].value = v;
    return v;
}

/* ---- where ways meet ---- */

static uint32_t choose(pyc *L, const pyc_saved *s, uint32_t jumped, uint32_t fell)
{
    uint32_t a = pyc_use(L, jumped), b = pyc_use(L, fell);
    if (a == b || !a || !b) return a == b ? a : 0;
    if (!s || !s->cond_known) return pyc_emit(L, TW_OP_CHOOSE, 0, 0, 0, a, b);
    return pyc_emit(L, TW_OP_CHOOSE, 0, 0, s->cond, s->when ? a : b, s->when ? b : a);
}

static bool can_choose(const pyc_node *n)
{
    return n->kind == K_VALUE || n->kind == K_CONST || n->kind == K_INT || n->kind == K_ACC ||
           n->kind == K_FORMAT;
}

/* Two stacks as one: common tail, then one node for each pair. */
static uint32_t merge(pyc *L, const pyc_saved *s, uint32_t jumped, uint32_t fell)
{
    uint32_t a = jumped, b = fell, from = L->walk.n, was = L->fr->top;
    if (L->nodes.v[a].depth != L->nodes.v[b].depth) return L->nodes.v[a].depth < L->nodes.v[b].depth ? a : b;
    for (; a != b && pyc_spend(L, 1); a = L->nodes.v[a].below, b = L->nodes.v[b].below) {
        TW_PUSH(L->tmp, L->walk, a);
        TW_PUSH(L->tmp, L->walk, b);
    }
    L->fr->top = b;
    for (uint32_t i = L->walk.n; i > from; i -= 2) {
        uint32_t x = L->walk.v[i - 2], y = L->walk.v[i - 1];
        pyc_node p = L->nodes.v[x], q = L->nodes.v[y];
        bool plain = can_choose(&p) || can_choose(&q);
        bool same = p.kind == q.kind && p.x == q.x && p.value == q.value && p.kind != K_VALUE;
        if (same || !plain)
            pyc_push_node(L, q);
        else
            pyc_push(L, choose(L, s, x, y));
    }
    L->walk.n = from;
    a = L->fr->top;
    L->fr->top = was;
    return a;
}

void pyc_save(pyc *L, uint32_t target, uint32_t node, uint32_t cond, bool when)
{
    if (!L->fr->live || target >= L->fr->n || target % 2) return;
    pyc_mark *m = &L->fr->marks[target / 2];
    if (!m->saved) {
        TW_PUSH(L->tmp, L->saved, ((pyc_saved){node, cond, 1, when, cond != 0}));
        m->saved = L->saved.n;
        return;
    }
    uint32_t at = m->saved - 1;
    uint32_t both = merge(L, NULL, L->saved.v[at].node, node);
    pyc_saved *s = &L->saved.v[at];
    s->node = both;
    s->cond_known = false;
    s->jumps++;
}

void pyc_meet(pyc *L, uint32_t at)
{
    pyc_frame *fr = L->fr;
    pyc_mark *m = &fr->marks[at / 2];
    if (!m->saved) return;
    pyc_saved s = L->saved.v[m->saved - 1];
    m->saved = 0;
    fr->top = fr->live ? merge(L, &s, s.node, fr->top) : s.node;
    fr->live = true;
}
