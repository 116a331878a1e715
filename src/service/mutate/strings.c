/* SPDX-License-Identifier: Apache-2.0 */
/* String literals put together from parts, decoded in place, quoted otherwise. */
#include "base/utf8.h"
#include "service/mutate/rewrite.h"

enum { LONGEST = 4000, HUGE_FILE_STRINGS = 1500 };

static bool python_literal(const mu *u, uint32_t i)
{
    static const char *const lines[] = {"case", "from", "import", "__all__", "__slots__", "type", NULL};
    if (mu_kind(u, i - 1, TW_TOK_STRING) || mu_kind(u, i + 1, TW_TOK_STRING) ||
        mu_kind(u, i - 1, TW_TOK_FORMAT) || mu_kind(u, i + 1, TW_TOK_FORMAT))
        return false;
    if (u->t[i].flags & TW_TOKF_FIRST) return false; /* a docstring, or a statement that does nothing */
    if (mu_is(u, i - 1, ";") || (mu_is(u, i - 1, ":") && mu_kind(u, i + 1, TW_TOK_NEWLINE))) return false;
    return !mu_is_any(u, mu_line_start(u, i), lines);
}

static bool script_literal(const mu *u, uint32_t i)
{
    static const char *const before[] = {"from",   "import", "export", "get", "set",
                                         "static", "async",  "as",     NULL};
    static const char *const starts[] = {";", "{", "}", NULL};
    if (!i || mu_is_any(u, i - 1, before) || mu_is_any(u, i - 1, starts)) return false;
    if (u->t[i].flags & TW_TOKF_FIRST && mu_statement_start(u, i)) return false;
    if (mu_is(u, i + 1, ":") && (mu_is(u, i - 1, "{") || mu_is(u, i - 1, ","))) return false;
    if (mu_is(u, i + 1, "(")) return false;
    if (mu_is(u, i - 1, ")") || mu_is(u, i - 1, ":")) { /* if (x) 'text'; label: 'text' */
        if (mu_is(u, i - 1, ")")) return false;
    }
    return true;
}

/* Its place takes any expression. */
static bool replaceable(const mu *u, uint32_t i)
{
    if (!mu_kind(u, i, TW_TOK_STRING) || !i || i + 1 >= u->n) return false;
    tw_str v = u->t[i].value;
    if (v.n < 2 || v.n > LONGEST || memchr(v.p, 0, v.n)) return false;
    bool bytes = u->t[i].flags & TW_TOKF_BYTES;
    if (bytes ? !mu_ascii(v) : !tw_utf8_valid(v)) return false;
    return u->python ? python_literal(u, i) : script_literal(u, i);
}

static bool border(tw_str v, size_t at)
{
    return at >= v.n || ((uint8_t)v.p[at] & 0xC0) != 0x80;
}

static void part(tw_buf *b, const mu *u, tw_str v, size_t from, size_t to, bool bytes)
{
    if (bytes) tw_buf_putc(b, 'b');
    mu_quote(b, tw_str_sub(v, from, to), mu_below(u->rng, 2) ? '"' : '\'', bytes);
}

static void parts(tw_buf *b, const mu *u, tw_str v, const char *between, bool bytes)
{
    size_t at = 0;
    for (uint32_t n = 0; at < v.n; n++) {
        size_t to = at + 1 + mu_below(u->rng, v.n > 60 ? 24 : 6);
        if (!n && to >= v.n) to = v.n / 2 ? v.n / 2 : 1;
        while (!border(v, to)) to++;
        if (n) tw_buf_puts(b, tw_str_c(between));
        part(b, u, v, at, to, bytes);
        at = to;
    }
}

static void reversed(tw_buf *b, tw_str v, bool bytes)
{
    tw_buf r = TW_BUF_INIT;
    for (size_t i = v.n; i--;) tw_buf_putc(&r, v.p[i]);
    if (bytes) tw_buf_putc(b, 'b');
    mu_quote(b, tw_buf_str(&r), '\'', bytes);
    tw_buf_free(&r);
}

static void split_one(tw_buf *b, mu *u, tw_str v, bool bytes)
{
    const char *empty = bytes ? "b''" : "''";
    switch (mu_below(u->rng, mu_ascii(v) ? 4 : 2)) {
    case 1:
        tw_buf_fmt(b, u->python ? "%s.join([" : "[", empty);
        parts(b, u, v, ", ", bytes);
        tw_buf_fmt(b, u->python ? "])" : "].join('')");
        return;
    case 2:
        reversed(b, v, bytes);
        tw_buf_fmt(b, u->python ? "[::-1]" : ".split('').reverse().join('')");
        return;
    case 3: { /* a mark put in and taken out again */
        char mark[3] = {"~^!@"[mu_below(u->rng, 4)], (char)('a' + mu_below(u->rng, 26)), 0};
        if (tw_str_find(v, tw_str_c(mark)) == TW_NPOS && !bytes && v.p[v.n / 2 - 1] != mark[0]) {
            tw_buf m = TW_BUF_INIT;
            tw_buf_puts(&m, tw_str_sub(v, 0, v.n / 2));
            tw_buf_puts(&m, tw_str_c(mark));
            tw_buf_puts(&m, tw_str_sub(v, v.n / 2, v.n));
            mu_quote(b, tw_buf_str(&m), '\'', bytes);
            tw_buf_fmt(b, ".replace('%s', '')", mark);
            tw_buf_free(&m);
            return;
        }
    } /* fall through */
    default:
        tw_buf_putc(b, '(');
        parts(b, u, v, " + ", bytes);
        tw_buf_putc(b, ')');
    }
}

static bool each(mu *u, void (*make)(tw_buf *, mu *, tw_str, bool))
{
    uint32_t done = 0;
    for (uint32_t i = 0; i < u->n && done < HUGE_FILE_STRINGS; i++) {
        if (!replaceable(u, i) || mu_below(u->rng, 8) == 7) continue;
        tw_buf b = TW_BUF_INIT;
        make(&b, u, u->t[i].value, u->t[i].flags & TW_TOKF_BYTES);
        bool word = u->t[i].off && mu_kind(u, i - 1, TW_TOK_KEYWORD) && u->t[i - 1].end == u->t[i].off;
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i].end,
                   word ? tw_arena_fmt(u->a, " %.*s", TW_FMT(tw_buf_str(&b))) : tw_buf_str(&b));
        done += b.n && mu_commit(u);
        if (!b.n) u->edits.n = u->group_from;
        tw_buf_free(&b);
    }
    return mu_finish(u);
}

bool mu_split(mu *u)
{
    return each(u, split_one);
}

/* ---- encoded ---- */

static void hex(tw_buf *b, tw_str v)
{
    for (size_t i = 0; i < v.n; i++) tw_buf_fmt(b, "%02x", (uint8_t)v.p[i]);
}

static void codes(tw_buf *b, tw_str v, uint8_t key)
{
    for (size_t i = 0; i < v.n; i++) tw_buf_fmt(b, "%s%u", i ? ", " : "", (unsigned)((uint8_t)v.p[i] ^ key));
}

static void python_code(tw_buf *b, mu *u, tw_str v, bool bytes)
{
    const char *text = bytes ? "" : ".decode()";
    bool plain = mu_free_name(u, "bytes") && mu_free_name(u, "chr") && mu_free_name(u, "map") &&
                 mu_free_name(u, "__import__");
    if (!plain) return;
    switch (mu_below(u->rng, mu_ascii(v) && !bytes ? 6 : 4)) {
    case 0:
        tw_buf_fmt(b, "__import__('base64').b64decode('");
        mu_base64(b, v);
        tw_buf_fmt(b, "')%s", text);
        return;
    case 1:
        tw_buf_fmt(b, "bytes.fromhex('");
        hex(b, v);
        tw_buf_fmt(b, "')%s", text);
        return;
    case 2:
        tw_buf_fmt(b, "bytes([");
        codes(b, v, 0);
        tw_buf_fmt(b, "])%s", text);
        return;
    case 3: {
        uint8_t key = (uint8_t)(1 + mu_below(u->rng, 254));
        tw_buf_fmt(b, "bytes(_c ^ %u for _c in [", key);
        codes(b, v, key);
        tw_buf_fmt(b, "])%s", text);
        return;
    }
    case 4:
        tw_buf_fmt(b, "''.join(map(chr, [");
        codes(b, v, 0);
        tw_buf_fmt(b, "]))");
        return;
    default: {
        tw_buf r = TW_BUF_INIT;
        for (size_t i = 0; i < v.n; i++) {
            char c = v.p[i], base = c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : 0;
            tw_buf_putc(&r, base ? (char)(base + (c - base + 13) % 26) : c);
        }
        tw_buf_fmt(b, "__import__('codecs').decode(");
        mu_quote(b, tw_buf_str(&r), '\'', false);
        tw_buf_fmt(b, ", 'rot13')");
        tw_buf_free(&r);
    }
    }
}

static void script_code(tw_buf *b, mu *u, tw_str v, bool bytes)
{
    (void)bytes;
    bool plain = mu_free_name(u, "Buffer") && mu_free_name(u, "String") && mu_free_name(u, "atob") &&
                 mu_free_name(u, "decodeURIComponent");
    if (!plain) return;
    switch (mu_below(u->rng, mu_ascii(v) ? 6 : 3)) {
    case 0:
        tw_buf_fmt(b, "Buffer.from('");
        mu_base64(b, v);
        tw_buf_fmt(b, "', 'base64').toString()");
        return;
    case 1:
        tw_buf_fmt(b, "Buffer.from('");
        hex(b, v);
        tw_buf_fmt(b, "', 'hex').toString('utf8')");
        return;
    case 2:
        tw_buf_fmt(b, "decodeURIComponent('");
        for (size_t i = 0; i < v.n; i++) tw_buf_fmt(b, "%%%02x", (uint8_t)v.p[i]);
        tw_buf_fmt(b, "')");
        return;
    case 3:
        tw_buf_fmt(b, "String.fromCharCode(");
        codes(b, v, 0);
        tw_buf_fmt(b, ")");
        return;
    case 4:
        tw_buf_fmt(b, "atob('");
        mu_base64(b, v);
        tw_buf_fmt(b, "')");
        return;
    default: {
        uint8_t key = (uint8_t)(1 + mu_below(u->rng, 120));
        tw_buf_fmt(b, "[");
        codes(b, v, key);
        tw_buf_fmt(b, "].map(c => String.fromCharCode(c ^ %u)).join('')", key);
    }
    }
}

bool mu_encode(mu *u)
{
    return each(u, u->python ? python_code : script_code);
}

/* ---- quotes and comments ---- */

static void other_quotes(tw_buf *b, mu *u, tw_str v, bool bytes)
{
    static const char *const quotes[] = {"'", "\"", "'''", "\"\"\""};
    const char *q = quotes[mu_below(u->rng, u->python ? 4 : 2)];
    uint32_t every = 1 + mu_below(u->rng, 4);
    if (bytes) tw_buf_putc(b, 'b');
    tw_buf_puts(b, tw_str_c(q));
    for (size_t i = 0; i < v.n; i++) {
        uint8_t c = (uint8_t)v.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
        bool other = c == '\'' || c == '"' || c == '`';
        if (letter && !mu_below(u->rng, every + 1))
            tw_buf_fmt(b, !bytes && mu_below(u->rng, 2) ? "\\u%04x" : "\\x%02x", c);
        else if (c == '\\' || (other && (strchr(q, c) || strlen(q) == 3)))
            tw_buf_fmt(b, "\\%c", c);
        else if (other)
            tw_buf_putc(b, (char)c);
        else if (c == '\n')
            tw_buf_puts(b, TW_S("\\n"));
        else if (c < 32 || c == 127 || c == 0xE2)
            c == 0xE2 ? tw_buf_putc(b, (char)c) : tw_buf_fmt(b, "\\x%02x", c);
        else
            tw_buf_putc(b, (char)c);
    }
    tw_buf_puts(b, tw_str_c(q));
}

static void put_comment(mu *u, uint32_t off, bool line_end)
{
    static const char *const lines[] = {" it's \"\"\" not ' over", " '''", " \"quoted ' and \"\"\"",
                                        " \\'\\\" `", " end of ''' text \\"};
    static const char *const blocks[] = {"/*'*/", "/*\"*/", "/*`${*/", "/* it's // */", "/*\\*/"};
    mu_begin(u);
    if (u->python)
        mu_edit_at(u, off, off, tw_arena_fmt(u->a, "  #%s", lines[mu_below(u->rng, 5)]));
    else if (line_end)
        mu_edit_at(u, off, off, tw_arena_fmt(u->a, " //%s", lines[mu_below(u->rng, 5)]));
    else
        mu_edit_at(u, off, off, tw_str_c(blocks[mu_below(u->rng, 5)]));
    mu_commit(u);
}

/* Behind a token, where nothing but the end of the line follows. */
static bool ends_line(const mu *u, uint32_t off)
{
    while (off < u->text.n && (u->text.p[off] == ' ' || u->text.p[off] == '\t')) off++;
    return off < u->text.n && u->text.p[off] == '\n';
}

static void comments(mu *u)
{
    uint32_t open = 0; /* of templates: no comment in their text, which the tokens leave out anyway */
    for (uint32_t i = 0; i + 1 < u->n && u->groups < MU_GROUPS / 2; i++) {
        bool last = u->python && mu_kind(u, i + 1, TW_TOK_NEWLINE);
        if (u->t[i].kind == TW_TOK_FORMAT || open) continue;
        if (u->python && !last) continue;
        if (mu_below(u->rng, 3)) continue;
        if (ends_line(u, u->t[i].end))
            put_comment(u, u->t[i].end, true);
        else if (!u->python && !mu_member(u, i + 1) && !mu_member(u, i) && mu_kind(u, i, TW_TOK_OP) &&
                 !mu_kind(u, i + 1, TW_TOK_FORMAT) && !mu_is(u, i, "/") && u->t[i + 1].kind != TW_TOK_REGEX)
            put_comment(u, u->t[i].end, false);
    }
}

bool mu_confuse(mu *u)
{
    for (uint32_t i = 0; i < u->n && u->groups < MU_GROUPS / 3; i++) {
        if (!replaceable(u, i) || mu_below(u->rng, 4) == 3) continue;
        bool bytes = u->t[i].flags & TW_TOKF_BYTES;
        tw_buf b = TW_BUF_INIT;
        bool word = mu_kind(u, i - 1, TW_TOK_KEYWORD) && u->t[i - 1].end == u->t[i].off;
        if (word) tw_buf_putc(&b, ' ');
        other_quotes(&b, u, u->t[i].value, bytes);
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i].end, tw_buf_str(&b));
        mu_commit(u);
        tw_buf_free(&b);
    }
    comments(u);
    return mu_finish(u);
}
