#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Python sources made to hurt: 100,000 levels of each construct, one line of many megabytes, dense tokens, unique names.
For each the speed, the memory over what a small file takes, and what became OPAQUE. A crash or less than
5 MB/s (which time that grows faster than the input soon is) fails.

hostile.py --tidewaiter build/tidewaiter [--mb N] [--deep N] [--min-speed MB/s]"""
import argparse
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from launcher import Launcher  # noqa: E402

SLOW = 5.0


def nested(n):
    """name -> source with n levels."""
    blocks = "".join("%sif a:\n" % (" " * i) for i in range(min(n, 3000)))
    classes = "".join("%sclass C:\n" % (" " * i) for i in range(min(n, 3000)))
    return {
        "(": "(" * n + "1" + ")" * n, "[": "[" * n + "]" * n, "{": "{" * n + "}" * n, "( open": "(" * n, "mixed brackets": "([{" * n,
        "f-string fields": "f'''{" * n + "1" + "}'''" * n, "f-string fields, quotes in turn": "f'{f\"{" * n, "t-strings": "t'{" * n,
        "f-string formats": "f'" + "{a:" * n, "lambda": "lambda:" * n + "1", "lambda defaults": "lambda a=" * n + "1" + ":1" * n,
        "not": "not " * n + "a", "-": "-" * n + "a", "~ + -": "~+-" * n + "a", "await": "await " * n + "a", "yield": "(yield " * n + ")" * n,
        "if else": "a if b else " * n + "c", "if if": "a if " * n + "b" + " else c" * n, "**": "a**" * n + "a", "and or": "a and b or " * n + "c",
        "compare": "a<" * n + "a", "+": "a+" * n + "a", "%+": "a%b+" * n + "a", "walrus": "(a:=" * n + "1" + ")" * n,
        "calls": "a(" * n + ")" * n, "call chain": "a" + "()" * n, "index": "a[" * n + "0" + "]" * n, "index chain": "a" + "[0]" * n,
        "slices": "a[::" * n + "]" * n, "dotted": "a" + ".a" * n, "dict values": "{1:" * n + "1" + "}" * n, "starred": "[*" * n + "a" + "]" * n,
        "comprehension fors": "[a " + "for a in a " * n + "]", "comprehension ifs": "[a for a in b " + "if a " * n + "]",
        "comprehensions": "[a for a in " * n + "b" + "]" * n, "comprehension elements": "[" * n + "a" + " for a in b]" * n,
        "decorators": "@a\n" * n + "def f(): pass", "elif": "if a:\n b\n" + "elif a:\n b\n" * n, "else if": blocks, "classes": classes,
        "blocks on a line": "if a: " * n + "b", "def on a line": "def f(): " * n, "matches": "match a:\n case " + "[" * n + "]" * n,
        "string concatenation": "'a' " * n, "f-string concatenation": "f'{a}' " * n, "assignments": "a=" * n + "1", "targets": "(" * n + "a" + ",)" * n + "=b",
        "targets in a row": "a," * n + "=b", "for targets": "for " + "(" * n + "a" + ",)" * n + " in b: pass", "backquotes": "`" * n,
        "backslashes": "\\\n" * n + "a", "backslashes in an expression": "a + \\\n" * n + "a", "blank lines": "\n" * n, "form feeds": "\f" * n + "a",
        "comments": "#\n" * n, "semicolons": "a;" * n, "global": "global " + "a," * n + "a", "import": "import " + "a," * n + "a",
        "from import": "from a import (" + "a," * n + ")", "import dots": "from " + "." * n + " import a", "module": "import a" + ".a" * n,
        "with": "with " + "a as b, " * n + "c: pass", "except": "try: a\n" + "except a: b\n" * n, "print statement": "print a\n" * n,
        "print twice": "print (a), b\n" * n + "exec b\n", "parameters": "def f(" + ",".join("a%d" % i for i in range(n)) + "): pass",
        "type parameters": "def f[" + "A:b," * n + "]():pass", "unclosed strings": "'a\n" * n, "unclosed triples": "'''a\n\"\"\"" * n,
        "syntax errors": ") ] }\n" * n, "errors in brackets": "f(a b\n" * n, "errors in f-strings": "f'{a b}'\n" * n, "case ahead": "match a b c d\n" * n,
        "match ahead": "match " * n, "tabs deeper": "".join("%sif a:\n" % ("\t" * (i % 60)) for i in range(n)), "annotations": "a:" * n,
        "nul bytes": "\0" * n + "a", "escapes": "'" + "\\x41" * n + "'", "names of characters": "'" + "\\N{BULLET}" * n + "'",
        "not a name": "'" + "\\N{" * n + "'", "homoglyphs": "\u0430b " * n,
    }


def dense(size):
    """name -> source of about that many bytes."""
    def fill(unit):
        return unit * (size // len(unit))

    def unique(form):
        out, i, left = [], 0, size
        while left > 0:
            out.append(form % i)
            left -= len(out[-1])
            i += 1
        return "".join(out)
    return {
        "one line: a;": fill("a;"), "one line: a,": fill("a,"), "one line: 1,": "[" + fill("1,") + "]", "one line: a+": fill("a+") + "a",
        "one line: ()": "f" + fill("()"), "one line: [0]": "f" + fill("[0]"), "one line: .a": "f" + fill(".a"), "one string": "'" + fill("a") + "'",
        "one comment": "#" + fill("a"), "one name": fill("a"), "one number": fill("1"), "one escape": "'" + fill("\\n") + "'", "spaces": fill(" ") + "a",
        "list of lists": "[" + fill("[],") + "]", "dict": "{" + fill("1:2,") + "}", "strings": "[" + fill("'a',") + "]", "f-strings": fill("f'{a}';"),
        "calls": fill("f(a)\n"), "lambdas": fill("lambda:a\n"), "defs": fill("def f():a\n"), "binds": fill("a=b=c\n"), "unpack": fill("a,b=c\n"),
        "unique names": unique("a%x\n"), "unique strings": unique("'%x'\n"), "unique numbers": unique("%d\n"), "unique members": unique("a.x%x()\n"),
        "unique assignments": unique("a%x=1\n"), "comprehensions": fill("[a for a in b]\n"), "unary": fill("-") + "a", "ifs": fill("if a:b\n"),
        "newlines": fill("\n"), "braces": fill("{}\n"), "parentheses": fill("()\n"), "commas alone": fill(",\n"), "brackets wrong": fill(")\n"),
    }


def measure(launcher, program, source, folder):
    path, log = os.path.join(folder, "x.py"), os.path.join(folder, "out")
    with open(path, "wb") as f:
        f.write(source.encode("utf-8", "surrogatepass"))
    best, out = None, ""
    for _ in range(3):
        code, spent, rss = launcher.run([program, "ir", "--format", "stats", "--language", "python", path], log)
        best = spent if best is None else min(best, spent)
        with open(log, encoding="utf-8", errors="replace") as f:
            out = f.read()
        if spent > 0.5:
            break
    return code, best, rss, os.path.getsize(path), out


def opaque(out):
    for field in out.strip().split("\t"):
        if field.startswith("opaque "):
            return field[7:]
    return "?"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--mb", type=float, default=8, help="size of the dense files")
    ap.add_argument("--deep", type=int, default=100000)
    ap.add_argument("--large", type=int, default=100, help="MB of one line, over the limit of one source")
    ap.add_argument("--min-speed", type=float, default=SLOW)
    args = ap.parse_args()
    launcher = Launcher()
    bad, done, slowest, fattest = [], 0, (1e9, ""), (0, "")
    with tempfile.TemporaryDirectory() as folder:
        _, idle, base, _, _ = measure(launcher, os.path.abspath(args.tidewaiter), "a\n", folder)
        print("%-34s %10s %8s %9s %9s  %s" % ("source", "bytes", "seconds", "MB/s", "bytes/B", "opaque"))
        groups = [("deep: ", nested(args.deep)), ("dense: ", dense(int(args.mb * 1e6))),
                  ("large: ", {"one line of a;": "a;" * (args.large * 500000), "one string": "'" + "a" * (args.large * 1000000) + "'"})]
        for head, sources in groups:
            for name, source in sources.items():
                code, seconds, rss, size, out = measure(launcher, os.path.abspath(args.tidewaiter), source, folder)
                spent = max(seconds - idle, 0.001)
                speed, memory = size / 1e6 / spent, max(rss - base - size, 0) / size
                done += 1
                print("%-34s %10d %8.3f %9.1f %9.1f  %s" % (head + name, size, seconds, speed, memory, opaque(out)), flush=True)
                if code:
                    bad.append("%s%s: ended with %d" % (head, name, code))
                elif speed < args.min_speed and spent > 0.05:  # shorter is noise of a busy machine
                    bad.append("%s%s: %.1f MB/s" % (head, name, speed))
                if speed < slowest[0]:
                    slowest = (speed, head + name)
                if head == "dense: " and memory > fattest[0]:
                    fattest = (memory, head + name)
    print("slowest: %.1f MB/s, %s; most memory of a dense source: %.1f bytes per byte, %s" % (*slowest, *fattest))
    for line in bad:
        print("FAILED " + line)
    print("%d passed, %d failed" % (done - len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
