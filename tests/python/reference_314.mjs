// SPDX-License-Identifier: Apache-2.0
// CPython 3.14 (pyodide) as a reference: reads paths from stdin, one a line, runs facts.of_ast of this folder over each
// inside the WebAssembly Python and prints one JSON line each. node reference_314.mjs PYODIDE_FOLDER
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { loadPyodide } = await import(pathToFileURL(join(resolve(process.argv[2]), "pyodide.mjs")).href);
const py = await loadPyodide({ indexURL: resolve(process.argv[2]) + "/" });
py.FS.mkdirTree("/facts");
py.FS.writeFile("/facts/facts.py", readFileSync(join(here, "facts.py")));
const reference = py.runPython(`
import json, sys, warnings
sys.path.insert(0, "/facts")
import facts
warnings.simplefilter("ignore")
sys.setrecursionlimit(3000)
def reference(raw):
    try:
        raw = raw.to_bytes()
        found, _ = facts.of_ast(raw, facts.decoded(raw), True)
        return json.dumps({k: [[key, n] for key, n in v.items()] for k, v in found.items()})
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
        return json.dumps({"refused": "%s: %s" % (type(e).__name__, e)})
reference
`);
console.log(py.runPython("sys.version.split()[0]"));
for await (const path of createInterface({ input: process.stdin })) {
  const view = new Uint8Array(readFileSync(path));
  let line;
  try {
    line = reference(view);
  } catch (e) {
    line = JSON.stringify({ refused: "the reference itself: " + String(e).split("\n")[0] });
  }
  await new Promise((done) => process.stdout.write(line + "\n", done));
}
process.exit(0);
