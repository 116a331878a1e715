#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Inert payloads grafted into the newer of two ordinary releases: does `tidewaiter diff` say so, and does its first item name a
line that was grafted?

inject.py --tidewaiter build/tidewaiter DIR [--list projects.tsv] [--level high] [--count 300] [--seed 1] [--show N] [--held-out]

DIR: what fetch.py fetched. Payloads: bench/drift/payloads and the fixtures of tests/golden that are one file; --held-out: those of
bench/drift/held-out alone, written after the engine had been mended and never looked at for that. Nothing is run."""
import argparse
import ast
import collections
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from drift import RANK, Profiles, compare, releases, show  # noqa: E402

GOLDEN = HERE.parents[1] / "tests" / "golden" / "rules"
PLACES = {"pypi": ["import", "pth", "data", "split"], "sdist": ["import", "install", "data", "split"], "npm": ["import", "install", "data", "split"]}


def without_setup(text):
    """The statements of a setup.py but those of setuptools."""
    lines, drop = text.splitlines(), set()
    for node in ast.parse(text).body:
        words = ast.unparse(node)
        if "setuptools" in words or words.startswith("setup(") or "cmdclass" in words or "import setup" in words:
            drop |= set(range(node.lineno - 1, node.end_lineno))
    return "\n".join(line for i, line in enumerate(lines) if i not in drop).strip() + "\n"


def payloads(held_out):
    """ecosystem -> [(name, text)]"""
    found = {"pypi": [], "npm": []}
    for path in sorted((HERE / ("held-out" if held_out else "payloads")).iterdir()):
        found["npm" if path.suffix == ".js" else "pypi"].append((path.stem, path.read_text()))
    for hit in [] if held_out else sorted(GOLDEN.glob("*/hit/*")):
        files = [f for f in hit.rglob("*") if f.is_file() and f.name not in ("pyproject.toml", "package.json")]
        if len(files) != 1 or "command" in hit.name or "cmdclass" in hit.name:
            continue
        name = f"{hit.parts[-3]}/{hit.name}"
        if files[0].name == "setup.py":
            found["pypi"].append((name, without_setup(files[0].read_text())))
        elif files[0].name == "__init__.py":
            found["pypi"].append((name, files[0].read_text()))
        elif files[0].suffix == ".js":
            found["npm"].append((name, files[0].read_text()))
    found["sdist"] = found["pypi"]
    return found


def contents(path):
    if path.endswith((".whl", ".zip")):
        with zipfile.ZipFile(path) as z:
            return {n: z.read(n) for n in z.namelist()}
    with tarfile.open(path) as t:
        return {m.name: t.extractfile(m).read() for m in t if m.isfile()}


def grafted(before, after):
    """member -> (first, last) line that the graft changed; whole where it is new or is the manifest, which is written anew."""
    found = {}
    for name, data in after.items():
        if name.endswith("/RECORD") or before.get(name) == data:
            continue
        if name not in before or name.endswith("package.json"):
            found[name] = (0, 1 << 30)
            continue
        a, b = before[name].split(b"\n"), data.split(b"\n")
        first = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        tail = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1])) if x != y), min(len(a), len(b)))
        found[name] = (first + 1, max(first + 1, len(b) - tail))
    return found


def one(tidewaiter, old, new, payload, at):
    """None: there is no such place; else level, whether the first item names it, the difference."""
    with tempfile.TemporaryDirectory() as folder:
        code, out = os.path.join(folder, "payload"), os.path.join(folder, os.path.basename(new))
        with open(code, "w", encoding="utf-8") as f:
            f.write(payload)
        if subprocess.run([tidewaiter, "mutate", "--graft", code, "--at", at, "--output", out, new], capture_output=True).returncode:
            return None
        got = compare(tidewaiter, old, out)
        if got is None:
            return "not read", False, None
        changed = grafted(contents(new), contents(out))
    head = got["items"][0] if got["items"] else {"member": None, "line": 0}
    lines = changed.get(head["member"])
    return got["level"], bool(lines) and lines[0] <= head["line"] <= lines[1], got


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("folder")
    ap.add_argument("--list")
    ap.add_argument("--level", default="high", choices=RANK[1:])
    ap.add_argument("--count", type=int, default=300)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--show", type=int, default=0)
    ap.add_argument("--held-out", action="store_true")
    ap.add_argument("--profiles")
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--largest", type=int, default=8 << 20, help="bytes of a release to graft into")
    ap.add_argument("--least", type=float, default=95.0, help="fails where less per cent are seen")
    args = ap.parse_args()
    rng, code = random.Random(args.seed), payloads(args.held_out)
    last = {key: paths[-2:] for key, paths in releases(args.folder, args.list).items() if len(paths) > 1 and os.path.getsize(paths[-1]) <= args.largest}
    work = [(kind, name, text, at) for kind in code for name, text in code[kind] for at in PLACES[kind]]
    rng.shuffle(work)
    hosts = {kind: sorted(k for k in last if k[0] == kind) for kind in code}
    work = [(*w, rng.choice(hosts[w[0]])) for w in work[: args.count] if hosts[w[0]]]
    tally, by_place, misses = collections.Counter(), collections.Counter(), []
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(args.jobs) as pool:
        profiles = Profiles(args.tidewaiter, args.profiles or temporary, 600)
        old = {host: pool.submit(profiles.of, last[host][0]) for *_, host in work}
        old = {host: job.result() for host, job in old.items()}
        jobs = [(*w, pool.submit(one, args.tidewaiter, old[w[4]], last[w[4]][1], w[2], w[3]) if old[w[4]] else None) for w in work]
        for kind, name, _, at, host, job in jobs:
            r = job.result() if job else ("not read", False, None)
            if r is None:
                tally["no place for it"] += 1
                continue
            seen = r[0] in RANK and RANK.index(r[0]) >= RANK.index(args.level)
            tally["of"] += 1
            tally["seen"] += seen
            tally["named"] += seen and r[1]
            by_place[kind, at, "of"] += 1
            by_place[kind, at, "seen"] += seen
            by_place[kind, at, "named"] += seen and r[1]
            if not seen or not r[1]:
                misses.append((kind, name, at, host[1], seen, r))
    for kind, name, at, host, seen, r in misses[: args.show]:
        print(f"{'not named' if seen else 'missed'} {kind} {name} at {at} in {host}: {r[0]}")
        for i in r[2]["items"][:2] if r[2] else []:
            print(show(i))
    for kind, places in PLACES.items():
        print(f"{kind}: " + "; ".join(f"{at} {by_place[kind, at, 'seen']}/{by_place[kind, at, 'of']}, named {by_place[kind, at, 'named']}" for at in places if by_place[kind, at, "of"]))
    of = tally["of"] or 1
    print(f"{tally['seen']} of {tally['of']} injections of {sum(len(v) for k, v in code.items() if k != 'sdist')} payloads at {args.level} or above, {100 * tally['seen'] / of:.1f} %; "
          f"the first item names a grafted line in {tally['named']}, {100 * tally['named'] / of:.1f} %; {tally['no place for it']} had no place")
    return not tally["of"] or 100 * tally["seen"] / of < args.least


if __name__ == "__main__":
    sys.exit(main())
