#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of crafted archives: what tidewaiter must make of each, beside the readings of Python's zipfile and
tarfile, unzip and bsdtar. Expectations come from the formats' specifications, not from the reader's code.

    craft.py [--tidewaiter PATH] [--only WORDS] [--verbose] [--write-table] [--keep DIR]"""
import argparse
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import craft_stream
import craft_tar
import craft_zip
import readers

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PLAIN_NAME = re.compile(rb"^[\x20-\x5b\x5d_-\x7e]+$")


def all_rows():
    rows = craft_zip.rows() + craft_tar.rows() + craft_stream.rows()
    names = [r.name for r in rows]
    assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
    return rows


def peers(row, path, data):
    """The readings of the others. A row of fmt stream or zip or tar is asked in that format."""
    out = []
    if row.heavy:
        return out
    zip_like = b"PK\x03\x04" in data[:8192] and not data[:2] in (b"\x1f\x8b", b"BZ", b"\xfd7") and not row.name.startswith("tar")
    if "zipfile" not in row.exempt and "tarfile" not in row.exempt:
        out.append(readers.python(data, "zip" if zip_like else "tar"))
    if zip_like:
        out.append(readers.unzip(path))
    if "bsdtar" not in row.exempt:
        out.append(readers.libarchive(data))
        if zip_like:
            out.append(readers.libarchive(data, stream=True))
    return out


def same_program(path, peer):
    """Whether bsdtar itself lists what the library gave: the readings above are worth that much."""
    listed, _ = readers.bsdtar_list(path)
    for item in peer.items:
        if PLAIN_NAME.match(item.name) and item.name.decode() not in listed:
            return f"{item.name!r} is not in the list of bsdtar"
    return ""


def match(row, ours):
    """What is wrong with the members."""
    wrong, left = [], list(ours.members)
    for want in row.members:
        why = [(want.wrong(m), m) for m in left]
        hit = next((m for w, m in why if not w), None)
        if hit is not None:
            left.remove(hit)
            continue
        near = [w for w, m in why if w and w != "path" and want.path in (m["name"], m["other"])]
        wrong.append(f"no {want}" + (f" ({'; '.join(near)})" if near else ""))
    if not row.more:
        extra = [m for m in left if m["type"] in ("file", "hardlink", "symlink")]
        wrong += [f"unexpected {m['type']} {m['name']!r} {m['flags']} {m['size']} bytes" for m in extra]
    if row.clean and any("hidden" in m["flags"] for m in ours.members):
        wrong.append("a hidden member in a clean archive")
    return wrong


def findings(row, ours):
    wrong = []
    for want in row.find:
        if not any(w in ours.ids for w in (want if isinstance(want, tuple) else (want,))):
            wrong.append("no finding " + (" | ".join(want) if isinstance(want, tuple) else want))
    wrong += [f"finding {n} does not belong here" for n in row.never if n in ours.ids]
    if row.clean:
        wrong += [f"finding {f['id']} in a clean archive" for f in ours.findings if f.get("severity") != "info"]
    if row.fmt and ours.format not in row.fmt.split("|"):
        wrong.append(f"format {ours.format!r}, not {row.fmt!r}")
    if row.limit and row.limit not in json.dumps(ours.json.get("coverage", {})):
        wrong.append(f"coverage does not say that the limit {row.limit!r} was reached")
    return wrong


def covers(ours, peer):
    """Whole members of another reader that ours does not have under that name."""
    wrong = []
    if peer.kind == "other":  # libarchive takes some text for a file list (mtree)
        return wrong
    for i in peer.items:
        if not i.whole or ours.gives(i.name, i.sha):
            continue
        if peer.reader == "unzip" and not PLAIN_NAME.match(i.name) and ours.has_content(i.sha):
            continue  # unzip translates and escapes names
        if any(m["sha256"] == i.sha and readers.alike(i.name, m["name"]) for m in ours.files()):
            continue
        wrong.append(f"{peer.reader} reads {i.name!r} ({i.size} bytes), ours " + ("under another name" if ours.has_content(i.sha) else "nowhere"))
    return wrong


def judge(row, ours, others, path):
    if not isinstance(ours, readers.Ours):
        return [f"no reading: {ours}"]
    wrong = match(row, ours) + findings(row, ours)
    for peer in others:
        if peer.reader not in row.exempt:
            wrong += covers(ours, peer)
        if peer.reader == "bsdtar":
            wrong += [w for w in [same_program(path, peer)] if w]
    return wrong


def table(rows, results):
    """READINGS.md"""
    out = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "# Crafted archives and how they are read", "",
           "Made by `tests/archives/craft.py --write-table`; the test fails where the first column does not hold what the row",
           "expects. `!` marks a member that a reader gives up on, `[...]` why it refuses or stops. Ours: `~` another name that",
           "some parser sees, `(h)` hidden, `(d)` damaged, `(s)` shadowed, `(e)` encrypted, `(u)` unread, `(c)` entered.", "",
           "| archive | ours | findings | zipfile / tarfile | unzip | bsdtar | bsdtar on a pipe |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        ours, others = results[row.name]
        by = {p.reader: p.brief() for p in others}
        mine = ours.brief() if isinstance(ours, readers.Ours) else "?"
        ids = " ".join(sorted(ours.ids)) if isinstance(ours, readers.Ours) else ""
        cells = [row.name, cut(mine), ids, cut(by.get("zipfile") or by.get("tarfile") or ""), cut(by.get("unzip", "")),
                 cut(by.get("bsdtar", "")), cut(by.get("bsdtar-stream", ""))]
        out.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
    with open(os.path.join(HERE, "READINGS.md"), "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


def cut(text, n=110):
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= n else text[:n - 3] + "..."


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tidewaiter", default=os.path.join(ROOT, "build/tidewaiter"))
    p.add_argument("--only", default="", help="rows whose name holds these words")
    p.add_argument("--verbose", action="store_true", help="print all readings")
    p.add_argument("--write-table", action="store_true", help="write READINGS.md")
    p.add_argument("--keep", help="leave the archives in this folder")
    o = p.parse_args()
    start, tally, results = time.monotonic(), readers.Tally(), {}
    rows = [r for r in all_rows() if o.only in r.name]
    with readers.scratch() as tmp:
        base = o.keep or tmp
        paths = []
        for i, row in enumerate(rows):
            os.makedirs(os.path.join(base, "%03d" % i), exist_ok=True)
            paths.append(os.path.join(base, "%03d" % i, row.file))
            with open(paths[-1], "wb") as f:
                f.write(row.build())
        mine = readers.tidewaiter_each(o.tidewaiter, paths) if rows else []
        for row, path, ours in zip(rows, paths, mine):
            with open(path, "rb") as f:
                others = peers(row, path, f.read())
            results[row.name] = (ours, others)
            wrong = judge(row, ours, others, path)
            tally.check(not wrong, row.name + ": " + "; ".join(wrong))
            if o.verbose or wrong:
                show(row, ours, others)
    if o.write_table:
        table(rows, results)
    print(f"{len(rows)} crafted archives in {time.monotonic() - start:.1f} s")
    return tally.end()


def show(row, ours, others):
    print(f"  {row.name} ({row.file})" + (f": {row.note}" if row.note else ""))
    if isinstance(ours, readers.Ours):
        print(f"    {'ours':14} {ours.brief()[:300]}\n    {'':14} {' '.join(sorted(ours.ids))}")
    for peer in others:
        print(f"    {peer.reader:14} {peer.brief()[:300]}")


if __name__ == "__main__":
    sys.exit(main())
