#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the cache saves, as ratios of the CPU of the whole command within one run: a re-release with 5 % of its files changed, once two
earlier releases vouched for the rest; the identical artifact; a tarball beside the floor (inflate, CRC, SHA-256).

Benign artifacts of the corpus, rewritten: release 1 and 2 differ from each other in one file, release 3 has a comment behind every twentieth
source file. Releases 1 and 2 fill an empty cache; then release 3 is reviewed with it, and with an empty one (its first scan). Median of
--runs. Verdict and report must be the same with and without the cache."""
import argparse
import contextlib
import io
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

COMMENT = {".py": b"\n# changed\n", ".js": b"\n// changed\n", ".mjs": b"\n// changed\n", ".cjs": b"\n// changed\n", ".ts": b"\n// changed\n"}
LEAST = 20  # files with code: fewer have no 5 %


def members(path):
    """[(name, content or None for what is no file, head)] of a wheel or tarball."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            return [(i.filename, None if i.is_dir() else z.read(i), i) for i in z.infolist()]
    with tarfile.open(path) as t:
        return [(m.name, t.extractfile(m).read() if m.isreg() else None, m) for m in t]


def write(path, files, changed, is_zip):
    if is_zip:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data, head in files:
                head.compress_type = zipfile.ZIP_DEFLATED if data else zipfile.ZIP_STORED
                z.writestr(head, b"" if data is None else data + changed.get(name, b""))
        return
    with tarfile.open(path, "w:gz", compresslevel=6) as t:
        for name, data, head in files:
            if data is not None:
                data += changed.get(name, b"")
                head.size = len(data)
            t.addfile(head, io.BytesIO(data) if data is not None else None)


def releases(path, folder):
    """The three, as files of the same name in folders of their own; None where there is too little code."""
    files = members(path)
    code = [n for n, data, _ in files if data and Path(n).suffix in COMMENT]
    if len(code) < LEAST:
        return None
    rng = random.Random(path.name)
    picked = rng.sample(code, max(1, round(len(code) * 0.05)))
    out = []
    for i, names in enumerate(([], picked[:1], picked)):
        (folder / str(i)).mkdir(parents=True)
        out.append(folder / str(i) / path.name)
        write(out[-1], files, {n: COMMENT[Path(n).suffix] * (i + 1) for n in names}, zipfile.is_zipfile(path))
    return out


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    r = subprocess.run([str(c) for c in command], capture_output=True, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(rb"records: (\d+) asked, (\d+) from cache", r.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, r.stdout, int(found[2]) / max(int(found[1]), 1) if found else 0.0


def measure(program, floor, three, tmp, runs):
    scan = [program, "scan", "--stats", "--jobs", "1", "--format", "json", "--fail-on", "never"]
    got = {k: [] for k in ("first", "again", "identical", "floor")}
    listing = tmp / "list"
    listing.write_text(f"{three[2]}\n")
    for _ in range(runs):
        shutil.rmtree(tmp / "warm", ignore_errors=True)
        shutil.rmtree(tmp / "cold", ignore_errors=True)
        for early in three[:2]:
            cpu([*scan, "--cache", tmp / "warm", early])
        first, a, _ = cpu([*scan, "--cache", tmp / "cold", three[2]])
        again, b, served = cpu([*scan, "--cache", tmp / "warm", three[2]])
        identical, c, _ = cpu([*scan, "--cache", tmp / "cold", three[2]])
        if not a == b == c:
            sys.exit(f"rerelease.py: the cache changes the report of {three[2].name}")
        low = cpu([floor, listing])[0] if floor else 0
        for key, value in zip(got, (first, again, identical, low)):
            got[key].append(value)
    return {k: statistics.median(v) for k, v in got.items()} | {"served": served}


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default=str(ROOT / "build/tidewaiter"))
    ap.add_argument("--floor", default=str(ROOT / "build/release/bench_floor"))
    ap.add_argument("--count", type=int, default=40, help="artifacts of the corpus (benign PyPI and npm)")
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--served", type=float, default=0, help="fail where less than this share of the records a re-release asks for comes from the cache")
    ap.add_argument("files", nargs="*", help="these instead")
    args = ap.parse_args()
    floor = args.floor if os.path.exists(args.floor) else None
    rows = []
    if not args.files:
        corpus.need_or_skip()
        rows = [r for r in corpus.rows() if r.tar and not r.malware and r.ecosystem in ("pypi", "npm") and 30_000 < r.size < 3_000_000]
        random.Random(7).shuffle(rows)
        rows = rows[:args.count * 3]
    lines, done = [], []
    with corpus.unpacked(rows) if rows else contextlib.nullcontext({}) as files:
        for path in [Path(p) for p in args.files] or [files[r.path] for r in rows]:
            if len(done) >= args.count:
                break
            with tempfile.TemporaryDirectory(prefix="tw-rerelease-") as tmp:
                try:
                    three = releases(path, Path(tmp) / "in")
                except (OSError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError):
                    continue
                if not three:
                    continue
                m = measure(args.tidewaiter, floor, three, Path(tmp), args.runs)
            m["kind"] = "zip" if path.suffix in (".whl", ".egg", ".zip") else "tar"
            done.append(m)
            lines.append((path.name, m))
            print(f"{path.name[:60]:60} first {m['first'] * 1000:7.0f} ms   served {m['served']:4.0%}   re-release {m['first'] / max(m['again'], 1e-3):5.1f}x   identical "
                  f"{m['first'] / max(m['identical'], 1e-3):6.1f}x" + (f"   re-release / floor {m['again'] / max(m['floor'], 1e-3):5.1f}" if floor else ""), flush=True)
    if not done:
        print("0 passed, 0 failed, 1 skipped")
        return 0
    failed = 0
    for kind in ("zip", "tar", "all"):
        some = [m for m in done if kind in ("all", m["kind"])]
        if not some:
            continue
        total = {k: sum(m[k] for m in some) for k in ("first", "again", "identical", "floor")}
        median = statistics.median(m["first"] / max(m["again"], 1e-3) for m in some)
        print(f"{kind}: {len(some)} artifacts; CPU s: first {total['first']:.2f}, re-release {total['again']:.2f} ({total['first'] / total['again']:.1f}x, "
              f"median {median:.1f}x), identical {total['identical']:.2f} ({total['first'] / total['identical']:.0f}x)"
              + (f", floor {total['floor']:.2f}; re-release / floor {total['again'] / total['floor']:.2f}, identical / floor {total['identical'] / total['floor']:.2f}" if floor else ""))
    failed = sum(m["served"] < args.served for m in done)
    print(f"{len(done) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
