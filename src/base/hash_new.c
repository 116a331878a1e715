/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-3 and SHAKE (FIPS 202), BLAKE2 (RFC 7693): of libcrypto's there are none without a look-up, and BLAKE2 has
 * parameters there that it does not take. */
#include "base/hash.h"

static uint64_t le64(const uint8_t *p)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 8; i++) v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* ---- Keccak ---- */

typedef struct keccak {
    uint64_t s[25];
    uint32_t at;
} keccak;
_Static_assert(sizeof(keccak) <= TW_HASH_STATE, "keccak");

static uint64_t rol64(uint64_t x, unsigned n)
{
    return n ? x << n | x >> (64 - n) : x;
}

static void theta(uint64_t s[25])
{
    uint64_t c[5];
    for (unsigned x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (unsigned x = 0; x < 5; x++) {
        uint64_t d = c[(x + 4) % 5] ^ rol64(c[(x + 1) % 5], 1);
        for (unsigned y = 0; y < 25; y += 5) s[y + x] ^= d;
    }
}

static void permute(uint64_t s[25])
{
    static const uint8_t turn[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                     27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
    static const uint8_t lane[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                     15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    uint8_t lfsr = 1;
    for (unsigned round = 0; round < 24; round++) {
        theta(s);
        uint64_t t = s[1];
        for (unsigned i = 0; i < 24; i++) {
            uint64_t u = s[lane[i]];
            s[lane[i]] = rol64(t, turn[i]);
            t = u;
        }
        for (unsigned y = 0; y < 25; y += 5) {
            uint64_t row[5];
            memcpy(row, s + y, sizeof row);
            for (unsigned x = 0; x < 5; x++) s[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        for (unsigned j = 0; j < 7; j++) { /* the round's constant, bit by bit */
            if (lfsr & 1) s[0] ^= (uint64_t)1 << ((1u << j) - 1);
            lfsr = (uint8_t)(lfsr << 1 ^ (lfsr & 0x80 ? 0x71 : 0));
        }
    }
}

static void keccak_init(tw_hash *h)
{
    memset(h->state, 0, sizeof(keccak));
}

static void absorb(keccak *k, uint32_t at, uint8_t byte)
{
    k->s[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

static void keccak_add(tw_hash *h, const void *p, size_t n)
{
    keccak *k = (keccak *)(void *)h->state;
    const uint8_t *b = p;
    for (size_t i = 0; i < n; i++) {
        absorb(k, k->at++, b[i]);
        if (k->at == h->alg->block) permute(k->s), k->at = 0;
    }
}

static void keccak_out(tw_hash *h, uint8_t *out, size_t n, uint8_t mark)
{
    keccak *k = (keccak *)(void *)h->state;
    absorb(k, k->at, mark);
    absorb(k, h->alg->block - 1u, 0x80);
    for (size_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)(i % h->alg->block);
        if (!at) permute(k->s);
        out[i] = (uint8_t)(k->s[at / 8] >> (8 * (at % 8)));
    }
}

static void sha3_end(tw_hash *h, uint8_t *out)
{
    keccak_out(h, out, h->size, 6);
}
static void shake_end(tw_hash *h, uint8_t *out)
{
    keccak_out(h, out, h->size, 0x1f);
}

void tw_hash_squeeze(tw_hash *h, uint8_t *out, size_t n)
{
    keccak_out(h, out, n, 0x1f);
}

/* ---- BLAKE2 ---- */

static const uint8_t sigma[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                      {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                      {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                      {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                      {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                      {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                      {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                      {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                      {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                      {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
static const uint64_t iv512[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                  0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

typedef struct blake {
    uint64_t h[8], n; /* of BLAKE2s: the lower halves */
    uint8_t block[128];
    uint32_t at;
} blake;
_Static_assert(sizeof(blake) <= TW_HASH_STATE, "blake");

static uint64_t ror(uint64_t x, unsigned n, bool wide)
{
    if (wide) return x >> n | x << (64 - n);
    uint32_t w = (uint32_t)x;
    return (uint32_t)(w >> n | w << (32 - n));
}

static void compress(blake *b, bool wide, bool last)
{
    static const uint8_t turns[2][4] = {{16, 12, 8, 7}, {32, 24, 16, 63}};
    static const uint8_t cells[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                        {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
    const uint8_t *t = turns[wide];
    uint64_t v[16], m[16], mask = wide ? UINT64_MAX : UINT32_MAX;
    for (unsigned i = 0; i < 8; i++) v[i] = b->h[i], v[i + 8] = wide ? iv512[i] : iv512[i] >> 32;
    for (unsigned i = 0; i < 16; i++) m[i] = wide ? le64(b->block + 8 * i) : le32(b->block + 4 * i);
    v[12] ^= b->n & mask;
    if (!wide) v[13] ^= b->n >> 32;
    if (last) v[14] ^= mask;
    for (unsigned round = 0; round < (wide ? 12 : 10); round++)
        for (unsigned i = 0; i < 8; i++) {
            uint64_t *p = &v[cells[i][0]], *q = &v[cells[i][1]], *r = &v[cells[i][2]], *s = &v[cells[i][3]];
            const uint8_t *order = sigma[round % 10];
            *p = (*p + *q + m[order[2 * i]]) & mask;
            *s = ror(*s ^ *p, t[0], wide);
            *r = (*r + *s) & mask;
            *q = ror(*q ^ *r, t[1], wide);
            *p = (*p + *q + m[order[2 * i + 1]]) & mask;
            *s = ror(*s ^ *p, t[2], wide);
            *r = (*r + *s) & mask;
            *q = ror(*q ^ *r, t[3], wide);
        }
    for (unsigned i = 0; i < 8; i++) b->h[i] ^= v[i] ^ v[i + 8];
}

static bool is_wide(const tw_hash *h)
{
    return h->alg->block == 128;
}

static void blake_add(tw_hash *h, const void *p, size_t n)
{
    blake *b = (blake *)(void *)h->state;
    const uint8_t *from = p;
    for (size_t i = 0; i < n; i++) {
        if (b->at == h->alg->block) b->n += b->at, compress(b, is_wide(h), false), b->at = 0;
        b->block[b->at++] = from[i];
    }
}

static void blake_end(tw_hash *h, uint8_t *out)
{
    blake *b = (blake *)(void *)h->state;
    unsigned word = is_wide(h) ? 8 : 4;
    b->n += b->at;
    memset(b->block + b->at, 0, h->alg->block - b->at);
    compress(b, is_wide(h), true);
    for (unsigned i = 0; i < h->size; i++) out[i] = (uint8_t)(b->h[i / word] >> (8 * (i % word)));
}

bool tw_hash_init_blake2(tw_hash *h, const tw_hash_alg *alg, uint32_t size, tw_str key, tw_str salt,
                         tw_str person)
{
    bool wide = alg->block == 128;
    uint32_t max = wide ? 64 : 32, extra = max / 4;
    if (alg->end != blake_end || !size || size > max || key.n > max || salt.n > extra || person.n > extra)
        return false;
    uint8_t param[64] = {(uint8_t)size, (uint8_t)key.n, 1, 1}, block[128] = {0};
    if (salt.n) memcpy(param + max - 2 * extra, salt.p, salt.n);
    if (person.n) memcpy(param + max - extra, person.p, person.n);
    h->alg = alg;
    h->size = size;
    blake *b = (blake *)(void *)h->state;
    memset(b, 0, sizeof *b);
    for (unsigned i = 0; i < 8; i++)
        b->h[i] = wide ? iv512[i] ^ le64(param + 8 * i) : (iv512[i] >> 32) ^ le32(param + 4 * i);
    if (!key.n) return true;
    memcpy(block, key.p, key.n);
    blake_add(h, block, alg->block);
    return true;
}

static void blake_init(tw_hash *h)
{
    tw_hash_init_blake2(h, h->alg, h->alg->size, TW_S(""), TW_S(""), TW_S(""));
}

#define SHA3(name, size, block)                                     \
    {                                                               \
        TW_SI(name), size, block, keccak_init, keccak_add, sha3_end \
    }
const tw_hash_alg tw_hash_new[] = {
    SHA3("sha3224", 28, 144),
    SHA3("sha3256", 32, 136),
    SHA3("sha3384", 48, 104),
    SHA3("sha3512", 64, 72),
    {TW_SI("shake128"), 16, 168, keccak_init, keccak_add, shake_end},
    {TW_SI("shake256"), 32, 136, keccak_init, keccak_add, shake_end},
    {TW_SI("blake2b"), 64, 128, blake_init, blake_add, blake_end},
    {TW_SI("blake2s"), 32, 64, blake_init, blake_add, blake_end},
    {TW_SI("blake2b512"), 64, 128, blake_init, blake_add, blake_end},
    {TW_SI("blake2s256"), 32, 64, blake_init, blake_add, blake_end},
    {.name = {"", 0}},
};
