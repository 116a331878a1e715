/* SPDX-License-Identifier: Apache-2.0 */
/* Text in another encoding than UTF-8 -> UTF-8, with Python's own tables. What has no character is U+FFFD:
 * Python would not run such a file. */
#include "engine/languages/python/py.h"
#include "engine/languages/python/unicode.h"
#include "engine/languages/text.h"

enum { CODEC_NAME_MAX = 40, LOST = 0xfffd };

/* As Python's tokenizer: utf-8-unix is utf-8, latin-1-dos is latin-1. */
static tw_str common_name(tw_str low)
{
    static const struct {
        tw_str is, name;
    } rows[] = {{TW_SI("utf_8"), TW_SI("utf_8")},
                {TW_SI("latin_1"), TW_SI("latin_1")},
                {TW_SI("iso_8859_1"), TW_SI("latin_1")},
                {TW_SI("iso_latin_1"), TW_SI("latin_1")}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_starts(low, rows[i].is) && (low.n == rows[i].is.n || low.p[rows[i].is.n] == '_'))
            return rows[i].name;
    return low;
}

const py_codec *py_codec_of(tw_str name)
{
    char low[CODEC_NAME_MAX];
    if (name.n > sizeof low) return NULL;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        low[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '-' || c == '.' ? '_' : c;
    }
    tw_str s = common_name((tw_str){low, name.n});
    uint32_t lo = 0, hi = py_n_codec_names;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        int order = tw_str_cmp(tw_str_c(py_codec_names[mid].name), s);
        if (!order) return py_codec_names[mid].codec;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static uint32_t pair(const py_codec *c, uint8_t lead, uint8_t trail)
{
    if (lead < PY_LEAD || lead == 0xff || trail < PY_TRAIL || trail == 0xff) return 0;
    uint32_t at = (uint32_t)(lead - PY_LEAD) * PY_TRAILS + trail - PY_TRAIL;
    uint32_t lo = 0, hi = c->n_patch;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (c->patch[2 * mid] < at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->n_patch && c->patch[2 * lo] == at ? c->patch[2 * lo + 1] : c->pairs[at];
}

/* Four bytes of GB 18030: the planes above the first follow each other. */
static uint32_t four(const uint8_t *s)
{
    uint32_t k = (((uint32_t)(s[0] - 0x90) * 10 + (s[1] - 0x30)) * 126 + (s[2] - 0x81)) * 10 + (s[3] - 0x30);
    return s[0] >= 0x90 && k < 0x100000 ? 0x10000 + k : LOST;
}

static uint32_t next(const py_codec *c, const uint8_t *s, size_t n, size_t *i)
{
    uint8_t b = s[*i];
    uint32_t cp = c->single[b - 0x80];
    size_t left = n - *i;
    *i += 1;
    if (cp || c->kind == PY_CODEC_SINGLE || left < 2) return cp ? cp : LOST;
    if (s[*i] >= '0' && s[*i] <= '9' && left >= 4 && s[*i + 1] >= 0x81 && s[*i + 2] >= '0' &&
        s[*i + 2] <= '9') {
        *i += 3;
        return four(s + *i - 4);
    }
    cp = pair(c, b, s[*i]);
    if (cp || s[*i] >= 0x80) *i += 1;
    return cp ? cp : LOST;
}

static void table(const py_codec *c, tw_str s, tw_buf *out)
{
    const uint8_t *p = (const uint8_t *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t k = i;
        while (k < s.n && p[k] < 0x80) k++;
        tw_buf_put(out, p + i, k - i);
        i = k;
        if (i < s.n) tw_text_put_cp(out, next(c, p, s.n, &i));
    }
}

static int base64(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One shifted run of UTF-7, s[i] behind its "+". Returns where it ends. */
static size_t shifted(tw_str s, size_t i, tw_buf *out)
{
    uint32_t bits = 0, n = 0, high = 0;
    int d;
    for (; i < s.n && (d = base64((uint8_t)s.p[i])) >= 0; i++) {
        bits = bits << 6 | (uint32_t)d, n += 6;
        if (n < 16) continue;
        n -= 16;
        uint32_t unit = bits >> n & 0xffff;
        bool low = unit >= 0xdc00 && unit < 0xe000;
        if (high && low)
            tw_text_put_cp(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
        else if (high)
            tw_text_put_cp(out, high);
        if (unit >= 0xd800 && unit < 0xdc00)
            high = unit;
        else if (!(high && low))
            tw_text_put_cp(out, unit), high = 0;
        else
            high = 0;
    }
    if (high) tw_text_put_cp(out, high);
    return i < s.n && s.p[i] == '-' ? i + 1 : i;
}

static void utf7(tw_str s, tw_buf *out)
{
    for (size_t i = 0; i < s.n;) {
        uint8_t c = (uint8_t)s.p[i++];
        if (c != '+')
            tw_text_put_cp(out, c < 0x80 ? c : LOST);
        else if (i < s.n && s.p[i] == '-')
            tw_buf_putc(out, '+'), i++;
        else
            i = shifted(s, i, out);
    }
}

/* Latin-1 with escapes: a line of code may stand in a comment as \\u000a. */
static void escapes(tw_str s, bool raw, tw_buf *out)
{
    tw_buf text = TW_BUF_INIT;
    for (size_t i = 0; i < s.n; i++) tw_text_put_cp(&text, (uint8_t)s.p[i]);
    py_decode_text(out, (const uint8_t *)text.p, 0, (uint32_t)text.n,
                   raw ? S_RAW | S_UNICODE | S_AS_IS : S_AS_IS);
    tw_buf_free(&text);
}

tw_str py_recode(tw_arena *a, const py_codec *c, tw_str s)
{
    size_t high = 0;
    for (size_t i = 0; i < s.n; i++) high += (uint8_t)s.p[i] >> 7;
    if (c->kind == PY_CODEC_UTF8 || (c->kind >= PY_CODEC_SINGLE && !high) || s.n > UINT32_MAX / 4) return s;
    tw_buf out = TW_BUF_INIT;
    switch (c->kind) {
    case PY_CODEC_UTF7: utf7(s, &out); break;
    case PY_CODEC_ESCAPE: escapes(s, false, &out); break;
    case PY_CODEC_RAW_ESCAPE: escapes(s, true, &out); break;
    default: table(c, s, &out);
    }
    s = tw_arena_str(a, tw_buf_str(&out));
    tw_buf_free(&out);
    return s;
}
