#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiled files made to hurt: tables that overlap, sections that all cover the file, texts of nothing but marks. Each must be read
at --min-speed MB/s at least, and say what it cut. Ends with `N passed, N failed`."""
import argparse
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def wasm(body):
    return b"\0asm\2\0\0\0" + body


def pe(size, wide_text=False):
    """Every descriptor names the same long run of thunks; each thunk is the same name."""
    blob = bytearray(size)
    blob[:2] = b"MZ"
    struct.pack_into("<I", blob, 60, 0x80)
    blob[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<HH12xHH", blob, 0x84, 0x8664, 1, 240, 2)
    struct.pack_into("<H", blob, 0x98, 0x20B)
    struct.pack_into("<I", blob, 0x98 + 60, 0x400)
    struct.pack_into("<I", blob, 0x98 + 108, 16)
    struct.pack_into("<II", blob, 0x98 + 112 + 8, 0x1000, 0x100)
    struct.pack_into("<8sIIII12xI", blob, 0x98 + 240, b".text", size, 0x1000, size - 0x400, 0x400, 0x60000020)
    for i in range(1000):
        struct.pack_into("<I8xII", blob, 0x400 + 20 * i, 0x9000, 0x8000, 0x9000)
    name = 0x400 + 0x8000 - 0x1000
    blob[name:name + 6] = b"\0\0x.dll"
    thunks = 0x400 + 0x9000 - 0x1000
    for at in range(thunks, size - 8, 8):
        struct.pack_into("<Q", blob, at, 0x8000)
    return bytes(blob)


def elf(size, sections):
    """Every section is executable and the whole file."""
    blob = bytearray((i * 7 + (i >> 8)) & 0xFF for i in range(65536)) * (size // 65536)
    table = size - 64 * sections
    struct.pack_into("<16sHHIQQQIHHHHHH", blob, 0, b"\x7fELF\2\1\1", 3, 62, 1, 0, 0, table, 0, 64, 56, 0, 64, sections, 0)
    for i in range(sections):
        struct.pack_into("<IIQQQQIIQQ", blob, table + 64 * i, 0, 1, 6, 0, 0, size, 0, 0, 1, 0)
    return bytes(blob)


def symbols(size):
    """As many symbols as fit, with names that never end."""
    blob = bytearray(b"A" * size)
    count = (size // 2) // 24
    blob[:0x1000] = bytes(0x1000)
    struct.pack_into("<16sHHIQQQIHHHHHH", blob, 0, b"\x7fELF\2\1\1", 3, 62, 1, 0, 0x40, 0, 0, 64, 56, 2, 64, 0, 0)
    struct.pack_into("<IIQQQQQQ", blob, 0x40, 1, 5, 0, 0, 0, size, size, 1)
    struct.pack_into("<IIQQQQQQ", blob, 0x78, 2, 6, 0x200, 0x200, 0x200, 0x100, 0x100, 1)
    for i, pair in enumerate([(5, size // 2), (6, 0x1000), (10, size // 2), (4, 0x400), (0, 0)]):
        struct.pack_into("<QQ", blob, 0x200 + 16 * i, *pair)
    struct.pack_into("<II", blob, 0x400, 1, count)
    for i in range(count - 200):
        struct.pack_into("<IBBHQQ", blob, 0x1000 + 24 * i, i % (size // 2), 0x12, 0, 0, 0, 0)
    return bytes(blob)


def cases(size):
    for name, unit in (("slashes", b"/"), ("backslashes", b"\\"), ("places", b"/e"), ("folders", b"/.a"), ("addresses", b"://"),
                       ("schemes", b"http://"), ("crates", b"/registry/src/"), ("percent", b"%appdata"), ("home", b"~/"), ("printable", b"x"),
                       ("zeros", b"\0"), ("go", b"\xff Go buildinf:"), ("rust", b"rustc version "), ("table", b"\xf1\xff\xff\xff\0\0\1\x08")):
        yield name, wasm(unit * (size // len(unit)))
    for name, unit in (("wide slashes", "\\"), ("wide folders", "/.a"), ("wide addresses", "://")):
        yield name, pe(1 << 20) + (unit * (size // len(unit) // 2)).encode("utf-16-le")
    yield "overlapping imports", pe(size)
    yield "overlapping sections", elf(size, 1000)
    yield "names without end", symbols(size)
    fat = b"\xca\xfe\xba\xbe" + struct.pack(">I", 16) + b"".join(struct.pack(">5I", 7, 3, 4096, size - 4096, 0) for _ in range(16))
    yield "the same slice", fat.ljust(4096, b"\0") + struct.pack("<8I", 0xFEEDFACF, 7, 3, 6, 65536, 1 << 20, 0, 0) + struct.pack("<2I", 2, 8) * (size // 8 - 600)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--tidewaiter", help="beside it bench_native is looked for")
    p.add_argument("--native", help="bench_native itself")
    p.add_argument("--mb", type=int, default=16)
    p.add_argument("--min-speed", type=float, default=8)
    args = p.parse_args()
    places = [args.native, Path(args.tidewaiter or ".").parent / "bench_native", ROOT / "build/release/bench_native"]
    native = next((str(x) for x in places if x and Path(x).exists()), None)
    if not native:
        subprocess.run(["ninja", "-C", ROOT / "build/release", "bench_native"], stdout=subprocess.DEVNULL, check=True)
        native = str(ROOT / "build/release/bench_native")
    passed = failed = 0
    for name, data in cases(args.mb << 20):
        with tempfile.NamedTemporaryFile() as f:
            f.write(data)
            f.flush()
            try:
                done = subprocess.run([native, f.name], capture_output=True, timeout=120)
                out = json.loads(done.stdout)
            except (subprocess.TimeoutExpired, ValueError):
                out = {"files": 0, "mb_s": 0}
        good = out["files"] == 1 and out["mb_s"] >= args.min_speed
        passed += good
        failed += not good
        print(f"{'' if good else 'FAILED '}{name}: {out['mb_s']:.0f} MB/s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
