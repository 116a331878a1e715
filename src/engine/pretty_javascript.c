/* SPDX-License-Identifier: Apache-2.0 */
/* Lines end behind ; { } and, when they are long, behind a comma; they begin before }. None of these places
 * makes JavaScript read a semicolon that was not there. */
#include "engine/unwrap.h"

enum { WIDE = 100, DEEP = 4096, INDENTED = 40, KEY = 16 };

typedef struct printer {
    tw_str text;
    size_t at, line;
    tw_buf *out;
    char open[DEEP]; /* brackets; $ is ${ of a template */
    uint32_t depth, braces;
    bool fresh;    /* nothing stands on the line yet */
    bool pending;  /* a line is to begin before the next token */
    char last;     /* last byte of the last token */
    char key[KEY]; /* the last token, when it is a word */
} printer;

static char peek(const printer *p, size_t i)
{
    return p->at + i < p->text.n ? p->text.p[p->at + i] : '\0';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '#' || c & 0x80;
}

static void begin_line(printer *p)
{
    if (!p->fresh) tw_buf_putc(p->out, '\n');
    p->line = p->out->n;
    p->fresh = true;
    p->pending = false;
}

static void copy(printer *p, size_t n)
{
    if (p->pending) begin_line(p);
    if (p->fresh)
        for (uint32_t i = 0; i < p->braces && i < INDENTED; i++) tw_buf_puts(p->out, TW_S("  "));
    p->fresh = false;
    tw_str s = tw_str_sub(p->text, p->at, p->at + n);
    tw_buf_puts(p->out, s);
    p->at += s.n;
    if (s.n) p->last = s.p[s.n - 1];
    p->key[0] = '\0';
}

/* To the end of the template or to its next ${. */
static void template(printer *p, size_t from)
{
    size_t i = from;
    for (; p->at + i < p->text.n; i++) {
        if (peek(p, i) == '\\')
            i++;
        else if (peek(p, i) == '`') {
            copy(p, i + 1);
            return;
        } else if (peek(p, i) == '$' && peek(p, i + 1) == '{') {
            copy(p, i + 2);
            if (p->depth < DEEP) p->open[p->depth] = '$';
            p->depth++;
            p->last = '(';
            return;
        }
    }
    copy(p, i);
}

static void quoted(printer *p)
{
    size_t i = 1;
    for (; p->at + i < p->text.n && peek(p, i) != peek(p, 0) && peek(p, i) != '\n'; i++)
        if (peek(p, i) == '\\') i++;
    copy(p, i + 1);
}

static bool regex_may_stand(const printer *p)
{
    static const char words[] =
        " return typeof case in of delete void throw new else do instanceof yield await ";
    if (p->key[0]) {
        tw_buf k = TW_BUF_INIT;
        tw_buf_fmt(&k, " %s ", p->key);
        bool before = tw_str_find(tw_str_c(words), tw_buf_str(&k)) != TW_NPOS;
        tw_buf_free(&k);
        return before;
    }
    return !p->last || !(is_word(p->last) || strchr(")]\"'`", p->last));
}

static void regex(printer *p)
{
    bool set = false;
    size_t i = 1;
    for (; p->at + i < p->text.n && peek(p, i) != '\n'; i++) {
        char c = peek(p, i);
        if (c == '\\')
            i++;
        else if (c == '[')
            set = true;
        else if (c == ']')
            set = false;
        else if (c == '/' && !set)
            break;
    }
    copy(p, i + 1);
    p->last = ')';
}

static void comment(printer *p)
{
    tw_str rest = tw_str_sub(p->text, p->at, p->text.n);
    bool line = peek(p, 1) == '/';
    size_t end = line ? tw_str_chr(rest, '\n') : tw_str_find(rest, TW_S("*/"));
    char last = p->last;
    copy(p, end == TW_NPOS ? rest.n : line ? end : end + 2);
    p->last = last;
}

/* What follows } on its line. */
static bool goes_on(const printer *p)
{
    static const char *const words[] = {"else", "catch",      "finally", "while", "of",
                                        "in",   "instanceof", "from",    "as"};
    size_t i = 0;
    while (peek(p, i) == ' ') i++;
    char c = peek(p, i);
    if (!is_word(c)) return c != '{' && c != '}' && c != '"' && c != '\'' && c != '@';
    for (size_t k = 0; k < TW_COUNT(words); k++) {
        size_t n = strlen(words[k]);
        tw_str at = tw_str_sub(p->text, p->at + i, p->at + i + n);
        if (tw_str_eq(at, tw_str_c(words[k])) && !is_word(peek(p, i + n))) return true;
    }
    return false;
}

static char top(const printer *p)
{
    return p->depth && p->depth <= DEEP ? p->open[p->depth - 1] : '\0';
}

static void mark(printer *p, char c)
{
    if (c == '(' || c == '[' || c == '{') {
        copy(p, 1);
        if (p->depth < DEEP) p->open[p->depth] = c;
        p->depth++;
        if (c != '{') return;
        p->braces++;
        size_t i = 0;
        while (peek(p, i) == ' ') i++;
        p->pending = peek(p, i) != '}';
        return;
    }
    if (c == '}' && top(p) == '$') {
        p->depth--;
        template(p, 1);
        return;
    }
    if (c == ')' || c == ']' || c == '}') p->depth -= p->depth > 0;
    if (c != '}') {
        copy(p, 1);
        if (c == ';' && top(p) != '(') p->pending = true;
        if (c == ',' && p->out->n - p->line > WIDE) p->pending = true;
        return;
    }
    p->braces -= p->braces > 0;
    if (p->last != '{') p->pending = true;
    copy(p, 1);
    p->pending = !goes_on(p);
}

static void word(printer *p)
{
    size_t n = 0;
    while (p->at + n < p->text.n && is_word(peek(p, n))) n++;
    tw_str w = tw_str_sub(p->text, p->at, p->at + n);
    copy(p, n);
    if (n < KEY) {
        memcpy(p->key, w.p, n);
        p->key[n] = '\0';
    }
}

static void blank(printer *p)
{
    bool line = false;
    while (p->at < p->text.n && strchr(" \t\r\n\v\f", peek(p, 0)) && peek(p, 0)) {
        line |= peek(p, 0) == '\n' || peek(p, 0) == '\r';
        p->at++;
    }
    if (line)
        begin_line(p); /* it may mean something */
    else if (!p->fresh && !p->pending)
        tw_buf_putc(p->out, ' ');
}

void tw_pretty_javascript(tw_str text, tw_buf *out)
{
    __attribute__((uninitialized)) printer p;
    memset(&p, 0, offsetof(printer, open));
    p.text = text, p.out = out;
    p.depth = p.braces = 0;
    p.fresh = true, p.pending = false, p.last = '\0', p.key[0] = '\0';
    while (p.at < text.n && !out->over) {
        char c = peek(&p, 0);
        if (c && strchr(" \t\r\n\v\f", c))
            blank(&p);
        else if (c == '/' && (peek(&p, 1) == '/' || peek(&p, 1) == '*'))
            comment(&p);
        else if (c == '/' && regex_may_stand(&p))
            regex(&p);
        else if (c == '"' || c == '\'')
            quoted(&p);
        else if (c == '`')
            template(&p, 1);
        else if (is_word(c))
            word(&p);
        else
            mark(&p, c);
    }
    if (p.at && !p.fresh) tw_buf_putc(out, '\n');
}
