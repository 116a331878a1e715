/* SPDX-License-Identifier: Apache-2.0 */
/* Template literals. Texts and values lie on the item stack, texts marked by name 1. */
#include "engine/languages/javascript/js.h"

/* The text from `from` to `to`, cooked: \r\n is \n. */
static uint32_t cooked(js *p, uint32_t from, uint32_t to, bool plain)
{
    const uint8_t *s = p->s;
    if (from == to) return 0;
    if (plain) return js_text_id(p, from, (tw_str){(const char *)s + from, to - from});
    tw_buf_clear(&p->lit);
    for (uint32_t i = from; i < to;) { /* escapes never span a carriage return but for line continuations */
        const uint8_t *r = memchr(s + i, '\r', to - i);
        uint32_t k = r ? (uint32_t)(r - s) : to;
        if (r && k > i && s[k - 1] == '\\') {
            uint32_t slashes = 0;
            while (k - slashes > i && s[k - 1 - slashes] == '\\') slashes++;
            if (slashes & 1) {
                js_decode(p, i, k - 1);
                i = k + 1 + (k + 1 < to && s[k + 1] == '\n');
                continue;
            }
        }
        js_decode(p, i, k);
        if (r) tw_buf_putc(&p->lit, '\n');
        i = k + (r != NULL) + (r && k + 1 < to && s[k + 1] == '\n');
    }
    return js_text_id(p, from, tw_buf_str(&p->lit));
}

static void close_template(js *p, uint32_t end)
{
    js_frame f = *js_top(p);
    uint32_t n = p->items.n - f.items, v;
    js_pop(p);
    if (f.flags & FF_OPTIONAL) { /* tagged: the texts as one array, then the values */
        TW_RESERVE(p->tmp, p->items, n + 1);
        tw_arg *from = p->items.v + f.items, *to = from + n;
        uint32_t texts = 0, values = 1;
        for (uint32_t i = 0; i < n; i++)
            if (from[i].name) to[texts++] = (tw_arg){from[i].value, 0};
        uint32_t seq = js_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, 0, js_args(p, to, texts), f.x, end);
        to[0] = (tw_arg){seq, 0};
        for (uint32_t i = 0; i < n; i++)
            if (!from[i].name) to[values++] = from[i];
        v = js_emit(p, TW_OP_CALL, 0, TW_IF_TAGGED, f.v, 0, js_args(p, to, values), f.off, end);
    } else if (n == 1 && p->items.v[f.items].name) {
        v = p->items.v[f.items].value;
        p->ir->insns.v[v].off = f.off;
        p->ir->insns.v[v].len = end - f.off;
    } else {
        for (uint32_t i = 0; i < n; i++) p->items.v[f.items + i].name = 0;
        v = js_emit(p, TW_OP_CONCAT, 0, 0, 0, 0, js_args(p, p->items.v + f.items, n), f.off, end);
    }
    p->items.n = f.items;
    js_have(p, v, f.off, end);
}

/* Text from p->pos to the next hole or the end. */
static void text(js *p)
{
    const uint8_t *s = p->s;
    uint32_t from = p->pos, i = from;
    bool plain = true, tagged = js_top(p)->flags & FF_OPTIONAL;
    for (; !p->no_template; i++) {
        while (s[i] != '`' && s[i] != '\\' && s[i] != '$' && s[i] != '\r' && s[i]) i++;
        if (i >= p->n || s[i] == '`' || (s[i] == '$' && s[i + 1] == '{')) break;
        if (s[i] == '\\')
            plain = false, i++;
        else if (s[i] == '\r')
            plain = false;
    }
    if (p->no_template || i >= p->n) { /* what is behind the backtick is read as code */
        p->no_template = true;
        js_next(p);
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    bool hole = s[i] == '$';
    bool only = !hole && p->items.n == js_top(p)->items;
    if (i > from || tagged || only) {
        uint32_t id = cooked(p, from, i, plain);
        uint32_t v = js_emit(p, TW_OP_CONST, TW_CONST_STR, 0, id, 0, 0, from, i);
        TW_PUSH(p->tmp, p->items, (tw_arg){v, 1});
    }
    p->tok.end = p->pos = i + 1 + hole;
    if (!hole) close_template(p, p->pos);
    js_next(p);
    if (hole) p->state = JS_OPERAND;
}

static void open_template(js *p, uint32_t off, uint32_t v, uint8_t flags)
{
    js_frame *f = js_structural(p, F_TEMPLATE, off);
    f->v = v;
    f->flags |= flags;
    f->x = p->tok.off;
    if (!p->err) text(p);
}

void js_operand_template(js *p)
{
    open_template(p, p->tok.off, 0, 0);
}

void js_operator_template(js *p)
{
    if (js_top(p)->kind == F_DECORATOR)
        js_end_decorator(p);
    else
        open_template(p, p->voff, p->v, FF_OPTIONAL);
}

void js_end_template(js *p)
{
    if (!js_is(p, T_RBRACE)) {
        js_fail(p, TW_GAP_SYNTAX);
        return;
    }
    js_item(p, js_top(p));
    p->pos = p->tok.end;
    text(p);
}
