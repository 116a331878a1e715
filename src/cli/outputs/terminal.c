/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/outputs/output.h"

/* --- the terminal -------------------------------------------------------------------------------- */
static unsigned fitted = TW_COLUMNS;

unsigned tw_term_columns(void)
{
    return fitted;
}

void tw_term_set_columns(unsigned n)
{
    fitted = n < TW_COLUMNS_LEAST ? TW_COLUMNS_LEAST : n > TW_COLUMNS_MOST ? TW_COLUMNS_MOST : n;
}

void tw_term_fit(int fd)
{
    struct winsize w;
    const char *said = getenv("COLUMNS");
    uint64_t n;
    if (said && tw_str_u64(tw_str_c(said), &n) && n > 0)
        tw_term_set_columns(n < TW_COLUMNS_MOST ? (unsigned)n : TW_COLUMNS_MOST);
    else if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
        tw_term_set_columns(w.ws_col);
}

bool tw_term_redraws(int fd)
{
    const char *term = getenv("TERM");
    return isatty(fd) && !(term && !strcmp(term, "dumb"));
}

bool tw_term_colour(int fd)
{
    const char *no = getenv("NO_COLOR");
    return tw_term_redraws(fd) && !(no && *no);
}

/* --- text ----------------------------------------------------------------------------------------- */

/* One code point or bad byte of s at *off as shown; the columns it takes. */
static unsigned put_one(tw_buf *b, tw_str s, size_t *off)
{
    size_t at = *off, before = b->n;
    bool bad = false;
    uint32_t cp = tw_utf8_next(s, off, &bad);
    if (bad) {
        tw_buf_fmt(b, "\\x%02x", (unsigned char)s.p[at]);
        return (unsigned)(b->n - before);
    }
    if (cp == '\t' || cp == '\n') {
        tw_buf_putc(b, ' ');
        return 1;
    }
    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) {
        tw_buf_fmt(b, "\\x%02x", cp);
        return (unsigned)(b->n - before);
    }
    if (tw_utf8_invisible(cp) || cp == 0x2028 || cp == 0x2029) {
        tw_buf_fmt(b, "\\u{%x}", cp);
        return (unsigned)(b->n - before);
    }
    tw_buf_put(b, s.p + at, *off - at);
    int w = tw_utf8_width(cp);
    return w > 0 ? (unsigned)w : 0;
}

static unsigned width_of(tw_str s)
{
    tw_buf b = TW_BUF_INIT;
    unsigned w = 0;
    for (size_t off = 0; off < s.n;) w += put_one(&b, s, &off);
    tw_buf_free(&b);
    return w;
}

void tw_term_put(tw_buf *b, tw_str s, unsigned most)
{
    unsigned used = 0, combining = 0;
    bool cut = most && s.n > most && width_of(tw_str_sub(s, 0, 4ull * most + 64)) > most;
    for (size_t off = 0; off < s.n;) {
        size_t before = b->n;
        unsigned w = put_one(b, s, &off);
        combining = w ? 0 : combining + 1;
        if (combining > 4) b->n = before; /* no towers of accents */
        used += w;
        if (cut && used > most - 3) {
            b->n = before;
            tw_buf_puts(b, TW_S("..."));
            return;
        }
    }
}

void tw_term_wrap(tw_buf *b, tw_str s, unsigned column, unsigned indent)
{
    bool first = true;
    for (tw_str rest = s, word; tw_str_split(&rest, ' ', &word);) {
        if (!word.n) continue;
        unsigned w = width_of(tw_str_sub(word, 0, 4ull * fitted));
        if (w > fitted - indent) w = fitted - indent;
        if (!first && column + 1 + w > fitted) {
            tw_buf_fmt(b, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first) {
            tw_buf_putc(b, ' ');
            column++;
        }
        tw_term_put(b, word, fitted - indent);
        column += w;
        first = false;
    }
}

void tw_term_level(tw_sink *s, tw_level l, unsigned width)
{
    static const char *const colours[TW_LEVEL_MAX] = {
        [TW_LEVEL_CLEAR] = "\033[32m",          [TW_LEVEL_NOTABLE] = "\033[36m",
        [TW_LEVEL_SUSPICIOUS] = "\033[1;33m",   [TW_LEVEL_MALICIOUS] = "\033[1;31m",
        [TW_LEVEL_UNREVIEWABLE] = "\033[1;35m",
    };
    const char *name = tw_level_name(l);
    if (s->colour) tw_buf_puts(&s->out, tw_str_c(colours[l]));
    for (const char *p = name; *p; p++)
        tw_buf_putc(&s->out, l >= TW_LEVEL_SUSPICIOUS ? (char)(*p - 'a' + 'A') : *p);
    if (s->colour) tw_buf_puts(&s->out, TW_S("\033[0m"));
    for (size_t n = strlen(name); n < width; n++) tw_buf_putc(&s->out, ' ');
}
