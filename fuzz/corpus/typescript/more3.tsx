
export const A1: React.FC<{ a: "no" }> = ({ a, ...rest }: { a: "no" }): JSX.Element => <div {...rest} key="k1">{a as string}</div>;
function B1<T extends object>({ items, render }: Props<T>) { return <ul>{items.map((i: T, n): React.ReactNode => <li key={n}>{render<T>(i)}</li>)}</ul> }
const C1 = <T extends {}>(p: T) => <X<T> {...p} a={<Y<"no"> b="k2" />} />; const C2 = <T, U>(p: T): "no" => <p />; const C3 = async <T,>(x: T) => <p />; const C4 = <T = any,>(x: T) => k("k3");
const D1 = a ? <b>yes</b> : (c) ? <i>no2</i> : null; const D2 = a && (<b />) || <i />; const D3 = (a as any) ? <b /> : <i />; const D4 = a < b ? <c /> : <d />; const D5 = f<T>(<a />); const D6 = a ? (b): "no" => <c /> : <d />; const D7 = a ? (b) : <c />; const D8 = a ? (<b />) : (<c />); const D9 = [<a />, <b key="k4" />, ...<T,>(x: T) => x];
const E1 = <div style={{ a: 1, b: "k5" }} onClick={(e: React.MouseEvent<"no">) => { k("k6"); return <p>deep</p> }} {...(x as any)} data-a-b="k7" aria-label={`t${a}`}>{/* it's */}{a! /* " */}{
  // line comment's
  b
}{cond ? <A /> : null}{list.map(x => (<B key={x!}>{x as any}</B>))}text's "here" {'{'}literal{'}'}</div>;
class F1 extends React.Component<{ a: "no" }, {}> { state: "no" = k("k8"); render() { return <F1<"no"> a={"k9"}><this.props.X /><a.b.c d="k10" /></F1> } }
const G1 = <><></><A></A>{" "}<B /></>; const G2 = <A b={<></>} />; const G3 = <A>{...b}</A>; const G4 = <A>{<B />}</A>; const G5 = <A b='"' c="'" d="a\nb" e="&amp;&lt;" />; const G6 = <A:B c:d="e" />; 
