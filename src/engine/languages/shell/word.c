/* SPDX-License-Identifier: Apache-2.0 */
/* Words: quoting, parameters, substitutions. Constant text gathers in p->lit; parts are values. */
#include "base/utf8.h"
#include "engine/languages/shell/sh.h"

void sh_word_start(sh *p)
{
    p->st.in_word = 1;
    p->st.word_off = p->pos;
    if (p->st.off == UINT32_MAX) p->st.off = p->pos;
}

void sh_flush(sh *p)
{
    if (!p->lit.n) return;
    uint32_t off = p->st.word_off < p->pos ? p->st.word_off : p->pos;
    uint32_t v = tw_text_emit(p->ir, tw_buf_str(&p->lit), off, p->pos);
    tw_buf_clear(&p->lit);
    TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
}

void sh_part(sh *p, uint32_t value)
{
    sh_flush(p);
    TW_PUSH(p->tmp, p->parts, ((tw_arg){value, 0}));
}

uint32_t sh_word_value(sh *p)
{
    sh_flush(p);
    uint32_t n = p->parts.n - p->st.parts, off = p->st.word_off < p->pos ? p->st.word_off : p->pos;
    uint32_t v = tw_parts_emit(p->ir, p->parts.v + p->st.parts, n, off, p->pos);
    p->parts.n = p->st.parts;
    return v;
}

/* $'\x41\n' */
static void ansi_escape(sh *p)
{
    static const char from[] = "abefnrtv\\'\"?E", to[] = "\a\b\033\f\n\r\t\v\\'\"?\033";
    int c = sh_at(p, ++p->pos);
    const char *at = c > 0 ? strchr(from, c) : NULL;
    uint32_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0, v = 0, k = 0;
    if (at) {
        tw_buf_putc(&p->lit, to[at - from]);
        p->pos++;
        return;
    }
    if (c >= '0' && c <= '7') {
        for (; k < 3 && sh_at(p, p->pos) >= '0' && sh_at(p, p->pos) <= '7'; k++)
            v = v * 8 + (uint32_t)(p->s[p->pos++] - '0');
        tw_buf_putc(&p->lit, (char)v);
        return;
    }
    if (!digits) {
        tw_buf_putc(&p->lit, '\\');
        return;
    }
    p->pos++;
    for (; k < digits; k++, p->pos++) {
        int h = sh_at(p, p->pos);
        int low = h | 32;
        if (!(h >= '0' && h <= '9') && !(low >= 'a' && low <= 'f')) break;
        v = v * 16 + (uint32_t)(h <= '9' ? h - '0' : low - 'a' + 10);
    }
    if (c == 'x')
        tw_buf_putc(&p->lit, (char)v);
    else
        tw_utf8_put(&p->lit, v <= 0x10FFFF ? v : 0xFFFD);
}

static void ansi_quote(sh *p)
{
    p->pos += 2;
    p->st.quoted = 1;
    while (p->pos < p->end && p->s[p->pos] != '\'')
        if (p->s[p->pos] == '\\')
            ansi_escape(p);
        else
            tw_buf_putc(&p->lit, (char)p->s[p->pos++]);
    if (p->pos < p->end) p->pos++;
}

static void single_quote(sh *p)
{
    const uint8_t *from = p->s + p->pos + 1, *to = memchr(from, '\'', p->end - p->pos - 1);
    p->st.quoted = 1;
    size_t n = to ? (size_t)(to - from) : p->end - p->pos - 1;
    if (!to) p->ir->flags |= TW_IRF_RECOVERED;
    tw_buf_put(&p->lit, from, n);
    p->pos += (uint32_t)n + 1 + (to != NULL);
}

/* Unquoted $IFS: what the words around it are split by. */
static bool splits(sh *p, tw_str name)
{
    bool here = !p->st.dq && !p->st.assign && sh_top(p)->kind != SH_BRACE && sh_top(p)->kind != SH_HEREDOC;
    if (!here || !tw_str_eq(name, TW_S("IFS"))) return false;
    sh_word_end(p);
    return true;
}

static void read_name(sh *p, tw_str name, uint32_t off)
{
    if (splits(p, name)) return;
    uint32_t id = tw_intern(&p->ir->strings, name);
    uint16_t flags = p->st.dq ? 0 : TW_IF_EXPANDED;
    sh_flush(p);
    uint32_t v = tw_ir_emit(p->ir, TW_OP_READ, 0, flags, id, 0, 0, off, p->pos - off);
    sh_part(p, v);
}

/* Commands within arithmetic run before it is computed. */
static void embed_commands(sh *p, tw_str text, uint32_t off)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        bool open = text.p[i] == '$' && text.p[i + 1] == '(' && (i + 2 >= text.n || text.p[i + 2] != '(');
        if (!open && text.p[i] != '`') continue;
        size_t from = i + (open ? 2 : 1), to = from;
        for (uint32_t depth = 1; to < text.n; to++) {
            if (open) depth += (text.p[to] == '(') - (text.p[to] == ')');
            if (open ? !depth : text.p[to] == '`') break;
        }
        uint32_t v =
            tw_text_emit(p->ir, tw_str_sub(text, from, to), off + (uint32_t)from, off + (uint32_t)to);
        sh_emit(p, TW_OP_EMBED, 0, tw_intern(&p->ir->strings, TW_S("shell")), v, 0, off + (uint32_t)from);
        i = to;
    }
}

/* Behind "((": counts parentheses, reads what is expanded. */
uint32_t sh_arithmetic(sh *p)
{
    uint32_t off = p->pos, depth = 2;
    while (p->pos < p->end && depth) {
        uint8_t c = p->s[p->pos++];
        depth += (c == '(') - (c == ')');
        if (c == '\n' && p->pos - off > 4096) break;
    }
    uint32_t to = p->pos - (p->pos - off >= 2 && !depth ? 2 : 0);
    tw_str text = tw_str_trim(tw_str_of((const char *)p->s + off, to - off));
    embed_commands(p, text, (uint32_t)((const uint8_t *)text.p - p->s));
    uint64_t n;
    uint32_t v = tw_text_emit(p->ir, text, off, to);
    if (tw_str_u64(text, &n)) return v;
    tw_arg a = {v, 0};
    return sh_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, TW_S("$((")), 0, tw_ir_args(p->ir, &a, 1), off);
}

static bool special(int c)
{
    return c > 0 && strchr("@*#?-$!", c);
}

/* At "${". */
static void parameter(sh *p)
{
    uint32_t off = p->pos, from;
    bool length = false;
    p->pos += 2;
    int c = sh_at(p, p->pos);
    if ((c == '#' || c == '!') && sh_at(p, p->pos + 1) != '}') length = c == '#', p->pos++;
    from = p->pos;
    while (sh_name_char(sh_at(p, p->pos))) p->pos++;
    if (p->pos == from && special(sh_at(p, p->pos))) p->pos++;
    tw_str name = tw_str_of((const char *)p->s + from, p->pos - from);
    if (sh_at(p, p->pos) == '[')
        while (p->pos < p->end && p->s[p->pos] != '}' && p->s[p->pos] != '\n' && p->s[p->pos++] != ']') {
        }
    c = sh_at(p, p->pos);
    if (!name.n) {
        tw_buf_put(&p->lit, p->s + off, p->pos - off);
        return;
    }
    if (c == '}' && !length && splits(p, name)) {
        p->pos++;
        return;
    }
    sh_flush(p);
    uint32_t id = tw_intern(&p->ir->strings, name);
    uint32_t v = tw_ir_emit(p->ir, TW_OP_READ, 0, p->st.dq ? 0 : TW_IF_EXPANDED, id, 0, 0, off, p->pos - off);
    if (c == '}') {
        p->pos++;
        tw_arg a = {v, 0};
        if (length)
            v = sh_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, TW_S("${#")), 0, tw_ir_args(p->ir, &a, 1),
                        off);
        sh_part(p, v);
        return;
    }
    if (c < 0) {
        sh_part(p, v);
        return;
    }
    if (c == ':' && sh_at(p, p->pos + 1) > 0 && strchr("-=+?", sh_at(p, p->pos + 1))) c = sh_at(p, ++p->pos);
    p->pos++;
    if (!sh_push(p, SH_BRACE, off)) return;
    sh_top(p)->op = (uint8_t)c;
    sh_top(p)->value = v;
    sh_top(p)->name = id;
    p->st.in_word = 1;
    p->st.word_off = p->pos;
}

/* f->more: the word in it. */
void sh_brace_end(sh *p, const sh_frame *f)
{
    char op[3] = {'$', '{', (char)f->op};
    tw_arg a[2] = {{f->value, 0}, {f->more, 0}};
    uint32_t v;
    if (f->op == '-' || f->op == '=' || f->op == '?')
        v = sh_emit(p, TW_OP_CHOOSE, 0, f->value, f->value, f->more, f->off);
    else if (f->op == '+')
        v = sh_emit(p, TW_OP_CHOOSE, 0, f->value, f->more, f->value, f->off);
    else
        v = sh_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, tw_str_of(op, 3)), 0, tw_ir_args(p->ir, a, 2),
                    f->off);
    if (f->op == '=') sh_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, f->name, v, 0, f->off);
    sh_part(p, v);
}

static void dollar(sh *p)
{
    uint32_t off = p->pos;
    int c = sh_at(p, off + 1);
    if (c == '(' && sh_at(p, off + 2) == '(') {
        p->pos += 3;
        sh_flush(p);
        sh_part(p, sh_arithmetic(p));
    } else if (c == '(') {
        sh_flush(p);
        p->pos += 2;
        sh_push(p, SH_SUBST, off);
    } else if (c == '{') {
        parameter(p);
    } else if (c == '\'' && !p->st.dq) {
        ansi_quote(p);
    } else if (c == '"' && !p->st.dq) {
        p->pos++;
    } else if (sh_name_char(c) && !(c >= '0' && c <= '9')) {
        uint32_t to = off + 1;
        while (sh_name_char(sh_at(p, to))) to++;
        p->pos = to;
        read_name(p, tw_str_of((const char *)p->s + off + 1, to - off - 1), off);
    } else if (special(c) || (c >= '0' && c <= '9')) {
        p->pos += 2;
        read_name(p, tw_str_of((const char *)p->s + off + 1, 1), off);
    } else {
        tw_buf_putc(&p->lit, '$');
        p->pos++;
    }
}

static void backquote(sh *p)
{
    uint32_t off = p->pos++;
    if (p->ticks) {
        sh_word_end(p);
        sh_close_to(p, SH_TICK, SH_TICK);
        return;
    }
    sh_flush(p);
    sh_push(p, SH_TICK, off);
}

static void backslash(sh *p)
{
    int c = sh_at(p, p->pos + 1);
    p->pos += c < 0 ? 1 : 2;
    if (c == '\n') return;
    if (c == '\r' && sh_at(p, p->pos) == '\n') {
        p->pos++;
        return;
    }
    if (c < 0 || (p->st.dq && !strchr("$`\"\\", c))) tw_buf_putc(&p->lit, '\\');
    if (c >= 0) tw_buf_putc(&p->lit, (char)c);
    if (!p->st.dq) p->st.quoted = 1;
}

static void plain(sh *p, const char *stops)
{
    uint32_t from = p->pos++;
    while (p->pos < p->end && p->s[p->pos] && !strchr(stops, p->s[p->pos])) p->pos++;
    tw_buf_put(&p->lit, p->s + from, p->pos - from);
}

static void quoted_char(sh *p)
{
    bool heredoc = sh_top(p)->kind == SH_HEREDOC;
    switch (p->s[p->pos]) {
    case '"':
        if (!heredoc) {
            p->st.dq = 0;
            p->pos++;
            return;
        }
        break;
    case '$': dollar(p); return;
    case '`': backquote(p); return;
    case '\\': backslash(p); return;
    default: break;
    }
    plain(p, "\"$`\\");
}

/* `name=`, `name+=`, `name[1]=` at the start of a command. */
static bool assignment(sh *p)
{
    tw_str lit = tw_buf_str(&p->lit);
    bool here = p->words.n == p->st.words || p->st.kind == SH_CMD_DECL;
    if (!here || p->st.assign || p->st.quoted || p->parts.n != p->st.parts || p->st.target || p->st.array)
        return false;
    if (p->st.kind != SH_PLAIN && p->st.kind != SH_CMD_DECL) return false;
    if (lit.n && lit.p[lit.n - 1] == '+') p->st.append = 1, lit.n--;
    size_t bracket = tw_str_chr(lit, '[');
    if (bracket != TW_NPOS) lit.n = bracket, p->st.append = 1;
    bool name = lit.n && !(lit.p[0] >= '0' && lit.p[0] <= '9');
    for (size_t i = 0; i < lit.n; i++) name = name && sh_name_char((unsigned char)lit.p[i]);
    if (!name) return p->st.append = 0, false;
    p->st.assign = tw_intern(&p->ir->strings, lit);
    tw_buf_clear(&p->lit);
    p->pos++;
    if (sh_at(p, p->pos) == '(') {
        p->pos++;
        p->st.in_word = 0;
        p->st.array = p->words.n + 1;
    }
    return true;
}

static void process_substitution(sh *p)
{
    uint32_t off = p->pos;
    uint8_t kind = p->s[off];
    sh_flush(p);
    p->pos += 2;
    if (sh_push(p, SH_SUBST, off)) sh_top(p)->op = kind;
}

void sh_word_char(sh *p)
{
    uint8_t c = p->s[p->pos];
    bool brace = sh_top(p)->kind == SH_BRACE;
    if (p->st.dq || sh_top(p)->kind == SH_HEREDOC) {
        quoted_char(p);
        return;
    }
    switch (c) {
    case '"':
        p->st.dq = p->st.quoted = 1;
        p->pos++;
        return;
    case '\'': single_quote(p); return;
    case '$': dollar(p); return;
    case '`': backquote(p); return;
    case '\\': backslash(p); return;
    case '}':
        if (!brace) break;
        p->pos++;
        sh_close(p);
        return;
    case '=':
        if (assignment(p)) return;
        break;
    case '<':
    case '>':
        if (!brace && sh_at(p, p->pos + 1) == '(' && !p->lit.n) {
            process_substitution(p);
            return;
        }
        if (brace) break;
        if (p->st.kind == SH_CMD_COND)
            sh_word_end(p);
        else
            sh_redirect(p);
        return;
    case '(':
        if (brace) break;
        if (p->lit.n && strchr("?*+@!", p->lit.p[p->lit.n - 1])) { /* extended glob */
            plain(p, ")\n");
            if (sh_at(p, p->pos) == ')') p->pos++;
            return;
        }
        sh_word_end(p);
        return;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ';':
    case '&':
    case '|':
    case ')':
        if (brace) break;
        sh_word_end(p);
        return;
    default: break;
    }
    plain(p, "\"'$`\\}=<>( \t\n\r;&|)");
}
