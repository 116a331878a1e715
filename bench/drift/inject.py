#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Inert payloads grafted into the newer of two ordinary releases: does `tidewaiter diff` say so, and does its first item name a
line of the payload?

inject.py --tidewaiter build/tidewaiter DIR [--level high] [--count 300] [--seed 1] [--show N]
DIR: what fetch.py fetched. Payloads: bench/drift/payloads and the fixtures of tests/golden that are one file. Nothing is run."""
import argparse
import ast
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from drift import compare, pairs  # noqa: E402

GOLDEN = HERE.parents[1] / "tests" / "golden" / "rules"
RANK = ["none", "low", "medium", "high"]
PLACES = {"pypi": ["import", "pth", "data", "split"], "npm": ["import", "install", "data", "split"]}


def without_setup(text):
    """The statements of a setup.py but those of setuptools."""
    lines, drop = text.splitlines(), set()
    for node in ast.parse(text).body:
        words = ast.unparse(node)
        if "setuptools" in words or words.startswith("setup(") or "cmdclass" in words or "import setup" in words:
            drop |= set(range(node.lineno - 1, node.end_lineno))
    return "\n".join(line for i, line in enumerate(lines) if i not in drop).strip() + "\n"


def payloads():
    """ecosystem -> [(name, text)]"""
    found = {"pypi": [], "npm": []}
    for path in sorted((HERE / "payloads").iterdir()):
        found["npm" if path.suffix == ".js" else "pypi"].append((path.stem, path.read_text()))
    for hit in sorted(GOLDEN.glob("*/hit/*")):
        files = [f for f in hit.rglob("*") if f.is_file() and f.name not in ("pyproject.toml", "package.json")]
        if len(files) != 1 or "command" in hit.name or "cmdclass" in hit.name:
            continue
        name, text = f"{hit.parts[-3]}/{hit.name}", files[0].read_text()
        if files[0].name == "setup.py":
            found["pypi"].append((name, without_setup(text)))
        elif files[0].name == "__init__.py":
            found["pypi"].append((name, text))
        elif files[0].suffix == ".js":
            found["npm"].append((name, text))
    return found


def one(tidewaiter, old, new, payload, at):
    with tempfile.TemporaryDirectory() as folder:
        code, out = os.path.join(folder, "payload"), os.path.join(folder, os.path.basename(new))
        with open(code, "w", encoding="utf-8") as f:
            f.write(payload)
        p = subprocess.run([tidewaiter, "mutate", "--graft", code, "--at", at, "--output", out, new], capture_output=True, text=True)
        if p.returncode:
            return None
        got = compare(tidewaiter, old, out)
    if got is None:
        return None
    head = next((i for i in got["items"] if i["member"]), None)
    places = {"import": [], "install": ["setup.py", "prepare-env.js"], "pth": ["site_boot"], "data": ["tables.dat"], "split": ["env_compat", "env-compat"]}[at]
    snippet = (head["snippet"] or "").strip().rstrip(".") if head else ""
    named = bool(head) and (any(p in head["member"] for p in places) or (len(snippet) > 8 and snippet[:40] in payload) or (at == "data" and "tables.dat" in (head["snippet"] or "")))
    return got["level"], named, got


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("folder")
    ap.add_argument("--level", default="high", choices=RANK[1:])
    ap.add_argument("--count", type=int, default=300)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--show", type=int, default=0)
    args = ap.parse_args()
    rng, code = random.Random(args.seed), payloads()
    last = {}
    for kind, name, old, new in pairs(args.folder):
        last[kind, name] = (old, new)
    work = [(kind, name, text, at) for kind in code for name, text in code[kind] for at in PLACES[kind]]
    rng.shuffle(work)
    work = work[: args.count]
    hosts = {kind: sorted(k for k in last if k[0] == kind) for kind in code}
    tally, by_payload, misses = collections.Counter(), collections.Counter(), []
    with ThreadPoolExecutor(2) as pool:
        jobs = []
        for kind, name, text, at in work:
            host = rng.choice(hosts[kind])
            jobs.append((kind, name, at, host, pool.submit(one, args.tidewaiter, *last[host], text, at)))
        for kind, name, at, host, job in jobs:
            r = job.result()
            if r is None:
                tally["no place for it"] += 1
                continue
            seen = RANK.index(r[0]) >= RANK.index(args.level)
            tally["of"] += 1
            tally["seen"] += seen
            tally["named"] += seen and r[1]
            by_payload[name, seen] += 1
            if not seen or not r[1]:
                misses.append((kind, name, at, host[1], r))
    for kind, name, at, host, r in misses[: args.show]:
        print(f"{'not named' if RANK.index(r[0]) >= RANK.index(args.level) else 'missed'} {kind} {name} at {at} in {host}: {r[0]}")
        for i in r[2]["items"][:2]:
            print(f"    {i['risk']:3} {i['what']} {i['id']} {i['trigger']}: {i['says'][:80]} {i['member']}:{i['line']} {(i['snippet'] or '')[:60]}")
    of = tally["of"] or 1
    print(f"{tally['seen']} of {tally['of']} injections at {args.level} or above, {100 * tally['seen'] / of:.1f} %; the first item names the payload's line in "
          f"{tally['named']}, {100 * tally['named'] / of:.1f} %; {tally['no place for it']} had no place")
    return 0


if __name__ == "__main__":
    sys.exit(main())
