#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the IR of the Python front end with CPython's ast: the same imports, the same calls with a
dotted callee at the same byte offset, the same string constants. Equal, not contained.

compare_ast.py --tidewaiter build/tidewaiter [--sample N] [--list] [PATH...]
Without PATH: the standard library and the packages of the Python that runs this. Files that CPython
cannot parse are counted and, with --list, named; they do not count as differences.
Three things are compared as what they mean, not as ast writes them: a call inside an f-string without
its offset (CPython 3.11 gets those wrong), the callee of (a := b).c() as b.c, and names of characters
(\\N{...}) that the front end keeps as written.
"""
import argparse
import ast
import bisect
import collections
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import unicodedata
import warnings

import check_unicode

KINDS = ("import", "call", "str")


def python_files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, dirs, names in os.walk(path):
            dirs.sort()
            for name in sorted(names):
                full = os.path.join(folder, name)
                if name.endswith(".py") and os.path.isfile(full) and not os.path.islink(full):
                    yield full


class Lines:
    """(line, utf-8 column) of ast -> byte offset in the file as the front end sees it."""

    def __init__(self, data):
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\r|\n", data)]
        self.bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def offset(self, line, col):
        start = self.starts[line - 1] if line <= len(self.starts) else -1
        return start + col + (self.bom if line == 1 else 0)

    def line_of(self, off):
        return bisect.bisect_right(self.starts, off)


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


def walk(tree):
    """Every node with whether it is inside an f-string, whose positions CPython 3.11 gets wrong."""
    todo = [(tree, False)]
    while todo:
        node, inside = todo.pop()
        yield node, inside
        inside = inside or isinstance(node, ast.JoinedStr)
        todo.extend((c, inside) for c in ast.iter_child_nodes(node))


def reference(data, lines):
    facts = {k: collections.Counter() for k in KINDS}
    tree = ast.parse(data)
    formats = {n.format_spec for n in ast.walk(tree) if isinstance(n, ast.FormattedValue)}
    for node, inside in walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                facts["import"][(0, a.name, "")] += 1
        elif isinstance(node, ast.ImportFrom):
            for a in node.names:
                facts["import"][(node.level, node.module or "", a.name)] += 1
        elif isinstance(node, ast.Call):
            off = None if inside else lines.offset(node.lineno, node.col_offset)
            end = None if inside else lines.offset(node.end_lineno, node.end_col_offset)
            facts["call"][(off, end, callee(node.func))] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            facts["str"][text_of(node.value)] += 1
        elif isinstance(node, ast.JoinedStr) and not node.values and node not in formats:
            facts["str"]["s"] += 1  # f"" is the empty text
    return facts, fields(tree, lines)


def fields(tree, lines):
    """Spans of f-strings: calls inside are compared without their offset."""
    return [(lines.offset(n.lineno, n.col_offset), lines.offset(n.end_lineno, n.end_col_offset))
            for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]


def parse_facts(text):
    """The program's output -> {path: {kind: Counter}}, calls with raw offsets."""
    out, now = {}, None
    for line in text.split("\n"):
        f = line.split("\t")
        if f[0] == "file":
            now = out[f[1]] = {"import": collections.Counter(), "call": [], "str": collections.Counter(), "opaque": []}
        elif f[0] == "import":
            now["import"][(int(f[2]), f[3], f[4])] += 1
        elif f[0] == "call":
            now["call"].append((int(f[1]), int(f[1]) + int(f[2]), f[3]))
        elif f[0] == "str":
            now["str"][f[2] + f[3]] += 1
        elif f[0] == "opaque":
            now["opaque"].append(f[1:])
    return out


def spans_of(calls, spans):
    out = collections.Counter()
    outer, last = [], -1
    for s, e in sorted(spans):
        if s >= last:
            outer.append((s, e))
            last = e
    starts = [s for s, _ in outer]
    for off, end, name in calls:
        i = bisect.bisect_right(starts, off) - 1
        inside = i >= 0 and off < outer[i][1] and not (off == outer[i][0])
        out[(None, None, name) if inside else (off, end, name)] += 1
    return out


def resolved(text):
    """A constant of ours with the character names that the front end does not know put in."""
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


def run(program, paths):
    done = {}
    for i in range(0, len(paths), 200):
        r = subprocess.run(program + ["--format", "facts"] + paths[i:i + 200], stdout=subprocess.PIPE, check=False)
        if r.returncode:
            sys.exit("%s ended with %d" % (" ".join(program), r.returncode))
        done.update(parse_facts(r.stdout.decode("utf-8", "replace")))
    return done


def show(kind, ours, theirs, lines, limit=4):
    for word, diff in (("missing", theirs - ours), ("extra", ours - theirs)):
        for item in sorted(diff, key=str)[:limit]:
            where = "line %d " % lines.line_of(item[0]) if kind == "call" and item[0] is not None else ""
            what = repr(bytes.fromhex(item[1:])[:70]) if kind == "str" else item
            print("    %s %s: %s%s" % (word, kind, where, what))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--sample", type=int, default=0, help="N files, chosen by a hash of their names")
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--min", type=float, default=100, help="fail below this percentage of equal files")
    ap.add_argument("paths", nargs="*")
    args = ap.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    paths = list(python_files(args.paths or [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]))
    paths = list(dict.fromkeys(map(os.path.realpath, paths)))
    if args.sample:
        paths.sort(key=lambda p: hashlib.sha256(os.path.basename(p).encode()).digest())
        paths = sorted(paths[:args.sample])
    facts = run([args.tidewaiter, "ir"], paths)
    compared, equal, refused = 0, collections.Counter(), []
    for path in paths:
        with open(path, "rb") as f:
            data = f.read()
        try:
            lines = Lines(decoded(data))
            theirs, spans = reference(data, lines)
        except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
            refused.append((path, "%s: %s" % (type(e).__name__, e)))
            continue
        ours = facts[path]
        ours["call"] = spans_of(ours["call"], spans)
        compared += 1
        if ours["str"] != theirs["str"]:
            ours["str"], theirs["str"] = named(ours["str"]), named(theirs["str"])
        bad = [k for k in KINDS if ours[k] != theirs[k]]
        for k in KINDS:
            equal[k] += k not in bad
        equal["all"] += not bad
        if bad or (ours["opaque"] and args.list):
            print("differs: %s: %s%s" % (path, ", ".join(bad), " opaque %s" % ours["opaque"][:3] if ours["opaque"] else ""))
            for k in bad:
                show(k, ours[k], theirs[k], lines)
    for path, why in refused if args.list else []:
        print("not compared: %s: %s" % (path, why))
    share = {k: 100.0 * equal[k] / max(compared, 1) for k in KINDS + ("all",)}
    print("compared %d files (%d that CPython %d.%d cannot parse): %s" % (
        compared, len(refused), sys.version_info[0], sys.version_info[1],
        ", ".join("%s %.2f %%" % (k, share[k]) for k in KINDS + ("all",))))
    ok = compared and share["all"] >= args.min
    if not args.paths:
        n, wrong = check_unicode.check(args.tidewaiter)
        print("Unicode tables: %d checked, %d wrong" % (n, wrong))
        ok = ok and not wrong
    print("%d passed, %d failed" % (equal["all"], 0 if ok else max(compared - equal["all"], 1)))
    return 0 if ok else 1


def decoded(data):
    """The file as the front end lowers it: Latin-1 becomes UTF-8, the rest stays."""
    m = re.match(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)", data)
    if m and re.match(rb"(?i)latin|l1|iso-?8859|cp125[012]|windows-125[012]|koi8|cp437|cp850|cp866", m.group(1)):
        return data.decode(m.group(1).decode("ascii")).encode("utf-8")
    return data


if __name__ == "__main__":
    sys.exit(main())
