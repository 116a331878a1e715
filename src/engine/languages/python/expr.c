/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: two states (an operand is wanted, an operand is at hand), a handler per token in each,
 * and a stack of open constructs. */
#include "engine/languages/python/py.h"

enum { FRAMES_PER_NESTING = 4 }; /* operators wait too: lambda: lambda: ..., not not ..., a if b if c ... */

void py_fail(py *p, tw_gap_reason why)
{
    if (p->err) return;
    p->err = true;
    p->err_why = (uint8_t)why;
}

void py_push(py *p, py_frame f)
{
    TW_PUSH(p->tmp, p->frames, f);
    if (p->frames.n > FRAMES_PER_NESTING * (p->lim->nesting + 16)) py_fail(p, TW_GAP_LIMIT);
}

void py_structural(py *p, uint8_t kind, uint32_t off)
{
    py_push(p, (py_frame){.kind = kind,
                          .off = off,
                          .items = p->items.n,
                          .mark = p->ir->insns.n,
                          .scopes = p->ir->scopes.n});
    p->want = true;
}

void py_have(py *p, uint32_t v, uint32_t off, uint32_t end)
{
    p->v = v, p->voff = off, p->vend = end;
    p->want = false;
}

void py_reduce(py *p, uint8_t prec)
{
    while (py_top(p)->prec >= prec) {
        py_frame f = *py_top(p);
        p->frames.n--;
        py_apply(p, f);
    }
}

/* The operand at hand becomes an item of f. */
void py_item(py *p, py_frame *f)
{
    py_push_item(p, (tw_arg){p->v, f->kw});
    f->kw = 0;
    f->mark = p->ir->insns.n;
    f->scopes = p->ir->scopes.n;
}

uint32_t py_take_args(py *p, const py_frame *f)
{
    uint32_t args = py_args(p, p->items.v + f->items, p->items.n - f->items);
    p->items.n = f->items;
    return args;
}

/* The value of a frame that may hold a bare tuple. */
uint32_t py_tuple_value(py *p, py_frame *f, uint32_t off)
{
    bool have = !p->want;
    if (!(f->flags & FF_COMMA) && !(f->kw && have)) return have ? p->v : 0;
    if (have) py_item(p, f);
    uint32_t end = p->prev_end;
    uint32_t args = py_take_args(p, f);
    return py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, args, off, end > off ? end : off);
}

static uint32_t first_off(py *p, const py_frame *f)
{
    return f->flags & FF_COMMA ? f->x : p->voff;
}

static void yield_done(py *p)
{
    py_frame f = *py_top(p);
    uint32_t v = py_tuple_value(p, &f, first_off(p, &f));
    uint32_t end = v ? p->prev_end : f.y;
    p->frames.n--;
    if (p->ir->scopes.n > p->scope) p->ir->scopes.v[p->scope].flags |= 2;
    v = py_emit(p, TW_OP_YIELD, 0, f.op ? TW_IF_FROM : 0, v, 0, 0, f.off, end);
    py_have(p, v, f.off, end);
}

/* Ends what a bracket, a comma or the end of the line ends. */
void py_settle(py *p)
{
    for (;;) {
        if (!p->want) py_reduce(p, P_AS);
        switch (py_top(p)->kind) {
        case F_YIELD: yield_done(p); break;
        case F_COMP_ITER:
            if (p->want)
                py_fail(p, TW_GAP_SYNTAX);
            else
                py_comp_iter_done(p), py_comp_finish(p);
            break;
        case F_COMP_COND:
            if (p->want)
                py_fail(p, TW_GAP_SYNTAX);
            else
                py_comp_cond_done(p), py_comp_finish(p);
            break;
        default: return;
        }
        if (p->err) return;
    }
}

void py_base_done(py *p)
{
    py_frame *f = py_top(p);
    uint32_t off = first_off(p, f);
    bool tuple = f->flags & FF_COMMA;
    uint32_t v = py_tuple_value(p, f, off);
    if (tuple) py_have(p, v, off, p->prev_end);
    p->v = v;
    p->done = true;
}

/* --- commas, colons, equals -------------------------------------------------------------------- */
static bool takes_comma(const py *p, const py_frame *f)
{
    if (f->kind == F_COMP_ITER) return p->frames.v[p->frames.n - 3].kind == F_LIST; /* Python 2 */
    if (f->kind == F_BASE) return !(f->flags & FF_NO_TUPLE);
    return f->kind <= F_YIELD || f->kind == F_COMP_TARGET || f->kind == F_FIELD;
}

static void operator_comma(py *p)
{
    py_reduce(p, P_AS);
    py_frame *f = py_top(p);
    if (!takes_comma(p, f)) {
        py_settle(p);
        if (p->err) return;
        f = py_top(p);
    }
    if (f->kind == F_LAMBDA_DEFAULT) {
        py_item(p, f);
        py_lambda_params(p);
        return;
    }
    if (!takes_comma(p, f)) {
        if (f->kind == F_BASE)
            py_base_done(p);
        else
            py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (f->kind == F_INDEX && f->op) py_slice_done(p, f);
    if (!(f->flags & FF_COMMA) && f->kind != F_INDEX) f->x = p->voff;
    if (f->kind == F_BRACE) py_map_spread(p, f);
    if (f->kind == F_CALL && f->flags & FF_COMP) f->flags &= (uint8_t)~FF_COMP;
    py_item(p, f);
    f->flags |= FF_COMMA;
    p->want = true;
    py_next(p);
}

static void operator_colon(py *p)
{
    py_settle(p);
    if (p->err) return;
    py_frame *f = py_top(p);
    switch (f->kind) {
    case F_BRACE:
        f->flags |= FF_DICT;
        py_push_item(p, (tw_arg){p->v, 0});
        break;
    case F_INDEX:
        if (!f->op) f->x = p->want ? p->tok.off : p->voff;
        if (f->op >= 2) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        py_push_item(p, (tw_arg){p->want ? 0 : p->v, 0});
        f->op++;
        break;
    case F_LAMBDA_DEFAULT:
        py_item(p, f);
        py_lambda_params(p);
        return;
    case F_FIELD: py_field_end(p); return;
    case F_BASE: py_base_done(p); return;
    default: py_fail(p, TW_GAP_SYNTAX); return;
    }
    p->want = true;
    py_next(p);
}

/* The name of the operand at hand, its READ taken back; 0 where it is no plain name. */
static uint32_t take_name(py *p)
{
    tw_insn *x = &p->ir->insns.v[p->v];
    if (p->v + 1 != p->ir->insns.n || x->op != TW_OP_READ || x->off != p->voff) return 0;
    p->ir->insns.n--;
    return x->a;
}

void py_operator_end(py *p)
{
    py_settle(p);
    if (p->err) return;
    if (py_top(p)->kind == F_BASE)
        py_base_done(p);
    else
        py_fail(p, TW_GAP_SYNTAX);
}

static void operator_assign(py *p)
{
    if (py_top(p)->kind == F_CALL && !py_top(p)->kw) {
        uint32_t name = take_name(p);
        if (!name) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        py_top(p)->kw = name;
        p->want = true;
        py_next(p);
        return;
    }
    py_settle(p);
    if (!p->err && py_top(p)->kind == F_FIELD)
        py_field_end(p);
    else
        py_operator_end(p);
}

static void operator_walrus(py *p)
{
    if (py_top(p)->kind != F_FIELD) {
        uint32_t off = p->voff, name = take_name(p);
        if (name) {
            py_push(p, (py_frame){.kind = F_WALRUS, .prec = P_WALRUS, .off = off, .x = name, .y = p->vend});
            p->want = true;
            py_next(p);
            return;
        }
    }
    py_settle(p);
    if (p->err) return;
    if (py_top(p)->kind != F_FIELD) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->pos = p->tok.off + 1; /* f"{x:=5}": a colon, and a format that starts with "=" */
    p->tok.t = T_COLON;
    py_field_end(p);
}

static void operator_bang(py *p)
{
    py_settle(p);
    if (!p->err && py_top(p)->kind == F_FIELD)
        py_field_end(p);
    else
        py_fail(p, TW_GAP_SYNTAX);
}

static void operator_as(py *p)
{
    if (!(p->base_flags & (FF_WITH | FF_PATTERN))) {
        py_operator_end(p);
        return;
    }
    py_reduce(p, P_AS + 1);
    if (p->base_flags & FF_WITH && py_top(p)->kind != F_BASE && py_top(p)->kind != F_PAREN) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t v = p->v, off = p->voff;
    py_next(p);
    if (p->base_flags & FF_PATTERN) {
        if (py_is(p, T_NAME)) {
            py_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, 0, p->tok.id, v, 0, p->tok.off, p->tok.end);
            py_next(p);
        }
        return;
    }
    py_push(p, (py_frame){.kind = F_AS, .prec = P_AS, .off = off, .v = v});
    p->want = true;
}

/* --- operands ---------------------------------------------------------------------------------- */
static void operand_name(py *p)
{
    py_tok t = p->tok;
    py_next(p);
    if (p->base_flags & FF_PATTERN && !py_is(p, T_DOT) && !py_is(p, T_LPAR) && !py_is(p, T_ASSIGN)) {
        if (t.id == W_UNDERSCORE)
            py_have(p, 0, t.off, t.end);
        else
            py_have(p,
                    py_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, TW_IF_UNPACK, t.id, p->subject, 0, t.off, t.end),
                    t.off, t.end);
        return;
    }
    py_have(p, py_emit(p, TW_OP_READ, 0, 0, t.id, 0, 0, t.off, t.end), t.off, t.end);
}

static void operand_const(py *p)
{
    static const uint8_t kinds[T_MAX] = {
        [T_INT] = TW_CONST_INT,     [T_FLOAT] = TW_CONST_FLOAT, [T_TRUE] = TW_CONST_TRUE,
        [T_FALSE] = TW_CONST_FALSE, [T_NONE] = TW_CONST_NULL,   [T_DOTS] = TW_CONST_ELLIPSIS};
    py_tok t = p->tok;
    uint32_t s = t.id;
    if (t.t == T_INT || t.t == T_FLOAT)
        s = tw_intern(&p->ir->strings, (tw_str){(const char *)p->s + t.off, t.end - t.off});
    py_have(p, py_emit(p, TW_OP_CONST, kinds[t.t], 0, s, 0, 0, t.off, t.end), t.off, t.end);
    py_next(p);
}

static void operand_unary(py *p)
{
    bool is_not = py_is(p, T_NOT);
    py_push(p,
            (py_frame){.kind = F_UNARY, .prec = is_not ? P_NOT : P_UNARY, .op = p->tok.t, .off = p->tok.off});
    py_next(p);
}

static void operand_star(py *p)
{
    py_frame *f = py_top(p);
    if (f->prec || f->kw || f->kind == F_TERN_COND) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (!(f->flags & FF_COMMA) && f->kind == F_BASE) f->x = p->tok.off;
    f->kw = py_is(p, T_STAR) ? TW_ARG_SPREAD : TW_ARG_SPREAD_MAP;
    py_next(p);
}

static void operand_await(py *p)
{
    static const bool name_before[T_MAX] = {
        [T_ASSIGN] = 1, [T_COMMA] = 1,   [T_RPAR] = 1,   [T_DOT] = 1,   [T_NEWLINE] = 1, [T_EOF] = 1,
        [T_COLON] = 1,  [T_RSQB] = 1,    [T_RBRACE] = 1, [T_SEMI] = 1,  [T_TICK] = 1,    [T_AUG] = 1,
        [T_SLASH] = 1,  [T_PERCENT] = 1, [T_EQ] = 1,     [T_NE] = 1,    [T_LT] = 1,      [T_GT] = 1,
        [T_LE] = 1,     [T_GE] = 1,      [T_AMP] = 1,    [T_PIPE] = 1,  [T_CARET] = 1,   [T_IN] = 1,
        [T_IS] = 1,     [T_AND] = 1,     [T_OR] = 1,     [T_IF] = 1,    [T_ELSE] = 1,    [T_FOR] = 1,
        [T_AS] = 1,     [T_FROM] = 1,    [T_WALRUS] = 1, [T_RSHIFT] = 1};
    py_tok next = py_peek(p);
    if (py_is(p, T_ASYNC) || name_before[next.t]) {
        operand_name(p); /* older Pythons: a name like any other */
        return;
    }
    py_push(p, (py_frame){.kind = F_AWAIT, .prec = P_AWAIT, .off = p->tok.off});
    py_next(p);
}

static void operand_yield(py *p)
{
    uint32_t off = p->tok.off, end = p->tok.end;
    py_structural(p, F_YIELD, off);
    py_next(p);
    py_top(p)->y = end;
    if (py_is(p, T_FROM)) {
        py_top(p)->op = 1;
        py_next(p);
    }
}

static void operand_tick(py *p)
{
    if (py_top(p)->kind == F_TICK && py_top(p)->flags & FF_COMMA) {
        py_operator_tick(p);
        return;
    }
    p->py2 = true;
    py_structural(p, F_TICK, p->tok.off);
    py_next(p);
}

static void operand_in(py *p)
{
    py_frame *f = py_top(p);
    if (f->kind == F_COMP_TARGET && f->flags & FF_COMMA)
        py_comp_in(p);
    else if (f->kind == F_BASE && f->flags & FF_NO_IN && f->flags & FF_COMMA)
        py_base_done(p);
    else
        py_fail(p, TW_GAP_SYNTAX);
}

/* A token that starts no operand: fine behind a trailing comma or a bare yield. */
static void operand_none(py *p)
{
    py_frame *f = py_top(p);
    if (f->kind == F_YIELD)
        yield_done(p);
    else if (f->kind == F_FIELD && f->flags & FF_COMMA && !f->kw)
        py_field_end(p);
    else if (f->kind == F_BASE && f->flags & FF_COMMA && !f->kw)
        py_base_done(p);
    else
        py_fail(p, TW_GAP_SYNTAX);
}

static void operand_colon(py *p)
{
    if (py_top(p)->kind == F_INDEX && !py_top(p)->kw)
        operator_colon(p);
    else
        operand_none(p);
}

static void operand_comma(py *p)
{
    if (py_top(p)->kind == F_INDEX && py_top(p)->op)
        operator_comma(p); /* a[:, 0] */
    else
        operand_none(p);
}

static void (*const operand_of[T_MAX])(py *) = {
    [T_NAME] = operand_name,     [T_INT] = operand_const,        [T_FLOAT] = operand_const,
    [T_TRUE] = operand_const,    [T_FALSE] = operand_const,      [T_NONE] = operand_const,
    [T_DOTS] = operand_const,    [T_STRING] = py_strings,        [T_LPAR] = py_operand_lpar,
    [T_LSQB] = py_operand_lsqb,  [T_LBRACE] = py_operand_lbrace, [T_RPAR] = py_close_bracket,
    [T_RSQB] = py_close_bracket, [T_RBRACE] = py_close_bracket,  [T_MINUS] = operand_unary,
    [T_PLUS] = operand_unary,    [T_TILDE] = operand_unary,      [T_NOT] = operand_unary,
    [T_STAR] = operand_star,     [T_DSTAR] = operand_star,       [T_AWAIT] = operand_await,
    [T_ASYNC] = operand_await,   [T_YIELD] = operand_yield,      [T_LAMBDA] = py_lambda,
    [T_TICK] = operand_tick,     [T_COLON] = operand_colon,      [T_IN] = operand_in,
    [T_COMMA] = operand_comma,
};

/* The operators that need the structure around them; the others are expr_ops.c's. */
static void (*const operator_of[T_MAX])(py *) = {
    [T_LPAR] = py_operator_lpar, [T_LSQB] = py_operator_lsqb,   [T_RPAR] = py_close_bracket,
    [T_RSQB] = py_close_bracket, [T_RBRACE] = py_close_bracket, [T_COMMA] = operator_comma,
    [T_COLON] = operator_colon,  [T_ASSIGN] = operator_assign,  [T_WALRUS] = operator_walrus,
    [T_BANG] = operator_bang,    [T_AS] = operator_as,          [T_TICK] = py_operator_tick,
};

/* After an error inside an f-string reading goes on behind it. */
static void skip_fstring(py *p, const py_frame *f)
{
    py_tok t = {T_STRING, f->op, f->off, f->x, 0};
    uint32_t close;
    if (!py_string_end(p, &t, &close) || close + py_quote_len(&t) < p->pos) return;
    p->depth = f->y;
    p->tok.end = p->pos = close + py_quote_len(&t);
    py_next(p);
}

/* An error: what is open is closed, and calls are kept with the arguments they have so far. */
void py_unwind(py *p)
{
    while (p->frames.n) {
        py_frame f = *py_top(p);
        p->frames.n--;
        uint32_t end = p->prev_end > f.off ? p->prev_end : f.off;
        if (f.kind == F_FSTRING && f.op) {
            skip_fstring(p, &f);
        } else if (f.kind == F_CALL && !(f.flags & FF_AS)) {
            if (p->items.n < f.items) p->items.n = f.items;
            if (!p->want) py_item(p, &f);
            uint32_t args = py_take_args(p, &f);
            py_have(p, py_emit(p, TW_OP_CALL, 0, 0, f.v, 0, args, f.off, end), f.off, end);
        } else if (f.prec && f.kind != F_LAMBDA && !p->want) {
            py_apply(p, f);
        } else if (f.kind == F_LAMBDA) {
            py_leave(p, f.x, end);
            p->scope = f.y;
        } else if (f.kind == F_COMP) {
            while (p->opens.n > f.x) py_leave(p, p->opens.v[--p->opens.n], end);
            p->scope = f.y;
        }
    }
    p->items.n = p->targets.n = p->params.n = p->opens.n = 0;
}

static void start(py *p, uint8_t flags)
{
    p->frames.n = 0;
    p->base_flags = flags;
    py_structural(p, F_BASE, p->tok.off);
    py_top(p)->flags = flags;
    p->done = false;
}

static uint32_t run(py *p)
{
    while (!p->done && !p->err) {
        uint8_t t = p->tok.t;
        void (*step)(py *);
        if (p->want)
            step = operand_of[t] ? operand_of[t] : operand_none;
        else
            step = operator_of[t] ? operator_of[t] : py_operator_of[t] ? py_operator_of[t] : py_operator_end;
        step(p);
    }
    if (p->err) py_unwind(p);
    p->frames.n = 0;
    return p->err ? 0 : p->v;
}

uint32_t py_expr(py *p, uint8_t flags)
{
    start(p, flags);
    return run(p);
}

uint32_t py_bases(py *p)
{
    start(p, FF_NO_TUPLE);
    py_open_bracket(p, F_CALL, p->tok.off);
    if (!p->err) py_top(p)->flags |= FF_AS;
    p->class_args = 0;
    run(p);
    return p->class_args;
}
