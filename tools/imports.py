#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the corpus' code imports, and what share of the import sites belongs to modules that the API tables classify (a row of
capabilities/*.tsv under it, or harmless with a reason). Only the open part is read, straight out of the archives, never
unpacked; nothing is imported. Counted once a file; a package's own modules do not count.

imports.py [--one-in N] [--top N] [--unclassified N] [--write]   (--write: bench/results/imports.md)"""
import argparse
import ast
import io
import re
import sys
import tarfile
import warnings
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/capabilities")]
import corpus  # noqa: E402
import tables  # noqa: E402

MAX_FILE, MAX_FILES = 1 << 20, 4000
SOURCES = {"python": (".py", ".pyw"), "javascript": (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx")}
JS = re.compile(rb"""(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)(["'])([@\w][^"'\\\s]{0,100})\1""")


def members(path):
    data = path.read_bytes()
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as z:
                for m in z.infolist()[:MAX_FILES]:
                    yield m.filename, (lambda m=m: z.read(m)) if m.file_size <= MAX_FILE else None
        else:
            with tarfile.open(fileobj=io.BytesIO(data)) as t:
                for i, m in enumerate(t):
                    if i >= MAX_FILES:
                        break
                    if m.isfile():
                        yield m.name, (lambda m=m: t.extractfile(m).read()) if m.size <= MAX_FILE else None
    except Exception:  # damaged archives are the corpus' business
        return


def python_roots(data):
    """Dotted names of what a file imports, absolute ones only."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        text = data.decode("latin-1")
        yield from re.findall(r"^\s*(?:import|from)\s+([A-Za-z_][\w.]*)", text, re.M)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module


def javascript_roots(data):
    for _, name in JS.findall(data):
        name = name.decode("latin-1").removeprefix("node:")
        yield "/".join(name.split("/")[: 2 if name.startswith("@") else 1])


def count(rows):
    """lang -> {root: [sites, {groups}]}, malware and benign together."""
    found = {lang: defaultdict(lambda: [0, set()]) for lang in SOURCES}
    with corpus.unpacked(rows) as files:
        for r in rows:
            if r.path not in files:
                continue
            own, seen, name = set(), [], r.name.lower().replace("-", "_")
            try:
                for path, read in members(files[r.path]):
                    parts = path.split("/")
                    own.update(p.removesuffix(".py") for p in parts)
                    lang = next((k for k, v in SOURCES.items() if path.endswith(v)), None)
                    if lang and read and "node_modules" not in parts and not path.endswith((".min.js", ".d.ts")):
                        roots = python_roots(read()) if lang == "python" else javascript_roots(read())
                        seen += [(lang, n) for n in dict.fromkeys(x.split(".")[0] if lang == "python" else x for x in roots)]
            except Exception:
                continue
            for lang, root in seen:
                if root in own or root.lower() == name or root == r.name:
                    continue
                found[lang][root][0] += 1
                found[lang][root][1].add((r.malware, r.group))
    return found


def classifier(lang):
    t = tables.Tables(lang)
    known = {"__future__"}  # has no function
    for symbol in [*t.rows, *t.exact, *t.under, *(a.rstrip(".") for a, _ in t.prefixes)]:
        root = re.split(r"[.(\[]", symbol)[0]
        if lang == "javascript" and symbol.startswith("@"):
            root = "/".join(re.split(r"[.(\[]", symbol)[0].split("/")[:2])
        known |= {root, root.split("/")[0]} if not root.startswith("@") else {root}
    known |= {s for s in t.under if "(" not in s}  # names with a dot: string.prototype.trim, discord.js
    return known | {m[0] for s in t.rows if (m := re.match(r"[@\w/-]+\.js\b", s))}


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--top", type=int, default=0)
    args.add_argument("--unclassified", type=int, default=40)
    args.add_argument("--one-in", type=int, default=1, help="a fixed sample of the archives")
    args.add_argument("--write", action="store_true")
    args = args.parse_args()
    corpus.need_or_skip()
    rows = corpus.sample([r for r in corpus.rows() if not r.blind], args.one_in)
    found, lines = count(rows), ["# Imports of the corpus (open part) and what the API tables know", ""]
    for lang, roots in found.items():
        known = classifier(lang)
        standard = set(sys.stdlib_module_names) if lang == "python" else set()
        total = sum(n for n, _ in roots.values())
        have = sum(n for root, (n, _) in roots.items() if root in known)
        third = {r: v for r, v in roots.items() if r not in standard}
        n_third = sum(n for n, _ in third.values())
        have_third = sum(n for root, (n, _) in third.items() if root in known)
        order = sorted(third.items(), key=lambda kv: (-len(kv[1][1]), -kv[1][0], kv[0]))
        lines += [f"{lang}: {total} import sites of {len(roots)} modules; classified {have / max(total, 1):.1%} of the sites"
                  + (f"; of {n_third} sites of {len(third)} third-party modules {have_third / max(n_third, 1):.1%}" if standard else ""),
                  f"of the 150 modules that most projects import, {sum(r in known for r, _ in order[:150])} are classified"]
        lines.append("not classified, by projects: " + " ".join(f"{r}:{len(g)}" for r, (_, g) in [o for o in order if o[0] not in known][: args.unclassified]))
        if args.top:
            lines.append("top: " + " ".join(f"{r}{'' if r in known else '!'}:{len(g)}/{n}" for r, (n, g) in order[: args.top]))
        lines.append("")
    print("\n".join(lines))
    if args.write:
        kept = [line for line in lines if not line.startswith(("not classified", "top:"))]  # no names out of samples
        (ROOT / "bench/results/imports.md").write_text("\n".join(kept))


if __name__ == "__main__":
    main()
