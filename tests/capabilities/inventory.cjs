// SPDX-License-Identifier: Apache-2.0
// What this node offers: every function, class and method of its built-in modules and globals, as JSON {version, callables:
// [[symbol, kind]]}. Modules are required, nothing of them is called. Getters are not read, except of the modules themselves.
"use strict";
const { builtinModules } = require("module");
const found = [];
const LANGUAGE = new Set([Object.prototype, Function.prototype, Array.prototype, Error.prototype, Map.prototype, Promise.prototype]);

function own(object) {
  return Object.getOwnPropertyNames(object).filter((k) => /^[A-Za-z$][\w$]*$/.test(k) && k !== "constructor" && k !== "prototype").sort();
}

function valueOf(object, key, lazily) {
  const d = Object.getOwnPropertyDescriptor(object, key);
  if (!d) return undefined;
  if ("value" in d) return d.value;
  try {
    return lazily ? object[key] : undefined;
  } catch {
    return undefined;
  }
}

function isClass(f) {
  return f.prototype && (own(f.prototype).length > 0 || /^class\b/.test(Function.prototype.toString.call(f)) || /^[A-Z]/.test(f.name));
}

function methods(symbol, f) {
  const seen = new Set();
  for (let p = f.prototype; p && !LANGUAGE.has(p); p = Object.getPrototypeOf(p))
    for (const k of own(p)) {
      if (seen.has(k)) continue;
      seen.add(k);
      if (typeof valueOf(p, k, false) === "function") found.push([`${symbol}().${k}`, "method"]);
    }
}

function walk(symbol, object, depth, seen) {
  for (const k of own(object)) {
    const value = valueOf(object, k, true);
    const name = symbol ? `${symbol}.${k}` : k;
    if (typeof value === "function") {
      const of = isClass(value);
      found.push([name, of ? "class" : "function"]);
      if (of) methods(name, value);
      if (value === object || seen.has(value)) continue;
      seen.add(value);
      for (const s of own(value))
        if (!["length", "name", "caller", "arguments"].includes(s) && typeof valueOf(value, s, false) === "function") found.push([`${name}.${s}`, "static"]);
    } else if (value && typeof value === "object" && depth > 0 && !seen.has(value) && !Array.isArray(value)) {
      seen.add(value);
      for (let p = value; p && !LANGUAGE.has(p); p = Object.getPrototypeOf(p)) walk(name, p, depth - 1, seen);
    }
  }
}

process.removeAllListeners("warning");
process.on("warning", () => {});
for (const full of builtinModules) {
  const name = full.replace(/^node:/, "");
  const module = require(full);
  const seen = new Set([globalThis, module]);
  if (typeof module === "function") {
    found.push([name, "function"]);
    if (isClass(module)) methods(name, module);
  }
  if (name === "process") for (let p = module; p && !LANGUAGE.has(p); p = Object.getPrototypeOf(p)) walk(name, p, 1, seen);
  else walk(name, module, 2, seen);
}
const seen = new Set([globalThis]);
for (const k of own(globalThis)) {
  if (["global", "globalThis", "process", "require", "module", "exports"].includes(k)) continue;
  let value;
  try {
    value = globalThis[k];
  } catch {
    continue;
  }
  if (typeof value === "function") walk("", { [k]: value }, 0, seen);
  else if (value && typeof value === "object") for (let p = value; p && !LANGUAGE.has(p); p = Object.getPrototypeOf(p)) walk(k, p, 1, seen);
}
process.stdout.write(JSON.stringify({ version: process.version, callables: found }) + "\n");
