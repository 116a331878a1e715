/* SPDX-License-Identifier: Apache-2.0 */
/* Comprehensions. The source has the element before its clauses; the IR has it behind them, inside
 * their regions, so that bindings precede uses: the two runs of instructions change places. */
#include "engine/languages/python/py.h"

enum { MOVES_PER_BYTE = 12 };

/* At `for` or `async for`; on top: the bracket (first clause) or the F_COMP. */
void py_comp_start(py *p)
{
    bool is_async = py_accept(p, T_ASYNC);
    py_frame *b = py_top(p);
    if (b->kind != F_COMP) {
        if ((b->kind < F_PAREN || b->kind > F_CALL) || b->flags & FF_COMP || (b->kind == F_BRACE && b->kw)) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        b->kw = 0;
        py_frame c = {.kind = F_COMP,
                      .off = b->kind == F_CALL ? p->voff : b->off,
                      .v = p->v,
                      .mark = b->mark,
                      .scopes = b->scopes,
                      .x = p->opens.n,
                      .y = p->scope,
                      .items = p->ir->insns.n};
        if (b->kind == F_BRACE && b->flags & FF_DICT) c.w = p->items.v[--p->items.n].value;
        py_push(p, c);
    }
    py_top(p)->op = is_async;
    py_top(p)->kw = p->targets.n;
    py_structural(p, F_COMP_TARGET, p->tok.off);
    py_next(p);
}

/* At `in`: the target is complete. */
void py_comp_in(py *p)
{
    py_frame f = *py_top(p);
    p->frames.n--;
    uint32_t v = p->v;
    if (f.flags & FF_COMMA || f.kw) {
        if (!p->want) py_item(p, &f);
        uint32_t args = py_args(p, p->items.v + f.items, p->items.n - f.items);
        p->items.n = f.items;
        v = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, args, f.off, p->prev_end);
    }
    py_to_targets(p, v, false);
    py_next(p);
    py_structural(p, F_COMP_ITER, p->tok.off);
}

void py_comp_iter_done(py *p)
{
    py_frame f = *py_top(p);
    p->frames.n--;
    py_frame *c = py_top(p);
    uint32_t src = p->v;
    if (f.flags & FF_COMMA) {
        py_item(p, &f);
        src = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0,
                      py_args(p, p->items.v + f.items, p->items.n - f.items), f.off, p->prev_end);
        p->items.n = f.items;
    }
    uint32_t enter;
    if (p->opens.n == c->x) {
        uint32_t scope = py_scope_open(p, TW_REGION_COMPREHENSION, 0, c->off, p->params.n);
        tw_scope *s = p->ir->scopes.v;
        for (uint32_t i = c->scopes; i < scope; i++) /* lambdas of the element */
            if (s[i].parent == c->y && s[i].enter < c->items && s[i].enter >= c->mark) s[i].parent = scope;
        enter = py_scope_enter(p, scope, c->off);
    } else {
        enter = py_emit(p, TW_OP_ENTER, TW_REGION_LOOP, 0, 0, 0, 0, f.off, f.off);
    }
    TW_PUSH(p->tmp, p->opens, enter);
    uint32_t it = py_emit(p, TW_OP_ITER, 0, c->op ? TW_IF_AWAIT : 0, src, 0, 0, f.off, p->vend);
    py_bind_targets(p, c->kw, p->targets.n, it, TW_BIND_FOR);
    p->targets.n = c->kw;
}

void py_comp_cond_done(py *p)
{
    py_frame f = *py_top(p);
    p->frames.n--;
    TW_PUSH(p->tmp, p->opens, py_emit(p, TW_OP_ENTER, TW_REGION_THEN, 0, p->v, 0, 0, f.off, f.off));
}

typedef struct swap {
    uint32_t s, m, e;
} swap;

static uint32_t moved(swap w, uint32_t v)
{
    if (v < w.s || v >= w.e) return v;
    return v < w.m ? v + (w.e - w.m) : v - (w.m - w.s);
}

static void move_refs(tw_ir *ir, swap w, tw_insn *x)
{
    const uint8_t *f = tw_op_fields(x->op);
    if (f[0] == TW_FIELD_VALUE) x->a = moved(w, x->a);
    if (f[1] == TW_FIELD_VALUE) x->b = moved(w, x->b);
    if (f[2] == TW_FIELD_VALUE) x->c = moved(w, x->c);
    if (f[2] != TW_FIELD_ARGS || !x->c) return;
    tw_arg *a = ir->args.v + x->c;
    for (uint32_t n = a->value; n; n--) a[n].value = moved(w, a[n].value);
}

/* [s,m) and [m,e) change places; everything that names an instruction follows. */
static void swap_runs(py *p, swap w, uint32_t scopes)
{
    tw_ir *ir = p->ir;
    uint32_t na = w.m - w.s, nb = w.e - w.m;
    p->spare.n = 0;
    TW_RESERVE(p->tmp, p->spare, na);
    memcpy(p->spare.v, ir->insns.v + w.s, na * sizeof(tw_insn));
    memmove(ir->insns.v + w.s, ir->insns.v + w.m, nb * sizeof(tw_insn));
    memcpy(ir->insns.v + w.s + nb, p->spare.v, na * sizeof(tw_insn));
    for (uint32_t i = w.s; i < w.e; i++) move_refs(ir, w, &ir->insns.v[i]);
    for (uint32_t i = scopes; i < ir->scopes.n; i++) ir->scopes.v[i].enter = moved(w, ir->scopes.v[i].enter);
}

/* The value of a comprehension is its LEAVE: what it yields, one after the other. */
void py_comp_finish(py *p)
{
    py_frame c = *py_top(p);
    p->frames.n--;
    swap w = {c.mark, c.items, p->ir->insns.n};
    if (w.m > w.s && p->moved + (w.e - w.s) < (uint64_t)p->n * MOVES_PER_BYTE) {
        p->moved += w.e - w.s;
        swap_runs(p, w, c.scopes);
        for (uint32_t i = c.x; i < p->opens.n; i++) p->opens.v[i] = moved(w, p->opens.v[i]);
        c.v = moved(w, c.v);
        c.w = moved(w, c.w);
    }
    uint32_t end = p->vend, v = c.v;
    if (c.w) {
        tw_arg pair[2] = {{c.w, 0}, {c.v, 0}};
        v = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, py_args(p, pair, 2), c.off, end);
    }
    py_emit(p, TW_OP_YIELD, 0, 0, v, 0, 0, c.off, end);
    uint32_t leave = 0;
    while (p->opens.n > c.x) leave = py_leave(p, p->opens.v[--p->opens.n], end);
    p->scope = c.y;
    py_top(p)->flags |= FF_COMP;
    py_have(p, leave, c.off, end);
}
