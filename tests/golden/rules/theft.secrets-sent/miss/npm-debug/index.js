// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
function enabled(ns){const e=process.env.DEBUG||"";return e.split(",").includes(ns);}module.exports=ns=>(...a)=>{if(enabled(ns))console.error(ns,...a);};
