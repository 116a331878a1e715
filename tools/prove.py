#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a proof and records what it printed: prove.py NAME[:LINES] COMMAND... -> bench/results/NAME.txt with the commit and
the last LINES (60) lines."""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    (name, _, keep), command = sys.argv[1].partition(":"), sys.argv[2:]
    r = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    print(r.stdout)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    shown = " ".join(c.removeprefix(str(ROOT) + "/") for c in command)
    lines = r.stdout.splitlines()[-int(keep or 60):]
    (ROOT / "bench/results").mkdir(parents=True, exist_ok=True)
    (ROOT / f"bench/results/{name}.txt").write_text("\n".join([f"# {shown}", f"# commit {commit}, exit {r.returncode}", *lines]) + "\n")
    return r.returncode


if __name__ == "__main__":
    sys.exit(main())
