/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes -> UTF-8 text: byte order mark, PEP 263 declaration. */
#include "engine/languages/python/py.h"

enum { COOKIE_MAX = 40 };

static bool word_byte(uint8_t c)
{
    return py_class[c] & (C_ALPHA | C_DIGIT) ? c < 128 : c == '-' || c == '.';
}

/* "coding[:=]\s*([-\w.]+)" in a comment line. */
static tw_str cookie_of(tw_str line)
{
    size_t i = 0;
    while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t' || line.p[i] == '\f')) i++;
    if (i >= line.n || line.p[i] != '#') return (tw_str){0};
    for (;;) {
        size_t at = tw_str_find(tw_str_sub(line, i, line.n), TW_S("coding"));
        if (at == TW_NPOS) return (tw_str){0};
        i += at + 6;
        if (i >= line.n || (line.p[i] != ':' && line.p[i] != '=')) continue;
        for (i++; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++) {
        }
        size_t from = i;
        while (i < line.n && i - from < COOKIE_MAX && word_byte((uint8_t)line.p[i])) i++;
        if (i > from) return tw_str_sub(line, from, i);
    }
}

static bool blank_or_comment(tw_str line)
{
    size_t i = 0;
    while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t' || line.p[i] == '\f' || line.p[i] == '\r'))
        i++;
    return i == line.n || line.p[i] == '#';
}

static tw_str declared(tw_str s)
{
    for (int n = 0; n < 2; n++) {
        size_t i = 0;
        while (i < s.n && s.p[i] != '\n' && s.p[i] != '\r') i++;
        tw_str line = tw_str_sub(s, 0, i), c = cookie_of(line);
        if (c.n || !blank_or_comment(line)) return c;
        if (i < s.n && s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') i++;
        s = tw_str_sub(s, i + 1, s.n);
    }
    return (tw_str){0};
}

tw_str py_source(tw_arena *a, tw_str s, bool *ret_bad)
{
    *ret_bad = false;
    if (tw_str_starts(s, TW_S("\xEF\xBB\xBF")))
        return s; /* the lexer skips it, so that offsets are the file's */
    tw_str name = declared(s);
    if (!name.n) return s;
    const struct py_codec *c = py_codec_of(name);
    *ret_bad = !c;
    return c ? py_recode(a, c, s) : s;
}
