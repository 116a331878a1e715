/* SPDX-License-Identifier: Apache-2.0 */
/* def and class. The value, its decorators and its binding come before the body. */
#include "engine/languages/python/py.h"

/* [T: bound = default, *Ts, **P] */
void py_type_params(py *p)
{
    if (!py_is(p, T_LSQB)) return;
    p->depth++;
    py_next(p);
    while (!p->err && !py_is(p, T_RSQB)) {
        if (!py_accept(p, T_STAR)) py_accept(p, T_DSTAR);
        if (!py_accept(p, T_NAME)) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        if (py_accept(p, T_COLON)) py_expr(p, FF_NO_TUPLE);
        if (!p->err && py_accept(p, T_ASSIGN)) py_expr(p, FF_NO_TUPLE);
        if (!py_accept(p, T_COMMA)) break;
    }
    if (p->err || !py_is(p, T_RSQB)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->depth--;
    py_next(p);
}

/* One parameter; defaults go to p->defaults. */
static void param(py *p, uint8_t *kind)
{
    uint8_t k = *kind;
    if (py_is(p, T_STAR) || py_is(p, T_DSTAR)) {
        k = py_is(p, T_STAR) ? 2 : 3;
        *kind = 1;
        py_next(p);
        if (py_is(p, T_COMMA) || py_is(p, T_RPAR)) return;
    } else if (py_is(p, T_SLASH) || py_is(p, T_LPAR)) {
        p->py2 |= py_is(p, T_LPAR);
        p->depth += py_is(p, T_LPAR); /* Python 2: (a, b) as one parameter; its names count as parameters */
        py_next(p);
        if (py_is(p, T_COMMA) || py_is(p, T_RPAR)) return;
    }
    py_tok t = p->tok;
    if (t.t != T_NAME && t.t != T_ASYNC && t.t != T_AWAIT && t.t != T_NONLOCAL) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_next(p);
    TW_PUSH(p->tmp, p->sig, (tw_param){t.id, k});
    if (py_accept(p, T_COLON)) {
        if (py_is(p, T_STAR)) py_next(p); /* *args: *Ts */
        py_expr(p, FF_NO_TUPLE);
    }
    if (!p->err && py_accept(p, T_ASSIGN)) {
        uint32_t v = py_expr(p, FF_NO_TUPLE);
        TW_PUSH(p->tmp, p->defaults, (tw_arg){v, t.id});
    }
}

static void params(py *p)
{
    uint8_t kind = 0;
    uint32_t depth = p->depth;
    p->sig.n = p->defaults.n = 0;
    if (!py_is(p, T_LPAR)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->depth++;
    py_next(p);
    while (!p->err && p->depth > depth) {
        if (py_is(p, T_RPAR)) {
            p->depth--;
            py_next(p);
            if (p->depth > depth && py_accept(p, T_ASSIGN)) py_expr(p, FF_NO_TUPLE);
        } else if (!py_accept(p, T_COMMA)) {
            param(p, &kind);
        }
    }
}

static void decorate_and_bind(py *p, uint32_t v, py_tok name)
{
    for (uint32_t i = p->decorators.n; i-- > 0;)
        v = py_emit(p, TW_OP_DECORATE, 0, 0, p->decorators.v[i], v, 0, name.off, name.end);
    py_emit(p, TW_OP_BIND, TW_BIND_DEF, 0, name.id, v, 0, name.off, name.end);
}

void py_def(py *p, uint32_t off, bool is_async)
{
    py_next(p);
    py_tok name = p->tok;
    if (name.t != T_NAME && !py_keyword(&name)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_next(p);
    py_type_params(p);
    if (!p->err) params(p);
    if (!p->err && py_accept(p, T_ARROW)) py_expr(p, 0);
    if (p->err) return;
    if (!py_is(p, T_COLON)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->params.n = 0;
    for (uint32_t i = 0; i < p->sig.n; i++) TW_PUSH(p->tmp, p->params, p->sig.v[i]);
    uint32_t scope = py_scope_open(p, TW_REGION_FUNCTION, name.id, off, 0);
    p->ir->scopes.v[scope].flags = is_async;
    uint32_t args = py_args(p, p->defaults.v, p->defaults.n);
    uint32_t v = py_emit(p, TW_OP_FUNC, 0, 0, scope, 0, args, off, p->tok.end);
    decorate_and_bind(p, v, name);
    py_suite(p, TW_REGION_FUNCTION, 0, scope, AFTER_NONE, off);
    if (!p->err) py_bind_params(p, scope, p->defaults.v, p->defaults.n);
}

void py_class_def(py *p)
{
    uint32_t off = p->tok.off, args = 0;
    py_next(p);
    py_tok name = p->tok;
    if (name.t != T_NAME) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_next(p);
    py_type_params(p);
    if (!p->err && py_is(p, T_LPAR)) args = py_bases(p);
    if (p->err) return;
    if (!py_is(p, T_COLON)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t scope = py_scope_open(p, TW_REGION_CLASS, name.id, off, p->params.n);
    uint32_t v = py_emit(p, TW_OP_CLASS, 0, 0, scope, 0, args, off, p->tok.end);
    decorate_and_bind(p, v, name);
    py_suite(p, TW_REGION_CLASS, 0, scope, AFTER_NONE, off);
}
