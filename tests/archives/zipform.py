# SPDX-License-Identifier: Apache-2.0
"""A byte-level ZIP writer in which every field may lie (APPNOTE.TXT 6.3.10 gives the layouts)."""
import bz2
import lzma
import struct
import zlib

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR, DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"
STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
MAX32, MAX16 = 0xFFFFFFFF, 0xFFFF
TIME, DATE = 0x6000, 0x5421  # noon of a day in 2022: any, but fixed


def deflate(data, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def zip_lzma(data):
    """Method 14: a version, the property bytes, then raw LZMA1 with an end mark."""
    f = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}
    return struct.pack("<BBHBI", 9, 4, 5, 93, 1 << 16) + lzma.compress(data, lzma.FORMAT_RAW, filters=[f])


def pack(data, method):
    packer = {STORED: bytes, DEFLATED: deflate, BZIP2: bz2.compress, LZMA: zip_lzma}.get(method, bytes)
    return packer(data)


def extra(tag, body, size=None):
    return struct.pack("<HH", tag, len(body) if size is None else size) + body


def unicode_path(original, name, crc=None):
    crc = zlib.crc32(original) if crc is None else crc
    return extra(0x7075, struct.pack("<BI", 1, crc) + name)


def zip64_extra(*values):
    return extra(1, b"".join(struct.pack("<Q", v) for v in values))


class Entry:
    """One member. `local` and `central` override fields of the one header or the other: name, crc,
    csize, usize, method, flags, extra, version, and in the central one also offset, comment, attr,
    system, disk, internal. raw: the packed bytes as they stand. after: bytes behind the data (a descriptor)."""

    def __init__(self, name, data=b"", method=DEFLATED, *, raw=None, flags=0, mode=0o100644, local=None,
                 central=None, before=b"", after=b"", no_local=False, no_central=False, both=None):
        self.name = name.encode() if isinstance(name, str) else name
        self.data = data.encode() if isinstance(data, str) else data
        self.method, self.flags, self.mode = method, flags, mode
        self.raw = pack(self.data, method) if raw is None else raw
        both = both or {}
        self.local = {**both, **(local or {})}
        self.central = {**both, **(central or {})}
        self.before, self.after = before, after
        self.no_local, self.no_central = no_local, no_central
        self.offset = 0

    def fields(self, over):
        f = dict(name=self.name, crc=zlib.crc32(self.data), csize=len(self.raw), usize=len(self.data),
                 method=self.method, flags=self.flags, extra=b"", version=20, offset=self.offset, comment=b"",
                 attr=self.mode << 16, system=3, disk=0, internal=0)
        if any(b > 127 for b in self.name):
            f["flags"] |= 0x800
        f.update(over)
        for k in ("crc", "csize", "usize", "attr", "offset"):
            f[k] &= MAX32
        for k in ("flags", "method", "disk", "internal", "name_size", "extra_size", "comment_size"):
            f[k] = f.get(k, len(f.get(k[:-5], b""))) & MAX16
        f["version"] &= 0xFF
        return f

    def local_bytes(self):
        f = self.fields(self.local)
        head = LOCAL + struct.pack("<HHHHHIIIHH", f["version"], f["flags"], f["method"], TIME, DATE, f["crc"],
                                   f["csize"], f["usize"], f["name_size"], f["extra_size"])
        return head + f["name"] + f["extra"] + self.raw + self.after

    def central_bytes(self):
        f = self.fields(self.central)
        head = CENTRAL + struct.pack("<BBHHHHHIIIHHHHHII", f["version"], f["system"], f["version"], f["flags"],
                                     f["method"], TIME, DATE, f["crc"], f["csize"], f["usize"],
                                     f["name_size"], f["extra_size"], f["comment_size"], f["disk"], f["internal"],
                                     f["attr"], f["offset"])
        return head + f["name"] + f["extra"] + f["comment"]


def descriptor(data, raw, signature=True, wide=False, crc=None, csize=None, usize=None):
    body = struct.pack("<IQQ" if wide else "<III", zlib.crc32(data) if crc is None else crc,
                       len(raw) if csize is None else csize, len(data) if usize is None else usize)
    return (DESCRIPTOR if signature else b"") + body


def streamed(name, data, method=DEFLATED, **kw):
    """An entry as a pipe writes it: sizes and CRC zero in front, in a descriptor behind."""
    d = {k: kw.pop(k) for k in ("signature", "wide", "crc", "csize", "usize") if k in kw}
    data = data.encode() if isinstance(data, str) else data
    raw = pack(data, method)
    local = {"crc": 0, "csize": 0, "usize": 0, **kw.pop("local", {})}
    return Entry(name, data, method, flags=8, local=local, after=descriptor(data, raw, **d), **kw)


def end_record(count, cd_size, cd_offset, comment=b"", *, disk=0, cd_disk=0, total=None, comment_size=None):
    return END + struct.pack("<HHHHIIH", disk, cd_disk, min(count, MAX16), min(count if total is None else total, MAX16),
                             cd_size & MAX32, cd_offset & MAX32,
                             (len(comment) if comment_size is None else comment_size) & MAX16) + comment


def end64_record(count, cd_size, cd_offset, *, size=44, tail=b"", disk=0, total=None):
    return END64 + struct.pack("<QHHIIQQQQ", size, 45, 45, disk, 0, count, count if total is None else total,
                               cd_size, cd_offset) + tail


def locator(offset, *, disk=0, disks=1):
    return LOCATOR + struct.pack("<IQI", disk, offset, disks)


def build(entries, *, prefix=b"", gap=b"", cd_tail=b"", before_end=b"", suffix=b"", comment=b"", end=None,
          zip64=None, shift=0, central_order=None, no_end=False):
    """The archive. gap: bytes between data and directory; cd_tail: between directory and end record;
    end: overrides of end_record; zip64: dict for end64_record and locator, or None; shift: added to every
    offset (0: offsets count from the first byte of the file, prefix included)."""
    out = bytearray(prefix)
    for e in entries:
        if not e.no_local:
            out += e.before
            e.offset = len(out) + shift
            out += e.local_bytes()
    out += gap
    cd = len(out)
    listed = [e for e in (central_order(entries) if central_order else entries) if not e.no_central]
    for e in listed:
        out += e.central_bytes()
    size, count = len(out) - cd, len(listed)
    out += cd_tail
    if zip64 is not None:
        z = dict(zip64)
        at = z.pop("at", len(out) + shift)
        loc, near = z.pop("locator", {}), z.pop("near", b"")
        out += end64_record(z.pop("count", count), z.pop("cd_size", size), z.pop("cd_offset", cd + shift), **z)
        out += near
        if loc is not None:
            out += locator(at, **loc)
    out += before_end
    e = dict(count=count, cd_size=size, cd_offset=cd + shift, comment=comment)
    e.update(end or {})
    if not no_end:
        out += end_record(**e)
    return bytes(out + suffix)


def simple(files, method=DEFLATED):
    """An honest archive of {name: content}."""
    return build([Entry(n, d, method) for n, d in files.items()])
