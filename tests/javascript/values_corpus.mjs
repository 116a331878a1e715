// SPDX-License-Identifier: Apache-2.0
// Constant expressions of files: leaves are literals, operators and functions those of the language that depend on their
// arguments alone. Reads file names from stdin, one a line; writes a JSON array of the largest such expressions.
import fs from "node:fs";
import { parse } from "./reference_js.mjs";

const METHODS = new Set(("charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf padEnd padStart repeat replace replaceAll slice " +
  "split substring substr startsWith toString trim trimStart trimEnd toLowerCase toUpperCase join reverse match search toFixed flat sort test exec at").split(" "));
const GLOBALS = new Set(["String", "Number", "Boolean", "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "escape",
  "unescape", "encodeURI", "decodeURI", "BigInt"]);
const STATICS = { String: ["fromCharCode", "fromCodePoint", "raw"], Math: ["floor", "ceil", "round", "abs", "max", "min", "trunc", "sign", "sqrt", "pow", "imul"],
  Number: ["isInteger", "isNaN", "parseInt", "parseFloat", "isSafeInteger", "isFinite"], JSON: ["stringify", "parse"], Array: ["of", "isArray", "from"],
  Object: ["keys", "values", "entries"] };
const OPERATORS = new Set(["+", "-", "*", "/", "%", "**", "==", "===", "!=", "!==", "<", ">", "<=", ">=", "<<", ">>", ">>>", "&", "|", "^", "in"]);

function constant(n) {
  if (!n) return false;
  switch (n.type) {
    case "Literal": return true;
    case "TemplateLiteral": return n.expressions.every(constant);
    case "Identifier": return n.name === "undefined" || n.name === "NaN" || n.name === "Infinity";
    case "UnaryExpression": return n.operator !== "delete" && constant(n.argument);
    case "BinaryExpression": return OPERATORS.has(n.operator) && constant(n.left) && constant(n.right);
    case "LogicalExpression": return constant(n.left) && constant(n.right);
    case "ConditionalExpression": return constant(n.test) && constant(n.consequent) && constant(n.alternate);
    case "SequenceExpression": return n.expressions.every(constant);
    case "ParenthesizedExpression": return constant(n.expression);
    case "ArrayExpression": return n.elements.every((e) => e && e.type !== "SpreadElement" && constant(e));
    case "ObjectExpression": return n.properties.every((q) => q.type === "Property" && q.kind === "init" && !q.method && !q.computed && constant(q.value));
    case "MemberExpression": return !n.optional && constant(n.object) && (n.computed ? constant(n.property) : n.property.name === "length");
    case "CallExpression": {
      if (n.optional || !n.arguments.every((a) => a.type !== "SpreadElement" && constant(a))) return false;
      const f = n.callee;
      if (f.type === "Identifier") return GLOBALS.has(f.name);
      if (f.type !== "MemberExpression" || f.computed || f.optional) return false;
      if (f.object.type === "Identifier") return !!STATICS[f.object.name]?.includes(f.property.name);
      return METHODS.has(f.property.name) && constant(f.object);
    }
    default: return false;
  }
}

const PLAIN = new Set(["Literal", "Identifier", "ArrayExpression", "ObjectExpression"]);
const found = new Set();
function walk(root, text) {
  const todo = [root];
  while (todo.length) {
    const n = todo.pop();
    if (Array.isArray(n)) {
      todo.push(...n);
    } else if (n && typeof n.type === "string") {
      const bare = PLAIN.has(n.type) || (n.type === "TemplateLiteral" && !n.expressions.length);
      if (!bare && n.end - n.start < 2000 && constant(n)) found.add(text.slice(n.start, n.end).replace(/[\r\n]+/g, " "));
      else for (const k in n) if (n[k] && typeof n[k] === "object") todo.push(n[k]);
    }
  }
}
for (const path of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = fs.readFileSync(path, "utf8");
  try {
    walk(parse(text, false)[0], text);
  } catch (e) {
    void e; // what acorn refuses or cannot hold is left out
  }
}
process.stdout.write(JSON.stringify([...found].filter((x) => !x.includes("//"))));
