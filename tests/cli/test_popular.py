#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""data/popular: each list names its source and date and is in order; the tools that make the lists and the C of them do what they
say, and refuse what they cannot use."""
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
passed = failed = 0


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:600] for m in more])


def tool(name, *args):
    return subprocess.run([sys.executable, ROOT / "tools" / name, *map(str, args)], capture_output=True, text=True)


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lists(gen):
    for name, least in ("pypi", 14000), ("npm", 14000), ("mail", 5000):
        head, rows = gen.read(ROOT / f"data/popular/{name}.tsv")
        names = [r[0] for r in rows]
        check(re.fullmatch(r"20\d\d-\d\d-\d\d", head["date"]) and head["source"], f"{name}: date and source", head)
        check(len(names) >= least and len(set(names)) == len(names), f"{name}: enough, none twice", len(names))
        check(all(re.fullmatch(r"([0-9a-f]{8})*", r[2]) for r in rows), f"{name}: descriptions are hashes, not words")
        check(all(not r[1] or re.fullmatch(r"(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/[\w.-]+/[\w.-]+", r[1]) for r in rows), f"{name}: repositories")
    _, mail = gen.read(ROOT / "data/popular/mail.tsv")
    domains = [r[0] for r in mail]
    big = {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "proton.me", "protonmail.com", "icloud.com", "qq.com", "163.com", "gmx.de",
           "users.noreply.github.com", "python.org", "example.com"}
    check(domains == sorted(domains) and not big & set(domains), "mail: in order, and none that people keep", big & set(domains))


def refresh(tmp):
    table = tmp / "ranked.tsv"
    table.write_text("name\tversion\trank_here\tsummary\nFoo_Bar\t1\t2\tOne two three four five six seven\nbaz\t1\t1\tshort\nfoo.bar\t1\t3\t\nnorank\t1\t\t\n")
    r = tool("refresh_popular.py", "--pypi", table, "--date", "2026-01-02", "--source", "a test", "--into", tmp / "out")
    text = (tmp / "out/pypi.tsv").read_text() if r.returncode == 0 else ""
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    check([row.split("\t")[0] for row in rows] == ["baz", "foo-bar"], "by rank, in normal form, once", text, r.stderr)
    check("# date: 2026-01-02" in text and "# source: a test" in text, "date and source", text)
    check("seven" not in text and len(rows) == 2 and re.search(r"\t[0-9a-f]{40}$", rows[1]), "a description becomes hashes", rows)
    table = tmp / "downloads.json"
    table.write_text('{"rows": [{"project": "few", "download_count": 1}, {"project": "many", "download_count": 9}]}')
    r = tool("refresh_popular.py", "--npm", table, "--into", tmp / "out")
    rows = [line for line in (tmp / "out/npm.tsv").read_text().splitlines() if not line.startswith("#")]
    check([row.split("\t")[0] for row in rows] == ["many", "few"], "JSON by downloads", rows, r.stderr)
    table.write_text("what\tever\n1\t2\n")
    r = tool("refresh_popular.py", "--npm", table, "--into", tmp / "out")
    check(r.returncode and "no column" in r.stderr, "a table without names or ranks", r.returncode, r.stderr)
    check(tool("refresh_popular.py").returncode == 2, "nothing to refresh")


def generate(tmp):
    folder = tmp / "src/data/popular"
    folder.mkdir(parents=True)
    for name in "pypi", "npm", "mail":
        (folder / f"{name}.tsv").write_text("# date: 2026-01-02\n# source: test\none-two\tgithub.com/a/b\t0000000100000002\n")
    out = tmp / "popular.c"
    r = tool("gen_popular.py", tmp / "src", out)
    check(r.returncode == 0 and "tw_popular_digest" in out.read_text(), "C of a list of one", r.stderr)
    (folder / "npm.tsv").write_text("one\n")
    check("no date or no source" in tool("gen_popular.py", tmp / "src", out).stderr, "a list without a date")
    (folder / "npm.tsv").write_text("# date: 2026-01-02\n# source: test\none\none\n")
    check("one twice" in tool("gen_popular.py", tmp / "src", out).stderr, "a name twice")


def main():
    gen = load("gen_popular")
    lists(gen)
    with tempfile.TemporaryDirectory(prefix="tw-popular-") as tmp:
        refresh(Path(tmp))
        generate(Path(tmp))
    check(gen.skeleton("C0l0rn-vv.1I") == "colomwll" and gen.words("b_a.C") == "a-b-c" and gen.joined("@types/node") == "typesnode",
          "the forms that tests/unit/test_names.c asks of C")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
