/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of libraries, `arguments`, fields of classes: each row was run beside node. */
#include "js_rows.h"

TEST(objects)
{
    static const row rows[] = {
        {"var h = require('crypto').createHash('md5'); for (var i = 0; i < 2; i++) h.update('a'); "
         "eval('x' + h.digest('hex'));",
         " eval(\"x4124bc0a9335c27f086f24ba207a4912\")", NULL},
        {"var c = require('crypto').createDecipheriv('aes-128-ctr', '0123456789abcdef', "
         "'0123456789abcdef'), n = 0; while (n !== 2) { switch (n) { case 1: eval(c.update('1a1b', 'hex', "
         "'utf8') + c.final('utf8')); n = 2; break; case 0: n = 1; } }",
         " eval(\"hi\")", "gap opaque"},
        {"var h = require('crypto').createHash('md5'); h.update = x; eval('x' + "
         "h.update('a').digest('hex'));",
         "gap opaque", NULL},
        {"var h = require('crypto').createHash('md5'); x(h); y(); for (;;) { eval('x' + h.digest('hex')); "
         "break; }",
         "gap opaque", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(arguments)
{
    static const row rows[] = {
        {"function f(a) { arguments[0] = 'z'; return a; } eval(f('q') + Function('return 1')());", " eval(",
         "eval(\"q"},
        {"function f(a) { a = 'z'; return arguments[0]; } eval(f('q') + Function('return 1')());", " eval(",
         "eval(\"q"},
        {"var f = function g(n) { return n ? g(n - 1) + n : ''; }; eval(f(3));", " eval(\"123\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(fields)
{
    static const row rows[] = {
        {"var n = 0; class C { p = '' + n--; } new C(); eval([1].map(v => n + 'x').join(''));",
         " eval(\"-1x\")", NULL},
        {"var n = 4; class C { p = n; } n = 5; eval('' + new C().p);", " eval(", "eval(\"4\")"},
        {"var l = ['a']; l[2] = 'b'; l.reverse(); eval(l.map(x => x + 'k').join());", " eval(\"bk,,ak\")",
         NULL},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
