/* SPDX-License-Identifier: Apache-2.0 */
/* lz-string: LZ78 over UTF-16, its bits packed into characters. */
#include "base/utf8.h"
#include "engine/record/pure_base.h"

typedef struct bits {
    const uint16_t *units;
    size_t n, at;
    uint32_t first, mask; /* the highest bit of a unit; the next to read */
} bits;
typedef struct piece { /* of the output: every entry of the dictionary stands in it */
    uint32_t at, n;
} piece;

static uint32_t take(bits *b, unsigned n)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < n; i++) {
        uint32_t unit = b->at < b->n ? b->units[b->at] : 0;
        if (unit & b->mask) v |= 1u << i;
        b->mask >>= 1;
        if (!b->mask) b->mask = b->first, b->at++;
    }
    return v;
}

typedef struct lz {
    bits in;
    TW_VEC(uint16_t) out;
    TW_VEC(piece) dict;
    unsigned width;
    uint32_t left; /* entries until codes grow by a bit */
} lz;

static void count(lz *z)
{
    if (--z->left) return;
    z->left = 1u << z->width;
    z->width++;
}

/* The next piece of output; -1 broken, 0 the end. */
static int step(ev *e, lz *z, piece last)
{
    if (z->in.at >= z->in.n || z->width > 20) return -1;
    uint32_t code = take(&z->in, z->width);
    if (code == 2) return 0;
    piece now;
    if (code < 2) {
        TW_PUSH(e->tmp, z->out, (uint16_t)take(&z->in, code ? 16 : 8));
        now = (piece){z->out.n - 1, 1};
        TW_PUSH(e->tmp, z->dict, now);
        count(z);
    } else if (code <= z->dict.n) {
        now = code < z->dict.n ? z->dict.v[code] : last;
        uint32_t from = now.at, n = now.n + (code == z->dict.n), at = z->out.n;
        if (!ev_step(e, 1 + n / 32) || z->out.n + n > e->lim->value_bytes / 2) return -1;
        TW_RESERVE(e->tmp, z->out, n);
        for (uint32_t i = 0; i < n; i++)
            z->out.v[at + i] = z->out.v[from + (code == z->dict.n && i + 1 == n ? 0 : i)];
        z->out.n += n;
        now = (piece){at, n};
    } else {
        return -1;
    }
    TW_PUSH(e->tmp, z->dict, ((piece){last.at, last.n + 1})); /* what follows it is the first of this one */
    count(z);
    return 1;
}

static bool run(ev *e, lz *z)
{
    uint32_t kind = take(&z->in, 2);
    if (kind > 1) return false;
    for (unsigned i = 0; i < 3; i++) TW_PUSH(e->tmp, z->dict, ((piece){0, 0}));
    TW_PUSH(e->tmp, z->out, (uint16_t)take(&z->in, kind ? 16 : 8));
    TW_PUSH(e->tmp, z->dict, ((piece){0, 1}));
    piece last = {0, 1};
    for (;;) {
        uint32_t from = z->out.n;
        int r = ev_step(e, 1) ? step(e, z, last) : -1;
        if (r <= 0) return r == 0;
        last = (piece){from, z->out.n - from};
    }
}

static uint32_t as_text(ev *e, const lz *z, uint32_t from)
{
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < z->out.n; i++) {
        uint32_t c = z->out.v[i], d = i + 1 < z->out.n ? z->out.v[i + 1] : 0;
        bool high = c >= 0xD800 && c < 0xDC00, pair = high && d >= 0xDC00 && d < 0xE000;
        if (!pair && c >= 0xD800 && c < 0xE000) return 0;
        if (pair) c = 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00), i++;
        tw_utf8_put(&e->out, c);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, "lz-string"));
}

static uint32_t unpack(ev *e, uint32_t from, uint16_t *units, size_t n, uint32_t first)
{
    lz z = {.in = {units, n, 0, first, first}, .width = 3, .left = 4};
    return n && run(e, &z) ? as_text(e, &z, from) : 0;
}

static uint32_t by_alphabet(ev *e, const ev_args *a, const char *more)
{
    tw_str s;
    uint8_t kind;
    uint32_t v = a->n == 1 ? a->v[0] : 0;
    if (!v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_raw_or_text(e, v, &s) ||
        !ev_step(e, 1 + s.n / 8) || !ev_room(e, s.n * 2))
        return 0;
    uint16_t *units = tw_arena_raw(e->tmp, s.n * 2 + 2);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' && more[0] == '+' && more[1] == '-') c = '+';
        const char *other = c ? strchr(more, c) : NULL;
        if (c >= 'A' && c <= 'Z')
            units[i] = (uint16_t)(c - 'A');
        else if (c >= 'a' && c <= 'z')
            units[i] = (uint16_t)(c - 'a' + 26);
        else if (c >= '0' && c <= '9')
            units[i] = (uint16_t)(c - '0' + 52);
        else if (other)
            units[i] = (uint16_t)(other - more + 62);
        else
            return 0;
    }
    return unpack(e, v, units, s.n, 32);
}

uint32_t ev_lz_base64(ev *e, const ev_args *a)
{
    return by_alphabet(e, a, "+/=");
}
uint32_t ev_lz_uri(ev *e, const ev_args *a)
{
    return by_alphabet(e, a, "+-$");
}

uint32_t ev_lz_utf16(ev *e, const ev_args *a)
{
    tw_str s;
    size_t n = 0;
    uint8_t kind;
    uint32_t v = a->n == 1 ? a->v[0] : 0;
    if (!v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_raw_or_text(e, v, &s) ||
        !ev_room(e, s.n * 2) || !ev_step(e, 1 + s.n / 8))
        return 0;
    uint16_t *units = tw_arena_raw(e->tmp, s.n * 2 + 2);
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad);
        if (bad || c < 32 || c > 0xFFFF) return 0;
        units[n++] = (uint16_t)(c - 32);
    }
    return unpack(e, v, units, n, 16384);
}

uint32_t ev_lz_bytes(ev *e, const ev_args *a)
{
    tw_str s;
    if (a->n != 1 || !ev_raw(e, a->v[0], &s) || s.n % 2 || !ev_room(e, s.n) || !ev_step(e, 1 + s.n / 8))
        return 0;
    uint16_t *units = tw_arena_raw(e->tmp, s.n + 2);
    for (size_t i = 0; i < s.n; i += 2) units[i / 2] = (uint16_t)((uint8_t)s.p[i] << 8 | (uint8_t)s.p[i + 1]);
    return unpack(e, a->v[0], units, s.n / 2, 32768);
}
