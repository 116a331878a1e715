/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of this file that hand on what they are handed: the calls they make then are in the record. */
#include "tap.h"

#include "engine/record/record.h"

typedef struct row {
    const char *source, *want; /* a line of the dump has it; several between "; "; !x: none */
} row;

static void facts_of(const char *source, tw_buf *out)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_diag d = {0};
    tw_buf bundle = TW_BUF_INIT;
    tw_front_python.lower(a, tw_str_c(source), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_encode(&r, &bundle);
    if (tw_record_decode(a, tw_buf_str(&bundle), &back, &d) == TW_OK) tw_record_dump(&back, out);
    tw_buf_free(&bundle);
    tw_arena_free(a);
}

static bool all_there(tw_str got, const char *wants)
{
    tw_str rest = tw_str_c(wants);
    while (rest.n) {
        size_t at = tw_str_find(rest, TW_S("; "));
        tw_str want = tw_str_sub(rest, 0, at == TW_NPOS ? rest.n : at);
        rest = at == TW_NPOS ? TW_S("") : tw_str_sub(rest, at + 2, rest.n);
        bool absent = want.n && want.p[0] == '!';
        if (absent) want = tw_str_sub(want, 1, want.n);
        if ((tw_str_find(got, want) == TW_NPOS) != absent) return false;
    }
    return true;
}

static void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tw_buf out = TW_BUF_INIT;
        facts_of(rows[i].source, &out);
        if (!all_there(tw_buf_str(&out), rows[i].want)) {
            fprintf(stderr, "%s\n    want: %s\n%.*s\n", rows[i].source, rows[i].want,
                    TW_FMT(tw_buf_str(&out)));
            tw_failed_in_test_++;
        }
        tw_buf_free(&out);
    }
}
#define ROWS(...)                                 \
    do {                                          \
        static const row rows_[] = {__VA_ARGS__}; \
        check_rows(rows_, TW_COUNT(rows_));       \
    } while (0)

TEST(wrappers)
{
    ROWS({"import os\ndef w(*a, **k):\n    return os.system(*a, **k)\nw('x')\n", " os.system(\"x\")"},
         {"import os\nw = lambda *a, **k: os.popen(*a, **k)\nw('x', mode='r').read()\n",
          " os.popen(\"x\", mode=\"r\"); os.popen().read()"},
         {"import os\ndef m():\n    f = os.system\n    return lambda *a, **k: f(*a, **k)\nm()('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef go(f, *a, **k):\n    return f(*a, **k)\ngo(os.system, 'x')\n", " os.system(\"x\")"},
         {"import os\ndef d(*a, f=os.system, **k):\n    return f(*a, **k)\nd('x')\n", " os.system(\"x\")"},
         {"import os\ndef k(**n):\n    os.system(n['c'])\nk(c='x')\n", " os.system(\"x\")"},
         {"import os\nclass C:\n    def __init__(self, c):\n        os.system(c)\nC('x')\n",
          " os.system(\"x\")"},
         {"import os\nclass C:\n    def __call__(self, c):\n        os.system(c)\nC()('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef d(f):\n    def w(*a, **k):\n        return f(*a, **k)\n    return w\n@d\n"
          "def go(c):\n    os.system(c)\ngo('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef d(f):\n    def w(*a, **k):\n        return f('y')\n    return w\n@d\n"
          "def go(c):\n    os.system(c)\ngo('x')\n",
          "! os.system(\"x\")"},
         {"import os\ndef f(c):\n    c = c + input()\n    os.system(c)\nf('x')\n", "! os.system(\"x\")"});
}

TEST(texts_through_parameters)
{
    ROWS({"def f(s):\n    exec(s, globals())\nf('import os')\n", "layer executed; \"import os\""},
         {"import os\ndef f(s):\n    g(s + ' b')\ndef g(s):\n    os.system(s)\nf('a')\n",
          " os.system(\"a b\"); layer executed"},
         {"def f(s):\n    f(s)\n    f(s)\n    exec(s)\nf('import os')\n", "layer executed"});
}

TEST(names_that_functions_give)
{
    ROWS({"import os\ndef g(n):\n    if n == 3:\n        return os.system\n    return print\ng(3)('x')\n",
          " os.system(\"x\")"},
         {"import os\ndef g(n):\n    if n == 3:\n        return os.system\n    return print\ng(4)('x')\n",
          "! os.system(\"x\"); print(\"x\")"},
         {"import os\ndef d(f):\n    return os.system\n@d\ndef x(*a):\n    return None\nx('x')\n",
          " os.system(\"x\")"});
}

TEST(spreads)
{
    ROWS({"import os\nos.open(*['x', 2], **{'mode': 3})\n", " os.open(\"x\", 2, mode=3)"},
         {"import os\nos.open(*{'x', 'y'})\n", "! os.open(\"x\""},
         {"import os\nl = ['x']\nfoo(l)\nos.open(*l)\n", "! os.open(\"x\")"});
}

TEST(modules_do_not_change)
{
    ROWS({"import os\ndef f():\n    os.remove('/x')\n    g(os.environ['A'])\n", " g(os.environ[\"A\"])"},
         {"import os\nos = [1]\ndef f():\n    os.append(2)\n    g(os)\n", "! g([1])"});
}

TEST(constants)
{
    ROWS({"import marshal\ng(marshal.loads(b'u\\x02\\x00\\x00\\x00ab'))\n", " g(\"ab\")"},
         {"import marshal\ng(marshal.loads(b'u\\x03\\x00\\x00\\x00ab'))\n", "! g(\"ab"},
         {"g(str(b'a+AGI-c', 'utf-7'))\n", " g(\"abc\")"},
         {"import pickle\npickle.loads(b'cos\\nsystem\\n(Va\\\\u0020b\\ntR.')\n", " os.system(\"a b\")"});
}

TESTS_MAIN()
