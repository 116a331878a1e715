#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Incidents of the past, rebuilt without harm from public write-ups (incidents/*.txt: the release before and the one that was
published), beside what `tidewaiter diff` says of them. The level must be high (or what the incident's file says), and the first
item must name a file and a line of what was put in. Hosts are of reserved names, keys and second stages are made up; nothing of
them is ever run.

run.py --tidewaiter build/tidewaiter [--write docs/replays.md | --compare docs/replays.md] [--show] [NAME...]

incidents/NAME.txt: `key: value` lines, then `--- SIDE PATH [as=HOW]` and the text of that file; SIDE is old, new, both, or
hidden: text that goes into the place @...@ of the file that is `as` it."""
import argparse
import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
RANK = ["none", "low", "medium", "high"]
WORDS = ["fs", "os", "child_process", "http://packages.example:8000/", "curl -o /tmp/ld.py -d packages -s ", ".ps1"]


def nested(text, depth):
    """exec of reversed base64 of zlib, `depth` times."""
    for _ in range(depth):
        blob = base64.b64encode(zlib.compress(text.encode()))[::-1].decode()
        text = f"exec((_)(b'{blob}'))"
    return blob


def axios_words(order):
    """Each word XOR-ed by digits of the key (letters count as 0), in base64, '=' as '_', reversed."""
    digits = [int(c) if c.isdigit() else 0 for c in order]
    out = []
    for word in WORDS:
        masked = "".join(chr(ord(c) ^ digits[7 * i * i % 10] ^ 333) for i, c in enumerate(word))
        out.append(base64.b64encode(masked.encode()).decode().replace("=", "_")[::-1])
    return json.dumps(out)


def made(how, text, hidden):
    if how == "b64":
        return text.replace("@B64@", base64.b64encode(hidden["b64"].encode()).decode())
    if how == "nest50":
        return text.replace("@NEST@", nested(hidden["nest50"], 50))
    if how == "axios-words":
        return text.replace("@WORDS@", axios_words("OrDeR_7077"))
    if how == "elf":
        return b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0" + bytes(40) + b"\0" * 4096
    if how == "pe":
        return b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0\x64\x86\0\0" + bytes(12) + b"\0\0\x22\x20" + bytes(2048)
    return text


class Incident:
    def __init__(self, path):
        head, *parts = re.split(r"^--- ", path.read_text(encoding="utf-8"), flags=re.M)
        self.name, self.level, self.seen = path.stem, "high", "yes"
        for line in head.strip().splitlines():
            key, _, value = line.partition(": ")
            setattr(self, key, value)
        self.package, self.old, self.new = self.package.rsplit(" ", 2)
        members, _, texts = self.names.partition(" | ")
        self.members, self.texts = members.split(), texts.split("|")
        self.files, self.hidden = {"old": {}, "new": {}}, {}
        listed = []
        for part in parts:
            first, _, text = part.partition("\n")
            side, where, *how = first.split(" ")
            if side == "hidden":
                self.hidden[where] = text
            else:
                listed.append((side, where, how[0][3:] if how else "", text))
        for side, where, how, text in listed:
            for s in ("old", "new") if side == "both" else (side,):
                content = made(how, text.replace("@VERSION@", self.old if s == "old" else self.new), self.hidden)
                self.files[s][where] = content if isinstance(content, bytes) else content.encode()

    def lines_of(self, member):
        return self.files["new"].get(member, b"").decode("utf-8", "replace").split("\n")


def tarball(path, top, files):
    with tarfile.open(path, "w:gz") as t:
        for name, data in files.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def wheel(path, name, version, files):
    info = f"{name}-{version}.dist-info"
    files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
             f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    rows = [f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(d).digest()).rstrip(b'=').decode()},{len(d)}" for n, d in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w") as z:
        for n, d in files.items():
            z.writestr(n, d)


def build(incident, folder, side):
    version, name = getattr(incident, side), incident.package
    if incident.kind == "npm":
        path = folder / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
        tarball(path, "package", incident.files[side])
    elif incident.kind == "sdist":
        path = folder / f"{name}-{version}.tar.gz"
        meta = {"PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()}
        tarball(path, f"{name}-{version}", {**meta, **incident.files[side]})
    else:
        path = folder / f"{name}-{version}-py3-none-any.whl"
        wheel(path, name, version, incident.files[side])
    return path


def named(incident, item):
    """The first item stands in a file that was put in or changed, at a line of the payload (or in a binary of it)."""
    member = item["member"] or ""
    short = next((m for m in incident.members if member == m or member.endswith("/" + m)), None)
    if not short:
        return False
    if not item["line"]:
        return short not in incident.files["old"]
    lines, before = incident.lines_of(short), set(incident.files["old"].get(short, b"").decode("utf-8", "replace").split("\n"))
    line = lines[item["line"] - 1] if item["line"] <= len(lines) else ""
    return line not in before and (any(t in line for t in incident.texts) or short not in incident.files["old"])


def clean(text):
    return re.sub(r"([|`*<>])", r"\\\1", " ".join((text or "").split()))


def page(rows):
    out = ["# Replays: what `tidewaiter diff` says of releases that were attacks", "",
           "Each row is an incident whose two releases, the last good one and the one that was published, are rebuilt without harm from",
           "public write-ups in `tests/replays/incidents/`: the structure is theirs, hosts and keys are made up, second stages do nothing,",
           "and nothing of them is ever run. `tests/replays/run.py` makes the packages, compares them and wrote this page; the test fails",
           "where the level falls or the first item no longer names what was put in.", "",
           "| incident | year | package | what was put in | level | what `tidewaiter diff` says first | where |", "|---|---|---|---|---|---|---|"]
    for i, d, first in rows:
        if i.seen == "no":
            out.append(f"| {clean(i.incident)} | {i.year} | {i.package} {i.old} → {i.new} | {clean(i.what)} | {d['level']} | nothing: **not seen** | |")
            continue
        where = f"`{first['member'].split('/', 1)[1] if i.kind != 'wheel' else first['member']}`" + (f" line {first['line']}" if first["line"] else "")
        out.append(f"| {clean(i.incident)} | {i.year} | {i.package} {i.old} → {i.new} | {clean(i.what)} | {d['level']} | {clean(first['says'])} | {where} |")
    out += ["", "Sources, by their titles:", ""]
    out += [f"- {clean(i.incident)}: {clean(i.source)}" for i, _, _ in rows]
    return "\n".join(out) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--write", type=Path)
    ap.add_argument("--compare", type=Path)
    ap.add_argument("--show", action="store_true")
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    passed = failed = 0
    rows = []
    for path in sorted((HERE / "incidents").glob("*.txt")):
        if args.names and path.stem not in args.names:
            continue
        incident = Incident(path)
        with tempfile.TemporaryDirectory() as folder:
            sides = [str(build(incident, Path(folder), s)) for s in ("old", "new")]
            r = subprocess.run([os.path.abspath(args.tidewaiter), "diff", "--format", "json", *sides], capture_output=True, text=True, timeout=300)
        d = json.loads(r.stdout) if r.stdout else {"level": "none", "items": []}
        first = d["items"][0] if d["items"] else {"member": "", "line": 0, "says": "nothing", "snippet": "", "change": "gained"}
        level_ok, named_ok = RANK.index(d["level"]) >= RANK.index(incident.level), named(incident, first)
        if incident.seen == "no":  # what we cannot see is said so; to see it one day must change the page
            level_ok, named_ok = d["level"] != "high", True
        passed, failed = passed + level_ok + named_ok, failed + (not level_ok) + (not named_ok)
        if args.show or not (level_ok and named_ok):
            print(f"{'ok' if level_ok and named_ok else 'FAILED'} {incident.name}: {d['level']}{'' if named_ok else ', first item names nothing of it'} {r.stderr.strip()}")
            for i in d["items"][: 4 if not (level_ok and named_ok) else 1]:
                print(f"    {i['risk']:3} {i['what']} {i['id']} {i['trigger']}: {i['says'][:100]} | {i['member']}:{i['line']} {(i['snippet'] or '')[:70]} | {(i.get('hidden') or '')[:60]}")
        rows.append((incident, d, first))
    rows.sort(key=lambda r: (r[0].year, r[0].name))
    if args.write:
        args.write.write_text(page(rows), encoding="utf-8")
    if args.compare and args.compare.read_text(encoding="utf-8") != page(rows):
        failed += 1
        print(f"FAILED {args.compare} is not what --write would write now")
    print(f"{len(rows)} incidents: {sum(d['level'] == 'high' for _, d, _ in rows)} high; {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
