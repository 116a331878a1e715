/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/pypi/svc_pypi.h"

#include "tap.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const tw_str base = TW_SI("https://index.example/simple/demo-x/");

TEST(specs)
{
    static const struct {
        const char *text, *source, *name, *version, *purl;
    } good[] = {
        {"pypi:requests==2.31.0", "pypi", "requests", "2.31.0", "pkg:pypi/requests@2.31.0"},
        {"pypi:Zope.Interface", "pypi", "zope-interface", "", NULL},
        {"npm:left-pad@1.3.0", "npm", "left-pad", "1.3.0", "pkg:npm/left-pad@1.3.0"},
        {"npm:@scope/x@1.2.3", "npm", "@scope/x", "1.2.3", "pkg:npm/%40scope/x@1.2.3"},
        {"npm:@scope/x", "npm", "@scope/x", "", NULL},
        {"npm:x@latest", "npm", "x", "latest", NULL},
        {"pkg:pypi/Requests@2.31.0?file_name=a.whl#b", "pypi", "requests", "2.31.0",
         "pkg:pypi/requests@2.31.0"},
        {"pkg:npm/%40scope/x@1.2.3", "npm", "@scope/x", "1.2.3", "pkg:npm/%40scope/x@1.2.3"},
        {"pkg:npm/@scope/x", "npm", "@scope/x", "", NULL},
        {"pkg:pypi/a@1%2Blocal", "pypi", "a", "1+local", "pkg:pypi/a@1%2Blocal"},
        {"pkg://npm/x@1.0.0", "npm", "x", "1.0.0", NULL},
        {"pypi:a==1!2.0", "pypi", "a", "1!2.0", "pkg:pypi/a@1%212.0"},
    };
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < TW_COUNT(good); i++) {
        tw_spec s = {0};
        tw_diag d = TW_DIAG_INIT;
        CHECK_INT(tw_spec_parse(a, tw_str_c(good[i].text), &s, &d), TW_OK);
        if (!s.source) continue;
        CHECK_STR(tw_str_c(s.source->name), tw_str_c(good[i].source));
        CHECK_STR(s.name, tw_str_c(good[i].name));
        CHECK_STR(s.version, tw_str_c(good[i].version));
        if (good[i].purl) CHECK_STR(tw_spec_purl(a, &s, s.version), tw_str_c(good[i].purl));
    }
    tw_arena_free(a);
}

TEST(unusable_specs)
{
    static const char *const bad[] = {
        "",
        "requests",
        "pypi:",
        "pypi:==1",
        "pypi:a==",
        "pypi:a==>=1",
        "pypi:a/../b",
        "pypi:a===1",
        "pypi:a[b]==1",
        "npm:",
        "npm:@",
        "npm:@scope",
        "npm:@scope/",
        "npm:@/x",
        "npm:a/b",
        "npm:..",
        "npm:@../x",
        "npm:@a/..",
        "npm:a@^1.0.0",
        "npm:a@1 2",
        "npm:a@",
        "npm:a%2fb",
        "gem:x",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "pkg:gem/x",
        "pkg:pypi/ns/x",
        "pkg:npm/%2e%2e@1",
        "pkg:npm/a%00b",
        "pypi:\xc3\xa9",
        "http://x/y",
        "pkg:npm/a@1%2f2",
    };
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        tw_spec s = {0};
        tw_diag d = TW_DIAG_INIT;
        tw_err e = tw_spec_parse(a, tw_str_c(bad[i]), &s, &d);
        if (e != TW_ERR_USAGE) fprintf(stderr, "'%s' was taken\n", bad[i]);
        CHECK_INT(e, TW_ERR_USAGE);
        CHECK(d.says[0]);
    }
    tw_arena_free(a);
}

TEST(dist_names)
{
    static const struct {
        const char *file;
        tw_dist_kind kind;
        const char *version;
    } cases[] = {
        {"demo_x-1.0-py3-none-any.whl", TW_DIST_WHEEL, "1.0"},
        {"Demo.X-1.0-1-cp311-cp311-linux_x86_64.whl", TW_DIST_WHEEL, "1.0"},
        {"demo-x-1.0.tar.gz", TW_DIST_SDIST, "1.0"},
        {"demo_x-1.0-1.tar.gz", TW_DIST_SDIST, "1.0-1"},
        {"demo-x-1.0.zip", TW_DIST_SDIST, "1.0"},
        {"demo_x-1.0-py3.8.egg", TW_DIST_EGG, "1.0"},
        {"demo-1.0.tar.gz", TW_DIST_OTHER, ""},
        {"demo-x-y-1.0.tar.gz", TW_DIST_SDIST, "y-1.0"},
        {"other-1.0-py3-none-any.whl", TW_DIST_OTHER, ""},
        {"demo-x.tar.gz", TW_DIST_OTHER, ""},
        {"demo_x-1.0.exe", TW_DIST_OTHER, ""},
        {".whl", TW_DIST_OTHER, ""},
    };
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_str v = {NULL, 0};
        CHECK_INT(tw_dist_name(a, tw_str_c(cases[i].file), TW_S("demo-x"), &v), cases[i].kind);
        if (cases[i].kind) CHECK_STR(v, tw_str_c(cases[i].version));
    }
    tw_arena_free(a);
}

TEST(json_page)
{
    static const char page[] =
        "{\"meta\":{\"api-version\":\"1.4\",\"x\":1},\"name\":\"demo-x\",\"files\":["
        "{\"filename\":\"demo_x-1.0-py3-none-any.whl\",\"url\":\"../../f/"
        "a.whl\",\"hashes\":{\"md5\":\"00\",\"sha256\":\"" SHA "\"},\"size\":7,\"yanked\":false},"
        "{\"filename\":\"demo-x-0.9.tar.gz\",\"url\":\"https://files.example/"
        "demo-x-0.9.tar.gz\",\"hashes\":{},\"yanked\":\"broken\"},"
        "{\"filename\":\"evil-9.tar.gz\",\"url\":\"x\",\"hashes\":{}},{\"url\":3},7,"
        "{\"filename\":\"demo-x-0.9.tar.gz\",\"url\":\"second\"}]}";
    tw_arena *a = tw_arena_new(0);
    tw_simple_page p = {0};
    tw_diag d = TW_DIAG_INIT;
    CHECK_INT(tw_simple_read_json(a, TW_S(page), base, TW_S("demo-x"), &p, &d), TW_OK);
    CHECK_INT(p.files.n, 2);
    CHECK_INT(p.n_left_out, 4); /* another project, no name, no object, a name seen before */
    CHECK_STR(p.files.v[0].url, TW_S("https://index.example/f/a.whl"));
    CHECK(p.files.v[0].hash.algorithm && !strcmp(p.files.v[0].hash.algorithm, "sha256") &&
          p.files.v[0].hash.want[1] == 0x23);
    CHECK(p.files.v[0].size == 7 && !p.files.v[0].yanked && p.files.v[1].yanked &&
          !p.files.v[1].hash.algorithm);
    CHECK_INT(tw_simple_read_json(a, TW_S("{\"meta\":{\"api-version\":\"2.0\"},\"files\":[]}"), base,
                                  TW_S("x"), &p, &d),
              TW_ERR_UNSUPPORTED);
    CHECK_INT(tw_simple_read_json(a, TW_S("{\"files\":[]}"), base, TW_S("x"), &p, &d), TW_ERR_UNSUPPORTED);
    CHECK_INT(tw_simple_read_json(a, TW_S("[1]"), base, TW_S("x"), &p, &d), TW_ERR_UNSUPPORTED);
    CHECK_INT(tw_simple_read_json(a, TW_S("<html>"), base, TW_S("x"), &p, &d), TW_ERR_MALFORMED);
    tw_arena_free(a);
}

TEST(html_page)
{
    static const char page[] =
        "<!DOCTYPE html><html><body><h1>Links</h1><!-- <a href='demo-x-8.tar.gz'>no</a> -->\n"
        "<A data-requires-python=\"&gt;=3.7\" HREF=\"../../p/demo_x-1.0-py3-none-any.whl#sha256=" SHA
        "\">demo</A><br/>\n"
        "<a href=demo-x-0.9.tar.gz data-yanked>old</a><a "
        "href='demo-x-0.8.tar.gz?a=1&amp;b=2#md5=00&amp;sha256=" SHA "' data-yanked=\"why\">x</a>"
        "<a\nhref = \"https://other.example/demo%2Dx-1.1.tar.gz\" >y</a><abbr href='demo-x-7.tar.gz'>z</abbr>"
        "<a>nothing</a><a href=\"\">empty</a><a href=\"mailto:x\">m</a><a href='demo-x-6.tar.gz";
    tw_arena *a = tw_arena_new(0);
    tw_simple_page p = {0};
    tw_diag d = TW_DIAG_INIT;
    CHECK_INT(tw_simple_read_html(a, TW_S(page), base, TW_S("demo-x"), &p, &d), TW_OK);
    CHECK_INT(p.files.n, 5);
    CHECK_STR(tw_str_sub(p.files.v[0].url, 0, 52),
              TW_S("https://index.example/p/demo_x-1.0-py3-none-any.whl#"));
    CHECK(p.files.v[0].hash.n == 32 && !p.files.v[0].yanked);
    CHECK_STR(p.files.v[1].url, TW_S("https://index.example/simple/demo-x/demo-x-0.9.tar.gz"));
    CHECK(p.files.v[1].yanked && !p.files.v[1].hash.algorithm);
    CHECK(p.files.v[2].yanked && p.files.v[2].hash.n == 32);
    CHECK(tw_str_find(p.files.v[2].url, TW_S("?a=1&b=2")) != TW_NPOS);
    CHECK_STR(p.files.v[3].file_name, TW_S("demo-x-1.1.tar.gz"));
    CHECK_INT(tw_simple_read_html(a, TW_S("<base href='https://b.example/q/'><a href='demo-x-1.zip'>"), base,
                                  TW_S("demo-x"), &p, &d),
              TW_OK);
    CHECK(p.files.n == 1);
    CHECK_STR(p.files.v[0].url, TW_S("https://b.example/q/demo-x-1.zip"));
    tw_arena_free(a);
}

TEST(hashes)
{
    tw_hash h = {0};
    CHECK(!tw_hash_from_hex("sha256", TW_S("00"), &h) && !tw_hash_from_hex("sha999", TW_S(SHA), &h));
    CHECK(!tw_hash_from_hex("sha256",
                            TW_S("g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), &h));
    CHECK(tw_hash_from_integrity(
        TW_S(
            "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+"
            "DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==?opt"),
        &h));
    CHECK(h.algorithm && !strcmp(h.algorithm, "sha512") && h.n == 64 && h.want[0] == 0xcf &&
          h.want[63] == 0x3e);
    CHECK(tw_hash_from_integrity(
        TW_S("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), &h));
    CHECK(h.n == 32 && h.want[0] == 0xe3);
    CHECK(tw_hash_from_integrity(TW_S("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), &h) && h.n == 20 &&
          h.want[0] == 0xda);
    CHECK(!tw_hash_from_integrity(TW_S(""), &h) && !tw_hash_from_integrity(TW_S("sha512-AAAA"), &h));
    CHECK(!tw_hash_from_integrity(TW_S("sha1-2jmj7l5rSw0yVb/vlWAYkK*YBwk="), &h));
}

TEST(file_names)
{
    static const char *const bad[] = {"",     ".",     "..",      "a/b",  "../a",    "a b",
                                      "a\nb", "-\x7f", ".hidden", "a\\b", "\xc3\xa9"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) CHECK(!tw_file_name_ok(tw_str_c(bad[i])));
    CHECK(tw_file_name_ok(TW_S("demo_x-1!1.0+l.2-py3-none-any.whl")));
    CHECK(!tw_file_name_ok(tw_str_of("a\0b", 3)));
}

TEST(urls)
{
    tw_arena *a = tw_arena_new(0);
    CHECK_STR(tw_url_decode(a, TW_S("a%2Fb%zz%4")), TW_S("a/b%zz%4"));
    CHECK_STR(tw_url_encode(a, TW_S("@s/x"), TW_S("@")), TW_S("@s%2Fx"));
    CHECK_STR(tw_url_file_name(a, TW_S("https://h/p/a%2Bb.whl?x=/y#z/w")), TW_S("a+b.whl"));
    CHECK_STR(tw_url_resolve(a, TW_S("https://h.example/a/b/"), TW_S("../../c")),
              TW_S("https://h.example/c"));
    CHECK_STR(tw_url_resolve(a, TW_S("https://h.example/a/b/"), TW_S("//o.example/c")),
              TW_S("https://o.example/c"));
    CHECK_INT(tw_url_resolve(a, TW_S("https://h.example/"), tw_str_of("a\0b", 3)).n, 0);
    tw_arena_free(a);
}

TEST(pip_conf)
{
    static const char conf[] = "# comment\n[global]\nIndex_URL = https://one.example/simple\n; "
                               "x\n[install]\nindex-url: https://two.example/simple \n"
                               "extra-index-url = https://a.example\n    index-url = "
                               "https://continued.example\n[other]\nindex-url = no\n";
    CHECK_STR(tw_pip_conf_value(TW_S(conf), TW_S("global"), TW_S("index-url")),
              TW_S("https://one.example/simple"));
    CHECK_STR(tw_pip_conf_value(TW_S(conf), TW_S("install"), TW_S("index-url")),
              TW_S("https://two.example/simple"));
    CHECK_STR(tw_pip_conf_value(TW_S(conf), TW_S("global"), TW_S("cert")), TW_S(""));
    CHECK_STR(tw_pip_conf_value((tw_str){NULL, 0}, TW_S("global"), TW_S("cert")), TW_S(""));
}

TESTS_MAIN()
