#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Signals end to end: names fetched from an index on this machine, whose page tells when a project began; artifacts that pip
and npm would take whose copies of name and version disagree; what an author sees before an upload. All packages are inert."""
import argparse
import base64
import datetime
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

passed = failed = 0
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
JSON_TYPE = "application/vnd.pypi.simple.v1+json"


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:900] for m in more])


def tgz(top, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for name, text in files.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(text.encode())
            t.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def pkg_info(name, version, *headers, text=""):
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: An inert package\n" + "".join(h + "\n" for h in headers) + "\n" + text


def sdist(name, version, *headers, text="", **files):
    body = {"PKG-INFO": pkg_info(name, version, *headers, text=text), "setup.py": "from setuptools import setup\nsetup()\n",
            f"{name}/__init__.py": "VALUE = 1\n"}
    return tgz(f"{name}-{version}", body | {k.replace("__", "/"): v for k, v in files.items()})


def wheel(name, version, *headers, files=None):
    info = f"{name}-{version}.dist-info"
    body = dict(files or {f"{name}/__init__.py": "VALUE = 1\n"})
    body |= {f"{info}/METADATA": pkg_info(name, version, *headers), f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    digest = {n: base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).rstrip(b"=").decode() for n, t in body.items()}
    body[f"{info}/RECORD"] = "".join(f"{n},sha256={digest[n]},{len(t.encode())}\n" for n, t in body.items()) + f"{info}/RECORD,,\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n, t in body.items():
            z.writestr(n, t)
    return out.getvalue()


REPOSITORY = "Home-page: https://github.com/psf/requests"
OLD, NEW = str(TODAY - datetime.timedelta(days=3000)), str(TODAY - datetime.timedelta(days=2))
# project: (versions with the day each came, the page says so)
PROJECTS = {
    "reqeusts": ([("1.0", NEW)], True),
    "requestss": ([(f"{i}.0", OLD) for i in range(1, 9)], True),
    "reqests": ([("1.0", NEW)], False),
    "leaper": ([("1.4", OLD), ("1.5", OLD), ("99.1", NEW)], True),
}
FILES = {f"{p}-{v}.tar.gz": sdist(p, v, *([REPOSITORY] if p == "requestss" else [])) for p, (versions, _) in PROJECTS.items() for v, _ in versions}
PACK = tgz("package", {"package.json": json.dumps({"name": "lodahs", "version": "1.0.0"}), "index.js": "module.exports = 1\n"})


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, kind):
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_GET(self):
        area, _, rest = self.path.lstrip("/").partition("/")
        rest = rest.strip("/")
        if area == "files":
            return self.answer(FILES.get(rest), "application/octet-stream")
        if area == "npm" and rest == "pack.tgz":
            return self.answer(PACK, "application/octet-stream")
        if area == "npm" and rest == "lodahs":
            dist = {"tarball": "pack.tgz", "integrity": "sha512-" + base64.b64encode(hashlib.sha512(PACK).digest()).decode()}
            page = {"name": rest, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist": dist}}, "time": {"created": NEW + "T08:00:00.000Z"}}
            return self.answer(json.dumps(page).encode(), "application/json")
        if area != "simple" or rest not in PROJECTS:
            return self.answer(None, "text/html")
        versions, dated = PROJECTS[rest]
        files = [{"filename": f"{rest}-{v}.tar.gz", "url": f"../../files/{rest}-{v}.tar.gz",
                  "hashes": {"sha256": hashlib.sha256(FILES[f"{rest}-{v}.tar.gz"]).hexdigest()}} | ({"upload-time": day + "T10:00:00Z"} if dated else {})
                 for v, day in versions]
        self.answer(json.dumps({"meta": {"api-version": "1.1"}, "name": rest, "files": files}).encode(), JSON_TYPE)


class Program:
    def __init__(self, path, tmp):
        self.path, self.tmp = path, tmp
        self.env = {"PATH": os.environ["PATH"], "HOME": str(tmp / "home"), "XDG_CACHE_HOME": str(tmp / "cache")}

    def __call__(self, *args):
        r = subprocess.run([self.path, *map(str, args)], capture_output=True, text=True, env=self.env, cwd=self.tmp, timeout=300)
        return r.returncode, r.stdout, r.stderr

    def report(self, *args):
        out = self("scan", "--format", "json", "--fail-on", "never", *args)[1]
        try:
            return json.loads(out)
        except ValueError:
            return {"signals": [], "findings": [], "history": {}, "verdict": out}


def ids(report):
    return {s["id"] for s in report["signals"] if "id" in s}


def history(tw, url):
    def fetched(name):
        return tw.report("--allow-http", "--index", url + "/simple", name)

    r = fetched("pypi:reqeusts")
    check(r["history"] == {"source": "simple index page", "date": str(TODAY), "first_seen": NEW, "latest": None, "releases": 1}, "a new project", r["history"])
    check(ids(r) == {"name.near", "name.squat", "history.young"}, "near and new is a squat", ids(r))
    check(r["verdict"] == "notable", "and no more than notable by itself", r["verdict"])
    young = [s for s in r["signals"] if s["id"] == "history.young"]
    check(young and young[0]["source"] == "simple index page" and young[0]["date"] == str(TODAY), "the signal says who said so, and when", young)
    near = [s for s in r["signals"] if s["id"] == "name.near"]
    check(near and near[0]["source"].startswith("data/popular/pypi.tsv: ") and len(near[0]["date"]) == 10, "the near name says of which list", near)
    r = fetched("pypi:requestss")
    check(r["history"]["releases"] == 8 and r["history"]["first_seen"] == OLD and r["history"]["latest"] == "7.0", "an old project", r["history"])
    check(ids(r) == {"name.near"}, "near, alike, and settled is no squat", ids(r))
    r = fetched("pypi:reqests")
    check(r["history"]["first_seen"] is None and r["history"]["releases"] == 1, "an index that tells no dates: unknown", r["history"])
    check(ids(r) == {"name.near"}, "unknown changes nothing", ids(r))
    r = fetched("pypi:leaper")
    check({"version.jump", "version.high"} <= ids(r), "a leap of the version", ids(r))
    r = fetched("pypi:leaper==1.4")
    check(ids(r) == {"version.below-latest"}, "an older line", ids(r))
    r = tw.report("--allow-http", "--index", url + "/npm/", "npm:lodahs")
    check(r["history"]["source"] == "packument" and r["history"]["first_seen"] == NEW, "npm's packument", r.get("history"))
    check("name.squat" in ids(r), "near and new on npm", ids(r))
    again = fetched("pypi:reqeusts")
    check(again == fetched("pypi:reqeusts"), "the same twice, cached or not")
    local = tw.tmp / "reqeusts-1.0.tar.gz"
    local.write_bytes(FILES["reqeusts-1.0.tar.gz"])
    r = tw.report(local)
    check(set(r["history"].values()) == {None} and ids(r) == {"name.near"}, "the same bytes without an index: all unknown", r["history"], ids(r))


def copies(tw):
    def said(name, data):
        path = tw.tmp / name
        path.write_bytes(data)
        return [f["says"] for f in tw.report(path)["findings"] if f.get("id") == "metadata.copies-disagree"]

    check(not said("inert-1.0.tar.gz", sdist("inert", "1.0")), "an ordinary sdist")
    check(not said("inert-1.0-py3-none-any.whl", wheel("inert", "1.0")), "an ordinary wheel")
    check(not said("inert-1.0.0.tar.gz", sdist("inert", "1.0")), "1.0 and 1.0.0 are one version")
    check(said("inert-2.0-py3-none-any.whl", wheel("inert", "1.0")), "the file name says another version")
    check(said("inert-1.0.tar.gz", sdist("inert", "1.0", **{"inert.egg-info__PKG-INFO": pkg_info("inert", "1.7")})), "the egg-info says another version")
    check(said("inert-1.0.tar.gz", sdist("inert", "1.0", **{"pyproject.toml": '[project]\nname = "other"\nversion = "1.0"\n'})), "pyproject.toml says another name")
    check(said("inert-1.0.tar.gz", sdist("inert", "1.0", "Requires-Dist: a", **{"inert.egg-info__requires.txt": "a\nb>=1\n\n[x]\nc\n"})), "requires.txt asks for more")
    check(not said("inert-1.0.tar.gz", sdist("inert", "1.0", "Requires-Dist: a", **{"inert.egg-info__requires.txt": "a\n\n[x]\nc\n"})), "extras are no difference")


def author(tw):
    def page(registry, **files):
        folder = Path(tempfile.mkdtemp(dir=tw.tmp))
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return tw("scan", "--profile", registry, folder)

    w, s = "inert-1.0-py3-none-any.whl", "inert-1.0.tar.gz"
    code, out, err = page("pypi", **{w: wheel("inert", "1.0"), s: sdist("inert", "1.0")})
    check(code == 0 and "same code and the same dependencies" in out and "0 reasons to refuse" in out, "a calm release", code, out, err)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0", "Requires-Dist: idna"), s: sdist("inert", "1.0")})
    check(code == 0 and "needed by the wheel only: idna" in out, "a dependency of the wheel alone", out)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0", files={"inert/__init__.py": "VALUE = 2\n", "inert/more.py": "X = 1\n"}), s: sdist("inert", "1.0")})
    check("differs from the sdist's: inert/__init__.py" in out and "only in the wheel: inert/more.py" in out, "code of the wheel alone", out)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0", files={"inert/__init__.py": "import os\nos.system('true')\n"}), s: sdist("inert", "1.0")})
    check("the sdist does not: exec." in out, "what the wheel alone does", out)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0")})
    check(code == 0 and "no sdist beside inert-1.0" in out, "no sdist", out)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0", "Requires-Dist: a @ https://x.invalid/a.whl"), s: sdist("inert", "1.0")})
    check(code == 1 and "REFUSED: a dependency comes from an address" in out and "Do: Depend on a release" in out, "a direct address is refused", code, out)
    code, out, _ = page("pypi", **{s: sdist("inert", "1.0"), "inert-1.0.zip": wheel("inert", "1.0")})
    check(code == 1, "what is no distribution", code, out)
    fetch = "import urllib.request\nurllib.request.urlopen('http://x.invalid/').read()\nfrom setuptools import setup\nsetup()\n"
    code, out, _ = page("pypi", **{s: sdist("inert", "1.0", **{"setup.py": fetch})})
    check("They ask:" in out and "setup.py:2" in out and "Do: Nothing need run while a package is installed" in out, "a hook, with the line and what to do", out)
    code, out, _ = page("npm", **{"inert-1.0.tgz": tgz("package", {"package.json": '{"name":"Inert","version":"1.0"}'})})
    check(code == 1 and "none that the registry takes" in out and "no semantic version" in out, "npm: name and version", code, out)
    code, out, _ = page("npm", **{"inert-1.0.0.tgz": tgz("package", {"package.json": '{"name":"inert-calm","version":"1.0.0-beta.1"}'})})
    check(code == 0, "npm: a calm package", code, out)
    code, out, _ = page("npm", **{"inert-1.0.0.tgz": tgz("package", {"package.json": '{"name":"inert-calm","version":"1.0.0","scripts":{"postinstall":"node x.js"}}', "x.js": "1\n"})})
    check(code == 0 and "It runs by itself: postinstall script" in out and "Do: Ship what the script makes" in out, "npm: a hook", code, out)
    code, out, _ = page("pypi", **{w: wheel("inert", "1.0", files={"inert.pth": "import inert\n", "inert/__init__.py": "VALUE = 1\n"}), s: sdist("inert", "1.0")})
    check("It runs by itself: .pth file" in out, "a .pth file", out)
    code, out, _ = page("npm", **{w: wheel("inert", "1.0")})
    check(code == 1 and "no package of this registry" in out, "a wheel for npm", code, out)
    code, out, err = tw("scan", "--profile", "gems", ".")
    check(code == 2 and "pypi or npm" in err, "an unknown registry", code, err)
    code, out, err = tw("scan", "--profile", "pypi", "--format", "jsonl", ".")
    check(code == 2 and "--profile" in err, "no other format", code, err)
    hostile = "x\x1b[31m<b>\u202e" * 40
    code, out, _ = page("pypi", **{s: sdist("inert", "1.0", f"Author-email: {hostile}@mailinator.com", **{"inert__\x1b[2Jx.py": "eval(input())\n"})})
    check("\x1b" not in out and "\u202e" not in out, "nothing in it reaches the terminal", out)
    check(max(map(len, out.splitlines())) <= 110, "lines stay short", max(out.splitlines(), key=len))
    check("--profile" in tw("help", "scan")[1] and "scan dist/ --profile pypi" in tw("help", "scan")[1], "it is in the help, with an example")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    args = ap.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="tw-names-") as tmp:
        tw = Program(os.path.abspath(args.tidewaiter), Path(tmp))
        history(tw, f"http://127.0.0.1:{server.server_address[1]}")
        copies(tw)
        author(tw)
    server.shutdown()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
