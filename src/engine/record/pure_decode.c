/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings of bytes as text. Each adds its name to the recipe of what it decodes. */
#include "engine/record/pure_base.h"

#include "base/utf8.h"

/* -1 where c is not of the alphabet. */
static int8_t table_of(const char *alphabet, int8_t table[256])
{
    memset(table, -1, 256);
    int8_t n = 0;
    for (; alphabet[n]; n++) table[(unsigned char)alphabet[n]] = n;
    return n;
}

static uint32_t decoded(ev *e, uint32_t from, const char *name)
{
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, name));
}

static bool input(ev *e, const ev_args *a, uint32_t *ret_from, tw_str *ret)
{
    *ret_from = ev_arg(e, a, 0, "s");
    if (!*ret_from) *ret_from = ev_arg(e, a, 0, "data");
    if (!*ret_from || !ev_text(e, *ret_from, ret) || !ev_step(e, 1 + ret->n / 16)) return false;
    uint8_t kind; /* a str must be ASCII to stand for bytes */
    if (ev_is_text(e, *ret_from, &kind) && kind == TW_VAL_STR && !ev_ascii(*ret)) return false;
    tw_buf_clear(&e->out);
    return true;
}

static bool hex_into(tw_buf *out, tw_str s, bool spaces, bool upper_only)
{
    int8_t lower[256], upper[256];
    table_of("0123456789abcdef", lower), table_of("0123456789ABCDEF", upper);
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (spaces && (c == ' ' || (c >= '\t' && c <= '\r'))) {
            i++;
            continue;
        }
        if (i + 1 >= s.n) return false;
        unsigned char d = (unsigned char)s.p[i + 1];
        int hi = upper[c] >= 0 || upper_only ? upper[c] : lower[c],
            lo = upper[d] >= 0 || upper_only ? upper[d] : lower[d];
        if (hi < 0 || lo < 0) return false;
        tw_buf_putc(out, (char)(hi << 4 | lo));
        i += 2;
    }
    return true;
}

uint32_t ev_fromhex(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t from;
    return a->n == 1 && input(e, a, &from, &s) && hex_into(&e->out, s, true, false) ? decoded(e, from, "hex")
                                                                                    : 0;
}

uint32_t ev_unhex(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t from;
    return a->n == 1 && input(e, a, &from, &s) && hex_into(&e->out, s, false, false) ? decoded(e, from, "hex")
                                                                                     : 0;
}

uint32_t ev_b16(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t from;
    return a->n == 1 && input(e, a, &from, &s) && hex_into(&e->out, s, false, true)
               ? decoded(e, from, "base16")
               : 0;
}

static uint32_t to_hex(ev *e, uint32_t v, uint8_t kind)
{
    tw_str s;
    if (!v || !ev_text(e, v, &s)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) tw_buf_fmt(&e->out, "%02x", (unsigned char)s.p[i]);
    return ev_taken(e, kind, &e->out, ev_at(e, v)->recipe);
}

uint32_t ev_bytes_hex(ev *e, const ev_args *a)
{
    return a->n ? 0 : to_hex(e, a->self, TW_VAL_STR);
}
uint32_t ev_hexlify(ev *e, const ev_args *a)
{
    return a->n == 1 ? to_hex(e, ev_arg(e, a, 0, "data"), TW_VAL_BYTES) : 0;
}

/* As binascii does when not strict: strangers are skipped, padding ends it, a broken group is an error. */
static bool b64_into(tw_buf *out, tw_str s, bool url)
{
    int8_t t[256];
    table_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", t);
    if (url) t['-'] = 62, t['_'] = 63;
    unsigned bits = 0, n = 0, pads = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '=' && n >= 2 && n + ++pads >= 4) return true;
        if (c == '=' || t[c] < 0) continue;
        pads = 0;
        bits = bits << 6 | (unsigned)t[c];
        if (n) tw_buf_putc(out, (char)(bits >> (6 - 2 * n)));
        n = (n + 1) % 4;
        if (!n) bits = 0;
    }
    return n == 0;
}

static uint32_t b64(ev *e, const ev_args *a, bool url)
{
    tw_str s;
    uint32_t from;
    return a->n == 1 && input(e, a, &from, &s) && b64_into(&e->out, s, url) ? decoded(e, from, "base64") : 0;
}

uint32_t ev_b64(ev *e, const ev_args *a)
{
    return b64(e, a, false);
}
uint32_t ev_b64url(ev *e, const ev_args *a)
{
    return b64(e, a, true);
}

uint32_t ev_b32(ev *e, const ev_args *a)
{
    static const uint8_t whole[9] = {[0] = 1, [2] = 1, [4] = 1, [5] = 1, [7] = 1};
    tw_str s;
    uint32_t from;
    int8_t t[256];
    if (a->n != 1 || !input(e, a, &from, &s) || s.n % 8) return 0;
    table_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", t);
    while (s.n && s.p[s.n - 1] == '=') s.n--;
    uint64_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < s.n; i++) {
        int v = t[(unsigned char)s.p[i]];
        if (v < 0) return 0;
        bits = bits << 5 | (unsigned)v, have += 5;
        if (have >= 8) have -= 8, tw_buf_putc(&e->out, (char)(bits >> have));
    }
    return whole[s.n % 8] ? decoded(e, from, "base32") : 0;
}

/* Groups of five digits of base 85, the last one padded with the highest digit. */
static bool group85(tw_buf *out, const unsigned *d, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 5; i++) v = v * 85 + (i < n ? d[i] : 84);
    if (v > UINT32_MAX || n == 1) return false;
    for (unsigned i = 0; i + 1 < n; i++) tw_buf_putc(out, (char)(v >> (24 - 8 * i)));
    return true;
}

static uint32_t base85(ev *e, const ev_args *a, const char *alphabet, bool ascii85, const char *name)
{
    tw_str s;
    uint32_t from;
    int8_t t[256];
    unsigned d[5], n = 0;
    if (a->n != 1 || !input(e, a, &from, &s)) return 0;
    table_of(alphabet, t);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (ascii85 && (c == ' ' || (c >= '\t' && c <= '\r' && c != '\f'))) continue;
        if (ascii85 && c == 'z' && !n) {
            tw_buf_put(&e->out, "\0\0\0\0", 4);
            continue;
        }
        if (t[c] < 0) return 0;
        d[n++] = (unsigned)t[c];
        if (n == 5 && !group85(&e->out, d, 5)) return 0;
        n %= 5;
    }
    return !n || group85(&e->out, d, n) ? decoded(e, from, name) : 0;
}

uint32_t ev_b85(ev *e, const ev_args *a)
{
    return base85(e, a,
                  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~",
                  false, "base85");
}

uint32_t ev_a85(ev *e, const ev_args *a)
{
    return base85(e, a,
                  "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstu",
                  true, "ascii85");
}

static uint32_t rot13(ev *e, uint32_t v)
{
    tw_str s;
    uint8_t kind;
    if (!ev_is_text(e, v, &kind) || !ev_text(e, v, &s) || !ev_step(e, 1 + s.n / 16)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], low = (char)(c | 0x20);
        if (low >= 'a' && low <= 'z') c = (char)(low > 'm' ? c - 13 : c + 13);
        tw_buf_putc(&e->out, c);
    }
    return ev_taken(e, kind, &e->out, ev_recipe_add(e, ev_at(e, v)->recipe, "rot13"));
}

static const struct {
    tw_str name;
    ev_pure_fn fn;
} transforms[] = {
    {TW_SI("base64"), ev_b64},
    {TW_SI("base-64"), ev_b64},
    {TW_SI("base64-codec"), ev_b64},
    {TW_SI("hex"), ev_unhex},
    {TW_SI("hex-codec"), ev_unhex},
    {TW_SI("zlib"), ev_zlib},
    {TW_SI("zip"), ev_zlib},
    {TW_SI("zlib-codec"), ev_zlib},
    {TW_SI("bz2"), ev_bz2},
    {TW_SI("bz2-codec"), ev_bz2},
    {TW_SI("uu"), ev_uu},
    {TW_SI("uu-codec"), ev_uu},
    {TW_SI("quopri"), ev_qp},
    {TW_SI("quoted-printable"), ev_qp},
    {TW_SI("quopri-codec"), ev_qp},
};

static uint32_t transform(ev *e, uint32_t v, uint32_t named, bool encode)
{
    tw_str name;
    char plain[32];
    if (!v || !named || !ev_text(e, named, &name) || name.n >= sizeof plain) return 0;
    for (size_t i = 0; i < name.n; i++) plain[i] = name.p[i] == '_' ? '-' : name.p[i];
    tw_str want = tw_str_of(plain, name.n);
    if (tw_str_ieq(want, TW_S("rot13")) || tw_str_ieq(want, TW_S("rot-13"))) return rot13(e, v);
    uint32_t none = 0;
    ev_args one = {0, &v, &none, 1};
    for (size_t i = 0; !encode && i < TW_COUNT(transforms); i++)
        if (tw_str_ieq(transforms[i].name, want)) return transforms[i].fn(e, &one);
    uint8_t kind;
    bool escaped =
        !encode && (tw_str_ieq(want, TW_S("unicode-escape")) || tw_str_ieq(want, TW_S("raw-unicode-escape")));
    tw_str s;
    if (escaped && ev_is_text(e, v, &kind) && kind == TW_VAL_STR && ev_text(e, v, &s) && ev_ascii(s))
        return ev_recode_more(e, v, s, name, false);
    return ev_recode(e, v, name, encode);
}

uint32_t ev_codecs_decode(ev *e, const ev_args *a)
{
    return transform(e, ev_arg(e, a, 0, "obj"), ev_arg(e, a, 1, "encoding"), false);
}

uint32_t ev_codecs_encode(ev *e, const ev_args *a)
{
    return transform(e, ev_arg(e, a, 0, "obj"), ev_arg(e, a, 1, "encoding"), true);
}

/* Python 2: "...".decode("base64") */
uint32_t ev_str_decode(ev *e, const ev_args *a)
{
    return transform(e, a->self, ev_arg(e, a, 0, "encoding"), false);
}

uint32_t ev_unquote(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t from;
    int8_t t[256];
    uint8_t kind;
    from = ev_arg(e, a, 0, "string");
    if (a->n != 1 || !from || !ev_is_text(e, from, &kind) || kind != TW_VAL_STR || !ev_text(e, from, &s))
        return 0;
    tw_buf_clear(&e->out);
    table_of("0123456789abcdef", t);
    for (int i = 0; i < 6; i++) t['A' + i] = (int8_t)(10 + i);
    for (size_t i = 0; i < s.n; i++) {
        bool two = s.p[i] == '%' && i + 2 < s.n && t[(unsigned char)s.p[i + 1]] >= 0 &&
                   t[(unsigned char)s.p[i + 2]] >= 0;
        char c = two ? (char)(t[(unsigned char)s.p[i + 1]] << 4 | t[(unsigned char)s.p[i + 2]]) : s.p[i];
        tw_buf_putc(&e->out, c);
        i += two ? 2 : 0;
    }
    if (!tw_utf8_valid(tw_buf_str(&e->out))) return 0;
    return ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, "percent"));
}
