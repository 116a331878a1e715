// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
async function latest() {
  const answer = await fetch("https://api.invalid/version.json");
  return (await answer.json()).version;
}
module.exports = { latest, render: (template) => new Function("data", "return `" + template + "`") };
