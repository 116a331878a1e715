#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The public header compiles alone as C99 and as C++, and every function it declares is exported and documented."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEADER = ROOT / "include/tidewaiter/tidewaiter.h"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}"]
COMPILERS = [["gcc", "-std=c99", "-xc", "-Wstrict-prototypes"], ["g++", "-std=c++11", "-xc++"], ["clang-16", "-std=c99", "-xc"], ["clang++-16", "-std=c++20", "-xc++"]]


def main():
    passed = failed = 0

    def check(ok, what):
        nonlocal passed, failed
        passed, failed = passed + bool(ok), failed + (not ok)
        if not ok:
            print("FAILED", what)

    with tempfile.TemporaryDirectory() as tmp:
        alone = Path(tmp) / "alone.c"
        alone.write_text('#include <tidewaiter/tidewaiter.h>\n#include <tidewaiter/tidewaiter.h>\n'
                         'const char *(*version)(void) = tidewaiter_version;\n')
        for compiler in COMPILERS:
            r = subprocess.run([*compiler, *STRICT, str(alone)], capture_output=True, text=True)
            check(r.returncode == 0, " ".join(compiler) + ": " + r.stderr[:500])
        broken = Path(tmp) / "broken.c"  # the check has teeth
        broken.write_text('#include <tidewaiter/tidewaiter.h>\nint (*version)(void) = tidewaiter_version;\n')
        check(subprocess.run([*COMPILERS[0], *STRICT, str(broken)], capture_output=True).returncode != 0, "a wrong use must not compile")
    text = HEADER.read_text()
    names = re.findall(r"TIDEWAITER_API\s+[\w ]+?\*?\s*\*?(tidewaiter_\w+)\(", text)
    check(8 <= len(names) <= 14, f"about ten functions: {len(names)}")
    source = (ROOT / "src/engine/api.c").read_text()
    for name in names:
        check(re.search(rf"\b{name}\(", source), f"{name} is defined in src/engine/api.c")
        check(re.search(rf"\*/\s*TIDEWAITER_API[^;]*\b{name}\(", text), f"{name} has a contract above it")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
