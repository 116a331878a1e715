#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the IR of the Python front end with the ast of CPython 3.14, which runs in WebAssembly under node (npm's
pyodide): what compare_ast.py asks, with the offsets of calls inside f-strings too, and for files whose syntax is newer
than the Python here.

compare_314.py --tidewaiter build/tidewaiter [--corpus] [--installed] [--sample N] [--list] [PATH...]
Without any: tests/python/py314 and the standard library of the Python that runs this. Needs node and pyodide:
--node, --pyodide, or what `make build/node` installed."""
import argparse
import atexit
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import facts
import inputs
import runner

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKER = []


def node():
    own = ROOT / "build/venv/bin/node"
    return os.environ.get("TW_NODE") or (str(own) if own.exists() else shutil.which("node"))


def pyodide():
    places = [os.environ.get("TW_PYODIDE", ""), str(ROOT / "build/node/node_modules/pyodide")]
    return next((p for p in places if p and os.path.isfile(p + "/pyodide.mjs")), None)


def worker():
    if not WORKER:
        p = subprocess.Popen([node(), "--stack-size=4000", str(HERE / "reference_314.mjs"), pyodide()],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        if not p.stdout.readline().startswith("3.14"):
            sys.exit("pyodide does not start, or is not CPython 3.14")
        WORKER.append(p)
        atexit.register(p.stdin.close)
    return WORKER[0]


def reference(path):
    p = worker()
    p.stdin.write(path + "\n")
    p.stdin.flush()
    line = p.stdout.readline()
    if not line:
        WORKER.clear()
        return {"refused": "the reference itself: node ended"}
    found = json.loads(line)
    if "refused" in found:
        return found
    counted = {}
    for kind, items in found.items():
        counted[kind] = facts.collections.Counter({(tuple(k) if isinstance(k, list) else k): n for k, n in items})
    return counted


def one(path, ours):
    theirs = reference(path)
    if "refused" in theirs:
        return runner.Result(path, refused=theirs["refused"])
    with open(path, "rb") as f:
        data = facts.decoded(f.read())
    ours["call"] = facts.collections.Counter(ours["call"])
    note = ""
    if ours["str"] != theirs["str"]:
        put_in = facts.named(ours["str"])
        note = "a \\N{name} kept as written" if put_in != ours["str"] else ""
        ours["str"], theirs["str"] = put_in, facts.named(theirs["str"])
    diff = facts.differences(ours, theirs)
    return runner.Result(path, differs=diff, show=facts.shown(diff, facts.Lines(data)), opaque=ours["opaque"], note=note)


def compare(program, paths):
    ours = runner.lowered(program, paths)
    return [one(p, ours[p]) for p in paths]


def main():
    args = inputs.options(argparse.ArgumentParser()).parse_args()
    if not node() or not pyodide():
        print("skipped: node or pyodide is not here")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    if not (args.paths or args.corpus or args.installed):
        args.paths = [str(HERE / "py314"), sysconfig.get_path("stdlib")]
    with inputs.chosen(args) as names:
        results = runner.each(compare, [args.tidewaiter], list(names), args.jobs)
        n, bad, ok = runner.report(results, names, args, "CPython 3.14")
    print("%d passed, %d failed" % (n - bad, 0 if ok else max(bad, 1)))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
