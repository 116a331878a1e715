/* SPDX-License-Identifier: Apache-2.0 */
#include "service/cache/cache.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char dir[64];
static tw_arena *arena;

static tw_cache *fresh(bool trust_anyone, uint64_t max)
{
    memcpy(dir, "/tmp/tw-cache-XXXXXX", sizeof "/tmp/tw-cache-XXXXXX");
    if (!mkdtemp(dir)) abort();
    arena = tw_arena_new(0);
    return tw_cache_new(arena,
                        &(tw_cache_options){.dir = dir, .trust_anyone = trust_anyone, .max_bytes = max});
}

static tw_cache *reopen(tw_cache *c, uint64_t max)
{
    tw_cache_close(c);
    return tw_cache_new(arena, &(tw_cache_options){.dir = dir, .max_bytes = max});
}

static void drop(tw_cache *c)
{
    tw_cache_close(c);
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.') unlinkat(dirfd(d), e->d_name, 0);
    if (d) closedir(d);
    rmdir(dir);
    arena = tw_arena_free(arena);
}

static tw_digest digest(const char *of)
{
    return tw_sha256_of(tw_str_c(of));
}

static uint32_t store(tw_cache *c, const char *artifact, bool clean, const char *key, const char *bundle)
{
    tw_digest a = digest(artifact);
    tw_claim claim = {digest(key), tw_str_c(bundle)};
    return tw_cache_store(c, &a, clean, &claim, 1, NULL);
}

static tw_str get(tw_cache *c, const char *artifact, const char *key)
{
    tw_digest a = digest(artifact), k = digest(key);
    return tw_cache_get(c, &a, &k, NULL);
}

TEST(own_records_are_given_to_their_artifact_alone)
{
    tw_cache *c = fresh(false, 0);
    CHECK(!get(c, "A", "k").p);
    CHECK_INT(store(c, "A", true, "k", "bundle"), 0);
    CHECK_STR(get(c, "A", "k"), TW_S("bundle"));
    CHECK(!get(c, "B", "k").p);
    c = reopen(c, 0);
    CHECK_STR(get(c, "A", "k"), TW_S("bundle"));
    CHECK(!get(c, "B", "k").p);
    drop(c);
}

static bool store_report(tw_cache *c, const char *artifact, const char *key, const char *report)
{
    tw_digest a = digest(artifact), k = digest(key);
    return tw_cache_report_store(c, &a, &k, tw_str_c(report));
}

static tw_str report(tw_cache *c, const char *artifact, const char *key)
{
    tw_digest a = digest(artifact), k = digest(key);
    return tw_cache_report(c, &a, &k);
}

TEST(reports_are_given_for_the_same_bytes_under_the_same_key)
{
    tw_cache *c = fresh(false, 0);
    CHECK(!report(c, "A", "k").p);
    CHECK(store_report(c, "A", "k", "{}"));
    CHECK_STR(report(c, "A", "k"), TW_S("{}"));
    CHECK(!report(c, "A", "other tables").p);
    CHECK(!report(c, "B", "k").p);
    CHECK(store_report(c, "A", "k", "{}"));
    CHECK(!store_report(c, "A", "k", "[]")); /* an alarm: neither is kept */
    CHECK(!report(c, "A", "k").p);
    CHECK_INT(tw_cache_stats_of(c)->conflicts, 1);
    drop(c);
}

TEST(no_report_outlives_an_alarm_or_its_worker)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "record", "one");
    store_report(c, "A", "k", "{}");
    store_report(c, "B", "l", "{}");
    tw_digest b = digest("B");
    tw_cache_distrust(c, &b);
    CHECK(!report(c, "B", "l").p);
    CHECK_STR(report(c, "A", "k"), TW_S("{}"));
    CHECK_INT(store(c, "B", true, "record", "two"), 1);
    CHECK(!report(c, "A", "k").p);
    drop(c);
}

TEST(two_clean_artifacts_vouch_for_a_record)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    store(c, "A", true, "k", "bundle"); /* the same one twice is one */
    CHECK(!get(c, "C", "k").p);
    store(c, "B", true, "k", "bundle");
    CHECK_STR(get(c, "C", "k"), TW_S("bundle"));
    drop(c);
}

TEST(artifacts_above_notable_do_not_vouch)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    store(c, "bad", false, "k", "bundle");
    store(c, "worse", false, "k", "bundle");
    CHECK(!get(c, "C", "k").p);
    CHECK_STR(get(c, "bad", "k"), TW_S("bundle"));
    store(c, "B", true, "k", "bundle");
    CHECK_STR(get(c, "C", "k"), TW_S("bundle"));
    /* judged anew, above notable: its word no longer counts */
    tw_digest b = digest("B");
    tw_cache_store(c, &b, false, NULL, 0, NULL);
    CHECK(!get(c, "C", "k").p);
    drop(c);
}

TEST(a_dead_worker_takes_its_word_back)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    store(c, "B", true, "k", "bundle");
    tw_digest a = digest("A");
    tw_cache_distrust(c, &a);
    CHECK(!get(c, "C", "k").p);
    drop(c);
}

TEST(conflicting_bundles_poison_the_key)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    store(c, "B", true, "k", "bundle");
    CHECK_INT(store(c, "E", true, "k", "forged"), 1);
    CHECK_INT(tw_cache_stats_of(c)->conflicts, 1);
    CHECK(!get(c, "C", "k").p);
    CHECK(!get(c, "A", "k").p);
    CHECK(!get(c, "E", "k").p);
    CHECK_INT(store(c, "F", true, "k", "bundle"), 0);
    CHECK_INT(store(c, "G", true, "k", "bundle"), 0);
    CHECK(!get(c, "C", "k").p);
    c = reopen(c, 0);
    CHECK(!get(c, "A", "k").p);
    drop(c);
}

TEST(a_forged_record_of_a_judged_artifact_is_noticed_when_the_true_one_comes)
{
    tw_cache *c = fresh(false, 0);
    store(c, "bad", false, "k", "forged");
    CHECK_INT(store(c, "A", true, "k", "bundle"), 1);
    CHECK(!get(c, "A", "k").p);
    drop(c);
}

TEST(without_the_rule_one_forger_would_do)
{
    tw_cache *c = fresh(true, 0);
    store(c, "E", false, "k", "forged");
    CHECK_STR(get(c, "victim", "k"), TW_S("forged"));
    drop(c);
}

TEST(one_in_a_hundred_is_withheld_always_the_same)
{
    tw_cache *c = fresh(false, 0);
    enum { N = 3000 };
    static char seen[N];
    tw_claim claims[N];
    tw_digest a = digest("A");
    for (int i = 0; i < N; i++)
        claims[i] = (tw_claim){tw_sha256_of((tw_str){(char *)&i, sizeof i}), TW_S("b")};
    CHECK_INT(tw_cache_store(c, &a, true, claims, N, NULL), 0);
    for (int i = 0; i < N; i++) seen[i] = tw_cache_get(c, &a, &claims[i].key, NULL).p != NULL;
    uint64_t withheld = tw_cache_stats_of(c)->withheld;
    CHECK(withheld > N / 200 && withheld < N / 50);
    CHECK_INT(tw_cache_stats_of(c)->given, N - withheld);
    for (int i = 0; i < N; i++) CHECK_INT(tw_cache_get(c, &a, &claims[i].key, NULL).p != NULL, seen[i]);
    drop(c);
}

TEST(the_oldest_go_when_it_grows)
{
    tw_cache *c = fresh(false, 256 << 10);
    enum { N = 2000, SIZE = 1000 };
    static char text[SIZE];
    tw_digest a = digest("A");
    for (int i = 0; i < N; i++) {
        memset(text, 'a' + i % 26, sizeof text);
        tw_claim claim = {tw_sha256_of((tw_str){(char *)&i, sizeof i}), {text, sizeof text}};
        tw_cache_store(c, &a, true, &claim, 1, NULL);
    }
    c = reopen(c, 256 << 10);
    int first = 0, last = N - 1, found = 0;
    tw_digest key = tw_sha256_of((tw_str){(char *)&first, sizeof first});
    CHECK(!tw_cache_get(c, &a, &key, NULL).p);
    for (int i = last; i > last - 5; i--) {
        key = tw_sha256_of((tw_str){(char *)&i, sizeof i});
        found += tw_cache_get(c, &a, &key, NULL).p != NULL;
    }
    CHECK(found >= 4);
    drop(c);
}

TEST(a_damaged_or_unwritable_cache_is_skipped)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    tw_cache_close(c);
    char path[128];
    snprintf(path, sizeof path, "%s/records.db", dir);
    FILE *f = fopen(path, "wb");
    for (int i = 0; f && i < 5000; i++) fputc(i * 7 % 251, f);
    if (f) fclose(f);
    c = reopen(NULL, 0);
    CHECK(!get(c, "A", "k").p);
    CHECK(*tw_cache_trouble(c));
    CHECK_INT(store(c, "A", true, "k", "bundle"), 0);
    drop(c);
    arena = tw_arena_new(0);
    c = tw_cache_new(arena, &(tw_cache_options){.dir = "/proc/no/such/place"});
    CHECK(!get(c, "A", "k").p);
    CHECK(*tw_cache_trouble(c));
    tw_cache_close(c);
    arena = tw_arena_free(arena);
}

TEST(two_at_a_time_do_not_wait_for_each_other)
{
    tw_cache *c = fresh(false, 0);
    store(c, "A", true, "k", "bundle");
    tw_cache *other = tw_cache_new(arena, &(tw_cache_options){.dir = dir});
    CHECK_STR(get(other, "A", "k"), TW_S("bundle"));
    CHECK_INT(store(other, "B", true, "k", "bundle"), 0);
    CHECK_STR(get(c, "C", "k"), TW_S("bundle"));
    tw_cache_close(other);
    drop(c);
}

TESTS_MAIN()
