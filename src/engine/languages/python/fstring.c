/* SPDX-License-Identifier: Apache-2.0 */
/* String operands: adjacent literals joined, f-strings taken apart. A field is an open construct like
 * a bracket, so fields within formats within fields nest on the one stack. */
#include "engine/languages/python/py.h"
#include "engine/languages/text.h"

static uint32_t flush(py *p)
{
    if (!p->lit.n) return 0;
    uint32_t s = tw_intern(&p->ir->strings, tw_buf_str(&p->lit));
    tw_buf_clear(&p->lit);
    uint32_t at = p->tok.off;
    uint32_t v = py_emit(p, TW_OP_CONST, TW_CONST_STR, 0, s, 0, 0, at, at);
    py_push_item(p, (tw_arg){v, 0});
    return v;
}

/* All pieces are read; tok is behind them. */
static void finish(py *p)
{
    py_frame f = *py_top(p);
    uint32_t end = p->prev_end, v;
    p->frames.n--;
    if (!(f.flags & FF_COMMA)) {
        uint32_t s = tw_intern(&p->ir->strings, tw_buf_str(&p->lit));
        tw_text_blob(p->ir, f.off, tw_buf_str(&p->lit));
        tw_buf_clear(&p->lit);
        v = py_emit(p, TW_OP_CONST, f.flags & FF_DICT ? TW_CONST_BYTES : TW_CONST_STR, 0, s, 0, 0, f.off,
                    end);
    } else {
        flush(p);
        uint32_t args = py_args(p, p->items.v + f.items, p->items.n - f.items);
        v = py_emit(p, TW_OP_CONCAT, 0, 0, 0, 0, args, f.off, end);
    }
    p->items.n = f.items;
    py_have(p, v, f.off, end);
}

static bool plain_piece(py *p)
{
    uint32_t close;
    if (!py_string_end(p, &p->tok, &close)) {
        p->pos = close;
        py_fail(p, TW_GAP_SYNTAX);
        return false;
    }
    py_decode(p, p->tok.end, close, p->tok.aux);
    p->pos = close + py_quote_len(&p->tok);
    p->tok.end = p->pos;
    py_next(p);
    return true;
}

/* Adjacent literals from tok on. True when an f-string's text is to be read next. */
static bool pieces(py *p)
{
    while (py_is(p, T_STRING)) {
        py_frame *f = py_top(p);
        if (p->tok.aux & S_BYTES) f->flags |= FF_DICT;
        if (p->tok.aux & S_FORMAT) {
            f->op = p->tok.aux;
            f->x = p->tok.end;
            f->y = p->depth;
            p->pos = p->tok.end;
            return true;
        }
        if (!plain_piece(p)) return false;
    }
    finish(p);
    return false;
}

void py_strings(py *p)
{
    tw_buf_clear(&p->lit);
    py_structural(p, F_FSTRING, p->tok.off);
    if (pieces(p)) py_fstring_text(p);
}

static void open_field(py *p, uint32_t at)
{
    py_frame *f = py_top(p);
    f->flags |= FF_COMMA; /* holds a field */
    if (p->depth + p->blocks.n >= p->lim->nesting) {
        py_fail(p, TW_GAP_LIMIT);
        return;
    }
    uint32_t text = flush(p);
    uint8_t aux = f->op;
    py_structural(p, F_FIELD, at);
    py_top(p)->w = text;
    py_top(p)->y = at + 1;
    py_top(p)->op = aux;
    p->depth++;
    p->pos = at + 1;
    py_next(p);
}

/* The field on top has its value; its "}" is at p->pos - 1. */
static void close_field(py *p, uint32_t v)
{
    p->frames.n--;
    p->depth--;
    py_push_item(p, (tw_arg){v, 0});
}

static bool closes(const py *p, uint32_t i, uint8_t aux)
{
    uint8_t q = aux & S_DOUBLE ? '"' : '\'';
    if (p->s[i] != q) return false;
    return !(aux & S_TRIPLE) || (p->n - i >= 3 && p->s[i + 1] == q && p->s[i + 2] == q);
}

/* A backslash in f-string text at i: where to go on looking. */
static uint32_t skip_escape(const py *p, uint32_t i, uint8_t aux)
{
    if (i + 1 >= p->n) return p->n;
    uint8_t c = p->s[i + 1];
    if (c == '{' || c == '}') return i + 1;
    if (!(aux & S_RAW) && c == 'N' && i + 2 < p->n && p->s[i + 2] == '{') {
        for (i += 3; i < p->n && p->s[i] != '}' && p->s[i] != '\n'; i++) {
        }
        return i < p->n && p->s[i] == '}' ? i + 1 : i;
    }
    return i + 2;
}

typedef enum stop { STOP_FIELD, STOP_SPEC, STOP_STRING, STOP_BAD } stop;

/* Literal text of the f-string or format on top, into p->lit, up to what ends it. */
static stop text(py *p, uint8_t aux, bool spec)
{
    uint32_t i = p->pos, from = i;
    stop why = STOP_BAD;
    while (i < p->n) {
        uint8_t c = p->s[i];
        if (c == '\\') {
            i = skip_escape(p, i, aux);
            continue;
        }
        bool brace = c == '{' || c == '}';
        if (brace && !spec && i + 1 < p->n && p->s[i + 1] == c) {
            py_decode(p, from, i + 1, aux);
            from = i += 2;
            continue;
        }
        if (c == '{')
            why = STOP_FIELD;
        else if (c == '}' && spec)
            why = STOP_SPEC;
        else if (closes(p, i, aux))
            why = spec ? STOP_BAD : STOP_STRING;
        else if ((c != '\n' && c != '\r') || aux & S_TRIPLE) {
            i++;
            continue;
        }
        break;
    }
    if (i > p->n) i = p->n;
    py_decode(p, from, i, aux);
    p->pos = i;
    return why;
}

static void spec_done(py *p)
{
    py_frame f = *py_top(p);
    flush(p);
    uint32_t n = p->items.n - f.items, spec = n == 1 ? p->items.v[f.items].value : 0, v = f.v;
    if (n > 1) {
        uint32_t args = py_args(p, p->items.v + f.items, n);
        spec = py_emit(p, TW_OP_CONCAT, 0, 0, 0, 0, args, f.off, p->pos);
    }
    p->items.n = f.items;
    if (spec) {
        tw_arg a[2] = {{v, 0}, {spec, 0}};
        v = py_emit(p, TW_OP_OP, 0, 0, py_op_id(p, T_COLON), 0, py_args(p, a, 2), f.off, p->pos);
    }
    close_field(p, v);
}

void py_fstring_text(py *p)
{
    for (;;) {
        py_frame *f = py_top(p);
        stop why = text(p, f->op, f->kind == F_SPEC);
        if (why == STOP_FIELD) {
            open_field(p, p->pos);
            return;
        }
        if (why == STOP_BAD) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        if (why == STOP_SPEC) {
            p->pos++;
            spec_done(p);
            continue;
        }
        p->pos += f->op & S_TRIPLE ? 3 : 1;
        p->tok.end = p->pos;
        py_next(p);
        if (!pieces(p)) return;
    }
}

/* f"{x=}": the text of the field stands before its value. */
static uint32_t debug_text(py *p, py_frame *f, uint32_t i)
{
    while (i < p->n && (p->s[i] == ' ' || p->s[i] == '\t')) i++;
    if (f->w) tw_buf_puts(&p->lit, tw_ir_text(p->ir, p->ir->insns.v[f->w].a));
    tw_buf_put(&p->lit, p->s + f->y, i - f->y);
    uint32_t s = tw_intern(&p->ir->strings, tw_buf_str(&p->lit));
    tw_buf_clear(&p->lit);
    if (f->w)
        p->ir->insns.v[f->w].a = s;
    else
        py_push_item(p, (tw_arg){py_emit(p, TW_OP_CONST, TW_CONST_STR, 0, s, 0, 0, f->y, i), 0});
    return i;
}

static uint32_t convert(py *p, const py_frame *f, uint32_t v, uint8_t c, uint32_t end)
{
    char name[2] = {'!', (char)c};
    tw_arg a = {v, 0};
    uint32_t s = tw_intern(&p->ir->strings, (tw_str){name, 2});
    return py_emit(p, TW_OP_OP, 0, 0, s, 0, py_args(p, &a, 1), f->off, end);
}

/* tok ends the expression of the field on top: "}", "!", ":" or "=". */
void py_field_end(py *p)
{
    py_frame *f = py_top(p);
    uint32_t v = p->v, i = p->tok.off;
    if (f->flags & FF_COMMA || f->kw) {
        if (!p->want) py_item(p, f);
        v = py_emit(p, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0,
                    py_args(p, p->items.v + f->items, p->items.n - f->items), f->off, i);
        p->items.n = f->items;
    }
    bool debug = i < p->n && p->s[i] == '=', converted = false;
    if (debug) i = debug_text(p, f, i + 1);
    if (i < p->n && p->s[i] == '!') {
        for (i++; i < p->n && p->s[i] == ' '; i++) {
        }
        v = convert(p, f, v, i < p->n ? p->s[i] : '?', i < p->n ? i + 1 : i);
        converted = true;
        for (i++; i < p->n && p->s[i] == ' '; i++) {
        }
    }
    uint8_t c = i < p->n ? p->s[i] : 0;
    if (c != '}' && c != ':') {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    if (debug && !converted && c == '}') v = convert(p, f, v, 'r', i);
    p->pos = i + 1;
    if (c == '}') {
        close_field(p, v);
    } else {
        f->kind = F_SPEC;
        f->v = v;
        f->items = p->items.n;
    }
    py_fstring_text(p);
}
