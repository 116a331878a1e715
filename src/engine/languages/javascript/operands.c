/* SPDX-License-Identifier: Apache-2.0 */
/* Operands: names, constants, prefix operators, and the keywords that start one. */
#include "engine/languages/javascript/js.h"

static void read_name(js *p, const js_tok *t)
{
    js_have(p, js_emit(p, TW_OP_READ, 0, 0, t->id, 0, 0, t->off, t->end), t->off, t->end);
}

/* Behind `async`: a function, an arrow, or the name. */
static void operand_async(js *p, const js_tok *t)
{
    if (js_is(p, T_FUNCTION) && !p->tok.nl) {
        js_function(p, t->off, true, HOW_EXPR);
        return;
    }
    if (js_is(p, T_NAME) && !p->tok.nl) {
        js_tok name = p->tok, next = js_peek(p);
        if (next.t == T_ARROW) {
            js_next(p);
            js_arrow_name(p, &name, t->off, true);
            return;
        }
    }
    bool generic = p->ts && js_is(p, T_LT) && !p->tok.nl;
    if (generic) {
        js_saved s = js_save(p);
        js_ts_type_params(p);
        generic = !p->err && js_is(p, T_LPAR);
        if (!generic) p->err = false, js_restore(p, &s);
    }
    read_name(p, t);
    if (js_is(p, T_LPAR) && (generic || !p->tok.nl)) {
        uint32_t open = p->tok.off;
        js_call(p, 0);
        js_top(p)->flags |= FF_ASYNC;
        js_top(p)->w = open;
    }
}

/* Inside the parameters of an async arrow function, which read as a call so far. */
static bool async_brackets(js *p)
{
    for (uint32_t i = p->frames.n, k = 0; i-- > 0 && k < 64; k++) {
        const js_frame *f = &p->frames.v[i];
        if (f->kind <= F_FINALLY || f->kind == F_ARROW || f->kind == F_PARAMS) return false;
        if (f->kind == F_CALL && f->flags & FF_ASYNC) return js_ts_arrow_ahead(p, f->w);
    }
    return false;
}

/* `await` is an operator in async functions, outside of functions, and wherever an operand follows. */
static bool awaits(js *p)
{
    static const bool operand[T_MAX] = {
        [T_NAME] = 1,  [T_INT] = 1,    [T_FLOAT] = 1,  [T_STRING] = 1, [T_NEW] = 1,    [T_FUNCTION] = 1,
        [T_THIS] = 1,  [T_NULL] = 1,   [T_TRUE] = 1,   [T_FALSE] = 1,  [T_IMPORT] = 1, [T_BANG] = 1,
        [T_CLASS] = 1, [T_LBRACE] = 1, [T_TYPEOF] = 1, [T_VOID] = 1,   [T_DELETE] = 1, [T_SUPER] = 1};
    static const bool maybe[T_MAX] = {
        [T_LPAR] = 1, [T_LSQB] = 1, [T_TEMPLATE] = 1, [T_PLUS] = 1, [T_MINUS] = 1, [T_INC] = 1, [T_DEC] = 1};
    if (js_top(p)->kind == F_NEW) return false;
    if (!js_operand_of[p->tok.t]) return false;
    if (p->fn.async) return true;
    if (p->ts) /* as its compiler: in modules, or where a name could not go on */
        return (operand[p->tok.t] && !p->tok.nl) || (p->tok.t == T_NAME && !p->tok.nl) ||
               (!p->fn.scope && js_ts_is_module(p)) || async_brackets(p);
    if (js_word(p, W_OF) || js_word(p, W_AS) || js_word(p, W_SATISFIES)) return false;
    if (operand[p->tok.t]) return !p->tok.nl || !p->fn.scope;
    if (js_is(p, T_LPAR) && js_peek(p).t == T_RPAR) return false; /* a call of what is called so */
    return maybe[p->tok.t] && !p->fn.scope;
}

static void operand_await(js *p, const js_tok *t)
{
    if (!awaits(p)) {
        read_name(p, t);
        return;
    }
    js_push(p, (js_frame){.kind = F_AWAIT, .prec = P_UNARY, .off = t->off});
    p->state = JS_OPERAND;
}

static void operand_yield(js *p, const js_tok *t)
{
    static const bool ends[T_MAX] = {[T_EOF] = 1,   [T_RPAR] = 1,  [T_RSQB] = 1, [T_RBRACE] = 1,
                                     [T_COMMA] = 1, [T_COLON] = 1, [T_SEMI] = 1, [T_IN] = 1};
    if (!p->fn.generator) {
        read_name(p, t);
        return;
    }
    if (js_top(p)->prec > P_TERN) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (p->tok.nl || ends[p->tok.t] || (p->no_in && js_word(p, W_OF))) {
        js_have(p, js_emit(p, TW_OP_YIELD, 0, 0, 0, 0, 0, t->off, t->end), t->off, t->end);
        if (!js_is(p, T_COMMA)) js_operator_end(p); /* nothing but a comma continues it */
        return;
    }
    bool star = js_accept(p, T_STAR);
    js_push(p, (js_frame){.kind = F_YIELD, .prec = P_ASSIGN, .op = star, .off = t->off});
    p->state = JS_OPERAND;
}

/* TypeScript reads (public a) => b, and leaves it to the checker to refuse it. */
static bool parameter_word(js *p, const js_tok *t)
{
    js_frame *f = js_top(p);
    if (t->id - W_DECLARE > W_ACCESSOR - W_DECLARE || t->escaped || !js_is(p, T_NAME)) return false;
    return !js_word(p, W_AS) && !js_word(p, W_SATISFIES) &&
           (f->kind == F_PAREN || (f->kind == F_CALL && f->flags & FF_ASYNC));
}

static void operand_name(js *p)
{
    js_tok t = p->tok;
    js_next(p);
    while (p->ts && parameter_word(p, &t)) {
        t = p->tok;
        js_next(p);
    }
    if (js_is(p, T_ARROW) && !p->tok.nl) {
        js_arrow_name(p, &t, t.off, false);
        return;
    }
    if (js_contextual(t.id) && !t.escaped) {
        if (t.id == W_ASYNC) {
            operand_async(p, &t);
            return;
        }
        if (t.id == W_AWAIT) {
            operand_await(p, &t);
            return;
        }
        if (t.id == W_YIELD) {
            operand_yield(p, &t);
            return;
        }
    }
    read_name(p, &t);
}

uint32_t js_const(js *p, const js_tok *t)
{
    static const uint8_t kinds[T_MAX] = {
        [T_INT] = TW_CONST_INT,     [T_FLOAT] = TW_CONST_FLOAT, [T_TRUE] = TW_CONST_TRUE,
        [T_FALSE] = TW_CONST_FALSE, [T_NULL] = TW_CONST_NULL,   [T_STRING] = TW_CONST_STR};
    uint32_t s = t->id;
    if (t->t == T_STRING)
        s = js_string_id(p, t);
    else if (t->t == T_INT || t->t == T_FLOAT)
        s = js_intern(p, p->s + t->off, t->end - t->off);
    return js_emit(p, TW_OP_CONST, kinds[t->t], 0, s, 0, 0, t->off, t->end);
}

static void operand_const(js *p)
{
    js_tok t = p->tok;
    js_have(p, js_const(p, &t), t.off, t.end);
    js_next(p);
}

static void operand_regex(js *p)
{
    uint32_t off = p->tok.off, id;
    if (!js_regex(p, &id)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_have(p, js_emit(p, TW_OP_CONST, TW_CONST_REGEX, 0, id, 0, 0, off, p->prev_end), off, p->prev_end);
}

static void operand_this(js *p)
{
    js_tok t = p->tok;
    js_next(p);
    read_name(p, &t);
}

/* #x in o */
static void operand_private(js *p)
{
    js_tok t = p->tok;
    js_next(p);
    js_have(p, js_emit(p, TW_OP_READ, 0, 0, t.id, 0, 0, t.off, t.end), t.off, t.end);
}

static void operand_unary(js *p)
{
    js_push(p, (js_frame){.kind = F_UNARY, .prec = P_UNARY, .op = p->tok.t, .off = p->tok.off});
    js_next(p);
}

/* new.target, import.meta, import.source(...), import.defer(...): READ of both words. */
static bool meta(js *p, const js_tok *t)
{
    static const struct {
        uint8_t first;
        uint16_t word, name;
    } rows[] = {{T_NEW, W_TARGET, W_NEW_TARGET}, {T_IMPORT, W_META, W_IMPORT_META}};
    if (!js_is(p, T_DOT)) return false;
    js_next(p);
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        if (t->t != rows[i].first || p->tok.id != rows[i].word || !js_is(p, T_NAME)) continue;
        js_have(p, js_emit(p, TW_OP_READ, 0, 0, rows[i].name, 0, 0, t->off, p->tok.end), t->off, p->tok.end);
        if (t->t == T_IMPORT) p->module = true;
        js_next(p);
        return true;
    }
    if (t->t == T_IMPORT && (js_word(p, W_SOURCE) || js_word(p, W_DEFER))) {
        js_next(p);
        read_name(p, t);
        return true;
    }
    js_fail(p, TW_GAP_SYNTAX);
    return true;
}

static void operand_new(js *p)
{
    js_tok t = p->tok;
    js_next(p);
    if (meta(p, &t)) return;
    js_push(p, (js_frame){.kind = F_NEW, .prec = P_NEW, .off = t.off});
}

static void operand_import(js *p)
{
    js_tok t = p->tok;
    js_next(p);
    if (meta(p, &t)) return;
    if (js_is(p, T_LPAR))
        read_name(p, &t);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void operand_function(js *p)
{
    js_function(p, p->tok.off, false, HOW_EXPR);
}

static void operand_class(js *p)
{
    js_class_start(p, p->tok.off, HOW_EXPR);
}

static void operand_dots(js *p)
{
    js_frame *f = js_top(p);
    if (f->kw || (f->kind != F_ARRAY && f->kind != F_CALL && f->kind != F_PAREN)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    f->kw = TW_ARG_SPREAD;
    js_next(p);
}

static void operand_lt(js *p)
{
    if (p->jsx)
        js_jsx_start(p);
    else
        js_ts_angle(p);
}

void (*const js_operand_of[T_MAX])(js *) = {
    [T_NAME] = operand_name,
    [T_INT] = operand_const,
    [T_FLOAT] = operand_const,
    [T_TRUE] = operand_const,
    [T_FALSE] = operand_const,
    [T_NULL] = operand_const,
    [T_STRING] = operand_const,
    [T_TEMPLATE] = js_operand_template,
    [T_LPAR] = js_operand_lpar,
    [T_LSQB] = js_operand_lsqb,
    [T_LBRACE] = js_operand_lbrace,
    [T_SLASH] = operand_regex,
    [T_SLASH_ASSIGN] = operand_regex,
    [T_THIS] = operand_this,
    [T_SUPER] = operand_this,
    [T_PRIVATE] = operand_private,
    [T_MINUS] = operand_unary,
    [T_PLUS] = operand_unary,
    [T_TILDE] = operand_unary,
    [T_BANG] = operand_unary,
    [T_TYPEOF] = operand_unary,
    [T_VOID] = operand_unary,
    [T_DELETE] = operand_unary,
    [T_INC] = operand_unary,
    [T_DEC] = operand_unary,
    [T_NEW] = operand_new,
    [T_IMPORT] = operand_import,
    [T_FUNCTION] = operand_function,
    [T_CLASS] = operand_class,
    [T_DOTS] = operand_dots,
    [T_LT] = operand_lt,
    [T_SHL] = operand_lt,
    [T_AT] = js_decorator,
};
