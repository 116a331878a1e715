/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript in, lines of the record's dump out: names, modules, exports, folding. */
#include "js_rows.h"

TEST(modules)
{
    static const row rows[] = {
        {"const cp = require('child_process'); cp.exec('a');", " child_process.exec(\"a\")", NULL},
        {"const {exec: run} = require('node:child_process'); run('a');", " child_process.exec(\"a\")", NULL},
        {"import fs, {readFile as r} from 'fs'; fs.x(1); r(2);", " fs.x(1)", NULL},
        {"import {readFile as r} from 'node:fs'; r(2);", " fs.readFile(2)", NULL},
        {"import * as n from 'net'; n.connect(1);", " net.connect(1)", NULL},
        {"require('./lib/a').run(1);", " ./lib/a:.run(1)", NULL},
        {"import d from './a.js'; d(1);", " ./a.js:.default(1)", NULL},
        {"const m = await import('os'); m.hostname();", " os.hostname()", NULL},
        {"const r = require; r('f' + 's').x();", " fs.x()", NULL},
        {"const a = __importDefault(require('axios')); a.default.get(1);", " axios.get(1)", NULL},
        {"var e_1 = require('e'); (0, e_1.f)(1);", " e.f(1)", NULL},
        {"module.require('fs').x();", " fs.x()", NULL},
        {"import {createRequire} from 'module'; const rq = createRequire(import.meta.url); rq('fs').y();",
         " fs.y()", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(names)
{
    static const row rows[] = {
        {"globalThis.eval('1');", " eval(\"1\")", NULL},
        {"window['ev' + 'al']('1');", " eval(\"1\")", NULL},
        {"const p = process; p['en' + 'v'].HOME; f(p.env.HOME);", "process.env", NULL},
        {"use(main); function main() { g(1); }", " use(<1 main>)", NULL},
        {"(function () { return require('fs').a(1); })();", " fs.a(1)", NULL},
        {"let x = 1; function f() { x = 2; } use(x);", " use({1 | ", NULL},
        {"new WebSocket('u').send(1);", " WebSocket().send(1)", NULL},
        {"https.request({hostname: 'h', path: '/'}, r => r.on('d', g));", "hostname=\"h\"", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(exports)
{
    static const row rows[] = {
        {"exports.run = function () { return 1; };", "bind 0 run = <1", NULL},
        {"module.exports = {a: f, b() {}};", "bind 0 b = <1", NULL},
        {"module.exports = function () {};", "bind 0 exports = <1", NULL},
        {"export const v = 3;", "bind 0 v = 3", NULL},
        {"export default class A {}", "bind 0 default = <1", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(folding)
{
    static const row rows[] = {
        {"f('a' + 1 + true + null);", " f(\"a1truenull\")", NULL},
        {"f(1 + 2 + 'x');", " f(\"3x\")", NULL},
        {"f(`a${1 + 1}b`);", " f(\"a2b\")", NULL},
        {"f(['a', 'b', 3].join('-'));", " f(\"a-b-3\")", NULL},
        {"f('cba'.split('').reverse().join(''));", " f(\"abc\")", NULL},
        {"f('a.b.c'.replace('.', ''));", " f(\"ab.c\")", NULL},
        {"f('a.b.c'.replaceAll('.', ''));", " f(\"abc\")", NULL},
        {"f(String.fromCharCode(104, 105));", " f(\"hi\")", NULL},
        {"f(String.fromCharCode(...[104, 105]));", " f(\"hi\")", NULL},
        {"f(atob('aGk='));", " f(\"hi\")", NULL},
        {"f(Buffer.from('aGk=', 'base64').toString());", " f(\"hi\")", NULL},
        {"f(Buffer.from('6869', 'hex').toString('utf8'));", " f(\"hi\")", NULL},
        {"f(Buffer.from('hi').toString('base64'));", " f(\"aGk=\")", NULL},
        {"f(unescape('%68%69'));", " f(\"hi\")", NULL},
        {"f('hello'.slice(-3, -1), 'hello'.substring(3, 1), 'hello'.substr(-2));",
         " f(\"ll\", \"el\", \"lo\")", NULL},
        {"f('hello'.charAt(1), 'hello'.charCodeAt(1));", " f(\"e\", 101)", NULL},
        {"f(parseInt('0x1f'), parseInt('12px'), parseInt('z', 36));", " f(31, 12, 35)", NULL},
        {"f(5 / 2 | 0);", "f(", " f(2.5)"},
        {"f(1 << 31, -1 >>> 28, 7 % 3, 6 / 3);", " f(-2147483648, 15, 1, 2)", NULL},
        {"f('b' > 'a', 1 === 1, '1' == 1);", "f(", NULL},
        {"f((![] + [])[0]);", "f(", NULL},
        {"f('ab'.repeat(2), 'A'.toLowerCase(), ' x '.trim());", " f(\"abab\", \"a\", \"x\")", NULL},
        {"f('/x/g'.length);", "f(", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(indirect_calls)
{
    static const row rows[] = {
        {"require('child_process').exec.call(null, 'a');", " child_process.exec(\"a\")", NULL},
        {"require('fs').x.apply(this, ['a', 'b']);", " fs.x(\"a\", \"b\")", NULL},
        {"const r = require('fs').x.bind(null, 'a'); r();", " fs.x(\"a\")", NULL},
        {"Reflect.apply(require('fs').x, null, ['a']);", " fs.x(\"a\")", NULL},
        {"Function('return this')().process.exit(1);", " process.exit(1)", NULL},
        {"eval('require')('fs').x(1);", " fs.x(1)", NULL},
        {"const e = require('util').promisify(require('child_process').exec); e('a');",
         " child_process.exec(\"a\")", NULL},
        {"try { await axios.get('u'); } catch (e) { f(e.response.data); }", "call#0", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(bundles)
{
    static const row rows[] = {
        {"var m = {1: (e, t, n) => { n(2).x(1); }, 2: e => { e.exports = require('fs'); }};", " fs.x(1)",
         NULL},
        {"var m = {1: (e, t, n) => { n(2).run(1); }, 2: (e, t) => { t.run = f; e.exports = t; }};",
         ".exports", NULL},
        {"var c = {a: (x, y, z) => z('b'), b: 1};", "call #0", "exports"},
    };
    CHECK_ROWS(rows);
}

TEST(machine)
{
    static const row rows[] = {
        {"let o = ''; for (let i = 0; i < 3; i++) o += i; f(o);", " f(\"012\")", NULL},
        {"let o = ''; for (const c of 'abc') { if (c === 'b') continue; o = c + o; } f(o);", " f(\"ca\")",
         NULL},
        {"let i = 0; while (true) { if (++i > 3) break; } f(i);", " f(4)", NULL},
        {"f([104, 105].map(c => String.fromCharCode(c ^ 1)).join(''));", " f(\"ih\")", NULL},
        {"f(((a, b = 2) => a + b)(1));", " f(3)", NULL},
        {"f(['a', 'b'].reduce((x, y) => y + x));", " f(\"ba\")", NULL},
        {"f('abc'.length, 'abc'[1], [1, 2].length);", " f(3, \"b\", 2)", NULL},
        {"const g = a => { let x = 1; a && (x = 2); return x; }; f(g(0));", " f(", " f(2)"},
        {"const a = [1, 2]; a.length = 1; f(a.length);", " f(", " f(2)"},
        {"function C() {} f(new C());", " f(call#0)", NULL},
        {"f([1, 2][-1]);", " f(", " f(2)"},
        {"f('' ?? 'x');", " f(", " f(\"x\")"},
        {"let o = ''; for (let i = 0; i < n; i++) o += i; f(o);", " f(", " f(\"\")"},
    };
    CHECK_ROWS(rows);
}

TEST(layers)
{
    static const row rows[] = {
        {"eval(atob('cmVxdWlyZSgiZnMiKS54KCk='));", "layer executed by", NULL},
        {"eval('require(\"fs\").x()');", "layer executed by", NULL},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
