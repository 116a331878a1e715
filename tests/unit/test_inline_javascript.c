/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript: functions of the file that stand around a call, texts that are a name, code that is not known. */
#include "tap.h"

#include "engine/record/record.h"

static tw_buf text, bundle;

static tw_str facts(const char *src)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_diag d = {0};
    tw_front_javascript.lower(a, tw_str_c(src), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_buf_clear(&bundle);
    tw_buf_clear(&text);
    tw_record_encode(&r, &bundle);
    if (tw_record_decode(a, tw_buf_str(&bundle), &back, &d) == TW_OK) tw_record_dump(&back, &text);
    tw_arena_free(a);
    return tw_buf_str(&text);
}

typedef struct row {
    const char *source, *want, *not_there;
} row;

static void check(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tw_str got = facts(rows[i].source);
        bool has = tw_str_find(got, tw_str_c(rows[i].want)) != TW_NPOS;
        bool hasnt = !rows[i].not_there || tw_str_find(got, tw_str_c(rows[i].not_there)) == TW_NPOS;
        CHECK(has && hasnt);
        if (!has || !hasnt)
            fprintf(stderr, "%s\n  wanted %s%s%s, got\n%.*s\n", rows[i].source, rows[i].want,
                    rows[i].not_there ? ", not " : "", rows[i].not_there ? rows[i].not_there : "",
                    TW_FMT(got));
    }
}
#define CHECK_ROWS(rows) check(rows, TW_COUNT(rows))
#define CP "require('child_process')"
#define EXEC " child_process.exec(\"x\")"

TEST(around)
{
    static const row rows[] = {
        {"const w = (...a) => " CP ".exec(...a); w('x');", EXEC, NULL},
        {"function w() { return " CP ".exec.apply(null, arguments); } w('x');", EXEC, NULL},
        {"function w(f, ...a) { return f(...a); } w(" CP ".exec, 'x');", EXEC, NULL},
        {"const w = (function () { const f = " CP ".exec; return (...a) => f(...a); })(); w('x');", EXEC,
         NULL},
        {"const d = { k: function (f, ...a) { return f(...a); } }, w = (...a) => d['k'](" CP
         ".exec, ...a); w('x');",
         EXEC, NULL},
        {"const w = (a, f = " CP ".exec) => f; w(1)('x');", EXEC, NULL},
        {"const r = a => require(a); r('child_process').exec('x');", EXEC, NULL},
        {"function f(s) { return eval(s); } f('x();');", "layer executed by", NULL},
        {"const o = { get go() { return " CP ".exec; } }; o.go('x');", EXEC, NULL},
        {"class C { constructor() { this.go = " CP ".exec; } } new C().go('x');", EXEC, NULL},
        {"Array.prototype.q = " CP ".exec; [].q('x');", EXEC, NULL},
        {CP ".exec(...['x']);", EXEC, NULL},
        {"function w(s) { s = q(s); return eval(s); } w('x');", "gap opaque-layer", "layer executed"},
        {"function w(c, s) { if (c) eval(s); } w(false, 'x');", "record", "layer executed"},
        {"f(String.fromCharCode.apply(null, [65,65,65,65,65,65,65,65,65,65,65,65,65,65,65,65,65,66]));",
         "AAAB\"", "AA\")"},
    };
    CHECK_ROWS(rows);
}

TEST(texts)
{
    static const row rows[] = {
        {"eval(\"require('child_process').exec\")('x');", EXEC, NULL},
        {"Function('r', \"return r('child_process')\")(require).exec('x');", EXEC, NULL},
        {"Function('r', \"return r('child_process')\")(q).exec('x');", "record", EXEC},
    };
    CHECK_ROWS(rows);
}

TEST(unknown_code)
{
    static const row rows[] = {
        {"eval(x);", "gap opaque-layer", NULL},
        {"new Function('a', x);", "gap opaque-layer", NULL},
        {"eval(...x);", "gap opaque-layer", NULL},
        {"setTimeout('f(' + x + ')', 1);", "gap opaque-layer", NULL},
        {"require('vm').runInThisContext(x);", "gap opaque-layer", NULL},
        {"module._compile(x, 'y');", "gap opaque-layer", NULL},
        {"var p = { toString() { return q(); } }; eval(p + '');", "gap opaque-layer", "[object"},
        {"setTimeout(x, 1); setTimeout(() => 1, 1); setInterval(a.b, 1); eval(1);", "record", "opaque-layer"},
        {"new Function('return this'); Function();", "record", "opaque-layer"},
    };
    CHECK_ROWS(rows);
}

TEST(circles)
{
    static const row rows[] = {
        {"const o = { get x() { return o.x; }, get y() { return o.z; }, get z() { return o.y; } }; o.x(); "
         "o.y();",
         "record", NULL},
        {"class C { constructor() { this.a = this.b; this.b = this.a; } } new C().a();", "record", NULL},
        {"const f = () => g(), g = () => f(); f()();", "record", NULL},
        {"function k(f, ...a) { k(f, ...a); return k(k, f, ...a); } k(eval, 'x');", "record", NULL},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
