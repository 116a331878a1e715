# SPDX-License-Identifier: Apache-2.0
"""Random programs from a grammar of JavaScript (with JSX or TypeScript), as lists of tokens, and how they are printed with
odd white space, comments and line ends. Not every program is legal (early errors are not modelled): the reference says."""
import random

from grammar_types import Types

NAMES = "a b c f g x $ _y é 变 \\u0061z async of get set static from as type let await yield target using".split()
WEIGHTS = [12, 12, 12, 12, 12, 12, 3, 3, 1, 1, 1, 2, 2, 2, 2, 1, 2, 1, 1, .3, .2, .2, 1, 1]
PROPERTIES = NAMES + "if class return new delete typeof default in this null await yield".split()
BINARY = [("??", 1), ("||", 2), ("&&", 3), ("|", 4), ("^", 5), ("&", 6), ("==", 7), ("!==", 7), ("<", 8), (">", 8), ("<=", 8), ("in", 8),
          ("instanceof", 8), ("<<", 9), (">>", 9), (">>>", 9), ("+", 10), ("-", 10), ("*", 11), ("/", 11), ("%", 11)]
STRINGS = ['"s"', "'s'", '"\\n\\x41\\u{1F600}"', "'it\\'s'", '"//"', "'/*'", '"`${"', "'</a>'", '""', '"é😀"', "'\\\n'", '"\\uD83D"', "'use strict'", '"}"']
NUMBERS = "0 1 1.5 .5 5. 1e3 0x1F 0b1 0o7 1_000 10n 0xFn 1E-5".split()
REGEXES = ['/r/', '/[/"]/g', "/\\//u", "/'/", "/(?<n>`)/", "/=/", "/[\\]}]/i", "/{}/"]
PIECES = ["", "", "t", " $ ", "\\`", "\\${", "{", "é\n", "//", "'", '"', "\\u{41}", "$"]
TEXTS = ["t", " ", "\n  ", "it's", "a // b", "&amp;", "&#65;", "\n t \n", "é", "/", '"']
NO_LINE = "\0nl"  # no line end here
GLUE = "\0"  # nothing at all here


class Grammar(Types):
    def __init__(self, rng, language):
        self.r = rng
        self.ts = language in ("ts", "tsx")
        self.jsx = language in ("jsx", "tsx")
        self.left = 0
        self.await_ = self.yield_ = self.loop = self.no_in = False
        self.member = False  # super.x may stand here

    def pick(self, *choices):
        """One of (weight, function); nothing deep once the budget is used up: the first is the plain one."""
        self.left -= 1
        if self.left < 0:
            return choices[0][1]()
        return self.r.choices([c[1] for c in choices], [c[0] for c in choices])[0]()

    def some(self, make, most=3, between=(",",)):
        out = []
        for i in range(self.r.randint(0, most if self.left > 0 else 1)):
            out += list(between) * bool(i) + make()
        return out

    def chance(self, p):
        return self.r.random() < p and self.left > 0

    def name(self):
        return [self.r.choices(NAMES, WEIGHTS)[0]]

    def property(self):
        return [self.r.choice(PROPERTIES)]

    # ---- expressions
    def primary(self):
        r = self.r
        return self.pick(
            (10, self.name), (4, lambda: [r.choice(STRINGS)]), (2, lambda: [r.choice(NUMBERS)]), (2, lambda: [r.choice(REGEXES)]),
            (1, lambda: [r.choice(["this", "null", "true", "false"])]), (2, self.template), (2, self.array), (3, self.object),
            (2, lambda: ["("] + self.expression() + [")"]), (1, self.function), (1, self.klass),
            (1 if self.jsx else 0, self.element), (.5, lambda: ["import", "("] + self.assign() + [")"]),
            (.3, lambda: ["import", ".", "meta"]), (.5 if self.member else 0, lambda: ["super", "."] + self.property()))

    def template(self):
        out = ["`" + self.r.choice(PIECES)]
        for _ in range(self.r.randint(0, 2) if self.left > 0 else 0):
            out[-1] += "${"
            out += self.free(self.expression) + ["}" + self.r.choice(PIECES)]
        out[-1] += "`"
        return out

    def free(self, make):
        """Inside brackets `in` is an operator again."""
        was, self.no_in = self.no_in, False
        out = make()
        self.no_in = was
        return out

    def array(self):
        return ["["] + self.free(lambda: self.some(lambda: self.pick((6, self.assign), (1, lambda: ["..."] + self.assign()), (.5, lambda: [])))) + ["]"]

    def key(self):
        return self.pick((6, self.property), (2, lambda: [self.r.choice(STRINGS)]), (1, lambda: [self.r.choice(NUMBERS)]),
                         (1, lambda: ["["] + self.free(self.assign) + ["]"]))

    def object(self):
        def item():
            return self.pick((4, self.name), (6, lambda: self.key() + [":"] + self.assign()), (1, lambda: ["..."] + self.assign()),
                             (2, self.method), (.3, lambda: self.name() + ["="] + self.assign()) if self.chance(.02) else (1, self.name))
        items = self.free(lambda: self.some(item))
        return ["{"] + items + ([","] if items and self.chance(.1) else []) + ["}"]

    def method(self, private=False):
        kind = self.r.choice([[], [], [], ["async", NO_LINE], ["*"], ["async", NO_LINE, "*"], ["get"], ["set"]])
        key = ["#p"] if private and self.chance(.2) else self.key()
        params = [] if kind == ["get"] else self.binding() if kind == ["set"] else None
        return kind + key + self.callable(params, "async" in kind, "*" in kind, True)

    def callable(self, params=None, asynchronous=False, generator=False, member=False):
        was = self.await_, self.yield_, self.loop, self.member, self.no_in
        self.await_, self.yield_, self.loop, self.no_in = asynchronous, generator, False, False
        self.member = member
        head = (self.type_params() if self.ts and params is None else []) + ["("] + (self.params() if params is None else params) + [")"]
        out = head + (self.annotation(.3, returns=True) if self.ts else []) + ["{"] + self.statements(3) + ["}"]
        self.await_, self.yield_, self.loop, self.member, self.no_in = was
        return out

    def params(self):
        out = self.some(self.param)
        if self.chance(.2):
            out += [","] * bool(out) + ["..."] + self.binding() + (self.annotation(.3) if self.ts else [])
        return out

    def param(self):
        out = self.binding()
        if self.ts:
            out += (["?"] if self.chance(.1) else []) + self.annotation(.3)
            if "?" == out[-1]:
                return out
        return out + (["="] + self.assign() if self.chance(.2) else [])

    def binding(self):
        def part():
            return self.binding() + (["="] + self.free(self.assign) if self.chance(.2) else [])

        def prop():
            return self.pick((3, self.name), (3, lambda: self.key() + [":"] + part()), (1, lambda: self.name() + ["="] + self.free(self.assign)))
        return self.pick((8, self.name), (1, lambda: ["["] + self.some(lambda: self.pick((4, part), (1, lambda: []))) + ["]"]),
                         (1, lambda: ["{"] + self.some(prop) + ["}"]))

    def target(self):
        """What may stand left of `=`."""
        def part():
            return self.target() + (["="] + self.free(self.assign) if self.chance(.2) else [])

        def prop():
            return self.pick((3, self.name), (3, lambda: self.key() + [":"] + part()))
        return self.pick((8, self.name), (3, lambda: self.call() + ["."] + self.property()), (1, lambda: self.call() + ["["] + self.free(self.expression) + ["]"]),
                         (1, lambda: ["["] + self.some(lambda: self.pick((4, part), (1, lambda: []))) + ["]"]),
                         (1, lambda: ["{"] + self.some(prop) + ["}"]))

    def function(self):
        asynchronous, generator = self.chance(.3), self.chance(.3)
        return (["async", NO_LINE] if asynchronous else []) + ["function"] + (["*"] if generator else []) + \
            (self.name() if self.chance(.4) else []) + self.callable(None, asynchronous, generator)

    def klass(self, named=None):
        out = ["class"] + (named or (self.name() if self.chance(.4) else []))
        out += self.type_params() if self.ts and out[-1] != "class" else []
        if self.chance(.3):
            out += ["extends"] + self.call()
        out += ["implements"] + self.named_type() if self.ts and self.chance(.1) else []
        return out + ["{"] + self.some(self.class_member, 4, ()) + ["}"]

    def class_member(self):
        was = self.member, self.await_, self.yield_, self.no_in
        self.member, self.no_in = True, False
        out = (["@"] + self.decorator()) if self.ts and self.chance(.1) else []
        out += self.modifiers() if self.ts and self.chance(.3) else []
        out += ["static"] if self.chance(.2) else []
        self.await_ = self.yield_ = False
        out += self.pick((4, lambda: self.method(True)), (3, self.field), (.5, lambda: [";"]), (.5, lambda: ["{"] + self.statements(2) + ["}"]) if "static" in out else (1, self.field))
        self.member, self.await_, self.yield_, self.no_in = was
        return out

    def decorator(self):
        return self.name() + (["("] + self.arguments() + [")"] if self.chance(.5) else [])

    def field(self):
        out = self.pick((1, lambda: ["#p"]), (5, self.key))
        out += self.annotation(.4) if self.ts else []
        return out + (["="] + self.assign() if self.chance(.6) else []) + [";" if self.chance(.7) else "\n"]

    def arguments(self):
        return self.free(lambda: self.some(lambda: self.pick((6, self.assign), (.5, lambda: ["..."] + self.assign()))))

    def call(self):
        def on(part):
            return lambda: self.call() + part()
        parts = [lambda: ["("] + self.arguments() + [")"], lambda: ["."] + self.property(), lambda: ["["] + self.free(self.expression) + ["]"],
                 lambda: ["?."] + self.property(), lambda: ["?.", "("] + self.arguments() + [")"], self.template,
                 lambda: [NO_LINE, "!"] if self.ts else ["."] + self.property(),
                 lambda: (self.type_arguments() if self.ts else []) + ["("] + self.arguments() + [")"]]
        return self.pick((6, self.primary), (6, on(parts[0])), (5, on(parts[1])), (2, on(parts[2])), (1, on(parts[3])), (.5, on(parts[4])),
                         (.5, on(parts[5])), (.3, on(parts[6])), (.6, on(parts[7])), (1, self.new))

    def new(self):
        return ["new"] + self.pick((4, self.name), (2, lambda: self.name() + ["."] + self.property()), (1, lambda: ["("] + self.free(self.expression) + [")"])) + \
            (["("] + self.arguments() + [")"] if self.r.random() < .8 else [])

    def unary(self):
        r = self.r
        return self.pick(
            (12, self.call), (2, lambda: [r.choice(["!", "-", "+", "~", "typeof", "void", "delete"])] + self.unary()),
            (.7, lambda: [r.choice(["++", "--"])] + self.name()), (.7, lambda: self.name() + [NO_LINE, r.choice(["++", "--"])]),
            (3 if self.await_ else 0, lambda: ["await"] + self.unary()), (.5, lambda: self.name() + ["**"] + self.call()),
            (.4 if self.ts and not self.jsx else 0, lambda: ["<"] + self.type() + [">"] + self.unary()))

    def binary(self, least=0):
        if self.no_in or not self.chance(.4):
            return self.unary()
        op, prec = self.r.choice([b for b in BINARY if b[1] >= least] or [("*", 11)])
        if op == "??":
            return self.unary() + [op] + self.unary()
        left = self.binary(prec) if op not in ("||", "&&") else self.unary()
        right = self.binary(prec + 1) if op not in ("||", "&&") else self.unary()
        out = left + [op] + right
        return out + [NO_LINE, self.r.choice(["as", "satisfies"])] + self.type() if self.ts and self.chance(.1) else out

    def conditional(self):
        return self.pick((10, self.binary), (1, lambda: self.binary() + ["?"] + self.free(self.assign) + [":"] + self.assign()))

    def arrow(self):
        asynchronous = self.chance(.3)
        was = self.await_, self.yield_, self.loop
        self.await_, self.yield_, self.loop = asynchronous, False, False
        out = ["async", NO_LINE] if asynchronous else []
        if self.chance(.4):
            out += self.name()
        else:
            out += self.type_params() if self.ts else []
            out += ["("] + self.free(self.params) + [")"] + (self.annotation(.3, returns=True) if self.ts else [])
        out += [NO_LINE, "=>"]
        body = self.pick((4, self.plain), (3, lambda: ["{"] + self.free(lambda: self.statements(2)) + ["}"]), (1, lambda: ["("] + self.object() + [")"]))
        self.await_, self.yield_, self.loop = was
        return out + body

    def plain(self):
        """An assignment expression that no statement would take for something else."""
        out = self.assign()
        return ["("] + out + [")"] if out[0] in ("{", "function", "class", "async", "let", "import", "@", "<", "[") else out

    def assign(self):
        op = self.r.choice(["=", "=", "=", "+=", "||=", "??=", ">>>=", "/="])
        return self.pick((14, self.conditional), (2, lambda: (self.target() if op == "=" else self.name()) + [op] + self.assign()), (2, self.arrow),
                         (2 if self.yield_ else 0, lambda: ["yield"] + self.pick((1, lambda: []), (2, lambda: [NO_LINE] + self.assign()), (1, lambda: [NO_LINE, "*"] + self.assign()))))

    def expression(self):
        return self.pick((8, self.assign), (1, lambda: self.assign() + [","] + self.assign()))

    def element(self):
        r = self.r
        tag = r.choice(["a", "A", "A.b", "a-b", "a:b", "this.c", ""])
        attributes = []
        for _ in range(r.randint(0, 2) if tag else 0):
            attributes += self.pick((2, lambda: ["b", "=", '"c&amp;\nd"']), (1, lambda: ["e-f"]), (2, lambda: ["g", "=", "{"] + self.free(self.assign) + ["}"]),
                                    (1, lambda: ["{", "..."] + self.free(self.assign) + ["}"]))
        if tag and self.chance(.3):
            return ["<", tag] + attributes + ["/", GLUE, ">"]
        out = ["<", tag] + attributes + [">", GLUE] if tag else ["<", ">", GLUE]
        for _ in range(r.randint(0, 3)):
            out += self.pick((2, lambda: [r.choice(TEXTS)]), (1, self.element), (2, lambda: ["{"] + self.free(self.assign) + ["}"]), (.3, lambda: ["{", "/*c*/", "}"])) + [GLUE]
        return out + ["<", "/", tag, ">"]

    # ---- statements
    def statements(self, most):
        return [t for _ in range(self.r.randint(0, most if self.left > 0 else 1)) for t in self.statement()]

    def block(self):
        return ["{"] + self.statements(3) + ["}"]

    def end(self):
        return [";"] if self.r.random() < .7 else ["\n"]

    def body(self):
        was, self.loop = self.loop, True
        out = self.pick((2, self.block), (2, lambda: self.plain() + [";"]), (.3, lambda: [";"]))
        self.loop = was
        return out

    def declaration(self):
        return [self.r.choice(["var", "let", "const"])] + self.declarator(True) + ([","] + self.declarator(True) if self.chance(.2) else [])

    def declarator(self, init):
        return self.binding() + (self.annotation(.3) if self.ts else []) + (["="] + self.assign() if init else [])

    def statement(self):
        r = self.r
        out = self.pick(
            (10, lambda: self.plain() + self.end()), (5, lambda: self.declaration() + self.end()), (1, self.block),
            (2, lambda: ["if", "("] + self.expression() + [")"] + self.pick((2, self.block), (1, lambda: self.plain() + [";"])) + (["else"] + self.body() if self.chance(.4) else [])),
            (1, self.loops), (1, lambda: ["return", NO_LINE] + self.expression() + self.end()), (.5, lambda: ["throw", NO_LINE] + self.expression() + self.end()),
            (1, lambda: ["try"] + self.block() + self.pick((1, lambda: ["catch", "("] + self.binding() + [")"] + self.block()), (1, lambda: ["catch"] + self.block()),
                                                            (1, lambda: ["finally"] + self.block()))),
            (.7, self.switch), (1.5, self.declared_function), (1, lambda: self.klass(self.name())),
            (.5 if self.loop else 0, lambda: [r.choice(["break", "continue"]), ";"]), (.3, lambda: [r.choice(["l1", "l2"]), ":"] + self.body()),
            (.2, lambda: ["debugger"] + self.end()), (1.5 if self.ts else 0, self.type_statement), (.3, lambda: [r.choice(STRINGS)] + self.end()))
        return out

    def declared_function(self):
        asynchronous, generator = self.chance(.3), self.chance(.3)
        return (["async", NO_LINE] if asynchronous else []) + ["function"] + (["*"] if generator else []) + self.name() + self.callable(None, asynchronous, generator)

    def loops(self):
        def head(make):
            was, self.no_in = self.no_in, True
            out = make()
            self.no_in = was
            return out
        r = self.r
        kind = r.randint(0, 4)
        if kind == 0:
            return ["while", "("] + self.expression() + [")"] + self.body()
        if kind == 1:
            return ["do"] + self.body() + ["while", "("] + self.expression() + [")"] + self.end()
        if kind == 2:
            first = head(lambda: self.pick((2, self.declaration), (1, self.plain), (1, lambda: [])))
            return ["for", "("] + first + [";"] + self.some(self.expression, 1) + [";"] + self.some(self.expression, 1) + [")"] + self.body()
        left = head(lambda: self.pick((3, lambda: [r.choice(["var", "let", "const"])] + self.binding()), (1, self.target)))
        if left[0] in ("let", "async"):
            left = ["x"] if len(left) < 2 else left
        word = ["for", "await"] if self.await_ and kind == 3 and self.chance(.3) else ["for"]
        return word + ["("] + left + ["of" if kind == 3 else "in"] + self.assign() + [")"] + self.body()

    def switch(self):
        out = ["switch", "("] + self.expression() + [")", "{"]
        for _ in range(self.r.randint(0, 2)):
            out += ["case"] + self.expression() + [":"] + self.statements(2)
        return out + (["default", ":"] + self.statements(2) if self.chance(.4) else []) + ["}"]

    def module_item(self):
        r = self.r
        names = lambda: self.some(lambda: r.choice([["a"], ["a", "as", "b"], ["default", "as", "c"], ['"s t"', "as", "d"]] + ([["type", "e"], ["type", "as", "as", "g"]] if self.ts else [])), 2)  # noqa: E731
        tail = lambda: ["from", '"m"'] + (["with", "{", "type", ":", '"json"', "}"] if self.chance(.1) else []) + self.end()  # noqa: E731
        return self.pick(
            (1, lambda: ["import", '"m"'] + self.end()), (1, lambda: ["import", "d"] + tail()), (1, lambda: ["import", "{"] + names() + ["}"] + tail()),
            (1, lambda: ["import", "*", "as", "n"] + tail()), (1, lambda: ["import", "d", ",", "{"] + names() + ["}"] + tail()),
            (1, lambda: ["export", "*"] + tail()), (1, lambda: ["export", "*", "as", "ns"] + tail()),
            (1, lambda: ["export", "{"] + self.some(lambda: r.choice([["a"], ["a", "as", "b"], ["default"], ["default", "as", '"s"']]), 2) + ["}"] + tail()),
            (2, lambda: ["export"] + self.declaration() + self.end()), (1, lambda: ["export"] + self.declared_function()),
            (1, lambda: ["export"] + self.klass(self.name())), (1, lambda: ["export", "default"] + self.plain() + self.end()))

    def program(self, size):
        self.left = size
        out = []
        module = self.r.random() < .3
        while self.left > 0:
            out += self.module_item() if module and self.r.random() < .2 else self.statement()
        return out


WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$\\#é变"
SPACES = [" ", " ", " ", "  ", "\t", "/**/", "/* \"'` */", "\u00a0", "\ufeff"]
LINES = ["\n", "\n", "\r\n", "\r", "\u2028", "// ' \" ` }\n", "/*\n*/", "\n\n  "]


def printed(tokens, rng, odd):
    """odd: how often there is more between two tokens than must be."""
    out, last, line_ok = [], "", True
    for t in tokens:
        if t == NO_LINE:
            line_ok = False
            continue
        if t in (GLUE, ""):
            last = GLUE
            continue
        if last != GLUE and last:
            a, b = last[-1], t[0]
            must = (a in WORD or a == "/" and len(last) > 1) and (b in WORD or b == ".") or a in "+-*/<>=&|?!.:%^~@" and b in "+-*/<>=&|?!.:%^~@0123456789"
            if last == "?" and b in "0123456789":
                must = True
            if rng.random() < odd:
                sep = rng.choice(SPACES + LINES * line_ok)
                out.append(" " + sep if must or a == "/" else sep)
            elif must or (a == "/" and b in "/*"):
                out.append(" ")
        out.append(t)
        last, line_ok = t, True
    return "".join(out)


def program(seed, language):
    rng = random.Random(f"{language} {seed}")
    return Grammar(rng, language).program(rng.choice([10, 40, 40, 120])), rng
