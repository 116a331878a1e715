/* SPDX-License-Identifier: Apache-2.0 */
/* Oddities of the text itself: facts for the record, no opinion. */
#include "engine/languages/text.h"

#include "base/utf8.h"

enum { FINDINGS_MAX = 200, DETAIL_MAX = 120, WORD = 8 };

void tw_text_finding(tw_ir *ir, tw_finding_id id, uint64_t off, tw_str detail)
{
    if (ir->findings.n >= FINDINGS_MAX) return;
    tw_str d = tw_arena_str(ir->arena, tw_str_sub(detail, 0, DETAIL_MAX));
    TW_PUSH(ir->arena, ir->findings,
            ((tw_finding){.id = id, .member = TW_NO_MEMBER, .off = off, .detail = d}));
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
static size_t scan_high(tw_ir *ir, tw_str s, size_t from, bool *bidi, bool *hidden)
{
    size_t i = from;
    uint32_t before = from ? (uint8_t)s.p[from - 1] : 0;
    while (i < s.n && (uint8_t)s.p[i] >= 0x80) {
        size_t off = i;
        uint32_t cp = tw_utf8_next(s, &i, NULL);
        if (!*bidi && is_bidi(cp)) {
            *bidi = true;
            tw_text_finding(ir, TW_FIND_TEXT_BIDI, off, tw_arena_fmt(ir->arena, "U+%04X", cp));
        } else if (!*hidden && !is_bidi(cp) && is_hidden(cp, before, off)) {
            *hidden = true;
            tw_text_finding(ir, TW_FIND_TEXT_INVISIBLE, off, tw_arena_fmt(ir->arena, "U+%04X", cp));
        }
        before = cp;
    }
    return i;
}

void tw_text_facts(tw_ir *ir, uint32_t far_right)
{
    tw_str s = ir->source;
    bool bidi = false, hidden = false;
    const char *nul = s.n ? memchr(s.p, 0, s.n) : NULL;
    tw_text_prompt(ir);
    if (nul) tw_text_finding(ir, TW_FIND_TEXT_NUL, (uint64_t)(nul - s.p), (tw_str){0});
    if (far_right != UINT32_MAX) tw_text_finding(ir, TW_FIND_TEXT_FAR_RIGHT, far_right, (tw_str){0});
    for (size_t i = 0; i < s.n && !(bidi && hidden);) {
        uint64_t w;
        while (s.n - i >= WORD && (memcpy(&w, s.p + i, WORD), !(w & 0x8080808080808080ull))) i += WORD;
        while (i < s.n && (uint8_t)s.p[i] < 0x80) i++;
        if (i < s.n) i = scan_high(ir, s, i, &bidi, &hidden);
    }
}

/* base64, hex or raw bytes: long, without the white space of text, spread over many symbols. */
void tw_text_blob(tw_ir *ir, uint32_t off, tw_str s)
{
    uint64_t count[256] = {0}, squares = 0, coded = 0, hex = 0, raw = 0;
    if (s.n < TW_TEXT_BLOB_MIN) return;
    for (size_t i = 0; i < s.n; i++) count[(uint8_t)s.p[i]]++;
    uint64_t breaks = count['\n'] + count['\r'], n = s.n - breaks;
    for (unsigned c = 0; c < 256; c++) {
        if (c == '\n' || c == '\r') continue;
        squares += count[c] * count[c];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z', digit = c >= '0' && c <= '9';
        if (letter || digit || c == '_' || c == '+' || c == '/' || c == '=' || c == '-') coded += count[c];
        if (digit || (letter && (c | 0x20) <= 'f')) hex += count[c];
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
    if (what)
        tw_text_finding(ir, TW_FIND_TEXT_BLOB, off, tw_arena_fmt(ir->arena, "%zu bytes, %s", s.n, what));
}

void tw_text_put_cp(tw_buf *b, uint32_t c)
{
    char u[4];
    size_t n = 0;
    if (c < 0x80) {
        u[n++] = (char)c;
    } else if (c < 0x800) {
        u[n++] = (char)(0xC0 | c >> 6);
        u[n++] = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        u[n++] = (char)(0xE0 | c >> 12);
        u[n++] = (char)(0x80 | (c >> 6 & 63));
        u[n++] = (char)(0x80 | (c & 63));
    } else {
        u[n++] = (char)(0xF0 | c >> 18);
        u[n++] = (char)(0x80 | (c >> 12 & 63));
        u[n++] = (char)(0x80 | (c >> 6 & 63));
        u[n++] = (char)(0x80 | (c & 63));
    }
    tw_buf_put(b, u, n);
}
