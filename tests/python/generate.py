#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random Python programs, beside CPython's ast: odd but legal white space, line joining, comments, form feeds, all string
prefixes, nested f-strings and comprehensions, decorators, match. Then mutants of them (tokens lost, doubled, swapped, the
end cut off): no crash, an end, the same output twice; and where CPython still parses a mutant, equality.

generate.py --tidewaiter build/tidewaiter [--seed N] [--programs N] [--mutants N] [--keep FOLDER]
Deterministic: the same seed makes the same programs. Best run under the sanitizers' build."""
import argparse
import ast
import io
import os
import random
import sys
import tempfile
import tokenize
import warnings

import compare_ast
import runner

NAMES = ["a", "b", "self", "os", "match", "case", "type", "_", "print", "x1", "\u00e9t\u00e9", "exec", "name"]
ATTRS = ["a", "call", "match", "system", "x"]
BINARY = ["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^", "and", "or", "<", ">", "<=", ">=", "==", "!=", "in",
          "not in", "is", "is not"]
NUMBERS = ["0", "1", "1_000", "0x_fF", "0o17", "0b1_0", "1.", ".5", "1e5", "1.5E-3", "3j", "00", "1_0.0_1j"]
TEXTS = ["", "a", "b c", "#", "\\n", "\\x41", "\\'", '\\"', "\\\\", "\\101", "\\N{BULLET}", "\\u00e9", "\\q", "\u65e5", "\\\n", "%s"]
FORMAT_TEXTS = ["", "a", "{{", "}}", "#", "\\n", "\\x7b", "\\N{EN DASH}", "\u65e5"]


class Maker:
    """Tokens of a random program; white space is put between them afterwards."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.budget = 0

    def pick(self, *choices):
        return self.r.choice(choices)

    def chance(self, p):
        return self.r.random() < p

    def name(self):
        return self.r.choice(NAMES)

    # expressions: lists of tokens ------------------------------------------------------------------
    def string(self):
        raw = self.chance(0.2)
        prefix = self.pick("", "", "u", "U", "b", "B", "r", "R", "br", "Rb", "bR", "RB") if raw or self.chance(0.5) else ""
        quote = self.pick("'", '"', "'''", '"""')
        text = "".join(self.r.choice(TEXTS) for _ in range(self.r.randrange(4)))
        if "b" in prefix.lower():
            text = text.encode("ascii", "ignore").decode()
        if len(quote) == 3:
            text += self.pick("", "\n", "\r\n", "\n  x\n")
        text = text.rstrip("\\") if not text.endswith("\\\\") else text
        return prefix + quote + text + quote

    def strings(self):
        first = self.string()
        out = [first]
        is_bytes = "b" in first.split(first[-1])[0].lower()
        while self.chance(0.15):
            s = self.string()
            if ("b" in s.split(s[-1])[0].lower()) == is_bytes:
                out.append(s)
        if not is_bytes and self.chance(0.2):
            out.append(self.fstring(2, self.pick("'", '"', "'''", '"""')))
        return out

    def fstring(self, depth, quote, outer=""):
        """One token. Before 3.12 no backslash and no comment in a field, and no quote of the outer ones."""
        if depth <= 0 or quote[0] in outer:
            return self.pick("1", "a.b", "f()")
        out, inner = [], outer + quote[0]
        raw = self.chance(0.2)
        for _ in range(self.r.randrange(4)):
            text = self.r.choice(FORMAT_TEXTS)
            out.append(text if not (raw and "\\N" in text) and not outer else text.replace("\\", "").replace("{EN DASH}", "").replace("#", ""))
            if self.chance(0.7):
                out.append(self.field(depth - 1, inner))
        if len(quote) == 3 and not outer:
            out.append(self.pick("", "\n", "\r\n"))
        return self.pick("f", "F") * (not raw) + self.pick("rf", "fR", "Rf") * raw + quote + "".join(out) + quote

    def field(self, depth, outer):
        quotes = [q for q in "'\"" if q not in outer]
        inside = [" ".join(self.simple(depth)), self.name(), "a.call(b.x(1))", "(lambda: a())()", "( {1: b()} )",
                  "x[1:call()]", "*a, b()", "yield_", "a if b else call()", "[c for c in call() if c]", "a != b()", "(c := call())"]
        text = self.r.choice(inside)
        if quotes and self.chance(0.3):
            text = self.fstring(depth, self.r.choice(quotes), outer)
        if any(c in text for c in "\\#\n\r") or any(q in text for q in outer):
            text = "call()"
        lead = " " if text.startswith("{") else self.pick("", " ")
        tail = self.pick("", "", "=", " = ", "!r", "!s", "!a ", ":>10", ":{w}.{p()}", "!r:^{w}", "=!s:x", ":%H", "")
        if tail.strip().startswith("=") and text.endswith(("=", "!", "<", ">")):
            tail = ""
        return "{" + lead + text + tail.replace("!a ", "!a") + "}"

    def simple(self, depth):
        """No string and no line in it."""
        if depth <= 0:
            return [self.pick("1", "a", "b")]
        return self.r.choice([
            lambda: [self.name(), ".", self.r.choice(ATTRS), "(", *self.simple(depth - 1), ")"],
            lambda: ["(", *self.simple(depth - 1), self.pick("+", "*", "and", "=="), *self.simple(depth - 1), ")"],
            lambda: [self.name(), "[", *self.simple(depth - 1), "]"],
        ])()

    def expr(self, d):
        self.budget -= 1
        if d <= 0 or self.budget <= 0:
            return self.r.choice([lambda: [self.name()], lambda: [self.r.choice(NUMBERS)], self.strings,
                                  lambda: [self.pick("None", "True", "False", "...")]])()
        e = lambda: self.expr(d - 1)  # noqa: E731
        return self.r.choice([
            lambda: self.call(d), lambda: self.call(d), lambda: self.call(d), self.strings,
            lambda: [self.fstring(3, self.pick("'", '"', "'''", '"""'))],
            lambda: ["(", *e(), ")", *self.r.choice(BINARY).split(), "(", *e(), ")"],
            lambda: [self.pick("-", "+", "~", "not"), "(", *e(), ")"],
            lambda: ["(", *e(), "if", *e(), "else", *e(), ")"],
            lambda: ["(", "lambda", *self.params(d - 1, False), ":", *e(), ")"],
            lambda: self.display(d), lambda: self.comp(d),
            lambda: ["(", *e(), ")", "[", *self.subscript(d - 1), "]"],
            lambda: ["(", self.pick("w", "x1"), ":=", *e(), ")"],
            lambda: ["(", *e(), ")", ".", self.r.choice(ATTRS)],
            lambda: ["(", "*", "(", *e(), ")", ",", ")"],
            lambda: ["(", *e(), *self.pick(["<"], ["in"], ["is", "not"], ["not", "in"]), *self.call(d - 1), "==", self.name(), ")"],
        ])()

    def call(self, d):
        head = [self.name()]
        for _ in range(self.r.randrange(3)):
            head += [".", self.r.choice(ATTRS)]
        if self.chance(0.1):
            head = ["(", *self.expr(d - 1), ")"]
        out = [*head, "(", *self.arguments(d - 1), ")"]
        while self.chance(0.2):
            out += [*self.pick([], [".", self.r.choice(ATTRS)], ["[", *self.subscript(0), "]"]), "(", *self.arguments(d - 2), ")"]
        return out

    def arguments(self, d):
        if self.chance(0.08):
            return [*self.expr(d), *self.clauses(d)]
        parts = [self.expr(d) for _ in range(self.r.randrange(3))]
        parts += [["*", *self.call(d - 1)]] if self.chance(0.15) else []
        parts += [[k, "=", *self.expr(d)] for k in self.r.sample(["k", "match", "print", "v"], self.r.randrange(3))]
        parts += [["**", *self.call(d - 1)]] if self.chance(0.15) else []
        return self.joined(parts, True)

    def joined(self, parts, may_trail):
        out = []
        for i, p in enumerate(parts):
            out += ([","] if i else []) + p
        return out + ([","] if parts and may_trail and self.chance(0.2) else [])

    def display(self, d):
        kind = self.pick("list", "set", "dict", "tuple")
        items = [self.expr(d - 1) for _ in range(self.r.randrange(1, 4))]
        if kind == "dict":
            rows = [[*i, ":", *self.expr(d - 1)] for i in items] + ([["**", *self.call(d - 1)]] if self.chance(0.2) else [])
            return ["{", *self.joined(rows, True), "}"]
        if self.chance(0.2):
            items.append(["*", *self.call(d - 1)])
        if kind == "tuple":
            return ["(", *self.joined(items, False), ",", ")"]
        return ["[" if kind == "list" else "{", *self.joined(items, True), "]" if kind == "list" else "}"]

    def target(self, d):
        return self.r.choice([lambda: [self.name()], lambda: [self.name(), ".", "x"], lambda: [self.name(), "[", *self.call(d - 1), "]"],
                              lambda: ["(", self.name(), ",", "[", self.name(), ",", "*", self.name(), "]", ")"],
                              lambda: ["[", self.name(), ",", self.name(), "]"]])()

    def clauses(self, d):
        out = []
        for _ in range(self.r.randrange(1, 3)):
            out += ["for", *(self.target(0) if self.chance(0.5) else ["i"]), "in", *self.call(d - 1)]
            while self.chance(0.3):
                out += ["if", *self.call(d - 1)]
        return out

    def comp(self, d):
        kind = self.pick("()", "[]", "{}", "dict")
        element = self.expr(d - 1) + ([":", *self.expr(d - 1)] if kind == "dict" else [])
        return [kind[0] if kind != "dict" else "{", *element, *self.clauses(d), kind[1] if kind != "dict" else "}"]

    def subscript(self, d):
        one = lambda: self.pick([*self.expr(d)], [":"], [*self.expr(d), ":", *self.expr(d)], ["::", *self.call(d)][0:1] + [self.name()], ["..."])  # noqa: E731
        parts = [[x for t in one() for x in ([":", ":"] if t == "::" else [t])] for _ in range(self.r.randrange(1, 3))]
        return self.joined(parts, True)

    def params(self, d, notes):
        names = self.r.sample(["p", "q", "r", "s", "t", "match"], 4)
        note = lambda: [":", *self.call(d - 1)] if notes and self.chance(0.3) else []  # noqa: E731
        parts = [[n, *note()] for n in names[:self.r.randrange(2)]]
        parts += [["/"]] if parts and self.chance(0.2) else []
        parts += [[names[1], *note(), "=", *self.expr(d - 1)]] if self.chance(0.5) else []
        if self.chance(0.4):
            parts += [self.pick(["*"], ["*", "args", *note()]), [names[2], *note(), *self.pick([], ["=", *self.expr(d - 1)])]]
        parts += [["**", "kw", *note()]] if self.chance(0.2) else []
        return self.joined(parts, bool(parts))

    # statements: (tokens) lines, with "{" block markers as nested lists -----------------------------
    def simple_statement(self, d):
        e = lambda: self.expr(d)  # noqa: E731
        return self.r.choice([
            lambda: self.call(d), lambda: self.call(d), lambda: [*self.target(d), "=", *e()],
            lambda: [*self.target(d), "=", *self.target(1), "=", *e(), ",", "*", *self.call(d)],
            lambda: ["x", self.pick("+=", "-=", "@=", "//=", "**=", ">>=", "|=", "%="), *e()],
            lambda: ["x", ":", *self.call(1), *self.pick([], ["=", *e()])],
            lambda: ["del", "(", self.name(), ",", "[", "a", ".", "x", "]", ")", ",", *self.call(1), ".", "x"],
            lambda: ["assert", *e(), ",", *e()], lambda: ["pass"],
            lambda: ["import", "os", ".", "path", *self.pick([], ["as", "match"]), ",", "sys"],
            lambda: ["from", *self.pick(["."], [".", ".", "."], ["..."], ["a", ".", "b"], [".", "match"]), "import",
                     *self.pick(["a"], ["(", "a", "as", "b", ",", "case", ",", ")"], ["a", ",", "type", "as", "_"])],
            lambda: ["raise", *self.call(d), *self.pick([], ["from", *e()])],
            lambda: ["print", "(", *self.arguments(d), ")", *self.pick([], [",", "x"], ["%", "y"])],
            lambda: ["global", "g", ",", "match"],
        ])()

    def compound(self, d):
        e, b = (lambda: self.expr(2)), (lambda: self.block(d - 1))
        kind = self.r.randrange(10)
        if kind == 0:
            out = [(["if", *e(), ":"], b())]
            out += [(["elif", *e(), ":"], b()) for _ in range(self.r.randrange(3))]
            return out + ([(["else", ":"], b())] if self.chance(0.5) else [])
        if kind == 1:
            return [(["for", *self.target(1), "in", *e(), ":"], b())] + ([(["else", ":"], b())] if self.chance(0.3) else [])
        if kind == 2:
            return [(["while", *e(), ":"], b())]
        if kind == 3:
            star = ["*"] if self.chance(0.2) else []
            out = [(["try", ":"], b()), (["except", *star, *self.call(1), *self.pick([], ["as", "match"]), ":"], b())]
            return out + self.pick([], [(["finally", ":"], b())], [(["else", ":"], b())])
        if kind == 4:
            items = self.joined([[*self.call(1), *self.pick([], ["as", *self.target(1)])] for _ in range(self.r.randrange(1, 3))], False)
            return [(["with", *self.pick(items, ["(", *items, ",", ")"]), ":"], b())]
        decorators = [(["@", *self.call(1)], None) for _ in range(self.r.randrange(2))]
        if kind in (5, 6):
            returns = ["->", *self.call(1)] if self.chance(0.3) else []
            is_async = ["async"] if self.chance(0.3) else []
            body = b() + [(["return", *self.pick([], e())], None)] + ([(["await", *self.call(1)], None)] if is_async else [(["yield", *e()], None)])
            return decorators + [([*is_async, "def", self.pick("f", "match", "print"), "(", *self.params(2, True), ")", *returns, ":"], body)]
        if kind == 7:
            return decorators + [(["class", "C", *self.pick([], ["(", *self.arguments(1), ")"]), ":"], b())]
        cases = []
        for _ in range(self.r.randrange(1, 4)):
            guard = ["if", *self.call(1)] if self.chance(0.4) else []
            cases.append((["case", *self.pattern(2), *guard, ":"], b()))
        return [(["match", *self.pick(self.call(1), ["(", *e(), ")"], [*self.call(1), ",", "x"], ["-", "x"], ["[", *e(), "]"]), ":"], cases)]

    def pattern(self, d):
        if d <= 0:
            return self.pick(["1"], ["-", "1.5"], ["'a'", "'b'"], ["None"], ["a", ".", "B"], ["_"], ["b'x'"])
        p = lambda: self.pattern(d - 1)  # noqa: E731
        return self.r.choice([
            p, lambda: ["(", *p(), "as", "y", ")"], lambda: ["[", *self.joined([p(), ["*", "rest"]], True), "]"],
            lambda: ["{", "'k'", ":", *p(), ",", "**", "more", "}"],
            lambda: ["pkg", ".", "Cls", "(", *self.joined([p(), ["k", "=", *p()]], True), ")"],
            lambda: ["(", *p(), "|", *self.pick(["2"], ["'z'"], ["X", ".", "Y"], ["Cls", "(", ")"]), ")"],
        ])()

    def block(self, d):
        out = []
        for _ in range(self.r.randrange(1, 4)):
            if d > 0 and self.chance(0.35):
                out += self.compound(d)
            else:
                out.append((self.simple_statement(2), None))
        return out

    # layout ----------------------------------------------------------------------------------------
    def program(self, size):
        self.budget = size
        blocks = []
        while self.budget > 0:
            blocks += self.compound(3) if self.chance(0.5) else [(self.simple_statement(3), None)]
        end = self.pick("\n", "\n", "\r\n")
        out = [self.pick("", "", "\ufeff", "\x0c" + end, "# coding: utf-8" + end)]
        self.lay(blocks, "", end, out)
        text = "".join(out)
        return (text.rstrip("\r\n") if self.chance(0.2) else text).encode("utf-8", "surrogatepass")

    def lay(self, blocks, indent, end, out):
        step = self.pick(" ", "  ", "    ", "\t", "        ")
        for tokens, body in blocks:
            if self.chance(0.1):
                out.append(self.pick("", "   ", "\t", "# comment ' \" [", "  \x0c", indent + "#") + end)
            out.append(self.pick("", "", "", "\x0c") * (not indent) + indent + self.line(tokens, end))
            if body is None:
                out.append((self.pick("", "", "", ";", " ; pass", "  # end", ";x=1;") if tokens[0] != "@" else "") + end)
            elif all(b is None for _, b in body) and tokens[0] not in ("match",) and self.chance(0.2) and not any(t[0] == "@" for t, _ in body):
                out.append(" " + " ; ".join(self.line(t, end) for t, _ in body) + end)
            else:
                out.append(self.pick("", "", "  # body:") + end)
                self.lay(body, indent + step, end, out)

    def line(self, tokens, end):
        out, depth, before = [], 0, ""
        for t in tokens:
            if before:
                out.append(self.space(before, t, depth, end))
            out.append(t)
            depth += (t in ("(", "[", "{")) - (t in (")", "]", "}"))
            before = t
        return "".join(out)

    def space(self, a, b, depth, end):
        word = lambda c: c.isalnum() or c == "_" or ord(c) > 127  # noqa: E731
        both = (word(a[-1]) and word(b[0])) or (a[-1] in "'\"" and word(b[0])) or (word(a[-1]) and b[0] in "'\"") or (
            a[-1] in "'\"" and b[0] in "'\"")
        glued = both or (a[-1] in "=!<>*/+-@%&|^:.~" and b[0] in "=!<>*/+-@%&|^:.~") or (a[-1].isdigit() and b[0] == ".") or (a[-1] == "." and b[0].isdigit())
        k = self.r.random()
        if k < 0.03:
            return self.pick(" ", "\t") + "\\" + end + self.pick("", "  ", "\t")
        if depth and k < 0.08:
            return self.pick("", " ", "  # comment ) ' \"") + end + self.pick("", "   ", "\t\t", "\x0c ", end)
        if glued:
            return self.pick(" ", "  ", "\t", " \x0c")
        return self.pick("", "", " ", " ")


def tokens_of(data):
    try:
        return [t for t in tokenize.tokenize(io.BytesIO(data).readline) if t.type != tokenize.ENCODING and t.string]
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return []


def mutant(data, r):
    """One token lost, doubled or swapped with another, or the end cut off."""
    try:
        lines = data.decode("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        return data
    tokens = tokens_of(data)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = "".join(lines)
    bom = text.startswith("\ufeff")
    spans = [(starts[t.start[0] - 1] + t.start[1] + (bom and t.start[0] == 1), starts[min(t.end[0], len(lines)) - 1] + t.end[1] + (bom and t.end[0] == 1))
             for t in tokens if t.start[0] <= len(lines)]
    spans = [s for s in spans if s[0] < s[1] <= len(text)]
    if len(spans) < 3:
        return data[:len(data) // 2]
    how = r.randrange(4)
    a, b = sorted(r.sample(range(len(spans)), 2))
    (s1, e1), (s2, e2) = spans[a], spans[b]
    if how == 0:
        text = text[:s1] + text[e1:]
    elif how == 1:
        text = text[:e1] + " " + text[s1:e1] + text[e1:]
    elif how == 2 and e1 <= s2:
        text = text[:s1] + text[s2:e2] + text[e1:s2] + text[s1:e1] + text[e2:]
    else:
        text = text[:s1 + r.randrange(e1 - s1 + 1)]
    return text.encode("utf-8", "surrogatepass")


def parses(data):
    try:
        ast.parse(data)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--programs", type=int, default=400)
    ap.add_argument("--mutants", type=int, default=5, help="of each program")
    ap.add_argument("--keep", help="a folder for the programs that differ")
    args = ap.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    program = [args.tidewaiter]
    made, legal, mutants, mutants_legal, differ, unsteady = 0, 0, 0, 0, [], 0
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, args.programs, runner.BATCH // 4):
            paths = []
            for i in range(first, min(first + runner.BATCH // 4, args.programs)):
                seed = args.seed * 1000003 + i
                data = Maker(seed).program(random.Random(seed).choice([20, 60, 200]))
                made += 1
                legal += parses(data)
                r = random.Random(seed + 7)
                for k, content in enumerate([data] + [mutant(data, r) for _ in range(args.mutants)]):
                    path = os.path.join(folder, "%d-%d.py" % (i, k))
                    with open(path, "wb") as f:
                        f.write(content)
                    paths.append(path)
            once, again = runner.lowered(program, paths), runner.lowered(program, paths)
            unsteady += once != again
            for path in paths:
                result = compare_ast.one(path, once[path])
                is_mutant = not path.endswith("-0.py")
                mutants += is_mutant
                mutants_legal += is_mutant and not result.refused
                if result.differs:
                    differ.append(path)
                    print("differs: %s: %s" % (os.path.basename(path), ", ".join(result.differs)))
                    print("\n".join(result.show[:6]))
                if (result.differs or (result.refused and not is_mutant)) and args.keep:
                    os.makedirs(args.keep, exist_ok=True)
                    with open(path, "rb") as f, open(os.path.join(args.keep, os.path.basename(path)), "wb") as out:
                        out.write(f.read())
                    if result.refused:
                        print("refused: %s: %s" % (os.path.basename(path), result.refused))
                os.remove(path)
    print("%d programs (%d that CPython parses), %d mutants (%d that it parses): %d differ; %d batches not the same twice" % (
        made, legal, mutants, mutants_legal, len(differ), unsteady))
    enough = legal >= made * 0.9
    bad = len(differ) + unsteady + (not enough)
    print("%d passed, %d failed" % (legal + mutants - len(differ), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
