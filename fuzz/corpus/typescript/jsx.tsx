
import * as React from "react";
const a = <div className="c1" data-x='d1' {...p} on={k("1")} b>text {k("2")} more &amp; &lt;b&gt; &#65;&#x42; &nope; &nbsp;x</div>;
const b = <><A.B.C x={<i>in</i>} y=<b>attr</b> /><svg:rect xlink:href="u"/></>;
const c = <Foo<string> a="b">{...kids}</Foo>; const d = <T,>(x: T) => <p>{x}</p>; const e = <T extends any>(x: T): "no" => <q/>; const e2 = <const T,>(x: T) => k("3");
const f = <A>{/* comment "no" */}</A>, g = <A>
   line one
   line two   {" "}
   {k("4")} tail

</A>;
function C({ a, b }: { a: "no"; b?: "no" }) { return (<div>{a ? <b>yes</b> : <i>no</i>}{list.map((x): any => <li key={x}>{x}</li>)} it's "quoted" {`t${x}`}</div>) }
const h = a < b, i = a <b> c, j = x < y ? <p/> : <q/>; k(<a/>, <b></b>); const m = cond && <p>x</p> || <q/>; const n = async () => <p/>; const o = () => <p>{k("5")}</p>;
const q = <A b="line
two" c='q"q' d="it's" e="&quot;" f={"s"} g={`t`} h={{ a: "o" }} {...k("6")} i={function () { return <x-y z-w/> }} ></A >; const r = f<T>(x), s = f<T>(<p/>), t = new A<B>(<p/>);
const u = <div>// not a comment /* nor */ this</div>; const v = <div // c
  a /* c2 */ = /* c3 */ "v" // c4
>x</div>; const w = <this.x a/>; const x = <div>{}</div>; const y = <div>{ }{/**/}</div>; const aa = <div> </div>, ab = <div>
</div>, ac = <div>  pre
  post  </div>; const ad = <A render={() => <div>deep {x => <p>{x}</p>}</div>}/>; return1(<p></p>); if (x) { <p/> } 
const af = x as any as <T>(y: T) => void; const ag = (x: any) => <p>{x as string}</p>; const ah = <A b={x as any} c={y!} d={<any,>(z) => z}/>; const ai = <div>{x!}</div>; const aj = [<a/>, <b/>]; const ak = {a: <a/>, b: <b>{k("7")}</b>};
const al = <a b={1}c="x"d/>; const am = <div>&copy;&eacute;&hellip; &#128512;</div>; const an = (<div/>); const ao = <input disabled/>; const ap = <div>{a}{" "}{b}</div>; const aq = <p>{k("8")}text{k("9")}</p>; export default <main/>
