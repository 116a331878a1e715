# SPDX-License-Identifier: Apache-2.0
"""JavaScript and TypeScript to compare: benign artifacts of the corpus (read in memory, through tools/corpus.py; only
source files are written, to a private folder for the run, under numbers for names) and packages installed here."""
import hashlib
import io
import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

LANGUAGE = {".js": "JavaScript", ".cjs": "JavaScript", ".mjs": "JavaScript", ".jsx": "JSX",
            ".ts": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript", ".tsx": "TSX"}
TARS = ("benign-npm.tar", "benign-pypi.tar", "benign-longtail.tar")
INSTALLED = (ROOT / "build/node/node_modules", ROOT / "build/venv", Path("/usr/lib/node_modules"), Path("/usr/local/lib/node_modules"),
             Path("/usr/share/nodejs"))
MAX_MEMBER = 64 << 20


def language(name):
    return LANGUAGE.get(os.path.splitext(name)[1].lower())


def members(data, name, language=language):
    """(name, bytes) of the source files in an archive."""
    if name.endswith((".whl", ".zip", ".egg")):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for m in z.infolist():
                if language(m.filename) and m.file_size <= MAX_MEMBER:
                    yield m.filename, z.read(m)
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        for m in t:
            if m.isfile() and language(m.name) and m.size <= MAX_MEMBER:
                yield m.name, t.extractfile(m).read()


def artifacts():
    """(row, bytes) of every benign artifact in the tars."""
    wanted = {}
    for r in corpus.rows():
        if r.label.startswith("benign") and r.tar in TARS:
            wanted.setdefault(r.tar, {})[r.path] = r
    for tar, mine in sorted(wanted.items()):
        with tarfile.open(corpus.CORPUS / tar) as t:
            for m in t:
                row = mine.get(m.name.removeprefix("./"))
                if row and m.isfile():
                    yield row, t.extractfile(m).read()


def of_corpus(folder, chosen, language=language):
    """Writes the sources of the corpus into folder, each content once; yields (path, shown name)."""
    seen, n = set(), 0
    if not corpus.present():
        return
    for row, data in artifacts():
        for name, content in members(data, row.path, language):
            shown = f"{row.name}-{row.version}:{name}"
            digest = hashlib.sha256(content).digest()
            if digest in seen or not chosen(shown):
                continue
            seen.add(digest)
            path = Path(folder) / f"{n // 1000}" / f"{n}{os.path.splitext(name)[1].lower()}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            n += 1
            yield str(path), shown


def of_folders(folders, chosen):
    seen = set()
    for top in folders:
        if os.path.isfile(top):
            yield str(top), str(top)
            continue
        for where, dirs, names in os.walk(top):
            dirs.sort()
            for name in sorted(names):
                full = os.path.join(where, name)
                if language(name) and os.path.isfile(full) and not os.path.islink(full) and chosen(full):
                    with open(full, "rb") as f:
                        digest = hashlib.sha256(f.read()).digest()
                    if digest not in seen:
                        seen.add(digest)
                        yield full, full


def snippets(text):
    """Snippets of a file of tests/javascript/hard: one a line; `| ` goes on with the one before, `# ` is a title,
    <U+XXXX> is that character."""
    def char(m):
        return chr(int(m.group(1), 16))
    out = []
    for n, line in enumerate(text.split("\n"), 1):
        line = re.sub(r"<U\+([0-9A-F]{4,6})>", char, line)
        if line.startswith("|") and out:
            out[-1] = (out[-1][0], out[-1][1] + "\n" + line[2:])
        elif line and not line.startswith("# "):
            out.append((n, line))
    return out


def of_hard(folder, chosen):
    """(path, shown name); JavaScript is tried as TypeScript too, "as ts": then the reference may refuse it.
    HTML comments are not: the compiler does not know them."""
    for source in sorted((ROOT / "tests/javascript/hard").glob("*.txt")):
        stem, ext = source.name.split(".")[:2]
        for ext, may in ((ext, False),) + (((ext.replace("js", "ts"), True),) if ext in ("js", "jsx") and stem != "html" else ()):
            for n, text in snippets(source.read_text(encoding="utf-8")) if chosen("x." + ext) else ():
                path = Path(folder) / f"{stem}-{n}.{ext}"
                path.write_text(text, encoding="utf-8", newline="")
                yield str(path), f"{source.name}:{n}" + (" as " + ext if may else "")
