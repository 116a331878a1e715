#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sources made to hurt evaluation: texts that double, recursion, loops without end, decode bombs, layers that run themselves,
a million tiny layers, huge numbers, catastrophic regular expressions. Each is measured through `tidewaiter scan` in one
worker: it must end within the time and memory given, with a report; where a value that reaches code was given up, the report
must not be complete without a gap that says so. Growing inputs are doubled: time more than linear fails.

hostile.py --tidewaiter build/tidewaiter [--quick] [--seconds S] [--mb M] [--only WORD]"""
import argparse
import base64
import bz2
import gzip
import json
import lzma
import os
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from launcher import Launcher  # noqa: E402

CUT = {"LIMIT", "OPAQUE_LAYER", "OPAQUE", "DYNAMIC", "TOO_LARGE"}


def bomb(pack, size, levels):
    data = b"#" * size
    for _ in range(levels):
        data = pack(data)
    return data


def nested_python(levels):
    text = "import os; os.system('id')"
    for _ in range(levels):
        text = "exec(" + repr(text) + ")" if len(text) < 200000 else text
    return text


def b64_layers(levels):
    text = "import os; os.system('id')"
    for _ in range(levels):
        text = "import zlib;exec(zlib.decompress(" + repr(zlib.compress(text.encode(), 1)) + "))"
    return text


# name: (suffix, source, whether something must stand as a gap, since what runs cannot be known)
def fixed():
    z = bomb(lambda d: zlib.compress(d, 1), 24 << 20, 1)
    zz = bomb(lambda d: zlib.compress(d, 1), 64 << 20, 2)
    g = bomb(lambda d: gzip.compress(d, 1, mtime=0), 24 << 20, 1)
    b = bomb(bz2.compress, 9 << 20, 1)
    x = bomb(lambda d: lzma.compress(d, preset=0), 12 << 20, 1)
    text = {
        "py: s += s": (".py", "s = 'print(1)#'\nfor i in range(60):\n    s += s\nexec(s)", True),
        "py: s *= 2, while": (".py", "s = '#'\nwhile len(s) < 10 ** 15:\n    s *= 2\nexec(s)", True),
        "py: s = s + s written out": (".py", "s = '#aaaaaaa'\n" + "s = s + s\n" * 60 + "exec(s)", True),
        "py: nested replace": (".py", "s = 'a'\n" + "s = s.replace('a', 'aaaaaaaaaaaaaaaa')\n" * 40 + "exec(s)", True),
        "py: nested join": (".py", "s = 'ab'\n" + "s = s.join([s, s, s])\n" * 60 + "exec(s)", True),
        "py: format width": (".py", "exec('{:>1000000000}'.format('x'))\nexec('%2000000000d' % 1)\nexec(f'{1:>{10**9}}')", True),
        "py: ljust, zfill, expandtabs": (".py", "exec('a'.ljust(10 ** 10))\nexec('1'.zfill(1 << 40))\nexec('\\t'.expandtabs(1 << 30))\nexec('a'.center(10 ** 12, '#'))", True),
        "py: repetition": (".py", "exec('#' * 10 ** 12)\nexec('print(1)' * (1 << 40))\nexec(bytes(1 << 40))", True),
        "py: list repetition": (".py", "a = [0] * 10 ** 11\nexec(''.join(map(chr, a)))", True),
        "py: lists of lists": (".py", "a = ['#']\n" + "a = [a, a, a, a]\n" * 60 + "exec(str(a))", True),
        "py: 9 ** 9 ** 9": (".py", "exec(str(9 ** 9 ** 9))\nexec(chr(1 << 10 ** 9))\nx = 7 ** (7 ** 7)\nexec(str(x * x))", True),
        "py: big ints": (".py", "x = 3\n" + "x = x * x\n" * 200 + "exec(x.to_bytes(10 ** 6, 'big'))", True),
        "py: factorial, pow": (".py", "x = 1\nfor i in range(1, 10 ** 7):\n    x *= i\nexec(str(x))\nexec(str(pow(2, 10 ** 10)))", True),
        "py: int of many digits": (".py", "exec(int('9' * 10 ** 6).to_bytes(500000, 'big'))\nexec(int('" + "9" * 300000 + "').to_bytes(500000, 'big'))", True),
        "py: huge range": (".py", "exec(''.join(chr(i % 90 + 33) for i in range(10 ** 12)))\nexec(str(sum(range(10 ** 15))))\nexec(bytes(range(10 ** 9)))\nexec(list(range(10 ** 11))[5])", True),
        "py: while True": (".py", "s = ''\nwhile True:\n    s += 'a'\nexec(s)", False),
        "py: infinite generator": (".py", "def g():\n    n = 0\n    while True:\n        yield chr(n % 90 + 33)\n        n += 1\nexec(''.join(g()))", True),
        "py: itertools": (".py", "import itertools\nexec(''.join(itertools.count()))\nexec(''.join(itertools.cycle('ab')))\nexec(''.join(itertools.repeat('x')))\nexec(''.join(map(''.join, itertools.product('abcdefgh', repeat=20))))", True),
        "py: mutual recursion": (".py", "def f(n): return g(n + 1) + 'a'\ndef g(n): return f(n - 1) + 'b'\nexec(f(1))", True),
        "py: recursion without end": (".py", "def f(s): return f(s + s)\nexec(f('a'))\nf2 = lambda n: f2(n + 1)\nexec(f2(0))", True),
        "py: Ackermann": (".py", "def a(m, n):\n    if m == 0: return n + 1\n    if n == 0: return a(m - 1, 1)\n    return a(m - 1, a(m, n - 1))\nexec(chr(a(4, 4)))", True),
        "py: Fibonacci by recursion": (".py", "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nexec(str(f(60)))", True),
        "py: Y combinator": (".py", "exec((lambda f: f(f))(lambda f: f(f)))", True),
        "py: zlib bomb": (".py", f"import zlib, base64\nexec(zlib.decompress(base64.b64decode({base64.b64encode(z)!r})))", True),
        "py: zlib in zlib": (".py", f"import zlib, base64\nexec(zlib.decompress(zlib.decompress(base64.b64decode({base64.b64encode(zz)!r}))))", True),
        "py: gzip bomb": (".py", f"import gzip, base64\nexec(gzip.decompress(base64.b64decode({base64.b64encode(g)!r})))", True),
        "py: bz2 bomb": (".py", f"import bz2, base64\nexec(bz2.decompress(base64.b64decode({base64.b64encode(b)!r})))", True),
        "py: lzma bomb": (".py", f"import lzma, base64\nexec(lzma.decompress(base64.b64decode({base64.b64encode(x)!r})))", True),
        "py: exec of itself": (".py", "s = 's = %r; exec(s %% s)'; exec(s % s)", True),
        "py: quine by eval": (".py", "exec(a := 'exec(a)')\nb = 'eval(b)'\neval(b)\nc = 'exec(d)'\nd = 'exec(c)'\nexec(c)", False),
        "py: layers within layers": (".py", b64_layers(12), True),
        "py: escaping layers": (".py", nested_python(14), True),
        "py: scrypt, PBKDF2 large": (".py", "import hashlib\nexec(hashlib.scrypt(b'a', salt=b'b', n=1 << 20, r=8, p=16, maxmem=1 << 40))\nexec(hashlib.pbkdf2_hmac('sha512', b'a', b'b', 10 ** 10))\n"
                                         "exec(hashlib.pbkdf2_hmac('sha512', b'a', b'b', 1, 10 ** 10))", True),
        "py: attributes in a circle": (".py", "class A: pass\na = A()\na.a = a\n" + "a = a.a.a.a.a\n" * 2000 + "exec(a.s)", False),
        "py: lists that hold themselves": (".py", "a = []\na.append(a)\na[0][0].append(a)\nexec(str(a))\nd = {}\nd['d'] = d\nexec(repr(d))", True),
        "py: marshal, pickle nested": (".py", "import marshal, pickle\nexec(marshal.loads(" + repr(b"(" + b"\x01\0\0\0(" * 100000) + "))\nexec(pickle.loads(" + repr(b"(" * 100000 + b"t" * 99999 + b".") + "))\n"
                                           "exec(pickle.loads(" + repr(b"]" + b"2" * 1000 + b"]a" + b"(2a2a" * 30000 + b".") + "))", True),
        "py: rotation that never ends": (".py", "t = [%s]\nwhile t[0] != 'never':\n    t.append(t.pop(0))\nexec(t[0])" % ", ".join("'x%d'" % i for i in range(20000)), False),
        "py: regex": (".py", "import re\nexec(re.sub('(a+)+$', 'b', 'a' * 60 + '!'))\nexec(re.sub('(.*)*(.*)*(.*)*x', 'b', 'a' * 5000))", True),
        "py: json": (".py", "import json\nexec(json.loads(" + repr("[" * 200000 + "]" * 200000) + ")[0])\nexec(json.loads('" + "[" + "1," * 300000 + "1]')[7])", True),
        "js: s += s": (".js", "var s = 'a'; for (var i = 0; i < 60; i++) s += s; eval(s);", True),
        "js: s = s + s written out": (".js", "var s = '//aaaaaa';\n" + "s = s + s;\n" * 60 + "eval(s);", True),
        "js: padStart, repeat": (".js", "eval('a'.padStart(1e9)); eval('x'.repeat(1e9)); eval('x'.padEnd(2 ** 40, 'yz')); eval(Array(1e9).join('x')); eval(new Array(4294967295).fill('a').join(''));", True),
        "js: Array(1e9)": (".js", "eval([...Array(1e9).keys()].map(x => String.fromCharCode(x)).join('')); eval(Array.from({ length: 1e12 }, (x, i) => i).join('')); eval(Buffer.alloc(2 ** 40).toString());", True),
        "js: nested replace": (".js", "var s = 'a';\n" + "s = s.replace(/a/g, 'aaaaaaaaaaaaaaaa');\n" * 40 + "eval(s); var t = 'b';\n" + "t = t.split('').join(t + t);\n" * 60 + "eval(t);", True),
        "js: replace with $&": (".js", "var s = 'ab';\n" + "s = s.replace(/[^]+/, '$&$&$&$&');\n" * 60 + "eval(s);", True),
        "js: regex": (".js", "eval('a'.repeat(60).concat('!').replace(/(a+)+$/, 'b')); eval('x'.repeat(50000).match(/(x+x+)+y/)); eval('a'.repeat(90000).replace(/(?:a|a|a?)*b/g, ''));", True),
        "js: while (true)": (".js", "var s = ''; while (true) { s += 'a'; } eval(s);", False),
        "js: rotation that never ends": (".js", "var t = [%s]; (function (a, n) { while (true) { try { if (parseInt(a[0]) / 1 === n) break; else a.push(a.shift()); } catch (e) { a.push(a.shift()); } } })(t, 0x123456); eval(t[0]);"
                                              % ", ".join("'%dxk'" % i for i in range(20000)), True),
        "js: mutual recursion": (".js", "function f(s) { return g(s + 'a'); } function g(s) { return f(s + 'b'); } eval(f('')); const h = n => h(n + 1); eval(h(0));", True),
        "js: deep closures": (".js", "var f = x => x;\n" + "f = (g => x => g(g(x)))(f);\n" * 60 + "eval(f('a'));", True),
        "js: a function made by its own text": (".js", "var s = 'eval(s)'; eval(s); var t = 'Function(t)()'; Function(t)(); function q() { eval('(' + q + ')()'); } q();", False),
        "js: generator without end": (".js", "function* g() { let i = 0; while (true) yield String.fromCharCode(i++ % 90 + 33); } eval([...g()].join('')); let o = ''; for (const c of g()) o += c; eval(o);", True),
        "js: objects in circles": (".js", "var o = {}; o.o = o; var a = [o]; a.push(a); eval(JSON.stringify(a)); eval(String(a)); " + "o = o.o.o.o.o;" * 3000 + " eval(o.x);", False),
        "js: big ints": (".js", "eval(String(9n ** (9n ** 9n))); let x = 3n; for (let i = 0; i < 60; i++) x *= x; eval(x.toString(36)); eval(String(1n << (1n << 60n)));", True),
        "js: zlib bomb": (".js", f"eval(require('zlib').inflateSync(Buffer.from('{base64.b64encode(z).decode()}', 'base64')).toString());", True),
        "js: JSON": (".js", "eval(JSON.parse('" + "[" * 200000 + "]" * 200000 + "')[0]); eval(JSON.parse('[" + "1," * 300000 + "1]')[3]);", True),
        "js: labels and switches": (".js", "var i = 0, s = ''; a: while (true) { switch (i++ % 3) { case 0: continue a; case 1: s += s + 'x'; break; case 2: continue; } } eval(s);", False),
        "js: __proto__ chain": (".js", "var o = {};\n" + "o = Object.create(o);\n" * 20000 + "eval(o.x);", False),
        "js: getters that call themselves": (".js", "var o = { get x() { return this.x + this.x; } }; eval(o.x); var p = { toString() { return p + p; } }; eval(p + '');", True),
        "js: apply with many": (".js", "eval(String.fromCharCode.apply(null, Array(1e8).fill(65))); eval(String.fromCharCode(...new Array(1e9)));", True),
    }
    try:
        import brotli
        br = bomb(lambda d: brotli.compress(d, quality=1), 24 << 20, 1)
        text["py: brotli bomb"] = (".py", f"import brotli, base64\nexec(brotli.decompress(base64.b64decode({base64.b64encode(br)!r})))", True)
        text["js: brotli bomb"] = (".js", f"eval(require('zlib').brotliDecompressSync(Buffer.from('{base64.b64encode(br).decode()}', 'base64')).toString());", True)
    except ImportError:
        pass
    return text


# name: (suffix, source of size n); n doubles
GROWING = {
    "py: tiny layers": (".py", lambda n: "".join(f"exec('f({i})')\n" for i in range(n))),
    "py: tiny layers, equal": (".py", lambda n: "exec('f()')\n" * n),
    "py: tiny decoded layers": (".py", lambda n: "import base64\n" + "".join("exec(base64.b64decode('%s'))\n" % base64.b64encode(b"f(%d)" % i).decode() for i in range(n // 2))),
    "py: tiny command lines": (".py", lambda n: "import os\n" + "".join(f"os.system('a {i}')\n" for i in range(n))),
    "py: loop that makes layers": (".py", lambda n: f"for i in range({n}):\n    exec('f(%d)' % i)\n" + "#" * n),
    "py: string sums in a loop": (".py", lambda n: "s = ''\n" + "".join(f"s += chr({33 + i % 90})\n" for i in range(n)) + "exec(s)"),
    "py: list of pieces": (".py", lambda n: "a = []\n" + "a.append('x')\n" * n + "exec(''.join(a))"),
    "py: item assignment": (".py", lambda n: "a = [0] * 256\n" + "".join(f"a[{i % 256}] = a[{i * 7 % 256}] ^ {i}\n" for i in range(n)) + "exec(bytes(a))"),
    "py: dictionary entries": (".py", lambda n: "d = {}\n" + "".join(f"d['k{i}'] = 'v{i}'\n" for i in range(n)) + "exec(d['k7'])"),
    "py: attribute stores": (".py", lambda n: "class A: pass\na = A()\n" + "".join(f"a.x{i} = a\n" for i in range(n)) + "exec(a.x5.x7.s)"),
    "py: conditions": (".py", lambda n: "import os\nx = ''\n" + "if os.a: x += 'a'\n" * n + "exec(x)"),
    "py: functions in a chain": (".py", lambda n: "def f0(s): return s + 'a'\n" + "".join(f"def f{i}(s): return f{i - 1}(s + 'b')\n" for i in range(1, n)) + f"exec(f{n - 1}('c'))"),
    "py: functions that call two": (".py", lambda n: "def f0(s): return s\n" + "".join(f"def f{i}(s): return f{i - 1}(s) + f{i - 1}(s)\n" for i in range(1, n // 4)) + f"exec(f{n // 4 - 1}('c'))"),
    "py: nested calls": (".py", lambda n: "exec(" + "str(" * (n // 8) + "'a'" + ")" * (n // 8) + ")"),
    "py: calls of a decoder": (".py", lambda n: "def d(s): return ''.join(chr(ord(c) ^ 3) for c in s)\n" + "".join(f"f(d('abc{i}'))\n" for i in range(n // 2))),
    "py: string table": (".py", lambda n: "t = [" + ", ".join(f"'w{i}'" for i in range(n)) + "]\nfor _ in range(5):\n    t.append(t.pop(0))\n" + "".join(f"f(t[{i}])\n" for i in range(n // 4))),
    "py: classes": (".py", lambda n: "".join(f"class C{i}:\n    def m(self): return C{i + 1}().m()\n" for i in range(n // 4)) + "exec(C0().m())"),
    "js: tiny layers": (".js", lambda n: "".join(f"eval('f({i})');\n" for i in range(n))),
    "js: string sums": (".js", lambda n: "var s = '';\n" + "".join(f"s += '{i}';\n" for i in range(n)) + "eval(s);"),
    "js: string table": (".js", lambda n: "var t = [" + ", ".join(f"'w{i}'" for i in range(n)) + "]; (function (a, n) { while (--n) a.push(a.shift()); })(t, 9); function d(i) { return t[i - 5]; }\n"
                         + "".join(f"f(d({i + 5}));\n" for i in range(n // 4))),
    "js: table by a function": (".js", lambda n: "function a() { const l = [" + ", ".join(f"'{i}w'" for i in range(n)) + "]; a = function () { return l; }; return a(); } function b(i) { const l = a(); return b = function (i) { i -= 5; return l[i]; }, b(i); }\n"
                                + "(function (t, w) { const l = t(); while (true) { try { if (parseInt(b(5)) + parseInt(b(7)) === w) break; else l.push(l.shift()); } catch (e) { l.push(l.shift()); } } })(a, 24);\n"
                                + "".join(f"f(b({i + 5}));\n" for i in range(n // 4))),
    "js: switch flattening": (".js", lambda n: "var o = '" + "|".join(str(i) for i in range(n // 4)) + "'.split('|'), i = 0; while (true) { switch (o[i++]) {" + "".join(f"case '{i}': f({i}); continue;\n" for i in range(n // 4)) + "} break; }"),
    "js: closures": (".js", lambda n: "var f = x => x + 'a';\n" + "f = (g => x => g(x))(f);\n" * (n // 4) + "eval(f('a'));"),
    "js: JSFuck": (".js", lambda n: "eval(" + "+".join(["(![]+[])[+!+[]]"] * (n // 2)) + ")"),
    "js: object members": (".js", lambda n: "var o = {};\n" + "".join(f"o['k' + {i}] = function (a, b) {{ return a + b; }};\n" for i in range(n // 2)) + "eval(o.k3('a', 'b'));"),
    "js: pushes": (".js", lambda n: "var a = [];\n" + "a.push('x');\n" * n + "eval(a.join(''));"),
    "js: charCodeAt loop": (".js", lambda n: "var s = '" + "x" * n + "', r = ''; for (var i = 0; i < s.length; i++) r += String.fromCharCode(s.charCodeAt(i) ^ 3); eval(r);"),
    "js: conditions": (".js", lambda n: "var x = '';\n" + "if (w.a) x += 'a';\n" * n + "eval(x);"),
}


class Scan:
    def __init__(self, program, folder):
        self.program, self.folder, self.launcher = os.path.abspath(program), folder, Launcher()

    def __call__(self, suffix, source, seconds):
        """(exit code, CPU seconds, memory, the report or None)"""
        path, log = os.path.join(self.folder, "x" + suffix), os.path.join(self.folder, "out")
        with open(path, "w", encoding="utf-8", errors="surrogatepass") as f:
            f.write(source)
        argv = [self.program, "scan", "--no-cache", "--format", "json", "--fail-on", "never", "--timeout", str(max(int(seconds * 3), 10)), path]
        code, spent, memory = self.launcher.run(argv, log)
        with open(log, encoding="utf-8", errors="replace") as f:
            out = f.read()
        try:
            report = json.loads(out[out.index("{"):])
        except ValueError:
            report = None
        return code, spent, memory, report


def reasons(report):
    return {str(g.get("reason", "")).upper().replace("-", "_") for g in report["coverage"]["gaps"]} | ({"LIMIT"} if report["coverage"]["limits_hit"] else set())


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--quick", action="store_true", help="small sizes")
    ap.add_argument("--seconds", type=float, default=8.0, help="CPU time of one fixed source")
    ap.add_argument("--mb", type=int, default=700, help="memory of one source")
    ap.add_argument("--only", default="")
    args = ap.parse_args()
    bad, done = [], 0
    with tempfile.TemporaryDirectory() as folder:
        scan = Scan(args.tidewaiter, folder)
        print("%-40s %9s %8s %8s  %s" % ("source", "bytes", "seconds", "MB", "what is said"))

        def look(name, suffix, source, must):
            code, spent, memory, report = scan(suffix, source, args.seconds)
            said = sorted(reasons(report)) if report else []
            errors = report.get("errors") if report else None
            print("%-40s %9d %8.2f %8.0f  %s%s" % (name, len(source), spent, memory / 1e6, " ".join(said) or "-", "" if report and report["complete"] else " (not complete)"), flush=True)
            if not report or errors or code not in (0, 1):
                bad.append(f"{name}: exit {code}, {'no report' if not report else errors}")
            elif memory > args.mb * 1e6:
                bad.append(f"{name}: {memory / 1e6:.0f} MB")
            elif must and not (set(said) & CUT):
                bad.append(f"{name}: what runs is not known and no gap says so")
            return spent, report
        for name, (suffix, source, must) in fixed().items():
            if args.only not in name:
                continue
            done += 1
            spent, _ = look(name, suffix, source, must)
            if spent > args.seconds:
                bad.append(f"{name}: {spent:.1f} s")
        for name, (suffix, make) in GROWING.items():
            if args.only not in name:
                continue
            done += 1
            sizes = (5000, 10000, 20000) if args.quick else (12500, 25000, 50000, 100000)
            times = [look(f"{name}, {n}", suffix, make(n), False)[0] for n in sizes]
            if times[-1] > 0.6 and times[-1] > 3.0 * times[-2] and times[-2] > 2.5 * times[-3]:
                bad.append(f"{name}: superlinear, " + ", ".join(f"{t:.2f}" for t in times))
            if times[-1] > args.seconds * 3:
                bad.append(f"{name}: {times[-1]:.1f} s")
        if not args.quick and args.only in "py: a million tiny layers":
            done += 1
            look("py: a million tiny layers", ".py", "exec('f()')\n" * 1000000, True)
    for line in bad:
        print("FAILED " + line)
    print("%d passed, %d failed" % (done - min(len(bad), done), len(bad)))
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
