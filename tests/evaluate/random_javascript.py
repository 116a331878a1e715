# SPDX-License-Identifier: Apache-2.0
"""Random small JavaScript programs that mix what makes a value change: hoisting, aliases, closures, prototypes, jumps, this."""
import copy

from random_grammar import Grammar

TEXTS, NUMS, LISTS, OBJECTS = ["s0", "s1", "s2"], ["n0", "n1"], ["l0", "l1", "l2"], ["o0", "o1"]
LEAVES = {
    "k": ["'a'", "'b'", "'cd'", "''", "'e1'", "'7'"],
    "S": TEXTS, "I": NUMS, "L": LISTS, "O": OBJECTS, "X": [*TEXTS, *NUMS, *LISTS, *OBJECTS],
    "T": ["@k", "@k", "@S", "@S", "@S"], "N": ["1", "2", "3", "0", "-1", "@I", "@I", "7"],
    "C": ["process.pid > 0", "process.pid < 0", "@S", "true", "@L.length", "@L.includes(@k)"],
    "A": ["[@k, @k]", "@L", "@L.slice()"], "K": ["a", "b", "cd"], "v": ["v", "s0", "c"],
}
RULES = {
    "C": ["process.pid > 0", "process.pid < 0", "process.pid > 0", "@N @o @N", "@L.includes(@k)", "@T === @T", "!@L.length", "@S", "@k in @O", "@L === @L", "@T == @N", "(@C && @C)", "!(@C)", "@O.@K", "(@T || @N)", "typeof @S === 'string'", "@T < @T", "@L[9]", "@O === @O"],
    "o": ["<", ">", "==", "!==", "<=", "==="], "p": ["+", "-", "*", "%", "&", "|", "^", "<<", "+"],
    "N": ["@S.length", "@L.length", "(@N @p @#)", "@L.indexOf(@k)", "(@C ? @N : @N)", "(n1 = @N)", "(-@N)", "@S.charCodeAt(0)", "parseInt(@T)", "@I++", "++@I", "@I--", "(@T, @N)", "+@T", "@T * @N", "@T - @N", "~~@N", "+!@T"],
    "T": ["(@T + @T)", "@L.join('-')", "@L.join('')", "String(@N)", "('' + @N)", "('' + @L)", "JSON.stringify(@O)", "JSON.stringify(@L)", "(@C ? @T : @T)", "(@T || @T)", "(@T && @T)", "(@L[7] ?? @T)", "(s1 = @T)", "(@O.@K || @T)", "('' + @O.@K)", "@T.split('').reverse().join('')",
          "@T.toUpperCase()", "@T.replace('a', @T)", "`${@S}-${@I}`", "@L.map(v => v + @T).join('')", "@L.map(@v => @v + 'k').join(',')", "@L.filter(v => v !== @k).join('')", "(v => v + @S)(@T)", "(() => @S + @k)()", "(function (v) { return v + @k; })(@T)", "@L.slice(1).join('')", "@L[0]", "@L[@L.length - 1]",
          "@L.pop()", "@L.shift()", "@L.concat([@T]).join('')", "Object.keys(@O).join(',')", "Object.values(@O).join(',')", "String(@L.reverse())", "[...@L].sort().join('')", "[...@T].join('-')", "@L.splice(0, 1).join('')", "(@N + @T)", "(@T + @N)", "(@N + @N + @T)", "({ ...@O, a: @T }).a", "[@T, @T][@C ? 1 : 0]",
          "@L.reduce((a, b) => a + b, @k)", "(@S += @T)", "(@S ||= @T)", "(@S &&= @T)", "(([v, w = 'W']) => v + w)(@L)", "(({ a, b = @T }) => a + b)(@O)", "((a, ...r) => a + r.join(''))(...@L)", "String(@C)", "typeof @L[@#]", "(function () { return arguments.length + arguments[0]; })(@T, @T)", "@L.at(-1)", "(@T, @T)",
          "String(@L.push(@T))", "String([1, [2, @T]])", "('' + [] + {})", "String(@L.unshift(@T))", "((a, b = a + @k) => b)(@T)", "String(void @T)", "String(null + @T)"],
    "A": ["[@*]", "[@*]", "@L", "@L.slice()", "[...@L]", "@L.concat(@T)", "@L.map(v => v + 'k')", "@T.split('')", "(@C ? @L : [@*])", "@L.filter(v => v)", "[...@L, @T]", "Array.from(@L)", "(@L || [])", "Object.keys(@O)"],
    "M": ["{ @K: @T, @K: @T }", "@O", "Object.assign({}, @O)", "{ ...@O, @K: @T }", "{ [@T]: @T }", "{}", "Object.assign(@O, { @K: @T })", "{ get a() { return @S; }, b: @k }", "(@O || {})", "Object.create(@O)"],
    "Z": ["@S = @T;", "@S = @T;", "@S = @T;", "@S += @T;", "@I = @N;", "@I += @N;", "@I++;", "--@I;", "@L = @A;", "@L = @A;", "@O = @M;", "@L.push(@T);", "@L.push(@T);", "@L.unshift(@T);", "@L.pop();", "@L.shift();", "@L.splice(@#, 1);", "@L.splice(1, 0, @T);", "@L.sort();", "@L.reverse();", "@L.push(@L.shift());",
          "@L[0] = @T;", "@L[@#] = @T;", "@L.length = 1;", "@O.@K = @T;", "@O.@K = @T;", "@O[@k] = @T;", "delete @O.@K;", "Object.assign(@O, @M);", "[@S, @S] = [@T, @T];", "[s0, s1] = [s1, s0];", "[l0, l1] = [l1, l0];", "[@S, ...@L] = @A;", "[@S = @T, , @S = 'D'] = @A;", "({ a: @S = @T } = @O);", "({ a: s0, ...o1 } = @O);",
          "@S = @S = @T;", "@L[0] += @T;", "@O.@K += @T;", "@L.fill(@T);", "(() => @L.push(@T))();", "@L.forEach(v => { @S += v; });", "@S = @L.pop();", "for (@S of @L) ;", "for (@S in @O) ;", "if (@C) @S = @T;", "if (@C) @L.push(@T);", "@C && (@S = @T);", "@C || @L.push(@T);", "@S = @C ? '' : @T;", "l1 = [l0, l2][@C ? 1 : 0];",
          "o0.l = l0; o0.l.push(@T);", "var h = [l1]; h[0].push(@T);", "var q = { l: l2 }; q.l.reverse();", "o0 = o1;", "@I = @L.push(@T);", "[@L[0], @L[1]] = [@L[1], @L[0]];", "var e = @L.push.bind(@L); e(@T);", "Array.prototype.push.call(@L, @T);", "@L.forEach((v, i, a) => { a[i] = v + @k; });",
          "@O = { @K: @k };", "@L = [];", "globalThis.gg = @T; @S = gg;", "(function () { @S = @T; })();", "(function (s0) { s0 = @T; })(@S);", "@S = (@O.@K = @T);", "@L.sort((a, b) => (a < b ? 1 : -1));", "@L.copyWithin(0, 1);", "Object.defineProperty(@O, 'a', { value: @T, writable: true, configurable: true, enumerable: true });"],
    "J": ["null.x;", "throw @T;", "throw new Error(@T);", "nosuch();", "l0.x.y;"],
}


class JavaScript(Grammar):
    throw, idle = "throw @T", ""

    def __init__(self, rnd):
        super().__init__(rnd, copy.deepcopy(RULES), copy.deepcopy(LEAVES), 3)
        self.classes, self.loops, self.in_func = [], 0, False

    def add(self, name, *rules):
        self.rules[name] += [r for r in rules for _ in range(3)]

    def block(self, n=3):
        self.depth += 1
        if self.chance(0.15):
            self.put(self.r.choice(["let s0 = @k;", "const s1 = @k;", "let s2;", "let l0 = [@k];"]) if not self.flat else "")
        for _ in range(self.r.randint(1, n)):
            self.statement()
        self.depth -= 1

    flat, end = False, ";"

    def compound(self):
        r = self.r.randint(0, 13)
        if r <= 2:
            self.put("if (@C) {")
            self.block()
            if self.chance(0.3):
                self.put("} else if (@C) {")
                self.block()
            if self.chance(0.5):
                self.put("} else {")
                self.block()
            self.put("}")
        elif r <= 6:
            k = self.fresh("k")
            self.put(self.r.choice(["for (const v of @L.slice(0, 3)) {", "for (@S of [@T, @T]) {", f"for (let {k} = 0; {k} < 3; {k}++) {{", f"for (var {k} = 0; {k} < @#; ++{k}) {{", "for (const v in @O) {", f"var {k} = 0; while ({k}++ < 3) {{", f"var {k} = 0; while ({k}++ < 4 && @C) {{",
                                    "for (const [n0, s0] of @L.slice(0, 2).entries()) {", "for (let s0 of [@T, @k]) {", f"for (var {k} = 0, {k}s = @k; {k} < 2; {k}++, s2 += {k}s) {{", f"for (let {k} = 0, s0 = @k; {k} < 2; {k}++) {{"]))
            self.loop()
            self.put("}")
        elif r == 7:
            k = self.fresh("k")
            self.put(f"var {k} = 0; do {{")
            self.loop()
            self.put(f"}} while ({k}++ < 2 && @C);")
        elif r <= 9:
            self.put("try {")
            self.block()
            if self.chance(0.5):
                self.put(" @J")
            caught = self.chance(0.8)
            if caught:
                self.put(self.r.choice(["} catch (x) {", "} catch {", "} catch (s0) {"]))
                self.block(2)
            if not caught or self.chance(0.4):
                self.put("} finally {")
                self.block(2)
            self.put("}")
        elif r == 10:
            self.put("switch (@T) {")
            self.flat, was = True, self.flat
            for p in self.r.sample(["case 'a':", "case s0:", "default:", "case '':", "case @T:"], 3):
                self.put(" " + p)
                self.depth += 1
                self.block(2)
                if self.chance(0.6):
                    self.put(" break;")
                self.depth -= 1
            self.flat = was
            self.put("}")
        elif r == 11:
            label = self.fresh("L")
            self.put(label + ": {")
            self.block(2)
            self.put(f" if (@C) break {label};")
            self.block(2)
            self.put("}")
        elif r == 12:
            a, b = self.fresh("k"), self.fresh("k")
            label = self.fresh("L")
            self.put(f"{label}: for (var {a} = 0; {a} < 2; {a}++) {{\n for (var {b} = 0; {b} < 2; {b}++) {{\n  @Z\n  if (@C) {self.r.choice(['continue', 'break'])} {label};\n  @Z\n }}\n @Z\n}}")
        elif self.in_func:
            self.put("@Z")
        else:
            self.function()

    def loop(self):
        self.loops += 1
        self.block()
        if self.chance(0.5):
            self.put(" if (@C) {")
            if self.chance(0.5):
                self.put("  @Z")
            self.put(self.r.choice(["  break;", "  continue;"]))
            self.put(" }")
            self.block(2)
        self.loops -= 1

    def function(self):
        f, a = self.fresh("f"), self.r.choice(["a", "s0", "s1"])
        generator = self.chance(0.15)
        more = self.r.choice(["", "", ", b = @k", ", b = " + a, ", ...rest", ", { a: q = @k, ...r } = {}", ", [u = @k, w] = []"])
        form = self.r.randint(0, 3) if not generator and self.depth == 0 else 0
        head = [f"function{'*' if generator else ''} {f}({a}{more}) {{", f"const {f} = ({a}{more}) => {{", f"var {f} = function ({a}{more}) {{", f"let {f} = function g({a}{more}) {{"][form]
        self.put(head)
        was, self.in_func, self.loops, self.depth = (self.loops, self.in_func), True, 0, self.depth + 1
        mine = [x for x in (*TEXTS, *NUMS, *LISTS, *OBJECTS) if x != a and self.chance(0.4)]
        late = []
        for x in mine:
            line = f"{self.r.choice(['var', 'let', 'var'])} {x} = " + {"s": "@k", "n": "@#", "l": "[@k, @k]", "o": "{ a: @k }"}[x[0]] + ";"
            (late if line[0] == "v" and self.chance(0.2) else [self.put(line)]).append(line)
        if self.chance(0.15) and form in (0, 2) and not more:
            self.put("arguments[0] = @T;")
        for _ in range(self.r.randint(1, 4)):
            self.statement()
        for line in late:
            self.put(line)
        local = [x for x in mine if x[0] == "s"]
        if local and self.chance(0.4) and not generator:
            g, x = self.fresh("g"), self.r.choice(local)
            self.put(self.r.choice([f"function {g}(c = 'k') {{ {x} = {x} + c; return {x} + {a}; }}", f"var {g} = (c = 'k') => ({x} += c);", f"var {g} = (c = 'k') => {{ {x} += c; return c + {x}; }};"]))
            self.put(self.r.choice([f"{g}();", f"{x} = {g}(@k);", f"{x} += 'q';", ";"]))
            self.put("return " + self.r.choice([f"{g}()", x, f"{g}() + {x}", f"{x} + {g}()", f"['a', 'b'].map({g}).join('')"]) + ";")
        for _ in range(self.r.randint(1, 2) if generator else 0):
            self.put("yield @T;")
            self.put("@Z")
        self.put("return @T;")
        self.depth, self.loops, self.in_func = self.depth - 1, *was
        self.put("}")
        if generator:
            self.add("T", f"[...{f}(@T)].join('.')", f"{f}(@T).next().value")
            self.add("Z", f"for (@S of {f}(@k)) ;")
        elif self.depth == 0 and not self.flat:
            self.add("T", f"{f}(@T)", f"{f}(@T)", f"{f}()", f"{f}.call(null, @T)", f"@L.map(v => {f}(v)).join('')", f"{f}(@T, @O)" if "{" in more else f"{f}(@T, @L)" if "[" in more else f"{f}(@T, @T)")
            self.add("Z", f"@S = {f}(@T);", f"{f}(@T);", f"@L.forEach(v => {f}(v));")

    def closures(self):
        h, k = self.fresh("h"), self.fresh("k")
        self.put(f"var {h} = [];")
        self.put(self.r.choice([f"for ({self.r.choice(['var', 'let'])} {k} = 0; {k} < 3; {k}++) {h}.push(() => '' + {k});", f"for (const v of @L.slice(0, 3)) {h}.push(() => v + @k);", f"for (var {k} of ['p', 'q']) {h}.push(() => {k} + s0);"]))
        self.add("T", f"{h}.map(f => f()).join('')", f"{h}[0]()")

    def klass(self):
        c, o = self.fresh("C"), self.fresh("p")
        base = self.r.choice(self.classes) if self.classes and self.chance(0.6) else ""
        form = self.r.randint(0, 2)
        a = ["p", "q"]
        if form:
            self.put(f"class {c}{' extends ' + base if base else ''} {{")
            own = lambda p: not base or self.chance(p)
            if own(0.4):
                self.put(" p = @T;")
            if own(0.4):
                self.put(" q = @k;")
            self.put(self.r.choice([" static q = @k;", ""]))
            if own(0.5):
                self.put(" constructor(a) { " + ("super(a); " if base else "") + self.r.choice(["this.p = a;", "this.q = a + this.q;", "this.l = [a];"]) + " }")
            if own(0.6):
                self.put(self.r.choice([" get w() { return this.p + 'w'; }", " static st(v) { return v + this.q; }", " w = 'W';", " set w(v) { this.p = v + 's'; }"]))
            if own(0.5):
                self.put(" m(v) { return " + self.r.choice(["this.p + v", "v + this.q", "super.m(v) + 'u'" if base else "v", "v + l0.length", "(this.q = v)"]) + "; }")
            if own(0.5):
                self.put(" set(v) { this." + self.r.choice(a) + " = v; }")
            if own(0.3):
                self.put(" toString() { return 'S' + this." + self.r.choice(a) + "; }")
            self.put("}")
            self.classes.append(c)
        else:
            self.put(f"function {c}(a) {{ this.p = a; {self.r.choice(['this.q = @k;', ''])} }}")
            self.put(f"{c}.prototype.m = function (v) {{ return {self.r.choice(['this.p + v', 'v', 'this.q + v'])}; }};")
            self.put(self.r.choice([f"{c}.prototype.q = @k;", f"{c}.prototype.set = function (v) {{ this.q = v; }};"]))
        self.put(f"var {o} = new {c}(@k);")
        self.add("T", *(f"('' + {x}.{self.r.choice(a)})" for x in (o, c, o)), f"{o}.m(@T)", f"('' + {o}.w)", f"('' + new {c}(@T).{self.r.choice(['p', 'q', 'w'])})", f"new {c}(@k).m(@k)", *([f"('' + {o})"] if form else []))
        self.add("Z", f"{o}.{self.r.choice(a)} = @T;", f"{c}.{self.r.choice(a)} = @T;", f"{o}.p += @T;", f"{o}.w = @T;", f"{o}['q'] = @T;", f"{c}.prototype.m = function (v) {{ return v + @k; }};", f"{c}.prototype.q = @T;", f"{o} = new {c}(@T);", f"{o}.m = v => v + @k;")

    def methods(self):
        o = self.fresh("b")
        self.put(f"var {o} = {{ p: @k, get q() {{ return this.p + 'g'; }}, set q(v) {{ this.p = v; }}, m(v) {{ return this.p + v; }}, f: v => v + @S, n: {{ p: @k }}, toString() {{ return 'T' + this.p; }} }};")
        self.add("T", f"{o}.p", f"{o}.q", f"{o}.m(@T)", f"{o}.f(@T)", f"{o}.n.p", f"('' + {o})", f"{o}.m.call({{ p: @k }}, @T)")
        self.add("Z", f"{o}.p = @T;", f"{o}.q = @T;", f"{o}.m = v => v + @k;", f"{o}.n.p = @T;", f"{o}.n = {{ p: @T }};", f"{o}['p'] += @T;")

    def program(self):
        for x in TEXTS:
            self.put(f"{self.r.choice(['var', 'let'])} {x} = @k;")
        for x in NUMS:
            self.put(f"var {x} = @#;")
        for x in LISTS:
            self.put(f"{self.r.choice(['var', 'let'])} {x} = " + ("[@k, @k, @k];" if self.chance(0.7) else "[@k];"))
        self.put("var o0 = { a: 'A', b: 'B' };")
        self.put(self.r.choice(["var o1 = {};", "let o1 = o0;", "var o1 = { cd: 'x' };"]))
        if self.chance(0.04):
            self.put(self.r.choice(["Array.prototype.join = function () { return 'J'; };", "String.prototype.toUpperCase = () => 'U';", "JSON.stringify = () => 'JS';", "Array.prototype.map = function () { return ['M']; };", "Object.keys = () => ['K'];"]))
        for _ in range(self.r.randint(3, 9)):
            self.r.choice([self.function, self.klass, self.methods, self.closures, self.statement, self.statement, self.statement, self.statement])()
        for x in self.r.sample(LEAVES["X"], 4):
            self.sink(f"JSON.stringify({x})" if x[0] in "lo" else f"String({x})")
        self.sink()
        self.sink()
        return "\n".join(self.out) + "\n"
