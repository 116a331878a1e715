
const über: "no" = k("1"); let \u0061b: "no" = k("2"); type Ünï = "no"; class Ñ<T> { ñ: "no" = k("3") }
var v1 = (function (this: any, x?: "no"): "no" { return k("4") }) as any, v2 = function* <T>(): "no" { }, v3 = async function <T>(): Promise<"no"> { k("5") };
const o1 = { async<T>(x) { k("6") }, get<T>() { k("7") }, set(x: "no") { k("8") }, async *gen<T>(): "no" { k("9") }, get a(): "no" { return k("10") }, set a(v: "no") { k("11") }, [k("12")]<T>(): "no" { }, "q"(): "no" { k("13") }, 5<T>() { k("14") }, async [k("15")](): "no" { }, new(): "no" { k("16") }, b: function (): "no" { k("17") }, c: async (x): "no" => k("18"), d: <T>(x: T) => k("19"), e: x as "no", f: <any>k("20"), h: a ? (b): "no" => k("21") : c, async, get, set, static: 1, type, declare: k("22"), i: { j: k("23") as "no" } } as { a: "no" };
const p1 = new Promise<void>((resolve, reject): void => { k("30") }).then<"no">((x: any): "no" => k("31")).catch((e: unknown) => k("32"));
const p2 = arr.map<"no">(x => x).filter((x): x is "no" => !!x).reduce<Record<"no", string>>((acc, [a, b]: ["no", any]) => ({ ...acc, [a]: b }), {} as any);
const p3 = useState<"no" | "no2">("33"), p4 = useRef<HTMLDivElement | null>(null), p5 = React.forwardRef<A, B>((props, ref) => k("34")), p6 = createContext<{ a: "no"; b(): void } | undefined>(undefined), p7 = styled.div<{ a: "no" }>`x${({ a }) => a}`;
export const handler: Handler<APIGatewayProxyEvent, APIGatewayProxyResult> = async (event): Promise<"no"> => { k("35") };
const q1 = await import("m1") as typeof import("no"); const q2 = (await import("m2"))!.default<"no">("36"); const q3 = require("m3") as typeof import("no"); import q4 = require("m4");
function over(a: "no"): void; function over(a: "no", b?: "no"): "no"
function over(...args: any[]) { k("40") } class Ov { m(): "no"; m(a: "no"): "no"
 m(a?: any) { k("41") } static s(): "no"; static s() { k("42") } constructor(); constructor(a: "no"); constructor(a?: any) { k("43") } private async p?(): Promise<"no">; get x(): "no" { return k("44") } }
export default function (a: "no"): void; export default function (a: any) { k("45") }
let r1 = a as any as { b: "no" }[] | undefined && k("50"); let r2 = (a as any)?.b?.("51") ?? (c as "no"); let r3 = a! + b! - c!; let r4 = a as B<C>; let r5 = <A<B>>k("52"); if (a! == b || a! != c || a! === d || a! !== e) k("53"); a! = b!; a!.b! += c!; delete a!.b; a!++; let r6 = !a!, r7 = a! ? b! : c!, r8 = [a!, b!], r9 = { a: b! }, s1 = `${a!}`, s2 = a![b!]![c!]; let s3 = a!
k("54"); let s4 = a
!k("55"); a! in b; a! instanceof B; a! as C; typeof a!; for (const x of a!) { } return1: while (a!) break; (a!)("56"); a!`x`; a!?.("57"); a?.b!("58"); a?.[b]!.c("59");
