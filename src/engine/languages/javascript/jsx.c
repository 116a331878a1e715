/* SPDX-License-Identifier: Apache-2.0 */
/* JSX: an open element is a frame (F_JSX_C) whose items are its tag, its attributes and its children; an
 * expression in braces is one on top of it. Between those nothing goes through the machine: run() reads
 * characters until an expression starts or the outermost element ends. */
#include "engine/languages/javascript/js.h"
#include "engine/languages/javascript/scan.h"
#include "engine/languages/javascript/ts.h"

enum { IN_TAG, IN_CHILDREN }; /* op of an element's frame */
enum { PAUSE = 0 };           /* the machine goes on */

static ts_cur at(const js *p, uint32_t off)
{
    ts_cur c = {.s = p->s, .n = p->n, .pos = off};
    ts_next(&c);
    return c;
}

static uint32_t failed(js *p, uint32_t i)
{
    p->pos = p->tok.end = i;
    js_next(p);
    js_fail(p, TW_GAP_SYNTAX);
    return PAUSE;
}

static uint32_t constant(js *p, tw_str s, uint32_t off, uint32_t end)
{
    return js_emit(p, TW_OP_CONST, TW_CONST_STR, 0, js_text_id(p, off, s), 0, 0, off, end);
}

static tw_str text_of(const js *p, uint32_t from, uint32_t to)
{
    return tw_str_of((const char *)p->s + from, to - from);
}

static void item(js *p, uint32_t v, uint32_t name)
{
    TW_PUSH(p->tmp, p->items, (tw_arg){v, name});
}

/* c is on a name: over its dashes, and the second half of a:b. */
static uint32_t behind_name(const js *p, uint32_t i)
{
    while (i < p->n && (js_class[p->s[i]] & C_NAME || p->s[i] == '-') && !js_odd_space(p, i, NULL)) i++;
    return i;
}

static void whole_name(const js *p, ts_cur *c)
{
    c->pos = behind_name(p, c->pos);
    ts_cur n = *c;
    ts_next(&n);
    if (n.t != ':') return;
    ts_next(&n);
    if (n.t != TS_NAME) return;
    c->pos = behind_name(p, n.pos);
}

/* The value of a tag: a name of the document as text, a component as what it is. c on its first name. */
static uint32_t tag(js *p, ts_cur *c)
{
    uint32_t off = c->off, bare = c->pos;
    whole_name(p, c);
    ts_cur n = *c;
    ts_next(&n);
    bool dotted = n.t == '.';
    if (!dotted && (c->pos != bare || (p->s[off] >= 'a' && p->s[off] <= 'z')) && !ts_word(c, "this"))
        return constant(p, text_of(p, off, c->pos), off, c->pos);
    uint32_t v = js_emit(p, TW_OP_READ, 0, 0, js_intern(p, p->s + off, c->pos - off), 0, 0, off, c->pos);
    while (n.t == '.') {
        ts_next(&n);
        if (n.t != TS_NAME) break;
        whole_name(p, &n);
        v = js_emit(p, TW_OP_MEMBER, 0, 0, v, js_intern(p, p->s + n.off, n.pos - n.off), 0, off, n.pos);
        *c = n;
        ts_next(&n);
    }
    return v;
}

/* An element opens at the `<`: up to behind its tag. */
static uint32_t element(js *p, uint32_t off)
{
    js_frame *f = js_structural(p, F_JSX_C, off);
    if (p->err) return PAUSE;
    f->op = IN_TAG;
    ts_cur c = at(p, off + 1);
    uint32_t v = 0, end = off + 1;
    if (c.t == TS_NAME) {
        v = tag(p, &c);
        end = c.pos;
        c = at(p, end);
        if (p->ts && c.t == '<') end = js_ts_tag_args(p, c.off);
    } else if (c.t != '>') {
        return failed(p, c.off);
    }
    item(p, v, 0);
    return p->err ? PAUSE : end;
}

/* `{` at i: the machine reads what is in it. */
static uint32_t container(js *p, uint8_t kind, uint32_t i)
{
    p->pos = p->tok.end = i;
    js_next(p);
    js_frame *f = js_structural(p, kind, i);
    if (p->err) return PAUSE;
    js_next(p);
    if (js_is(p, T_DOTS)) {
        f->kw = kind == F_JSX_B ? TW_ARG_SPREAD_MAP : TW_ARG_SPREAD;
        js_next(p);
    }
    return PAUSE;
}

/* The outermost element goes to the machine, any other to the one around it. */
static uint32_t finish(js *p, uint32_t end)
{
    js_frame f = *js_top(p);
    uint32_t args = js_args(p, p->items.v + f.items, p->items.n - f.items);
    uint32_t v = js_emit(p, TW_OP_OP, 0, 0, W_JSX, 0, args, f.off, end);
    p->items.n = f.items;
    js_pop(p);
    if (js_top(p)->kind == F_JSX_C) {
        item(p, v, 0);
        return end;
    }
    p->pos = p->tok.end = end;
    js_next(p);
    js_have(p, v, f.off, end);
    bool goes_on = js_is(p, T_LPAR) || js_is(p, T_LSQB) || js_is(p, T_TEMPLATE) || js_is(p, T_DOT);
    if (p->ts && goes_on) js_operator_end(p); /* to its compiler an element is no callee */
    return PAUSE;
}

/* The attributes read so far become one MAP. */
static void tag_done(js *p, uint32_t end)
{
    js_frame *f = js_top(p);
    uint32_t args = js_args(p, p->items.v + f->items + 1, p->items.n - f->items - 1);
    p->items.n = f->items + 1;
    item(p, js_emit(p, TW_OP_MAP, 0, 0, 0, 0, args, f->off, end), 0);
    f->op = IN_CHILDREN;
}

/* The name of an attribute is read; c on the token behind it. */
static uint32_t value(js *p, ts_cur c, uint32_t off, uint32_t end)
{
    if (c.t != '=') {
        item(p, js_emit(p, TW_OP_CONST, TW_CONST_TRUE, 0, JS_KEYWORD_ID(TRUE), 0, 0, off, end), 0);
        return end;
    }
    uint32_t i = at(p, c.pos).off;
    uint8_t q = p->s[i];
    if (q == '"' || q == '\'') {
        const uint8_t *close = memchr(p->s + i + 1, q, p->n - i - 1);
        if (!close) return failed(p, i);
        uint32_t k = (uint32_t)(close - p->s);
        item(p, constant(p, js_jsx_string(p, i + 1, k), i, k + 1), 0);
        return k + 1;
    }
    if (q == '{') return container(p, F_JSX_B, i);
    return q == '<' ? element(p, i) : failed(p, i);
}

static uint32_t attributes(js *p, uint32_t i)
{
    ts_cur c = at(p, i), n = c;
    switch (c.t) {
    case '>': tag_done(p, c.pos); return c.pos;
    case '{':
        i = container(p, F_JSX_B, c.off);
        return !p->err && js_top(p)->kw != TW_ARG_SPREAD_MAP ? failed(p, c.off) : i;
    case TS_NAME:
        whole_name(p, &c);
        item(p, constant(p, text_of(p, c.off, c.pos), c.off, c.pos), 0);
        n = c;
        ts_next(&n);
        return value(p, n, c.off, c.pos);
    default: break;
    }
    ts_next(&n);
    if (p->s[c.off] != '/' || n.t != '>') return failed(p, c.off);
    tag_done(p, n.pos);
    return finish(p, n.pos);
}

static uint32_t children(js *p, uint32_t i)
{
    uint32_t k = i;
    for (;;) {
        k += (uint32_t)js_run_to(p->s + k, '<', '{');
        if (k >= p->n || p->s[k] == '<' || p->s[k] == '{') break;
        k++;
    }
    if (k >= p->n) return failed(p, p->n);
    tw_str text;
    if (k > i && js_jsx_text(p, i, k, &text)) item(p, constant(p, text, i, k), 0);
    if (p->s[k] == '{') return container(p, F_JSX_A, k);
    ts_cur c = at(p, k + 1);
    if (c.t != TS_OTHER || p->s[c.off] != '/') return element(p, k);
    ts_next(&c);
    while (c.t == TS_NAME || c.t == '.') { /* whose end it is does not matter */
        if (c.t == TS_NAME) whole_name(p, &c);
        ts_next(&c);
    }
    return c.t == '>' ? finish(p, c.pos) : failed(p, c.off);
}

static void run(js *p, uint32_t i)
{
    while (i != PAUSE && !p->err) i = js_top(p)->op == IN_TAG ? attributes(p, i) : children(p, i);
}

void js_jsx_start(js *p)
{
    if (p->ts && js_ts_tsx_arrow(p)) return;
    run(p, element(p, p->tok.off));
}

/* `}` behind an expression: of a child, */
void js_jsx_a(js *p)
{
    uint32_t kw = js_top(p)->kw, end = p->tok.end;
    if (!js_is(p, T_RBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    item(p, p->v, kw);
    run(p, end);
}

void js_jsx_a_empty(js *p)
{
    uint32_t end = p->tok.end;
    if (!js_is(p, T_RBRACE) || js_top(p)->kw) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    run(p, end);
}

/* of an attribute or a spread of them. */
void js_jsx_b(js *p)
{
    uint32_t kw = js_top(p)->kw, end = p->tok.end;
    if (!js_is(p, T_RBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_pop(p);
    item(p, p->v, kw);
    if (kw) item(p, 0, kw);
    run(p, end);
}

/* Nothing is read by the machine with an element on top. */
void js_jsx_c(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
