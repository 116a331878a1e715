#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values beside Python itself. Random expressions over numbers, texts, containers, itertools, struct, json and format
specs go through `tidewaiter facts` and through Python's eval: the same value or unknown, never another. How many of
those that have a value were found is printed and has a floor. With --corpus the same is done with the constant
expressions of the benign part of the corpus (read through tools/corpus.py; only whitelisted pure functions, in a
process of its own with a limit of time and memory).

compare_values.py --tidewaiter build/tidewaiter [--seeds 3] [--expressions 1500] [--corpus --artifacts 40]
"""
import argparse
import ast
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile

HEAD = """import array, ast, binascii, functools, itertools, json, math, operator, string, struct
from functools import reduce, partial
from itertools import chain, product, accumulate, islice, cycle, repeat, count, takewhile, zip_longest, starmap
"""
TEXTS = ["abc", "", "x y", "Hello World", "a,b,,c", "0x1f", "-12", "3.25", "  pad\t", "aXbXc", "line1\nline2\r\nl3", "caf\u00e9", "Zz", "12"]
BLOBS = [b"abc", b"", b"\x00\xff\x10", b"a,b", b"Hello"]
INTS = [0, 1, 2, 7, 10, 65, 255, 1000, -3, 2**31, 2**64 + 5, -(2**70), 10**18, 123456789012345678901234567890]
FLOATS = [0.5, 1.0, -2.25, 3.14159, 1e16, 1e-5, 123456.789, 0.1]
SPECS = ["5d", "05d", "<6d", "^7d", "+d", "x", "#x", "#010b", "o", ",d", "_x", "X", ">4", "d"]
FSPECS = [".2f", "8.3f", "<9.1f", "e", ".3g", "%", "+.1f", "", "010.2f", ".0f"]
TSPECS = ["", "5", "<6", ">6s", "^7", ".2", "*^9", "_<5.1s"]


class Maker:
    """text(d), blob(d), number(d), real(d), items(d), mapping(d), truth(d): an expression with at most d levels."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def of(self, *choices):
        return self.r.choice(choices)()

    def pick(self, *choices):
        return self.r.choice(choices)

    def small(self):
        return str(self.r.randrange(-3, 6))

    def text(self, d):
        if d <= 0:
            return repr(self.r.choice(TEXTS))
        t, leaf, b, n, i = (lambda: self.text(d - 1)), (lambda: self.text(0)), (lambda: self.blob(d - 1)), (
            lambda: self.number(d - 1)), (lambda: self.items(d - 1))
        return self.of(
            lambda: f"{t()}.{self.pick('title', 'capitalize', 'casefold', 'swapcase', 'upper', 'strip')}()",
            lambda: f"{t()}.{self.pick('center', 'ljust', 'rjust')}({self.r.randrange(12)}{self.pick('', ', chr(42)')})",
            lambda: f"{t()}.zfill({self.r.randrange(8)})",
            lambda: f"{t()}.{self.pick('removeprefix', 'removesuffix')}({leaf()})",
            lambda: f"{t()}.{self.pick('partition', 'rpartition')}({self.pick(repr(','), repr('X'), repr(' '))})[{self.r.randrange(3)}]",
            lambda: f"{t()}.replace({leaf()}, {leaf()}{self.pick('', ', 1', ', -1')})",
            lambda: f"{t()}.translate(str.maketrans('abX', 'xyz'{self.pick('', chr(44) + repr('l'))}))",
            lambda: f"{t()}.translate({{97: 'AA', 98: None, 99: 100}})",
            lambda: f"{t()}.expandtabs({self.r.randrange(5)})",
            lambda: f"{self.pick('repr', 'str', 'ascii')}({self.any(d - 1)})",
            lambda: f"{self.pick('hex', 'oct', 'bin')}({n()})",
            lambda: f"format({n()}, {self.pick(*SPECS)!r})",
            lambda: f"format({self.real(d - 1)}, {self.pick(*FSPECS)!r})",
            lambda: f"format({t()}, {self.pick(*TSPECS)!r})",
            lambda: f"f'{{{n()}:{self.pick(*SPECS)}}}|{{{self.real(0)}:{self.pick(*FSPECS)}}}'" if d < 2 else t(),
            lambda: f"'{{!r:>8}}-{{:>3}}'.format({leaf()}, {n()})",
            lambda: "'%s' %% (%s,)" % (self.pick("%5s|", "%-6s|", "%r", "%.2s", "%s"), self.any(d - 1)),
            lambda: "'%s' %% %s" % (self.pick("%d", "%5d", "%-5d|", "%+d", "%05d", "%x", "%o", "%#x"), n()),
            lambda: "'%s' %% %s" % (self.pick("%f", "%.2f", "%8.1f", "%e", "%g", "%-9.3f|"), self.real(d - 1)),
            lambda: f"json.dumps({self.any(d - 1)})",
            lambda: f"{self.pick(repr(''), repr('-'))}.join(map({self.pick('str', 'chr', 'repr')}, {self.small_ints()}))",
            lambda: f"''.join(sorted({t()}{self.pick('', ', reverse=True', ', key=lambda c: -ord(c)')}))",
            lambda: f"''.join({self.pick('chain', 'itertools.chain')}({t()}, {t()}))",
            lambda: f"''.join(islice(cycle({leaf()} or 'q'), {self.r.randrange(7)}))",
            lambda: f"''.join(a + b for a, b in zip({t()}, {t()}))",
            lambda: f"''.join(a + b for a, b in zip_longest({t()}, {t()}, fillvalue='-'))",
            lambda: f"''.join(filter({self.pick('str.isalpha', 'lambda c: c > chr(98)', 'None')}, {t()}))",
            lambda: f"reduce(lambda a, b: b + a, {t()}, '')",
            lambda: f"max({t()}, {t()}, key=len)",
            lambda: f"string.{self.pick('ascii_lowercase', 'digits', 'punctuation', 'hexdigits')}[{self.small()}:{self.pick('', '9')}:{self.pick('1', '2', '-1', '-3')}]",
            lambda: f"str.join('+', {t()}.split())",
            lambda: f"{t()}.splitlines()[0]",
            lambda: f"{t()}[{self.pick('', '1', '-2')}:{self.pick('', '-1', '5')}:{self.pick('', '2', '-1', '-2')}]",
            lambda: f"next(iter({t()}))",
            lambda: f"{b()}.decode('latin-1')",
            lambda: f"{self.mapping(d - 1)}.get({self.pick(repr('a'), repr('b'))}, 'none')" if self.r.random() < .3 else f"dict(a={t()}, b='y')['a']",
            lambda: f"[{t()}, {leaf()}][{self.truth(d - 1)}]",
            lambda: f"''.join([k for k, v in {{'a': 1, 'b': 2}}.items() if v > {self.small()}])",
            lambda: f"({leaf()} * {self.small()})",
            lambda: f"str(ast.literal_eval({self.literal()!r}))",
        )

    def literal(self):
        return self.of(lambda: repr(self.r.choice(INTS)), lambda: repr([1, "a", (2, b"x")]), lambda: "{'k': [1, -2.5], 3: None}",
                       lambda: repr(self.r.choice(FLOATS)), lambda: "(1, 'x\\n', True)")

    def small_ints(self):
        return str([self.r.randrange(33, 127) for _ in range(self.r.randrange(5))])

    def any(self, d):
        return self.r.choice(
            [self.text, self.number, self.real, self.items, self.mapping, self.truth])(d)

    def blob(self, d):
        if d <= 0:
            return repr(self.r.choice(BLOBS))
        return self.of(
            lambda: f"{self.blob(d - 1)}.{self.pick('title', 'upper', 'swapcase', 'strip')}()",
            lambda: f"{self.blob(d - 1)}.replace({self.blob(0)}, b'-')",
            lambda: f"{self.blob(d - 1)}.translate(bytes.maketrans(b'ab', b'xy'))",
            lambda: f"{self.blob(d - 1)}.translate(None, b'a')",
            lambda: f"struct.pack({self.pick('<', '>', '!', '=')!r} + {self.pick('I', 'HB', 'q', 'BBH')!r}[:1], {self.r.randrange(200)})",
            lambda: f"struct.pack('>I3sx?', {self.r.randrange(2**32)}, {self.blob(0)}, {self.truth(0)})",
            lambda: f"struct.pack('<fd', {self.real(0)}, {self.real(0)})",
            lambda: f"({self.r.randrange(2**40)}).to_bytes({self.r.randrange(4, 9)}, {self.pick('big', 'little')!r})",
            lambda: f"({self.r.randrange(-200, 200)}).to_bytes(2, 'big', signed=True)",
            lambda: f"bytes({self.small_ints()})",
            lambda: f"bytes({self.r.randrange(5)})",
            lambda: f"bytes(reversed({self.blob(d - 1)}))",
            lambda: f"bytes(a ^ b for a, b in zip({self.blob(d - 1)}, b'key' * 9))",
            lambda: f"bytes(map(lambda x: x ^ {self.r.randrange(256)}, {self.blob(d - 1)}))",
            lambda: f"array.array('B', {self.small_ints()}).tobytes()",
            lambda: f"{self.blob(d - 1)}[::{self.pick('1', '-1', '2')}]",
            lambda: f"b'-'.join([{self.blob(0)}, {self.blob(0)}])",
            lambda: f"{self.text(d - 1)}.encode()",
        )

    def number(self, d):
        if d <= 0:
            return "(" + str(self.r.choice(INTS)) + ")"
        n, t, i = (lambda: self.number(d - 1)), (lambda: self.text(d - 1)), (lambda: self.items(d - 1))
        return self.of(
            lambda: f"({n()} {self.pick('+', '-', '*', '//', '%', '&', '|', '^')} {n()})",
            lambda: f"({n()} {self.pick('<<', '>>')} {self.r.randrange(70)})",
            lambda: f"({n()} ** {self.r.randrange(4)})",
            lambda: f"pow({n()}, {self.r.randrange(9)}, {self.r.choice([7, 97, 2**61 - 1])})",
            lambda: f"{self.pick('-', '~', '+')}{n()}",
            lambda: f"abs({n()})",
            lambda: f"divmod({n()}, {self.pick('7', '-3', '10**12')})[{self.r.randrange(2)}]",
            lambda: f"int({self.real(d - 1)})",
            lambda: f"round({self.real(d - 1)})",
            lambda: f"{self.pick('math.floor', 'math.ceil', 'math.trunc')}({self.real(d - 1)})",
            lambda: f"int.from_bytes({self.blob(d - 1)}, {self.pick('big', 'little')!r}{self.pick('', ', signed=True')})",
            lambda: f"{self.pick('sum', 'min', 'max')}({self.int_items(d - 1)})",
            lambda: f"len({self.pick(t, i, lambda: self.mapping(d - 1), lambda: self.blob(d - 1))()})",
            lambda: f"{t()}.{self.pick('find', 'rfind', 'count')}({self.pick(repr('a'), repr('X'), repr('l'))}{self.pick('', ', 1', ', 0, -1')})",
            lambda: f"{t()}.index('a')",
            lambda: f"int({self.pick(repr('ff'), repr('7'), repr('-1f'), repr('zz'), repr('1' * 25))}, {self.pick('16', '36', '32')})",
            lambda: f"int(str({n()}))",
            lambda: f"reduce(lambda a, b: a * {self.r.randrange(2, 40)} + b, {self.int_items(d - 1)}, 0)",
            lambda: f"struct.unpack({self.pick('<I', '>I', '>i', '<i')!r}, {self.r.randbytes(4)!r})[0]",
            lambda: f"struct.calcsize({self.pick('<IHB', 'bi', '>q2s', 'ci')!r})",
            lambda: f"({n()}).bit_length()",
            lambda: f"math.{self.pick('gcd(48, 36)', 'factorial(20)', 'prod([2, 3, 7])')}",
            lambda: f"sum(1 for c in {t()} if c in 'aeiou')",
            lambda: f"json.loads({json.dumps(self.r.choice(INTS))!r})",
            lambda: f"{self.int_items(d - 1)}[{self.small()}]",
            lambda: f"list(accumulate({self.int_items(d - 1)}))[-1]",
            lambda: f"list(takewhile(lambda x: x < {self.r.randrange(3, 40)}, count({self.r.randrange(3)}, 3)))[-1]",
        )

    def real(self, d):
        if d <= 0:
            return "(" + repr(self.r.choice(FLOATS)) + ")"
        return self.of(
            lambda: f"({self.real(d - 1)} {self.pick('+', '-', '*', '/', '//', '%')} {self.real(d - 1)})",
            lambda: f"({self.r.randrange(-50, 50)} / {self.r.randrange(1, 9)})",
            lambda: f"float({self.pick(repr('1e3'), repr(' 2.5 '), repr('-0.0'), '7')})",
            lambda: f"round({self.real(d - 1)}, {self.r.randrange(4)})",
            lambda: f"abs({self.real(d - 1)})",
            lambda: f"math.sqrt({self.r.randrange(50)})",
            lambda: f"json.loads({self.pick('1.5', '2e3', '-0.25')!r})",
            lambda: f"struct.unpack('<d', {self.r.choice([b'333333' + bytes([0xf3, 0x3f]), bytes(8)])!r})[0]",
        )

    def int_items(self, d):
        if d <= 0:
            return str([self.r.randrange(-9, 99) for _ in range(self.r.randrange(1, 6))])
        return self.of(
            lambda: f"list(range({self.small()}, {self.r.randrange(9)}, {self.pick('1', '2', '-1')}))",
            lambda: f"[ord(c) for c in {self.text(d - 1)}]",
            lambda: f"list(map(lambda x: x * 2 % 7, {self.int_items(d - 1)}))",
            lambda: f"list({self.blob(d - 1)})",
            lambda: f"[x ^ 3 for x in {self.int_items(d - 1)} if x % 2]",
            lambda: f"sorted({self.int_items(d - 1)}, reverse={self.pick('True', 'False')})",
            lambda: f"sorted(set({self.int_items(d - 1)}))",
            lambda: f"list({{1: 2, 3: 4}}.values())",
        )

    def items(self, d):
        if d <= 0:
            return self.pick("['a', 'b']", "[1, 2.5, None]", "[]", "('p', 'q')", "[[1, 2], (3,)]")
        return self.of(
            lambda: f"{self.text(d - 1)}.{self.pick('split', 'rsplit')}({self.pick('', repr(','), repr('X') + ', 1', 'None, 1')})",
            lambda: f"list(zip({self.text(d - 1)}, {self.int_items(d - 1)}))",
            lambda: f"list(enumerate({self.text(d - 1)}, {self.r.randrange(3)}))",
            lambda: f"list(product({self.text(0)}[:2], {self.pick('[1, 2]', repr('xy'))}))",
            lambda: f"list(chain.from_iterable([{self.items(0)}, {self.items(0)}]))",
            lambda: f"sorted({self.text(d - 1)}.split(), key=len)",
            lambda: f"[{self.any(d - 1)}, {self.any(0)}]",
            lambda: f"({self.any(d - 1)}, {self.any(0)})",
            lambda: f"{self.items(d - 1)}[::{self.pick('1', '-1', '2')}]",
            lambda: f"list({self.mapping(d - 1)}{self.pick('', '.keys()', '.values()', '.items()')})",
            lambda: f"[*{self.items(d - 1)}, {self.number(0)}]",
            lambda: f"list(map(lambda a, b: (b, a), {self.text(d - 1)}, {self.text(0)}))",
            lambda: f"json.loads({json.dumps([1, 'x', None, {'k': [True, 2.5]}])!r})",
            lambda: f"list(starmap(pow, [(2, 3), (3, 2)]))",
            lambda: f"list(repeat({self.any(0)}, {self.r.randrange(4)}))",
            lambda: f"list(itertools.pairwise({self.text(0)}))" if sys.version_info >= (3, 10) else "[]",
            lambda: f"{self.text(d - 1)}.splitlines({self.pick('', 'True')})",
            lambda: f"list(struct.unpack('>HBb', {self.r.randbytes(4)!r}))",
        )

    def mapping(self, d):
        if d <= 0:
            return self.pick("{}", "{'a': 1}", "{'b': [1], 'a': (2, 3)}")
        return self.of(
            lambda: f"dict(zip({self.text(d - 1)}, {self.int_items(d - 1)}))",
            lambda: f"{{k: v for k, v in zip({self.text(d - 1)}, {self.int_items(d - 1)})}}",
            lambda: f"({self.mapping(d - 1)} | {{'z': {self.any(d - 1)}}})",
            lambda: f"{{**{self.mapping(d - 1)}, 'a': {self.any(0)}}}",
            lambda: f"dict({self.mapping(d - 1)}, q={self.any(0)})",
            lambda: f"dict.fromkeys({self.text(d - 1)}, {self.number(0)})",
            lambda: f"{{{self.text(d - 1)}: {self.any(d - 1)}}}",
            lambda: f"{{x: x * x for x in {self.int_items(d - 1)}}}",
        )

    def truth(self, d):
        if d <= 0:
            return self.pick("True", "False")
        return self.of(
            lambda: f"({self.number(d - 1)} {self.pick('<', '>', '==', '!=', '<=')} {self.number(d - 1)})",
            lambda: f"({self.text(d - 1)} {self.pick('<', '>', '==', 'in', 'not in')} {self.text(d - 1)})",
            lambda: f"{self.text(d - 1)}.{self.pick('isdigit', 'isalpha', 'isupper', 'islower', 'isspace', 'isalnum', 'isascii', 'isidentifier')}()",
            lambda: f"{self.text(d - 1)}.{self.pick('startswith', 'endswith')}({self.pick(repr('a'), repr(('a', 'X')))})",
            lambda: f"{self.pick('any', 'all')}({self.pick('c in ' + repr('abX') + ' for c in ' + self.text(d - 1), self.int_items(d - 1))})",
            lambda: f"bool({self.any(d - 1)})",
            lambda: f"(not {self.any(d - 1)})",
            lambda: f"({self.items(d - 1)} == {self.items(d - 1)})",
            lambda: f"isinstance({self.any(d - 1)}, {self.pick('str', 'int', 'list')})",
            lambda: f"({self.mapping(0)} == {self.mapping(0)})",
        )


WRAP = "repr(%s)"
PART = 300  # expressions of one file: its steps are counted


def shown(text):
    """A text as `tidewaiter facts` writes it; None where that is not spelled out here."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > 190 or not all(c.isascii() or c.isprintable() for c in text):
        return None
    out = "".join("\\" + c if c in '"\\' else "\\n" if c == "\n" else "\\x%02x" % ord(c) if c < " " or c == "\x7f" else c
                  for c in text)
    return '"' + out + '"'


def facts(program, head, lines):
    """{number: what the record says of p(number, repr(line))}"""
    source = head + "".join(f"p({i}, {WRAP % line})\n" for i, line in enumerate(lines))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "expressions.py")
        with open(path, "w", encoding="utf-8", errors="surrogatepass") as f:
            f.write(source)
        run = subprocess.run([program, "facts", path], check=True, capture_output=True, timeout=300)
    text = run.stdout.decode("utf-8", "surrogateescape")
    return {int(m[1]): m[2] for m in re.finditer(r"^call #\d+ in 0 p\((\d+), (.*)\) @\d+\+\d+$", text, re.M)}


def compare(got, lines, wants):
    """wants: repr, or None where Python raises."""
    out = {"same": 0, "unknown": [], "faults": [], "raised": []}
    for i, (line, want) in enumerate(zip(lines, wants)):
        have = got.get(i, "")
        if want is False:
            continue  # too long to be handed over
        known = re.fullmatch(r'"(?:[^"\\]|\\.)*"(?:\.\.\.\+\d+)?', have) is not None
        if want is None:
            if known:
                out["raised"].append(f"{line}: {have}, but Python raises")
        elif not known:
            out["unknown"].append(line)
        elif shown(want) not in (None, have):
            out["faults"].append(f"{line}: {have}, but Python says {shown(want)}")
        else:
            out["same"] += 1
    return out


def value(line, space):
    try:
        return repr(eval(line, dict(space)))  # of our own making, above
    except Exception:
        return None


def generated(opt):
    space = {}
    exec(HEAD, space)
    total = {"same": 0, "unknown": [], "faults": [], "raised": []}
    for seed in range(opt.seeds):
        make = Maker(seed)
        kinds = [make.text, make.number, make.real, make.blob, make.items, make.mapping, make.truth]
        lines = [make.r.choice(kinds)(make.r.randrange(1, 4)) for _ in range(opt.expressions)]
        for at in range(0, len(lines), PART):
            part = lines[at:at + PART]
            one = compare(facts(opt.tidewaiter, HEAD, part), part, [value(x, space) for x in part])
            for k in total:
                total[k] += one[k]
    return total


# ---- the constant expressions of the benign corpus

SAFE_NAMES = {"len", "int", "str", "bytes", "chr", "ord", "hex", "oct", "bin", "abs", "min", "max", "sum", "sorted", "list", "tuple",
              "dict", "set", "frozenset", "range", "zip", "enumerate", "reversed", "round", "float", "bool", "repr", "divmod", "pow",
              "any", "all", "map", "filter", "format", "ascii"}
SAFE_METHODS = {"join", "split", "rsplit", "strip", "lstrip", "rstrip", "replace", "upper", "lower", "title", "capitalize", "encode",
                "decode", "format", "startswith", "endswith", "find", "rfind", "index", "count", "partition", "rpartition", "zfill",
                "center", "ljust", "rjust", "splitlines", "swapcase", "casefold", "isdigit", "isalpha", "isalnum", "isupper", "islower",
                "hex", "fromhex", "items", "keys", "values", "get", "translate", "maketrans", "to_bytes", "from_bytes", "bit_length",
                "removeprefix", "removesuffix", "expandtabs", "copy"}
PLAIN = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Subscript,
         ast.Slice, ast.JoinedStr, ast.FormattedValue, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context, ast.keyword)


def is_constant(node):
    called = {id(n) for x in ast.walk(node) if isinstance(x, ast.Call) for n in [x.func, getattr(x.func, "value", None), *x.args]}
    for x in ast.walk(node):
        if isinstance(x, ast.Call):
            fine = isinstance(x.func, ast.Name) and x.func.id in SAFE_NAMES or isinstance(x.func, ast.Attribute) and x.func.attr in SAFE_METHODS
            if not fine:
                return False
        elif isinstance(x, ast.Name):
            if x.id not in SAFE_NAMES or id(x) not in called:
                return False  # a type on its own: `int | None`, `list[str]`
        elif isinstance(x, ast.Attribute):
            if x.attr not in SAFE_METHODS:
                return False
        elif isinstance(x, ast.Constant):
            if isinstance(x.value, (complex, type(Ellipsis))) or isinstance(x.value, (str, bytes)) and len(x.value) > 2000:
                return False
        elif not isinstance(x, PLAIN):
            return False
    return isinstance(node, (ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.JoinedStr, ast.IfExp, ast.BoolOp))


def constant_expressions(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.expr) and is_constant(node):
            try:
                text = ast.unparse(node)
            except (RecursionError, ValueError):
                continue
            if len(text) < 4000 and "\n" not in text:
                yield text
            continue
        todo.extend(ast.iter_child_nodes(node))


CHILD = """import json, sys
names = json.loads(sys.stdin.readline())
import builtins
safe = {n: getattr(builtins, n) for n in names}
for line in sys.stdin:
    try:
        out = repr(eval(json.loads(line), {"__builtins__": safe}))
    except Exception:
        out = None
    sys.stdout.write(json.dumps(out if out is None or len(out) < 100000 else False) + "\\n")
"""


def in_a_box():
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def python_values(lines):
    text = json.dumps(sorted(SAFE_NAMES)) + "\n" + "".join(json.dumps(x) + "\n" for x in lines)
    run = subprocess.run([sys.executable, "-I", "-S", "-c", CHILD], input=text, capture_output=True, text=True, preexec_fn=in_a_box,
                         timeout=300)
    out = [json.loads(x) for x in run.stdout.splitlines()]
    return out + [None] * (len(lines) - len(out))


def of_corpus(opt):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
    import corpus  # noqa: E402
    corpus.need_or_skip()
    seen, taken = {}, 0
    for name, data in corpus_sources(corpus, opt.artifacts):
        taken += 1
        for text in constant_expressions(data):
            seen.setdefault(text, name)
    lines = sorted(seen)
    total = {"same": 0, "unknown": [], "faults": [], "raised": []}
    for at in range(0, len(lines), 500):
        part = lines[at:at + 500]
        one = compare(facts(opt.tidewaiter, "", part), part, python_values(part))
        for k in total:
            total[k] += one[k]
    print(f"{taken} files of the benign corpus, {len(lines)} different constant expressions")
    return total


def members(path):
    """(name, text) of the Python members of a wheel or sdist, in memory."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as z:
                for info in z.infolist():
                    if info.filename.endswith(".py") and info.file_size < 1 << 19:
                        yield info.filename, z.read(info).decode("utf-8", "replace")
        else:
            with tarfile.open(path) as t:
                for info in t:
                    if info.isfile() and info.name.endswith(".py") and info.size < 1 << 19:
                        yield info.name, t.extractfile(info).read().decode("utf-8", "replace")
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        return


def corpus_sources(corpus, artifacts):
    """(name, source) of the Python files of so many benign artifacts; the blind part is left alone."""
    rows = [r for r in corpus.rows() if not r.malware and not r.blind and r.ecosystem == "pypi"]
    rows = sorted(rows, key=lambda r: r.sha256)[:artifacts]
    with corpus.unpacked(rows) as where:
        for path in (where.values() if isinstance(where, dict) else where):
            yield from members(path)


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    args.add_argument("--tidewaiter", required=True)
    args.add_argument("--seeds", type=int, default=3)
    args.add_argument("--expressions", type=int, default=1500)
    args.add_argument("--corpus", action="store_true")
    args.add_argument("--artifacts", type=int, default=40)
    args.add_argument("--show", type=int, default=0, help="so many of those that stayed unknown")
    opt = args.parse_args()
    warnings.simplefilter("ignore")
    total = of_corpus(opt) if opt.corpus else generated(opt)
    same, unknown, faults = total["same"], total["unknown"], total["faults"]
    for line in unknown[:opt.show]:
        print("unknown:", line)
    if len(total["raised"]) * 200 > same:
        faults += total["raised"]
    for f in faults[:25]:
        print(f, file=sys.stderr)
    share = 100 * same / (same + len(unknown)) if same else 0
    enough = share >= (0 if opt.corpus else 95)
    print(f"{share:.1f} % found ({len(unknown)} unknown), {len(total['raised'])} where Python raises")
    print(f"{same} passed, {len(faults) + (not enough)} failed")
    return bool(faults) or not enough


if __name__ == "__main__":
    sys.exit(main())
