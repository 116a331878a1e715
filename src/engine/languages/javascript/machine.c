/* SPDX-License-Identifier: Apache-2.0 */
/* The machine: states, the stack of open constructs, and what ends an expression. */
#include "engine/languages/javascript/js.h"

enum { FRAMES_PER_NESTING = 4 }; /* operators wait too: !!!..., a => b => ..., a ? b : c ? ... */

const bool js_bracket_kind[F_MAX] = {
    [F_BLOCK] = 1,  [F_BODY] = 1,   [F_CASE] = 1,     [F_CLASS] = 1, [F_NAMESPACE] = 1, [F_TS_BLOCK] = 1,
    [F_THEN] = 1,   [F_ELSE] = 1,   [F_LOOP] = 1,     [F_DO] = 1,    [F_WITH] = 1,      [F_PAREN] = 1,
    [F_ARRAY] = 1,  [F_OBJECT] = 1, [F_COMPUTED] = 1, [F_CALL] = 1,  [F_INDEX] = 1,     [F_TEMPLATE] = 1,
    [F_PARAMS] = 1, [F_JSX_A] = 1,  [F_JSX_B] = 1,    [F_JSX_C] = 1,
};

void js_fail(js *p, tw_gap_reason why)
{
    if (p->err) return;
    p->err = true;
    p->err_why = (uint8_t)why;
}

void js_push(js *p, js_frame f)
{
    TW_PUSH(p->tmp, p->frames, f);
    if (p->frames.n > FRAMES_PER_NESTING * (p->lim->nesting + 16)) js_fail(p, TW_GAP_LIMIT);
}

js_frame *js_structural(js *p, uint8_t kind, uint32_t off)
{
    js_push(p, (js_frame){.kind = kind, .flags = p->no_in ? FF_NO_IN : 0, .off = off, .items = p->items.n});
    p->no_in = false;
    p->state = JS_OPERAND;
    if (js_bracket_kind[kind] && ++p->depth > p->lim->nesting) js_fail(p, TW_GAP_LIMIT);
    return js_top(p);
}

void js_pop(js *p)
{
    js_frame *f = js_top(p);
    p->no_in = f->flags & FF_NO_IN;
    if (f->block) js_block_end(p, f);
    p->depth -= js_bracket_kind[f->kind];
    p->frames.n--;
}

void js_have(js *p, uint32_t v, uint32_t off, uint32_t end)
{
    p->v = v, p->voff = off, p->vend = end;
    p->state = JS_OPERATOR;
}

void js_item(js *p, js_frame *f)
{
    TW_PUSH(p->tmp, p->items, (tw_arg){p->v, f->kw});
    f->kw = 0;
}

uint32_t js_take_args(js *p, js_frame *f)
{
    uint32_t args = js_args(p, p->items.v + f->items, p->items.n - f->items);
    p->items.n = f->items;
    return args;
}

void js_reduce(js *p, uint8_t prec)
{
    while (js_top(p)->prec >= prec) {
        js_frame f = *js_top(p);
        p->frames.n--;
        js_apply(p, &f);
    }
}

void js_operator_end(js *p)
{
    js_reduce(p, P_ASSIGN);
    void (*end)(js *) = js_end_of[js_top(p)->kind];
    if (end)
        end(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

void js_operand_none(js *p)
{
    void (*end)(js *) = js_empty_of[js_top(p)->kind];
    if (end)
        end(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void end_ternary(js *p)
{
    js_frame f = *js_top(p);
    if (!js_is(p, T_COLON)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    js_push(p, (js_frame){.kind = F_TERN_ELSE,
                          .prec = P_TERN,
                          .off = f.off,
                          .v = f.v,
                          .w = p->v,
                          .x = f.x,
                          .y = p->ir->insns.n});
    p->state = JS_OPERAND;
    js_next(p);
}

void (*const js_end_of[F_MAX])(js *) = {
    [F_STMT] = js_end_stmt,
    [F_VALUE] = js_end_value,
    [F_IF] = js_end_if,
    [F_WHILE] = js_end_while,
    [F_DO_COND] = js_end_do,
    [F_WITH_OBJ] = js_end_with,
    [F_SWITCH] = js_end_switch,
    [F_CASE_COND] = js_end_case,
    [F_FOR_INIT] = js_end_for_init,
    [F_FOR_OF] = js_end_for_of,
    [F_FOR_TEST] = js_end_for_test,
    [F_FOR_UPDATE] = js_end_for_update,
    [F_DECL_VALUE] = js_end_decl_value,
    [F_EXPORT_VALUE] = js_end_export,
    [F_PAREN] = js_end_paren,
    [F_ARRAY] = js_end_array,
    [F_OBJECT] = js_end_object,
    [F_COMPUTED] = js_end_computed,
    [F_CALL] = js_end_call,
    [F_INDEX] = js_end_index,
    [F_TEMPLATE] = js_end_template,
    [F_TERN] = end_ternary,
    [F_PARAM_DEFAULT] = js_end_param_default,
    [F_BINDING] = js_end_binding,
    [F_FIELD] = js_end_field,
    [F_EXTENDS] = js_end_extends,
    [F_DECORATOR] = js_end_decorator,
    [F_JSX_A] = js_jsx_a,
    [F_JSX_B] = js_jsx_b,
    [F_JSX_C] = js_jsx_c,
    [F_TS_A] = js_ts_enum_end,
    [F_TS_B] = js_ts_export_equals_end,
};

void (*const js_empty_of[F_MAX])(js *) = {
    [F_VALUE] = js_empty_value,    [F_FOR_INIT] = js_empty_for, [F_FOR_TEST] = js_empty_for,
    [F_FOR_UPDATE] = js_empty_for, [F_PAREN] = js_empty_paren,  [F_ARRAY] = js_empty_array,
    [F_CALL] = js_empty_call,      [F_JSX_A] = js_jsx_a_empty,
};

static void statement(js *p)
{
    uint8_t t = p->tok.t;
    (js_statement_of[t] ? js_statement_of[t] : js_expression_statement)(p);
}

void js_run(js *p)
{
    while (!p->done) {
        uint8_t t = p->tok.t;
        switch (p->state) {
        case JS_OPERATOR: (js_operator_of[t] ? js_operator_of[t] : js_operator_end)(p); break;
        case JS_OPERAND: (js_operand_of[t] ? js_operand_of[t] : js_operand_none)(p); break;
        case JS_KEY: js_key(p); break;
        case JS_MEMBER: js_member(p); break;
        case JS_PARAM: js_param_step(p); break;
        case JS_DECLARATOR: js_declarator(p); break;
        default: statement(p); break;
        }
        if (p->err) js_recover(p);
    }
}
