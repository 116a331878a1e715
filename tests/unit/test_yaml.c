/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"

#include "tap.h"

static tw_arena *arena;
static tw_doc doc;
static tw_diag diag;

static tw_err read_n(const char *p, size_t n, const tw_doc_limits *lim)
{
    arena = tw_arena_free(arena);
    arena = tw_arena_new(0);
    diag = TW_DIAG_INIT;
    doc = (tw_doc){0};
    return tw_yaml_read(arena, tw_str_of(p, n), lim, &doc, &diag);
}

static tw_err read_z(const char *z)
{
    return read_n(z, strlen(z), NULL);
}

static void same_as_json(const char *yaml, const char *json)
{
    tw_buf b = {0};
    tw_json_w w = tw_json_writer(&b);
    tw_err e = read_z(yaml);
    CHECK_INT(e, TW_OK);
    if (e != TW_OK) fprintf(stderr, "%u:%u: %s\n", diag.line, diag.col, diag.says);
    if (e == TW_OK) {
        tw_json_node(&w, &doc, 0);
        CHECK_STR(tw_buf_str(&b), tw_str_c(json));
    }
    tw_buf_free(&b);
    arena = tw_arena_free(arena);
}

TEST(collections)
{
    same_as_json("a: 1\nb:\n  - x\n  - {c: [1, 2], d: }\n  -\n    e: f\n",
                 "{\"a\":1,\"b\":[\"x\",{\"c\":[1,2],\"d\":null},{\"e\":\"f\"}]}");
    same_as_json("--- # one document\n- a\n- b\n...\n", "[\"a\",\"b\"]");
    same_as_json("[]", "[]");
    same_as_json("{}", "{}");
    same_as_json("just text", "\"just text\"");
    same_as_json("\xef\xbb\xbf"
                 "a: b",
                 "{\"a\":\"b\"}");
    same_as_json("{\"a\": [true, {\"b\": null}]}", "{\"a\":[true,{\"b\":null}]}");
}

TEST(scalars)
{
    same_as_json("[true, false, null, 12, -0.5e3, 1e5]", "[true,false,null,12,-0.5e3,1e5]");
    same_as_json("[True, yes, no, on, ~, Null, 0x1f, 012, .5, 1_000, +1, .inf, 12:30, '1', \"true\"]",
                 "[\"True\",\"yes\",\"no\",\"on\",\"~\",\"Null\",\"0x1f\",\"012\",\".5\",\"1_000\",\"+1\",\"."
                 "inf\",\"12:30\",\"1\",\"true\"]");
    same_as_json("a: |\n  one\n  two\nb: |-\n  x\n", "{\"a\":\"one\\ntwo\\n\",\"b\":\"x\"}");
    same_as_json("a: 'it''s'\nb: \"\\u00e9\\t\"\nc: two\n  lines\n",
                 "{\"a\":\"it's\",\"b\":\"\xc3\xa9\\t\",\"c\":\"two lines\"}");
    same_as_json("'': 1\n'<<': 2\ntrue: 3\n4: 5\n", "{\"\":1,\"<<\":2,\"true\":3,\"4\":5}");
}

TEST(places_in_bytes)
{
    CHECK_INT(read_z("\xef\xbb\xbf\xc3\xa9\xc3\xa9: \xe2\x82\xac\nb: [ x, \xf0\x9f\x98\x80, y]\n"), TW_OK);
    CHECK_INT(doc.n, 6);
    CHECK_INT(doc.nodes[1].off, 9);
    CHECK_INT(doc.nodes[1].line, 1);
    CHECK_INT(doc.nodes[1].col, 7);
    const tw_node *y = &doc.nodes[5];
    CHECK_STR(y->text, TW_S("y"));
    CHECK_INT(y->line, 2);
    CHECK_INT(y->col, 15);
    CHECK_INT(y->off, 27);
    CHECK_STR(doc.nodes[2].key, TW_S("b"));
    arena = tw_arena_free(arena);
}

TEST(refused)
{
    static const struct {
        const char *text;
        int code;
        unsigned line, col;
    } bad[] = {
        {"a: &x 1", TW_ERR_UNSUPPORTED, 1, 4},
        {"a: &x [1]", TW_ERR_UNSUPPORTED, 1, 4},
        {"&x a: 1", TW_ERR_UNSUPPORTED, 1, 1},
        {"a: 1\nb: *x", TW_ERR_UNSUPPORTED, 2, 4},
        {"a: !!str 1", TW_ERR_UNSUPPORTED, 1, 4},
        {"a: ! b", TW_ERR_UNSUPPORTED, 1, 4},
        {"a: !x {b: c}", TW_ERR_UNSUPPORTED, 1, 4},
        {"a:\n  <<: {b: c}", TW_ERR_UNSUPPORTED, 2, 3},
        {"%YAML 1.1\n---\na: b", TW_ERR_UNSUPPORTED, 1, 1},
        {"%TAG ! x\n---\na: b", TW_ERR_UNSUPPORTED, 1, 1},
        {"a: b\n---\nc: d", TW_ERR_UNSUPPORTED, 2, 1},
        {"? [a]\n: b", TW_ERR_UNSUPPORTED, 1, 3},
        {"{a: 1}: b", TW_ERR_UNSUPPORTED, 1, 1},
        {"a: >\n  folded\n", TW_ERR_UNSUPPORTED, 1, 4},
        {"a: 1\nb: 2\na: 3", TW_ERR_MALFORMED, 3, 1},
        {"x: {a: 1, 'a': 2}", TW_ERR_MALFORMED, 1, 11},
        {": b", TW_ERR_MALFORMED, 1, 1},
        {"", TW_ERR_MALFORMED, 1, 1},
        {"# nothing\n", TW_ERR_MALFORMED, 2, 1},
        {"a: [1, 2", TW_ERR_MALFORMED, 1, 9},
        {"a: b\n c: d", TW_ERR_MALFORMED, 2, 3},
        {"a: b\nc: [\u00e9, 2", TW_ERR_MALFORMED, 2, 10},
        {"a:\n\t- b", TW_ERR_MALFORMED, 2, 1},
        {"a: \"b", TW_ERR_MALFORMED, 1, 6},
        {"ab\n: \xff", TW_ERR_MALFORMED, 2, 3},
        {"a: \x01", TW_ERR_MALFORMED, 1, 4},
    };
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        CHECK_INT(read_z(bad[i].text), bad[i].code);
        bool right =
            diag.code == bad[i].code && diag.line == bad[i].line && diag.col == bad[i].col && diag.says[0];
        if (!right)
            fprintf(stderr, "case %zu: code %d line %u col %u: %s\n", i, diag.code, diag.line, diag.col,
                    diag.says);
        CHECK(right);
        CHECK(doc.nodes == NULL);
    }
    arena = tw_arena_free(arena);
}

TEST(limits)
{
    CHECK_INT(read_n("[[[1]]]", 7, &(tw_doc_limits){.max_depth = 3}), TW_OK);
    CHECK_INT(read_n("[[[1]]]", 7, &(tw_doc_limits){.max_depth = 2}), TW_ERR_LIMIT);
    CHECK_INT(diag.col, 3);
    CHECK_INT(read_n("[1,2,3]", 7, &(tw_doc_limits){.max_nodes = 4}), TW_OK);
    CHECK_INT(read_n("[1,2,3]", 7, &(tw_doc_limits){.max_nodes = 3}), TW_ERR_LIMIT);
    arena = tw_arena_free(arena);
}

TEST(deep_nesting)
{
    enum { DEEP = 1000000 };
    static const char *const units[] = {"[", "{a: ", "- ", "? ", "[\n"};
    for (size_t u = 0; u < TW_COUNT(units); u++) {
        tw_buf b = {0};
        for (int i = 0; i < DEEP; i++) tw_buf_puts(&b, tw_str_c(units[u]));
        tw_err e = read_n(b.p, b.n, NULL);
        CHECK(e == TW_ERR_LIMIT || e == TW_ERR_UNSUPPORTED || e == TW_ERR_MALFORMED);
        CHECK(u == 3 ? e != TW_OK : e == TW_ERR_LIMIT);
        if (u != 3 && e != TW_ERR_LIMIT) fprintf(stderr, "unit %zu: %s\n", u, diag.says);
        tw_buf_free(&b);
    }
    arena = tw_arena_free(arena);
}

TEST(many_keys)
{
    tw_buf b = {0};
    for (int i = 0; i < 20000; i++) tw_buf_fmt(&b, "key%d: {x: %d}\n", i, i);
    CHECK_INT(read_n(b.p, b.n, NULL), TW_OK);
    CHECK_INT(doc.n, 40001);
    CHECK_INT(doc.nodes[0].count, 20000);
    tw_buf_puts(&b, TW_S("key7: 1\n"));
    CHECK_INT(read_n(b.p, b.n, NULL), TW_ERR_MALFORMED);
    CHECK_INT(diag.line, 20001);
    tw_buf_free(&b);
    arena = tw_arena_free(arena);
}

TESTS_MAIN()
