/* SPDX-License-Identifier: Apache-2.0 */
/* What proves that a text is the right one: GHASH (SP 800-38D), CMAC (SP 800-38B) for EAX, Poly1305 (RFC 8439),
 * secretbox. */
#include "base/cipher.h"

typedef struct ghash {
    uint64_t h[2], y[2];
} ghash;

static uint64_t be64(const uint8_t *p)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++) v = v << 8 | p[i];
    return v;
}

static void put64(uint8_t *p, uint64_t v, bool big)
{
    for (unsigned i = 0; i < 8; i++) p[i] = (uint8_t)(v >> (big ? 56 - 8 * i : 8 * i));
}

static void multiply(ghash *g)
{
    uint64_t z[2] = {0, 0}, v[2] = {g->h[0], g->h[1]};
    for (unsigned i = 0; i < 128; i++) {
        uint64_t bit = g->y[i / 64] >> (63 - i % 64) & 1, low = v[1] & 1;
        z[0] ^= v[0] & -bit, z[1] ^= v[1] & -bit;
        v[1] = v[1] >> 1 | v[0] << 63;
        v[0] = v[0] >> 1 ^ (0xe100000000000000 & -low);
    }
    g->y[0] = z[0], g->y[1] = z[1];
}

/* Padded with zeros to whole blocks. */
static void ghash_add(ghash *g, tw_str s)
{
    uint8_t block[16];
    for (size_t i = 0; i < s.n; i += 16) {
        memset(block, 0, 16);
        memcpy(block, s.p + i, s.n - i < 16 ? s.n - i : 16);
        g->y[0] ^= be64(block), g->y[1] ^= be64(block + 8);
        multiply(g);
    }
}

static void ghash_start(ghash *g, const tw_block_key *k)
{
    uint8_t zero[16] = {0}, h[16];
    tw_block_one(k, zero, h, true);
    *g = (ghash){{be64(h), be64(h + 8)}, {0, 0}};
}

static void ghash_lengths(ghash *g, size_t a, size_t b)
{
    g->y[0] ^= (uint64_t)a * 8, g->y[1] ^= (uint64_t)b * 8;
    multiply(g);
}

void tw_gcm_counter(const tw_block_key *k, tw_str iv, uint8_t out[16])
{
    ghash g;
    if (iv.n == 12) {
        memcpy(out, iv.p, 12);
        memcpy(out + 12, "\0\0\0\1", 4);
        return;
    }
    ghash_start(&g, k);
    ghash_add(&g, iv);
    ghash_lengths(&g, 0, iv.n);
    put64(out, g.y[0], true), put64(out + 8, g.y[1], true);
}

static void gcm_tag(const tw_cipher *c, tw_str aad, tw_str encrypted, uint8_t tag[16])
{
    tw_block_key k;
    ghash g;
    uint8_t first[16];
    if (!tw_block_key_set(&k, c->alg, c->key, true)) return;
    ghash_start(&g, &k);
    ghash_add(&g, aad);
    ghash_add(&g, encrypted);
    ghash_lengths(&g, aad.n, encrypted.n);
    tw_gcm_counter(&k, c->iv, first);
    tw_block_one(&k, first, first, true);
    put64(tag, g.y[0], true), put64(tag + 8, g.y[1], true);
    for (unsigned i = 0; i < 16; i++) tag[i] ^= first[i];
}

/* ---- EAX ---- */

static void doubled(uint8_t b[16])
{
    uint8_t over = b[0] >> 7;
    for (unsigned i = 0; i < 16; i++) b[i] = (uint8_t)(b[i] << 1 | (i < 15 ? b[i + 1] >> 7 : 0));
    if (over) b[15] ^= 0x87;
}

void tw_omac(const tw_block_key *k, uint8_t what, tw_str s, uint8_t out[16])
{
    uint8_t sub[16] = {0}, x[16] = {0};
    tw_block_one(k, sub, sub, true);
    doubled(sub);
    x[15] = what;
    for (size_t i = 0; i < s.n; i += 16) {
        size_t n = s.n - i < 16 ? s.n - i : 16;
        tw_block_one(k, x, x, true);
        for (size_t b = 0; b < n; b++) x[b] ^= (uint8_t)s.p[i + b];
        if (n == 16) continue;
        x[n] ^= 0x80;
        doubled(sub);
    }
    for (unsigned b = 0; b < 16; b++) x[b] ^= sub[b];
    tw_block_one(k, x, out, true);
}

static void eax_tag(const tw_cipher *c, tw_str aad, tw_str encrypted, uint8_t tag[16])
{
    tw_block_key k;
    tw_str parts[3] = {c->iv, aad, encrypted};
    if (!tw_block_key_set(&k, c->alg, c->key, true)) return;
    memset(tag, 0, 16);
    for (uint8_t i = 0; i < 3; i++) {
        uint8_t one[16];
        tw_omac(&k, i, parts[i], one);
        for (unsigned b = 0; b < 16; b++) tag[b] ^= one[b];
    }
}

/* ---- Poly1305: limbs of 26 bits ---- */

typedef struct poly {
    uint32_t r[5], h[5];
    uint8_t block[16];
    unsigned at;
} poly;

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void poly_block(poly *p, uint32_t high)
{
    static const uint32_t mask = 0x3ffffff;
    const uint8_t *b = p->block;
    uint32_t *h = p->h;
    const uint32_t *r = p->r;
    uint64_t d[5], carry = 0;
    h[0] += le32(b) & mask;
    h[1] += le32(b + 3) >> 2 & mask;
    h[2] += le32(b + 6) >> 4 & mask;
    h[3] += le32(b + 9) >> 6;
    h[4] += le32(b + 12) >> 8 | high;
    for (unsigned i = 0; i < 5; i++) {
        d[i] = 0;
        for (unsigned k = 0; k < 5; k++) d[i] += (uint64_t)h[k] * (k <= i ? r[i - k] : 5 * r[5 + i - k]);
    }
    for (unsigned i = 0; i < 5; i++) {
        d[i] += carry;
        carry = d[i] >> 26;
        h[i] = (uint32_t)d[i] & mask;
    }
    h[0] += (uint32_t)carry * 5;
    h[1] += h[0] >> 26;
    h[0] &= mask;
}

static void poly_add(poly *p, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        p->block[p->at++] = (uint8_t)s.p[i];
        if (p->at == 16) poly_block(p, 1u << 24), p->at = 0;
    }
}

static void poly_end(poly *p, const uint8_t *s, uint8_t tag[16])
{
    static const uint32_t mask = 0x3ffffff;
    uint32_t g[5], carry = 5, *h = p->h;
    if (p->at) {
        p->block[p->at++] = 1;
        memset(p->block + p->at, 0, 16 - p->at);
        poly_block(p, 0);
    }
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 5; i++) {
            uint32_t over = h[i] >> 26;
            h[i] &= mask;
            h[(i + 1) % 5] += i == 4 ? over * 5 : over;
        }
    for (unsigned i = 0; i < 5; i++) {
        g[i] = h[i] + carry;
        carry = g[i] >> 26;
        g[i] &= mask;
    }
    const uint32_t *f = carry ? g : h; /* beyond 2^130 - 5 */
    uint64_t low = (uint64_t)f[0] | (uint64_t)f[1] << 26 | (uint64_t)f[2] << 52,
             top = (uint64_t)f[2] >> 12 | (uint64_t)f[3] << 14 | (uint64_t)f[4] << 40;
    uint64_t s0 = (uint64_t)le32(s) | (uint64_t)le32(s + 4) << 32,
             s1 = (uint64_t)le32(s + 8) | (uint64_t)le32(s + 12) << 32;
    low += s0;
    top += s1 + (low < s0);
    put64(tag, low, false), put64(tag + 8, top, false);
}

void tw_poly1305(const uint8_t key[32], const tw_str *parts, uint32_t n_parts, uint8_t tag[16])
{
    poly p = {.at = 0};
    p.r[0] = le32(key) & 0x3ffffff;
    p.r[1] = le32(key + 3) >> 2 & 0x3ffff03;
    p.r[2] = le32(key + 6) >> 4 & 0x3ffc0ff;
    p.r[3] = le32(key + 9) >> 6 & 0x3f03fff;
    p.r[4] = le32(key + 12) >> 8 & 0x00fffff;
    for (uint32_t i = 0; i < n_parts; i++) poly_add(&p, parts[i]);
    poly_end(&p, key + 16, tag);
}

static void poly_key(const tw_cipher *c, uint8_t key[32])
{
    static const char zero[32] = {0};
    tw_cipher first = *c;
    first.mode = TW_MODE_STREAM, first.counter = 0;
    tw_stream(&first, tw_str_of(zero, 32), key);
}

static void chacha_tag(const tw_cipher *c, tw_str aad, tw_str encrypted, uint8_t tag[16])
{
    static const char zero[16] = {0};
    uint8_t key[32], sizes[16];
    poly_key(c, key);
    put64(sizes, aad.n, false), put64(sizes + 8, encrypted.n, false);
    tw_str parts[] = {aad, tw_str_of(zero, (16 - aad.n % 16) % 16), encrypted,
                      tw_str_of(zero, (16 - encrypted.n % 16) % 16), tw_str_of((const char *)sizes, 16)};
    tw_poly1305(key, parts, TW_COUNT(parts), tag);
}

void tw_cipher_tag(const tw_cipher *c, tw_str aad, tw_str encrypted, uint8_t tag[16])
{
    if (c->mode == TW_MODE_GCM)
        gcm_tag(c, aad, encrypted, tag);
    else if (c->mode == TW_MODE_EAX)
        eax_tag(c, aad, encrypted, tag);
    else
        chacha_tag(c, aad, encrypted, tag);
}

/* The stream's first 32 bytes are the key of the tag; the text goes on where they end. */
bool tw_secretbox_open(tw_str key, tw_str nonce, tw_str boxed, uint8_t *out)
{
    tw_cipher c = {.alg = TW_CIPHER_SALSA20, .key = key, .iv = nonce};
    uint8_t block[64], tag[16];
    char first[64] = {0};
    if (key.n != 32 || nonce.n != 24 || boxed.n < 16) return false;
    tw_str text = tw_str_sub(boxed, 16, boxed.n);
    size_t head = text.n < 32 ? text.n : 32;
    if (head) memcpy(first + 32, text.p, head);
    tw_stream(&c, tw_str_of(first, 64), block);
    tw_poly1305(block, &text, 1, tag);
    if (memcmp(tag, boxed.p, 16) != 0) return false;
    memcpy(out, block + 32, head);
    c.counter = 1;
    if (text.n > 32) tw_stream(&c, tw_str_sub(text, 32, text.n), out + 32);
    return true;
}
