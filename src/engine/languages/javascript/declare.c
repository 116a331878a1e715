/* SPDX-License-Identifier: Apache-2.0 */
/* var, let, const, using, and patterns as targets. */
#include "engine/languages/javascript/js.h"

enum { IN_FOR = 1, EXPORTED = 2, LEXICAL = 4 }; /* F_DECL.op */

/* p->tok is the keyword. */
void js_declaration(js *p, uint32_t off, uint8_t flags)
{
    bool no_in = p->no_in;
    js_structural(p, F_DECL, off)->op = (uint8_t)(flags | (js_is(p, T_VAR) ? 0 : LEXICAL));
    p->no_in = no_in;
    p->state = JS_DECLARATOR;
    js_next(p);
}

static uint8_t notes_of(const js_frame *decl)
{
    return (uint8_t)(JS_DECLARES | (decl->op & EXPORTED ? JS_EXPORTS : 0) |
                     (decl->op & LEXICAL ? JS_LEXICAL : 0));
}

static void separator(js *p)
{
    js_frame f = *js_top(p);
    if (js_is(p, T_COMMA)) {
        p->state = JS_DECLARATOR;
        js_next(p);
        return;
    }
    js_pop(p);
    if (f.op & IN_FOR)
        js_for_classic(p);
    else
        js_semicolon(p);
}

/* A target stands in p->targets from `from` on: its value follows, or the rest of a for, or nothing. */
static void target_done(js *p, uint32_t from)
{
    js_frame *f = js_top(p);
    js_annotation(p);
    if (p->err) return;
    if (js_is(p, T_ASSIGN)) {
        bool no_in = p->no_in;
        js_frame *v = js_structural(p, F_DECL_VALUE, p->tok.off);
        v->x = from, v->y = p->targets.n;
        p->no_in = no_in;
        js_next(p);
    } else if (f->op & IN_FOR && js_at_of(p)) {
        uint8_t notes = notes_of(f);
        js_pop(p);
        js_for_of(p, from, notes, TW_BIND_FOR);
    } else {
        js_bind_targets(p, from, p->targets.n, 0, TW_BIND_ASSIGN, notes_of(f));
        p->targets.n = from;
        separator(p);
    }
}

void js_declarator(js *p)
{
    js_tok t = p->tok;
    if (t.t == T_LBRACE || t.t == T_LSQB) {
        js_binding(p);
        return;
    }
    if (t.t != T_NAME) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    uint32_t from = p->targets.n;
    TW_PUSH(p->tmp, p->targets, (js_target){.kind = TG_NAME, .a = t.id, .off = t.off, .end = t.end});
    js_next(p);
    target_done(p, from);
}

void js_end_decl_value(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    js_frame *decl = js_top(p);
    js_bind_targets(p, f.x, f.y, p->v, TW_BIND_ASSIGN, notes_of(decl));
    if (decl->op & IN_FOR && js_is(p, T_IN)) { /* for (var a = 0 in b) of old */
        js_pop(p);
        p->targets.n = f.y;
        js_for_of(p, f.x, JS_DECLARES, TW_BIND_FOR);
        return;
    }
    separator(p);
}

void js_binding(js *p)
{
    js_structural(p, F_BINDING, p->tok.off);
}

/* The literal that is a pattern is at hand. */
void js_end_binding(js *p)
{
    js_frame f = *js_top(p);
    js_pop(p);
    uint32_t from = js_to_targets(p, p->v, 0), off = p->voff, end = p->vend;
    if (js_top(p)->kind == F_PARAMS) {
        TW_PUSH(p->tmp, p->params,
                (js_param){
                    .target = from, .n_targets = p->targets.n - from, .off = off, .end = end, .rest = f.op});
        js_param_rest(p);
    } else if (js_top(p)->kind == F_CATCH) {
        js_catch_pattern(p, from, off, end);
    } else {
        target_done(p, from);
    }
}
