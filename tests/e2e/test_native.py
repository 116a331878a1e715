#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiled files in packages: when their imports run, what is said of their origin, their disguises, and that nothing of it alone alarms.

The binaries are made here: a few hundred bytes of ELF or PE with the imports a case needs.
"""
import argparse
import base64
import hashlib
import io
import json
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path


def elf(imports, texts=(), program=False):
    """x86-64, without section headers: what the loader needs, and no more."""
    names = b"\0libc.so.6\0" + b"".join(n.encode() + b"\0" for n in imports)
    base, dyn, syms, code = 0x10000, 0x200, 0x300, 0x1000
    strings = syms + 24 * (len(imports) + 1)
    hashes = (strings + len(names) + 7) & ~7
    blob = bytearray(code)
    kind, places = (2 if program else 3), 0x40
    struct.pack_into("<16sHHIQQQIHHHHHH", blob, 0, b"\x7fELF\2\1\1", kind, 62, 1, base + code, places, 0, 0, 64, 56, 3 + program, 64, 0, 0)
    data = b"\x90" * 256 + b"\0" + b"\0".join(t.encode() for t in texts) + b"\0"
    segments = [(1, 4, 0, code), (1, 5, code, len(data)), (2, 6, dyn, 0x80)] + ([(3, 4, 0x1E0, 11)] if program else [])
    for i, (what, flags, off, size) in enumerate(segments):
        struct.pack_into("<IIQQQQQQ", blob, places + 56 * i, what, flags, off, base + off, base + off, size, size, 1)
    blob[0x1E0:0x1EB] = b"/lib/ld.so\0"
    tags = [(1, 1), (5, base + strings), (6, base + syms), (10, len(names)), (4, base + hashes), (0, 0)]
    for i, pair in enumerate(tags):
        struct.pack_into("<QQ", blob, dyn + 16 * i, *pair)
    at = 11
    for i, name in enumerate(imports):
        struct.pack_into("<IBBHQQ", blob, syms + 24 * (i + 1), at, 0x12, 0, 0, 0, 0)
        at += len(name) + 1
    blob[strings:strings + len(names)] = names
    struct.pack_into("<II", blob, hashes, 1, len(imports) + 1)
    return bytes(blob) + data


def wheel(files, name="thing"):
    info = f"{name}-1.0.dist-info"
    files = dict(files)
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\nTag: py3-none-any\n"
    rows = ""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for path, data in files.items():
            data = data.encode() if isinstance(data, str) else data
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows += f"{path},sha256={digest},{len(data)}\n"
            z.writestr(path, data)
        z.writestr(f"{info}/RECORD", rows + f"{info}/RECORD,,\n")
    return f"{name}-1.0-py3-none-any.whl", out.getvalue()


def tarball(files, root, file_name):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for path, data in files.items():
            data = data.encode() if isinstance(data, str) else data
            entry = tarfile.TarInfo(f"{root}/{path}")
            entry.size = len(data)
            t.addfile(entry, io.BytesIO(data))
    return file_name, out.getvalue()


def sdist(files):
    return tarball({"PKG-INFO": "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n", **files}, "thing-1.0", "thing-1.0.tar.gz")


def npm(files, **manifest):
    manifest = {"name": "thing", "version": "1.0.0", "main": "index.js", **manifest}
    return tarball({"package.json": json.dumps(manifest), **files}, "package", "thing-1.0.0.tgz")


class Cases:
    def __init__(self, tidewaiter):
        self.tidewaiter, self.passed, self.failed = tidewaiter, 0, 0

    def scan(self, artifact):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / artifact[0]
            path.write_bytes(artifact[1])
            done = subprocess.run([self.tidewaiter, "scan", "--no-cache", "--format", "json", path], capture_output=True, timeout=60)
            return json.loads(done.stdout)

    def check(self, what, holds, shown=""):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"FAILED {what}: {shown}")


def triggers(report, capability):
    return {c["trigger"] for c in report["capabilities"] if c["id"] == capability and c["language"] == "native"}


def findings(report):
    return {f["id"]: f["severity"] for f in report["findings"]}


def gaps(report):
    return [g for g in report["coverage"]["gaps"] if g["reason"] == "native"]


def loading(t):
    ext = elf(["popen", "connect", "PyModule_Create2"])
    r = t.scan(wheel({"thing/__init__.py": "from . import _speed\n", "thing/_speed.cpython-312-x86_64-linux-gnu.so": ext}))
    t.check("an extension that is imported", triggers(r, "exec.shell") == {"import"}, triggers(r, "exec.shell"))
    t.check("alone it does not alarm", r["verdict"] == "clear", r["summary"])
    t.check("its machine code is a gap with its size", [g["len"] for g in gaps(r)] == [len(ext) - 0x1000], gaps(r))
    t.check("of unknown origin", all("origin unknown" in g["why"] for g in gaps(r)), gaps(r))
    t.check("no other gap", not r["complete"] and r["coverage"]["bytes"]["unanalysed"] == len(ext) - 0x1000, r["coverage"]["bytes"])
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", "thing/libhelp.so": ext}))
    t.check("a library that nobody loads", triggers(r, "exec.shell") == {"call"}, triggers(r, "exec.shell"))
    load = "import ctypes, os\nh = ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'libhelp.so'))\n"
    r = t.scan(wheel({"thing/__init__.py": load, "thing/libhelp.so": ext}))
    t.check("a library that ctypes loads", triggers(r, "exec.shell") == {"import"}, triggers(r, "exec.shell"))
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", "thing/tool": elf(["execve"], program=True)}))
    t.check("a program that nobody starts", triggers(r, "exec.process") == {"command"}, triggers(r, "exec.process"))
    r = t.scan(npm({"index.js": "module.exports = require('./build/x.node')\n", "build/x.node": ext}))
    t.check("an addon that is required", triggers(r, "exec.shell") == {"import"}, triggers(r, "exec.shell"))
    r = t.scan(npm({"index.js": "1\n", "tests/x.node": ext}))
    t.check("an addon among the tests", triggers(r, "exec.shell") == {"dead"}, triggers(r, "exec.shell"))


def origins(t):
    ext, path = elf(["popen"]), "thing/_speed.so"
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", path: ext}))
    t.check("without source", findings(r).get("native.without-source") == "info", findings(r))
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", path: ext, "thing/_speed.c": "int x;\n"}))
    t.check("with source", "native.without-source" not in findings(r), findings(r))
    t.check("with source of its name", all("a source of its name" in g["why"] for g in gaps(r)), gaps(r))
    r = t.scan(sdist({"setup.py": "from setuptools import setup\nsetup()\n", "thing/__init__.py": "X = 1\n", path: ext}))
    t.check("in a source distribution", findings(r).get("native.in-source-distribution") == "odd", findings(r))
    t.check("which alone does not alarm", r["verdict"] == "clear", r["summary"])
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", "thing/logo.png": ext}))
    t.check("as a picture", findings(r).get("native.disguised") == "bad" and r["verdict"] == "notable", (findings(r), r["verdict"]))
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", "thing/x.so": ext + b"#!/bin/sh\n" + b"echo appended words\n" * 8}))
    t.check("with a script behind its end", findings(r).get("native.appended") == "odd", findings(r))
    r = t.scan(wheel({"thing/__init__.py": "X = 1\n", "thing/x.so": ext[:0x200]}))
    t.check("cut short", findings(r).get("native.malformed") == "odd", findings(r))
    packed = ext.replace(b"\x90" * 256, b"UPX!" + b"\x90" * 252).replace(b"/lib/ld.so\0", b"UPX!" + bytes(7))
    r = t.scan(wheel({"thing/__init__.py": "from . import _x\n", "thing/_x.so": packed}))
    t.check("packed", findings(r).get("native.packed") == "odd" and triggers(r, "hide.packer") == {"import"}, findings(r))


def texts(t):
    secrets = ["/.ssh/id_rsa", "https://collector.example/in", "\\Google\\Chrome\\User Data\\Default\\Login Data"]
    r = t.scan(wheel({"thing/__init__.py": "from . import _x\n", "thing/_x.so": elf(["connect"], secrets)}))
    kinds = {c["id"] for c in r["capabilities"] if c["language"] == "native"}
    t.check("paths and addresses", {"cred.ssh-gpg", "cred.browser"} <= kinds, kinds)
    t.check("are mentions", all(c["confidence"] == "guessed" for c in r["capabilities"] if c["language"] == "native"), kinds)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--tidewaiter", default="build/tidewaiter")
    t = Cases(p.parse_args().tidewaiter)
    loading(t)
    origins(t)
    texts(t)
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
