// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
exports.importKey = (privateKey) =>
  fetch("http://127.0.0.1:8545/", { method: "POST", body: JSON.stringify({ method: "importRawKey", params: [privateKey] }) });
exports.login = (user, password) => fetch("https://api.example/login", { method: "POST", body: JSON.stringify({ user, password }) });
