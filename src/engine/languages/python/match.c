/* SPDX-License-Identifier: Apache-2.0 */
/* match and case: soft keywords. */
#include "engine/languages/python/py.h"

/* True when the line goes on to a ":" at its end, outside of brackets: then it is no expression. */
static bool header_ahead(py *p)
{
    py_tok tok = p->tok;
    uint32_t pos = p->pos, prev = p->prev_end, depth = p->depth, lambdas = 0;
    uint64_t left = p->tokens_left, seen = p->ir->tokens;
    bool yes = false;
    for (py_next(p); !py_line_end(p) && !yes && p->ahead_left; py_next(p)) {
        p->ahead_left--;
        uint8_t t = p->tok.t;
        uint32_t close;
        if (t == T_STRING) {
            if (!py_string_end(p, &p->tok, &close)) break;
            p->pos = close + py_quote_len(&p->tok);
        }
        if (t == T_LPAR || t == T_LSQB || t == T_LBRACE)
            p->depth++;
        else if ((t == T_RPAR || t == T_RSQB || t == T_RBRACE) && p->depth > depth)
            p->depth--;
        else if (p->depth > depth)
            continue;
        else if (t == T_LAMBDA)
            lambdas++;
        else if (t == T_COLON && lambdas)
            lambdas--;
        else if (t == T_COLON)
            yes = true;
        else if (t == T_ASSIGN || t == T_SEMI || t == T_AUG)
            break;
    }
    p->tok = tok, p->pos = pos, p->prev_end = prev, p->depth = depth;
    p->tokens_left = left, p->ir->tokens = seen;
    return yes;
}

bool py_match(py *p)
{
    static const bool never[T_MAX] = {
        [T_DOT] = 1, [T_ASSIGN] = 1, [T_AUG] = 1,  [T_COMMA] = 1, [T_NEWLINE] = 1,
        [T_EOF] = 1, [T_COLON] = 1,  [T_RPAR] = 1, [T_SEMI] = 1,  [T_WALRUS] = 1,
        [T_IN] = 1,  [T_IS] = 1,     [T_IF] = 1,   [T_ELSE] = 1,  [T_FOR] = 1,
        [T_AND] = 1, [T_OR] = 1,     [T_EQ] = 1,   [T_NE] = 1};
    bool is_match = p->tok.id == W_MATCH;
    uint32_t off = p->tok.off;
    if (never[py_peek(p).t] || !header_ahead(p)) return false;
    py_next(p);
    if (is_match) {
        p->subject = py_expr(p, 0);
        py_suite(p, TW_REGION_MATCH, p->subject, 0, AFTER_NONE, off);
        return true;
    }
    py_expr(p, FF_PATTERN);
    uint32_t guard = 0;
    if (!p->err && py_accept(p, T_IF)) guard = py_expr(p, 0);
    if (!p->err) py_suite(p, TW_REGION_CASE, guard, 0, AFTER_NONE, off);
    return true;
}
