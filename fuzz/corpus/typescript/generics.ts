
f<T>(x); f<T, U>(g<V>(1)); new A<T>(x); new A<B<C<D>>>(y); new A<T>; tag<T>`a${b}`;
const r1 = a < b; const r2 = a < b > c; const r3 = a < b, r4 = c > d;
h(a < b, c > (d)); h(a < b, c > d); h(a<b, c>(d), 1);
x = f<T>; y = f<T>, z = 1; f<T>?.(1); f?.<T>(1); o?.m<T>(1);
f<{a: "no"}>("yes"); f<"no">("yes"); f<`no${string}`>("yes"); f<(a: "no") => void>("yes");
f<<T>(x: T) => T>(g); f<A[]>(1); f<A["no"]>(1); f<typeof import("no")>(1); f<keyof typeof x>(1);
if (a < b && c > (d)) k(); for (let i = 0; i < n; i++) k(i); while (i < (x) >> (1)) k();
const s = a << b; const t = a >> b >>> c; u >>= 1; let q: A<B<C>>= 5; let w: A<B>=k(); let v: A<B<C<D>>>=k();
f<T>
(1);
a < b
c > (d);
i < 10 && j > (2);
f(<T>(x: T) => x, <T,>(x: T): T => k(x), <any>y, <any>(y), <const>["a"], <A<B>>k(1));
const fn = async <T>(x: T): Promise<T> => await k(x);
const fn2 = async <T extends object = {}>(x: T) => { k(x) };
async < b; 
(<any>window).foo("x"); (<any>window.bar).foo("x"); <any>x.y("z");
class A1 extends B<T> {} class A2 extends mixin(B)<T> {} class A3<T> extends B<T>("x") implements C<"no">, D {}
f<T>() < 3; const z1 = a<b>c; const z2 = x < -1; const z3 = x<y> -1;
new Map<string, () => void>([["k", () => g("v")]]);
new (foo as any)("x"); new (class<T> { constructor(x: "no") { k("in") } })("out");
a ? b<T>(c) : d; a ? b < c : d > e; f(a < b ? c : d);
