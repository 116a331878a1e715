/* SPDX-License-Identifier: Apache-2.0 */
/* TypeScript: what is a type leaves nothing, and what is none is not lost. Texts in type positions are "no". */
#include "js_facts.h"

static const facts_row rows[] = {
    {"f<T>(x); new A<T>(y); t<T>`a${b}`", "f() A() 'a' '' t()"},
    {"f<T, U>(g<V>(1)); new A<B<C<D>>>(y)", "g() f() A()"},
    {"a < b > c; a < b, c > d", ""},
    {"h(a < b, c > (d)); h(a<b, c>(d), 1); h(a < b, c > d)", "a() h() a() h() h()"},
    {"f<{a: \"no\"}>(\"yes\"); f<\"no\">(\"y2\"); f<`no${T}`>(\"y3\"); f<(a: \"no\") => void>(\"y4\")",
     "'yes' f() 'y2' f() 'y3' f() 'y4' f()"},
    {"f<<T>(x: T) => T>(g)", "f()"},
    {"if (a < b && c > (d)) k(); while (i < (x) >> (1)) k()", "k() k()"},
    {"let q: A<B<C>>= 5, w: A<B>=k(), v: A<B<C<D>>>=k(\"s\")", "k() 's' k()"},
    {"f<T>\n"
     "(1); a < b\n"
     "c > (d)",
     "f()"},
    {"a < this.x > (b); a < b() > (c); a < b[c] > (d)", "b() a()"},
    {"a<b>; a<b>= c; a<b>> c; a<b>`x`; g(a<b>)", "'x' a() g()"},
    {"a?.<T>(1); a?.b<T>(2); a.b!<T>(3); a![0]!(4); new a!.b(5)\n"
     "(<any>w).foo(\"x\"); <any>x.y(\"z\"); <T>(k)(\"a\"); <const>[\"b\"]; <A><B>k(\"c\"); typeof "
     "<T>k(\"d\")",
     "a() a.b() a.b() ?() a.b() ?() 'x' ?.foo() 'z' x.y() 'a' k() 'b' 'c' k() 'd' k()"},
    {"<T>function () { k(\"a\") }; <T>class { x = k(\"b\") }; <any>/re\"/.test(\"c\")",
     "'a' k() 'b' k() 'c' ?.test()"},
    {"const a1 = (a: T, b?: U): R => k(a, \"1\"), a2 = (): \"no\" => ({x: k(\"2\")})", "'1' k() 'x' '2' k()"},
    {"const a = ({b, c: {d}}: {b: \"no\"}, [e = k(\"1\")]: \"no\"[] = []): void => { k(\"2\") }",
     "'1' k() '2' k()"},
    {"const a = async (x: T): Promise<\"no\"> => { await k(\"1\") }, b = async <T>(x: T): Promise<T> => "
     "k(\"2\")",
     "'1' k() '2' k()"},
    {"const a = (x): x is \"no\" => k(x), b = (x: any): asserts x is \"no\" => { k(\"2\") }", "k() '2' k()"},
    {"const a = <T>(x: T) => (y: T): \"no\" => k(\"1\")", "'1' k()"},
    {"const a = c ? (x) : y => z(\"a\")", "'a' z()"},
    {"const a = c ? (x): y => z(\"a\") : w(\"b\")", "'a' z() 'b' w()"},
    {"const a = c ? (x.y) : y => z(\"d\")", "'d' z()"},
    {"const a = c ? d ? (e) : f => k(\"l\") : g : h", "'l' k()"},
    {"const a = c ? (d) : e ? (f) : g => k(\"m\")", "'m' k()"},
    {"const a = c ? (d): \"no\" | \"no2\" => k(\"n\") : null", "'n' k()"},
    {"const a = c ? (b) : \"yes\", d = c ? (b) : {e: k(\"p\")}", "'yes' 'e' 'p' k()"},
    {"const a = c ? (b): {e: \"no\"} => k(\"q\") : r", "'q' k()"},
    {"const a = c ? () => k(\"r\") : () => k(\"s\"), b = c ? (): \"no\" => k(\"t\") : k(\"u\")",
     "'r' k() 's' k() 't' k() 'u' k()"},
    {"const a = c ? <T>(b): d => e(\"1\") : f", "'1' e()"},
    {"x = o ? <T>(b): c => d(\"1\")", "'1' d()"},
    {"x = o ? (b): c => {d(\"q\")}, w(\"r\")", "'q' d() 'r' w()"},
    {"const a = c ? k((b): \"no\" => k(\"ac\")) : d", "'ac' k() k()"},
    {"switch (x) { case (a): k(\"1\"); case (b.c): k(\"2\") }", "'1' k() '2' k()"},
    {"const a = x as any as \"no\", b = (x as T)(\"1\"), c = x as const, d = y satisfies T, e = x as number "
     "< y",
     "'1' x()"},
    {"const a = x as T\n"
     "(k)(\"1\")",
     "'1' k()"},
    {"const a = x as T ? k(\"1\") : k(\"2\"), b = x as T[] | null ? (k)(\"3\") : k(\"4\")",
     "'1' k() '2' k() '3' k() '4' k()"},
    {"for (const x of y as Z[]) k(\"1\"); for (let i: number = 0 as any; i < (n as any); i++) k(\"2\")",
     "'1' k() '2' k()"},
    {"let a: any\n"
     "(k)(\"1\"); type B = string\n"
     "(k)(\"2\"); type C = D\n"
     "[k](\"3\")",
     "'1' k() '2' k() '3' ?()"},
    {"x as any / 2; let r: RegExp = /a\"b/; const f = (x: RegExp = /[)\"]/, y = /\\//) => k(\"1\")",
     "'1' k()"},
    {"let a: A | (() => void) | null = k(\"1\"), b: new () => T = k(\"2\"), c: (a) => a is string = k(\"3\")",
     "'1' k() '2' k() '3' k()"},
    {"let a: A extends infer B extends \"no\" ? C : D = k(\"1\"), b: (A extends B ? \"no\" : C)[] = k(\"2\")",
     "'1' k() '2' k()"},
    {"let a: { [K in keyof T as `no${K}`]-?: T[K] } & { -readonly [P in K]+?: \"no\" } = k(\"1\")",
     "'1' k()"},
    {"let a: { (x: \"no\"): void; new (): A; readonly [k: string]: \"no\"; get x(): \"no\"; m?<T>(): \"no\"; "
     "[Symbol.iterator](): x } = k(\"1\")",
     "'1' k()"},
    {"let a: [a: \"no\", b?: \"no\", ...c: \"no\"[]] = k(\"1\"), b: typeof import(\"no\")[\"no\"] = "
     "k(\"2\"), c: import(\"no\", {with: {a: \"no\"}}).X<\"no\"> = k(\"3\")",
     "'1' k() '2' k() '3' k()"},
    {"let a: (a: string) => \"no\"\n"
     "k(\"1\")",
     "'1' k()"},
    {"let a: A[]\n"
     "[k](\"1\")",
     "'1' ?()"},
    {"interface A<T extends \"no\"> extends B<\"no\"> { a: \"no\" } k(\"1\")", "'1' k()"},
    {"type A<K extends keyof any = \"no\"> = \"no\" | K\n"
     "k(\"1\")",
     "'1' k()"},
    {"type = k(\"1\"); type.x(\"2\"); type(\"3\"); namespace.foo(\"4\"); module(\"5\"); declare(\"6\"); "
     "abstract(\"7\"); global(\"8\"); as(\"9\"); is(\"10\"); readonly(\"11\")",
     "'1' k() '2' type.x() '3' type() '4' namespace.foo() '5' module() '6' declare() '7' abstract() '8' "
     "global() '9' as() '10' is() '11' readonly()"},
    {"var declare = 1; declare\n"
     "k(\"1\"); type\n"
     "Foo = k(\"2\")",
     "'1' k() '2' k()"},
    {"declare const a: \"no\", b: \"no\" ; k(\"1\"); declare let c\n"
     "k(\"2\"); declare function f(x: \"no\"): \"no\"\n"
     "k(\"3\"); declare class D extends E<\"no\"> { x: \"no\" } k(\"4\")",
     "'1' k() '2' k() '3' k() '4' k()"},
    {"declare namespace N { const x: \"no\" } k(\"1\"); declare module \"no\" { const x: \"no\" } k(\"2\"); "
     "declare module \"no2\"; k(\"3\"); declare global { var y: \"no\" } k(\"4\"); declare enum E { A = "
     "\"no\" } k(\"5\")",
     "'1' k() '2' k() '3' k() '4' k() '5' k()"},
    {"function f(x: \"no\"): void\n"
     "function f(x: any) { k(\"1\") }",
     "'1' k()"},
    {"class A { m(x: \"no\"): void; m(x: any) { k(\"1\") } abstract n(): \"no\"; [k: string]: \"no\"; "
     "declare x: \"no\"; private readonly y?: \"no\" = k(\"2\"); z!: \"no\" }",
     "'1' k() '2' k()"},
    {"class A { get<T>() { k(\"1\") } set?: \"no\"; static<T>() { k(\"2\") } async async() { k(\"3\") } "
     "readonly readonly = k(\"4\"); static static = k(\"5\"); accessor x = k(\"6\"); get get(): \"no\" { "
     "return k(\"7\") } type<T>(): void {} get; set }",
     "'1' k() '2' k() '3' k() '4' k() '5' k() '6' k() '7' k()"},
    {"class A { constructor(private a: \"no\", public readonly b = k(\"1\"), @D(\"2\") c?: any) { super() } "
     "@I() x: \"no\"; @H(\"3\", [\"4\"]) m(@P(\"5\") e) { k(\"6\") } }",
     "'1' k() '2' D() super() I() '3' '4' H() '5' P() '6' k()"},
    {"abstract class A<T> extends B<T> implements C<\"no\">, D { x = k(\"1\") } class E extends mixin(F)<T> "
     "{} class G extends (H as any)<T> { y = k(\"2\") }",
     "'1' k() mixin() '2' k()"},
    {"enum E { A, B = 5, C = k(\"1\"), \"q-x\" = 1, ['h'] = 3 } const enum F { X = \"y\" }",
     "'A' 'B' 'C' '1' k() 'q-x' 'h' 'X' 'y'"},
    {"namespace N.M { export const a = k(\"1\"); namespace P { k(\"2\") } } module Q { k(\"3\") }",
     "'1' k() '2' k() '3' k()"},
    {"import type { X } from \"m1\"; import { type Y, Z } from \"m2\"; import type D from \"m3\"; import "
     "type from \"m5\"; import E1 = require(\"m7\"); import E2 = N.b.c; import type E4 = require(\"m8\")",
     "<m1.X> <m2.Y> <m2.Z> <m3.default> <m5.default> <m7> <m8>"},
    {"export type { X1 } from \"m13\"; export { type Y1, Z1 } from \"m14\"; export type * from \"m15\"; "
     "export type X2 = \"no\"; export interface X3 { a: \"no\" } export declare const x6: \"no\"; export as "
     "namespace U; export default interface X10 { a: \"no\" } k(\"1\")",
     "<m13.X1> <m14.Y1> <m14.Z1> <m15.*> '1' k()"},
    {"export = k(\"1\")", "'1' k()"},
    {"export default <T>(x: T): \"no\" => k(\"1\")", "'1' k()"},
    {"export abstract class A { m() { k(\"1\") } } export default abstract class B { n = k(\"2\") }",
     "'1' k() '2' k()"},
    {"const o = { m<T>(x: T): \"no\" { k(\"1\") }, get a(): \"no\" { return k(\"2\") }, b: x as \"no\", "
     "async *[k(\"3\")]<T>() {}, c: (x): \"no\" => k(\"4\") }",
     "'m' '1' k() 'a' '2' k() 'b' '3' k() 'c' '4' k()"},
    {"function f(this: void, { a }: { a: \"no\" } = k(\"1\"), ...[b]: [\"no\"]): asserts a is \"no\" { "
     "k(\"2\") } try { } catch (e: unknown) { k(\"3\") }",
     "'1' k() '2' k() '3' k()"},
    {"/* it's */ let a: /* it's \" */ A // don't `\n"
     " | B = k(\"1\")",
     "'1' k()"},
    {"`${x as string}${<any>y}${f<T>(k(\"1\"))}`", "'1' k() f()"},
    {"let h: any\n"
     "h = k(\"1\"); if (a! == b || a! !== c) k(\"2\"); let s = a\n"
     "!k(\"3\")",
     "'1' k() '2' k() '3' k()"},
};

TEST(types_leave_nothing)
{
    check_facts(&tw_front_typescript, rows, TW_COUNT(rows));
}

TEST(what_runs)
{
    js_front = &tw_front_typescript;
    SHAPE("enum E {A, B = 'x', C}",
          "2 const str \"A\"\n3 const int \"0\"\n4 const str \"B\"\n5 const str \"x\"\n6 const str \"C\"\n"
          "7 map (%2, %3, %4, %5, %6, %0)\n8 bind assign \"E\" %7\n");
    SHAPE("export namespace N { f() }",
          "2 enter with\n3 read \"f\"\n4 call %3 ()\n5 leave with %2\n6 bind def \"N\"\n7 export \"N\"\n");
    SHAPE("export = a", "2 read \"a\"\n3 export \"export=\" %2\n");
    SHAPE("import a = require('m'); export import b = N.c",
          "2 import \"m\"\n3 bind import \"a\" %2\n4 read \"N\"\n5 member %4 \"c\"\n6 bind assign \"b\" %5\n"
          "7 export \"b\" %5\n");
    SHAPE("import type {A} from 'm'", "2 import \"m\" \"A\" +type-only\n3 bind import \"A\" %2\n");
    SHAPE("<T>x as U satisfies V; x!", "2 read \"x\"\n3 read \"x\"\n");
    SHAPE("declare let a: B; interface C {} type D = E", "");
    js_front = &tw_front_javascript;
}

/* None of these is read twice as often as it is long, and none recurses. */
TEST(deep)
{
    static const deep_row deep[] = {
        {"let a: ", "b<", "c", ">", ""},
        {"let a: ", "b<", "c", "", ""},
        {"let a: ", "{b:", "c", "}", ""},
        {"let a: ", "{b:", "c", "", ""},
        {"let a: ", "[", "c", "]", ""},
        {"let a: ", "[", "c", "", ""},
        {"let a: ", "(", "c", ")", ""},
        {"let a: ", "(", "c", "", ""},
        {"let a: ", "({b:", "c", "})", ""},
        {"let a: ", "(b:", "c", ")=>d", ""},
        {"type A = ", "B extends C ? D : ", "E", "", ""},
        {"type A = ", "B extends ", "C", " ? D : E", ""},
        {"type A = ", "B extends infer C extends ", "D", "? E : F", ""},
        {"type A = ", "`${", "B", "}`", ""},
        {"type A = ", "`${", "B", "", ""},
        {"type A = ", "<B extends ", "C", ">() => D", ""},
        {"type A = ", "<B extends ", "C", "", ""},
        {"x = ", "a<", "b", "", ""},
        {"x = ", "a<", "b", ">", ""},
        {"x = ", "a<", "b", ">", "(c)"},
        {"x = ", "a<(", "b", ")>", ""},
        {"x = ", "a<b<c>,", "d", ">", ""},
        {"x = ", "<a>", "b", "", ""},
        {"x = ", "<", "b", "", ""},
        {"x = ", "<T>(", "b", ")=>c", ""},
        {"x = ", "c ? (a): b => ", "d", "", ""},
        {"x = ", "c ? (a): b => ", "d", " : e", ""},
        {"x = ", "c ? (a) : {b: ", "d", "}", ""},
        {"x = ", "(a = ", "b", "): T => c", ""},
        {"x = ", "(a): b => ", "c", "", ""},
        {"x = ", "a as b ? ", "c", ": d", ""},
        {"", "interface A {", "", "}", ""},
        {"", "namespace A {", "", "}", ""},
        {"", "declare module 'm' {", "", "}", ""},
        {"", "declare ", "x", "", ""},
        {"", "type A = <b\n", "", "", ""},
        {"", "class A<b {\n", "", "", ""},
        {"", "a<b\n", "", "", ""},
        {"enum A {", "b = ", "c", "", "}"},
        {"enum A {", "b, ", "c", "", "}"},
        {"x = ", "a!", "", "", ""},
        {"x = a", " as b", "", "", ""},
        {"f(", "a < b, c > ", "d", "", ")"},
        {"", "if (a<b) ", "c", "", ""},
    };
    check_deep(&tw_front_typescript, deep, TW_COUNT(deep), 20000);
}

/* Every cut and every changed byte of a file with all constructs still gives a well-formed stream. */
TEST(any_prefix_and_any_byte)
{
    static const char src[] =
        "import type A,{type B}from'm';import c=require('k');enum E{A,B='x',['c']=f<T>(1)}declare let d:T\n"
        "abstract class C<T>extends D<T>implements F{constructor(private x?:T){}[k:string]:T;m<U>(this:V):a "
        "is b;"
        "@d()p!:T=<T>q}\nnamespace N.O{export=a}const g=c?(a:T,{b}?:U):R=>x as T<U>:<T,>(x)=>y!satisfies Z;"
        "type T={[K in`a${B}`as C]-?:D extends infer E extends F?new()=>G:asserts h is I}|[a?:b,...c:d[]]\n"
        "declare module'm'{}export as namespace P;x=a<b,c>(d)?f<<T>(x:T)=>U>(g):h";
    tw_limits lim = tw_limits_default();
    char text[sizeof src];
    for (size_t n = 0; n < sizeof src; n++) {
        tw_arena *a = tw_arena_new(0);
        tw_ir ir;
        tw_front_typescript.lower(a, (tw_str){src, n}, &lim, &ir);
        CHECK(!ir_wrong(&ir));
        for (size_t k = 0; k < 14 && n < sizeof src - 1; k++) {
            memcpy(text, src, sizeof src);
            text[n] = "()[]{}'`:,\n<>="[k];
            tw_front_typescript.lower(a, (tw_str){text, sizeof src - 1}, &lim, &ir);
            CHECK(!ir_wrong(&ir));
        }
        tw_arena_free(a);
    }
}

TESTS_MAIN()
