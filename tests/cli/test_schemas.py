#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What `capabilities --format json` and `diff --format json` print is valid by docs/*.schema.json, on the demo and every rule's fixtures;
and the schemas refuse a spoiled one."""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/golden"))
from validate_schema import check, check_more, self_test  # noqa: E402

passed = failed = 0


def judge(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[str(m)[:600] for m in more])


def output(program, *args):
    r = subprocess.run([program, *map(str, args)], capture_output=True, text=True, timeout=600)
    return [json.loads(line) for line in r.stdout.splitlines()]


def compare(documents, schema, what):
    for d in documents:
        faults = [*check(d, schema, schema), *check_more(d)]
        judge(not faults, f"{what} of {d.get('artifact') or d['to']['artifact']}", *faults[:5])
    judge(documents, f"there is {what}")
    if documents:
        small = min((d for d in documents if len(json.dumps(d)) > 1500 and '"host"' not in json.dumps(d)), key=lambda d: len(json.dumps(d)), default=documents[0])
        judge(self_test(small, schema) == 0, f"the schema refuses every spoiled {what}")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    args = ap.parse_args()
    program = str(Path(args.tidewaiter).resolve())
    folders = sorted(p for p in (ROOT / "tests/golden/rules").glob("*/*/*"))
    schemas = {n: json.loads((ROOT / f"docs/{n}.schema.json").read_text()) for n in ("capabilities", "diff")}
    compare(output(program, "capabilities", "--format", "json", ROOT / "demo/harbour-lights-0.1", *folders), schemas["capabilities"], "a profile")
    pairs = [(a, b) for f in sorted({p.parent.parent for p in folders}) for a in sorted((f / "miss").glob("*"))[:1] for b in sorted((f / "hit").glob("*"))[:1]]
    compare([d for a, b in pairs for d in output(program, "diff", "--format", "json", a, b)], schemas["diff"], "a difference")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
