
const a1 = (a: T, b?: U): R => k(a, "1"); const a2 = (a, b): "no" => k("2"); const a3 = (): "no" => ({x: k("3")});
const a4 = ({a, b: {c}}: {a: "no", b: {c: "no"}}, [d = k("4")]: string[] = []): void => {};
const a5 = async (x: T): Promise<"no"> => { await k("5") }; const a6 = (x): x is string => k(x); const a7 = (x: any): asserts x is "no" => { k("7") };
const a8 = (...args: "no"[]) => k(...args); const a9 = (x = 5 as number, y = <any>k("9")) => x;
const b1 = c ? (x) : y; const b2 = c ? (x): y => z("a") : w("b"); const b3 = c ? (x) : y => z("c");
const b4 = c ? (x.y) : y => z("d"); const b5 = c ? (x, y) : z => k("e"); const b6 = c ? (x): T => k("f") : (y): U => k("g");
const b7 = c ? x => ({y: k("h")}) : z => ({y: k("i")}); const b8 = c ? (x) => k("j") : (y) => k("k");
const b9 = c ? d ? (e) : f => k("l") : g : h; const c1 = c ? (d) : e ? (f) : g => k("m");
const c2 = c ? (a): "no" | "no2" => k("n") : null; const c3 = c ? (a) : "yes"; const c4 = c ? (a) : ("yes"); const c5 = c ? ({a: 1}) : ({b: "yes"});
const c6 = c ? ({a}) : b => k("o"); const c7 = c ? (a) : b; const c8 = c ? (a) : {b: k("p")}; const c9 = c ? (a): {b: "no"} => k("q") : r;
const d1 = c ? () => k("r") : () => k("s"); const d2 = c ? (): "no" => k("t") : k("u"); const d3 = c ? async (x): Promise<"no"> => k("v") : k("w");
const d4 = c ? function (x): "no" { k("x") } : k("y"); foo(c ? (a) : b, (d): e => k("z"));
const d5 = c ? (a ? (b) : c => k("aa")) : d; const d6 = c ? [(a): "no" => k("ab")] : d; const d7 = c ? k((a): "no" => k("ac")) : d;
const d8 = c ? x = (a): "no" => k("ad") : d; const d9 = c ? (a, b): "no" => k("ae") : (d, e): "no" => k("af");
switch (x) { case (a): k("ag"); case (b.c): k("ah"); default: k("ai"); }
const e1 = (a: number) : ((x: string) => "no") => (y) => k("aj"); const e2 = (x?) => k("ak"); const e3 = (x?, y?: T) => k("al");
const e4 = (x: A extends B ? "no" : C): D extends E ? F : "no" => k("am"); const e5 = async (x) : Promise<void> => k("an"); async (1);
const e6 = <T>(x: T) => (y: T): "no" => k("ao"); const e7 = ((x: any) => k("ap"))("aq"); const e8 = ((x): void => {})("ar");
const e9 = {m: (x: T): "no" => k("as"), n(x: T): "no" { k("at") }, get p(): "no" { return k("au") }, async *q<T>(x: T): "no" { k("av") }, ["r"]?(x): void {} };
label: (a); b ? (c) : d;
const f1 = (x as any) ? (y as any)("aw") : (z!)("ax"); x!.y!.z!("ay"); x![0]!("az"); x!; y! + z!; a! as B; 
const f2 = x as any as string; const f3 = y satisfies T; const f4 = x as number < y; const f5 = a as B | C & D; const f6 = (x as T)("ba"), f7 = x as const;
const f8 = c ? x as T : y as U; const f9 = x as T ? k("bb") : k("bc"); const g1 = x as A[] | null ? (k)("bd") : k("be");
const g2 = x as (a: string) => "no"; k("bf"); const g3 = x as new () => "no"; k("bg"); const g4 = x as {a: "no"}; k("bh"); const g5 = `a${x as "no"}b`;
for (const x of y as Z[]) k("bi"); for (let i = 0 as any, j: number = 1; i < (j as any); i++) k("bj"); for (const k1 in x as any) k("bk");
const g6 = x as any || k("bl"); const g7 = x as T && k("bm"); const g8 = x as T ?? k("bn"); const g9 = x as T
(k)("bo");
const h1 = x as T
[k]("bp");
var as; as = 1; as as as; var satisfies; const h2 = as; k(as, "bq");
let h3: any
h3 = k("br"); let h4!: string; let h5: string = k("bs"), h6: "no" | number = k("bt"); var [h7]: "no"[] = k("bu"), {h8}: {h8: "no"} = k("bv");
const h9 = typeof x as "no"; const i1 = await x as any; const i2 = -x as any; const i3 = new X as any; const i4 = a + b as any + k("bw"); k(a as any, b as any, ...c as any);
const i5 = (a: any): any => a as any; const i6 = c ? (a) => b as any : d; const i7 = c ? (a as any) : b => k("bx"); (a as any) = k("by"); (<any>a) = k("bz"); a! = k("ca"); a!++; (a as any).b = k("cb"); [a as any] = k("cc"); ({a: b as any} = k("cd"));
try { k("ce") } catch (e: unknown) { k("cf") } catch1: for (;;) break catch1;
