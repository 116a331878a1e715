# SPDX-License-Identifier: Apache-2.0
"""Crafted ZIP archives: PyPI's rules, what lies beyond them, names and links. Links come twice on purpose: zipfile
unpacks a link as a file that holds the target."""
import struct
import unicodedata

import zipform as z
from row import A, B, C, EVIL, M, Row, files
from zipform import Entry, build, extra, streamed

AB = {"a.py": A, "b.py": B}


def ab(**kw):
    return build([Entry("a.py", A), Entry("b.py", B)], **kw)


def row(name, data, *rest, **kw):
    return Row("zip " + name, "t.zip", data, *rest, **kw)


def clean():
    big = zip64_sizes("a.py", A)
    return [
        row("deflated", ab(), files(AB), clean=True, fmt="zip"),
        row("stored", z.simple({"a.py": A}, ) and build([Entry("a.py", A, z.STORED)]), files({"a.py": A}), clean=True),
        row("empty archive", z.end_record(0, 0, 0), [], clean=True),
        row("empty member", build([Entry("a.py", b"", z.STORED), Entry("b.py", B)]), files({"a.py": b"", "b.py": B}), clean=True),
        row("empty member deflated", build([Entry("a.py", b"")]), files({"a.py": b""}), clean=True),
        row("directories", build([Entry("d/", b"", z.STORED, mode=0o40755), Entry("d/a.py", A)]), files({"d/a.py": A}), clean=True),
        row("UTF-8 name", build([Entry("mod\u00fcl.py", A)]), files({"mod\u00fcl.py": A}), clean=True),
        row("usual extra fields", build([Entry("a.py", A, both={"extra": extra(0x5455, b"\x01" + bytes(4)) + extra(0x7875, b"\x01\x04" + bytes(4) + b"\x04" + bytes(4))})]),
            files({"a.py": A}), clean=True),
        row("zip64 end records", ab(zip64={}), files(AB), clean=True),
        row("zip64 end records, saturated", ab(zip64={}, end={"count": 0xFFFF, "cd_size": z.MAX32, "cd_offset": z.MAX32}),
            files(AB), clean=True),
        row("zip64 sizes in extra", build([big, Entry("b.py", B)], zip64={}), files(AB), clean=True),
        row("directory in other order", ab(central_order=lambda e: e[::-1]), files(AB), never=["archive.parsers-disagree"]),
        row("archive comment", ab(comment=b"built by hand"), files(AB), ["zip.comment"], clean=True),
        row("three hundred members", lambda: build([Entry("m%d.py" % i, b"x = %d\n" % i) for i in range(300)]),
            [M("m%d.py" % i, b"x = %d\n" % i) for i in range(300)], clean=True),
    ]


def zip64_sizes(name, data, **kw):
    raw = z.deflate(data)
    ext = z.zip64_extra(len(data), len(raw))
    return Entry(name, data, raw=raw, both={"csize": z.MAX32, "usize": z.MAX32, "extra": ext, "version": 45}, **kw)


def framing():
    one = build([Entry("a.py", A)])
    two = build([Entry("b.py", EVIL)])
    return [
        row("junk in front, offsets true", ab(prefix=b"#!/usr/bin/env python\n"), files(AB), ["zip.leading-data"]),
        row("junk in front, offsets from the archive", lambda: b"junk" * 10 + ab(), files(AB), ["zip.leading-data"]),
        row("bytes behind the end", ab(suffix=b"tail" * 5), files(AB), ["zip.trailing-data"]),
        row("bytes between records", build([Entry("a.py", A), Entry("b.py", B, before=b"????????")]), files(AB), ["zip.gap"]),
        row("bytes before the directory", ab(gap=b"hidden bytes"), files(AB), ["zip.gap"]),
        row("bytes behind the directory", ab(cd_tail=b"hidden bytes"), files(AB), [("zip.gap", "zip.directory-mismatch", "zip.unknown-record")]),
        row("unknown record", ab(gap=b"PK\x06\x08" + struct.pack("<I", 6) + b"sixsix"), files(AB), [("zip.unknown-record", "zip.gap")]),
        row("signature record in the directory", ab(cd_tail=b"PK\x05\x05" + struct.pack("<H", 4) + b"sign"), files(AB),
            [("zip.unknown-record", "zip.gap", "zip.directory-mismatch")]),
        row("two archives in a row", one + two, [M("a.py", A), M("b.py", EVIL)],
            [("zip.multiple-end-records", "zip.leading-data")], more=True, note="each reader takes one of them"),
        row("archive within a comment", lambda: in_comment(one, two), [M("a.py", A), M("b.py", EVIL)],
            [("zip.multiple-end-records", "zip.trailing-data")], more=True),
        row("end record within a comment", lambda: build([Entry("a.py", A)], comment=z.end_record(0, 0, 0)), [M("a.py", A)],
            ["zip.multiple-end-records"], more=True),
        row("comment longer than the file", ab(end={"comment_size": 500}), files(AB), [("archive.truncated", "zip.count-mismatch", "zip.directory-mismatch", "zip.comment", "zip.no-end-record")]),
        row("comment shorter than the rest", ab(comment=b"long comment", end={"comment_size": 4}), files(AB), ["zip.trailing-data"]),
        row("no end record", ab(no_end=True), files(AB), ["zip.no-end-record"], more=True),
        row("local entries only", build([Entry("a.py", A, no_central=True)], no_end=True), [M("a.py", A)], ["zip.no-end-record"], more=True),
        row("end record counts fewer", ab(end={"count": 1}), files(AB), ["zip.count-mismatch"]),
        row("end record counts more", ab(end={"count": 3}), files(AB), ["zip.count-mismatch"]),
        row("counts differ per disk", ab(end={"total": 7}), files(AB), [("zip.count-mismatch", "zip.multi-disk")]),
        row("directory offset one too far", lambda: shifted_end(1), files(AB), [("zip.directory-mismatch", "zip.leading-data")], more=True),
        row("directory offset one too near", lambda: shifted_end(-1), files(AB), [("zip.directory-mismatch", "zip.leading-data")], more=True),
        row("directory size too small", lambda: sized_end(-46), files(AB), ["zip.directory-mismatch"], more=True),
        row("directory size too large", lambda: sized_end(5), files(AB), ["zip.directory-mismatch"], more=True),
        row("several disks", ab(end={"disk": 1, "cd_disk": 1}), files(AB), ["zip.multi-disk"]),
        row("member on another disk", build([Entry("a.py", A, central={"disk": 3})]), files({"a.py": A}), ["zip.multi-disk"]),
        row("directory before the members", lambda: directory_first(), files(AB),
            [("zip.gap", "zip.directory-mismatch", "archive.parsers-disagree", "zip.unknown-record", "zip.leading-data", "zip.trailing-data")], more=True),
    ]


def in_comment(one, two):
    """The second archive stands in the comment of the first; its offsets count from the file's start."""
    shift = len(one)
    inner = build([Entry("b.py", EVIL)], shift=shift)
    return one[:-2] + struct.pack("<H", len(inner)) + inner


def shifted_end(by):
    data = bytearray(ab())
    at = data.rfind(z.END)
    struct.pack_into("<I", data, at + 16, struct.unpack_from("<I", data, at + 16)[0] + by)
    return bytes(data)


def sized_end(by):
    data = bytearray(ab())
    at = data.rfind(z.END)
    struct.pack_into("<I", data, at + 12, struct.unpack_from("<I", data, at + 12)[0] + by)
    return bytes(data)


def directory_first():
    e = [Entry("a.py", A), Entry("b.py", B)]
    size = sum(46 + len(x.name) for x in e)
    at = size
    for x in e:
        x.offset = at
        at += len(x.local_bytes())
    cd = b"".join(x.central_bytes() for x in e)
    return cd + b"".join(x.local_bytes() for x in e) + z.end_record(2, size, 0)


def local_against_central():
    return [
        row("local entry not in the directory", build([Entry("a.py", A), Entry("b.py", EVIL, no_central=True), Entry("c.py", C)]),
            [M("a.py", A, "!hidden"), M("b.py", EVIL, "hidden"), M("c.py", C, "!hidden")], ["zip.not-in-directory"]),
        row("local entry before the first listed", build([Entry("b.py", EVIL, no_central=True), Entry("a.py", A)]),
            [M("b.py", EVIL, "hidden"), M("a.py", A, "!hidden")], ["zip.not-in-directory"], more=True),
        row("directory entry without a local one", build([Entry("a.py", A), Entry("b.py", B, no_local=True, central={"offset": 2})]),
            [M("a.py", A)], ["zip.no-local-entry"], more=True),
        row("directory entry behind the end", build([Entry("a.py", A), Entry("b.py", B, no_local=True, central={"offset": 1 << 30})]),
            [M("a.py", A)], ["zip.no-local-entry"], more=True),
        row("names differ", build([Entry("good.py", A, local={"name": b"evil.py"}), Entry("b.py", B)]),
            [M("good.py", A, alias="evil.py"), M("b.py", B)], ["zip.name-mismatch"], more=True),
        row("packed size differs (local smaller)", build([Entry("a.py", A, local={"csize": 3}), Entry("b.py", B)]), files(AB), ["zip.size-mismatch"], more=True),
        row("packed size differs (local larger)", build([Entry("a.py", A, local={"csize": 300}), Entry("b.py", B)]), files(AB), ["zip.size-mismatch"], more=True),
        row("size differs (local)", build([Entry("a.py", A, local={"usize": 10}), Entry("b.py", B)]), files(AB), ["zip.size-mismatch"], more=True),
        row("size differs (central, smaller)", build([Entry("a.py", A, z.STORED, central={"usize": 10, "csize": 10}), Entry("b.py", B)]), files(AB),
            ["zip.size-mismatch"], more=True),
        row("CRC differs (local)", build([Entry("a.py", A, local={"crc": 1}), Entry("b.py", B)]), files(AB), ["zip.header-crc-mismatch"], ["archive.bad-checksum"]),
        row("CRC differs (central)", build([Entry("a.py", A, central={"crc": 1}), Entry("b.py", B)]), files(AB), ["zip.header-crc-mismatch"]),
        row("CRC wrong in both", build([Entry("a.py", A, both={"crc": 1}), Entry("b.py", B)]), [M("a.py", A, "damaged"), M("b.py", B)], ["archive.bad-checksum"]),
        row("method differs", build([Entry("a.py", A, local={"method": 0}), Entry("b.py", B)]), files(AB), ["zip.method-mismatch"], more=True),
        row("method differs, both readable", lambda: two_methods(), [M("a.py", A)], ["zip.method-mismatch"], more=True),
        row("encryption flag in the local header only", build([Entry("a.py", A, local={"flags": 1})]), [M("a.py", A)], ["zip.method-mismatch"], more=True),
        row("encryption flag in the directory only", build([Entry("a.py", A, central={"flags": 1})]), [M("a.py", A)], ["zip.method-mismatch"], more=True),
        row("one local entry, two directory entries", build([Entry("a.py", A), Entry("b.py", A, no_local=True, central={"offset": 0})]), [M("a.py", A), M("b.py", A)],
            [("zip.overlap", "zip.name-mismatch")], more=True),
        row("same name twice in the directory, one local", build([Entry("a.py", A), Entry("a.py", A, no_local=True, central={"offset": 0})]), [M("a.py", A)],
            [("archive.duplicate-name", "zip.overlap", "zip.count-mismatch")], more=True),
        row("same name twice", build([Entry("a.py", A), Entry("a.py", EVIL)]), [M("a.py", A, "shadowed"), M("a.py", EVIL, "!shadowed")], ["archive.duplicate-name"]),
        row("same name twice locally, once in the directory", build([Entry("a.py", EVIL, no_central=True), Entry("a.py", A)]),
            [M("a.py", EVIL, "hidden"), M("a.py", A, "!hidden")], ["zip.not-in-directory"]),
        row("member within a member's data", lambda: overlapping(), [M("b.py", EVIL)], ["zip.overlap"], more=True),
        row("member that holds the rest of the archive", lambda: self_containing(), [], [("zip.overlap", "archive.bad-checksum")], more=True),
    ]


def two_methods():
    """Stored bytes that are also a deflate stream; CRC and size of the inflated content in the directory."""
    raw = z.deflate(A)
    import zlib
    return build([Entry("a.py", A, raw=raw, local={"method": 0, "usize": len(raw), "crc": zlib.crc32(raw)})])


def overlapping():
    inner = Entry("b.py", EVIL)
    body = b"x = 1\n" + inner.local_bytes()
    outer = Entry("a.py", body, z.STORED)
    at = 30 + len("a.py") + 6
    return build([outer, Entry("b.py", EVIL, no_local=True, central={"offset": at})])


def self_containing():
    name = b"self.zip"
    total = 30 + len(name) + 46 + len(name) + 22
    size = total - 30 - len(name)
    e = Entry(name, b"", z.STORED, raw=b"", both={"csize": size, "usize": size, "crc": 7})
    return build([e])


def descriptors():
    fake = z.descriptor(b"x", b"x")
    stored_zip = build([Entry("inner.py", EVIL)])
    return [
        row("data descriptor", build([streamed("a.py", A), Entry("b.py", B)]), files(AB), ["zip.data-descriptor"], clean=True),
        row("data descriptor without signature", build([streamed("a.py", A, signature=False), Entry("b.py", B)]), files(AB), ["zip.data-descriptor"]),
        row("data descriptor, 64-bit", build([streamed("a.py", A, wide=True, local={"version": 45, "extra": z.zip64_extra(0, 0), "csize": z.MAX32, "usize": z.MAX32}), Entry("b.py", B)]),
            files(AB), ["zip.data-descriptor"]),
        row("data descriptor, wrong CRC", build([streamed("a.py", A, crc=9), Entry("b.py", B)]), files(AB), [("zip.header-crc-mismatch", "archive.bad-checksum")]),
        row("data descriptor, wrong packed size", build([streamed("a.py", A, csize=5), Entry("b.py", B)]), files(AB), ["zip.size-mismatch"]),
        row("data descriptor, wrong size", build([streamed("a.py", A, usize=5), Entry("b.py", B)]), files(AB), ["zip.size-mismatch"]),
        row("data descriptor missing", build([Entry("a.py", A, flags=8, local={"crc": 0, "csize": 0, "usize": 0}), Entry("b.py", B)]), files(AB),
            [("zip.data-descriptor", "zip.size-mismatch", "zip.header-crc-mismatch")], more=True),
        row("data descriptor on a stored member", build([streamed("a.py", A + fake + B, z.STORED), Entry("b.py", B)]), files({"a.py": A + fake + B, "b.py": B}),
            ["zip.data-descriptor"], more=True),
        row("stored archive behind a descriptor flag", build([streamed("a.bin", stored_zip, z.STORED), Entry("b.py", B)]), [M("a.bin", stored_zip), M("b.py", B)],
            ["zip.data-descriptor"], more=True),
        row("descriptor flag in the local header only", build([streamed("a.py", A, central={"flags": 0}), Entry("b.py", B)]), files(AB), [("zip.method-mismatch", "zip.data-descriptor")]),
    ]


def extras():
    cafe = "caf\u00e9.py".encode()
    return [
        row("entry comment", build([Entry("a.py", A, central={"comment": b"hello"})]), files({"a.py": A}), ["zip.comment"]),
        row("zip64 extra twice", build([zip64_twice()], zip64={}), files({"a.py": A}), [("zip.bad-extra-field", "zip.bad-zip64")]),
        row("zip64 extra of 12 bytes", build([Entry("a.py", A, both={"extra": extra(1, bytes(12))})]), files({"a.py": A}), [("zip.bad-extra-field", "zip.bad-zip64")]),
        row("zip64 extra too short for its fields", build([Entry("a.py", A, central={"csize": z.MAX32, "usize": z.MAX32, "extra": extra(1, struct.pack("<Q", len(A)))}), Entry("b.py", B)]),
            [M("b.py", B)], [("zip.bad-zip64", "zip.bad-extra-field", "zip.size-mismatch")], more=True),
        row("zip64 extra that is not needed", build([Entry("a.py", A, both={"extra": z.zip64_extra(5, 5)})]), files({"a.py": A}),
            [("zip.bad-zip64", "zip.size-mismatch", "zip.bad-extra-field", "archive.parsers-disagree")], more=True),
        row("zip64 packed size of 2^63", build([Entry("a.py", A, central={"csize": z.MAX32, "extra": z.zip64_extra(1 << 63)}), Entry("b.py", B)]), [M("b.py", B)],
            [("zip.bad-zip64", "zip.size-mismatch", "archive.size-lie", "archive.truncated", "zip.overlap")], more=True),
        row("zip64 offset of 2^64-1", build([Entry("a.py", A, central={"offset": z.MAX32, "extra": z.zip64_extra((1 << 64) - 1)}), Entry("b.py", B)]), [M("b.py", B)],
            [("zip.no-local-entry", "zip.bad-zip64", "zip.not-in-directory")], more=True),
        row("unicode path twice", build([Entry("a.py", A, both={"extra": z.unicode_path(b"a.py", b"a.py") * 2})]), files({"a.py": A}), ["zip.bad-extra-field"]),
        row("unicode path gives another name", build([Entry("a.py", A, both={"extra": z.unicode_path(b"a.py", b"evil.py")})]), [M("a.py", A, alias="evil.py")],
            ["zip.unicode-path-extra"]),
        row("unicode path, right", build([Entry(b"caf\x82.py", A, both={"flags": 0, "extra": z.unicode_path(b"caf\x82.py", cafe)})]), [M(None, A, alias=cafe)],
            ["zip.unicode-path-extra"]),
        row("unicode path, wrong CRC", build([Entry("a.py", A, both={"extra": z.unicode_path(b"a.py", b"evil.py", crc=1)})]), [M("a.py", A)], ["zip.unicode-path-extra"]),
        row("unicode path not UTF-8", build([Entry("a.py", A, both={"extra": z.unicode_path(b"a.py", b"\xff\xfe.py")})]), [M("a.py", A)],
            [("zip.bad-extra-field", "archive.bad-name", "zip.unicode-path-extra")]),
        row("extra field longer than its space", build([Entry("a.py", A, both={"extra": extra(0x5455, b"\x01", 40)})]), files({"a.py": A}), ["zip.bad-extra-field"]),
        row("three bytes of extra field", build([Entry("a.py", A, both={"extra": bytes(3)})]), files({"a.py": A}), ["zip.bad-extra-field"]),
        row("extra size behind the end", build([Entry("a.py", A), Entry("b.py", B, central={"extra_size": 60000})]), [M("a.py", A)],
            [("zip.directory-mismatch", "archive.truncated", "zip.bad-extra-field", "zip.count-mismatch")], more=True),
        row("name size behind the end", build([Entry("a.py", A), Entry("b.py", B, central={"name_size": 60000})]), [M("a.py", A)],
            [("zip.directory-mismatch", "archive.truncated", "zip.count-mismatch")], more=True),
        row("zip64 end record too long", ab(zip64={"size": 60, "tail": bytes(16)}), files(AB), ["zip.bad-zip64"]),
        row("zip64 end record, size lies", ab(zip64={"size": 4}), files(AB), ["zip.bad-zip64"]),
        row("zip64 locator points elsewhere", ab(zip64={"at": 3}), files(AB), ["zip.bad-zip64"], more=True),
        row("zip64 record without locator", ab(zip64={"locator": None}), files(AB), [("zip.bad-zip64", "zip.unknown-record", "zip.gap", "zip.directory-mismatch")]),
        row("zip64 locator without record", ab(before_end=z.locator(5)), files(AB), [("zip.bad-zip64", "zip.unknown-record", "zip.gap", "zip.directory-mismatch")]),
        row("zip64 record counts otherwise", ab(zip64={"count": 1}), files(AB), [("zip.bad-zip64", "zip.count-mismatch")], more=True),
        row("two directories, one per end record", lambda: two_directories(), [M("a.py", A), M("b.py", EVIL)],
            [("zip.bad-zip64", "zip.not-in-directory", "archive.parsers-disagree", "zip.directory-mismatch")], more=True),
        row("zip64 on several disks", ab(zip64={"locator": {"disks": 2}}), files(AB), [("zip.bad-zip64", "zip.multi-disk")]),
    ]


def zip64_twice():
    raw = z.deflate(A)
    ext = z.zip64_extra(len(A), len(raw)) * 2
    return Entry("a.py", A, raw=raw, both={"csize": z.MAX32, "usize": z.MAX32, "extra": ext, "version": 45})


def two_directories():
    a, b = Entry("a.py", A), Entry("b.py", EVIL)
    body = a.local_bytes()
    b.offset = len(body)
    body += b.local_bytes()
    one, two = a.central_bytes(), b.central_bytes()
    at = len(body) + len(one) + len(two)
    return (body + one + two + z.end64_record(1, len(two), len(body) + len(one)) + z.locator(at) + z.end_record(1, len(one), len(body)))


def content():
    broken = bytearray(z.deflate(C))
    broken[0] |= 0b110  # block type 3 does not exist
    half = z.deflate(bytes(range(256)) * 8)
    import zlib
    return [
        row("bzip2 member", build([Entry("a.py", A, z.BZIP2)]), files({"a.py": A}), ["zip.method"]),
        row("LZMA member", build([Entry("a.py", A, z.LZMA, flags=2)]), files({"a.py": A}), ["zip.method"]),
        row("unknown method", build([Entry("a.py", A, 97), Entry("b.py", B)]), [M("a.py", None, "unread"), M("b.py", B)], ["zip.method"]),
        row("encrypted", build([Entry("a.py", A, z.STORED, raw=bytes(12) + A, flags=1), Entry("b.py", B)]), [M("a.py", None, "encrypted"), M("b.py", B)], ["archive.encrypted"]),
        row("strongly encrypted", build([Entry("a.py", A, raw=bytes(40), flags=0x41), Entry("b.py", B)]), [M("a.py", None, "encrypted"), M("b.py", B)], ["archive.encrypted"]),
        row("AES method", build([Entry("a.py", A, 99, raw=bytes(40), flags=1, both={"extra": extra(0x9901, bytes.fromhex("020041450308 00".replace(" ", "")))})]),
            [M("a.py", None, "encrypted")], ["archive.encrypted"]),
        row("damaged deflate data", build([Entry("a.py", C, raw=bytes(broken)), Entry("b.py", B)]), [M("a.py", None, "damaged"), M("b.py", B)], ["archive.bad-data"]),
        row("deflate data cut short", build([Entry("a.py", bytes(range(256)) * 8, raw=half[:len(half) // 2]), Entry("b.py", B)]), [M("a.py", None, "damaged"), M("b.py", B)],
            [("archive.bad-data", "archive.truncated", "archive.size-lie")]),
        row("content longer than declared", build([Entry("a.py", A + EVIL, both={"usize": len(A), "crc": zlib.crc32(A)}), Entry("b.py", B)]), [M("b.py", B)], ["archive.size-lie"], more=True,
            note="zipfile reads up to the declared size and finds the CRC right"),
        row("content shorter than declared", build([Entry("a.py", A, both={"usize": 4000}), Entry("b.py", B)]), [M("a.py", A, "?damaged"), M("b.py", B)], [("archive.size-lie", "archive.bad-data")]),
        row("bytes behind the deflate stream", build([Entry("a.py", A, raw=z.deflate(A) + b"smuggled"), Entry("b.py", B)]), files(AB), [("archive.size-lie", "archive.bad-data", "zip.gap", "archive.trailing-data", "zip.size-mismatch")]),
        row("stored, sizes differ", build([Entry("a.py", A, z.STORED, both={"usize": 20}), Entry("b.py", B)]), [M("b.py", B)], [("archive.size-lie", "zip.size-mismatch")], more=True),
        row("directory with data", build([Entry("d/", EVIL, mode=0o40755), Entry("a.py", A)]), [M(None, EVIL, kind=None), M("a.py", A)], ["zip.directory-with-data"], more=True),
        row("70 MB of zeros", lambda: build([Entry("z.bin", bytes(70 << 20)), Entry("a.py", A)]), [M("z.bin", bytes(70 << 20), "hash-only"), M("a.py", A)], more=True, heavy=True),
    ]


def names():
    nfc, nfd = unicodedata.normalize("NFC", "caf\u00e9.py"), unicodedata.normalize("NFD", "caf\u00e9.py")
    link = dict(mode=0o120777, method=z.STORED)

    def one(n):
        return build([Entry(n, A), Entry("b.py", B)])
    return [
        row("name climbs out", one("../../evil.py"), files({"../../evil.py": A, "b.py": B}), ["archive.traversal"]),
        row("name climbs out midway", one("a/../../evil.py"), files({"a/../../evil.py": A, "b.py": B}), ["archive.traversal"]),
        row("name climbs but stays", one("a/../evil.py"), files({"a/../evil.py": A, "b.py": B}), [("archive.traversal", "archive.bad-name")]),
        row("absolute name", one("/etc/evil.py"), files({"/etc/evil.py": A, "b.py": B}), ["archive.absolute-name"]),
        row("drive name", one("C:/evil.py"), files({"C:/evil.py": A, "b.py": B}), ["archive.absolute-name"]),
        row("backslash name", one("d\\evil.py"), files({"d\\evil.py": A, "b.py": B}), ["archive.backslash-name"]),
        row("backslash climbs out", one("..\\..\\evil.py"), files({"..\\..\\evil.py": A, "b.py": B}), ["archive.backslash-name", "archive.traversal"]),
        row("share name", one("\\\\host\\share\\evil.py"), files({"\\\\host\\share\\evil.py": A, "b.py": B}), ["archive.backslash-name", "archive.absolute-name"]),
        row("NUL in a name", one(b"evil.py\0.txt"), [M(b"evil.py\0.txt", A, alias="evil.py"), M("b.py", B)], ["archive.bad-name"]),
        row("control byte in a name", one(b"a\x1b[2K.py"), [M(b"a\x1b[2K.py", A), M("b.py", B)], ["archive.bad-name"]),
        row("DEL in a name", one(b"a\x7f.py"), [M(b"a\x7f.py", A), M("b.py", B)], ["archive.bad-name"]),
        row("line end in a name", one(b"a\n.py"), [M(b"a\n.py", A), M("b.py", B)], ["archive.bad-name"]),
        row("name not UTF-8", build([Entry(b"a\xff.py", A, both={"flags": 0})]), [M(b"a\xff.py", A)], ["archive.bad-name"]),
        row("name not UTF-8 with the UTF-8 flag", build([Entry(b"a\xff.py", A), Entry("b.py", B)]), [M(b"a\xff.py", A), M("b.py", B)], ["archive.bad-name"]),
        row("empty name", one(""), [M("", A), M("b.py", B)], ["archive.bad-name"]),
        row("name of 5,000 bytes", one("d/" * 2498 + "a.py"), [M(None, A), M("b.py", B)], more=True, limit="name_bytes"),
        row("names differ in case", build([Entry("a.py", A), Entry("A.py", EVIL)]), files({"a.py": A, "A.py": EVIL}), ["archive.case-collision"]),
        row("names differ in Unicode form", build([Entry(nfc, A), Entry(nfd, EVIL)]), files({nfc: A, nfd: EVIL}), ["archive.unicode-collision"]),
        row("file and directory", build([Entry("a", A), Entry("a/b.py", B)]), files({"a": A, "a/b.py": B}), ["archive.file-and-directory"]),
        row("file and directory entry", build([Entry("a", A), Entry("a/", b"", z.STORED, mode=0o40755)]), files({"a": A}), ["archive.file-and-directory"]),
        row("link", build([Entry("l", b"a.py", **link), Entry("a.py", A)]), [M("l", kind="symlink", link="a.py"), M("a.py", A)], ["archive.link"], ["archive.link-out"], more=True),
        row("link climbs out", build([Entry("l", b"../../etc/passwd", **link)]), [M("l", kind="symlink", link="../../etc/passwd")], ["archive.link-out"], more=True),
        row("link to an absolute path", build([Entry("l", b"/etc/passwd", **link)]), [M("l", kind="symlink")], ["archive.link-out"], more=True),
        row("deep link stays inside", build([Entry("p/q/l", b"../../a.py", **link), Entry("a.py", A)]), [M("p/q/l", kind="symlink"), M("a.py", A)], ["archive.link"], ["archive.link-out"], more=True),
        row("write through a link", build([Entry("d", b"/tmp", **link), Entry("d/evil.py", EVIL)]), [M("d", kind="symlink"), M("d/evil.py", EVIL)],
            ["archive.link-out", "archive.write-through-link"], more=True),
    ]


def rows():
    return clean() + framing() + local_against_central() + descriptors() + extras() + content() + names()
