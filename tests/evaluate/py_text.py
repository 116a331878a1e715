# SPDX-License-Identifier: Apache-2.0
"""How a Python text, number or byte string may be written so that it does not show. TEXT, BYTES, INTS: name -> function of
(program, value, what is shared by one application) that returns the node to stand there, or None where it does not fit."""
import base64
import binascii
import bz2
import codecs
import gzip
import json
import lzma
import pickle
import struct
import zlib

from program import Bytes, Code, Int, Str, code, commas

TEXT, BYTES, INTS = {}, {}, {}


def text(name, most=4000):
    def put(f):
        TEXT[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        return f
    return put


def blob(name, most=40000):
    def put(f):
        BYTES[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        TEXT[name] = lambda p, v, c: decoded(f(p, v.encode(), c)) if 0 < len(v) <= most else None
        return f
    return put


def decoded(node):
    return node and code(node, ".decode()")


def number(name):
    def put(f):
        INTS[name] = f
        return f
    return put


def pieces(r, v, low=2, high=5):
    n = min(len(v), r.randint(low, high))
    cuts = sorted(r.sample(range(1, len(v)), n - 1)) if len(v) > 1 else []
    return [v[a:b] for a, b in zip([0] + cuts, cuts + [len(v)])]


def strs(items):
    return commas([Str(x) for x in items])


def numbers(items):
    return "[" + ", ".join(map(str, items)) + "]"


def once(p, c, name, *source):
    """A helper function, once for each application. `$` in the source is its name."""
    if name not in c:
        c[name] = p.fresh()
        p.define(*[s.replace("$", c[name]) if isinstance(s, str) else s for s in source])
    return c[name]


@text("concatenation")
def _(p, v, c):
    parts = pieces(p.r, v)
    return code("(", *[x for i, s in enumerate(parts) for x in ([" + "] if i else []) + [Str(s)]], ")")


@text("adjacent literals")
def _(p, v, c):
    return Code(["(" + " ".join(repr(x) for x in pieces(p.r, v)) + ")"])


@text("reversal", 40000)
def _(p, v, c):
    return p.r.choice([lambda: code(Str(v[::-1]), "[::-1]"), lambda: code("''.join(reversed(", Str(v[::-1]), "))")])()


@text("join")
def _(p, v, c):
    if p.r.random() < 0.5:
        return code("''.join([", *strs(pieces(p.r, v, 2, 8)), "])")
    mark = p.r.choice(["", "-", "/", " "])
    parts = v.split(mark) if mark else pieces(p.r, v)
    return code(repr(mark), ".join((", *strs(parts), ",))") if len(parts) < 30 else None


@text("chr sum", 60)
def _(p, v, c):
    return code("(", " + ".join(f"chr({ord(x)})" for x in v), ")")


@text("chr comprehension", 2500)
def _(p, v, c):
    x = p.fresh()
    return Code([f"''.join([chr({x}) for {x} in {numbers(map(ord, v))}])"])


@text("map chr", 2500)
def _(p, v, c):
    return Code([f"''.join(map(chr, {numbers(map(ord, v))}))"])


@text("hexadecimal escapes")
def _(p, v, c):
    return Code(["'" + "".join(f"\\x{ord(x):02x}" if ord(x) < 256 else f"\\u{ord(x):04x}" for x in v) + "'"])


@text("octal escapes")
def _(p, v, c):
    return Code(["'" + "".join(f"\\{ord(x):03o}" for x in v) + "'"]) if all(ord(x) < 256 for x in v) else None


@text("unicode escapes")
def _(p, v, c):
    return Code(["\"" + "".join(p.r.choice([f"\\u{ord(x):04x}", f"\\U{ord(x):08x}"]) for x in v) + "\""])


@text("percent format")
def _(p, v, c):
    parts = pieces(p.r, v)
    if p.r.random() < 0.3:
        return code("('" + "".join(f"%(k{i})s" for i in range(len(parts))) + "' % {", *[y for i, s in enumerate(parts) for y in (f"'k{i}': ", Str(s), ", ")], "})")
    return code("('" + "%s" * len(parts) + "' % (", *strs(parts), ",))")


@text("str.format")
def _(p, v, c):
    parts = pieces(p.r, v)
    order = list(range(len(parts)))
    p.r.shuffle(order)
    return code("'" + "".join("{%d}" % order.index(i) for i in range(len(parts))) + "'.format(", *strs([parts[i] for i in order]), ")")


@text("f-string")
def _(p, v, c):
    a, b = (pieces(p.r, v, 2, 2) + [""])[:2]
    x, y = p.fresh(), p.fresh()
    p.define(f"{x}, {y} = ", Str(a), ", ", Str(b))
    return Code([p.r.choice([f"f'{{{x}}}{{{y}}}'", f"f'{{{x}!s}}{{{y}:s}}'", f"f\"{{{x} + {y}}}\""])])


@text("replace marker")
def _(p, v, c):
    mark = p.r.choice(["QQ", "~!", "#_", "zZz"])
    if mark in v or any(v.endswith(mark[:1]) or v.startswith(mark[-1:]) for _ in [0]) or mark[0] in v or mark[-1] in v:
        return None
    return code(Str(mark.join(pieces(p.r, v, 3, 9))), f".replace('{mark}', '')")


@text("translate table")
def _(p, v, c):
    chars = sorted(set(v))
    if len(chars) > 70:
        return None
    to = chars[:]
    p.r.shuffle(to)
    table = dict(zip(chars, to))
    hidden = "".join(table[x] for x in v)
    if p.r.random() < 0.5:
        return code(Str(hidden), ".translate(str.maketrans(", Str("".join(to)), ", ", Str("".join(chars)), "))")
    return code(Str(hidden), ".translate({" + ", ".join(f"{ord(b)}: {p.r.choice([str(ord(a)), repr(a)])}" for a, b in table.items()) + "})")


@text("slice with step")
def _(p, v, c):
    step = p.r.choice([2, 3])
    noise = "".join(x + "".join(p.r.choice("abcxyz0189._") for _ in range(step - 1)) for x in v)
    return code(Str(noise), f"[::{step}]")


@text("slice window")
def _(p, v, c):
    a, b = "".join(p.r.choice("qwertz ") for _ in range(p.r.randint(1, 9))), "".join(p.r.choice("yxcvb") for _ in range(p.r.randint(1, 9)))
    end = p.r.choice([-len(b), len(a) + len(v)])
    return code(Str(a + v + b), f"[{len(a)}:{end}]")


@text("chr(ord ^ k)", 2500)
def _(p, v, c):
    k, x = p.r.randint(1, 30), p.fresh()
    return code(f"''.join(chr(ord({x}) ^ ", Int(k), f") for {x} in ", Str("".join(chr(ord(y) ^ k) for y in v)), ")")


@text("Caesar by ord", 2500)
def _(p, v, c):
    k, x = p.r.randint(1, 20), p.fresh()
    return code("''.join([chr(ord(" + x + ") - ", Int(k), f") for {x} in ", Str("".join(chr(ord(y) + k) for y in v)), "])")


@text("XOR, text key, function", 2500)
def _(p, v, c):
    f = once(p, c, "xor", "def $(s, k):\n    out = ''\n    for i in range(len(s)):\n        out += chr(ord(s[i]) ^ ord(k[i % len(k)]))\n    return out")
    k = "".join(p.r.choice("abcdefgh1234") for _ in range(p.r.randint(3, 9)))
    return code(f, "(", Str("".join(chr(ord(y) ^ ord(k[i % len(k)])) for i, y in enumerate(v))), ", ", Str(k), ")")


@blob("XOR, byte key, comprehension", 4000)
def _(p, v, c):
    k = bytes(p.r.randrange(256) for _ in range(p.r.randint(1, 12)))
    hidden = bytes(b ^ k[i % len(k)] for i, b in enumerate(v))
    x, y, key = p.fresh(), p.fresh(), p.fresh()
    if len(k) < 4:
        return code(f"bytes([{x} ^ ", Int(k[0]), f" for {x} in ", Bytes(bytes(b ^ k[0] for b in v)), "])")
    p.define(f"{key} = ", Bytes(k))
    return code(f"bytes({x} ^ {key}[{y} % len({key})] for {y}, {x} in enumerate(", Bytes(hidden), "))")


@blob("rolling key in a bytearray loop", 4000)
def _(p, v, c):
    k, out = p.r.randrange(256), bytearray()
    k0 = k
    for b in v:
        out.append((b + k) & 255)
        k = (k * 5 + 3) & 255
    f = once(p, c, "roll", "def $(d, k):\n    out = bytearray()\n    for b in d:\n        out.append((b - k) & 0xff)\n        k = (k * 5 + 3) % 256\n    return bytes(out)")
    return code(f, "(", Bytes(bytes(out)), ", ", Int(k0), ")")


def rc4(key, data):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for b in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(b ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


@blob("RC4 written out", 3000)
def _(p, v, c):
    f = once(p, c, "rc4", """def $(key, data):
    S = list(range(256))
    j = 0
    out = bytearray()
    for i in range(256):
        j = (j + S[i] + key[i % len(key)]) % 256
        S[i], S[j] = S[j], S[i]
    i = j = 0
    for b in data:
        i = (i + 1) % 256
        j = (j + S[i]) % 256
        S[i], S[j] = S[j], S[i]
        out.append(b ^ S[(S[i] + S[j]) % 256])
    return bytes(out)""")
    k = bytes(p.r.randrange(33, 126) for _ in range(p.r.randint(4, 16)))
    return code(f, "(", Bytes(k), ", ", Bytes(rc4(k, v)), ")")


def encoder(name, encode, *forms):
    """forms: (source with @ for the text, whether it takes bytes), imports in front of a |."""
    @blob(name)
    def _(p, v, c):
        form = p.r.choice(forms)
        head, _, body = form.rpartition("|")
        if head:
            p.need(head)
        a, b = body.split("@")
        text_ = encode(v)
        literal = Str(text_.decode()) if p.r.random() < 0.5 and "STR" not in body else Bytes(text_)
        return code(a.replace("STR", ""), literal, b)


encoder("base16", lambda v: base64.b16encode(v), "import base64|base64.b16decode(@)", "import binascii|binascii.unhexlify(@)", "from binascii import a2b_hex|a2b_hex(@)")
encoder("base32", base64.b32encode, "import base64|base64.b32decode(@)", "import base64 as b|b.b32decode(@)")
encoder("base64", base64.b64encode, "import base64|base64.b64decode(@)", "from base64 import b64decode|b64decode(@)", "import binascii|binascii.a2b_base64(@)",
        "import base64|base64.standard_b64decode(@)", "import base64|STRbase64.decodebytes(@)", "import codecs|STRcodecs.decode(@, 'base64')")
encoder("base64 url-safe", base64.urlsafe_b64encode, "import base64|base64.urlsafe_b64decode(@)")
encoder("base85", base64.b85encode, "import base64|base64.b85decode(@)")
encoder("ascii85", base64.a85encode, "import base64|base64.a85decode(@)")


@blob("bytes.fromhex")
def _(p, v, c):
    h = v.hex()
    return p.r.choice([lambda: code("bytes.fromhex(", Str(h), ")"), lambda: code("bytes(bytearray.fromhex(", Str(h), "))"),
                       lambda: code(f"bytes([int(", Str(h), f"[i:i + 2], 16) for i in range(0, {len(h)}, 2)])")])()


@blob("bytes of a list", 2500)
def _(p, v, c):
    return Code([p.r.choice(["bytes({})", "bytearray({})", "bytes(tuple({}))"]).format(numbers(v))])


@text("rot13")
def _(p, v, c):
    p.need("import codecs")
    return code("codecs.decode(", Str(codecs.encode(v, "rot13")), f", '{p.r.choice(['rot13', 'rot_13'])}')")


@text("codecs")
def _(p, v, c):
    p.need("import codecs")
    how = p.r.choice(["hex", "unicode_escape", "utf-16", "utf-7", "utf-32-be", "raw_unicode_escape"])
    if how == "hex":
        return code("codecs.decode(", Bytes(v.encode().hex().encode()), ", 'hex').decode('utf-8')")
    if "escape" in how:
        return code(Bytes("".join(f"\\u{ord(x):04x}" for x in v).encode()), f".decode('{how}')")
    return code(p.r.choice(["codecs.decode(", "str("]), Bytes(v.encode(how)), f", '{how}')")


for name_, pack, module, unpack in (("zlib", zlib.compress, "zlib", "decompress"), ("gzip", lambda v: gzip.compress(v, mtime=0), "gzip", "decompress"),
                                    ("bz2", bz2.compress, "bz2", "decompress"), ("lzma", lzma.compress, "lzma", "decompress")):
    def _packed(p, v, c, pack=pack, module=module, unpack=unpack):
        if p.r.random() < 0.3:
            p.need(f"from {module} import {unpack}")
            return code(f"{unpack}(", Bytes(pack(v)), ")")
        p.need(f"import {module}")
        return code(f"{module}.{unpack}(", Bytes(pack(v)), ")")
    blob(name_)(_packed)


@blob("zlib, raw or by object")
def _(p, v, c):
    p.need("import zlib")
    if p.r.random() < 0.5:
        z = zlib.compressobj(9, zlib.DEFLATED, -15)
        return code("zlib.decompress(", Bytes(z.compress(v) + z.flush()), ", -15)")
    return code("zlib.decompressobj().decompress(", Bytes(zlib.compress(v)), ")")


@text("int of a text", 400)
def _(p, v, c):
    raw = v.encode()
    n = int.from_bytes(raw, "big")
    return Code([f"({p.r.choice([hex(n), str(n), bin(n)])}).to_bytes({len(raw)}, 'big').decode()"])


@blob("base 36 and its kin", 700)
def _(p, v, c):
    n, base, out = int.from_bytes(b"\x01" + v, "big"), p.r.choice([36, 36, 32, 27, 16]), ""
    while n:
        n, d = divmod(n, base)
        out = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + out
    return code("int(", Str(out), f", {base}).to_bytes({len(v) + 1}, 'big')[1:]")


@blob("struct", 2000)
def _(p, v, c):
    p.need("import struct")
    pad = v + b"\0" * (-len(v) % 4)
    words = struct.unpack(f"<{len(pad) // 4}I", pad)
    return code(f"struct.pack('<{len(words)}I', {', '.join(map(str, words))})[:{len(v)}]")


@text("JSON")
def _(p, v, c):
    p.need("import json")
    whole = json.dumps({"a": 1, "k": [v, None]})
    return code("json.loads(", Str(whole), ")['k'][0]")


@text("pickle of a text")
def _(p, v, c):
    p.need("import pickle")
    return code("pickle.loads(", Bytes(pickle.dumps(v, p.r.choice([0, 2, 4]))), ")")


@text("marshal of a text")
def _(p, v, c):
    import marshal
    p.need("import marshal")
    return code("marshal.loads(", Bytes(marshal.dumps(v, 2)), ")")


@text("string table with an offset")
def _(p, v, c):
    parts = pieces(p.r, v, 2, 6)
    table, f, off = p.fresh(), p.fresh(), p.r.randint(16, 400)
    order = list(range(len(parts)))
    p.r.shuffle(order)
    p.define(f"{table} = [", *strs([parts[i] for i in order]), "]")
    p.define(f"def {f}(n):\n    return {table}[n - {off}]")
    return code("(", " + ".join(f"{f}({order.index(i) + off})" for i in range(len(parts))), ")")


@text("rotated string table")
def _(p, v, c):
    parts = pieces(p.r, v, 3, 7)
    table, n = p.fresh(), p.r.randint(1, len(parts))
    turned = parts[-(n % len(parts)):] + parts[:-(n % len(parts))] if n % len(parts) else parts
    p.define(f"{table} = [", *strs(turned), "]")
    p.define(f"for _ in range({n}):\n    {table}.append({table}.pop(0))")
    return code("(", " + ".join(f"{table}[{i}]" for i in range(len(parts))), ")")


@text("dictionary of characters", 800)
def _(p, v, c):
    chars = sorted(set(v))
    d, x = p.fresh(), p.fresh()
    p.define(f"{d} = {{" + ", ".join(f"{i + 7}: {y!r}" for i, y in enumerate(chars)) + "}")
    return Code([f"''.join({d}[{x}] for {x} in {numbers(chars.index(y) + 7 for y in v)})"])


@text("filter", 2000)
def _(p, v, c):
    bad = next((b for b in "~|^`" if b not in v), None)
    if not bad:
        return None
    noise = "".join(x + bad * p.r.randint(0, 2) for x in v)
    x = p.fresh()
    return p.r.choice([lambda: code(f"''.join(filter(lambda {x}: {x} != '{bad}', ", Str(noise), "))"),
                       lambda: code(f"''.join({x} for {x} in ", Str(noise), f" if {x} != '{bad}')")])()


@text("reduce")
def _(p, v, c):
    p.need("import functools")
    return code("functools.reduce(lambda a, b: a + b, [", *strs(pieces(p.r, v, 2, 6)), "])")


@text("loop that builds", 1500)
def _(p, v, c):
    out, k = p.fresh(), p.r.randint(1, 9)
    x = p.fresh()
    p.define(f"{out} = ''\nfor {x} in {numbers(ord(y) * 3 + k for y in v)}:\n    {out} += chr(({x} - {k}) // 3)")
    return Code([out])


@text("class that decrypts", 1500)
def _(p, v, c):
    f = once(p, c, "class", "class $:\n    def __init__(self, key):\n        self.key = key\n\n    def plain(self, data):\n        return ''.join(chr(b ^ self.key) for b in data)")
    k = p.r.randint(1, 255)
    return code(f, "(", Int(k), ").plain(", Bytes(bytes(b ^ k for b in v.encode("latin-1"))), ")") if v.isascii() else None


@text("interleaved halves")
def _(p, v, c):
    a, b = v[::2], v[1::2]
    if len(a) != len(b):
        return None
    x, y = p.fresh(), p.fresh()
    return code(f"''.join({x} + {y} for {x}, {y} in zip(", Str(a), ", ", Str(b), "))")


@text("sorted by index", 400)
def _(p, v, c):
    order = list(range(len(v)))
    p.r.shuffle(order)
    pairs = ", ".join(f"({i}, {v[i]!r})" for i in order)
    return Code([f"''.join(x[1] for x in sorted([{pairs}]))"])


@text("URL quoting")
def _(p, v, c):
    p.need("import urllib.parse")
    return code("urllib.parse.unquote(", Str("".join(f"%{b:02{p.r.choice('xX')}}" for b in v.encode())), ")")


@blob("quoted-printable, uu", 3000)
def _(p, v, c):
    p.need("import binascii")
    if p.r.random() < 0.5:
        return code("binascii.a2b_qp(", Bytes(b"".join(b"=%02X" % b for b in v)), ")")
    lines = [binascii.b2a_uu(v[i:i + 45]) for i in range(0, len(v), 45)]
    return code("b''.join(binascii.a2b_uu(x) for x in [", *commas([Bytes(x) for x in lines]), "])")


@number("arithmetic")
def _(p, v, c):
    a, b = p.r.randint(2, 900), p.r.randint(2, 90)
    return Code([p.r.choice([f"({v + a} - {a})", f"({v - a} + {a})", f"({v ^ a} ^ {a})", f"({v * b} // {b})", f"(~{~v})", f"-(-{v})" if v >= 0 else f"({v})",
                             f"({v // b} * {b} + {v % b})", f"({v} << 3 >> 3)"])])


@number("other spellings")
def _(p, v, c):
    if v < 0:
        return None
    forms = [hex(v), oct(v), bin(v), f"int('{v:x}', 16)", f"int('{v:b}', 2)", f"int({str(v)!r})", f"len({'x' * v!r})" if v < 40 else hex(v),
             f"ord({chr(v)!r})" if 31 < v < 127 else oct(v), "(" + " + ".join(["True"] * v) + ")" if 0 < v < 12 else hex(v), f"sum([{v // 2}, {v - v // 2}])", f"abs(-{v})"]
    return Code([p.r.choice(forms)])
