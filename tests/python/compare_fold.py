#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Constant folding beside Python itself: random constant expressions (strings, bytes, numbers, lists,
comprehensions, decoders, small functions) go through `tidewaiter facts` and through eval. The same value
or unknown is fine, another value never. Where Python raises, a value is seldom right either: we do not
evaluate what is thrown away ([raises(), 'x'][-1]); more than 0.2 % of such is a fault.

compare_fold.py --tidewaiter build/tidewaiter [--seeds 4] [--expressions 2000]
"""
import argparse
import base64
import binascii
import codecs
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings
import zlib
from urllib.parse import unquote

HEAD = """import base64, binascii, codecs, zlib
from urllib.parse import unquote
def until(s, stop):
    out = ''
    for c in s:
        if c == stop:
            break
        out += c
    else:
        out += '!'
    return out
def without(s, x):
    out = ''
    for i, c in enumerate(s):
        if c == x or i == 9:
            continue
        for k in (1, 2):
            if k == 2:
                break
            out += c
    return out
def counted(s, n):
    out, i = '', 0
    while True:
        i += 1
        if i == 2:
            continue
        if i > n:
            break
        out += s
    else:
        out = 'never'
    return out
def last(s):
    out = ''
    for c in s:
        try:
            if c == 'a':
                break
        finally:
            out += 'f'
    return out
"""
TEXTS = ["abc", "", "x y", "Hello", "%s", "a,b,c", "0x1f", "12", "\u00e9t\u00e9", "\u65e5\u672c", "  pad\t", "{}", "a%d",
         "=", "zz9", "AAAAA", "-7", "+3", "1_0"]
BLOBS = [b"abc", b"", b"\x00\xff", b"hi there", b"6869", b"aGk="]
NUMBERS = [0, 1, 7, 65, 104, 255, 1000, -3, 0x41, 8364]
DECODERS = ("b64", "urlsafe_b64", "b32", "b16", "b85", "a85")


class Maker:
    """text(d), blob(d), number(d), items(d): an expression of that type with at most d levels."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *choices):
        return self.r.choice(choices)

    def bounds(self):
        parts = [self.pick("", "1", "-1", "2", "-3", "0") for _ in range(self.pick(2, 3))]
        return ":".join(parts) if self.r.random() < 0.8 else str(self.r.randrange(-2, 2))

    def text(self, d):
        if d <= 0:
            return repr(self.r.choice(TEXTS))
        t, b, n, i = (lambda: self.text(d - 1)), (lambda: self.blob(d - 1)), (lambda: self.number(d - 1)), (
            lambda: self.items(d - 1))
        leaf, num = (lambda: self.text(0)), (lambda: self.number(0))
        return self.r.choice([
            lambda: f"({t()} + {t()})",
            lambda: f"{t()}[{self.bounds()}]",
            lambda: f"{t()}.replace({leaf()}, {leaf()})",
            lambda: f"{t()}.{self.pick('upper', 'lower', 'strip', 'lstrip', 'rstrip', 'swapcase')}()",
            lambda: f"{t()}.strip({leaf()})",
            lambda: f"{leaf()}.join({i()})",
            lambda: f"({leaf()} * {self.r.randrange(-1, 4)})",
            lambda: "%s.decode(%s)" % (b(), self.pick("", "'utf-8'", "'latin-1'", "'ascii'")),
            lambda: f"chr({n()})",
            lambda: f"str({self.pick(n, t)()})",
            lambda: f"({leaf()} % {self.pick(n, t)()})",
            lambda: f"('%s-%d|%x' % ({t()}, {num()}, {num()}))",
            lambda: f"'{{}}:{{}}{{{{'.format({t()}, {num()})",
            lambda: f"f'a{{{num()}}}b{{{num()}:04x}}'",
            lambda: f"codecs.decode({t()}, 'rot13')",
            lambda: f"''.join(chr(c ^ {self.r.randrange(8)}) for c in {b()})",
            lambda: f"''.join([x for x in {i()}])",
            lambda: f"''.join(reversed({t()}))",
            lambda: f"{i()}[{self.r.randrange(-2, 3)}]",
            lambda: f"''.join(map(str, [{num()}, {num()}]))",
            lambda: f"unquote({t()})",
            lambda: f"{b()}.hex()",
            lambda: f"({leaf()} if {num()} > 5 else {leaf()})",
            lambda: f"(lambda q, r=1: q + str(r))({t()})",
            lambda: f"{{'k': {t()}, {leaf()}: {leaf()}}}['k']",
            lambda: f"{self.pick('until', 'without')}({t()}, {self.pick(*'abcl,x')!r})",
            lambda: f"counted({leaf()}, {self.r.randrange(5)})" if self.r.random() < 0.9 else f"last({leaf()})",
        ])()

    def number(self, d):
        if d <= 0:
            return str(self.r.choice(NUMBERS))
        sign = self.pick("+", "-", "*", "^", "&", "|", "//", "%", "<<", ">>", "**")
        any_ = self.pick(self.text, self.blob, self.items)
        return self.r.choice([
            lambda: f"({self.number(d - 1)} {sign} {self.pick('1', '3', '7', '-2', '0')})",
            lambda: f"len({any_(d - 1)})",
            lambda: f"ord({self.text(d - 1)}[0])",
            lambda: f"int({self.text(d - 1)}{self.pick('', ', 16', ', 0')})",
            lambda: f"(-{self.number(d - 1)})",
            lambda: f"{self.blob(d - 1)}[0]",
            lambda: f"(~{self.number(0)})",
            lambda: f"({self.number(0)} + {self.number(0)} + {self.number(0)})",
        ])()

    def encoded(self):
        name = self.r.choice(DECODERS)
        return f"base64.{name}decode({getattr(base64, name + 'encode')(self.r.randbytes(self.r.randrange(12)))!r})"

    def blob(self, d):
        if d <= 0:
            return repr(self.r.choice(BLOBS))
        packed = zlib.compress(self.r.randbytes(5) * self.r.randrange(20))
        return self.r.choice([
            lambda: "%s.encode(%s)" % (self.text(d - 1), self.pick("", "'latin-1'")),
            self.encoded,
            lambda: f"base64.b64decode({self.text(d - 1)})",
            lambda: f"bytes([{self.r.randrange(256)}, {self.r.randrange(256)}])",
            lambda: f"zlib.decompress({packed!r})",
            lambda: f"bytes.fromhex({self.text(d - 1)})",
            lambda: f"base64.{self.r.choice(DECODERS)}decode({self.text(0)})",
            lambda: f"{self.blob(d - 1)}[{self.bounds()}]",
            lambda: f"({self.blob(d - 1)} + {self.blob(d - 1)})",
            lambda: f"bytes(c ^ 5 for c in {self.blob(d - 1)})",
            lambda: f"binascii.unhexlify({self.blob(d - 1)})",
        ])()

    def items(self, d):
        if d <= 0:
            return self.pick("['a', 'b']", "['x']", "[]", "('p', 'q', 'r')")
        return self.r.choice([
            lambda: f"{self.text(d - 1)}.split({self.text(0)})",
            lambda: f"[{self.text(d - 1)}, {self.text(d - 1)}]",
            lambda: f"[c + '.' for c in {self.text(d - 1)} if c != 'a']",
            lambda: f"({self.items(0)} + {self.items(0)})",
            lambda: f"{self.items(d - 1)}[{self.pick('', '1')}:{self.pick('', '-1', '2')}]",
            lambda: f"list({self.text(d - 1)})",
        ])()


def shown(value):
    """The value as `tidewaiter facts` writes it; None where that is not spelled out here."""
    if isinstance(value, (bool, int)):
        return str(value).lower()
    blob = isinstance(value, bytes)
    raw = value if blob else value.encode("utf-8", "surrogatepass")
    if len(raw) > 190 or (not blob and not all(c.isascii() or c.isprintable() for c in value)):
        return None
    out = ""
    for c in raw.decode("latin-1") if blob else value:
        plain = " " <= c < "\x7f" or (not blob and c > "\x7f")
        out += "\\" + c if c in '"\\' else "\\n" if c == "\n" else c if plain else "\\x%02x" % ord(c)
    return ('b"' if blob else '"') + out + '"'


def known(got):
    return re.fullmatch(r'b?"(?:[^"\\]|\\.)*"|-?\d+|true|false', got) is not None


def one_seed(program, seed, count):
    make = Maker(seed)
    lines = [make.pick(make.text, make.text, make.number, make.blob)(make.r.randrange(1, 5)) for _ in range(count)]
    source = HEAD + "".join(f"p({i}, {line})\n" for i, line in enumerate(lines))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "expressions.py")
        with open(path, "w", encoding="utf-8") as f:
            f.write(source)
        text = subprocess.run([program, "facts", path], check=True, capture_output=True).stdout.decode("utf-8")
    got = {int(m[1]): m[2] for m in re.finditer(r"^call #\d+ in 0 p\((\d+), (.*)\) @\d+\+\d+$", text, re.M)}
    space = {}
    exec(HEAD, space)
    faults, raised, same, unknown = [], [], 0, 0
    for i, line in enumerate(lines):
        try:
            want = eval(line, dict(space))  # of our own making, three screens up
        except Exception as e:
            if i in got and known(got[i]):
                raised.append(f"{line}: {got[i]}, but Python raises {type(e).__name__}: {e}")
            continue
        if i not in got:
            faults.append(f"{line}: the call is not in the record")
        elif not known(got[i]):
            unknown += 1
        elif shown(want) not in (None, got[i]):
            faults.append(f"{line}: {got[i]}, but Python says {shown(want)}")
        else:
            same += 1
    return faults, raised, same, unknown


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    args.add_argument("--tidewaiter", required=True)
    args.add_argument("--seeds", type=int, default=4)
    args.add_argument("--expressions", type=int, default=2000)
    opt = args.parse_args()
    warnings.simplefilter("ignore")
    faults, raised, same, unknown = [], [], 0, 0
    for seed in range(opt.seeds):
        f, r, s, u = one_seed(opt.tidewaiter, seed, opt.expressions)
        faults += f
        raised += r
        same += s
        unknown += u
    if len(raised) > opt.seeds * opt.expressions // 500:
        faults += raised
    for f in faults[:20]:
        print(f, file=sys.stderr)
    enough = same >= 20 * unknown and same > 0
    if not enough:
        print(f"only {same} of {same + unknown} values were found", file=sys.stderr)
    print(f"{unknown} unknown")
    print(f"{same} passed, {len(faults) + (not enough)} failed")
    return bool(faults) or not enough


if __name__ == "__main__":
    sys.exit(main())
