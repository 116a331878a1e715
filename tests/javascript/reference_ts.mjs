// SPDX-License-Identifier: Apache-2.0
// Facts of TypeScript and TSX as the TypeScript compiler parses them (no types are resolved, nothing is checked).
import { decodeEntities, dotted, isIntrinsic, jsxText, load } from "./facts.mjs";

const ts = load("typescript");
const K = ts.SyntaxKind;

/** kind: "ts" or "tsx" (or "js", "jsx": for what acorn refuses). Throws the first parse error. */
export function parse(text, kind) {
  const sf = ts.createSourceFile("x." + kind, text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false,
    { ts: ts.ScriptKind.TS, tsx: ts.ScriptKind.TSX, js: ts.ScriptKind.JS, jsx: ts.ScriptKind.JSX }[kind]);
  if (sf.parseDiagnostics.length) {
    const d = sf.parseDiagnostics[0];
    const { line, character } = sf.getLineAndCharacterOfPosition(d.start);
    throw new SyntaxError(`${ts.flattenDiagnosticMessageText(d.messageText, " ")} (${line + 1}:${character})`);
  }
  return sf;
}

function step(n) {
  switch (n.kind) {
    case K.Identifier: return [n.text];
    case K.ThisKeyword: return ["this"];
    case K.SuperKeyword: return ["super"];
    case K.ImportKeyword: return ["import"];
    case K.MetaProperty: return [`${n.keywordToken === K.NewKeyword ? "new" : "import"}.${n.name.text}`];
    case K.ParenthesizedExpression: case K.AsExpression: case K.SatisfiesExpression: case K.NonNullExpression:
    case K.TypeAssertionExpression: case K.ExpressionWithTypeArguments: case K.PartiallyEmittedExpression:
      return n.expression;
    case K.BinaryExpression:
      return n.operatorToken.kind === K.CommaToken || n.operatorToken.kind === K.EqualsToken ? n.right : null;
    case K.PostfixUnaryExpression: return n.operand;
    case K.PropertyAccessExpression: return [n.name.text, n.expression];
    default: return null;
  }
}

const has = (n, kind) => n.modifiers?.some((m) => m.kind === kind);
const ambient = (n) => has(n, K.DeclareKeyword);
const decorators = (n) => (n.modifiers ?? []).filter((m) => m.kind === K.Decorator);
const computed = (name) => (name && name.kind === K.ComputedPropertyName ? [name.expression] : []);
const isString = (n) => n.kind === K.StringLiteral || n.kind === K.NoSubstitutionTemplateLiteral;
/** A key of a pattern: ["k"] is the name k, so are [("k")] and ["k"!]. */
function bare(e) {
  while (e.kind === K.NonNullExpression || e.kind === K.ParenthesizedExpression) e = e.expression;
  return e;
}
const patternKey = (name) => computed(name).filter((e) => !isString(bare(e)));
const tagOf = (n) => (n.kind === K.JsxNamespacedName ? `${n.namespace.text}:${n.name.text}` : n.text);

/** A target of an assignment: keys of objects in it are names, not values. */
function target(n) {
  const todo = [n], values = [];
  while (todo.length) {
    const t = todo.pop();
    if (!t) continue;
    if (t.kind === K.ObjectLiteralExpression) {
      for (const p of t.properties) {
        values.push(...patternKey(p.name));
        if (p.kind === K.PropertyAssignment) todo.push(p.initializer);
        else if (p.kind === K.SpreadAssignment) todo.push(p.expression);
        else if (p.objectAssignmentInitializer) values.push(p.objectAssignmentInitializer);
      }
    } else if (t.kind === K.ArrayLiteralExpression) todo.push(...t.elements);
    else if (t.kind === K.SpreadElement) todo.push(t.expression);
    else if (t.kind === K.BinaryExpression && t.operatorToken.kind === K.EqualsToken) {
      todo.push(t.left);
      values.push(t.right);
    } else values.push(t);
  }
  return values;
}
const isPattern = (n) => n.kind === K.ObjectLiteralExpression || n.kind === K.ArrayLiteralExpression;

/** A piece of a tagged template with an escape that means nothing has no cooked value: the text as written. */
const cooked = (t) => (t.templateFlags & ts.TokenFlags.ContainsInvalidEscape ? t.rawText.replace(/\r\n?/g, "\n") : t.text);

function template(n, f, all) {
  if (n.kind === K.NoSubstitutionTemplateLiteral) {
    f.str(cooked(n));
    return [];
  }
  for (const t of [n.head, ...n.templateSpans.map((s) => s.literal)]) if (all || t.text !== "") f.str(cooked(t));
  return n.templateSpans.map((s) => s.expression);
}

function jsxTag(n, f) {
  const name = n.tagName;
  if (name.kind === K.JsxNamespacedName || (name.kind === K.Identifier && isIntrinsic(name.text))) f.str(tagOf(name));
  const values = [];
  for (const a of n.attributes.properties) {
    if (a.kind !== K.JsxAttribute) values.push(a.expression);
    else {
      f.str(tagOf(a.name));
      if (a.initializer?.kind === K.StringLiteral) f.str(decodeEntities(a.initializer.text));
      else if (a.initializer) values.push(a.initializer);
    }
  }
  return values;
}

function declared(n) {
  if (n.kind !== K.VariableStatement) return n.name ? [n.name.text] : [];
  const names = [], todo = n.declarationList.declarations.map((d) => d.name);
  while (todo.length) {
    const p = todo.pop();
    if (p.kind === K.Identifier) names.push(p.text);
    else todo.push(...p.elements.filter((e) => e.kind !== K.OmittedExpression).map((e) => e.name));
  }
  return names;
}

/** Statements of namespaces: what they export are members of it, not of the module. */
const inner = new WeakSet();

function exported(n, f) {
  if (!has(n, K.ExportKeyword) || inner.has(n)) return;
  if (has(n, K.DefaultKeyword)) f.export("default", "");
  else for (const name of declared(n)) f.export(name, "");
}

const NOTHING = [];
const functionLike = (n) => {
  if (!n.body) return NOTHING; // an overload, an abstract method
  return [...decorators(n), ...computed(n.name), ...n.parameters, n.body];
};
const call = (sf, n, f) => f.call(n.getStart(sf), n.end, dotted(n.expression, step));

const special = {
  [K.CallExpression]: (n, f, sf) => (call(sf, n, f), [n.expression, ...n.arguments]),
  [K.NewExpression]: (n, f, sf) => (call(sf, n, f), [n.expression, ...(n.arguments ?? [])]),
  [K.TaggedTemplateExpression](n, f, sf) {
    f.call(n.getStart(sf), n.end, dotted(n.tag, step));
    return [n.tag, ...template(n.template, f, true)];
  },
  [K.TemplateExpression]: (n, f) => template(n, f, false),
  [K.NoSubstitutionTemplateLiteral]: (n, f) => template(n, f, false),
  [K.StringLiteral]: (n, f) => (f.str(n.text), NOTHING),
  [K.RegularExpressionLiteral]: (n, f) => (f.regex(n.text), NOTHING),
  [K.ImportDeclaration](n, f) {
    const m = n.moduleSpecifier.text, c = n.importClause, b = c?.namedBindings;
    if (!c || (!c.name && b?.kind === K.NamedImports && !b.elements.length)) f.import(m, "");
    if (c?.name) f.import(m, "default");
    if (b?.kind === K.NamespaceImport) f.import(m, "");
    if (b?.kind === K.NamedImports) for (const e of b.elements) f.import(m, (e.propertyName ?? e.name).text);
    return NOTHING;
  },
  [K.ImportEqualsDeclaration](n, f) {
    if (n.moduleReference.kind === K.ExternalModuleReference) f.import(n.moduleReference.expression.text, "");
    exported(n, f);
    return NOTHING;
  },
  [K.ExportDeclaration](n, f) {
    const m = n.moduleSpecifier?.text ?? "", c = n.exportClause;
    if (!c) {
      f.import(m, "*");
      if (!inner.has(n)) f.export("", m);
    } else if (c.kind === K.NamespaceExport) {
      f.import(m, "");
      if (!inner.has(n)) f.export(c.name.text, m);
    } else {
      if (n.moduleSpecifier && !c.elements.length) f.import(m, "");
      for (const e of c.elements) {
        if (n.moduleSpecifier) f.import(m, (e.propertyName ?? e.name).text);
        if ((n.moduleSpecifier || !(n.isTypeOnly || e.isTypeOnly)) && !inner.has(n)) f.export(e.name.text, m); // a local type is nothing
      }
    }
    return NOTHING;
  },
  [K.ExportAssignment]: (n, f) => (inner.has(n) || f.export(n.isExportEquals ? "export=" : "default", ""), [n.expression]),
  [K.NamespaceExportDeclaration]: () => NOTHING,
  [K.InterfaceDeclaration]: () => NOTHING,
  [K.TypeAliasDeclaration]: () => NOTHING,
  [K.TypeParameter]: () => NOTHING,
  [K.IndexSignature]: () => NOTHING,
  [K.VariableStatement]: (n, f) => (exported(n, f), [n.declarationList]),
  [K.FunctionDeclaration](n, f) {
    if (n.body) exported(n, f);
    return functionLike(n);
  },
  [K.FunctionExpression]: functionLike,
  [K.ArrowFunction]: functionLike,
  [K.MethodDeclaration]: functionLike,
  [K.Constructor]: functionLike,
  [K.GetAccessor]: functionLike,
  [K.SetAccessor]: functionLike,
  [K.Parameter](n) {
    if (n.name.kind === K.Identifier && n.name.text === "this") return NOTHING;
    return [...decorators(n), n.name, ...(n.initializer ? [n.initializer] : [])];
  },
  [K.PropertyDeclaration](n) {
    if (ambient(n)) return NOTHING;
    return [...decorators(n), ...computed(n.name), ...(n.initializer ? [n.initializer] : [])];
  },
  [K.ClassDeclaration]: (n, f) => (exported(n, f), klass(n)),
  [K.ClassExpression]: (n) => klass(n),
  [K.ExpressionWithTypeArguments]: (n) => [n.expression],
  [K.EnumDeclaration](n, f) {
    exported(n, f);
    const next = [];
    for (const m of n.members) {
      if (m.name.kind === K.Identifier || isString(m.name)) f.str(m.name.text);
      else next.push(...computed(m.name));
      if (m.initializer) next.push(m.initializer);
    }
    return next;
  },
  [K.ModuleDeclaration](n, f) {
    if (n.name.kind === K.StringLiteral || !n.body) return NOTHING;
    exported(n, f);
    return [n.body];
  },
  [K.ModuleBlock](n) {
    for (const s of n.statements) inner.add(s);
    return n.statements;
  },
  [K.BindingElement]: (n) => [...patternKey(n.propertyName), n.name, ...(n.initializer ? [n.initializer] : [])],
  [K.ObjectLiteralExpression](n, f) {
    const next = [];
    for (const p of n.properties) {
      if (p.kind === K.SpreadAssignment) next.push(p.expression);
      else {
        if (p.name.kind === K.Identifier || isString(p.name)) f.str(p.name.text);
        if (p.kind === K.PropertyAssignment) next.push(...computed(p.name), p.initializer);
        else if (p.kind === K.ShorthandPropertyAssignment) next.push(p.objectAssignmentInitializer); // {a = 1}, if no pattern an error of the checker
        else next.push(...(p.body ? [p] : computed(p.name))); // a method's handler takes its name
      }
    }
    return next.filter(Boolean);
  },
  [K.BinaryExpression](n) {
    if (n.operatorToken.kind === K.EqualsToken && isPattern(n.left)) return [...target(n.left), n.right];
    return [n.left, n.right];
  },
  [K.ForOfStatement]: forIn,
  [K.ForInStatement]: forIn,
  [K.JsxSelfClosingElement]: jsxTag,
  [K.JsxElement]: (n, f) => [...jsxTag(n.openingElement, f), ...n.children],
  [K.JsxFragment]: (n) => n.children,
  [K.JsxText](n, f) {
    const text = jsxText(n.text);
    if (text !== undefined) f.str(text);
    return NOTHING;
  },
};

function forIn(n) {
  return [...(isPattern(n.initializer) ? target(n.initializer) : [n.initializer]), n.expression, n.statement];
}

function klass(n) {
  const bases = (n.heritageClauses ?? []).filter((h) => h.token === K.ExtendsKeyword).flatMap((h) => h.types);
  return [...decorators(n), ...bases, ...n.members];
}

export function walk(sf, facts) {
  const todo = [...sf.statements];
  const push = (c) => void todo.push(c);
  while (todo.length) {
    const n = todo.pop();
    if (ambient(n)) continue;
    const own = special[n.kind];
    if (own) for (const c of own(n, facts, sf)) todo.push(c);
    else if (!ts.isTypeNode(n)) ts.forEachChild(n, push);
  }
}
