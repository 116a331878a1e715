#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the Unicode tables of the Python front end against unicodedata: names whose normal form is ASCII,
and \\N{...}. compare_ast.py runs it too. check_unicode.py --tidewaiter build/tidewaiter"""
import argparse
import os
import subprocess
import sys
import tempfile
import unicodedata


def lowered(program, lines):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.py")
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        out = subprocess.run(program + ["--format", "facts", path], stdout=subprocess.PIPE, check=True).stdout
    return out.decode("utf-8", "replace").split("\n")


def ascii_forms():
    """Characters that may stand in a name and that NFKC makes ASCII."""
    for cp in range(0x80, 0x110000):
        c = chr(cp)
        n = unicodedata.normalize("NFKC", c)
        if n != c and n.isascii() and n.isidentifier() | n.isdigit() and ("a" + c).isidentifier():
            yield c, n


def check_forms(program):
    forms = list(ascii_forms())
    got = [l.split("\t")[3] for l in lowered(program, ["a%s()" % c for c, _ in forms]) if l.startswith("call\t")]
    want = ["a" + n for _, n in forms]
    bad = [(w, g) for w, g in zip(want, got) if w != g]
    for w, g in bad[:5]:
        print("normal form: want %r, got %r" % (w, g))
    return len(forms), len(bad) + abs(len(want) - len(got))


def check_names(program):
    """ASCII must be decoded; every other name is decoded rightly or kept as written."""
    named = [(c, unicodedata.name(c)) for c in map(chr, range(0x20, 0x10000)) if unicodedata.name(c, "")]
    out = lowered(program, ["'\\N{%s}'" % n for _, n in named])
    got = [bytes.fromhex(l.split("\t")[3]) for l in out if l.startswith("str\t")]
    bad = []
    for (c, n), g in zip(named, got):
        kept = g == ("\\N{%s}" % n).encode()
        if g != c.encode() and not (kept and ord(c) >= 0x7f):
            bad.append((n, g))
    for n, g in bad[:5]:
        print("name: %s gave %r" % (n, g))
    return len(named), len(bad) + abs(len(named) - len(got))


def check(tidewaiter):
    """(checked, wrong)"""
    results = [check_forms([tidewaiter, "ir"]), check_names([tidewaiter, "ir"])]
    return sum(r[0] for r in results), sum(r[1] for r in results)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    n, wrong = check(ap.parse_args().tidewaiter)
    print("%d passed, %d failed" % (n - wrong, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
