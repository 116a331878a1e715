# SPDX-License-Identifier: Apache-2.0
"""How Python reaches a name (NAMES: program, path -> node), how its statements may stand (SHAPES: program -> nothing) and how
a text may be run (LAYERS: program, source text -> statement)."""
from program import Block, Bytes, Code, Int, Ref, Str, call, code, commas, render
from py_text import numbers, pieces

NAMES, SHAPES, LAYERS = {}, {}, {}


def into(table, name):
    def put(f):
        table[name] = f
        return f
    return put


def name(n):
    return into(NAMES, n)


def shape(n):
    return into(SHAPES, n)


def layer(n):
    return into(LAYERS, n)


def module_of(p, path):
    """An expression for the module that holds the name; builtins for `open`."""
    module = ".".join(path[:-1]) or "builtins"
    p.need("import " + module)
    return module


@name("import as")
def _(p, path):
    m, x = ".".join(path[:-1]) or "builtins", p.fresh()
    p.need(f"import {m} as {x}")
    return code(f"{x}.{path[-1]}")


@name("from import as")
def _(p, path):
    x = p.fresh()
    p.need(f"from {'.'.join(path[:-1]) or 'builtins'} import {path[-1]} as {x}")
    return Code([x])


@name("variable alias")
def _(p, path):
    x, y = p.fresh(), p.fresh()
    p.define(f"{x} = ", Ref(path), f"\n{y} = {x}")
    return Code([y])


@name("__import__")
def _(p, path):
    m = path[:-1] or ("builtins",)
    return code("__import__(", Str(m[0]), ").", ".".join(m[1:] + path[-1:])) if len(m) == 1 else code("__import__(", Str(".".join(m)), ", fromlist=['x']).", path[-1])


@name("importlib")
def _(p, path):
    m = Str(".".join(path[:-1]) or "builtins")
    if p.r.random() < 0.5:
        p.need("import importlib")
        return code("importlib.import_module(", m, ").", path[-1])
    x = p.fresh()
    p.need(f"from importlib import import_module as {x}")
    return code("getattr(", x, "(", m, "), ", Str(path[-1]), ")")


@name("getattr")
def _(p, path):
    return code("getattr(", module_of(p, path), ", ", Str(path[-1]), ")")


@name("getattr of __import__")
def _(p, path):
    m = path[:-1] or ("builtins",)
    inner = code("__import__(", Str(m[0]), ")") if len(m) == 1 else code("__import__(", Str(".".join(m)), ", None, None, [", Str(m[-1]), "])")
    return code("getattr(", inner, ", ", Str(path[-1]), ")")


@name("vars, __dict__")
def _(p, path):
    m = module_of(p, path)
    return code(p.r.choice([f"vars({m})", f"{m}.__dict__"]), "[", Str(path[-1]), "]")


@name("globals()")
def _(p, path):
    module = module_of(p, path)
    top, rest = module.split(".")[0], module.split(".")[1:]
    return code("globals()[", Str(top), "].", ".".join(rest + [path[-1]]))


@name("sys.modules")
def _(p, path):
    p.need("import sys")
    return code("sys.modules[", Str(module_of(p, path)), "].", path[-1])


@name("__builtins__")
def _(p, path):
    if len(path) != 1:
        return code("__builtins__.getattr(", module_of(p, path), ", ", Str(path[-1]), ")")
    p.need("import builtins")
    return p.r.choice([lambda: code("getattr(builtins, ", Str(path[0]), ")"), lambda: code("getattr(__builtins__, ", Str(path[0]), ")"),
                       lambda: code("builtins.__dict__[", Str(path[0]), "]"), lambda: code("vars(__builtins__)[", Str(path[0]), "]")])()


@name("dictionary dispatch")
def _(p, path):
    d, k = p.fresh(), p.r.choice(["a", "run", "go", "k1"])
    p.define(f"{d} = {{", Str(k), ": ", Ref(path), ", 'b': len, 'c': str}")
    return code(d, "[", Str(k), "]")


@name("list dispatch")
def _(p, path):
    d, at = p.fresh(), p.r.randint(0, 2)
    items = ["len", "str"]
    items.insert(at, Ref(path))
    p.define(f"{d} = [", *commas([x if isinstance(x, Ref) else Code([x]) for x in items]), "]")
    return code(d, "[", Int(at), "]")


@name("class attribute")
def _(p, path):
    x = p.fresh()
    p.define(f"class {x}:\n    go = staticmethod(", Ref(path), ")" if p.r.random() < 0.5 else ")\n    other = 1")
    return code(p.r.choice([f"{x}.go", f"{x}().go"]))


@name("instance attribute")
def _(p, path):
    x = p.fresh()
    p.define(f"class {x}:\n    def __init__(self):\n        self.go = ", Ref(path))
    return code(f"{x}().go")


@name("lambda around")
def _(p, path):
    if p.bare and path[-1] in ("exec", "eval"):
        return None  # what it binds would be the wrapper's
    x = p.fresh()
    p.define(f"{x} = lambda *a, **k: ", Ref(path), "(*a, **k)")
    return Code([x])


@name("function around")
def _(p, path):
    if p.bare and path[-1] in ("exec", "eval"):
        return None  # what it binds would be the wrapper's
    x = p.fresh()
    p.define(f"def {x}(*args, **names):\n    return ", Ref(path), "(*args, **names)")
    return Code([x])


@name("functools.partial")
def _(p, path):
    p.need("import functools")
    x = p.fresh()
    p.define(f"{x} = functools.partial(", Ref(path), ")")
    return Code([x])


@name("closure")
def _(p, path):
    if p.bare and path[-1] in ("exec", "eval"):
        return None  # what it binds would be the wrapper's
    x = p.fresh()
    p.define(f"def {x}():\n    inner = ", Ref(path), "\n    return lambda *a, **k: inner(*a, **k)")
    return code(f"{x}()")


@name("default argument")
def _(p, path):
    if p.bare and path[-1] in ("exec", "eval"):
        return None  # what it binds would be the wrapper's
    x = p.fresh()
    p.define(f"def {x}(*a, f=", Ref(path), ", **k):\n    return f(*a, **k)")
    return Code([x])


@name("returned by a function")
def _(p, path):
    x = p.fresh()
    p.define(f"def {x}(n):\n    if n == 3:\n        return ", Ref(path), "\n    return print")
    return code(f"{x}(3)")


@name("monkey-patch")
def _(p, path):
    p.need("import string")
    x = p.fresh()
    p.define(f"string.{x} = ", Ref(path))
    return code(f"string.{x}")


@name("operator.attrgetter")
def _(p, path):
    p.need("import operator")
    return code("operator.attrgetter(", Str(path[-1]), ")(", module_of(p, path), ")")


@name("decorator")
def _(p, path):
    d, x = p.fresh(), p.fresh()
    p.define(f"def {d}(f):\n    return ", Ref(path), f"\n@{d}\ndef {x}(*a):\n    return None")
    return Code([x])


@name("conditional expression")
def _(p, path):
    return code("(", Ref(path), p.r.choice([" if 7 * 6 == 42 else print)", " if len('abc') > 2 else None)"]))


@name("namespace object")
def _(p, path):
    p.need("import types")
    x = p.fresh()
    p.define(f"{x} = types.SimpleNamespace(f=", Ref(path), ", n=1)")
    return code(f"{x}.f")


@name("walrus, tuple")
def _(p, path):
    x, y = p.fresh(), p.fresh()
    if p.r.random() < 0.5:
        p.define(f"{x}, {y} = 1, ", Ref(path))
        return Code([y])
    return code(f"({x} := ", Ref(path), ")")


def own_names(f):
    """Not around an exec that is handed no globals: in a function what it binds is nobody's."""
    return lambda p: False if p.bare else f(p)


def take(p):
    """The statements so far, each a node."""
    body, p.body = p.body, []
    return body


@shape("in a function")
@own_names
def _(p):
    f = p.fresh()
    p.body = [Block([f"def {f}():", *take(p)]), Code([f"{f}()"])]


@shape("in a class body")
@own_names
def _(p):
    p.body = [Block([f"class {p.fresh()}:", *take(p)])]


@shape("in a constructor")
@own_names
def _(p):
    x = p.fresh()
    p.body = [Block([f"class {x}:", Block(["def __init__(self):", *take(p)])]), Code([f"{x}()"])]


@shape("in a method")
@own_names
def _(p):
    x = p.fresh()
    p.body = [Block([f"class {x}:", Block(["def go(self, n):", *take(p)])]), Code([f"{x}().go(1)"])]


@shape("behind an opaque predicate")
def _(p):
    x, k = p.fresh(), p.r.randint(3, 99)
    test = p.r.choice([f"({x} * {x} + {x}) % 2 == 0", f"{x} < {k + 5}", f"len(str({x})) > 0", f"{x} ^ {x} == 0"])
    p.body = [Code([f"{x} = {k}"]), code(Block([f"if {test}:", *take(p)]), "\n", Block(["else:", Code([f"print({x})"])]))]


@shape("dead code")
def _(p):
    x, y = p.fresh(), p.fresh()
    body = take(p)
    for noise in (f"{x} = [i * 2 for i in range(5)]", f"if False:\n    print({x!r})", f"def {y}(a, b):\n    return a + b"):
        body.insert(p.r.randint(0, len(body)), Code([noise]))
    p.body = body


@shape("switch flattening")
def _(p):
    body, x = take(p), p.fresh()
    labels = p.r.sample(range(10, 90), len(body) + 1)
    arms = [(labels[i], Block([f"if {x} == {labels[i]}:", s, Code([f"{x} = {labels[i + 1]}"])])) for i, s in enumerate(body)]
    p.r.shuffle(arms)
    heads = [Block(["el" + arm.value[0], *arm.value[1:]]) if k else arm for k, (_, arm) in enumerate(arms)]
    p.body = [Code([f"{x} = {labels[0]}"]), Block([f"while {x} != {labels[-1]}:", *heads])]


@shape("loop that runs once")
def _(p):
    x = p.fresh()
    body = take(p)
    p.body = [Block([p.r.choice([f"for {x} in range(1):", f"for {x} in ['a']:", f"for {x} in (None,):"]), *body])] if p.r.random() < 0.6 else \
        [Block(["while True:", *body, Code(["break"])])]


@shape("try and finally")
def _(p):
    body = take(p)
    half = p.r.randint(0, len(body) - 1)
    p.body = [code(Block(["try:", *(body[:half] or [Code(["pass"])])]), "\n", Block(["finally:", *body[half:]]))] if p.r.random() < 0.5 else \
        [code(Block(["try:", *body]), "\n", Block(["except Exception:", Code(["pass"])]))]


@shape("main guard")
def _(p):
    p.body = [Block(["if __name__ == '__main__':", *take(p)])]


@shape("decorator that runs")
@own_names
def _(p):
    d, x = p.fresh(), p.fresh()
    p.body = [Code([f"def {d}(f):\n    f()\n    return f"]), Block([f"@{d}\ndef {x}():", *take(p)])]


@shape("context manager")
@own_names
def _(p):
    x = p.fresh()
    p.body = [Block([f"class {x}:", Block(["def __enter__(self):", *take(p)]), Code(["def __exit__(self, *a):\n    return False"])]), Code([f"with {x}():\n    pass"])]


@shape("one line")
def _(p):
    body = take(p)
    if any("\n" in render(b, lambda n: "") or isinstance(b.now(), Block) for b in body):
        p.body = body
        return False
    p.body = [code(*[x for i, b in enumerate(body) for x in (["; "] if i else []) + [b]])]


def expressions(p):
    """The statements, when each is a plain expression that a call makes."""
    body = [b.now() for b in p.body]
    return body if all(hasattr(b, "callee") for b in body) else None


@shape("tuple of a lambda")
@own_names
def _(p):
    body = expressions(p)
    if not body:
        return False
    p.body = [code("(lambda: (", *commas(body), ", None))()")]


@shape("list of lambdas")
@own_names
def _(p):
    body = expressions(p)
    if not body:
        return False
    x, f = p.fresh(), p.fresh()
    p.body = [code(f"{x} = [", *commas([code("lambda: ", b) for b in body]), "]"), Block([f"for {f} in {x}:", Code([f"{f}()"])])]


@shape("arguments by a helper")
def _(p):
    body = expressions(p)
    if not body:
        return False
    f = p.fresh()
    p.define(f"def {f}(f, *a, **k):\n    return f(*a, **k)")
    p.body = [call(f, [b.callee, *b.args], **b.names) if not any(x in "".join(map(str, b.callee.now().value)) for x in "(") else b for b in body]


@shape("argument variables")
def _(p):
    body = expressions(p)
    if not body:
        return False
    out = []
    for b in body:
        names_ = [p.fresh() for _ in b.args]
        out += [code(x + " = ", a) for x, a in zip(names_, b.args)] + [call(b.callee, [Code([x]) for x in names_], **b.names)]
    p.body = out


@shape("starred arguments")
def _(p):
    body = expressions(p)
    if not body:
        return False
    p.body = [code(b.callee, "(*[", *commas(b.args), "]", *[x for k, v in b.names.items() for x in (f", **{{'{k}': ", v, "}")], ")") for b in body]


@shape("renamed")
def _(p):
    p.style = p.r.choice(["hex", "il", "oo", "under", "greek", "short"])


def ran(fn):
    return Ref((fn,))


@layer("exec")
def _(p, source):
    p.bare = True
    return call(ran("exec"), [Str(source)])


@layer("exec of bytes")
def _(p, source):
    p.bare = True
    return call(ran("exec"), [Bytes(source.encode())])


@layer("exec of compile")
def _(p, source):
    p.bare = True
    return call(ran("exec"), [call(ran("compile"), [Str(source), Str("<string>"), Str("exec")])])


@layer("eval of compile")
def _(p, source):
    p.bare = True
    return call(ran("eval"), [call(ran("compile"), [Bytes(source.encode()), Str("m"), Str("exec")])])


@layer("exec with globals")
def _(p, source):
    return call(ran("exec"), [Str(source), Code([p.r.choice(["globals()", "dict(globals())", "{'__builtins__': __builtins__, '__name__': '__main__'}"])])])


@layer("exec in a function")
def _(p, source):
    f = p.fresh()
    p.layered = [Block([f"def {f}(s):", code(ran("exec"), "(s, globals())")])]
    return code(f, "(", Str(source), ")")


@layer("eval of an exec")
def _(p, source):
    p.bare = True
    return call(ran("eval"), [Str("exec(" + repr(source) + ")")])


@layer("marshal of a code object")
def _(p, source):
    p.bare = True
    import marshal
    made = marshal.dumps(compile(source, "<m>", "exec"))
    return call(ran("exec"), [code("__import__('marshal').loads(", Bytes(made), ")")])


@layer("function of a code object")
def _(p, source):
    p.late = ["import types", "import marshal"]
    import marshal
    return code("types.FunctionType(marshal.loads(", Bytes(marshal.dumps(compile(source, "<m>", "exec"))), "), globals())()")


@layer("pickle that runs")
def _(p, source):
    p.bare = True
    p.late = ["import pickle"]
    quoted = source.replace("\\", "\\u005c").replace("\n", "\\u000a").encode("raw_unicode_escape")
    return code("pickle.loads(", Bytes(b"c__builtin__\nexec\n(V" + quoted + b"\ntR."), ")")


@layer("map of exec")
def _(p, source):
    p.bare = True
    return code("list(map(", ran("exec"), ", [", Str(source), "]))")


@layer("list of pieces")
def _(p, source):
    p.bare = True
    x = p.fresh()
    lines = source.splitlines(True)
    p.layered = [code(f"{x} = [", *commas([Str(y) for y in (lines if len(lines) < 40 else pieces(p.r, source, 5, 9))]), "]")]
    return code(ran("exec"), f"(''.join({x}))")


@layer("codes of the text")
def _(p, source):
    p.bare = True
    return code(ran("exec"), "(", Code([f"''.join(map(chr, {numbers(map(ord, source))}))"]) if len(source) < 2500 else Str(source), ")")
