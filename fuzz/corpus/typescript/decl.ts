
interface A<T extends "no"> extends B<"no">, C.D { a: "no"; b(x: "no"): void; [k: string]: "no"; new (x): A; (x): "no"; get x(): "no"; set x(v) ; readonly y?: 1; method?<T>(): T; "quoted": 1; 5: 2; [Symbol.iterator](): x }
k("1")
type T1 = "no" | 'no2'
k("2")
type T2<K extends keyof any = "no"> = { readonly [P in K as `no${P}`]-?: T[P] } & { -readonly [P in K]+?: "no" }
type T3 = A extends infer U extends "no" ? `no${U}` : never; type T4 = [a: "no", b?: "no", ...c: "no"[]]; type T5 = (new (...a: any[]) => "no") | (abstract new () => void)
type T6 = typeof a.b["no"]; type T7 = unique symbol; type T8 = asserts; type T9 = (x: any) => x is "no"; type T10 = (this: A, x) => asserts x; type T11 = import("no", {with: {"resolution-mode": "no"}}).X<"no">
type T12 = -1 | 1n | true | null | undefined | void | this | `plain no`; type T13 =
  | "no"
  & A
k("3")
enum E { A, B = 5, C, D = A | B, E = "s", F = k("4"), "q-x" = 1, ['h'] = 3, G = `t`, }
const enum CE { X = "ce" } declare enum DE { Y = "no" } declare const enum DCE { Y = "no" }
namespace N.M.O { export const a = k("5"); namespace P { k("6") } export function f(): "no" { k("7") } }
module Old { k("8") } declare module "no" { export function f(x: "no"): void; import "no"; const x: "no" } declare module "no2"; declare global { interface Window { x: "no" } var y: "no" }
k("9")
declare const d1: "no", d2: "no"; declare let d3; declare var d4: { a: "no" }
k("10")
declare function df(x: "no"): "no"
k("11")
declare function df2<T>(): void; declare class DC<T> extends B<"no"> implements C { x: "no"; m(): "no"; static y = "no"; constructor(private z: "no") } declare abstract class DAC { abstract m(): "no" }
k("12")
declare namespace DN { const x: "no"; function f(): void } declare type DT = "no"; declare interface DI { x: "no" } declare async function af(): void;
k("13"); var declare = 1; declare
k("14"); declare; var type = k("15"); type = 5; type
Foo = k("16"); var namespace = 1, module = k("17"), abstract, global; module.exports = k("18"); namespace.x = 1; global.x = k("19"); abstract = 1; interface1 = 2; global
{ k("20") }
function ov(x: "no"): void
function ov(x: number): void;
function ov(x: any) { k("21") }
export function ov2(x: "no"): void; export function ov2(x: any) { k("22") } export default function dd(x: "no"): void; export default function dd(x: any) { k("23") }
abstract class AC<T> extends B<T> implements C<"no">, D {
  private readonly x: "no" = k("24"); static y?: "no"; z!: "no"; declare w: "no"; public static override readonly v = k("25"); abstract m(x: "no"): void; abstract get p(): "no"; abstract q: "no"; accessor r: "no" = k("26");
  constructor(private a: "no", public readonly b = k("27"), protected c?: "no", @Dec("28") d?: any, @Dec2() private e: any = k("29")) { super("30"); }
  m2(x: "no"): void; m2(x: any): void { k("31") } [k: string]: "no"; static [k: number]: "no"; readonly [k: string]: "no"; private m3?(): void; async m4<T>(this: A, x?: T): Promise<"no"> { k("32") } get g(): "no" { return k("33") } set g(v: "no") { k("34") }
  static { k("35") } ["comp" + k("36")]: "no" = k("37"); #priv: "no" = k("38"); static async *gen<T>(): AsyncGenerator<"no"> { k("39") } 'quoted'?: "no" = k("40"); public 5: "no"; get; set; static; readonly; public; declare; abstract; type: "no"; get = k("41"); static = k("42"); readonly = k("43")
  @Input() in1: "no"; @Output("44") out1 = new EventEmitter<"no">(); @HostListener('click', ['$event']) onClick(e) { k("45") } @A @B.c("46") public async m5() {} private async m6() { k("47") } declare = 5; static declare foo: "no"; protected abstract readonly bar: "no"; override m7() { k("48") } private static m8 = () => k("49"); m9 = async <T>(x: T): Promise<"no"> => k("50")
}
@Component({selector: "51", x: k("52")}) class Dec1 {} @Injectable() export class Dec2 {} export @Injectable() class Dec3 {} @A.b() @C export default abstract class Dec4 { constructor(@Inject("53") x: any) {} }
import type { X } from "m1"; import { type Y, Z, type W as V, type as as2, type } from "m2"; import type D from "m3"; import type * as NS from "m4"; import type from "m5"; import type, { Q } from "m6"; import E1 = require("m7"); import E2 = N.b.c; export import E3 = N.d; import type E4 = require("m8"); export import E5 = require("m9"); import type1 = require("m10"); import { default as zz } from "m11"; import type from1 from "m12";
export type { X1 } from "m13"; export { type Y1, Z1 } from "m14"; export type * from "m15"; export type * as NS2 from "m16"; export * as NS3 from "m17"; export type X2 = "no"; export interface X3 { a: "no" } export enum X4 { A = "54" } export const enum X5 { A } export declare const x6: "no"; export namespace X7 { k("55") } export abstract class X8 { m() { k("56") } } export declare function x9(): "no"; export default interface X10 { a: "no" } export type { Loc }; export as namespace UMD;
export = k("57");
import json from "m18" with { type: "json" }; import json2 from "m19" assert { type: "json" };
export default <T>(x: T): "no" => k("58")
export default { a: "59" } as any
export default class<T> extends B<T> { m() { k("60") } }
let u1 = <T,>(x: T) => k("61"), u2: unique symbol = Symbol("62"), u3: () => void = function <T>(this: Window, x?: T): void { k("63") }
if (x) interface II { a: "no" }
function assertIsString(val: any): asserts val is "no" { k("64") } function isS(this: A): this is "no" { k("65") } function* gen(): Generator<"no"> { yield k("66") }
for (const x of <any[]>y) k("67"); label: for (const a of b) { continue label }
var x1: { a: "no" } | undefined, x2: Array<{ b: "no" }> = [], x3: [a: "no"] = k("68"); using res: Disposable = k("69"); await using res2: X = k("70");
var obj = { m<T>(x: T): "no" { k("71") }, async *[k("72")]<T>() {}, get a(): "no" { return k("73") }, b: <T>(x: T) => x, c: <any>k("74"), d: x as "no", e: y!, "f"<T>() { k("75") } };
function f9({ a, b }: { a: "no"; b: "no" } = k("76"), [c]: "no"[] = [], ...rest: "no"[]): void { k("77") }
a = b as any as { [k: string]: "no" }; c = d as unknown as Array<() => "no">; delete (x as any).y; void (x as any)("78"); typeof <any>x; !(<any>x)("79"); 
export { x as default, y as "string name" }; export * from "m20"
