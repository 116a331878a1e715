/* SPDX-License-Identifier: Apache-2.0 */
/* Records that are sent ahead obey the rule of those that are asked for, and stay within what one artifact stored. */
#include "service/cache/cache.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

enum { N = 300 };
static char dir[64];

static tw_cache *fresh(tw_arena *a)
{
    memcpy(dir, "/tmp/tw-ahead-XXXXXX", sizeof "/tmp/tw-ahead-XXXXXX");
    if (!mkdtemp(dir)) abort();
    return tw_cache_new(a, &(tw_cache_options){.dir = dir});
}

static void drop(tw_cache *c)
{
    tw_cache_close(c);
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.') unlinkat(dirfd(d), e->d_name, 0);
    if (d) closedir(d);
    rmdir(dir);
}

static tw_digest key_of(char kind, int i)
{
    char text[32];
    return tw_sha256_of(tw_str_of(text, (size_t)snprintf(text, sizeof text, "%c%d", kind, i)));
}

static void store(tw_cache *c, const char *artifact, bool clean, char kind, int n)
{
    static tw_claim claims[N];
    tw_digest a = tw_sha256_of(tw_str_c(artifact));
    for (int i = 0; i < n; i++) claims[i] = (tw_claim){key_of(kind, i), TW_S("bundle")};
    CHECK_INT(tw_cache_store(c, &a, clean, claims, (size_t)n, NULL), 0);
}

typedef struct got { /* what was sent ahead, by its number; 2: withheld */
    char kind;
    uint8_t seen[N];
    int n, others;
} got;

static void take(void *ctx, const tw_digest *key, tw_str bundle)
{
    got *g = ctx;
    int i = 0;
    for (; i < N; i++) {
        tw_digest of = key_of(g->kind, i);
        if (tw_digest_eq(key, &of)) break;
    }
    if (i == N) {
        g->others++;
        return;
    }
    g->seen[i] = bundle.p ? 1 : 2;
    g->n++;
}

/* Asks for what was not sent, in order; returns how often it had to. */
static int ask_all(tw_cache *c, const char *artifact, got *g, int n, int *ret_given)
{
    tw_digest a = tw_sha256_of(tw_str_c(artifact));
    tw_cache_run run = {0};
    int asked = 0;
    *ret_given = 0;
    for (int i = 0; i < n; i++) {
        if (!g->seen[i]) {
            tw_digest key = key_of(g->kind, i);
            asked++;
            *ret_given += tw_cache_get(c, &a, &key, &run).p != NULL;
            tw_cache_ahead(c, &a, &run, g, take);
        }
        *ret_given += g->seen[i] == 1;
    }
    return asked;
}

TEST(a_re_release_is_told_most_before_it_asks)
{
    tw_arena *a = tw_arena_new(0);
    tw_cache *c = fresh(a);
    int given;
    store(c, "A", true, 'x', 300);
    store(c, "B", true, 'x', 300);
    got g = {.kind = 'x'};
    CHECK(ask_all(c, "C", &g, 300, &given) < 20);
    CHECK(given > 280 && given < 300); /* some are withheld */
    CHECK_INT(g.others, 0);
    drop(c);
    tw_arena_free(a);
}

TEST(no_record_that_one_artifact_alone_vouches_for)
{
    tw_arena *a = tw_arena_new(0);
    tw_cache *c = fresh(a);
    int given;
    store(c, "A", true, 'x', 300);
    store(c, "B", true, 'x', 5); /* of the first five alone */
    got g = {.kind = 'x'};
    CHECK(ask_all(c, "C", &g, 300, &given) > 280);
    CHECK(given <= 5);
    CHECK(g.n <= 5);
    store(c, "B", false, 'x', 300); /* not clean: nobody's voucher */
    got again = {.kind = 'x'};
    ask_all(c, "C", &again, 300, &given);
    CHECK_INT(given, 0);
    CHECK_INT(again.n, 0);
    drop(c);
    tw_arena_free(a);
}

TEST(nothing_that_another_artifact_stored)
{
    tw_arena *a = tw_arena_new(0);
    tw_cache *c = fresh(a);
    int given;
    store(c, "A", true, 'x', 5);
    store(c, "P", true, 'y', 100);
    store(c, "B", true, 'x', 5);
    store(c, "Q", true, 'y', 100);
    got g = {.kind = 'x'};
    ask_all(c, "C", &g, 5, &given);
    CHECK_INT(g.others, 0);
    CHECK(g.n > 0);
    drop(c);
    tw_arena_free(a);
}

TESTS_MAIN()
