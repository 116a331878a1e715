#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""5,000 archives from a seeded mutator, each read by tidewaiter, Python's zipfile and tarfile, unzip and libarchive
(seeking, and for ZIP streaming). A reading is the set of (name, SHA-256) of the regular files that a reader gives
whole. Where readings differ, every difference must fall into a named class; one that falls into none fails. And:
  - what any of the others gives whole, tidewaiter gives with the same hash under that name (as path or alias), or
    gives the content under another name with a finding about names, or has a finding about that member's sizes;
  - readings that differ are never without a finding;
  - tidewaiter gives nothing that nobody else reads without a finding.

    mutate.py [--tidewaiter PATH] [--count N] [--seed N] [--first N] [--verbose] [--keep DIR]"""
import argparse
import collections
import concurrent.futures
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import mutators
import readers

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BATCH = 125
PLAIN_NAME = re.compile(rb"^[\x20-\x5b\x5d_-\x7e]+$")
ABOUT_NAMES = {"zip.name-mismatch", "zip.unicode-path-extra", "archive.bad-name", "tar.override-mismatch", "tar.bad-pax", "archive.backslash-name",
               "zip.bad-extra-field"}
ABOUT_SIZES = {"zip.size-mismatch", "archive.size-lie", "zip.bad-zip64", "zip.method-mismatch", "tar.override-mismatch", "tar.bad-pax", "zip.overlap",
               "archive.bad-data", "archive.truncated"}
NOTHING = readers.sha(b"")
DIRECTORY = {"zip.directory-mismatch", "zip.count-mismatch"}

STRICTER = "zlib: refuses deflate data that ours reads to the right CRC"
# Why a reader does not give what another gives: its own words about the member, or about the archive.
WORDS = [("crc", re.compile(r"crc", re.I)), ("names-differ", re.compile(r"file name in directory", re.I)),
         ("encrypted", re.compile(r"encrypt|password|passphrase", re.I)),
         ("deflate", re.compile(r"error -3|ZIP decompression failed|to inflate", re.I)),
         ("method", re.compile(r"method|not supported|unsupported|not implemented|compression type|WavPack|bzip|lzma", re.I)),
         ("sizes", re.compile(r"size|length|short|truncated|bytes|EOF|end of|too large|overflow|negative|lseek|needed|inconsistent", re.I)),
         ("data", re.compile(r"invalid|inflat|decompress|corrupt|damaged|distance|block|error -3|crypt|bad magic|stream|fail", re.I))]


class Case:
    """One archive: what was built and how it is read."""

    def __init__(self, index, fmt, data):
        self.index, self.fmt, self.data = index, fmt, data
        self.ours, self.peers = None, []

    def reader(self, name):
        return next((p for p in self.peers if p.reader == name), None)


def read_peers(case, path):
    python = readers.python(case.data, "zip" if case.fmt == "zip" else "tar")
    case.peers = [python, readers.libarchive(case.data)]
    if case.fmt == "zip":
        case.peers += [readers.unzip(path), readers.libarchive(case.data, stream=True)]
    for p in case.peers:
        for i in p.items:
            i.name = readers.plain(i.name)
    if case.ours:
        adopt_names(case)


def adopt_names(case):
    """unzip and libarchive write odd names in their own way: where the content is ours, the name counts as ours."""
    for p in case.peers:
        for i in p.items:
            if p.reader.startswith("tar") or p.reader == "zipfile" or case.ours.gives(i.name, i.sha):
                continue
            for m in case.ours.files():
                if m["sha256"] == i.sha and same_by_habit(case, p.reader, i.name, m):
                    i.name = readers.plain(m["name"])
                    break


def same_by_habit(case, reader, name, m):
    """The habits: libarchive composes Unicode, turns backslashes, and unwraps gzip in gzip in one go; unzip escapes,
    and lets a name whose length lies run on into the next record."""
    if readers.alike(name, m["name"]) or (m["other"] and readers.alike(name, m["other"])):
        return True
    if reader == "unzip":
        runs_on = name.startswith(m["name"]) and b"PK^" in name and case.ours.ids & DIRECTORY
        return runs_on or not PLAIN_NAME.match(m["name"] + m["other"])
    return b"!/" in m["name"] and m["name"].endswith(b"!/" + name)


# --- classes of differences ------------------------------------------------------------------------------
def why_absent(case, peer, name, digest):
    """The class of the difference that `peer` does not give (name, digest) whole; None where there is none."""
    r = peer.reader
    if peer.kind == "other":
        return f"{r}: takes it for another format"
    if not peer.items and peer.refused:
        return f"{r}: refuses the archive"
    mine = [i for i in peer.items if i.name == name and not i.whole]
    if mine:
        return f"{r}: gives up on the member ({words(mine[0].error)})"
    if any(i.whole and i.sha == digest for i in peer.items):
        return f"{r}: gives it another name"
    if any(i.whole and i.name == name for i in peer.items):
        return f"{r}: gives the name other content"
    if peer.refused:
        return f"{r}: stops before it ({words(peer.refused)})"
    if any(not i.whole for i in peer.items):
        return f"{r}: gives up on a member of another name"
    if case.fmt == "zip" and r == "bsdtar" and file_type(case, name) not in (0, 0o100000):
        return "bsdtar: its mode says that it is no file"
    if case.fmt == "zip" and r != "bsdtar-stream" and not listed(case, name):
        return f"{r}: the directory does not list it"
    if case.fmt == "zip" and r != "bsdtar-stream" and case.ours and case.ours.ids & DIRECTORY:
        return f"{r}: its directory ends before it"
    if r.startswith("bsdtar") and directory_name(case, name):
        return f"{r}: takes the name for that of a directory"
    if case.fmt != "zip" and case.ours and "tar.special-member" in case.ours.ids:
        return f"{r}: skips that type of member"
    if case.fmt == "zip" and r == "bsdtar-stream":
        return f"{r}: does not come so far from the front"
    if case.fmt == "zip":
        return zip_skips(case, peer, name)
    if case.ours and any(m["name"].rstrip(b"/") == name and m["type"] in ("hardlink", "symlink", "dir", "special") for m in case.ours.members):
        return f"{r}: takes the member for no file"
    if case.ours and "tar.link-with-data" in case.ours.ids:
        return f"{r}: takes it for the data of a link or directory"
    if behind(case, peer, name, digest):
        return f"{r}: ends before it, silently"
    if not peer.items:
        return f"{r}: sees an empty archive"
    return None


def directory(case):
    """(name, mode) of every directory record in the bytes, listed by the end record or not."""
    data, at = case.data, case.data.find(b"PK\x01\x02")
    while at >= 0:
        n = int.from_bytes(data[at + 28:at + 30], "little")
        yield readers.plain(data[at + 46:at + 46 + n].split(b"\0")[0]), int.from_bytes(data[at + 40:at + 42], "little")
        at = data.find(b"PK\x01\x02", at + 1)


def file_type(case, name):
    types = {mode & 0o170000 for n, mode in directory(case) if n == name}
    return max(types - {0o100000}, default=0)


def directory_name(case, name):
    """Whether a name of that member ends in a slash for some reader, be it the local one or cut at a NUL."""
    if name.split(b"\0")[0].endswith(b"/"):
        return True
    return any(readers.same_name(name, m) and (m["name"].endswith(b"/") or m["other"].endswith(b"/")) for m in case.ours.members)


def zip_skips(case, peer, name):
    """The directory lists the name, and the reader passes over it without a word."""
    if not peer.items:
        return f"{peer.reader}: sees an empty archive"
    if entries_of(case.data) > 1:
        return f"{peer.reader}: follows another directory"
    if peer.reader == "bsdtar" and case.ours and case.ours.ids & {"zip.overlap", "archive.duplicate-name", "zip.no-local-entry"}:
        return "bsdtar: takes several entries of one place for one"
    return f"{peer.reader}: passes over the entry" if peer.reader == "unzip" else None


def entries_of(data):
    return data.count(b"PK\x05\x06")


def words(text):
    return next((k for k, p in WORDS if p.search(text)), "other")


def listed(case, name):
    """Whether the name stands in a directory record of the archive."""
    return any(n == name for n, _ in directory(case))


def behind(case, peer, name, digest):
    """In the order of some other reading the member comes after the last one that this reader gives."""
    mine = {(i.name, i.sha) for i in peer.items}
    for order in [[(readers.plain(m["name"]), m["sha256"]) for m in case.ours.files()]] + [[(i.name, i.sha) for i in p.items] for p in case.peers]:
        last = max((k for k, x in enumerate(order) if x in mine), default=-1)
        if any(k > last for k, x in enumerate(order) if x == (name, digest)):
            return True
        if [(i.name, i.sha) for i in peer.items] == order[:len(peer.items)] and (name, digest) in order[len(peer.items):]:
            return True
    return False


# --- judgement ----------------------------------------------------------------------------------------------
def judge(case):
    """(classes, complaints)"""
    ours = case.ours
    if not isinstance(ours, readers.Ours):
        return ["ours: no answer"], [str(ours)]
    classes, wrong = set(), []
    universe = {}
    for p in case.peers:
        if p.kind != "other":
            for i in p.items:
                if i.whole:
                    universe.setdefault((i.name, i.sha), []).append(p.reader)
    for (name, digest), by in universe.items():
        for p in case.peers:
            if p.reader not in by and p.kind != "other":
                c = why_absent(case, p, name, digest)
                if c is None:
                    wrong.append(f"unclassified: {p.reader} lacks {name!r}, which {'+'.join(by)} read")
                else:
                    classes.add(c)
        c, complaint = ours_gives(ours, name, digest, by)
        classes |= {c} if c else set()
        wrong += [complaint] if complaint else []
    c, complaint = beyond(case, universe)
    classes |= c
    wrong += complaint
    if classes and not any(f.get("severity") != "info" for f in ours.findings) and not benign_difference(case, classes):
        wrong.append("readings differ and there is no finding: " + ", ".join(sorted(classes)))
    return sorted(classes) or ["all agree"], wrong


def benign_difference(case, classes):
    """Differences that an honest archive shows too."""
    rest = [c for c in classes if c != "bsdtar: its mode says that it is no file"]
    streams = all(c.startswith("bsdtar-stream") or c.startswith("unzip: stops before it") for c in rest)
    return streams and (not rest or "zip.data-descriptor" in case.ours.ids) or rest == [STRICTER]


def ours_gives(ours, name, digest, by):
    """(class, complaint) for a member that others give whole."""
    if ours.gives(name, digest) or (not name and digest == readers.sha(b"") and ours.findings):
        return None, None
    told = ", ".join(sorted(by))
    same = [m for m in ours.members if readers.same_name(name, m)]
    if digest == NOTHING and any(m["type"] != "file" or m["size"] for m in same):
        return "ours: a link, a directory or more, where another sees an empty file", None
    if same and "tar.special-member" in ours.ids and by == ["bsdtar"]:
        return "bsdtar: expands by sparse fields whatever the type", None
    if any("unread" in m["flags"] for m in same) and "zip.method" in ours.ids:
        return "ours: a method that is not read, with a finding", None
    if ours.has_content(digest):
        if ours.ids & (ABOUT_NAMES | DIRECTORY):
            return "ours: gives it another name, with a finding", None
        return None, f"name: {told} give {name!r}, ours under another name: {names_of(ours, digest)}"
    if any({"damaged", "unread", "encrypted"} & set(m["flags"]) or ours.ids & ABOUT_SIZES for m in same):
        return "ours: gives the name other content", f"LOST {name!r} of {told}, ours has the name with other content"
    return None, f"LOST: {told} give {name!r} {digest[:8]}, ours nowhere; findings {' '.join(sorted(ours.ids))}"


def names_of(ours, digest):
    return [m["name"] for m in ours.files() if m["sha256"] == digest]


def refused_by_all(case, m):
    """All others meet the member and find its deflate data bad, where ours reads it and its CRC fits: zlib refuses
    codes that libdeflate takes."""
    errors = [i.error for p in case.peers for i in p.items if i.name == readers.plain(m["name"])]
    return len(errors) >= len(case.peers) and all(words(e) == "deflate" for e in errors)


def beyond(case, universe):
    """Members of ours that nobody else gives whole."""
    classes, wrong = set(), []
    given = collections.defaultdict(set)
    for name, digest in universe:
        given[digest].add(name)
    for m in case.ours.files():
        if m["depth"] if "depth" in m else b"!/" in m["name"]:
            continue
        mine = {readers.plain(m["name"]), readers.plain(m["other"])} - {b""}
        if mine & given[m["sha256"]] or (given[m["sha256"]] and not mine):
            continue
        if given[m["sha256"]]:
            classes.add("ours: a name that nobody else sees")
        elif "damaged" not in m["flags"] and refused_by_all(case, m):
            classes.add(STRICTER)
            continue
        elif "damaged" in m["flags"]:
            classes.add("ours: damaged content that nobody else gives")
        elif "hidden" in m["flags"]:
            classes.add("ours: a hidden member that nobody else gives")
        else:
            classes.add("ours: a member that nobody else gives")
        if not any(f.get("severity") != "info" for f in case.ours.findings):
            wrong.append(f"ours alone gives {m['name']!r} without a finding")
    return classes, wrong


# --- running ---------------------------------------------------------------------------------------------------
def work(job):
    program, seed, indices, keep = job
    out = []
    with readers.scratch() as tmp:
        cases, paths = [], []
        for i in indices:
            fmt, data = mutators.make(seed, i)
            cases.append(Case(i, fmt, data))
            paths.append(os.path.join(keep or tmp, "%05d.%s" % (i, fmt)))
            with open(paths[-1], "wb") as f:
                f.write(data)
        for case, path, ours in zip(cases, paths, readers.tidewaiter_each(program, paths)):
            case.ours = ours if isinstance(ours, readers.Ours) else None
            read_peers(case, path)
            case.ours = ours
            classes, wrong = judge(case)
            ids = sorted(ours.ids) if isinstance(ours, readers.Ours) else []
            out.append((case.index, case.fmt, classes, wrong, ids, show(case) if wrong else ""))
    return out


def show(case):
    lines = [f"    {'ours':14} {case.ours.brief()[:300]}\n    {'':14} {' '.join(sorted(case.ours.ids))}"] if isinstance(case.ours, readers.Ours) else []
    return "\n".join(lines + [f"    {p.reader:14} {p.brief()[:300]}" for p in case.peers])


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tidewaiter", default=os.path.join(ROOT, "build/tidewaiter"))
    p.add_argument("--count", type=int, default=5000)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--verbose", action="store_true", help="print the readings of every archive that fails")
    p.add_argument("--keep", help="leave the archives in this folder")
    o = p.parse_args()
    if o.keep:
        os.makedirs(o.keep, exist_ok=True)
    start, tally = time.monotonic(), readers.Tally()
    everything = range(o.first, o.first + o.count)
    jobs = [(o.tidewaiter, o.seed, everything[i:i + BATCH], o.keep) for i in range(0, o.count, BATCH)]
    classes, by_format, found, printed = collections.Counter(), collections.Counter(), collections.Counter(), 0
    with concurrent.futures.ProcessPoolExecutor(o.jobs) as pool:
        for result in pool.map(work, jobs):
            for index, fmt, cs, wrong, ids, text in result:
                classes.update(cs)
                by_format[fmt, "agree" if cs == ["all agree"] else "differ"] += 1
                found.update(ids)
                if wrong:
                    printed += 1
                    tally.failed += 1
                    if printed <= 40 or o.verbose:
                        print(f"FAILED #{index} {fmt}: " + "; ".join(wrong[:3]) + ("\n" + text if o.verbose else ""))
                else:
                    tally.passed += 1
    print(f"{o.count} archives, seed {o.seed}, {time.monotonic() - start:.0f} s: "
          + ", ".join(f"{f} {a} {n}" for (f, a), n in sorted(by_format.items())))
    for c, n in sorted(classes.items(), key=lambda x: (-x[1], x[0])):
        print(f"  {n:6}  {c}")
    print("  findings: " + ", ".join(f"{i} {n}" for i, n in found.most_common()))
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
