# SPDX-License-Identifier: Apache-2.0
"""Crafted compressed streams, archives within archives, bombs, and content that is not what its name says."""
import bz2
import lzma

import tarform as t
import zipform as z
from row import A, B, EVIL, M, Row, files

AB = {"p/a.py": A, "p/b.py": B}
TAR = t.simple(AB)
ZEROS = 70 << 20


def row(name, file, data, *rest, **kw):
    return Row(name, file, data, *rest, **kw)


def tgz(name, data, *rest, **kw):
    return Row("tar.gz " + name, "t.tar.gz", data, *rest, **kw)


def gzips():
    whole = t.gzip(TAR)
    bad_end = [("archive.bad-checksum", "archive.bad-data")]
    return [
        tgz("plain", whole, files(AB), clean=True, fmt="tar.gz"),
        tgz("stored blocks", t.gzip(TAR, level=0), files(AB), clean=True),
        tgz("all header fields", t.gzip(TAR, extra=b"ab\x02\0zz", name="t.tar", comment="made", header_crc=True), files(AB), clean=True),
        tgz("text flag", t.gzip(TAR, flags=1), files(AB), clean=True),
        tgz("cut into two gzip members", t.gzip(TAR[:700]) + t.gzip(TAR[700:]), files(AB), ["gzip.several-members"]),
        tgz("empty gzip member behind", whole + t.gzip(b""), files(AB), ["gzip.several-members"]),
        tgz("second archive in a gzip member", whole + t.gzip(t.simple({"p/c.py": EVIL})), files(AB) + [M("p/c.py", EVIL, "hidden")], ["gzip.several-members", "tar.data-after-end"]),
        tgz("bytes behind", whole + b"garbage behind the end", files(AB), ["archive.trailing-data"]),
        tgz("zeros behind", whole + bytes(64), files(AB)),
        tgz("wrong CRC", t.gzip(TAR, crc=1), [M("p/a.py", A, ""), M("p/b.py", B, "")], bad_end, more=True),
        tgz("wrong length", t.gzip(TAR, isize=5), [M("p/a.py", A), M("p/b.py", B)], [("archive.size-lie", "archive.bad-checksum", "archive.bad-data")], more=True),
        tgz("reserved flags", t.gzip(TAR, flags=0xE0), [], ["gzip.header"], more=True),
        tgz("encryption flag of old gzip", t.gzip(TAR, flags=0x20), [], ["gzip.header"], more=True),
        tgz("wrong header CRC", t.gzip(TAR, header_crc=True, bad_header_crc=True), files(AB), ["gzip.header"], more=True),
        tgz("unknown method", t.gzip(TAR, method=7), [], [("gzip.header", "archive.damaged", "archive.unsupported")], more=True),
        tgz("cut in the data", whole[:len(whole) // 2], [], ["archive.truncated"], more=True),
        tgz("cut in the trailer", t.gzip(TAR, cut=3), [M("p/a.py", A), M("p/b.py", B)], ["archive.truncated"], more=True),
        tgz("damaged data", whole[:60] + bytes([whole[60] ^ 0x55]) + whole[61:], [], [("archive.bad-data", "archive.bad-checksum", "tar.bad-header", "archive.truncated")], more=True),
        row("gz of one file", "a.py.gz", t.gzip(A, name="a.py"), [M(None, A)], fmt="gz", more=True),
        row("gz of a climbing name", "a.gz", t.gzip(A, name="../../a.py"), [M(None, A)], more=True),
        row("gz in gz", "t.gz.gz", t.gzip(t.gzip(TAR)), [M(None, A), M(None, B)], more=True,
            exempt={"bsdtar": "unwraps both layers at once; for us it is an archive in an archive"}),
        row("empty gz", "e.gz", t.gzip(b""), [], more=True),
    ]


def others():
    bz, xz = bz2.compress(TAR), lzma.compress(TAR)
    half = len(TAR) // 2 // 512 * 512 + 100
    flipped = bytearray(xz)
    flipped[len(xz) // 2] ^= 0x10
    zs = t.zstd(TAR)
    trunc, several, trail = ["archive.truncated"], ["archive.several-streams"], ["archive.trailing-data"]
    return [
        row("tar.bz2 plain", "t.tar.bz2", bz, files(AB), clean=True, fmt="tar.bz2"),
        row("tar.bz2 two streams", "t.tar.bz2", bz2.compress(TAR[:half]) + bz2.compress(TAR[half:]), files(AB), several),
        row("tar.bz2 bytes behind", "t.tar.bz2", bz + b"garbage behind", files(AB), trail),
        row("tar.bz2 cut", "t.tar.bz2", bz[:len(bz) // 2], [], trunc, more=True),
        row("tar.bz2 wrong CRC", "t.tar.bz2", bz[:10] + bytes([bz[10] ^ 1]) + bz[11:], [], [("archive.bad-checksum", "archive.bad-data")], more=True),
        row("tar.xz plain", "t.tar.xz", xz, files(AB), clean=True, fmt="tar.xz"),
        row("tar.xz two streams", "t.tar.xz", lzma.compress(TAR[:half]) + lzma.compress(TAR[half:]), files(AB), several),
        row("tar.xz stream padding", "t.tar.xz", xz + bytes(8), files(AB), never=["archive.bad-data"]),
        row("tar.xz without a check", "t.tar.xz", lzma.compress(TAR, check=lzma.CHECK_NONE), files(AB), clean=True),
        row("tar.xz with SHA-256", "t.tar.xz", lzma.compress(TAR, check=lzma.CHECK_SHA256), files(AB), clean=True),
        row("tar.xz bytes behind", "t.tar.xz", xz + b"garbage behind", files(AB), trail),
        row("tar.xz cut", "t.tar.xz", xz[:len(xz) // 2], [], trunc, more=True),
        row("tar.xz damaged", "t.tar.xz", bytes(flipped), [], [("archive.bad-data", "archive.bad-checksum")], more=True),
        row("tar.lzma", "t.tar.lzma", lzma.compress(TAR, lzma.FORMAT_ALONE), files(AB)),
        row("tar.zst raw blocks", "t.tar.zst", zs, files(AB), clean=True, fmt="tar.zst|tar.zstd"),
        row("tar.zst two frames", "t.tar.zst", t.zstd(TAR[:half]) + t.zstd(TAR[half:]), files(AB), several),
        row("tar.zst skippable frame in front", "t.tar.zst", t.zstd_skippable(b"skip me") + zs, files(AB), more=True),
        row("tar.zst skippable frame behind", "t.tar.zst", zs + t.zstd_skippable(b"skip me"), files(AB), more=True),
        row("tar.zst bytes behind", "t.tar.zst", zs + b"garbage behind", files(AB), trail),
        row("tar.zst cut", "t.tar.zst", zs[:len(zs) // 2], [], trunc, more=True),
        row("tar.zst small blocks", "t.tar.zst", t.zstd(TAR, block=100), files(AB), clean=True),
        row("tar.zst wrong content size", "t.tar.zst", t.zstd(TAR, size=10), [], [("archive.bad-data", "archive.size-lie")], more=True),
    ]


def lies():
    zp = z.simple({"p/a.py": A, "p/b.py": B})
    elf = b"\x7fELF\x02\x01\x01" + bytes(200)
    pe = b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(200)
    lie = ["archive.type-lie"]
    return [
        row("zip named tar.gz", "t-1.0.tar.gz", zp, files(AB), lie, fmt="zip"),
        row("tar.gz named zip", "t-1.0.zip", t.gzip(TAR), files(AB), lie, fmt="tar.gz"),
        row("tar.xz named tar.gz", "t-1.0.tar.gz", lzma.compress(TAR), files(AB), lie, fmt="tar.xz"),
        row("tar named tar.gz", "t-1.0.tar.gz", TAR, files(AB), lie, fmt="tar"),
        row("tar named whl", "t-1.0-py3-none-any.whl", TAR, files(AB), lie, fmt="tar"),
        row("text named whl", "t-1.0-py3-none-any.whl", A, [], [("archive.damaged", "archive.type-lie")], more=True),
        row("single file", "a.py", A, [M("a.py", A)], fmt="file"),
        row("empty file", "t.tar.gz", b"", [], more=True),
        row("program named .py", "t.zip", z.simple({"a.py": elf, "b.py": pe, "c.py": B}), files({"a.py": elf, "b.py": pe, "c.py": B}), lie),
        row("archive named .png", "t.tar.gz", t.gzip(t.simple({"p/logo.png": zp})), [M("p/logo.png", zp, "container"), M("p/logo.png!/p/a.py", A), M("p/logo.png!/p/b.py", B)], lie + ["archive.nested"]),
        row("archive named .txt", "t.zip", z.simple({"r.txt": t.gzip(TAR)}), [M("r.txt", t.gzip(TAR), "container"), M(None, A), M(None, B)], lie, more=True),
        row("other archives", "t.zip", z.simple({"a.7z": b"7z\xbc\xaf\x27\x1c" + bytes(60), "b.rar": b"Rar!\x1a\x07\x01\0" + bytes(60), "c.cab": b"MSCF" + bytes(60)}),
            [M("a.7z"), M("b.rar"), M("c.cab")], ["archive.unsupported"], more=True),
    ]


def deep(levels, make=z.simple, name="n.zip"):
    data = make({"core.py": EVIL})
    for _ in range(levels):
        data = make({name: data})
    return data


def nested():
    zp = z.simple({"p/a.py": A, "p/b.py": B})
    stored = lambda d: z.build([z.Entry(n, x, z.STORED) for n, x in d.items()])
    core = "n.zip!/n.zip!/n.zip!/core.py"
    zeros = lambda: bytes(ZEROS)
    return [
        row("zip in zip", "t.zip", z.simple({"in.zip": zp}), [M("in.zip", zp, "container"), M("in.zip!/p/a.py", A), M("in.zip!/p/b.py", B)], ["archive.nested"]),
        row("tar.gz in zip", "t.zip", z.simple({"in.tgz": t.gzip(TAR)}), [M("in.tgz", t.gzip(TAR), "container"), M("in.tgz!/p/a.py", A), M("in.tgz!/p/b.py", B)], ["archive.nested"], more=True),
        row("zip in tar.gz", "t.tar.gz", t.gzip(t.simple({"p/in.zip": zp})), [M("p/in.zip", zp, "container"), M("p/in.zip!/p/a.py", A), M("p/in.zip!/p/b.py", B)], ["archive.nested"]),
        row("tar.xz in tar.bz2", "t.tar.bz2", bz2.compress(t.simple({"p/in.txz": lzma.compress(TAR)})), [M("p/in.txz"), M("p/in.txz!/p/a.py", A), M("p/in.txz!/p/b.py", B)], ["archive.nested"], more=True),
        row("gz of a script in zip", "t.zip", z.simple({"a.py.gz": t.gzip(EVIL)}), [M("a.py.gz"), M(None, EVIL)], more=True),
        row("behind a nested archive", "t.zip", z.simple({"in.zip": zp, "z.py": EVIL}), [M("in.zip"), M("in.zip!/p/a.py", A), M("in.zip!/p/b.py", B), M("z.py", EVIL)]),
        row("four deep", "t.zip", deep(3), [M(core, EVIL)], more=True),
        row("twenty deep", "t.zip", deep(20), [M("n.zip")], more=True, limit="depth"),
        row("twenty deep, tar.gz", "t.tar.gz", deep(20, lambda d: t.gzip(t.simple(d)), "n.tgz"), [M("n.tgz")], more=True, limit="depth"),
        row("thirty times gzip", "t.gz", thirty_gzips, [], more=True, limit="depth"),
        row("hidden member of a nested archive", "t.zip", z.simple({"in.zip": z.build([z.Entry("a.py", A), z.Entry("b.py", EVIL, no_central=True)])}),
            [M("in.zip"), M("in.zip!/a.py", A), M("in.zip!/b.py", EVIL, "hidden")], ["zip.not-in-directory"]),
        row("damaged nested archive", "t.zip", stored({"in.zip": zp[:-30], "b.py": B}), [M("in.zip"), M("b.py", B)], [("zip.no-end-record", "archive.truncated")], more=True),
        row("zeros in bzip2", "t.tar.bz2", lambda: bz2.compress(t.simple({"p/z.bin": zeros(), "p/a.py": A})), [], ["archive.bomb"], more=True, heavy=True),
        row("zeros in zstd", "t.zst", lambda: t.zstd(b"", rle=(0, ZEROS)), [], ["archive.bomb"], more=True, heavy=True),
        row("zeros in xz in zip", "t.zip", lambda: z.simple({"z.xz": lzma.compress(zeros()), "a.py": A}), [M("a.py", A)], ["archive.bomb"], more=True, heavy=True),
        row("zeros in zip in zip", "t.zip", lambda: z.simple({"i.zip": z.simple({"z.bin": zeros()}), "a.py": A}), [M("a.py", A)], ["archive.bomb"], more=True, heavy=True),
    ]


def thirty_gzips():
    data = EVIL
    for _ in range(30):
        data = t.gzip(data)
    return data


def rows():
    return gzips() + others() + lies() + nested()
