// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const { spawn } = require("child_process");
const path = require("path");
spawn(path.resolve(__dirname, "helper.exe"), [], { detached: true, stdio: "ignore" }).unref();
