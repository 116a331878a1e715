// SPDX-License-Identifier: Apache-2.0
// What both references share: the form of a fact, byte offsets, WTF-8, JSX text.
// A fact is one line of text, as `tidewaiter ir --format facts` has it without what is not compared:
//   import MODULE NAME / export NAME MODULE / call OFF LEN CALLEE / str HEX / regex HEX
import { createRequire } from "node:module";
import { join } from "node:path";

export const MODULES = process.env.TW_NODE || join(import.meta.dirname, "../../build/node");
export const load = createRequire(join(MODULES, "package.json"));
const entities = load("acorn-jsx/xhtml");
const ts = load("typescript");

const CALLEE_DEPTH = 64;

/** The text's UTF-8; a lone surrogate keeps its three bytes. */
export function wtf8(s) {
  if (s.isWellFormed()) return Buffer.from(s, "utf8");
  const out = [];
  for (const ch of s) {
    const c = ch.codePointAt(0);
    if (c >= 0xd800 && c < 0xe000) out.push(Buffer.from([0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63)]));
    else out.push(Buffer.from(ch, "utf8"));
  }
  return Buffer.concat(out);
}

/** UTF-16 index -> byte offset, made in one pass; null where they are the same. */
export function byteOffsets(text, bytes) {
  if (text.length === bytes) return null;
  const at = new Uint32Array(text.length + 1);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    at[i] = n;
    const c = text.charCodeAt(i);
    if (c < 0x80) n += 1;
    else if (c < 0x800) n += 2;
    else if (c >= 0xd800 && c < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      at[++i] = n;
      n += 4;
    } else n += 3;
  }
  at[text.length] = n;
  return at;
}

/** Character references as HTML 4 names them, in JSX text and attributes; what is none stays as written. */
export function decodeEntities(s) {
  return s.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name] : all;
    const c = dec !== undefined ? parseInt(dec, 10) : parseInt(hex, 16);
    return c <= 0x10ffff ? String.fromCodePoint(c) : all;
  });
}

/** JSX text as it is rendered (TypeScript's and React's rule): lines trimmed, but not the first's start and the last's
 * end; empty ones dropped, the rest joined by a space; undefined where nothing is left. */
export function jsxText(raw) {
  const kept = [];
  const lines = raw.split(/[\n\r\u2028\u2029]/);
  lines.forEach((line, i) => {
    let from = 0, to = line.length;
    if (i > 0) while (from < to && ts.isWhiteSpaceSingleLine(line.charCodeAt(from))) from++;
    if (i < lines.length - 1) while (to > from && ts.isWhiteSpaceSingleLine(line.charCodeAt(to - 1))) to--;
    if (from < to) kept.push(decodeEntities(line.slice(from, to)));
  });
  return kept.length ? kept.join(" ") : undefined;
}

/** Is a tag a name of the document, not a variable? */
export const isIntrinsic = (name) => /^[a-z]/.test(name) || name.includes("-");

export class Facts {
  constructor(text, bytes) {
    this.at = byteOffsets(text, bytes);
    this.out = [];
  }
  import(module, name) {
    this.out.push(`import\t${module}\t${name}`);
  }
  export(name, module) {
    this.out.push(`export\t${name}\t${module}`);
  }
  call(start, end, callee) {
    const from = this.at ? this.at[start] : start;
    const to = this.at ? this.at[end] : end;
    this.out.push(`call\t${from}\t${to - from}\t${callee}`);
  }
  str(s) {
    this.out.push(`str\t${wtf8(s).toString("hex")}`);
  }
  regex(s) {
    this.out.push(`regex\t${wtf8(s).toString("hex")}`);
  }
}

/** Dotted name of a callee. step(node) gives [name] at the root, [name, base] at a member, a node to go on with
 * (parentheses, what a comma or an assignment is worth), or null: "?". */
export function dotted(node, step) {
  const parts = [];
  for (;;) {
    const s = step(node);
    if (!s) parts.push("?");
    else if (!Array.isArray(s)) {
      node = s;
      continue;
    } else if (s.length === 1) parts.push(s[0]);
    else if (parts.length < CALLEE_DEPTH) {
      parts.push(s[0]);
      node = s[1];
      continue;
    } else parts.push("?");
    return parts.reverse().join(".");
  }
}
