/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* SHA-256 with the CPU's SHA instructions where present, portable otherwise (libcrypto's algorithm
 * look-up costs 4 ms at start-up, more than a small review). Source: sha256.c. */
#include "base/str.h"

typedef struct tw_sha256 {
    uint32_t h[8];
    uint64_t n;
    uint8_t block[64];
} tw_sha256;
typedef struct tw_digest {
    uint8_t b[32];
} tw_digest;

void tw_sha256_init(tw_sha256 *s);
void tw_sha256_add(tw_sha256 *s, const void *p, size_t n);
tw_digest tw_sha256_end(tw_sha256 *s);
tw_digest tw_sha256_of(tw_str s);
/* 64 lower-case hex digits and a NUL. */
void tw_digest_hex(const tw_digest *d, char out[65]);
/* 64 hex digits of either case, nothing else. */
bool tw_digest_parse(tw_str hex, tw_digest *ret);
static inline bool tw_digest_eq(const tw_digest *a, const tw_digest *b)
{
    return memcmp(a, b, 32) == 0;
}

/* The two block functions, side by side so that a test can hold one against the other. The second may
 * be called only where tw_sha256_has_cpu(). */
void tw_sha256_blocks_portable(uint32_t h[8], const uint8_t *p, size_t blocks);
void tw_sha256_blocks_cpu(uint32_t h[8], const uint8_t *p, size_t blocks);
bool tw_sha256_has_cpu(void);
