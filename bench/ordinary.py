#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make proof-ordinary`: how many of the ordinary packages of ordinary.tsv, chosen because they do what malware does too, are
flagged. Their newest releases come through the clients as configured (pip download, npm pack); nothing is installed or run.

ordinary.py --tidewaiter build/tidewaiter [--folder build/ordinary] [--most 10]"""
import argparse
import collections
import json
import math
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def fetch(folder, ecosystem, name):
    """The files are kept: another run compares the same releases."""
    into = folder / ecosystem / name
    if into.is_dir() and any(into.iterdir()):
        return next(into.iterdir())
    into.mkdir(parents=True, exist_ok=True)
    pip = [str(HERE.parent / "build/venv/bin/python"), "-m", "pip", "download", "-q", "--no-deps", "--prefer-binary", "-d", str(into), name]
    command = pip if ecosystem == "pypi" else ["npm", "pack", "--silent", name]
    try:
        subprocess.run(command, cwd=into, capture_output=True, timeout=120, check=True)
    except (subprocess.SubprocessError, FileNotFoundError):
        return None
    return next(into.iterdir(), None)


def wilson(k, n, z=1.96):
    centre, spread = (k / n + z * z / (2 * n)), z * math.sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--folder", default="build/ordinary")
    ap.add_argument("--most", type=float, default=10, help="per cent flagged that fail")
    args = ap.parse_args()
    rows = [line.split("\t") for line in (HERE / "ordinary.tsv").read_text().splitlines() if line and line[0] != "#"]
    found, absent = {}, []
    for ecosystem, name in rows:
        path = fetch(Path(args.folder).resolve(), ecosystem, name)
        if path:
            found[str(path)] = ecosystem
        else:
            absent.append(name)
    out = subprocess.run([args.tidewaiter, "scan", "--format", "jsonl", *found], capture_output=True, text=True).stdout
    levels, n = collections.Counter(), collections.Counter()
    for report in map(json.loads, out.splitlines()):
        ecosystem, level = found[report["artifact"]], report["verdict"]
        levels[ecosystem, level] += 1
        n[ecosystem] += 1
        if level in ("suspicious", "malicious", "unreviewable"):
            print(f"{level:12s} {report['name']} {report['version']}: {', '.join(b['id'] for b in report['behaviours'])}: {report['summary']}")
    alarms = {e: levels[e, "suspicious"] + levels[e, "malicious"] for e in n}
    for e in sorted(n):
        low, high = wilson(alarms[e], n[e])
        print(f"{e}: {alarms[e]} of {n[e]} flagged ({100 * low:.1f} to {100 * high:.1f} %), of them malicious {levels[e, 'malicious']}; unreviewable {levels[e, 'unreviewable']}")
    print(f"not fetched: {' '.join(absent) or 'none'}")
    share = 100 * sum(alarms.values()) / max(1, sum(n.values()))
    print(f"{sum(n.values())} packages, {share:.1f} % flagged: {'1 passed, 0 failed' if n and share <= args.most else '0 passed, 1 failed'}")
    return not (n and share <= args.most)


if __name__ == "__main__":
    sys.exit(main())
