/* SPDX-License-Identifier: Apache-2.0 */
/* Declarations of TypeScript. What exists for the types only is passed over; enums and namespaces run. */
#include "engine/languages/javascript/js.h"

#include <stdio.h>

static bool plain_name(const js_tok *t) /* a name, or a word that is one here */
{
    return t->t == T_NAME;
}

static bool on_line(const js_tok *t)
{
    return plain_name(t) && !t->nl;
}

/* p->tok is `{`: behind its `}`, whatever is in between. */
static void pass(js *p)
{
    uint32_t close = js_ts_close(p, p->tok.off);
    if (close == UINT32_MAX) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_ts_resume(p, close + 1);
}

/* The name and clauses of an interface or an ambient class, and its members. */
static void shape(js *p)
{
    if (plain_name(&p->tok) && !js_word(p, W_IMPLEMENTS)) js_next(p);
    if (js_is(p, T_LT)) js_ts_type_params(p);
    while (!p->err && (js_is(p, T_EXTENDS) || js_word(p, W_IMPLEMENTS))) {
        do {
            js_next(p);
            js_ts_heritage(p);
        } while (!p->err && js_is(p, T_COMMA));
    }
    if (p->err) return;
    if (js_is(p, T_LBRACE))
        pass(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void interface(js *p)
{
    js_next(p);
    shape(p);
    if (!p->err) js_stmt_done(p);
}

static void alias(js *p)
{
    js_next(p);
    js_next(p);
    if (js_is(p, T_LT)) js_ts_type_params(p);
    if (p->err || !js_expect(p, T_ASSIGN)) return;
    js_ts_type(p, false);
    if (!p->err) js_semicolon(p);
}

/* --- declare ----------------------------------------------------------------------------------- */
/* The value of a constant that is only declared: to what ends it. */
static void pass_value(js *p)
{
    do {
        if (js_is(p, T_LPAR) || js_is(p, T_LSQB) || js_is(p, T_LBRACE))
            pass(p);
        else
            js_next(p);
    } while (!p->err && !p->tok.nl && !js_is(p, T_COMMA) && !js_is(p, T_SEMI) && !js_is(p, T_RBRACE) &&
             !js_is(p, T_EOF));
}

static void ambient_variables(js *p)
{
    do {
        js_next(p);
        if (js_is(p, T_LSQB) || js_is(p, T_LBRACE))
            pass(p);
        else if (plain_name(&p->tok))
            js_next(p);
        else
            js_fail(p, TW_GAP_SYNTAX);
        if (p->err) return;
        js_annotation(p);
        if (!p->err && js_accept(p, T_ASSIGN)) pass_value(p);
    } while (!p->err && js_is(p, T_COMMA));
    if (!p->err) js_semicolon(p);
}

static void ambient_function(js *p)
{
    js_next(p);
    js_accept(p, T_STAR);
    if (plain_name(&p->tok)) js_next(p);
    if (js_is(p, T_LT)) js_ts_type_params(p);
    if (p->err || !js_is(p, T_LPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    pass(p);
    if (!p->err && js_accept(p, T_COLON)) js_ts_type(p, true);
    if (!p->err && js_is(p, T_LBRACE)) { /* a body has no business here, but it is one */
        pass(p);
        if (!p->err) js_stmt_done(p);
    } else if (!p->err) {
        js_semicolon(p);
    }
}

/* namespace A.B { }, module "m" { }, module "m";, global { }, enum E { } */
static void ambient_block(js *p)
{
    do js_next(p);
    while (js_is(p, T_DOT) || plain_name(&p->tok) || js_is(p, T_STRING) || js_is(p, T_ENUM));
    if (!js_is(p, T_LBRACE)) {
        js_semicolon(p);
        return;
    }
    pass(p);
    if (!p->err) js_stmt_done(p);
}

static void ambient_import(js *p)
{
    while (!p->tok.nl && !js_is(p, T_SEMI) && !js_is(p, T_RBRACE) && !js_is(p, T_EOF)) js_next(p);
    js_semicolon(p);
}

static void ambient_class(js *p)
{
    js_next(p);
    shape(p);
    if (!p->err) js_stmt_done(p);
}

/* p->tok is behind `declare`. */
static void ambient(js *p)
{
    static const uint32_t words[] = {W_ABSTRACT,  W_ASYNC,    W_PUBLIC,  W_PRIVATE,
                                     W_PROTECTED, W_READONLY, W_ACCESSOR};
    for (size_t i = 0; i < TW_COUNT(words);)
        if (js_word(p, words[i]))
            js_next(p), i = 0;
        else
            i++;
    if (js_is(p, T_CONST) && js_peek(p).t == T_ENUM) js_next(p);
    if (js_is(p, T_VAR) || js_is(p, T_CONST) || js_word(p, W_LET) || js_word(p, W_USING))
        ambient_variables(p);
    else if (js_is(p, T_FUNCTION))
        ambient_function(p);
    else if (js_is(p, T_CLASS))
        ambient_class(p);
    else if (js_word(p, W_INTERFACE))
        interface(p);
    else if (js_word(p, W_TYPE))
        alias(p);
    else if (js_is(p, T_ENUM) || js_word(p, W_NAMESPACE) || js_word(p, W_MODULE) || js_word(p, W_GLOBAL))
        ambient_block(p);
    else if (js_is(p, T_IMPORT))
        ambient_import(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

/* Does what stands behind `declare` (t) make it a declaration? */
static bool declares(const js_tok *t)
{
    static const uint32_t words[] = {W_LET,     W_USING,     W_INTERFACE, W_TYPE,    W_NAMESPACE,
                                     W_MODULE,  W_GLOBAL,    W_ABSTRACT,  W_ASYNC,   W_PUBLIC,
                                     W_PRIVATE, W_PROTECTED, W_READONLY,  W_ACCESSOR};
    if (t->nl) return false;
    if (t->t == T_VAR || t->t == T_CONST || t->t == T_FUNCTION || t->t == T_CLASS || t->t == T_ENUM ||
        t->t == T_IMPORT)
        return true;
    for (size_t i = 0; t->t == T_NAME && i < TW_COUNT(words); i++)
        if (t->id == words[i]) return true;
    return false;
}

/* --- enums: frame F_TS_C holds keys and values; w: the name, y: the offset of `export`, x: 1 + the next
 * number, 0 where it is not known --------------------------------------------------------------- */
static void number(js *p, uint32_t *x, uint32_t off)
{
    uint32_t v = 0;
    if (*x) {
        char text[16];
        int n = snprintf(text, sizeof text, "%u", *x - 1);
        v = js_emit(p, TW_OP_CONST, TW_CONST_INT, 0, js_intern(p, (const uint8_t *)text, (uint32_t)n), 0, 0,
                    off, off);
        ++*x;
    }
    TW_PUSH(p->tmp, p->items, (tw_arg){v, 0});
}

static void enum_done(js *p)
{
    js_frame f = *js_top(p);
    uint32_t args = js_args(p, p->items.v + f.items, p->items.n - f.items), end = p->tok.end;
    p->items.n = f.items;
    uint32_t v = js_emit(p, TW_OP_MAP, 0, 0, 0, 0, args, f.off, end);
    js_declare_lexical(p, f.w);
    js_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, 0, f.w, v, 0, f.off, end);
    if (f.y != UINT32_MAX) js_exports(p, 0, f.w, v, 0, f.y, end);
    js_pop(p);
    js_next(p);
    js_stmt_done(p);
}

/* A key as a constant; 0: it is none. */
static uint32_t enum_key(js *p)
{
    bool computed = js_accept(p, T_LSQB);
    uint32_t s = 0, off = p->tok.off;
    if (js_is(p, T_STRING))
        s = js_string_id(p, &p->tok);
    else if (plain_name(&p->tok) || js_keyword(&p->tok))
        s = p->tok.id;
    else if (js_is(p, T_INT) || js_is(p, T_FLOAT))
        s = js_intern(p, p->s + off, p->tok.end - off);
    else if (js_is(p, T_TEMPLATE)) {
        const uint8_t *close = memchr(p->s + p->pos, '`', p->n - p->pos);
        if (!close) return 0;
        s = js_intern(p, p->s + p->pos, (uint32_t)(close - p->s) - p->pos);
        p->pos = p->tok.end = (uint32_t)(close - p->s) + 1;
    }
    if (!s) return 0;
    uint32_t v = js_emit(p, TW_OP_CONST, TW_CONST_STR, 0, s, 0, 0, off, p->tok.end);
    js_next(p);
    return computed && !js_expect(p, T_RSQB) ? 0 : v;
}

static void enum_members(js *p)
{
    for (;;) {
        js_frame *f = js_top(p);
        if (js_accept(p, T_COMMA)) continue;
        if (js_is(p, T_RBRACE)) {
            enum_done(p);
            return;
        }
        uint32_t off = p->tok.off, key = enum_key(p);
        if (!key) {
            js_fail(p, TW_GAP_SYNTAX);
            return;
        }
        TW_PUSH(p->tmp, p->items, (tw_arg){key, 0});
        if (js_accept(p, T_ASSIGN)) {
            js_structural(p, F_TS_A, off);
            return;
        }
        number(p, &f->x, off);
    }
}

void js_ts_enum_end(js *p)
{
    js_pop(p);
    js_frame *f = js_top(p);
    tw_insn *x = &p->ir->insns.v[p->v];
    uint64_t k;
    bool known = x->op == TW_OP_CONST && x->kind == TW_CONST_INT && tw_str_u64(tw_ir_text(p->ir, x->a), &k) &&
                 k < 1u << 30;
    f->x = known ? (uint32_t)k + 2 : 0;
    TW_PUSH(p->tmp, p->items, (tw_arg){p->v, 0});
    if (js_is(p, T_COMMA) || js_is(p, T_RBRACE))
        enum_members(p);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void enumeration(js *p, uint32_t exported)
{
    uint32_t off = p->tok.off;
    js_accept(p, T_CONST);
    js_next(p);
    js_tok name = p->tok;
    js_next(p);
    if (name.t != T_NAME || !js_is(p, T_LBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_frame *f = js_structural(p, F_TS_C, off);
    f->w = name.id;
    f->y = exported;
    f->x = 1;
    js_next(p);
    enum_members(p);
}

/* namespace A.B.C { }, also module "m" { } and global { } that are not declared: their bodies are code. What
 * is declared there stays in the scope around. */
static void namespace(js *p, uint32_t exported)
{
    uint32_t off = p->tok.off, name = 0;
    bool global = js_word(p, W_GLOBAL);
    if (!global) js_next(p);
    if (js_is(p, T_NAME) && !global) name = p->tok.id;
    js_next(p);
    while (js_accept(p, T_DOT)) js_next(p);
    if (!js_is(p, T_LBRACE)) {
        if (name)
            js_fail(p, TW_GAP_SYNTAX);
        else
            js_semicolon(p);
        return;
    }
    uint32_t enter = js_emit(p, TW_OP_ENTER, TW_REGION_WITH, 0, 0, 0, 0, off, p->tok.off);
    js_block(p, F_NAMESPACE, enter);
    js_frame *f = js_top(p);
    f->v = name, f->y = exported, f->off = off;
    p->namespaces++;
}

void js_ts_namespace_end(js *p, const js_frame *f, uint32_t end)
{
    if (!f->v) return;
    js_emit(p, TW_OP_BIND, TW_BIND_DEF, 0, f->v, 0, 0, f->off, end);
    js_declare(p, f->v);
    if (f->y != UINT32_MAX) js_exports(p, 0, f->v, 0, 0, f->y, end);
}

static bool behind_default(const js *p)
{
    return p->prev_end > 7 && !memcmp(p->s + p->prev_end - 7, "default", 7);
}

bool js_ts_statement(js *p, uint32_t exported)
{
    uint8_t how;
    if (js_is(p, T_ENUM) || js_is(p, T_CONST)) {
        enumeration(p, exported);
        return true;
    }
    js_tok n = js_peek(p);
    switch (p->tok.escaped ? 0 : p->tok.id) {
    case W_INTERFACE:
        if (!on_line(&n)) return false;
        interface(p);
        return true;
    case W_TYPE:
        if (!on_line(&n)) return false;
        alias(p);
        return true;
    case W_NAMESPACE:
    case W_MODULE:
        if (!on_line(&n) && (n.t != T_STRING || n.nl)) return false;
        namespace(p, exported);
        return true;
    case W_GLOBAL:
        if (n.t != T_LBRACE) return false;
        namespace(p, exported);
        return true;
    case W_DECLARE:
        if (!declares(&n)) return false;
        js_next(p);
        ambient(p);
        return true;
    case W_ABSTRACT:
        if (n.t != T_CLASS || n.nl) return false;
        how = exported == UINT32_MAX ? HOW_DECL : behind_default(p) ? HOW_DEFAULT : HOW_EXPORT;
        js_next(p);
        js_class_start(p, p->tok.off, how);
        return true;
    default: return false;
    }
}

/* --- modules ----------------------------------------------------------------------------------- */
static uint32_t entity(js *p)
{
    uint32_t off = p->tok.off;
    if (!plain_name(&p->tok)) return 0;
    uint32_t v = js_emit(p, TW_OP_READ, 0, 0, p->tok.id, 0, 0, off, p->tok.end);
    js_next(p);
    while (js_accept(p, T_DOT)) {
        if (!plain_name(&p->tok) && !js_keyword(&p->tok)) return 0;
        v = js_emit(p, TW_OP_MEMBER, 0, 0, v, p->tok.id, 0, off, p->tok.end);
        js_next(p);
    }
    return v;
}

void js_ts_import_equals(js *p, const js_tok *name, uint32_t off, bool exported)
{
    uint32_t v = 0;
    uint8_t how = TW_BIND_ASSIGN;
    js_next(p);
    if (js_word(p, W_REQUIRE) && js_peek(p).t == T_LPAR) {
        js_next(p);
        js_next(p);
        if (js_is(p, T_STRING))
            v = js_emit(p, TW_OP_IMPORT, 0, 0, js_string_id(p, &p->tok), 0, 0, off, p->tok.end);
        how = TW_BIND_IMPORT;
        js_next(p);
        js_expect(p, T_RPAR);
    } else {
        v = entity(p);
    }
    if (!v) js_fail(p, TW_GAP_SYNTAX);
    if (p->err) return;
    js_declare_lexical(p, name->id);
    js_emit(p, TW_OP_BIND, how, 0, name->id, v, 0, name->off, name->end);
    if (exported) js_exports(p, 0, name->id, v, 0, off, p->prev_end);
    js_semicolon(p);
}

void js_ts_export_equals(js *p, uint32_t off)
{
    js_structural(p, F_TS_B, off);
    js_next(p);
}

void js_ts_export_equals_end(js *p)
{
    uint32_t off = js_top(p)->off;
    js_pop(p);
    js_exports(p, 0, W_EXPORT_EQUALS, p->v, 0, off, p->vend);
    js_semicolon(p);
}

/* --- classes ----------------------------------------------------------------------------------- */
bool js_ts_index_signature(js *p)
{
    if (!js_ts_is_index_signature(p)) return false;
    pass(p);
    if (!p->err && js_accept(p, T_COLON)) js_ts_type(p, false);
    if (!p->err && !js_accept(p, T_SEMI)) js_accept(p, T_COMMA);
    return true;
}

void js_ts_implements(js *p)
{
    do {
        js_next(p);
        js_ts_heritage(p);
    } while (!p->err && js_is(p, T_COMMA));
}
