#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""JavaScript and TypeScript made to hurt: 100,000 levels of each construct, bundles of one line, dense tokens, unique names.
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

import sources

SLOW = 5.0


# what test_javascript_lower.c nests, and what else opens: (before, in the middle, behind)
DEEP = [("(", "x()", ")"), ("[", "x()", "]"), ("f(", "x()", ")"), ("a[", "x()", "]"), ("!", "x()", ""), ("x=>", "x()", ""), ("a?b:", "x()", ""),
        ("a?", "x()", ":b"), ("`${", "x()", "}`"), ("{", "x()", "}"), ("a.", "b()", ""), ("'a'+", "x()", ""), ("x()(", "", ")"), ("a||", "x()", ""),
        ("a<", "x()", ""), ("a,", "x()", ""), ("a=", "x()", ""), ("l:", "x()", ""), ("if(a)b();else ", "x()", ""), ("({a:", "x()", "})"), ("new ", "x()", ""),
        ("function f(){", "x()", "}"), ("(a=", "x()", ")=>b"), ("[a,[", "b", "]]"), ("if(a)", "x()", ""), ("class A{m(){", "x()", "}}"), ("async(", "x()", ")"),
        ("a;", "x()", ""), ("for(;;)", "x()", ""), ("do ", "x()", " while(0)"), ("try{", "x()", "}catch{}"), ("[[a]=", "b", "]"), ("function f(a=", "x()", "){}"),
        ("a**", "x()", ""), ("-", "x()", ""), ("x?.", "y()", ""), ("t`", "", ""), ("({[", "x", "]:1})"), ("[...", "x", "]"), ("{a:{", "", "}}"), ("`${`", "", ""),
        ("switch(a){case b:", "x()", "}"), ("function f({a=[", "", "]}){}"), ("class A extends ", "B", "{}"), ("@a(", "x", ")class A{}"), ("import(", "a", ")"),
        ("async(a=await ", "b", ")=>c"), ("<a>", "", "</a>"), ("<a b={", "x", "}/>"), ("yield ", "x", ""), ("/", "", ""), ("'", "", ""), ("/*", "", ""), ("<!--", "", "\n"),
        (")", "", ""), ("}", "", ""), ("f(a b\n", "", ""), ("case 1:", "", ""), ("function f({a(", "", "")]
DEEP_TS = [("<T>", "x", ""), ("<T>(a:", "b", ")=>c"), ("x as ", "any", ""), ("f<", "T", ">()"), ("var a:", "b", ";"), ("namespace A{", "x()", "}"), ("async<T>(", "a", ")=>b"),
           ("(a:(", "b", ")=>c)=>d"), ("type A=[", "b", "]"), ("(a?", "b", ":c)"), ("function f(a=", "b", ");"), ("a!", "", ""), ("enum E{a=", "1", "}"), ("(public a", "", ")"),
           ("a ? (b) : ", "c", ""), ("(a=await(", "b", "))=>c"), ("await(", "b", ")"), ("class A{a(b=", "c", ");}"), ("{a(){", "", "")]


def nested(n):
    """name -> (source with n levels, extension)"""
    out = {pre.strip(): (pre * n + mid + post * n, "js") for pre, mid, post in DEEP}
    return out | {"ts " + pre: (pre * n + mid + post * n, "ts") for pre, mid, post in DEEP_TS}


def dense(size):
    """name -> (source of about that many bytes, extension)"""
    def fill(unit):
        return unit * (size // len(unit))

    def unique(form):
        return "".join(form % i for i in range(size // (len(form) + 3)))
    out = {
        "one line: a;": fill("a;"), "one line: a,": fill("a,") + "a", "one line: 1,": "[" + fill("1,") + "]", "one line: a+": fill("a+") + "a", "one line: ()": "f" + fill("()"),
        "one line: [0]": "f" + fill("[0]"), "one line: .a": "f" + fill(".a"), "one string": "'" + fill("a") + "'", "one comment": "//" + fill("a"), "one name": fill("a"),
        "one number": fill("1"), "one escape": "'" + fill("\\n") + "'", "spaces": fill(" ") + "a", "one template": "`" + fill("a") + "`", "one regex": "/" + fill("a") + "/",
        "arrays": "[" + fill("[],") + "]", "objects": "[" + fill("{a:1},") + "]", "strings": "[" + fill("'a',") + "]", "templates": fill("`${a}`;"), "calls": fill("f(a)\n"),
        "arrows": fill("a=>b;"), "functions": fill("function f(){a}"), "binds": fill("a=b=c;"), "patterns": fill("[a,b]=c;"), "object patterns": fill("({a,b}=c);"),
        "classes": fill("class A{b(){}}"), "unique names": unique("a%x;"), "unique strings": unique("'%x';"), "unique members": unique("a.x%x();"), "unique functions": unique("function a%x(){}"),
        "assigns inside": "function f(){" + unique("a%x=1;") + "}", "steps": fill("a++;"), "ifs": fill("if(a)b;"), "semicolons": fill(";"), "braces": fill("{}"), "wrong": fill(")"),
        "commas": fill(","), "elements": fill("<a/>;"), "comments": fill("/**/"), "unclosed strings": fill("'a\n"), "html comments": fill("<!--a\n"), "labels": fill("a:"), "nul": fill("\0"),
    }
    typed = {"annotations": fill("var a:b<c>;"), "casts": fill("<T>a;"), "less": fill("a<b;"), "unclosed <": fill("a<"), "interfaces": fill("interface A{b:c}"), "overloads": fill("function f(a=b);"),
             "async arrows": fill("async<T>(a)=>b;"), "enums": fill("enum E{A}"), "top-level await": fill("await(a);"), "questions": fill("a?(b):c;")}
    return {k: (v, "js") for k, v in out.items()} | {"ts " + k: (v, "ts") for k, v in typed.items()}


def bundle(size):
    """One line of benign files of the corpus, each a function's body as bundlers have it."""
    parts, n = [], 0
    for _, data in sources.artifacts() if sources.corpus.present() else ():
        try:
            for name, content in sources.members(data, "x.tgz"):
                text = content.decode("utf-8", "replace")
                if sources.language(name) != "JavaScript" or "//" in text or "`" in text or len(text) < 2000 or "import " in text or "export " in text:
                    continue
                parts.append("(function(){" + text.replace("\n", " ").replace("\r", " ") + "\n".strip() + "})();")
                n += len(parts[-1])
                if n >= size:
                    return "".join(parts)
        except (OSError, EOFError, sources.tarfile.TarError):
            continue
    return "".join(parts)


def measure(launcher, program, source, folder):
    source, extension = source
    path, log = os.path.join(folder, "x." + extension), os.path.join(folder, "out")
    with open(path, "wb") as f:
        f.write(source.encode("utf-8", "surrogatepass"))
    best, out = None, ""
    for _ in range(3):
        code, spent, rss = launcher.run([program, "ir", "--format", "stats", path], log)
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
    ap.add_argument("--bundle", type=int, default=20, help="MB of benign files on one line")
    ap.add_argument("--tokens", type=int, default=10, help="millions of tokens")
    ap.add_argument("--min-speed", type=float, default=SLOW)
    args = ap.parse_args()
    launcher = Launcher()
    bad, done, slowest, fattest = [], 0, (1e9, ""), (0, "")
    with tempfile.TemporaryDirectory() as folder:
        _, idle, base, _, _ = measure(launcher, os.path.abspath(args.tidewaiter), ("a\n", "js"), folder)
        print("%-34s %10s %8s %9s %9s  %s" % ("source", "bytes", "seconds", "MB/s", "bytes/B", "opaque"))
        groups = [("deep: ", nested(args.deep)), ("dense: ", dense(int(args.mb * 1e6))),
                  ("large: ", {"one line of a;": ("a;" * (args.large * 500000), "js"), "one string": ("'" + "a" * (args.large * 1000000) + "'", "js"),
                               "10 M tokens": ("a;" * (args.tokens * 500000), "js"), "a bundle": (bundle(args.bundle * 1000000), "js")})]
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
