# SPDX-License-Identifier: Apache-2.0
"""Random texts of a grammar: @x in a rule is one of the rules of x; past a depth one of those of x's leaves."""
import re

TOKEN = re.compile(r"@([A-Za-z]\w*|[#*])")


class Grammar:
    def __init__(self, rnd, rules, leaves, deep):
        self.r, self.rules, self.leaves, self.deep = rnd, rules, leaves, deep
        self.out, self.depth, self.sinks, self.n = [], 0, 0, 0

    def of(self, name, depth=0):
        if name == "#":
            return str(self.r.randint(0, 5))
        if name == "*":
            return ", ".join(self.of("T", depth + 1) for _ in range(self.r.randint(0, 4)))
        few = self.leaves.get(name)
        if few and (depth >= self.deep or self.r.random() < 0.3):
            return self.text(self.r.choice(few), depth)
        return self.text(self.r.choice(self.rules.get(name) or few), depth)

    def text(self, rule, depth=0):
        return TOKEN.sub(lambda m: self.of(m[1], depth + 1), rule)

    def put(self, rule):
        for line in self.text(rule).split("\n"):
            self.out.append(" " * self.depth + line)

    def fresh(self, prefix):
        self.n += 1
        return f"{prefix}{self.n}"

    def chance(self, p):
        return self.r.random() < p

    end = ""  # of a statement
    throw, idle = "", ""  # statements

    def sink(self, rule="@T"):
        self.sinks += 1
        self.put(f"sink({self.sinks}, {rule}){self.end}")

    def statement(self):
        r = self.r.random()
        if self.depth < 4 and r < 0.3:
            self.compound()
        elif r < 0.36 and self.in_func:
            self.put(self.r.choice(["return @T", "return @T", self.throw if self.depth > 1 else self.idle]) + self.end)
        elif r < 0.42 and self.loops:
            self.put(self.r.choice(["break", "continue"]) + self.end)
        elif r < 0.48:
            self.sink()
        else:
            self.put("@Z")
