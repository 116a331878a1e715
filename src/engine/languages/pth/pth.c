/* SPDX-License-Identifier: Apache-2.0 */
/* .pth: site.py runs each line that starts with "import" and a blank, at every start of Python, before any
 * program; other lines are folders for sys.path. */
#include "engine/languages/carrier.h"
#include "engine/languages/languages.h"

enum { LINES_MAX = 128 }; /* further ones are one text: nobody has that many */

/* Bytes of the line end at s[i], 0 where there is none. Up to 3.12 a text file was read by line (\n, \r, \r\n); since
 * then the whole is taken apart as str.splitlines does. */
static size_t line_end(tw_str s, size_t i, bool splitlines)
{
    unsigned char c = (unsigned char)s.p[i];
    if (c == '\n') return 1;
    if (c == '\r') return i + 1 < s.n && s.p[i + 1] == '\n' ? 2 : 1;
    if (!splitlines) return 0;
    if (c == '\v' || c == '\f' || (c >= 0x1C && c <= 0x1E)) return 1;
    if (c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0x85) return 2;
    bool separator = c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 &&
                     ((unsigned char)s.p[i + 2] & 0xFE) == 0xA8; /* U+2028, U+2029 */
    return separator ? 3 : 0;
}

static bool next_line(tw_str s, size_t *at, bool splitlines, tw_str *ret)
{
    size_t from = *at, end = from, skip = 0;
    if (from >= s.n) return false;
    while (end < s.n && !(skip = line_end(s, end, splitlines))) end++;
    *ret = tw_str_sub(s, from, end);
    *at = end + skip;
    return true;
}

static bool runs(tw_str line)
{
    return tw_str_starts(line, TW_S("import ")) || tw_str_starts(line, TW_S("import\t"));
}

static size_t after_mark(tw_str s)
{
    return tw_str_starts(s, TW_S("\xEF\xBB\xBF")) ? 3 : 0;
}

bool tw_pth_runs_code(tw_str data)
{
    tw_str line;
    for (size_t at = after_mark(data); next_line(data, &at, true, &line);)
        if (runs(line)) return true;
    return false;
}

typedef struct pth {
    tw_ir *ir;
    uint32_t lines;
    tw_buf rest;
    uint64_t rest_off;
} pth;

static void carry(pth *p, tw_str line)
{
    uint64_t off = (uint64_t)(line.p - p->ir->source.p);
    if (!runs(line)) return;
    if (p->lines++ < LINES_MAX) {
        tw_carry_text(p->ir, TW_S("python"), line, off, line.n);
        return;
    }
    if (!p->rest.n) p->rest_off = off;
    tw_buf_puts(&p->rest, line);
    tw_buf_putc(&p->rest, '\n');
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t all = bytes.n, at, inner;
    tw_str line, part;
    pth p = {.ir = ir};
    tw_carry_begin(ir, a, TW_LANG_PTH, &bytes, lim);
    for (at = after_mark(bytes); next_line(bytes, &at, false, &line);) {
        for (inner = 0; next_line(line, &inner, true, &part);) carry(&p, part);
        if (inner > 0 && line.n != part.n) carry(&p, line);
    }
    if (p.rest.n) tw_carry_text(ir, TW_S("python"), tw_buf_str(&p.rest), p.rest_off, bytes.n - p.rest_off);
    tw_buf_free(&p.rest);
    tw_carry_end(ir, all);
}

const tw_front_end tw_front_pth = {TW_LANG_PTH, 1, lower};
