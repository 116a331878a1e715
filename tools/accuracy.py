#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The measuring rod: recall by campaign and false alarms over ../shared/corpus, beside what size, metadata and format
alone would give. The blind part is scored in total only; misses and false alarms of the open part are listed with
their reasons. Writes bench/results/accuracy.{json,md,-open.txt}; `--sample` is the fixed sample of `make test`."""
import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus  # noqa: E402
import rule_table  # noqa: E402

LEVELS = ["notable", "suspicious", "malicious"]
RANK = {"clear": 0, "unreviewable": 0, "notable": 1, "suspicious": 2, "malicious": 3}
FILES_A_DAY = 10_700
RESULTS = corpus.ROOT / "bench/results"


def scan(program, files, jobs):
    """Reports in input order; the program must answer one object for each."""
    listing = "\n".join(str(f) for f in files)
    r = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--fail-on", "never", "--jobs", str(jobs), "--from-file", "-"],
                       input=listing, capture_output=True, text=True, timeout=3000)
    reports = [json.loads(line) for line in r.stdout.splitlines()]
    return reports, r.returncode, r.stderr


def by_campaign(rows, hit):
    """Mean of the campaigns' recalls, and their number."""
    groups = defaultdict(list)
    for r in rows:
        groups[r.cluster].append(hit(r))
    return (sum(sum(v) / len(v) for v in groups.values()) / len(groups) if groups else 0.0), len(groups)


def alarms(rows, hit):
    k, n = sum(map(hit, rows)), len(rows)
    low, high = rule_table.wilson(k, n)
    return {"alarms": k, "of": n, "rate": k / n if n else 0, "wilson95": [low, high],
            "a_day": [round(x * FILES_A_DAY, 1) for x in (k / n if n else 0, low, high)]}


# --- baselines: what a short cut would reach -----------------------------------------------------------------------
def metadata_text(path):
    data = path.read_bytes()
    wanted = re.compile(r"(^|/)(PKG-INFO|METADATA|package\.json)$")
    try:
        if data[:2] == b"PK":
            z = zipfile.ZipFile(io.BytesIO(data))
            names = sorted((n for n in z.namelist() if wanted.search(n)), key=lambda n: n.count("/"))
            return z.read(names[0])[:200_000].decode("utf-8", "replace") if names else ""
        t = tarfile.open(fileobj=io.BytesIO(data))
        members = sorted((m for m in t if m.isfile() and wanted.search(m.name)), key=lambda m: m.name.count("/"))
        return t.extractfile(members[0]).read(200_000).decode("utf-8", "replace") if members else ""
    except Exception:
        return ""


def poverty(text):
    """How poor the metadata is: 0 rich .. 7 empty."""
    wants = [r"(?i)^(summary|\s*\"description\"):? *\S{3}", r"(?i)(home-page|project-url|\"homepage\"|\"repository\")", r"(?i)(author-email|\"author\")",
             r"(?i)(^license|\"license\")", r"(?i)(^classifier|\"keywords\")", r"(?i)(requires-dist|\"dependencies\")"]
    return sum(not re.search(w, text, re.M) or "UNKNOWN" in (re.search(w + ".*", text, re.M) or [""])[0] for w in wants) + (len(text) < 1000)


def form(path):
    head = path.read_bytes()[:6]
    return "wheel" if path.suffix == ".whl" else "zip" if head[:2] == b"PK" else "other"


def best_threshold(scores, rows, budget):
    """Recall by campaign of `score >= t` at the t whose false alarms stay within budget."""
    benign = sorted((scores[r.path] for r in rows if not r.malware and r.ecosystem == "pypi"), reverse=True)
    allowed = int(budget * len(benign))
    t = benign[allowed] if allowed < len(benign) else float("-inf")
    recall, _ = by_campaign([r for r in rows if r.visible], lambda r: scores[r.path] > t)
    return {"recall": recall, "alarms": sum(s > t for s in benign), "of": len(benign)}


def baselines(rows, files, budget):
    shapes = {r.path: form(files[r.path]) for r in rows}
    benign = Counter(shapes[r.path] for r in rows if not r.malware and r.ecosystem == "pypi")
    bad = Counter(shapes[r.path] for r in rows if r.visible)
    odds = {k: (bad[k] + 1) / (benign[k] + 1) for k in set(benign) | set(bad)}
    return {
        "size only": best_threshold({r.path: -r.size for r in rows}, rows, budget),
        "metadata only": best_threshold({r.path: poverty(metadata_text(files[r.path])) for r in rows}, rows, budget),
        "format only": best_threshold({r.path: odds.get(shapes[r.path], 0) for r in rows}, rows, budget),
    }


# --- reasons --------------------------------------------------------------------------------------------------------
ORDER = ["install", "build", "import", "plugin", "command", "load", "call", "dead"]
SURE = ["guessed", "flow", "folded", "literal"]
SECRET, ASKS, OUT = ("cred.", "collect.", "given."), ("host.", "fs.walk", "fs.pack"), ("net.",)
TELLING = ("net.", "exec.", "code.eval", "code.decoded", "code.remote", "code.bytecode", "cred.", "collect.", "persist.", "impact.", "hide.")


def stage(report):
    """Which stage of the line lost it, by what the report itself says: (stage, detail)."""
    if report.get("errors"):
        return "error", report["errors"][0].get("says", "")[:80]
    gaps = Counter(g["reason"] for g in report["coverage"].get("gaps", []) if g.get("reason") not in (None, "dynamic", "summary") and g.get("runs") not in ("call", "dead", None))
    caps = [c for c in report.get("capabilities", []) if "id" in c]
    telling = [c for c in caps if c["id"].startswith(TELLING)]
    if not report["stats"].get("parsed"):
        return "language", "no code of a language that is analysed"
    for b in report["behaviours"]:
        if "id" not in b:
            continue
        why = "evidence" if b["confidence"] == "guessed" else "trigger" if b["trigger"] == "dead" else "ceiling"
        return why, f"{b['id']} matched with evidence {b['confidence']}, trigger {b['trigger']}, ceiling {b['ceiling']}"
    if gaps and not [c for c in telling if c["trigger"] in ORDER[:4]]:
        return "gap", f"code that runs was not read: {dict(gaps)}"
    if not telling:
        return "capability", "none that a rule asks about" if caps else "none at all"
    first = min((c["trigger"] for c in telling), key=ORDER.index)
    if first == "dead":
        return "trigger", "all of it stands in tests, documentation or examples"
    kept = [c["id"] for c in telling if c["trigger"] == first]
    sources = [c["id"] for c in caps if c["id"].startswith(SECRET + ASKS) and c["trigger"] != "dead"]
    sinks = [c["id"] for c in caps if c["id"].startswith(OUT) and c["trigger"] != "dead"]
    if any(s.startswith(SECRET) for s in sources) and sinks and not any(f["from"].startswith(SECRET) for f in report["flows"]):
        return "flow", f"{', '.join(sorted(set(s for s in sources if s.startswith(SECRET))))} and {', '.join(sorted(set(sinks)))[:60]}, no way from one to the other"
    if first in ("call", "load", "command"):
        return "no rule (waits for a caller)", ", ".join(sorted(set(kept)))[:120]
    return f"no rule (at {first})", ", ".join(sorted(set(kept)))[:120]


def why_missed(report):
    where, detail = stage(report)
    caps = sorted({c["id"] for c in report.get("capabilities", []) if "id" in c})
    gaps = Counter(g.get("reason") for g in report["coverage"].get("gaps", []) if g.get("reason") not in (None, "dynamic"))
    return f"{report['verdict']}: {where}: {detail}; capabilities {','.join(caps[:12])}; gaps {dict(gaps)}"


def why_alarmed(report):
    rows = [b for b in report["behaviours"] if "id" in b and b["ceiling"] in ("suspicious", "malicious")]
    return "; ".join(f"{b['id']} ({b['trigger']}, {b['confidence']}, {(b['evidence'] or [{}])[0].get('member', '')})" for b in rows)


def measure(rows, reports):
    level = {r.path: RANK[reports[r.path]["verdict"]] for r in rows}
    out = {}
    for name in LEVELS:
        need = RANK[name]

        def hit(r, need=need):
            return level[r.path] >= need

        recall, n = by_campaign([r for r in rows if r.visible], hit)
        rest, n_rest = by_campaign([r for r in rows if r.malware and not r.visible], hit)
        benign = {f"{e} long tail" if tail else e: alarms([r for r in rows if not r.malware and r.ecosystem == e and r.longtail == tail], hit)
                  for e, tail in sorted({(r.ecosystem, r.longtail) for r in rows if not r.malware})}
        out[name] = {"recall_visible": recall, "campaigns_visible": n, "recall_rest": rest, "campaigns_rest": n_rest, "benign": benign}
    return out


def table(title, m):
    lines = [f"### {title}", "", "| level | campaigns with visible harm | the rest | " + " | ".join(m["notable"]["benign"]) + " |",
             "|---|---|---|" + "---|" * len(m["notable"]["benign"])]
    for name in LEVELS:
        x = m[name]
        cells = [f"{b['alarms']}/{b['of']} ({100 * b['wilson95'][0]:.1f} to {100 * b['wilson95'][1]:.1f} %; {b['a_day'][0]:.0f} a day)" for b in x["benign"].values()]
        lines.append(f"| {name} or above | {100 * x['recall_visible']:.1f} % of {x['campaigns_visible']} | "
                     f"{100 * x['recall_rest']:.1f} % of {x['campaigns_rest']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def check(rows, reports, code):
    """The rod itself: nothing lost, nothing invented, in order. Gives (passed, failed)."""
    ok = bad = 0
    for r, report in zip(rows, reports):
        good = report["sha256"] == r.sha256 and report["verdict"] in RANK and 0 <= report["score"] <= 1 and not report.get("errors")
        ok, bad = ok + good, bad + (not good)
        if not good:
            print(f"FAILED {r.sha256[:12]}: {report['verdict']} {report.get('errors')}")
    bad += abs(len(rows) - len(reports)) + (code != 0)
    return ok, bad


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default=str(corpus.ROOT / "build/tidewaiter"))
    ap.add_argument("--sample", action="store_true")
    ap.add_argument("--jobs", type=int, default=2)
    args = ap.parse_args()
    corpus.need_or_skip()
    rows = [r for r in corpus.rows() if r.tar]
    if args.sample:
        rows = corpus.sample(rows, 14)
    with corpus.unpacked(rows) as files:
        listed, code, stderr = scan(args.tidewaiter, [files[r.path] for r in rows], args.jobs)
        passed, failed = check(rows, listed, code)
        if failed:
            print(stderr[-2000:])
        reports = {r.path: x for r, x in zip(rows, listed)}
        base = {} if args.sample or failed else baselines(rows, files, 0.01)
    if len(listed) != len(rows):
        print(f"{passed} passed, {failed} failed")
        return 1
    parts = {"all": rows, "open part": [r for r in rows if not r.blind], "blind part (in total only)": [r for r in rows if r.blind]}
    measured = {k: measure(v, reports) for k, v in parts.items()}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=corpus.ROOT, capture_output=True, text=True).stdout.strip()
    text = [f"# Accuracy on the dev corpus, commit {commit}", "", "`make accuracy`. Recall is the mean of the campaigns' recalls; npm malware is one campaign",
            f"({sum(r.malware and r.ecosystem == 'npm' for r in rows)} samples): a yes or no. False alarms with 95 % Wilson interval, and as alarms a day at 10.7 k files a day.", ""]
    text += [table(k, v) for k, v in measured.items()]
    if base:
        text += ["### What a short cut gives (visible campaigns, threshold at 1 % of benign PyPI)", "", "| baseline | campaigns | false alarms |", "|---|---|---|"]
        text += [f"| {k} | {100 * v['recall']:.1f} % | {v['alarms']}/{v['of']} |" for k, v in base.items()] + [""]
    unrev = Counter((r.ecosystem, r.malware) for r in rows if reports[r.path]["verdict"] == "unreviewable")
    text += ["Unreviewable (no alarm): " + (", ".join(f"{'malware' if m else 'benign'} {e} {n}" for (e, m), n in sorted(unrev.items())) or "none") + "."]
    print("\n".join(text))
    if not args.sample:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "accuracy.md").write_text("\n".join(text) + "\n")
        (RESULTS / "accuracy.json").write_text(json.dumps({"commit": commit, "parts": measured, "baselines": base}, indent=1) + "\n")
        listing = [f"# Open part, commit {commit}: misses (visible harm, below suspicious) and false alarms (suspicious or above)"]
        lost = [r for r in parts["open part"] if r.visible and RANK[reports[r.path]["verdict"]] < 2]
        stages = Counter(where for _, where in {(r.cluster, stage(reports[r.path])[0]) for r in lost})
        listing.append("# campaigns with a miss, by the stage that lost it: " + ("; ".join(f"{k} {n}" for k, n in stages.most_common()) or "none"))
        for r in parts["open part"]:
            x, level = reports[r.path], RANK[reports[r.path]["verdict"]]
            if r.visible and level < 2:
                listing.append(f"missed {r.sha256[:16]} {r.ecosystem} {r.note.split(';')[0]}: {why_missed(x)}")
            elif not r.malware and level >= 2:
                listing.append(f"alarm {r.ecosystem} {r.name} {r.version}: {x['verdict']}: {why_alarmed(x)}")
        (RESULTS / "accuracy-open.txt").write_text("\n".join(listing) + "\n")
        rule_table.save(rows, reports, args.tidewaiter)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
