#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random small programs that end in sink(n, TEXT): what the record says that a sink is given is what Python or node gave it,
or unknown; never another text. --minimise shrinks each program that is wrong; the same seed gives the same programs."""
import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from random_javascript import JavaScript
from random_python import Python

LANGUAGES = {"python": (Python, "py"), "javascript": (JavaScript, "cjs")}
REAL = {
    "python": [sys.executable, "-c", r'''
import sys, json, ast, signal
def late(*a): raise SystemExit
signal.signal(signal.SIGALRM, late)
out = []
for text in json.load(sys.stdin):
    got = []
    def sink(i, v): got.append((i, str(v)))
    signal.alarm(5)
    try: exec(compile(text, "p", "exec"), {"__name__": "p", "sink": sink})
    except BaseException as x: got.append((0, type(x).__name__))
    signal.alarm(0)
    out.append(got)
print(json.dumps(out))
'''],
    "javascript": ["node", "-e", r'''
const vm = require("vm"), out = [];
for (const text of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    const got = [];
    const sink = (i, v) => { got.push([i, String(v)]); };
    try { vm.runInNewContext("(function (exports, require, module) {" + text + "\n})", { sink, process })({}, require, {}); } catch (x) { got.push([0, String(x && x.name)]); }
    out.push(got);
}
console.log(JSON.stringify(out));
'''],
}
CALL = re.compile(r'^call #\d+ in (\d+) sink\((\d+), "((?:[^"\\]|\\.)*)"\)( \S.*)? @(\d+)\+\d+$')


def real(language, texts):
    p = subprocess.run(REAL[language], input=json.dumps(texts), capture_output=True, text=True, timeout=600)
    out = []
    if p.returncode:  # one of them takes the interpreter with it
        half = len(texts) // 2
        return real(language, texts[:half]) + real(language, texts[half:]) if half else [collections.defaultdict(set)]
    for got in json.loads(p.stdout):
        said = collections.defaultdict(set)
        for i, v in got:
            said[i].add(v)
        out.append(said)
    return out


def plain(s):
    return re.sub(r"\\(x..|.)", lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x" and len(m[1]) == 3 else "\n" if m[1] == "n" else m[1], s)


def recorded(tidewaiter, path, text):
    """Of each sink, the texts it is given by the calls of it that are known."""
    p = subprocess.run([tidewaiter, "facts", path], capture_output=True, text=True, timeout=60)
    said = collections.defaultdict(set)
    for line in p.stdout.splitlines():
        m = CALL.match(line)
        if not m or "..+" in m[3]:
            continue
        perhaps = m[1] != "0" or re.search(r" (guarded|loop|try|never)\b", m[4] or "")
        if text[int(m[5]):].startswith("sink(") or not perhaps:  # else a call around it, which may not come to pass
            said[int(m[2])].add(plain(m[3]))
    return said, p.returncode


def wrong(got, said):
    """A text that the record has and the run has not; a call that stands at the sink itself says all there is."""
    return [(i, v) for i, vs in said.items() for v in vs if got[i] and v not in got[i]]


def program(language, seed):
    return LANGUAGES[language][0](random.Random(f"{language} {seed}")).program()


def check(tidewaiter, language, text, folder, name="p"):
    path = os.path.join(folder, f"{name}.{LANGUAGES[language][1]}")
    with open(path, "w") as f:
        f.write(text)
    return recorded(tidewaiter, path, text)


def minimise(tidewaiter, language, text, folder):
    """Leaves out runs of lines as long as the program stays wrong."""
    lines = text.rstrip("\n").split("\n")
    size = max(1, len(lines) // 2)
    while size:
        i, any_ = 0, False
        while i < len(lines):
            less = lines[:i] + lines[i + size:]
            candidate = "\n".join(less) + "\n"
            got = real(language, [candidate])[0]
            if set(got) - {0} and wrong(got, check(tidewaiter, language, candidate, folder, "m")[0]):
                lines, any_ = less, True
            else:
                i += 1
        if not any_ or size > 1:
            size = size // 2 if not any_ or size > 1 else size
    return "\n".join(lines) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--language", choices=LANGUAGES)
    ap.add_argument("--count", type=int, default=150)
    ap.add_argument("--seed", type=int, default=0, help="the first")
    ap.add_argument("--minimise", type=int, default=0, help="so many of the wrong ones")
    ap.add_argument("--jobs", type=int, default=2)
    args = ap.parse_args()
    bad = 0
    for language in [args.language] if args.language else LANGUAGES:
        seeds = range(args.seed, args.seed + args.count)
        texts = [program(language, s) for s in seeds]
        given = known = crashes = 0
        with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            gots = [g for part in pool.map(lambda i: real(language, texts[i:i + 200]), range(0, len(texts), 200)) for g in part]
            saids = list(pool.map(lambda i: check(args.tidewaiter, language, texts[i], folder, f"p{i}"), range(len(texts))))
            for seed, text, got, (said, status) in zip(seeds, texts, gots, saids):
                errors = wrong(got, said)
                given += len(got) - (0 in got)
                crashes += 0 in got
                known += sum(i in said for i in got if i)
                if not errors and not status:
                    continue
                bad += 1
                print(f"{language} seed {seed}: status {status}" + "".join(f"; sink {i} is {v!r}, really {sorted(got[i])}" for i, v in errors[:2]))
                if bad <= args.minimise and errors:
                    small = minimise(args.tidewaiter, language, text, folder)
                    now = real(language, [small])[0]
                    print("  " + small.replace("\n", "\n  "))
                    print("  wrong:", wrong(now, check(args.tidewaiter, language, small, folder)[0]), "really", dict(now), flush=True)
        print(f"{language}: {len(texts)} programs, {crashes} end in an exception, {known} of {given} sinks known", flush=True)
    print(f"{bad} wrong")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
