// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const http = require("http");
class Client {
  constructor(options) {
    this.token = options.token || process.env.FIXTURE_TOKEN;
  }
  call(path, body) {
    return new Promise((resolve, reject) => {
      const req = http.request({ hostname: "api.invalid", path, headers: { authorization: this.token } }, (res) => {
        let text = "";
        res.on("data", (c) => (text += c));
        res.on("end", () => resolve(JSON.parse(text)));
      });
      req.on("error", reject);
      req.end(JSON.stringify(body));
    });
  }
}
module.exports = { Client };
