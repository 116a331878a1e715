// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const https=require("https"),fs=require("fs"),path=require("path"),crypto=require("crypto");const {version}=require("./package.json");
const name=`tool-${process.platform}-${process.arch}`;const url=`https://github.com/example/tool/releases/download/v${version}/${name}`;const sums=require("./checksums.json");
function get(u,cb){https.get(u,res=>{if(res.statusCode===302)return get(res.headers.location,cb);const parts=[];res.on("data",d=>parts.push(d));res.on("end",()=>cb(Buffer.concat(parts)));}).on("error",e=>{console.error(e);process.exit(1);});}
get(url,buf=>{const h=crypto.createHash("sha256").update(buf).digest("hex");if(h!==sums[name])throw new Error("checksum mismatch");const out=path.join(__dirname,"bin","tool");fs.mkdirSync(path.dirname(out),{recursive:true});fs.writeFileSync(out,buf);fs.chmodSync(out,0o755);});
