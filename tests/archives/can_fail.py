#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tests of this folder must fail when the reader errs. Each is run, small, against a program that spoils the
answers of the real one: drops a member, changes a hash, drops the findings, or dies.

    can_fail.py [--tidewaiter PATH] [--corpus DIR]"""
import argparse
import json
import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
import readers

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUNS = {"craft.py": ["--only", "tar name"], "mutate.py": ["--count", "100", "--jobs", "1"], "truncate.py": ["--step", "150", "--jobs", "1"],
        "corpus.py": ["--sample", "10", "--jobs", "1"]}
SMALL = {"craft.py": ["--only", "tar hard link"], "mutate.py": ["--count", "4", "--jobs", "1"], "truncate.py": ["--step", "3000", "--jobs", "1"],
         "corpus.py": ["--sample", "5", "--jobs", "1"]}
WAYS = {"drop": list(RUNS), "hash": list(RUNS), "silent": ["craft.py", "mutate.py", "truncate.py"], "die": list(SMALL)}


def spoil(way, program, args):
    """Runs as the program: the real answers, spoilt."""
    if way == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    p = subprocess.run([program, *args], stdin=subprocess.DEVNULL, capture_output=True)
    for line in p.stdout.splitlines():
        answer = json.loads(line)
        members = answer["members"]
        if way == "drop" and members:
            members.remove(next((m for m in members if m["type"] == "file"), members[0]))
        if way == "hash":
            for m in members[-1:]:
                m["sha256"] = "0" * 64
        if way == "silent":
            answer["findings"] = []
        print(json.dumps(answer))


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tidewaiter", default=os.path.join(ROOT, "build/tidewaiter"))
    p.add_argument("--corpus", default="/work/shared/corpus")
    o, tally = p.parse_args(), readers.Tally()
    with readers.scratch() as tmp:
        for way, tests in WAYS.items():
            fake = os.path.join(tmp, way)
            with open(fake, "w", encoding="utf-8") as f:
                f.write(f"#!/bin/sh\nexec '{sys.executable}' -B '{os.path.join(HERE, 'can_fail.py')}' --spoil {way} '{os.path.abspath(o.tidewaiter)}' \"$@\"\n")
            os.chmod(fake, 0o700)
            for test in tests:
                if test == "corpus.py" and not os.path.isdir(o.corpus):
                    print("SKIPPED: corpus.py, no corpus")
                    continue
                more = ["--corpus", o.corpus] if test == "corpus.py" else []
                r = subprocess.run([sys.executable, "-B", os.path.join(HERE, test), "--tidewaiter", fake, *(SMALL if way == "die" else RUNS)[test], *more],
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True)
                last = r.stdout.splitlines()[-1] if r.stdout else ""
                tally.check(r.returncode == 1 and last.endswith("failed") and not last.endswith(" 0 failed"),
                            f"{test} does not notice a program that spoils its answers ({way}): exit {r.returncode}, {last} {r.stderr[-200:]}")
    return tally.end()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--spoil"]:
        spoil(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        sys.exit(main())
