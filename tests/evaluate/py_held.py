# SPDX-License-Identifier: Apache-2.0
"""The held-out set: other ways to write the same tricks, never shown to those who work on the evaluator."""
import base64
import bz2
import codecs
import hashlib
import json
import lzma
import zlib

from program import Block, Bytes, Code, Int, Ref, Str, call, code, commas
from py_cipher import B58, B62, aes, in_base, padded, rand, run
from py_shape import into, own_names, take
from py_text import decoded, numbers, once, pieces, rc4, strs

TEXT, BYTES, INTS, NAMES, SHAPES, LAYERS = {}, {}, {}, {}, {}, {}


def text(name, most=3000):
    def put(f):
        TEXT[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        return f
    return put


def blob(name, most=20000):
    def put(f):
        BYTES[name] = lambda p, v, c: f(p, v, c) if 0 < len(v) <= most else None
        TEXT[name] = lambda p, v, c: decoded(f(p, v.encode(), c)) if 0 < len(v) <= most else None
        return f
    return put


@text("pieces added up in variables")
def _(p, v, c):
    x = p.fresh()
    first, *rest = pieces(p.r, v, 3, 6)
    parts = [f"{x} = ", Str(first)]
    for s in rest:
        parts += [f"\n{x} += ", Str(s)]
    p.define(*parts)
    return Code([x])


@text("reversal by index")
def _(p, v, c):
    f = once(p, c, "r", "def $(t):\n    i = len(t) - 1\n    o = []\n    while i >= 0:\n        o.append(t[i])\n        i -= 1\n    return ''.join(o)")
    return code(f, "(", Str(v[::-1]), ")")


@text("format_map, Template")
def _(p, v, c):
    a, b = (pieces(p.r, v, 2, 2) + [""])[:2]
    if p.r.random() < 0.5:
        return code("'{x}{y}'.format_map({'y': ", Str(b), ", 'x': ", Str(a), "})")
    p.need("import string")
    return code("string.Template('$a${b}').substitute(a=", Str(a), ", b=", Str(b), ")")


@text("codes minus a list", 1200)
def _(p, v, c):
    k = [p.r.randint(1, 99) for _ in v]
    return Code([f"''.join([chr(a - b) for a, b in zip({numbers(ord(x) + y for x, y in zip(v, k))}, {numbers(k)})])"])


@text("generator function of characters", 1200)
def _(p, v, c):
    f = once(p, c, "g", "def $(d, k):\n    for n in d:\n        yield chr(n ^ k)")
    k = p.r.randint(1, 200)
    return code("''.join(", f, f"({numbers(ord(x) ^ k for x in v)}, {k}))")


@text("two lists by index", 700)
def _(p, v, c):
    chars = sorted(set(v))
    p.r.shuffle(chars)
    a = p.fresh()
    p.define(f"{a} = ", Str("".join(chars)))
    return Code(["".join(["''.join(", f"{a}.__getitem__(i) for i in {numbers(chars.index(x) for x in v)})"])])


@text("str method by class", 3000)
def _(p, v, c):
    return p.r.choice([lambda: code("str.join('', [", *strs(pieces(p.r, v)), "])"), lambda: code("str.replace(", Str(v.replace("e", "~!~")), ", '~!~', 'e')"),
                       lambda: code("bytes.decode(", Bytes(v.encode()), ", 'utf8')")])()


@blob("XOR, while loop")
def _(p, v, c):
    f = once(p, c, "x", "def $(d, k):\n    o = bytearray(len(d))\n    i = 0\n    while i < len(d):\n        o[i] = d[i] ^ k[i % len(k)]\n        i = i + 1\n    return bytes(o)")
    k = rand(p, p.r.randint(2, 9))
    return code(f, "(", Bytes(bytes(b ^ k[i % len(k)] for i, b in enumerate(v[:4000]))), ", ", Bytes(k), ")") if len(v) <= 4000 else None


@blob("XOR by itertools.cycle", 4000)
def _(p, v, c):
    p.need("import itertools")
    k = rand(p, p.r.randint(2, 9))
    return code("bytes(a ^ b for a, b in zip(", Bytes(bytes(b ^ k[i % len(k)] for i, b in enumerate(v))), ", itertools.cycle(", Bytes(k), ")))")


@blob("XOR, big integer", 1500)
def _(p, v, c):
    k = rand(p, len(v))
    n = int.from_bytes(v, "big") ^ int.from_bytes(k, "big")
    return code("(int.from_bytes(", Bytes(n.to_bytes(len(v), "big")), ", 'big') ^ int(", Str(k.hex()), f", 16)).to_bytes({len(v)}, 'big')")


@blob("linear congruence", 2500)
def _(p, v, c):
    seed, out = p.r.randint(1, 60000), []
    s = seed
    for b in v:
        s = (s * 1103515245 + 12345) & 0x7fffffff
        out.append(b ^ (s >> 16 & 255))
    f = once(p, c, "lcg", "class $:\n    def __init__(self, seed):\n        self.state = seed\n\n    def next(self):\n        self.state = (self.state * 1103515245 + 12345) & 0x7fffffff\n        return (self.state >> 16) & 0xff\n\n"
             "    def open(self, data):\n        return bytes([b ^ self.next() for b in data])")
    return code(f, f"({seed}).open(", Bytes(bytes(out)), ")")


@blob("RC4 as a generator", 2500)
def _(p, v, c):
    f = once(p, c, "rc4", """def $(k):
    s = [i for i in range(0x100)]
    j = 0
    for i, x in enumerate(s[:]):
        j = (j + s[i] + k[i % len(k)]) & 0xff
        t = s[i]
        s[i] = s[j]
        s[j] = t
    i, j = 0, 0
    while 1:
        i = i + 1 & 0xff
        j = j + s[i] & 0xff
        s[i], s[j] = s[j], s[i]
        yield s[s[i] + s[j] & 0xff]""")
    k = rand(p, 7)
    return code("bytes(a ^ b for a, b in zip(", Bytes(rc4(k, v)), ", ", f, "(", Bytes(k), ")))")


@blob("ARC4 by library", 4000)
def _(p, v, c):
    p.need("from Crypto.Cipher import ARC4")
    k = rand(p, 9)
    return code("ARC4.new(", Bytes(k), ").decrypt(", Bytes(rc4(k, v)), ")")


@blob("incremental decompression")
def _(p, v, c):
    how = p.r.choice(["bz2", "lzma", "zlib"])
    p.need("import " + how)
    return {"bz2": lambda: code("bz2.BZ2Decompressor().decompress(", Bytes(bz2.compress(v)), ")"), "lzma": lambda: code("lzma.LZMADecompressor().decompress(", Bytes(lzma.compress(v)), ")"),
            "zlib": lambda: code("zlib.decompress(bytes(", Bytes(zlib.compress(v)[::-1]), ")[::-1], 15, 16384)")}[how]()


@blob("GzipFile over BytesIO")
def _(p, v, c):
    import gzip
    p.need("import gzip, io")
    return code("gzip.GzipFile(fileobj=io.BytesIO(", Bytes(gzip.compress(v, mtime=0)), ")).read()")


@blob("codecs by name")
def _(p, v, c):
    p.need("import codecs")
    how = p.r.choice(["base64_codec", "hex_codec", "zlib_codec", "zip", "bz2_codec"])
    return code("codecs.decode(", Bytes(codecs.encode(v, how)), f", '{how}')")


@blob("b64decode by getattr")
def _(p, v, c):
    name = p.r.choice(["b64decode", "b32decode", "b85decode", "b16decode"])
    return code("getattr(__import__('base64'), ", Str(name), ")(", Bytes(getattr(base64, name.replace("de", "en", 1))(v)), ")")


@blob("AES with the IV in front", 8000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import modes
    key, iv = hashlib.sha256(b"pass %d" % p.r.randint(1, 99)).digest(), rand(p, 16)
    n = p.r.randint(1, 99)
    key = hashlib.sha256(b"pass %d" % n).digest()
    p.need("import hashlib")
    p.need("from Crypto.Cipher import AES")
    f = once(p, c, "aes", "def $(blob, word):\n    key = hashlib.sha256(word).digest()\n    iv, body = blob[:16], blob[16:]\n    plain = AES.new(key, AES.MODE_CBC, iv=iv).decrypt(body)\n    return plain[:-plain[-1]]")
    return code(f, "(", Bytes(iv + run(aes(key, modes.CBC(iv)), padded(v))), ", ", Bytes(b"pass %d" % n), ")")


@blob("Fernet of a derived key", 8000)
def _(p, v, c):
    from cryptography.fernet import Fernet
    word = b"word%d" % p.r.randint(1, 999)
    key = base64.urlsafe_b64encode(hashlib.sha256(word).digest())
    p.need("import base64, hashlib")
    p.need("from cryptography.fernet import Fernet")
    k = p.fresh()
    p.define(f"{k} = base64.urlsafe_b64encode(hashlib.sha256(", Bytes(word), ").digest())")
    return code(f"Fernet({k}).decrypt(", Bytes(Fernet(key)._encrypt_from_parts(v, 1700000000, rand(p, 16))), ")")


@blob("alphabet by a dictionary", 300)
def _(p, v, c):
    if v[0] == 0:
        return None
    alphabet = p.r.choice([B58, B62])
    f = once(p, c, alphabet, "def $(s, abc=", Str(alphabet), "):\n    m = dict((y, x) for x, y in enumerate(abc))\n    total = 0\n    for i, ch in enumerate(reversed(s)):\n        total += m[ch] * len(abc) ** i\n"
             "    out = []\n    while total:\n        total, r = divmod(total, 256)\n        out.insert(0, r)\n    return bytes(out)")
    return code(f, "(", Str(in_base(v, alphabet)), ")")


@text("JSON list of codes", 1500)
def _(p, v, c):
    p.need("from json import loads")
    return code("''.join(map(chr, loads(", Str(json.dumps([ord(x) for x in v])), ")))")


@text("html, quopri")
def _(p, v, c):
    p.need("import html")
    return code("html.unescape(", Str("".join(f"&#{ord(x)};" if p.r.random() < 0.5 else f"&#x{ord(x):x};" for x in v)), ")")


@text("hex in words", 1500)
def _(p, v, c):
    return code("''.join(chr(int(h, 16)) for h in ", Str(" ".join(f"{ord(x):x}" for x in v)), ".split())")


@text("dictionary by words")
def _(p, v, c):
    d = p.fresh()
    parts = pieces(p.r, v, 2, 6)
    keys = p.r.sample(["ab", "cd", "ef", "gh", "ij", "kl", "mn"], len(parts))
    p.define(f"{d} = dict(", *commas([code(k + "=", Str(s)) for k, s in zip(keys, parts)]), ")")
    return code("(", " + ".join(f"{d}['{k}']" if p.r.random() < 0.5 else f"{d}.get('{k}')" for k in keys), ")")


def number(name):
    return into(INTS, name)


@number("shifts and masks")
def _(p, v, c):
    if v < 0:
        return None
    a = p.r.randint(1, 200)
    return Code([p.r.choice([f"(({v} ^ {a}) ^ {a} & 0xffff)" if a < 65536 else str(v), f"({v * 4} >> 2)", f"({v} | 0)", f"divmod({v * 7 + 3}, 7)[0]", f"int('{v:o}', 8)", f"max({v}, -1)", f"round({v}.2)",
                             f"int({str(v)!r}.strip())", f"min([{v}, {v + a}])"])])


def name(n):
    return into(NAMES, n)


def mod(p, path):
    m = ".".join(path[:-1]) or "builtins"
    p.need("import " + m)
    return m


@name("getattr with a default")
def _(p, path):
    return code("getattr(", mod(p, path), ", ", Str(path[-1]), ", None)")


@name("__getattribute__")
def _(p, path):
    return code(mod(p, path), ".__getattribute__(", Str(path[-1]), ")") if len(path) > 1 else None


@name("__dict__.get")
def _(p, path):
    return code(mod(p, path), ".__dict__.get(", Str(path[-1]), ")")


@name("import in a function")
def _(p, path):
    f = p.fresh()
    m = ".".join(path[:-1]) or "builtins"
    p.define(f"def {f}():\n    from {m} import {path[-1]} as q\n    return q")
    return code(f"{f}()")


@name("try to import")
def _(p, path):
    x = p.fresh()
    p.define(f"try:\n    from {'.'.join(path[:-1]) or 'builtins'} import {path[-1]} as {x}\nexcept ImportError:\n    {x} = None")
    return Code([x])


@name("dict.get dispatch")
def _(p, path):
    d = p.fresh()
    p.define(f"{d} = dict(a=", Ref(path), ", b=len)")
    return code(f"{d}.get('a')")


@name("subclass attribute")
def _(p, path):
    x, y = p.fresh(), p.fresh()
    p.define(f"class {x}(object):\n    run = ", code("staticmethod(", Ref(path), ")"), f"\nclass {y}({x}):\n    pass")
    return code(f"{y}.run")


@name("lambda that returns")
def _(p, path):
    x = p.fresh()
    p.define(f"{x} = lambda: ", Ref(path))
    return code(f"{x}()")


@name("partial with no name")
def _(p, path):
    p.need("from functools import partial")
    return code("partial(", Ref(path), ")")


@name("setattr on a class")
def _(p, path):
    x = p.fresh()
    p.define(f"class {x}:\n    pass\nsetattr({x}, 'f', staticmethod(", Ref(path), "))")
    return code(f"{x}.f")


def shape(n):
    return into(SHAPES, n)


@shape("nested functions")
@own_names
def _(p):
    a, b = p.fresh(), p.fresh()
    p.body = [Block([f"def {a}():", Block([f"def {b}():", *take(p)]), Code([f"return {b}()"])]), Code([f"{a}()"])]


@shape("function by a default argument")
@own_names
def _(p):
    f = p.fresh()
    p.body = [Block([f"def {f}(a=3, *, b=None):", *take(p)]), Code([f"{f}(b=1)"])]


@shape("__call__")
@own_names
def _(p):
    x = p.fresh()
    p.body = [Block([f"class {x}:", Block(["def __call__(self):", *take(p)])]), Code([f"{x}()()"])]


@shape("if and else turned")
def _(p):
    x = p.fresh()
    p.body = [Code([f"{x} = [1, 2, 3]"]), code(Block([f"if not len({x}) == 3:", Code(["pass"])]), "\n", Block(["else:", *take(p)]))]


@shape("thread")
@own_names
def _(p):
    f = p.fresh()
    p.body = [Block([f"def {f}():", *take(p)]), Code([f"import threading\nthreading.Thread(target={f}).run()"])]


def layer(n):
    return into(LAYERS, n)


@layer("builtins.exec")
def _(p, source):
    p.late, p.bare = ["import builtins"], True
    return code("builtins.exec(", Str(source), ")")


@layer("exec of a variable")
def _(p, source):
    p.bare = True
    x, y = p.fresh(), p.fresh()
    p.layered = [code(f"{x} = ", Str(source)), Code([f"{y} = compile({x}, 'x', 'exec')"])]
    return code(Ref(("exec",)), f"({y})")


@layer("lambda exec")
def _(p, source):
    return code("(lambda s: exec(s, globals()))(", Str(source), ")")


@layer("exec of bytes in a class")
def _(p, source):
    x = p.fresh()
    p.layered = [Code([f"class {x}:\n    def __init__(self, s):\n        self.s = s\n\n    def go(self):\n        exec(self.s, globals())"])]
    return code(x, "(", Bytes(source.encode()), ").go()")


@layer("lines in a tuple")
def _(p, source):
    p.bare = True
    lines = source.splitlines()
    if len(lines) > 40:
        return None
    return code(Ref(("exec",)), "('\\n'.join((", *[x for s in lines for x in (Str(s), ", ")], ")))")
