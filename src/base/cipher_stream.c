/* SPDX-License-Identifier: Apache-2.0 */
/* RC4, ChaCha20 (RFC 8439 and the original), Salsa20, and their extended nonces. */
#include "base/cipher.h"

static uint32_t rol(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (8 * i));
}

void tw_rc4(tw_str key, size_t drop, tw_str in, uint8_t *out)
{
    uint8_t s[256], i = 0, j = 0;
    for (unsigned k = 0; k < 256; k++) s[k] = (uint8_t)k;
    for (unsigned k = 0; k < 256; k++) {
        j = (uint8_t)(j + s[k] + (uint8_t)key.p[k % key.n]);
        uint8_t t = s[k];
        s[k] = s[j], s[j] = t;
    }
    j = 0;
    for (size_t n = 0; n < drop + in.n; n++) {
        j = (uint8_t)(j + s[++i]);
        uint8_t t = s[i];
        s[i] = s[j], s[j] = t;
        if (n >= drop) out[n - drop] = (uint8_t)((uint8_t)in.p[n - drop] ^ s[(uint8_t)(s[i] + s[j])]);
    }
}

/* ---- ChaCha20 and Salsa20 ---- */

static void chacha_quarter(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b], x[d] = rol(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rol(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rol(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rol(x[b] ^ x[c], 7);
}

static void salsa_quarter(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[b] ^= rol(x[a] + x[d], 7);
    x[c] ^= rol(x[b] + x[a], 9);
    x[d] ^= rol(x[c] + x[b], 13);
    x[a] ^= rol(x[d] + x[c], 18);
}

static void rounds(uint32_t x[16], bool chacha)
{
    static const uint8_t order[2][8][4] = {{{0, 4, 8, 12},
                                            {5, 9, 13, 1},
                                            {10, 14, 2, 6},
                                            {15, 3, 7, 11},
                                            {0, 1, 2, 3},
                                            {5, 6, 7, 4},
                                            {10, 11, 8, 9},
                                            {15, 12, 13, 14}},
                                           {{0, 4, 8, 12},
                                            {1, 5, 9, 13},
                                            {2, 6, 10, 14},
                                            {3, 7, 11, 15},
                                            {0, 5, 10, 15},
                                            {1, 6, 11, 12},
                                            {2, 7, 8, 13},
                                            {3, 4, 9, 14}}};
    for (unsigned i = 0; i < 10; i++)
        for (unsigned k = 0; k < 8; k++) {
            const uint8_t *q = order[chacha][k];
            (chacha ? chacha_quarter : salsa_quarter)(x, q[0], q[1], q[2], q[3]);
        }
}

/* Where the words of the key and of the nonce with its counter stand. */
static const uint8_t key_at[2][8] = {{1, 2, 3, 4, 11, 12, 13, 14}, {4, 5, 6, 7, 8, 9, 10, 11}},
                     nonce_at[2][4] = {{8, 9, 6, 7}, {12, 13, 14, 15}},
                     constant_at[2][4] = {{0, 5, 10, 15}, {0, 1, 2, 3}};

static void set_key(uint32_t s[16], tw_str key, bool chacha)
{
    const uint8_t *k = (const uint8_t *)key.p;
    const char *constant = key.n == 32 ? "expand 32-byte k" : "expand 16-byte k";
    for (unsigned i = 0; i < 8; i++) s[key_at[chacha][i]] = le32(k + (i * 4) % key.n);
    for (unsigned i = 0; i < 4; i++) s[constant_at[chacha][i]] = le32((const uint8_t *)constant + 4 * i);
}

/* HChaCha20, HSalsa20: a key from a key and 16 bytes. */
static void derive(tw_str key, const uint8_t *nonce, bool chacha, uint8_t out[32])
{
    static const uint8_t salsa_in[4] = {6, 7, 8, 9}, chacha_in[4] = {12, 13, 14, 15};
    const uint8_t *at = chacha ? chacha_in : salsa_in;
    uint32_t s[16];
    set_key(s, key, chacha);
    for (unsigned i = 0; i < 4; i++) s[at[i]] = le32(nonce + 4 * i);
    rounds(s, chacha);
    for (unsigned i = 0; i < 4; i++) {
        put32(out + 4 * i, s[constant_at[chacha][i]]);
        put32(out + 16 + 4 * i, s[at[i]]);
    }
}

static void start(const tw_cipher *c, uint32_t s[16], bool chacha, bool *ret_wide)
{
    const uint8_t *nonce = (const uint8_t *)c->iv.p;
    uint8_t derived[32];
    tw_str key = c->key;
    size_t n = c->iv.n;
    if (n == 24) {
        derive(key, nonce, chacha, derived);
        key = tw_str_of((const char *)derived, 32);
        nonce += 16, n = 8;
    }
    set_key(s, key, chacha);
    const uint8_t *at = nonce_at[chacha];
    s[at[0]] = (uint32_t)c->counter;
    s[at[1]] = (uint32_t)(c->counter >> 32);
    *ret_wide = n == 8;
    if (n == 16) {
        for (unsigned i = 0; i < 4; i++) s[at[i]] = le32(nonce + 4 * i);
        s[at[0]] += (uint32_t)c->counter;
    } else if (n == 12) {
        for (unsigned i = 0; i < 3; i++) s[at[i + 1]] = le32(nonce + 4 * i);
    } else {
        for (unsigned i = 0; i < 2; i++) s[at[i + 2]] = le32(nonce + 4 * i);
    }
}

void tw_stream(const tw_cipher *c, tw_str in, uint8_t *out)
{
    bool chacha = c->alg == TW_CIPHER_CHACHA20, wide;
    uint32_t s[16], x[16];
    uint8_t key[64];
    tw_cipher from = *c;
    if (c->alg == TW_CIPHER_RC4) {
        tw_rc4(c->key, (size_t)c->counter, in, out);
        return;
    }
    if (c->mode == TW_MODE_POLY1305) from.counter = c->counter + 1; /* block 0 is the key of the tag */
    start(&from, s, chacha, &wide);
    for (size_t i = 0; i < in.n; i += 64) {
        memcpy(x, s, sizeof x);
        rounds(x, chacha);
        for (unsigned k = 0; k < 16; k++) put32(key + 4 * k, x[k] + s[k]);
        for (size_t k = 0; k < 64 && i + k < in.n; k++) out[i + k] = (uint8_t)in.p[i + k] ^ key[k];
        uint32_t *count = &s[nonce_at[chacha][0]];
        if (!++*count && wide) s[nonce_at[chacha][1]]++;
    }
}
