#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule under rules/ matches each of its fixtures in tests/golden/rules/ID/hit/ and none in
.../miss/. A fixture is a small inert source tree, reviewed as a directory; nothing of it is run."""
import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "golden" / "rules"
sys.path.insert(0, str(ROOT / "tests" / "golden"))
import validate_schema  # noqa: E402


def rule_ids():
    for path in sorted((ROOT / "rules").glob("*.yaml")):
        match = re.search(r"^id: (\S+)$", path.read_text(), re.M)
        if match:
            yield match.group(1), path


def review(program, fixtures):
    """One run over all fixtures: {path: report}, and what is wrong with the reports themselves."""
    paths = "\n".join(str(p) for p in fixtures)
    run = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--from-file", "-"], input=paths,
                         capture_output=True, text=True, timeout=600)
    reports, faults = {}, []
    for line in run.stdout.splitlines():
        report = json.loads(line)
        reports[report["artifact"]] = report
        faults += [f"{report['artifact']}: {fault}" for fault in validate_schema.validate(line)]
    if len(reports) != len(fixtures):
        faults.append(f"{len(fixtures)} fixtures, {len(reports)} reports\n{run.stderr[-2000:]}")
    return reports, faults


def matched(report):
    return {b["id"] for b in report["behaviours"] if "id" in b}


def judge(reports, rule, side, fixture):
    report = reports.get(str(fixture))
    if report is None:
        return "no report"
    if (rule in matched(report)) != (side == "hit"):
        found = ", ".join(sorted(matched(report))) or "nothing"
        return f"{'missed' if side == 'hit' else 'matched'}; found {found}; verdict {report['verdict']}"
    if side == "miss" and report["verdict"] in ("suspicious", "malicious"):
        return f"a fixture of harmless code is {report['verdict']}: {report['summary']}"
    return None


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--tidewaiter", default=str(ROOT / "build" / "tidewaiter"))
    args.add_argument("only", nargs="*", help="ids of rules")
    args = args.parse_args()
    cases, failures = [], []
    for rule, path in rule_ids():
        if args.only and rule not in args.only:
            continue
        for side in "hit", "miss":
            found = sorted(p for p in (FIXTURES / rule / side).glob("*") if p.is_dir())
            cases += [(rule, side, p) for p in found]
            if not found:
                failures.append(f"{path.name}: no fixture to {side}")
    known = {rule for rule, _ in rule_ids()}
    failures += [f"{p}: fixtures of no rule" for p in FIXTURES.iterdir() if p.name not in known]
    reports, faults = review(args.tidewaiter, [p for _, _, p in cases])
    failures += faults
    passed = 0
    for rule, side, fixture in cases:
        why = judge(reports, rule, side, fixture)
        if why:
            failures.append(f"{rule}/{side}/{fixture.name}: {why}")
        else:
            passed += 1
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
