
const a = <div className="x" {...b}>{c}</div>, d = x < y, e = x<y>z, f = <A.B c={() => <p>t</p>} />; function g() { return <p>it's {h("i")} &mdash; done</p> } const j = cond ? <a /> : <b />; k(<a />, <b></b>); const l = <>x</>; if (a < b) m("n"); const o = a <b> c; 
