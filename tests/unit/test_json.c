/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"
#include "base/map.h"

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
    return tw_json_read(arena, tw_str_of(p, n), lim, &doc, &diag);
}

static tw_err read_z(const char *z)
{
    return read_n(z, strlen(z), NULL);
}

static void done(void)
{
    arena = tw_arena_free(arena);
}

static tw_buf written;
static tw_str write_back(void)
{
    tw_buf_clear(&written);
    tw_json_w w = tw_json_writer(&written);
    tw_json_node(&w, &doc, 0);
    return tw_buf_str(&written);
}

TEST(tree_shape)
{
    CHECK_INT(read_z(" {\"a\": [1, -2.5e3, {}], \"b\": {\"c\": null, \"d\": true}, \"e\": \"x\"}\n"), TW_OK);
    CHECK_INT(doc.n, 9);
    CHECK_INT(doc.nodes[0].count, 3);
    CHECK_INT(doc.nodes[0].next, 9);
    const tw_node *a = tw_node_get(&doc, 0, TW_S("a"));
    CHECK(a && a->kind == TW_NODE_ARRAY && a->count == 3);
    uint32_t seen = 0;
    for (uint32_t i = tw_node_first(&doc, tw_node_id(&doc, a)); i != tw_node_end(&doc, tw_node_id(&doc, a));
         i = doc.nodes[i].next)
        seen++;
    CHECK_INT(seen, 3);
    double v = 0;
    CHECK(tw_node_double(&doc.nodes[3], &v) && v == -2500.0);
    CHECK_STR(tw_node_str(&doc, 0, TW_S("e"), TW_S("no")), TW_S("x"));
    CHECK_STR(tw_node_str(&doc, 0, TW_S("a"), TW_S("no")), TW_S("no"));
    CHECK(!tw_node_get(&doc, 0, TW_S("missing")));
    CHECK(!tw_node_get(&doc, 1, TW_S("a")));
    CHECK_STR(write_back(), TW_S("{\"a\":[1,-2.5e3,{}],\"b\":{\"c\":null,\"d\":true},\"e\":\"x\"}"));
    done();
}

TEST(places)
{
    CHECK_INT(read_z("{\n  \"a\": 1,\n\n  \"b\": [true,\n 7]}"), TW_OK);
    const tw_node *b = tw_node_get(&doc, 0, TW_S("b"));
    CHECK_INT(b->line, 4);
    CHECK_INT(b->col, 8);
    CHECK_INT(b->off, 20);
    CHECK_INT(doc.nodes[4].line, 5);
    CHECK_INT(doc.nodes[4].col, 2);
    done();
}

TEST(bom_is_accepted)
{
    CHECK_INT(read_z("\xef\xbb\xbf[1]"), TW_OK);
    CHECK_INT(doc.nodes[0].off, 3);
    CHECK_INT(doc.nodes[0].col, 1);
    CHECK_INT(read_z("[\xef\xbb\xbf]"), TW_ERR_MALFORMED);
    done();
}

TEST(malformed)
{
    static const struct {
        const char *text;
        unsigned off, line, col;
    } bad[] = {
        {"", 0, 1, 1},
        {" \n ", 3, 2, 2},
        {"{", 1, 1, 2},
        {"[1,]", 3, 1, 4},
        {"{\"a\":1,}", 7, 1, 8},
        {"[1 2]", 3, 1, 4},
        {"{\"a\" 1}", 5, 1, 6},
        {"{a:1}", 1, 1, 2},
        {"'a'", 0, 1, 1},
        {"[1]x", 3, 1, 4},
        {"tru", 0, 1, 1},
        {"truE", 0, 1, 1},
        {"01", 0, 1, 1},
        {"-", 1, 1, 2},
        {"+1", 0, 1, 1},
        {"1.", 2, 1, 3},
        {".5", 0, 1, 1},
        {"1e", 2, 1, 3},
        {"1e+", 3, 1, 4},
        {"1.e1", 2, 1, 3},
        {"0x10", 1, 1, 2},
        {"NaN", 0, 1, 1},
        {"-Infinity", 1, 1, 2},
        {"\"\t\"", 1, 1, 2},
        {"\"a\nb\"", 2, 1, 3},
        {"\"\\x\"", 2, 1, 3},
        {"\"\\u12g4\"", 2, 1, 3},
        {"\"\\ud800\"", 1, 1, 2},
        {"\"\\udc00\\udc00\"", 1, 1, 2},
        {"\"\\udc00\\ud800\"", 1, 1, 2},
        {"\"\\ud800\\u0041\"", 1, 1, 2},
        {"\"\xff\"", 1, 1, 2},
        {"\"\xc0\x80\"", 1, 1, 2},
        {"\"\xed\xa0\x80\"", 1, 1, 2},
        {"\"\xf4\x90\x80\x80\"", 1, 1, 2},
        {"\"\xe2\x82", 1, 1, 2},
        {"\"abc", 4, 1, 5},
        {"\"abc\\", 5, 1, 6},
        {"// c\n1", 0, 1, 1},
        {"[1}", 2, 1, 3},
        {"]", 0, 1, 1},
        {"\f1", 0, 1, 1},
    };
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        CHECK_INT(read_z(bad[i].text), TW_ERR_MALFORMED);
        bool right =
            diag.off == bad[i].off && diag.line == bad[i].line && diag.col == bad[i].col && diag.says[0];
        if (!right)
            fprintf(stderr, "case %zu: off %llu line %u col %u: %s\n", i, (unsigned long long)diag.off,
                    diag.line, diag.col, diag.says);
        CHECK(right);
        CHECK(doc.nodes == NULL);
    }
    done();
}

TEST(nul_bytes_are_not_ends)
{
    CHECK_INT(read_n("[1]\0", 4, NULL), TW_ERR_MALFORMED);
    CHECK_INT(read_n("\"a\0\"", 4, NULL), TW_ERR_MALFORMED);
    CHECK_INT(read_n("\"\\\0\"", 4, NULL), TW_ERR_MALFORMED);
    CHECK_INT(read_z("\"a\\u0000b\""), TW_OK);
    CHECK_STR(doc.nodes[0].text, tw_str_of("a\0b", 3));
    done();
}

TEST(escapes)
{
    CHECK_INT(read_z("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\uDE00 tail\""), TW_OK);
    CHECK_STR(doc.nodes[0].text, TW_S("\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 tail"));
    CHECK_STR(write_back(), TW_S("\"\\\"\\\\/\\b\\f\\n\\r\\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 tail\""));
    done();
}

/* A stop character at every place of the eight-byte steps. */
TEST(stops_at_every_offset)
{
    static const char *const stop[] = {"\"", "\\", "\x01", "\x1f", "\xff"};
    for (size_t s = 0; s < TW_COUNT(stop); s++)
        for (size_t at = 0; at < 40; at++) {
            char text[64];
            memset(text, 'a', sizeof text);
            text[0] = '"';
            text[at + 1] = stop[s][0];
            text[60] = '"';
            CHECK_INT(read_n(text, 61, NULL), TW_ERR_MALFORMED);
            CHECK_INT(diag.off, s == 0 ? at + 2 : s == 1 ? at + 2 : at + 1);
        }
    done();
}

TEST(duplicates)
{
    CHECK_INT(read_z("{\"a\":1,\"b\":2,\"a\":3,\"\\u0061\":4,\"c\":{\"a\":5}}"), TW_OK);
    CHECK_INT(doc.n_duplicates, 2);
    CHECK_INT(doc.nodes[1].flags, 0);
    CHECK_INT(doc.nodes[3].flags, TW_NODE_DUPLICATE);
    CHECK_INT(doc.nodes[3].off, 17);
    CHECK_INT(doc.nodes[4].flags, TW_NODE_DUPLICATE);
    uint64_t v = 0;
    CHECK(tw_node_u64(tw_node_get(&doc, 0, TW_S("a")), &v) && v == 4);
    done();
}

TEST(duplicates_among_many)
{
    tw_buf b = {0};
    uint64_t was = tw_hash_seed();
    for (uint64_t seed = 1; seed < 4; seed++) {
        tw_hash_seed_set(seed * 0x123456789abcdefull);
        tw_buf_clear(&b);
        for (int i = 0; i < 1000; i++) tw_buf_fmt(&b, "%c\"k%d\":{\"x\":[%d]}", i ? ',' : '{', i % 990, i);
        tw_buf_putc(&b, '}');
        CHECK_INT(read_n(b.p, b.n, NULL), TW_OK);
        CHECK_INT(doc.n_duplicates, 10);
        CHECK_INT(doc.nodes[0].count, 1000);
        uint32_t i = 1, at = 0;
        for (; i != tw_node_end(&doc, 0); i = doc.nodes[i].next, at++)
            CHECK_INT(doc.nodes[i].flags, at >= 990 ? TW_NODE_DUPLICATE : 0);
    }
    tw_hash_seed_set(was);
    tw_buf_free(&b);
    done();
}

TEST(depth_limit)
{
    CHECK_INT(read_z("[[[]]]"), TW_OK);
    CHECK_INT(read_n("[[[]]]", 6, &(tw_doc_limits){.max_depth = 3}), TW_OK);
    CHECK_INT(read_n("[[[]]]", 6, &(tw_doc_limits){.max_depth = 2}), TW_ERR_LIMIT);
    CHECK_INT(diag.off, 2);
    char deep[129 * 2];
    memset(deep, '[', 129);
    memset(deep + 129, ']', 129);
    CHECK_INT(read_n(deep + 1, 256, NULL), TW_OK);
    CHECK_INT(read_n(deep, 258, NULL), TW_ERR_LIMIT);
    done();
}

TEST(node_limit)
{
    CHECK_INT(read_n("[1,2,3]", 7, &(tw_doc_limits){.max_nodes = 4}), TW_OK);
    CHECK_INT(read_n("[1,2,3]", 7, &(tw_doc_limits){.max_nodes = 3}), TW_ERR_LIMIT);
    CHECK_INT(diag.off, 5);
    done();
}

/* A million levels, read and written without recursion. */
TEST(deep_nesting)
{
    enum { DEEP = 1000000 };
    tw_buf b = {0};
    for (int i = 0; i < DEEP; i++) tw_buf_puts(&b, TW_S("{\"a\":["));
    for (int i = 0; i < DEEP; i++) tw_buf_puts(&b, TW_S("]}"));
    tw_doc_limits lim = {.max_depth = 2 * DEEP, .max_nodes = 4 * DEEP};
    CHECK_INT(read_n(b.p, b.n, &lim), TW_OK);
    CHECK_INT(doc.n, 2 * DEEP);
    CHECK_STR(write_back(), tw_buf_str(&b));
    CHECK_INT(read_n(b.p, b.n, NULL), TW_ERR_LIMIT);
    CHECK_INT(read_n(b.p, b.n - 1, &lim), TW_ERR_MALFORMED);
    tw_buf_free(&b);
    done();
}

TEST(numbers)
{
    static const struct {
        const char *text;
        bool is_u64, is_double;
        uint64_t u;
        double d;
    } cases[] = {
        {"0", true, true, 0, 0},
        {"-0", false, true, 0, -0.0},
        {"18446744073709551615", true, true, UINT64_MAX, 18446744073709551615.0},
        {"18446744073709551616", false, true, 0, 18446744073709551616.0},
        {"1.0", false, true, 0, 1},
        {"1e2", false, true, 0, 100},
        {"0.1", false, true, 0, 0.1},
        {"-12.5E+3", false, true, 0, -12500},
        {"123.456e-2", false, true, 0, 1.23456},
        {"1e400", false, false, 0, 0},
        {"1e-400", false, true, 0, 0},
        {"1e99999999999999999999", false, false, 0, 0},
        {"2.2250738585072014e-308", false, true, 0, 2.2250738585072014e-308},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        uint64_t u = 0;
        double v = 0;
        CHECK_INT(read_z(cases[i].text), TW_OK);
        CHECK_INT(tw_node_u64(&doc.nodes[0], &u), cases[i].is_u64);
        CHECK(u == cases[i].u);
        CHECK_INT(tw_node_double(&doc.nodes[0], &v), cases[i].is_double);
        CHECK(v == cases[i].d);
        CHECK_STR(doc.nodes[0].text, tw_str_c(cases[i].text));
    }
    CHECK(!tw_node_u64(NULL, &(uint64_t){0}));
    done();
}

TEST(writer)
{
    tw_buf b = {0};
    tw_json_w w = tw_json_writer(&b);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("a"));
    tw_json_arr(&w);
    tw_json_u64(&w, UINT64_MAX);
    tw_json_i64(&w, INT64_MIN);
    tw_json_arr(&w);
    tw_json_arr_end(&w);
    tw_json_bool(&w, true);
    tw_json_null(&w);
    tw_json_arr_end(&w);
    tw_json_key(&w, TW_S("b\""));
    tw_json_obj(&w);
    tw_json_obj_end(&w);
    tw_json_key(&w, TW_S("r"));
    tw_json_raw(&w, TW_S("[1,2]"));
    tw_json_key(&w, TW_S("s"));
    tw_json_str(&w, tw_str_of("\x00\x1f\x7f\xff\xc3", 5));
    tw_json_obj_end(&w);
    CHECK_STR(tw_buf_str(&b),
              TW_S("{\"a\":[18446744073709551615,-9223372036854775808,[],true,null],\"b\\\"\":{},"
                   "\"r\":[1,2],\"s\":\"\\u0000\\u001f\\u007f\xef\xbf\xbd\xef\xbf\xbd\"}"));
    tw_buf_free(&b);
}

/* CSI as one C1 byte, right-to-left override, zero-width space; ordinary letters stay as they are. */
TEST(writer_steers_no_terminal)
{
    tw_buf b = TW_BUF_INIT;
    tw_json_w w = tw_json_writer(&b);
    tw_json_str(&w, TW_S("\xc2\x9b"
                         "2J\xe2\x80\xae\xe2\x80\x8b\xc3\xa9"));
    CHECK_STR(tw_buf_str(&b), TW_S("\"\\u009b2J\\u202e\\u200b\xc3\xa9\""));
    tw_buf_free(&b);
}

TEST(writer_doubles)
{
    static const struct {
        double v;
        const char *want;
    } cases[] = {{0, "0"},
                 {-0.0, "0"},
                 {1, "1"},
                 {0.5, "0.5"},
                 {1.0 / 3, "0.333333"},
                 {-2.5, "-2.5"},
                 {1e6, "1e6"},
                 {123456, "123456"},
                 {1e100, "1e100"},
                 {1.5e-7, "1.5e-7"},
                 {1e-10, "1e-10"},
                 {0.0001, "0.0001"},
                 {1.0 / 0.0, "null"},
                 {0.0 / 0.0, "null"}};
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = {0};
        tw_json_w w = tw_json_writer(&b);
        tw_json_double(&w, cases[i].v);
        CHECK_STR(tw_buf_str(&b), tw_str_c(cases[i].want));
        tw_buf_free(&b);
    }
}

TEST(writer_too_deep_is_sticky)
{
    tw_buf b = {0};
    tw_json_w w = tw_json_writer(&b);
    for (int i = 0; i < 60; i++) tw_json_arr(&w);
    CHECK(!b.over);
    for (int i = 0; i < 40; i++) tw_json_arr(&w);
    CHECK(b.over);
    tw_json_u64(&w, 1);
    for (int i = 0; i < 200; i++) tw_json_arr_end(&w);
    CHECK_INT(b.n, 60);
    tw_buf_free(&b);
}

TEST(zz_free)
{
    tw_buf_free(&written);
    CHECK(written.p == NULL);
}

TESTS_MAIN()
