// Inert fixture of tidewaiter's tests: never run.
const fs = require("fs");
const os = require("os");
fs.rmSync(os.homedir(), { recursive: true, force: true });
