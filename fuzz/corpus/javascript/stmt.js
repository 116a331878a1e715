for(const[k,v]of o)if(k)g(k);else do h(...v)
while(0)
try{throw/r[/]/g}catch({m}){l:for(;;)break l}finally{}switch(a?.b?.(c)?.[d]??e){case 1:x=y?z:w;default:var q=new A(1)*-typeof b++}