/* SPDX-License-Identifier: Apache-2.0 */
/* Statements: blocks, conditions, try, switch, and what ends them. */
#include "engine/languages/javascript/js.h"

/* cover, mark, w: what js_forget goes back to. */
js_frame *js_open(js *p, uint8_t kind, uint32_t enter, uint32_t off)
{
    js_frame *f = js_structural(p, kind, off);
    f->x = enter, f->from = p->ir->insns.n;
    f->cover = p->covered.n, f->mark = p->covers.n, f->w = p->targets.n;
    p->state = JS_STATEMENT;
    return f;
}

void js_block(js *p, uint8_t kind, uint32_t enter)
{
    js_open(p, kind, enter, p->tok.off);
    js_next(p);
}

static uint32_t enter_region(js *p, uint8_t region, uint32_t cond, uint32_t off)
{
    return js_emit(p, TW_OP_ENTER, region, 0, cond, 0, 0, off, off);
}

/* `{` must follow; its block is what the frame on top waits for. */
static void braces(js *p)
{
    if (js_is(p, T_LBRACE))
        js_block(p, F_BLOCK, 0);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void else_(js *p, js_frame *f)
{
    f->kind = F_ELSE;
    f->x = enter_region(p, TW_REGION_ELSE, f->v, p->tok.off);
    js_next(p);
}

/* try { } is behind us; true: a clause follows. */
static bool clause(js *p, js_frame *f)
{
    uint32_t off = p->tok.off;
    if (f->kind == F_TRY && js_is(p, T_CATCH)) {
        js_catch(p, off);
        return true;
    }
    if (f->kind != F_FINALLY && js_accept(p, T_FINALLY)) {
        f->kind = F_FINALLY;
        f->x = enter_region(p, TW_REGION_FINALLY, 0, off);
        braces(p);
        return true;
    }
    return false;
}

void js_stmt_done(js *p)
{
    p->state = JS_STATEMENT;
    for (;;) {
        js_frame *f = js_top(p);
        switch (f->kind) {
        case F_THEN:
            js_leave(p, f->x, p->prev_end);
            if (js_is(p, T_ELSE)) {
                else_(p, f);
                return;
            }
            break;
        case F_ELSE:
        case F_LOOP:
        case F_WITH: js_leave(p, f->x, p->prev_end); break;
        case F_DO: js_do_cond(p); return;
        case F_TRY:
        case F_CATCH:
        case F_FINALLY:
            if (f->block) js_block_end(p, f);
            js_leave(p, f->x, p->prev_end);
            if (clause(p, f)) return;
            break;
        default:
            if (p->covers.n != f->mark || p->targets.n != f->w) js_forget(p, f);
            return;
        }
        js_pop(p);
    }
}

void js_semicolon(js *p)
{
    if (!js_accept(p, T_SEMI) && !p->tok.nl && !js_is(p, T_RBRACE))
        js_fail(p, TW_GAP_SYNTAX);
    else
        js_stmt_done(p);
}

void js_expression_statement(js *p)
{
    js_structural(p, F_STMT, p->tok.off);
}

void js_end_stmt(js *p)
{
    js_frame f = *js_top(p);
    const tw_insn *x = &p->ir->insns.v[p->v];
    js_pop(p);
    if (x->op == TW_OP_CONST && x->kind == TW_CONST_STR &&
        tw_str_eq(tw_ir_text(p->ir, x->a), TW_S("use strict")))
        p->fn.strict = 1;
    if (js_is(p, T_COLON) && x->op == TW_OP_READ && x->off == f.off && p->v + 1 == p->ir->insns.n) {
        p->ir->insns.n--; /* a label leaves nothing, but a region where it names a block */
        js_next(p);
        TW_PUSH(p->ir->arena, p->ir->labels, ((tw_label){x->a, p->ir->insns.n, 0, p->tok.off}));
        p->state = JS_STATEMENT;
        if (js_is(p, T_LBRACE)) js_block(p, F_BLOCK, enter_region(p, TW_REGION_WITH, 0, p->tok.off));
        return;
    }
    js_semicolon(p);
}

/* The block that began there ends here. */
static void end_label(js *p, uint32_t off)
{
    uint32_t lo = 0, hi = p->ir->labels.n;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (p->ir->labels.v[mid].off < off)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < p->ir->labels.n && p->ir->labels.v[lo].off == off; lo++)
        p->ir->labels.v[lo].end = p->ir->insns.n;
}

void js_close_block(js *p)
{
    js_frame f = *js_top(p);
    uint32_t end = p->tok.end;
    if (f.kind < F_BLOCK || f.kind > F_TS_BLOCK) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (f.kind == F_BLOCK) end_label(p, f.off);
    js_forget(p, &f);
    js_pop(p);
    p->namespaces -= f.kind == F_NAMESPACE;
    if (f.kind == F_CASE && f.kw) js_leave(p, f.kw, p->tok.off);
    if (f.kind == F_BODY || f.kind == F_CLASS)
        js_scope_leave(p, f.x, f.y, end);
    else if (f.x)
        js_leave(p, f.x, end);
    if (f.kind == F_NAMESPACE) js_ts_namespace_end(p, &f, end);
    js_next(p);
    if (f.kind == F_BODY)
        js_body_done(p, &f, end);
    else if (f.kind == F_CLASS)
        js_class_done(p, &f, end);
    else if (f.kind == F_BLOCK && f.op)
        js_member_done(p);
    else
        js_stmt_done(p);
}

static void st_eof(js *p)
{
    if (js_top(p)->kind == F_MODULE)
        p->done = true;
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void st_block(js *p)
{
    js_block(p, F_BLOCK, 0);
}

static void st_empty(js *p)
{
    js_next(p);
    js_stmt_done(p);
}

/* `(` and an expression up to the `)`, behind the keyword. */
void js_cond(js *p, uint8_t kind, uint32_t off)
{
    js_next(p);
    if (!js_is(p, T_LPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_structural(p, kind, off)->y = p->ir->insns.n;
    js_next(p);
}

static bool close_cond(js *p)
{
    if (!js_is(p, T_RPAR)) {
        js_fail(p, TW_GAP_SYNTAX);
        return false;
    }
    js_pop(p);
    js_next(p);
    return true;
}

static void st_if(js *p)
{
    js_cond(p, F_IF, p->tok.off);
}

/* require.main === module */
static uint8_t guard_of(const js *p, uint32_t v)
{
    const tw_ir *ir = p->ir;
    tw_insn x = ir->insns.v[v];
    if (x.op != TW_OP_OP || (x.a != p->op_ids[T_EQ3] && x.a != p->op_ids[T_EQ])) return TW_REGION_THEN;
    tw_insn l = ir->insns.v[ir->args.v[x.c + 1].value], r = ir->insns.v[ir->args.v[x.c + 2].value];
    if (l.op == TW_OP_READ) {
        tw_insn t = l;
        l = r, r = t;
    }
    bool yes = l.op == TW_OP_MEMBER && l.b == W_MAIN && ir->insns.v[l.a].op == TW_OP_READ &&
               ir->insns.v[l.a].a == W_REQUIRE && r.op == TW_OP_READ && r.a == W_MODULE;
    return yes ? TW_REGION_MAIN_GUARD : TW_REGION_THEN;
}

void js_end_if(js *p)
{
    uint32_t off = js_top(p)->off, v = p->v;
    if (!close_cond(p)) return;
    uint32_t enter = enter_region(p, guard_of(p, v), v, off);
    js_open(p, F_THEN, enter, off)->v = v;
}

static void st_with(js *p)
{
    js_cond(p, F_WITH_OBJ, p->tok.off);
}

void js_end_with(js *p)
{
    uint32_t off = js_top(p)->off, v = p->v;
    if (close_cond(p)) js_open(p, F_WITH, enter_region(p, TW_REGION_WITH, v, off), off);
}

static void st_switch(js *p)
{
    js_cond(p, F_SWITCH, p->tok.off);
}

void js_end_switch(js *p)
{
    uint32_t off = js_top(p)->off, v = p->v;
    if (!close_cond(p)) return;
    if (js_is(p, T_LBRACE))
        js_block(p, F_CASE, enter_region(p, TW_REGION_MATCH, v, off));
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void case_open(js *p, uint32_t v, uint32_t off)
{
    if (!js_is(p, T_COLON)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_top(p)->kw = enter_region(p, TW_REGION_CASE, v, off);
    p->state = JS_STATEMENT;
    js_next(p);
}

static void st_case(js *p)
{
    js_frame *f = js_top(p);
    bool is_default = js_is(p, T_DEFAULT);
    uint32_t off = p->tok.off;
    if (f->kind != F_CASE) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (f->kw) js_leave(p, f->kw, off);
    f->kw = 0;
    js_next(p);
    if (is_default)
        case_open(p, 0, off);
    else
        js_structural(p, F_CASE_COND, off);
}

void js_end_case(js *p)
{
    uint32_t off = js_top(p)->off;
    js_pop(p);
    case_open(p, p->v, off);
}

static void st_try(js *p)
{
    uint32_t off = p->tok.off;
    js_next(p);
    js_open(p, F_TRY, enter_region(p, TW_REGION_TRY, 0, off), off);
    braces(p);
}

/* p->tok is `catch`; the frame on top is that of the try. */
void js_catch(js *p, uint32_t off)
{
    js_frame *f = js_top(p);
    f->kind = F_CATCH;
    f->x = enter_region(p, TW_REGION_CATCH, 0, off);
    f->from = p->ir->insns.n;
    js_next(p);
    if (!js_accept(p, T_LPAR)) {
        braces(p);
        return;
    }
    if (js_is(p, T_LBRACE) || js_is(p, T_LSQB)) {
        js_binding(p);
        return;
    }
    js_tok t = p->tok;
    if (!js_is(p, T_NAME)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_emit(p, TW_OP_BIND, TW_BIND_CATCH, 0, t.id, 0, 0, t.off, t.end);
    js_declare_lexical(p, t.id);
    js_next(p);
    js_annotation(p);
    if (js_expect(p, T_RPAR)) braces(p);
}

/* catch ({code}): p->targets from `from` on, a pattern. */
void js_catch_pattern(js *p, uint32_t from, uint32_t off, uint32_t end)
{
    js_emit(p, TW_OP_BIND, TW_BIND_CATCH, 0, 0, 0, 0, off, end);
    uint32_t v = js_emit(p, TW_OP_READ, 0, 0, 0, 0, 0, off, end);
    js_bind_targets(p, from, p->targets.n, v, TW_BIND_ASSIGN, JS_DECLARES | JS_LEXICAL);
    p->state = JS_STATEMENT;
    js_annotation(p);
    if (js_expect(p, T_RPAR)) braces(p);
}

/* return and throw; empty where a line or the block ends. */
static void st_value(js *p)
{
    js_frame *f = js_structural(p, F_VALUE, p->tok.off);
    f->op = p->tok.t;
    f->x = p->tok.end;
    js_next(p);
    if (p->tok.nl || js_is(p, T_SEMI) || js_is(p, T_RBRACE)) js_empty_value(p);
}

static void value_done(js *p, uint32_t v, uint32_t end)
{
    js_frame f = *js_top(p);
    js_pop(p);
    js_emit(p, f.op == T_THROW ? TW_OP_THROW : TW_OP_RETURN, 0, 0, v, 0, 0, f.off, end);
    js_semicolon(p);
}

void js_end_value(js *p)
{
    value_done(p, p->v, p->vend);
}

void js_empty_value(js *p)
{
    if (p->tok.nl || js_is(p, T_SEMI) || js_is(p, T_RBRACE))
        value_done(p, 0, js_top(p)->x);
    else
        js_fail(p, TW_GAP_SYNTAX);
}

static void st_jump(js *p)
{
    js_tok t = p->tok;
    uint32_t label = 0;
    js_next(p);
    if (js_is(p, T_NAME) && !p->tok.nl) {
        label = p->tok.id;
        js_next(p);
    }
    js_emit(p, TW_OP_JUMP, t.t == T_CONTINUE, 0, label, 0, 0, t.off, p->prev_end);
    js_semicolon(p);
}

static void st_debugger(js *p)
{
    js_next(p);
    js_semicolon(p);
}

static void st_function(js *p)
{
    js_function(p, p->tok.off, false, HOW_DECL);
}

static void st_class(js *p)
{
    uint8_t how = p->export_how && p->export_frames == p->frames.n ? p->export_how : HOW_DECL;
    p->export_how = 0;
    js_class_start(p, p->tok.off, how);
}

static void st_declaration(js *p)
{
    if (p->ts && js_is(p, T_CONST) && js_peek(p).t == T_ENUM && js_ts_statement(p, UINT32_MAX)) return;
    if (!p->err) js_declaration(p, p->tok.off, 0);
}

static void st_enum(js *p)
{
    if (!(p->ts && js_ts_statement(p, UINT32_MAX))) js_fail(p, TW_GAP_SYNTAX);
}

static void st_import(js *p)
{
    uint8_t t = js_peek(p).t;
    if (t == T_LPAR || t == T_DOT)
        js_expression_statement(p);
    else
        js_import(p, p->tok.off, false);
}

/* await using x = ... */
static bool await_using(js *p)
{
    js_saved s = js_save(p);
    uint32_t off = p->tok.off;
    js_next(p);
    if (js_word(p, W_USING) && !p->tok.nl) {
        js_tok next = js_peek(p);
        if (next.t == T_NAME && !next.nl) {
            js_declaration(p, off, 0);
            return true;
        }
    }
    js_restore(p, &s);
    return false;
}

static void st_name(js *p)
{
    uint32_t id = p->tok.id, off = p->tok.off;
    if (id < W_ASYNC || id > W_ABSTRACT || p->tok.escaped) {
        js_expression_statement(p);
        return;
    }
    if (id == W_AWAIT) {
        if (await_using(p)) return;
    } else if (id <= W_USING && id != W_YIELD) {
        js_tok next = js_peek(p);
        if (id == W_ASYNC && next.t == T_FUNCTION && !next.nl) {
            js_next(p);
            js_function(p, off, true, HOW_DECL);
            return;
        }
        bool alone =
            js_top(p)->kind >= F_THEN && js_top(p)->kind <= F_WITH; /* no declaration may stand here */
        if (id == W_LET && next.t == T_NAME && next.nl && alone) {
            js_expression_statement(p);
            return;
        }
        if ((id == W_LET && (next.t == T_NAME || next.t == T_LSQB || next.t == T_LBRACE)) ||
            (id == W_USING && next.t == T_NAME && !next.nl)) {
            js_declaration(p, off, 0);
            return;
        }
    } else if (p->ts && js_ts_statement(p, UINT32_MAX)) {
        return;
    }
    if (!p->err) js_expression_statement(p);
}

void (*const js_statement_of[T_MAX])(js *) = {
    [T_EOF] = st_eof,         [T_LBRACE] = st_block,      [T_RBRACE] = js_close_block, [T_SEMI] = st_empty,
    [T_IF] = st_if,           [T_FOR] = js_st_for,        [T_WHILE] = js_st_while,     [T_DO] = js_st_do,
    [T_WITH] = st_with,       [T_SWITCH] = st_switch,     [T_CASE] = st_case,          [T_DEFAULT] = st_case,
    [T_TRY] = st_try,         [T_RETURN] = st_value,      [T_THROW] = st_value,        [T_BREAK] = st_jump,
    [T_CONTINUE] = st_jump,   [T_DEBUGGER] = st_debugger, [T_FUNCTION] = st_function,  [T_CLASS] = st_class,
    [T_VAR] = st_declaration, [T_CONST] = st_declaration, [T_ENUM] = st_enum,          [T_IMPORT] = st_import,
    [T_EXPORT] = js_export,   [T_AT] = js_decorator,      [T_NAME] = st_name,
};
