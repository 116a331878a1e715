# SPDX-License-Identifier: Apache-2.0
"""Crafted tar archives: the dialects, headers that contradict each other, links, ends."""
import unicodedata

import tarform as t
from row import A, B, C, EVIL, M, Row, files
from tarform import archive, member

AB = {"p/a.py": A, "p/b.py": B}
OVERRIDE = "tar.override-mismatch"


def row(name, data, *rest, **kw):
    return Row("tar " + name, "t.tar", data, *rest, **kw)


def a(**kw):
    return member("p/a.py", A, **kw)


def b(**kw):
    return member("p/b.py", B, **kw)


def dialects():
    long = "p/" + "deep/" * 30 + "a.py"
    half = "p/" + "d" * 60
    return [
        row("ustar", archive(a(), b()), files(AB), clean=True, fmt="tar"),
        row("GNU", archive(a(magic=t.GNU), b(magic=t.GNU)), files(AB), clean=True, fmt="tar"),
        row("v7, no magic", archive(a(magic=t.V7, kind=b"\0"), b(magic=t.V7, kind=b"\0")), files(AB), clean=True, fmt="tar"),
        row("ustar prefix", archive(member("a.py", A, prefix=half), b()), files({half + "/a.py": A, "p/b.py": B}), clean=True),
        row("name of 100 bytes without end", archive(member("n" * 97 + ".py", A)), files({"n" * 97 + ".py": A}), clean=True),
        row("prefix of 155 bytes without end", archive(member("a.py", A, prefix="q" * 155)), files({"q" * 155 + "/a.py": A}), clean=True),
        row("GNU long name", archive(t.gnu_long(long), member(long, A, magic=t.GNU), b(magic=t.GNU)), files({long: A, "p/b.py": B}), clean=True),
        row("GNU long link", archive(t.gnu_long(long, b"K"), member("p/l", b"", b"2", link=long, magic=t.GNU), member(long[:100], A)),
            [M("p/l", kind="symlink", link=long), M(long[:100], A)], ["archive.link"], ["archive.link-out"]),
        row("pax path", archive(t.pax({"path": long}), member(long, A), b()), files({long: A, "p/b.py": B}), clean=True),
        row("pax path not ASCII", archive(t.pax({"path": "p/caf\u00e9.py"}), member(b"p/caf?.py", A)), files({"p/caf\u00e9.py": A}), never=["archive.bad-name"]),
        row("pax link path", archive(t.pax({"linkpath": long}), member("p/l", b"", b"2", link="short"), a()), [M("p/l", kind="symlink", link=long), M("p/a.py", A)], ["archive.link"]),
        row("pax size", archive(t.pax({"size": str(len(A))}), a(), b()), files(AB), clean=True),
        row("pax times and owners", archive(t.pax({"mtime": "1650000000.5", "uname": "me", "uid": "1000"}), a(), b()), files(AB), clean=True),
        row("global pax", archive(t.pax({"comment": "built"}, b"g"), a(), b()), files(AB), clean=True),
        row("base-256 size", archive(a(size=t.base256(len(A), 12)), b()), files(AB), clean=True),
        row("base-256 time and owner", archive(a(uid=t.base256(1 << 22, 8), mtime=t.base256(1 << 40, 12)), b()), files(AB), clean=True),
        row("directories", archive(member("p/", b"", b"5", mode=0o755), a(), b()), files(AB), clean=True),
        row("v7 directory by its slash", archive(member("p/", b"", b"\0", magic=t.V7), a(), b()), files(AB), clean=True),
        row("contiguous file", archive(member("p/a.py", A, b"7"), b()), files(AB)),
        row("padding to ten kilobytes", archive(a(), b(), end=bytes(20 * 512)), files(AB), clean=True),
        row("empty member", archive(member("p/a.py", b""), b()), files({"p/a.py": b"", "p/b.py": B}), clean=True),
        row("octal with blanks", archive(a(size=b"%11o " % len(A), mode=b"   644 "), b()), files(AB), clean=True),
        row("empty archive", t.END, [], more=True),
        row("checksum over signed bytes", archive(member("p/\u00e4\u00f6.py", A, signed=True), b()), files({"p/\u00e4\u00f6.py": A, "p/b.py": B}), never=["tar.bad-header"]),
        row("checksum in seven digits", archive(a(chkform=b"%07o\0"), b()), files(AB), clean=True),
    ]


def contradictions():
    big = t.pax({"path": "p/pax.py"})
    return [
        row("pax path against header", archive(big, a()), [M("p/pax.py", A)], never=["archive.parsers-disagree"]),
        row("pax path and GNU long name", archive(t.gnu_long("p/gnu.py"), big, a()), [M("p/gnu.py", A)], [OVERRIDE], more=True),
        row("GNU long name behind pax path", archive(big, t.gnu_long("p/gnu.py"), a()), [M(None, A)], [OVERRIDE], more=True),
        row("two pax headers", archive(t.pax({"path": "p/one.py"}), t.pax({"path": "p/two.py"}), a()), [M(None, A)], [(OVERRIDE, "tar.bad-pax")], more=True),
        row("two GNU long names", archive(t.gnu_long("p/one.py"), t.gnu_long("p/two.py"), a()), [M(None, A)], [OVERRIDE], more=True),
        row("pax path twice in one header", archive(t.pax([("path", "p/one.py"), ("path", "p/two.py")]), a()), [M("p/two.py", A)], more=True),
        row("pax size against header, larger", archive(t.pax({"size": str(len(EVIL) + 512)}), header_then(EVIL)), [M("p/a.py"), M("p/b.py", B)], [OVERRIDE], more=True,
            note="a reader that ignores pax sees another member"),
        row("pax size against header, smaller", archive(t.pax({"size": "10"}), member("p/a.py", A), b()), [M("p/a.py", A[:10]), M("p/b.py", B)], [OVERRIDE], more=True),
        row("pax size zero hides a member", lambda: pax_size_zero(), [M("p/evil.py", EVIL)], [OVERRIDE], more=True),
        row("global pax path", archive(t.pax({"path": "p/all.py"}, b"g"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], [(OVERRIDE, "tar.bad-pax")], more=True),
        row("global pax size", archive(t.pax({"size": "3"}, b"g"), a(), b()), [M("p/a.py", A)], [(OVERRIDE, "tar.bad-pax")], more=True,
            exempt={"tarfile": "a size for all members leaves it without its place"}),
        row("prefix under the GNU magic", archive(member("a.py", A, magic=t.GNU, prefix="evil"), b()), [M(None, A), M("p/b.py", B)], [(OVERRIDE, "tar.bad-header", "archive.parsers-disagree")],
            note="tarfile joins the prefix, libarchive does not"),
        row("prefix without magic", archive(member("a.py", A, magic=t.V7, prefix="evil"), b()), [M(None, A), M("p/b.py", B)], [(OVERRIDE, "tar.bad-header", "archive.parsers-disagree")]),
        row("pax length too long", archive(t.pax(None, raw=b"99 path=p/x.py\n"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax length zero", archive(t.pax(None, raw=b"0 path=p/x.py\n"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax length not a number", archive(t.pax(None, raw=b"x9 path=p/x.py\n"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax record without =", archive(t.pax(None, raw=b"9 pathpp\n"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax record without line end", archive(t.pax(None, raw=b"15 path=p/x.pyz"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax length of 30 digits", archive(t.pax(None, raw=b"9" * 30 + b" path=x\n"), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax size not a number", archive(t.pax({"size": "many"}), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax size negative", archive(t.pax({"size": "-5"}), a(), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.bad-pax"], more=True),
        row("pax size of 2^62", archive(t.pax({"size": str(1 << 62)}), a(), b()), [], [("archive.truncated", OVERRIDE)], more=True),
        row("NUL in a pax path", archive(t.pax({"path": b"p/x.py\0.txt"}), a()), [M(None, A)], ["archive.bad-name"], more=True),
        row("empty pax path", archive(t.pax({"path": ""}), a()), [M("p/a.py", A)], more=True),
        row("pax header and nothing behind", archive(a(), t.pax({"path": "p/x.py"})), [M("p/a.py", A)], more=True),
        row("GNU long name without NUL", archive(t.gnu_long("p/long.py", terminator=b""), a(magic=t.GNU)), [M("p/long.py", A)], more=True),
        row("empty GNU long name", archive(t.gnu_long("", terminator=b""), a(magic=t.GNU)), [M(None, A)], more=True),
    ]


def header_then(data):
    """A header that states 10 bytes, then data and a whole block, as the pax size has it, then b.py."""
    return t.header("p/a.py", 10) + t.padded(data + bytes(512)) + b()


def pax_size_zero():
    """By pax the member is empty and what follows is a member; by the header it is the content."""
    evil = member("p/evil.py", EVIL)
    return archive(t.pax({"size": "0"}), t.header("p/a.txt", len(evil)) + evil, b())


def numbers():
    return [
        row("wrong checksum, second header", archive(a(), b(chksum=b"000001\0 ")), [M("p/a.py", A)], ["tar.bad-header"], more=True),
        row("wrong checksum, first header", archive(a(chksum=b"000001\0 "), b()), [], [("tar.bad-header", "archive.damaged")], more=True),
        row("size field not octal", archive(a(), member("p/x.py", B, size=b"99999999999"), b()), [M("p/a.py", A)], ["tar.bad-header"], more=True),
        row("size negative", archive(a(), member("p/x.py", B, size=t.base256(-512, 12)), b()), [M("p/a.py", A)], ["tar.bad-header"], more=True),
        row("size behind the end", archive(a(), member("p/b.py", B, size=1 << 20)), [M("p/a.py", A), M("p/b.py", None, "damaged")], ["archive.truncated"], more=True),
        row("size of 2^70", archive(a(), member("p/b.py", B, size=b"\x80" + b"\x40" + bytes(10))), [M("p/a.py", A)], [("archive.truncated", "tar.bad-header")], more=True),
        row("owner not a number", archive(a(), b(uid=b"nobody!")), files(AB), ["tar.bad-header"], more=True),
        row("time not a number", archive(a(), b(mtime=b"yesterday!!")), files(AB), ["tar.bad-header"], more=True),
        row("cut within a member", archive(a(), b())[:512 * 3 + 40], [M("p/a.py", A), M("p/b.py", None, "damaged")], ["archive.truncated"]),
        row("cut within a header", archive(a(), b())[:512 * 2 + 100], [M("p/a.py", A)], ["archive.truncated"]),
    ]


def ends():
    return [
        row("no end blocks", archive(a(), b(), end=b""), files(AB), ["tar.no-end-blocks"], clean=True),
        row("one end block", archive(a(), b(), end=bytes(512)), files(AB), never=["archive.truncated"], clean=True),
        row("one zero block in the middle", archive(a(), bytes(512), b()), [M("p/a.py", A, "!hidden"), M("p/b.py", B, "hidden")], [("tar.data-after-end", "archive.parsers-disagree")]),
        row("two zero blocks in the middle", archive(a(), bytes(1024), b()), [M("p/a.py", A, "!hidden"), M("p/b.py", B, "hidden")], ["tar.data-after-end"]),
        row("two archives in a row", archive(a()) + archive(b()), [M("p/a.py", A), M("p/b.py", B, "hidden")], ["tar.data-after-end"]),
        row("member far behind the end", archive(a()) + bytes(40 * 512) + archive(b()), [M("p/a.py", A), M("p/b.py", B, "hidden")], ["tar.data-after-end"]),
        row("text behind the end", archive(a()) + b"not a header" * 50, files({"p/a.py": A}), [("tar.data-after-end", "archive.trailing-data")], more=True),
        row("archive behind the end", lambda: archive(a()) + t.gzip(archive(b())), [M("p/a.py", A)], [("tar.data-after-end", "archive.trailing-data")], more=True),
    ]


def kinds():
    inner = archive(member("p/evil.py", EVIL), end=b"")
    hard = dict(kind=b"1", link="p/a.py")
    return [
        row("old GNU sparse", archive(t.old_sparse("p/s.bin", {0: A.ljust(512, b"\n"), 4096: b"end\n"}, 8192), b()), [M("p/s.bin", A.ljust(512, b"\n") + bytes(3584) + b"end\n" + bytes(4092)), M("p/b.py", B)], ["tar.sparse"]),
        row("PAX sparse 1.0", archive(t.pax_sparse("p/s.bin", {1024: A}, 3000), b()), [M("p/s.bin", bytes(1024) + A + bytes(3000 - 1024 - len(A))), M("p/b.py", B)], ["tar.sparse"]),
        row("PAX sparse 0.1", archive(t.pax({"GNU.sparse.size": "3000", "GNU.sparse.numblocks": "1", "GNU.sparse.map": "1024,%d" % len(A), "GNU.sparse.name": "p/s.bin"}),
                                      member("GNUSparseFile.0/s.bin", A), b()), [M("p/s.bin", bytes(1024) + A + bytes(3000 - 1024 - len(A))), M("p/b.py", B)], ["tar.sparse"]),
        row("PAX sparse 0.0", archive(t.pax([("GNU.sparse.size", "3000"), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.offset", "1024"), ("GNU.sparse.numbytes", str(len(A)))]),
                                      member("p/s.bin", A), b()), [M("p/s.bin", bytes(1024) + A + bytes(3000 - 1024 - len(A))), M("p/b.py", B)], ["tar.sparse"]),
        row("sparse hole of a terabyte", archive(t.old_sparse("p/s.bin", {0: A.ljust(512, b"\n")}, 1 << 33), t.pax_sparse("p/t.bin", {(1 << 40): A}, 1 << 41), b()), [M("p/b.py", B)], ["tar.sparse"], more=True,
            exempt={"tarfile": "not asked: it would unpack gigabytes", "bsdtar": "the same"}),
        row("sparse map lies", archive(t.pax({"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "p/s.bin", "GNU.sparse.realsize": "10"}), member("s", t.padded(b"999999\n0\n0\n")), b()), [M("p/b.py", B)],
            [("tar.sparse", "tar.bad-pax")], more=True),
        row("hard link", archive(a(), member("p/l.py", b"", **hard)), [M("p/a.py", A), M("p/l.py", kind="hardlink", link="p/a.py")], ["archive.link"], ["tar.link-with-data"]),
        row("hard link with data", archive(a(), member("p/l.py", EVIL, **hard), b()), [M("p/a.py", A), M("p/b.py", B)], ["tar.link-with-data"], more=True),
        row("hard link whose data is a member", archive(a(), member("p/l.py", inner, **hard), b()), [M("p/a.py", A), M("p/b.py", B), M("p/evil.py", EVIL)], ["tar.link-with-data"], more=True,
            note="tarfile does not skip a link's data"),
        row("hard link with data behind a pax header", archive(t.pax({"mtime": "1.5"}), a(), member("p/l.py", EVIL, **hard), b()), [M("p/a.py", A), M("p/l.py", EVIL, kind=None), M("p/b.py", B)],
            ["tar.link-with-data"], more=True, note="libarchive then takes the link for a file with that content"),
        row("sparse type without a map", archive(member("p/s.py", EVIL, b"S", magic=t.GNU), b()), [M("p/s.py", EVIL), M("p/b.py", B)], ["tar.sparse"], more=True,
            note="tarfile gives an empty file, libarchive the bytes"),
        row("symbolic link with data", archive(member("p/l.py", EVIL, b"2", link="a.py"), b()), [M("p/b.py", B)], ["tar.link-with-data"], more=True),
        row("symbolic link whose data is a member", archive(member("p/l.py", inner, b"2", link="a.py"), b()), [M("p/b.py", B), M("p/evil.py", EVIL)], ["tar.link-with-data"], more=True),
        row("directory whose data is a member", archive(member("p/d/", inner, b"5"), b()), [M("p/b.py", B), M("p/evil.py", EVIL)], ["tar.link-with-data"], more=True),
        row("old directory with data", archive(member("p/d/", EVIL, b"\0", magic=t.V7), b()), [M("p/b.py", B)], ["tar.link-with-data"], more=True),
        row("FIFO", archive(member("p/f", b"", b"6"), b()), [M("p/f", kind="special"), M("p/b.py", B)], ["tar.special-member"]),
        row("devices", archive(member("p/c", b"", b"3", major=1, minor=3), member("p/k", b"", b"4", major=8), b()), [M("p/c", kind="special"), M("p/k", kind="special"), M("p/b.py", B)], ["tar.special-member"]),
        row("FIFO with data", archive(member("p/f", inner, b"6"), b()), [M("p/f", kind="special"), M("p/b.py", B), M("p/evil.py", EVIL)], ["tar.special-member"], more=True),
        row("unknown type", archive(member("p/z.py", A, b"Z"), b()), [M("p/z.py", A, kind=None), M("p/b.py", B)], ["tar.special-member"], note="tarfile and libarchive take it as a file"),
        row("GNU volume label", archive(member("label", b"", b"V", magic=t.GNU), b()), [M("p/b.py", B)], more=True),
        row("GNU continued volume", archive(member("p/m.py", A, b"M", magic=t.GNU), b()), [M("p/b.py", B)], [("tar.special-member", "tar.bad-header")], more=True),
        row("GNU dump directory", archive(member("p/d", b"Ya.py\0\0", b"D", magic=t.GNU), b()), [M("p/b.py", B)], more=True),
        row("Solaris extended header", archive(member("x", t.pax_record("path", "p/sun.py"), b"X"), a()), [M(None, A)], more=True),
    ]


def names():
    nfc, nfd = unicodedata.normalize("NFC", "caf\u00e9.py"), unicodedata.normalize("NFD", "caf\u00e9.py")

    def one(n):
        return archive(member(n, A), b())

    def both(n):
        return [M(n, A), M("p/b.py", B)]
    return [
        row("name climbs out", one("../../evil.py"), both("../../evil.py"), ["archive.traversal"]),
        row("absolute name", one("/etc/evil.py"), both("/etc/evil.py"), ["archive.absolute-name"]),
        row("drive name", one("c:\\evil.py"), both("c:\\evil.py"), ["archive.absolute-name", "archive.backslash-name"]),
        row("control byte in a name", one(b"p/a\x1b.py"), both(b"p/a\x1b.py"), ["archive.bad-name"]),
        row("name not UTF-8", one(b"p/a\xff.py"), both(b"p/a\xff.py"), ["archive.bad-name"]),
        row("empty name", one(""), both(""), ["archive.bad-name"], more=True),
        row("leading dot", archive(member("./p/a.py", A), member("./p/b.py", B)), [M(b"./p/a.py", A), M(b"./p/b.py", B)], clean=True),
        row("same name twice", archive(a(), member("p/a.py", EVIL)), [M("p/a.py", A, "shadowed"), M("p/a.py", EVIL, "!shadowed")], ["archive.duplicate-name"]),
        row("same name twice by a dot", archive(a(), member("./p/a.py", EVIL)), [M("p/a.py", A, "shadowed"), M("./p/a.py", EVIL, "!shadowed")], ["archive.duplicate-name"]),
        row("names differ in case", archive(a(), member("p/A.py", EVIL)), [M("p/a.py", A), M("p/A.py", EVIL)], ["archive.case-collision"]),
        row("names differ in Unicode form", archive(member(nfc, A), member(nfd, EVIL)), [M(nfc, A), M(nfd, EVIL)], ["archive.unicode-collision"]),
        row("file and directory", archive(member("p", A), b()), [M("p", A), M("p/b.py", B)], ["archive.file-and-directory"]),
        row("link climbs out", archive(member("p/l", b"", b"2", link="../../etc/passwd"), b()), [M("p/l", kind="symlink", link="../../etc/passwd"), M("p/b.py", B)], ["archive.link-out"]),
        row("absolute link", archive(member("p/l", b"", b"2", link="/etc/passwd"), b()), [M("p/l", kind="symlink"), M("p/b.py", B)], ["archive.link-out"]),
        row("hard link climbs out", archive(member("p/l", b"", b"1", link="../x"), b()), [M("p/l", kind="hardlink"), M("p/b.py", B)], ["archive.link-out"]),
        row("link stays inside", archive(member("p/q/l", b"", b"2", link="../a.py"), a()), [M("p/q/l", kind="symlink", link="../a.py"), M("p/a.py", A)], ["archive.link"], ["archive.link-out"]),
        row("write through a link", archive(member("p/d", b"", b"2", link="/tmp"), member("p/d/evil.py", EVIL)), [M("p/d", kind="symlink"), M("p/d/evil.py", EVIL)], ["archive.link-out", "archive.write-through-link"]),
        row("write onto a link", archive(member("p/x", b"", b"2", link="/tmp/x"), member("p/x", EVIL)), [M("p/x", kind="symlink"), M("p/x", EVIL)], ["archive.link-out", ("archive.write-through-link", "archive.duplicate-name")]),
    ]


def rows():
    return dialects() + contradictions() + numbers() + ends() + kinds() + names()
