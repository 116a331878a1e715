# SPDX-License-Identifier: Apache-2.0
"""What the comparisons of the Python front end share: facts of a syntax tree, facts the program prints, files to
compare, two processes that compare them, and the report.

A fact is an import (level, module, name), a call (offset, end, dotted callee) or a string constant, by content.
Runs inside pyodide too (compare_314.py), so nothing but the standard library."""
import ast
import bisect
import collections
import hashlib
import os
import re
import unicodedata

KINDS = ("import", "call", "str")
SUFFIXES = (".py", ".pyi", ".pyw")
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
BLANK = re.compile(rb"^[ \t\f]*(?:#|$)")


class Lines:
    """(line, utf-8 column) -> byte offset in the file as the front end sees it."""

    def __init__(self, data):
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\r|\n", data)]
        self.bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def offset(self, line, col):
        start = self.starts[line - 1] if line <= len(self.starts) else -1
        return start + col + (self.bom if line == 1 else 0)

    def line_of(self, off):
        return bisect.bisect_right(self.starts, off)


def encoding_of(data):
    """PEP 263, None where nothing is declared."""
    for line in re.split(rb"\r\n|\r|\n", data[:4096], maxsplit=2)[:2]:
        m = COOKIE.match(line)
        if m:
            return m.group(1).decode("ascii", "replace")
        if not BLANK.match(line):
            return None
    return None


def decoded(data):
    """The file as the front end lowers it: UTF-8. LookupError, UnicodeError: not text."""
    name = None if data.startswith(b"\xef\xbb\xbf") else encoding_of(data)
    if not name or name.lower().replace("_", "-").startswith(("utf-8", "utf8")):
        return data
    return data.decode(name).encode("utf-8", "surrogatepass")


def callee(node):
    """Dotted name; the value of (a := b.c) is b.c."""
    parts = []
    while isinstance(node, (ast.Attribute, ast.NamedExpr)) and len(parts) < 64:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def text_of(value):
    if isinstance(value, bytes):
        return "b" + value.hex()
    return "s" + value.encode("utf-8", "surrogatepass").hex()


STRINGS = tuple(t for t in (ast.JoinedStr, getattr(ast, "TemplateStr", None)) if t)


def walk(tree):
    """Every node with whether it is inside an f-string (its positions are wrong before 3.12) or is a format."""
    todo = [(tree, False, False)]
    while todo:
        node, inside, spec = todo.pop()
        yield node, inside, spec
        inside = inside or isinstance(node, STRINGS)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                todo.extend((c, inside, False) for c in value if isinstance(c, ast.AST))
            elif isinstance(value, ast.AST):
                todo.append((value, inside, name == "format_spec"))


def of_ast(raw, data, exact):
    """Facts of CPython's ast; data: the file as UTF-8. exact: the positions inside f-strings are right (3.12 and later)."""
    lines = Lines(data)
    facts = {k: collections.Counter() for k in KINDS}
    spans = []
    for node, inside, spec in walk(ast.parse(raw)):
        if isinstance(node, ast.Call):
            off = end = None
            if exact or not inside:
                off, end = lines.offset(node.lineno, node.col_offset), lines.offset(node.end_lineno, node.end_col_offset)
            facts["call"][(off, end, callee(node.func))] += 1
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, (str, bytes)):
                facts["str"][text_of(node.value)] += 1
        elif isinstance(node, STRINGS):
            if not exact and not inside:
                spans.append((lines.offset(node.lineno, node.col_offset), lines.offset(node.end_lineno, node.end_col_offset)))
            if not node.values and not spec:
                facts["str"]["s"] += 1  # f"" is the empty text
        elif isinstance(node, ast.Import):
            for a in node.names:
                facts["import"][(0, a.name, "")] += 1
        elif isinstance(node, ast.ImportFrom):
            for a in node.names:
                facts["import"][(node.level, node.module or "", a.name)] += 1
    return facts, spans


def parse_facts(text):
    """The program's output -> {path: {kind: Counter}}, calls as a list; stmt: print and exec statements."""
    out, now = {}, None
    for line in text.split("\n"):
        f = line.split("\t")
        if f[0] == "file":
            now = out[f[1]] = {"import": collections.Counter(), "call": [], "stmt": collections.Counter(),
                               "str": collections.Counter(), "opaque": []}
        elif f[0] == "import":
            now["import"][(int(f[2]), f[3], f[4])] += 1
        elif f[0] in ("call", "stmt"):
            item = (int(f[1]), int(f[1]) + int(f[2]), f[3])
            if f[0] == "call":
                now["call"].append(item)
            else:
                now["stmt"][item] += 1
        elif f[0] == "str":
            now["str"][f[2] + f[3]] += 1
        elif f[0] == "opaque":
            now["opaque"].append(f[1:])
    return out


def without_offsets(calls, spans):
    """Our calls, those inside `spans` (f-strings whose positions the reference has wrong) by name alone."""
    out, outer, last = collections.Counter(), [], -1
    for s, e in sorted(spans):
        if s >= last:
            outer.append((s, e))
            last = e
    starts = [s for s, _ in outer]
    for off, end, name in calls:
        i = bisect.bisect_right(starts, off) - 1
        inside = i >= 0 and outer[i][0] < off < outer[i][1]
        out[(None, None, name) if inside else (off, end, name)] += 1
    return out


def differences(ours, theirs, kinds=KINDS):
    """{kind: (missing, extra)} of what is not equal."""
    return {k: (theirs[k] - ours[k], ours[k] - theirs[k]) for k in kinds if ours[k] != theirs[k]}


def shown(diff, lines, limit=4):
    out = []
    for kind, parts in diff.items():
        for word, items in zip(("missing", "extra"), parts):
            for item in sorted(items, key=str)[:limit]:
                where = "line %d " % lines.line_of(item[0]) if kind in ("call", "stmt") and item[0] is not None else ""
                what = repr(bytes.fromhex(item[1:])[:70]) if kind == "str" else item
                out.append("    %s %s: %s%s" % (word, kind, where, what))
    return out


def resolved(text):
    """A constant of ours with the character names put in that the front end keeps as written."""
    if not text.startswith("s") or "5c4e7b" not in text:
        return text

    def put(m):
        try:
            return unicodedata.lookup(m.group(1).decode()).encode()
        except (KeyError, UnicodeDecodeError):
            return m.group(0)
    return "s" + re.sub(rb"\\N\{([^}]*)\}", put, bytes.fromhex(text[1:])).hex()


def named(strings):
    out = collections.Counter()
    for text, n in strings.items():
        out[resolved(text)] += n
    return out


def digest(data):
    return hashlib.sha256(data).digest()


def python_files(paths, suffixes=SUFFIXES):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, dirs, names in os.walk(path):
            dirs.sort()
            for name in sorted(names):
                full = os.path.join(folder, name)
                if name.endswith(suffixes) and os.path.isfile(full) and not os.path.islink(full):
                    yield full
