#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the Unicode tables of the Python front end against Python: names whose normal form is ASCII, \\N{...}, and
every encoding of PEP 263 that this Python has. compare_ast.py runs it too. check_unicode.py --tidewaiter build/tidewaiter"""
import argparse
import encodings.aliases
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

# Text encodings that are no superset of ASCII, keep state, or belong to one system: their files are OPAQUE.
NOT_READ = ("utf_16", "utf_32", "iso2022", "hz", "idna", "punycode", "cp037", "cp1026", "cp1140", "cp273", "cp424", "cp500",
            "cp875", "cp864", "big5hkscs", "euc_jis", "shift_jis_2004", "shift_jisx", "shift_jis_", "johab", "mbcs", "oem", "undefined",
            "mac_arabic", "mac_centeuro", "cp65001")


def lowered(program, data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.py")
        with open(path, "wb") as f:
            f.write(data)
        out = subprocess.run(program + ["--format", "facts", path], stdout=subprocess.PIPE, check=True).stdout
    return out.decode("utf-8", "replace").split("\n")


def strings(lines):
    return [bytes.fromhex(line.split("\t")[3]) for line in lines if line.startswith("str\t")]


def ascii_forms():
    """Characters that may stand in a name and that NFKC makes ASCII."""
    for cp in range(0x80, 0x110000):
        c = chr(cp)
        n = unicodedata.normalize("NFKC", c)
        if n != c and n.isascii() and n.isidentifier() | n.isdigit() and ("a" + c).isidentifier():
            yield c, n


def check_forms(program):
    forms = list(ascii_forms())
    lines = lowered(program, "".join("a%s()\n" % c for c, _ in forms).encode())
    got = [line.split("\t")[3] for line in lines if line.startswith("call\t")]
    want = ["a" + n for _, n in forms]
    bad = [(w, g) for w, g in zip(want, got) if w != g]
    for w, g in bad[:5]:
        print("normal form: want %r, got %r" % (w, g))
    return len(forms), len(bad) + abs(len(want) - len(got))


def check_names(program):
    """Every name of the Basic Multilingual Plane and of the symbols beyond; the rest is right or kept as written."""
    named = [(c, unicodedata.name(c)) for c in map(chr, range(0x20, 0x32000)) if unicodedata.name(c, "")]
    got = strings(lowered(program, "".join("'\\N{%s}'\n" % n for _, n in named).encode()))
    bad = []
    for (c, n), g in zip(named, got):
        may_keep = 0x10000 <= ord(c) < 0x1d100 or 0x1d800 <= ord(c) < 0x1f000 or 0x1fb00 <= ord(c) < 0x20000 or ord(c) >= 0x2f800
        if g != c.encode() and not (may_keep and g == ("\\N{%s}" % n).encode()):
            bad.append((n, g))
    for n, g in bad[:5]:
        print("name: %s gave %r" % (n, g))
    return len(named), len(bad) + abs(len(named) - len(got))


def text_in(name, r):
    """Every character of an encoding, in an order of chance."""
    chars = []
    for cp in [*range(0xa0, 0x3400), *range(0x4e00, 0xd800), *range(0xf900, 0x10000), 0x1f600, 0x20000]:
        try:
            raw = chr(cp).encode(name)
            if raw.decode(name) == chr(cp) and len(raw) <= 4:
                chars.append(chr(cp))
        except UnicodeError:
            continue
    r.shuffle(chars)
    return "".join(chars)


def three_bytes(name, c):
    return name in ("euc_jp",) and len(c.encode(name)) == 3


def four_bytes(name, c):
    return name == "gb18030" and len(c.encode(name)) == 4 and ord(c) < 0x10000


def check_encodings(program):
    """Each encoding that decodes ASCII as ASCII: a string of all its characters comes out as it went in."""
    r, n, bad = random.Random(1), 0, 0
    for name in sorted(set(encodings.aliases.aliases.values()) | {"cp720", "cp737", "cp856", "cp874", "koi8_u", "koi8_t"}):
        if name.startswith(NOT_READ):
            continue
        try:
            if bytes(range(32, 127)).decode(name) != bytes(range(32, 127)).decode() and name != "utf_7":
                continue
        except (LookupError, UnicodeError):
            continue
        text = "".join(c for c in text_in(name, r) if not three_bytes(name, c) and not four_bytes(name, c))
        source = "# coding: %s\nx = '%s'\n" % (name, text)
        got = strings(lowered(program, source.encode(name)))
        n += 1
        if got != [text.encode()]:
            bad += 1
            shown = got[0].decode("utf-8", "replace") if got else ""
            first = next((i for i, (a, b) in enumerate(zip(text, shown)) if a != b), -1)
            print("encoding: %s: %d strings, differs at %d: %r, want %r" % (name, len(got), first, shown[first:first + 3], text[first:first + 3]))
    return n, bad


def check(tidewaiter):
    """(checked, wrong)"""
    program = [tidewaiter, "ir", "--language", "python"]
    results = [check_forms(program), check_names(program), check_encodings(program)]
    return sum(r[0] for r in results), sum(r[1] for r in results)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--tidewaiter", required=True)
    n, wrong = check(ap.parse_args().tidewaiter)
    print("%d passed, %d failed" % (n - wrong, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
