/* SPDX-License-Identifier: Apache-2.0 */
/* Brackets: what opens inside an expression, and what it becomes when it closes. */
#include "engine/languages/python/py.h"

void py_open_bracket(py *p, uint8_t kind, uint32_t off)
{
    if (p->depth + p->blocks.n >= p->lim->nesting) {
        py_fail(p, TW_GAP_LIMIT);
        return;
    }
    py_structural(p, kind, off);
    p->depth++;
    py_next(p);
}

void py_operand_lpar(py *p)
{
    py_open_bracket(p, F_PAREN, p->tok.off);
}
void py_operand_lsqb(py *p)
{
    py_open_bracket(p, F_LIST, p->tok.off);
}
void py_operand_lbrace(py *p)
{
    py_open_bracket(p, F_BRACE, p->tok.off);
}

void py_operator_lpar(py *p)
{
    uint32_t v = p->v, off = p->voff;
    py_open_bracket(p, F_CALL, off);
    if (!p->err) py_top(p)->v = v;
}

void py_operator_lsqb(py *p)
{
    uint32_t v = p->v, off = p->voff;
    py_open_bracket(p, F_INDEX, off);
    if (!p->err) py_top(p)->v = v;
}

/* a:b:c of a subscript: its parts lie on the item stack. */
void py_slice_done(py *p, py_frame *f)
{
    tw_arg parts[3] = {{0}};
    uint32_t n = f->op, off = f->x;
    py_push_item(p, (tw_arg){p->want ? 0 : p->v, 0});
    for (uint32_t i = 0; i <= n && i < 3; i++) parts[i] = p->items.v[p->items.n - n - 1 + i];
    p->items.n -= n + 1;
    f->op = 0;
    uint32_t v = py_emit(p, TW_OP_SEQ, TW_SEQ_SLICE, 0, 0, 0, py_args(p, parts, 3), off, p->prev_end);
    py_have(p, v, off, p->prev_end);
}

static void close_index(py *p, py_frame f, uint32_t end)
{
    bool slice = f.op;
    if (slice) py_slice_done(p, &f);
    uint32_t key = py_tuple_value(p, &f, f.off);
    uint32_t v =
        py_emit(p, TW_OP_INDEX, 0, slice && !(f.flags & FF_COMMA) ? TW_IF_SLICE : 0, f.v, key, 0, f.off, end);
    py_have(p, v, f.off, end);
}

static void close_call(py *p, py_frame f, uint32_t end)
{
    if (!p->want) py_item(p, &f);
    uint32_t args = py_take_args(p, &f), v;
    if (f.flags & FF_AS) { /* the bases of a class */
        p->class_args = args;
        v = 0;
    } else if (p->base_flags & FF_PATTERN) {
        v = py_emit(p, TW_OP_OP, 0, 0, W_CASE, 0, args, f.off, end);
    } else {
        v = py_emit(p, TW_OP_CALL, 0, 0, f.v, 0, args, f.off, end);
    }
    py_have(p, v, f.off, end);
}

static void close_paren(py *p, py_frame f, uint32_t end)
{
    bool empty = p->want && !(f.flags & FF_COMMA);
    p->paren_off = f.off, p->paren_end = end;
    uint32_t v;
    if (empty)
        v = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, 0, f.off, end);
    else
        v = py_tuple_value(p, &f, f.off);
    if (f.flags & FF_COMMA) p->ir->insns.v[v].len = end - f.off;
    py_have(p, v, f.off, end);
}

static void close_list(py *p, py_frame f, uint32_t end)
{
    if (f.flags & FF_COMP) f.kw = TW_ARG_SPREAD;
    if (!p->want) py_item(p, &f);
    py_have(p, py_emit(p, TW_OP_SEQ, TW_SEQ_LIST, 0, 0, 0, py_take_args(p, &f), f.off, end), f.off, end);
}

void py_map_spread(py *p, py_frame *f)
{
    if (f->kw != TW_ARG_SPREAD_MAP || p->want) return;
    py_item(p, f);
    p->v = 0;
    f->kw = TW_ARG_SPREAD_MAP;
    f->flags |= FF_DICT;
}

static void close_brace(py *p, py_frame f, uint32_t end)
{
    if (f.flags & FF_COMP) f.kw = f.flags & FF_DICT ? TW_ARG_SPREAD_MAP : TW_ARG_SPREAD;
    py_map_spread(p, &f);
    if (!p->want) py_item(p, &f);
    bool map = f.flags & FF_DICT || p->items.n == f.items;
    uint32_t args = py_take_args(p, &f);
    uint32_t v = py_emit(p, map ? TW_OP_MAP : TW_OP_SEQ, map ? 0 : TW_SEQ_SET, 0, 0, 0, args, f.off, end);
    py_have(p, v, f.off, end);
}

void py_close_bracket(py *p)
{
    static const struct {
        uint8_t token;
        void (*close)(py *, py_frame, uint32_t);
    } rows[F_MAX] = {
        [F_PAREN] = {T_RPAR, close_paren},   [F_LIST] = {T_RSQB, close_list},
        [F_BRACE] = {T_RBRACE, close_brace}, [F_CALL] = {T_RPAR, close_call},
        [F_INDEX] = {T_RSQB, close_index},
    };
    py_settle(p);
    if (p->err) return;
    py_frame f = *py_top(p);
    if (f.kind == F_FIELD && py_is(p, T_RBRACE) && (!p->want || f.flags & FF_COMMA)) {
        py_field_end(p);
    } else if (f.kind == F_BASE && (!p->want || f.flags & FF_COMMA)) {
        py_base_done(p);
    } else if (!rows[f.kind].close || rows[f.kind].token != p->tok.t || (p->want && f.kw)) {
        py_fail(p, TW_GAP_SYNTAX);
    } else {
        uint32_t end = p->tok.end;
        p->frames.n--;
        rows[f.kind].close(p, f, end);
        p->depth--;
        py_next(p);
    }
}

void py_operator_tick(py *p)
{
    py_settle(p);
    py_frame f = *py_top(p);
    if (p->err || f.kind != F_TICK) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    tw_arg a = {py_tuple_value(p, &f, f.off), 0};
    p->frames.n--;
    uint32_t end = p->tok.end;
    py_have(p, py_emit(p, TW_OP_OP, 0, 0, py_op_id(p, T_TICK), 0, py_args(p, &a, 1), f.off, end), f.off, end);
    py_next(p);
}
