/* SPDX-License-Identifier: Apache-2.0 */
/* import and export. */
#include "engine/languages/javascript/js.h"

/* A name of a list, a keyword or a string among them. */
static bool spec_name(js *p, uint32_t *ret)
{
    if (js_is(p, T_STRING))
        *ret = js_string_id(p, &p->tok);
    else if (js_is(p, T_NAME) || js_keyword(&p->tok))
        *ret = p->tok.id;
    else
        return false;
    js_next(p);
    return true;
}

static bool ends_spec(const js_tok *t)
{
    return t->t == T_COMMA || t->t == T_RBRACE;
}

/* Is the `type` at hand a modifier? {type as} and {type as as as} have one, {type as as} and {type as a}
 * rename what is called so. */
static bool type_modifier(js *p)
{
    js_tok next = js_peek(p);
    if (next.t != T_NAME || next.id != W_AS) return !ends_spec(&next);
    js_saved s = js_save(p);
    js_next(p);
    js_next(p);
    bool modifier = ends_spec(&p->tok);
    if (js_word(p, W_AS)) {
        next = js_peek(p);
        modifier = !ends_spec(&next);
    }
    js_restore(p, &s);
    return modifier;
}

/* {a, b as c, type d, "e" as f}: p->tok is `{`. */
static bool spec_list(js *p, bool type_only)
{
    js_next(p);
    while (!js_is(p, T_RBRACE)) {
        js_spec s = {.off = p->tok.off, .type_only = type_only};
        if (js_word(p, W_TYPE) && type_modifier(p)) s.type_only = 1, js_next(p);
        if (!spec_name(p, &s.name)) return false;
        s.local = s.name;
        if (js_word(p, W_AS)) {
            js_next(p);
            if (!spec_name(p, &s.local)) return false;
        }
        s.end = p->prev_end;
        TW_PUSH(p->tmp, p->specs, s);
        if (!js_accept(p, T_COMMA)) break;
    }
    return js_accept(p, T_RBRACE);
}

/* with {type: "json"} */
static void attributes(js *p)
{
    if (!js_is(p, T_WITH) && !(js_word(p, W_ASSERT) && !p->tok.nl)) return;
    js_next(p);
    if (p->ts && js_is(p, T_LBRACE)) { /* any expression is a value there, says its parser */
        uint32_t close = js_ts_close(p, p->tok.off);
        if (close == UINT32_MAX)
            js_fail(p, TW_GAP_SYNTAX);
        else
            js_ts_resume(p, close + 1);
        return;
    }
    if (!js_expect(p, T_LBRACE)) return;
    while (!js_is(p, T_RBRACE) && !js_is(p, T_EOF)) js_next(p);
    js_expect(p, T_RBRACE);
}

static bool module_name(js *p, uint32_t *ret)
{
    if (!js_is(p, T_STRING)) {
        js_fail(p, TW_GAP_SYNTAX);
        return false;
    }
    *ret = js_string_id(p, &p->tok);
    js_next(p);
    attributes(p);
    return !p->err;
}

static void emit_imports(js *p, uint32_t module, uint32_t off, uint32_t end)
{
    for (uint32_t i = 0; i < p->specs.n; i++) {
        js_spec s = p->specs.v[i];
        uint32_t v =
            js_emit(p, TW_OP_IMPORT, 0, s.type_only ? TW_IF_TYPE_ONLY : 0, module, s.name, 0, off, end);
        js_emit(p, TW_OP_BIND, TW_BIND_IMPORT, 0, s.local, v, 0, s.off, s.end);
        js_declare(p, s.local);
    }
}

/* type, defer and source before the names. */
static bool phase(js *p)
{
    bool type = js_word(p, W_TYPE);
    if (!type && !js_word(p, W_DEFER) && !js_word(p, W_SOURCE)) return false;
    js_tok next = js_peek(p);
    if (next.t != T_LBRACE && next.t != T_STAR && (next.t != T_NAME || next.id == W_FROM)) return false;
    js_next(p);
    return type;
}

/* What stands between `import` and `from`. False: an error. */
static bool clause(js *p, bool type_only)
{
    if (js_is(p, T_NAME)) {
        js_tok t = p->tok;
        js_spec s = {.name = JS_KEYWORD_ID(DEFAULT),
                     .local = t.id,
                     .off = t.off,
                     .end = t.end,
                     .type_only = type_only};
        TW_PUSH(p->tmp, p->specs, s);
        js_next(p);
        if (!js_accept(p, T_COMMA)) return true;
    }
    if (js_is(p, T_LBRACE)) return spec_list(p, type_only);
    js_spec s = {.off = p->tok.off, .type_only = type_only};
    if (!js_accept(p, T_STAR) || !js_word(p, W_AS)) return false;
    js_next(p);
    if (!js_is(p, T_NAME)) return false;
    s.local = p->tok.id, s.end = p->tok.end;
    TW_PUSH(p->tmp, p->specs, s);
    js_next(p);
    return true;
}

/* p->tok is `import`. */
void js_import(js *p, uint32_t off, bool exported)
{
    uint32_t module;
    p->specs.n = 0;
    js_next(p);
    if (js_is(p, T_STRING)) {
        if (!module_name(p, &module)) return;
        js_emit(p, TW_OP_IMPORT, 0, 0, module, 0, 0, off, p->prev_end);
        p->module = true;
        js_semicolon(p);
        return;
    }
    bool type_only = phase(p);
    js_tok name = p->tok;
    if (!clause(p, type_only)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (p->ts && js_is(p, T_ASSIGN) && name.t == T_NAME) {
        js_ts_import_equals(p, &name, off, exported);
        return;
    }
    if (!js_word(p, W_FROM)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_next(p);
    if (!module_name(p, &module)) return;
    p->module = true;
    if (p->specs.n)
        emit_imports(p, module, off, p->prev_end);
    else
        js_emit(p, TW_OP_IMPORT, 0, type_only ? TW_IF_TYPE_ONLY : 0, module, 0, 0, off, p->prev_end);
    js_semicolon(p);
}

/* export * from "m", export * as n from "m" */
static void export_all(js *p, uint32_t off, bool type_only)
{
    uint32_t name = 0, module;
    js_next(p);
    if (js_word(p, W_AS)) {
        js_next(p);
        if (!spec_name(p, &name)) {
            js_fail(p, TW_GAP_SYNTAX);
            return;
        }
    }
    if (!js_word(p, W_FROM)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_next(p);
    if (!module_name(p, &module)) return;
    uint16_t flags = (uint16_t)((name ? 0 : TW_IF_STAR) | (type_only ? TW_IF_TYPE_ONLY : 0));
    uint32_t v = js_emit(p, TW_OP_IMPORT, 0, flags, module, 0, 0, off, p->prev_end);
    js_exports(p, 0, name, name ? v : 0, module, off, p->prev_end);
    js_semicolon(p);
}

static void export_list(js *p, uint32_t off, bool type_only)
{
    uint32_t module = 0;
    p->specs.n = 0;
    if (!spec_list(p, type_only)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (js_word(p, W_FROM)) {
        js_next(p);
        if (!module_name(p, &module)) return;
        if (!p->specs.n)
            js_emit(p, TW_OP_IMPORT, 0, type_only ? TW_IF_TYPE_ONLY : 0, module, 0, 0, off, p->prev_end);
    }
    for (uint32_t i = 0; i < p->specs.n; i++) {
        js_spec s = p->specs.v[i];
        uint32_t v;
        if (module)
            v = js_emit(p, TW_OP_IMPORT, 0, s.type_only ? TW_IF_TYPE_ONLY : 0, module, s.name, 0, off,
                        p->prev_end);
        else if (s.type_only)
            continue;
        else
            v = js_emit(p, TW_OP_READ, 0, 0, s.name, 0, 0, s.off, s.end);
        js_exports(p, s.type_only ? TW_IF_TYPE_ONLY : 0, s.local, v, module, s.off, s.end);
    }
    js_semicolon(p);
}

static bool async_function(js *p)
{
    if (!js_word(p, W_ASYNC)) return false;
    js_tok next = js_peek(p);
    return next.t == T_FUNCTION && !next.nl;
}

static void export_default(js *p, uint32_t off)
{
    uint32_t at = p->tok.off;
    bool async = async_function(p);
    if (async) js_next(p);
    if (js_is(p, T_FUNCTION)) {
        js_function(p, at, async, HOW_DEFAULT);
    } else if (js_is(p, T_CLASS)) {
        js_class_start(p, at, HOW_DEFAULT);
    } else if (p->ts && (js_word(p, W_ABSTRACT) || js_word(p, W_INTERFACE)) && js_ts_statement(p, off)) {
        return;
    } else if (!p->err) {
        js_structural(p, F_EXPORT_VALUE, off);
    }
}

void js_end_export(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    js_exports(p, 0, JS_KEYWORD_ID(DEFAULT), p->v, 0, f.off, p->vend);
    js_semicolon(p);
}

static void export_declaration(js *p, uint32_t off)
{
    uint32_t at = p->tok.off;
    bool async = async_function(p);
    if (async) js_next(p);
    if (js_is(p, T_FUNCTION))
        js_function(p, at, async, HOW_EXPORT);
    else if (js_is(p, T_CLASS))
        js_class_start(p, at, HOW_EXPORT);
    else if (p->ts && js_is(p, T_IMPORT))
        js_import(p, at, true);
    else if (p->ts &&
             (js_is(p, T_ENUM) || js_is(p, T_NAME) || (js_is(p, T_CONST) && js_peek(p).t == T_ENUM)) &&
             !js_word(p, W_LET) && js_ts_statement(p, off))
        return;
    else if (p->err)
        return;
    else if (js_is(p, T_VAR) || js_is(p, T_CONST) || js_word(p, W_LET) || js_word(p, W_USING))
        js_declaration(p, at, 2);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

/* export @d class: the class behind the decorators is exported. */
static void decorated(js *p, uint8_t how)
{
    p->export_how = how;
    p->export_frames = p->frames.n;
    p->state = JS_STATEMENT;
    js_decorator(p);
}

/* p->tok is `export`. */
void js_export(js *p)
{
    uint32_t off = p->tok.off;
    p->module = true;
    js_next(p);
    bool type_only = false;
    if (js_word(p, W_TYPE)) {
        uint8_t t = js_peek(p).t;
        type_only = t == T_LBRACE || t == T_STAR;
        if (type_only) js_next(p);
    }
    if (js_is(p, T_STAR)) {
        export_all(p, off, type_only);
    } else if (js_is(p, T_LBRACE)) {
        export_list(p, off, type_only);
    } else if (js_accept(p, T_DEFAULT)) {
        if (js_is(p, T_AT))
            decorated(p, HOW_DEFAULT);
        else
            export_default(p, off);
    } else if (js_is(p, T_AT)) {
        decorated(p, HOW_EXPORT);
    } else if (p->ts && js_is(p, T_ASSIGN)) {
        js_ts_export_equals(p, off);
    } else if (p->ts && js_word(p, W_AS)) { /* export as namespace N; */
        js_next(p);
        js_next(p);
        js_next(p);
        js_semicolon(p);
    } else {
        export_declaration(p, off);
    }
}
