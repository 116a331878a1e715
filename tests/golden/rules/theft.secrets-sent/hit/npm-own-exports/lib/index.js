// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
exports.a=require('./a');exports.init=function(){exports.a.send(exports.a.grab())};exports.init();
