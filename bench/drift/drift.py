#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `tidewaiter diff` says of consecutive releases of ordinary projects (fetch.py) and of the same releases with an inert
payload grafted in.

drift.py --tidewaiter build/tidewaiter DIR [--level high] [--show N]"""
import argparse
import collections
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def pairs(folder):
    for kind in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, kind))):
            base = os.path.join(folder, kind, name)

            def order(v):
                return [int(x) if x.isdigit() else -1 for x in v.replace("-", ".").split(".")]
            found = []
            for version in sorted(os.listdir(base), key=order):
                files = os.listdir(os.path.join(base, version))
                if files:
                    found.append(os.path.join(base, version, files[0]))
            yield from ((kind, name, a, b) for a, b in zip(found, found[1:]))


def compare(tidewaiter, old, new):
    p = subprocess.run([tidewaiter, "diff", "--format", "json", old, new], capture_output=True, text=True, timeout=600)
    if p.returncode:
        return None
    return json.loads(p.stdout)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("folder")
    ap.add_argument("--level", default="high", choices=["low", "medium", "high"])
    ap.add_argument("--show", type=int, default=0, help="the heaviest items of that many alarms")
    args = ap.parse_args()
    levels, broken, alarms = collections.Counter(), 0, []
    with ThreadPoolExecutor(2) as pool:
        jobs = [(k, n, a, b, pool.submit(compare, args.tidewaiter, a, b)) for k, n, a, b in pairs(args.folder)]
        for kind, name, old, new, job in jobs:
            d = job.result()
            if d is None:
                broken += 1
                continue
            levels[kind, d["level"]] += 1
            if ["none", "low", "medium", "high"].index(d["level"]) >= ["none", "low", "medium", "high"].index(args.level):
                alarms.append((kind, name, os.path.basename(new), d))
    for kind, name, new, d in alarms[: args.show]:
        print(f"{kind} {new}")
        for i in d["items"][:3]:
            print(f"    {i['risk']:3} {i['what']} {i['id']} {i['trigger']}: {i['says'][:90]} {i['member']}:{i['line']} {(i['snippet'] or '')[:80]}")
    for kind in sorted({k for k, _ in levels}):
        total = sum(n for (k, _), n in levels.items() if k == kind)
        print(f"{kind}: {total} pairs; " + ", ".join(f"{lv} {levels[kind, lv]}" for lv in ("none", "low", "medium", "high")))
    print(f"{len(alarms)} of {sum(levels.values())} at {args.level} or above; {broken} not read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
