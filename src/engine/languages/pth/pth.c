/* SPDX-License-Identifier: Apache-2.0 */
/* .pth: site.py runs each line that starts with "import" and a blank, at every start of Python, before any
 * program; other lines are folders for sys.path. */
#include "engine/languages/carrier.h"
#include "engine/languages/languages.h"

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

static void carry(tw_ir *ir, tw_str s, tw_str line)
{
    if (runs(line)) tw_carry_text(ir, TW_S("python"), line, (uint64_t)(line.p - s.p), line.n);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t all = bytes.n, at, inner;
    tw_str line, part;
    tw_carry_begin(ir, a, TW_LANG_PTH, &bytes, lim);
    for (at = after_mark(bytes); next_line(bytes, &at, false, &line);) {
        size_t from = (size_t)(line.p - bytes.p);
        for (inner = 0; next_line(line, &inner, true, &part);) carry(ir, bytes, part);
        if (inner > 0 && line.n != part.n) carry(ir, bytes, tw_str_sub(bytes, from, from + line.n));
    }
    tw_carry_end(ir, all);
}

const tw_front_end tw_front_pth = {TW_LANG_PTH, 1, lower};
