/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "engine/languages/python/py.h"
#include "engine/languages/tokens.h"

enum { DEEP = 500 };

typedef struct walk {
    tw_arena *a;
    py *p;
    tw_tokens *to;
    uint32_t open[DEEP];
    bool first;
} walk;

static bool bracket(walk *w, tw_token *t)
{
    uint32_t at = w->to->list.n;
    if (w->p->tok.t == T_LPAR || w->p->tok.t == T_LSQB || w->p->tok.t == T_LBRACE) {
        if (w->p->depth >= DEEP) return false;
        t->flags |= TW_TOKF_OPENS;
        w->open[w->p->depth++] = at;
    } else if (w->p->tok.t == T_RPAR || w->p->tok.t == T_RSQB || w->p->tok.t == T_RBRACE) {
        if (!w->p->depth) return false;
        t->pair = w->open[--w->p->depth];
        t->flags |= TW_TOKF_CLOSES;
        tw_token *o = &w->to->list.v[t->pair];
        o->pair = at;
        char c = w->p->ir->source.p[o->off], want = c == '(' ? ')' : c == '[' ? ']' : '}';
        return w->p->ir->source.p[t->off] == want;
    }
    return true;
}

static bool string(walk *w, tw_token *t)
{
    py *p = w->p;
    uint32_t close;
    if (!py_string_end(p, &p->tok, &close)) return false;
    t->end = p->pos = close + py_quote_len(&p->tok);
    t->kind = p->tok.aux & S_FORMAT ? TW_TOK_FORMAT : TW_TOK_STRING;
    if (p->tok.aux & S_BYTES) t->flags |= TW_TOKF_BYTES;
    if (p->tok.aux & S_FORMAT) return true;
    tw_buf_clear(&p->lit);
    py_decode_text(&p->lit, p->s, p->tok.end, close, p->tok.aux);
    t->value = tw_arena_str(w->a, tw_buf_str(&p->lit));
    return true;
}

static bool take(walk *w)
{
    py *p = w->p;
    tw_token t = {.kind = TW_TOK_OP, .off = p->tok.off, .end = p->tok.end, .col = p->col};
    if (w->first) t.flags |= TW_TOKF_FIRST;
    w->first = false;
    switch (p->tok.t) {
    case T_BAD:
    case T_TICK:
    case T_LTGT: return false;
    case T_NAME: t.kind = TW_TOK_NAME; break;
    case T_INT:
    case T_FLOAT: t.kind = TW_TOK_NUMBER; break;
    case T_NEWLINE: t.kind = TW_TOK_NEWLINE; break;
    case T_STRING:
        if (!string(w, &t)) return false;
        break;
    default:
        if (py_keyword(&p->tok)) t.kind = TW_TOK_KEYWORD;
        if (!bracket(w, &t)) return false;
    }
    TW_PUSH(w->a, w->to->list, t);
    return true;
}

static bool all(walk *w)
{
    py *p = w->p;
    while (py_line(p)) {
        w->first = true;
        for (; p->tok.t != T_EOF; py_next(p)) {
            if (!take(w)) return false;
            if (p->tok.t == T_NEWLINE) break;
        }
        if (p->tok.t == T_EOF) {
            TW_PUSH(w->a, w->to->list,
                    ((tw_token){.kind = TW_TOK_NEWLINE, .off = p->n, .end = p->n, .col = p->col}));
            break;
        }
    }
    return !p->depth && p->pos >= p->n && !p->py2;
}

bool tw_tokens_python(tw_arena *a, tw_str text, tw_tokens *ret)
{
    bool bad;
    *ret = (tw_tokens){0};
    if (text.n > UINT32_MAX / 4 || !tw_utf8_valid(text) || memchr(text.p ? text.p : "", 0, text.n))
        return false;
    tw_str same = py_source(a, text, &bad);
    if (bad || same.n != text.n) return false;
    tw_ir ir;
    tw_limits lim = tw_limits_default();
    tw_ir_init(&ir, a, TW_LANG_PYTHON, text);
    py *p = TW_NEW(a, py);
    *p = (py){.ir = &ir,
              .tmp = a,
              .lim = &lim,
              .s = (const uint8_t *)text.p,
              .n = (uint32_t)text.n,
              .far_right = UINT32_MAX};
    p->tokens_left = UINT32_MAX;
    if (tw_str_starts(text, TW_S("\xEF\xBB\xBF"))) p->pos = 3;
    ret->start = p->pos;
    py_lex_init(p);
    walk *w = TW_NEW(a, walk);
    *w = (walk){.a = a, .p = p, .to = ret};
    bool fine = all(w);
    tw_buf_free(&p->lit);
    tw_buf_free(&p->lit2);
    return fine;
}
