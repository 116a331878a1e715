#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The IR of .pyc files beside what CPython says. Every CPython 3.6 to 3.14 that is found (pyenv, PATH, and 3.14
as pyodide under node) compiles sources; for each .pyc must agree
  names    every name of every code object is in the IR (those that no instruction uses left out),
  consts   every str and bytes constant is in the IR, and the IR has no constant that is not in the file,
  calls    for each function the same calls: dotted callee, number of arguments, keywords, as the syntax tree of
           the source has them; as often or oftener (compilers repeat finally bodies and loop tests),
  imports  the same, with level and names.
The .pyc of installed packages, of the benign corpus, and of 3.11 and 3.14 are compared with xdis too: names, constants,
call instructions of each code object.

compare_pyc.py --tidewaiter build/tidewaiter [--sample N] [--carried N] [--corpus] [--min PERCENT] [--list]
"""
import argparse
import collections
import contextlib
import glob
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERSIONS = ["3.%d" % n for n in range(6, 15)]
KINDS = ("names", "consts", "calls", "imports")
# Names that no instruction of the body uses: the argument of a comprehension, cells of classes.
SILENT = {".0", "__class__", "__classdict__", "__conditional_annotations__", ".defaults", ".kwdefaults", ".generic_base", ".type_params", ".format"}
PYODIDE = """
import fs from "fs";
const [home, work] = process.argv.slice(2);
const { loadPyodide } = await import(home + "/pyodide.mjs");
const py = await loadPyodide({ indexURL: home + "/", stdout: (s) => process.stdout.write(s + "\\n") });
py.FS.mkdirTree(work);
py.FS.mount(py.FS.filesystems.NODEFS, { root: work }, work);
py.globals.set("work", work);
py.runPython(fs.readFileSync(work + "/pyc_facts.py", "utf8").replace('if __name__ == "__main__":', "if False:")
  + "\\nmain(work + '/list', work + '/facts')\\n");
"""


def interpreters():
    found = {}
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for v in VERSIONS:
        places = sorted(root.glob(v + ".*/bin/python")) + [Path(p) for p in (shutil.which("python" + v),) if p]
        for p in places + [Path("/usr/bin/python" + v)]:
            r = subprocess.run([str(p), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, check=False) if p.exists() else None
            if r and r.stdout.decode().strip() == v:
                found[v] = p
                break
    return found


def pyodide():
    """(node, folder of pyodide 3.14) or None: what `make build/node/.stamp` installed."""
    nodes = [p for p in (os.environ.get("TW_NODE"), str(ROOT / "build/venv/bin/node"), shutil.which("node")) if p and os.path.exists(p)]
    homes = [h for h in (os.environ.get("TW_PYODIDE"), str(ROOT / "build/node/node_modules/pyodide")) if h and os.path.exists(h + "/pyodide.mjs")]
    return (nodes[0], homes[0]) if nodes and homes else None


def sources_of(python):
    code = "import sysconfig; print(sysconfig.get_path('stdlib')); print(sysconfig.get_path('purelib'))"
    roots = subprocess.run([str(python), "-c", code], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    out = []
    for root in [r for r in roots if r]:
        for folder, dirs, names in os.walk(root):
            dirs.sort()
            out += [os.path.join(folder, n) for n in sorted(names) if n.endswith(".py")]
    return list(dict.fromkeys(os.path.realpath(p) for p in out))


def chosen(paths, n):
    if n and len(paths) > n:
        paths = sorted(paths, key=lambda p: hashlib.sha256(os.path.basename(p).encode()).digest())[:n]
    return paths


def compiled(version, python, sources, work):
    """Facts of CPython, one a source."""
    rows = []
    if version == "pyodide":
        (work / "src").mkdir()
    for i, s in enumerate(sources):
        if version == "pyodide":
            shutil.copyfile(s, work / "src" / ("%d.py" % i))
            s = str(work / "src" / ("%d.py" % i))
        rows.append("%s\t%s" % (s, work / ("%d.pyc" % i)))
    (work / "list").write_text("\n".join(rows) + "\n")
    shutil.copyfile(HERE / "pyc_facts.py", work / "pyc_facts.py")
    if version == "pyodide":
        (work / "run.mjs").write_text(PYODIDE)
        command = [python[0], "--stack-size=4000", str(work / "run.mjs"), python[1], str(work)]
    else:
        command = [str(python), str(work / "pyc_facts.py"), str(work / "list"), str(work / "facts")]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return [json.loads(line) for line in (work / "facts").read_text().splitlines()]


# ---- what tidewaiter says ----

STRING = r'"((?:[^"\\]|\\.)*)"'
LINE = re.compile(r"^ *(\d+) +([a-z]+)(.*?)  @\d+\+\d+$")
SCOPE = re.compile(r"^scope (\d+) ([a-z]+) ?(.*?) ?parent=(\d+)")


def unescaped(text):
    return text if "\\" not in text else re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m.group(1), 16)]), text.encode()).decode("utf-8", "replace")


class Facts:
    def __init__(self):
        self.names, self.strs, self.words, self.calls, self.imports, self.opaque = set(), set(), set(), collections.Counter(), collections.Counter(), []
        self.instructions, self.comprehensions = collections.Counter(), collections.Counter()


def facts_of_dump(lines):
    f, scopes, values, where = Facts(), {}, {}, []
    for line in lines:
        m = SCOPE.match(line)
        if m:
            scopes[m.group(1)] = (m.group(2), m.group(3).strip() or "<lambda>")
            continue
        m = LINE.match(line)
        if not m:
            continue
        number, op, rest = m.group(1), m.group(2), m.group(3).strip()
        names = [unescaped(n) for n in re.findall(STRING, rest)]
        f.words.update(re.findall(r"([^ ,(*]+)=%\d", rest))
        if op in ("call", "class", "decorate"):
            f.instructions[where[-1]] += 1
        if op == "enter":
            s = re.search(r"scope=(\d+)", rest)
            kind, name = scopes[s.group(1)] if s and s.group(1) in scopes else ("", "")
            if rest.startswith("module"):
                kind, name = "module", "<module>"
            if kind == "comprehension":
                f.comprehensions[where[-1]] += 1
            where.append(name if kind in ("module", "function", "class", "lambda") else where[-1])
        elif op == "leave":
            where.pop()
        elif op == "read":
            values[number] = names[0] if names else ""
            f.names.add(values[number])
        elif op == "func":
            values[number] = scopes[re.search(r"scope=(\d+)", rest).group(1)][1] if "scope=" in rest else "?"
            values[number] = "<generic" if values[number].startswith("<generic") else "?"
        elif op == "member":
            values[number] = values.get(rest.split()[0][1:], "?") + "." + (names[-1] if names else "")
            f.names.add(names[-1] if names else "")
        elif op in ("bind", "setmember", "scope"):
            f.names.update(names)
        elif op == "import":
            level = re.search(r"level=(\d+)", rest)
            f.names.update(names)
            f.names.update(p for n in names for p in n.split("."))
            if "+parent" not in rest:
                f.imports[(int(level.group(1)) if level else 0, names[0], "*" if "+star" in rest else names[1] if len(names) > 1 else "")] += 1
        elif op == "call":
            args = re.search(r"\((.*)\)", rest).group(1)
            parts = [a for a in args.split(", ") if a]
            keys = sorted(a.split("=%")[0] for a in parts if "=%" in a)
            spread = any(re.match(r"\*[^*]", a) for a in parts)
            plain = -1 if spread else sum("=%" not in a and not a.startswith("**") for a in parts)
            base = re.match(r"%(\d+)", rest)
            callee = values.get(base.group(1), "?") if base else "?"
            if callee != "<generic":  # the compiler's own: what makes type parameters
                f.calls[(where[-1], callee, plain, tuple(keys))] += 1
    return f


def tidewaiter(program, paths):
    out = {}
    for p in paths:
        out[p] = Facts()
    for i in range(0, len(paths), 100):
        part = paths[i:i + 100]
        r = subprocess.run([program, "ir", "--format", "facts"] + part, stdout=subprocess.PIPE, check=True)
        for line in r.stdout.decode("utf-8", "replace").split("\n"):
            c = line.split("\t")
            if c[0] == "file":
                now = c[1]
            elif c[0] == "str":
                out[now].strs.add(c[2] + c[3])
            elif c[0] == "opaque":
                out[now].opaque.append(c[1:])
    for p in paths:
        r = subprocess.run([program, "ir", p], stdout=subprocess.PIPE, check=True)
        f = facts_of_dump(r.stdout.decode("utf-8", "replace").split("\n"))
        f.strs, f.opaque = out[p].strs, out[p].opaque
        out[p] = f
    return out


# ---- comparing ----

def hexed(name):
    return "s" + name.encode("utf-8", "surrogatepass").hex()


def differences(theirs, ours):
    """kind -> list of what differs."""
    bad = {k: [] for k in KINDS}
    words = {hexed(n) for n in ours.names | ours.words | {i[2] for i in ours.imports}}
    bad["names"] = ["missing " + n for n in theirs["names"] if n not in ours.names and n not in SILENT]
    consts = set(theirs["consts"])
    bad["consts"] = ["missing " + c for c in consts - ours.strs - words - set(theirs.get("qualnames", ()))] + ["extra " + c for c in ours.strs - consts]
    for where, (most, least) in theirs.get("instructions", {}).items():
        have, more = ours.instructions[where], ours.comprehensions[where]
        if have > most or have + more < least:
            bad["calls"].append("%s: %d to %d calls, not %d to %d" % (where, have, have + more, least, most))
    if "sure" not in theirs:
        return bad
    sure = collections.Counter((f, c, n, tuple(k)) for f, c, n, k in theirs["sure"])
    maybe = {(f, c, n, tuple(k)) for f, c, n, k in theirs["maybe"]}
    loose = {(c, n, k) for f, c, n, k in maybe}
    spread, named = collections.Counter(), collections.Counter()  # f(*(1, 2)) is f(1, 2) to some compilers
    for call, n in ours.calls.items():
        spread[call[:2] + call[3:]] += n
        named[call[:2]] += n
    for call in sure:
        have = named[call[:2]] if call[3] == ("**",) else spread[call[:2] + call[3:]] if call[2] < 0 else ours.calls[call]
        if have < sure[call]:
            bad["calls"].append("missing %s (%d of %d)" % (call, have, sure[call]))
    loose |= {(c, n, k) for f, c, m, k1 in sure if m < 0 or k1 == ("**",) for f2, c2, n, k in ours.calls if (f2, c2) == (f, c)}
    for call in ours.calls:
        if call not in sure and call not in maybe and call[1:] not in loose and not call[0].startswith("<generic"):
            bad["calls"].append("extra %s" % (call,))
    sure, maybe = collections.Counter(map(tuple, theirs["imports"])), set(map(tuple, theirs["maybe_imports"]))
    for i in sure:
        if ours.imports[i] < sure[i]:
            bad["imports"].append("missing %s" % (i,))
    bad["imports"] += ["extra %s" % (i,) for i in ours.imports if i not in sure and i not in maybe]
    return bad


def compare(name, facts, program, show):
    good = [f for f in facts if "error" not in f]
    ours = tidewaiter(program, [f["pyc"] for f in good])
    equal, seen = collections.Counter(), collections.Counter()
    for f in good:
        mine = ours[f["pyc"]]
        bad = differences(f, mine)
        if mine.opaque:
            bad["calls"].append("opaque %s" % mine.opaque[:3])
        seen["calls"] += len(f.get("sure", ())) or sum(most for most, least in f.get("instructions", {}).values())
        for k in ("names", "consts", "imports"):
            seen[k] += len(f.get(k, ()))
        for k in KINDS:
            equal[k] += not bad[k]
        equal["all"] += not any(bad.values())
        if any(bad.values()) and show:
            print("differs: %s %s" % (name, f["source"]))
            for k in KINDS:
                for what in bad[k][:6]:
                    print("    %s: %s" % (k, what[:200]))
    n = max(len(good), 1)
    print("%-16s %5d files (%d not compilable): %s" % (name, len(good), len(facts) - len(good), ", ".join(
        "%s %.2f %%%s" % (k, 100.0 * equal[k] / n, " (of %d)" % seen[k] if seen[k] else "") for k in KINDS + ("all",))))
    return len(good), equal["all"]


# ---- the same .pyc beside xdis ----

INSTALLED = ["/usr/lib/python3*", "/usr/local/lib/python3*", str(ROOT / "build/venv/lib"), "~/.pyenv/versions/*/lib"]
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


def is_call(name):
    return name.startswith("CALL") and not name.startswith(("CALL_INTRINSIC", "CALL_FINALLY"))


def call_instructions(instructions):
    """(most, least) that are calls of the program's own: the compiler calls __enter__ and __exit__ itself."""
    calls = spare = 0
    for at, i in enumerate(instructions):
        before = [x for x in instructions[max(at - 6, 0):at] if x.opname not in ("PRECALL", "CACHE")][-3:]
        calls += is_call(i.opname) or i.opname == "LOAD_SUPER_ATTR"
        exits = [x.opname for x in before[-2:]] == ["DUP_TOP"] * 2 or len(before) == 3 and all(x.opname == "LOAD_CONST" and x.argval is None for x in before)
        spare += is_call(i.opname) and exits or i.opname in ("LOAD_SPECIAL", "LOAD_COMMON_CONSTANT")  # all(x for ...) is compiled twice
    return calls, calls - spare


def xdis_facts(path):
    """What xdis reads: names, constants, call instructions of each code object (comprehensions count where they stand)."""
    from xdis.bytecode import Bytecode
    from xdis.load import load_module
    from xdis.op_imports import get_opcode_module
    version, _, _, code, implementation = load_module(path)[:5]
    opcodes = get_opcode_module(version, implementation)
    names, consts, qualnames, calls, todo, seen = set(), set(), set(), {}, [(code, "<module>", "")], set()
    while todo:
        c, where, inside = todo.pop()
        if id(c) in seen:
            continue
        seen.add(id(c))
        instructions = list(Bytecode(c, opcodes))
        used = {n for i in instructions if i.opname != "MAKE_CELL" for n in (i.argval if isinstance(i.argval, tuple) else (i.argval,)) if isinstance(n, str)}
        names.update(used.intersection([*c.co_names, *c.co_varnames, *(c.co_cellvars or ()), *(c.co_freevars or ())]))
        most, least = call_instructions(instructions)
        have = calls.setdefault(where, [0, 0])
        have[0], have[1] = have[0] + most, have[1] + least
        values = list(c.co_consts)
        while values:
            v = values.pop()
            if isinstance(v, str):
                consts.add(hexed(v))
            elif isinstance(v, bytes):
                consts.add("b" + v.hex())
            elif isinstance(v, (tuple, frozenset)):
                values.extend(v)
            elif hasattr(v, "co_code"):
                comp = v.co_name in COMPREHENSIONS
                todo.append((v, where if comp else v.co_name, inside + v.co_name + (".<locals>." if v.co_flags & 1 and not comp else ".")))
                qualnames.update((hexed(v.co_name), hexed(inside + v.co_name)))
    return {"pyc": path, "source": path, "names": sorted(names), "consts": sorted(consts), "qualnames": sorted(qualnames),
            "instructions": calls, "version": "%d.%d" % version[:2]}


def installed():
    found = []
    for pattern in INSTALLED:
        for root in sorted(glob.glob(os.path.expanduser(pattern))):
            found += sorted(glob.glob(root + "/**/*.pyc", recursive=True))
    return list(dict.fromkeys(os.path.realpath(p) for p in found))


def beside_xdis(name, paths, program, show, origin=None):
    facts, unread = [], collections.Counter()
    for p in paths:
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                facts.append(xdis_facts(p))
        except Exception as e:  # xdis does not read every file
            facts.append({"source": p, "error": str(e)})
            unread["%s: %s" % (type(e).__name__, re.sub("/\\S+", "FILE", str(e))[:80])] += 1
            if show:
                print("xdis cannot read %s: %s" % ((origin or {}).get(p, p), e))
    old = [f for f in facts if f.get("version") not in VERSIONS + [None]]
    texts = tidewaiter(program, [f["pyc"] for f in old])
    if old:
        print("%-16s %d of versions that are not lowered, each a gap: %s" % (name, len(old), all(texts[f["pyc"]].opaque for f in old)))
    for why, n in unread.most_common(5):
        print("%-16s xdis cannot read %d: %s" % (name, n, why))
    have = collections.Counter(f["version"] for f in facts if "version" in f)
    print("%-16s versions: %s; none of %s" % (name, ", ".join("%s %d" % x for x in sorted(have.items(), key=lambda x: int(x[0][2:]))) or "none",
                                                ", ".join(v for v in VERSIONS if v not in have) or "-"))
    facts = [f for f in facts if f not in old]
    lost = sum(not texts[f["pyc"]].opaque for f in old)
    n, e = compare(name, facts, program, show) if facts else (0, 0)
    return n + lost, e


def compare_carried(program, limit, show, corpus):
    n, e = beside_xdis("installed, xdis", chosen(installed(), limit), program, show)
    if not corpus:
        print("%-16s not asked for (--corpus)" % "corpus, xdis")
        return n, e
    with inputs.benign((".pyc",), ".pyc") as names:
        n2, e2 = beside_xdis("corpus, xdis", chosen(sorted(names), limit), program, show, names)
    return n + n2, e + e2


def xdis_here():
    try:
        import xdis  # noqa: F401
        return True
    except ImportError:
        return False


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--sample", type=int, default=0, help="N files of each version")
    ap.add_argument("--carried", type=int, default=300, help="N .pyc files without source")
    ap.add_argument("--min", type=float, default=99.9)
    ap.add_argument("--only", help="this version alone")
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--corpus", action="store_true", help="the .pyc of the benign corpus too")
    args = ap.parse_args()
    found, node = interpreters(), pyodide()
    compared = equal = skipped = 0
    for v in [v for v in VERSIONS if not args.only or v == args.only]:
        how, base = ("pyodide", node) if v == "3.14" and v not in found and node else (v, found.get(v))
        if not base:
            print("%-16s skipped: no interpreter of this version here" % v)
            skipped += 1
            continue
        with tempfile.TemporaryDirectory() as t:
            newest = found[max(found, key=lambda x: int(x[2:]))] if how == "pyodide" else base
            facts = compiled(how, base, chosen(sources_of(newest), args.sample), Path(t))
            n, e = compare("CPython " + v, facts, args.tidewaiter, args.list)
            compared, equal = compared + n, equal + e
            if v in ("3.11", "3.14") and xdis_here():
                n, e = beside_xdis(v + ", xdis", [f["pyc"] for f in facts if "pyc" in f][:args.carried], args.tidewaiter, args.list)
                compared, equal = compared + n, equal + e
    if not args.only and not xdis_here():
        print("%-16s skipped: xdis is not installed" % "xdis")
        skipped += 1
    elif not args.only:
        n, e = compare_carried(args.tidewaiter, args.carried, args.list, args.corpus)
        compared, equal = compared + n, equal + e
    share = 100.0 * equal / max(compared, 1)
    print("all: %d files, %.3f %% agree in everything" % (compared, share))
    ok = compared and share >= args.min
    print("%d passed, %d failed, %d skipped" % (equal, 0 if ok else max(compared - equal, 1), skipped))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
