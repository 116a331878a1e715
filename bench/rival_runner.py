# SPDX-License-Identifier: Apache-2.0
"""Runs one rival in its own process, in its own venv, over a list of archives; one JSON line an artifact with its answer
and the CPU seconds it took (start-up left out, in its favour). Usage: rival_runner.py hexora|guarddog LIST

The rivals read archives; where one wants a folder it is unpacked into a private one, read, and removed. Nothing runs."""
import json
import os
import resource
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    c = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime + c.ru_utime + c.ru_stime


def named_by_content(path, folder):
    """A copy whose ending tells what the file is: a rival that trusts names is not blamed for lies."""
    data = Path(path).read_bytes()
    copy = Path(folder) / ("a.zip" if data[:2] == b"PK" else "a.tar.gz")
    copy.write_bytes(data)
    return copy


def members(path):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            yield from ((i.filename, z.read(i)) for i in z.infolist() if not i.is_dir())
    else:
        with tarfile.open(path) as t:
            yield from ((m.name, t.extractfile(m).read()) for m in t if m.isfile())


def write_inert(folder, name, data):
    """A plain file, not executable, never outside the folder."""
    target = Path(os.path.normpath(os.path.join(folder, name.lstrip("/"))))
    if not str(target).startswith(folder + os.sep) or len(target.name) > 200:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError:
        pass


def hexora():
    import hexora as h
    order = ["very_low", "low", "medium", "high", "very_high"]

    def scan(path):
        with tempfile.TemporaryDirectory() as tmp:
            found = [i["confidence"] for f in h.audit_file(named_by_content(path, tmp)) for i in f["items"]]
        return {"top": max(found, key=order.index, default="none"), "high": sum(c in ("high", "very_high") for c in found),
                "very_high": found.count("very_high")}
    return scan


def guarddog():
    from guarddog.analyzer.analyzer import Analyzer
    from guarddog.ecosystems import ECOSYSTEM
    analyzer = Analyzer(ECOSYSTEM.PYPI)

    def scan(path):
        folder = tempfile.mkdtemp(prefix="rival-")
        try:
            for name, data in members(path):
                write_inert(folder, name, data)
            results = analyzer.analyze_sourcecode(folder)
            risk = analyzer.calculate_package_risk_score(results)
            return {"score": risk["score"], "label": risk["label"]}
        finally:
            subprocess_free_remove(folder)
    return scan


def subprocess_free_remove(folder):
    for root, folders, _ in os.walk(folder):
        for f in folders:
            if not os.path.islink(os.path.join(root, f)):
                os.chmod(os.path.join(root, f), 0o700)
    shutil.rmtree(folder, ignore_errors=True)


def main():
    scan = {"hexora": hexora, "guarddog": guarddog}[sys.argv[1]]()
    for line in open(sys.argv[2]):
        path, start = line.strip(), cpu()
        try:
            answer = scan(path)
        except Exception as e:  # a rival's failure is an answer too
            answer = {"error": f"{type(e).__name__}: {e}"[:120]}
        print(json.dumps({**answer, "path": path, "cpu": round(cpu() - start, 4)}), flush=True)


main()
