/* SPDX-License-Identifier: Apache-2.0 */
#include "py_shape.h"

TEST(imports)
{
    SHAPE("import a.b as c, d.e",
          "2 import \"a.b\"\n3 bind import \"c\" %2\n4 import \"d.e\"\n5 import \"d\" +parent\n"
          "6 bind import \"d\" %5\n");
    SHAPE("from ..x import (a as b, c,)",
          "2 import level=2 \"x\" \"a\"\n3 bind import \"b\" %2\n4 import level=2 \"x\" \"c\"\n"
          "5 bind import \"c\" %4\n");
    SHAPE("from ... import a", "2 import level=3 \"\" \"a\"\n3 bind import \"a\" %2\n");
    SHAPE("from x import *", "2 import \"x\" +star\n");
}

TEST(calls)
{
    SHAPE("a.b(1, *c, k=d, **e)",
          "2 read \"a\"\n3 member %2 \"b\"\n4 const int \"1\"\n5 read \"c\"\n6 read \"d\"\n7 read \"e\"\n"
          "8 call %3 (%4, *%5, k=%6, **%7)\n");
    SHAPE("f()()", "2 read \"f\"\n3 call %2 ()\n4 call %3 ()\n");
    SHAPE("f(async=1)", "2 read \"f\"\n3 const int \"1\"\n4 call %2 (async=%3)\n");
    shape s = shape_of(TW_S("x = (a\n  .b)(1)"));
    const tw_insn *c = nth_op(&s.ir, TW_OP_CALL, 0);
    CHECK_INT(c->off, 4); /* as CPython: from the bracket around the callee */
    CHECK_INT(c->len, 11);
    tw_arena_free(s.a);
}

TEST(operators)
{
    SHAPE("-a ** -b * c",
          "2 read \"a\"\n3 read \"b\"\n4 op \"-\" (%3)\n5 op \"**\" (%2, %4)\n6 op \"-\" (%5)\n7 read \"c\"\n"
          "8 op \"*\" (%6, %7)\n");
    SHAPE("a + b - c + d + e",
          "2 read \"a\"\n3 read \"b\"\n4 op \"+\" (%2, %3)\n5 read \"c\"\n6 op \"-\" (%4, %5)\n7 read \"d\"\n"
          "8 read \"e\"\n9 op \"+\" (%6, %7, %8)\n");
    SHAPE("a ** b ** c",
          "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 op \"**\" (%3, %4)\n6 op \"**\" (%2, %5)\n");
    SHAPE("not a == b", "2 read \"a\"\n3 read \"b\"\n4 op \"==\" (%2, %3)\n5 op \"not\" (%4)\n");
    SHAPE("a < b not in c",
          "2 read \"a\"\n3 read \"b\"\n4 op \"<\" (%2, %3)\n5 read \"c\"\n6 op \"not in\" (%3, %5)\n"
          "7 choose %4 %6 %4\n");
    SHAPE("a or b and c", "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 choose %3 %4 %3\n6 choose %2 %2 %5\n");
    SHAPE("a if b else c if d else e",
          "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 read \"d\"\n6 read \"e\"\n"
          "7 choose %5 %4 %6\n8 choose %3 %2 %7\n");
    SHAPE("a @ b is not c",
          "2 read \"a\"\n3 read \"b\"\n4 op \"@\" (%2, %3)\n5 read \"c\"\n6 op \"is not\" (%4, %5)\n");
    SHAPE("(y := a.b).c", "2 read \"a\"\n3 member %2 \"b\"\n4 bind walrus \"y\" %3\n5 member %3 \"c\"\n");
    SHAPE("a <> `b`", "2 read \"a\"\n3 read \"b\"\n4 op \"`\" (%3)\n5 op \"<>\" (%2, %4)\n");
}

TEST(displays_and_subscripts)
{
    SHAPE("{**a, b: c}", "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 map (**%2, **%0, %3, %4)\n");
    SHAPE("{*a, b}; {}; (); [*a]",
          "2 read \"a\"\n3 read \"b\"\n4 seq set (*%2, %3)\n5 map ()\n6 seq tuple ()\n7 read \"a\"\n"
          "8 seq list (*%7)\n");
    SHAPE("a[b:, ::c]",
          "2 read \"a\"\n3 read \"b\"\n4 seq slice (%3, %0, %0)\n5 read \"c\"\n6 seq slice (%0, %0, %5)\n"
          "7 seq tuple (%4, %6)\n8 index %2 %7\n");
    SHAPE(
        "a[::-1]",
        "2 read \"a\"\n3 const int \"1\"\n4 op \"-\" (%3)\n5 seq slice (%0, %0, %4)\n6 index %2 %5 +slice\n");
}

TEST(fstrings)
{
    SHAPE("f'a{b}c{d!r:>{w}}'",
          "2 const str \"a\"\n3 read \"b\"\n4 const str \"c\"\n5 read \"d\"\n6 op \"!r\" (%5)\n"
          "7 const str \">\"\n8 read \"w\"\n9 concat (%7, %8)\n10 op \":\" (%6, %9)\n"
          "11 concat (%2, %3, %4, %10)\n");
    SHAPE("f'{a['x']}{{' 'y' f\"{f'{b}'}\"",
          "2 read \"a\"\n3 const str \"x\"\n4 index %2 %3\n5 const str \"{y\"\n6 read \"b\"\n"
          "7 concat (%6)\n8 concat (%4, %5, %7)\n");
    SHAPE("f'p{x = }'", "2 const str \"px = \"\n3 read \"x\"\n4 op \"!r\" (%3)\n5 concat (%2, %4)\n");
    SHAPE("f'{x:=5}{y!=z}{a,}'",
          "2 read \"x\"\n3 const str \"=5\"\n4 op \":\" (%2, %3)\n5 read \"y\"\n6 read \"z\"\n"
          "7 op \"!=\" (%5, %6)\n8 read \"a\"\n9 seq tuple (%8)\n10 concat (%4, %7, %9)\n");
}

TEST(comprehensions)
{
    SHAPE("[f(a) for a in b if c]",
          "2 read \"b\"\n3 enter comprehension scope=1\n4 iter %2\n5 bind for \"a\" %4\n6 read \"c\"\n"
          "7 enter then %6\n8 read \"f\"\n9 read \"a\"\n10 call %8 (%9)\n11 yield %10\n"
          "12 leave then %7\n13 leave comprehension %3\n14 seq list (*%13)\n");
    SHAPE("g(a for b in c for a in b)",
          "2 read \"g\"\n3 read \"c\"\n4 enter comprehension scope=1\n5 iter %3\n6 bind for \"b\" %5\n"
          "7 read \"b\"\n8 enter loop\n9 iter %7\n10 bind for \"a\" %9\n11 read \"a\"\n12 yield %11\n"
          "13 leave loop %8\n14 leave comprehension %4\n15 call %2 (%14)\n");
    SHAPE(
        "{k: v for k in v}",
        "2 read \"v\"\n3 enter comprehension scope=1\n4 iter %2\n5 bind for \"k\" %4\n6 read \"k\"\n"
        "7 read \"v\"\n8 seq tuple (%6, %7)\n9 yield %8\n10 leave comprehension %3\n11 map (**%10, **%0)\n");
    shape s = shape_of(TW_S("[[lambda: x for x in y] for y in [z for z in w]]"));
    CHECK_INT(s.ir.scopes.n, 5);
    for (uint32_t i = 1; i < s.ir.scopes.n; i++)
        if (s.ir.scopes.v[i].kind == TW_REGION_LAMBDA)
            CHECK_INT(s.ir.scopes.v[s.ir.scopes.v[i].parent].kind, TW_REGION_COMPREHENSION);
    tw_arena_free(s.a);
}

TEST(functions)
{
    SHAPE("@d\ndef f(a, b: c = 1, *e, g=2, **h) -> i:\n return a\n",
          "2 read \"d\"\n3 read \"c\"\n4 const int \"1\"\n5 const int \"2\"\n6 read \"i\"\n7 func scope=1 "
          "(b=%4, g=%5)\n"
          "8 decorate %2 %7\n9 bind def \"f\" %8\n10 enter function scope=1\n11 bind param \"a\"\n12 bind "
          "param \"b\" %4\n"
          "13 bind param \"e\"\n14 bind param \"g\" %5\n15 bind param \"h\"\n16 read \"a\"\n17 return "
          "%16\n18 leave function %10\n");
    SHAPE("lambda x, y=1: x + y",
          "2 const int \"1\"\n3 func scope=1 (y=%2)\n4 enter lambda scope=1\n5 bind param \"x\"\n"
          "6 bind param \"y\" %2\n7 read \"x\"\n8 read \"y\"\n9 op \"+\" (%7, %8)\n10 return %9\n11 leave "
          "lambda %4\n");
    shape s = shape_of(TW_S("async def f(a, /, b, *, c): yield (await d)\nclass C[T](B, m=M): pass"));
    const tw_scope *f = &s.ir.scopes.v[1];
    CHECK_INT(f->flags, 3);
    CHECK_STR(tw_ir_text(&s.ir, f->name), TW_S("f"));
    CHECK_INT(f->n_params, 3);
    CHECK_INT(s.ir.params.v[f->params + 2].kind, 1);
    CHECK_INT(s.ir.scopes.v[2].kind, TW_REGION_CLASS);
    tw_arena_free(s.a);
}

TEST(assignments)
{
    SHAPE("a = b.c = d[0] = e",
          "2 read \"b\"\n3 read \"d\"\n4 const int \"0\"\n5 read \"e\"\n6 bind assign \"a\" %5\n"
          "7 setmember %2 \"c\" %5\n8 setindex %3 %4 %5\n");
    SHAPE("a.b, c[0] = d",
          "2 read \"a\"\n3 nop\n4 read \"c\"\n5 const int \"0\"\n6 read \"d\"\n7 const int \"0\" +unpack\n"
          "8 index %6 %7 +unpack\n9 setmember %2 \"b\" %8 +unpack\n10 const int \"1\" +unpack\n"
          "11 index %6 %10 +unpack\n12 setindex %4 %5 %11 +unpack\n");
    SHAPE("a, (*b, c) = d",
          "2 read \"d\"\n3 const int \"0\" +unpack\n4 index %2 %3 +unpack\n5 bind assign \"a\" %4 +unpack\n"
          "6 const int \"1\" +unpack\n7 index %2 %6 +unpack\n8 iter %7\n9 bind assign \"b\" %8 +unpack\n"
          "10 iter %7\n11 bind assign \"c\" %10 +unpack\n");
    SHAPE("a += b", "2 read \"a\"\n3 read \"b\"\n4 op \"+\" (%2, %3)\n5 bind aug \"a\" %4\n");
    SHAPE("a: b = c", "2 read \"b\"\n3 read \"c\"\n4 bind assign \"a\" %3\n");
    SHAPE("del a, b.c", "2 nop\n3 read \"b\"\n4 bind del \"a\"\n5 setmember level=8 %3 \"c\"\n");
}

TEST(blocks)
{
    SHAPE("if a: b\nelif c: d\nelse: e\nf",
          "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 leave then %3\n6 enter else %2\n"
          "7 read \"c\"\n8 enter then %7\n9 read \"d\"\n10 leave then %8\n11 enter else %7\n"
          "12 read \"e\"\n13 leave else %11\n14 leave else %6\n15 read \"f\"\n");
    SHAPE("for a in b:\n c\nelse: d",
          "2 read \"b\"\n3 enter loop\n4 iter %2\n5 bind for \"a\" %4\n6 read \"c\"\n7 leave loop %3\n"
          "8 enter else\n9 read \"d\"\n10 leave else %8\n");
    SHAPE("try: a\nexcept (B, C) as e: d\nfinally: f",
          "2 enter try\n3 read \"a\"\n4 leave try %2\n5 read \"B\"\n6 read \"C\"\n"
          "7 seq tuple (%5, %6)\n8 enter catch %7\n9 bind catch \"e\" %7\n10 read \"d\"\n"
          "11 leave catch %8\n12 enter finally\n13 read \"f\"\n14 leave finally %12\n");
    SHAPE(
        "with a as b, c: d",
        "2 read \"a\"\n3 bind with \"b\" %2\n4 read \"c\"\n5 enter with %4\n6 read \"d\"\n7 leave with %5\n");
    SHAPE("if '__main__' == __name__: a",
          "2 const str \"__main__\"\n3 read \"__name__\"\n4 op \"==\" (%2, %3)\n5 enter main-guard %4\n"
          "6 read \"a\"\n7 leave main-guard %5\n");
    SHAPE("if t.TYPE_CHECKING: import a",
          "2 read \"t\"\n3 member %2 \"TYPE_CHECKING\"\n4 enter type-checking %3\n5 import \"a\"\n"
          "6 bind import \"a\" %5\n7 leave type-checking %4\n");
    SHAPE("while a: global b; raise c",
          "2 read \"a\"\n3 enter loop %2\n4 scope global \"b\"\n5 read \"c\"\n6 throw %5\n7 leave loop %3\n");
}

TEST(match)
{
    SHAPE("match a:\n case [1, b] if c: d",
          "2 read \"a\"\n3 enter match %2\n4 const int \"1\"\n5 bind assign \"b\" %2 +unpack\n"
          "6 seq list (%4, %5)\n7 read \"c\"\n8 enter case %7\n9 read \"d\"\n10 leave case %8\n"
          "11 leave match %3\n");
    shape s = shape_of(TW_S("match a:\n case P(x=1, y=Q.r) | 'k': pass\n case _: pass\nmatch = "
                            "match(1)\nmatch[1].x\nprint(match)\n"));
    CHECK_INT(count_op(&s.ir, TW_OP_OPAQUE), 0);
    CHECK_INT(count_op(&s.ir, TW_OP_CALL), 2);
    tw_arena_free(s.a);
}

TEST(python2)
{
    SHAPE("print 'a', b",
          "2 read \"print\"\n3 const str \"a\"\n4 read \"b\"\n5 call %2 (%3, %4) +statement\n");
    SHAPE("print >>f, 'a',",
          "2 read \"print\"\n3 read \"f\"\n4 const str \"a\"\n5 call %2 (file=%3, %4) +statement\n");
    SHAPE("exec a in b, c",
          "2 read \"exec\"\n3 read \"a\"\n4 read \"b\"\n5 read \"c\"\n6 call %2 (%3, %4, %5) +statement\n");
    SHAPE("try: pass\nexcept X, e: pass",
          "2 enter try\n3 leave try %2\n4 read \"X\"\n5 enter catch %4\n6 bind catch \"e\" %4\n"
          "7 leave catch %5\n");
    SHAPE("raise E, 'm'", "2 read \"E\"\n3 const str \"m\"\n4 throw %2\n");
    SHAPE("print (a), b\nexec c", /* what stands behind it tells */
          "2 read \"print\"\n3 read \"a\"\n4 read \"b\"\n5 call %2 (%3, %4) +statement\n6 read \"exec\"\n"
          "7 read \"c\"\n8 call %6 (%7) +statement\n");
    SHAPE("print (a), b",
          "2 read \"print\"\n3 read \"a\"\n4 call %2 (%3)\n5 read \"b\"\n6 seq tuple (%4, %5)\n");
    SHAPE("[a for a in lambda: b if c]",
          "2 func scope=1 ()\n3 enter lambda scope=1\n4 read \"b\"\n5 return %4\n6 leave lambda %3\n"
          "7 enter comprehension scope=2\n8 iter %2\n9 bind for \"a\" %8\n10 read \"c\"\n11 enter then %10\n"
          "12 read \"a\"\n13 yield %12\n14 leave then %11\n15 leave comprehension %7\n16 seq list (*%15)\n");
    SHAPE("while a:\n break\n continue",
          "2 read \"a\"\n3 enter loop %2\n4 jump break \"\"\n5 jump continue \"\"\n6 leave loop %3\n");
    SHAPE("print(a, file=b)", "2 read \"print\"\n3 read \"a\"\n4 read \"b\"\n5 call %2 (%3, file=%4)\n");
}

static uint32_t calls_of(tw_str src)
{
    shape s = shape_of(src);
    uint32_t n = count_op(&s.ir, TW_OP_CALL);
    CHECK(count_op(&s.ir, TW_OP_OPAQUE) > 0);
    CHECK(s.ir.flags & TW_IRF_RECOVERED);
    tw_arena_free(s.a);
    return n;
}

TEST(errors_cost_their_line)
{
    CHECK_INT(calls_of(TW_S("a()\nb( c d )\ne()\n")), 3);
    CHECK_INT(calls_of(TW_S("a(1\nb()\n")), 2);
    CHECK_INT(calls_of(TW_S("if x:\n  a('never closed\n  b()\nc()\n")), 3);
    CHECK_INT(calls_of(TW_S("def f(:\n  a()\nb()\n")), 2);
    CHECK_INT(calls_of(TW_S("x = [a(), b(\nimport os\nc()\n")), 3);
    CHECK_INT(calls_of(TW_S("f'{a b}'\nc()\n")), 1);
    CHECK_INT(calls_of(TW_S("f'''{a b}\n'x'''\nc()\n")), 1);
    CHECK_INT(calls_of(TW_S("\"\"\"never closed\na()\n")), 1);
    CHECK_INT(calls_of(TW_S("lambda x: f(x\n)]\na()\n")), 2);
    CHECK_INT(calls_of(TW_S("[f(x) for x in y z]\na()\n")), 2);
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
    } rows[] = {{"(", "x()", ")", true},      {"[", "x()", "]", true},
                {"f(", "x()", ")", true},     {"a[", "x()", "]", true},
                {"not ", "x()", "", true},    {"-", "x()", "", true},
                {"lambda:", "x()", "", true}, {"x() if y else ", "x()", "", true},
                {"f'{", "x()", "}'", true},   {"[", "x()", " for x in y]", true},
                {"a.", "b()", "", false},     {"'a'+", "x()", "", false},
                {"x()(", "", "", true},       {"a or ", "x()", "", false},
                {"a < ", "x()", "", false},   {"a, ", "x()", "", false},
                {"a = ", "x()", "", false},   {"await ", "x()", "", true},
                {"{a:", "x()", "}", true},    {"yield ", "x()", "", true}};
    tw_arena *a = tw_arena_new(0);
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        shape s = {.a = tw_arena_new(0)};
        tw_limits lim = tw_limits_default();
        tw_buf src = TW_BUF_INIT;
        tw_buf_puts(&src, repeat(a, rows[i].pre, 100000, rows[i].mid, rows[i].post));
        tw_buf_puts(&src, TW_S("\nlast()\n"));
        tw_front_python.lower(s.a, tw_buf_str(&src), &lim, &s.ir);
        const char *wrong = ir_wrong(&s.ir);
        bool cut = false;
        for (uint32_t k = 1; k < s.ir.insns.n; k++)
            cut |= s.ir.insns.v[k].op == TW_OP_OPAQUE && s.ir.insns.v[k].kind == TW_GAP_LIMIT;
        if (wrong || cut != rows[i].cut)
            fprintf(stderr, "%s: %s, cut %d\n", rows[i].pre, wrong ? wrong : "", cut), tw_failed_in_test_++;
        const tw_insn *last = &s.ir.insns.v[s.ir.insns.n - 2];
        CHECK_INT(last->op, TW_OP_CALL);
        CHECK_STR(tw_ir_text(&s.ir, s.ir.insns.v[last->a].a), TW_S("last"));
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
    CHECK(count_op(&s.ir, TW_OP_CALL) < 1100);
    CHECK_INT(nth_op(&s.ir, TW_OP_OPAQUE, count_op(&s.ir, TW_OP_OPAQUE) - 1)->kind, TW_GAP_LIMIT);
    CHECK(s.ir.flags & TW_IRF_TRUNCATED);
    tw_arena_free(s.a);
    tw_arena_free(a);
}

/* Every cut and every changed byte of a file with all constructs still gives a well-formed stream. */
TEST(any_prefix_and_any_byte)
{
    static const char src[] = "@d\nasync def f(a, *b, c=lambda x: x) -> 'r':\n  async with a as b, c: return "
                              "[x async for x in y if z]\n"
                              "match a:\n  case P(x=1) | {'k': v, **w}: f\"a{b!r:>{c}}{d=}\" 'e'\n"
                              "try: x[1:2, ...] += await y\nexcept (A, B) as e: print >>f, `x`, 1 <> 2\n"
                              "elif (yield): a = b, (*c, d) = {**e, f: g}, {h for i in j}\n";
    tw_limits lim = tw_limits_default();
    char text[sizeof src];
    for (size_t n = 0; n < sizeof src; n++) {
        tw_arena *a = tw_arena_new(0);
        tw_ir ir;
        tw_front_python.lower(a, (tw_str){src, n}, &lim, &ir);
        CHECK(!ir_wrong(&ir));
        for (size_t k = 0; k < 14 && n < sizeof src - 1; k++) {
            memcpy(text, src, sizeof src);
            text[n] = "()[]{}'\":,\n \\="[k];
            tw_front_python.lower(a, (tw_str){text, sizeof src - 1}, &lim, &ir);
            CHECK(!ir_wrong(&ir));
        }
        tw_arena_free(a);
    }
}

TESTS_MAIN()
