/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: regions by indentation, and the statements that open them. */
#include "engine/languages/python/py.h"

static py_block *top(py *p)
{
    return &p->blocks.v[p->blocks.n - 1];
}

static void close_block(py *p)
{
    py_block b = *top(p);
    p->blocks.n--;
    py_leave(p, b.enter, p->prev_end);
    p->scope = b.scope;
}

/* `after`: which clauses may follow the block; `cond`: the condition of its if. */
static void open_block(py *p, uint8_t region, uint32_t cond, uint32_t scope, uint8_t after, uint32_t off)
{
    py_block b = {.indent = p->col, .scope = p->scope, .cond = cond, .pending = 1, .opened_after = after};
    if (scope)
        b.enter = py_scope_enter(p, scope, off);
    else
        b.enter = py_emit(p, TW_OP_ENTER, region, 0, cond, 0, 0, off, off);
    TW_PUSH(p->tmp, p->blocks, b);
}

/* At ":": opens the block; what follows on the line is its body, or the lines below are. */
void py_suite(py *p, uint8_t region, uint32_t cond, uint32_t scope, uint8_t after, uint32_t off)
{
    if (p->err) return;
    if (!py_is(p, T_COLON)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (p->blocks.n >= p->lim->nesting) {
        py_fail(p, TW_GAP_LIMIT);
        return;
    }
    open_block(p, region, cond, scope, after, off);
    py_next(p);
    if (!py_line_end(p)) top(p)->inline_ = 1, top(p)->pending = 0;
}

static void end_block(py *p)
{
    uint8_t after = top(p)->opened_after;
    uint32_t cond = top(p)->cond;
    close_block(p);
    if (!p->blocks.n) return;
    top(p)->after = after;
    top(p)->cond_after = cond;
}

static bool continues(const py *p, const py_block *b)
{
    return b->after == AFTER_IF && (py_is(p, T_ELIF) || py_is(p, T_ELSE));
}

/* A logical line starts at p->col: closes the blocks it is not in. */
static void settle_blocks(py *p)
{
    py_block *b = top(p);
    if (b->pending) {
        b->pending = 0;
        if (p->col > b->indent)
            b->indent = p->col;
        else
            end_block(p);
    }
    while (p->blocks.n > 1 && top(p)->indent > p->col) end_block(p);
    while (p->blocks.n > 1 && top(p)->chain && !continues(p, top(p))) end_block(p);
}

static uint8_t guard_of(py *p, uint32_t v)
{
    const tw_ir *ir = p->ir;
    tw_insn x = ir->insns.v[v];
    if ((x.op == TW_OP_READ && x.a == W_TYPE_CHECKING) || (x.op == TW_OP_MEMBER && x.b == W_TYPE_CHECKING))
        return TW_REGION_TYPE_CHECKING;
    if (x.op != TW_OP_OP || x.a != p->op_ids[T_EQ] || ir->args.v[x.c].value != 2) return TW_REGION_THEN;
    tw_insn l = ir->insns.v[ir->args.v[x.c + 1].value], r = ir->insns.v[ir->args.v[x.c + 2].value];
    if (l.op == TW_OP_CONST) {
        tw_insn t = l;
        l = r, r = t;
    }
    bool yes = l.op == TW_OP_READ && l.a == W_DUNDER_NAME && r.op == TW_OP_CONST && r.a == W_DUNDER_MAIN;
    return yes ? TW_REGION_MAIN_GUARD : TW_REGION_THEN;
}

static void st_if(py *p)
{
    uint32_t off = p->tok.off;
    py_next(p);
    uint32_t v = py_expr(p, 0);
    if (!p->err) py_suite(p, guard_of(p, v), v, 0, AFTER_IF, off);
}

/* The clauses of an elif nest: else { if ... }; the else is a block without lines of its own. */
static void st_elif(py *p)
{
    if (top(p)->after == AFTER_IF && p->blocks.n < p->lim->nesting) {
        uint32_t cond = top(p)->cond_after;
        top(p)->after = AFTER_NONE;
        open_block(p, TW_REGION_ELSE, cond, 0, AFTER_NONE, p->tok.off);
        top(p)->chain = 1, top(p)->pending = 0;
    }
    st_if(p);
}

static void st_else(py *p)
{
    uint32_t off = p->tok.off, cond = top(p)->after == AFTER_IF ? top(p)->cond_after : 0;
    uint8_t after = top(p)->after == AFTER_TRY ? AFTER_TRY : AFTER_NONE;
    top(p)->after = AFTER_NONE;
    py_next(p);
    py_suite(p, TW_REGION_ELSE, cond, 0, after, off);
}

static void st_while(py *p)
{
    uint32_t off = p->tok.off;
    py_next(p);
    uint32_t v = py_expr(p, 0);
    if (!p->err) py_suite(p, TW_REGION_LOOP, v, 0, AFTER_LOOP, off);
}

void py_for(py *p, uint32_t off, bool is_async)
{
    py_next(p);
    p->targets.n = 0;
    uint32_t v = py_expr(p, FF_NO_IN);
    if (p->err) return;
    py_to_targets(p, v, false);
    if (!py_accept(p, T_IN)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t n = p->targets.n;
    v = py_expr(p, 0);
    uint32_t soff = p->voff, send = p->vend;
    if (p->err) return;
    if (!py_is(p, T_COLON)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_suite(p, TW_REGION_LOOP, 0, 0, AFTER_LOOP, off);
    if (p->err) return;
    v = py_emit(p, TW_OP_ITER, 0, is_async ? TW_IF_AWAIT : 0, v, 0, 0, soff, send);
    py_bind_targets(p, 0, n, v, TW_BIND_FOR);
    p->targets.n = 0;
}

static void st_for(py *p)
{
    py_for(p, p->tok.off, false);
}

static void st_try(py *p)
{
    uint32_t off = p->tok.off;
    py_next(p);
    py_suite(p, TW_REGION_TRY, 0, 0, AFTER_TRY, off);
}

/* except E, except E as n, except* E, Python 2: except E, n; 3.14: except A, B */
static void st_except(py *p)
{
    uint32_t off = p->tok.off, v = 0, name = 0, noff = 0, nend = 0;
    py_next(p);
    py_accept(p, T_STAR);
    if (!py_is(p, T_COLON)) v = py_expr(p, FF_NO_TUPLE);
    while (!p->err && py_is(p, T_COMMA)) {
        py_next(p);
        py_tok t = p->tok;
        bool plain = t.t == T_NAME && py_peek(p).t == T_COLON && (p->py2 || p->s[t.off] >= 'a');
        if (plain) {
            p->py2 = true;
            name = t.id, noff = t.off, nend = t.end;
            py_next(p);
            break;
        }
        tw_arg a[2] = {{v, 0}, {py_expr(p, FF_NO_TUPLE), 0}};
        v = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, py_args(p, a, 2), t.off, t.off);
    }
    if (!p->err && py_accept(p, T_AS)) {
        if (p->tok.t == T_NAME) name = p->tok.id, noff = p->tok.off, nend = p->tok.end;
        py_next(p);
    }
    py_suite(p, TW_REGION_CATCH, v, 0, AFTER_TRY, off);
    if (!p->err && name) py_emit(p, TW_OP_BIND, TW_BIND_CATCH, 0, name, v, 0, noff, nend);
}

static void st_finally(py *p)
{
    uint32_t off = p->tok.off;
    py_next(p);
    py_suite(p, TW_REGION_FINALLY, 0, 0, AFTER_NONE, off);
}

void py_with(py *p, uint32_t off)
{
    uint32_t v = 0;
    do {
        py_next(p);
        if (py_is(p, T_COLON)) break;
        v = py_expr(p, FF_WITH | FF_NO_TUPLE);
        if (p->err) return;
    } while (py_is(p, T_COMMA));
    py_suite(p, TW_REGION_WITH, v, 0, AFTER_NONE, off);
}

static void st_with(py *p)
{
    py_with(p, p->tok.off);
}

static void st_async(py *p)
{
    uint32_t off = p->tok.off;
    uint8_t t = py_peek(p).t;
    if (t != T_DEF && t != T_FOR && t != T_WITH) {
        py_simple(p);
        return;
    }
    py_next(p);
    if (t == T_DEF)
        py_def(p, off, true);
    else if (t == T_FOR)
        py_for(p, off, true);
    else
        py_with(p, off);
}

static void st_def(py *p)
{
    py_def(p, p->tok.off, false);
}

static void st_decorator(py *p)
{
    py_next(p);
    uint32_t v = py_expr(p, 0);
    if (p->err) return;
    TW_PUSH(p->tmp, p->decorators, v);
    p->decorated = true;
}

static void st_name(py *p)
{
    if ((p->tok.id == W_MATCH || p->tok.id == W_CASE) && py_match(p)) return;
    py_simple(p);
}

static void statement(py *p)
{
    static void (*const how[T_MAX])(py *) = {
        [T_IF] = st_if,        [T_ELIF] = st_elif,   [T_ELSE] = st_else,     [T_WHILE] = st_while,
        [T_FOR] = st_for,      [T_TRY] = st_try,     [T_EXCEPT] = st_except, [T_FINALLY] = st_finally,
        [T_WITH] = st_with,    [T_ASYNC] = st_async, [T_DEF] = st_def,       [T_CLASS] = py_class_def,
        [T_AT] = st_decorator, [T_NAME] = st_name,
    };
    uint8_t t = p->tok.t;
    p->decorated = false;
    if (t != T_ELIF && t != T_ELSE) top(p)->after = AFTER_NONE;
    (how[t] ? how[t] : py_simple)(p);
    if (!p->decorated) p->decorators.n = 0;
}

/* tok opens a physical line inside brackets that were never closed: by its keyword, because it stands
 * no further right than the broken statement, or behind a line that ends in ":". */
static bool new_statement(const py *p, uint32_t after)
{
    static const bool starts_line[T_MAX] = {
        [T_DEF] = 1,    [T_CLASS] = 1,    [T_IMPORT] = 1, [T_RETURN] = 1,   [T_WHILE] = 1,
        [T_TRY] = 1,    [T_WITH] = 1,     [T_RAISE] = 1,  [T_DEL] = 1,      [T_PASS] = 1,
        [T_BREAK] = 1,  [T_CONTINUE] = 1, [T_GLOBAL] = 1, [T_NONLOCAL] = 1, [T_ASSERT] = 1,
        [T_EXCEPT] = 1, [T_FINALLY] = 1,  [T_ELIF] = 1,   [T_AT] = 1};
    const uint8_t *nl = p->tok.off > after ? memrchr(p->s + after, '\n', p->tok.off - after) : NULL;
    if (!nl) return false;
    if (starts_line[p->tok.t]) return true;
    const uint8_t *end = nl;
    while (end > p->s && (end[-1] == ' ' || end[-1] == '\r')) end--;
    if (end > p->s && end[-1] == ':') return true; /* the body of a broken header */
    uint32_t col = 0;
    for (const uint8_t *c = nl + 1; c < p->s + p->tok.off; c++)
        col = *c == '\t' ? (col / 8 + 1) * 8 : col + 1;
    return col <= p->col && (p->tok.t == T_NAME || py_keyword(&p->tok));
}

static void skip_string(py *p)
{
    uint32_t close;
    bool closed = py_string_end(p, &p->tok, &close);
    p->pos = closed ? close + py_quote_len(&p->tok) : close;
    p->tok.end = p->pos;
    if (!closed && !(p->tok.aux & S_TRIPLE)) p->depth = 0; /* the line is lost, the next one need not be */
}

/* Calls in what is skipped are read, as far as that goes. */
static bool stray(py *p)
{
    uint32_t i = p->tok.end;
    while (i < p->n && p->s[i] == ' ') i++;
    if (p->tok.t != T_NAME || i >= p->n || (p->s[i] != '(' && p->s[i] != '.')) return false;
    uint8_t why = p->err_why;
    uint32_t depth = p->depth;
    p->err = false;
    py_expr(p, 0);
    if (!p->err) p->depth = depth;
    p->err = true;
    p->err_why = why;
    return true;
}

/* What could not be lowered becomes OPAQUE; reading goes on at the next line that can be one. */
static void recover(py *p)
{
    uint32_t from = p->tok.off, after = p->prev_end;
    while (!py_line_end(p)) {
        uint32_t t = p->tok.t;
        if (p->depth && new_statement(p, after)) {
            const uint8_t *nl = memrchr(p->s, '\n', p->tok.off);
            p->pos = (uint32_t)(nl - p->s) + 1;
            break;
        }
        if (stray(p)) {
            after = p->prev_end;
            continue;
        }
        if (t == T_STRING)
            skip_string(p);
        else if (t == T_LPAR || t == T_LSQB || t == T_LBRACE)
            p->depth++;
        else if ((t == T_RPAR || t == T_RSQB || t == T_RBRACE) && p->depth)
            p->depth--;
        after = p->tok.end;
        py_next(p);
    }
    py_emit(p, TW_OP_OPAQUE, p->err_why, 0, 0, 0, 0, from, p->tok.off > from ? p->tok.off : from);
    p->ir->flags |= TW_IRF_RECOVERED;
    p->err = false;
}

static void logical_line(py *p)
{
    for (;;) {
        uint32_t blocks = p->blocks.n;
        statement(p);
        if (p->err) break;
        if (py_line_end(p)) break;
        if (py_accept(p, T_SEMI)) {
            if (py_line_end(p)) break;
        } else if (p->blocks.n <= blocks) {
            py_fail(p, TW_GAP_SYNTAX);
            break;
        }
    }
    if (p->err) recover(p);
    p->depth = 0;
    while (top(p)->inline_) end_block(p);
}

void py_module(py *p)
{
    TW_PUSH(p->ir->arena, p->ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .len = p->n});
    uint32_t enter = py_scope_enter(p, 0, 0);
    TW_PUSH(p->tmp, p->blocks, (py_block){.enter = enter});
    while (py_line(p)) {
        settle_blocks(p);
        logical_line(p);
    }
    if (p->pos < p->n) { /* the token allowance is used up */
        py_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->pos, p->n);
        p->ir->flags |= TW_IRF_TRUNCATED;
    }
    p->prev_end = p->n;
    while (p->blocks.n) end_block(p);
}
