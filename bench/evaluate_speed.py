#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make proof-evaluate-speed`: what evaluation costs beside the front end, by language, over the benign part of the corpus.
Both are measured file by file in one process (bench_evaluate), so that a busy machine slows both; the ratio is the median
of --runs runs. Above --most it fails."""
import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

LISTS = {"benign PyPI": lambda r: r.ecosystem == "pypi" and not r.longtail, "benign npm": lambda r: r.ecosystem == "npm"}


def one_run(program, listing):
    r = subprocess.run([program, str(listing)], capture_output=True, text=True, timeout=900, check=True)
    return {x["language"]: x for x in map(json.loads, r.stdout.splitlines())}


def row(name, language, runs):
    x = runs[0]
    ratio = statistics.median(r["evaluate"] / max(r["lower"], 1e-9) for r in runs)
    least = {k: min(r[k] for r in runs) for k in ("lower", "evaluate", "encode")}
    speeds = " ".join(f"{least[k] * 1e9 / max(1, x['source']):9.1f}" for k in least)
    print(f"{name:12s} {language:11s} {x['files']:6d} {x['source'] / 1e6:8.1f} {speeds} {ratio:7.2f}", flush=True)
    return ratio


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--runs", type=int, default=5)
    ap.add_argument("--most", type=float, default=1.0, help="evaluation / front end that fails")
    ap.add_argument("--least-mb", type=float, default=10, help="languages with less source are shown, not judged")
    ap.add_argument("--build", default=str(ROOT / "build/release"))
    args = ap.parse_args()
    corpus.need_or_skip()
    subprocess.run(["cmake", "--build", args.build, "--target", "bench_evaluate", "--", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    rows = [r for r in corpus.rows() if r.tar and not r.malware]
    passed = failed = 0
    print(f"ns per byte of source, least of {args.runs} runs; evaluation / front end: median of them\n"
          f"{'list':12s} {'language':11s} {'files':>6s} {'MB':>8s} {'front':>9s} {'evaluate':>9s} {'encode':>9s} {'ratio':>7s}")
    for name, wanted in LISTS.items():
        with corpus.unpacked([r for r in rows if wanted(r)]) as files:
            listing = Path(next(iter(files.values()))).parent.parent / "list"
            listing.write_text("".join(f"{p}\n" for p in files.values()))
            runs = [one_run(str(Path(args.build) / "bench_evaluate"), listing) for _ in range(args.runs)]
        for language, x in runs[0].items():
            ratio = row(name, language, [r[language] for r in runs])
            if x["source"] >= args.least_mb * 1e6:
                passed, failed = passed + (ratio <= args.most), failed + (ratio > args.most)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
