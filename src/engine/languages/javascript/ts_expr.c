/* SPDX-License-Identifier: Apache-2.0 */
/* Where types stand in expressions, and what tells them from operators: the rules are those of the
 * TypeScript compiler (canFollowTypeArgumentsInExpression, isParenthesizedArrowFunctionExpression). */
#include "engine/languages/javascript/js.h"
#include "engine/languages/javascript/ts.h"

static ts *types(js *p)
{
    if (!p->types) {
        p->types = TW_NEW(p->tmp, ts);
        ts_init(p->types, p->tmp, p->s, p->n);
    }
    return p->types;
}

/* Goes on with the token at or behind off. */
void js_ts_resume(js *p, uint32_t off)
{
    ts *x = types(p);
    p->tokens_left -= x->taken < p->tokens_left ? x->taken : p->tokens_left;
    x->taken = 0;
    p->pos = p->tok.end = off;
    js_next(p);
}

/* What is certainly a type. Where it is none the error is where it stops to be one. */
static void skip(js *p, ts_what what)
{
    uint32_t end;
    bool ok = ts_skip(types(p), what, p->tok.off, false, &end);
    js_ts_resume(p, end);
    if (!ok) js_fail(p, TW_GAP_SYNTAX);
}

void js_ts_type(js *p, bool returns)
{
    skip(p, returns ? TS_A_RETURN : TS_A_TYPE);
}
/* What is implemented: here type arguments may stand on a line of their own. */
void js_ts_heritage(js *p)
{
    skip(p, TS_A_TYPE);
    if (!p->err && js_is(p, T_LT)) skip(p, TS_ARGS);
}
void js_ts_type_params(js *p)
{
    skip(p, TS_PARAMS);
}

static bool among(const ts_cur *c, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ts_word(c, words[i])) return true;
    return false;
}

/* Does this word start an expression, or is it an operator or the end of one? */
static bool starts_expression(const ts_cur *c)
{
    static const char *const no[] = {
        "in",       "instanceof", "as",     "satisfies", "break", "case",   "catch",   "const",   "continue",
        "debugger", "default",    "do",     "else",      "enum",  "export", "extends", "finally", "for",
        "if",       "return",     "switch", "throw",     "try",   "var",    "while",   "with"};
    ts_cur n = *c;
    ts_next(&n);
    if (ts_word(c, "import")) return n.t == '(' || n.t == '<' || n.t == '.';
    return !among(c, no, TW_COUNT(no));
}

static bool may_follow_type_args(ts_cur c)
{
    bool assigns = c.pos < c.n && c.s[c.pos] == '=';
    switch (c.t) {
    case '(':
    case TS_TEMPLATE: return true;
    case '<':
    case '>':
    case '+':
    case '-': return assigns && c.t != '<'; /* += is no operator that starts an expression */
    case TS_NAME: return c.nl || !starts_expression(&c);
    case TS_STRING:
    case TS_NUMBER:
    case TS_PRIVATE:
    case '{':
    case '[':
    case '!':
    case '@': return c.nl;
    case TS_OTHER:
        if (c.s[c.off] == '~') return c.nl;
        if (c.s[c.off] == '/') return c.nl || !assigns;
        if (c.pos - c.off == 2 && c.s[c.off] == c.s[c.off + 1] && (c.s[c.off] == '+' || c.s[c.off] == '-'))
            return c.nl;
        return true;
    default: return true;
    }
}

/* Between the ? and : of a condition a return type needs a `:` behind the body of its arrow function. */
static bool in_condition(const js *p)
{
    uint32_t i = p->frames.n;
    while (i-- > 0) {
        uint8_t kind = p->frames.v[i].kind;
        if (kind == F_TERN) return true;
        if (kind != F_ASSIGN && kind != F_ARROW && kind != F_TERN_ELSE) return false;
    }
    return false;
}

/* Over what c opens, when it opens something. */
static bool over(ts *x, ts_cur *c)
{
    bool template = c->t == TS_TEMPLATE && c->hole;
    if (!template && c->t != '(' && c->t != '[' && c->t != '{') return true;
    do {
        uint32_t close = ts_close(x, template ? c->pos - 1 : c->off);
        if (close == TS_NO) return false;
        c->pos = close + 1;
        if (template) ts_template(c);
    } while (template && c->hole);
    return true;
}

/* c on the first token of an arrow function's body: is the token behind it a `:`? */
static bool colon_behind(ts *x, ts_cur *c)
{
    uint32_t conditions = 0;
    bool block = c->t == '{';
    for (;;) {
        if (c->t == ':' && !conditions--) return true;
        if (c->t == TS_EOF || c->t == ',' || c->t == ';' || c->t == ')' || c->t == ']' || c->t == '}')
            return false;
        conditions += c->t == '?';
        if (!over(x, c)) return false;
        ts_next(c);
        if (block) return c->t == ':';
        if (c->taken > x->ahead_left) return false;
    }
}

/* c behind the `)` of what may be parameters: does it go on as an arrow function? sure: what stands in the
 * parentheses can be nothing else. */
static bool arrow_behind(js *p, ts *x, ts_cur c, bool sure)
{
    uint32_t end;
    if (c.t == TS_ARROW) return true;
    if (c.t != ':') return false;
    uint64_t before = x->taken;
    if (!ts_skip(x, TS_A_RETURN, c.pos, !sure, &end)) return false;
    c = ts_at(x, end);
    if (sure) return c.t == TS_ARROW;
    c.taken += (uint32_t)(x->taken - before);
    bool ok = c.t == TS_ARROW;
    if (ok && !in_condition(p)) return true;
    if (ok) ts_next(&c);
    ok = ok && colon_behind(x, &c);
    if (c.taken > x->ahead_left) x->short_of = true;
    x->ahead_left -= c.taken < x->ahead_left ? c.taken : x->ahead_left;
    return ok;
}

enum { NO, MAYBE, YES };

static bool modifier(const ts_cur *c)
{
    static const char *const words[] = {"public", "private", "protected", "readonly", "override"};
    return among(c, words, TW_COUNT(words));
}

/* A look ahead that had to stop says so: what it was for may be read in another way than it is meant. */
static bool told(js *p, bool answer)
{
    ts *x = p->types;
    if (x->short_of && !x->told) {
        js_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->tok.off, p->tok.end);
        p->ir->flags |= TW_IRF_RECOVERED;
        x->told = true;
    }
    return answer;
}

/* By its first tokens, can the `(` c is on open parameters? */
static int parameters(ts_cur c)
{
    ts_next(&c);
    if (c.t == ')' || c.t == TS_DOTS) return YES;
    if (c.t == '[' || c.t == '{') return MAYBE;
    if (c.t != TS_NAME) return NO;
    if (modifier(&c)) {
        ts_cur n = c;
        ts_next(&n);
        if (n.t == TS_NAME && !ts_reserved(&n)) return ts_word(&n, "as") ? NO : YES;
    }
    if (!ts_word(&c, "this") && ts_reserved(&c)) return NO;
    ts_next(&c);
    if (c.t == ':') return YES;
    if (c.t == '?') {
        ts_next(&c);
        return c.t == ':' || c.t == ',' || c.t == '=' || c.t == ')' ? YES : NO;
    }
    return c.t == ',' || c.t == '=' || c.t == ')' ? MAYBE : NO;
}

bool js_ts_arrow_type(js *p, uint32_t open)
{
    ts *x = types(p);
    if (js_top(p)->prec > P_TERN) return false;
    int can = open == UINT32_MAX ? MAYBE : parameters(ts_at(x, open));
    if (can == NO || !arrow_behind(p, x, ts_at(x, p->tok.off), can == YES)) return told(p, false);
    js_next(p);
    js_ts_type(p, true);
    return true;
}

bool js_ts_type_args(js *p)
{
    ts *x = types(p);
    uint32_t end;
    if (js_top(p)->kind == F_EXTENDS) {
        skip(p, TS_ARGS);
        return !p->err;
    }
    if (!ts_skip(x, TS_ARGS, p->tok.off, true, &end)) return told(p, false);
    if (end < p->n && (p->s[end] == '>' || p->s[end] == '=')) return false; /* >> and >= */
    if (!may_follow_type_args(ts_at(x, end))) return false;
    js_ts_resume(p, end);
    return true;
}

/* At `<`: type parameters and behind them the parameters of an arrow function. */
static bool generic_arrow(js *p, uint32_t off)
{
    ts *x = types(p);
    uint32_t end;
    ts_cur c = ts_at(x, off);
    ts_next(&c);
    if (c.t != TS_NAME || (ts_reserved(&c) && !ts_word(&c, "const"))) return false;
    if (!ts_skip(x, TS_PARAMS, off, true, &end)) return told(p, false);
    c = ts_at(x, end);
    if (c.t != '(' || (end = ts_close(x, c.off)) == TS_NO) return false;
    return told(p, arrow_behind(p, x, ts_at(x, end + 1), false));
}

void js_ts_angle(js *p)
{
    uint32_t off = p->tok.off;
    if (generic_arrow(p, off)) {
        js_ts_type_params(p);
        return;
    }
    skip(p, TS_ARGS);
    js_push(p, (js_frame){.kind = F_TS_CAST, .prec = P_UNARY, .off = off});
}

/* With JSX only `<T,`, `<T extends X` and `<const T` of those open type parameters. */
bool js_ts_tsx_arrow(js *p)
{
    ts *x = types(p);
    ts_cur c = ts_at(x, p->tok.off);
    ts_next(&c);
    if (c.t != TS_NAME || (ts_reserved(&c) && !ts_word(&c, "const"))) return false;
    if (ts_word(&c, "const")) ts_next(&c);
    ts_next(&c);
    if (ts_word(&c, "extends")) {
        ts_next(&c);
        if (c.t == '=' || c.t == '>' || (c.t == TS_OTHER && p->s[c.off] == '/')) return false;
    } else if (c.t != ',' && c.t != '=') {
        return false;
    }
    js_ts_type_params(p);
    return true;
}

uint32_t js_ts_tag_args(js *p, uint32_t off)
{
    uint32_t end;
    if (!ts_skip(types(p), TS_ARGS, off, false, &end)) js_fail(p, TW_GAP_SYNTAX);
    return end;
}

uint32_t js_ts_close(js *p, uint32_t open)
{
    return ts_close(types(p), open);
}

bool js_ts_arrow_ahead(js *p, uint32_t open)
{
    ts *x = types(p);
    uint32_t close = ts_close(x, open);
    if (close == TS_NO) return false;
    ts_cur c = ts_at(x, close + 1);
    return c.t == TS_ARROW || c.t == ':';
}

bool js_ts_is_module(js *p)
{
    if (p->module) return true;
    if (p->ts_module) return p->ts_module == 2;
    ts *x = types(p);
    p->ts_module = 1;
    uint32_t close;
    for (ts_cur c = ts_at(x, p->tok.off), n; c.t != TS_EOF && p->ts_module == 1; ts_next(&c)) {
        n = c;
        if (ts_word(&c, "import")) ts_next(&n);
        if (ts_word(&c, "export") || (ts_word(&c, "import") && n.t != '(')) p->ts_module = 2;
        bool opens = c.t == '(' || c.t == '[' || c.t == '{' || (c.t == TS_TEMPLATE && c.hole);
        if (opens && (close = ts_close(x, c.t == TS_TEMPLATE ? c.pos - 1 : c.off)) != TS_NO)
            c.pos = close + 1;
    }
    return p->ts_module == 2;
}

bool js_ts_is_index_signature(js *p)
{
    ts *x = types(p);
    ts_cur c = ts_at(x, p->tok.off);
    ts_next(&c);
    if (c.t == TS_DOTS || c.t == ']') return true;
    if (c.t != TS_NAME || (ts_reserved(&c) && !ts_word(&c, "const"))) return false;
    ts_next(&c);
    if (c.t == TS_NAME) return !ts_reserved(&c); /* [readonly k: T] */
    if (c.t != '?') return c.t == ':' || c.t == ',';
    ts_next(&c);
    return c.t == ':' || c.t == ',' || c.t == ']';
}
