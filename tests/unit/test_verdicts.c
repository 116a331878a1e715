/* SPDX-License-Identifier: Apache-2.0 */
/* A report from a worker is hostile until it is shown to be one. */
#include "service/supervisor/verdicts.h"

#include "tap.h"

static const tw_item item = {.artifact = TW_SI("dist/x.whl"), .file_name = TW_SI("x.whl")};

static tw_fault accept(const char *json, const tw_item *it, const char **why, tw_level *level)
{
    tw_arena *a = tw_arena_new(0);
    tw_digest sha = tw_sha256_of(TW_S("abc"));
    *why = "";
    tw_fault f = tw_report_accept(a, tw_str_c(json), it, &sha, level, why);
    tw_arena_free(a);
    return f;
}

#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define REPORT(schema, artifact, sha, verdict)                                                               \
    "{\"schema\":\"" schema "\",\"artifact\":\"" artifact "\",\"sha256\":\"" sha "\",\"verdict\":\"" verdict \
    "\"}"
#define GOOD REPORT("tidewaiter.report/1", "dist/x.whl", SHA, "notable")

static void refused(const char *json, tw_fault want, const char *says)
{
    const char *why;
    tw_level level;
    CHECK_INT(accept(json, &item, &why, &level), want);
    CHECK_STR(tw_str_c(why), tw_str_c(says));
}

TEST(good_reports)
{
    static const char *const names[] = {"clear", "notable", "suspicious", "malicious", "unreviewable"};
    const char *why;
    tw_level level;
    CHECK_INT(accept(GOOD, &item, &why, &level), TW_FAULT_NONE);
    CHECK_INT(level, TW_LEVEL_NOTABLE);
    for (unsigned i = 0; i < TW_COUNT(names); i++) CHECK_INT(tw_level_by_name(tw_str_c(names[i])), i);
    CHECK_INT(tw_level_by_name(TW_S("Clear")), TW_LEVEL_MAX);
}

TEST(what_is_no_report)
{
    refused("", TW_FAULT_REPORT, "not JSON");
    refused("{", TW_FAULT_REPORT, "not JSON");
    refused(GOOD " x", TW_FAULT_REPORT, "not JSON");
    refused("[]", TW_FAULT_REPORT, "not an object of distinct keys");
    refused("{\"verdict\":\"clear\",\"verdict\":\"malicious\"}", TW_FAULT_REPORT,
            "not an object of distinct keys");
    refused("{}", TW_FAULT_REPORT, "not of schema tidewaiter.report/1");
    refused(REPORT("tidewaiter.report/2", "dist/x.whl", SHA, "clear"), TW_FAULT_REPORT,
            "not of schema tidewaiter.report/1");
    refused(REPORT("tidewaiter.report/1", "dist/y.whl", SHA, "clear"), TW_FAULT_REPORT,
            "about another artifact");
    refused(REPORT("tidewaiter.report/1", "dist/x.whl", SHA, "fine"), TW_FAULT_REPORT,
            "without a known verdict");
    refused(" " GOOD, TW_FAULT_REPORT, "not in canonical form");
    refused(GOOD "\n", TW_FAULT_REPORT, "not in canonical form");
    refused(REPORT("tidewaiter.report/1", "dist/x\\u002ewhl", SHA, "clear"), TW_FAULT_REPORT,
            "not in canonical form");
    refused(REPORT("tidewaiter.report/1", "dist/x.whl", "00", "clear"), TW_FAULT_CHANGED,
            "its SHA-256 is not that of the artifact");
    refused("{\"schema\":\"tidewaiter.report/1\",\"artifact\":7,\"verdict\":\"clear\"}", TW_FAULT_REPORT,
            "about another artifact");
}

TEST(sizes_and_depths)
{
    tw_buf b = TW_BUF_INIT;
    for (int i = 0; i < 100; i++) tw_buf_putc(&b, '[');
    tw_buf_putc(&b, '\0');
    refused(b.p, TW_FAULT_REPORT, "not JSON");
    tw_buf_clear(&b);
    for (int i = 0; i <= TW_REPORT_MAX; i++) tw_buf_putc(&b, ' ');
    tw_buf_putc(&b, '\0');
    refused(b.p, TW_FAULT_REPORT, "longer than a report may be");
    tw_buf_free(&b);
}

TEST(names_that_are_not_utf8)
{
    static const tw_item latin = {.artifact = TW_SI("caf\xe9.whl")};
    const char *why;
    tw_level level;
    CHECK_INT(
        accept(REPORT("tidewaiter.report/1", "caf\xef\xbf\xbd.whl", SHA, "clear"), &latin, &why, &level),
        TW_FAULT_NONE);
    CHECK_INT(accept(REPORT("tidewaiter.report/1", "caf.whl", SHA, "clear"), &latin, &why, &level),
              TW_FAULT_REPORT);
}

TEST(a_fault_is_a_report_that_is_accepted)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_digest sha = tw_sha256_of(TW_S("abc"));
    tw_input in = {.artifact = item.artifact, .file_name = item.file_name};
    for (int f = TW_FAULT_CRASH; f < TW_FAULT_MAX; f++) {
        const char *why = "";
        tw_level level;
        tw_report_fault(a, &in, &sha, tw_rules_builtin(a), (tw_fault)f, f % 2 ? "detail" : NULL, &out);
        CHECK_INT(tw_report_accept(a, tw_buf_str(&out), &item, &sha, &level, &why), TW_FAULT_NONE);
        CHECK_STR(tw_str_c(why), TW_S(""));
        CHECK_INT(level, TW_LEVEL_UNREVIEWABLE);
        CHECK(tw_str_find(tw_buf_str(&out), tw_str_c(tw_fault_info_of((tw_fault)f)->code)) != TW_NPOS);
    }
    tw_buf_free(&out);
    tw_arena_free(a);
}

TESTS_MAIN()
