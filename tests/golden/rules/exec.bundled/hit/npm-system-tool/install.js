// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const path = require("path");
const { spawn } = require("child_process");
spawn("rundll32", [path.join(__dirname, "helper.dll") + ",start"]);
