/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Digests, HMAC and key derivation for values that programs compute. No state of the process, no allocation
 * (scrypt apart), no files: libcrypto's block functions, its look-ups left alone. Source: hash.c, hash_new.c
 * (SHA-3, BLAKE2), kdf.c. */
#include "base/str.h"

enum { TW_HASH_MAX = 64, TW_HASH_BLOCK_MAX = 144, TW_HASH_STATE = 256 };

typedef struct tw_hash_alg tw_hash_alg;
typedef struct tw_hash {
    const tw_hash_alg *alg;
    uint32_t size; /* of the digest; BLAKE2 and SHAKE: as asked for */
    _Alignas(16) uint8_t state[TW_HASH_STATE];
} tw_hash;

struct tw_hash_alg {
    tw_str name; /* lower case letters and digits alone: "sha3256" */
    uint16_t size, block;
    void (*init)(tw_hash *);
    void (*add)(tw_hash *, const void *p, size_t n);
    void (*end)(tw_hash *, uint8_t *out);
};

/* By any spelling: SHA-256, sha256, sha3_256; NULL unknown. */
const tw_hash_alg *tw_hash_find(tw_str name);
extern const tw_hash_alg tw_hash_new[]; /* hash_new.c; ends with an empty name */
void tw_hash_init(tw_hash *h, const tw_hash_alg *alg);
/* BLAKE2 with its parameters; false where they do not fit. */
bool tw_hash_init_blake2(tw_hash *h, const tw_hash_alg *alg, uint32_t size, tw_str key, tw_str salt,
                         tw_str person);
void tw_hash_add(tw_hash *h, tw_str s);
void tw_hash_end(tw_hash *h, uint8_t out[TW_HASH_MAX]);
/* SHAKE: any number of bytes. */
void tw_hash_squeeze(tw_hash *h, uint8_t *out, size_t n);

typedef struct tw_hmac {
    tw_hash inner, outer;
} tw_hmac;
void tw_hmac_init(tw_hmac *h, const tw_hash_alg *alg, tw_str key);
void tw_hmac_add(tw_hmac *h, tw_str s);
void tw_hmac_end(tw_hmac *h, uint8_t out[TW_HASH_MAX]);

void tw_pbkdf2(const tw_hash_alg *alg, tw_str pass, tw_str salt, uint64_t iterations, uint8_t *out, size_t n);
bool tw_hkdf(const tw_hash_alg *alg, tw_str key, tw_str salt, tw_str info, bool extract, uint8_t *out,
             size_t n);
/* OpenSSL's EVP_BytesToKey. */
void tw_bytes_to_key(const tw_hash_alg *alg, tw_str pass, tw_str salt, uint64_t iterations, uint8_t *out,
                     size_t n);
/* false: parameters that scrypt does not have. Takes 128 * r * (N + p + 1) bytes. */
bool tw_scrypt(tw_str pass, tw_str salt, uint64_t n, uint32_t r, uint32_t p, uint8_t *out, size_t out_n);
