/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes written in other bases than two powers: 45, 58, 62, 85 of other alphabets, 91, 92, and by any alphabet. */
#include "base/hash.h"
#include "engine/record/pure_base.h"

enum { BIG_MAX = 1 << 17 };

static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char base45[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
static const char base91[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\"";
static const char z85[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
static const char a85[] =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstu";

static void table_of(tw_str alphabet, int16_t table[256])
{
    for (unsigned i = 0; i < 256; i++) table[i] = -1;
    for (size_t i = 0; i < alphabet.n && i < 256; i++) table[(uint8_t)alphabet.p[i]] = (int16_t)i;
}

static bool input(ev *e, uint32_t v, tw_str *ret)
{
    if (!v || !ev_raw_or_text(e, v, ret) || !ev_step(e, 2 + ret->n / 8)) return false;
    tw_buf_clear(&e->out);
    return ev_ascii(*ret);
}

static uint32_t decoded(ev *e, uint32_t from, const char *name)
{
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, name));
}

/* Digits of a number, most significant first; leading zeros of the text are zero bytes where `zeros`. */
static bool number_into(ev *e, tw_str s, tw_str alphabet, bool zeros)
{
    int16_t t[256];
    size_t lead = 0, n = 0;
    table_of(alphabet, t);
    if (s.n > BIG_MAX || alphabet.n < 2 || !ev_step(e, s.n * s.n / 1024)) return false;
    while (lead < s.n && s.p[lead] == alphabet.p[0]) lead++;
    uint32_t *limbs = TW_NEWN(e->tmp, uint32_t, s.n / 4 + 2);
    for (size_t i = lead; i < s.n; i++) {
        uint64_t carry = (uint64_t)t[(uint8_t)s.p[i]];
        if (t[(uint8_t)s.p[i]] < 0) return false;
        for (size_t k = 0; k < n; k++) {
            carry += (uint64_t)limbs[k] * alphabet.n;
            limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry) limbs[n++] = (uint32_t)carry;
    }
    for (size_t i = 0; zeros && i < lead; i++) tw_buf_putc(&e->out, 0);
    bool started = false;
    for (size_t i = n * 4; i-- > 0;) {
        uint8_t b = (uint8_t)(limbs[i / 4] >> (8 * (i % 4)));
        started = started || b;
        if (started) tw_buf_putc(&e->out, (char)b);
    }
    return true;
}

static tw_str rstrip(tw_str s)
{
    while (s.n && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r'))) s.n--;
    return s;
}

static bool base58_into(ev *e, const ev_args *a, uint32_t *ret_from)
{
    tw_str s, alphabet = TW_S(base58);
    uint32_t given = ev_arg(e, a, 1, "alphabet");
    *ret_from = ev_arg(e, a, 0, "v");
    if (a->n > 2 || (a->n == 2 && !given) || (given && !ev_raw_or_text(e, given, &alphabet))) return false;
    return input(e, *ret_from, &s) && number_into(e, rstrip(s), alphabet, true);
}

uint32_t ev_b58(ev *e, const ev_args *a)
{
    uint32_t from;
    return base58_into(e, a, &from) ? decoded(e, from, "base58") : 0;
}

uint32_t ev_b58_check(ev *e, const ev_args *a)
{
    uint32_t from;
    uint8_t sum[TW_HASH_MAX];
    if (!base58_into(e, a, &from) || e->out.n < 4) return 0;
    for (unsigned i = 0; i < 2; i++) {
        tw_hash h;
        tw_hash_init(&h, tw_hash_find(TW_S("sha256")));
        tw_hash_add(&h,
                    i ? tw_str_of((const char *)sum, 32) : tw_str_sub(tw_buf_str(&e->out), 0, e->out.n - 4));
        tw_hash_end(&h, sum);
    }
    if (memcmp(sum, e->out.p + e->out.n - 4, 4) != 0) return 0;
    e->out.n -= 4;
    return decoded(e, from, "base58");
}

/* JavaScript: no blanks taken off. */
uint32_t ev_js_b58(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && input(e, a->v[0], &s) && number_into(e, s, TW_S(base58), true)
               ? decoded(e, a->v[0], "base58")
               : 0;
}

/* require("base-x")(alphabet).decode(text) */
uint32_t ev_js_basex(ev *e, const ev_args *a)
{
    tw_str s, alphabet;
    ev_call made;
    if (a->n != 1 || !ev_maker(e, a->self, &made) || !input(e, a->v[0], &s) ||
        !ev_raw_or_text(e, ev_call_arg(e, &made, 0, NULL), &alphabet) || !ev_ascii(alphabet) ||
        alphabet.n < 2 || alphabet.n > 128)
        return 0;
    tw_buf_clear(&e->out);
    return number_into(e, s, alphabet, true) ? decoded(e, a->v[0], "base-x") : 0;
}

/* base62.decodebytes: "0" and a digit are that many zero bytes. */
uint32_t ev_b62(ev *e, const ev_args *a)
{
    tw_str s, alphabet = TW_S(base62);
    int16_t t[256];
    uint32_t from = ev_arg(e, a, 0, "encoded"), given = ev_arg(e, a, 1, "charset");
    if (given && !ev_raw_or_text(e, given, &alphabet)) {
        tw_str name = ev_last_name(ev_sym(e, ev_at(e, given)->sym));
        alphabet = TW_S("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (!tw_str_eq(name, TW_S("CHARSET_INVERTED"))) return 0;
    }
    if (!input(e, from, &s) || alphabet.n != 62 || ev_at(e, from)->kind == TW_VAL_BYTES) return 0;
    table_of(alphabet, t);
    while (s.n >= 2 && s.p[0] == '0') {
        if (t[(uint8_t)s.p[1]] < 0) return 0;
        for (int16_t i = 0; i < t[(uint8_t)s.p[1]]; i++) tw_buf_putc(&e->out, 0);
        s = tw_str_sub(s, 2, s.n);
    }
    return number_into(e, s, alphabet, false) ? decoded(e, from, "base62") : 0;
}

uint32_t ev_b45(ev *e, const ev_args *a)
{
    tw_str s;
    int16_t t[256];
    if (a->n != 1 || !input(e, a->v[0], &s)) return 0;
    while (!e->js && ev_at(e, a->v[0])->kind != TW_VAL_BYTES && s.n && s.p[s.n - 1] == '\n') s.n--;
    table_of(TW_S(base45), t);
    if (s.n % 3 == 1) return 0;
    for (size_t i = 0; i < s.n; i += 3) {
        bool three = s.n - i >= 3;
        int c = t[(uint8_t)s.p[i]], d = t[(uint8_t)s.p[i + 1]], f = three ? t[(uint8_t)s.p[i + 2]] : 0;
        int x = c + d * 45 + f * 2025;
        if (c < 0 || d < 0 || f < 0 || x > (three ? 0xFFFF : 0xFF)) return 0;
        if (three) tw_buf_putc(&e->out, (char)(x >> 8));
        tw_buf_putc(&e->out, (char)x);
    }
    return decoded(e, a->v[0], "base45");
}

uint32_t ev_b91(ev *e, const ev_args *a)
{
    tw_str s;
    int16_t t[256];
    if (a->n != 1 || !input(e, a->v[0], &s) || ev_at(e, a->v[0])->kind == TW_VAL_BYTES) return 0;
    table_of(TW_S(base91), t);
    int v = -1;
    uint32_t bits = 0;
    unsigned n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int c = t[(uint8_t)s.p[i]];
        if (c < 0) continue;
        if (v < 0) {
            v = c;
            continue;
        }
        v += c * 91;
        bits |= (uint32_t)v << n;
        n += (v & 8191) > 88 ? 13 : 14;
        do {
            tw_buf_putc(&e->out, (char)bits);
            bits >>= 8, n -= 8;
        } while (n > 7);
        v = -1;
    }
    if (v >= 0) tw_buf_putc(&e->out, (char)(bits | (uint32_t)v << n));
    return decoded(e, a->v[0], "base91");
}

static int digit92(char c)
{
    return c == '!' ? 0 : c >= '#' && c <= '_' ? c - '#' + 1 : c >= 'a' && c <= '}' ? c - 'a' + 62 : -1;
}

/* The later versions take bytes and give bytes, the earlier ones texts. */
uint32_t ev_b92(ev *e, const ev_args *a)
{
    tw_str s;
    if (a->n != 1 || !input(e, a->v[0], &s) || s.n == 1) {
        if (a->n != 1 || !s.n || s.p[0] != '~') return 0;
        s = TW_S("");
    }
    uint64_t bits = 0;
    unsigned n = 0;
    for (size_t i = 0; i < s.n; i += 2) {
        int hi = digit92(s.p[i]), lo = i + 1 < s.n ? digit92(s.p[i + 1]) : 0;
        bool two = i + 1 < s.n;
        int chunk = two ? hi * 91 + lo : hi;
        if (hi < 0 || lo < 0 || chunk >= (two ? 8192 : 64)) return 0;
        bits = bits << (two ? 13 : 6) | (uint32_t)chunk;
        n += two ? 13 : 6;
        for (; n >= 8; n -= 8) tw_buf_putc(&e->out, (char)(bits >> (n - 8)));
        bits &= ((uint64_t)1 << n) - 1;
    }
    bool text = ev_at(e, a->v[0])->kind != TW_VAL_BYTES;
    if (text && !ev_ascii(tw_buf_str(&e->out))) return 0;
    return text ? ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, a->v[0])->recipe, "base92"))
                : decoded(e, a->v[0], "base92");
}

/* ---- base 85 of other alphabets, base 32 of digits first ---- */

static bool group85(tw_buf *out, const int *d, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 5; i++) v = v * 85 + (uint64_t)(i < n ? d[i] : 84);
    if (v > UINT32_MAX || n == 1) return false;
    for (unsigned i = 0; i + 1 < n; i++) tw_buf_putc(out, (char)(v >> (24 - 8 * i)));
    return true;
}

static bool base85_into(tw_buf *out, tw_str s, tw_str alphabet, bool ascii85)
{
    int16_t t[256];
    int d[5];
    unsigned n = 0;
    table_of(alphabet, t);
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = (uint8_t)s.p[i];
        if (ascii85 && (c == ' ' || (c >= '\t' && c <= '\r'))) continue;
        if (ascii85 && c == 'z' && !n) {
            tw_buf_put(out, "\0\0\0\0", 4);
            continue;
        }
        if (t[c] < 0) return false;
        d[n++] = t[c];
        if (n == 5 && !group85(out, d, 5)) return false;
        n %= 5;
    }
    return !n || group85(out, d, n);
}

uint32_t ev_z85(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && input(e, a->v[0], &s) && base85_into(&e->out, s, TW_S(z85), false)
               ? decoded(e, a->v[0], "z85")
               : 0;
}

/* npm: base85.decode(text, "ascii85"), z85 without a name, which has whole groups only. */
uint32_t ev_js_b85(ev *e, const ev_args *a)
{
    tw_str s, how = TW_S("z85");
    if (!a->n || a->n > 2 || (a->n == 2 && !ev_text(e, a->v[1], &how)) || !input(e, a->v[0], &s)) return 0;
    bool ascii = tw_str_eq(how, TW_S("ascii85"));
    if (ascii) {
        if (!tw_str_starts(s, TW_S("<~")) || !tw_str_ends(s, TW_S("~>")) || s.n < 4) return 0;
        return base85_into(&e->out, tw_str_sub(s, 2, s.n - 2), TW_S(a85), true)
                   ? decoded(e, a->v[0], "ascii85")
                   : 0;
    }
    return tw_str_eq(how, TW_S("z85")) && !(s.n % 5) ? ev_z85(e, &(ev_args){0, a->v, a->names, 1}) : 0;
}

uint32_t ev_js_a85(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && input(e, a->v[0], &s) && base85_into(&e->out, s, TW_S(a85), true)
               ? decoded(e, a->v[0], "ascii85")
               : 0;
}

uint32_t ev_b32hex(ev *e, const ev_args *a)
{
    static const char from[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV", to[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    tw_str s;
    uint32_t v = ev_arg(e, a, 0, "s");
    if (a->n != 1 || !input(e, v, &s) || !ev_room(e, s.n)) return 0;
    char *p = tw_arena_raw(e->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        const char *at = s.p[i] ? strchr(from, s.p[i]) : NULL;
        if (!at && s.p[i] != '=') return 0;
        p[i] = at ? to[at - from] : '=';
    }
    uint32_t none = 0,
             plain = ev_text_val(e, TW_VAL_BYTES, tw_str_of(p, s.n), EV_FOLDED, ev_at(e, v)->recipe);
    return ev_b32(e, &(ev_args){0, &plain, &none, 1});
}

/* ---- base 64 by other names ---- */

/* pybase64.b64decode(s, altchars=None, validate=False) */
uint32_t ev_pybase64(ev *e, const ev_args *a)
{
    uint32_t s = ev_arg(e, a, 0, "s"), alt = ev_arg(e, a, 1, "altchars"), none = 0;
    tw_str chars;
    ev_args one = {0, &s, &none, 1};
    if (!s || a->n > 3) return 0;
    if (ev_absent(e, alt)) return ev_b64(e, &one);
    return ev_raw_or_text(e, alt, &chars) && tw_str_eq(chars, TW_S("-_")) ? ev_b64url(e, &one) : 0;
}

/* js-base64: text out. */
uint32_t ev_js_base64_text(ev *e, const ev_args *a)
{
    uint8_t kind;
    uint32_t raw = a->n == 1 && ev_is_text(e, a->v[0], &kind) && kind == TW_VAL_STR ? ev_b64url(e, a) : 0;
    return raw ? ev_recode(e, raw, TW_S("utf-8"), false) : 0;
}
