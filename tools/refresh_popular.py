#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Brings data/popular/ up to date: which names are popular, where their code lives, what they say of themselves; and which
mail domains are thrown away after use. Nothing here knows the address of a registry:

  refresh_popular.py --pypi RANKED --npm RANKED   names, from a table of names with a rank or downloads that you have: tab-separated
                                                  with a head line, or JSON {"rows": [{"project", "download_count"}]}
  refresh_popular.py --mail                       domains, from the PyPI package disposable-email-domains, by your own pip

Repositories come from the index of Debian's packages (apt-cache dumpavail): the home pages of python3-NAME and node-NAME.
Descriptions are kept as hashes of three words in a row, never as text. --date is that of the table (default: its file's)."""
import argparse
import ast
import datetime
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES, DESCRIBED, SKETCH, LEAST_WORDS = 15000, 5000, 8, 6
FORGE = re.compile(r"https?://(?:www\.)?(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/([\w.-]+)/([\w.-]+?)(?:\.git)?(?:[/#?].*)?$", re.I)
MAIL_PACKAGE = "disposable-email-domains"


def pep503(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def shingles(text):
    """Hashes of each three words in a row, the smallest SKETCH of them: src/engine/names/likeness.c does the same."""
    words = re.findall(rb"[a-z0-9]+", text.lower().encode())
    if len(words) < LEAST_WORDS:
        return []
    found = set()
    for i in range(len(words) - 2):
        h = 2166136261
        for b in b" ".join(words[i:i + 3]):
            h = (h ^ b) * 16777619 & 0xffffffff
        found.add(h)
    return sorted(found)[:SKETCH]


def ranked(path):
    """Names from the most popular on, each with what it says of itself."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    if text.lstrip().startswith("{"):
        rows = [(r["project"], int(r["download_count"]), "") for r in json.loads(text)["rows"]]
        return [(n, s) for n, _, s in sorted(rows, key=lambda r: -r[1])], "download_count"
    lines = text.split("\n")
    head = lines[0].split("\t")
    by = next((h for h in head if "rank" in h or "downloads" in h), None)
    if by is None or "name" not in head:
        sys.exit(f"refresh_popular.py: {path}: the head line names no column `name` and none with `rank` or `downloads`")
    at, name, says = head.index(by), head.index("name"), head.index("summary") if "summary" in head else None
    rows = []
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > at and cells[at].isdigit():
            rows.append((int(cells[at]), cells[name], cells[says] if says is not None and says < len(cells) else ""))
    rows.sort(key=lambda r: (r[0] if "rank" in by else -r[0], r[1]))
    return [(n, s) for _, n, s in rows], by


def debian_homes():
    """{'python3-requests': 'github.com/psf/requests'}"""
    run = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, errors="replace")
    homes, name = {}, ""
    for line in run.stdout.splitlines():
        if line.startswith("Package: "):
            name = line[9:]
        elif line.startswith("Homepage: ") and name.startswith(("python3-", "node-")):
            m = FORGE.match(line[10:].strip())
            if m:
                homes[name] = f"{m[1]}/{m[2]}/{m[3]}".lower()
    return homes


def date_of(path):
    return datetime.datetime.fromtimestamp(Path(path).stat().st_mtime, datetime.timezone.utc).strftime("%Y-%m-%d")


def write(into, path, head, rows):
    into.mkdir(parents=True, exist_ok=True)
    (into / path).write_text("".join(f"# {h}\n" for h in head) + "".join("\t".join(r).rstrip("\t") + "\n" for r in rows))
    print(f"{path}: {len(rows)} rows")


def names(ecosystem, path, date, source, into):
    rows, by = ranked(path)
    homes, prefix = debian_homes(), {"pypi": "python3-", "npm": "node-"}[ecosystem]
    out, seen = [], set()
    for name, says in rows:
        normal = pep503(name) if ecosystem == "pypi" else name
        if normal in seen or not re.fullmatch(r"[\x21-\x7e]+", normal):
            continue
        seen.add(normal)
        sketch = "".join(f"{h:08x}" for h in shingles(says)) if len(out) < DESCRIBED else ""
        out.append((normal, homes.get(prefix + normal, "").replace(" ", ""), sketch))
        if len(out) == NAMES:
            break
    source = source or f"{Path(path).name}, column {by}"
    write(into, f"{ecosystem}.tsv", [f"Popular names of {ecosystem}, the most popular first. Made by tools/refresh_popular.py, not by hand.",
                               f"date: {date or date_of(path)}", f"source: {source}",
                               "repositories: home pages of Debian's " + prefix + "* packages",
                               "columns: name, repository, hashes of three words in a row of its description"], out)


def mail(into):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", folder, MAIL_PACKAGE], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        version = wheel.name.split("-")[1]
        with zipfile.ZipFile(wheel) as z:
            tree = ast.parse(z.read("disposable_email_domains/__init__.py"))
            texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            domains = sorted({d.strip().lower() for text in texts for d in text.split() if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", d.strip().lower())})
            newest = max(i.date_time for i in z.infolist())
    write(into, "mail.tsv", ["Mail domains whose addresses are thrown away after use. Made by tools/refresh_popular.py --mail, not by hand.",
                       f"date: {newest[0]:04}-{newest[1]:02}-{newest[2]:02}", f"source: PyPI package {MAIL_PACKAGE} {version} (MIT)"], [(d,) for d in domains])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--pypi"), ap.add_argument("--npm"), ap.add_argument("--mail", action="store_true")
    ap.add_argument("--date"), ap.add_argument("--source", help="what the table is, where its file name does not say")
    ap.add_argument("--into", type=Path, default=ROOT / "data/popular")
    args = ap.parse_args()
    for ecosystem in "pypi", "npm":
        if getattr(args, ecosystem):
            names(ecosystem, getattr(args, ecosystem), args.date, args.source, args.into)
    if args.mail:
        mail(args.into)
    if not (args.pypi or args.npm or args.mail):
        ap.error("nothing to refresh: give --pypi, --npm or --mail")


if __name__ == "__main__":
    main()
