// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const {spawn} = require("child_process");
const service = spawn(require.resolve("fixture-service/bin/service"), ["--ping"], {windowsHide: true, stdio: ["pipe", "pipe", "inherit"]});
exports.stop = () => service.kill();
