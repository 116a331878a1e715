#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the IR of real JavaScript and TypeScript takes, in bytes for each byte of source: all that lowering took from the
arena, and what is instructions and arguments of it. The benign corpus and the packages installed here, or PATHs.

memory.py --tidewaiter build/tidewaiter [PATH...]"""
import argparse
import re
import subprocess
import sys
import tempfile

import compare_js
import sources

STATS = re.compile(r"^.*\t(\d+) bytes\t(\d+) insns\t(\d+) args\t(\d+) arena", re.M)
INSN, ARG, SMALL = 24, 8, 4096


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--goal", type=float, default=8.0)
    ap.add_argument("paths", nargs="*")
    args = ap.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="tw-js-") as folder:
        found = sources.of_folders(args.paths, bool) if args.paths else [*sources.of_corpus(folder, bool), *sources.of_folders(sources.INSTALLED, bool)]
        for batch in compare_js.batches([path for path, _ in found]):
            r = subprocess.run([args.tidewaiter, "ir", "--format", "stats"] + batch, stdout=subprocess.PIPE, text=True, errors="replace", check=True)
            rows += [m for m in (tuple(map(int, m)) for m in STATS.findall(r.stdout)) if m[0]]
    if not rows:
        print("0 passed, 1 failed")
        return 1
    size, insns, arguments, arena = (sum(r[k] for r in rows) for k in range(4))
    print("%d files, %d bytes: %.2f bytes per byte (instructions %.2f, arguments %.2f, names and the rest %.2f)" % (
        len(rows), size, arena / size, insns * INSN / size, arguments * ARG / size, (arena - insns * INSN - arguments * ARG) / size))
    each = sorted(r[3] / r[0] for r in rows if r[0] >= SMALL)
    print("%d files of %d bytes and more: %s" % (len(each), SMALL, ", ".join(
        "%s %.1f" % (name, each[min(int(len(each) * q), len(each) - 1)]) for name, q in
        (("median", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999), ("most", 1)) if each)))
    ok = arena / size <= args.goal
    print("%d passed, %d failed" % (ok, not ok))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
