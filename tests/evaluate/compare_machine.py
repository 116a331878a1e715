#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small programs whose result is run: what the record says that `sink(1, TEXT)`, written as eval(TEXT) or exec(TEXT), is
given is what Python and Node gave, or unknown; never another text."""
import argparse
import collections
import re
import subprocess
import sys
import tempfile
import os

# In each program: sink(1, text) ...; the second part names the ids that must be known.
PYTHON = [
    ("def rc4(k, d):\n s = list(range(256)); j = 0; o = bytearray()\n for i in range(256):\n  j = (j + s[i] + k[i % len(k)]) % 256\n  s[i], s[j] = s[j], s[i]\n i = j = 0\n for c in d:\n  i = (i + 1) % 256; j = (j + s[i]) % 256\n  s[i], s[j] = s[j], s[i]\n  o.append(c ^ s[(s[i] + s[j]) % 256])\n return bytes(o)\nsink(1, rc4(b'key', bytes([1, 2, 3, 4, 5])).hex())\n", {1}),
    ("b = bytearray(b'ifmmp')\nfor i in range(len(b)):\n b[i] = b[i] - 1\nsink(1, b.decode())\n", {1}),
    ("def mk():\n n = 0\n def f():\n  nonlocal n\n  n += 1\n  return n\n return f\nf = mk(); g = mk()\nf(); f()\nsink(1, str(f()) + str(g()))\n", {1}),
    ("n = [0]\ndef g():\n for i in range(3):\n  n[0] += 1\n  yield n[0]\nr = []\nfor x in g():\n n[0] += 10\n r.append(str(x))\nsink(1, ','.join(r))\n", set()),
    ("k = 1\ndef g():\n for i in range(3):\n  yield chr(97 + k * i)\nr = ''\nfor x in g():\n k = k + 1\n r += x\nsink(1, r)\n", set()),
    ("def h(k):\n for c in k:\n  yield chr(ord(c) ^ 1)\nsink(1, ''.join(h('hello')))\n", {1}),
    ("class C:\n def __init__(self, k):\n  self.k = k\n def d(self, s):\n  return ''.join(chr(ord(c) ^ self.k) for c in s)\nsink(1, C(3).d('abc'))\n", {1}),
    ("x = 'a'\ntry:\n x = 'b'\n int('z')\n x = 'c'\nexcept ValueError:\n x += 'd'\nelse:\n x += 'e'\nfinally:\n x += 'f'\nsink(1, x)\n", set()),
    ("try:\n import nosuchmodule as m\n x = 'yes'\nexcept ImportError:\n x = 'no'\nsink(1, x)\n", set()),
    ("memo = {}\ndef f(n):\n if n in memo: return memo[n]\n memo[n] = n if n < 2 else f(n - 1) + f(n - 2)\n return memo[n]\nsink(1, str(f(20)))\n", {1}),
    ("def f(a, l=[]):\n l.append(a)\n return l\nf(1); f(2)\nsink(1, str(f(3)))\n", set()),
    ("a = [1, 2]\nb = a\nb.append(3)\nsink(1, str(len(a)))\n", {1}),
    ("a = [[0]] * 3\na[0][0] = 7\nsink(1, str(a[2][0]))\n", set()),
    ("class A:\n def __eq__(self, o): return True\nsink(1, str(A() == 5) + str(A() != 5))\n", set()),
    ("class A:\n x = 1\nclass B(A): pass\nA.x = 2\nb = B(); b.x = 3\nsink(1, str(B.x) + str(b.x))\n", set()),
    ("class A:\n @property\n def p(self): return 'q'\nsink(1, A().p)\n", set()),
    ("fs = [lambda: i for i in range(3)]\nsink(1, ''.join(str(f()) for f in fs))\n", set()),
    ("d = {1: 'a'}\nd[True] = 'b'\nd[1.0] = 'c'\nsink(1, d[1] + str(len(d)))\n", set()),
    ("x = 5\ndef f():\n global x\n x = x * 2\n return x\nf(); f()\nsink(1, str(x))\n", set()),
    ("import os\nx = 'a'\nif os.getpid() > 0: x = 'b'\nsink(1, x)\n", set()),
    ("import os\nl = ['a']\ndef f(): l.append('b')\nif os.getpid() > 0: f()\nsink(1, ''.join(l))\n", set()),
    ("r = ''\nfor i in range(5):\n if i == 3: break\n r += str(i)\nelse:\n r += 'e'\nsink(1, r)\n", {1}),
    ("i = 0; r = ''\nwhile i < 6:\n i += 1\n if i % 2: continue\n r += str(i)\nsink(1, r)\n", {1}),
    ("l = [3, 1, 2]\nl.sort(key=lambda v: -v)\nsink(1, str(l))\n", set()),
    ("l = [1, 2, 3, 4]\nfor x in l:\n if x % 2 == 0: l.remove(x)\nsink(1, str(l))\n", set()),
    ("a, *b, c = 1, 2, 3, 4\nsink(1, str(b) + str(c))\n", set()),
    ("def f(*a, **k): return str(a) + str(sorted(k))\nsink(1, f(1, 2, z=1, y=2))\n", set()),
    ("def f(x):\n return f(x - 1) + 'a' if x else ''\nsink(1, f(5))\n", {1}),
    ("def f(x):\n return f(x + 1)\ntry:\n f(0)\nexcept RecursionError:\n sink(1, 'deep')\n", set()),
    ("s = {'b': 1}\ns.update(a=2)\ndel s['b']\nsink(1, ','.join(s))\n", set()),
    ("x = [1]\ny = x[:]\ny[0] = 2\nx += [5]\nz = x\nz = z + [6]\nsink(1, str(x) + str(y) + str(z))\n", set()),
    ("t = (1, [2])\nt[1].append(3)\nsink(1, str(t))\n", set()),
    ("def deco(f):\n def w(*a): return 'w' + f(*a)\n return w\n@deco\ndef f(a): return a\nsink(1, f('x'))\n", set()),
    ("import contextlib\nx = 'a'\nwith contextlib.suppress(ValueError):\n x = 'b'\n int('q')\n x = 'c'\nsink(1, x)\n", set()),
    ("it = iter('abcd')\nsink(1, next(it) + next(it) + ''.join(it))\n", set()),
    ("z = zip('abc', [1, 2, 3])\nnext(z)\nsink(1, str(list(z)) + str(list(z)))\n", set()),
    ("m = map(lambda c: c + '!', 'ab')\nsink(1, ''.join(m) + ''.join(m))\n", set()),
    ("class S(str):\n def join(self, x): return 'mine'\nsink(1, S('a').join(['b', 'c']))\n", set()),
    ("import builtins\nbuiltins.chr = lambda x: 'Z'\nsink(1, chr(97))\n", set()),
    ("def chr(x): return 'Y'\nsink(1, chr(97) + str(ord('a')))\n", set()),
    ("x = 1\nclass A:\n x = 2\n def f(self): return x\nsink(1, str(A().f()))\n", set()),
    ("l = []\nfor i in range(3):\n def f(i=i): return i\n l.append(f)\nsink(1, ''.join(str(f()) for f in l))\n", set()),
    ("match 5:\n case 4: x = 'a'\n case 5: x = 'b'\n case _: x = 'c'\nsink(1, x)\n", set()),
    ("x = 'a'\ndef f():\n try:\n  return 'r'\n finally:\n  global x\n  x = 'b'\nsink(1, f() + x)\n", set()),
    ("def f():\n try:\n  return 'r'\n finally:\n  return 'q'\nsink(1, f())\n", set()),
    ("d = {}\nx = d.setdefault('a', [])\nx.append(1)\nsink(1, str(d))\n", set()),
]
JAVASCRIPT = [
    ("var t = ['c', 'a', 'b', '3x', '1y'];\n(function (f, n) { var g = f(); while (true) { try { if (parseInt(g[0]) === n) break; else g.push(g.shift()); } catch (e) { g.push(g.shift()); } } })(function () { return t; }, 3);\nsink(1, t.join(''));\n", {1}),
    ("function tab() { var a = ['x', 'y', 'z']; tab = function () { return a; }; return tab(); }\nfunction get(i) { return tab()[i - 5]; }\nsink(1, get(5) + get(7));\n", {1}),
    ("var o = '2|0|1'.split('|'), i = 0, r = '';\nwhile (!![]) { switch (o[i++]) { case '0': r += 'a'; continue; case '1': r += 'b'; continue; case '2': r += 'c'; continue; } break; }\nsink(1, r);\n", {1}),
    ("function d(s, k) { var S = [], j = 0, x, r = ''; for (var i = 0; i < 256; i++) S[i] = i; for (i = 0; i < 256; i++) { j = (j + S[i] + k.charCodeAt(i % k.length)) % 256; x = S[i]; S[i] = S[j]; S[j] = x; } i = 0; j = 0; for (var y = 0; y < s.length; y++) { i = (i + 1) % 256; j = (j + S[i]) % 256; x = S[i]; S[i] = S[j]; S[j] = x; r += String.fromCharCode(s.charCodeAt(y) ^ S[(S[i] + S[j]) % 256]); } return r; }\nsink(1, escape(d('hello', 'key')));\n", {1}),
    ("class K { constructor(k) { this.k = k; } d(s) { return s.split('').map(c => String.fromCharCode(c.charCodeAt(0) ^ this.k)).join(''); } }\nsink(1, new K(1).d('abc'));\n", {1}),
    ("function mk() { let n = 0; return () => ++n; }\nconst f = mk(), g = mk(); f(); f();\nsink(1, '' + f() + g());\n", {1}),
    ("let n = 0; function* g() { for (let i = 0; i < 3; i++) { n++; yield n; } }\nlet r = ''; for (const x of g()) { n += 10; r += x + ','; }\nsink(1, r);\n", set()),
    ("let x = 'a'; async function f() { await 0; x = 'b'; } f();\nsink(1, x); setTimeout(() => sink(2, x), 1);\n", set()),
    ("let x = 'a'; Promise.resolve().then(() => { x = 'b'; }); sink(1, x); (async () => { await 0; await 0; await 0; sink(2, x); })();\n", set()),
    ("let x = 'a'; function* g() { x = 'b'; yield 1; } g();\nsink(1, x);\n", set()),
    ("const o = { get p() { return 'g'; }, q: 1 }; sink(1, o.p);\n", set()),
    ("const o = {}; Object.defineProperty(o, 'p', { get: () => 'd' }); o.p = 5; sink(1, o.p);\n", set()),
    ("class A { get p() { return 'g'; } static s() { return 's'; } } sink(1, new A().p + A.s());\n", set()),
    ("const p = new Proxy({}, { get: () => 'px' }); sink(1, p.z);\n", set()),
    ("Array.prototype.join = function () { return 'J'; }; sink(1, ['a', 'b'].join(''));\n", set()),
    ("String.prototype.charAt = function () { return 'Q'; }; sink(1, 'abc'.charAt(1));\n", set()),
    ("const o = { toString() { return 'ts'; } }; sink(1, '' + o);\n", set()),
    ("const o = { valueOf() { return 4; } }; sink(1, '' + (o + 1));\n", set()),
    ("let fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); sink(1, fs.map(f => f()).join(''));\n", set()),
    ("let fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); sink(1, fs.map(f => f()).join(''));\n", set()),
    ("const o = { b: 1, a: 2, 2: 'x', 1: 'y' }; sink(1, Object.keys(o).join(','));\n", set()),
    ("const a = [1, 2, 3]; a.length = 1; sink(1, a.join(','));\n", set()),
    ("const a = [1]; a[4] = 5; sink(1, a.join(',') + a.length);\n", set()),
    ("const a = [3, 20, 100]; a.sort(); sink(1, a.join(','));\n", set()),
    ("function f(a, b = a + 'x') { arguments[0] = 'z'; return a + b; } sink(1, f('q'));\n", set()),
    ("function f(a) { arguments[0] = 'z'; return a; } sink(1, f('q'));\n", set()),
    ("var x = 'a'; { function x2() {} } if (Date.now() > 0) x = 'b'; sink(1, x);\n", set()),
    ("var r = ''; out: for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) { if (j == 1) continue out; r += i + '' + j; } } sink(1, r);\n", set()),
    ("var r = ''; try { r += 'a'; null.x; r += 'b'; } catch (e) { r += 'c'; } finally { r += 'd'; } sink(1, r);\n", set()),
    ("var r = 'x'; try { throw 'q'; } catch (e) { r = e; } sink(1, r);\n", set()),
    ("var r = ''; do { r += 'a'; } while (r.length < 3); sink(1, r);\n", set()),
    ("var r = '', i = 0; for (;;) { if (i++ > 3) break; r += i; } sink(1, r);\n", {1}),
    ("const { a, ...rest } = { a: 1, b: 2, c: 3 }; sink(1, a + JSON.stringify(rest));\n", set()),
    ("const [a, , b = 'd', ...c] = ['x', 'y', undefined, 'z', 'w']; sink(1, a + b + c.join(''));\n", set()),
    ("var m = new Map([['k', 'v']]); m.set('l', m.get('k') + 'w'); sink(1, [...m.values()].join('-'));\n", set()),
    ("var f = function g(n) { return n ? g(n - 1) + n : ''; }; sink(1, f(4));\n", {1}),
    ("var a = 1; function f() { return a; var a = 2; } sink(1, '' + f());\n", set()),
    ("var o = { f() { return this.v; }, v: 'o' }, h = o.f; var v = 'g'; sink(1, o.f() + String((0, h).call({ v: 'c' })));\n", set()),
    ("function A() { this.x = 'a'; } A.prototype.g = function () { return this.x + 'p'; }; sink(1, new A().g());\n", set()),
    ("class A { m() { return 'a'; } } class B extends A { m() { return super.m() + 'b'; } } sink(1, new B().m());\n", set()),
    ("var s = 'aXbX'; sink(1, s.replace('X', () => '1') + s.replace(/X/g, '$&$&'));\n", set()),
    ("var x = '5'; sink(1, x * '2' + 1 + x + -x);\n", {1}),
    ("var o = { a: 'x' }; with (o) { var q = a; } sink(1, q);\n", set()),
    ("var i = 0; var a = [i++, i++, i++]; a[i] = i--; sink(1, a.join('') + i);\n", set()),
    ("var x = 'a'; setTimeout(() => { x = 'b'; sink(1, x); }, 0); function later() { sink(2, x); } setTimeout(later, 5);\n", set()),
    ("switch (3) { default: var r = 'd'; case 1: r += '1'; break; case 2: r = '2'; } sink(1, r);\n", set()),
    ("function f() { try { return 'a'; } finally { return 'b'; } } sink(1, f());\n", set()),
    ("var g = globalThis; g.zz = 'q'; zz += 'r'; sink(1, zz);\n", set()),
    ("label: { var r = 'a'; if (r) break label; r = 'b'; } sink(1, r);\n", set()),
]


def real(language, text, folder):
    if language == "python":
        head, name, run = "def sink(i, v): print('SINK', i, ascii(str(v)), flush=True)\n", "p.py", [sys.executable]
    else:
        head, name, run = "globalThis.sink = (i, v) => console.log('SINK', i, JSON.stringify(String(v)));\n", "p.cjs", ["node"]
    path = os.path.join(folder, "real_" + name)
    with open(path, "w") as f:
        f.write(head + text)
    out = subprocess.run(run + [path], capture_output=True, text=True, timeout=20).stdout
    got = collections.defaultdict(set)
    for line in out.splitlines():
        m = re.match(r"SINK (\d+) (.*)", line)
        if m:
            got[int(m[1])].add(eval(m[2]))  # the text of our own program
    return got


def recorded(tidewaiter, language, text, folder):
    path = os.path.join(folder, "p.py" if language == "python" else "p.cjs")
    with open(path, "w") as f:
        f.write(text.replace("sink(1, ", "exec(" if language == "python" else "eval("))
    p = subprocess.run([tidewaiter, "facts", path], capture_output=True, text=True, timeout=60)
    said = {}
    for line in p.stdout.splitlines():
        m = re.match(r'call #\d+ in \d+ (eval|exec)\("((?:[^"\\]|\\.)*)"\)(?= |$)', line)
        if m:
            said[1] = re.sub(r'\\(["\\])', r"\1", m[2])
    return said, p.returncode


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--known", action="store_true", help="fail too where what the second part names is not known")
    args = ap.parse_args()
    bad = known = want = 0
    with tempfile.TemporaryDirectory() as folder:
        for language, programs in (("python", PYTHON), ("javascript", JAVASCRIPT)):
            for n, (text, must) in enumerate(programs):
                got = real(language, text, folder)
                said, status = recorded(args.tidewaiter, language, text, folder)
                known += len(said)
                want += sum(len(v) > 0 for v in got.values())
                for i, v in said.items():
                    if got[i] and got[i] != {v}:
                        bad += 1
                        print(f"{language} {n}: sink {i} is {v!r}, really {sorted(got[i])}\n{text}")
                if status or (args.known and not must <= set(said)):
                    bad += 1
                    print(f"{language} {n}: status {status}, known {sorted(said)}, not {sorted(must)}\n{text}")
    print(f"{known} of {want} known, {bad} wrong")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
