# SPDX-License-Identifier: Apache-2.0
"""How JavaScript reaches a name, how its statements may stand, how a text may be run; see py_shape.py."""
import json

from program import Block, Code, Int, Ref, Str, call, code, commas, render
from py_shape import into, take
from py_text import numbers, pieces

NAMES, SHAPES, LAYERS = {}, {}, {}
GLOBAL = ("globalThis", "process")


def name(n):
    return into(NAMES, n)


def shape(n):
    return into(SHAPES, n)


def layer(n):
    return into(LAYERS, n)


def leaf_of(p):
    def leaf(node):
        v = node.value
        if isinstance(node, Ref):
            if v[0] == "globalThis":
                return v[1]
            if v[0] == "process":
                return ".".join(v)
            return f"require({json.dumps(v[0])}).{'.'.join(v[1:])}"
        if isinstance(node, Int):
            return str(v) if v >= 0 else f"({v})"
        return json.dumps(v, ensure_ascii=False)
    return leaf


def source(p):
    leaf = leaf_of(p)
    out = []
    for n in p.defs + p.body:
        text = render(n, leaf, "}")
        out.append(text if text.rstrip().endswith(("}", ";")) and not text.rstrip().endswith("})") and isinstance(n.now(), Block) else text.rstrip().rstrip(";") + ";")
    return "\n".join(p.heads + out) + "\n"


def base(path):
    """An expression for what holds the name."""
    return code(path[0]) if path[0] in GLOBAL else code("require(", Str(path[0]), ")")


@name("variable alias")
def _(p, path):
    x, y = p.fresh(), p.fresh()
    p.define(p.r.choice(["var ", "const ", "let "]), f"{x} = ", base(path), f", {y} = {x}.{path[1]};")
    return Code([y])


@name("destructuring")
def _(p, path):
    x = p.fresh()
    p.define(f"const {{ {path[1]}: {x} }} = ", base(path), ";")
    return Code([x])


@name("computed member")
def _(p, path):
    return code(base(path), "[", Str(path[1]), "]")


@name("node: prefix")
def _(p, path):
    return code("require(", Str("node:" + path[0]), ").", path[1]) if path[0] not in GLOBAL else None


@name("process.mainModule.require")
def _(p, path):
    return code(p.r.choice(["process.mainModule.require(", "module.require(", "module['require']("]), Str(path[0]), ").", path[1]) if path[0] not in GLOBAL else None


@name("global object")
def _(p, path):
    if path[0] == "globalThis":
        return code(p.r.choice(["globalThis", "global"]), "[", Str(path[1]), "]")
    if path[0] == "process":
        return code(p.r.choice(["globalThis.process", "global['process']", "globalThis[", ][:2]), "[", Str(path[1]), "]")
    return None


@name("module.constructor")
def _(p, path):
    return code("module.constructor", p.r.choice(["._load(", "['_load']("]), Str(path[0]), ")[", Str(path[1]), "]") if path[0] not in GLOBAL else None


@name("require alias")
def _(p, path):
    if path[0] in GLOBAL:
        return None
    x = p.fresh()
    p.define(f"const {x} = ", p.r.choice(["require", "module.require.bind(module)", "(a => require(a))"]), ";")
    return code(x, "(", Str(path[0]), ").", path[1])


@name("createRequire")
def _(p, path):
    return code("require('module').createRequire(__filename)(", Str(path[0]), ").", path[1]) if path[0] not in GLOBAL else None


@name("getBuiltinModule")
def _(p, path):
    return code("process.getBuiltinModule(", Str(path[0]), ").", path[1]) if path[0] not in GLOBAL else None


@name("Function('return ...')")
def _(p, path):
    if path[0] in GLOBAL:
        return code(p.r.choice(["Function(", "new Function("]), Str("return this"), ")().", ".".join(path[1:] if path[0] == "globalThis" else path))
    return code("Function('r', ", Str(f"return r('{path[0]}')"), ")(require).", path[1])


@name("constructor of constructor")
def _(p, path):
    if path[0] not in GLOBAL:
        return code("(() => {}).constructor(", Str("return process"), ")().mainModule.require(", Str(path[0]), ").", path[1])
    return code("[].constructor.constructor(", Str("return globalThis"), ")().", ".".join(path[1:] if path[0] == "globalThis" else path))


@name("eval of the name")
def _(p, path):
    return code("eval(", Str(".".join(path[1:] if path[0] == "globalThis" else path) if path[0] in GLOBAL else f"require('{path[0]}').{path[1]}"), ")")


@name("dictionary dispatch")
def _(p, path):
    d, k = p.fresh(), p.r.choice(["a", "run", "go"])
    p.define(f"const {d} = {{ '{k}': ", Ref(path), ", b: parseInt };")
    return code(d, "[", Str(k), "]")


@name("call-through object")
def _(p, path):
    d = p.fresh()
    k = "".join(p.r.choice("aBcDeF") for _ in range(5))
    p.define(f"const {d} = {{ '{k}': function (f, ...a) {{ return f(...a); }}, 'x': '1|2' }};")
    x = p.fresh()
    p.define(f"const {x} = (...a) => {d}[", Str(k), "](", Ref(path), ", ...a);")
    return Code([x])


@name("array dispatch")
def _(p, path):
    d, at = p.fresh(), p.r.randint(0, 2)
    items = [Code(["parseInt"]), Code(["String"])]
    items.insert(at, Ref(path))
    p.define(f"const {d} = [", *commas(items), "];")
    return code(d, "[", Int(at), "]")


@name("Map dispatch")
def _(p, path):
    d = p.fresh()
    p.define(f"const {d} = new Map([[", Str("k"), ", ", Ref(path), "], ['b', parseInt]]);")
    return code(d, ".get(", Str("k"), ")")


@name("class member")
def _(p, path):
    x = p.fresh()
    p.strict = True
    if p.r.random() < 0.5:
        p.define(f"class {x} {{ static go = ", Ref(path), "; }")
        return code(f"{x}.go")
    p.define(f"class {x} {{ constructor() {{ this.go = ", Ref(path), "; } }")
    return code(f"new {x}().go")


@name("function around")
def _(p, path):
    x = p.fresh()
    p.define(*p.r.choice([(f"const {x} = (...a) => ", Ref(path), "(...a);"), (f"function {x}() {{ return ", Ref(path), ".apply(null, arguments); }"),
                          (f"function {x}(a, b, c) {{ return ", Ref(path), "(a, b, c); }")][:2]))
    return Code([x])


@name("bind")
def _(p, path):
    x = p.fresh()
    p.define(f"const {x} = ", Ref(path), ".bind(null);")
    return Code([x])


@name("closure")
def _(p, path):
    x = p.fresh()
    p.define(f"const {x} = (function () {{ const f = ", Ref(path), "; return function (...a) { return f(...a); }; })();")
    return Code([x])


@name("default argument")
def _(p, path):
    x = p.fresh()
    p.define(f"const {x} = (a, f = ", Ref(path), ") => f;")
    return code(f"{x}(1)")


@name("getter")
def _(p, path):
    x = p.fresh()
    p.define(f"const {x} = {{ get go() {{ return ", Ref(path), "; } };")
    return code(f"{x}.go")


@name("prototype patch")
def _(p, path):
    x = p.fresh()
    p.define(f"Array.prototype.{x} = ", Ref(path), ";")
    return code(f"[].{x}")


@name("own property of a module")
def _(p, path):
    x = p.fresh()
    p.define(f"require('util').{x} = ", Ref(path), ";")
    return code(f"require('util').{x}")


@name("Reflect.get")
def _(p, path):
    return code("Reflect.get(", base(path), ", ", Str(path[1]), ")")


@name("Object.entries, find")
def _(p, path):
    return code("Object.values({ ", path[1], ": ", Ref(path), " })[0]")


@name("comma, conditional")
def _(p, path):
    return code(*p.r.choice([("(0, ", Ref(path), ")"),
                ("(7 > 3 && ", Ref(path), ")"), ("(null || ", Ref(path), ")"), ("(null ?? ", Ref(path), ")"), ("('abc'.length === 3 ? ", Ref(path), " : parseInt)")]))


@shape("in a function")
def _(p):
    f = p.fresh()
    p.body = [Block([f"function {f}() {{", *lines(take(p))]), Code([f"{f}()"])]


def lines(body):
    return [b if isinstance(b.now(), Block) else code(b, ";") for b in body]


@shape("immediate function")
def _(p):
    body = lines(take(p))
    forms = [("(function () {", ")()"), ("(() => {", ")()"), ("!function () {", "()"), ("void function () {", "()"), (";(function () {", ".call(this))"), ("new (class { constructor() {", "})()")]
    a, b = p.r.choice(forms[:5] if p.octal else forms)
    p.strict = p.strict or "class" in a
    p.body = [code(Block([a, *body]), b)]


@shape("behind an opaque predicate")
def _(p):
    x, k = p.fresh(), p.r.randint(3, 99)
    test = p.r.choice([f"({x} * {x} + {x}) % 2 === 0", f"{x} < {k + 5}", f"String({x}).length > 0", f"({x} ^ {x}) === 0", f"'aBc' !== '{p.r.choice(['x', 'y'])}'"])
    p.body = [Code([f"var {x} = {k}"]), code(Block([f"if ({test}) {{", *lines(take(p))]), Block([" else {", Code([f"console.log({x});"])]))]


@shape("dead code")
def _(p):
    x, y, body = p.fresh(), p.fresh(), take(p)
    for noise in (f"var {x} = [1, 2, 3].map(i => i * 2)", f"if (false) {{ console.log('{x}'); }}", f"function {y}(a, b) {{ return a + b; }}"):
        body.insert(p.r.randint(0, len(body)), code(Code([noise])))
    p.body = body


@shape("switch flattening")
def _(p):
    body, o, i = take(p), p.fresh(), p.fresh()
    place = list(range(len(body)))
    p.r.shuffle(place)
    arms = sorted(zip(place, body), key=lambda x: x[0])
    order = Str("|".join(map(str, place)))
    cases = [Block([f"case '{k}':", *lines([b]), Code(["continue;"])]) for k, b in arms]
    whole = Block([f"while (!![]) {{", Block([f"switch ({o}[{i}++]) {{", *[CaseBlock(c) for c in cases]]), Code(["break;"])])
    p.body = [code(f"var {o} = ", order, ".split('|')"), Code([f"var {i} = 0"]), whole]


def CaseBlock(block):
    """A case has no brace of its own: it gets one."""
    block.value[0] += " {"
    return block


@shape("state machine")
def _(p):
    body, x = take(p), p.fresh()
    labels = p.r.sample(range(10, 900), len(body) + 1)
    cases = [Block([f"case {labels[k]}: {{", *lines([b]), Code([f"{x} = {labels[k + 1]}; break;"])]) for k, b in enumerate(body)]
    p.r.shuffle(cases)
    p.body = [Code([f"var {x} = {labels[0]}"]), Block([f"while ({x} !== {labels[-1]}) {{", Block([f"switch ({x}) {{", *cases])])]


@shape("loop that runs once")
def _(p):
    x = p.fresh()
    body = lines(take(p))
    p.body = [Block([p.r.choice([f"for (let {x} = 0; {x} < 1; {x}++) {{", f"for (const {x} of ['a']) {{", "do {"]), *body])]
    if p.body[0].value[0] == "do {":
        p.body = [code(p.body[0], " while (false)")]


@shape("try and finally")
def _(p):
    body = lines(take(p))
    p.body = [code(Block(["try {", *body]), Block([p.r.choice([" catch (e) {", " finally {"])]))] if p.r.random() < 0.5 else [code(Block(["try {", Code(["null.x;"])]), Block([" catch (e) {", *body]))]


@shape("event, timer, promise")
def _(p):
    body = lines(take(p))
    a, b = p.r.choice([("setTimeout(() => {", ", 0)"), ("process.nextTick(function () {", ")"), ("Promise.resolve().then(() => {", ")"), ("setImmediate(() => {", ")"),
                       ("new Promise((ok) => {", ")"), ("(async () => {", ")()"), ("[1].forEach(() => {", ")")])
    p.body = [code(Block([a, *body]), b)]


@shape("one line")
def _(p):
    body = take(p)
    p.body = [code(*[x for i, b in enumerate(lines(body)) for x in (["\n"] if isinstance(b.now(), Block) and i else [" "] if i else []) + [b]])]


def expressions(p):
    body = [b.now() for b in p.body]
    return body if body and all(hasattr(b, "callee") for b in body) else None


@shape("comma expression")
def _(p):
    body = expressions(p)
    if not body:
        return False
    p.body = [code(p.r.choice(["", "!", "void "]), "(", *commas(body), ")")]


@shape("list of functions")
def _(p):
    body = expressions(p)
    if not body:
        return False
    x = p.fresh()
    p.body = [code(f"var {x} = [", *commas([code("() => ", b) for b in body]), "]"), Code([p.r.choice([f"{x}.forEach(f => f())", f"for (const f of {x}) f()", f"{x}.map(f => f())"])])]


@shape("arguments by a helper")
def _(p):
    body = expressions(p)
    if not body:
        return False
    f = p.fresh()
    p.define(f"function {f}(f, ...a) {{ return f(...a); }}")
    p.body = [call(f, [b.callee, *b.args]) for b in body]


@shape("call and apply")
def _(p):
    body = expressions(p)
    if not body:
        return False
    p.body = [p.r.choice([lambda b: code(b.callee, ".call(", *commas([Code(["null"]), *b.args]), ")"), lambda b: code(b.callee, ".apply(null, [", *commas(b.args), "])"),
                          lambda b: code("Reflect.apply(", b.callee, ", null, [", *commas(b.args), "])"), lambda b: code(b.callee, "(...[", *commas(b.args), "])"),
                          lambda b: code(b.callee, ".bind(", *commas([Code(["null"]), *b.args]), ")()"), lambda b: code(b.callee, "?.(", *commas(b.args), ")")])(b) for b in body]


@shape("argument variables")
def _(p):
    body = expressions(p)
    if not body:
        return False
    out = []
    for b in body:
        names_ = [p.fresh() for _ in b.args]
        out += [code("var " + x + " = ", a) for x, a in zip(names_, b.args)] + [call(b.callee, [Code([x]) for x in names_])]
    p.body = out


@shape("renamed")
def _(p):
    p.style = p.r.choice(["hex", "il", "oo", "under", "greek", "short"])


@layer("eval")
def _(p, source_):
    return code(p.r.choice(["eval(", "eval(", "Object.assign(globalThis, { require, module, __filename }), (0, eval)("]), Str(source_), ")")


@layer("new Function")
def _(p, source_):
    return code(p.r.choice(["new Function('require', 'module', '__filename', ", "Function('require', 'module', '__filename', "]), Str(source_), ")(require, module, __filename)")


@layer("constructor of a function")
def _(p, source_):
    return code(p.r.choice(["(function () {})", "(() => {})", "[].map", "parseInt"]), p.r.choice([".constructor(", "['constructor']("]), "'require', 'module', '__filename', ", Str(source_), ")(require, module, __filename)")


@layer("module._compile")
def _(p, source_):
    return code(p.r.choice(["module._compile(", "module['_compile']("]), Str(source_), ", __filename)")


@layer("vm")
def _(p, source_):
    p.layered = [Code(["globalThis.require = require; globalThis.module = module; globalThis.__filename = __filename"])]
    return p.r.choice([lambda: code("require('vm').runInThisContext(", Str(source_), ")"), lambda: code("new (require('vm').Script)(", Str(source_), ").runInThisContext()"),
                       lambda: code("require('vm').runInNewContext(", Str(source_), ", { require, module, process, Buffer, globalThis, fetch, atob, TextDecoder, console, setTimeout, setImmediate, __filename, unescape })")])()


@layer("eval in a function")
def _(p, source_):
    f = p.fresh()
    p.layered = [Code([f"function {f}(s) {{ return eval(s); }}"])]
    return code(f, "(", Str(source_), ")")


@layer("eval by alias")
def _(p, source_):
    x = p.fresh()
    p.layered = [Code(["globalThis.require = require; globalThis.module = module; globalThis.__filename = __filename"]), Code([f"var {x} = " + p.r.choice(["eval", "globalThis['ev' + 'al']", "globalThis.eval"])])]
    return code(x, "(", Str(source_), ")")


@layer("list of pieces")
def _(p, source_):
    x = p.fresh()
    p.layered = [code(f"var {x} = [", *commas([Str(y) for y in pieces(p.r, source_, 4, 9)]), "]")]
    return code(f"eval({x}.join(''))")


@layer("codes of the text")
def _(p, source_):
    return code("eval(String.fromCharCode(", ", ".join(str(ord(x)) for x in source_), "))") if len(source_) < 2500 else None


@layer("packer")
def _(p, source_):
    words = []

    def word(m):
        if m.group() not in words:
            words.append(m.group())
        n = words.index(m.group())
        return (chr(n % 36 + 29) if n % 36 > 35 else "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36]) if n < 36 else "1" + "0123456789abcdefghijklmnopqrstuvwxyz"[n - 36]
    import re
    if len(set(re.findall(r"\w+", source_))) > 70 or not source_.isascii():
        return None
    packed = re.sub(r"\b\w+\b", word, source_)
    return code("eval(function (p, a, c, k, e, d) { e = function (c) { return c.toString(36); }; if (!''.replace(/^/, String)) { while (c--) { d[c.toString(a)] = k[c] || c.toString(a); } "
                "k = [function (e) { return d[e]; }]; e = function () { return '\\\\w+'; }; c = 1; } while (c--) { if (k[c]) { p = p.replace(new RegExp('\\\\b' + e(c) + '\\\\b', 'g'), k[c]); } } return p; }(",
                Str(packed), f", 36, {len(words)}, ", Str("|".join(words)), ".split('|'), 0, {}))")


@layer("setTimeout of a text by Function")
def _(p, source_):
    return code("setTimeout(new Function('require', 'module', '__filename', ", Str(source_), "), 1, require, module, __filename)")
