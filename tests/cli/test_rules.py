#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`tidewaiter rules` and a user's own rules: listed, shown, explained, linted, tested, and what happens to one with an error."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
passed = failed = 0
GOOD = """id: house.no-sockets
ceiling: suspicious
kind: unwanted
cites: ["our own policy"]
attack: [T1095]
says: "{trigger} it opens a socket to {a.host|somewhere}"
check: "Do our packages have to?"
when:
  cap: {any: [net.socket], as: a}
"""


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:800] for m in more])


def package(folder, text):
    (folder / "fixture").mkdir(parents=True)
    (folder / "fixture/__init__.py").write_text(text)
    (folder / "setup.py").write_text("from setuptools import setup\nsetup(name='fixture', version='1', packages=['fixture'])\n")
    return folder


def built_in(run):
    code, out, err = run("rules", "list")
    ids = {p.stem for p in (ROOT / "rules").glob("*.yaml")} - {"verdict"}
    check(code == 0 and ids == {line.split()[0] for line in out.splitlines()[1:] if "." in line.split()[0] and line.split()[1] in ("notable", "suspicious", "malicious")}, "list", out, err)
    check(all(len(line) <= 80 for line in out.splitlines()), "list is wider than a terminal")
    code, out, err = run("rules", "list", "--format", "json")
    listed = json.loads(out)
    check({r["id"] for r in listed} == ids and all(r["says"] and r["check"] and r["top"] for r in listed), "list as JSON", err)
    table = {line.split("\t")[0]: line.split("\t")[1:] for line in (ROOT / "rules/measured.tsv").read_text().splitlines() if not line.startswith("#")}
    check(all((r["measured"] or {"campaigns": 0})["campaigns"] == int(table.get(r["id"], ["0"])[0]) for r in listed), "measured is what the table says")
    check(sum(bool(r["measured"]) for r in listed) > 20, "rules are measured")
    code, out, err = run("rules", "show", "theft.secrets-sent")
    check(code == 0 and out == (ROOT / "rules/theft.secrets-sent.yaml").read_text(), "show", out, err)
    code, out, err = run("rules", "explain", "theft.secrets-sent")
    check(code == 0 and "campaigns of malware" in out and "ATT&CK" in out and "{" not in out, "explain", out)
    code, out, err = run("rules", "explain")
    check(code == 0 and out.count("\n  measured ") == len(ids), "explain all")


def habits(run):
    for args in ([], ["lst"], ["show"], ["explain", "theft.secret-sent"], ["test"], ["list", "--format", "xml"]):
        code, out, err = run("rules", *args)
        check(code == 2 and not out and err, "a wrong call", args, code, out, err)
    check("theft.secrets-sent" in run("rules", "explain", "theft.secret-sent")[2], "what was meant is named")
    code, out, err = run("rules", "--help")
    check(code == 0 and "Examples" in out and "lint" in out, "help", out)


def own_rules(run, tmp):
    rules, quiet, loud = tmp / "own", package(tmp / "quiet", "x = 1\n"), package(tmp / "loud", "import socket\nsocket.create_connection(('a.invalid', 7))\n")
    rules.mkdir()
    (rules / "house.yaml").write_text(GOOD)
    (rules / "notes.txt").write_text("no rule\n")
    scan = ["scan", "--no-cache", "--format", "json", "--rules", rules]
    code, out, err = run(*scan, loud)
    check(code == 1 and "house.no-sockets" in out, "an own rule matches", out, err)
    before, after = json.loads(run("scan", "--no-cache", "--format", "json", quiet)[1]), json.loads(run(*scan, quiet)[1])
    check(after["verdict"] == "clear" and before["versions"]["rules"] != after["versions"]["rules"], "the report says that the rules differ", after)
    check(run("rules", "show", "--rules", rules, "house.no-sockets")[1] == GOOD, "an own rule is shown")
    check(run("rules", "lint", "--rules", rules, "house.no-sockets")[0] == 0, "nothing odd about it")
    (rules / "narrow.yaml").write_text(GOOD.replace("house.no-sockets", "house.narrow").replace("[net.socket]", "[net.socket], trigger: install"))
    code, out, err = run("rules", "lint", "--rules", rules, "--format", "json")
    check(code == 1 and any(x["rule"] == "house.narrow" and x["code"] == "subsumed" for x in json.loads(out)), "lint names a rule that another subsumes", out)
    (rules / "narrow.yaml").write_text(GOOD.replace("house.no-sockets", "house.narrow").replace("net.socket]", "net.sockt]"))
    code, out, err = run(*scan, loud)
    check(code == 2 and not out and "narrow.yaml:9:" in err and "net.sockt" in err, "an error stops the run", code, out, err)
    code, out, err = run(*scan, "--skip-bad-rules", loud)
    check(code == 1 and "house.no-sockets" in out and "left out" in err, "unless told otherwise", code, err)
    (rules / "narrow.yaml").write_text(GOOD)
    code, out, err = run(*scan, loud)
    check(code == 2 and "another rule has the id" in err, "the same id twice", err)
    (rules / "narrow.yaml").unlink()
    check(run("scan", "--rules", tmp / "nowhere", loud)[0] == 2, "rules that are not there")
    (tmp / "none").mkdir()
    check("no rule in it" in run("scan", "--rules", tmp / "none", loud)[2], "a folder without rules")


def fixtures(run, tmp):
    rules = tmp / "with"
    rules.mkdir()
    (rules / "house.yaml").write_text(GOOD)
    package(rules / "house.no-sockets/hit/opens", "import socket\nsocket.create_connection(('a.invalid', 7))\n")
    miss = package(rules / "house.no-sockets/miss/none", "x = 1\n")
    code, out, err = run("rules", "test", "--rules", rules)
    check(code == 0 and out == "2 passed, 0 failed\n", "fixtures pass", out, err)
    (miss / "fixture/__init__.py").write_text("import socket\nsocket.create_connection(('a.invalid', 7))\n")
    code, out, err = run("rules", "test", "--rules", rules)
    check(code == 1 and "must not match" in out and out.endswith("1 passed, 1 failed\n"), "a test of rules can fail", out)
    code, out, err = run("rules", "test", "--fixtures", ROOT / "tests/golden/rules", "shell.reverse")
    check(code == 0 and out.endswith(" 0 failed\n"), "built-in fixtures", out, err)


def yara(run, tmp, program):
    """A user's YARA files: findings only. Passed over, and said so, where the program was built without libyara."""
    loud, file = package(tmp / "yara", "import socket\nsocket.create_connection(('a.invalid', 7))\n"), tmp / "own.yar"
    file.write_text('rule opens { strings: $a = "create_connection" condition: $a }\nrule absent { strings: $a = "qqqq" condition: $a }\n')
    scan = ["scan", "--no-cache", "--format", "json", "--fail-on", "never"]
    code, out, err = run(*scan, "--yara", file, loud)
    if not Path(program).with_name("tidewaiter-yara.so").exists():
        check(code == 2 and "libyara" in err, "without libyara that is said", code, err)
        print("skipped: the program was built without libyara")
        return
    plain, with_it = json.loads(run(*scan, loud)[1]), json.loads(out)
    found = [f for f in with_it["findings"] if f["id"] == "yara.match"]
    check(len(found) == 1 and "opens" in found[0]["says"] and found[0]["places"][0]["off"] == 21, "a match is a finding", found)
    check(plain["verdict"] == with_it["verdict"] and plain["score"] == with_it["score"] and plain["behaviours"] == with_it["behaviours"], "and no more")
    file.write_text("rule bad {\n  condition: $nothing }\n")
    code, out, err = run(*scan, "--yara", file, loud)
    check(code == 2 and "own.yar:2:" in err and not out, "an error in it stops the run", err)
    file.write_text('include "other.yar"\n')
    check(run(*scan, "--yara", file, loud)[0] == 2, "no file is included")
    check(run(*scan, "--yara", tmp / "gone.yar", loud)[0] == 2, "a file that is not there")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    program = str(Path(ap.parse_args().tidewaiter).resolve())
    with tempfile.TemporaryDirectory() as tmp:
        env = {"PATH": os.environ["PATH"], "HOME": tmp}

        def run(*args):
            r = subprocess.run([program, *map(os.fspath, args)], capture_output=True, text=True, timeout=300, env=env, cwd=tmp)
            return r.returncode, r.stdout, r.stderr

        built_in(run)
        habits(run)
        own_rules(run, Path(tmp))
        fixtures(run, Path(tmp))
        yara(run, Path(tmp), program)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
