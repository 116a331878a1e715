/* SPDX-License-Identifier: Apache-2.0 */
/* Which bracket closes which, in text that may hold expressions. Each bracket is looked up once: what was
 * passed on the way is remembered. */
#include "engine/languages/javascript/ts.h"

enum { IN_TEMPLATE = '`' };

/* Does a "/" behind this token start a regular expression? */
static bool regex_behind(const ts_cur *c)
{
    static const char *const words[] = {"return", "typeof", "case", "in",    "of",    "do",    "else",
                                        "void",   "delete", "new",  "throw", "await", "yield", "instanceof"};
    if (c->t == TS_NAME) {
        for (size_t i = 0; i < TW_COUNT(words); i++)
            if (ts_word(c, words[i])) return true;
        return false;
    }
    return c->t != TS_NUMBER && c->t != TS_STRING && (c->t != TS_TEMPLATE || c->hole) && c->t != TS_PRIVATE &&
           c->t != ')' && c->t != ']' && c->t != '}';
}

/* c is on the "/": behind the regular expression, or where it was when its line ends first. */
static void regex(ts_cur *c)
{
    bool set = false;
    for (uint32_t i = c->off + 1; i < c->n && c->s[i] != '\n' && c->s[i] != '\r'; i++) {
        if (c->s[i] == '\\') {
            i++;
        } else if (c->s[i] == '[') {
            set = true;
        } else if (c->s[i] == ']') {
            set = false;
        } else if (c->s[i] == '/' && !set) {
            c->pos = i + 1;
            c->t = TS_STRING;
            return;
        }
    }
}

static uint8_t closes(uint8_t close)
{
    return close == ')' ? '(' : close == ']' ? '[' : '{';
}

/* The bracket c is on, against the stack; false where they do not match. */
static bool bracket(ts *x, ts_cur *c)
{
    ts_frame f = x->opens.v[x->opens.n - 1];
    if (c->t == '}' && f.kind == IN_TEMPLATE) {
        ts_template(c);
        x->opens.n -= !c->hole;
        return c->t != TS_OTHER;
    }
    if (f.kind != closes(c->t)) return false;
    ts_learn(x, &x->brackets, f.off, c->off);
    x->opens.n--;
    return true;
}

static bool steps(const ts_cur *c)
{
    return c->t == TS_OTHER && c->pos - c->off == 2 && (c->s[c->off] == '+' || c->s[c->off] == '-') &&
           c->s[c->off + 1] == c->s[c->off];
}

uint32_t ts_close(ts *x, uint32_t open)
{
    uint32_t ret = TS_NO;
    if (ts_known(&x->brackets, open, &ret)) return ret;
    x->opens.n = 0;
    ts_cur c = ts_at(x, open), last = c;
    TW_PUSH(x->tmp, x->opens, (ts_frame){open, c.t});
    bool ok = true;
    while (ok && x->opens.n) {
        if (!steps(&c)) last = c; /* a++ / b, but ++/b/.c */
        ts_next(&c);
        if (c.t == '(' || c.t == '[' || c.t == '{') {
            uint32_t known;
            TW_PUSH(x->tmp, x->opens, (ts_frame){c.off, c.t});
            if (ts_known(&x->brackets, c.off, &known)) {
                x->opens.n--;
                ok = known != TS_NO;
                if (ok) c.pos = known, ts_next(&c);
            }
        } else if (c.t == ')' || c.t == ']' || c.t == '}') {
            ok = bracket(x, &c);
        } else if (c.t == TS_TEMPLATE && c.hole) {
            TW_PUSH(x->tmp, x->opens, (ts_frame){c.off, IN_TEMPLATE});
        } else if (c.t == TS_OTHER && c.s[c.off] == '/' && regex_behind(&last)) {
            regex(&c);
        } else if (c.t == TS_EOF) {
            ok = false;
        }
    }
    for (uint32_t i = 0; i < x->opens.n; i++) ts_learn(x, &x->brackets, x->opens.v[i].off, TS_NO);
    x->taken += c.taken;
    ts_known(&x->brackets, open, &ret);
    return ret;
}
