// SPDX-License-Identifier: Apache-2.0
// Facts of JavaScript and JSX as acorn parses them.
import { dotted, isIntrinsic, jsxText, load } from "./facts.mjs";

const acorn = load("acorn");
const withJsx = acorn.Parser.extend(load("acorn-jsx")());

const OPTIONS = { ecmaVersion: "latest", allowHashBang: true, allowReturnOutsideFunction: true };
const MODULE_ONLY = new Set(["ImportDeclaration", "ExportNamedDeclaration", "ExportDefaultDeclaration", "ExportAllDeclaration"]);

function attempt(parser, text, sourceType) {
  try {
    return [parser.parse(text, { ...OPTIONS, sourceType }), (parser === withJsx ? "jsx " : "") + sourceType];
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    return [null, e];
  }
}

/** [tree, name of the parser] of the first that takes the text: module, then script, then the same with JSX. A text
 * without import and export that is both is a script: <!-- is a comment there. Throws the first error. */
export function parse(text, jsx) {
  let error;
  for (const parser of jsx ? [withJsx] : [acorn.Parser, withJsx]) {
    const module = attempt(parser, text, "module");
    if (module[0] && (!/<!--|-->/.test(text) || module[0].body.some((n) => MODULE_ONLY.has(n.type)))) return module;
    const script = attempt(parser, text, "script");
    if (script[0]) return script;
    if (module[0]) return module;
    error ??= module[1];
  }
  throw error;
}

function step(n) {
  switch (n.type) {
    case "Identifier": return [n.name];
    case "ThisExpression": return ["this"];
    case "Super": return ["super"];
    case "MetaProperty": return [`${n.meta.name}.${n.property.name}`];
    case "ChainExpression": return n.expression;
    case "SequenceExpression": return n.expressions.at(-1);
    case "AssignmentExpression": return n.operator === "=" ? n.right : null;
    case "UpdateExpression": return n.prefix ? null : n.argument;
    case "MemberExpression":
      if (n.computed) return null;
      return [n.property.type === "PrivateIdentifier" ? "#" + n.property.name : n.property.name, n.object];
    default: return null;
  }
}

const isText = (n) => typeof n.value === "string" || (n.type === "TemplateLiteral" && !n.expressions.length);
const nameOf = (n) => (n.type === "Identifier" || n.type === "JSXIdentifier" ? n.name : n.value);
const tagOf = (n) => (n.type === "JSXNamespacedName" ? `${n.namespace.name}:${n.name.name}` : n.name);

/** What a node says besides its children; returns the children to go on with, or undefined for all. */
const special = {
  CallExpression: (n, f) => f.call(n.start, n.end, dotted(n.callee, step)),
  NewExpression: (n, f) => f.call(n.start, n.end, dotted(n.callee, step)),
  ImportExpression: (n, f) => f.call(n.start, n.end, n.phase ? `import.${n.phase}` : "import"),
  TaggedTemplateExpression(n, f) {
    f.call(n.start, n.end, dotted(n.tag, step));
    for (const q of n.quasi.quasis) f.str(q.value.cooked ?? q.value.raw);
    return [n.tag, ...n.quasi.expressions];
  },
  TemplateLiteral(n, f) {
    for (const q of n.quasis) if (n.quasis.length === 1 || q.value.cooked !== "") f.str(q.value.cooked);
    return n.expressions;
  },
  Literal(n, f) {
    if (n.regex) f.regex(n.raw);
    else if (typeof n.value === "string") f.str(n.value);
    return [];
  },
  ImportDeclaration(n, f) {
    const m = n.source.value;
    if (!n.specifiers.length) f.import(m, "");
    for (const s of n.specifiers)
      f.import(m, { ImportDefaultSpecifier: () => "default", ImportNamespaceSpecifier: () => "", ImportSpecifier: () => nameOf(s.imported) }[s.type]());
    return [];
  },
  ExportNamedDeclaration(n, f) {
    const m = n.source ? n.source.value : "";
    if (n.source && !n.specifiers.length) f.import(m, "");
    for (const s of n.specifiers) {
      if (n.source) f.import(m, nameOf(s.local));
      f.export(nameOf(s.exported), m);
    }
    if (n.declaration) for (const name of declared(n.declaration)) f.export(name, "");
    return n.declaration ? [n.declaration] : [];
  },
  ExportAllDeclaration(n, f) {
    f.import(n.source.value, n.exported ? "" : "*");
    f.export(n.exported ? nameOf(n.exported) : "", n.source.value);
    return [];
  },
  ExportDefaultDeclaration: (n, f) => f.export("default", ""),
  ObjectExpression(n, f) {
    const rest = [];
    for (const p of n.properties) {
      if (p.type !== "Property") rest.push(p);
      else {
        if (p.computed || p.key.type === "Literal") rest.push(p.key);
        else f.str(p.key.name);
        rest.push(p.value);
      }
    }
    return rest;
  },
  ObjectPattern: (n) => n.properties.flatMap((p) => (p.type !== "Property" ? [p] : p.computed && !isText(p.key) ? [p.key, p.value] : [p.value])),
  MethodDefinition: (n) => (n.computed ? [n.key, n.value] : [n.value]),
  PropertyDefinition: (n) => [n.computed && n.key, n.value].filter(Boolean),
  JSXElement(n, f) {
    const name = n.openingElement.name;
    if (name.type === "JSXNamespacedName" || (name.type === "JSXIdentifier" && isIntrinsic(name.name))) f.str(tagOf(name));
    for (const a of n.openingElement.attributes) if (a.type === "JSXAttribute") f.str(tagOf(a.name));
    const values = n.openingElement.attributes.map((a) => (a.type === "JSXAttribute" ? a.value : a.argument));
    return [...values.filter(Boolean), ...n.children];
  },
  JSXFragment: (n) => n.children,
  JSXText(n, f) {
    const text = jsxText(n.raw);
    if (text !== undefined) f.str(text);
    return [];
  },
};

/** Names that a declaration binds. */
function declared(d) {
  if (d.type !== "VariableDeclaration") return [d.id.name];
  const names = [], todo = d.declarations.map((x) => x.id);
  while (todo.length) {
    const p = todo.pop();
    if (!p) continue;
    if (p.type === "Identifier") names.push(p.name);
    else if (p.type === "ObjectPattern") todo.push(...p.properties.map((x) => x.value ?? x.argument));
    else if (p.type === "ArrayPattern") todo.push(...p.elements);
    else todo.push(p.left ?? p.argument);
  }
  return names;
}

export function walk(tree, facts) {
  const todo = [tree];
  while (todo.length) {
    const n = todo.pop();
    const own = special[n.type];
    const next = own && own(n, facts);
    if (next) {
      for (const c of next) todo.push(c);
      continue;
    }
    for (const key in n) {
      const v = n[key];
      if (!v || typeof v !== "object") continue;
      if (Array.isArray(v)) {
        for (const c of v) if (c && typeof c.type === "string") todo.push(c);
      } else if (typeof v.type === "string") todo.push(v);
    }
  }
}
