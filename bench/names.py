#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What signals of names, claims and history say over the corpus: every benign name and artifact, and the open part of the
malware. A signal is no verdict; the table shows what each would cost and gain if it were one.

  names.py --tidewaiter PROGRAM --names BENCH_NAMES [--list FILE] [--show]

--list: more names, one `ecosystem<TAB>name` a line, of which nothing else is known (a registry's own): shares only."""
import argparse
import collections
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

SIGNALS = re.findall(r'^FINDING\(\w+, "([^"]+)", (?:NAME|CLAIMS|HISTORY),', (ROOT / "src/engine/findings.def").read_text(), re.M)
SIGNALS.append("metadata.copies-disagree")


def normal(ecosystem, name):
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "pypi" else name


def by_name(program, names):
    """{signal: names} and what it said of its speed."""
    run = subprocess.run([program], input="".join(f"{e}\t{n}\n" for e, n in names), capture_output=True, text=True, check=True)
    found = collections.defaultdict(set)
    for line in run.stdout.splitlines():
        ecosystem, name, signal, _ = line.split("\t", 3)
        found[signal].add((ecosystem, name))
    return found, run.stderr.strip()


def scan(program, rows):
    """(row, report) of each artifact."""
    for i in range(0, len(rows), 200):
        part = rows[i:i + 200]
        with corpus.unpacked(part) as files:
            back = {str(f): r for r in part for f in [files[r.path]]}
            run = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--quiet", "--fail-on", "never", "--from-file", "-"],
                                 input="\n".join(back), capture_output=True, text=True)
            for line in run.stdout.splitlines():
                report = json.loads(line)
                yield back[report["artifact"]], report


def table(head, rows):
    widths = [max(len(str(r[i])) for r in [head, *rows]) for i in range(len(head))]
    for r in [head, *rows]:
        print("  ".join(str(c).ljust(w) if i == 0 else str(c).rjust(w) for i, (c, w) in enumerate(zip(r, widths))).rstrip())


def names_part(args, rows):
    benign = sorted({(r.ecosystem, normal(r.ecosystem, r.name)) for r in rows if not r.malware and r.ecosystem in ("pypi", "npm")})
    others = sorted({(e, normal(r.ecosystem, r.name)) for r in rows if not r.malware and r.ecosystem not in ("pypi", "npm") for e in ("pypi", "npm")})
    bad = collections.defaultdict(set)
    for r in rows:
        if r.malware and not r.blind:
            bad[(r.ecosystem, normal(r.ecosystem, r.name))].add(r.cluster)
    campaigns = set().union(*bad.values())
    print("Names alone, every distinct one (benign names of crates, gems, Go and Maven are asked as if they were of PyPI and of npm).")
    popular = {(e, line.split("\t")[0]) for e in ("pypi", "npm") for line in (ROOT / f"data/popular/{e}.tsv").read_text().splitlines()}
    print(f"On the lists themselves, so never compared: {len(popular & set(benign))} of the benign names, {len(popular & set(bad))} of the malware's.")
    honest, speed = by_name(args.names, benign)
    foreign, _ = by_name(args.names, others)
    caught, speed_bad = by_name(args.names, sorted(bad))
    listed, listed_n = {}, 0
    if args.list:
        names = [tuple(line.split("\t")) for line in Path(args.list).read_text().splitlines() if line.count("\t") == 1]
        listed, speed = by_name(args.names, names)
        listed_n = len(names)
    out = []
    for s in SIGNALS:
        if honest.get(s) or foreign.get(s) or caught.get(s) or listed.get(s):
            hit = set().union(*(bad[n] for n in caught.get(s, ()))) if caught.get(s) else set()
            row = [s, len(honest.get(s, ())), len(foreign.get(s, ())), len(caught.get(s, ())), len(hit)]
            out.append(row + ([f"{len(listed.get(s, ())) / listed_n:.3%}"] if listed_n else []))
    head = ["signal", f"benign ({len(benign)})", f"of other registries ({len(others)})", f"malware names ({len(bad)})", f"campaigns ({len(campaigns)})"]
    table(head + ([f"listed names ({listed_n:,})"] if listed_n else []), out)
    print(f"look-ups: {speed}; malware: {speed_bad}")
    if args.show:
        for e, n in sorted(set().union(*honest.values()) if honest else ()):
            print(f"  benign {e} {n}: {', '.join(s for s in honest if (e, n) in honest[s])}")


def artifacts_part(args, rows):
    rows = [r for r in rows if r.ecosystem in ("pypi", "npm") and not (r.malware and r.blind)]
    hits, shown = {True: collections.defaultdict(set), False: collections.defaultdict(set)}, []
    rules = {True: collections.defaultdict(set), False: collections.defaultdict(set)}
    totals = {True: set(), False: set()}
    uses_signals = {p.stem for p in (ROOT / "rules").glob("*.yaml") if "signal:" in p.read_text()}
    for row, report in scan(args.tidewaiter, rows):
        key = row.group if row.malware else row.path
        totals[row.malware].add(key)
        found = [s["id"] for s in report["signals"] + report["findings"] if s.get("id") in SIGNALS]
        for s in found:
            hits[row.malware][s].add(key)
        for b in report["behaviours"]:
            if b.get("id") in uses_signals:
                rules[row.malware][b["id"], report["verdict"]].add(key)
        if found and not row.malware:
            shown += [f"  {row.name} {row.version} ({report['verdict']}): {s['id']}: {s['says']}" for s in report["signals"] if s.get("severity") == "odd"]
    print(f"\nWhole artifacts: signals of {len(totals[False])} benign artifacts and {len(totals[True])} open campaigns; the project's age is unknown of all.")
    table(["signal", f"benign ({len(totals[False])})", f"campaigns ({len(totals[True])})"],
          [[s, len(hits[False][s]), len(hits[True][s])] for s in SIGNALS if hits[False][s] or hits[True][s]])
    print("\nRules that join signals with what code does, by the verdict of the artifact:")
    table(["rule, verdict", "benign", "campaigns"], [[f"{k[0]}, {k[1]}", len(rules[False][k]), len(rules[True][k])] for k in sorted(rules[True] | rules[False])])
    print("\nSignals of severity odd among the benign:")
    print("\n".join(sorted(shown)) or "  none")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", required=True), ap.add_argument("--names", required=True)
    ap.add_argument("--list"), ap.add_argument("--show", action="store_true"), ap.add_argument("--names-only", action="store_true")
    args = ap.parse_args()
    corpus.need_or_skip()
    rows = list(corpus.rows())
    names_part(args, rows)
    if not args.names_only:
        artifacts_part(args, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
