#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the IR of the JavaScript and TypeScript front ends with what acorn and the TypeScript compiler parse: the same
imports and exports, the same calls with a dotted callee at the same byte offset and length, the same string constants and
regular expressions. Multisets that are equal, not contained.

compare_js.py --tidewaiter build/tidewaiter [--sample N] [--list] [--language js|ts] [--hard] [PATH...]
Without PATH: .js .cjs .mjs .jsx .ts .mts .cts .tsx of the benign corpus (npm, PyPI, long tail; each content once) and of
the packages installed here. Files that the reference cannot parse are counted and, with --list, named; they do not count
as differences. Those of them that hold type syntax in a .js (acorn refuses, TypeScript parses) are counted apart.

What the facts mean, the same on both sides, because the IR says so (docs/internals/ir.md):
- a call is f(), new F, import(), and a tagged template; its callee is dotted where it is names and members only: `?` is
  anything else; optional chains are dots; this, super, import, new.target and import.meta are names; brackets, casts and
  `!` of TypeScript vanish; (a, b)() is b, (a = b)() is b and (a++)() is a, as that is what they are worth;
- a string is a literal, the key of an object literal or enum (an identifier key is a string too), a piece of a template
  (empty pieces only in tagged ones and in ``), a lower-case JSX tag, a JSX attribute's name, JSX text as it is rendered
  (lines trimmed, blank ones dropped, joined by a space);
- names in import, export, classes, patterns (["k"] in a pattern is the name k) and member access are names, not strings;
- types, declare, interfaces, overloads, abstract methods leave nothing.
"""
import argparse
import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sources

HERE = Path(__file__).resolve().parent
KINDS = ("import", "export", "call", "str", "regex")
DROPPED = {"import": (1, 2), "export": (1,), "call": (), "str": (1, 2), "regex": (1,)}  # columns of ours not compared
BATCH_FILES, BATCH_BYTES, EXAMPLES = 500, 8 << 20, 10


def node():
    """The node of the venv, else the machine's."""
    ours = sources.ROOT / "build/venv/bin/node"
    return str(ours) if ours.exists() else "node"


def parse_facts(text):
    """The program's output -> {path: (facts, opaque)}."""
    out, facts, opaque = {}, None, None
    for line in text.split("\n"):
        f = line.split("\t")
        if f[0] == "file":
            facts, opaque = [], []
            out[f[1]] = (facts, opaque)
        elif f[0] in DROPPED:
            facts.append("\t".join(x for i, x in enumerate(f) if i not in DROPPED[f[0]]))
        elif f[0] == "opaque":
            opaque.append(" ".join(f[1:]))
    return out


def ours(program, paths):
    """Facts of the paths; a file on which the program dies or hangs has none: (None, [why])."""
    try:
        r = subprocess.run(program + paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20 + 4 * len(paths), check=False)
        if r.returncode == 0:
            return parse_facts(r.stdout.decode("utf-8", "surrogateescape"))
        why = f"exit {r.returncode}: {r.stderr.decode(errors='replace')[-300:]}"
    except subprocess.TimeoutExpired:
        why = "no end"
    if len(paths) == 1:
        return {paths[0]: (None, [why])}
    out = {}
    for p in paths:
        out.update(ours(program, [p]))
    return out


def theirs(paths, extra=()):
    r = subprocess.run([node(), str(HERE / "reference.mjs"), *extra], input="\n".join(paths).encode(), stdout=subprocess.PIPE, check=False)
    if r.returncode:
        sys.exit(f"the reference ended with {r.returncode}")
    return {x["file"]: x for x in map(json.loads, r.stdout.decode("utf-8", "surrogateescape").split("\n")[:-1])}


def line_of(path, off):
    with open(path, "rb") as f:
        data = f.read(off)
    return data.count(b"\n") + 1, off - data.rfind(b"\n") - 1


def shown(path, fact):
    f = fact.split("\t")
    if f[0] == "call":
        return "call %s at %d:%d, %s bytes" % (f[3], *line_of(path, int(f[1])), f[2])
    if f[0] in ("str", "regex"):
        return "%s %r" % (f[0], bytes.fromhex(f[1]).decode("utf-8", "replace")[:70])
    return " ".join(f)


def difference(path, mine, opaque, reference, limit=3):
    """None where equal, else (class, lines that show it)."""
    if mine is None:
        return "program ended", opaque
    a, b = collections.Counter(mine), collections.Counter(reference)
    if a == b:
        return None
    lines = ["opaque: " + "; ".join(opaque[:3])] if opaque else []
    kinds = []
    for word, diff in (("missing", b - a), ("extra", a - b)):
        for kind in KINDS:
            some = sorted((x for x in diff if x.split("\t", 1)[0] == kind), key=lambda x: (int(x.split("\t")[1]) if kind == "call" else 0, x))
            if some:
                kinds.append(f"{word} {kind}")
            lines += [f"{word} {shown(path, x)}" for x in some[:limit]]
    return ("opaque: " if opaque else "") + ", ".join(kinds), lines


def batches(paths):
    some, size = [], 0
    for p in paths:
        some.append(p)
        size += os.path.getsize(p)
        if len(some) >= BATCH_FILES or size >= BATCH_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


class Tally:
    def __init__(self):
        self.files = self.parsable = self.equal = self.silent = 0
        self.kinds = collections.Counter()
        self.classes = collections.defaultdict(list)
        self.refused, self.typed, self.not_utf8 = [], [], []


def compare(tallies, names, mine, reference, listing):
    for path, ref in reference.items():
        t = tallies[sources.language(path)]
        t.files += 1
        if "error" in ref:
            where = t.not_utf8 if ref["error"] == "not UTF-8" else t.typed if ref.get("typed") else t.refused
            where.append((names[path], ref["error"]))
            if mine[path][0] is None:
                t.classes["program ended"].append((names[path], mine[path][1]))
            continue
        t.parsable += 1
        facts, opaque = mine[path]
        d = difference(path, facts, opaque, ref["facts"])
        if d is None:
            t.equal += 1
            t.silent += bool(opaque)
        else:
            t.classes[d[0]].append((names[path], d[1]))
            if listing:
                print(f"differs: {names[path]} ({path}): {d[0]}")
                print("".join(f"    {x}\n" for x in d[1]), end="", flush=True)


def report(tallies, args):
    bad = total = 0
    for lang, t in sorted(tallies.items()):
        share = 100 * t.equal / max(t.parsable, 1)
        need = args.min_js if lang in ("JavaScript", "JSX") else args.min_ts
        print(f"{lang}: {t.files} files, {t.parsable} parsable by the reference, {t.equal} equal: {share:.3f} % (at least {need} %)")
        print(f"  not compared: {len(t.refused)} the reference refuses, {len(t.typed)} .js with type syntax, {len(t.not_utf8)} not UTF-8"
              + (f"; equal though partly opaque: {t.silent}" if t.silent else ""))
        for name, why in (t.refused + t.typed + t.not_utf8 if args.list else []):
            print(f"    not compared: {name}: {why}")
        for what, some in sorted(t.classes.items(), key=lambda x: -len(x[1])):
            print(f"  {len(some)} with {what}")
            for name, lines in some[:EXAMPLES] if not args.list else []:
                print(f"    {name}: {' | '.join(lines[:3])[:300]}")
        total += t.equal
        refused = [x for x in t.refused + t.typed + t.not_utf8 if " as ts" not in x[0]] if args.hard else []
        if args.hard and (t.silent or refused):
            print("\n".join(f"    refused: {name}: {why}" for name, why in refused))
            bad += t.silent + len(refused)
        if (t.parsable and share < need) or "program ended" in t.classes:
            bad += max(t.parsable - t.equal, 1)
    print(f"{total} passed, {bad if total or bad else 1} failed")
    return 1 if bad or not total else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--sample", type=int, default=0, help="one in N files, chosen by a hash of their names")
    ap.add_argument("--list", action="store_true", help="every difference and every file that was not compared")
    ap.add_argument("--language", choices=["js", "ts"])
    ap.add_argument("--references", action="store_true", help="no tidewaiter: the two references beside each other, over JavaScript")
    ap.add_argument("--hard", action="store_true", help="the snippets of tests/javascript/hard: all parsable, all equal, none opaque")
    ap.add_argument("--min-js", type=float, default=99.9)
    ap.add_argument("--min-ts", type=float, default=99.5)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("paths", nargs="*")
    args = ap.parse_args()
    if args.hard:
        args.min_js = args.min_ts = 100

    def chosen(name):
        lang = sources.language(name)
        if args.language and (lang in ("JavaScript", "JSX")) != (args.language == "js") or args.references and lang[0] == "T":
            return False
        return args.hard or not args.sample or int(hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8], 16) % args.sample == 0

    program = args.tidewaiter if not os.path.isdir(args.tidewaiter) else os.path.join(args.tidewaiter, "tidewaiter")
    program = [program, "ir", "--format", "facts"]
    tallies = collections.defaultdict(Tally)
    with tempfile.TemporaryDirectory(prefix="tw-js-") as folder:
        found = list(sources.of_hard(folder, chosen)) if args.hard else list(sources.of_folders(args.paths, chosen)) if args.paths else \
            list(sources.of_corpus(folder, chosen)) + list(sources.of_folders(sources.INSTALLED, chosen))
        names = dict(found)
        paths = sorted(names, key=lambda p: (sources.language(p), p))

        def both(batch):
            if not args.references:
                return ours(program, batch), theirs(batch)
            return {p: (x.get("facts"), [x["error"]] if "error" in x else []) for p, x in theirs(batch, ["--typescript"]).items()}, theirs(batch)

        with ThreadPoolExecutor(args.jobs) as pool:
            for mine, reference in pool.map(both, batches(paths)):
                compare(tallies, names, mine, reference, args.list)
        return report(tallies, args)


if __name__ == "__main__":
    sys.exit(main())
