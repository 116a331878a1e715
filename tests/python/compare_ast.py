#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the IR of the Python front end with CPython's ast: the same imports, the same calls with a
dotted callee at the same byte offset, the same string constants. Equal, not contained.

compare_ast.py --tidewaiter build/tidewaiter [--corpus] [--installed] [--sample N] [--list] [PATH...]
Without any: the standard library and the packages of the Python that runs this. Files that CPython
cannot parse are counted and, with --list, named; they do not count as differences.
Three things are compared as what they mean, not as ast writes them: before 3.12 a call inside an f-string without
its offset (ast gets those wrong), the callee of (a := b).c() as b.c, and names of characters
(\\N{...}) that the front end keeps as written (those files are counted).
"""
import argparse
import sys
import sysconfig
import warnings

import check_unicode
import facts
import inputs
import runner

EXACT = sys.version_info >= (3, 12)


def one(path, ours):
    with open(path, "rb") as f:
        raw = data = f.read()
    try:
        data = facts.decoded(raw)
        theirs, spans = facts.of_ast(raw, data, EXACT)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
        return runner.Result(path, refused="%s: %s" % (type(e).__name__, e))
    ours["call"] = facts.without_offsets(ours["call"], spans)
    note = ""
    if ours["str"] != theirs["str"]:
        put_in = facts.named(ours["str"])
        note = "a \\N{name} kept as written" if put_in != ours["str"] else ""
        ours["str"], theirs["str"] = put_in, facts.named(theirs["str"])
    diff = facts.differences(ours, theirs)
    return runner.Result(path, differs=diff, show=facts.shown(diff, facts.Lines(data)), opaque=ours["opaque"], note=note)


def compare(program, paths):
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    ours = runner.lowered(program, paths)
    return [one(p, ours[p]) for p in paths]


def main():
    args = inputs.options(argparse.ArgumentParser()).parse_args()
    everything = not (args.paths or args.corpus or args.installed)
    if everything:
        args.paths = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    with inputs.chosen(args) as names:
        results = runner.each(compare, [args.tidewaiter], list(names), args.jobs)
        n, bad, ok = runner.report(results, names, args, "CPython %d.%d" % sys.version_info[:2])
    if everything:
        checked, wrong = check_unicode.check(args.tidewaiter)
        print("Unicode tables: %d checked, %d wrong" % (checked, wrong))
        ok = ok and not wrong
    print("%d passed, %d failed" % (n - bad, 0 if ok else max(bad, 1)))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
