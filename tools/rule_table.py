#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What each rule does on the open part of the corpus -> rules/measured.tsv (compiled into the program) and
docs/reference/rules.md. Called by tools/accuracy.py with its reports; alone it makes the page again from the table."""
import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RANK = {"clear": 0, "notable": 1, "suspicious": 2, "malicious": 3}
HEAD = "# id\tcampaigns\tof\tsole\tbenign\tof benign; made by `make accuracy` over the open part of the corpus\n"


def wilson(k, n, z=1.96):
    if not n:
        return 0.0, 1.0
    p = k / n
    mid, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, (mid - half) / (1 + z * z / n)), min(1.0, (mid + half) / (1 + z * z / n))


def flagged_by(report):
    """Rules that took the artifact to suspicious or above by themselves."""
    return {b["id"] for b in report["behaviours"] if "id" in b and RANK[b["level"]] >= 2}


def count(rows, reports):
    """{rule: [campaigns, of, sole, benign, of benign]} over the open rows. A campaign is a rule's own where every sample of it
    that anything flags is flagged by this rule alone."""
    campaigns, sets = defaultdict(set), defaultdict(list)
    benign, n_benign = defaultdict(int), 0
    for r in rows:
        if r.blind:
            continue
        by = flagged_by(reports[r.path])
        if r.malware and r.visible:
            sets[r.cluster].append(by)
            for rule in by:
                campaigns[rule].add(r.cluster)
        elif not r.malware:
            n_benign += 1
            for rule in by:
                benign[rule] += 1
    sole = defaultdict(int)
    for by in sets.values():
        hit = [x for x in by if x]
        if hit and len(set.union(*hit)) == 1:
            sole[next(iter(hit[0]))] += 1
    return {rule: [len(campaigns[rule]), len(sets), sole[rule], benign[rule], n_benign] for rule in set(campaigns) | set(benign)}


def save(rows, reports, program):
    listed = json.loads(subprocess.run([program, "rules", "list", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    counted = count(rows, reports)
    any_row = next(iter(counted.values()), [0] * 5)
    lines = []
    for rule in listed:
        lines.append("\t".join([rule["id"], *map(str, counted.get(rule["id"], [0, any_row[1], 0, 0, any_row[4]]))]))
    (ROOT / "rules/measured.tsv").write_text(HEAD + "".join(line + "\n" for line in sorted(lines)))
    page(listed)


def percent(k, n):
    low, high = wilson(k, n)
    return f"{100 * k / n:.1f} ({100 * low:.1f}-{100 * high:.1f})" if n else "-"


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def page(listed):
    table = {}
    for line in (ROOT / "rules/measured.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            rule, *numbers = line.split("\t")
            table[rule] = list(map(int, numbers))
    out = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "<!-- Made by tools/rule_table.py: do not edit. -->", "# The rules, and what was measured of them", "",
           "`make accuracy` over the open part of the corpus. Recall: the campaigns of malware with visible harm in which the rule took a sample to",
           "suspicious or above. Precision: of the campaigns and harmless packages it took there, the campaigns. Both in %, with 95 % Wilson",
           "interval. Alone: campaigns that no other rule catches. The rules were written with this part in view: the blind part's total in",
           "bench/results/accuracy.md is the honest figure.", "",
           "| rule | at most | kind | ATT&CK | recall | alone | benign | precision | seen in |", "|---|---|---|---|---|---|---|---|---|"]
    for rule in sorted(listed, key=lambda r: r["id"]):
        campaigns, of, sole, benign, of_benign = table.get(rule["id"], [0] * 5)
        out.append("| " + " | ".join([rule["id"], rule["top"], rule["kind"], ", ".join(rule["attack"]), percent(campaigns, of), str(sole),
                                      f"{benign} of {of_benign}", percent(campaigns, campaigns + benign), cell("; ".join(rule["cites"]))]) + " |")
    out += ["", "What each says, and what to check: `tidewaiter rules explain ID`."]
    (ROOT / "docs/reference/rules.md").write_text("\n".join(out) + "\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default=str(ROOT / "build/tidewaiter"))
    args = ap.parse_args()
    page(json.loads(subprocess.run([args.tidewaiter, "rules", "list", "--format", "json"], capture_output=True, text=True, check=True).stdout))


if __name__ == "__main__":
    sys.exit(main())
