/* SPDX-License-Identifier: Apache-2.0 */
/* Operands: variables, strings, types, brackets, and what hangs on them. */
#include "base/utf8.h"
#include "engine/languages/powershell/ps.h"

enum { TYPE_MAX = 256 };

static uint32_t read_of(ps *p, uint32_t name, uint32_t off)
{
    return ps_emit(p, TW_OP_READ, 0, name, 0, 0, off);
}

/* $x, ${x y}, $script:x, $env:X; at the sign. */
void ps_variable(ps *p)
{
    static const tw_str scopes[] = {TW_SI("script"),  TW_SI("global"), TW_SI("local"),
                                    TW_SI("private"), TW_SI("using"),  TW_SI("variable")};
    tw_ir *ir = p->ir;
    uint32_t off = p->pos++, from = p->pos, to, colon = 0;
    bool brace = ps_at(p, from) == '{';
    if (brace) from = ++p->pos;
    while (p->pos < p->n) {
        int c = p->s[p->pos];
        bool more = brace ? c != '}' && c != '\n'
                          : ps_name_char(c) || (p->pos == from && (c == '?' || c == '$' || c == '^'));
        if (c == ':' && !colon && p->pos > from && ps_at(p, p->pos + 1) != ':' &&
            (brace || ps_name_char(ps_at(p, p->pos + 1))))
            colon = p->pos, more = true;
        if (!more) break;
        p->pos++;
    }
    to = p->pos;
    if (brace && p->pos < p->n) p->pos++;
    tw_str drive = colon ? tw_ir_text(ir, ps_lower(p, from, colon)) : TW_S("");
    if (tw_str_eq(drive, TW_S("env"))) {
        char up[128];
        uint32_t n = to - colon - 1 < sizeof up ? to - colon - 1 : sizeof up;
        for (uint32_t i = 0; i < n; i++) {
            uint8_t c = p->s[colon + 1 + i];
            up[i] = (char)(c >= 'a' && c <= 'z' ? c & ~32 : c);
        }
        uint32_t env = read_of(p, tw_intern(&ir->strings, drive), off);
        uint32_t key = tw_text_emit(ir, tw_str_of(up, n), colon, to);
        ps_value(p, ps_emit(p, TW_OP_INDEX, 0, env, key, 0, off));
        return;
    }
    for (size_t i = 0; colon && i < TW_COUNT(scopes); i++)
        if (tw_str_eq(scopes[i], drive)) from = colon + 1, colon = 0;
    uint32_t name = ps_lower(p, from, to);
    tw_str text = tw_ir_text(ir, name);
    if (tw_str_eq(text, TW_S("true")) || tw_str_eq(text, TW_S("false")) || tw_str_eq(text, TW_S("null"))) {
        uint8_t k = text.p[0] == 't' ? TW_CONST_TRUE : text.p[0] == 'f' ? TW_CONST_FALSE : TW_CONST_NULL;
        ps_value(p, ps_emit(p, TW_OP_CONST, k, name, 0, 0, off));
        return;
    }
    ps_value(p, read_of(p, name, off));
}

/* 'it''s': behind the first quote. */
uint32_t ps_single_quoted(ps *p)
{
    uint32_t off = p->pos++;
    tw_buf b = {.limit = p->n + 1};
    while (p->pos < p->n) {
        const uint8_t *q = memchr(p->s + p->pos, '\'', p->n - p->pos);
        uint32_t to = q ? (uint32_t)(q - p->s) : p->n;
        tw_buf_put(&b, p->s + p->pos, to - p->pos);
        p->pos = to < p->n ? to + 1 : p->n;
        if (ps_at(p, p->pos) != '\'') break;
        tw_buf_putc(&b, '\'');
        p->pos++;
    }
    uint32_t v = tw_text_emit(p->ir, tw_buf_str(&b), off, p->pos);
    tw_buf_free(&b);
    return v;
}

static void escape(ps *p)
{
    static const char from[] = "0abefnrtv", to[] = "\0\a\b\033\f\n\r\t\v";
    int c = ps_at(p, p->pos + 1);
    bool text = ps_top(p)->kind == PS_STRING; /* elsewhere it only keeps the byte from meaning something */
    const char *at = c > 0 && text ? strchr(from, c) : NULL;
    p->pos += c < 0 ? 1 : 2;
    if (at)
        tw_buf_putc(&p->lit, to[at - from]);
    else if (c >= 0)
        tw_buf_putc(&p->lit, (char)c);
}

static void flush(ps *p, uint32_t off)
{
    if (!p->lit.n) return;
    uint32_t v = tw_text_emit(p->ir, tw_buf_str(&p->lit), off < p->pos ? off : p->pos, p->pos);
    tw_buf_clear(&p->lit);
    TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
}

static void string_variable(ps *p)
{
    int c = ps_at(p, p->pos + 1);
    if (c == '(') {
        flush(p, p->pos);
        uint32_t off = p->pos;
        p->pos += 2;
        ps_push(p, PS_SUB, off);
        return;
    }
    if (c != '{' && !ps_name_char(c)) {
        tw_buf_putc(&p->lit, '$');
        p->pos++;
        return;
    }
    flush(p, p->pos);
    ps_variable(p);
}

/* In "..." or a here-string. */
void ps_string_char(ps *p)
{
    uint8_t c = p->s[p->pos];
    bool here = ps_top(p)->here == '@';
    p->st.mode = PS_CMD;
    if (c == '`') {
        escape(p);
    } else if (c == '$') {
        string_variable(p);
    } else if (here && c == '\n' && ps_at(p, p->pos + 1) == '"' && ps_at(p, p->pos + 2) == '@') {
        if (p->lit.n && p->lit.p[p->lit.n - 1] == '\r') p->lit.n--;
        p->pos += 3;
        ps_close(p);
    } else if (!here && c == '"' && ps_at(p, p->pos + 1) == '"') {
        tw_buf_putc(&p->lit, '"');
        p->pos += 2;
    } else if (!here && c == '"') {
        p->pos++;
        ps_close(p);
    } else {
        uint32_t from = p->pos++;
        while (p->pos < p->n && p->s[p->pos] && !strchr("`$\"\n", p->s[p->pos])) p->pos++;
        tw_buf_put(&p->lit, p->s + from, p->pos - from);
    }
}

static void open_string(ps *p, uint8_t here)
{
    uint32_t off = p->pos;
    if (p->st.mode == PS_CMD) flush(p, p->st.arg_off), p->st.quoted = 1;
    p->pos++;
    if (here == '@') {
        p->pos++;
        while (p->pos < p->n && p->s[p->pos] != '\n') p->pos++;
        /* the line end before the text is no part of it; an empty text ends at once */
        if (!(ps_at(p, p->pos + 1) == '"' && ps_at(p, p->pos + 2) == '@') && p->pos < p->n) p->pos++;
    }
    if (ps_push(p, PS_STRING, off)) ps_top(p)->here = here;
}

/* @' ... '@ */
static void here_literal(ps *p)
{
    uint32_t off = p->pos;
    const uint8_t *nl = memchr(p->s + off, '\n', p->n - off);
    uint32_t from = nl ? (uint32_t)(nl - p->s) + 1 : p->n;
    tw_str rest = tw_str_of((const char *)p->s + (from ? from - 1 : 0), p->n - (from ? from - 1 : 0));
    size_t end = tw_str_find(rest, TW_S("\n'@"));
    uint32_t to = end == TW_NPOS ? p->n : from - 1 + (uint32_t)end;
    p->pos = end == TW_NPOS ? p->n : to + 3;
    if (to < from) to = from;
    uint32_t len = to - from;
    if (len && p->s[to - 1] == '\r') len--;
    ps_value(p, tw_text_emit(p->ir, tw_str_of((const char *)p->s + from, len), off, p->pos));
}

static void number(ps *p)
{
    uint32_t from = p->pos;
    bool hex = ps_at(p, from) == '0' && (ps_at(p, from + 1) | 32) == 'x', real = false;
    p->pos += hex ? 2 : 0;
    for (int c; (c = ps_at(p, p->pos)) >= 0; p->pos++) {
        bool digit = (c >= '0' && c <= '9') || (hex && (c | 32) >= 'a' && (c | 32) <= 'f');
        bool dot = c == '.' && !hex && !real && ps_at(p, p->pos + 1) >= '0' && ps_at(p, p->pos + 1) <= '9';
        if (!digit && !dot) break;
        real |= dot;
    }
    uint32_t to = p->pos;
    int unit = ps_at(p, p->pos) | 32;
    bool scaled = to + 1 < p->n && strchr("kmgtp", unit) && (ps_at(p, to + 1) | 32) == 'b';
    if (scaled) p->pos += 2, real = true;
    tw_str text = tw_str_of((const char *)p->s + from, to - from);
    uint8_t kind = real ? TW_CONST_FLOAT : TW_CONST_INT;
    ps_value(p, ps_emit(p, TW_OP_CONST, kind, tw_intern(&p->ir->strings, text), 0, 0, from));
}

/* [net.webclient]::new(), [char]65; at the bracket. */
static bool type(ps *p)
{
    uint32_t off = p->pos, i = off + 1, depth = 1;
    bool attribute = false;
    for (; i < p->n && i - off < TYPE_MAX && depth; i++) {
        uint8_t c = p->s[i];
        depth += (c == '[') - (c == ']');
        attribute |= c == '(';
        if (c == '\n') break;
    }
    if (depth) return false;
    p->pos = i;
    if (attribute) return true;
    tw_buf name = {.limit = TYPE_MAX + 8};
    for (uint32_t k = off; k < i; k++) {
        uint8_t c = p->s[k];
        if (c != ' ' && c != '`') tw_buf_putc(&name, (char)(c >= 'A' && c <= 'Z' ? c | 32 : c));
    }
    tw_str s = tw_buf_str(&name);
    tw_buf out = {.limit = TYPE_MAX + 8};
    if (tw_str_starts(s, TW_S("[system."))) tw_buf_putc(&out, '['), s = tw_str_sub(s, 8, s.n);
    tw_buf_puts(&out, s);
    uint32_t id = tw_intern(&p->ir->strings, tw_buf_str(&out));
    tw_buf_free(&name), tw_buf_free(&out);
    while (ps_at(p, i) == ' ') i++;
    int c = ps_at(p, i);
    bool cast = c > 0 && (strchr("$\"'([@{-", c) || (c >= '0' && c <= '9'));
    if (cast && c == '-' && !(ps_at(p, i + 1) >= '0' && ps_at(p, i + 1) <= '9') &&
        (ps_at(p, i + 1) | 32) != 'j')
        cast = false;
    if (cast)
        ps_prefix(p, tw_ir_text(p->ir, id), 10, off);
    else
        ps_value(p, read_of(p, id, off));
    return true;
}

static bool at_sign(ps *p)
{
    uint32_t off = p->pos;
    int c = ps_at(p, off + 1);
    if (c == '\'') {
        here_literal(p);
    } else if (c == '"') {
        open_string(p, '@');
    } else if (c == '(' || c == '{') {
        p->pos += 2;
        ps_push(p, c == '(' ? PS_ARRAY : PS_HASH, off);
    } else if (ps_name_char(c)) {
        ps_variable(p);
    } else {
        return false;
    }
    return true;
}

bool ps_operand(ps *p)
{
    uint32_t off = p->pos;
    int c = ps_at(p, off), d = ps_at(p, off + 1);
    bool command = p->st.mode == PS_CMD;
    if (command && strchr("$@({'\"`", c)) flush(p, p->st.arg_off);
    switch (c) {
    case '$':
        if (d == '(') {
            p->pos += 2;
            ps_push(p, PS_SUB, off);
            return true;
        }
        if (d != '{' && !ps_name_char(d) && !strchr("?$^", d > 0 ? d : 'x')) return false;
        ps_variable(p);
        return true;
    case '"': open_string(p, '"'); return true;
    case '\'':
        if (command) p->st.quoted = 1;
        ps_value(p, ps_single_quoted(p));
        return true;
    case '@': return at_sign(p);
    case '(':
        p->pos++;
        ps_push(p, PS_SUB, off);
        return true;
    case '{':
        p->pos++;
        ps_script(p, off, 0);
        return true;
    case '`':
        if (!command) return false;
        escape(p);
        return true;
    case '[': return !command && type(p);
    default: break;
    }
    if (command) return false;
    if (c >= '0' && c <= '9') {
        number(p);
        return true;
    }
    if (ps_word_operator(p, true)) return true;
    if (!ps_name_char(c)) return false;
    while (ps_name_char(ps_at(p, p->pos)) || ps_at(p, p->pos) == '-') p->pos++;
    ps_value(p, tw_text_emit(p->ir, tw_str_of((const char *)p->s + off, p->pos - off), off, p->pos));
    return true;
}

static uint32_t take(ps *p)
{
    if (p->st.mode == PS_CMD) return p->parts.v[--p->parts.n].value;
    return p->operands.v[--p->operands.n];
}

/* The name behind "." or "::"; 0 where it is computed. */
static uint32_t member_name(ps *p)
{
    uint32_t from = p->pos;
    int c = ps_at(p, from);
    if (c == '\'' || (c == '"' && from + 1 < p->n)) {
        const uint8_t *q = memchr(p->s + from + 1, c, p->n - from - 1 < 128 ? p->n - from - 1 : 128);
        if (!q || memchr(p->s + from + 1, '$', (size_t)(q - p->s) - from - 1)) return 0;
        p->pos = (uint32_t)(q - p->s) + 1;
        return ps_lower(p, from + 1, p->pos - 1);
    }
    while (ps_name_char(ps_at(p, p->pos)) || ps_at(p, p->pos) == '`') p->pos++;
    return p->pos > from ? ps_lower(p, from, p->pos) : 0;
}

static void put(ps *p, uint32_t v)
{
    if (p->st.mode == PS_CMD)
        TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
    else
        TW_PUSH(p->tmp, p->operands, v);
}

static bool member(ps *p)
{
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    bool dots = c == ':' && d == ':', dot = c == '.' && d >= 0 && (ps_name_char(d) || strchr("'\"$(", d));
    if (!dots && (!dot || (d >= '0' && d <= '9'))) return false;
    p->pos += dots ? 2 : 1;
    uint32_t name = member_name(p), base = take(p), from = p->ir->insns.v[base].off;
    if (!name) name = tw_intern(&p->ir->strings, TW_S("?"));
    put(p, ps_emit(p, TW_OP_MEMBER, 0, base, name, 0, from));
    if (ps_at(p, p->pos) == '$') { /* .$name( */
        uint32_t to = p->pos + 1;
        while (ps_name_char(ps_at(p, to))) to++;
        p->pos = to;
    }
    return true;
}

/* .name, ::name, (args), [index] directly behind a value. */
void ps_postfix(ps *p)
{
    bool command = p->st.mode == PS_CMD;
    if (ps_top(p)->kind == PS_STRING) return;
    if (command ? p->parts.n == p->st.parts : p->operands.n == p->st.operands) return;
    while (member(p)) {
    }
    uint32_t off = p->pos,
             top = command ? p->parts.v[p->parts.n - 1].value : p->operands.v[p->operands.n - 1];
    int c = ps_at(p, off);
    bool call = c == '(' && p->ir->insns.v[top].op == TW_OP_MEMBER;
    if (!call && c != '[') return;
    uint32_t base = take(p);
    p->pos++;
    if (ps_push(p, call ? PS_ARGS : PS_INDEX, off)) ps_top(p)->base = base;
}
