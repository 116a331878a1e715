/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED /* the functions without look-ups, which read no files */
#include "base/cipher.h"

#include <openssl/aes.h>
#include <openssl/blowfish.h>
#include <openssl/camellia.h>
#include <openssl/cast.h>
#include <openssl/des.h>
#include <openssl/rc2.h>

typedef struct triple {
    DES_key_schedule k[3];
} triple;
_Static_assert(sizeof(BF_KEY) <= sizeof((tw_block_key){0}.schedule), "BF_KEY");
_Static_assert(sizeof(AES_KEY) <= sizeof((tw_block_key){0}.schedule), "AES_KEY");
_Static_assert(sizeof(CAMELLIA_KEY) <= sizeof((tw_block_key){0}.schedule), "CAMELLIA_KEY");
_Static_assert(sizeof(triple) <= sizeof((tw_block_key){0}.schedule), "DES");

static const struct {
    uint8_t block, min, max, step; /* step: of key sizes, 0 any */
} shapes[TW_CIPHER_ALG_MAX] = {
    [TW_CIPHER_AES] = {16, 16, 32, 8},      [TW_CIPHER_DES] = {8, 8, 8, 0},
    [TW_CIPHER_DES3] = {8, 16, 24, 8},      [TW_CIPHER_BLOWFISH] = {8, 4, 56, 1},
    [TW_CIPHER_CAST5] = {8, 5, 16, 1},      [TW_CIPHER_RC2] = {8, 5, 128, 1},
    [TW_CIPHER_CAMELLIA] = {16, 16, 32, 8}, [TW_CIPHER_RC4] = {1, 1, 255, 1},
    [TW_CIPHER_CHACHA20] = {1, 32, 32, 0},  [TW_CIPHER_SALSA20] = {1, 16, 32, 16},
};

uint32_t tw_cipher_block(tw_cipher_alg a)
{
    return a < TW_CIPHER_ALG_MAX && shapes[a].block ? shapes[a].block : 1;
}

static bool key_fits(uint8_t alg, size_t n)
{
    if (alg >= TW_CIPHER_ALG_MAX || !shapes[alg].block || n < shapes[alg].min || n > shapes[alg].max)
        return false;
    return shapes[alg].step < 2 || !((n - shapes[alg].min) % shapes[alg].step);
}

bool tw_cipher_fits(const tw_cipher *c, size_t n)
{
    if (!key_fits(c->alg, c->key.n)) return false;
    uint32_t block = shapes[c->alg].block;
    size_t iv = c->iv.n;
    bool chacha = c->alg == TW_CIPHER_CHACHA20;
    switch (c->mode) {
    case TW_MODE_STREAM:
        if (c->alg == TW_CIPHER_RC4) return !iv;
        return block == 1 && (iv == 8 || iv == 24 || (chacha && (iv == 12 || iv == 16)));
    case TW_MODE_ECB: return block > 1 && !(n % block);
    case TW_MODE_CBC: return block > 1 && iv == block && !(n % block);
    case TW_MODE_CTR:
    case TW_MODE_CFB:
    case TW_MODE_CFB8:
    case TW_MODE_OFB: return block > 1 && iv == block;
    case TW_MODE_GCM:
    case TW_MODE_EAX: return block == 16 && iv > 0;
    case TW_MODE_POLY1305: return chacha && (iv == 8 || iv == 12 || iv == 24);
    default: return false;
    }
}

/* ---- one block ---- */

static void set_des(tw_block_key *k, tw_str key)
{
    triple *t = (triple *)(void *)k->schedule;
    DES_cblock part;
    for (unsigned i = 0; i < 3; i++) {
        size_t at = i * 8 < key.n ? i * 8 : 0; /* two keys: the first once more */
        memcpy(part, key.p + at, 8);
        DES_set_key_unchecked(&part, &t->k[i]);
    }
}

bool tw_block_key_set(tw_block_key *k, tw_cipher_alg alg, tw_str key, bool encrypt)
{
    const unsigned char *p = (const unsigned char *)key.p;
    void *s = k->schedule;
    if (!key_fits(alg, key.n)) return false;
    k->alg = alg;
    k->block = shapes[alg].block;
    int n = (int)key.n;
    switch (alg) {
    case TW_CIPHER_AES:
        return !(encrypt ? AES_set_encrypt_key(p, n * 8, s) : AES_set_decrypt_key(p, n * 8, s));
    case TW_CIPHER_DES:
    case TW_CIPHER_DES3: return set_des(k, key), true;
    case TW_CIPHER_BLOWFISH: return BF_set_key(s, n, p), true;
    case TW_CIPHER_CAST5: return CAST_set_key(s, n, p), true;
    case TW_CIPHER_RC2: return RC2_set_key(s, n, p, n * 8), true;
    case TW_CIPHER_CAMELLIA: return !Camellia_set_key(p, n * 8, s);
    default: return false;
    }
}

void tw_block_one(const tw_block_key *k, const uint8_t *in, uint8_t *out, bool encrypt)
{
    const void *s = k->schedule;
    triple *t = (triple *)(uintptr_t)s;
    DES_cblock from, to;
    switch (k->alg) {
    case TW_CIPHER_AES: encrypt ? AES_encrypt(in, out, s) : AES_decrypt(in, out, s); break;
    case TW_CIPHER_BLOWFISH: BF_ecb_encrypt(in, out, s, encrypt); break;
    case TW_CIPHER_CAST5: CAST_ecb_encrypt(in, out, s, encrypt); break;
    case TW_CIPHER_RC2: RC2_ecb_encrypt(in, out, (RC2_KEY *)(uintptr_t)s, encrypt); break;
    case TW_CIPHER_CAMELLIA: encrypt ? Camellia_encrypt(in, out, s) : Camellia_decrypt(in, out, s); break;
    default:
        memcpy(from, in, 8);
        if (k->alg == TW_CIPHER_DES)
            DES_ecb_encrypt(&from, &to, &t->k[0], encrypt);
        else
            DES_ecb3_encrypt(&from, &to, &t->k[0], &t->k[1], &t->k[2], encrypt);
        memcpy(out, to, 8);
    }
}

/* ---- modes ---- */

static void xor_into(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = a[i] ^ b[i];
}

static void ecb(const tw_cipher *c, const tw_block_key *k, const uint8_t *in, size_t n, uint8_t *out)
{
    for (size_t i = 0; i + k->block <= n; i += k->block) tw_block_one(k, in + i, out + i, c->encrypt);
}

static void cbc(const tw_cipher *c, const tw_block_key *k, const uint8_t *in, size_t n, uint8_t *out)
{
    const uint8_t *last = (const uint8_t *)c->iv.p;
    uint8_t x[16];
    for (size_t i = 0; i + k->block <= n; i += k->block) {
        if (c->encrypt) {
            xor_into(x, in + i, last, k->block);
            tw_block_one(k, x, out + i, true);
            last = out + i;
        } else {
            tw_block_one(k, in + i, x, false);
            xor_into(out + i, x, last, k->block);
            last = in + i;
        }
    }
}

static void cfb(const tw_cipher *c, const tw_block_key *k, const uint8_t *in, size_t n, uint8_t *out)
{
    uint8_t reg[16], x[16];
    size_t step = c->mode == TW_MODE_CFB8 ? 1 : k->block;
    memcpy(reg, c->iv.p, k->block);
    for (size_t i = 0; i < n; i += step) {
        size_t part = n - i < step ? n - i : step;
        tw_block_one(k, reg, x, true);
        xor_into(out + i, in + i, x, part);
        const uint8_t *seen = c->encrypt ? out + i : in + i;
        memmove(reg, reg + part, k->block - part);
        memcpy(reg + k->block - part, seen, part);
    }
}

static void ofb(const tw_cipher *c, const tw_block_key *k, const uint8_t *in, size_t n, uint8_t *out)
{
    uint8_t reg[16];
    memcpy(reg, c->iv.p, k->block);
    for (size_t i = 0; i < n; i += k->block) {
        tw_block_one(k, reg, reg, true);
        xor_into(out + i, in + i, reg, n - i < k->block ? n - i : k->block);
    }
}

void tw_ctr(const tw_block_key *k, const uint8_t *counter, uint32_t counter_bytes, tw_str in, uint8_t *out)
{
    uint8_t reg[16], x[16];
    uint32_t low = counter_bytes && counter_bytes < k->block ? k->block - counter_bytes : 0;
    memcpy(reg, counter, k->block);
    for (size_t i = 0; i < in.n; i += k->block) {
        tw_block_one(k, reg, x, true);
        xor_into(out + i, (const uint8_t *)in.p + i, x, in.n - i < k->block ? in.n - i : k->block);
        for (uint32_t b = k->block; b-- > low;)
            if (++reg[b]) break;
    }
}

void tw_cipher_run(const tw_cipher *c, tw_str in, uint8_t *out)
{
    const uint8_t *p = (const uint8_t *)in.p;
    tw_block_key k;
    uint8_t first[16];
    if (c->mode == TW_MODE_STREAM || c->mode == TW_MODE_POLY1305) {
        tw_stream(c, in, out);
        return;
    }
    bool backwards = (c->mode == TW_MODE_ECB || c->mode == TW_MODE_CBC) && !c->encrypt;
    if (!tw_block_key_set(&k, c->alg, c->key, !backwards)) return;
    switch (c->mode) {
    case TW_MODE_ECB: ecb(c, &k, p, in.n, out); break;
    case TW_MODE_CBC: cbc(c, &k, p, in.n, out); break;
    case TW_MODE_CFB:
    case TW_MODE_CFB8: cfb(c, &k, p, in.n, out); break;
    case TW_MODE_OFB: ofb(c, &k, p, in.n, out); break;
    case TW_MODE_CTR: tw_ctr(&k, (const uint8_t *)c->iv.p, c->counter_bytes, in, out); break;
    case TW_MODE_GCM:
        tw_gcm_counter(&k, c->iv, first);
        for (unsigned b = 16; b-- > 12;)
            if (++first[b]) break;
        tw_ctr(&k, first, 4, in, out);
        break;
    case TW_MODE_EAX:
        tw_omac(&k, 0, c->iv, first);
        tw_ctr(&k, first, 0, in, out);
        break;
    default: break;
    }
}
