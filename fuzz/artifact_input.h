/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Reads one input through the artifact reader with small limits, checks what must always hold, and
 * returns a digest of everything that came out. */
#include "base/map.h"
#include "engine/artifact/artifact.h"

#include <stdlib.h>

static inline void must(bool ok)
{
    if (!ok) abort();
}

static inline tw_limits small_limits(void)
{
    tw_limits lim = tw_limits_default();
    lim.members = 300;
    lim.unpacked = 4 << 20;
    lim.ratio_floor = 256 << 10;
    lim.ratio = 100;
    lim.member_bytes = 64 << 10;
    lim.name_bytes = 300;
    return lim;
}

static inline void check_member(const tw_member *m, tw_str data, uint32_t n, const tw_limits *lim)
{
    must(m->index == n);
    must(m->container == TW_NO_MEMBER || m->container < n);
    must((m->depth == 0) == (m->container == TW_NO_MEMBER));
    must(m->depth <= lim->depth);
    must(m->replaces == TW_NO_MEMBER || m->replaces < n);
    must(m->target == TW_NO_MEMBER || m->target < n);
    must(m->kind < TW_KIND_MAX);
    must(!data.p || (data.n <= lim->member_bytes && data.n == m->size));
    if (!data.p) return;
    tw_digest d = tw_sha256_of(data);
    must(tw_digest_eq(&d, &m->sha256));
}

static inline tw_digest read_once(tw_str bytes, const char *name, uint64_t seed)
{
    tw_hash_seed_set(seed);
    tw_arena *arena = tw_arena_new(0);
    tw_limits lim = small_limits();
    tw_findings f;
    tw_coverage c;
    tw_findings_init(&f, arena, 0);
    tw_coverage_init(&c, arena);
    tw_artifact *a = tw_artifact_open(arena, bytes, tw_str_c(name), &lim, &f, &c);
    tw_sha256 sha;
    tw_sha256_init(&sha);
    tw_member m;
    tw_str data;
    uint32_t n = 0;
    while (tw_artifact_next(a, &m, &data)) {
        check_member(&m, data, n++, &lim);
        tw_sha256_add(&sha, &m.sha256, sizeof m.sha256);
        tw_sha256_add(&sha, &m.flags, sizeof m.flags);
        if (m.path.n) tw_sha256_add(&sha, m.path.p, m.path.n);
    }
    must(n <= lim.members);
    must(tw_artifact_unpacked(a) <= lim.unpacked);
    for (uint32_t i = 0; i < f.list.n; i++) {
        const tw_finding *x = &f.list.v[i];
        must(x->member == TW_NO_MEMBER || x->member <= n);
        tw_sha256_add(&sha, &x->id, sizeof x->id);
        tw_sha256_add(&sha, &x->off, sizeof x->off);
        if (x->detail.n) tw_sha256_add(&sha, x->detail.p, x->detail.n);
    }
    must(tw_artifact_format(a) != NULL);
    tw_artifact_close(a);
    tw_arena_free(arena);
    return tw_sha256_end(&sha);
}

static inline void read_twice(tw_str bytes, const char *name)
{
    tw_digest one = read_once(bytes, name, 1), two = read_once(bytes, name, 0x9e3779b97f4a7c15u);
    must(tw_digest_eq(&one, &two));
}
