#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""House rules that a machine can check: layers, banned functions, SPDX lines, sizes, formatting, host names.

Prints each breach as file:line: rule, then `N passed, N failed` (one check a file and rule)."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES, MAX_FUNCTION = 800, 80
BANNED_EVERYWHERE = r"strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|alloca|system|popen|tmpnam|mktemp"
# (path prefix, may use) — everything else may not.
BANNED = [
    ("outside src/base", r"malloc|calloc|realloc|free|strdup|strndup", lambda p: p.startswith("src/") and not p.startswith("src/base/")),
    ("in the engine", r"time|clock|clock_gettime|gettimeofday|rand|random|srand|getenv|setlocale|printf|fprintf|puts|fopen|open|socket",
     lambda p: p.startswith(("src/base/", "src/engine/", "src/ecosystems/")) and not re.search(r"src/base/(os|buf|arena|err)\.c|artifact/pack\.c|/svc_", p)),
    ("outside cli and service", r"printf|fprintf|perror", lambda p: p.startswith(("src/base/", "src/engine/", "src/ecosystems/")) and "/svc_" not in p),
]
# Registry addresses are configuration; the pieces are joined here so that this file does not name one either.
HOSTS = re.compile("|".join(re.escape(a + b) for a, b in [
    ("pypi.", "org"), ("python", "hosted.org"), ("registry.npm", "js.org"), ("npm", "js.com"), ("crates.", "io"),
    ("rubygems.", "org"), ("proxy.golang", ".org"), ("repo.maven", ".apache.org"), ("repo1.", "maven.org")]))


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [p for p in out.splitlines() if (ROOT / p).is_file()]


def code_only(text):
    """Blanks comments and string literals, keeping line numbers."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def read_layers():
    layers = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            room, allowed = line.split(":")
            layers[room] = allowed.split()
    return layers


def check_layers(path, text, layers):
    if "/svc_" in path and path.startswith("src/ecosystems"):
        room = "src/ecosystems/svc"
    else:
        room = max((r for r in layers if path.startswith(r)), key=len, default=None)
    if room is None:
        return
    own = room.removeprefix("src/").removesuffix(".h")
    for n, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not m or "/" not in m.group(1):
            continue
        target = m.group(1)
        if not any(target.startswith(a) for a in layers[room] + [own]):
            yield n, f"layer: {room} may not include {target}"


def check_banned(path, code):
    rules = [("anywhere", BANNED_EVERYWHERE, lambda p: p.startswith(("src/", "fuzz/", "include/")))] + BANNED
    for where, names, applies in rules:
        if not applies(path):
            continue
        for m in re.finditer(rf"(?<![\w.>])({names})\s*\(", code):
            yield code.count("\n", 0, m.start()) + 1, f"banned {where}: {m.group(1)}()"


def check_sizes(path, text):
    lines = text.splitlines()
    if len(lines) > MAX_LINES and not path.endswith((".def", ".tsv")):
        yield 1, f"size: {len(lines)} lines, at most {MAX_LINES}"
    start = None
    for n, line in enumerate(lines, 1):
        if line == "{":
            start = n
        elif line == "}" and start:
            if n - start > MAX_FUNCTION:
                yield start, f"size: a function of {n - start} lines, at most {MAX_FUNCTION}"
            start = None


def check_format(paths):
    bad = []
    for i in range(0, len(paths), 50):
        out = subprocess.run(["clang-format-16", "--dry-run", *paths[i:i + 50]], cwd=ROOT, capture_output=True, text=True).stderr
        bad += re.findall(r"^([^:\s]+):(\d+):\d+: warning: code should be", out, re.M)
    first = {}
    for path, line in bad:
        first.setdefault(path, int(line))
    return first


def check_ids():
    """Findings are stored by number: what is locked keeps its place, what is new comes last and is locked too."""
    names = re.findall(r'^FINDING\(\w+, "([^"]+)"', (ROOT / "src/engine/findings.def").read_text(), re.M)
    locked = [x for x in (ROOT / "tests/ids.lock").read_text().splitlines() if not x.startswith("#")]
    if len(set(names)) != len(names):
        yield "ids: a finding's name stands twice"
    if names != locked:
        yield "ids: tests/ids.lock and findings.def differ (append at the end, in both)"


def main():
    breaches, checked = [], 0
    breaches += [("src/engine/findings.def", 1, why) for why in check_ids()]
    layers = read_layers()
    paths = tracked()
    for path in paths:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            if not path.startswith(("fuzz/corpus/", "tests/golden/")):
                breaches.append((path, 1, "binary: only fuzz corpora and fixtures hold bytes that are no text"))
            continue
        checked += 1
        for m in HOSTS.finditer(text):
            breaches.append((path, text.count("\n", 0, m.start()) + 1, f"host: names a public registry: {m.group()}"))
        if path.endswith((".c", ".h", ".py", ".sh", ".cmake", ".def")) and "SPDX-License-Identifier: Apache-2.0" not in text[:400] \
                and not path.startswith(("tests/golden/", "demo/", "fuzz/corpus/", "bench/drift/payloads/")):
            breaches.append((path, 1, "spdx: no SPDX line"))
        if path.endswith((".c", ".h")) and not path.startswith(("tests/golden/", "fuzz/corpus/")):
            checked += 3
            code = code_only(text)
            breaches += [(path, n, why) for n, why in check_layers(path, text, layers)]
            breaches += [(path, n, why) for n, why in check_banned(path, code)]
            breaches += [(path, n, why) for n, why in check_sizes(path, text)]
    sources = [p for p in paths if p.endswith((".c", ".h")) and not p.startswith(("tests/golden/", "fuzz/corpus/"))]
    checked += len(sources)
    breaches += [(p, n, "format: run `make format`") for p, n in check_format(sources).items()]
    for path, n, why in breaches:
        print(f"{path}:{n}: {why}")
    failed = len({(p, w.split(":")[0]) for p, _, w in breaches})
    print(f"{checked - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
