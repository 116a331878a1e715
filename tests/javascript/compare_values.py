#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values beside node itself: random expressions over numbers, texts, arrays, objects, regular expressions, bytes, JSON,
and (--corpus) the constant expressions of the benign npm packages. The same value or unknown, never another.

compare_values.py --tidewaiter build/tidewaiter [--seeds 4] [--expressions 1500] [--corpus N [--list]]
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TEXTS = ["abc", "", "x y", "Hello, World", "a,b,,c", "0x1f", "12", "\u00e9t\u00e9", "  pad\t\n", "=", "zz9", "-7.50", "+3", "1_0",
         "010", "1e3", "Infinity", "NaN", "\U0001f600k", "a1b22c333", "aaa", "$&-$1", "A-B_C d", "\u20ac%41", "foo.bar(baz)", "[x]", "\"q\\", "null",
         "AbCaBc", "x=1&y=2", "\u0130I\u017f"]
NUMBERS = ["0", "1", "7", "65", "255", "1000", "-3", "0x41", "2147483648", "4294967297", "-0", "1.5", "0.1", "1e21", "1e-7", "123456789.123", "NaN",
           "Infinity", "-Infinity", "9007199254740991", "9007199254740993", "1e300", "5e-324", "0.000001", "2.5", "-2.5", "0b101", "0o17", "1_000", ".5", "1.005"]
REGEXES = [r"/b/", r"/b/g", r"/[a-z]+/gi", r"/\d+/g", r"/(\w)(\d)/g", r"/(\d+)|([a-c]+)/g", r"/\s+/g", r"/^a/", r"/a$/m", r"/./g", r"/(?:a|b)+/g",
           r"/(a)|b/g", r"/[^a-z]/gi", r"/\b/g", r"/x*/g", r"/(?=b)/g", r"/(?<=a)b/g", r"/[\s\S]/g", r"/\u00e9/g", r"/([A-Z])([a-z])/g", r"/\./", r"/,/g", r"/(.)\1/g",
           r"/a{2}/g", r"/a{1,2}?/g", r"/[\]\-x]/g", r"/((a)|b)+/g", r"/(a*)*/g", r"/%([0-9a-f]{2})/gi", r"/[.*+?^${}()|[\]\\]/g", r"/\$&/", r"/\W/g", r"/(?<n>\d)/", r"/\w+|$/g"]
GLOBAL = [r for r in REGEXES if "g" in r[r.rindex("/"):]]
SINGLE = [r for r in REGEXES if r not in GLOBAL]
OBJECTS = ["{}", "{a: 1}", "{a: 'x', b: [1, 2]}", "{'k-1': null, 2: 3}", "{a: {b: {c: 'deep'}}}", "{f: 1.5, g: undefined, h: NaN}"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *choices):
        return self.r.choice(choices)

    def leaf(self):
        return json.dumps(self.r.choice(TEXTS)) if self.r.random() < 0.8 else json.dumps(self.r.choice(TEXTS), ensure_ascii=False)

    def small(self):
        return str(self.r.randrange(-3, 7))

    def any(self, d):
        return self.pick(self.text, self.number, self.items, self.odd)(d)

    def odd(self, d):
        return self.pick("null", "undefined", "true", "false", "[]", "{}".join("()"), "[[]]", "[1]", "[null]", "(function f(a) { return a; })", "(x => x + 1)", "[][[]]",
                         f"({self.r.choice(OBJECTS)})", "10n", "Number", "''.slice", "[].flat", "/a\\/b/g", "void 0", "NaN", "Symbol.iterator.description")

    def text(self, d):
        if d <= 0:
            return self.leaf()
        t, n, i = (lambda: self.text(d - 1)), (lambda: self.number(d - 1)), (lambda: self.items(d - 1))
        raw = self.r.randbytes(self.r.randrange(9))
        return self.r.choice([
            lambda: f"({t()} + {self.any(d - 1)})",
            lambda: f"({self.any(d - 1)} + {t()})",
            lambda: f"({self.odd(0)} + {self.odd(0)} + '')",
            lambda: f"{t()}.{self.pick('slice', 'substring', 'substr')}({self.pick('', self.small(), self.small() + ', ' + self.small())})",
            lambda: f"{t()}.{self.pick('replace', 'replaceAll')}({self.leaf()}, {self.leaf()})",
            lambda: f"{t()}.replace({self.r.choice(REGEXES)}, {self.pick(self.leaf(), repr('[$&]'), repr('$1$2'), repr('$$'), repr('$`|'))})",
            lambda: f"{t()}.replace({self.r.choice(REGEXES)}, {self.pick('m => m.toUpperCase()', '(m, p) => p + m', 'function (m) { return m + arguments.length; }', '(m, i) => i')})",
            lambda: f"{t()}.{self.pick('toUpperCase', 'toLowerCase', 'trim', 'trimStart', 'trimEnd', 'italics', 'bold', 'valueOf')}()",
            lambda: f"{t()}.{self.pick('charAt', 'at')}({self.small()})",
            lambda: f"{t()}[{self.pick(self.small(), repr('1'), repr('length'), '[]', 'false')}]",
            lambda: f"{t()}.{self.pick('padStart', 'padEnd')}({self.r.randrange(12)}{self.pick('', ', ' + repr('ab'), ', ' + repr(''))})",
            lambda: f"{i()}.join({self.pick('', self.leaf())})",
            lambda: f"{t()}.concat({self.any(0)}, {n()})",
            lambda: f"{self.leaf()}.repeat({self.r.randrange(4)})",
            lambda: f"String.{self.pick('fromCharCode', 'fromCodePoint')}({self.r.randrange(32, 500)}, {self.r.randrange(9000)})",
            lambda: f"String({self.any(d - 1)})",
            lambda: "String.raw`" + self.pick("a", "a\\n", "b\\u0041") + "${" + self.pick("1", repr("z")) + "}c`",
            lambda: f"`a${{{self.any(d - 1)}}}b${{{t()}}}`",
            lambda: f"({n()}).toString({self.pick('', '2', '16', '36', '7')})",
            lambda: f"({n()}).toFixed({self.pick('', '0', '2', '5')})",
            lambda: f"({self.any(d - 1)} + [])[{self.small()}]",
            lambda: f"{t()}.split({self.pick(repr(''), self.leaf())}).reverse().join('')",
            lambda: f"{t()}.split({self.r.choice(REGEXES)}).join('|')",
            lambda: f"JSON.stringify({self.pick(self.items(d - 1), self.text(d - 1), self.r.choice(OBJECTS), self.number(0))}{self.pick('', ', null, 2')})",
            lambda: f"JSON.parse({json.dumps(json.dumps(self.pick('a', 1.5, [1, 'b'], {'k': 'v'})))})",
            lambda: f"Buffer.from({raw.hex()!r}, 'hex').toString({self.pick('', repr('utf8'), repr('binary'), repr('ascii'), repr('base64'), repr('base64url'), repr('hex'))})",
            lambda: f"Buffer.from({t()}{self.pick('', ', ' + repr('latin1'), ', ' + repr('utf16le'), ', ' + repr('base64'))}).toString({self.pick(repr('hex'), repr('base64'), repr('latin1'))})",
            lambda: f"Buffer.concat([Buffer.from({self.leaf()}), Buffer.from([1, 300, -1])]).toString('hex')",
            lambda: f"Buffer.alloc(4, {self.pick('1', repr('ab'))}).toString('hex')",
            lambda: f"Buffer.from({self.leaf()}).slice({self.small()}).toString()",
            lambda: f"new TextDecoder().decode(new TextEncoder().encode({t()}))",
            lambda: f"new Uint8Array([1, 2, 256]).join('-')",
            lambda: f"{self.pick('escape', 'encodeURIComponent', 'encodeURI')}({t()})",
            lambda: f"{self.pick('unescape', 'decodeURIComponent', 'decodeURI')}({self.pick(repr('%41b%20'), repr('%u0041%2f'), repr('a+b%3B'), repr('%C3%A9'), repr('%'), self.leaf())})",
            lambda: f"btoa({self.leaf()})",
            lambda: f"atob({self.pick(repr('aGk='), repr('aGk'), repr(' aG k= '), repr('a'), self.leaf())})",
            lambda: f"({self.any(d - 1)} {self.pick('&&', '||')} {t()})",
            lambda: f"(typeof {self.any(d - 1)})",
            lambda: f"Object.{self.pick('keys', 'values', 'entries')}({self.r.choice(OBJECTS)}).join()",
            lambda: f"({self.r.choice(OBJECTS)}).{self.pick('a', 'b', 'toString', 'constructor.name', 'zz')}",
            lambda: f"{i()}.map({self.pick('c => c + 1', '(c, i) => i + c', 'String', 'Number', 'parseInt', 'c => [c, c]')}).join()",
            lambda: f"({self.pick('0', repr('a'), '[]', 'true', '/x/', 'Number')})['constructor']['name']",
            lambda: f"({self.r.choice(REGEXES)}).source",
            lambda: f"[].{self.pick('join', 'slice', 'map')}.call({self.leaf()}, {self.pick('x => x', '1', repr('-'))}) + ''",
            lambda: f"Object.prototype.toString.call({self.any(0)})",
        ])()

    def number(self, d):
        if d <= 0:
            return self.r.choice(NUMBERS)
        sign = self.pick("+", "-", "*", "^", "&", "|", "/", "%", "<<", ">>", ">>>", "**")
        return self.r.choice([
            lambda: f"(({self.number(d - 1)}) {sign} {self.pick('1', '3', '7', '(-2)', '0', '33', '0.5', '1e10')})",
            lambda: f"(({self.any(d - 1)}) {self.pick('-', '*', '/', '%', '&', '>>')} ({self.any(d - 1)}))",
            lambda: f"(({self.any(d - 1)}) {self.pick('<', '==', '===', '!=', '>=', '!==', '>', '<=')} ({self.any(d - 1)}))",
            lambda: f"{self.pick(self.text, self.items)(d - 1)}.length",
            lambda: f"{self.text(d - 1)}.{self.pick('charCodeAt', 'codePointAt')}({self.small()})",
            lambda: f"{self.text(d - 1)}.{self.pick('indexOf', 'lastIndexOf', 'includes', 'startsWith', 'endsWith')}({self.leaf()}{self.pick('', ', ' + self.small())})",
            lambda: f"{self.text(d - 1)}.search({self.r.choice(REGEXES)})",
            lambda: f"({self.r.choice(REGEXES)}).test({self.text(d - 1)})",
            lambda: f"parseInt({self.any(d - 1)}{self.pick('', ', 16', ', 10', ', 36', ', 0', ', 1')})",
            lambda: f"parseFloat({self.any(d - 1)})",
            lambda: f"Number({self.any(d - 1)})",
            lambda: f"({self.pick('-', '+', '~', '!')}({self.any(d - 1)}))",
            lambda: f"Math.{self.pick('floor', 'ceil', 'round', 'trunc', 'abs', 'sign', 'sqrt', 'fround', 'clz32')}({self.number(d - 1)})",
            lambda: f"Math.{self.pick('max', 'min')}({self.number(d - 1)}, {self.number(0)}, {self.any(0)})",
            lambda: f"Math.imul({self.number(0)}, {self.number(0)})",
            lambda: f"Number.{self.pick('isInteger', 'isNaN', 'isFinite', 'isSafeInteger')}({self.any(d - 1)})",
            lambda: f"{self.pick('isNaN', 'isFinite')}({self.pick(self.number, self.text)(d - 1)})",
            lambda: f"({self.pick('10n', '(-7n)', '0x1fn', '123456789012345678901234567890n')} {self.pick('+', '-', '*', '%', '/', '&', '**')} {self.pick('3n', '2n', '5n')})",
            lambda: f"Array.isArray({self.any(d - 1)})",
            lambda: f"Buffer.from('00ff10a0c3e97f80', 'hex').{self.pick('readUInt8', 'readInt8', 'readUInt16LE', 'readInt16BE', 'readUInt32BE', 'readInt32LE')}({self.r.randrange(5)})",
            lambda: f"{self.items(d - 1)}.{self.pick('indexOf', 'includes', 'lastIndexOf')}({self.pick(self.leaf(), '1', repr('a'))})",
            lambda: f"{self.items(d - 1)}.{self.pick('some', 'every', 'findIndex', 'find')}({self.pick('x => x > 1', 'x => x', 'c => c === ' + repr('a'))})",
            lambda: f"('a' in {self.r.choice(OBJECTS)})",
        ])()

    def items(self, d):
        if d <= 0:
            return self.pick("['a', 'b']", "['x']", "[]", "[1, 2, 3]", "[null, undefined]", "[3, 1, 2, 10]", "['b', 'a', undefined, 'C']", "[[1, 2], [3]]", "[1.5, '2']")
        return self.r.choice([
            lambda: f"{self.text(d - 1)}.split({self.pick(self.leaf(), repr(','), '')})",
            lambda: f"[{self.any(d - 1)}, {self.text(d - 1)}]",
            lambda: f"[...{self.items(0)}, {self.number(0)}]",
            lambda: f"[...{self.leaf()}]",
            lambda: f"{self.items(d - 1)}.slice({self.pick('', '1', '-1', '0, 2', '-2, -1')})",
            lambda: f"{self.items(0)}.{self.pick('reverse', 'sort', 'flat', 'toSorted', 'toReversed')}()",
            lambda: f"{self.items(0)}.sort((x, y) => x - y)",
            lambda: f"{self.items(0)}.concat({self.items(0)}, {self.any(0)})",
            lambda: f"{self.items(0)}.filter({self.pick('x => x', '(x, i) => i % 2', 'Boolean')})",
            lambda: f"{self.items(0)}.flatMap(x => [x, x])",
            lambda: f"Array.from({self.pick(self.text(d - 1), '{length: 3}', self.items(0))}{self.pick('', ', (x, i) => i')})",
            lambda: f"Array.of({self.any(0)}, {self.number(0)})",
            lambda: f"({self.text(d - 1)}.match({self.r.choice(REGEXES)}) || [])",
            lambda: f"[...{self.text(d - 1)}.matchAll({self.r.choice(GLOBAL)})].map(m => m[0])",
            lambda: f"(({self.r.choice(SINGLE)}).exec({self.text(d - 1)}) || [])",
            lambda: f"Array({self.r.randrange(4)}).fill({self.leaf()})",
            lambda: f"Object.{self.pick('keys', 'values')}({self.r.choice(OBJECTS)})",
        ])()

    def statement(self, i):
        what = self.pick(self.text, self.text, self.number, self.items)(self.r.randrange(1, 5))
        return f"p({i}, {what});"


def node_program():
    found = os.path.join(os.path.dirname(sys.executable), "node")
    if os.path.exists(found):
        return found
    ours = Path(__file__).resolve().parents[2] / "build/venv/bin/node"
    return str(ours) if ours.exists() else shutil.which("node")


# The value as `tidewaiter facts` writes it; null where that is not spelled out here.
RUNNER = r"""const shown = v => {
  if (v === undefined || v === null) return 'null';
  if (typeof v === 'boolean') return String(v);
  if (typeof v === 'number') return Object.is(v, -0) ? '-0' : String(v);
  if (typeof v === 'bigint') return v + 'n';
  if (typeof v !== 'string') return null;
  if (v.length > 150) return null;
  let out = '"';
  for (const c of v) {
    const n = c.codePointAt(0);
    if (n >= 0xd800 && n < 0xe000) return null;
    out += c === '"' || c === '\\' ? '\\' + c : c === '\n' ? '\\n' : n < 32 || n === 127 ? '\\x' + n.toString(16).padStart(2, '0') : c;
  }
  return out + '"';
};
const all = v => Array.isArray(v) ? (Object.keys(v).length === v.length && v.length < 16 && v.every(x => shown(x) !== null) ? '[' + v.map(shown).join(', ') + ']' : null) : shown(v);
const got = {};
const p = (i, v) => { got[i] = ['v', all(v)]; };
"""


def known(got):
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"|-?[\d.]+(?:e[+-]\d+)?n?|-?Infinity|NaN|true|false|null|\[.*\]', got, re.S) is not None and not re.search(r"call#|opaque|<\d+>|`|\(\"|Symbol\.", got)


def compare(program, node, folder, lines, head="", apart=False):
    path, run = os.path.join(folder, "expressions.js"), os.path.join(folder, "run.js")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + "".join(line + "\n" for line in lines))
    text = subprocess.run([program, "facts", path], check=True, capture_output=True, timeout=600).stdout.decode("utf-8")
    with open(run, "w", encoding="utf-8") as f:
        tries = "".join(f"try {{ {line} }} catch (e) {{ got[{i}] = ['t', String(e)]; }}\n" for i, line in enumerate(lines))
        if apart:
            inner = [line[line.index(", ") + 2:-2] for line in lines]
            tries = "const vm = require('vm');\n" + f"for (const [i, t] of {json.dumps(inner)}.entries()) " \
                "try { p(i, vm.runInNewContext(t, Object.create(null), {timeout: 2000})); } catch (e) { got[i] = ['t', String(e)]; }\n"
        f.write(RUNNER + head + tries + "process.stdout.write(JSON.stringify(got));\n")
    answer = subprocess.run([node, run], check=True, capture_output=True, timeout=600)
    want = {int(k): v for k, v in json.loads(answer.stdout).items()}
    got = {int(m[1]): m[2] for m in re.finditer(r"^call #\d+ in 0 p\((\d+), (.*)\)(?: guarded)?(?: reflected)? @\d+\+\d+$", text, re.M)}
    faults, raised, same, unknown, missed = [], [], 0, 0, []
    for i, line in enumerate(lines):
        kind, value = want[i]
        if i not in got:
            faults.append(f"{line}: the call is not in the record")
        elif not known(got[i]):
            if kind == "v" and value is not None:
                unknown += 1
                missed.append(line)
        elif kind == "t":
            raised.append(f"{line}: {got[i]}, but node throws {value}")
        elif value is not None and value != got[i] and "\\u{" not in got[i]:
            faults.append(f"{line}: {got[i]}, but node says {value}")
        else:
            same += 1
    return faults, raised, same, unknown, missed


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    args.add_argument("--tidewaiter", required=True)
    args.add_argument("--seeds", type=int, default=4)
    args.add_argument("--from-seed", type=int, default=0)
    args.add_argument("--expressions", type=int, default=1500)
    args.add_argument("--corpus", type=int, default=0, help="that many files of the benign npm part")
    args.add_argument("--list", action="store_true", help="what stayed unknown")
    opt = args.parse_args()
    node = node_program()
    if not node:
        print("0 passed, 0 failed, 1 skipped")
        return False
    faults, raised, same, unknown, missed = [], [], 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        if opt.corpus:
            import values_corpus
            if not values_corpus.sources.corpus.present():
                print("0 passed, 0 failed, 1 skipped")
                return False
            batches = ([f"p({i}, ({t}));" for i, t in enumerate(rows)] for rows in values_corpus.batches(opt.corpus, opt.from_seed, node))
        else:
            makers = [Maker(s) for s in range(opt.from_seed, opt.from_seed + opt.seeds)]
            batches = ([m.statement(i) for i in range(opt.expressions)] for m in makers)
        for lines in batches:
            f, r, s, u, m = compare(opt.tidewaiter, node, folder, lines, apart=bool(opt.corpus))
            faults, raised, same, unknown, missed = faults + f, raised + r, same + s, unknown + u, missed + m
    if len(raised) * 500 > same + unknown:
        faults += raised
    if opt.list:
        print("\n".join(missed))
    for f in faults[:40]:
        print(f, file=sys.stderr)
    share = 100 * same / max(1, same + unknown)
    enough = share >= 75 or bool(opt.corpus)
    print(f"{unknown} unknown, {len(raised)} where node throws, {share:.1f} % known")
    print(f"{same} passed, {len(faults) + (not enough)} failed")
    return bool(faults) or not enough


if __name__ == "__main__":
    sys.exit(main())
