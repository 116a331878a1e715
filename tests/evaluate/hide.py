# SPDX-License-Identifier: Apache-2.0
"""Hides an inert program of the pool by a chain of transformations, all of chance but fixed by the seed.

hide.py LANGUAGE SEED [--held-out]: prints the program."""
import sys

import pool
from program import Bytes, Code, Int, Program, Ref, Str, render

MOST = 120000  # bytes of a hidden program


def kit(language, held_out=False):
    """family -> {name: function}"""
    if language == "python":
        import py_cipher  # noqa: F401 (fills py_text's tables)
        import py_shape
        import py_text
        tables = {"text": py_text.TEXT, "bytes": py_text.BYTES, "number": py_text.INTS, "name": py_shape.NAMES, "shape": py_shape.SHAPES, "layer": py_shape.LAYERS}
        if held_out:
            import py_held
            tables = {"text": py_held.TEXT, "bytes": py_held.BYTES, "number": py_held.INTS, "name": py_held.NAMES, "shape": py_held.SHAPES, "layer": py_held.LAYERS}
        return tables
    import js_shape
    import js_text
    tables = {"text": js_text.TEXT, "bytes": {}, "number": js_text.INTS, "name": js_shape.NAMES, "shape": js_shape.SHAPES, "layer": js_shape.LAYERS}
    if held_out:
        import js_held
        tables = {"text": js_held.TEXT, "bytes": {}, "number": js_held.INTS, "name": js_held.NAMES, "shape": js_held.SHAPES, "layer": js_held.LAYERS}
    return tables


def leaf_python(p):
    def leaf(node):
        if isinstance(node, Ref):
            if len(node.value) > 1:
                p.need("import " + ".".join(node.value[:-1]))
            return ".".join(node.value)
        return repr(node.value) if not isinstance(node, Int) or node.value >= 0 else f"({node.value})"
    return leaf


def source_python(p):
    leaf = leaf_python(p)
    lines = [render(n, leaf) for n in p.defs + p.body]
    return "\n".join(p.heads + lines) + "\n"


def source(p):
    if p.language == "python":
        return source_python(p)
    import js_shape
    return js_shape.source(p)


FAMILIES = ["text", "text", "text", "bytes", "number", "name", "name", "shape", "shape", "layer", "layer", "layer"]


def some(p, nodes):
    """Which of the literals are hidden: some, the long ones surely."""
    picked = [n for n in nodes if p.r.random() < 0.6]
    if not picked and nodes:
        picked = [p.r.choice(nodes)]
    return picked[:12]


def apply(p, family, name, f):
    """False where it did not fit."""
    p.at, shared = 0, {}
    if family == "shape":
        return f(p) is not False
    if family == "layer":
        if p.layers >= 6:
            return False
        text = source(p)
        p.layered, p.late, p.bare, p.strict, p.octal = [], [], False, False, False
        node = f(p, text)
        if node is None:
            return False
        p.replace(node)
        p.body = p.layered + p.body
        p.heads = list(p.late)
        return True
    kind = {"text": Str, "bytes": Bytes, "number": Int, "name": Ref}[family]
    nodes = p.each(kind)
    if family == "name":
        nodes = [n for n in nodes if n.value not in (("os", "environ"), ("process", "env"))]
    done = False
    for node in some(p, nodes):
        if node.to is not None:
            continue
        new = f(p, node.value) if family == "name" else f(p, node.value, shared)
        if new is not None:
            node.become(new)
            done = True
    return done


def hide(language, seed, length=None, held_out=False, only=None):
    """(name of the plain program, its source, the hidden source, names of the transformations that took)"""
    p = Program(language, f"{language} {seed} {held_out}")
    programs = pool.PROGRAMS[language]
    plain = p.r.choice(sorted(programs))
    p.body = programs[plain]()
    first = source(p)
    p.heads = []
    tables = kit(language, held_out)
    length = length or p.r.randint(1, 8)
    names = list(only or [])
    for _ in range(length * 12):
        if len(p.applied) >= length:
            break
        if names:
            name = names.pop(0)
            family = next(f for f, t in tables.items() if name in t)
        else:
            family = p.r.choice([f for f in FAMILIES if tables[f]])
            name = p.r.choice(sorted(tables[family]))
        if apply(p, family, name, tables[family][name]):
            p.applied.append((family, name))
            if len(source(p)) > MOST:
                break
    return plain, first, source(p), [f"{n}" for f, n in p.applied]


if __name__ == "__main__":
    plain, first, hidden, chain = hide(sys.argv[1], int(sys.argv[2]), held_out="--held-out" in sys.argv)
    print("#" if sys.argv[1] == "python" else "//", plain, chain, file=sys.stderr)
    sys.stdout.write(hidden)
