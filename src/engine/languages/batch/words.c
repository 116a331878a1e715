/* SPDX-License-Identifier: Apache-2.0 */
/* Words of batch: quotes, ^, %NAME%, !NAME!, %%i, %1, %~dp0, %NAME:~1,2%, %NAME:a=b%; and `set`. */
#include "engine/languages/batch/bat.h"

enum { NAME_MAX_ = 200 };

static int at(const bat *p, uint32_t i)
{
    return i < p->n ? p->s[i] : -1;
}

static void part(bat *p, uint32_t v)
{
    TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
}

static void flush(bat *p)
{
    if (!p->lit.n) return;
    part(p, tw_text_emit(p->ir, tw_buf_str(&p->lit), p->word_off, p->pos));
    tw_buf_clear(&p->lit);
}

uint32_t bat_word_value(bat *p)
{
    flush(p);
    uint32_t v = tw_parts_emit(p->ir, p->parts.v, p->parts.n, p->word_off, p->pos);
    p->parts.n = 0;
    return v;
}

/* Names of variables know no case. */
static uint32_t name_id(bat *p, uint32_t from, uint32_t to)
{
    char up[NAME_MAX_];
    uint32_t n = to - from < NAME_MAX_ ? to - from : NAME_MAX_;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = p->s[from + i];
        up[i] = (char)(c >= 'a' && c <= 'z' ? c & ~32 : c);
    }
    return tw_intern(&p->ir->strings, tw_str_of(up, n));
}

static void read_var(bat *p, uint32_t id, uint32_t off)
{
    flush(p);
    part(p, tw_ir_emit(p->ir, TW_OP_READ, 0, p->quote ? 0 : TW_IF_EXPANDED, id, 0, 0, off, p->pos - off));
}

/* %NAME%, %NAME:~0,3%, %NAME:a=b%; false: the sign stands for itself. */
static bool named(bat *p, uint8_t sign)
{
    uint32_t off = p->pos, i = off + 1, colon = 0;
    for (; i < p->n && i - off < NAME_MAX_ && p->s[i] != sign && p->s[i] != '\n'; i++)
        if (p->s[i] == ':' && !colon) colon = i;
    if (at(p, i) != sign || i == off + 1) return false;
    for (uint32_t k = off + 1; k < (colon ? colon : i); k++)
        if (strchr(" \t\"&|<>", p->s[k])) return false;
    uint32_t to = colon ? colon : i;
    p->pos = i + 1;
    read_var(p, name_id(p, off + 1, to), off);
    if (!colon || colon + 1 >= i) return true;
    uint32_t v = p->parts.v[--p->parts.n].value;
    bool sub = p->s[colon + 1] == '~';
    tw_str how = tw_str_of((const char *)p->s + colon + 1 + sub, i - colon - 1 - sub);
    tw_arg a[2] = {{v, 0}, {tw_text_emit(p->ir, how, colon, i), 0}};
    tw_str op = sub ? TW_S("%:~") : TW_S("%:=");
    part(p, bat_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, op), 0, tw_ir_args(p->ir, a, 2), off));
    return true;
}

static void percent(bat *p)
{
    uint32_t off = p->pos;
    int c = at(p, off + 1), d = at(p, off + 2);
    if (c == '%' && d > ' ' && d != '%') { /* %%i, %%~dpi */
        uint32_t to = off + 2;
        while (at(p, to) == '~' ||
               (to > off + 2 && at(p, to - 1) != '~' && at(p, off + 2) == '~' && at(p, to + 1) > ' ' &&
                strchr("dpnxfsatz", at(p, to)) && at(p, to + 1) != '"'))
            to++;
        p->pos = to + 1 < p->n ? to + 1 : p->n;
        read_var(p, name_id(p, to, p->pos), off);
        return;
    }
    if (c == '%') {
        tw_buf_putc(&p->lit, '%');
        p->pos += 2;
        return;
    }
    if ((c >= '0' && c <= '9') || c == '*') {
        p->pos += 2;
        read_var(p, name_id(p, off + 1, off + 2), off);
        return;
    }
    if (c == '~') {
        uint32_t to = off + 2;
        while (at(p, to) > ' ' && strchr("dpnxfsatz", at(p, to))) to++;
        if (at(p, to) >= '0' && at(p, to) <= '9') {
            p->pos = to + 1;
            flush(p);
            bool here = to > off + 2 && at(p, to) == '0';
            if (here) /* %~dp0: where this file lies */
                part(p, tw_text_emit(p->ir, TW_S("./"), off, p->pos));
            else
                read_var(p, name_id(p, to, to + 1), off);
            return;
        }
    }
    if (named(p, '%')) return;
    tw_buf_putc(&p->lit, '%');
    p->pos++;
}

static void escape(bat *p)
{
    int c = at(p, p->pos + 1);
    p->pos += c < 0 ? 1 : 2;
    if (c == '\r' && at(p, p->pos) == '\n') p->pos++, c = '\n';
    if (c >= 0 && c != '\n') tw_buf_putc(&p->lit, (char)c);
}

void bat_word_char(bat *p)
{
    uint8_t c = p->s[p->pos];
    switch (c) {
    case '\n':
    case '\r': bat_word_end(p); return;
    case '"':
        p->quote = !p->quote;
        p->was_quoted = true;
        if (!p->quote && at(p, p->pos + 1) == '=' && at(p, p->pos + 2) == '=') p->glued = p->words.n + 1;
        p->pos++;
        return;
    case '\\':
        if (at(p, p->pos + 1) == '"' && p->quote) {
            tw_buf_putc(&p->lit, '"');
            p->pos += 2;
            return;
        }
        break;
    case '%': percent(p); return;
    case '!':
        if (named(p, '!')) return;
        break;
    case '^':
        if (p->quote) break;
        escape(p);
        return;
    case ' ':
    case '\t':
    case '&':
    case '|':
    case '<':
    case '>':
        if (p->quote) break;
        if (c == '<' || c == '>') {
            bool digit = p->lit.n == 1 && p->lit.p[0] >= '0' && p->lit.p[0] <= '9' && !p->parts.n;
            if (digit && !p->was_quoted) {
                uint8_t err = p->lit.p[0] == '2';
                tw_buf_clear(&p->lit);
                p->in_word = false;
                bool more = at(p, p->pos + 1) == '>', dup = at(p, p->pos + 1 + more) == '&';
                p->pos += 1u + more + dup;
                p->target = dup ? 'd' : c == '<' ? '<' : err ? '2' : more ? '+' : '>';
                return;
            }
        }
        bat_word_end(p);
        return;
    case ')':
        if (p->quote || (!p->frames.n && !p->for_set)) break;
        bat_word_end(p);
        return;
    default: break;
    }
    uint32_t from = p->pos++;
    while (p->pos < p->n && p->s[p->pos] && !strchr("\n\r\"\\%!^ \t&|<>)", p->s[p->pos])) p->pos++;
    tw_buf_put(&p->lit, p->s + from, p->pos - from);
}

/* One side of `set`: to the end of the command, blanks included. */
static uint32_t rest_value(bat *p, bool quoted)
{
    const uint8_t *nl = memchr(p->s + p->pos, '\n', p->n - p->pos);
    uint32_t end = nl ? (uint32_t)(nl - p->s) : p->n;
    p->word_off = p->pos;
    p->quote = quoted;
    while (p->pos < end) {
        uint8_t c = p->s[p->pos];
        if (c == '\n' || c == '\r') break;
        if (c == '"' && quoted) {
            if (!memchr(p->s + p->pos + 1, '"', end - p->pos - 1)) {
                p->pos++;
                break;
            }
            tw_buf_putc(&p->lit, '"');
            p->pos++;
            continue;
        }
        if (!quoted && (c == '&' || c == '|' || (c == ')' && p->frames.n))) break;
        if (c == '%')
            percent(p);
        else if (c == '^' && !quoted)
            escape(p);
        else if (c != '!' || !named(p, '!'))
            tw_buf_putc(&p->lit, (char)p->s[p->pos++]);
    }
    p->quote = false;
    return bat_word_value(p);
}

/* set NAME=value, set "NAME=value", set /a n=1+2, set /p NAME=prompt */
void bat_set(bat *p)
{
    uint32_t off = p->off;
    while (at(p, p->pos) == ' ' || at(p, p->pos) == '\t') p->pos++;
    int how = 0;
    if (at(p, p->pos) == '/' && at(p, p->pos + 1) > ' ') {
        how = at(p, p->pos + 1) | 32;
        p->pos += 2;
        while (at(p, p->pos) == ' ') p->pos++;
    }
    bool quoted = at(p, p->pos) == '"';
    p->pos += quoted;
    uint32_t from = p->pos, to = from;
    while (to < p->n && to - from < NAME_MAX_ && !strchr("=\r\n&|\"", p->s[to])) to++;
    if (at(p, to) != '=') { /* `set` alone lists the environment, as env does */
        tw_word w = {tw_text_emit(p->ir, TW_S("env"), off, p->pos), off, p->pos, false};
        tw_command c = {.words = &w, .n = 1, .off = off, .end = p->pos};
        p->last = tw_command_emit(p->ir, p->tmp, &c);
        return;
    }
    uint32_t name = name_id(p, from, to);
    p->pos = to + 1;
    uint32_t v = rest_value(p, quoted);
    tw_arg a = {v, 0};
    if (how)
        v = bat_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, TW_S("set")), 0, tw_ir_args(p->ir, &a, 1),
                     off);
    bat_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, name, v, 0, off);
}
