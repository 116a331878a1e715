// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const net = require("net");
module.exports = (port) => {
  const client = net.connect(port, "localhost");
  client.on("data", (d) => console.log(d.toString()));
  return client;
};
