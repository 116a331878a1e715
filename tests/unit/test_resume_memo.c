/* SPDX-License-Identifier: Apache-2.0 */
/* What a file runs in its package, kept: it saves the second evaluation, changes no report, and is not used where the
 * package answers otherwise or the bytes are damaged. */
#include "engine/engine.h"
#include "archives.h"
#include "tap.h"

enum { KEPT = 64 };

typedef struct shelf {
    struct {
        tw_digest key;
        tw_str bundle;
    } rows[KEPT];
    uint32_t n, given, put;
    tw_arena *arena;
    uint32_t cut; /* bytes that memos lose at their end */
} shelf;

static bool is_memo(tw_str s)
{
    return tw_str_starts(s, TW_S("TWIP"));
}

static tw_str shelf_get(void *ctx, const tw_digest *key)
{
    shelf *s = ctx;
    for (uint32_t i = 0; i < s->n; i++) {
        tw_str b = s->rows[i].bundle;
        if (!tw_digest_eq(&s->rows[i].key, key)) continue;
        if (is_memo(b)) s->given++;
        if (is_memo(b) && s->cut) return tw_str_sub(b, 0, b.n - (s->cut < b.n ? s->cut : b.n));
        return b;
    }
    return (tw_str){NULL, 0};
}

static void shelf_put(void *ctx, const tw_digest *key, tw_str bundle)
{
    shelf *s = ctx;
    s->put += is_memo(bundle);
    if (s->n >= KEPT) return;
    s->rows[s->n].key = *key;
    s->rows[s->n++].bundle = tw_arena_str(s->arena, bundle);
}

typedef struct file {
    const char *path, *text;
} file;

/* The report; io through the shelf where there is one. */
static tw_str review(tw_arena *a, const file *files, size_t n, shelf *s)
{
    tw_buf b = TW_BUF_INIT;
    for (size_t i = 0; i < n; i++) mk_tar(&b, files[i].path, '0', "", tw_str_c(files[i].text));
    tar_end(&b);
    tw_engine e = {.rules = tw_rules_builtin(a),
                   .limits = tw_limits_default(),
                   .ecosystems = tw_ecosystems,
                   .n_ecosystems = tw_n_ecosystems};
    tw_record_io io = {s, shelf_get, shelf_put};
    tw_input in = {
        .bytes = tw_arena_str(a, tw_buf_str(&b)), .artifact = TW_S("p.tar"), .file_name = TW_S("p.tar")};
    tw_outcome out;
    if (s) s->given = s->put = 0;
    tw_review(&e, a, &in, s ? &io : NULL, &out);
    tw_buf_free(&b);
    return out.report;
}

static const file with_b[] = {{"p/__init__.py", "from .b import code, make\nexec(make(code))\n"},
                              {"p/b.py", "code = \"import os; os.system('id')\"\ndef make(x): return x\n"},
                              {"p/c.py", "X = 1\n"}};
static const file bundle[] = {
    {"p/package.json", "{\"name\":\"p\",\"version\":\"1.0.0\",\"main\":\"i.js\"}"},
    {"p/i.js", "var f = require('fs');\nfunction g(x) { return eval(f.readFileSync(x) + y()); }\ng(z);\n"
               "new Function('a', h('b'))();\neval('var q = ' + '1');\n"}};

TEST(a_kept_one_saves_the_work_and_changes_nothing)
{
    tw_arena *a = tw_arena_new(0);
    shelf s = {.arena = a};
    tw_str honest = review(a, bundle, 2, NULL), first = review(a, bundle, 2, &s);
    CHECK_STR(first, honest);
    CHECK(s.put > 0);
    tw_str again = review(a, bundle, 2, &s);
    CHECK_STR(again, honest);
    CHECK(s.given > 0);
    CHECK_INT(s.put, 0);
    tw_arena_free(a);
}

static const file with_another_b[] = {
    {"p/__init__.py", "from .b import code, make\nexec(make(code))\n"},
    {"p/b.py", "code = \"import socket; socket.socket()\"\ndef make(x): return x\n"},
    {"p/c.py", "X = 1\n"}};
static const file with_another_make[] = {
    {"p/__init__.py", "from .b import code, make\nexec(make(code))\n"},
    {"p/b.py",
     "code = \"import os; os.system('id')\"\ndef make(x): return x.replace('os.system', 'print')\n"},
    {"p/c.py", "X = 1\n"}};
static const file with_another_c[] = {
    {"p/__init__.py", "from .b import code, make\nexec(make(code))\n"},
    {"p/b.py", "code = \"import os; os.system('id')\"\ndef make(x): return x\n"},
    {"p/c.py", "X = 2\n"}};
#define READS "import os\nexec(open(os.path.join(os.path.dirname(__file__), 'd.txt')).read())\n"
static const file reads[] = {{"p/__init__.py", READS}, {"p/d.txt", "import os; os.system('id')\n"}};
static const file reads_another[] = {{"p/__init__.py", READS},
                                     {"p/d.txt", "import socket; socket.socket()\n"}};
static const file reads_nothing[] = {{"p/__init__.py", READS}, {"p/e.txt", "import os; os.system('id')\n"}};

/* Kept for the first, and of no use to the second: the package answers otherwise. */
static void is_not_shared(const file *first, const file *second, size_t n)
{
    tw_arena *a = tw_arena_new(0);
    shelf s = {.arena = a};
    tw_str honest = review(a, first, n, NULL), other = review(a, second, n, NULL);
    CHECK_STR(review(a, first, n, &s), honest);
    CHECK(s.put > 0);
    CHECK_STR(review(a, second, n, &s), other);
    CHECK(s.put > 0);
    CHECK_STR(review(a, first, n, &s), honest);
    CHECK_INT(s.put, 0);
    CHECK_STR(review(a, second, n, &s), other);
    CHECK_INT(s.put, 0);
    tw_arena_free(a);
}

TEST(it_is_used_only_where_the_package_answers_the_same)
{
    tw_arena *a = tw_arena_new(0);
    tw_str honest = review(a, with_b, 3, NULL);
    CHECK(tw_str_find(honest, TW_S("exec.shell")) != TW_NPOS);
    CHECK(tw_str_find(review(a, reads, 2, NULL), TW_S("exec.shell")) != TW_NPOS);
    tw_arena_free(a);
    is_not_shared(with_b, with_another_b, 3);
    is_not_shared(with_b, with_another_make, 3);
    is_not_shared(reads, reads_another, 2);
    is_not_shared(reads, reads_nothing, 2);
}

TEST(what_was_not_asked_does_not_matter)
{
    tw_arena *a = tw_arena_new(0);
    shelf s = {.arena = a};
    tw_str honest = review(a, with_another_c, 3, NULL);
    review(a, with_b, 3, &s);
    CHECK(s.put > 1); /* questions and a result */
    CHECK_STR(review(a, with_another_c, 3, &s), honest);
    CHECK_INT(s.put, 0);
    CHECK(s.given > 1);
    tw_arena_free(a);
}

TEST(damaged_ones_are_not_believed)
{
    tw_arena *a = tw_arena_new(0);
    shelf s = {.arena = a};
    tw_str honest = review(a, with_b, 3, &s);
    for (s.cut = 1; s.cut < 200; s.cut++) CHECK_STR(review(a, with_b, 3, &s), honest);
    s.cut = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        tw_str b = s.rows[i].bundle;
        if (!is_memo(b)) continue;
        for (size_t at = 0; at < b.n;
             at++) { /* any lie is survived; what it says is its own artifact's claim */
            char *p = (char *)(uintptr_t)b.p;
            p[at] = (char)~p[at];
            CHECK(review(a, with_b, 3, &s).n > 0);
            p[at] = (char)~p[at];
        }
    }
    tw_arena_free(a);
}

TESTS_MAIN()
