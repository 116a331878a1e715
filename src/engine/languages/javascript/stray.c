/* SPDX-License-Identifier: Apache-2.0 */
/* Calls in what recovery skips: `a.b.c("x", 1` says what is called, whatever stands around it. */
#include "engine/languages/javascript/js.h"

static void flush(js *p)
{
    js_stray *s = &p->stray;
    if (s->callee) {
        uint32_t args = s->n_args ? tw_ir_args(p->ir, s->args, s->n_args) : 0;
        js_emit(p, TW_OP_CALL, 0, 0, s->callee, 0, args, s->off, p->prev_end);
    }
    s->callee = s->n_args = 0;
    s->comma = false;
}

static void open_call(js *p)
{
    js_stray *s = &p->stray;
    uint32_t v = js_emit(p, TW_OP_READ, 0, 0, s->names[0], 0, 0, s->off, s->ends[0]);
    for (uint32_t i = 1; i < s->n; i++)
        v = js_emit(p, TW_OP_MEMBER, 0, 0, v, s->names[i], 0, s->off, s->ends[i]);
    s->callee = v;
    s->comma = true;
}

static void name(js *p)
{
    js_stray *s = &p->stray;
    if (!s->dot) s->n = 0, s->off = p->tok.off;
    if (s->n == TW_COUNT(s->names)) {
        s->n = 0;
        return;
    }
    s->ends[s->n] = p->tok.end;
    s->names[s->n++] = p->tok.id;
}

/* The error is at `(`: what stands before it is called. */
void js_stray_start(js *p)
{
    uint32_t end = p->prev_end, from = end;
    if (!js_is(p, T_LPAR)) return;
    while (from && (js_class[p->s[from - 1]] & C_NAME) && end - from < 64) from--;
    if (from == end || !(js_class[p->s[from]] & C_START)) return;
    p->stray.names[0] = js_intern(p, p->s + from, end - from);
    p->stray.ends[0] = end;
    p->stray.off = from;
    p->stray.n = p->stray.names[0] > W_KEYWORDS_END;
}

void js_stray_token(js *p)
{
    js_stray *s = &p->stray;
    uint8_t t = p->tok.t;
    bool constant = t == T_STRING || t == T_INT || t == T_FLOAT || t == T_TRUE || t == T_FALSE || t == T_NULL;
    if (s->callee && constant && s->comma && s->n_args < TW_COUNT(s->args)) {
        s->args[s->n_args++] = (tw_arg){js_const(p, &p->tok), 0};
        s->comma = false;
        return;
    }
    if (s->callee && t == T_COMMA && !s->comma) {
        s->comma = true;
        return;
    }
    flush(p);
    bool dot = s->n && (t == T_DOT || t == T_OPTIONAL);
    if (t == T_NAME || t == T_THIS || (s->dot && js_keyword(&p->tok)))
        name(p);
    else if (t == T_LPAR && s->n && !s->dot)
        open_call(p);
    if (t != T_NAME && t != T_THIS && !dot && !(s->dot && js_keyword(&p->tok))) s->n = 0;
    s->dot = dot;
}

void js_stray_end(js *p)
{
    flush(p);
    p->stray.n = 0;
    p->stray.dot = false;
}
