#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Constant folding beside node itself: random constant expressions, small functions and loops of our own go
through `tidewaiter facts` and through node. The same value or unknown is fine, another value never. Where node
throws, a value is seldom right either; more than 0.2 % of such is a fault.

compare_fold.py --tidewaiter build/tidewaiter [--seeds 4] [--expressions 2000]
"""
import argparse
import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

HEAD = """function until(s, stop) { let out = ''; for (const c of s) { if (c === stop) break; out += c; } return out; }
function xor(list, key) { let out = ''; for (let i = 0; i < list.length; i++) { out += String.fromCharCode(list[i] ^ key.charCodeAt(i % key.length)); } return out; }
function skip(s, n) { var out = ''; for (var i = 0; i < s.length; i++) { if (i === n) continue; out = out + s[i]; } return out; }
function count(n) { var i = 0, out = []; while (i < n) { i++; if (i % 2) continue; out.push(i); } return out.join('/'); }
function def(a, b = 'z', c) { return a + b + c; }
function nested(n) { let s = ''; for (let i = 0; i < n; i++) for (let k = 0; k < 3; k++) { if (k > i) break; s += k; } return s; }
function both(a, b) { let x = 1; a && (x = b); return x; }
function early(s) { for (const c of s) if (c === 'b') return 'found'; return 'none'; }
function add(...p) { return p.length; }
function down(n) { let s = ''; while (n-- > 0) s += n; return s; }
function two(s) { let i, k; for (i = 0, k = s.length - 1; i < k; i++, k--) { } return s.charAt(i) + i + k; }
function unset() { let a; for (let i = 0; i < 2; i++) { let a; a = i; } return typeof a; }
function forever(n) { let i = 0; for (;;) { if (++i > n) break; } return i; }
const pick = (k) => ({ a: 'x', b: 'y' })[k];
const keep = s => s;
"""
LOOPS = [
    "let o{i} = ''; for (let j = 0; j < {n}; j++) o{i} += j; p({i}, o{i});",
    "let o{i} = {t}; for (const c of {t2}) {{ if (c === 'a') continue; o{i} = c + o{i}; }} p({i}, o{i});",
    "let o{i} = 0; while (o{i} < {n}) {{ o{i} += 3; if (o{i} === 6) break; }} p({i}, o{i});",
    "const a{i} = []; for (let j = 0; j < {n}; j++) a{i}.push(j * 2); p({i}, a{i}.join());",
    "let o{i} = {t}; if (o{i}.length > 2) {{ for (let j = 0; j < 2; j++) o{i} += j; }} p({i}, o{i});",
    "var o{i} = ''; for (var j{i} = {n}; j{i} > 0; j{i} -= 2) {{ if (j{i} == 3) {{ o{i} += '!'; }} else {{ o{i} += j{i}; }} }} p({i}, o{i} + j{i});",
    "let o{i} = {t}; function g{i}() {{ o{i} = 'changed'; }} g{i}(); p({i}, o{i});",
    "const a{i} = ['b', 'a']; const b{i} = a{i}; b{i}.push('c'); p({i}, a{i}.join(''));",
    "const a{i} = ['b', 'a']; a{i}.reverse(); p({i}, a{i}.join(''));",
    "const a{i} = ['b', 'a']; keep(a{i}).push('q'); p({i}, a{i}.length);",
    "const a{i} = [1, 2, 3]; a{i}.shift(); p({i}, a{i}[0]);",
    "const a{i} = [1, 2, 3]; a{i}.length = 1; p({i}, a{i}.length);",
    "const a{i} = [3, 1, 2]; a{i}[0] = {n}; p({i}, a{i}[0] + a{i}[1]);",
    "let o{i} = ''; do {{ o{i} += 'd'; }} while (o{i}.length < {n}); p({i}, o{i});",
    "let o{i} = ''; for (let j = 0; j < 3; j++) {{ switch (j) {{ case 1: o{i} += 'one'; break; default: o{i} += j; }} }} p({i}, o{i});",
    "let o{i} = ''; out{i}: for (let j = 0; j < 3; j++) {{ for (let k = 0; k < 3; k++) {{ if (k === 1) continue out{i}; o{i} += k; }} }} p({i}, o{i});",
]
TEXTS = ["abc", "", "x y", "Hello", "a,b,c", "0x1f", "12", "\u00e9t\u00e9", "  pad\t", "=", "zz9", "-7", "+3", "1_0", "010", "1e3",
         "Infinity", "NaN", "\U0001f600"]
NUMBERS = ["0", "1", "7", "65", "104", "255", "1000", "-3", "0x41", "2147483648", "4294967297", "-0", "1.5"]


class Maker:
    """text(d), number(d), items(d): an expression of that type with at most d levels."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *choices):
        return self.r.choice(choices)

    def leaf(self):
        return json.dumps(self.r.choice(TEXTS))

    def small(self):
        return str(self.r.randrange(-3, 6))

    def text(self, d):
        if d <= 0:
            return self.leaf()
        t, n, i = (lambda: self.text(d - 1)), (lambda: self.number(d - 1)), (lambda: self.items(d - 1))
        raw = self.r.randbytes(self.r.randrange(9))
        return self.r.choice([
            lambda: f"({t()} + {self.pick(t, n)()})",
            lambda: f"({n()} + {t()})",
            lambda: f"{t()}.{self.pick('slice', 'substring', 'substr')}({self.pick('', self.small(), self.small() + ', ' + self.small())})",
            lambda: f"{t()}.{self.pick('replace', 'replaceAll')}({self.leaf()}, {self.leaf()})",
            lambda: f"{t()}.{self.pick('toUpperCase', 'toLowerCase', 'trim')}()",
            lambda: f"{t()}.{self.pick('charAt', 'at')}({self.small()})",
            lambda: f"{t()}[{self.small()}]",
            lambda: f"{i()}.join({self.pick('', self.leaf())})",
            lambda: f"{self.leaf()}.repeat({self.r.randrange(4)})",
            lambda: f"String.fromCharCode({self.r.randrange(32, 500)}, {n()})",
            lambda: f"String({n()})",
            lambda: f"`a${{{n()}}}b${{{t()}}}`",
            lambda: f"{t()}.split('').reverse().join('')",
            lambda: f"{i()}[{self.small()}]",
            lambda: f"Buffer.from({base64.b64encode(raw).decode()!r}, 'base64').toString({self.pick('', repr('hex'), repr('latin1'), repr('base64'))})",
            lambda: f"Buffer.from({raw.hex()!r}, 'hex').toString({self.pick('', repr('utf8'), repr('binary'), repr('ascii'))})",
            lambda: f"Buffer.from({t()}).toString({self.pick(repr('hex'), repr('base64'))})",
            lambda: f"atob({base64.b64encode(raw).decode()!r})",
            lambda: f"btoa({self.leaf()})",
            lambda: f"{self.pick('unescape', 'decodeURIComponent')}({self.pick(repr('%41b%20'), repr('%u0041'), repr('a+b'), repr('%'), self.leaf())})",
            lambda: f"({n()} > 5 ? {t()} : {t()})",
            lambda: f"({t()} || {t()})",
            lambda: f"({t()} && {t()})",
            lambda: f"((q, r = 1) => q + r)({t()})",
            lambda: f"until({t()}, {self.pick(repr('b'), repr(','))})",
            lambda: f"xor([{self.r.randrange(128)}, {self.r.randrange(128)}, 3], {self.pick(repr('k'), repr('key'))})",
            lambda: f"skip({t()}, {self.small()})",
            lambda: f"{self.pick('count', 'nested', 'down')}({self.r.randrange(6)})",
            lambda: f"def({self.leaf()}{self.pick('', ', undefined', ', null', ', 2, 3')})",
            lambda: f"both({self.pick('0', '1', repr(''))}, {t()})",
            lambda: f"early({t()})",
            lambda: f"two({self.leaf()})",
            lambda: f"pick({self.pick(repr('a'), repr('b'))})",
            lambda: f"{{'k': {t()}, {self.leaf()}: {self.leaf()}}}.k".join("()"),
            lambda: f"(typeof ({self.pick(t, n)()}))",
            lambda: f"{i()}.map({self.pick('c => c + 1', '(c, i) => i + c', 'String', 'parseInt', 'c => { let s = c; for (let j = 0; j < 2; j++) s += j; return s; }')}).join()",
            lambda: f"{i()}.filter({self.pick('c => c', '(c, i) => i % 2')}).join('-')",
            lambda: f"({i()}.reduce((a, c) => a + c{self.pick('', ', 0', ', ' + repr('s'))}) + '')",
            lambda: f"Array.from({t()}).join('.')",
            lambda: f"({i()} + '')",
            lambda: f"new TextDecoder().decode(Uint8Array.from({self.leaf()}, c => c.charCodeAt(0)))",
            lambda: "unset()",
        ])()

    def number(self, d):
        if d <= 0:
            return self.r.choice(NUMBERS)
        sign = self.pick("+", "-", "*", "^", "&", "|", "/", "%", "<<", ">>", ">>>", "**")
        return self.r.choice([
            lambda: f"(({self.number(d - 1)}) {sign} {self.pick('1', '3', '7', '-2', '0', '33')})",
            lambda: f"{self.pick(self.text, self.items)(d - 1)}.length",
            lambda: f"{self.text(d - 1)}.{self.pick('charCodeAt', 'codePointAt')}({self.small()})",
            lambda: f"parseInt({self.text(d - 1)}{self.pick('', ', 16', ', 10', ', 36', ', 0')})",
            lambda: f"Number({self.text(d - 1)})",
            lambda: f"(-({self.number(d - 1)}))",
            lambda: f"(+{self.text(0)})",
            lambda: f"(~{self.number(0)})",
            lambda: f"({self.text(0)} {self.pick('-', '*', '<', '==', '===', '!=', '>=', '<<')} {self.pick(self.text(0), self.number(0))})",
            lambda: f"(!{self.pick(self.text, self.number, self.items)(d - 1)})",
            lambda: f"add(1, ...{self.items(0)})",
            lambda: f"forever({self.r.randrange(4)})",
            lambda: f"({self.number(d - 1)} ?? 4)",
            lambda: "(void 0 === undefined)",
        ])()

    def items(self, d):
        if d <= 0:
            return self.pick("['a', 'b']", "['x']", "[]", "[1, 2, 3]", "['p', , 'r']", "[null, undefined]")
        return self.r.choice([
            lambda: f"{self.text(d - 1)}.split({self.pick(self.leaf(), repr(','), '')})",
            lambda: f"[{self.text(d - 1)}, {self.text(d - 1)}]",
            lambda: f"[...{self.items(0)}, {self.number(0)}]",
            lambda: f"{self.items(d - 1)}.slice({self.pick('', '1', '-1', '0, 2', '-2, -1')})",
            lambda: f"{self.items(0)}.reverse()",
            lambda: f"Array.from({self.text(d - 1)})",
        ])()

    def statement(self, i):
        if self.r.random() < 0.15:
            return self.r.choice(LOOPS).format(i=i, n=self.r.randrange(1, 8), t=self.leaf(), t2=self.leaf()), True
        return f"p({i}, {self.pick(self.text, self.text, self.number)(self.r.randrange(1, 5))});", False


def node_program():
    found = os.path.join(os.path.dirname(sys.executable), "node")
    return found if os.path.exists(found) else shutil.which("node")


RUNNER = """const p = (i, v) => { got[i] = v === undefined ? ['u'] : Number.isNaN(v) || v === Infinity || v === -Infinity ||
 Object.is(v, -0) || (typeof v === 'number' && !Number.isInteger(v)) ? ['f', Object.is(v, -0) ? '-0' : String(v)] : ['v', v]; };
const got = {};
"""


def shown(value):
    """The value as `tidewaiter facts` writes it; None where that is not spelled out here."""
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    if not isinstance(value, str):
        return None
    raw = value.encode("utf-8", "surrogatepass")
    if len(raw) > 190 or not all(c.isascii() or c.isprintable() for c in value):
        return None
    out = ""
    for c in value:
        plain = " " <= c < "\x7f" or c > "\x7f"
        out += "\\" + c if c in '"\\' else "\\n" if c == "\n" else c if plain else "\\x%02x" % ord(c)
    return '"' + out + '"'


def known(got):
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"|-?\d+|true|false', got) is not None


def one_seed(program, node, seed, count):
    make = Maker(seed)
    rows = [make.statement(i) for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "expressions.js")
        with open(path, "w", encoding="utf-8") as f:
            f.write(HEAD + "".join(line + "\n" for line, _ in rows))
        text = subprocess.run([program, "facts", path], check=True, capture_output=True).stdout.decode("utf-8")
        run = os.path.join(folder, "run.js")
        with open(run, "w", encoding="utf-8") as f:
            tries = "".join(f"try {{ {line} }} catch (e) {{ got[{i}] = ['t', String(e)]; }}\n" for i, (line, _) in enumerate(rows))
            f.write(RUNNER + HEAD + tries + "process.stdout.write(JSON.stringify(got));\n")
        answer = subprocess.run([node, run], check=True, capture_output=True)
    want = {int(k): v for k, v in json.loads(answer.stdout).items()}
    got = {int(m[1]): m[2] for m in re.finditer(r"^call #\d+ in 0 p\((\d+), (.*)\)(?: guarded)? @\d+\+\d+$", text, re.M)}
    faults, raised, same, unknown = [], [], 0, 0
    for i, (line, _) in enumerate(rows):
        kind = want[i][0]
        if i not in got:
            faults.append(f"{line}: the call is not in the record")
        elif not known(got[i]):
            unknown += kind == "v"
        elif kind == "t":
            raised.append(f"{line}: {got[i]}, but node throws {want[i][1]}")
        elif kind == "f" and want[i][1] == got[i]:
            same += 1
        elif kind != "v" or shown(want[i][1]) not in (None, got[i]):
            faults.append(f"{line}: {got[i]}, but node says {want[i]}")
        else:
            same += 1
    return faults, raised, same, unknown


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    args.add_argument("--tidewaiter", required=True)
    args.add_argument("--seeds", type=int, default=4)
    args.add_argument("--expressions", type=int, default=2000)
    opt = args.parse_args()
    node = node_program()
    if not node:
        print("0 passed, 0 failed, 1 skipped")
        return False
    faults, raised, same, unknown = [], [], 0, 0
    for seed in range(opt.seeds):
        f, r, s, u = one_seed(opt.tidewaiter, node, seed, opt.expressions)
        faults += f
        raised += r
        same += s
        unknown += u
    if len(raised) > opt.seeds * opt.expressions // 500:
        faults += raised
    for f in faults[:20]:
        print(f, file=sys.stderr)
    enough = same >= unknown and same > 0
    if not enough:
        print(f"only {same} of {same + unknown} values were found", file=sys.stderr)
    print(f"{unknown} unknown")
    print(f"{same} passed, {len(faults) + (not enough)} failed")
    return bool(faults) or not enough


if __name__ == "__main__":
    sys.exit(main())
