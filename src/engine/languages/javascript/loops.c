/* SPDX-License-Identifier: Apache-2.0 */
/* for, while, do. */
#include "engine/languages/javascript/js.h"

static uint32_t enter_loop(js *p, uint32_t cond, uint32_t off)
{
    return js_emit(p, TW_OP_ENTER, TW_REGION_LOOP, 0, cond, 0, 0, off, off);
}

void js_st_while(js *p)
{
    js_cond(p, F_WHILE, p->tok.off);
}

void js_end_while(js *p)
{
    uint32_t off = js_top(p)->off, v = p->v, from = js_top(p)->y;
    if (!js_is(p, T_RPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    js_next(p);
    uint32_t enter = enter_loop(p, v, off);
    js_arms(p, enter, from, 0);
    js_open(p, F_LOOP, enter, off);
}

void js_st_do(js *p)
{
    uint32_t off = p->tok.off;
    js_next(p);
    js_open(p, F_DO, enter_loop(p, 0, off), off);
}

/* The body is behind us; the condition is still part of the loop. */
void js_do_cond(js *p)
{
    if (js_is(p, T_WHILE))
        js_cond(p, F_DO_COND, p->tok.off);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

void js_end_do(js *p)
{
    if (!js_is(p, T_RPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t v = p->v;
    js_pop(p);
    js_next(p);
    js_arms(p, js_leave(p, js_top(p)->x, p->prev_end), v, 0);
    js_pop(p);
    js_accept(p, T_SEMI);
    js_stmt_done(p);
}

bool js_at_of(const js *p)
{
    return js_is(p, T_IN) || js_word(p, W_OF);
}

/* let x, let [, let {: a declaration. */
static bool declares(js *p)
{
    if (js_is(p, T_VAR) || js_is(p, T_CONST)) return true;
    if (!js_word(p, W_LET) && !js_word(p, W_USING)) return false;
    js_tok next = js_peek(p);
    if (js_word(p, W_USING)) return next.t == T_NAME && !next.nl && next.id != W_OF;
    return next.t == T_NAME || next.t == T_LSQB || next.t == T_LBRACE;
}

void js_st_for(js *p)
{
    uint32_t off = p->tok.off;
    js_next(p);
    bool await = js_word(p, W_AWAIT);
    if (await) js_next(p);
    if (!js_is(p, T_LPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_frame *f = js_structural(p, F_FOR_INIT, off);
    f->from = p->ir->insns.n;
    if (await) f->flags |= FF_AWAIT;
    js_next(p);
    if (js_word(p, W_AWAIT)) { /* await using */
        js_tok next = js_peek(p);
        if (next.t == T_NAME && next.id == W_USING && !next.nl) js_next(p);
    }
    p->no_in = true;
    if (declares(p)) js_declaration(p, p->tok.off, 1);
}

/* Behind the init, p->tok is its `;`. */
void js_for_classic(js *p)
{
    js_frame f = *js_top(p);
    if (!js_is(p, T_SEMI)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    js_open(p, F_LOOP, enter_loop(p, 0, f.off), f.off)->block = f.block;
    js_structural(p, F_FOR_TEST, f.off);
    js_next(p);
}

/* The targets from `targets` on are assigned in each round; p->tok is `of` or `in`. */
void js_for_of(js *p, uint32_t targets, uint8_t notes, uint8_t how)
{
    js_frame f = *js_top(p);
    bool keys = js_is(p, T_IN);
    js_pop(p);
    js_frame *g = js_structural(p, F_FOR_OF, f.off);
    g->flags |= (f.flags & FF_AWAIT) | (keys ? FF_STATIC : 0);
    g->x = targets, g->y = p->targets.n, g->op = notes, g->v = how;
    js_next(p);
}

void js_end_for_init(js *p)
{
    if (js_at_of(p)) {
        uint32_t from = js_to_targets(p, p->v, 0);
        js_for_of(p, from, 0, TW_BIND_FOR);
    } else {
        js_for_classic(p);
    }
}

void js_end_for_of(js *p)
{
    js_frame f = *js_top(p);
    uint32_t v = p->v, off = p->voff, end = p->vend;
    if (!js_is(p, T_RPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    js_next(p);
    if (f.flags & FF_STATIC) {
        tw_arg a = {v, 0};
        v = js_emit(p, TW_OP_OP, 0, 0, W_KEYS, 0, js_args(p, &a, 1), off, end);
    }
    uint32_t enter = enter_loop(p, 0, f.off);
    v = js_emit(p, TW_OP_ITER, 0, f.flags & FF_AWAIT ? TW_IF_AWAIT : 0, v, 0, 0, off, end);
    js_open(p, F_LOOP, enter, f.off);
    js_bind_targets(p, f.x, f.y, v, (uint8_t)f.v, f.op);
}

/* The update stands before the body that it follows: in a region of its own, whose condition is the test. */
static void begin_update(js *p, uint32_t test)
{
    if (!js_is(p, T_SEMI)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t off = p->tok.off,
             enter = js_emit(p, TW_OP_ENTER, TW_REGION_WITH, TW_IF_HOISTED, test, 0, 0, off, off);
    js_top(p)->kind = F_FOR_UPDATE;
    js_top(p)->x = enter;
    p->state = JS_OPERAND;
    js_next(p);
}

void js_end_for_test(js *p)
{
    begin_update(p, p->v);
}

void js_end_for_update(js *p)
{
    if (!js_is(p, T_RPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_leave(p, js_top(p)->x, p->tok.off);
    js_pop(p);
    p->state = JS_STATEMENT;
    js_next(p);
}

void js_empty_for(js *p)
{
    uint8_t kind = js_top(p)->kind;
    if (kind == F_FOR_INIT)
        js_for_classic(p);
    else if (kind == F_FOR_TEST)
        begin_update(p, 0);
    else
        js_end_for_update(p);
}
