#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make proof-fuzz`: every libFuzzer target for --seconds each, from its committed corpus (grown in build/, not here). A crash
leaves its input in build/fuzz-crashes and fails the run. Records executions and coverage in bench/results/fuzz.md."""
import argparse
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def build():
    if not (ROOT / "build/fuzz/build.ninja").exists():
        subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "fuzz", "--target", "test_programs", "--", "--quiet"], cwd=ROOT, check=True)


def fuzz(name, seconds):
    grown, crashes = ROOT / "build/fuzz-corpus" / name, ROOT / "build/fuzz-crashes" / name
    grown.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    r = subprocess.run([str(ROOT / f"build/fuzz/fuzz_{name}"), str(grown), str(ROOT / "fuzz/corpus" / name), f"-max_total_time={seconds}",
                        "-rss_limit_mb=3000", "-timeout=20", "-max_len=65536", "-print_final_stats=1", f"-artifact_prefix={crashes}/"],
                       capture_output=True, text=True, errors="replace")
    runs = re.search(r"number_of_executed_units: (\d+)", r.stderr)
    cov = re.findall(r"cov: (\d+)", r.stderr)
    return name, r.returncode, int(runs.group(1)) if runs else 0, int(cov[-1]) if cov else 0, r.stderr


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--seconds", type=int, default=600)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    build()
    names = args.names or [p.stem.removeprefix("fuzz_") for p in sorted((ROOT / "fuzz").glob("fuzz_*.c"))]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [f"# Fuzzing, commit {commit}, {args.seconds} s a target (libFuzzer, ASan + UBSan)", "", "| target | executions | edges | result |", "|---|---|---|---|"]
    failed = 0
    with ThreadPoolExecutor(args.jobs) as pool:
        for name, code, runs, cov, log in pool.map(lambda n: fuzz(n, args.seconds), names):
            failed += code != 0
            lines.append(f"| {name} | {runs} | {cov} | {'clean' if code == 0 else 'CRASH'} |")
            print(lines[-1], flush=True)
            if code:
                print(log[-3000:])
    if not args.names:
        (ROOT / "bench/results/fuzz.md").write_text("\n".join(lines) + "\n")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
