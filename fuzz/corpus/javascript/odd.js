#!/usr/bin/env node
\u0061b=1_000n+0x1F+.5e3+017
<!-- c
--> d
/* x */a
++b
let
yield=async
/x/.y(z)
if(a)/b/.c
x=a/b/c