/* SPDX-License-Identifier: Apache-2.0 */
/* The same value or unknown, never another: what changes a value in JavaScript out of sight of a single pass. */
#include "js_rows.h"

TEST(left_anywhere)
{
    static const row rows[] = {
        {"b: { var r = 'a'; if (q) break b; r = 'b'; } g(r);", " g(", " g(\"b\")"},
        {"var r = 'b'; for (;q;) { r = 'a'; if (p) break; r = 'b'; } g(r);", " g(", " g(\"b\")"},
        {"var r = 'a'; switch (q) { case 1: r = 'b'; case 2: g(r); }", " g(", " g(\"a\")"},
        {"var r = 'a'; switch (q) { case 1: r = 'b'; break; case 2: g(r); }", " g(\"a\")", NULL},
        {"function f() { try { return 'a'; } finally { return 'b'; } } g(f());", " g(", " g(\"a\")"},
        {"let s = 'a'; q && (s = 'b'); g(s);", " g(", " g(\"b\")"},
        {"let s = 'a'; [t = (s = 'b')] = ['x']; g(s);", " g(\"a\")", NULL},
        {"let [s = 'a'] = [null]; g(String(s));", " g(\"null\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(lists)
{
    static const row rows[] = {
        {"var l = ['a', 'b']; l.push(l.shift()); g(l.join(''));", " g(", " g(\"aba\")"},
        {"var l = ['a']; l.forEach((v, i, a) => { a[i] = 'b'; }); g(l.join(''));", " g(", " g(\"a\")"},
        {"var l = ['a']; Array.prototype.push.call(l, 'b'); g(l.join(''));", " g(", " g(\"a\")"},
        {"var l = ['a']; var p = l.push.bind(l); p('b'); g(l.join(''));", " g(", " g(\"a\")"},
        {"var l = ['a', 'b']; (f => { var m = f(); m.push(m.shift()); })(() => { return l; }); "
         "g(l.join(''));",
         " g(", " g(\"ab\")"},
        {"var l = ['a', 'b']; function f() { l.length = 1; } f(); g(l.join(','));", " g(", " g(\"a,b\")"},
        {"Array.prototype.join = () => 'J'; g(String(['a']));", " g(", " g(\"a\")"},
        {"JSON.stringify = () => 'J'; g(JSON.stringify('a'));", " g(", " g(\"\\\"a\\\"\")"},
    };
    CHECK_ROWS(rows);
}

TEST(objects)
{
    static const row rows[] = {
        {"const { a, ...r } = { a: 1, b: 2 }; g(JSON.stringify(r));", " g(\"{\\\"b\\\":2}\")", NULL},
        {"var o = { a: 1 }; delete o.a; g(JSON.stringify(o));", " g(", "{\\\"a\\\":1}\")"},
        {"var o = {}; Object.assign(o, { a: 1 }); g(JSON.stringify(o));", " g(", " g(\"{}\")"},
        {"function f(a) { arguments[0] = 'z'; return a; } g(f('q'));", " g(", " g(\"q\")"},
        {"class K { q = 'a'; } g('' + K.q);", " g(", " g(\"a\")"},
        {"class K { static q = 'a'; } g('' + K.q);", " g(\"a\")", NULL},
        {"class K { m() { return 'a'; } } if (q) K.prototype.m = () => 'b'; g(new K().m());", " g(",
         " g(\"b\")"},
        {"class K { m() { return 'a'; } } var k = new K(); k.m = () => 'b'; g(k.m());", " g(", " g(\"a\")"},
        {"var n = 4; class K { p = '' + n--; } n = 5; g(new K().p);", " g(", " g(\"4\")"},
        {"let s = 'a'; function f() { g(s); var s = 'b'; } f();", " g(", " g(\"a\")"},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
