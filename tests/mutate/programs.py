# SPDX-License-Identifier: Apache-2.0
"""The inert programs, and how one is run under recorders: what it called with what, in order."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import programs_javascript
import programs_python

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NODE = ROOT / "build/venv/bin/node"
GOLDEN = ROOT / "tests/golden/rules"
ENVIRONMENT = {"NPM_TOKEN": "value-of-NPM", "GITHUB_TOKEN": "value-of-GITHUB", "HOME": "/home/u", "USER": "u", "PATH": "/usr/bin:/bin"}


def own():
    """(name, files, entry) of each program of ours."""
    for language, table in (("py", programs_python.PROGRAMS), ("js", programs_javascript.PROGRAMS)):
        for name, (files, entry) in table.items():
            yield f"{language}/{name}", {k: v.encode() for k, v in files.items()}, entry


def golden(skipped=None):
    """Fixtures of the rules that can be run: what starts them by itself, and all else in them. skipped: why others are not."""
    for folder in sorted(GOLDEN.glob("*/*/*")):
        files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        name = "golden/" + str(folder.relative_to(GOLDEN))
        programs = list(entries(name, files))
        if not programs and skipped is not None:
            skipped[name] = why_not(files)
        yield from programs


def why_not(files):
    ends = {Path(p).suffix for p in files}
    if not ends & {".py", ".js", ".cjs", ".mjs"}:
        return "no Python, no JavaScript: " + ", ".join(sorted(ends))
    if "setup.py" in files:
        return "its setup.py calls setup() alone, and nothing imports the rest"
    return "nothing in it starts by itself"


def entries(name, files):
    if "setup.py" in files and any(w in files["setup.py"] for w in (b"import os", b"urllib", b"subprocess", b"exec(", b"socket", b"cmdclass")):
        yield name, files, "setup.py"
    for top in sorted({p.split("/")[0] for p in files if p.endswith("/__init__.py") and p.count("/") == 1}):
        yield f"{name}:{top}", files, top
    if "package.json" in files:
        try:
            manifest = json.loads(files["package.json"])
        except ValueError:
            return
        entries = {(manifest.get("main") or "index.js").removeprefix("./")}
        for command in (manifest.get("scripts") or {}).values():
            entries |= set(re.findall(r"node (?:\./)?([\w./-]+\.[cm]?js)", command))
        for entry in sorted(e for e in entries if e in files):
            yield f"{name}:{entry}", files, entry


def confined():
    """Without a network, where the kernel lets an ordinary user have a name space of its own."""
    try:
        fine = subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    except OSError:
        fine = False
    return ["unshare", "-rn"] if fine else []


class Runner:
    def __init__(self):
        self.alone = confined()
        self.python = subprocess.Popen([*self.alone, sys.executable, "-I", "-B", str(HERE / "run_python.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, root, entry, why=False):
        root = os.path.realpath(root)
        if not re.search(r"\.[cm]?js$", entry):
            self.python.stdin.write(json.dumps({"root": root, "entry": entry, "why": why}) + "\n")
            self.python.stdin.flush()
            return json.loads(self.python.stdout.readline())
        try:
            r = subprocess.run([*self.alone, "prlimit", "--cpu=20", "--fsize=1048576", "--core=0", str(NODE), "--permission", "--allow-fs-read=*", "--no-warnings", "--require", str(HERE / "record.cjs"), entry], cwd=root, timeout=30,
                               capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                               env={"TW_ROOT": root, "TW_ENVIRONMENT": json.dumps(ENVIRONMENT), "PATH": "/usr/bin:/bin", "HOME": "/home/u"})
        except subprocess.TimeoutExpired:
            return {"calls": [], "error": "timeout"}
        lines = [line for line in r.stdout.splitlines() if line.startswith("TW:")]
        answer = json.loads(lines[-1][3:]) if lines else {"calls": [], "error": "no answer " + r.stderr[-300:]}
        if why:
            answer["why"] = r.stderr[-2000:]
        return answer

    def close(self):
        self.python.stdin.close()
        self.python.wait()


def put(folder, files):
    for path, data in files.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
