#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make bench`: CPU seconds and MB/s of each stage, beside the floor (inflate + CRC + SHA-256) and Python's readers, all in
one run over the same lists; the start-up of the program; peak memory. Medians of --runs runs, in turn. Writes
bench/results/bench.{json,md}."""
import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

LISTS = {"benign PyPI": lambda r: not r.malware and r.ecosystem == "pypi" and not r.longtail,
         "benign npm": lambda r: not r.malware and r.ecosystem == "npm",
         "malware PyPI": lambda r: r.malware and r.ecosystem == "pypi"}
STAGES = ["read", "lower", "record", "review"]


def run(command):
    r = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if r.returncode:
        sys.exit(f"bench: {command[0]} failed: {r.stderr[-500:]}")
    return json.loads(r.stdout.splitlines()[-1])


def measure(listing, runs, release):
    commands = {"floor": [str(release / "bench_floor"), listing], **{s: [str(release / "bench_stages"), s, listing] for s in STAGES},
                "python readers": ["/usr/bin/python3", str(ROOT / "bench/python_reader.py"), listing]}
    got = {k: [] for k in commands}
    for i in range(runs):
        for name, command in commands.items():
            if name != "python readers" or i == 0:
                got[name].append(run(command))
    return {k: {**v[0], "cpu": statistics.median(x["cpu"] for x in v), "peak_kb": max(x["peak_kb"] for x in v)} for k, v in got.items()}


def start_up(program, runs=41):
    """Median CPU milliseconds of a whole process, less nothing."""
    out = {}
    for name, command in {"/bin/true": ["/bin/true"], "tidewaiter --version": [program, "--version"]}.items():
        times = []
        for _ in range(runs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
        out[name] = statistics.median(times)
    return out


def cpu_name():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip() + (" (SHA-NI)" if "sha_ni" in open("/proc/cpuinfo").read() else " (no SHA-NI)")
    return platform.machine()


def as_table(name, m):
    unpacked = m["read"]["unpacked"] / 1e6
    lines = [f"### {name}: {m['read']['files']} artifacts, {m['read']['packed'] / 1e6:.0f} MB packed, {unpacked:.0f} MB unpacked", "",
             "| up to stage | CPU s | ms per artifact | MB/s of unpacked | x floor | peak MB |", "|---|---|---|---|---|---|"]
    for k, v in m.items():
        lines.append(f"| {k} | {v['cpu']:.2f} | {1000 * v['cpu'] / v['files']:.2f} | {unpacked / v['cpu']:.0f} | {v['cpu'] / m['floor']['cpu']:.2f} | {v['peak_kb'] / 1024:.0f} |")
    lower, record = m["lower"]["cpu"] - m["read"]["cpu"], m["record"]["cpu"] - m["lower"]["cpu"]
    source = m["lower"]["unpacked"] / 1e6
    if source > 0.5 and lower > 0:
        lines += ["", f"Source lowered: {source:.1f} MB; source to IR {source / lower:.0f} MB/s, source to record {source / (lower + max(record, 1e-9)):.0f} MB/s."]
    return "\n".join(lines) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--build", default=str(ROOT / "build/release"))
    args = ap.parse_args()
    corpus.need_or_skip()
    subprocess.run(["cmake", "--build", args.build, "--target", "bench_programs", "--", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    rows = [r for r in corpus.rows() if r.tar]
    result, text = {}, []
    with corpus.unpacked(rows) as files:
        for name, wanted in LISTS.items():
            listing = Path(next(iter(files.values()))).parent.parent / "list"
            listing.write_text("".join(f"{files[r.path]}\n" for r in rows if wanted(r)))
            result[name] = measure(str(listing), args.runs, Path(args.build))
            text.append(as_table(name, result[name]))
            print(text[-1], flush=True)
    starts = start_up(str(ROOT / "build/tidewaiter"))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    head = [f"# Cost of each stage, commit {commit}", "", f"`make bench` on {cpu_name()}, one core, median of {args.runs} runs in turn; stages are cumulative.", ""]
    tail = ["### Start-up (CPU ms, whole process, median)", ""] + [f"- {k}: {v:.2f} ms" for k, v in starts.items()]
    print("\n".join(tail))
    (ROOT / "bench/results").mkdir(exist_ok=True)
    (ROOT / "bench/results/bench.md").write_text("\n".join(head + text + tail) + "\n")
    (ROOT / "bench/results/bench.json").write_text(json.dumps({"commit": commit, "cpu": cpu_name(), "lists": result, "start_up_ms": starts}, indent=1) + "\n")


if __name__ == "__main__":
    os.nice(0)
    main()
