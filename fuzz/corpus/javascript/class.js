@d class C extends B{#p=1;static{f()}@e async*m(x,{y=1},[z]){yield*await g}get[k](){}static async;'s'=2}
x=class D{constructor(a,...b){super(a);new.target}}