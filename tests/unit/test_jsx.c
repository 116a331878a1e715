/* SPDX-License-Identifier: Apache-2.0 */
#include "js_facts.h"

static const facts_row rows[] = {
    {"const a = <div className=\"c\" data-x='d' {...p} on={k(\"1\")} b>t {k(\"2\")} m &amp; &lt;b&gt; "
     "&#65;&#x42; &nope;</div>",
     "'div' 'className' 'c' 'data-x' 'd' 'on' '1' k() 'b' 't ' '2' k() ' m & <b> AB &nope;'"},
    {"const b = <><A.B.C x={<i>in</i>} y=<b>attr</b> /><svg:rect xlink:href=\"u\"/></>",
     "'x' 'i' 'in' 'y' 'b' 'attr' 'svg:rect' 'xlink:href' 'u'"},
    {"f(<a/>, <b></b>); const m = c && <p>x</p> || <q/>", "'a' 'b' f() 'p' 'x' 'q'"},
    {"const g = <A>{/* comment \"no\" */}</A>, h = <A>{}</A>", ""},
    {"const h = a < b, i = a <b> c, j = x < y ? <p/> : <q/>", "'p' 'q'"},
    {"const q = <A b=\"line two\" c='q\"q' d=\"it's\" e=\"&quot;&copy;\" h={{ a: \"o\" }} {...k(\"6\")} ></A "
     ">",
     "'b' 'line two' 'c' 'q\"q' 'd' 'it's' 'e' '\"©' 'h' 'a' 'o' '6' k()"},
    {"const u = <div>// not a comment /* nor */ this's \"text\"</div>",
     "'div' '// not a comment /* nor */ this's \"text\"'"},
    {"const v = <div /* c2 */ a /* it's */ = /* c3 */ \"v\" >x</div>", "'div' 'a' 'v' 'x'"},
    {"const w = <this.x a/>, x = <a-b c-d=\"e\"/>, y = <ns:t a:b=\"c\"/>",
     "'a' 'a-b' 'c-d' 'e' 'ns:t' 'a:b' 'c'"},
    {"return1(<p></p>); if (x) { <p/> } const f = () => <p>{k(\"5\")}</p>; const g = async () => <p/>",
     "'p' return1() 'p' 'p' '5' k() 'p'"},
    {"const d = <A render={() => <div>deep {x => <p>{x}</p>}</div>}/>", "'render' 'div' 'deep ' 'p'"},
    {"<a>{...b}{\" \"}{[<c/>, <d/>]}</a>", "'a' ' ' 'c' 'd'"},
    {"<div>{a, b(\"1\")}{`t${c}`}</div>", "'div' '1' b() 't'"},
    {"x = <a/> / <b/>; y = [<a/>, <b/>]; z = {a: <a/>, b: <b>{k(\"7\")}</b>}",
     "'a' 'b' 'a' 'b' 'a' 'a' 'b' 'b' '7' k()"},
};

static const facts_row tsx_rows[] = {
    {"const c = <Foo<string> a=\"b\">{...kids}</Foo>, d = <T,>(x: T) => <p>{x}</p>", "'a' 'b' 'p'"},
    {"const e = <T extends any>(x: T): \"no\" => <q/>, f = <const T,>(x: T) => k(\"3\"), g = async <T,>(x: "
     "T) => <p/>",
     "'q' '3' k() 'p'"},
    {"const r = f<T>(x), s = f<T>(<p/>), t = new A<B>(<p/>)", "f() 'p' f() 'p' A()"},
    {"function C({ a }: { a: \"no\" }) { return (<div>{a ? <b>yes</b> : <i>no</i>}{l.map((x): any => <li "
     "key={x}>{x as string}</li>)} it's</div>) }",
     "'div' 'b' 'yes' 'i' 'no' 'li' 'key' l.map() ' it's'"},
    {"const D = a ? (b): \"no\" => <c /> : <d />, E = a ? (b) : <c />, F = (a as any) ? <b /> : <i />",
     "'c' 'd' 'c' 'b' 'i'"},
    {"const G = <A b={x as any} c={y!} d={<any,>(z) => z}/>", "'b' 'c' 'd'"},
};

TEST(elements)
{
    check_facts(&tw_front_javascript, rows, TW_COUNT(rows));
    check_facts(&tw_front_tsx, rows, TW_COUNT(rows));
    check_facts(&tw_front_tsx, tsx_rows, TW_COUNT(tsx_rows));
}

TEST(shape_of_an_element)
{
    SHAPE("<A.B c='d' {...e}>f{g}<h/></A.B>",
          "2 read \"A\"\n3 member %2 \"B\"\n4 const str \"c\"\n5 const str \"d\"\n6 read \"e\"\n"
          "7 map (%4, %5, **%6, **%0)\n8 const str \"f\"\n9 read \"g\"\n10 const str \"h\"\n11 map ()\n"
          "12 op \"jsx\" (%10, %11)\n13 op \"jsx\" (%3, %7, %8, %9, %12)\n");
    SHAPE("<>{...a}</>", "2 map ()\n3 read \"a\"\n4 op \"jsx\" (%0, %2, *%3)\n");
    SHAPE("<a b/>", "2 const str \"a\"\n3 const str \"b\"\n4 const true \"true\"\n5 map (%3, %4)\n6 op "
                    "\"jsx\" (%2, %5)\n");
}

/* White space of text as the compilers have it: lines trimmed, blank ones gone, joined by a blank. */
TEST(text)
{
    static const facts_row text[] = {
        {"<A>\n  one\n  two  \n\n  three\n</A>", "'one two three'"},
        {"<A> </A>", "' '"},
        {"<A>\n</A>", ""},
        {"<A> a </A>", "' a '"},
        {"<A>a\n {b} c\n</A>", "'a' ' c'"},
        {"<A>&lt;&nbsp;&#x41;&#66;&eacute;&bogus;&;&#xZ;&#x110000;</A>",
         "'<\xC2\xA0"
         "AB\xC3\xA9&bogus;&;&#xZ;&#x110000;'"},
        {"<A b=\"x\ny\" c='&quot;'/>", "'b' 'x\ny' 'c' '\"'"},
        {"<A>a > b } c</A>", "'a > b } c'"},
    };
    check_facts(&tw_front_javascript, text, TW_COUNT(text));
}

TEST(broken)
{
    static const facts_row broken[] = {
        {"<A b=>\nf()", "'b' OPAQUE f()"},
        {"<A>{b(1}\nf()", "b() OPAQUE f()"},
        {"x = <A\n", "OPAQUE"},
    };
    check_facts(&tw_front_javascript, broken, TW_COUNT(broken));
}

TEST(deep)
{
    static const deep_row deep[] = {
        {"x = ", "<a>", "", "</a>", ""},     {"x = ", "<a>", "", "", ""},
        {"x = ", "<a b={", "c", "}/>", ""},  {"x = ", "<a>{", "c", "}</a>", ""},
        {"x = ", "<a b=", "<c/>", "/>", ""}, {"x = ", "<>", "", "</>", ""},
        {"x = ", "<a b='c' ", "/>", "", ""}, {"x = <a>", "&amp;", "", "", "</a>"},
        {"x = <a>", "&", "", "", "</a>"},    {"x = <a>", "<b/>", "", "", "</a>"},
        {"x = <a", ".b", "", "", "/>"},      {"x = ", "a<", "b", "", ""},
        {"x = ", "<a\n", "", "", ""},        {"", "<a>\n", "", "", ""},
        {"x = <a", "-", "", "", "/>"},
    };
    check_deep(&tw_front_javascript, deep, TW_COUNT(deep), 100000);
    check_deep(&tw_front_tsx, deep, TW_COUNT(deep), 20000);
}

TEST(any_prefix_and_any_byte)
{
    static const char src[] =
        "x=<A.b<T> c='d' e={f(<g/>)} {...h} i=<j:k l-m/>>n &amp; {o}{...p}{/* q */}<>r</></A.b>+<T,>(s)=>t<u";
    tw_limits lim = tw_limits_default();
    char text[sizeof src];
    for (size_t n = 0; n < sizeof src; n++) {
        tw_arena *a = tw_arena_new(0);
        tw_ir ir;
        tw_front_tsx.lower(a, (tw_str){src, n}, &lim, &ir);
        CHECK(!ir_wrong(&ir));
        for (size_t k = 0; k < 14 && n < sizeof src - 1; k++) {
            memcpy(text, src, sizeof src);
            text[n] = "()[]{}'`/,\n<>="[k];
            tw_front_tsx.lower(a, (tw_str){text, sizeof src - 1}, &lim, &ir);
            CHECK(!ir_wrong(&ir));
        }
        tw_arena_free(a);
    }
}

TESTS_MAIN()
