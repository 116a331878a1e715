#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make rivals`: GuardDog and hexora (PyPI, pinned) over the same lists as tidewaiter in the same run: CPU seconds, recall by
campaign and false alarms at their usual thresholds. malcontent is run when `mal` is on PATH. Takes about half an hour;
`--every N` takes a fixed sample. Writes bench/results/rivals.{json,md} and a TSV of each rival's answers by sha256."""
import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import accuracy  # noqa: E402
import corpus  # noqa: E402

VENV = ROOT / "build/rivals"
PINNED = ["guarddog==3.2.0", "hexora==0.3.2"]
# name, runner, what counts as an alarm
THRESHOLDS = [
    ("hexora, confidence very high", "hexora", lambda a: a.get("very_high", 0) > 0),
    ("hexora, confidence high", "hexora", lambda a: a.get("high", 0) > 0),
    ("GuardDog, score 7", "guarddog", lambda a: a.get("score", 0) >= 7),
    ("GuardDog, score 5", "guarddog", lambda a: a.get("score", 0) >= 5),
    ("malcontent, critical", "malcontent", lambda a: a.get("risk", 0) >= 4),
    ("malcontent, high", "malcontent", lambda a: a.get("risk", 0) >= 3),
    ("tidewaiter, malicious", "tidewaiter", lambda a: a.get("verdict") == "malicious"),
    ("tidewaiter, suspicious", "tidewaiter", lambda a: a.get("verdict") in ("suspicious", "malicious")),
]


def install():
    if not (VENV / "bin/hexora").exists():
        subprocess.run(["/usr/bin/python3", "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(VENV / "bin/pip"), "install", "-q", "--disable-pip-version-check", *PINNED], check=True)


def run_python_rival(name, listing):
    r = subprocess.run([str(VENV / "bin/python"), str(ROOT / "bench/rival_runner.py"), name, str(listing)], capture_output=True, text=True,
                       env={**os.environ, "HOME": str(VENV)}, timeout=7200)
    return [json.loads(x) for x in r.stdout.splitlines()]


def run_malcontent(listing):
    """mal reads archives itself; one process an artifact, as its users start it."""
    out = []
    for path in listing.read_text().splitlines():
        r = subprocess.run(["/usr/bin/time", "-f", "%U %S", "mal", "--format=json", "--min-risk=low", "analyze", path], capture_output=True, text=True, timeout=600)
        try:
            files = json.loads(r.stdout).get("Files") or {}
            risk = max((int(f.get("RiskScore", 0)) for f in files.values() if f), default=0)
        except ValueError:
            risk = 0
        out.append({"path": path, "risk": risk, "cpu": sum(map(float, r.stderr.split()[-2:]))})
    return out


def run_tidewaiter(groups, file_of):
    """One run a group, so that the CPU time of a group is its own; within a group it is shared out evenly."""
    out = []
    for rows in filter(None, groups.values()):
        before = os.times()
        reports, _, _ = accuracy.scan(str(ROOT / "build/tidewaiter"), [file_of[r.path] for r in rows], 1)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        out += [{"path": x["artifact"], "verdict": x["verdict"], "score": x["score"], "cpu": cpu / len(reports)} for x in reports]
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--every", type=int, default=1)
    args = ap.parse_args()
    corpus.need_or_skip()
    install()
    rows = [r for r in corpus.rows() if r.ecosystem == "pypi" and r.tar]
    rows = corpus.sample(rows, args.every) if args.every > 1 else rows
    groups = {"benign": [r for r in rows if not r.malware and not r.longtail], "long tail": [r for r in rows if r.longtail], "malware": [r for r in rows if r.malware]}
    runners = {"tidewaiter": lambda _: run_tidewaiter(groups, files), "hexora": lambda x: run_python_rival("hexora", x), "guarddog": lambda x: run_python_rival("guarddog", x)}
    if shutil.which("mal"):
        runners["malcontent"] = run_malcontent
    answers = {}
    with corpus.unpacked(rows) as files:
        listing = Path(next(iter(files.values()))).parent.parent / "list"
        listing.write_text("".join(f"{files[r.path]}\n" for r in rows))
        by_file = {str(files[r.path]): r for r in rows}
        for name, runner in runners.items():
            answers[name] = {by_file[a["path"]].path: a for a in runner(listing)}
            print(f"{name}: {len(answers[name])} answers", flush=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [f"# Rivals over the dev corpus' PyPI part, commit {commit}" + (f" (a fixed sample, one in {args.every})" if args.every > 1 else ""), "",
             f"`make rivals`. {', '.join(PINNED)}. CPU seconds in process, start-up left out for the rivals, included for tidewaiter.", ""]
    if "malcontent" not in runners:
        lines += ["malcontent: not run (`mal` is not on PATH; it needs the yara-x C library, which Debian 12 has not).", ""]
    lines += ["| CPU s | " + " | ".join(groups) + " |", "|---|" + "---|" * len(groups)]
    for name in runners:
        lines.append(f"| {name} | " + " | ".join(f"{sum(answers[name].get(r.path, {}).get('cpu', 0) for r in g):.1f}" for g in groups.values()) + " |")
    lines += ["", "| threshold | campaigns with visible harm | benign | long tail |", "|---|---|---|---|"]
    for title, name, alarm in THRESHOLDS:
        if name not in answers:
            continue
        recall, n = accuracy.by_campaign([r for r in rows if r.visible], lambda r: alarm(answers[name].get(r.path, {})))
        counts = [f"{sum(alarm(answers[name].get(r.path, {})) for r in groups[g])} of {len(groups[g])}" for g in ("benign", "long tail")]
        lines.append(f"| {title} | {100 * recall:.1f} % of {n} | {counts[0]} | {counts[1]} |")
    print("\n".join(lines))
    results = ROOT / "bench/results"
    results.mkdir(exist_ok=True)
    (results / "rivals.md").write_text("\n".join(lines) + "\n")
    for name, got in answers.items():
        with open(results / f"rival-{name}.tsv", "w") as f:
            f.write("sha256\tanswer\tcpu\n")
            for r in sorted(rows, key=lambda r: r.sha256):
                a = dict(got.get(r.path, {}))
                a.pop("path", None)
                f.write(f"{r.sha256}\t{json.dumps({k: v for k, v in a.items() if k != 'cpu'}, sort_keys=True)}\t{a.get('cpu', '')}\n")


if __name__ == "__main__":
    main()
