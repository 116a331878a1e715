/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What tools/gen_popular.py generates of data/popular: only the sources of this folder include this. */
#include "base/sha256.h"
#include "engine/names/names.h"

typedef struct tw_slots { /* open addressing by FNV-1a: the hash's upper half, and index + 1; 0: free */
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

static inline uint32_t tw_name_fnv(tw_str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (uint8_t)s.p[i]) * 16777619u;
    return h;
}
