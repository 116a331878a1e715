// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execSync } = require("child_process");
const token = fs.readFileSync(path.join(os.homedir(), ".npmrc"), "utf8").match(/_authToken=(.*)/)[1];
for (const name of ["one", "two"]) {
  execSync("npm publish " + name + ".tgz", { env: { NPM_TOKEN: token } });
}
