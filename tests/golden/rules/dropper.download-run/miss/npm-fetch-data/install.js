// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const fs = require("fs");
const https = require("https");
https.get("https://api.invalid/table.json", (res) => res.pipe(fs.createWriteStream("table.json")));
