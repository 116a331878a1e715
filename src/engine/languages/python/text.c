/* SPDX-License-Identifier: Apache-2.0 */
/* Oddities of the text itself: facts for the record, no opinion. */
#include "base/utf8.h"
#include "engine/languages/python/py.h"

enum { FINDINGS_MAX = 200, DETAIL_MAX = 120, BLOB_MIN = 2048, WORD = 8 };

void py_finding(py *p, tw_finding_id id, uint64_t off, tw_str detail)
{
    if (p->ir->findings.n >= FINDINGS_MAX) return;
    tw_str d = tw_arena_str(p->ir->arena, tw_str_sub(detail, 0, DETAIL_MAX));
    TW_PUSH(p->ir->arena, p->ir->findings, (tw_finding){id, TW_NO_MEMBER, off, d});
}

static bool is_bidi(uint32_t cp)
{
    return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* Invisible, and not where honest text has it: behind another character outside ASCII (emoji
 * sequences, Indic and Persian joiners). */
static bool is_hidden(uint32_t cp, uint32_t before, size_t off)
{
    if (!tw_utf8_invisible(cp) || cp == 0xad || (cp == 0xfeff && off == 0)) return false;
    bool joiner =
        cp == 0x200c || cp == 0x200d || (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0x200e || cp == 0x200f;
    return !(joiner && before >= 0x80);
}

/* First place of each kind; `from` starts a run outside ASCII. */
static size_t scan_high(py *p, tw_str s, size_t from, bool *bidi, bool *hidden)
{
    size_t i = from;
    uint32_t before = from ? (uint8_t)s.p[from - 1] : 0;
    while (i < s.n && (uint8_t)s.p[i] >= 0x80) {
        size_t off = i;
        uint32_t cp = tw_utf8_next(s, &i, NULL);
        if (!*bidi && is_bidi(cp)) {
            *bidi = true;
            py_finding(p, TW_FIND_TEXT_BIDI, off, tw_arena_fmt(p->tmp, "U+%04X", cp));
        } else if (!*hidden && !is_bidi(cp) && is_hidden(cp, before, off)) {
            *hidden = true;
            py_finding(p, TW_FIND_TEXT_INVISIBLE, off, tw_arena_fmt(p->tmp, "U+%04X", cp));
        }
        before = cp;
    }
    return i;
}

void py_text_facts(py *p)
{
    tw_str s = p->ir->source;
    bool bidi = false, hidden = false;
    const char *nul = s.n ? memchr(s.p, 0, s.n) : NULL;
    if (nul) py_finding(p, TW_FIND_TEXT_NUL, (uint64_t)(nul - s.p), (tw_str){0});
    if (p->far_right != UINT32_MAX) py_finding(p, TW_FIND_TEXT_FAR_RIGHT, p->far_right, (tw_str){0});
    for (size_t i = 0; i < s.n && !(bidi && hidden);) {
        uint64_t w;
        while (s.n - i >= WORD && (memcpy(&w, s.p + i, WORD), !(w & 0x8080808080808080ull))) i += WORD;
        while (i < s.n && (uint8_t)s.p[i] < 0x80) i++;
        if (i < s.n) i = scan_high(p, s, i, &bidi, &hidden);
    }
}

/* base64, hex or raw bytes: long, without the white space of text, spread over many symbols. */
void py_blob(py *p, uint32_t off, tw_str s)
{
    uint64_t count[256] = {0}, squares = 0, coded = 0, hex = 0, raw = 0;
    if (s.n < BLOB_MIN) return;
    for (size_t i = 0; i < s.n; i++) count[(uint8_t)s.p[i]]++;
    uint64_t breaks = count['\n'] + count['\r'], n = s.n - breaks;
    for (unsigned c = 0; c < 256; c++) {
        if (c == '\n' || c == '\r') continue;
        squares += count[c] * count[c];
        if (py_class[c] & (C_ALPHA | C_DIGIT) ? c < 128 : c == '+' || c == '/' || c == '=' || c == '-')
            coded += count[c];
        if (py_class[c] & C_HEX) hex += count[c];
        if (c < 32 || c >= 127) raw += count[c];
    }
    if (!n || breaks * 8 > s.n) return;
    const char *what = NULL;
    /* sum of p^2: 1/64 for base64, 1/16 for hex digits, about 1/15 for prose */
    if (hex * 100 >= n * 97 && squares * 13 < n * n)
        what = "hex";
    else if (coded * 100 >= n * 97 && squares * 24 < n * n)
        what = "base64-like";
    else if (raw * 5 >= n && squares * 48 < n * n)
        what = "binary";
    if (what) py_finding(p, TW_FIND_TEXT_BLOB, off, tw_arena_fmt(p->tmp, "%zu bytes, %s", s.n, what));
}
