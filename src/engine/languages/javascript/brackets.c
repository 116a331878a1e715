/* SPDX-License-Identifier: Apache-2.0 */
/* Parentheses, arrays, calls, subscripts. */
#include "engine/languages/javascript/js.h"

static js_frame *open_bracket(js *p, uint8_t kind, uint32_t off)
{
    js_frame *f = js_structural(p, kind, off);
    js_next(p);
    return f;
}

void js_operand_lpar(js *p)
{
    open_bracket(p, F_PAREN, p->tok.off);
}

void js_operand_lsqb(js *p)
{
    open_bracket(p, F_ARRAY, p->tok.off);
}

void js_call(js *p, uint16_t flags)
{
    uint32_t v = p->v, off = p->voff;
    if (js_top(p)->kind == F_NEW) {
        off = js_top(p)->off;
        flags |= TW_IF_NEW;
        p->frames.n--;
    }
    js_frame *f = open_bracket(p, F_CALL, off);
    f->v = v;
    f->x = flags;
}

void js_operator_lpar(js *p)
{
    js_call(p, 0);
}

void js_index(js *p, uint16_t flags)
{
    uint32_t v = p->v;
    js_frame *f = open_bracket(p, F_INDEX, p->voff);
    f->v = v;
    f->x = flags;
}

void js_operator_lsqb(js *p)
{
    if (js_top(p)->kind == F_DECORATOR)
        js_end_decorator(p);
    else
        js_index(p, 0);
}

/* Between items: `,` or the closer. False: neither, an error unless a TypeScript annotation was read. */
static bool separator(js *p, js_frame *f, js_t closer)
{
    if (js_is(p, closer)) {
        js_item(p, f);
        return true;
    }
    if (!js_is(p, T_COMMA)) {
        js_fail(p, TW_GAP_SYNTAX);
        return false;
    }
    js_item(p, f);
    f->flags |= FF_COMMA;
    p->state = JS_OPERAND;
    js_next(p);
    return false;
}

/* `: T` behind what may be a parameter of an arrow. */
static bool annotated(js *p)
{
    if (!p->ts || !js_is(p, T_COLON)) return false;
    js_next(p);
    js_ts_type(p, false);
    return true;
}

/* Behind the `)` of what may be parameters. */
static bool arrow_follows(js *p)
{
    if (js_is(p, T_ARROW)) return !p->tok.nl;
    return p->ts && js_is(p, T_COLON) && js_ts_arrow_type(p);
}

static void close_paren(js *p, bool empty)
{
    js_frame f = *js_top(p);
    uint32_t end = p->tok.end;
    js_pop(p);
    js_next(p);
    if (arrow_follows(p)) {
        js_arrow_items(p, &f, false);
        return;
    }
    if (p->err || empty) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->v = p->items.v[p->items.n - 1].value;
    p->items.n = f.items;
    js_have(p, p->v, f.off, end);
}

void js_end_paren(js *p)
{
    if (annotated(p)) return;
    if (separator(p, js_top(p), T_RPAR)) close_paren(p, false);
}

void js_empty_paren(js *p)
{
    if (js_is(p, T_RPAR) && !js_top(p)->kw)
        close_paren(p, true);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

void js_call_done(js *p, js_frame *f, uint32_t end)
{
    uint32_t args = js_take_args(p, f);
    js_have(p, js_emit(p, TW_OP_CALL, 0, (uint16_t)f->x, f->v, 0, args, f->off, end), f->off, end);
}

static void close_call(js *p)
{
    js_frame f = *js_top(p);
    uint32_t end = p->tok.end;
    js_pop(p);
    js_next(p);
    if (f.flags & FF_ASYNC && arrow_follows(p)) {
        p->ir->insns.v[f.v] = (tw_insn){.off = f.off};
        js_arrow_items(p, &f, true);
        return;
    }
    if (!p->err) js_call_done(p, &f, end);
}

void js_end_call(js *p)
{
    js_frame *f = js_top(p);
    if (f->flags & FF_ASYNC && annotated(p)) return;
    if (separator(p, f, T_RPAR)) close_call(p);
}

void js_empty_call(js *p)
{
    if (js_is(p, T_RPAR) && !js_top(p)->kw)
        close_call(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

void js_end_index(js *p)
{
    js_frame f = *js_top(p);
    if (!js_is(p, T_RSQB)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t end = p->tok.end;
    js_pop(p);
    js_have(p, js_emit(p, TW_OP_INDEX, 0, (uint16_t)f.x, f.v, p->v, 0, f.off, end), f.off, end);
    js_next(p);
}

static void close_array(js *p)
{
    js_frame f = *js_top(p);
    uint32_t end = p->tok.end, args = js_take_args(p, &f);
    js_pop(p);
    uint32_t v = js_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, 0, args, f.off, end);
    if (f.cover) {
        p->ir->insns.v[v].a = f.cover;
        TW_PUSH(p->tmp, p->covered, v);
    }
    js_have(p, v, f.off, end);
    js_next(p);
    if (js_top(p)->kind == F_BINDING) js_end_binding(p);
}

void js_end_array(js *p)
{
    if (separator(p, js_top(p), T_RSQB)) close_array(p);
}

/* A hole, or the closer behind a comma. */
void js_empty_array(js *p)
{
    js_frame *f = js_top(p);
    if (f->kw) {
        js_fail(p, TW_GAP_SYNTAX);
    } else if (js_is(p, T_COMMA)) {
        TW_PUSH(p->tmp, p->items, (tw_arg){0, 0});
        js_next(p);
    } else if (js_is(p, T_RSQB)) {
        close_array(p);
    } else {
        js_fail(p, TW_GAP_SYNTAX);
    }
}
