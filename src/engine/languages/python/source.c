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

static tw_str from_latin1(tw_arena *a, tw_str s)
{
    size_t high = 0;
    for (size_t i = 0; i < s.n; i++) high += (uint8_t)s.p[i] >> 7;
    if (!high) return s;
    char *to = tw_arena_alloc(a, s.n + high);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = (uint8_t)s.p[i];
        if (c < 0x80)
            to[n++] = (char)c;
        else
            to[n++] = (char)(0xC0 | c >> 6), to[n++] = (char)(0x80 | (c & 63));
    }
    return (tw_str){to, n};
}

typedef enum codec { CODEC_UTF8, CODEC_LATIN1, CODEC_OTHER } codec;

/* By name, "_" for "-", case ignored. Single-byte supersets of ASCII are read as Latin-1: names and
 * code are right, only the high characters of constants may be other ones. */
static codec codec_of(tw_str name)
{
    static const struct {
        const char *prefix;
        codec codec;
    } rows[] = {{"utf-8", CODEC_UTF8},         {"utf8", CODEC_UTF8},       {"u8", CODEC_UTF8},
                {"latin", CODEC_LATIN1},       {"iso-8859", CODEC_LATIN1}, {"iso8859", CODEC_LATIN1},
                {"8859", CODEC_LATIN1},        {"l1", CODEC_LATIN1},       {"cp125", CODEC_LATIN1},
                {"windows-125", CODEC_LATIN1}, {"cp437", CODEC_LATIN1},    {"cp85", CODEC_LATIN1},
                {"cp86", CODEC_LATIN1},        {"koi8", CODEC_LATIN1},     {"mac", CODEC_LATIN1},
                {"ascii", CODEC_UTF8},         {"us-ascii", CODEC_UTF8}};
    char low[COOKIE_MAX + 1];
    size_t n = name.n < COOKIE_MAX ? name.n : COOKIE_MAX;
    for (size_t i = 0; i < n; i++) {
        char c = name.p[i];
        low[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' ? '-' : c;
    }
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_starts((tw_str){low, n}, tw_str_c(rows[i].prefix))) return rows[i].codec;
    return CODEC_OTHER;
}

tw_str py_source(tw_arena *a, tw_str s, bool *ret_bad)
{
    *ret_bad = false;
    if (tw_str_starts(s, TW_S("\xEF\xBB\xBF")))
        return s; /* the lexer skips it, so that offsets are the file's */
    tw_str c = declared(s);
    if (!c.n) return s;
    codec k = codec_of(c);
    *ret_bad = k == CODEC_OTHER;
    return k == CODEC_LATIN1 ? from_latin1(a, s) : s;
}
