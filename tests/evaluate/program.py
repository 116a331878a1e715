# SPDX-License-Identifier: Apache-2.0
"""Inert programs as trees whose literals and names can be hidden one by one.

A program is a list of calls with constant arguments. Leaves are Str, Bytes, Int and Ref (a name from outside, dotted);
everything else is Code: source text with nodes in it. A transformation puts a new node in the place of another."""
import random


class Node:
    def __init__(self, value=None):
        self.value, self.to = value, None

    def now(self):
        node = self
        while node.to is not None:
            node = node.to
        return node

    def become(self, node):
        assert self.to is None and node is not self
        self.to = node


class Str(Node):
    pass


class Bytes(Node):
    pass


class Int(Node):
    pass


class Ref(Node):
    """value: ("subprocess", "run"), ("open",), ("globalThis", "fetch")"""


class Code(Node):
    """value: source text and nodes"""


class Block(Code):
    """value: [head, statement, ...]: the statements stand indented under the head (JavaScript: in its braces)."""


def code(*parts):
    return Code([p if isinstance(p, (str, Node)) else Int(p) for p in parts])


def commas(nodes):
    out = []
    for n in nodes:
        out += [", ", n] if out else [n]
    return out


def call(callee, args=(), **names):
    """A call; names: keyword arguments of Python."""
    callee = Code([callee]) if isinstance(callee, str) else callee
    parts = commas(list(args))
    for k, v in names.items():
        parts += [", " if parts else "", k + "=", v]
    node = code(callee, "(", *parts, ")")
    node.callee, node.args, node.names = callee, list(args), names
    return node


NAMES = {
    "plain": lambda r, i: r.choice(["data", "key", "buf", "tmp", "load", "part", "item", "conf", "name", "util"]) + str(i),
    "hex": lambda r, i: "_0x%x" % (0x1000 + r.randrange(0xe000) * 64 + i),
    "il": lambda r, i: "l" + "".join("Il"[int(b)] for b in format(r.randrange(64) * 256 + i + 1, "b")),
    "oo": lambda r, i: "O" + "".join("O0"[int(b)] for b in format(r.randrange(64) * 256 + i + 1, "b")),
    "under": lambda r, i: "_" + "abcdefgh"[r.randrange(8)] * (i % 9 + 1) + str(i),
    "greek": lambda r, i: r.choice("αβγδεζηθλμνξπρστφχψω") + str(i),
    "short": lambda r, i: "abcdefghijkmnpqrstuvwxyz"[i % 24] + str(i),
}


class Program:
    """language: "python" or "javascript"; body: statements, each a node of one expression or, with `block`, of whole lines."""

    def __init__(self, language, seed):
        self.language, self.r = language, random.Random(seed)
        self.body, self.heads, self.defs, self.tails = [], [], [], []
        self.style, self.n, self.applied, self.files, self.layers = "plain", 0, [], {}, 0
        self.used, self.at, self.bare, self.strict, self.octal = set(), 0, False, False, False

    def fresh(self):
        while True:
            self.n += 1
            name = NAMES[self.style](self.r, self.n)
            if name not in self.used:
                self.used.add(name)
                return name

    def need(self, line):
        """An import, once."""
        if line not in self.heads:
            self.heads.append(line)

    def define(self, *parts):
        """A definition, in front of those that earlier transformations made: they may use it."""
        self.defs.insert(self.at, code(*parts))
        self.at += 1

    def each(self, kind):
        """Every leaf of that kind."""
        todo, out = list(reversed(self.defs + self.body)), []
        while todo:
            node = todo.pop().now()
            if isinstance(node, Code):
                todo += [p for p in reversed(node.value) if isinstance(p, Node)]
            elif isinstance(node, kind):
                out.append(node)
        return out

    def replace(self, node):
        """The whole program becomes one statement: a layer that holds the text so far."""
        self.body, self.heads, self.defs, self.at = [node], [], [], 0
        self.layers += 1


def render(node, leaf, tail=""):
    """Source text; `tail` closes a Block."""
    node = node.now()
    if isinstance(node, Block):
        head, *rest = [n if isinstance(n, str) else render(n, leaf, tail) for n in node.value]
        return head + "".join("\n" + indent(text, "    ") for text in rest) + ("\n" + tail if tail else "")
    if not isinstance(node, Code):
        return leaf(node)
    return "".join(part if isinstance(part, str) else render(part, leaf, tail) for part in node.value)


def indent(text, by):
    return "".join(by + line if line.strip() else line for line in text.splitlines(True))
