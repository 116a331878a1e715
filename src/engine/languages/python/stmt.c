/* SPDX-License-Identifier: Apache-2.0 */
/* Simple statements. */
#include "engine/languages/python/py.h"

/* An expression statement, or an assignment in any of its forms. */
static void aug(py *p, uint32_t v)
{
    py_tok op = p->tok;
    uint32_t off = p->voff, end = p->vend;
    tw_insn x = p->ir->insns.v[v];
    py_next(p);
    tw_arg a[2] = {{v, 0}, {0, 0}};
    a[1].value = py_expr(p, 0);
    if (p->err) return;
    uint32_t r = py_emit(p, TW_OP_OP, 0, 0, py_op_id(p, op.aux), 0, py_args(p, a, 2), off, p->vend);
    if (x.op == TW_OP_READ)
        py_emit(p, TW_OP_BIND, TW_BIND_AUG, 0, x.a, r, 0, off, end);
    else if (x.op == TW_OP_MEMBER)
        py_emit(p, TW_OP_SETMEMBER, 0, 0, x.a, x.b, r, off, end);
    else if (x.op == TW_OP_INDEX)
        py_emit(p, TW_OP_SETINDEX, 0, x.flags, x.a, x.b, r, off, end);
}

static void annotated(py *p, uint32_t v)
{
    py_next(p);
    p->targets.n = 0;
    py_to_targets(p, v, false);
    py_target t = p->targets.v[0];
    py_expr(p, 0);
    p->targets.n = 0;
    if (p->err || !py_accept(p, T_ASSIGN)) return;
    v = py_expr(p, 0);
    if (p->err) return;
    p->targets.n = 0;
    TW_PUSH(p->tmp, p->targets, t);
    py_bind_targets(p, 0, 1, v, TW_BIND_ASSIGN);
    p->targets.n = 0;
}

static void expression(py *p)
{
    uint32_t v = py_expr(p, 0), from = 0;
    if (p->err) return;
    if (py_is(p, T_AUG)) {
        aug(p, v);
        return;
    }
    if (py_is(p, T_COLON)) {
        annotated(p, v);
        return;
    }
    p->targets.n = 0;
    while (py_is(p, T_ASSIGN)) {
        py_to_targets(p, v, false);
        py_next(p);
        from = p->targets.n;
        v = py_expr(p, 0);
        if (p->err) return;
    }
    if (!from) return;
    for (uint32_t i = 0, k; i < from; i = k) { /* each target list of a = b = value */
        uint32_t open = 1;
        for (k = i; k < from && open; k++)
            open += (p->targets.v[k].kind == TG_SEQ ? p->targets.v[k].a : 0) - 1;
        py_bind_targets(p, i, k, v, TW_BIND_ASSIGN);
    }
    p->targets.n = 0;
}

static void st_return(py *p)
{
    uint32_t off = p->tok.off, end = p->tok.end, v = 0;
    py_next(p);
    if (!py_line_end(p) && !py_is(p, T_SEMI)) v = py_expr(p, 0), end = p->vend;
    if (!p->err) py_emit(p, TW_OP_RETURN, 0, 0, v, 0, 0, off, end);
}

/* raise E, raise E from c, Python 2: raise E, value, traceback */
static void st_raise(py *p)
{
    uint32_t off = p->tok.off, end = p->tok.end, v = 0;
    py_next(p);
    if (!py_line_end(p) && !py_is(p, T_SEMI)) v = py_expr(p, FF_NO_TUPLE), end = p->vend;
    p->py2 |= !p->err && py_is(p, T_COMMA);
    while (!p->err && (py_is(p, T_COMMA) || py_is(p, T_FROM))) {
        py_next(p);
        py_expr(p, FF_NO_TUPLE);
        end = p->vend;
    }
    if (!p->err) py_emit(p, TW_OP_THROW, 0, 0, v, 0, 0, off, end);
}

static void st_del(py *p)
{
    py_next(p);
    uint32_t v = py_expr(p, 0);
    if (p->err) return;
    p->targets.n = 0;
    py_to_targets(p, v, false);
    for (uint32_t i = 0; i < p->targets.n; i++) {
        py_target t = p->targets.v[i];
        uint32_t end = t.off + t.len;
        if (t.kind == TG_NAME)
            py_emit(p, TW_OP_BIND, TW_BIND_DEL, 0, t.a, 0, 0, t.off, end);
        else if (t.kind == TG_MEMBER)
            py_emit(p, TW_OP_SETMEMBER, TW_BIND_DEL, 0, t.a, t.b, 0, t.off, end);
        else if (t.kind == TG_INDEX)
            py_emit(p, TW_OP_SETINDEX, TW_BIND_DEL, t.flags, t.a, t.b, 0, t.off, end);
    }
    p->targets.n = 0;
}

static void st_scope(py *p)
{
    uint8_t kind = py_is(p, T_NONLOCAL);
    do {
        py_next(p);
        if (!py_is(p, T_NAME)) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        py_emit(p, TW_OP_SCOPE, kind, 0, p->tok.id, 0, 0, p->tok.off, p->tok.end);
        py_next(p);
    } while (py_is(p, T_COMMA));
}

static void st_assert(py *p)
{
    py_next(p);
    py_expr(p, FF_NO_TUPLE);
    if (!p->err && py_accept(p, T_COMMA)) py_expr(p, FF_NO_TUPLE);
}

/* type X[T] = value */
static void st_type(py *p)
{
    py_next(p);
    py_tok name = p->tok;
    py_next(p);
    py_type_params(p);
    if (p->err || !py_accept(p, T_ASSIGN)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t v = py_expr(p, 0);
    if (!p->err) py_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, 0, name.id, v, 0, name.off, name.end);
}

static void st_jump(py *p)
{
    py_emit(p, TW_OP_JUMP, py_is(p, T_CONTINUE), 0, 0, 0, 0, p->tok.off, p->tok.end);
    py_next(p);
}

static void st_name(py *p)
{
    uint32_t id = p->tok.id;
    if (id == W_PRINT || id == W_EXEC) {
        uint32_t off = p->tok.off;
        if (py_python2(p)) return;
        bool called = py_peek(p).t == T_LPAR;
        expression(p);
        tw_insn x = p->ir->insns.v[p->v];
        if (id == W_PRINT && called &&
            !(x.op == TW_OP_CALL && x.off == off && p->ir->insns.v[x.a].op == TW_OP_READ))
            p->doubtful = true;
        return;
    } else if (id == W_TYPE && py_peek(p).t == T_NAME) {
        st_type(p);
        return;
    }
    expression(p);
}

void py_simple(py *p)
{
    static void (*const how[T_MAX])(py *) = {
        [T_RETURN] = st_return,  [T_RAISE] = st_raise,   [T_DEL] = st_del,   [T_GLOBAL] = st_scope,
        [T_NONLOCAL] = st_scope, [T_ASSERT] = st_assert, [T_PASS] = py_next, [T_BREAK] = st_jump,
        [T_CONTINUE] = st_jump,  [T_IMPORT] = py_import, [T_FROM] = py_from, [T_NAME] = st_name,
    };
    uint8_t t = p->tok.t;
    (how[t] ? how[t] : expression)(p);
}
