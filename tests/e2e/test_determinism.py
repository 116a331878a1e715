#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reports are equal to the byte over jobs {1, 2, 8} x cache {none, cold, warm, half} x hash seeds {1, 2, 3} x binaries
(gcc release, clang ASan, where built), on artifacts made here and, where present, a sample of the corpus.

Corpus files are handed over as they are, through memory-backed files of their own bytes; nothing is unpacked."""
import argparse
import base64
import csv
import hashlib
import io
import itertools
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = Path(os.environ.get("TW_CORPUS", ROOT.parent / "shared/corpus"))
passed = failed = skipped = 0

SHARED = "import os\n\ndef run(x):\n    os.system(x)\n"
PAYLOAD = base64.b64encode(b"import os; os.system('echo layer')").decode()


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:600] for m in more], flush=True)


def tar(path, files, mode="w:gz"):
    with tarfile.open(path, mode) as t:
        for n, data in files.items():
            info = tarfile.TarInfo(n)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def fixtures(tmp):
    """A few of each kind; files shared between them so that records are reused across artifacts."""
    for i in range(4):
        with zipfile.ZipFile(tmp / f"wheel{i}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr(f"wheel{i}/__init__.py", f"from . import shared\nimport base64\nexec(base64.b64decode('{PAYLOAD}'))\nN = {i}\n")
            z.writestr(f"wheel{i}/shared.py", SHARED)
            z.writestr(f"wheel{i}/caf\u00e9.py", "x = '\u202e'\n")
            z.writestr(f"wheel{i}/data.bin", bytes(range(256)) * 40)
            z.writestr(f"wheel{i}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: wheel{i}\nVersion: 1.0\n")
    for i in range(3):
        tar(tmp / f"sdist{i}-2.0.tar.gz", {f"sdist{i}-2.0/setup.py": b"from setuptools import setup\nimport shared\nshared.run('id')\nsetup()\n",
                                            f"sdist{i}-2.0/shared.py": SHARED.encode(), f"sdist{i}-2.0/PKG-INFO": b"Name: s\nVersion: 2.0\n"})
    tar(tmp / "pack.tgz", {"package/package.json": b'{"name":"p","version":"1.0.0","scripts":{"postinstall":"node x.js"}}',
                           "package/x.js": b"require('child_process').exec('id')\n"})
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("deep.py", SHARED)
    tar(tmp / "nested.tar.xz", {"inner.zip": inner.getvalue(), "many.py": "".join(f"def f{i}(): return {i}\n" for i in range(3000)).encode()}, "w:xz")
    (tmp / "broken.whl").write_bytes((tmp / "wheel0-1.0-py3-none-any.whl").read_bytes()[:-40])
    (tmp / "single.py").write_text(SHARED)
    (tmp / "folder").mkdir()
    (tmp / "folder/setup.py").write_text("import shared\nshared.run('x')\n")
    (tmp / "folder/shared.py").write_text(SHARED)
    (tmp / "folder/link").symlink_to("shared.py")
    return sorted(p for p in tmp.iterdir())


def corpus(count):
    """Artifacts straight from the tars, as descriptors of memory files: [(name, fd)]."""
    global skipped
    if not (CORPUS / "manifest.csv").exists():
        print("skipped: no corpus here")
        skipped += 1
        return []
    with open(CORPUS / "manifest.csv") as f:
        rows = list(csv.DictReader(f))
    random.Random(3).shuffle(rows)
    got, wanted = [], {}
    for r in rows:
        if len(wanted) < count:
            wanted[r.get("path") or r.get("file")] = r
    for name in ("malware", "benign-pypi", "benign-longtail", "benign-npm", "benign-other"):
        if not (CORPUS / f"{name}.tar").exists():
            continue
        with tarfile.open(CORPUS / f"{name}.tar") as t:
            for m in t:
                if m.isfile() and m.size < 3_000_000 and (m.name in wanted or f"{name}/{m.name}" in wanted):
                    fd = os.memfd_create("artifact")
                    os.write(fd, t.extractfile(m).read())
                    got.append(fd)
    return got


class Runs:
    def __init__(self, paths, fds, tmp):
        self.paths, self.fds, self.tmp = list(map(str, paths)) + [f"/proc/self/fd/{fd}" for fd in fds], fds, tmp
        self.count = 0

    def __call__(self, program, jobs, seed, cache, paths=None):
        where = ["--no-cache"] if cache is None else ["--cache", str(cache)] + ["--records-only"] * (seed % 2)
        r = subprocess.run([str(program), "scan", "--format", "jsonl", "--fail-on", "never", "--jobs", str(jobs), "--hash-seed", str(seed),
                            "--timeout", "600", *where, *(paths or self.paths)], capture_output=True, timeout=900, pass_fds=self.fds)
        check(r.returncode == 0 and not r.stderr, f"{program} jobs {jobs} seed {seed}", r.returncode, r.stderr[:700])
        return r.stdout

    def cache(self, program, state):
        """A fresh folder in the wanted state; the warm ones are filled by this program."""
        if state == "none":
            return None
        self.count += 1
        folder = self.tmp / f"cache{self.count}"
        if state == "half":
            self(program, 2, 7, folder, self.paths[::2])
        elif state == "warm":
            self(program, 2, 7, folder)
            self(program, 2, 8, folder)
        return folder


def compare(runs, programs, states, jobs, seeds):
    want = runs(programs[0], 1, 1, None)
    lines = want.splitlines()
    check(len(lines) == len(runs.paths), "a report each")
    for program, state, j, seed in itertools.product(programs, states, jobs, seeds):
        got = runs(program, j, seed, runs.cache(program, state))
        where = next((i for i, (a, b) in enumerate(itertools.zip_longest(lines, got.splitlines())) if a != b), None)
        what = f"{program.parent.name} cache {state}, {j} jobs, seed {seed}"
        check(got == want, f"{what}: report {where} differs",
              *([lines[where][:0], *first_difference(lines[where], got.splitlines()[where])] if where is not None and where < len(got.splitlines()) else []))
    print(f"{len(lines)} artifacts, sha256 of all reports {hashlib.sha256(want).hexdigest()[:16]}")


def first_difference(a, b):
    i = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return a[max(0, i - 80):i + 120], b[max(0, i - 80):i + 120]


def main():
    global skipped
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    ap.add_argument("--other", action="append", help="more binaries (default: build/asan/tidewaiter where built)")
    ap.add_argument("--corpus", type=int, default=40, help="corpus artifacts besides")
    args = ap.parse_args()
    others = [Path(p) for p in args.other or [ROOT / "build/asan/tidewaiter"]]
    programs = [Path(args.tidewaiter).resolve(), *[p.resolve() for p in others if p.exists()]]
    if len(programs) == 1:
        print("skipped: no second binary")
        skipped += 1
    tmp = Path(tempfile.mkdtemp(prefix="tw-determinism-"))
    try:
        (tmp / "in").mkdir()
        paths = fixtures(tmp / "in")
        compare(Runs(paths, [], tmp), programs, ["none", "cold", "warm", "half"], [1, 2, 8], [1, 2, 3])
        fds = corpus(args.corpus)
        if fds:
            compare(Runs([], fds, tmp), programs, ["none", "warm", "half"], [2], [2, 3])
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
