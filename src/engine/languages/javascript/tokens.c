/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "engine/languages/javascript/js.h"
#include "engine/languages/tokens.h"

enum { DEEP = 2000 };

/* What a bracket is, as far as it says what a slash behind its end means. */
typedef enum meaning { OPERAND, HEAD, BLOCK_OR_BODY, HOLE } meaning;
typedef struct open {
    uint32_t at;
    uint8_t what;
} open;

typedef struct walk {
    tw_arena *a;
    js *p;
    tw_tokens *to;
    open stack[DEEP];
    uint32_t depth;
    uint8_t before; /* js_t of the token before; T_EOF at the start */
    uint8_t closed; /* what: of the bracket that `before` closed */
    bool fine;
} walk;

/* Does an operand follow `before`? -1: in doubt. */
static int operand_next(const walk *w)
{
    switch (w->before) {
    case T_NAME:
    case T_PRIVATE:
    case T_INT:
    case T_FLOAT:
    case T_STRING:
    case T_TEMPLATE:
    case T_RSQB:
    case T_INC: /* what they stand behind, or none of the two can be */
    case T_DEC:
    case T_THIS:
    case T_SUPER:
    case T_NULL:
    case T_TRUE:
    case T_FALSE: return 0;
    case T_RPAR: return w->closed == HEAD ? 1 : 0;
    case T_RBRACE: return w->closed == OPERAND ? 0 : -1;
    default: return 1;
    }
}

static bool opens(walk *w, uint8_t what)
{
    if (w->depth >= DEEP) return false;
    w->stack[w->depth++] = (open){w->to->list.n, what};
    return true;
}

static bool closes(walk *w, tw_token *t)
{
    if (!w->depth) return false;
    open o = w->stack[--w->depth];
    t->pair = o.at;
    t->flags |= TW_TOKF_CLOSES;
    tw_token *opener = &w->to->list.v[o.at];
    if (!(opener->flags & TW_TOKF_CLOSES))
        opener->pair = w->to->list.n; /* a part between two holes: what it closes */
    w->closed = o.what;
    return true;
}

static void push(walk *w, tw_token t)
{
    TW_PUSH(w->a, w->to->list, t);
}

/* A template's text from p->pos on, up to a hole or its end. */
static bool template(walk *w, tw_token t)
{
    js *p = w->p;
    uint32_t i = p->pos;
    for (;; i++) {
        if (i >= p->n) return false;
        if (p->s[i] == '\\')
            i++;
        else if (p->s[i] == '`' || (p->s[i] == '$' && p->s[i + 1] == '{'))
            break;
    }
    bool hole = p->s[i] == '$';
    t.kind = TW_TOK_FORMAT;
    t.end = i + 1 + hole;
    if (hole) {
        t.flags |= TW_TOKF_OPENS;
        if (!opens(w, HOLE)) return false;
    }
    push(w, t);
    p->pos = p->tok.end = t.end;
    w->before = hole ? T_LPAR : T_TEMPLATE;
    return true;
}

/* `{` behind it opens statements, or may. */
static bool before_block(uint8_t t)
{
    static const uint8_t is[] = {T_ARROW, T_SEMI, T_EOF, T_LBRACE, T_ELSE, T_TRY, T_FINALLY, T_DO, T_COLON};
    return memchr(is, t, sizeof is) != NULL;
}

static bool bracket(walk *w, tw_token *t)
{
    uint8_t what = OPERAND;
    switch (w->p->tok.t) {
    case T_LPAR:
        if (w->before == T_IF || w->before == T_WHILE || w->before == T_FOR || w->before == T_WITH ||
            w->before == T_SWITCH)
            what = HEAD;
        break;
    case T_LBRACE: what = operand_next(w) == 1 && !before_block(w->before) ? OPERAND : BLOCK_OR_BODY; break;
    case T_LSQB: break;
    case T_RPAR:
    case T_RSQB:
    case T_RBRACE: {
        if (!closes(w, t)) return false;
        char c = (char)w->p->s[w->to->list.v[t->pair].off], want = c == '(' ? ')' : c == '[' ? ']' : '}';
        return (char)w->p->s[t->off] == want;
    }
    default: return true;
    }
    t->flags |= TW_TOKF_OPENS;
    return opens(w, what);
}

static bool slash(walk *w, tw_token *t)
{
    js_saved s = js_save(w->p);
    uint32_t id;
    int regex = operand_next(w);
    if (regex == 0) return true;
    bool could = js_regex(w->p, &id);
    if (regex == 1 && could) {
        t->kind = TW_TOK_REGEX;
        t->end = w->p->prev_end;
        return true;
    }
    js_restore(w->p, &s);
    return regex < 0 && !could;
}

static bool take(walk *w)
{
    js *p = w->p;
    tw_token t = {
        .kind = TW_TOK_OP, .off = p->tok.off, .end = p->tok.end, .flags = p->tok.nl ? TW_TOKF_FIRST : 0};
    uint8_t kind = p->tok.t;
    switch (kind) {
    case T_BAD:
    case T_HASH:
    case T_AT: return false;
    case T_PRIVATE:
    case T_NAME:
        t.kind = TW_TOK_NAME;
        if (p->tok.escaped) return false;
        break;
    case T_INT:
    case T_FLOAT: t.kind = TW_TOK_NUMBER; break;
    case T_STRING:
        t.kind = TW_TOK_STRING;
        tw_buf_clear(&p->lit);
        js_decode(p, t.off + 1, t.end - 1);
        t.value = tw_arena_str(w->a, tw_buf_str(&p->lit));
        break;
    case T_LT:
        if (operand_next(w) != 0) return false; /* JSX, or a type */
        break;
    case T_TEMPLATE: return template(w, t);
    case T_SLASH:
    case T_SLASH_ASSIGN:
        if (!slash(w, &t)) return false;
        if (t.kind != TW_TOK_REGEX) break;
        push(w, t); /* js_regex has read on */
        w->before = T_STRING;
        p->pos = t.end;
        return true;
    case T_RBRACE:
        if (w->depth && w->stack[w->depth - 1].what == HOLE) return closes(w, &t) && template(w, t);
        break;
    default:
        if (kind >= JS_FIRST_KEYWORD) t.kind = TW_TOK_KEYWORD;
    }
    if (t.kind == TW_TOK_OP && !bracket(w, &t)) return false;
    bool member = w->before == T_DOT || w->before == T_OPTIONAL;
    if (member && t.kind == TW_TOK_KEYWORD) t.kind = TW_TOK_NAME, kind = T_NAME;
    push(w, t);
    w->before = kind;
    return true;
}

bool tw_tokens_javascript(tw_arena *a, tw_str text, tw_tokens *ret)
{
    *ret = (tw_tokens){0};
    if (text.n > UINT32_MAX / 4 || !tw_utf8_valid(text) || memchr(text.p ? text.p : "", 0, text.n))
        return false;
    tw_ir ir;
    tw_limits lim = tw_limits_default();
    tw_ir_init(&ir, a, TW_LANG_JAVASCRIPT, text);
    js *p = TW_NEW(a, js);
    uint8_t *copy = tw_arena_alloc(a, text.n + JS_PAD);
    if (text.n) memcpy(copy, text.p, text.n);
    p->ir = &ir, p->tmp = a, p->lim = &lim, p->s = copy, p->n = (uint32_t)text.n;
    p->module = true; /* <!-- is no comment, but an error that is seen */
    p->far_right = p->last_error = UINT32_MAX;
    p->ahead_left = 4096 + 4ull * text.n;
    p->tokens_left = UINT32_MAX;
    js_lex_init(p);
    ret->start = p->pos;
    walk *w = TW_NEW(a, walk);
    *w = (walk){.a = a, .p = p, .to = ret, .before = T_EOF};
    bool fine = true;
    for (js_next(p); fine && p->tok.t != T_EOF; js_next(p)) fine = take(w);
    tw_buf_free(&p->lit);
    return fine && !w->depth;
}
