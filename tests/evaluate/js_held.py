# SPDX-License-Identifier: Apache-2.0
"""The held-out set of JavaScript: other ways to write the same tricks, never shown to those who work on the evaluator."""
import base64
import json
import zlib

from js_shape import GLOBAL, base, lines
from program import Block, Code, Int, Ref, Str, call, code, commas
from py_shape import into, take
from py_text import numbers, once, pieces, rc4, strs

TEXT, INTS, NAMES, SHAPES, LAYERS = {}, {}, {}, {}, {}


def text(name, most=3000):
    def put(f):
        TEXT[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        return f
    return put


def units(v):
    return [ord(x) for x in v]


@text("pieces added up in variables")
def _(p, v, c):
    x = p.fresh()
    first, *rest = pieces(p.r, v, 3, 6)
    parts = [f"let {x} = ", Str(first), ";"]
    for s in rest:
        parts += [f" {x} += ", Str(s), ";"]
    p.define(*parts)
    return Code([x])


@text("reversal by a loop")
def _(p, v, c):
    f = once(p, c, "r", "const $ = t => { let o = ''; for (let i = t.length - 1; i >= 0; i--) o += t[i]; return o; };")
    return code(f, "(", Str(v[::-1]), ")")


@text("codes minus a list", 1200)
def _(p, v, c):
    k = [p.r.randint(1, 99) for _ in v]
    x = p.fresh()
    p.define(f"const {x} = {numbers(k)};")
    return Code([f"{numbers(u + y for u, y in zip(units(v), k))}.map((n, i) => String.fromCharCode(n - {x}[i])).join('')"])


@text("join by reduce of codes", 1200)
def _(p, v, c):
    return Code([f"{numbers(u + 1 for u in units(v))}.reduce((s, n) => s + String.fromCharCode(n - 1), '')"])


@text("XOR, while loop", 2000)
def _(p, v, c):
    f = once(p, c, "x", "function $(d, k) { var o = [], i = 0; while (i < d.length) { o[i] = String.fromCharCode(d[i] ^ k[i % k.length]); i++; } return o.join(''); }")
    k = [p.r.randint(1, 255) for _ in range(p.r.randint(2, 7))]
    return Code([f"{f}({numbers(u ^ k[i % len(k)] for i, u in enumerate(units(v)))}, {numbers(k)})"])


@text("XOR over a Uint8Array", 2000)
def _(p, v, c):
    k = [p.r.randint(1, 255) for _ in range(p.r.randint(2, 7))]
    f = once(p, c, "u8", "function $(b, k) { const a = new Uint8Array(b); for (let i = 0; i < a.length; i++) a[i] ^= k[i % k.length]; return new TextDecoder().decode(a); }")
    raw = bytes(b ^ k[i % len(k)] for i, b in enumerate(v.encode()))
    return code(f, "(Buffer.from(", Str(raw.hex()), f", 'hex'), {numbers(k)})")


@text("linear congruence", 2000)
def _(p, v, c):
    s = seed = p.r.randint(1, 60000)
    out = []
    for b in v.encode():
        s = (s * 75 + 74) % 65537
        out.append(b ^ (s & 255))
    f = once(p, c, "lcg", "function $(seed) { let s = seed; return { next() { s = (s * 75 + 74) % 65537; return s & 255; } }; }")
    g = p.fresh()
    p.define(f"const {g} = {f}({seed});")
    return Code([f"Buffer.from({numbers(out)}.map(b => b ^ {g}.next())).toString()"])


@text("RC4, arrow functions", 1500)
def _(p, v, c):
    f = once(p, c, "rc4", """const $ = (key, data) => {
  const s = Array.from({ length: 256 }, (_, i) => i); let j = 0;
  for (let i = 0; i < 256; i++) { j = (j + s[i] + key.charCodeAt(i % key.length)) & 255; [s[i], s[j]] = [s[j], s[i]]; }
  let a = 0, b = 0;
  return data.map(x => { a = (a + 1) & 255; b = (b + s[a]) & 255; [s[a], s[b]] = [s[b], s[a]]; return String.fromCharCode(x ^ s[(s[a] + s[b]) & 255]); }).join('');
};""")
    if not all(u < 256 for u in units(v)):
        return None
    return code(f, "(", Str("k3yXY"), f", {numbers(rc4(b'k3yXY', v.encode('latin-1')))})")


@text("base64 written out", 1200)
def _(p, v, c):
    f = once(p, c, "b64", """function $(s) {
  var abc = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', out = '', bits = 0, n = 0;
  for (var i = 0; i < s.length; i++) { var x = abc.indexOf(s.charAt(i)); if (x < 0) break; bits = (bits << 6 | x) & 0xffff; n += 6; if (n >= 8) { n -= 8; out += String.fromCharCode(bits >> n & 255); } }
  return out;
}""")
    return code(f, "(", Str(base64.b64encode(v.encode()).decode()), ")") if v.isascii() else None


@text("map of characters", 1000)
def _(p, v, c):
    chars = sorted(set(v))
    p.r.shuffle(chars)
    a = p.fresh()
    p.define(f"const {a} = ", Str("".join(chars)), ";")
    return Code([f"{numbers(chars.index(x) for x in v)}.map(i => {a}.charAt(i)).join('')"])


@text("string table in an object")
def _(p, v, c):
    parts = pieces(p.r, v, 2, 6)
    o = p.fresh()
    p.define(f"const {o} = {{ t: [", *strs(parts), f"], get(i) {{ return this.t[i - 3]; }} }};")
    return code("(", " + ".join(f"{o}.get({i + 3})" for i in range(len(parts))), ")")


@text("table shifted by splice")
def _(p, v, c):
    parts = pieces(p.r, v, 3, 7)
    t, k = p.fresh(), p.r.randint(1, 2)
    turned = parts[-k:] + parts[:-k]
    p.define(f"let {t} = [", *strs(turned), f"]; {t} = {t}.slice({k}).concat({t}.slice(0, {k}));")
    return code(f"{t}.join('')")


@text("Buffer.concat, latin1")
def _(p, v, c):
    parts = pieces(p.r, v, 2, 4)
    return code("Buffer.concat([", *commas([code("Buffer.from(", Str(base64.b64encode(s.encode()).decode()), ", 'base64')") for s in parts]), "]).toString('utf8')")


@text("hex by a step of two", 1500)
def _(p, v, c):
    f = once(p, c, "hx", "const $ = h => { const o = []; for (let i = 0; i < h.length; i += 2) o.push(parseInt(h.slice(i, i + 2), 16)); return String.fromCharCode(...o); };")
    return code(f, "(", Str("".join(f"{u:02x}" for u in units(v))), ")") if v.isascii() else None


@text("unzip, latin")
def _(p, v, c):
    x = p.fresh()
    p.define(f"const {{ unzipSync: {x} }} = require('zlib');")
    return code(f"{x}(Buffer.from(", Str(zlib.compress(v.encode()).hex()), ", 'hex')).toString('utf-8')")


@text("JSON of codes", 1500)
def _(p, v, c):
    return code("JSON.parse(", Str(json.dumps(units(v))), ").map(n => String.fromCodePoint(n)).join('')")


@text("split and map of numbers", 1500)
def _(p, v, c):
    return code(Str("x".join(str(u) for u in units(v))), ".split('x').map(Number).map(n => String.fromCharCode(n)).join('')")


@text("charAt picks", 60)
def _(p, v, c):
    chars = sorted(set(v))
    x = p.fresh()
    p.define(f"const {x} = ", Str("".join(chars)), ";")
    return code("(", " + ".join(f"{x}.charAt({chars.index(y)})" if p.r.random() < 0.5 else f"{x}[{chars.index(y)}]" for y in v), ")")


def number(n):
    return into(INTS, n)


@number("shifts and masks")
def _(p, v, c):
    if v < 0:
        return None
    a = p.r.randint(1, 200)
    return Code([p.r.choice([f"({v * 4} >> 2)", f"({v} | 0)", f"Math.max({v}, -1)", f"parseInt('{v}')", f"Math.round({v}.2)", f"[{v}, {a}][0]", f"({v + a} % {max(v + a + 1, 2)} - {a})", f"~~{v}.5" if v else "0"])])


def name(n):
    return into(NAMES, n)


@name("destructuring of a parameter")
def _(p, path):
    f = p.fresh()
    p.define(f"const {f} = ({{ {path[1]}: q }}) => q;")
    return code(f, "(", base(path), ")")


@name("name in pieces")
def _(p, path):
    x = p.fresh()
    p.define(f"const {x} = [", *strs(pieces(p.r, path[1])), "].join('');")
    return code(base(path), f"[{x}]")


@name("object of modules")
def _(p, path):
    o = p.fresh()
    p.define(f"const {o} = {{ m: ", base(path), " };")
    return code(f"{o}.m.{path[1]}")


@name("spread object")
def _(p, path):
    o = p.fresh()
    p.define(f"const {o} = {{ ...{{ go: ", Ref(path), " }, n: 1 };")
    return code(f"{o}.go")


@name("method that returns")
def _(p, path):
    o = p.fresh()
    p.define(f"const {o} = {{ pick(n) {{ return n > 1 ? ", Ref(path), " : parseInt; } };")
    return code(f"{o}.pick(2)")


@name("Object.assign")
def _(p, path):
    o = p.fresh()
    p.define(f"const {o} = Object.assign({{}}, {{ go: ", Ref(path), " });")
    return code(f"{o}['go']")


@name("export of itself")
def _(p, path):
    x = p.fresh()
    p.define(f"module.exports.{x} = ", Ref(path), ";")
    return code(f"module.exports.{x}")


@name("require by a table")
def _(p, path):
    if path[0] in GLOBAL:
        return None
    t = p.fresh()
    p.define(f"const {t} = ['path', ", Str(path[0]), ", 'url'];")
    return code(f"require({t}[1])['{path[1]}']")


def shape(n):
    return into(SHAPES, n)


@shape("arrow in a variable")
def _(p):
    f = p.fresh()
    p.body = [Block([f"var {f} = (a, b = 2) => {{", *lines(take(p))]), Code([f"{f}(1)"])]


@shape("method of a class")
def _(p):
    x = p.fresh()
    if p.octal:
        return False
    p.strict = True
    p.body = [Block([f"class {x} {{", Block(["go() {", *lines(take(p))])]), Code([f"new {x}().go()"])]


@shape("object of a method")
def _(p):
    x = p.fresh()
    p.body = [code(Block([f"var {x} = {{ run: function () {{", *lines(take(p))]), " }"), Code([f"{x}.run()"])]


@shape("if and else turned")
def _(p):
    x = p.fresh()
    p.body = [Code([f"var {x} = [1, 2, 3]"]), code(Block([f"if (!({x}.length === 3)) {{", Code(["null;"])]), Block([" else {", *lines(take(p))]))]


def layer(n):
    return into(LAYERS, n)


@layer("eval of a variable")
def _(p, s):
    x = p.fresh()
    p.layered = [code(f"var {x} = ", Str(s))]
    return Code([f"eval({x})"])


@layer("Function in a variable")
def _(p, s):
    x = p.fresh()
    p.layered = [code(f"var {x} = new Function('require', 'module', '__filename', ", Str(s), ")")]
    return Code([f"{x}(require, module, __filename)"])


@layer("eval of lines")
def _(p, s):
    return code("eval([", *strs(s.splitlines()), "].join('\\n'))") if s.count("\n") < 40 else None


@layer("compileFunction")
def _(p, s):
    return code("require('vm').compileFunction(", Str(s), ", ['require', 'module', '__filename'])(require, module, __filename)")


@layer("arrow that evals")
def _(p, s):
    x = p.fresh()
    p.layered = [Code([f"var {x} = s => eval(s)"])]
    return code(x, "(", Str(s), ")")
