// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const os = require("os");
const agent = `fixture/1.0 (${os.platform()}; ${os.release()})`;
module.exports = (url) => fetch(url, { headers: { "user-agent": agent } });
