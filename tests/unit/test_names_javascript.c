/* SPDX-License-Identifier: Apache-2.0 */
/* Ways of JavaScript around a name: each trick as a small source, and the call that the record must hold. */
#include "js_rows.h"
#define CP "require('child_process')"
#define EXEC " child_process.exec(\"x\")"
#define EVAL " eval(\"x\")"

TEST(modules)
{
    static const row rows[] = {
        {"module.constructor._load('child_process').exec('x');", EXEC, NULL},
        {"require('module')._load('child_process').exec('x');", EXEC, NULL},
        {"process.mainModule.require('child_process').exec('x');", EXEC, NULL},
        {"require.main.require('child_process').exec('x');", EXEC, NULL},
        {"process.getBuiltinModule('child_process').exec('x');", EXEC, NULL},
        {"const { createRequire } = require('module'); createRequire(__filename)('child_process').exec('x');",
         EXEC, NULL},
        {"import('child_process').then(c => c.exec('x'));", EXEC, NULL},
        {"(async () => { const c = await import('child_process'); c.exec('x'); })();", EXEC, NULL},
        {"const r = require, q = r; q('child_' + 'process')['ex' + 'ec']('x');", EXEC, NULL},
        {"exports.run = " CP ".exec; exports.run('x');", EXEC, NULL},
        {"module.exports.run = " CP ".exec; exports.run('x');", EXEC, NULL},
    };
    CHECK_ROWS(rows);
}

TEST(global_object)
{
    static const row rows[] = {
        {"globalThis['ev' + 'al']('x');", EVAL, NULL},
        {"self.eval('x');", EVAL, NULL},
        {"window[`eval`]('x');", EVAL, NULL},
        {"Function('return this')().eval('x');", EVAL, NULL},
        {"(0, eval)('x');", EVAL, NULL},
        {"globalThis.zz = eval; zz('x');", EVAL, NULL},
        {"[].constructor.constructor('x')();", " Function(\"x\")", NULL},
        {"''['constructor']['constructor']('x')();", " Function(\"x\")", NULL},
        {"(() => {}).constructor('x')();", " Function(\"x\")", NULL},
        {"Reflect.construct(Function, ['x']);", " Function(\"x\")", NULL},
        {"Reflect.get(" CP ", 'exec')('x');", EXEC, NULL},
        {"Reflect.apply(" CP ".exec, null, ['x']);", EXEC, NULL},
        {"Object.getOwnPropertyDescriptor(globalThis, 'eval').value('x');", EVAL, NULL},
        {"with (" CP ") { exec('x'); }", EXEC, NULL},
    };
    CHECK_ROWS(rows);
}

TEST(patterns)
{
    static const row rows[] = {
        {"const { exec: a, ...rest } = " CP "; a('x');", EXEC, NULL},
        {"const { [`exec`]: a } = " CP "; a('x');", EXEC, NULL},
        {"const [a = eval] = []; a('x');", EVAL, NULL},
        {"const { c: { exec } = {} } = { c: " CP " }; exec('x');", EXEC, NULL},
        {"function f(a = eval) { a('x'); } f();", EVAL, NULL},
        {"(true ? eval : 0)('x');", EVAL, NULL},
        {"(null || eval)('x');", EVAL, NULL},
        {CP "?.exec?.('x');", EXEC, NULL},
    };
    CHECK_ROWS(rows);
}

TEST(containers)
{
    static const row rows[] = {
        {"const t = { a: " CP ".exec }; t.a('x');", EXEC, NULL},
        {"const t = { a: { b: eval } }; t['a'].b('x');", EVAL, NULL},
        {"const t = [null, eval]; t[1]('x');", EVAL, NULL},
        {"[eval].pop()('x');", EVAL, NULL},
        {"Object.values({ a: eval })[0]('x');", EVAL, NULL},
        {"const t = Object.assign({}, { e: eval }); t.e('x');", EVAL, NULL},
        {"const o = { e: eval }, t = { ...o }; t.e('x');", EVAL, NULL},
        {"const t = Object.freeze({ e: eval }); t.e('x');", EVAL, NULL},
        {"const t = Object.create({ e: eval }); t.e('x');", EVAL, NULL},
        {"const t = Object.defineProperty({}, 'e', { value: eval }); t.e('x');", EVAL, NULL},
        {"const m = new Map([['k', eval]]); m.get('k')('x');", EVAL, NULL},
        {"const m = new Map(); m.set('k', eval); m.get('k')('x');", EVAL, NULL},
        {"const m = new WeakMap(); m.set(m, eval); m.get(m)('x');", EVAL, NULL},
        {"const p = new Proxy(" CP ", { get: (t, k) => t[k] }); p.exec('x');", EXEC, NULL},
        {"const t = { a: eval }; t.a = atob; t.a('x');", "", " = \"x\""},
    };
    CHECK_ROWS(rows);
}

TEST(functions)
{
    static const row rows[] = {
        {CP ".exec.call(null, 'x');", EXEC, NULL},
        {CP ".exec.apply(null, ['x']);", EXEC, NULL},
        {"const b = " CP ".exec.bind(null, 'x'); b();", EXEC, NULL},
        {"Function.prototype.call.call(eval, null, 'x');", EVAL, NULL},
        {"(function (r, s) { r('child_process').exec(s); })(require, 'x');", EXEC, NULL},
        {"(function (r) { r('child_process').exec('x'); }).call(this, require);", EXEC, NULL},
        {"(r => r('child_process').exec('x'))(require);", EXEC, NULL},
        {"console.log = " CP ".exec; console.log('x');", EXEC, NULL},
        {"[].join.call(['a', 'b'], '-') + f(1);", "Array.join(\"-\") = \"a-b\"", NULL},
        {"f([].join.call('abc', '-'));", "f(\"a-b-c\")", NULL},
        {"f(String.prototype.split.call('a,b', ','));", "f([\"a\", \"b\"])", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(handed_over)
{
    static const row rows[] = {
        {"['x'].forEach(eval);", EVAL, NULL},
        {"['x'].map(" CP ".exec);", EXEC, NULL},
        {"setTimeout(eval, 1, 'x');", EVAL, NULL},
        {"process.nextTick(eval, 'x');", EVAL, NULL},
        {"Promise.resolve('x').then(eval);", EVAL, NULL},
        {"Array.from(['x'], eval);", EVAL, NULL},
        {"queueMicrotask(() => eval('x'));", EVAL, NULL},
        {"e.on('data', eval);", " eval()", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(classes)
{
    static const row rows[] = {
        {"class K { static s = " CP ".exec; } K.s('x');", EXEC, NULL},
        {"class K { f = eval; m() { this.f('x'); } }", EVAL, NULL},
        {"class K { #p = " CP ".exec; m() { this.#p('x'); } }", EXEC, NULL},
        {"class K { constructor() { this.g = " CP "; } m() { this.g.exec('x'); } }", EXEC, NULL},
        {"class K { f = eval; } new K().f('x');", EVAL, NULL},
        {"class K { f = eval; } class L extends K { q() { this.f('x'); } }", EVAL, NULL},
        {"class K { get z() { return eval; } n() { this.z('x'); } }", EVAL, NULL},
        {"function P() {} P.prototype.go = " CP ".exec; new P().go('x');", EXEC, NULL},
        {"function P() {} P.prototype = { go: " CP ".exec }; new P().go('x');", EXEC, NULL},
    };
    CHECK_ROWS(rows);
}

TEST(blocks)
{
    static const row rows[] = {
        {"function f(c) { const x = 'a'; if (c) { const x = 'b'; g(x); } h(x); }", " h(\"a\")", NULL},
        {"const x = 'a'; function f(c) { if (c) { let x = 'b'; g(x); } h(x); }", " h(\"a\")", " h(\"b\")"},
        {"let x = 'a'; { let x = 'b'; g(x); } h(x);", " h(\"a\")", NULL},
        {"let x = 'a'; for (let x = 'b'; ; ) { g(x); } h(x);", "h(\"a\")", NULL},
        {"let x = 'a'; for (const x of ['b']) g(x); h(x);", " h(\"a\")", NULL},
        {"let x = 'a'; switch (q) { case 1: let x = 'b'; g(x); } h(x);", " h(\"a\")", NULL},
        {"let x = 'a'; try { q(); } catch (x) { g(x); } h(x);", " h(\"a\")", NULL},
        {"let x = 'a'; class K { static { const x = 'b'; g(x, () => x); } } h(x);", " h(\"a\")", NULL},
        {"let x = 'a'; { class x {} new x(); } h(x);", " h(\"a\")", NULL},
        {"'use strict'; const x = () => 'a'; { function x() { return 'b'; } g(x()); } h(x());", " h(\"a\")",
         NULL},
        {"{ function x() { return 'b'; } } h(x());", " h(\"b\")", NULL},
        {"function f(x) { { let x = 'b'; x = 'c'; g(x); } h(x); }", " h($x@", NULL},
        {"let x = 'a'; function f() { { let x; x = 'b'; } x = 'c'; } h(x);", "<0>.x", NULL},
        {"{ let x = 'a'; g(x); } { let x; h(x); }", " h(opaque)", " h(\"a\")"},
        {"let x = 'a'; { let y = () => x; let x = 'b'; g(x); } h(x);", " h(\"a\")", NULL},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
