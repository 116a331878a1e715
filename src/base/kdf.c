/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from passwords. Callers bound the work: it grows with the parameters, not with the input. */
#include "base/arena.h"
#include "base/hash.h"

static tw_str bytes(const uint8_t *p, size_t n)
{
    return tw_str_of((const char *)p, n);
}

void tw_pbkdf2(const tw_hash_alg *alg, tw_str pass, tw_str salt, uint64_t iterations, uint8_t *out, size_t n)
{
    tw_hmac base;
    tw_hmac_init(&base, alg, pass);
    for (uint32_t block = 1; n; block++) {
        uint8_t u[TW_HASH_MAX], t[TW_HASH_MAX],
            number[4] = {(uint8_t)(block >> 24), (uint8_t)(block >> 16), (uint8_t)(block >> 8),
                         (uint8_t)block};
        tw_hmac h = base;
        tw_hmac_add(&h, salt);
        tw_hmac_add(&h, bytes(number, 4));
        tw_hmac_end(&h, u);
        memcpy(t, u, sizeof t);
        for (uint64_t i = 1; i < iterations; i++) {
            h = base;
            tw_hmac_add(&h, bytes(u, alg->size));
            tw_hmac_end(&h, u);
            for (size_t k = 0; k < alg->size; k++) t[k] ^= u[k];
        }
        size_t part = n < alg->size ? n : alg->size;
        memcpy(out, t, part);
        out += part, n -= part;
    }
}

bool tw_hkdf(const tw_hash_alg *alg, tw_str key, tw_str salt, tw_str info, bool extract, uint8_t *out,
             size_t n)
{
    uint8_t prk[TW_HASH_MAX], t[TW_HASH_MAX];
    size_t have = 0;
    tw_hmac h;
    if (n > 255u * alg->size) return false;
    if (extract) {
        tw_hmac_init(&h, alg, salt);
        tw_hmac_add(&h, key);
        tw_hmac_end(&h, prk);
        key = bytes(prk, alg->size);
    }
    for (uint8_t i = 1; n; i++) {
        tw_hmac_init(&h, alg, key);
        tw_hmac_add(&h, bytes(t, have));
        tw_hmac_add(&h, info);
        tw_hmac_add(&h, bytes(&i, 1));
        tw_hmac_end(&h, t);
        have = alg->size;
        size_t part = n < have ? n : have;
        memcpy(out, t, part);
        out += part, n -= part;
    }
    return true;
}

void tw_bytes_to_key(const tw_hash_alg *alg, tw_str pass, tw_str salt, uint64_t iterations, uint8_t *out,
                     size_t n)
{
    uint8_t d[TW_HASH_MAX];
    size_t have = 0;
    while (n) {
        tw_hash h;
        tw_hash_init(&h, alg);
        tw_hash_add(&h, bytes(d, have));
        tw_hash_add(&h, pass);
        tw_hash_add(&h, salt);
        tw_hash_end(&h, d);
        have = alg->size;
        for (uint64_t i = 1; i < iterations; i++) {
            tw_hash_init(&h, alg);
            tw_hash_add(&h, bytes(d, have));
            tw_hash_end(&h, d);
        }
        size_t part = n < have ? n : have;
        memcpy(out, d, part);
        out += part, n -= part;
    }
}

/* ---- scrypt (RFC 7914) ---- */

static uint32_t rol(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void salsa8(uint32_t b[16])
{
    uint32_t x[16];
    memcpy(x, b, sizeof x);
    for (unsigned i = 0; i < 4; i++) {
#define QUARTER(a, b_, c, d)       \
    x[b_] ^= rol(x[a] + x[d], 7);  \
    x[c] ^= rol(x[b_] + x[a], 9);  \
    x[d] ^= rol(x[c] + x[b_], 13); \
    x[a] ^= rol(x[d] + x[c], 18);
        QUARTER(0, 4, 8, 12)
        QUARTER(5, 9, 13, 1)
        QUARTER(10, 14, 2, 6)
        QUARTER(15, 3, 7, 11)
        QUARTER(0, 1, 2, 3)
        QUARTER(5, 6, 7, 4)
        QUARTER(10, 11, 8, 9)
        QUARTER(15, 12, 13, 14)
#undef QUARTER
    }
    for (unsigned i = 0; i < 16; i++) b[i] += x[i];
}

/* Words of 32 bits; y: room for as many. */
static void block_mix(uint32_t *b, uint32_t *y, uint32_t r)
{
    uint32_t x[16];
    memcpy(x, b + (2 * r - 1) * 16, sizeof x);
    for (uint32_t i = 0; i < 2 * r; i++) {
        for (unsigned k = 0; k < 16; k++) x[k] ^= b[i * 16 + k];
        salsa8(x);
        memcpy(y + (i / 2 + (i & 1 ? r : 0)) * 16, x, sizeof x);
    }
    memcpy(b, y, (size_t)r * 128);
}

bool tw_scrypt(tw_str pass, tw_str salt, uint64_t n, uint32_t r, uint32_t p, uint8_t *out, size_t out_n)
{
    if (n < 2 || n & (n - 1) || !r || !p || r > 1024 || p > 1024 || n > 1 << 24) return false;
    if (r < 4 && n >> (16 * r)) return false;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) return false;
    const tw_hash_alg *sha = tw_hash_find(TW_S("sha256"));
    size_t words = (size_t)32 * r;
    uint32_t *room = tw_heap_grow(NULL, words * 4 * ((size_t)n + p + 1));
    uint32_t *b = room, *v = b + words * p, *y = v + words * n;
    tw_pbkdf2(sha, pass, salt, 1, (uint8_t *)b, words * 4 * p);
    for (uint32_t i = 0; i < p; i++) {
        uint32_t *x = b + words * i;
        for (uint64_t k = 0; k < n; k++) {
            memcpy(v + words * k, x, words * 4);
            block_mix(x, y, r);
        }
        for (uint64_t k = 0; k < n; k++) {
            const uint32_t *w = v + words * (x[(2 * r - 1) * 16] & (n - 1));
            for (size_t j = 0; j < words; j++) x[j] ^= w[j];
            block_mix(x, y, r);
        }
    }
    tw_pbkdf2(sha, pass, bytes((const uint8_t *)b, words * 4 * p), 1, out, out_n);
    tw_heap_free(room);
    return true;
}
