/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Symmetric ciphers over a whole text at once: a text and a key in, a text out. libcrypto's block functions, with
 * no provider, no configuration and no allocation behind them; modes and stream ciphers are our own. Sources:
 * cipher.c (block ciphers and their modes), cipher_stream.c, cipher_tag.c (GCM, Poly1305). */
#include "base/str.h"

typedef enum tw_cipher_alg {
    TW_CIPHER_NONE,
    TW_CIPHER_AES,
    TW_CIPHER_DES,
    TW_CIPHER_DES3,
    TW_CIPHER_BLOWFISH,
    TW_CIPHER_CAST5,
    TW_CIPHER_RC2,
    TW_CIPHER_CAMELLIA,
    TW_CIPHER_RC4,
    TW_CIPHER_CHACHA20,
    TW_CIPHER_SALSA20,
    TW_CIPHER_ALG_MAX
} tw_cipher_alg;
typedef enum tw_cipher_mode {
    TW_MODE_STREAM,
    TW_MODE_ECB,
    TW_MODE_CBC,
    TW_MODE_CTR,
    TW_MODE_CFB,
    TW_MODE_CFB8,
    TW_MODE_OFB,
    TW_MODE_GCM,
    TW_MODE_POLY1305,
    TW_MODE_EAX,
    TW_MODE_MAX
} tw_cipher_mode;

typedef struct tw_cipher {
    uint8_t alg, mode;
    bool encrypt;
    uint32_t counter_bytes; /* CTR: how many bytes at the end count, 0 all */
    uint64_t counter;       /* stream ciphers: the first block */
    tw_str key, iv;
} tw_cipher;

/* Does the algorithm take such a key, the mode such an iv and a text of n bytes? */
bool tw_cipher_fits(const tw_cipher *c, size_t n);
uint32_t tw_cipher_block(tw_cipher_alg a); /* bytes; 1: a stream cipher */
/* n bytes to n bytes (out != in). CBC and ECB: whole blocks only. Call after tw_cipher_fits. GCM, EAX and POLY1305:
 * the text without its tag, which tw_cipher_tag gives. */
void tw_cipher_run(const tw_cipher *c, tw_str in, uint8_t *out);
/* Of what was encrypted, as it stands encrypted. */
void tw_cipher_tag(const tw_cipher *c, tw_str aad, tw_str encrypted, uint8_t tag[16]);

/* For the sources. */
typedef struct tw_block_key {
    _Alignas(16) uint8_t schedule[4272];
    uint8_t alg;
    uint8_t block;
} tw_block_key;
bool tw_block_key_set(tw_block_key *k, tw_cipher_alg alg, tw_str key, bool encrypt);
void tw_block_one(const tw_block_key *k, const uint8_t *in, uint8_t *out, bool encrypt);
void tw_ctr(const tw_block_key *k, const uint8_t *counter, uint32_t counter_bytes, tw_str in, uint8_t *out);
void tw_gcm_counter(const tw_block_key *k, tw_str iv,
                    uint8_t out[16]); /* of the tag; the text's is one more */
/* EAX: CMAC of a block that ends in `what`, and s. */
void tw_omac(const tw_block_key *k, uint8_t what, tw_str s, uint8_t out[16]);
/* Salsa20 and ChaCha20; nonces of 8, 12 (ChaCha), 16 (OpenSSL's ChaCha: counter and nonce), 24 (extended). */
void tw_stream(const tw_cipher *c, tw_str in, uint8_t *out);
void tw_rc4(tw_str key, size_t drop, tw_str in, uint8_t *out);
void tw_poly1305(const uint8_t key[32], const tw_str *parts, uint32_t n_parts, uint8_t tag[16]);
/* libsodium's secretbox: text with the tag in front. */
bool tw_secretbox_open(tw_str key, tw_str nonce, tw_str boxed, uint8_t *out);
