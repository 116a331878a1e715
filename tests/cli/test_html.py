#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`capabilities --format html`: the page stands by itself, and no name, path, version, value or line of a package breaks out of its text."""
import argparse
import html.parser
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

passed = failed = 0
TAGS = set("html head meta title style body article header h1 h2 small span dl dt dd section details summary code div pre ul li p footer".split())
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "open"}
CLASSES = {"soft", "in", "v clear", "v notable", "v suspicious", "v malicious", "v unreviewable"}
BREAKERS = ["<script>alert(1)</script>", "</pre></div></details><img src=x onerror=alert(2)>", "\"><svg onload=alert(3)>", "'><iframe src=//evil.example>",
            "--><b>", "]]></style><style>*{display:none}", "&lt;script&gt;", "&#x3c;script&#x3e;", "</title><script>alert(4)</script>", "\u202e\u2066x\x1b[31m\x00\x07"]


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:900] for m in more])


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.odd, self.stack, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.odd += [tag] * (tag not in TAGS) + [f"{tag} {k}={v}" for k, v in attrs if k not in ATTRIBUTES or (k == "class" and v not in CLASSES)]
        if tag != "meta":
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.odd.append(f"/{tag} out of order")

    def handle_comment(self, data):
        self.odd.append(f"comment {data}")

    def handle_data(self, data):
        if self.stack[-1:] != ["style"]:
            self.text.append(data)


def read(page):
    r = Reader()
    r.feed(page)
    r.close()
    return r


def wheel(path, name, version, files, requires=()):
    meta = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {r}\n" for r in requires)
    with zipfile.ZipFile(path, "w") as z:
        for n, text in {**files, "reef-1.0.dist-info/METADATA": meta}.items():
            z.writestr(n, text)
    return path


def page_of(program, *paths):
    r = subprocess.run([program, "capabilities", "--format", "html", *map(str, paths)], capture_output=True, timeout=120)
    return r.stdout.decode("utf-8"), r.returncode


def stands_alone(page, what):
    r = read(page)
    check(page.startswith("<!doctype html>") and not r.odd and not r.stack, f"{what}: only the tags of the writer, each closed", r.odd[:6], r.stack)
    low = page.lower()
    style = page[page.index("<style>"):page.index("</style>")]
    check("url(" not in style and "@import" not in style and "default-src 'none'" in low, f"{what}: nothing is loaded")
    check("<script" not in low and page.count("<style") == 1, f"{what}: no script")
    check(not any(c in page for c in "\u202e\u2066\x1b\x00\x07"), f"{what}: no control or bidi characters")
    return "".join(r.text)


def hostile(program, tmp):
    for i, bad in enumerate(BREAKERS):
        one_line = bad.replace("\x00", "")
        code = f"import os, urllib.request\nos.system({bad!r})  # {one_line}\nurllib.request.urlopen('http://h.example/' + {bad!r})\nopen({bad!r}, 'w').write(os.environ['A'])\n"
        member = one_line.replace("/", "_")
        w = wheel(tmp / f"reef-1.0-{i}-py3-none-any.whl", f"reef{one_line}", f"1.0{one_line}",
                  {"reef/__init__.py": code, f"reef/{member}.py": code, f"reef/{member}.bin": "\x7fELF"}, [f"dep{one_line}>=1{one_line}"])
        page, status = page_of(program, w)
        text = stands_alone(page, f"breaker {i}")
        check(status == 0 and "runs a command through a shell" in text, f"breaker {i}: it is a page", status)
        visible = bad.split("\u202e")[0] or "\\x1b"
        check(visible in text, f"breaker {i}: shown as the text it is", visible, text[:600])
    named = tmp / "<script>alert(5)</script>&\"'.whl"
    os.rename(tmp / "reef-1.0-0-py3-none-any.whl", tmp / "x.whl")
    odd = tmp / named.name.replace("/", "_")
    wheel(odd, "reef", "1.0", {"reef/__init__.py": "import os\nos.system('ls')\n"})
    stands_alone(page_of(program, odd, tmp / "x.whl")[0], "a file name, two artifacts")


def plain(program, tmp):
    w = wheel(tmp / "reef-1.0-py3-none-any.whl", "reef", "1.0", {"reef/__init__.py": "import os\nX = 1\nos.system('ls -l')\n"})
    page, status = page_of(program, w)
    text = stands_alone(page, "plain")
    check(status == 0 and all(x in text for x in ("reef", "1.0", "when it is imported", "exec.shell", "reef/__init__.py:3", "os.system('ls -l')")), "what it says", text)
    quiet = wheel(tmp / "calm-1.0-py3-none-any.whl", "calm", "1.0", {"calm/__init__.py": "X = 1\n"})
    check("nothing but compute" in stands_alone(page_of(program, quiet)[0], "quiet"), "nothing to say")
    page, status = page_of(program, tmp / "none.whl")
    check(status == 2, "a file that is not there", status)
    stands_alone(page, "no artifact at all")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    program = os.path.abspath(ap.parse_args().tidewaiter)
    for test in (plain, hostile):
        with tempfile.TemporaryDirectory() as folder:
            test(program, Path(folder))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
