#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every archive of the dev corpus: each member that Python's readers give is given by tidewaiter with the same
hash; members beyond those, and archives that Python refuses, are listed with their findings.

    corpus.py [--tidewaiter PATH] [--corpus DIR] [--sample N] [--out FILE]

The corpus holds live malware. Archives are read out of its tars into memory, written a batch at a time as opaque
files into a private folder, and removed; no member of one ever reaches the disk. Of malware only hash prefixes
are printed."""
import argparse
import collections
import csv
import hashlib
import multiprocessing
import os
import sys
import tarfile
import time

sys.dont_write_bytecode = True
import readers

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BATCH = 24 << 20  # bytes of archives on disk at a time
TARS = ("benign-longtail", "benign-npm", "benign-other", "benign-pypi", "malware")


def archives(corpus, sample):
    """(label, name, data). The sample is every k-th, the same each time."""
    for tar in TARS:
        path = os.path.join(corpus, tar + ".tar")
        if not os.path.exists(path):
            continue
        with tarfile.open(path) as t:
            members = [m for m in t if m.isreg()]
            if sample:
                members = members[::max(1, len(members) * len(TARS) // sample)]
            for m in members:
                yield tar, m.name, t.extractfile(m).read()


def batches(items):
    batch, size = [], 0
    for item in items:
        batch.append(item)
        size += len(item[2])
        if size >= BATCH or len(batch) >= 200:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def ending(name):
    """What of the name says the format; no more of it is written."""
    return next((e for e in (".tar.gz", ".tar.bz2", ".tar.xz") if name.endswith(e)), os.path.splitext(name)[1])


def blind_paths(corpus):
    """Paths of the blind part, of which totals may be looked at and nothing else (the corpus' README)."""
    out = set()
    with open(os.path.join(corpus, "manifest.csv"), newline="", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            key = r["cluster"] if r["label"] == "malware" else r["name"]
            if int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 2**32 >= 0.7:
                out.add(r["path"])
    return out


def label(tar, name, digest, blind):
    return "(blind part)" if name in blind else digest[:16] if tar == "malware" else name.rsplit("/", 1)[-1]


def python_reading(data):
    z = readers.python(data, "zip") if b"PK\x05\x06" in data[-66000:] else None
    if z and not z.refused:
        return z
    t = readers.python(data, "tar")
    if not t.refused or t.items:
        return t
    s = readers.python(data, "stream")
    return s if not s.refused else (z or t)


def judge(job):
    """One batch: [(tar, label, counts, failures, extras, refusal)]"""
    program, batch, blind = job
    out = []
    with readers.scratch() as tmp:
        paths = []
        for i, (_, name, data) in enumerate(batch):
            os.mkdir(os.path.join(tmp, str(i)))
            paths.append(os.path.join(tmp, str(i), "a" + ending(name)))
            with open(os.open(paths[-1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
                f.write(data)
        ours = readers.tidewaiter_each(program, paths, 600)
    for (tar, name, data), mine in zip(batch, ours):
        out.append(one(tar, label(tar, name, hashlib.sha256(data).hexdigest(), blind), data, mine))
    return out


def one(tar, who, data, mine):
    counts = collections.Counter(archives=1)
    if not isinstance(mine, readers.Ours):
        text = "no answer" if tar == "malware" else str(mine)[:200]
        return tar, who, counts, [text], [], "", []
    python = python_reading(data)
    given = collections.Counter()
    content = {m["sha256"] for m in mine.members}
    named = collections.defaultdict(set)
    for m in mine.members:
        for n in (m["name"], m["other"]):
            if n:
                named[m["sha256"]].add(readers.plain(n))
    lost, top = 0, [m for m in mine.files() if m.get("container") in (None, -1, 4294967295)]
    for i in python.items:
        counts["python members"] += i.whole
        if i.whole and not i.sha in content:
            lost += 1
        elif i.whole and python.kind != "stream" and readers.plain(i.name) not in named[i.sha] and not mine.gives(i.name, i.sha):
            lost += 1
        given[i.sha] += i.whole
    extras = 0
    for m in top:
        if given[m["sha256"]] > 0:
            given[m["sha256"]] -= 1
        else:
            extras += 1
    counts["our members"] += len(mine.members)
    counts["beyond"] += extras
    failures = [f"{lost} members that Python gives are not given"] if lost else []
    refusal = python.refused.split(":")[0] if python.refused else ""
    if (extras or refusal) and not any(f.get("severity") != "info" for f in mine.findings):
        failures.append("members beyond Python's, or a refusal, without a finding")
    told = sorted(i for i in mine.ids if extras or refusal) if extras or refusal else []
    bad = sorted(f["id"] for f in mine.findings if f.get("severity") == "bad")
    return tar, who, counts, failures, [f"{extras} beyond"] * bool(extras) + told, refusal, bad


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tidewaiter", default=os.path.join(ROOT, "build/tidewaiter"))
    p.add_argument("--corpus", default="/work/shared/corpus")
    p.add_argument("--sample", type=int, default=0, help="about so many archives; 0: all")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--out", default=os.path.join(ROOT, "bench/results/corpus-members.txt"))
    o = p.parse_args()
    if not any(os.path.exists(os.path.join(o.corpus, t + ".tar")) for t in TARS):
        print(f"SKIPPED: no corpus at {o.corpus}\n0 passed, 0 failed")
        return 0
    start, tally = time.monotonic(), readers.Tally()
    sums, listed, ids = collections.defaultdict(collections.Counter), [], collections.Counter()
    with multiprocessing.Pool(o.jobs) as pool:
        blind = blind_paths(o.corpus)
        jobs = ((o.tidewaiter, b, blind) for b in batches(archives(o.corpus, o.sample)))
        for result in pool.imap(judge, jobs):
            for tar, who, counts, failures, told, refusal, bad in result:
                sums[tar].update(counts)
                sums[tar].update({"refused by Python": bool(refusal), "with a bad finding": bool(bad)})
                ids.update(set(bad))
                tally.check(not failures, f"{tar} {who}: {'; '.join(failures)}")
                if told or refusal:
                    listed.append(f"{tar:16} {who:56} {('refused: ' + refusal) if refusal else '':24} {' '.join(told)}")
    lines = report(sums, ids, listed, o.sample)
    print("\n".join(lines[:lines.index("")]) + f"\n{time.monotonic() - start:.0f} s")
    if not o.sample:
        os.makedirs(os.path.dirname(o.out), exist_ok=True)
        with open(o.out, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
    return tally.end()


def report(sums, ids, listed, sample):
    columns = ("archives", "python members", "our members", "beyond", "refused by Python", "with a bad finding")
    out = [f"# members of the corpus{' (sample)' if sample else ''}: {'  '.join(columns)}"]
    for tar in TARS:
        if tar in sums:
            out.append(f"{tar:16} " + "  ".join("%8d" % sums[tar][c] for c in columns))
    out += ["", "# findings of severity bad: archives that have them"]
    out += [f"{n:8} {i}" for i, n in sorted(ids.items(), key=lambda x: (-x[1], x[0]))]
    out += ["", "# archives with members beyond Python's reading, or refused by it, and their findings"]
    return out + sorted(listed)


if __name__ == "__main__":
    sys.exit(main())
