/* SPDX-License-Identifier: Apache-2.0 */
/* A record is kept under what it depends on and nothing else: no table, no rule, no name of anything. */
#include "engine/engine.h"
#include "engine/languages/languages.h"
#include "tap.h"

static tw_digest asked[8], put[8];
static uint32_t n_asked, n_put;

static tw_str get(void *ctx, const tw_digest *key)
{
    (void)ctx;
    if (n_asked < 8) asked[n_asked++] = *key;
    return (tw_str){NULL, 0};
}

static void keep(void *ctx, const tw_digest *key, tw_str bundle)
{
    (void)ctx;
    (void)bundle;
    if (n_put < 8) put[n_put++] = *key;
}

static void add_u64(tw_sha256 *s, uint64_t v)
{
    uint8_t le[8];
    for (int i = 0; i < 8; i++) le[i] = (uint8_t)(v >> (8 * i));
    tw_sha256_add(s, le, sizeof le);
}

/* Written out once more: content, language, front end, evaluation, limits. */
static tw_digest expected(tw_str text, tw_lang lang, const tw_limits *lim)
{
    const uint64_t limits[] = {
#define X(name, value, what) lim->name,
        TW_LIMITS(X)
#undef X
    };
    tw_sha256 of_limits, s;
    tw_sha256_init(&of_limits);
    for (size_t i = 0; i < TW_COUNT(limits); i++) add_u64(&of_limits, limits[i]);
    tw_digest content = tw_sha256_of(text), last = tw_sha256_end(&of_limits);
    tw_sha256_init(&s);
    tw_sha256_add(&s, content.b, sizeof content.b);
    add_u64(&s, lang);
    add_u64(&s, tw_front_of(lang)->version);
    add_u64(&s, tw_evaluate_version);
    tw_sha256_add(&s, last.b, sizeof last.b);
    return tw_sha256_end(&s);
}

static void review(tw_arena *a, const char *file_name, const char *purl, tw_str text)
{
    tw_engine e = {.rules = tw_rules_builtin(a),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    tw_record_io io = {NULL, get, keep};
    tw_input in = {.bytes = text,
                   .artifact = tw_str_c(file_name),
                   .file_name = tw_str_c(file_name),
                   .purl = tw_str_c(purl)};
    tw_outcome out;
    n_asked = n_put = 0;
    tw_review(&e, a, &in, &io, &out);
}

TEST(a_key_holds_content_versions_and_limits_alone)
{
    tw_arena *a = tw_arena_new(0);
    tw_str text = TW_S("import os\nos.system('id')\n");
    tw_limits lim = tw_limits_default();
    tw_digest want = expected(text, TW_LANG_PYTHON, &lim);
    review(a, "setup.py", "", text);
    CHECK(n_asked >= 1); /* and the command line that it runs */
    CHECK(n_asked && tw_digest_eq(&asked[0], &want));
    CHECK(n_put && tw_digest_eq(&put[0], &want));
    review(a, "other.py", "pkg:pypi/other@1.0", text);
    CHECK(n_asked && tw_digest_eq(&asked[0], &want));
    tw_arena_free(a);
}

TESTS_MAIN()
