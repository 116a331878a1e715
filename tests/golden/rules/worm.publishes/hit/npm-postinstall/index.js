// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
require("./fixture.js");
