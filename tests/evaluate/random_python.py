# SPDX-License-Identifier: Apache-2.0
"""Random small Python programs that mix what makes a value change: names, aliases, closures, classes, exceptions, jumps."""
import copy

from random_grammar import Grammar

TEXTS, NUMS, LISTS, DICTS = ["s0", "s1", "s2"], ["n0", "n1"], ["l0", "l1", "l2"], ["d0", "d1"]
LEAVES = {
    "k": ["'a'", "'b'", "'cd'", "''", "'e1'", "'xyz'"],
    "S": TEXTS, "I": NUMS, "L": LISTS, "D": DICTS, "X": [*TEXTS, *NUMS, *LISTS, *DICTS],
    "T": ["@k", "@k", "@S", "@S", "@S"],
    "N": ["1", "2", "3", "0", "-1", "@I", "@I", "7"],
    "C": ["os.getpid() > 0", "os.getpid() < 0", "@S", "True", "@L", "@k in @L"],
    "A": ["[@k, @k]", "@L", "@L[:]"],
    "v": ["v", "s0", "c", "l0"],
}
RULES = {
    "C": ["os.getpid() > 0", "os.getpid() < 0", "os.getpid() > 0", "@N @o @N", "@k in @L", "@T == @T", "not @L", "@S", "len(@L) > @#", "@k in @D", "@L is @L", "0 < @I < 5", "@L == @L", "@D", "@T in @T", "(@C and @C)", "not @C"],
    "o": ["<", ">", "==", "!=", "<="],
    "N": ["len(@X2)", "(@N @p @#)", "@L.count(@k)", "(@N if @C else @N)", "(n1 := @N)", "(-@N)", "int(@T == @T)", "@S.find(@k)", "sum(ord(c) for c in @T)", "max(@N, @N)"],
    "X2": ["@S", "@L", "@D"], "p": ["+", "-", "*", "+", "-", "&", "|", "^"],
    "T": ["(@T + @T)", "'-'.join(@L)", "''.join(@L)", "str(@N)", "str(@L)", "str(@D)", "(@T if @C else @T)", "(@T or @T)", "(@T and @T)", "(s1 := @T)", "@D.get(@k, @T)", "@T[::-1]", "@T.upper()",
          "@T.replace('a', @T)", "f'{@S}-{@I}'", "''.join(v + @T for v in @L)", "''.join([@v for @v in @L])", "''.join([v for v in @L if @C])", "(lambda v, k=@k: v + k)(@T)", "(lambda: @S + @k)()", "str(@L[1:])", "str(@L[::-1])",
          "''.join(sorted(@L))", "@L[0]", "@L[-1]", "@D[@k]", "(@T * @#)", "@L.pop()", "@L.pop(0)", "@D.setdefault(@k, @T)", "@D.pop(@k, @T)", "','.join(@D)", "{k: w for k, w in @D.items()}.get(@k, 'z')", "repr(@T)",
          "chr(97 + @N % 26)", "'%s.%s' % (@T, @N)", "','.join(reversed(@L))", "''.join(a + b for a, b in zip(@L, @L))", "str([v for v in @L if v is not @k])", "'.'.join(map(lambda v: v + @k, @L))", "str(list(@D.values()))", "[@T, @T][@C and 1 or 0]"],
    "A": ["[@*]", "[@*]", "@L", "@L[:]", "list(@L)", "@L + [@T]", "[v + 'k' for v in @L]", "list(@T)", "(@L if @C else [@*])", "sorted(@L)", "[*@L, @T]", "list(map(lambda v: v + @S, @L))", "@T.split('c')", "(@L or [@k])"],
    "M": ["{@k: @T, @k: @T}", "@D", "dict(@D)", "{**@D, @k: @T}", "dict(a=@T)", "{}", "@D | {@k: @T}", "{k: k + @T for k in @L}", "@D.copy()", "(@D or {@k: @k})"],
    "Z": ["@S = @T", "@S = @T", "@S = @T", "@S += @T", "@I = @N", "@I += @N", "@I -= @N", "@L = @A", "@L = @A", "@D = @M", "@L.append(@T)", "@L.append(@T)", "@L.extend(@A)", "@L += [@*]", "@L.insert(@N, @T)", "@L.sort()", "@L.reverse()",
          "@L[0] = @T", "@L[-1] = @T", "@L[1:] = [@*]", "@L[:] = [@*]", "@L[:1] = [@*]", "del @L[0]", "del @L[:1]", "@D[@k] = @T", "@D[@k] = @T", "@D.update(@M)", "@D.update(a=@T)", "@D |= @M", "@D.pop(@k, None)", "s0, s1 = @T, @T", "s0, s1 = s1, s0",
          "l0, l1 = @L, @L", "@S, *@L = [@T, @*]", "@S = @S = @T", "@L.clear()", "@L.remove(@L[0])", "@S = @L.pop()", "@L[0], @L[-1] = @L[-1], @L[0]", "@L[0] += @T", "@D[@k] = @D.get(@k, '') + @T", "@L *= 2", "@S = @T; @S = @T", "for @S in @L: pass",
          "for @S in @D: pass", "globals()['s0'] = @T", "l1 = [l0, l2][@C and 1 or 0]", "(lambda: @L.append(@T))()", "@L = @L = [@*]", "d0, d1 = d1, d0", "@D = {@k: @k}", "l0 = d0.setdefault('l', [])\nd0.pop('l')", "m0 = [l0]; m0[0].append(@T)",
          "m1 = {'q': l1}; m1['q'] += [@T]", "m2 = (l2, @T); m2[0].append(@k)", "it = iter(@L); @S = next(it, 'e'); s2 = ''.join(it)", "if @C: @S = @T", "if @C: @L.append(@T)", "if @C: @S += @T", "s1 = '' if @C else @T", "@L = [x for x in @L for x in x]",
          "e0 = @L.append; e0(@T)", "list(map(@L.append, [@T]))"],
    "J": ["raise KeyError('k')", "int('z')", "[][1]", "@D['zz']", "1 // 0", "@S = [@T][@#]", "@L.remove('nope')"],
}


class Python(Grammar):
    throw, idle = "raise ValueError('v')", 'pass'

    def __init__(self, rnd):
        super().__init__(rnd, copy.deepcopy(RULES), copy.deepcopy(LEAVES), 3)
        self.classes, self.loops, self.in_func = [], 0, False

    def add(self, name, *rules):
        self.rules[name] += [r for r in rules for _ in range(3)]

    def block(self, n=3):
        self.depth += 1
        for _ in range(self.r.randint(1, n)):
            self.statement()
        self.depth -= 1

    def maybe(self, p, head, n=2):
        if self.chance(p):
            self.put(head)
            self.block(n)

    def compound(self):
        r = self.r.randint(0, 11)
        if r <= 2:
            self.put("if @C:")
            self.block()
            self.maybe(0.3, "elif @C:")
            self.maybe(0.5, "else:")
        elif r <= 4:
            self.put(self.r.choice(["for @v in list(@L)[:3]:", "for @S in [@T, @T]:", "for v in @L[:2]:", "for n0 in range(3):", "for v in list(@D):", "for n0, s0 in enumerate(@L[:3]):", "for v in @T[:2]:", "for l0 in [l1, l2]:", "for v in l0:"]))
            self.loop()
        elif r <= 6:
            k = self.fresh("k")
            self.put(f"{k} = 0")
            self.put(self.r.choice([f"while {k} < @#:", f"while {k} < 4 and @C:", f"while {k} < 3 and len(@L) < 5:"]))
            self.put(f" {k} += 1")
            self.loop()
        elif r <= 9:
            self.put("try:")
            self.block()
            if self.chance(0.5):
                self.put(" @J")
            for x in self.r.choice([["Exception"], ["KeyError", "(IndexError, ValueError)", "Exception"], ["Exception as x"]]):
                self.put(f"except {x}:")
                self.block(2)
            self.maybe(0.3, "else:")
            self.maybe(0.4, "finally:")
        elif r == 10:
            self.put("match @T:")
            for p in ("@k", self.r.choice(["@k", "s0 if @C"]), "_"):
                self.put(f" case {p}:")
                self.depth += 1
                self.block(2)
                self.depth -= 1
        elif self.in_func:
            self.put("@Z")
        else:
            self.function()

    def loop(self):
        self.loops += 1
        self.block()
        if self.chance(0.5):
            self.put(" if @C:")
            if self.chance(0.5):
                self.put("  @Z")
            self.put(self.r.choice(["  break", "  continue"]))
            self.block(2)
        self.loops -= 1
        self.maybe(0.3, "else:")

    def decorator(self):
        w = self.fresh("w")
        self.put(f"def {w}(fn):")
        self.put(self.r.choice([" def inner(*a, **k):", " def inner(*a):", " def inner(a, *b):"]))
        head = self.out[-1]
        a = "a, *b" if "*b" in head else "*a, **k" if "**k" in head else "*a"
        if self.chance(0.4):
            self.put("  l0.append(@k)")
        self.put("  return " + self.r.choice([f"fn({a})", f"fn({a}) + @k", f"@k + fn({a})", "@k", f"fn({a}) * 2"]))
        self.put(" return " + self.r.choice(["inner", "inner", "fn"]))
        self.put("@@ ".strip().replace("@@", "@") + w) if False else self.out.append(" " * self.depth + "@" + w)

    def function(self):
        f, a = self.fresh("f"), self.r.choice(["a", "s0", "s1"])
        generator, keeps = self.chance(0.2), self.chance(0.15)
        if self.chance(0.2):
            self.decorator()
            generator = False
        more = self.r.choice(["", "", ", b=@k", ", b=s1", ", *rest", ", l1=[]"])
        self.put(f"def {f}({a}{more}{', keep=[]' if keeps else ''}):")
        was, self.in_func, self.loops, self.depth = (self.loops, self.in_func), True, 0, self.depth + 1
        outer = [x for x in (*TEXTS, *NUMS, *LISTS, *DICTS) if x != a and not (x == "l1" and "l1" in more)]
        mine = [x for x in outer if self.chance(0.5)]
        others = [x for x in outer if x not in mine]
        if others:
            self.put("global " + ", ".join(others))
        for x in mine:
            self.put(f"{x} = " + {"s": "@k", "n": "@#", "l": "[@k, @k]", "d": "{}"}[x[0]])
        for _ in range(self.r.randint(1, 4)):
            self.statement()
        if keeps and not generator:
            self.put(f"keep.append({a})")
            self.put(self.r.choice(["return str(keep)", "return keep[0]", "return '-'.join(keep)"]))
        local = [x for x in mine if x[0] == "s"]
        if local and self.chance(0.4) and not generator:
            g, x = self.fresh("g"), self.r.choice(local)
            self.put(f"def {g}(c='k'):\n nonlocal {x}\n {x} = {x} + c\n return {x} + {self.r.choice([x, a])}")
            self.put(self.r.choice([f"{g}()", f"{x} = {g}(@k)", f"{x} += 'q'", "pass"]))
            self.put("return " + self.r.choice([f"{g}()", x, f"{g}() + {x}", f"{x} + {g}()", f"''.join({g}(v) for v in 'ab')"]))
        for _ in range(self.r.randint(1, 2) if generator else 0):
            self.put("yield @T")
            self.put("@Z")
        self.put("return @T")
        self.depth, self.loops, self.in_func = self.depth - 1, *was
        two = "b=" in more or "rest" in more
        calls = [f"{f}(@T)", f"{f}(@T, @T)" if two else f"{f}(@T)", f"{f}({a}=@T)" if "rest" not in more and self.out and "fn" not in "".join(self.out[-40:]) else f"{f}(@k)"]
        if generator:
            calls = [f"'.'.join({f}(@T))", f"next({f}(@T), 'x')", f"str(list({f}(@k)))"]
        self.add("T", *calls)
        self.add("Z", f"@S = {f}(@T)" if not generator else f"for @S in {f}(@k): pass")

    def klass(self):
        c, o = self.fresh("C"), self.fresh("o")
        base = self.r.choice(self.classes) if self.classes and self.chance(0.6) else ""
        self.put(f"class {c}({base}):" if base else f"class {c}:")
        own = lambda p: not base or self.chance(p)
        self.put(" p = @T" if own(0.5) else " r = ''")
        self.put(" q = @k" if own(0.5) else " pass")
        self.put(" l = []" if own(0.3) else " pass")
        if own(0.5):
            self.put(" def __init__(self, a):\n  " + self.r.choice(["self.p = a", "self.q = a + self.q", "self.l = [a]", "super().__init__(a)" if base else "pass", "self.p = a\n  self.p += self.q"]))
        if own(0.6):
            self.put(" " + self.r.choice(["@@property\n def w(self): return self.p + 'w'", "@@staticmethod\n def st(v): return v\n w = 'W'", "w = p" if "p = " in self.out[-4] else "w = 'X'", "w = 'W'"]).replace("@@", "\0"))
            self.out = [l.replace("\0", "@") for l in self.out]
        if own(0.5):
            self.put(" def m(self, v): return " + self.r.choice(["self.p + v", "v + self.q", "super().m(v) + 'u'" if base else "v", "self.l.append(v) or str(self.l)", "v + str(len(l0))", "v + self.__class__.q"]))
        if own(0.5):
            self.put(" def set(self, v): self." + self.r.choice(["p", "q"]) + " = v")
        if own(0.2):
            self.put(" def __str__(self): return 'S' + self." + self.r.choice(["p", "q"]))
        self.classes.append(c)
        self.put(f"{o} = {c}(@k)")
        a = ["p", "q"]
        self.add("T", *(f"{x}.{self.r.choice(a)}" for x in (o, c, o)), f"{o}.m(@T)", f"str({o})", f"{o}.w", f"{c}(@T).{self.r.choice(['p', 'q', 'w'])}", f"{c}(@k).m(@k)", f"str({o}.l)")
        self.add("Z", f"{o}.{self.r.choice(a)} = @T", f"{c}.{self.r.choice(a)} = @T", f"{o}.p += @T", f"{o}.l.append(@T)", f"{o}.set(@T)", f"setattr({o}, 'q', @T)", f"{c}.m = lambda self, v: v + @k", f"{c}.l.append(@k)", f"{o} = {c}(@T)" if not self.in_func else "pass")

    def program(self):
        self.put("import os")
        for x in TEXTS:
            self.put(f"{x} = @k")
        for x in NUMS:
            self.put(f"{x} = @#")
        for x in LISTS:
            self.put(f"{x} = [@k, @k, @k]" if self.chance(0.7) else f"{x} = [@k]")
        self.put("d0 = {'a': 'A', 'b': 'B'}")
        self.put(self.r.choice(["d1 = {}", "d1 = d0", "d1 = {'cd': 'x'}"]))
        for _ in range(self.r.randint(3, 9)):
            self.r.choice([self.function, self.klass, self.statement, self.statement, self.statement, self.statement])()
        for x in self.r.sample(LEAVES["X"], 4):
            self.sink(f"str({x})")
        self.sink()
        self.sink()
        return "\n".join(self.out) + "\n"
