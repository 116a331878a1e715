/* SPDX-License-Identifier: Apache-2.0 */
/* Functions: scopes, parameters, arrows. A function's parameters are read before its FUNC is emitted. */
#include "engine/languages/javascript/js.h"

uint32_t js_scope_open(js *p, uint8_t kind, uint32_t name, uint32_t off)
{
    tw_ir *ir = p->ir;
    tw_scope s = {.kind = kind, .parent = p->scope, .name = name, .params = ir->params.n, .off = off};
    TW_PUSH(ir->arena, ir->scopes, s);
    return ir->scopes.n - 1;
}

uint32_t js_scope_enter(js *p, uint32_t scope, uint32_t off)
{
    tw_scope *s = &p->ir->scopes.v[scope];
    s->enter = js_emit(p, TW_OP_ENTER, s->kind, 0, 0, scope, 0, off, off);
    p->scope = scope;
    TW_PUSH(p->tmp, p->fns, p->fn);
    p->fn = (js_fn){.scope = scope,
                    .names = p->names.n,
                    .async = s->flags & 1,
                    .generator = (s->flags & 2) != 0,
                    .strict = p->fn.strict || s->kind == TW_REGION_CLASS};
    return s->enter;
}

uint32_t js_leave(js *p, uint32_t enter, uint32_t end)
{
    tw_insn *x = &p->ir->insns.v[enter];
    x->len = end > x->off ? end - x->off : 0;
    if (x->kind <= TW_REGION_COMPREHENSION) p->ir->scopes.v[x->b].len = x->len;
    return js_emit(p, TW_OP_LEAVE, x->kind, 0, enter, 0, 0, end, end);
}

void js_scope_leave(js *p, uint32_t enter, uint32_t back, uint32_t end)
{
    js_names_end(p, end);
    p->fn = p->fns.v[--p->fns.n];
    js_leave(p, enter, end);
    p->scope = back;
}

/* FUNC; its parameters are those on p->params from `base`. flags: FF_ASYNC, FF_GENERATOR, FF_STATIC. */
uint32_t js_func(js *p, uint8_t kind, uint32_t name, uint32_t off, uint32_t base, uint8_t flags)
{
    tw_ir *ir = p->ir;
    uint32_t scope = js_scope_open(p, kind, name, off), items = p->items.n, n = p->params.n - base;
    tw_scope *s = &ir->scopes.v[scope];
    s->flags = (uint8_t)((flags & FF_ASYNC ? 1 : 0) | (flags & FF_GENERATOR ? 2 : 0) |
                         (flags & FF_STATIC ? 4 : 0) | (flags & FF_ACCESSOR ? 8 : 0));
    s->n_params = n;
    TW_RESERVE(ir->arena, ir->params, n);
    for (uint32_t i = 0; i < n; i++) {
        js_param *prm = &p->params.v[base + i];
        ir->params.v[ir->params.n++] = (tw_param){prm->name, prm->rest ? 2 : 0};
        if (prm->dflt) TW_PUSH(p->tmp, p->items, (tw_arg){prm->dflt, prm->name});
    }
    uint32_t args = js_args(p, p->items.v + items, p->items.n - items);
    p->items.n = items;
    return js_emit(p, TW_OP_FUNC, 0, 0, scope, 0, args, off, p->tok.end);
}

static void bind_params(js *p, uint32_t base)
{
    for (uint32_t i = base; i < p->params.n; i++) {
        js_param prm = p->params.v[i];
        js_emit(p, TW_OP_BIND, TW_BIND_PARAM, 0, prm.name, prm.dflt, i - base, prm.off, prm.end);
        if (prm.name) js_declare(p, prm.name);
        if (prm.n_targets) {
            uint32_t v = js_emit(p, TW_OP_READ, 0, 0, 0, 0, 0, prm.off, prm.end);
            js_bind_targets(p, prm.target, prm.target + prm.n_targets, v, TW_BIND_ASSIGN, JS_DECLARES);
        }
        if (!prm.property || !prm.name) continue;
        uint32_t self = js_emit(p, TW_OP_READ, 0, 0, JS_KEYWORD_ID(THIS), 0, 0, prm.off, prm.end);
        uint32_t v = js_emit(p, TW_OP_READ, 0, 0, prm.name, 0, 0, prm.off, prm.end);
        js_emit(p, TW_OP_SETMEMBER, 0, 0, self, prm.name, v, prm.off, prm.end);
    }
    p->params.n = base;
}

uint32_t js_decorate(js *p, uint32_t v, uint32_t base, uint32_t off, uint32_t end)
{
    for (uint32_t i = p->decorators.n; i-- > base;)
        v = js_emit(p, TW_OP_DECORATE, 0, 0, p->decorators.v[i], v, 0, off, end);
    p->decorators.n = base;
    return v;
}

/* p->tok is `{`; f: the F_PARAMS that was popped. */
static void body(js *p, const js_frame *f)
{
    uint32_t func = js_func(p, TW_REGION_FUNCTION, f->w, f->off, f->x, f->flags), v = func, back = p->scope;
    uint32_t scope = p->ir->insns.v[func].a, noff = f->y, nend = f->kw > f->y ? f->kw : f->y;
    uint8_t how = f->op;
    if (how == HOW_METHOD) v = js_decorate(p, v, p->deco_base, noff, nend);
    if (how == HOW_METHOD || ((how == HOW_DECL || how == HOW_EXPORT || how == HOW_DEFAULT) && f->w)) {
        js_emit(p, TW_OP_BIND, TW_BIND_DEF, how == HOW_METHOD ? 0 : TW_IF_HOISTED, f->w, v, 0, noff, nend);
        if (how == HOW_METHOD)
            js_note_declared(p, f->w);
        else
            js_declare_function(p, f->w);
    }
    if (how == HOW_EXPORT) js_exports(p, 0, f->w, v, 0, noff, nend);
    if (how == HOW_DEFAULT) js_exports(p, 0, JS_KEYWORD_ID(DEFAULT), v, 0, f->off, nend);
    uint32_t enter = js_scope_enter(p, scope, p->tok.off);
    if (how == HOW_EXPR && f->w) {
        js_emit(p, TW_OP_BIND, TW_BIND_DEF, 0, f->w, func, 0, noff, nend);
        js_declare_own(p, f->w);
    }
    bind_params(p, f->x);
    p->targets.n = f->mark;
    js_frame *b = js_open(p, F_BODY, enter, f->off);
    b->v = func, b->y = back, b->op = how;
    js_next(p);
}

/* A signature without a body: TypeScript's overloads, abstract and declared functions. */
static void no_body(js *p, const js_frame *f)
{
    p->params.n = f->x;
    p->targets.n = f->mark;
    if (!p->ts || f->op == HOW_EXPR) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_rollback(p, f->from); /* nothing of it runs */
    if (f->op == HOW_PROP) {
        p->v = 0;
        js_end_object(p);
    } else if (f->op == HOW_METHOD) {
        if (!js_accept(p, T_SEMI)) js_accept(p, T_COMMA);
        js_member_done(p);
    } else {
        js_semicolon(p);
    }
}

/* await and yield mean again what they mean around the parameters (or a field's value). */
void js_params_left(js *p, const js_frame *f)
{
    p->fn.async = f->v & 1, p->fn.generator = f->v >> 1;
}

static void params_done(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    js_params_left(p, &f);
    js_next(p);
    if (p->ts && js_accept(p, T_COLON)) js_ts_type(p, true);
    if (p->err)
        p->params.n = f.x;
    else if (js_is(p, T_LBRACE))
        body(p, &f);
    else
        no_body(p, &f);
}

/* w: name; y, kw: where it stands; x, mark: bases of p->params and p->targets; from: where its part starts. */
void js_params(js *p, js_frame g)
{
    if (!js_is(p, T_LPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_frame *f = js_structural(p, F_PARAMS, g.off);
    f->op = g.op, f->flags |= g.flags, f->w = g.w, f->y = g.y, f->kw = g.kw;
    f->x = p->params.n, f->mark = p->targets.n, f->from = g.from;
    f->v = (uint32_t)p->fn.async | (uint32_t)p->fn.generator << 1;
    p->fn.async = (g.flags & FF_ASYNC) != 0, p->fn.generator = (g.flags & FF_GENERATOR) != 0;
    if (g.op == HOW_METHOD && !(g.flags & FF_STATIC)) /* a method's first parameter is `this` */
        TW_PUSH(p->tmp, p->params,
                ((js_param){.name = JS_KEYWORD_ID(THIS), .off = p->tok.off, .end = p->tok.off}));
    p->state = JS_PARAM;
    js_next(p);
}

static void separator(js *p)
{
    p->state = JS_PARAM;
    if (js_is(p, T_RPAR))
        params_done(p);
    else if (!js_accept(p, T_COMMA))
        js_fail(p, TW_GAP_SYNTAX);
}

/* Behind a parameter's name or pattern. */
void js_param_rest(js *p)
{
    js_annotation(p);
    if (p->err) return;
    if (js_is(p, T_ASSIGN)) {
        js_structural(p, F_PARAM_DEFAULT, p->tok.off);
        js_next(p);
        return;
    }
    separator(p);
}

void js_end_param_default(js *p)
{
    p->params.v[p->params.n - 1].dflt = p->v;
    js_pop(p);
    separator(p);
}

/* TypeScript: words before a name; true: public, private, protected, readonly, override were among them. */
static bool property_words(js *p)
{
    bool any = false;
    while (p->ts && js_is(p, T_NAME) && !p->tok.escaped && p->tok.id - W_DECLARE <= W_ACCESSOR - W_DECLARE) {
        js_tok next = js_peek(p);
        if (next.t != T_NAME && next.t != T_LBRACE && next.t != T_LSQB) break;
        any |= p->tok.id - W_PUBLIC <= W_OVERRIDE - W_PUBLIC;
        js_next(p);
    }
    return any;
}

void js_param_step(js *p)
{
    if (js_is(p, T_RPAR)) {
        params_done(p);
        return;
    }
    if (js_is(p, T_AT)) {
        js_decorator(p);
        return;
    }
    bool property = property_words(p), rest = js_accept(p, T_DOTS);
    js_tok t = p->tok;
    if (t.t == T_LBRACE || t.t == T_LSQB) {
        js_binding(p);
        js_top(p)->op = rest;
    } else if (t.t == T_NAME) {
        TW_PUSH(p->tmp, p->params,
                (js_param){.name = t.id, .off = t.off, .end = t.end, .rest = rest, .property = property});
        js_next(p);
        js_param_rest(p);
    } else if (p->ts && t.t == T_THIS) {
        js_next(p);
        js_annotation(p);
        separator(p);
    } else {
        js_fail(p, TW_GAP_SYNTAX);
    }
}

void js_function(js *p, uint32_t off, bool async, uint8_t how)
{
    uint8_t flags = async ? FF_ASYNC : 0;
    js_frame f = {.op = how, .off = off, .from = p->ir->insns.n};
    js_next(p);
    if (js_accept(p, T_STAR)) flags |= FF_GENERATOR;
    if (js_is(p, T_NAME)) {
        f.w = p->tok.id, f.y = p->tok.off, f.kw = p->tok.end;
        js_next(p);
    } else if (how == HOW_DECL || how == HOW_EXPORT) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    } else {
        f.y = off;
    }
    f.flags = flags;
    if (p->ts && js_is(p, T_LT)) js_ts_type_params(p);
    if (!p->err) js_params(p, f);
}

/* p->tok is `=>`. */
static void arrow(js *p, uint32_t off, uint32_t base, uint32_t targets, bool async)
{
    if (js_top(p)->prec > P_TERN) {
        p->params.n = base;
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t func = js_func(p, TW_REGION_LAMBDA, 0, off, base, async ? FF_ASYNC : 0), back = p->scope;
    uint32_t enter = js_scope_enter(p, p->ir->insns.v[func].a, p->tok.end);
    bind_params(p, base);
    p->targets.n = targets;
    js_next(p);
    if (js_is(p, T_LBRACE)) {
        js_frame *b = js_open(p, F_BODY, enter, off);
        b->v = func, b->y = back, b->op = HOW_ARROW;
        js_next(p);
        return;
    }
    js_push(p, (js_frame){.kind = F_ARROW, .prec = P_ASSIGN, .off = off, .v = func, .x = enter, .y = back});
    p->state = JS_OPERAND;
}

void js_arrow_name(js *p, const js_tok *name, uint32_t off, bool async)
{
    uint32_t base = p->params.n;
    TW_PUSH(p->tmp, p->params, (js_param){.name = name->id, .off = name->off, .end = name->end});
    arrow(p, off, base, p->targets.n, async);
}

/* The items of a parenthesis become parameters: see pattern.c. */
void js_arrow_items(js *p, js_frame *f, bool async)
{
    uint32_t base = p->params.n, n = p->items.n - f->items, targets = p->targets.n;
    TW_RESERVE(p->tmp, p->params, n);
    memset(p->params.v + base, 0, n * sizeof *p->params.v);
    p->params.n += n;
    for (uint32_t c = f->cover; c; c = p->covers.v[c - 1].next)
        if (p->covers.v[c - 1].item < n) p->params.v[base + p->covers.v[c - 1].item].dflt = c;
    for (uint32_t i = 0; i < n; i++) {
        js_param *prm = &p->params.v[base + i];
        tw_arg a = p->items.v[f->items + i];
        uint32_t from = js_to_targets(p, a.value, prm->dflt);
        js_target *t = &p->targets.v[from];
        *prm = (js_param){.dflt = t->dflt, .off = t->off, .end = t->end, .rest = a.name == TW_ARG_SPREAD};
        t->dflt = 0;
        if (t->kind == TG_NAME) {
            prm->name = t->a;
            p->targets.n = from;
        } else {
            prm->target = from, prm->n_targets = p->targets.n - from;
        }
    }
    p->items.n = f->items;
    arrow(p, f->off, base, targets, async);
}

/* p->tok is the `}` that was read; f: the F_BODY that was popped. */
void js_body_done(js *p, const js_frame *f, uint32_t end)
{
    p->ir->insns.v[f->v].len = end - f->off;
    switch (f->op) {
    case HOW_EXPR: js_have(p, f->v, f->off, end); break;
    case HOW_ARROW:
        js_have(p, f->v, f->off, end);
        if (!js_is(p, T_COMMA)) js_operator_end(p); /* nothing but a comma continues it */
        break;
    case HOW_METHOD: js_member_done(p); break;
    case HOW_PROP:
        js_have(p, f->v, f->off, end);
        js_end_object(p);
        break;
    default: js_stmt_done(p); break;
    }
}
