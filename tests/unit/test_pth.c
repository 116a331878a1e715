/* SPDX-License-Identifier: Apache-2.0 */
/* .pth: the lines that site.py runs, no other. */
#include "carried.h"
#include "engine/languages/languages.h"

#define PTH(source, want) CARRIES(tw_front_pth, source, want)

TEST(lines_that_start_with_import_and_a_blank)
{
    PTH("import os; os.getcwd()\n/some/path\nimport\tsys\r\nimportlib\n# import x\n import y\nimport\n",
        "python: import os; os.getcwd()\npython: import\tsys\n");
    PTH("import a\rimport b", "python: import a\npython: import b\n");
    PTH("", "");
    PTH("\n\n", "");
}

TEST(mark_and_separators)
{
    PTH("\xEF\xBB\xBFimport a\n", "python: import a\n");
    /* the file read by lines runs the whole, taken apart as str.splitlines does its parts */
    PTH("import a\fimport b\n", "python: import a\npython: import b\npython: import a\fimport b\n");
    PTH("x\xE2\x80\xA8import b", "python: import b\n");
    PTH("x\xC2\x85import b", "python: import b\n");
    PTH("x\xC2", "");
    PTH("x\xE2\x80", "");
}

TEST(runs_code)
{
    CHECK(tw_pth_runs_code(TW_S("a\nimport b")));
    CHECK(tw_pth_runs_code(TW_S("a\x1Eimport b")));
    CHECK(!tw_pth_runs_code(TW_S("a\n import b\n")));
    CHECK(!tw_pth_runs_code(TW_S("")));
    CHECK_STR(tw_str_c(tw_language_of(TW_S("x.pth"), TW_S("import a\n"), 0).name), TW_S("pth"));
    CHECK(tw_language_of(TW_S("x.pth"), TW_S("../y\n"), 0).what == TW_TEXT_INERT);
}

TEST(what_is_cut_is_a_gap)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    lim.source_bytes = 9;
    CHECK_STR(carried_by(a, &tw_front_pth, TW_S("import a\nimport b\n"), &lim),
              TW_S("python: import a\ngap limit\n"));
    tw_arena_free(a);
}

/* However many lines there are, all of them are read. */
TEST(many_lines)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_buf b = TW_BUF_INIT;
    for (int i = 0; i < 1000; i++) tw_buf_fmt(&b, "import m%d\n", i);
    tw_str got = carried_by(a, &tw_front_pth, tw_buf_str(&b), &lim);
    CHECK(tw_str_find(got, TW_S("python: import m127\n")) != TW_NPOS);
    CHECK(tw_str_find(got, TW_S("python: import m128\nimport m129\n")) != TW_NPOS);
    CHECK(tw_str_find(got, TW_S("import m999\n")) != TW_NPOS);
    CHECK(tw_str_find(got, TW_S("gap")) == TW_NPOS);
    tw_buf_free(&b);
    tw_arena_free(a);
}

TESTS_MAIN()
