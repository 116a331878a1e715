/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript: functions of the file that stand around a call, texts that are a name, code that is not known. */
#include "js_rows.h"
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
