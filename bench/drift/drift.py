#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `tidewaiter diff` says of consecutive releases of ordinary projects (fetch.py fetched them).

drift.py --tidewaiter build/tidewaiter DIR [--list bench/drift/projects.tsv] [--level high] [--show N] [--profiles DIR] [--jobs 2]

--list: only the files it names, and only where their sha256 is what it says. --profiles: where the profile of each release is kept
(made by `tidewaiter capabilities`); without it each run makes them anew. A release that takes longer than --timeout is said to be not read."""
import argparse
import collections
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

RANK = ["none", "low", "medium", "high"]


def order(version):
    return [int(x) if x.isdigit() else -1 for x in version.replace("-", ".").split(".")]


def releases(folder, listed=None):
    """(kind, name) -> [path], old to new; with a list, the files it names in its order."""
    found = collections.OrderedDict()
    if listed:
        with open(listed, encoding="utf-8") as f:
            for line in f:
                if line.startswith("#"):
                    continue
                kind, name, _, sha, path = line.rstrip("\n").split("\t")
                path = os.path.join(folder, path)
                with open(path, "rb") as data:
                    if hashlib.sha256(data.read()).hexdigest() != sha:
                        sys.exit(f"{path} is not the file that {listed} names")
                found.setdefault((kind, name), []).append(path)
        return found
    for kind in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, kind))):
            base = os.path.join(folder, kind, name)
            for version in sorted(os.listdir(base), key=order):
                files = sorted(os.listdir(os.path.join(base, version)))
                if files:
                    found.setdefault((kind, name), []).append(os.path.join(base, version, files[0]))
    return found


def pairs(folder, listed=None):
    for (kind, name), paths in releases(folder, listed).items():
        yield from ((kind, name, a, b) for a, b in zip(paths, paths[1:]))


class Profiles:
    """The stored profile of a release, made at most once."""

    def __init__(self, tidewaiter, folder, timeout):
        self.tidewaiter, self.folder, self.timeout, self.seconds = tidewaiter, folder, timeout, {}
        os.makedirs(folder, exist_ok=True)

    def of(self, path):
        kept = os.path.join(self.folder, path.strip("/").replace("/", "+") + ".json")
        if not os.path.exists(kept):
            started = time.monotonic()
            try:
                out = subprocess.run([self.tidewaiter, "capabilities", "--format", "json", path], capture_output=True, timeout=self.timeout).stdout
            except subprocess.TimeoutExpired:
                out = b""
            self.seconds[path] = time.monotonic() - started
            with open(kept + ".new", "wb") as f:
                f.write(out)
            os.replace(kept + ".new", kept)
        return kept if os.path.getsize(kept) else None


def compare(tidewaiter, old, new, timeout=600):
    try:
        p = subprocess.run([tidewaiter, "diff", "--format", "json", old, new], capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None
    return None if p.returncode else json.loads(p.stdout)


def show(i):
    return f"    {i['risk']:3} {i['what']} {i['id']} {i['trigger']}: {i['says'][:90]} | {i['member']}:{i['line']} {(i['snippet'] or '')[:70]} | {(i['hidden'] or '')[:50]}"


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("folder")
    ap.add_argument("--list")
    ap.add_argument("--level", default="high", choices=RANK[1:])
    ap.add_argument("--show", type=int, default=0, help="the heaviest items of that many alarms")
    ap.add_argument("--profiles")
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--timeout", type=int, default=600, help="seconds for one release")
    ap.add_argument("--most", type=float, default=1.0, help="fails where there are more alarms than that for 100 releases")
    args = ap.parse_args()
    levels, broken, alarms = collections.Counter(), 0, []
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(args.jobs) as pool:
        profiles = Profiles(args.tidewaiter, args.profiles or temporary, args.timeout)
        every = releases(args.folder, args.list)
        made = {p: pool.submit(profiles.of, p) for paths in every.values() for p in paths}
        made = {p: job.result() for p, job in made.items()}
        jobs = [(k, n, b, pool.submit(compare, args.tidewaiter, made[a], made[b]) if made[a] and made[b] else None)
                for (k, n), paths in every.items() for a, b in zip(paths, paths[1:])]
        for kind, name, new, job in jobs:
            d = job.result() if job else None
            if d is None:
                broken += 1
                continue
            levels[kind, d["level"]] += 1
            if RANK.index(d["level"]) >= RANK.index(args.level):
                alarms.append((kind, name, os.path.basename(new), d))
        slow = sorted(((s, os.path.basename(p)) for p, s in profiles.seconds.items()), reverse=True)
    for kind, name, new, d in alarms[: args.show]:
        print(f"{kind} {new}: {d['level']}")
        for i in d["items"][:3]:
            print(show(i))
    for kind in sorted({k for k, _ in levels}):
        total = sum(n for (k, _), n in levels.items() if k == kind)
        projects = len({n for k, n in every if k == kind})
        print(f"{kind}: {total} pairs of {projects} projects; " + ", ".join(f"{lv} {levels[kind, lv]}" for lv in RANK))
    if slow:
        print(f"a profile took {statistics.median(s for s, _ in slow):.2f} s (median), {slow[0][0]:.1f} s at most ({slow[0][1]}), {sum(s for s, _ in slow):.0f} s in all, {args.jobs} at a time")
    total = sum(levels.values())
    rate = 100 * len(alarms) / (total or 1)
    print(f"{len(alarms)} of {total} releases at {args.level} or above: {rate:.2f} for 100; {broken} pairs not read")
    return not total or rate > args.most


if __name__ == "__main__":
    sys.exit(main())
