/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes, and the lambda, whose parameters are part of an expression. */
#include "engine/languages/python/py.h"

/* Parameters are those on p->params from `first`; they move to the IR. */
uint32_t py_scope_open(py *p, uint8_t kind, uint32_t name, uint32_t off, uint32_t first)
{
    tw_ir *ir = p->ir;
    uint32_t n = p->params.n - first;
    tw_scope s = {
        .kind = kind, .parent = p->scope, .name = name, .params = ir->params.n, .n_params = n, .off = off};
    if (n) {
        TW_RESERVE(ir->arena, ir->params, n);
        memcpy(ir->params.v + ir->params.n, p->params.v + first, n * sizeof(tw_param));
        ir->params.n += n;
        p->params.n = first;
    }
    TW_PUSH(ir->arena, ir->scopes, s);
    return ir->scopes.n - 1;
}

uint32_t py_scope_enter(py *p, uint32_t scope, uint32_t off)
{
    tw_scope *s = &p->ir->scopes.v[scope];
    s->enter = py_emit(p, TW_OP_ENTER, s->kind, 0, 0, scope, 0, off, off);
    p->scope = scope;
    return s->enter;
}

uint32_t py_leave(py *p, uint32_t enter, uint32_t end)
{
    tw_insn *x = &p->ir->insns.v[enter];
    x->len = end > x->off ? end - x->off : 0;
    if (x->kind <= TW_REGION_COMPREHENSION) p->ir->scopes.v[x->b].len = x->len;
    return py_emit(p, TW_OP_LEAVE, x->kind, 0, enter, 0, 0, end, end);
}

void py_bind_params(py *p, uint32_t scope, const tw_arg *defaults, uint32_t n)
{
    tw_scope s = p->ir->scopes.v[scope];
    for (uint32_t i = 0, k = 0; i < s.n_params; i++) {
        tw_param prm = p->ir->params.v[s.params + i];
        bool has = k < n && defaults[k].name == prm.name;
        py_emit(p, TW_OP_BIND, TW_BIND_PARAM, 0, prm.name, has ? defaults[k].value : 0, i, s.off, s.off);
        k += has;
    }
}

void py_lambda(py *p)
{
    uint32_t off = p->tok.off;
    py_structural(p, F_LAMBDA_DEFAULT, off);
    py_top(p)->x = p->params.n;
    py_next(p);
    py_lambda_params(p);
}

static void body(py *p)
{
    py_frame f = *py_top(p);
    p->frames.n--;
    uint32_t n = p->items.n - f.items, scope = py_scope_open(p, TW_REGION_LAMBDA, 0, f.off, f.x);
    uint32_t args = py_args(p, p->items.v + f.items, n), was = p->scope;
    uint32_t func = py_emit(p, TW_OP_FUNC, 0, 0, scope, 0, args, f.off, p->tok.end);
    uint32_t enter = py_scope_enter(p, scope, p->tok.end);
    py_bind_params(p, scope, p->items.v + f.items, n);
    p->items.n = f.items;
    py_push(p, (py_frame){.kind = F_LAMBDA, .prec = P_TERN, .off = f.off, .v = func, .x = enter, .y = was});
    p->want = true;
    py_next(p);
}

/* Reads on until a default value is due or the body starts. */
void py_lambda_params(py *p)
{
    for (;;) {
        py_frame *f = py_top(p);
        py_tok t = p->tok;
        if (t.t == T_COLON) {
            body(p);
            return;
        }
        py_next(p);
        if (t.t == T_STAR || t.t == T_DSTAR) {
            if (t.t == T_STAR) f->op = 1;
            if (py_is(p, T_NAME)) {
                TW_PUSH(p->tmp, p->params, (tw_param){p->tok.id, t.t == T_STAR ? 2 : 3});
                py_next(p);
            }
        } else if (t.t == T_NAME || t.t == T_ASYNC || t.t == T_AWAIT) {
            TW_PUSH(p->tmp, p->params, (tw_param){t.id, f->op});
            if (py_accept(p, T_ASSIGN)) {
                f->kw = t.id;
                p->want = true;
                return;
            }
        } else if (t.t == T_LPAR || t.t == T_RPAR) {
            p->py2 = true; /* lambda (a, b): ... */
        } else if (t.t != T_COMMA && t.t != T_SLASH) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
    }
}
