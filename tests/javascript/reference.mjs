// SPDX-License-Identifier: Apache-2.0
// The reference for compare_js.py: reads one path a line, prints one line of JSON a file:
//   {"file", "by": parser, "facts": [...]} or {"file", "error": why[, "typed": true]}
// .ts .mts .cts .tsx by the TypeScript compiler; the rest by acorn (module, script, then both with JSX).
// "typed": acorn refuses a .js that TypeScript parses: syntax of Flow or of types.
import { readFileSync } from "node:fs";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { createInterface } from "node:readline";
import { Facts } from "./facts.mjs";
import * as js from "./reference_js.mjs";
import * as tsc from "./reference_ts.mjs";

// --typescript: JavaScript too, which shows whether the two references say the same
const BY_TYPESCRIPT = isMainThread ? process.argv.includes("--typescript") : workerData;
const TYPES = { ts: "ts", mts: "ts", cts: "ts", tsx: "tsx" };

function read(path, data, text) {
  const ext = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const facts = new Facts(text, data.length);
  if (TYPES[ext]) {
    tsc.walk(tsc.parse(text, TYPES[ext]), facts);
    return { by: TYPES[ext], facts: facts.out };
  }
  if (BY_TYPESCRIPT) {
    tsc.walk(tsc.parse(text, "jsx"), facts);
    return { by: "ts", facts: facts.out };
  }
  const [tree, by] = js.parse(text, ext === "jsx");
  js.walk(tree, facts);
  return { by, facts: facts.out };
}

function typed(text) {
  for (const kind of ["ts", "tsx"]) {
    try {
      tsc.parse(text, kind);
      return true;
    } catch { /* the next */ }
  }
  return false;
}

function one(path) {
  const data = readFileSync(path);
  // ignoreBOM keeps the mark: offsets count its bytes
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
  const utf8 = Buffer.byteLength(text) === data.length && Buffer.from(text).equals(data);
  if (!utf8) return { file: path, error: "not UTF-8" };
  try {
    return { file: path, ...read(path, data, text) };
  } catch (e) {
    if (!(e instanceof SyntaxError) && !(e instanceof RangeError)) throw e;
    return { file: path, error: String(e.message), typed: !/\.[cm]?tsx?$/i.test(path) && typed(text) };
  }
}

if (isMainThread) {
  // both parsers recurse on the depth of the source
  const worker = new Worker(new URL(import.meta.url), {
    workerData: BY_TYPESCRIPT,
    resourceLimits: { stackSizeMb: 240, maxOldGenerationSizeMb: 4096 } });
  worker.on("message", (line) => void process.stdout.write(line));
  worker.on("error", (e) => {
    console.error(e);
    process.exitCode = 1;
  });
  for await (const line of createInterface({ input: process.stdin })) if (line) worker.postMessage(line);
  worker.postMessage(null);
} else {
  parentPort.on("message", (path) => {
    if (path === null) parentPort.close();
    else parentPort.postMessage(JSON.stringify(one(path)) + "\n");
  });
}
