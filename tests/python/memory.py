#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the IR of real files takes, in bytes for each byte of source: all that lowering took from the arena, and what
is instructions and arguments of it. The standard library and the packages here (--installed), the benign corpus (--corpus).

memory.py --tidewaiter build/tidewaiter [--corpus] [--installed] [PATH...]"""
import argparse
import re
import subprocess
import sys
import sysconfig

import inputs

STATS = re.compile(r"^.*\t(\d+) bytes\t(\d+) insns\t(\d+) args\t(\d+) arena", re.M)
INSN, ARG, SMALL, GOAL = 24, 8, 4096, 8.0


def main():
    args = inputs.options(argparse.ArgumentParser()).parse_args()
    if not (args.paths or args.corpus or args.installed):
        args.paths = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
        args.corpus = True
    rows = []
    with inputs.chosen(args) as names:
        paths = list(names)
        for i in range(0, len(paths), 200):
            r = subprocess.run([args.tidewaiter, "ir", "--format", "stats", "--language", "python"] + paths[i:i + 200],
                               stdout=subprocess.PIPE, text=True, errors="replace", check=True)
            rows += [tuple(map(int, m)) for m in STATS.findall(r.stdout)]
    size, insns, arguments, arena = (sum(r[k] for r in rows) for k in range(4))
    print("%d files, %d bytes: %.2f bytes per byte (instructions %.2f, arguments %.2f, names and the rest %.2f)" % (
        len(rows), size, arena / size, insns * INSN / size, arguments * ARG / size, (arena - insns * INSN - arguments * ARG) / size))
    each = sorted(r[3] / r[0] for r in rows if r[0] >= SMALL)
    shares = ["%s %.1f" % (name, each[min(int(len(each) * q), len(each) - 1)])
              for name, q in (("median", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999), ("most", 1))]
    print("%d files of %d bytes and more: %s" % (len(each), SMALL, ", ".join(shares)))
    ok = arena / size <= GOAL
    print("%d passed, %d failed" % (ok, not ok))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
