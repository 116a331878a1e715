/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: what is open is closed up to the innermost block, calls are kept with the arguments read so
 * far; tokens are skipped to where a statement can start. */
#include "engine/languages/javascript/js.h"

enum { COLUMN_MAX = 256, IN_TEMPLATE = '`' };

static bool holds_statements(uint8_t kind)
{
    return kind >= F_MODULE && kind <= F_TS_BLOCK;
}

/* What a skipped construct ends with; 0: nothing of its own. */
static const uint8_t opens[F_MAX] = {[F_PAREN] = '(',
                                     [F_CALL] = '(',
                                     [F_PARAMS] = '(',
                                     [F_IF] = '(',
                                     [F_WHILE] = '(',
                                     [F_DO_COND] = '(',
                                     [F_WITH_OBJ] = '(',
                                     [F_SWITCH] = '(',
                                     [F_FOR_INIT] = 'f',
                                     [F_FOR_OF] = '(',
                                     [F_FOR_TEST] = 'f',
                                     [F_FOR_UPDATE] = '(',
                                     [F_ARRAY] = '[',
                                     [F_INDEX] = '[',
                                     [F_COMPUTED] = '[',
                                     [F_OBJECT] = '{',
                                     [F_TEMPLATE] = IN_TEMPLATE,
                                     [F_TS_C] = '{',
                                     [F_JSX_A] = '{',
                                     [F_JSX_B] = '{'};

static void close_region(js *p, const js_frame *f)
{
    uint32_t end = p->prev_end > f->off ? p->prev_end : f->off;
    p->namespaces -= f->kind == F_NAMESPACE;
    if (f->kind == F_CASE && f->kw) js_leave(p, f->kw, end);
    if (f->kind == F_BODY || f->kind == F_CLASS || f->kind == F_ARROW) {
        js_scope_leave(p, f->x, f->y, end);
        p->ir->insns.v[f->v].len = end - f->off;
    } else if (f->x) {
        js_leave(p, f->x, end);
    }
}

static void drop_operator(js *p, const js_frame *f)
{
    if (p->state == JS_OPERATOR) {
        js_apply(p, f);
        return;
    }
    if (f->kind == F_ARROW) close_region(p, f);
    if (f->kind == F_BIN) p->items.n = f->items;
}

static void drop(js *p)
{
    js_frame f = *js_top(p);
    bool have = p->state == JS_OPERATOR;
    uint32_t end = p->prev_end > f.off ? p->prev_end : f.off;
    if (f.prec) {
        p->frames.n--;
        drop_operator(p, &f);
        return;
    }
    if (f.kind == F_CALL) {
        if (have) js_item(p, &f);
        js_pop(p);
        js_call_done(p, &f, end);
    } else {
        if (holds_statements(f.kind) || (f.kind >= F_THEN && f.kind <= F_FINALLY) || f.kind == F_FOR_UPDATE)
            close_region(p, &f);
        if (f.kind == F_PARAMS) p->params.n = f.x, js_params_left(p, &f);
        if (f.kind == F_FIELD) js_params_left(p, &f);
        if (f.kind == F_DECORATOR) p->deco_base = f.x;
        js_pop(p);
        if (p->items.n > f.items) p->items.n = f.items;
        if (f.kind == F_EXTENDS) p->deco_base = f.x;
        p->state = JS_STATEMENT;
    }
    if (opens[f.kind]) TW_PUSH(p->tmp, p->skips, opens[f.kind]);
}

/* Column of `at` in its line, COLUMN_MAX where that is far. */
static uint32_t column(const js *p, uint32_t at)
{
    uint32_t n = 0;
    while (n < COLUMN_MAX && at > n && !(js_class[p->s[at - 1 - n]] & C_EOL)) n++;
    return n;
}

/* Behind the text of a template from `i`; true: a hole opens there. */
static bool skip_text(js *p, uint32_t i)
{
    while (i < p->n && p->s[i] != '`' && !(p->s[i] == '$' && p->s[i + 1] == '{'))
        i += p->s[i] == '\\' ? 2 : 1;
    if (i >= p->n) {
        p->no_template = true;
        return false;
    }
    bool hole = p->s[i] == '$';
    p->pos = p->tok.end = i + 1 + hole;
    return hole;
}

static bool skips_hold(const js *p, uint8_t a, uint8_t b)
{
    for (uint32_t i = p->skips.n; i-- > 0 && p->skips.n - i < 64;)
        if (p->skips.v[i] == a || p->skips.v[i] == b) return true;
    return false;
}

static void skip_template(js *p)
{
    if (!p->no_template && skip_text(p, p->tok.end)) TW_PUSH(p->tmp, p->skips, IN_TEMPLATE);
}

/* A closer. False: it ends the block around. */
static bool skip_closer(js *p)
{
    uint8_t a = js_is(p, T_RPAR)   ? '('
                : js_is(p, T_RSQB) ? '['
                                   : '{',
            b = a == '('   ? 'f'
                : a == '{' ? IN_TEMPLATE
                           : a;
    if (!skips_hold(p, a, b)) {
        if (a == '{') p->skips.n = 0;
        return a != '{' || js_top(p)->kind == F_MODULE;
    }
    while (p->skips.v[p->skips.n - 1] != a && p->skips.v[p->skips.n - 1] != b) p->skips.n--;
    if (p->skips.v[--p->skips.n] == IN_TEMPLATE) skip_template(p);
    return true;
}

static bool ends_operand(uint8_t t)
{
    return t == T_NAME || t == T_PRIVATE || t == T_INT || t == T_FLOAT || t == T_STRING || t == T_TEMPLATE ||
           t == T_RPAR || t == T_RSQB || t == T_RBRACE || t == T_THIS || t == T_SUPER || t == T_NULL ||
           t == T_TRUE || t == T_FALSE;
}

/* p->tok can start a statement here. */
static bool resumes(const js *p, uint8_t before, uint32_t at)
{
    static const bool starts[T_MAX] = {
        [T_VAR] = 1,    [T_CONST] = 1,  [T_IF] = 1,    [T_FOR] = 1,     [T_WHILE] = 1,
        [T_RETURN] = 1, [T_TRY] = 1,    [T_THROW] = 1, [T_SWITCH] = 1,  [T_DO] = 1,
        [T_IMPORT] = 1, [T_EXPORT] = 1, [T_BREAK] = 1, [T_CONTINUE] = 1};
    uint8_t t = p->tok.t;
    if (t == T_LBRACE) /* a body: the code in it is read */
        return before == T_RPAR || before == T_ARROW || before == T_ELSE || before == T_DO ||
               before == T_TRY || before == T_FINALLY || before == T_NAME || before == T_RBRACE;
    if (!p->tok.nl) return false;
    if (starts[t] && !(t == T_IMPORT && before == T_LPAR)) return true;
    if (t != T_NAME && !js_keyword(&p->tok) && t != T_AT) return false;
    return !p->skips.n || column(p, p->tok.off) <= column(p, at);
}

static void skip(js *p, uint32_t at, bool forced)
{
    uint8_t before = T_EOF, error = p->tok.t;
    for (bool first = forced;; first = false) {
        uint8_t t = p->tok.t;
        if (t == T_EOF || (!first && resumes(p, before, at))) return;
        if (t == T_RPAR || t == T_RSQB || t == T_RBRACE) {
            bool stray = !p->skips.n && t == T_RBRACE;
            if (!skip_closer(p) && !first) return;
            if (stray) {
                do js_next(p);
                while (js_is(p, T_RBRACE) && js_top(p)->kind == F_MODULE);
                return;
            }
        } else if (t == T_COLON && !p->skips.n && (error == T_CASE || error == T_DEFAULT)) {
            js_next(p);
            return;
        } else if (t == T_SEMI) {
            uint8_t in = p->skips.n ? p->skips.v[p->skips.n - 1] : 0;
            if (in == '(' || in == '[') p->skips.n = in = 0; /* never closed */
            if (!in) {
                js_next(p);
                return;
            }
        } else if (t == T_LPAR || t == T_LSQB || t == T_LBRACE) {
            TW_PUSH(p->tmp, p->skips, t == T_LPAR ? before == T_FOR ? 'f' : '(' : t == T_LSQB ? '[' : '{');
        } else if (t == T_TEMPLATE) {
            skip_template(p);
        } else if ((t == T_SLASH || t == T_SLASH_ASSIGN) && !ends_operand(before)) {
            uint32_t id;
            if (js_regex(p, &id)) {
                before = T_STRING;
                continue;
            }
        }
        js_stray_token(p);
        before = t;
        js_next(p);
    }
}

static void reverse_skips(js *p)
{
    for (uint32_t i = 0, k = p->skips.n; i + 1 < k; i++) {
        uint8_t t = p->skips.v[i];
        p->skips.v[i] = p->skips.v[--k];
        p->skips.v[k] = t;
    }
}

static void opaque(js *p, uint32_t from)
{
    bool cut = js_is(p, T_EOF) && p->pos < p->n;
    uint32_t to = cut ? p->n : p->tok.off;
    js_emit(p, TW_OP_OPAQUE, cut ? TW_GAP_LIMIT : p->err_why, 0, 0, 0, 0, from, to > from ? to : from);
    p->ir->flags |= cut ? TW_IRF_TRUNCATED : TW_IRF_RECOVERED;
    if (cut) p->pos = p->n;
}

void js_recover(js *p)
{
    uint32_t from = p->tok.off, at = from;
    bool forced = p->last_error == from, eof = js_is(p, T_EOF);
    p->last_error = from;
    p->skips.n = 0;
    while (js_top(p)->kind != F_MODULE && (eof || !holds_statements(js_top(p)->kind))) {
        if (!js_top(p)->prec) at = js_top(p)->off;
        drop(p);
    }
    reverse_skips(p);
    js_stray_start(p);
    skip(p, at, forced);
    js_stray_end(p);
    opaque(p, from);
    p->err = false;
    js_forget(p, js_top(p));
    p->items.n = js_top(p)->items;
    p->no_in = false;
    p->decorators.n = p->deco_base;
    bool in_class = js_top(p)->kind == F_CLASS;
    p->state = in_class ? JS_MEMBER : JS_STATEMENT;
    if (in_class && js_is(p, T_LBRACE)) {
        js_block(p, F_BLOCK, 0);
        js_top(p)->op = 1;
    }
}
