// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
module.exports = 1;
