# SPDX-License-Identifier: Apache-2.0
"""The files a comparison reads: Python members of the benign corpus, written into a private folder that is gone after
the run, and every package installed here. Equal files count once."""
import contextlib
import glob
import hashlib
import io
import os
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import facts

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

INSTALLED = ["/usr/lib", "/usr/local/lib", "/usr/share", "~/.pyenv/versions/*/lib", str(ROOT / "build/venv"), sys.prefix + "/lib"]


def installed():
    folders = [p for pattern in INSTALLED for p in sorted(glob.glob(os.path.expanduser(pattern)))]
    return list(dict.fromkeys(os.path.realpath(p) for p in facts.python_files(folders)))


def members(data, depth=0, suffixes=facts.SUFFIXES):
    """(name, bytes) of the Python files of an archive, archives inside it too."""
    if depth > 2:
        return
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for m in z.infolist():
                if m.filename.endswith(suffixes):
                    yield m.filename, z.read(m)
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        for m in t:
            if m.isfile() and m.name.endswith(suffixes):
                yield m.name, t.extractfile(m).read()
            elif m.isfile() and m.name == "data.tar.gz":
                yield from members(t.extractfile(m).read(), depth + 1, suffixes)


@contextlib.contextmanager
def benign(suffixes=facts.SUFFIXES, ending=".py"):
    """{file: "artifact!member"} of the benign corpus; nothing where the corpus is not here."""
    if not corpus.present():
        yield {}
        return
    rows = [r for r in corpus.rows() if r.label == "benign" and r.tar != "malware.tar"]
    folder = Path(tempfile.mkdtemp(prefix="tw-python-"))
    try:
        folder.chmod(0o700)
        names = {}
        with corpus.unpacked(rows) as artifacts:
            for row in rows:
                try:
                    for name, data in members(artifacts[row.path].read_bytes(), 0, suffixes):
                        target = folder / (hashlib.sha256(data).hexdigest() + ending)
                        if str(target) not in names:
                            target.write_bytes(data)
                            names[str(target)] = "%s!%s" % (row.path, name)
                except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as e:
                    print("not read: %s: %s" % (row.path, e))
        yield names
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def once(paths):
    """Without those whose content came before."""
    seen, out = set(), []
    for path in paths:
        with open(path, "rb") as f:
            d = facts.digest(f.read())
        if d not in seen:
            seen.add(d)
            out.append(path)
    return out


@contextlib.contextmanager
def chosen(args):
    """{file: name shown} by the options --corpus, --installed, --sample and PATH."""
    with benign() if args.corpus else contextlib.nullcontext({}) as names:
        paths = list(names)
        if args.paths:
            paths += map(os.path.realpath, facts.python_files(args.paths))
        if args.installed:
            paths += installed()
        paths = list(dict.fromkeys(paths))
        if args.sample:
            own = [p for p in paths if p.startswith(str(ROOT / "tests"))]
            paths = own + sorted(paths, key=lambda p: hashlib.sha256(os.path.basename(p).encode()).digest())[:args.sample]
        yield {p: names.get(p, p) for p in sorted(once(paths))}


def options(ap):
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--corpus", action="store_true", help="the Python members of the benign corpus")
    ap.add_argument("--installed", action="store_true", help="every package installed here")
    ap.add_argument("--sample", type=int, default=0, help="N files, chosen by a hash of their names, and our own")
    ap.add_argument("--list", action="store_true", help="name the files that were not compared")
    ap.add_argument("--min", type=float, default=99.9, help="fail below this percentage of equal files")
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("paths", nargs="*")
    return ap
