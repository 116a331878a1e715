/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What tools/gen_popular.py generates of data/popular: only the sources of this folder include this. */
#include "base/sha256.h"
#include "engine/names/names.h"

typedef struct tw_slots { /* open addressing by tw_name_hash: the hash's upper half, and index + 1; 0: free */
    const uint32_t *v;
    uint32_t mask;
} tw_slots;

struct tw_popular {
    const char *ecosystem, *source, *date;
    uint32_t n;
    const char *pool; /* names, the most popular first, each with its NUL */
    const uint32_t *at;
    tw_slots keys[TW_KEY_MAX];
    uint32_t n_repos;
    const char *repo_pool;
    const uint32_t *repo_at;
    const uint16_t *repo_of; /* whose repository: an index of names */
    tw_slots repo_slots;
    uint32_t n_said; /* hashes of descriptions, sorted, and whose they are */
    const uint32_t *said;
    const uint16_t *said_by;
    const uint8_t *said_n; /* how many of each name */
};

typedef struct tw_mail_domains {
    const char *source, *date;
    uint32_t n;
    const char *pool;
    const uint32_t *at;
    tw_slots slots;
} tw_mail_domains;

extern const tw_popular tw_popular_lists[];
extern const size_t tw_n_popular;
extern const tw_mail_domains tw_mail;

/* A polynomial of the bytes, so that an edit's is had from those of its parts; mixed before it is looked up. */
enum { TW_NAME_BASE = 0x01000193 };
static inline uint32_t tw_name_poly(uint32_t h, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) h = h * TW_NAME_BASE + (uint8_t)s.p[i] + 1;
    return h;
}
static inline uint32_t tw_name_mix(uint32_t h)
{
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    return h ^ h >> 12;
}
static inline uint32_t tw_name_hash(tw_str s)
{
    return tw_name_mix(tw_name_poly(0, s));
}
/* Is there a name whose mixed hash agrees as far as the slots keep it? */
static inline bool tw_slots_maybe(const tw_slots *s, uint32_t hash)
{
    for (uint32_t at = hash; s->v[at & s->mask]; at++)
        if (((s->v[at & s->mask] ^ hash) & 0xffff0000u) == 0) return true;
    return false;
}
