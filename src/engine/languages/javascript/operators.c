/* SPDX-License-Identifier: Apache-2.0 */
/* Operators, and what they become when their right side is read. */
#include "engine/languages/javascript/js.h"

static const uint8_t prec_of[T_MAX] = {
    [T_PIPE] = P_BOR,    [T_CARET] = P_XOR, [T_AMP] = P_BAND,       [T_EQ] = P_EQ,     [T_NE] = P_EQ,
    [T_EQ3] = P_EQ,      [T_NE3] = P_EQ,    [T_LT] = P_REL,         [T_GT] = P_REL,    [T_LE] = P_REL,
    [T_GE] = P_REL,      [T_IN] = P_REL,    [T_INSTANCEOF] = P_REL, [T_SHL] = P_SHIFT, [T_SHR] = P_SHIFT,
    [T_USHR] = P_SHIFT,  [T_PLUS] = P_ADD,  [T_MINUS] = P_ADD,      [T_STAR] = P_MUL,  [T_SLASH] = P_MUL,
    [T_PERCENT] = P_MUL, [T_POW] = P_POW,
};
/* The operator of a compound assignment. */
static const uint8_t operator_in[T_MAX] = {
    [T_PLUS_ASSIGN] = T_PLUS,   [T_MINUS_ASSIGN] = T_MINUS,     [T_STAR_ASSIGN] = T_STAR,
    [T_SLASH_ASSIGN] = T_SLASH, [T_PERCENT_ASSIGN] = T_PERCENT, [T_POW_ASSIGN] = T_POW,
    [T_SHL_ASSIGN] = T_SHL,     [T_SHR_ASSIGN] = T_SHR,         [T_USHR_ASSIGN] = T_USHR,
    [T_AMP_ASSIGN] = T_AMP,     [T_PIPE_ASSIGN] = T_PIPE,       [T_CARET_ASSIGN] = T_CARET,
    [T_AND_ASSIGN] = T_AND,     [T_OR_ASSIGN] = T_OR,           [T_NULLISH_ASSIGN] = T_NULLISH,
};

static uint32_t op(js *p, uint8_t t, const tw_arg *args, uint32_t n, uint32_t off)
{
    return js_emit(p, TW_OP_OP, 0, 0, js_op_id(p, t), 0, js_args(p, args, n), off, p->vend);
}

static void apply_bin(js *p, const js_frame *f)
{
    TW_PUSH(p->tmp, p->items, (tw_arg){p->v, 0});
    p->v = op(p, f->op, p->items.v + f->items, p->items.n - f->items, f->off);
    p->items.n = f->items;
}

static void arms(js *p, uint32_t at, uint32_t x, uint32_t y)
{
    tw_ir *ir = p->ir;
    while (ir->arms.n && ir->arms.v[ir->arms.n - 1].at >= at) ir->arms.n--; /* taken back */
    TW_PUSH(ir->arena, ir->arms, ((tw_arm){at, x, y}));
}

void js_arms(js *p, uint32_t at, uint32_t x, uint32_t y)
{
    arms(p, at, x, y);
}

static void apply_and(js *p, const js_frame *f)
{
    p->v = js_emit(p, TW_OP_CHOOSE, 0, 0, f->v, p->v, f->v, f->off, p->vend);
    arms(p, p->v, f->x, 0);
}

static void apply_or(js *p, const js_frame *f)
{
    p->v = js_emit(p, TW_OP_CHOOSE, 0, 0, f->v, f->v, p->v, f->off, p->vend);
    arms(p, p->v, f->x, f->op == T_NULLISH ? UINT32_MAX : 0);
}

static void apply_ternary(js *p, const js_frame *f)
{
    p->v = js_emit(p, TW_OP_CHOOSE, 0, 0, f->v, f->w, p->v, f->off, p->vend);
    arms(p, p->v, f->x, f->y);
}

/* x++ and the like, of the operand at hand. */
static uint32_t step(js *p, uint8_t t, uint32_t off)
{
    tw_insn x = p->ir->insns.v[p->v];
    tw_arg a = {p->v, 0};
    uint32_t v = op(p, t, &a, 1, off);
    if (x.op == TW_OP_READ) {
        js_emit(p, TW_OP_BIND, TW_BIND_AUG, 0, x.a, v, 0, off, p->vend);
        js_assigned(p, x.a);
    } else if (x.op == TW_OP_MEMBER) {
        js_emit(p, TW_OP_SETMEMBER, 0, 0, x.a, x.b, v, off, p->vend);
    } else if (x.op == TW_OP_INDEX) {
        js_emit(p, TW_OP_SETINDEX, 0, 0, x.a, x.b, v, off, p->vend);
    }
    return v;
}

static void delete_(js *p, uint32_t off)
{
    tw_insn *x = &p->ir->insns.v[p->v], was = *x;
    if (was.op != TW_OP_MEMBER && was.op != TW_OP_INDEX && was.op != TW_OP_READ) {
        tw_arg a = {p->v, 0};
        p->v = op(p, T_DELETE, &a, 1, off);
        return;
    }
    *x = (tw_insn){.off = was.off, .len = was.len};
    js_trim(p);
    if (was.op == TW_OP_MEMBER)
        js_emit(p, TW_OP_SETMEMBER, TW_BIND_DEL, 0, was.a, was.b, 0, off, p->vend);
    else if (was.op == TW_OP_INDEX)
        js_emit(p, TW_OP_SETINDEX, TW_BIND_DEL, 0, was.a, was.b, 0, off, p->vend);
    else
        js_emit(p, TW_OP_BIND, TW_BIND_DEL, 0, was.a, 0, 0, off, p->vend);
    p->v = 0;
}

static void apply_unary(js *p, const js_frame *f)
{
    tw_arg a = {p->v, 0};
    if (f->op == T_DELETE)
        delete_(p, f->off);
    else if (f->op == T_INC || f->op == T_DEC)
        p->v = step(p, f->op, f->off);
    else
        p->v = op(p, f->op, &a, 1, f->off);
}

static void apply_await(js *p, const js_frame *f)
{
    tw_insn *x = &p->ir->insns.v[p->v];
    if (x->op == TW_OP_CALL) x->flags |= TW_IF_AWAIT;
    p->v = js_emit(p, TW_OP_AWAIT, 0, 0, p->v, 0, 0, f->off, p->vend);
}

static void apply_yield(js *p, const js_frame *f)
{
    p->v = js_emit(p, TW_OP_YIELD, 0, f->op ? TW_IF_FROM : 0, p->v, 0, 0, f->off, p->vend);
}

static void apply_new(js *p, const js_frame *f)
{
    p->v = js_emit(p, TW_OP_CALL, 0, TW_IF_NEW, p->v, 0, 0, f->off, p->vend);
}

static void apply_arrow(js *p, const js_frame *f)
{
    js_emit(p, TW_OP_RETURN, 0, 0, p->v, 0, 0, p->voff, p->vend);
    js_scope_leave(p, f->x, f->y, p->vend);
    p->ir->insns.v[f->v].len = p->vend - f->off;
    p->v = f->v;
}

static void apply_cast(js *p, const js_frame *f)
{
    (void)p, (void)f;
}

/* f.kw: the kind of target; a compound assignment keeps the value read in f.mark. */
static void apply_assign(js *p, const js_frame *f)
{
    uint32_t v = p->v, from = p->ir->insns.n, names = p->names.n;
    if (f->op != T_ASSIGN) {
        uint8_t t = operator_in[f->op];
        tw_arg a[2] = {{f->mark, 0}, {v, 0}};
        if (t == T_AND)
            v = js_emit(p, TW_OP_CHOOSE, 0, 0, f->mark, v, f->mark, f->off, p->vend);
        else if (t == T_OR || t == T_NULLISH)
            v = js_emit(p, TW_OP_CHOOSE, 0, 0, f->mark, f->mark, v, f->off, p->vend);
        else
            v = op(p, t, a, 2, f->off);
        if (p->ir->insns.v[v].op == TW_OP_CHOOSE) arms(p, v, f->from, t == T_NULLISH ? UINT32_MAX : 0);
    }
    bool pattern = f->kw == TG_ARRAY || f->kw == TG_OBJECT;
    if (pattern) {
        js_bind_targets(p, f->x, f->y, v, TW_BIND_ASSIGN, 0);
    } else {
        js_target t = {.kind = (uint8_t)f->kw, .a = f->v, .b = f->w, .off = f->off, .end = f->y};
        js_bind(p, &t, v, f->op == T_ASSIGN ? TW_BIND_ASSIGN : TW_BIND_AUG, 0, 0);
    }
    p->v = v;
    js_frame *top = js_top(p);
    bool open = top->kind == F_PAREN || top->kind == F_ARRAY || top->kind == F_OBJECT ||
                (top->kind == F_CALL && top->flags & FF_ASYNC);
    if (!open || f->op != T_ASSIGN || f->kw == TG_OTHER) return;
    js_cover c = {.item = p->items.n - top->items,
                  .from = from,
                  .to = p->ir->insns.n,
                  .names = names,
                  .n_names = p->names.n - names,
                  .dflt = v};
    if (pattern) c.target = f->x, c.n_targets = f->y - f->x;
    js_cover_add(p, top, c);
}

/* f is popped; the span of the result starts where the frame does. */
void js_apply(js *p, const js_frame *f)
{
    static void (*const how[F_MAX])(js *, const js_frame *) = {
        [F_BIN] = apply_bin,     [F_UNARY] = apply_unary,       [F_AND] = apply_and,
        [F_OR] = apply_or,       [F_TERN_ELSE] = apply_ternary, [F_ASSIGN] = apply_assign,
        [F_ARROW] = apply_arrow, [F_AWAIT] = apply_await,       [F_YIELD] = apply_yield,
        [F_NEW] = apply_new,     [F_TS_CAST] = apply_cast,
    };
    how[f->kind](p, f);
    p->voff = f->off;
}

static void operator_binary(js *p)
{
    uint8_t t = p->tok.t, prec = prec_of[t];
    js_reduce(p, prec + 1);
    js_frame *f = js_top(p);
    if (f->kind == F_BIN && f->prec == prec && prec != P_POW) {
        if (t == T_PLUS && f->op == T_PLUS) { /* one OP for a run of them */
            TW_PUSH(p->tmp, p->items, (tw_arg){p->v, 0});
            p->state = JS_OPERAND;
            js_next(p);
            return;
        }
        js_reduce(p, prec);
    } else if (f->kind == F_DECORATOR) {
        js_end_decorator(p);
        return;
    }
    js_push(p, (js_frame){.kind = F_BIN, .prec = prec, .op = t, .off = p->voff, .items = p->items.n});
    TW_PUSH(p->tmp, p->items, (tw_arg){p->v, 0});
    p->state = JS_OPERAND;
    js_next(p);
}

static void operator_in_(js *p)
{
    if (p->no_in)
        js_operator_end(p);
    else
        operator_binary(p);
}

static void operator_lt(js *p)
{
    if (p->ts && js_ts_type_args(p))
        p->vend = p->prev_end;
    else if (!p->err)
        operator_binary(p);
}

static void operator_logical(js *p)
{
    bool is_and = js_is(p, T_AND);
    uint8_t prec = is_and ? P_AND : P_OR;
    js_reduce(p, prec);
    js_push(p, (js_frame){.kind = is_and ? F_AND : F_OR,
                          .prec = prec,
                          .op = p->tok.t,
                          .off = p->voff,
                          .v = p->v,
                          .x = p->ir->insns.n});
    p->state = JS_OPERAND;
    js_next(p);
}

/* TypeScript: (a?: T) => e */
static bool optional_parameter(js *p)
{
    js_frame *f = js_top(p);
    if (!p->ts || (f->kind != F_PAREN && !(f->kind == F_CALL && f->flags & FF_ASYNC))) return false;
    uint8_t t = js_peek(p).t;
    if (t != T_COLON && t != T_COMMA && t != T_RPAR && t != T_ASSIGN) return false;
    js_next(p);
    return true;
}

static void operator_question(js *p)
{
    if (optional_parameter(p)) return;
    js_reduce(p, P_TERN + 1);
    uint32_t v = p->v;
    js_frame *f = js_structural(p, F_TERN, p->voff);
    f->v = v, f->x = p->ir->insns.n;
    js_next(p);
}

static void operator_comma(js *p)
{
    static const bool takes[F_MAX] = {
        [F_STMT] = 1,     [F_VALUE] = 1,      [F_IF] = 1,        [F_WHILE] = 1,    [F_DO_COND] = 1,
        [F_WITH_OBJ] = 1, [F_SWITCH] = 1,     [F_CASE_COND] = 1, [F_FOR_INIT] = 1, [F_FOR_OF] = 1,
        [F_FOR_TEST] = 1, [F_FOR_UPDATE] = 1, [F_INDEX] = 1,     [F_TEMPLATE] = 1, [F_JSX_A] = 1,
    };
    js_reduce(p, P_ASSIGN);
    js_frame *f = js_top(p);
    if (takes[f->kind]) {
        p->state = JS_OPERAND;
        js_next(p);
    } else {
        js_operator_end(p);
    }
}

static void operator_assign(js *p)
{
    if (p->ts && js_top(p)->kind == F_NEW) js_reduce(p, P_NEW); /* new a = b: for the checker to refuse */
    js_frame f = {.kind = F_ASSIGN, .prec = P_ASSIGN, .op = p->tok.t, .off = p->voff, .y = p->vend};
    tw_insn *x = &p->ir->insns.v[p->v], was = *x;
    if (js_top(p)->prec > P_TERN) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    bool plain = was.op == TW_OP_READ || was.op == TW_OP_MEMBER || was.op == TW_OP_INDEX;
    f.kw = was.op == TW_OP_READ     ? TG_NAME
           : was.op == TW_OP_MEMBER ? TG_MEMBER
           : was.op == TW_OP_INDEX  ? TG_INDEX
                                    : TG_OTHER;
    if (plain) {
        f.v = was.a, f.w = was.b, f.mark = p->v;
        if (f.op == T_ASSIGN) {
            *x = (tw_insn){.off = was.off, .len = was.len};
            if (p->v + 1 == p->ir->insns.n) p->ir->insns.n--;
        }
    } else if (f.op == T_ASSIGN && (was.op == TW_OP_SEQ || was.op == TW_OP_MAP)) {
        f.x = js_to_targets(p, p->v, 0);
        f.y = p->targets.n;
        f.kw = p->targets.v[f.x].kind;
    }
    f.from = p->ir->insns.n;
    js_push(p, f);
    p->state = JS_OPERAND;
    js_next(p);
}

static void operator_dot(js *p)
{
    uint16_t flags = 0;
    if (js_is(p, T_OPTIONAL)) {
        flags = TW_IF_OPTIONAL;
        js_next(p);
        if (js_is(p, T_LPAR)) {
            js_call(p, flags);
            return;
        }
        if (js_is(p, T_LSQB)) {
            js_index(p, flags);
            return;
        }
        if (p->ts && js_is(p, T_LT) && js_ts_type_args(p)) {
            if (js_is(p, T_LPAR))
                js_call(p, flags);
            else if (!p->err)
                js_fail(p, TW_GAP_SYNTAX);
            return;
        }
    } else {
        js_next(p);
    }
    if (!js_is(p, T_NAME) && !js_is(p, T_PRIVATE) && !js_keyword(&p->tok)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->v = js_emit(p, TW_OP_MEMBER, 0, flags, p->v, p->tok.id, 0, p->voff, p->tok.end);
    p->vend = p->tok.end;
    js_next(p);
}

static void operator_postfix(js *p)
{
    if (p->tok.nl) {
        js_operator_end(p);
        return;
    }
    uint32_t v = p->v;
    p->vend = p->tok.end;
    step(p, p->tok.t, p->voff);
    p->v = v;
    js_next(p);
    bool calls = js_is(p, T_LPAR) || js_is(p, T_LSQB) || js_is(p, T_TEMPLATE);
    if (calls) js_operator_end(p); /* a++ is no callee: the next line starts */
}

static void operator_bang(js *p)
{
    if (!p->ts || p->tok.nl) {
        js_operator_end(p);
        return;
    }
    p->vend = p->tok.end; /* x! leaves nothing */
    js_next(p);
}

static void operator_name(js *p)
{
    if (!p->ts || p->tok.nl || (!js_word(p, W_AS) && !js_word(p, W_SATISFIES))) {
        js_operator_end(p);
        return;
    }
    js_reduce(p, P_REL);
    js_next(p);
    if (js_is(p, T_CONST))
        js_next(p);
    else
        js_ts_type(p, false);
    p->vend = p->prev_end;
    bool calls = js_is(p, T_LPAR) || js_is(p, T_LSQB) || js_is(p, T_TEMPLATE) || js_is(p, T_BANG);
    if (!p->err && calls) js_operator_end(p); /* `x as T` is no callee: the next line starts */
}

void (*const js_operator_of[T_MAX])(js *) = {
    [T_LPAR] = js_operator_lpar,
    [T_LSQB] = js_operator_lsqb,
    [T_TEMPLATE] = js_operator_template,
    [T_DOT] = operator_dot,
    [T_OPTIONAL] = operator_dot,
    [T_QUESTION] = operator_question,
    [T_COMMA] = operator_comma,
    [T_INC] = operator_postfix,
    [T_DEC] = operator_postfix,
    [T_BANG] = operator_bang,
    [T_NAME] = operator_name,
    [T_ASSIGN] = operator_assign,
    [T_PLUS_ASSIGN] = operator_assign,
    [T_MINUS_ASSIGN] = operator_assign,
    [T_STAR_ASSIGN] = operator_assign,
    [T_SLASH_ASSIGN] = operator_assign,
    [T_PERCENT_ASSIGN] = operator_assign,
    [T_POW_ASSIGN] = operator_assign,
    [T_SHL_ASSIGN] = operator_assign,
    [T_SHR_ASSIGN] = operator_assign,
    [T_USHR_ASSIGN] = operator_assign,
    [T_AMP_ASSIGN] = operator_assign,
    [T_PIPE_ASSIGN] = operator_assign,
    [T_CARET_ASSIGN] = operator_assign,
    [T_AND_ASSIGN] = operator_assign,
    [T_OR_ASSIGN] = operator_assign,
    [T_NULLISH_ASSIGN] = operator_assign,
    [T_AND] = operator_logical,
    [T_OR] = operator_logical,
    [T_NULLISH] = operator_logical,
    [T_PIPE] = operator_binary,
    [T_CARET] = operator_binary,
    [T_AMP] = operator_binary,
    [T_EQ] = operator_binary,
    [T_NE] = operator_binary,
    [T_EQ3] = operator_binary,
    [T_NE3] = operator_binary,
    [T_LT] = operator_lt,
    [T_GT] = operator_binary,
    [T_LE] = operator_binary,
    [T_GE] = operator_binary,
    [T_INSTANCEOF] = operator_binary,
    [T_IN] = operator_in_,
    [T_SHL] = operator_lt,
    [T_SHR] = operator_binary,
    [T_USHR] = operator_binary,
    [T_PLUS] = operator_binary,
    [T_MINUS] = operator_binary,
    [T_STAR] = operator_binary,
    [T_SLASH] = operator_binary,
    [T_PERCENT] = operator_binary,
    [T_POW] = operator_binary,
};
