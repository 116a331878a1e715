/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/unwrap.h"

enum { WIDE = 100, INDENT_MAX = 200 };

typedef struct printer {
    tw_str text;
    size_t at, line; /* line: where the line of output begins */
    tw_buf *out;
    uint32_t depth; /* open brackets */
    tw_str indent;  /* of the logical line */
    bool compound;  /* it may carry its suite behind a colon */
    bool suite;     /* that suite was moved to lines of its own */
    uint32_t lambdas;
} printer;

static char peek(const printer *p, size_t i)
{
    return p->at + i < p->text.n ? p->text.p[p->at + i] : '\n';
}

static void copy(printer *p, size_t n)
{
    tw_buf_puts(p->out, tw_str_sub(p->text, p->at, p->at + n));
    p->at = p->at + n < p->text.n ? p->at + n : p->text.n;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c & 0x80;
}

static void break_line(printer *p, const char *more)
{
    while (peek(p, 0) == ' ' || peek(p, 0) == '\t') p->at++;
    tw_buf_putc(p->out, '\n');
    p->line = p->out->n;
    tw_buf_puts(p->out, p->indent);
    tw_buf_puts(p->out, tw_str_c(more));
}

/* Something stands on this line behind blanks. */
static bool more_follows(const printer *p)
{
    size_t i = 0;
    while (peek(p, i) == ' ' || peek(p, i) == '\t') i++;
    char c = peek(p, i);
    return c != '\n' && c != '\r' && c != '#' && c != '\\';
}

static void string(printer *p)
{
    char q = peek(p, 0);
    bool triple = peek(p, 1) == q && peek(p, 2) == q;
    size_t i = triple ? 3 : 1;
    for (; p->at + i < p->text.n; i++) {
        char c = peek(p, i);
        if (c == '\\')
            i++;
        else if (c == q && (!triple || (peek(p, i + 1) == q && peek(p, i + 2) == q)))
            break;
        else if (c == '\n' && !triple)
            break;
    }
    copy(p, i + (triple ? 3 : 1));
}

static void word(printer *p)
{
    static const char compounds[] =
        " if elif else for while try except finally with def class async match case ";
    char key[16] = " ";
    size_t n = 0;
    bool first = tw_str_trim(tw_str_sub(tw_buf_str(p->out), p->line, p->out->n)).n == 0;
    while (p->at + n < p->text.n && is_word(peek(p, n))) n++;
    if (n < sizeof key - 2) {
        memcpy(key + 1, p->text.p + p->at, n);
        key[n + 1] = ' ';
        tw_str k = {key, n + 2};
        if (first && !p->depth && !p->suite && tw_str_find(tw_str_c(compounds), k) != TW_NPOS)
            p->compound = true;
        if (!p->depth && tw_str_eq(k, TW_S(" lambda "))) p->lambdas++;
    }
    copy(p, n);
}

static void logical_line(printer *p)
{
    size_t n = 0;
    while (p->at + n < p->text.n && (peek(p, n) == ' ' || peek(p, n) == '\t') && n < INDENT_MAX) n++;
    p->indent = tw_str_sub(p->text, p->at, p->at + n);
    p->line = p->out->n;
    p->compound = p->suite = false;
    p->lambdas = 0;
    copy(p, n);
}

static void mark(printer *p, char c)
{
    if (c == '(' || c == '[' || c == '{') p->depth++;
    if ((c == ')' || c == ']' || c == '}') && p->depth) p->depth--;
    copy(p, 1);
    if (p->depth) {
        if (c == ',' && p->out->n - p->line > WIDE && more_follows(p)) break_line(p, "        ");
        return;
    }
    const char *step = p->indent.n && p->indent.p[0] == '\t' ? "\t" : "    ";
    if (c == ';' && more_follows(p)) break_line(p, p->suite ? step : "");
    if (c != ':' || peek(p, 0) == '=') return;
    if (p->lambdas) {
        p->lambdas--;
    } else if (p->compound && more_follows(p)) {
        p->suite = true;
        p->compound = false;
        break_line(p, step);
    }
}

void tw_pretty_python(tw_str text, tw_buf *out)
{
    printer p = {.text = text, .out = out};
    logical_line(&p);
    while (p.at < text.n && !out->over) {
        char c = peek(&p, 0);
        if (c == '\n') {
            copy(&p, 1);
            if (p.depth)
                p.line = out->n;
            else
                logical_line(&p);
        } else if (c == '#') {
            size_t end = tw_str_chr(tw_str_sub(text, p.at, text.n), '\n');
            copy(&p, end == TW_NPOS ? text.n - p.at : end);
        } else if (c == '"' || c == '\'') {
            string(&p);
        } else if (c == '\\') {
            copy(&p, 2);
        } else if (is_word(c)) {
            word(&p);
        } else {
            mark(&p, c);
        }
    }
}
