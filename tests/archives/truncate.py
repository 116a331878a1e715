#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small archives cut at every byte: no crash, always an answer, the members before the cut with their content, and
a finding where the cut is inside.

    truncate.py [--tidewaiter PATH] [--step N]"""
import argparse
import bz2
import concurrent.futures
import lzma
import os
import sys
import time
import zlib

sys.dont_write_bytecode = True
import readers
import tarform as t
import zipform as z

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = {"p/a.py": b"import os\nprint(1)\n", "p/b.txt": b"some text\n" * 52, "p/c.py": b"value = 3\n" * 8}
# Any of these says that an archive is not whole.
BROKEN = {"archive.truncated", "archive.bad-data", "archive.damaged", "archive.size-lie", "archive.bad-checksum",
          "zip.no-end-record", "zip.directory-mismatch", "zip.count-mismatch", "zip.bad-zip64", "zip.trailing-data",
          "tar.no-end-blocks", "gzip.header"}


def zip_ends(data):
    """{offset behind a member's data: its name}: from there on the member can be told from the local headers."""
    ends, at = {}, 0
    while data[at:at + 4] == z.LOCAL:
        flags = int.from_bytes(data[at + 6:at + 8], "little")
        if flags & 8:
            return ends
        size = int.from_bytes(data[at + 18:at + 22], "little")
        name = int.from_bytes(data[at + 26:at + 28], "little")
        more = int.from_bytes(data[at + 28:at + 30], "little")
        end = at + 30 + name + more + size
        ends[end] = data[at + 30:at + 30 + name]
        at = end
    return ends


def tar_ends(data):
    ends, at = {}, 0
    for n, d in FILES.items():
        if n.encode() not in data:
            continue
        at = data.index(n.encode(), at)
        at = (at // 512 + 1) * 512
        ends[data.index(d, at) + len(d)] = n.encode()
    return ends


def reach(data):
    """How much of the plain content the first `cut` bytes give, as a function of cut."""
    if data[:2] == b"\x1f\x8b":
        def plain(part):
            got = b""
            while part:  # one gzip member after the other
                d = zlib.decompressobj(31)
                got += d.decompress(part)
                part = d.unused_data
            return len(got)
        return plain
    if data[:3] == b"BZh":
        return lambda part: len(bz2.BZ2Decompressor().decompress(part))
    if data[:2] == b"\xfd7":
        return lambda part: len(lzma.LZMADecompressor().decompress(part))
    return len


def samples():
    """name -> (file, data, ends of the members in the plain content)"""
    tar = t.simple(FILES)
    entries = [z.Entry(n, d) for n, d in FILES.items()]
    stored = z.build([z.Entry(n, d, z.STORED) for n, d in FILES.items()])
    streamed = z.build([z.streamed(n, d) for n, d in FILES.items()])
    inner = z.simple({"in.py": b"x = 1\n" * 9})
    small = {"p/a.py": FILES["p/a.py"]}
    pax = t.archive(*(t.pax({"path": n}) + t.member("x", d) for n, d in FILES.items()))
    out = {
        "zip": ("t.zip", z.build(entries)), "zip stored": ("t.zip", stored), "zip64": ("t.zip", z.build(entries, zip64={})),
        "zip with descriptors": ("t.zip", streamed), "zip in zip": ("t.zip", z.simple({"in.zip": inner, "p/a.py": FILES["p/a.py"]})),
        "tar": ("t.tar", tar), "tar with pax": ("t.tar", pax), "tar sparse": ("t.tar", t.archive(t.old_sparse("s", {512: b"x" * 100}, 2000))),
        "tar.gz": ("t.tar.gz", t.gzip(tar)), "tar.gz stored": ("t.tar.gz", t.gzip(t.simple(small), level=0)),
        "tar.gz of several members": ("t.tar.gz", t.gzip(tar[:1100]) + t.gzip(tar[1100:])), "tar.bz2": ("t.tar.bz2", bz2.compress(tar)),
        "tar.xz": ("t.tar.xz", lzma.compress(tar)), "tar.zst": ("t.tar.zst", t.zstd(t.simple(small))),
        "zip in tar.gz": ("t.tar.gz", t.gzip(t.simple({"p/in.zip": inner}), name="t.tar")),
    }
    ends = {"zip": zip_ends, "zip stored": zip_ends, "zip64": zip_ends, "tar": tar_ends, "tar with pax": tar_ends}
    plain = {"tar.gz": tar, "tar.gz stored": t.simple(small), "tar.gz of several members": tar, "tar.bz2": tar, "tar.xz": tar}
    return {k: (f, d, ends[k](d) if k in ends else tar_ends(plain[k]) if k in plain else {}) for k, (f, d) in out.items()}


def check(name, data, ends, cut, ours):
    """What is wrong with the reading of data[:cut]."""
    if not isinstance(ours, readers.Ours):
        return [str(ours)]
    wrong, there = [], reach(data)(data[:cut])
    for end, member in ends.items():
        if end <= there and not ours.gives(member, readers.sha(FILES[member.decode()])):
            wrong.append(f"{member!r} stands whole before the cut and is not given")
    wrong += [f"{m['name']!r} cut, but not marked damaged" for m in ours.files()
              if cut < len(data) and "damaged" not in m["flags"] and false_content(m)]
    if not (ours.ids & BROKEN) and cut not in (0, len(data)) and not whole_anyway(name, data, cut) and not kindless(cut, ours):
        wrong.append("no finding says that it is cut: " + " ".join(sorted(ours.ids)))
    if cut == len(data) and ours.ids & (BROKEN - {"tar.no-end-blocks"}):
        wrong.append("the whole archive is called broken: " + " ".join(sorted(ours.ids & BROKEN)))
    return wrong


def false_content(m):
    """A member under a name of ours whose content is not ours."""
    name = m["name"].decode("utf-8", "replace")
    return name in FILES and m["sha256"] != readers.sha(FILES[name])


def whole_anyway(name, data, cut):
    """A tar may lack any of its end blocks and lose nothing."""
    return name.startswith("tar") and "." not in name and not any(data[cut:])


def kindless(cut, ours):
    """Too little to tell a container by: read as a single file."""
    return cut < 512 and ours.format not in ("zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst")


def batch(job):
    """[(cut, what is wrong)] of one sample at some cuts."""
    program, name, cuts = job
    file, data, ends = samples()[name]
    bad = []
    with readers.scratch() as tmp:
        paths = [os.path.join(tmp, "%d.%s" % (cut, file.split(".", 1)[1])) for cut in cuts]
        for cut, path in zip(cuts, paths):
            with open(path, "wb") as f:
                f.write(data[:cut])
        for cut, ours in zip(cuts, readers.tidewaiter_each(program, paths)):
            bad += [(cut, w) for w in check(name, data, ends, cut, ours)]
    return bad


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tidewaiter", default=os.path.join(ROOT, "build/tidewaiter"))
    p.add_argument("--step", type=int, default=1)
    p.add_argument("--jobs", type=int, default=2)
    o = p.parse_args()
    start, tally, cuts = time.monotonic(), readers.Tally(), 0
    with concurrent.futures.ProcessPoolExecutor(o.jobs) as pool:
        for name, (_, data, _) in samples().items():
            points = sorted(set(range(0, len(data), o.step)) | {len(data)})
            jobs = [(o.tidewaiter, name, points[i:i + 500]) for i in range(0, len(points), 500)]
            bad = [b for result in pool.map(batch, jobs) for b in result]
            cuts += len(points)
            tally.check(not bad, f"{name} ({len(data)} bytes): {len(bad)} complaints, first: "
                        + "; ".join(f"at {c}: {w}" for c, w in bad[:4]))
    print(f"{cuts} cuts in {time.monotonic() - start:.1f} s")
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
