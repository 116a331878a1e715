// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const level = process.env.DEBUG || process.env.NODE_ENV === "development" ? "debug" : "warn";
const colours = Object.keys(process.env).filter((k) => /^FIXTURE_/.test(k));
module.exports = { level, colours };
