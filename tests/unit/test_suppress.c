/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/suppress.h"
#include "tap.h"

#define ENTRY(finding, content, expires)             \
    ("- finding: " finding "\n  content: \"" content \
     "\"\n  reason: \"ours\"\n  owner: ana\n  expires: \"" expires "\"\n")
enum { NOW = 1700000000 }; /* 2023-11-14 */

static tw_arena *a;
static tw_suppressions list;
static tw_diag d;

static tw_err parse(const char *text)
{
    if (a) tw_arena_free(a);
    a = tw_arena_new(0);
    d = (tw_diag){0};
    return tw_suppressions_parse(a, tw_str_c(text), NOW, &list, &d);
}

TEST(what_is_read)
{
    char z[65];
    memset(z, 'a', 64);
    z[64] = 0;
    CHECK(parse("") == TW_OK && !list.list.n);
    CHECK(parse("# none\n") == TW_OK && !list.list.n);
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, "- finding: x.y\n  content: %s\n  reason: r\n  owner: o\n  expires: 2023-11-14\n%c", z, 0);
    CHECK(parse(b.p) == TW_OK && list.list.n == 1 && !list.list.v[0].expired);
    tw_buf_clear(&b);
    tw_buf_fmt(&b, "- finding: x.y\n  content: %s\n  reason: r\n  owner: o\n  expires: 2023-11-13\n%c", z, 0);
    CHECK(parse(b.p) == TW_OK && list.list.v[0].expired);
    static const char *const bad[] = {
        "a: b\n",
        "- x\n",
        ENTRY("x.y", "zz", "2030-01-01"),
        ENTRY("x.y", "0000000000000000000000000000000000000000000000000000000000000000", "soon"),
        "- finding: x\n  what: y\n",
        "- finding: x.y\n"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) CHECK(parse(bad[i]) == TW_ERR_MALFORMED && d.line > 0);
    tw_buf_free(&b);
}

#define DOC(level, evidence, more)                                                                   \
    "{\"sha256\":\"z\",\"verdict\":\"malicious\",\"behaviours\":[{\"id\":\"a.b\",\"level\":\"" level \
    "\",\"evidence\":[{\"sha256\":\"" evidence "\"}]}" more "],\"findings\":[],\"signals\":[]}"

static tw_level level_of(const char *report, const char *first, const char *second, tw_level verdict)
{
    tw_doc doc, old;
    char print[65];
    tw_buf b = TW_BUF_INIT;
    const char *both[] = {first, second};
    tw_arena *scratch = tw_arena_new(0);
    for (size_t i = 0; i < 2 && both[i]; i++) {
        CHECK(tw_json_read(scratch, tw_str_c(both[i]), NULL, &old, NULL) == TW_OK);
        uint32_t at = tw_node_first(&old, tw_node_list(&old, 0, TW_S("behaviours")));
        tw_fingerprint(&old, at, "evidence", print);
        tw_buf_fmt(&b,
                   "- finding: a.b\n  content: \"%s\"\n  reason: r\n  owner: o\n  expires: \"2030-01-01\"\n",
                   print);
    }
    tw_buf_putc(&b, 0);
    CHECK(parse(b.p) == TW_OK);
    CHECK(tw_json_read(scratch, tw_str_c(report), NULL, &doc, NULL) == TW_OK);
    tw_level l = tw_suppressed_level(&list, tw_rules_builtin(scratch), &doc, verdict);
    tw_arena_free(scratch);
    tw_buf_free(&b);
    return l;
}

TEST(levels_without_what_is_suppressed)
{
    static const char whole[] = DOC("malicious", "1", ""), other[] = DOC("malicious", "2", "");
    CHECK_INT(level_of(whole, whole, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_CLEAR);
    CHECK_INT(level_of(whole, other, NULL, TW_LEVEL_MALICIOUS),
              TW_LEVEL_MALICIOUS); /* the code was changed */
    CHECK_INT(level_of(whole, NULL, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_MALICIOUS);
    CHECK_INT(level_of(whole, whole, NULL, TW_LEVEL_UNREVIEWABLE), TW_LEVEL_UNREVIEWABLE);
    static const char two[] =
        DOC("malicious", "1", ",{\"id\":\"c.d\",\"level\":\"notable\",\"evidence\":[{\"sha256\":\"1\"}]}");
    CHECK_INT(level_of(two, whole, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_NOTABLE);
    /* two that are left may bear each other out */
    static const char three[] =
        DOC("malicious", "1",
            ",{\"id\":\"c.d\",\"level\":\"notable\",\"evidence\":[{\"sha256\":\"1\"}]},"
            "{\"id\":\"e.f\",\"level\":\"notable\",\"evidence\":[{\"sha256\":\"1\"}]}");
    CHECK_INT(level_of(three, whole, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_SUSPICIOUS);
    /* more than the list holds: nothing is known of the rest */
    static const char cut[] = DOC("malicious", "1", ",{\"more\":3}");
    CHECK_INT(level_of(cut, whole, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_MALICIOUS);
    /* the verdict stands above all of its parts: they were weighed together */
    static const char both[] =
        DOC("suspicious", "1",
            ",{\"id\":\"c.d\",\"level\":\"suspicious\",\"evidence\":[{\"sha256\":\"1\"}]},"
            "{\"id\":\"e.f\",\"level\":\"suspicious\",\"evidence\":[{\"sha256\":\"1\"}]}");
    CHECK_INT(level_of(both, whole, NULL, TW_LEVEL_MALICIOUS), TW_LEVEL_MALICIOUS);
    CHECK_INT(level_of(DOC("clear", "1", ",{\"id\":\"f\",\"level\":\"what\",\"evidence\":[]}"), whole, NULL,
                       TW_LEVEL_MALICIOUS),
              TW_LEVEL_MALICIOUS);
}

TESTS_MAIN()
