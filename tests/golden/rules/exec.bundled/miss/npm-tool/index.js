// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const { execFileSync } = require("child_process");
const path = require("path");
module.exports = (file) => execFileSync(path.join(__dirname, "tool.exe"), ["--format", file]);
