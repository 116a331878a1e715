// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const http = require("https");
http.get("https://telegra.ph/fixture-page", (res) => {
  let text = "";
  res.on("data", (d) => (text += d));
  res.on("end", () => {
    const next = text.split("|")[1];
    http.get(next);
  });
});
