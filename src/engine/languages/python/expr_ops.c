/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"

static const uint8_t prec_of[T_MAX] = {
    [T_PIPE] = P_BOR,    [T_CARET] = P_XOR, [T_AMP] = P_BAND,  [T_LSHIFT] = P_SHIFT, [T_RSHIFT] = P_SHIFT,
    [T_PLUS] = P_ADD,    [T_MINUS] = P_ADD, [T_STAR] = P_MUL,  [T_SLASH] = P_MUL,    [T_DSLASH] = P_MUL,
    [T_PERCENT] = P_MUL, [T_AT] = P_MUL,    [T_DSTAR] = P_POW,
};

static uint32_t op_args(py *p, uint8_t t, const tw_arg *args, uint32_t n, uint32_t off)
{
    return py_emit(p, TW_OP_OP, 0, 0, py_op_id(p, t), 0, py_args(p, args, n), off, p->vend);
}

static void apply_bin(py *p, py_frame f)
{
    py_push_item(p, (tw_arg){p->v, 0});
    p->v = op_args(p, f.op, p->items.v + f.items, p->items.n - f.items, f.off);
    p->items.n = f.items;
}

static void apply_unary(py *p, py_frame f)
{
    tw_arg a = {p->v, 0};
    p->v = op_args(p, f.op, &a, 1, f.off);
}

static void apply_cmp(py *p, py_frame f)
{
    tw_arg a[2] = {{f.v, 0}, {p->v, 0}};
    p->v = op_args(p, f.op, a, 2, f.off);
    if (f.w) p->v = py_emit(p, TW_OP_CHOOSE, 0, 0, f.w, p->v, f.w, f.off, p->vend); /* a < b < c */
}

static void apply_and(py *p, py_frame f)
{
    p->v = py_emit(p, TW_OP_CHOOSE, 0, 0, f.v, p->v, f.v, f.off, p->vend);
}

static void apply_or(py *p, py_frame f)
{
    p->v = py_emit(p, TW_OP_CHOOSE, 0, 0, f.v, f.v, p->v, f.off, p->vend);
}

static void apply_ternary(py *p, py_frame f)
{
    p->v = py_emit(p, TW_OP_CHOOSE, 0, 0, f.w, f.v, p->v, f.off, p->vend);
}

static void apply_lambda(py *p, py_frame f)
{
    py_emit(p, TW_OP_RETURN, 0, 0, p->v, 0, 0, p->voff, p->vend);
    py_leave(p, f.x, p->vend);
    p->scope = f.y;
    p->ir->insns.v[f.v].len = p->vend - f.off;
    p->v = f.v;
}

static void apply_walrus(py *p, py_frame f)
{
    py_emit(p, TW_OP_BIND, TW_BIND_WALRUS, 0, f.x, p->v, 0, f.off, f.y);
}

static void apply_await(py *p, py_frame f)
{
    tw_insn *x = &p->ir->insns.v[p->v];
    if (x->op == TW_OP_CALL) x->flags |= TW_IF_AWAIT;
    p->v = py_emit(p, TW_OP_AWAIT, 0, 0, p->v, 0, 0, f.off, p->vend);
}

static void apply_as(py *p, py_frame f)
{
    uint32_t from = p->targets.n;
    py_to_targets(p, p->v, false);
    py_bind_targets(p, from, p->targets.n, f.v, TW_BIND_WITH);
    p->targets.n = from;
    p->v = f.v;
}

/* f is popped; the span of the result starts where the frame does. */
void py_apply(py *p, py_frame f)
{
    static void (*const how[F_MAX])(py *, py_frame) = {
        [F_BIN] = apply_bin,       [F_UNARY] = apply_unary,   [F_CMP] = apply_cmp,
        [F_AND] = apply_and,       [F_OR] = apply_or,         [F_TERN_ELSE] = apply_ternary,
        [F_LAMBDA] = apply_lambda, [F_WALRUS] = apply_walrus, [F_AWAIT] = apply_await,
        [F_AS] = apply_as,
    };
    how[f.kind](p, f);
    p->voff = f.off;
}

static void operator_binary(py *p)
{
    uint8_t t = p->tok.t, prec = prec_of[t];
    py_reduce(p, prec + 1);
    py_frame *f = py_top(p);
    if (f->kind == F_BIN && f->prec == prec && prec != P_POW) {
        if (t == T_PLUS && f->op == T_PLUS) { /* one OP for a run of them */
            py_push_item(p, (tw_arg){p->v, 0});
            p->want = true;
            py_next(p);
            return;
        }
        py_reduce(p, prec);
    }
    py_push(p, (py_frame){.kind = F_BIN, .prec = prec, .op = t, .off = p->voff, .items = p->items.n});
    py_push_item(p, (tw_arg){p->v, 0});
    p->want = true;
    py_next(p);
}

static void compare(py *p, uint8_t t)
{
    uint32_t chain = 0, left = p->v, off = p->voff;
    py_frame f = *py_top(p);
    if (f.kind == F_CMP) {
        p->frames.n--;
        py_apply(p, f);
        chain = p->v;
        off = f.off;
    }
    py_push(p, (py_frame){.kind = F_CMP, .prec = P_CMP, .op = t, .off = off, .v = left, .w = chain});
    p->want = true;
}

static void operator_compare(py *p)
{
    uint8_t t = p->tok.t;
    py_reduce(p, P_CMP + 1);
    py_next(p);
    if (t == T_IS && py_accept(p, T_NOT)) t = T_IS_NOT;
    compare(p, t);
}

static void operator_in(py *p)
{
    py_reduce(p, P_CMP + 1);
    py_frame *f = py_top(p);
    if (f->kind == F_COMP_TARGET) {
        py_comp_in(p);
    } else if (f->kind == F_BASE && f->flags & FF_NO_IN) {
        py_operator_end(p);
    } else {
        py_next(p);
        compare(p, T_IN);
    }
}

static void operator_not(py *p)
{
    if (py_peek(p).t != T_IN) {
        py_operator_end(p);
        return;
    }
    py_reduce(p, P_CMP + 1);
    py_next(p);
    py_next(p);
    compare(p, T_NOT_IN);
}

static void operator_and_or(py *p)
{
    bool is_and = py_is(p, T_AND);
    uint8_t prec = is_and ? P_AND : P_OR;
    py_reduce(p, prec);
    py_push(p, (py_frame){.kind = is_and ? F_AND : F_OR, .prec = prec, .off = p->voff, .v = p->v});
    p->want = true;
    py_next(p);
}

/* Below the lambdas on top is a clause of a comprehension, where an older Python has `for x in lambda: a if b`. */
static bool lambda_in_clause(const py *p)
{
    uint32_t n = p->frames.n - 1;
    while (p->frames.v[n].kind == F_LAMBDA) n--;
    return p->frames.v[n].kind == F_COMP_ITER || p->frames.v[n].kind == F_COMP_COND;
}

static void operator_if(py *p)
{
    py_reduce(p, P_OR);
    if (py_top(p)->kind == F_LAMBDA && lambda_in_clause(p)) py_reduce(p, P_TERN);
    py_frame *f = py_top(p);
    if (f->kind == F_BASE && f->flags & FF_PATTERN) {
        py_operator_end(p);
        return;
    }
    if (f->kind == F_COMP_ITER || f->kind == F_COMP_COND) {
        if (f->kind == F_COMP_ITER)
            py_comp_iter_done(p);
        else
            py_comp_cond_done(p);
        if (!p->err) py_structural(p, F_COMP_COND, p->tok.off);
    } else {
        uint32_t v = p->v, off = p->voff;
        py_structural(p, F_TERN_COND, off);
        py_top(p)->v = v;
    }
    py_next(p);
}

static void operator_else(py *p)
{
    py_reduce(p, P_TERN);
    py_frame *f = py_top(p);
    if (f->kind != F_TERN_COND) {
        py_operator_end(p);
        return;
    }
    f->kind = F_TERN_ELSE;
    f->prec = P_TERN;
    f->w = p->v;
    p->want = true;
    py_next(p);
}

static void operator_for(py *p)
{
    if (py_is(p, T_ASYNC) && py_peek(p).t != T_FOR) {
        py_operator_end(p);
        return;
    }
    py_reduce(p, P_AS);
    py_frame *f = py_top(p);
    if (f->kind == F_COMP_ITER)
        py_comp_iter_done(p);
    else if (f->kind == F_COMP_COND)
        py_comp_cond_done(p);
    if (!p->err) py_comp_start(p);
}

static void operator_dot(py *p)
{
    uint32_t v = p->v, off = p->voff;
    py_next(p);
    if (!py_is(p, T_NAME) && !py_keyword(&p->tok)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_tok t = p->tok;
    py_have(p, py_emit(p, TW_OP_MEMBER, 0, 0, v, t.id, 0, off, t.end), off, t.end);
    py_next(p);
}

void (*const py_operator_of[T_MAX])(py *) = {
    [T_PLUS] = operator_binary,   [T_MINUS] = operator_binary,  [T_STAR] = operator_binary,
    [T_SLASH] = operator_binary,  [T_DSLASH] = operator_binary, [T_PERCENT] = operator_binary,
    [T_AT] = operator_binary,     [T_DSTAR] = operator_binary,  [T_LSHIFT] = operator_binary,
    [T_RSHIFT] = operator_binary, [T_AMP] = operator_binary,    [T_PIPE] = operator_binary,
    [T_CARET] = operator_binary,  [T_LT] = operator_compare,    [T_GT] = operator_compare,
    [T_LE] = operator_compare,    [T_GE] = operator_compare,    [T_EQ] = operator_compare,
    [T_NE] = operator_compare,    [T_LTGT] = operator_compare,  [T_IS] = operator_compare,
    [T_IN] = operator_in,         [T_NOT] = operator_not,       [T_AND] = operator_and_or,
    [T_OR] = operator_and_or,     [T_IF] = operator_if,         [T_ELSE] = operator_else,
    [T_FOR] = operator_for,       [T_ASYNC] = operator_for,     [T_DOT] = operator_dot,
};
