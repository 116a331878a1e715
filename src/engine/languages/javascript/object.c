/* SPDX-License-Identifier: Apache-2.0 */
/* Object literals. Each property is two items: key and value. */
#include "engine/languages/javascript/js.h"

void js_operand_lbrace(js *p)
{
    js_structural(p, F_OBJECT, p->tok.off);
    p->state = JS_KEY;
    js_next(p);
}

static void close_object(js *p)
{
    js_frame f = *js_top(p);
    uint32_t end = p->tok.end, args = js_take_args(p, &f);
    js_pop(p);
    uint32_t v = js_emit(p, TW_OP_MAP, 0, 0, 0, 0, args, f.off, end);
    if (f.cover) {
        p->ir->insns.v[v].a = f.cover;
        TW_PUSH(p->tmp, p->covered, v);
    }
    js_have(p, v, f.off, end);
    js_next(p);
    if (js_top(p)->kind == F_BINDING) js_end_binding(p);
}

/* Behind a value. */
void js_end_object(js *p)
{
    js_frame *f = js_top(p);
    bool spread = f->kw;
    if (!js_is(p, T_COMMA) && !js_is(p, T_RBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_item(p, f);
    if (spread) TW_PUSH(p->tmp, p->items, (tw_arg){0, TW_ARG_SPREAD_MAP});
    if (js_accept(p, T_COMMA))
        p->state = JS_KEY;
    else
        close_object(p);
}

/* A key that is not computed; *ret_v: its CONST. */
static bool plain_key(js *p, js_tok *ret)
{
    js_tok t = p->tok;
    *ret = t;
    if (t.t == T_NAME || js_keyword(&t) || t.t == T_PRIVATE) return true;
    if (t.t == T_STRING) {
        ret->id = js_string_id(p, &t);
        return true;
    }
    if (t.t != T_INT && t.t != T_FLOAT) return false;
    ret->id = js_intern(p, p->s + t.off, t.end - t.off);
    return true;
}

static uint32_t key_const(js *p, const js_tok *t)
{
    static const uint8_t kinds[T_MAX] = {[T_INT] = TW_CONST_INT, [T_FLOAT] = TW_CONST_FLOAT};
    return js_emit(p, TW_OP_CONST, kinds[t->t], 0, t->id, 0, 0, t->off, t->end);
}

static void push_item(js *p, uint32_t v)
{
    TW_PUSH(p->tmp, p->items, (tw_arg){v, 0});
}

static void method(js *p, uint8_t flags, uint32_t name, uint32_t off)
{
    if (p->ts && js_is(p, T_LT)) js_ts_type_params(p);
    js_params(p, (js_frame){.op = HOW_PROP, .flags = flags, .w = name, .off = off, .from = p->ir->insns.n});
}

/* {a}, {a = 1}, {async}: the name is the key and the value. */
static void shorthand(js *p, const js_tok *t)
{
    js_frame *f = js_top(p);
    push_item(p, key_const(p, t));
    if (js_accept(p, T_ASSIGN)) { /* a pattern: the default is the value for now */
        js_cover_add(p, f, (js_cover){.item = p->items.n - f->items});
        p->state = JS_OPERAND;
        return;
    }
    js_have(p, js_emit(p, TW_OP_READ, 0, 0, t->id, 0, 0, t->off, t->end), t->off, t->end);
    js_end_object(p);
}

static bool is_key(const js_tok *t)
{
    return t->t == T_NAME || js_keyword(t) || t->t == T_STRING || t->t == T_INT || t->t == T_FLOAT ||
           t->t == T_LSQB || t->t == T_PRIVATE;
}

/* async, get, set and * before a key. */
static uint8_t modifiers(js *p, js_tok *word)
{
    uint8_t flags = 0;
    *word = (js_tok){0};
    while (js_is(p, T_NAME) && !p->tok.escaped &&
           (p->tok.id == W_ASYNC || p->tok.id == W_GET || p->tok.id == W_SET)) {
        js_tok t = p->tok;
        js_next(p);
        if (!is_key(&p->tok) && !(js_is(p, T_STAR) && t.id == W_ASYNC)) {
            *word = t;
            return flags;
        }
        if (t.id == W_ASYNC) flags |= FF_ASYNC;
        if (t.id != W_ASYNC) flags |= FF_ACCESSOR;
        if (t.id != W_ASYNC) break;
    }
    if (js_accept(p, T_STAR)) flags |= FF_GENERATOR;
    return flags;
}

/* `:` and a value, or the parameters of a method, behind a key. */
static void value(js *p, uint8_t flags, uint32_t name, uint32_t off)
{
    if (p->ts) js_accept(p, T_QUESTION);
    if (js_is(p, T_LPAR) || (p->ts && js_is(p, T_LT))) {
        method(p, flags, name, off);
    } else if (js_accept(p, T_COLON)) {
        p->state = JS_OPERAND;
    } else {
        js_fail(p, TW_GAP_SYNTAX);
    }
}

void js_key(js *p)
{
    js_tok t;
    uint32_t off = p->tok.off;
    if (js_is(p, T_RBRACE)) {
        close_object(p);
        return;
    }
    if (js_is(p, T_DOTS)) {
        js_top(p)->kw = TW_ARG_SPREAD_MAP;
        p->state = JS_OPERAND;
        js_next(p);
        return;
    }
    uint8_t flags = modifiers(p, &t);
    if (!t.t) {
        if (js_is(p, T_LSQB)) {
            js_frame *f = js_structural(p, F_COMPUTED, off);
            f->op = F_OBJECT;
            f->x = flags;
            js_next(p);
            return;
        }
        if (!plain_key(p, &t)) {
            js_fail(p, TW_GAP_SYNTAX);
            return;
        }
        js_next(p);
    }
    if (t.t == T_NAME || js_keyword(&t)) {
        if (js_is(p, T_COMMA) || js_is(p, T_RBRACE) || js_is(p, T_ASSIGN)) {
            shorthand(p, &t);
            return;
        }
    }
    push_item(p, key_const(p, &t));
    value(p, flags, t.t == T_INT || t.t == T_FLOAT ? 0 : t.id, off);
}

/* [key] of an object literal or a class. */
void js_end_computed(js *p)
{
    js_frame f = *js_top(p);
    if (!js_is(p, T_RSQB)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    js_next(p);
    if (f.op == F_OBJECT) {
        push_item(p, p->v);
        value(p, (uint8_t)f.x, 0, f.off);
    } else {
        js_member_key(p, (uint8_t)f.x, 0, f.off, p->voff, p->vend);
    }
}
