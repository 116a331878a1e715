#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make proof-graft`: does a big honest package drown a small bad one? The files of each sample of the dev corpus are put into
a popular package of the benign corpus, at the same trigger: its setup.py takes the place of the other one, its modules stand
beside the other's, its scripts and main go into the other's package.json. The archives are made in memory out of the tars and
stand, as corpus.unpacked leaves them, in a private folder while they are reviewed; nothing is unpacked or run. Recall by
campaign before and after; the open part is listed, the blind one only counted.

graft.py --tidewaiter build/tidewaiter [--part open|blind|all] [--most 3]"""
import argparse
import hashlib
import io
import json
import posixpath
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import accuracy  # noqa: E402
import corpus  # noqa: E402

HOST_MOST = 400_000
METADATA = (".dist-info/", ".egg-info/", "EGG-INFO/")


def members(data):
    """[(path, bytes)] of an archive, in memory; None where it cannot be read."""
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as z:
                return [(n, z.read(n)) for n in z.namelist() if not n.endswith("/")]
        with tarfile.open(fileobj=io.BytesIO(data)) as t:
            return [(m.name.removeprefix("./"), t.extractfile(m).read()) for m in t if m.isfile()]
    except Exception:
        return None


def top_folder(files):
    tops = {p.split("/")[0] for p, _ in files if "/" in p}
    return tops.pop() + "/" if len(tops) == 1 and all("/" in p for p, _ in files) else ""


def is_wheel(files):
    return any(".dist-info/" in p for p, _ in files)


def merged_manifest(host, guest):
    a, b = json.loads(host), json.loads(guest)
    for key in ("scripts", "main", "bin", "exports", "module", "browser"):
        if key in b:
            a[key] = {**a.get(key, {}), **b[key]} if isinstance(b[key], dict) and isinstance(a.get(key), dict) else b[key]
    return json.dumps(a).encode()


def graft(host, guest, npm):
    """The host's files and the guest's; what starts something is the guest's."""
    from_top, to_top = top_folder(guest), top_folder(host)
    if not npm and is_wheel(guest):
        from_top = to_top = ""
    out = dict(host)
    for path, data in guest:
        rest = path.removeprefix(from_top)
        if any(m in rest for m in METADATA) or rest in ("PKG-INFO", "METADATA"):
            continue
        target = posixpath.join(to_top, rest) if to_top else rest
        out[target] = merged_manifest(out[target], data) if npm and rest == "package.json" and target in out else data
    return out


def pack(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as t:
        for path, data in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def pack_zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for path, data in files.items():
            z.writestr(path, data)
    return buffer.getvalue()


def read_all(rows):
    by_tar, out = {}, {}
    for r in rows:
        by_tar.setdefault(r.tar, set()).add(r.path)
    for name, paths in by_tar.items():
        with tarfile.open(corpus.CORPUS / name) as t:
            out.update((m.name.removeprefix("./"), t.extractfile(m).read()) for m in t if m.isfile() and m.name.removeprefix("./") in paths)
    return out


def hosts_of(rows, clean):
    """Popular packages that are themselves clear, by kind: {(npm, wheel): [(name of the file, files)]}."""
    wanted = [r for r in rows if not r.malware and r.tar in ("benign-pypi.tar", "benign-npm.tar") and r.size <= HOST_MOST and r.path in clean]
    data, kinds = read_all(wanted), {}
    for r in sorted(wanted, key=lambda r: r.sha256):
        files = members(data[r.path])
        if files:
            npm = r.ecosystem == "npm"
            kinds.setdefault((npm, not npm and is_wheel(files)), []).append((Path(r.path).name, files))
    return kinds


def made(samples, hosts, folder):
    """{row.path: file} of the grafts."""
    data, out = read_all(samples), {}
    for i, r in enumerate(samples):
        guest, npm = members(data[r.path]), r.ecosystem == "npm"
        if not guest:
            continue
        kind = hosts[npm, not npm and is_wheel(guest)]
        name, host = kind[int(hashlib.sha256(r.sha256.encode()).hexdigest()[:8], 16) % len(kind)]
        files = graft(host, guest, npm)
        place = folder / str(i)
        place.mkdir(mode=0o700)
        out[r.path] = place / name
        out[r.path].write_bytes((pack_zip if name.endswith((".whl", ".zip")) else pack)(files))
        out[r.path].chmod(0o400)
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", default=str(corpus.ROOT / "build/tidewaiter"))
    ap.add_argument("--part", choices=["open", "blind", "all"], default="all")
    ap.add_argument("--most", type=float, default=3, help="points of recall that may be lost")
    ap.add_argument("--jobs", type=int, default=2)
    args = ap.parse_args()
    corpus.need_or_skip()
    rows = [r for r in corpus.rows() if r.tar]
    samples = [r for r in rows if r.visible and (args.part == "all" or r.blind == (args.part == "blind"))]
    small = [r for r in rows if not r.malware and r.tar in ("benign-pypi.tar", "benign-npm.tar") and r.size <= HOST_MOST]
    with corpus.unpacked(small + samples) as files:
        listed, _, _ = accuracy.scan(args.tidewaiter, [files[r.path] for r in small + samples], args.jobs)
    alone = {r.path: accuracy.RANK[x["verdict"]] for r, x in zip(small + samples, listed)}
    hosts = hosts_of(rows, {p for p, level in alone.items() if level == 0})
    folder = Path(tempfile.mkdtemp(prefix="tw-graft-"))
    try:
        grafts = made(samples, hosts, folder)
        listed, _, _ = accuracy.scan(args.tidewaiter, list(grafts.values()), args.jobs)
        after = {p: x for p, x in zip(grafts, listed)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    samples = [r for r in samples if r.path in after]
    failed = 0
    for part, chosen in (("open", [r for r in samples if not r.blind]), ("blind, in total", [r for r in samples if r.blind])):
        for level in ("suspicious", "malicious") if chosen else ():
            need = accuracy.RANK[level]
            was, n = accuracy.by_campaign(chosen, lambda r, need=need: alone[r.path] >= need)
            now, _ = accuracy.by_campaign(chosen, lambda r, need=need: accuracy.RANK[after[r.path]["verdict"]] >= need)
            lost = 100 * (was - now)
            failed += level == "suspicious" and lost > args.most
            print(f"{part}: {level} or above {100 * was:.1f} % of {n} campaigns alone, {100 * now:.1f} % grafted: {lost:+.1f} points lost")
    for r in samples:
        x = after[r.path]
        if not r.blind and alone[r.path] >= 2 > accuracy.RANK[x["verdict"]]:
            print(f"lost {r.sha256[:16]} {r.ecosystem} in {Path(x['artifact']).name}: {accuracy.why_missed(x)}")
    print(f"{len(samples)} grafts into {sum(map(len, hosts.values()))} packages: {'0 passed, 1 failed' if failed else '1 passed, 0 failed'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
