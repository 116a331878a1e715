/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "../../fuzz/outputs_all.h"

static tw_buf shown;

#define SHOWN(call) (tw_buf_clear(&shown), (call), tw_buf_str(&shown))

TEST(html_is_text)
{
    CHECK_STR(SHOWN(tw_html_put(&shown, TW_S("<b a='1' c=\"2\">&amp;\033[m"), 0)),
              TW_S("&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;\\x1b[m"));
    CHECK_STR(SHOWN(tw_html_put(&shown, TW_S("\xe2\x80\xae<"), 0)), TW_S("\\u{202e}&lt;"));
}

TEST(markdown_words)
{
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("It reads SSH keys, and (then) sends them."), 0)),
              TW_S("It reads SSH keys, and (then) sends them."));
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("to 127.0.0[.]1, @you #3"), 0)),
              TW_S("to `127.0.0[.]1`, `@you` `#3`"));
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("[x](javascript:alert(1))"), 0)),
              TW_S("`[x](javascript:alert(1`))"));
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("* _ ~~ <b> a|b"), 0)), TW_S("\\* \\_ \\~\\~ `<b>` `a|b`"));
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("a\nb"), 0)), TW_S("a b"));
    CHECK_STR(SHOWN(tw_md_put(&shown, TW_S("GH-12 :smile: www.x.invalid 12"), 0)),
              TW_S("`GH-12` `:smile`: `www.x.invalid` 12"));
}

TEST(markdown_code_keeps_its_fence)
{
    CHECK_STR(SHOWN(tw_md_code(&shown, TW_S("x"), 0)), TW_S("`x`"));
    CHECK_STR(SHOWN(tw_md_code(&shown, TW_S("a`b``c"), 0)), TW_S("``` a`b``c ```"));
    CHECK_STR(SHOWN(tw_md_code(&shown, TW_S("`"), 0)), TW_S("`` ` ``"));
    CHECK_STR(SHOWN(tw_md_code(&shown, TW_S(" \n"), 0)), TW_S(""));
}

TEST(a_path_stays_below)
{
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("a/b c.py"), false)), TW_S("a/b%20c.py"));
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("../../etc"), false)), TW_S("%252E%252E/%252E%252E/etc"));
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("/etc"), false)), TW_S("%2Fetc"));
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("javascript:x"), false)), TW_S("javascript%3Ax"));
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("=a\xff#?-"), false)), TW_S("%3Da%FF%23%3F-"));
    CHECK_STR(SHOWN(tw_uri_put(&shown, TW_S("../x"), true)), TW_S("../x"));
}

TEST(quotes)
{
    CHECK_STR(SHOWN(tw_quote_put(&shown, TW_S("a\"b\\c\nd\xff\xe2\x80\xae"), 99)),
              TW_S("\"a\\\"b\\\\c\\x0ad\\xff\\u{202e}\""));
    CHECK_STR(SHOWN(tw_quote_put(&shown, TW_S("0123456789"), 4)), TW_S("\"0123\" (and 6 bytes more)"));
}

#define PRINTED(sha, places) ("{\"sha256\":\"" sha "\",\"f\":{\"id\":\"a\",\"places\":[" places "]}}")

TEST(a_print_follows_the_content)
{
    static const char *const docs[] = {
        PRINTED("z", "{\"sha256\":\"1\"},{\"sha256\":\"2\"},{\"sha256\":\"1\"}"),
        PRINTED("y", "{\"sha256\":\"2\"},{\"sha256\":\"1\"}"),
        PRINTED("z", "{\"sha256\":\"3\"}"),
        PRINTED("z", ""),
        PRINTED("y", ""),
    };
    char print[5][65];
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < 5; i++) {
        tw_doc doc;
        CHECK(tw_json_read(a, tw_str_c(docs[i]), NULL, &doc, NULL) == TW_OK);
        tw_fingerprint(&doc, tw_node_id(&doc, tw_node_get(&doc, 0, TW_S("f"))), "places", print[i]);
    }
    CHECK(!strcmp(print[0], print[1]));
    for (size_t i = 1; i < 4; i++) CHECK(strcmp(print[i], print[i + 1]));
    tw_arena_free(a);
}

/* --- documents of chance: every key the outputs know, with values of any kind --------------------------- */
static uint64_t seed = 88172645463325252ull;

static uint32_t chance(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

static const char *const keys[] = {"verdict",  "kind",       "summary",    "complete",   "score",
                                   "name",     "version",    "purl",       "ecosystem",  "sha256",
                                   "subject",  "format",     "size",       "members",    "recommendation",
                                   "scope",    "action",     "behaviours", "id",         "level",
                                   "attack",   "confidence", "trigger",    "reason",     "says",
                                   "check",    "evidence",   "flows",      "findings",   "signals",
                                   "severity", "places",     "source",     "date",       "capabilities",
                                   "path",     "from",       "to",         "layers",     "parent",
                                   "recipe",   "language",   "executed",   "indicators", "urls",
                                   "hosts",    "ips",        "shown",      "raw_b64",    "coverage",
                                   "gaps",     "runs",       "errors",     "member",     "layer",
                                   "off",      "len",        "line",       "col",        "snippet",
                                   "more",     "versions",   "engine",     "rules",      "stats",
                                   "files",    "bytes"};
static const char *const texts[] = {"malicious",
                                    "suspicious",
                                    "pypi",
                                    "npm",
                                    "directory",
                                    "install",
                                    "<script>alert(1)</script>",
                                    "[x](javascript:1)",
                                    "=cmd|x",
                                    "\033[2J",
                                    "\xe2\x80\xae",
                                    "http://h[.]invalid",
                                    "aGk=",
                                    "native",
                                    "cred.ssh-gpg",
                                    "net.http",
                                    "theft.secrets-sent",
                                    "zip.gap",
                                    "release",
                                    "project",
                                    "bad",
                                    "`",
                                    "",
                                    "../x",
                                    "pkg:pypi/x@1"};

static void value(tw_json_w *w, uint32_t depth)
{
    uint32_t kind = chance(depth > 6 ? 5 : 12);
    if (kind < 3) {
        tw_json_str(w, tw_str_c(texts[chance(TW_COUNT(texts))]));
    } else if (kind == 3) {
        tw_json_u64(w, chance(4) ? chance(9) : UINT64_MAX);
    } else if (kind == 4) {
        chance(2) ? tw_json_bool(w, chance(2)) : tw_json_null(w);
    } else if (kind < 8) {
        tw_json_obj(w);
        for (uint32_t i = chance(14); i--;) {
            tw_json_key(w, tw_str_c(keys[chance(TW_COUNT(keys))]));
            value(w, depth + 1);
        }
        tw_json_obj_end(w);
    } else {
        tw_json_arr(w);
        for (uint32_t i = chance(5); i--;) value(w, depth + 1);
        tw_json_arr_end(w);
    }
}

TEST(any_document_is_survived)
{
    tw_buf b = TW_BUF_INIT;
    for (unsigned i = 0; i < 150; i++) {
        tw_buf_clear(&b);
        tw_json_w w = tw_json_writer(&b);
        tw_json_obj(&w);
        for (size_t k = 0; k < TW_COUNT(keys); k++) {
            tw_json_key(&w, tw_str_c(keys[k]));
            value(&w, 1);
        }
        tw_json_obj_end(&w);
        outputs_all(tw_buf_str(&b), tw_str_c(texts[chance(TW_COUNT(texts))]), i & 1);
    }
    outputs_all(TW_S("[]"), TW_S("x"), false);
    outputs_all(TW_S("7"), TW_S(""), false);
    outputs_all(TW_S("{}"), TW_S("/"), true);
    tw_buf_free(&b);
}

TEST(a_comment_is_bounded)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("{\"verdict\":\"malicious\",\"behaviours\":["));
    for (int i = 0; i < 300; i++) {
        tw_buf_fmt(&b, "%s{\"id\":\"a.b\",\"level\":\"malicious\",\"says\":\"", i ? "," : "");
        for (int k = 0; k < 200; k++) tw_buf_puts(&b, TW_S("`*` "));
        tw_buf_puts(&b, TW_S("\",\"evidence\":[{\"member\":\"x\",\"line\":1,\"snippet\":\"``````````\"}]}"));
    }
    tw_buf_puts(&b, TW_S("]}"));
    outputs_all(tw_buf_str(&b), TW_S("x"), false);
    tw_buf_free(&b);
}

TESTS_MAIN()
