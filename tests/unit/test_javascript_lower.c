/* SPDX-License-Identifier: Apache-2.0 */
#include "js_shape.h"

TEST(modules)
{
    SHAPE("import d, {a as b, 'x y' as c} from 'm' with {type: 'json'}",
          "2 import \"m\" \"default\"\n3 bind import \"d\" %2\n4 import \"m\" \"a\"\n5 bind import \"b\" %4\n"
          "6 import \"m\" \"x y\"\n7 bind import \"c\" %6\n");
    SHAPE("import * as n from 'm'; import 'k'", "2 import \"m\"\n3 bind import \"n\" %2\n4 import \"k\"\n");
    SHAPE("import('m'); require('k'); import.meta.url",
          "2 read \"import\"\n3 const str \"m\"\n4 call %2 (%3)\n5 read \"require\"\n6 const str \"k\"\n"
          "7 call %5 (%6)\n8 read \"import.meta\"\n9 member %8 \"url\"\n");
    SHAPE("export {a as b}; export default f()",
          "2 read \"a\"\n3 export \"b\" %2\n4 read \"f\"\n5 call %4 ()\n6 export \"default\" %5\n");
    SHAPE("export * from 'm'; export {a as b} from 'm'; export * as n from 'm'",
          "2 import \"m\" +star\n3 export \"\" \"m\"\n4 import \"m\" \"a\"\n5 export \"b\" %4 \"m\"\n"
          "6 import \"m\"\n7 export \"n\" %6 \"m\"\n");
    SHAPE("export const a = 1, {b} = c; export function f() {}",
          "2 const int \"1\"\n3 bind assign \"a\" %2\n4 export \"a\" %2\n5 read \"c\"\n"
          "6 member %5 \"b\" +unpack\n7 bind assign \"b\" %6 +unpack\n8 export \"b\" %6\n9 func scope=1 ()\n"
          "10 bind def \"f\" %9 +hoisted\n11 export \"f\" %9\n12 enter function scope=1\n"
          "13 leave function %12\n");
}

TEST(calls)
{
    SHAPE("a.b(1, ...c)(d)",
          "2 read \"a\"\n3 member %2 \"b\"\n4 const int \"1\"\n5 read \"c\"\n6 call %3 (%4, *%5)\n"
          "7 read \"d\"\n8 call %6 (%7)\n");
    SHAPE("a?.b?.(c)?.[d]", "2 read \"a\"\n3 member %2 \"b\" +optional\n4 read \"c\"\n"
                            "5 call %3 (%4) +optional\n6 read \"d\"\n7 index %5 %6 +optional\n");
    SHAPE("new A; new a.B(c)(d)", "2 read \"A\"\n3 call %2 () +new\n4 read \"a\"\n5 member %4 \"B\"\n"
                                  "6 read \"c\"\n7 call %5 (%6) +new\n8 read \"d\"\n9 call %7 (%8)\n");
    SHAPE("new new X(1)(2)", "2 read \"X\"\n3 const int \"1\"\n4 call %2 (%3) +new\n5 const int \"2\"\n"
                             "6 call %4 (%5) +new\n");
    SHAPE("t`a${b}\\n`", "2 read \"t\"\n3 const str \"a\"\n4 read \"b\"\n5 const str \"\\n\"\n"
                         "6 seq array (%3, %5)\n7 call %2 (%6, %4) +tagged\n");
    shape s = shape_of(TW_S("x = (a\n  .b)(1)"));
    const tw_insn *c = nth_op(&s.ir, TW_OP_CALL, 0);
    CHECK_INT(c->off, 4); /* as ESTree: from the parenthesis around the callee */
    CHECK_INT(c->len, 11);
    tw_arena_free(s.a);
}

TEST(operators)
{
    SHAPE("a + b - c + d + e",
          "2 read \"a\"\n3 read \"b\"\n4 op \"+\" (%2, %3)\n5 read \"c\"\n6 op \"-\" (%4, %5)\n7 read \"d\"\n"
          "8 read \"e\"\n9 op \"+\" (%6, %7, %8)\n");
    SHAPE("a ** b ** c",
          "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 op \"**\" (%3, %4)\n6 op \"**\" (%2, %5)\n");
    SHAPE("a || b && c ?? d", "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 choose %3 %4 %3\n"
                              "6 choose %2 %2 %5\n7 read \"d\"\n8 choose %6 %6 %7\n");
    SHAPE("a ? b : c ? d : e",
          "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 read \"d\"\n6 read \"e\"\n7 choose %4 %5 %6\n"
          "8 choose %2 %3 %7\n");
    SHAPE("!typeof a in b", "2 read \"a\"\n3 op \"typeof\" (%2)\n4 op \"!\" (%3)\n5 read \"b\"\n"
                            "6 op \"in\" (%4, %5)\n");
    SHAPE("delete a.b, void 0", "2 read \"a\"\n3 setmember level=8 %2 \"b\"\n4 const int \"0\"\n"
                                "5 op \"void\" (%4)\n");
    SHAPE("`a${b}c`; `x`; ``", "2 const str \"a\"\n3 read \"b\"\n4 const str \"c\"\n5 concat (%2, %3, %4)\n"
                               "6 const str \"x\"\n7 const str \"\"\n");
    SHAPE("a / b / c; x = /[/]\\//g", "2 read \"a\"\n3 read \"b\"\n4 op \"/\" (%2, %3)\n5 read \"c\"\n"
                                      "6 op \"/\" (%4, %5)\n7 const regex \"/[/]\\\\//g\"\n"
                                      "8 bind assign \"x\" %7\n");
    SHAPE("#p in o", "2 read \"#p\"\n3 read \"o\"\n4 op \"in\" (%2, %3)\n");
}

TEST(assignments)
{
    SHAPE("a = b.c = d[0] = e",
          "2 read \"b\"\n3 read \"d\"\n4 const int \"0\"\n5 read \"e\"\n6 setindex %3 %4 %5\n"
          "7 setmember %2 \"c\" %5\n8 bind assign \"a\" %5\n");
    SHAPE("a += b; c.d ?"
          "?= 1",
          "2 read \"a\"\n3 read \"b\"\n4 op \"+\" (%2, %3)\n5 bind aug \"a\" %4\n"
          "6 read \"c\"\n7 member %6 \"d\"\n8 const int \"1\"\n9 choose %7 %7 %8\n"
          "10 setmember %6 \"d\" %9\n");
    SHAPE("a = b++; --c", "2 read \"b\"\n3 op \"++\" (%2)\n4 bind aug \"b\" %3\n5 bind assign \"a\" %2\n"
                          "6 read \"c\"\n7 op \"--\" (%6)\n8 bind aug \"c\" %7\n");
    SHAPE("const {a, b: c = 1, ...r} = v",
          "2 nop\n3 nop\n4 nop\n5 const int \"1\"\n6 read \"v\"\n7 member %6 \"a\" +unpack\n"
          "8 bind assign \"a\" %7 +unpack\n9 member %6 \"b\" +unpack\n10 choose %9 %9 %5\n"
          "11 bind assign \"c\" %10 +unpack\n12 bind assign \"r\" %6 +unpack\n");
    SHAPE("[x, , ...y] = v", "2 read \"v\"\n3 const int \"0\" +unpack\n4 index %2 %3 +unpack\n"
                             "5 bind assign \"x\" %4 +unpack\n6 iter %2\n7 bind assign \"y\" %6 +unpack\n");
    SHAPE("({a: [b.c], [k]: d = 2} = v)",
          "2 nop\n3 read \"b\"\n4 nop\n5 nop\n6 read \"k\"\n7 const int \"2\"\n8 read \"v\"\n"
          "9 member %8 \"a\" +unpack\n10 const int \"0\" +unpack\n11 index %9 %10 +unpack\n"
          "12 setmember %3 \"c\" %11 +unpack\n13 index %8 %6 +unpack\n14 choose %13 %13 %7\n"
          "15 bind assign \"d\" %14 +unpack\n");
    SHAPE("[[a] = b] = c", "2 read \"b\"\n3 read \"c\"\n4 const int \"0\" +unpack\n"
                           "5 index %3 %4 +unpack\n6 choose %5 %5 %2\n7 const int \"0\" +unpack\n"
                           "8 index %6 %7 +unpack\n9 bind assign \"a\" %8 +unpack\n");
    SHAPE("var x, let, of", "2 bind assign \"x\"\n3 bind assign \"let\"\n4 bind assign \"of\"\n");
}

TEST(functions)
{
    SHAPE("function f(a, b = 1, ...c) { return a }",
          "2 const int \"1\"\n3 func scope=1 (b=%2)\n4 bind def \"f\" %3 +hoisted\n"
          "5 enter function scope=1\n6 bind param \"a\"\n7 bind param \"b\" %2\n8 bind param \"c\"\n"
          "9 read \"a\"\n10 return %9\n11 leave function %5\n");
    SHAPE("g(({a}, [b] = []) => b, x => ({x}))",
          "2 read \"g\"\n3 nop\n4 nop\n5 nop\n6 seq array ()\n7 func scope=1 (%6)\n"
          "8 enter lambda scope=1\n9 bind param \"\"\n10 read \"\"\n11 member %10 \"a\" +unpack\n"
          "12 bind assign \"a\" %11 +unpack\n13 bind param \"\" %6\n14 read \"\"\n"
          "15 const int \"0\" +unpack\n16 index %14 %15 +unpack\n17 bind assign \"b\" %16 +unpack\n"
          "18 read \"b\"\n19 return %18\n20 leave lambda %8\n21 func scope=2 ()\n22 enter lambda scope=2\n"
          "23 bind param \"x\"\n24 const str \"x\"\n25 read \"x\"\n26 map (%24, %25)\n27 return %26\n"
          "28 leave lambda %22\n29 call %2 (%7, %21)\n");
    SHAPE("x = function h() {}", "2 func scope=1 ()\n3 enter function scope=1\n4 bind def \"h\" %2\n"
                                 "5 leave function %3\n6 bind assign \"x\" %2\n");
    SHAPE("function f() { a = 1; var b; b = a; c++ }",
          "2 func scope=1 ()\n3 bind def \"f\" %2 +hoisted\n4 enter function scope=1\n5 const int \"1\"\n"
          "6 bind assign \"a\" %5\n7 bind assign \"b\"\n8 read \"a\"\n9 bind assign \"b\" %8\n10 read \"c\"\n"
          "11 op \"++\" (%10)\n12 bind aug \"c\" %11\n13 scope nonlocal \"a\"\n14 scope nonlocal \"c\"\n"
          "15 leave function %4\n");
    shape s = shape_of(TW_S("async function* f() { yield* await g } async x => await x; async (a, b) => {}"));
    CHECK_INT(s.ir.scopes.v[1].flags, 3);
    CHECK_INT(s.ir.scopes.v[2].flags, 1);
    CHECK_INT(s.ir.scopes.v[3].n_params, 2);
    CHECK_INT(count_op(&s.ir, TW_OP_CALL), 0);
    CHECK_INT(count_op(&s.ir, TW_OP_OPAQUE), 0);
    tw_arena_free(s.a);
}

TEST(classes)
{
    SHAPE("@d class C extends B { #p = 1; static { f() } @e m(x) {} [k]() {} get y() { return 1 } }",
          "2 read \"d\"\n3 read \"B\"\n4 class scope=1 (%3)\n5 decorate %2 %4\n6 bind def \"C\" %5\n"
          "7 enter class scope=1\n8 const int \"1\"\n9 bind assign \"#p\" %8\n10 enter with\n11 read \"f\"\n"
          "12 call %11 ()\n13 leave with %10\n14 read \"e\"\n15 func scope=2 ()\n16 decorate %14 %15\n"
          "17 bind def \"m\" %16\n18 enter function scope=2\n19 bind param \"this\"\n20 bind param \"x\"\n"
          "21 leave function %18\n22 read \"k\"\n23 func scope=3 ()\n24 bind def \"\" %23\n"
          "25 enter function scope=3\n26 bind param \"this\"\n27 leave function %25\n28 func scope=4 ()\n"
          "29 bind def \"y\" %28\n30 enter function scope=4\n31 bind param \"this\"\n32 const int \"1\"\n"
          "33 return %32\n34 leave function %30\n35 leave class %7\n");
    SHAPE(
        "x = class D { static async = 1; get; set; static }",
        "2 class scope=1 ()\n3 enter class scope=1\n4 bind def \"D\" %2\n5 const int \"1\"\n"
        "6 bind assign \"async\" %5\n7 bind assign \"get\"\n8 bind assign \"set\"\n9 bind assign \"static\"\n"
        "10 leave class %3\n11 bind assign \"x\" %2\n");
    SHAPE(
        "x = {a, b: 1, [k]: w, 'c'() {}, ...r, async *g() {}, get: 2}",
        "2 const str \"a\"\n3 read \"a\"\n4 const str \"b\"\n5 const int \"1\"\n6 read \"k\"\n7 read \"w\"\n"
        "8 const str \"c\"\n9 func scope=1 ()\n10 enter function scope=1\n11 leave function %10\n"
        "12 read \"r\"\n13 const str \"g\"\n14 func scope=2 ()\n15 enter function scope=2\n"
        "16 leave function %15\n17 const str \"get\"\n18 const int \"2\"\n"
        "19 map (%2, %3, %4, %5, %6, %7, %8, %9, **%12, **%0, %13, %14, %17, %18)\n"
        "20 bind assign \"x\" %19\n");
}

TEST(statements)
{
    SHAPE("if (a) b; else if (c) d; else e", "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 leave then %3\n"
                                             "6 enter else %2\n7 read \"c\"\n8 enter then %7\n9 read \"d\"\n"
                                             "10 leave then %8\n11 enter else %7\n12 read \"e\"\n"
                                             "13 leave else %11\n14 leave else %6\n");
    SHAPE("if (require.main === module) f()",
          "2 read \"require\"\n3 member %2 \"main\"\n4 read \"module\"\n5 op \"===\" (%3, %4)\n"
          "6 enter main-guard %5\n7 read \"f\"\n8 call %7 ()\n9 leave main-guard %6\n");
    SHAPE("for (const x of s) a", "2 read \"s\"\n3 enter loop\n4 iter %2\n5 bind for \"x\" %4\n6 read \"a\"\n"
                                  "7 leave loop %3\n");
    SHAPE("for (x.y in s) a", "2 read \"x\"\n3 read \"s\"\n4 op \"keys\" (%3)\n5 enter loop\n6 iter %4\n"
                              "7 setmember %2 \"y\" %6\n8 read \"a\"\n9 leave loop %5\n");
    SHAPE("for (var i = 0; i; i++) a",
          "2 const int \"0\"\n3 bind assign \"i\" %2\n4 enter loop\n5 read \"i\"\n6 enter with %5 +hoisted\n"
          "7 read \"i\"\n8 op \"++\" (%7)\n9 bind aug \"i\" %8\n10 leave with %6\n11 read \"a\"\n"
          "12 leave loop %4\n");
    SHAPE("do a(); while (b) c", "2 enter loop\n3 read \"a\"\n4 call %3 ()\n5 read \"b\"\n6 leave loop %2\n"
                                 "7 read \"c\"\n");
    SHAPE("l: while (a) { break l }", "2 read \"a\"\n3 enter loop %2\n4 jump break \"l\"\n5 leave loop %3\n");
    SHAPE(
        "switch (a) { case 1: b; default: c }",
        "2 read \"a\"\n3 enter match %2\n4 const int \"1\"\n5 enter case %4\n6 read \"b\"\n7 leave case %5\n"
        "8 enter case\n9 read \"c\"\n10 leave case %8\n11 leave match %3\n");
    SHAPE("try { a } catch ({m}) { b } finally { c }",
          "2 enter try\n3 read \"a\"\n4 leave try %2\n5 enter catch\n6 bind catch \"\"\n7 read \"\"\n"
          "8 member %7 \"m\" +unpack\n9 bind assign \"m\" %8 +unpack\n10 read \"b\"\n11 leave catch %5\n"
          "12 enter finally\n13 read \"c\"\n14 leave finally %12\n");
    SHAPE("with (a) b; throw c",
          "2 read \"a\"\n3 enter with %2\n4 read \"b\"\n5 leave with %3\n6 read \"c\"\n"
          "7 throw %6\n");
}

/* What must read without an error; how many calls there are. */
static const struct {
    const char *src;
    uint32_t calls;
} grammar[] = {
    {"a\n++b\nc()", 1},
    {"let\nx = f()", 1},
    {"x = y\n/re/g.exec(z)", 1},
    {"if (x) /re/.test(f())", 2},
    {"function f() {} /re/.test(x)", 1},
    {"x = function () {} / 2", 0},
    {"x = {} / 2; ({}) / f()", 1},
    {"f\n`x`", 1},
    {"return\nf()", 1},
    {"var a = x => {}\n(f())", 1},
    {"a = x => {}, b = () => {}, f()", 1},
    {"async () => { for await (const x of y) await z(x) }", 1},
    {"async\nfunction f() {}", 0},
    {"var async = 1; async = async(1)", 1},
    {"yield = 1; let = 2; of = 3; static = get + set", 0},
    {"for (let of of xs) f(of)", 1},
    {"for (let in x) f(); for (let = 0; let < 1; let++) f()", 2},
    {"for (async of => {}; f(); ) break", 1},
    {"for (var i = 0 in {}) f()", 1},
    {"for (var i = (a in b) ? 1 : 2; f(); ) ;", 1},
    {"a = b ? (c, d) : (e) ; f()", 1},
    {"a = b ? (c) : d => f()", 1},
    {"a ? (b) => c : d => f()", 1},
    {"({a = 1}) => a; ({a = 1} = f())", 1},
    {"({a, b: {c = 1, ...d}}, [e, , f = g()] = [], ...h) => f()", 2},
    {"async ({a = 1}, b = 2) => f()", 1},
    {"(a, b,) => f(a,)", 1},
    {"label: for (;;) { continue label }", 0},
    {"x = a ? b : c ? d : e, f()", 1},
    {"`a${`b${c()}`}d${{}.e}`; f()", 2},
    {"new.target; import.meta; new f; new (g())()", 3},
    {"x?.5:y; x ?.5 : f()", 1},
    {"a = b\n<!-- c()\n--> d()\ne()", 1},
    {"import 'm'; a<!--b; f()", 1},
    {"#!/usr/bin/env node\nf()", 1},
    {"\xEF\xBB\xBF"
     "f()",
     1},
    {"\\u0061() ; \\u{62}()", 2},
    {"a\xE2\x80\xA8"
     "b()",
     1},
    {"class A { 'constructor'() {} static static() {} async *[x]() {} get get() {} static async = f(); "
     "a; b = 1\nc() {} }",
     1},
    {"class A { static { await: f() } accessor x = 1; static accessor y; accessor; }", 1},
    {"export default class {}\nexport default function () {}\nf()", 1},
    {"export default async () => f()", 1},
    {"export default async function* f() {}\n(1)", 0},
    {"import defer * as a from 'x'; import source b from 'y'; import type from 'z'; f()", 1},
    {"using a = f(); await using b = g()", 2},
    {"await f(); await (g)()", 2},
    {"x = 0x1F + 0b11 + 0o17 + 017 + 1_000n + .5e-3 + 1.e3; 1..f()", 1},
    {"if (a) function f() {} else ; g()", 1},
    {"while (a) if (b) continue; else break\nf()", 1},
    {"do ; while (0) f()", 1},
    {"switch (a) {} f()", 1},
    {"({ get a() {}, set b(c) {}, async d() {}, *e() {}, async, get, set, 1: 2, 'x': 3, if: 4, "
     "__proto__: f() })",
     1},
    {"({ async: 1, get: 2, await: 3, async() {}, get() {} }).f()", 1},
    {"var { a = 1, ...b } = c, [d = f()] = e", 1},
    {"throw new Error(f())\n", 2},
    {"a = b || (c, f)()", 1},
    {"!function () { f() }()", 2},
    {"(function () { f() })()", 2},
    {"x = async function () { await f() }", 1},
    {"function* g() { const x = yield\nf(); yield* h(); yield (a) }", 2},
    {"/[/\\]]/.f()", 1},
    {"x = /=/.f()", 1},
    {"a = {}\n[f()]", 1},
    {"a.if.class.new()", 1},
    {"a.#b?.#c()", 1},
    {"{ } /x/.f()", 1},
    {"x++ / f() / y", 1},
    {"'\\\n' + \"\\\r\n\" + f()", 1},
    {"@a.b @c(f()) class D { @e x; @f() @g m() {} @h static y = 1 }", 3},
    {"x = @d() class {}", 1},
    {"var a = 1\nvar b\nf()", 1},
    {"a = b => c => d => f()", 1},
    {"a ?"
     "?= b &&= c ||= f()",
     1},
    {"debugger\nf()", 1},
};

TEST(grammar)
{
    for (size_t i = 0; i < TW_COUNT(grammar); i++) {
        shape s = shape_of(tw_str_c(grammar[i].src));
        uint32_t opaque = count_op(&s.ir, TW_OP_OPAQUE), calls = count_op(&s.ir, TW_OP_CALL);
        if (opaque || calls != grammar[i].calls)
            fprintf(stderr, "%s: %u opaque, %u calls\n", grammar[i].src, opaque, calls), tw_failed_in_test_++;
        tw_arena_free(s.a);
    }
}

/* Calls around a break stay. */
TEST(errors_cost_their_statement)
{
    static const struct {
        const char *src;
        uint32_t calls;
    } rows[] = {
        {"a(); b(c d); e()", 3},
        {"a(1\nb()\n", 2},
        {"a('never closed\nb()\n", 2},
        {"function f( { a() }\nb()", 1},
        {"function f(a b) { c() }\nd()", 2},
        {"x = [a(), b(\nimport os\nc()\n", 3},
        {"`a ${b c} d`\ne()", 1},
        {"a(`never closed\nb()", 2},
        {"/* never closed\na()", 1},
        {"class A { m( { a() } n() { b() } }\nc()", 2},
        {"x => f(x\n)]\na()", 2},
        {"if (a b) { c() } d()", 2},
        {"for (;;;) { c() } d()", 2},
        {"}}} a()", 1},
        {"case 1: a()", 1},
        {"f(function () { a( } ); b()", 3},
        {"foo({a: 1 b: 2}, c()); d()", 2},
        {"var x = ; a(); var = 3; b()", 2},
        {"<<<<<<< HEAD\na()\n=======\nb()\n>>>>>>> x\nc()", 3},
        {"function f() { a()", 1},
    };
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        shape s = shape_of(tw_str_c(rows[i].src));
        uint32_t opaque = count_op(&s.ir, TW_OP_OPAQUE), calls = count_op(&s.ir, TW_OP_CALL);
        if (!opaque || calls < rows[i].calls || !(s.ir.flags & TW_IRF_RECOVERED))
            fprintf(stderr, "%s: %u opaque, %u calls\n%.*s", rows[i].src, opaque, calls, TW_FMT(s.text)),
                tw_failed_in_test_++;
        tw_arena_free(s.a);
    }
}

static tw_str repeat(tw_arena *a, const char *pre, size_t n, const char *mid, const char *post)
{
    size_t np = strlen(pre), nq = strlen(post), nm = strlen(mid);
    char *p = tw_arena_alloc(a, n * (np + nq) + nm + 1), *q = p;
    for (size_t i = 0; i < n; i++) memcpy(q, pre, np), q += np;
    memcpy(q, mid, nm), q += nm;
    for (size_t i = 0; i < n; i++) memcpy(q, post, nq), q += nq;
    return (tw_str){p, (size_t)(q - p)};
}

TEST(depth_and_length)
{
    static const struct {
        const char *pre, *mid, *post;
        bool cut;
    } rows[] = {
        {"(", "x()", ")", true},
        {"[", "x()", "]", true},
        {"f(", "x()", ")", true},
        {"a[", "x()", "]", true},
        {"!", "x()", "", true},
        {"x=>", "x()", "", true},
        {"a?b:", "x()", "", true},
        {"a?", "x()", ":b", true},
        {"`${", "x()", "}`", true},
        {"{", "x()", "}", true},
        {"a.", "b()", "", false},
        {"'a'+", "x()", "", false},
        {"x()(", "", ")", true},
        {"a||", "x()", "", false},
        {"a<", "x()", "", false},
        {"a,", "x()", "", false},
        {"a=", "x()", "", true},
        {"l:", "x()", "", false},
        {"if(a)b();else ", "x()", "", true},
        {"({a:", "x()", "})", true},
        {"new ", "x()", "", true},
        {"function f(){", "x()", "}", true},
        {"(a=", "x()", ")=>b", true},
        {"[a,[", "b", "]]", true},
        {"if(a)", "x()", "", true},
        {"class A{m(){", "x()", "}}", true},
        {"async(", "x()", ")", true},
        {"a;", "x()", "", false},
        {"for(;;)", "x()", "", true},
        {"do ", "x()", " while(0)", true},
        {"try{", "x()", "}catch{}", true},
        {"[[a]=", "b", "]", true},
        {"function f(a=", "x()", "){}", true},
        {"a**", "x()", "", true},
        {"-", "x()", "", true},
        {"x?.", "y()", "", false},
    };
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        shape s = {.a = tw_arena_new(0)};
        tw_limits lim = tw_limits_default();
        tw_buf src = TW_BUF_INIT;
        tw_buf_puts(&src, repeat(a, rows[i].pre, 100000, rows[i].mid, rows[i].post));
        tw_buf_puts(&src, TW_S("\n;last()\n"));
        tw_front_javascript.lower(s.a, tw_buf_str(&src), &lim, &s.ir);
        const char *wrong = ir_wrong(&s.ir);
        bool cut = false, last = false;
        for (uint32_t k = 1; k < s.ir.insns.n; k++) {
            const tw_insn *x = &s.ir.insns.v[k];
            cut |= x->op == TW_OP_OPAQUE && x->kind == TW_GAP_LIMIT;
            last |= x->op == TW_OP_CALL && tw_str_eq(tw_ir_text(&s.ir, s.ir.insns.v[x->a].a), TW_S("last"));
        }
        if (wrong || cut != rows[i].cut || !last)
            fprintf(stderr, "%s: %s, cut %d, last %d, insns %u\n", rows[i].pre, wrong ? wrong : "", cut, last,
                    s.ir.insns.n),
                tw_failed_in_test_++;
        tw_buf_free(&src);
        tw_arena_free(s.a);
    }
    tw_arena_free(a);
}

TEST(limits_are_reported)
{
    tw_limits lim = tw_limits_default();
    lim.source_bytes = 8;
    shape s = shape_lim(TW_S("a()\nb()\nc()\n"), &lim);
    CHECK_INT(count_op(&s.ir, TW_OP_CALL), 2);
    CHECK_INT(nth_op(&s.ir, TW_OP_OPAQUE, 0)->kind, TW_GAP_LIMIT);
    CHECK(s.ir.flags & TW_IRF_TRUNCATED);
    tw_arena_free(s.a);
    lim = tw_limits_default();
    lim.tokens_per_kb = 0;
    tw_arena *a = tw_arena_new(0);
    s = shape_lim(repeat(a, "a()\n", 5000, "", ""), &lim);
    CHECK(count_op(&s.ir, TW_OP_CALL) < 1400);
    CHECK_INT(nth_op(&s.ir, TW_OP_OPAQUE, count_op(&s.ir, TW_OP_OPAQUE) - 1)->kind, TW_GAP_LIMIT);
    CHECK(s.ir.flags & TW_IRF_TRUNCATED);
    tw_arena_free(s.a);
    tw_arena_free(a);
}

/* Every cut and every changed byte of a file with all constructs still gives a well-formed stream. */
TEST(any_prefix_and_any_byte)
{
    static const char src[] =
        "import d,{a as b} from'm';export*from'k';@d class C extends B{#p=1;static{f()}@e "
        "async*m(x,{y=1},[z])"
        "{yield*await g}get[k](){}}\nfor(const[k,v]of o)if(k)g(k);else do h(...v)\nwhile(0)\n"
        "({a:[b.c]=[1],...d}=e=>`a${b`c${d}`}`,async({x=1},y)=>{try{throw/r[/]/g}catch({m}){l:for(;;)break "
        "l}})\n"
        "switch(a?.b?.(c)?.[d]??e){case 1:x=y?z:w;default:var q=new A(1)*-typeof b++,r={s(){},get t(){},u}}";
    tw_limits lim = tw_limits_default();
    char text[sizeof src];
    for (size_t n = 0; n < sizeof src; n++) {
        tw_arena *a = tw_arena_new(0);
        tw_ir ir;
        tw_front_javascript.lower(a, (tw_str){src, n}, &lim, &ir);
        CHECK(!ir_wrong(&ir));
        for (size_t k = 0; k < 14 && n < sizeof src - 1; k++) {
            memcpy(text, src, sizeof src);
            text[n] = "()[]{}'`:,\n /="[k];
            tw_front_javascript.lower(a, (tw_str){text, sizeof src - 1}, &lim, &ir);
            CHECK(!ir_wrong(&ir));
        }
        tw_arena_free(a);
    }
}

TESTS_MAIN()
