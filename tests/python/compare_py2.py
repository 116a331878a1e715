#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the IR of the Python front end with lib2to3's tree for the files that CPython 3 rejects and lib2to3 parses,
with its grammars of Python 2 (print and exec are statements) or with print_function: the same imports, calls,
print and exec statements at the same offsets, the same string constants.

compare_py2.py --tidewaiter build/tidewaiter [--corpus] [--installed] [--list] [PATH...]
Without any: tests/python/py2. What is compared as what it means: a string without prefix is text (\\xff is U+00FF,
escapes as Python 3 has them), bytes outside ASCII are UTF-8, `print (a)` and `exec (a)` are calls, True.x is ?.x.
"""
import argparse
import ast
import codecs
import re
import sys
import warnings
from pathlib import Path

import facts
import inputs
import runner

warnings.simplefilter("ignore")
from lib2to3 import pygram, pytree  # noqa: E402
from lib2to3.pgen2 import driver, parse, token, tokenize  # noqa: E402

PREFIX = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
UNICODE = re.compile(r"(\\*)\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
SYMBOLS = pygram.python_symbols


class NotCompared(Exception):
    pass


def literal(text):
    """A STRING token's value: str or bytes."""
    m = PREFIX.match(text)
    prefix, body = m.group(1).lower(), text[m.end():-len(m.group(2))]
    if "f" in prefix:
        raise NotCompared("f-strings: not Python 2")
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "b" in prefix:
        raw = body.encode("utf-8", "surrogateescape")
        return raw if "r" in prefix else codecs.escape_decode(raw)[0]
    if "r" in prefix:
        if "u" not in prefix:
            return body
        return UNICODE.sub(lambda m: m.group(0) if len(m.group(1)) % 2 else m.group(1) + chr(int(m.group(2) or m.group(3), 16)), body)
    quote = m.group(2)
    return ast.literal_eval(quote + body + quote)


class Tree:
    """Facts of a lib2to3 tree; offsets are bytes of the UTF-8 text, counted leaf by leaf."""

    def __init__(self, tree, start):
        self.facts = {k: facts.collections.Counter() for k in facts.KINDS + ("stmt",)}
        self.at, pos = {}, start
        for leaf in tree.leaves():
            pos += len(leaf.prefix.encode("utf-8", "surrogateescape"))
            end = pos + len(leaf.value.encode("utf-8", "surrogateescape"))
            self.at[id(leaf)] = (pos, end)
            pos = end
        for node in tree.pre_order():
            how = self.HOW.get(node.type)
            if how:
                how(self, node)
            elif node.type == token.STRING:
                self.string(node)

    def start(self, node):
        while node.children:
            node = node.children[0]
        return self.at[id(node)][0]

    def end(self, node):
        while node.children:
            node = node.children[-1]
        return self.at[id(node)][1]

    def string(self, leaf):
        group = [x for x in leaf.parent.children if x.type == token.STRING] if leaf.parent.type == SYMBOLS.atom else [leaf]
        if group[0] is not leaf:
            return  # adjacent literals are one constant
        values = [literal(x.value) for x in group]
        if any(isinstance(v, bytes) for v in values):
            values = [v if isinstance(v, bytes) else v.encode("utf-8", "surrogatepass") for v in values]
        self.facts["str"][facts.text_of(values[0][:0].join(values))] += 1

    def name(self, node):
        """Dotted name of an expression."""
        if node.type == token.NAME:
            return "?" if node.value in ("True", "False", "None") else node.value
        if node.type == SYMBOLS.atom and len(node.children) == 3 and node.children[0].value == "(":
            return self.name(node.children[1])
        if node.type == SYMBOLS.power and node.children[0].type != token.AWAIT and all(
                c.type == SYMBOLS.trailer for c in node.children[1:]):
            return self.dotted(node.children[0], node.children[1:])
        return "?"

    def dotted(self, base, trailers):
        out = self.name(base)
        for t in trailers:
            out = "%s.%s" % (out, t.children[1].value) if t.children[0].value == "." else "?"
        return out

    def power(self, node):
        c = [x for x in node.children if x.type != token.AWAIT]
        for i, t in enumerate(c[1:], 1):
            if t.type == SYMBOLS.trailer and t.children[0].value == "(":
                self.facts["call"][(self.start(c[0]), self.end(t), self.dotted(c[0], c[1:i]))] += 1

    def decorator(self, node):
        c = node.children
        if len(c) > 3 and c[2].type == token.LPAR:
            name = "".join(x.value for x in c[1].leaves())
            close = [x for x in c if x.type == token.RPAR][0]
            self.facts["call"][(self.start(c[1]), self.end(close), name)] += 1

    def statement(self, node):
        word = node.children[0].value
        first = node.children[1]
        alone = word == "exec" or len(node.children) == 2
        if alone and first.type == SYMBOLS.atom and first.children[0].type == token.LPAR:
            self.facts["call"][(self.start(node), self.end(first), word)] += 1
        else:
            self.facts["stmt"][(self.start(node), self.end(node), word)] += 1

    def import_name(self, node):
        names = node.children[1]
        for n in names.children[::2] if names.type == SYMBOLS.dotted_as_names else [names]:
            if n.type == SYMBOLS.dotted_as_name:
                n = n.children[0]
            self.facts["import"][(0, "".join(x.value for x in n.leaves()), "")] += 1

    def import_from(self, node):
        c = node.children
        at = next(i for i, x in enumerate(c) if x.type == token.NAME and x.value == "import")
        said = "".join(x.value for n in c[1:at] for x in n.leaves())
        level = len(said) - len(said.lstrip("."))
        names = [x for x in c[at + 1:] if x.type not in (token.LPAR, token.RPAR)][0]
        for n in names.children[::2] if names.type == SYMBOLS.import_as_names else [names]:
            n = n.children[0] if n.type == SYMBOLS.import_as_name else n
            self.facts["import"][(level, said[level:], n.value)] += 1

    HOW = {SYMBOLS.power: power, SYMBOLS.decorator: decorator, SYMBOLS.print_stmt: statement,
           SYMBOLS.exec_stmt: statement, SYMBOLS.import_name: import_name, SYMBOLS.import_from: import_from}


def reference(data):
    """(facts, the file as UTF-8). A file without a declared encoding need not be UTF-8 in Python 2."""
    data = facts.decoded(data)
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    text = data[start:].decode("utf-8", "surrogateescape")
    if "\r" in text.replace("\r\n", ""):
        raise NotCompared("line ends of CR alone: lib2to3 does not know them")
    has_end = text.endswith("\n")
    grammars = [pygram.python_grammar, pygram.python_grammar_no_print_statement]
    if re.search(r"^\s*from\s+__future__\s+import\b.*\bprint_function", text, re.M):
        grammars.reverse()
    for i, g in enumerate(grammars):
        try:
            tree = driver.Driver(g, convert=pytree.convert).parse_string(text if has_end else text + "\n")
            return Tree(tree, start).facts, data
        except (parse.ParseError, tokenize.TokenError, IndentationError):
            if i:
                raise


def one(path, ours):
    with open(path, "rb") as f:
        data = f.read()
    try:
        theirs, data = reference(data)
    except (parse.ParseError, tokenize.TokenError, SyntaxError, ValueError, LookupError, RecursionError, NotCompared, AttributeError) as e:
        return runner.Result(path, refused="%s: %s" % (type(e).__name__, str(e)[:90]))
    ours["call"] = facts.collections.Counter(ours["call"])
    ours["str"], theirs["str"] = facts.named(ours["str"]), facts.named(theirs["str"])
    diff = facts.differences(ours, theirs, facts.KINDS + ("stmt",))
    return runner.Result(path, differs=diff, show=facts.shown(diff, facts.Lines(data)), opaque=ours["opaque"])


def python3(path):
    with open(path, "rb") as f:
        data = f.read()
    try:
        ast.parse(data)
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def compare(program, paths):
    sys.setrecursionlimit(20000)
    warnings.simplefilter("ignore")
    paths = [p for p in paths if not python3(p)]
    ours = runner.lowered(program, paths) if paths else {}
    return [one(p, ours[p]) for p in paths]


def main():
    args = inputs.options(argparse.ArgumentParser()).parse_args()
    if not (args.paths or args.corpus or args.installed):
        args.paths = [str(Path(__file__).parent / "py2")]
    with inputs.chosen(args) as names:
        print("%d files, of which those that CPython %d.%d rejects are compared" % (len(names), *sys.version_info[:2]))
        results = runner.each(compare, [args.tidewaiter], list(names), args.jobs)
        n, bad, ok = runner.report(results, names, args, "lib2to3")
    print("%d passed, %d failed" % (n - bad, 0 if ok else max(bad, 1)))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
