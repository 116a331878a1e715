// SPDX-License-Identifier: Apache-2.0
// inventory.py inside CPython 3.14 (pyodide). node inventory_314.mjs PYODIDE_FOLDER prints its JSON.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { loadPyodide } = await import(pathToFileURL(join(resolve(process.argv[2]), "pyodide.mjs")).href);
const py = await loadPyodide({ indexURL: resolve(process.argv[2]) + "/" });
py.FS.mkdirTree("/inventory");
py.FS.writeFile("/inventory/inventory.py", readFileSync(join(here, "inventory.py")));
const found = py.runPython(`
import json, sys
sys.path.insert(0, "/inventory")
import inventory
json.dumps(inventory.inventory())
`);
await new Promise((done) => process.stdout.write(found + "\n", done));
process.exit(0);
