/* SPDX-License-Identifier: Apache-2.0 */
/* Transfer encodings (uu, quoted-printable, entities, percent) and the encodings of texts beyond UTF-8 and Latin-1. */
#include "base/utf8.h"
#include "engine/record/pure_base.h"

static int hex(char c)
{
    char low = (char)(c | 32);
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool input(ev *e, uint32_t v, tw_str *ret)
{
    if (!v || !ev_raw_or_text(e, v, ret) || !ev_step(e, 2 + ret->n / 8)) return false;
    tw_buf_clear(&e->out);
    return ev_at(e, v)->kind == TW_VAL_BYTES || ev_ascii(*ret);
}

static uint32_t decoded(ev *e, uint8_t kind, uint32_t from, const char *name)
{
    return ev_taken(e, kind, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, name));
}

/* ---- uuencode ---- */

static bool uu_line(tw_buf *out, tw_str line)
{
    uint32_t bits = 0, have = 0;
    if (!line.n) return false;
    size_t n = (size_t)((line.p[0] - ' ') & 63), i = 1;
    for (; n; i++) {
        char c = i < line.n ? line.p[i] : '\n';
        if (c != '\n' && c != '\r' && (c < ' ' || c > '`')) return false;
        bits = bits << 6 | (c == '\n' || c == '\r' ? 0 : (uint32_t)(c - ' ') & 63);
        have += 6;
        if (have < 8) continue;
        have -= 8, n--;
        tw_buf_putc(out, (char)(bits >> have));
    }
    for (; i < line.n; i++)
        if (line.p[i] != ' ' && line.p[i] != '`' && line.p[i] != '\n' && line.p[i] != '\r') return false;
    return true;
}

uint32_t ev_a2b_uu(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && input(e, a->v[0], &s) && uu_line(&e->out, s) ? decoded(e, TW_VAL_BYTES, a->v[0], "uu")
                                                                     : 0;
}

/* begin 666 name, lines, end */
uint32_t ev_uu(ev *e, const ev_args *a)
{
    tw_str s, line;
    bool begun = false;
    if (!a->n || !input(e, a->v[0], &s)) return 0;
    while (s.p && tw_str_split(&s, '\n', &line)) {
        if (begun && tw_str_eq(line, TW_S("end")) && s.p) return decoded(e, TW_VAL_BYTES, a->v[0], "uu");
        if (begun && !uu_line(&e->out, tw_str_of(line.p, line.n + (s.p != NULL)))) return 0;
        begun = begun || tw_str_starts(line, TW_S("begin"));
    }
    return 0;
}

/* ---- quoted-printable ---- */

uint32_t ev_qp(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v = ev_arg(e, a, 0, "s"), header_v = ev_arg(e, a, 1, "header");
    if (!v) v = ev_arg(e, a, 0, "data");
    int header = header_v ? ev_truth(e, header_v) : 0;
    if (header < 0 || !input(e, v, &s)) return 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i++];
        if (c != '=') {
            tw_buf_putc(&e->out, header && c == '_' ? ' ' : c);
            continue;
        }
        if (i >= s.n) break;
        if (s.p[i] == '\n' || s.p[i] == '\r') {
            while (i < s.n && s.p[i] != '\n') i++;
            i++;
        } else if (s.p[i] == '=') {
            tw_buf_putc(&e->out, '=');
            i++;
        } else if (i + 1 < s.n && hex(s.p[i]) >= 0 && hex(s.p[i + 1]) >= 0) {
            tw_buf_putc(&e->out, (char)(hex(s.p[i]) << 4 | hex(s.p[i + 1])));
            i += 2;
        } else {
            tw_buf_putc(&e->out, '=');
        }
    }
    return decoded(e, TW_VAL_BYTES, v, "quoted-printable");
}

/* ---- html.unescape: numbers and the names in daily use; another name is not known ---- */

static size_t entity(tw_str s, uint32_t *ret)
{
    static const struct {
        tw_str name;
        uint32_t c;
    } names[] = {{TW_SI("amp;"), '&'},    {TW_SI("lt;"), '<'},        {TW_SI("gt;"), '>'},
                 {TW_SI("quot;"), '"'},   {TW_SI("apos;"), '\''},     {TW_SI("nbsp;"), 0xA0},
                 {TW_SI("copy;"), 0xA9},  {TW_SI("reg;"), 0xAE},      {TW_SI("lpar;"), '('},
                 {TW_SI("rpar;"), ')'},   {TW_SI("period;"), '.'},    {TW_SI("comma;"), ','},
                 {TW_SI("colon;"), ':'},  {TW_SI("semi;"), ';'},      {TW_SI("sol;"), '/'},
                 {TW_SI("bsol;"), '\\'},  {TW_SI("lowbar;"), '_'},    {TW_SI("equals;"), '='},
                 {TW_SI("plus;"), '+'},   {TW_SI("ast;"), '*'},       {TW_SI("excl;"), '!'},
                 {TW_SI("quest;"), '?'},  {TW_SI("num;"), '#'},       {TW_SI("dollar;"), '$'},
                 {TW_SI("percnt;"), '%'}, {TW_SI("commat;"), '@'},    {TW_SI("lsqb;"), '['},
                 {TW_SI("rsqb;"), ']'},   {TW_SI("lcub;"), '{'},      {TW_SI("rcub;"), '}'},
                 {TW_SI("vert;"), '|'},   {TW_SI("grave;"), '`'},     {TW_SI("NewLine;"), '\n'},
                 {TW_SI("Tab;"), '\t'},   {TW_SI("hyphen;"), 0x2010}, {TW_SI("Hat;"), '^'}};
    bool x = s.n > 1 && s.p[0] == '#' && (s.p[1] | 32) == 'x';
    uint32_t c = 0;
    size_t i = x ? 2 : 1;
    for (size_t k = 0; s.n && s.p[0] != '#' && k < TW_COUNT(names); k++)
        if (tw_str_starts(s, names[k].name)) return *ret = names[k].c, names[k].name.n;
    if (!s.n || s.p[0] != '#') return 0;
    for (; i < s.n && i < 10 && hex(s.p[i]) >= 0 && (x || hex(s.p[i]) < 10); i++)
        c = c * (x ? 16 : 10) + (uint32_t)hex(s.p[i]);
    bool plain = c >= ' ' && c != 127 && !(c >= 128 && c < 160) && !(c >= 0xD800 && c < 0xE000) && c < 0xFDD0;
    if (i < s.n && s.p[i] == ';' && (plain || c == '\n' || c == '\t') && i > (x ? 2u : 1u))
        return *ret = c, i + 1;
    return 0;
}

uint32_t ev_html_unescape(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t v = ev_arg(e, a, 0, "s"), c;
    if (a->n != 1 || !v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_raw_or_text(e, v, &s) ||
        !ev_step(e, 1 + s.n / 8))
        return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        char next = i + 1 < s.n ? s.p[i + 1] : ' ', low = (char)(next | 32);
        bool starts = s.p[i] == '&' && (next == '#' || (low >= 'a' && low <= 'z'));
        size_t n = starts ? entity(tw_str_sub(s, i + 1, s.n), &c) : 0;
        if (starts && !n) return 0;
        if (starts)
            tw_utf8_put(&e->out, c), i += n;
        else
            tw_buf_putc(&e->out, s.p[i]);
    }
    return decoded(e, TW_VAL_STR, v, "entities");
}

/* ---- percent ---- */

uint32_t ev_unquote_plus(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t v = ev_arg(e, a, 0, "string"), none = 0;
    if (a->n != 1 || !v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_raw_or_text(e, v, &s) ||
        !ev_room(e, s.n))
        return 0;
    char *p = tw_arena_raw(e->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i] == '+' ? ' ' : s.p[i];
    uint32_t spaced = ev_folded(e, TW_VAL_STR, tw_str_of(p, s.n), ev_at(e, v)->recipe);
    return ev_unquote(e, &(ev_args){0, &spaced, &none, 1});
}

uint32_t ev_unquote_bytes(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v = ev_arg(e, a, 0, "string");
    if (a->n != 1 || !v || !ev_raw_or_text(e, v, &s) || !ev_step(e, 1 + s.n / 8)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        bool two = s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0;
        tw_buf_putc(&e->out, two ? (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2])) : s.p[i]);
        i += two ? 2 : 0;
    }
    return decoded(e, TW_VAL_BYTES, v, "percent");
}

/* ---- encodings of texts ---- */

static const uint16_t upper_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                        0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
static const uint16_t upper_437[128] = {
    0xC7,   0xFC,   0xE9,   0xE2,   0xE4,   0xE0,   0xE5,   0xE7,   0xEA,   0xEB,   0xE8,   0xEF,   0xEE,
    0xEC,   0xC4,   0xC5,   0xC9,   0xE6,   0xC6,   0xF4,   0xF6,   0xF2,   0xFB,   0xF9,   0xFF,   0xD6,
    0xDC,   0xA2,   0xA3,   0xA5,   0x20A7, 0x192,  0xE1,   0xED,   0xF3,   0xFA,   0xF1,   0xD1,   0xAA,
    0xBA,   0xBF,   0x2310, 0xAC,   0xBD,   0xBC,   0xA1,   0xAB,   0xBB,   0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C,
    0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x3B1,  0xDF,   0x393,  0x3C0,  0x3A3,  0x3C3,  0xB5,   0x3C4,
    0x3A6,  0x398,  0x3A9,  0x3B4,  0x221E, 0x3C6,  0x3B5,  0x2229, 0x2261, 0xB1,   0x2265, 0x2264, 0x2320,
    0x2321, 0xF7,   0x2248, 0xB0,   0x2219, 0xB7,   0x221A, 0x207F, 0xB2,   0x25A0, 0xA0};

/* One byte, one character; 0 none. */
static uint32_t of_byte(uint8_t c, bool dos)
{
    if (c < 128) return c;
    if (dos) return upper_437[c - 128];
    return c < 160 ? upper_1252[c - 128] : c;
}

static bool of_pages(tw_buf *out, tw_str s, bool dos, bool to_bytes)
{
    for (size_t i = 0; !to_bytes && i < s.n; i++) {
        uint32_t c = of_byte((uint8_t)s.p[i], dos);
        if (!c && s.p[i]) return false;
        tw_utf8_put(out, c);
    }
    for (size_t i = 0; to_bytes && i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad), b = 0;
        while (b < 256 && of_byte((uint8_t)b, dos) != c) b++;
        if (bad || b == 256) return false;
        tw_buf_putc(out, (char)b);
    }
    return true;
}

static uint32_t unit(tw_str s, size_t at, unsigned n, bool big)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < n; i++) v |= (uint32_t)(uint8_t)s.p[at + i] << 8 * (big ? n - 1 - i : i);
    return v;
}

/* UTF-16 and UTF-32; order: 0 by the mark in front, which goes, or little; else 'l' or 'b'. */
static bool from_wide(tw_buf *out, tw_str s, unsigned n, char order)
{
    bool big = order == 'b';
    if (s.n % n) return false;
    if (!order && s.n >= n) {
        if (unit(s, 0, n, true) == 0xFEFF) big = true;
        if (big || unit(s, 0, n, false) == 0xFEFF) s = tw_str_sub(s, n, s.n);
    }
    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = unit(s, i, n, big);
        if (n == 2 && c >= 0xD800 && c < 0xDC00 && i + 2 < s.n) {
            uint32_t d = unit(s, i + 2, n, big);
            if (d < 0xDC00 || d >= 0xE000) return false;
            c = 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00), i += 2;
        }
        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
        tw_utf8_put(out, c);
    }
    return true;
}

static void put_unit(tw_buf *out, uint32_t c, unsigned n, bool big)
{
    for (unsigned i = 0; i < n; i++) tw_buf_putc(out, (char)(c >> 8 * (big ? n - 1 - i : i)));
}

static bool to_wide(tw_buf *out, tw_str s, unsigned n, char order)
{
    bool big = order == 'b';
    if (!order) put_unit(out, 0xFEFF, n, false);
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad);
        if (bad) return false;
        if (n == 2 && c > 0xFFFF) {
            put_unit(out, 0xD800 + ((c - 0x10000) >> 10), 2, big);
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        put_unit(out, c, n, big);
    }
    return true;
}

static size_t hex_digits(tw_str s, size_t at, unsigned n, uint32_t *ret)
{
    *ret = 0;
    for (unsigned i = 0; i < n; i++) {
        int d = at + i < s.n ? hex(s.p[at + i]) : -1;
        if (d < 0) return 0;
        *ret = *ret << 4 | (uint32_t)d;
    }
    return *ret > 0x10FFFF || (*ret >= 0xD800 && *ret < 0xE000) ? 0 : n;
}

/* unicode_escape; raw: only the two forms with u. */
static bool escapes(tw_buf *out, tw_str s, bool raw)
{
    static const char names[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    for (size_t i = 0; i < s.n; i++) {
        uint32_t c = (uint8_t)s.p[i];
        char k = i + 1 < s.n ? s.p[i + 1] : 0;
        if (c != '\\') {
            tw_utf8_put(out, c);
            continue;
        }
        if (!k && !raw) return false;
        unsigned n = k == 'u' ? 4 : k == 'U' ? 8 : k == 'x' && !raw ? 2 : 0;
        if (n) {
            if (!hex_digits(s, i + 2, n, &c)) return false;
            tw_utf8_put(out, c);
            i += n + 1;
            continue;
        }
        if (raw) {
            tw_utf8_put(out, c);
            if (k == '\\') tw_buf_putc(out, s.p[++i]); /* a pair is no escape */
            continue;
        }
        const char *known = strchr(names, k);
        if (k == 'N') return false;
        if (known) {
            tw_buf_putc(out, values[known - names]);
        } else if (k >= '0' && k <= '7') {
            unsigned digits = 0;
            for (c = 0; digits < 3 && i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '7'; digits++)
                c = c * 8 + (uint32_t)(s.p[++i] - '0');
            tw_utf8_put(out, c);
            continue;
        } else if (k != '\n') {
            tw_buf_putc(out, '\\');
            i--;
        }
        i++;
    }
    return true;
}

/* RFC 3492 */
static bool punycode(tw_buf *out, tw_str s)
{
    uint32_t chars[256], n = 0, code = 128, at = 0, bias = 72;
    size_t dash = tw_str_rchr(s, '-'), i = dash == TW_NPOS ? 0 : dash + 1;
    if (s.n > TW_COUNT(chars)) return false;
    for (size_t k = 0; dash != TW_NPOS && k < dash; k++) chars[n++] = (uint8_t)s.p[k];
    while (i < s.n) {
        uint64_t was = at, weight = 1, sum = at;
        for (uint32_t k = 36;; k += 36) {
            if (i >= s.n) return false;
            char c = s.p[i++], low = (char)(c | 32);
            uint32_t d = low >= 'a' && low <= 'z' ? (uint32_t)(low - 'a')
                         : c >= '0' && c <= '9'   ? (uint32_t)(c - '0' + 26)
                                                  : 99;
            uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
            if (d > 35) return false;
            sum += d * weight;
            if (sum > UINT32_MAX) return false;
            if (d < t) break;
            weight *= 36 - t;
            if (weight > UINT32_MAX) return false;
        }
        uint64_t delta = was ? (sum - was) / 2 : sum / 700;
        n++;
        delta += delta / n;
        for (bias = 0; delta > 455; bias += 36) delta /= 35;
        bias += (uint32_t)(36 * delta / (delta + 38));
        code += (uint32_t)(sum / n), at = (uint32_t)(sum % n);
        if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || n > TW_COUNT(chars)) return false;
        memmove(chars + at + 1, chars + at, (n - 1 - at) * sizeof *chars);
        chars[at++] = code;
    }
    for (uint32_t k = 0; k < n; k++) tw_utf8_put(out, chars[k]);
    return true;
}

static int sextet(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* RFC 2152: +base64 of UTF-16BE- ; what is odd about it is left alone. */
static bool utf7(tw_buf *out, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((uint8_t)s.p[i] > 127) return false;
        if (s.p[i] != '+') {
            tw_buf_putc(out, s.p[i]);
            continue;
        }
        uint32_t bits = 0, n = 0, high = 0, units = 0;
        size_t from = ++i;
        for (int d; i < s.n && (d = sextet(s.p[i])) >= 0; i++) {
            bits = bits << 6 | (uint32_t)d, n += 6;
            if (n < 16) continue;
            n -= 16, units++;
            uint32_t u = bits >> n & 0xffff;
            bits &= (1u << n) - 1;
            bool low = u >= 0xDC00 && u < 0xE000;
            if (low != (high != 0)) return false;
            if (low)
                tw_utf8_put(out, 0x10000 + ((high - 0xD800) << 10) + (u - 0xDC00)), high = 0;
            else if (u >= 0xD800 && u < 0xDC00)
                high = u;
            else
                tw_utf8_put(out, u);
        }
        if (high || n >= 6 || bits || i >= s.n) return false;
        if (i == from && s.p[i] != '-') return false;
        if (i == from) tw_buf_putc(out, '+');
        if (s.p[i] != '-') i--;
    }
    return true;
}

typedef enum more {
    MORE_16,
    MORE_32,
    MORE_SIG,
    MORE_1252,
    MORE_437,
    MORE_7,
    MORE_ESCAPE,
    MORE_RAW,
    MORE_PUNY
} more;
static const struct {
    tw_str name; /* with dashes */
    uint8_t is;
    char order;
} codings[] = {
    {TW_SI("utf-16"), MORE_16, 0},
    {TW_SI("utf16"), MORE_16, 0},
    {TW_SI("u16"), MORE_16, 0},
    {TW_SI("utf-16-le"), MORE_16, 'l'},
    {TW_SI("utf-16le"), MORE_16, 'l'},
    {TW_SI("utf-16-be"), MORE_16, 'b'},
    {TW_SI("utf-16be"), MORE_16, 'b'},
    {TW_SI("utf-32"), MORE_32, 0},
    {TW_SI("utf32"), MORE_32, 0},
    {TW_SI("u32"), MORE_32, 0},
    {TW_SI("utf-32-le"), MORE_32, 'l'},
    {TW_SI("utf-32le"), MORE_32, 'l'},
    {TW_SI("utf-32-be"), MORE_32, 'b'},
    {TW_SI("utf-32be"), MORE_32, 'b'},
    {TW_SI("utf-8-sig"), MORE_SIG, 0},
    {TW_SI("cp1252"), MORE_1252, 0},
    {TW_SI("windows-1252"), MORE_1252, 0},
    {TW_SI("cp437"), MORE_437, 0},
    {TW_SI("437"), MORE_437, 0},
    {TW_SI("ibm437"), MORE_437, 0},
    {TW_SI("utf-7"), MORE_7, 0},
    {TW_SI("utf7"), MORE_7, 0},
    {TW_SI("unicode-escape"), MORE_ESCAPE, 0},
    {TW_SI("unicodeescape"), MORE_ESCAPE, 0},
    {TW_SI("raw-unicode-escape"), MORE_RAW, 0},
    {TW_SI("punycode"), MORE_PUNY, 0},
};

static bool recode(tw_buf *out, tw_str s, uint8_t how, char order, bool to_bytes)
{
    bool dos = how == MORE_437, wide = how == MORE_16 || how == MORE_32;
    if (wide && to_bytes) return to_wide(out, s, how == MORE_16 ? 2 : 4, order);
    if (wide) return from_wide(out, s, how == MORE_16 ? 2 : 4, order);
    if (how == MORE_1252 || dos) return of_pages(out, s, dos, to_bytes);
    if (how == MORE_SIG) {
        if (to_bytes) tw_buf_puts(out, TW_S("\xEF\xBB\xBF"));
        if (!to_bytes && tw_str_starts(s, TW_S("\xEF\xBB\xBF"))) s = tw_str_sub(s, 3, s.n);
        tw_buf_puts(out, s);
        return tw_utf8_valid(s);
    }
    if (to_bytes) return false;
    if (how == MORE_7) return utf7(out, s);
    return how == MORE_PUNY ? ev_ascii(s) && punycode(out, s) : escapes(out, s, how == MORE_RAW);
}

/* For ev_recode: an encoding it does not know itself. */
uint32_t ev_recode_more(ev *e, uint32_t v, tw_str s, tw_str encoding, bool to_bytes)
{
    char plain[24];
    if (encoding.n >= sizeof plain || !ev_step(e, 1 + s.n / 8)) return 0;
    for (size_t i = 0; i < encoding.n; i++) {
        char c = encoding.p[i];
        plain[i] = (char)(c == '_' || c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? c | 32 : c);
    }
    for (size_t i = 0; i < TW_COUNT(codings); i++) {
        if (!tw_str_eq(codings[i].name, tw_str_of(plain, encoding.n))) continue;
        tw_buf_clear(&e->out);
        if (!recode(&e->out, s, codings[i].is, codings[i].order, to_bytes)) return 0;
        bool named = codings[i].is >= MORE_ESCAPE;
        uint32_t before = ev_at(e, v)->recipe;
        return ev_taken(
            e, to_bytes ? TW_VAL_BYTES : TW_VAL_STR, &e->out,
            named ? ev_recipe_add(e, before, codings[i].is == MORE_PUNY ? "punycode" : "unicode_escape")
                  : before);
    }
    return 0;
}
