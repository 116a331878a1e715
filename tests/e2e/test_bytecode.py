#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compiled Python in artifacts: with its source and without, the module it is, and the same name with other content. The
.pyc are made by the Python that runs this, of inert sources; nothing is imported."""
import argparse
import importlib.util
import json
import marshal
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SOURCE = "import os\ndef f(a):\n    return os.getcwd() + a\n"
OTHER = "import os\ndef f(a):\n    return os.system('id') or a\n"
RUNS = "import os\nos.system('id')\n"
TAG = sys.implementation.cache_tag
passed = failed = 0


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what)


def pyc(source, size=None, flags=0):
    """As CPython 3.7 and later write it; size None: that of the source."""
    head = struct.pack("<III", flags, 0, len(source) if size is None else size)
    return importlib.util.MAGIC_NUMBER + head + marshal.dumps(compile(source, "m.py", "exec"))


def wheel(folder, files):
    path = Path(folder) / "pkg-1.0-py3-none-any.whl"
    meta = {"pkg-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n",
            "pkg-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    names = [*files, *meta, "pkg-1.0.dist-info/RECORD"]
    with zipfile.ZipFile(path, "w") as z:
        for name, data in {**files, **meta, "pkg-1.0.dist-info/RECORD": "".join(n + ",,\n" for n in names)}.items():
            z.writestr(name, data)
    return path


def scan(program, files):
    with tempfile.TemporaryDirectory() as t:
        r = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--fail-on", "never", str(wheel(t, files))],
                           stdout=subprocess.PIPE, check=True, timeout=120)
    return json.loads(r.stdout)


def said(report, what):
    return [f["says"] for f in report["findings"] if f.get("id") == "native.bytecode-" + what]


def shell_at_import(report):
    return ("exec.shell", "import") in {(c["id"], c["trigger"]) for c in report["capabilities"]}


def without_source(program):
    r = scan(program, {"evil.pyc": pyc(RUNS)})
    check(len(said(r, "without-source")) == 1, "a wheel with evil.pyc alone")
    check(shell_at_import(r), "evil.pyc is a module: importing runs it")
    r = scan(program, {"pkg/__init__.py": "", "pkg/__pycache__/x.%s.pyc" % TAG: pyc(RUNS)})
    check(len(said(r, "without-source")) == 1, "__pycache__/x.pyc without x.py")
    r = scan(program, {"pkg/__init__.py": "", "pkg/x.py": RUNS, "pkg/__pycache__/x.%s.pyc" % TAG: pyc(RUNS)})
    check(not said(r, "without-source") and not said(r, "differs"), "x.pyc of x.py")


def module_names(program):
    """Calls across files find a compiled module by its name, in __pycache__ too."""
    for where in ("pkg/x.pyc", "pkg/__pycache__/x.%s.pyc" % TAG):
        r = scan(program, {"pkg/__init__.py": "from .x import f\nf('a')\n", where: pyc("import os\ndef f(a):\n    os.system(a)\n")})
        check(shell_at_import(r), "pkg calls pkg.x.f of %s at import" % where)


def differs(program):
    beside = {"pkg/__init__.py": "", "pkg/x.py": SOURCE}
    at = "pkg/__pycache__/x.%s.pyc" % TAG
    check(len(said(scan(program, {**beside, at: pyc(OTHER, len(SOURCE))}), "differs")) == 1, "another call, the source's size")
    check(len(said(scan(program, {**beside, at: pyc(OTHER, 7, 1)}), "differs")) == 1, "another call, unchecked hash")
    check(len(said(scan(program, {**beside, "pkg/x.pyc": pyc("import socket\n", len(SOURCE))}), "differs")) == 1, "another import")
    check(not said(scan(program, {**beside, at: pyc(OTHER)}), "differs"), "another size: Python compiles the source")
    check(not said(scan(program, {**beside, at: pyc(SOURCE)}), "differs"), "the same")
    r = scan(program, {**beside, at: pyc(OTHER, len(SOURCE))})
    places = [p for c in r["capabilities"] for p in c.get("places", []) if p.get("member", "").endswith(".pyc")]
    check(all(p["line"] is None and not p["snippet"] for p in places), "no line, no text of a .pyc")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    program = ap.parse_args().tidewaiter
    without_source(program)
    module_names(program)
    differs(program)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
