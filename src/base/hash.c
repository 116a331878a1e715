/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED /* the functions without look-ups, which read no files */
#include "base/hash.h"

#include <openssl/md4.h>
#include <openssl/md5.h>
#include <openssl/ripemd.h>
#include <openssl/sha.h>

/* One set of three functions around libcrypto's own. */
#define WRAP(name, CTX, INIT, UPDATE, FINAL)                    \
    _Static_assert(sizeof(CTX) <= TW_HASH_STATE, #name);        \
    static void name##_init(tw_hash *h)                         \
    {                                                           \
        INIT((CTX *)(void *)h->state);                          \
    }                                                           \
    static void name##_add(tw_hash *h, const void *p, size_t n) \
    {                                                           \
        UPDATE((CTX *)(void *)h->state, p, n);                  \
    }                                                           \
    static void name##_end(tw_hash *h, uint8_t *out)            \
    {                                                           \
        FINAL(out, (CTX *)(void *)h->state);                    \
    }

WRAP(md4, MD4_CTX, MD4_Init, MD4_Update, MD4_Final)
WRAP(md5, MD5_CTX, MD5_Init, MD5_Update, MD5_Final)
WRAP(ripemd160, RIPEMD160_CTX, RIPEMD160_Init, RIPEMD160_Update, RIPEMD160_Final)
WRAP(sha1, SHA_CTX, SHA1_Init, SHA1_Update, SHA1_Final)
WRAP(sha224, SHA256_CTX, SHA224_Init, SHA224_Update, SHA224_Final)
WRAP(sha256, SHA256_CTX, SHA256_Init, SHA256_Update, SHA256_Final)
WRAP(sha384, SHA512_CTX, SHA384_Init, SHA384_Update, SHA384_Final)
WRAP(sha512, SHA512_CTX, SHA512_Init, SHA512_Update, SHA512_Final)

#define ROW(name, size, block)                                         \
    {                                                                  \
        TW_SI(#name), size, block, name##_init, name##_add, name##_end \
    }
static const tw_hash_alg algs[] = {
    ROW(md4, 16, 64),    ROW(md5, 16, 64),    ROW(ripemd160, 20, 64), ROW(sha1, 20, 64),
    ROW(sha224, 28, 64), ROW(sha256, 32, 64), ROW(sha384, 48, 128),   ROW(sha512, 64, 128),
};

const tw_hash_alg *tw_hash_find(tw_str name)
{
    char plain[24];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i], low = (char)(c | 0x20);
        bool letter = low >= 'a' && low <= 'z', digit = c >= '0' && c <= '9';
        if (!letter && !digit && c != '-' && c != '_' && c != '/') return NULL;
        if (!letter && !digit) continue;
        if (n == sizeof plain) return NULL;
        plain[n++] = digit ? c : low;
    }
    tw_str want = tw_str_of(plain, n);
    if (tw_str_eq(want, TW_S("rmd160")) || tw_str_eq(want, TW_S("ripemd"))) want = TW_S("ripemd160");
    for (size_t i = 0; i < TW_COUNT(algs); i++)
        if (tw_str_eq(algs[i].name, want)) return &algs[i];
    for (const tw_hash_alg *a = tw_hash_new; a->name.n; a++)
        if (tw_str_eq(a->name, want)) return a;
    return NULL;
}

void tw_hash_init(tw_hash *h, const tw_hash_alg *alg)
{
    h->alg = alg;
    h->size = alg->size;
    alg->init(h);
}

void tw_hash_add(tw_hash *h, tw_str s)
{
    if (s.n) h->alg->add(h, s.p, s.n);
}

void tw_hash_end(tw_hash *h, uint8_t out[TW_HASH_MAX])
{
    h->alg->end(h, out);
}

/* ---- HMAC ---- */

void tw_hmac_init(tw_hmac *h, const tw_hash_alg *alg, tw_str key)
{
    uint8_t pad[TW_HASH_BLOCK_MAX], short_key[TW_HASH_MAX];
    if (key.n > alg->block) {
        tw_hash_init(&h->inner, alg);
        tw_hash_add(&h->inner, key);
        tw_hash_end(&h->inner, short_key);
        key = tw_str_of((const char *)short_key, alg->size);
    }
    for (size_t i = 0; i < alg->block; i++) pad[i] = (uint8_t)((i < key.n ? (uint8_t)key.p[i] : 0) ^ 0x36);
    tw_hash_init(&h->inner, alg);
    tw_hash_add(&h->inner, tw_str_of((const char *)pad, alg->block));
    for (size_t i = 0; i < alg->block; i++) pad[i] ^= 0x36 ^ 0x5c;
    tw_hash_init(&h->outer, alg);
    tw_hash_add(&h->outer, tw_str_of((const char *)pad, alg->block));
}

void tw_hmac_add(tw_hmac *h, tw_str s)
{
    tw_hash_add(&h->inner, s);
}

void tw_hmac_end(tw_hmac *h, uint8_t out[TW_HASH_MAX])
{
    tw_hash_end(&h->inner, out);
    tw_hash_add(&h->outer, tw_str_of((const char *)out, h->inner.alg->size));
    tw_hash_end(&h->outer, out);
}
