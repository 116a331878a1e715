# SPDX-License-Identifier: Apache-2.0
"""Runs in the CPython under test (3.6 to 3.14, also in pyodide): compiles each source of a list to a .pyc and
writes what this interpreter itself says of it: names and constants of the code objects, calls and imports of
the syntax tree. pyc_facts.py LIST OUT: LIST has lines `source TAB pyc`; OUT gets one JSON object a line."""
import ast
import dis
import importlib.util
import json
import marshal
import sys
import types
import warnings

DEPTH = 64


def header():
    return importlib.util.MAGIC_NUMBER + b"\0" * (12 if sys.version_info >= (3, 7) else 8)


def texts(value, out):
    if isinstance(value, str):
        out.add("s" + value.encode("utf-8", "surrogatepass").hex())
    elif isinstance(value, bytes):
        out.add("b" + value.hex())
    elif isinstance(value, (tuple, frozenset)):
        for v in value:
            texts(v, out)


def code_facts(top):
    """Names, constants, and the constants that only name a function or class to Python itself."""
    names, consts, qualnames, todo = set(), set(), set(), [(top, "")]
    while todo:
        c, inside = todo.pop()
        # 3.14 keeps the names of code that it left out
        used = {i.argval for i in dis.get_instructions(c) if isinstance(i.argval, str) and i.opname != "MAKE_CELL"}
        names.update(used.intersection(c.co_names + c.co_cellvars), c.co_varnames, c.co_freevars)
        for v in c.co_consts:
            if isinstance(v, types.CodeType):
                comp = v.co_name in ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>") and sys.version_info < (3, 11)
                todo.append((v, inside + v.co_name + (".<locals>." if v.co_flags & 1 and not comp else ".")))
                for q in (v.co_name, inside + v.co_name):
                    texts(q, qualnames)
            else:
                texts(v, consts)
    return names, consts, qualnames


def mangled(name, cls):
    if cls and name.startswith("__") and not name.endswith("__") and "." not in name and cls.strip("_"):
        return "_" + cls.lstrip("_") + name
    return name


def callee(node, cls):
    parts = []
    named = getattr(ast, "NamedExpr", ())
    while isinstance(node, ast.Attribute) or (named and isinstance(node, named)):
        if isinstance(node, ast.Attribute):
            parts.append(mangled(node.attr, cls))
        node = node.value
    parts.append(mangled(node.id, cls) if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def constant(node):
    """(known, truth) of a test that the compiler decides."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        known, truth = constant(node.operand)
        return known, not truth
    if isinstance(node, ast.Name) and node.id == "__debug__":
        return True, True
    for kind, field in (("Constant", "value"), ("NameConstant", "value"), ("Num", "n"), ("Str", "s")):
        if kind == "Constant" or sys.version_info < (3, 8):
            if isinstance(node, getattr(ast, kind, ())):
                return True, bool(getattr(node, field))
    if isinstance(node, ast.BoolOp):
        stop = isinstance(node.op, ast.Or)
        every = [constant(v) for v in node.values]
        if any(k and t == stop for k, t in every):
            return True, stop
    return False, False


class Calls:
    """Calls by the function they stand in. `sure`: compiled for certain; `maybe`: annotations, code that the
    compiler may leave out, asserts."""

    def __init__(self, tree):
        self.sure, self.maybe, self.imports, self.maybe_imports = [], [], [], []
        self.todo = [(tree, "<module>", None, True)]
        while self.todo:
            self.visit(*self.todo.pop())

    def push(self, nodes, func, cls, sure):
        for n in nodes if isinstance(nodes, list) else [nodes]:
            if isinstance(n, ast.AST):
                self.todo.append((n, func, cls, sure))

    def body(self, stmts, func, cls, sure):
        for s in stmts:
            self.push(s, func, cls, sure)
            ends = isinstance(s, (ast.Return, ast.Raise, ast.Continue, ast.Break))
            loops = isinstance(s, ast.While) and constant(s.test) == (True, True)
            both = isinstance(s, ast.If)
            if ends or loops or both and all(self.leaves(b) for b in (s.body, s.orelse)) or self.leaves([s]):
                sure = False

    def leaves(self, stmts):
        """Does control surely not go on behind these?"""
        for s in stmts:
            if isinstance(s, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                return True
            if isinstance(s, ast.If) and (self.leaves(s.body) and self.leaves(s.orelse)
                                          or constant(s.test) == (True, True) and self.leaves(s.body)):
                return True
            if isinstance(s, (ast.With, ast.AsyncWith, ast.Try)) and (self.leaves(s.body) or getattr(s, "finalbody", None) and self.leaves(s.finalbody)):
                return True
            if isinstance(s, ast.While) and constant(s.test) == (True, True):
                return True
            if type(s).__name__ in ("Match", "TryStar"):
                return True
        return False

    def visit(self, node, func, cls, sure):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            self.function(node, func, cls, sure)
            return
        if isinstance(node, ast.ClassDef):
            generic = bool(getattr(node, "type_params", None))
            self.push(node.decorator_list, func, cls, sure)
            self.push(node.bases + node.keywords, func, cls, sure and not generic)
            self.body(node.body, node.name, node.name, sure)
            self.push(getattr(node, "type_params", []), func, cls, False)
            return
        if isinstance(node, ast.Call):
            kw = sorted(k.arg for k in node.keywords) if all(k.arg for k in node.keywords) else ["**"]
            spread = any(isinstance(a, ast.Starred) for a in node.args)
            n = -1 if spread else len(node.args)
            doubles = sorted(mangled(k, cls) for k in kw) if sys.version_info < (3, 14) else kw
            (self.sure if sure else self.maybe).append((func, callee(node.func, cls), n, doubles))
        elif isinstance(node, ast.Import):
            (self.imports if sure else self.maybe_imports).extend((0, a.name, "") for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            (self.imports if sure else self.maybe_imports).extend(
                (node.level, node.module or "", a.name if a.name == "*" else mangled(a.name, cls)) for a in node.names)
        elif isinstance(node, ast.Assert):
            self.maybe.append((func, "AssertionError", 1, []))
            known, truth = constant(node.test)
            always = isinstance(node.test, ast.Tuple) or known
            self.push([node.test, node.msg], func, cls, sure and not always)
            return
        elif isinstance(node, ast.AnnAssign):
            self.push(node.annotation, func, cls, False)
            simple_local = not node.value and isinstance(node.target, ast.Name)
            self.push([node.target, node.value], func, cls, sure and not simple_local)
            return
        self.fields(node, func, cls, sure)

    def fields(self, node, func, cls, sure):
        known, truth = constant(node.test) if isinstance(node, (ast.If, ast.While, ast.IfExp)) else (False, False)
        for name, value in ast.iter_fields(node):
            live = sure
            if known:
                live = sure and not (name == "body" and not truth or name == "orelse" and truth) and name != "test"
            if name == "orelse" and hasattr(node, "handlers") and self.leaves(node.body):
                live = False
            if isinstance(node, ast.BoolOp) and any(constant(v)[0] for v in node.values):
                live = False
            if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript)) and name == "slice":
                live = sure
            if type(node).__name__ == "TypeAlias":
                live = False
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self.body(value, func, cls, live)
            else:
                self.push(value, func, cls, live)

    def function(self, node, func, cls, sure):
        args = node.args
        plain = args.args + args.kwonlyargs + getattr(args, "posonlyargs", []) + [a for a in (args.vararg, args.kwarg) if a]
        self.push([a.annotation for a in plain] + [getattr(node, "returns", None)], func, cls, False)
        generic = bool(getattr(node, "type_params", None))
        self.push(args.defaults + [d for d in args.kw_defaults if d], func, cls, sure and not generic)
        if isinstance(node, ast.Lambda):
            self.push(node.body, "<lambda>", cls, sure)
            return
        self.push(node.decorator_list, func, cls, sure)
        self.push(getattr(node, "type_params", []), func, cls, False)
        self.body(node.body, node.name, cls, sure)


def facts_of(path, out):
    with open(path, "rb") as f:
        data = f.read()
    tree = ast.parse(data)
    code = compile(data, path, "exec", dont_inherit=True, optimize=0)
    with open(out, "wb") as f:
        f.write(header() + marshal.dumps(code))
    names, consts, qualnames = code_facts(code)
    calls = Calls(tree)
    return {"pyc": out, "source": path, "names": sorted(names), "consts": sorted(consts), "qualnames": sorted(qualnames), "sure": calls.sure,
            "maybe": calls.maybe, "imports": calls.imports, "maybe_imports": calls.maybe_imports}


def main(list_file, out_file):
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(5000)
    with open(list_file, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    with open(out_file, "w", encoding="utf-8", errors="surrogateescape") as out:
        for source, pyc in rows:
            try:
                out.write(json.dumps(facts_of(source, pyc)) + "\n")
            except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
                out.write(json.dumps({"source": source, "error": "%s: %s" % (type(e).__name__, e)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
