/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/tokens.h"
#include "service/mutate/mutate.h"
#include "tap.h"

static tw_tokens read_tokens(tw_arena *a, const char *text, bool python, bool *ret)
{
    tw_tokens t;
    *ret = python ? tw_tokens_python(a, tw_str_c(text), &t) : tw_tokens_javascript(a, tw_str_c(text), &t);
    return t;
}

static bool reads(const char *text, bool python)
{
    tw_arena *a = tw_arena_new(0);
    bool fine;
    read_tokens(a, text, python, &fine);
    tw_arena_free(a);
    return fine;
}

TEST(python_tokens)
{
    tw_arena *a = tw_arena_new(0);
    bool fine;
    tw_tokens t = read_tokens(a, "f('a\\x62' , b\"c\")\nx = f'{y}'\n", true, &fine);
    CHECK(fine && t.list.n == 11);
    CHECK(t.list.v[2].kind == TW_TOK_STRING && tw_str_eq(t.list.v[2].value, TW_S("ab")));
    CHECK(t.list.v[4].flags & TW_TOKF_BYTES);
    CHECK(t.list.v[1].pair == 5 && t.list.v[5].pair == 1);
    CHECK(t.list.v[6].kind == TW_TOK_NEWLINE && t.list.v[7].flags & TW_TOKF_FIRST);
    CHECK(t.list.v[9].kind == TW_TOK_FORMAT);
    tw_arena_free(a);
}

TEST(script_tokens)
{
    tw_arena *a = tw_arena_new(0);
    bool fine;
    tw_tokens t = read_tokens(a, "a = b / c / d; e = /f'/g; h = `i${j}k`", false, &fine);
    CHECK(fine);
    uint32_t regex = 0, parts = 0;
    for (uint32_t i = 0; i < t.list.n; i++) {
        regex += t.list.v[i].kind == TW_TOK_REGEX;
        parts += t.list.v[i].kind == TW_TOK_FORMAT;
    }
    CHECK(regex == 1 && parts == 2);
    tw_arena_free(a);
}

TEST(what_is_in_doubt_is_refused)
{
    CHECK(!reads("print `x`\n", true));
    CHECK(!reads("x = (1\n", true));
    CHECK(!reads("x = 'abc\n", true));
    CHECK(!reads("x = <div>it's</div>;", false));
    CHECK(!reads("{ } /a'/.test(b)", false));
    CHECK(!reads("f({)}", false));
    CHECK(reads("x = {} / 2 / y", false));
}

static tw_str mutated(tw_arena *a, const char *name, const char *path, const char *text, uint64_t seed)
{
    tw_mut m = {.arena = a, .format = TW_MUT_DIR};
    uint32_t which = 0;
    while (tw_mutator_name(which) && strcmp(tw_mutator_name(which), name) != 0) which++;
    CHECK(tw_mutator_name(which) != NULL);
    tw_mut_put(&m, tw_str_c(path), tw_str_c(text));
    tw_mutate(&m, which, seed);
    tw_mut_file *f = tw_mut_find(&m, tw_str_c(path));
    return f ? f->data : TW_S("");
}

/* What cannot be proved safe stays as it is. */
TEST(left_alone)
{
    static const struct {
        const char *with, *path, *text;
    } rows[] = {
        {"rename", "a.py", "from x import *\ndef f(a):\n    return a\n"},
        {"rename", "a.py", "def f(a):\n    return eval('a')\n"},
        {"rename", "a.py", "class C:\n    name = 1\nprint(C.__name__)\n"},
        {"rename", "a.js", "function f() {}\nexports.x = f.name;\n"},
        {"rename", "a.js", "exports.f = { a, b };\n"},
        {"rename", "a.js", "with (o) { f(x); }\n"},
        {"split", "a.py", "\"\"\"text\"\"\"\nfrom __future__ import annotations\n"},
        {"split", "a.js", "'use strict';\nimport x from 'module';\n"},
        {"encode", "a.py", "x = f'text {y}'\n"},
        {"reflect", "a.js", "class A { m() { return super.m + import.meta; } }\n"},
        {"move", "a.py", "if __name__ == '__main__':\n    f()\n"},
        {"async", "a.py", "class A:\n    f(1)\n"},
        {"layer", "a.mjs", "export default 1;\n"},
        {"reorder", "a.py", "@d\ndef f():\n    pass\n@d\ndef g():\n    pass\n"},
    };
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        for (uint64_t seed = 1; seed < 9; seed++) {
            tw_arena *a = tw_arena_new(0);
            tw_str got = mutated(a, rows[i].with, rows[i].path, rows[i].text, seed);
            if (!tw_str_eq(got, tw_str_c(rows[i].text)))
                fprintf(stderr, "%s: %.*s\n", rows[i].with, TW_FMT(got));
            CHECK(tw_str_eq(got, tw_str_c(rows[i].text)));
            tw_arena_free(a);
        }
}

TEST(the_same_for_the_same_seed)
{
    static const char text[] =
        "import os\n\n\ndef run(word):\n    os.system('echo ' + word)\n\n\nrun('hello there')\n";
    for (uint32_t i = 0; tw_mutator_name(i); i++) {
        tw_arena *a = tw_arena_new(0);
        tw_str x = mutated(a, tw_mutator_name(i), "setup.py", text, 7);
        CHECK(tw_str_eq(x, mutated(a, tw_mutator_name(i), "setup.py", text, 7)));
        tw_arena_free(a);
    }
}

TEST(a_graft_of_the_other_language_is_refused)
{
    tw_arena *a = tw_arena_new(0);
    tw_diag d = TW_DIAG_INIT;
    tw_str path;
    tw_mut m = {.arena = a, .format = TW_MUT_TGZ, .npm = true};
    tw_mut_put(&m, TW_S("package.json"), TW_S("{\"main\": \"index.js\"}"));
    tw_mut_put(&m, TW_S("index.js"), TW_S("exports.x = 1;\n"));
    CHECK(tw_graft(&m, TW_GRAFT_IMPORT, TW_S("b.py"), TW_S("import os\n"), &path, &d) == TW_ERR_UNSUPPORTED);
    CHECK(tw_graft(&m, TW_GRAFT_IMPORT, TW_S("b"), TW_S("import os\nfor x in y:\n    pass\n"), &path, &d) ==
          TW_ERR_UNSUPPORTED);
    CHECK(tw_graft(&m, TW_GRAFT_IMPORT, TW_S("b.js"), TW_S("fetch('x')\n"), &path, &d) == TW_OK);
    tw_arena_free(a);
}

TESTS_MAIN()
