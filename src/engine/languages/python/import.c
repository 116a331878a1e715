/* SPDX-License-Identifier: Apache-2.0 */
/* Imports, and the statements that Python 2 alone has. */
#include "engine/languages/python/py.h"

enum { DOTTED_MAX = 1000 };

static bool is_name(const py_tok *t)
{
    return t->t == T_NAME || py_keyword(t);
}

/* a.b.c, spaces and all, as "a.b.c"; *ret_first: "a". */
static uint32_t dotted(py *p, uint32_t *ret_first)
{
    if (!is_name(&p->tok) || p->tok.t == T_IMPORT) return 0;
    uint32_t id = p->tok.id;
    *ret_first = id;
    py_next(p);
    if (!py_is(p, T_DOT)) return id;
    tw_buf_clear(&p->lit);
    tw_buf_puts(&p->lit, tw_ir_text(p->ir, id));
    while (py_is(p, T_DOT)) {
        py_next(p);
        if (!is_name(&p->tok)) {
            py_fail(p, TW_GAP_SYNTAX);
            break;
        }
        tw_buf_putc(&p->lit, '.');
        tw_buf_puts(&p->lit, tw_ir_text(p->ir, p->tok.id));
        py_next(p);
    }
    id = tw_intern(&p->ir->strings, tw_buf_str(&p->lit));
    tw_buf_clear(&p->lit);
    return id;
}

static uint32_t alias(py *p)
{
    if (!py_accept(p, T_AS)) return 0;
    if (!is_name(&p->tok)) {
        py_fail(p, TW_GAP_SYNTAX);
        return 0;
    }
    uint32_t id = p->tok.id;
    py_next(p);
    return id;
}

void py_import(py *p)
{
    do {
        py_next(p);
        uint32_t off = p->tok.off, first = 0, module = dotted(p, &first), end = p->prev_end;
        if (!module || p->err) {
            py_fail(p, TW_GAP_SYNTAX);
            return;
        }
        uint32_t v = py_emit(p, TW_OP_IMPORT, 0, 0, module, 0, 0, off, end);
        uint32_t as = alias(p);
        if (p->err) return;
        if (!as && first != module) v = py_emit(p, TW_OP_IMPORT, 0, TW_IF_PARENT, first, 0, 0, off, end);
        py_emit(p, TW_OP_BIND, TW_BIND_IMPORT, 0, as ? as : first, v, 0, off, p->prev_end);
    } while (py_is(p, T_COMMA));
}

static void from_names(py *p, uint32_t module, uint8_t level, uint32_t off)
{
    bool paren = py_accept_open(p);
    while (!py_is(p, T_RPAR) && !py_line_end(p)) {
        if (!is_name(&p->tok)) break;
        py_tok t = p->tok;
        py_next(p);
        if (module == W_FUTURE && t.id == W_PRINT_FUNCTION) p->print_function = true;
        uint32_t v = py_emit(p, TW_OP_IMPORT, level, 0, module, t.id, 0, off, t.end);
        uint32_t as = alias(p);
        if (p->err) return;
        py_emit(p, TW_OP_BIND, TW_BIND_IMPORT, 0, as ? as : t.id, v, 0, t.off, p->prev_end);
        if (!py_accept(p, T_COMMA)) break;
    }
    if (!paren) return;
    if (!py_is(p, T_RPAR)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    p->depth--;
    py_next(p);
}

bool py_accept_open(py *p)
{
    if (!py_is(p, T_LPAR)) return false;
    p->depth++;
    py_next(p);
    return true;
}

void py_from(py *p)
{
    uint32_t off = p->tok.off, level = 0, first = 0;
    py_next(p);
    for (; py_is(p, T_DOT) || py_is(p, T_DOTS); py_next(p)) level += p->tok.t == T_DOT ? 1 : 3;
    if (level > 255) level = 255;
    uint32_t module = dotted(p, &first);
    if (p->err || !py_is(p, T_IMPORT) || (!module && !level)) {
        py_fail(p, TW_GAP_SYNTAX);
        return;
    }
    py_next(p);
    if (py_is(p, T_STAR)) {
        py_emit(p, TW_OP_IMPORT, (uint8_t)level, TW_IF_STAR, module, 0, 0, off, p->tok.end);
        py_next(p);
    } else {
        from_names(p, module, (uint8_t)level, off);
    }
}

/* Python 2's print and exec statements: what follows cannot go on an expression. */
static bool starts_operand(uint8_t t)
{
    static const bool yes[T_MAX] = {
        [T_NAME] = 1,   [T_INT] = 1,   [T_FLOAT] = 1, [T_STRING] = 1, [T_LBRACE] = 1,
        [T_TICK] = 1,   [T_NONE] = 1,  [T_TRUE] = 1,  [T_FALSE] = 1,  [T_LAMBDA] = 1,
        [T_RSHIFT] = 1, [T_TILDE] = 1, [T_ASYNC] = 1, [T_AWAIT] = 1};
    return yes[t];
}

/* `print (a), b`, `print -1`: a statement where the file is Python 2's, an expression where it is not. */
static bool in_doubt(uint8_t t)
{
    return t == T_LPAR || t == T_LSQB || t == T_MINUS || t == T_PLUS;
}

static uint32_t statement_items(py *p, bool is_print)
{
    uint32_t n = 0;
    tw_arg a[64];
    while (!p->err && !py_line_end(p) && !py_is(p, T_SEMI)) {
        bool to = is_print && py_accept(p, T_RSHIFT);
        uint32_t v = py_expr(p, (uint8_t)(is_print ? FF_NO_TUPLE : FF_NO_TUPLE | FF_NO_IN));
        if (n < TW_COUNT(a)) a[n++] = (tw_arg){v, to ? W_FILE : 0};
        if (!py_accept(p, T_COMMA) && (is_print || !py_accept(p, T_IN))) break;
    }
    return py_args(p, a, n);
}

bool py_python2(py *p)
{
    py_tok t = p->tok, next = py_peek(p);
    bool is_print = t.id == W_PRINT, doubt = is_print && in_doubt(next.t) && !p->print_function;
    if (doubt && !p->py2) p->doubtful |= next.t != T_LPAR;
    if (!starts_operand(next.t) && !(next.t == T_NOT && is_print) && !(doubt && p->py2)) return false;
    p->py2 = true;
    uint32_t callee = py_emit(p, TW_OP_READ, 0, 0, t.id, 0, 0, t.off, t.end);
    py_next(p);
    uint32_t args = statement_items(p, is_print);
    uint32_t end = p->prev_end > t.end ? p->prev_end : t.end;
    bool call = p->paren_off == next.off && p->paren_end == end; /* print (a) is a call in both */
    py_emit(p, TW_OP_CALL, 0, call ? 0 : TW_IF_STATEMENT, callee, 0, args, t.off, end);
    return true;
}
