/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/escape.h"

#include "base/utf8.h"

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* --- HTML ------------------------------------------------------------------------------------------ */
void tw_html_put(tw_buf *b, tw_str s, unsigned most)
{
    tw_buf shown = TW_BUF_INIT;
    tw_term_put(&shown, s, most);
    for (size_t i = 0; i < shown.n; i++) {
        char c = shown.p[i];
        if (c == '&')
            tw_buf_puts(b, TW_S("&amp;"));
        else if (c == '<')
            tw_buf_puts(b, TW_S("&lt;"));
        else if (c == '>')
            tw_buf_puts(b, TW_S("&gt;"));
        else if (c == '"')
            tw_buf_puts(b, TW_S("&quot;"));
        else if (c == '\'')
            tw_buf_puts(b, TW_S("&#39;"));
        else
            tw_buf_putc(b, c);
    }
    tw_buf_free(&shown);
}

/* --- Markdown -------------------------------------------------------------------------------------- */
/* Fences longer than any run of backticks in it. */
static void code_span(tw_buf *b, tw_str s)
{
    size_t longest = 0, run = 0;
    s = tw_str_trim(s);
    if (!s.n) return;
    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == '`' ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    for (size_t i = 0; i <= longest; i++) tw_buf_putc(b, '`');
    if (longest) tw_buf_putc(b, ' ');
    tw_buf_puts(b, s);
    if (longest) tw_buf_putc(b, ' ');
    for (size_t i = 0; i <= longest; i++) tw_buf_putc(b, '`');
}

void tw_md_code(tw_buf *b, tw_str s, unsigned most)
{
    tw_buf shown = TW_BUF_INIT;
    tw_term_put(&shown, s, most);
    code_span(b, tw_buf_str(&shown));
    tw_buf_free(&shown);
}

static void md_escaped(tw_buf *b, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!one_of(s.p[i], ",;.():?!'\"") && !letter(s.p[i]) && !digit(s.p[i])) tw_buf_putc(b, '\\');
        tw_buf_putc(b, s.p[i]);
    }
}

/* Letters with a hyphen or an apostrophe among them, or digits alone. */
static bool is_word(tw_str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += digit(s.p[i]);
        if (!letter(s.p[i]) && !digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '\'') return false;
    }
    return !digits || digits == s.n;
}

static bool is_sign(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!one_of(s.p[i], "!\"$%&'()*+,-./:;<=>?[\\]^_{|}~")) return false;
    return true;
}

static void md_word(tw_buf *b, tw_str word)
{
    size_t from = 0, to = word.n;
    while (from < to && one_of(word.p[from], "(\"'")) from++;
    while (to > from && one_of(word.p[to - 1], ")\"',;:.!?")) to--;
    tw_str core = tw_str_sub(word, from, to);
    md_escaped(b, tw_str_sub(word, 0, from));
    if (is_word(core))
        tw_buf_puts(b, core);
    else if (is_sign(core))
        md_escaped(b, core);
    else
        code_span(b, core);
    md_escaped(b, tw_str_sub(word, to, word.n));
}

void tw_md_put(tw_buf *b, tw_str s, unsigned most)
{
    tw_buf shown = TW_BUF_INIT;
    bool first = true;
    tw_term_put(&shown, s, most);
    for (tw_str rest = tw_buf_str(&shown), word; tw_str_split(&rest, ' ', &word);) {
        if (!word.n) continue;
        if (!first) tw_buf_putc(b, ' ');
        first = false;
        md_word(b, word);
    }
    tw_buf_free(&shown);
}

/* --- URIs and quotes ------------------------------------------------------------------------------- */
static void uri_segment(tw_buf *b, tw_str s, bool up)
{
    bool dots = !up && s.n > 0 && s.n <= 2;
    for (size_t i = 0; i < s.n; i++) dots &= s.p[i] == '.';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (dots) /* readers take %2E%2E for the folder above: escaped twice it is a name */
            tw_buf_puts(b, TW_S("%252E"));
        else if (letter(c) || digit(c) || one_of(c, "._~") || (c == '-' && i))
            tw_buf_putc(b, c);
        else
            tw_buf_fmt(b, "%%%02X", (unsigned char)c);
    }
}

void tw_uri_put(tw_buf *b, tw_str path, bool up)
{
    bool first = true;
    if (tw_str_starts(path, TW_S("/")) && !up) {
        tw_buf_puts(b, TW_S("%2F"));
        path = tw_str_sub(path, 1, path.n);
    }
    for (tw_str rest = path, part; tw_str_split(&rest, '/', &part); first = false) {
        if (!first) tw_buf_putc(b, '/');
        uri_segment(b, part, up);
    }
}

void tw_quote_put(tw_buf *b, tw_str s, size_t most)
{
    size_t from = b->n + 1, off = 0;
    tw_buf_putc(b, '"');
    while (off < s.n) {
        size_t at = off, before = b->n;
        bool bad = false;
        uint32_t cp = tw_utf8_next(s, &off, &bad);
        if (bad || cp < 0x20 || cp == 0x7f)
            tw_buf_fmt(b, "\\x%02x", (unsigned char)s.p[at]);
        else if (cp >= 0x80)
            tw_buf_fmt(b, "\\u{%x}", cp);
        else if (cp == '"' || cp == '\\')
            tw_buf_fmt(b, "\\%c", (char)cp);
        else
            tw_buf_putc(b, (char)cp);
        if (b->n - from > most) {
            b->n = before;
            off = at;
            break;
        }
    }
    tw_buf_putc(b, '"');
    if (off < s.n) tw_buf_fmt(b, " (and %zu bytes more)", s.n - off);
}
