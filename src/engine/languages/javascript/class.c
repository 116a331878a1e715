/* SPDX-License-Identifier: Apache-2.0 */
/* Classes and decorators. */
#include "engine/languages/javascript/js.h"

/* p->tok is `@`. Only members and calls continue the expression. */
void js_decorator(js *p)
{
    uint8_t state = p->state;
    js_frame *f = js_structural(p, F_DECORATOR, p->tok.off);
    f->op = state;
    f->x = p->deco_base;
    p->deco_base = p->decorators.n;
    js_next(p);
}

void js_end_decorator(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    p->deco_base = f.x;
    p->state = f.op;
    if (f.op != JS_PARAM) TW_PUSH(p->tmp, p->decorators, p->v);
    if (f.op == JS_OPERAND && !js_is(p, T_CLASS) && !js_is(p, T_AT)) js_fail(p, TW_GAP_SYNTAX);
}

static void body(js *p, const js_frame *f, uint32_t args)
{
    if (p->ts && js_word(p, W_IMPLEMENTS)) js_ts_implements(p);
    if (p->err) return;
    if (!js_is(p, T_LBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t name = f->w, noff = f->y, nend = f->mark, back = p->scope;
    uint32_t scope = js_scope_open(p, TW_REGION_CLASS, name, f->off);
    uint32_t cls = js_emit(p, TW_OP_CLASS, 0, 0, scope, 0, args, f->off, p->tok.end);
    uint32_t v = js_decorate(p, cls, f->x, noff, nend);
    p->deco_base = f->x;
    if (f->op != HOW_EXPR && name) {
        js_emit(p, TW_OP_BIND, TW_BIND_DEF, TW_IF_LEXICAL, name, v, 0, noff, nend);
        js_declare_lexical(p, name);
    }
    if (f->op == HOW_EXPORT) js_exports(p, 0, name, v, 0, noff, nend);
    if (f->op == HOW_DEFAULT) js_exports(p, 0, JS_KEYWORD_ID(DEFAULT), v, 0, f->off, nend);
    js_fn around = p->fn;
    uint32_t enter = js_scope_enter(p, scope, p->tok.off);
    p->fn.async = around.async, p->fn.generator = around.generator; /* in keys and decorators */
    if (f->op == HOW_EXPR && name) {
        js_emit(p, TW_OP_BIND, TW_BIND_DEF, 0, name, v, 0, noff, nend);
        js_declare_own(p, name);
    }
    js_frame *b = js_open(p, F_CLASS, enter, f->off);
    b->v = cls, b->y = back, b->op = f->op, b->kw = v;
    p->state = JS_MEMBER;
    js_next(p);
}

/* p->tok is `class`. */
void js_class_start(js *p, uint32_t off, uint8_t how)
{
    js_frame f = {.op = how, .off = off, .y = off, .mark = off, .x = p->deco_base};
    p->deco_base = p->decorators.n;
    js_next(p);
    if (js_is(p, T_NAME) && !(p->ts && js_word(p, W_IMPLEMENTS))) {
        f.w = p->tok.id, f.y = p->tok.off, f.mark = p->tok.end;
        js_next(p);
    } else if (how == HOW_DECL && p->decorators.n > f.x) { /* export default @d class { } */
        f.op = HOW_DEFAULT;
    } else if (how == HOW_DECL || how == HOW_EXPORT) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (p->ts && js_is(p, T_LT)) js_ts_type_params(p);
    if (p->err) return;
    if (!js_accept(p, T_EXTENDS)) {
        body(p, &f, 0);
        return;
    }
    js_frame *e = js_structural(p, F_EXTENDS, off);
    e->op = f.op, e->w = f.w, e->x = f.x, e->y = f.y, e->mark = f.mark;
}

void js_end_extends(js *p)
{
    js_frame f = *js_top(p);
    tw_arg base = {p->v, 0};
    js_pop(p);
    body(p, &f, js_args(p, &base, 1));
}

void js_class_done(js *p, const js_frame *f, uint32_t end)
{
    p->ir->insns.v[f->v].len = end - f->off;
    if (f->op == HOW_EXPR)
        js_have(p, f->kw, f->off, end);
    else
        js_stmt_done(p);
}

void js_member_done(js *p)
{
    p->decorators.n = p->deco_base;
    p->state = JS_MEMBER;
    js_forget(p, js_top(p));
}

static void member_end(js *p)
{
    if (!js_accept(p, T_SEMI) && !(p->ts && js_accept(p, T_COMMA)) && !p->tok.nl && !js_is(p, T_RBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_member_done(p);
}

void js_end_field(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    js_params_left(p, &f);
    js_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, f.kw ? TW_IF_STATIC : 0, f.w, p->v, 0, f.x, f.y);
    js_note_declared(p, f.w);
    member_end(p);
}

/* Behind a member's key. name 0: computed. */
void js_member_key(js *p, uint8_t flags, uint32_t name, uint32_t off, uint32_t noff, uint32_t nend)
{
    if (p->ts && (js_is(p, T_QUESTION) || (js_is(p, T_BANG) && !p->tok.nl))) js_next(p);
    if (p->ts && js_is(p, T_LT)) js_ts_type_params(p);
    if (p->err) return;
    if (js_is(p, T_LPAR)) {
        js_params(p, (js_frame){.op = HOW_METHOD,
                                .flags = flags,
                                .w = name,
                                .off = off,
                                .y = noff,
                                .kw = nend,
                                .from = js_top(p)->from});
        return;
    }
    js_annotation(p);
    if (p->err) return;
    if (js_is(p, T_ASSIGN)) {
        js_frame *f = js_structural(p, F_FIELD, off);
        f->w = name, f->x = noff, f->y = nend, f->kw = (flags & FF_STATIC) != 0;
        f->v = (uint32_t)p->fn.async | (uint32_t)p->fn.generator << 1;
        p->fn.async = p->fn.generator = 0;
        js_next(p);
        return;
    }
    js_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, flags & FF_STATIC ? TW_IF_STATIC : 0, name, 0, 0, noff, nend);
    js_note_declared(p, name);
    member_end(p);
}

static bool modifier(const js *p, uint32_t id)
{
    if (id - W_STATIC <= W_SET - W_STATIC || id == W_ASYNC) return true;
    return p->ts && id - W_DECLARE <= W_OVERRIDE - W_DECLARE;
}

/* t was read and is a modifier where a key follows. */
static bool key_follows(const js *p, const js_tok *t)
{
    static const bool keys[T_MAX] = {
        [T_NAME] = 1, [T_STRING] = 1, [T_INT] = 1, [T_FLOAT] = 1, [T_PRIVATE] = 1, [T_LSQB] = 1};
    if (p->tok.nl && (t->id == W_ASYNC || t->id == W_ACCESSOR)) return false;
    if (js_is(p, T_STAR)) return t->id != W_GET && t->id != W_SET && t->id != W_ACCESSOR;
    return keys[p->tok.t] || js_keyword(&p->tok);
}

static void member_name(js *p, uint8_t flags, const js_tok *t, uint32_t off)
{
    uint32_t name = t->id;
    if (t->t == T_STRING)
        name = js_string_id(p, t);
    else if (t->t == T_INT || t->t == T_FLOAT)
        name = js_intern(p, p->s + t->off, t->end - t->off);
    else if (t->t != T_NAME && t->t != T_PRIVATE && !js_keyword(t)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_member_key(p, flags, name, off, t->off, t->end);
}

static void static_block(js *p)
{
    uint32_t enter = js_emit(p, TW_OP_ENTER, TW_REGION_WITH, 0, 0, 0, 0, p->tok.off, p->tok.off);
    js_block(p, F_BLOCK, enter);
    js_top(p)->op = 1;
}

/* The key behind all modifiers. */
static void member_at_key(js *p, uint8_t flags, uint32_t off)
{
    if (js_accept(p, T_STAR)) flags |= FF_GENERATOR;
    if (js_is(p, T_LSQB)) {
        if (p->ts && js_ts_index_signature(p)) {
            js_member_done(p);
            return;
        }
        if (p->err) return;
        js_frame *f = js_structural(p, F_COMPUTED, off);
        f->op = F_CLASS;
        f->x = flags;
        js_next(p);
        return;
    }
    js_tok t = p->tok;
    js_next(p);
    member_name(p, flags, &t, off);
}

void js_member(js *p)
{
    uint32_t off = p->tok.off;
    uint8_t flags = 0;
    if (js_is(p, T_RBRACE)) {
        js_close_block(p);
        return;
    }
    if (js_accept(p, T_SEMI)) return;
    if (p->decorators.n == p->deco_base) js_top(p)->from = p->ir->insns.n;
    if (js_is(p, T_AT)) {
        js_decorator(p);
        return;
    }
    if (js_is(p, T_EOF)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    while (js_is(p, T_NAME) && !p->tok.escaped && modifier(p, p->tok.id)) {
        js_tok t = p->tok;
        js_next(p);
        if (t.id == W_STATIC && js_is(p, T_LBRACE)) {
            static_block(p);
            return;
        }
        if (!key_follows(p, &t)) {
            js_member_key(p, flags, t.id, off, t.off, t.end);
            return;
        }
        if (t.id == W_STATIC) flags |= FF_STATIC;
        if (t.id == W_ASYNC) flags |= FF_ASYNC;
        if (t.id == W_GET || t.id == W_SET) flags |= FF_ACCESSOR;
    }
    member_at_key(p, flags, off);
}
