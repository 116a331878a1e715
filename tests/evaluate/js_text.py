# SPDX-License-Identifier: Apache-2.0
"""How a JavaScript text or number may be written so that it does not show; see py_text.py."""
import base64
import brotli
import gzip
import json
import urllib.parse
import zlib

from program import Code, Int, Str, code, commas
from py_text import numbers, pieces, once as once_, rc4, strs

TEXT, INTS = {}, {}


def text(name, most=4000):
    def put(f):
        TEXT[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        return f
    return put


def number(name):
    def put(f):
        INTS[name] = f
        return f
    return put


once = once_


def q(s):
    return json.dumps(s, ensure_ascii=False)


def units(v):
    return [ord(x) for x in v]


@text("concatenation")
def _(p, v, c):
    return code("(", *[x for i, s in enumerate(pieces(p.r, v)) for x in ([" + "] if i else []) + [Str(s)]], ")")


@text("String.concat")
def _(p, v, c):
    a, *rest = pieces(p.r, v)
    return code(Str(a), ".concat(", *strs(rest), ")")


@text("reversal", 40000)
def _(p, v, c):
    s = Str(v[::-1])
    return p.r.choice([lambda: code(s, ".split('').reverse().join('')"), lambda: code("[...", s, "].reverse().join('')"), lambda: code("Array.from(", s, ").reverse().join(\"\")"),
                       lambda: code(s, ".split('').reduce((a, x) => x + a, '')")])()


@text("join")
def _(p, v, c):
    mark = p.r.choice(["", "-", "/"])
    parts = v.split(mark) if mark else pieces(p.r, v, 2, 8)
    return code("[", *strs(parts), f"].join({q(mark)})") if len(parts) < 30 else None


@text("fromCharCode", 2500)
def _(p, v, c):
    n = ", ".join(map(str, units(v)))
    return Code([p.r.choice([f"String.fromCharCode({n})", f"String.fromCharCode(...[{n}])", f"String.fromCharCode.apply(null, [{n}])", f"String.fromCodePoint({n})",
                             f"[{n}].map(x => String.fromCharCode(x)).join('')", f"[{n}].map(function (x) {{ return String['fromCharCode'](x); }}).join('')"])])


@text("hexadecimal escapes")
def _(p, v, c):
    return Code(["'" + "".join(f"\\x{u:02x}" if u < 256 else f"\\u{u:04x}" for u in units(v)) + "'"])


@text("unicode escapes")
def _(p, v, c):
    return Code(['"' + "".join(p.r.choice([f"\\u{u:04x}", f"\\u{{{u:x}}}"]) for u in units(v)) + '"'])


@text("octal escapes")
def _(p, v, c):
    if p.strict or not all(u < 256 for u in units(v)):
        return None
    p.octal = True
    return Code(['"' + "".join(f"\\{u:03o}" for u in units(v)) + '"'])


@text("template")
def _(p, v, c):
    parts = pieces(p.r, v)
    if "`" in v or "$" in v or "\\" in v or "\n" in v:
        return None
    return code("`", *[x for i, s in enumerate(parts) for x in ([s] if i % 2 else ["${", Str(s), "}"])], "`")


@text("tagged String.raw")
def _(p, v, c):
    if "`" in v or "$" in v or "\\" in v or "\n" in v or v.endswith("\\"):
        return None
    return Code(["String.raw`" + v + "`"])


@text("replace marker")
def _(p, v, c):
    mark = p.r.choice(["QQ", "~!", "#_", "zZz"])
    if mark[0] in v or mark[-1] in v:
        return None
    s = Str(mark.join(pieces(p.r, v, 3, 9)))
    return p.r.choice([lambda: code(s, f".replace(/{mark}/g, '')"), lambda: code(s, f".replaceAll('{mark}', '')"), lambda: code(s, f".split('{mark}').join('')")])()


@text("replace by a table", 1500)
def _(p, v, c):
    chars = sorted(x for x in set(v) if x.isalpha() and x.isascii())[:8]
    if len(chars) < 2:
        return None
    to = chars[1:] + chars[:1]
    hidden = "".join(dict(zip(chars, to)).get(x, x) for x in v)
    d = p.fresh()
    p.define(f"const {d} = {{" + ", ".join(f"{b}: {a!r}" for a, b in zip(chars, to)) + "};")
    return code(Str(hidden), f".replace(/[{''.join(chars)}]/g, x => {d}[x])")


@text("every second character")
def _(p, v, c):
    noise = "".join(x + p.r.choice("abcxyz019") for x in v)
    return p.r.choice([lambda: code(Str(noise), ".split('').filter((x, i) => i % 2 === 0).join('')"), lambda: code(Str(noise), ".replace(/([^])[^]/g, '$1')")])()


@text("slice, substring, substr")
def _(p, v, c):
    a = "".join(p.r.choice("qwertz ") for _ in range(p.r.randint(1, 9)))
    b = "".join(p.r.choice("yxcvb") for _ in range(p.r.randint(1, 9)))
    return code(Str(a + v + b), p.r.choice([f".slice({len(a)}, -{len(b)})", f".substring({len(a)}, {len(a) + len(v)})", f".substr({len(a)}, {len(v)})"]))


@text("charCodeAt ^ k", 2500)
def _(p, v, c):
    k, s = p.r.randint(1, 30), None
    s = Str("".join(chr(u ^ k) for u in units(v)))
    return p.r.choice([lambda: code("[...", s, "].map(x => String.fromCharCode(x.charCodeAt(0) ^ ", Int(k), ")).join('')"),
                       lambda: code(s, ".split('').map(function (x) { return String.fromCharCode(x.charCodeAt() ^ ", Int(k), "); }).join('')"),
                       lambda: code(s, ".replace(/[^]/g, x => String.fromCharCode(x.charCodeAt(0) ^ ", Int(k), "))")])()


@text("Caesar")
def _(p, v, c):
    k = p.r.randint(1, 20)
    f = once(p, c, "caesar", "function $(s, k) { let out = ''; for (let i = 0; i < s.length; i++) { out += String.fromCharCode(s.charCodeAt(i) - k); } return out; }")
    return code(f, "(", Str("".join(chr(u + k) for u in units(v))), ", ", Int(k), ")")


@text("XOR, text key, function", 2500)
def _(p, v, c):
    f = once(p, c, "xor", "function $(s, k) { var r = ''; for (var i = 0; i < s.length; ++i) { r += String.fromCharCode(s.charCodeAt(i) ^ k.charCodeAt(i % k.length)); } return r; }")
    k = "".join(p.r.choice("abcdefgh1234") for _ in range(p.r.randint(3, 9)))
    return code(f, "(", Str("".join(chr(u ^ ord(k[i % len(k)])) for i, u in enumerate(units(v)))), ", ", Str(k), ")")


@text("XOR of a Buffer", 2500)
def _(p, v, c):
    k = p.r.randint(1, 255)
    raw = bytes(b ^ k for b in v.encode())
    return p.r.choice([lambda: code("Buffer.from(", Str(raw.hex()), ", 'hex').map(b => b ^ ", Int(k), ").toString()"),
                       lambda: code("Buffer.from([...Buffer.from(", Str(base64.b64encode(raw).decode()), ", 'base64')].map(b => b ^ ", Int(k), ")).toString('utf8')")])()


@text("rolling key", 2500)
def _(p, v, c):
    k0 = k = p.r.randrange(256)
    out = []
    for b in v.encode():
        out.append((b + k) & 255)
        k = (k * 5 + 3) & 255
    f = once(p, c, "roll", "function $(d, k) { const out = []; for (const b of d) { out.push((b - k) & 0xff); k = (k * 5 + 3) % 256; } return Buffer.from(out).toString(); }")
    return code(f, "(", Code([numbers(out)]), ", ", Int(k0), ")")


@text("RC4 written out", 2000)
def _(p, v, c):
    f = once(p, c, "rc4", """function $(key, str) {
  var s = [], j = 0, x, res = '';
  for (var i = 0; i < 256; i++) { s[i] = i; }
  for (i = 0; i < 256; i++) { j = (j + s[i] + key.charCodeAt(i % key.length)) % 256; x = s[i]; s[i] = s[j]; s[j] = x; }
  i = 0; j = 0;
  for (var y = 0; y < str.length; y++) {
    i = (i + 1) % 256; j = (j + s[i]) % 256; x = s[i]; s[i] = s[j]; s[j] = x;
    res += String.fromCharCode(str.charCodeAt(y) ^ s[(s[i] + s[j]) % 256]);
  }
  return res;
}""")
    k = "".join(p.r.choice("abcdefgh1234XYZ") for _ in range(8))
    if not all(u < 256 for u in units(v)):
        return None
    raw = rc4(k.encode(), v.encode("latin-1"))
    return code(f, "(", Str(k), ", atob(", Str(base64.b64encode(raw).decode()), "))")


@text("base64", 40000)
def _(p, v, c):
    h = Str(base64.b64encode(v.encode()).decode())
    forms = [lambda: code("Buffer.from(", h, ", 'base64').toString()"), lambda: code("Buffer.from(", h, ", \"base64\").toString('utf-8')"),
             lambda: code("new TextDecoder().decode(Buffer.from(", h, ", 'base64'))")]
    if v.isascii():
        forms += [lambda: code("atob(", h, ")"), lambda: code("Buffer.from(", h, ", 'base64').toString('ascii')"),
                  lambda: code("new TextDecoder('utf-8').decode(Uint8Array.from(atob(", h, "), x => x.charCodeAt(0)))")]
    return p.r.choice(forms)()


@text("hex by Buffer", 20000)
def _(p, v, c):
    return code("Buffer.from(", Str(v.encode().hex()), ", 'hex').toString('utf8')")


@text("hex by parseInt", 2500)
def _(p, v, c):
    if not v.isascii():
        return None
    h = Str("".join(f"{u:02x}" for u in units(v)))
    f = once(p, c, "hex", "function $(h) { let s = ''; for (let i = 0; i < h.length; i += 2) s += String.fromCharCode(parseInt(h.substr(i, 2), 16)); return s; }")
    return p.r.choice([lambda: code(f, "(", h, ")"), lambda: code(h, ".match(/../g).map(x => String.fromCharCode(parseInt(x, 16))).join('')"),
                       lambda: code(h, ".replace(/../g, x => String.fromCharCode('0x' + x))")])()


@text("percent escapes")
def _(p, v, c):
    whole = "".join(f"%{b:02{p.r.choice('xX')}}" for b in v.encode())
    forms = [lambda: code("decodeURIComponent(", Str(whole), ")"), lambda: code("decodeURI(", Str(urllib.parse.quote(v, safe=";,/?:@&=+$#")), ")")]
    if v.isascii():
        forms.append(lambda: code("unescape(", Str(whole), ")"))
    forms.append(lambda: code("unescape(", Str("".join(f"%u{u:04x}" for u in units(v))), ")"))
    return p.r.choice(forms)()


@text("rot13 by replace", 2500)
def _(p, v, c):
    import codecs
    f = once(p, c, "rot", "function $(s) { return s.replace(/[a-zA-Z]/g, function (c) { return String.fromCharCode((c <= 'Z' ? 90 : 122) >= (c = c.charCodeAt(0) + 13) ? c : c - 26); }); }")
    return code(f, "(", Str(codecs.encode(v, "rot13")), ")")


@text("base 36", 300)
def _(p, v, c):
    words = [v[i:i + 4] for i in range(0, len(v), 4)]
    if not v.isalnum() or not v.islower() or any(w[0] == "0" for w in words):
        return None
    return code("(", " + ".join(f"({int(w, 36)}).toString(36)" for w in words), ")")


@text("codes in base 36", 1500)
def _(p, v, c):
    def b36(n):
        out = ""
        while n:
            n, d = divmod(n, 36)
            out = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + out
        return out
    return code(Str(",".join(b36(u) for u in units(v))), ".split(',').map(x => String.fromCharCode(parseInt(x, 36))).join('')")


@text("binary digits", 800)
def _(p, v, c):
    return code(Str(" ".join(f"{u:b}" for u in units(v))), ".split(' ').map(b => String.fromCharCode(parseInt(b, 2))).join('')")


for name_, pack, member in (("zlib", zlib.compress, "inflateSync"), ("gzip", lambda b: gzip.compress(b, mtime=0), "gunzipSync"), ("brotli", brotli.compress, "brotliDecompressSync"),
                            ("raw deflate", lambda b: zlib.compress(b)[2:-4], "inflateRawSync")):
    def _packed(p, v, c, pack=pack, member=member):
        return code(f"require('zlib').{member}(Buffer.from(", Str(base64.b64encode(pack(v.encode())).decode()), ", 'base64')).toString()")
    text(name_, 40000)(_packed)


def cipher(name, algorithm, key_bytes, iv_bytes):
    @text(name, 20000)
    def _(p, v, c):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        key, iv = bytes(p.r.randrange(256) for _ in range(key_bytes)), bytes(p.r.randrange(256) for _ in range(iv_bytes))
        raw, tag = v.encode(), b""
        if "chacha" in algorithm:
            e = Cipher(algorithms.ChaCha20(key, iv), None).encryptor()
        else:
            mode = {"cbc": modes.CBC, "ctr": modes.CTR, "gcm": modes.GCM, "ecb": lambda _: modes.ECB()}[algorithm[-3:]](iv)
            e = Cipher(algorithms.AES(key), mode).encryptor()
            if algorithm[-3:] in ("cbc", "ecb"):
                raw += bytes([16 - len(raw) % 16]) * (16 - len(raw) % 16)
        hidden = e.update(raw) + e.finalize()
        x = p.fresh()
        how = p.r.choice(["hex", "base64"])
        put = (lambda b: b.hex()) if how == "hex" else (lambda b: base64.b64encode(b).decode())
        p.define(f"const {x} = require('crypto').createDecipheriv('{algorithm}', Buffer.from(", Str(put(key)), f", '{how}'), ",
                 *(["Buffer.from(", Str(put(iv)), f", '{how}')"] if iv_bytes else ["null"]), ");")
        if algorithm.endswith("gcm"):
            p.define(f"{x}.setAuthTag(Buffer.from(", Str(put(e.tag)), f", '{how}'));")
        if p.r.random() < 0.5:
            return code(f"Buffer.concat([{x}.update(Buffer.from(", Str(put(hidden)), f", '{how}')), {x}.final()]).toString()")
        return code(f"({x}.update(", Str(put(hidden)), f", '{how}', 'utf8') + {x}.final('utf8'))")


cipher("AES-CBC", "aes-256-cbc", 32, 16)
cipher("AES-CTR", "aes-128-ctr", 16, 16)
cipher("AES-GCM", "aes-256-gcm", 32, 12)
cipher("AES-ECB", "aes-128-ecb", 16, 0)
cipher("ChaCha20", "chacha20", 32, 16)


@text("key by PBKDF2, scrypt", 4000)
def _(p, v, c):
    import hashlib
    word, salt = "".join(p.r.choice("abcdef123") for _ in range(8)), "".join(p.r.choice("xyz789") for _ in range(6))
    k = p.fresh()
    if p.r.random() < 0.5:
        key = hashlib.pbkdf2_hmac("sha256", word.encode(), salt.encode(), 100, 32)
        p.define(f"const {k} = require('crypto').pbkdf2Sync(", Str(word), ", ", Str(salt), ", 100, 32, 'sha256');")
    else:
        key = hashlib.scrypt(word.encode(), salt=salt.encode(), n=16, r=8, p=1, dklen=32)
        p.define(f"const {k} = require('crypto').scryptSync(", Str(word), ", ", Str(salt), ", 32, { N: 16, r: 8, p: 1 });")
    raw = bytes(b ^ key[i % 32] for i, b in enumerate(v.encode()))
    return code("Buffer.from(Buffer.from(", Str(raw.hex()), f", 'hex').map((b, i) => b ^ {k}[i % {k}.length])).toString()")


@text("JSON")
def _(p, v, c):
    return code("JSON.parse(", Str(json.dumps({"a": 1, "k": [v, None]})), ").k[0]")


@text("string table with an offset")
def _(p, v, c):
    parts = pieces(p.r, v, 2, 6)
    table, f, off = p.fresh(), p.fresh(), p.r.randint(16, 400)
    order = list(range(len(parts)))
    p.r.shuffle(order)
    p.define(f"var {table} = [", *strs([parts[i] for i in order]), "];")
    p.define(f"function {f}(n, k) {{ n = n - {hex(off)}; var s = {table}[n]; return s; }}")
    return code("(", " + ".join(f"{f}('{hex(order.index(i) + off)}')" for i in range(len(parts))), ")")


@text("rotated string table")
def _(p, v, c):
    parts = pieces(p.r, v, 3, 7)
    table, f, n = p.fresh(), p.fresh(), p.r.randint(1, 20)
    k = n % len(parts)
    turned = parts[-k:] + parts[:-k] if k else parts
    p.define(f"var {table} = [", *strs(turned), "];")
    p.define(f"(function (a, n) {{ var go = function (k) {{ while (--k) {{ a['push'](a['shift']()); }} }}; go(++n); }}({table}, {hex(n)}));")
    p.define(f"var {f} = function (i) {{ i = i - 0x0; return {table}[i]; }};")
    return code("(", " + ".join(f"{f}('{hex(i)}')" for i in range(len(parts))), ")")


@text("table by a function, rotated by sums")
def _(p, v, c):
    parts = pieces(p.r, v, 3, 6)
    a, b, off = p.fresh(), p.fresh(), p.r.randint(100, 500)
    marks = [f"{p.r.randint(1000, 99999)}{''.join(p.r.choice('abcXYZ') for _ in range(5))}" for _ in range(3)]
    items = parts + marks
    want = int(marks[0][:-5]) // 1 + int(marks[1][:-5]) * 2 - int(marks[2][:-5])
    k = p.r.randint(1, len(items) - 1)
    turned = items[-k:] + items[:-k]
    at = len(parts)
    p.define(f"""(function (t, want) {{ const d = {b}, l = t();
  while (!![]) {{ try {{ const n = parseInt(d({hex(off + at)})) / 0x1 + parseInt(d({hex(off + at + 1)})) * 0x2 + -parseInt(d({hex(off + at + 2)})); if (n === want) break; else l['push'](l['shift']()); }}
    catch (e) {{ l['push'](l['shift']()); }} }} }}({a}, {hex(want) if want >= 0 else '-' + hex(-want)}));
function {a}() {{ const l = [""", *strs(turned), f"]; {a} = function () {{ return l; }}; return {a}(); }}\nfunction {b}(n, k) {{ const l = {a}(); return {b} = function (n, k) {{ n = n - {hex(off)}; let s = l[n]; return s; }}, {b}(n, k); }}")
    return code("(", " + ".join(f"{b}({hex(off + i)})" for i in range(len(parts))), ")")


@text("dictionary of characters", 800)
def _(p, v, c):
    chars = sorted(set(v))
    d = p.fresh()
    p.define(f"const {d} = {{" + ", ".join(f"{i + 7}: {q(y)}" for i, y in enumerate(chars)) + "};")
    return Code([f"{numbers(chars.index(y) + 7 for y in v)}.map(i => {d}[i]).join('')"])


@text("filter", 2000)
def _(p, v, c):
    bad = next((b for b in "~|^@" if b not in v), None)
    noise = "".join(x + (bad or "") * p.r.randint(0, 2) for x in v)
    return code("[...", Str(noise), f"].filter(x => x !== '{bad}').join('')") if bad else None


@text("reduce")
def _(p, v, c):
    return code("[", *strs(pieces(p.r, v, 2, 6)), p.r.choice(["].reduce((a, b) => a + b)", "].reduce(function (a, b) { return a + b; }, '')"]))


@text("loop that builds", 1500)
def _(p, v, c):
    out, k, x = p.fresh(), p.r.randint(1, 9), p.fresh()
    p.define(f"let {out} = ''; for (const {x} of {numbers(u * 3 + k for u in units(v))}) {{ {out} += String.fromCharCode(({x} - {k}) / 3); }}")
    return Code([out])


@text("class that decrypts", 1500)
def _(p, v, c):
    p.strict = True
    f = once(p, c, "class", "class $ { constructor(k) { this.k = k; } plain(d) { return d.map(b => String.fromCharCode(b ^ this.k)).join(''); } }")
    k = p.r.randint(1, 255)
    return code("new ", f, "(", Int(k), ").plain(", Code([numbers(u ^ k for u in units(v))]), ")")


@text("coercions", 12)
def _(p, v, c):
    known = {"f": "(![]+[])[+[]]", "a": "(![]+[])[+!+[]]", "l": "(![]+[])[!+[]+!+[]]", "s": "(![]+[])[!+[]+!+[]+!+[]]", "e": "(!![]+[])[!+[]+!+[]+!+[]]", "t": "(!![]+[])[+[]]",
             "r": "(!![]+[])[+!+[]]", "u": "(!![]+[])[!+[]+!+[]]", "n": "([][[]]+[])[+!+[]]", "d": "([][[]]+[])[!+[]+!+[]]", "i": "([![]]+[][[]])[+!+[]+[+[]]]",
             "o": "(!![]+[][(![]+[])[+[]]+(![]+[])[!+[]+!+[]]+(![]+[])[+!+[]]+(!![]+[])[+[]]])[+!+[]+[+[]]]", "N": "(+[![]]+[])[+[]]", "0": "(+[]+[])", "1": "(+!+[]+[])"}
    return code("(", " + ".join(known.get(x, q(x)) for x in v), ")")


@number("arithmetic")
def _(p, v, c):
    a, b = p.r.randint(2, 900), p.r.randint(2, 90)
    return Code([p.r.choice([f"({v + a} - {a})", f"({v - a} + {a})", f"({v ^ a} ^ {a})", f"({v * b} / {b})", f"(~{~v})" if v >= 0 else f"({v})", f"({hex(v + a)} + -{hex(a)})",
                             f"({v} << 3 >> 3)", f"(-{hex(a)} * {hex(b)} + {hex(v + a * b)})"])])


@number("other spellings")
def _(p, v, c):
    if v < 0:
        return None
    return Code([p.r.choice([hex(v), "0o%o" % v, "0b{:b}".format(v), f"parseInt('{v:x}', 16)", f"Number('{v}')", f"(+'{v}')", f"'{'x' * v}'.length" if v < 40 else hex(v),
                             f"'{chr(v)}'.charCodeAt(0)" if 64 < v < 91 else hex(v), f"('{hex(v)}' | 0)", f"Math.floor({v}.7)", f"({v}..valueOf())",
                             "(" + " + ".join(["!![]"] * v) + ")" if 1 < v < 12 else hex(v)])])
