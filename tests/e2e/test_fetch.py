#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Names become artifacts: a real pypiserver (HTML pages), a JSON index and an npm registry of our own on loopback, which also lie
(wrong hashes, redirects out, bodies that do not end); whatever is refused must leave no file and name none."""
import argparse
import base64
import hashlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
passed = failed = skipped = 0


def check(ok, what, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"failed: {what} {detail}", file=sys.stderr)


def wheel(name, version):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(f"{name}/__init__.py", "x = 1\n")
        z.writestr(f"{name}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        z.writestr(f"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        z.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return out.getvalue()


def tarball(top, files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{top}/{path}")
            info.size = len(text)
            t.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


FILES = {f"tidedemo-{v}-py3-none-any.whl": wheel("tidedemo", v) for v in ("1.0", "1.2", "1.10", "2.0rc1")}
FILES["tidedemo-1.10-cp311-cp311-manylinux_2_17_x86_64.whl"] = wheel("tidedemo", "1.10") + b" "
FILES["tidedemo-1.10.tar.gz"] = tarball("tidedemo-1.10", {"PKG-INFO": "Name: tidedemo\nVersion: 1.10\n"})
FILES["tidedemo-9.0.tar.gz"] = tarball("tidedemo-9.0", {"PKG-INFO": "Name: tidedemo\nVersion: 9.0\n"})  # yanked
PACK = tarball("package", {"package.json": '{"name":"@tide/x","version":"1.2.3"}', "index.js": "module.exports = 1\n"})


def sha(data):
    return hashlib.sha256(data).hexdigest()


def sri(data):
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []  # (path, Authorization)
        self.later = 0
        self.other = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="text/html", headers=(), reason=None):
        self.send_response(status, reason)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for k, v in headers:
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        area, _, rest = self.path.lstrip("/").partition("/")
        handler = getattr(self, "area_" + area, None)
        if handler:
            handler(rest)
        else:
            self.answer(404)

    # --- PyPI
    def page(self, files):
        listed = [{"filename": n, "url": u, "hashes": h, **more} for n, u, h, more in files]
        text = json.dumps({"meta": {"api-version": "1.1"}, "name": "tidedemo", "files": listed})
        if JSON_TYPE not in self.headers.get("Accept", ""):
            return self.answer(406)
        self.answer(200, text.encode(), JSON_TYPE)

    def area_simple(self, rest):
        if rest != "tidedemo/":
            return self.answer(404)
        self.page([(n, "../../files/" + n, {"sha256": sha(d)}, {"yanked": "old" if "9.0" in n else False, "size": len(d)})
                   for n, d in FILES.items()])

    area_mirror = area_simple

    def area_secret(self, rest):
        """An index behind a password whose files lie on another host."""
        want = "Basic " + base64.b64encode(b"tide:wait er").decode()
        if self.headers.get("Authorization") != want:
            return self.answer(401, headers=[("WWW-Authenticate", "Basic")])
        self.page([("tidedemo-1.0-py3-none-any.whl", self.server.other.url + "/files/tidedemo-1.0-py3-none-any.whl",
                    {"sha256": sha(FILES["tidedemo-1.0-py3-none-any.whl"])}, {})])

    def area_files(self, rest):
        self.answer(200, FILES[rest], "application/octet-stream") if rest in FILES else self.answer(404)

    LIES = {
        "wronghash": ("/files/tidedemo-1.0-py3-none-any.whl", {"sha256": "00" * 32}, {}),
        "nohash": ("/files/tidedemo-1.0-py3-none-any.whl", {}, {}),
        "missing": ("/files/none-1.whl", {"sha256": "00" * 32}, {}),
        "tofile": ("/go/file:///etc/passwd", {}, {}),
        "directfile": ("file:///etc/passwd", {}, {}),
        "toftp": ("/go/ftp://127.0.0.1/x", {}, {}),
        "tohttp": ("/go/http://192.0.2.1/x", {}, {}),
        "loop": ("/loop/0", {}, {}),
        "endless": ("/endless/x", {}, {}),
        "short": ("/short/x", {}, {}),
        "big": ("/files/tidedemo-1.0-py3-none-any.whl", {}, {"size": 10 ** 12}),
        "blocked": ("/blocked/x", {}, {}),
        "escape": ("/escape/x", {}, {}),
        "later": ("/later/x", {"sha256": sha(b"tide")}, {}),
        "never": ("/never/x", {}, {}),
    }

    def area_lies(self, rest):
        url, hashes, more = self.LIES[rest.split("/")[0]]
        self.page([("tidedemo-1.0-py3-none-any.whl", url, hashes, more)])

    def area_go(self, rest):
        self.answer(302, headers=[("Location", rest)])

    def area_loop(self, rest):
        self.answer(302, headers=[("Location", f"/loop/{int(rest) + 1}")])

    def area_endless(self, _):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for _ in range(100000):
                self.wfile.write(b"x" * 4096)
        except OSError:
            pass

    def area_short(self, _):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 10)
        self.close_connection = True

    def area_blocked(self, _):
        self.answer(403, reason="Blocked by policy: tide is high")

    def area_escape(self, _):
        self.answer(403, reason="\x1b[2Jtide")

    def area_later(self, _):
        self.server.later += 1
        if self.server.later < 3:
            return self.answer(503, headers=[("Retry-After", "1")])
        self.answer(200, b"tide", "application/octet-stream")

    def area_never(self, _):
        self.answer(503)

    def area_junk(self, rest):
        kind = {"tidejson": JSON_TYPE, "tidehtml": "text/html"}.get(rest.strip("/"), "image/png")
        self.answer(200, b"{not json", kind)

    # --- npm
    def area_npm(self, rest):
        if rest == "pack.tgz":
            return self.answer(200, PACK, "application/octet-stream")
        packages = {
            "@tide%2Fx": {"1.2.3": {"tarball": "pack.tgz", "integrity": "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA= " + sri(PACK)},
                          "1.3.0-beta.1": {"tarball": self.server.url + "/npm/pack.tgz", "integrity": sri(b"other")}},
            "oldpack": {"0.1.0": {"tarball": self.server.url + "/npm/pack.tgz", "shasum": hashlib.sha1(PACK).hexdigest()}},
            "climber": {"../x": {"tarball": "pack.tgz"}, "1.0.0": {"tarball": "file:///etc/passwd"}, "2.0.0": {}},
        }
        if rest not in packages:
            return self.answer(404, b"{}", "application/json")
        versions = {v: {"name": rest, "version": v, "dist": d} for v, d in packages[rest].items()}
        tags = {"latest": list(versions)[0], "next": list(versions)[-1]}
        self.answer(200, json.dumps({"name": rest, "dist-tags": tags, "versions": versions}).encode(), "application/json")


class Run:
    def __init__(self, net, *args, env=None, cwd=None):
        self.into = tempfile.mkdtemp(prefix="tw-fetch-")
        clean = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PIP_", "UV_", "NPM_CONFIG"))
                 and k.lower() not in ("http_proxy", "https_proxy", "all_proxy")}
        clean.update({"HOME": self.into, "PIP_CONFIG_FILE": "/dev/null", "XDG_CONFIG_HOME": self.into})
        clean.update(env or {})
        done = subprocess.run([net, "fetch", "--into", self.into, *args], capture_output=True, text=True, env=clean, cwd=cwd, timeout=120)
        self.code, self.err = done.returncode, done.stderr.strip()
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.names = [line["file_name"] for line in self.lines]
        self.left = sorted(os.listdir(self.into))
        self.right = all(sha(Path(line["path"]).read_bytes()) == line["sha256"] and
                         Path(line["path"]).stat().st_size == line["size"] for line in self.lines)
        shutil.rmtree(self.into)

    def refused(self, code, *words):
        one_line = len([line for line in self.err.splitlines() if "note:" not in line]) == 1
        return self.code == code and not self.lines and not self.left and one_line and all(w in self.err for w in words)


def choices(net, index):
    def run(*args, **kw):
        return Run(net, "--index", index, *args, **kw)

    r = run("pypi:tidedemo")
    check(r.code == 0 and r.right and r.names == ["tidedemo-1.10-py3-none-any.whl", "tidedemo-1.10.tar.gz"], "newest release, best wheel and sdist",
          f"{r.names} {r.err}")
    check(r.lines and r.lines[0]["purl"] == "pkg:pypi/tidedemo@1.10" and r.lines[0]["verified"] == "sha256", "purl and hash of the line")
    check(r.left == sorted(r.names), "the folder holds what is named", r.left)
    for spec, names in {
        "pypi:TideDemo==1.2.0": ["tidedemo-1.2-py3-none-any.whl"],
        "pkg:pypi/tidedemo@2.0rc1": ["tidedemo-2.0rc1-py3-none-any.whl"],
        "pypi:tidedemo==9": ["tidedemo-9.0.tar.gz"],
    }.items():
        r = run(spec)
        check(r.code == 0 and r.right and r.names == names, spec, f"{r.names} {r.err}")
    check("yanked" in r.err, "a yanked release is noted")
    counts = {which: len(run("--files", which, "pypi:tidedemo==1.10").names) for which in ("first", "wheel", "sdist", "all")}
    check(counts == {"first": 2, "wheel": 2, "sdist": 1, "all": 3}, "--files", counts)
    check(run("--files", "sdist", "pypi:tidedemo==1.0").refused(1, "--files all"), "no such kind of file")
    check(run("pypi:tidedemo==7").refused(1, "newest is 1.10"), "no such version")
    check(run("pypi:nosuchthing").refused(1, "404", "--index"), "no such project")


def pypiserver(net, python, index_json):
    """The same choices against a server that is not ours and speaks HTML only."""
    global skipped
    if not python or subprocess.run([python, "-c", "import pypiserver"], capture_output=True).returncode:
        skipped += 1
        return print("skipped: no pypiserver (TW_VENV or build/venv)", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in FILES.items():
            if "9.0" not in name:
                Path(folder, name).write_bytes(data)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        server = subprocess.Popen([python, "-m", "pypiserver", "run", "-i", "127.0.0.1", "-p", str(port), "-P", ".", "-a", ".",
                                   "--disable-fallback", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            index = f"http://127.0.0.1:{port}/simple/"
            for _ in range(200):
                try:
                    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(index, timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.1)
            a, b = Run(net, "--index", index, "--files", "all", "pypi:tidedemo"), Run(net, "--index", index_json, "--files", "all", "pypi:tidedemo")
            check(a.code == 0 and a.right and len(a.names) == 3, "pypiserver", f"{a.names} {a.err}")
            check({x["sha256"] for x in a.lines} == {x["sha256"] for x in b.lines}, "HTML and JSON give the same files")
            check(all(x["verified"] == "sha256" for x in a.lines), "hash from the fragment", a.lines)
            check(Run(net, "--index", index, "pypi:nosuchthing").refused(1, "404"), "pypiserver knows no such project")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def lies(net, server):
    def run(lie, *args):
        return Run(net, "--index", f"{server.url}/lies/{lie}", *args, "pypi:tidedemo")

    check(run("wronghash").refused(1, "sha256", "do not install"), "a wrong hash is refused")
    r = run("nohash")
    check(r.code == 0 and r.lines[0]["verified"] == "none" and "no hash" in r.err, "no hash is said", r.err)
    for lie, words in {"missing": ["404"], "tofile": ["file"], "directfile": ["file"], "toftp": ["ftp"], "tohttp": ["192.0.2.1", "plain http"],
                       "loop": ["redirects"], "short": ["127.0.0.1"], "escape": ["403", "?[2Jtide"], "big": ["--max-bytes"], "blocked": ["403", "tide is high"],
                       "never": ["503"]}.items():
        r = run(lie)
        check(r.refused(1, *words), f"lie: {lie}", f"{r.code} {r.err} {r.left}")
    check(len([p for p, _ in server.seen if p.startswith("/loop/")]) == 6, "five redirects are followed, not more")
    r = run("endless", "--max-bytes", "100000")
    check(r.refused(1, "larger than 100000"), "a body without end", r.err)
    r = Run(net, "--index", server.url + "/simple", "--max-bytes", "300", "pypi:tidedemo==1.0")
    check(r.refused(1, "--max-bytes"), "--max-bytes against the announced size", r.err)
    r = run("later")
    check(r.code == 0 and r.right and server.later == 3, "503 is asked again", r.err)
    for name in ("tidejson", "tidehtml", "tidepng"):
        r = Run(net, "--index", server.url + "/junk", f"pypi:{name}")
        check(r.refused(1, "index"), f"junk: {name}", r.err)


def credentials(net, server, other):
    server.other = other
    secret = server.url.replace("//", "//tide:wait%20er@") + "/secret"
    r = Run(net, "--index", secret, "pypi:tidedemo")
    check(r.code == 0 and r.right, "password from the address", r.err)
    check(all("@" not in x["url"] for x in r.lines), "no password in the report")
    check(other.seen and all(auth is None for _, auth in other.seen), "no password for another host", other.seen)
    check(Run(net, "--index", server.url + "/secret", "pypi:tidedemo").refused(1, "401", "netrc"), "no password")
    with tempfile.TemporaryDirectory() as home:
        Path(home, "rc").write_text("machine 127.0.0.1 login tide password \"wait er\"\n")
        del other.seen[:]
        r = Run(net, "--index", server.url + "/secret", "pypi:tidedemo", env={"NETRC": f"{home}/rc"})
        check(r.code == 0 and all(auth is None for _, auth in other.seen), "password from netrc, for the index only", f"{r.err} {other.seen}")


def configuration(net, server, npm):
    simple = server.url + "/simple/"
    for env in ({"PIP_INDEX_URL": simple}, {"UV_DEFAULT_INDEX": "mine=" + simple}):
        r = Run(net, "pypi:tidedemo==1.0", env=env)
        check(r.code == 0 and r.right, f"index from {list(env)[0]}", r.err)
    with tempfile.TemporaryDirectory() as t:
        conf, venv, bin_, hostile = (Path(t, n) for n in ("pip.conf", "venv", "bin", "hostile"))
        for folder in (venv, bin_, hostile / "pip"):
            folder.mkdir(parents=True)
        conf.write_text(f"[global]\nindex-url = http://127.0.0.1:1/\n[install]\nindex_url = {simple}\n")
        r = Run(net, "pypi:tidedemo==1.0", env={"PIP_CONFIG_FILE": str(conf)})
        check(r.code == 0, "[install] of PIP_CONFIG_FILE", r.err)
        (venv / "pip.conf").write_text(f"[global]\nindex-url: {simple}\n")
        r = Run(net, "pypi:tidedemo==1.0", env={"PIP_CONFIG_FILE": "", "VIRTUAL_ENV": str(venv)})
        check(r.code == 0, "pip.conf of the virtual environment", r.err)
        fake = bin_ / "python3"
        fake.write_text(f"#!/bin/sh\necho \"$PWD $1 $2\" > {t}/asked\necho {simple}\n")
        fake.chmod(0o755)
        r = Run(net, "pypi:tidedemo==1.0", env={"PATH": f"{bin_}:{os.environ['PATH']}"})
        asked = Path(t, "asked").read_text().split() if Path(t, "asked").exists() else []
        check(r.code == 0 and asked == ["/", "-I", "-c"], "pip's own default is asked from pip, away from here", f"{r.err} {asked}")
        for name in ("pip/__init__.py", "pip.py"):
            (hostile / name).write_text(f"open({str(Path(t, 'ran'))!r}, 'w')\n")
        r = Run(net, "pypi:tidedemo", cwd=hostile, env={"https_proxy": "http://127.0.0.1:1", "PYTHONPATH": str(hostile)})
        check(r.code == 1 and not Path(t, "ran").exists(), "nothing of the working folder runs", r.err)
        if npm:
            rc = Path(t, "npmrc")
            rc.write_text(f"@tide:registry={server.url}/npm/\nregistry=http://127.0.0.1:1/\n")
            r = Run(net, "npm:@tide/x@1.2.3", env={"NPM_CONFIG_USERCONFIG": str(rc)})
            check(r.code == 0, "registry of a scope, from npm", r.err)
    r = Run(net, "npm:oldpack", env={"npm_config_registry": server.url + "/npm"})
    check(r.code == 0 and r.right and r.lines[0]["verified"] == "sha1", "registry from the environment", r.err)


def npm_registry(net, server):
    def run(*args):
        return Run(net, "--index", server.url + "/npm/", *args)

    r = run("npm:@tide/x")
    check(r.code == 0 and r.right and r.names == ["tide-x-1.2.3.tgz"] and r.lines[0]["verified"] == "sha512", "latest of a scoped package", r.err)
    check(r.lines and r.lines[0]["purl"] == "pkg:npm/%40tide/x@1.2.3", "purl of a scoped package")
    check(run("pkg:npm/%40tide/x@1.2.3").code == 0, "purl as the name")
    check(run("npm:@tide/x@next").refused(1, "sha512", "do not install"), "a tag, and a wrong integrity")
    check(run("npm:@tide/x@9.9.9").refused(1, "2 versions"), "no such version")
    check(run("npm:nosuchthing").refused(1, "404"), "no such package")
    check(run("npm:climber").refused(1, "not safe"), "a version that climbs")
    check(run("npm:climber@1.0.0").refused(1, "file"), "a tarball on this machine's disk")
    check(run("npm:climber@2.0.0").refused(1, "no tarball"), "no tarball")


def arguments(net, server):
    for spec in ("requests", "pypi:a==>=1", "npm:a@^1", "pkg:gem/x", "pypi:../x"):
        check(Run(net, "--index", server.url, spec).refused(2), f"exit 2: {spec}")
    check(Run(net, "--index", server.url, "pypi:tidedemo==x.y").refused(2), "exit 2: no version")
    for args in (["--files", "some", "pypi:x"], ["--max-bytes", "many", "pypi:x"], ["--what", "pypi:x"], ["pypi:x", "pypi:y"], []):
        check(Run(net, *args).refused(2), f"exit 2: {args}")
    del server.seen[:]
    r = Run(net, "--index", "http://192.0.2.1/simple", "pypi:x")
    check(r.refused(1, "plain http", "--allow-http"), "plain http to elsewhere", r.err)
    r = Run(net, "--index", "ftp://127.0.0.1/simple", "pypi:x")
    check(r.refused(1, "ftp"), "neither http nor https", r.err)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        r = Run(net, "--index", f"http://127.0.0.1:{s.getsockname()[1]}", "pypi:x")
    check(r.refused(1, "check the network"), "nobody listens", r.err)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", type=Path, default=ROOT / "build/dev/tidewaiter")
    net = str(ap.parse_args().tidewaiter.resolve().parent / "tidewaiter-net")
    venv = Path(os.environ.get("TW_VENV", ROOT / "build/venv")) / "bin/python"
    server, other = Server(), Server()
    choices(net, server.url + "/simple")
    pypiserver(net, str(venv) if venv.exists() else None, server.url + "/simple")
    lies(net, server)
    credentials(net, server, other)
    configuration(net, server, shutil.which("npm"))
    npm_registry(net, server)
    arguments(net, server)
    server.shutdown()
    other.shutdown()
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
