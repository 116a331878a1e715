# SPDX-License-Identifier: Apache-2.0
"""A byte-level tar writer in which every field may lie (POSIX.1-2017 pax, GNU tar manual), and hand-made
gzip (RFC 1952) and zstd (RFC 8878) framing."""
import struct
import zlib

BLOCK = 512
END = bytes(2 * BLOCK)
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \x00", bytes(8)
MTIME = 1650000000


def to_bytes(x):
    return x.encode() if isinstance(x, str) else x


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def base256(value, width):
    return ((1 << (8 * width - 1)) | (value & ((1 << (8 * width - 8)) - 1)) if value >= 0
            else (1 << (8 * width)) + value).to_bytes(width, "big")


def number(value, width):
    """int: octal, or base-256 where too large; bytes: the field as it stands."""
    if isinstance(value, bytes):
        return value.ljust(width, b"\0")
    return octal(value, width) if 0 <= value < 8 ** (width - 1) else base256(value, width)


def checksum(head, signed=False):
    total = sum(head[:148]) + sum(head[156:]) + 8 * 32
    if signed:
        total -= 256 * sum(1 for i, b in enumerate(head) if b > 127 and not 148 <= i < 156)
    return total


def header(name, size=0, kind=b"0", *, mode=0o644, link=b"", magic=USTAR, prefix=b"", uid=0, gid=0, mtime=MTIME,
           tail=None, chksum=None, signed=False, major=b"", minor=b"", chkform=b"%06o\0 "):
    h = to_bytes(name)[:100].ljust(100, b"\0") + number(mode, 8) + number(uid, 8) + number(gid, 8)
    h += number(size, 12) + number(mtime, 12) + b" " * 8 + kind + to_bytes(link)[:100].ljust(100, b"\0") + magic
    h += bytes(64) + number(major or 0, 8) + number(minor or 0, 8)
    h += to_bytes(prefix)[:155].ljust(155, b"\0") + bytes(12)
    if tail is not None:  # everything behind the magic's eight bytes is the caller's (old GNU sparse)
        h = h[:265] + tail.ljust(247, b"\0")
    if chksum is None:
        chksum = chkform % checksum(h, signed)
    return h[:148] + chksum.ljust(8, b"\0")[:8] + h[156:]


def padded(data):
    return data + bytes(-len(data) % BLOCK)


def member(name, data=b"", kind=b"0", **kw):
    data = to_bytes(data)
    kw.setdefault("size", len(data))
    return header(name, kw.pop("size"), kind, **kw) + padded(data)


def pax_record(key, value):
    body = b" " + to_bytes(key) + b"=" + to_bytes(value) + b"\n"
    n = len(body)
    while len(str(n)) + len(body) != n:
        n = len(str(n)) + len(body)
    return b"%d" % n + body


def pax(records, kind=b"x", raw=None, **kw):
    """An extended header (x: next member, g: all that follow). records: {key: value} or [(key, value)]."""
    items = records.items() if isinstance(records, dict) else records
    body = b"".join(pax_record(k, v) for k, v in items) if raw is None else raw
    return member("PaxHeader/x" if kind == b"x" else "pax_global_header", body, kind, **kw)


def gnu_long(name, kind=b"L", terminator=b"\0"):
    return member("././@LongLink", to_bytes(name) + terminator, kind, magic=GNU)


def archive(*members, end=END):
    return b"".join(members) + end


def simple(files, **kw):
    return archive(*(member(n, d, **kw) for n, d in files.items()))


def old_sparse(name, chunks, real, **over):
    """GNU's old sparse header, at most four chunks: {offset: data}."""
    table = b"".join(octal(o, 12) + octal(len(d), 12) for o, d in chunks.items()).ljust(96, b"\0")
    tail = bytes(121) + table + b"\0" + octal(real, 12)
    # tail starts at 265: atime 345, ctime, offset, longnames, unused, then sparse at 386
    data = b"".join(chunks.values())
    head = header(name, over.pop("size", len(data)), b"S", magic=GNU, tail=tail, **over)
    return head + padded(data)


def pax_sparse(name, chunks, real):
    """PAX sparse 1.0: the map stands in front of the data, in decimal lines."""
    table = b"%d\n" % len(chunks) + b"".join(b"%d\n%d\n" % (o, len(d)) for o, d in chunks.items())
    body = padded(table) + b"".join(chunks.values())
    return pax({"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name,
                "GNU.sparse.realsize": str(real)}) + member("GNUSparseFile.0/" + name, body)


# --- gzip ----------------------------------------------------------------------------------------
def raw_deflate(data, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def gzip(data, *, flags=0, extra=None, name=None, comment=None, header_crc=False, bad_header_crc=False, crc=None,
         isize=None, method=8, mtime=0, xfl=2, system=255, level=9, cut=0):
    data = to_bytes(data)
    flags |= (4 if extra is not None else 0) | (8 if name is not None else 0)
    flags |= (16 if comment is not None else 0) | (2 if header_crc else 0)
    h = struct.pack("<2sBBIBB", b"\x1f\x8b", method, flags, mtime, xfl, system)
    if extra is not None:
        h += struct.pack("<H", len(extra)) + extra
    for text in (name, comment):
        if text is not None:
            h += to_bytes(text) + b"\0"
    if header_crc:
        h += struct.pack("<H", (zlib.crc32(h) ^ (1 if bad_header_crc else 0)) & 0xFFFF)
    tail = struct.pack("<II", zlib.crc32(data) if crc is None else crc,
                       (len(data) if isize is None else isize) & 0xFFFFFFFF)
    out = h + raw_deflate(data, level) + tail
    return out[:len(out) - cut] if cut else out


# --- zstd: raw and RLE blocks only, so that no compressor is needed --------------------------------
def zstd(data, *, block=1 << 16, single=True, rle=None, magic=b"\x28\xb5\x2f\xfd", size=None):
    """A frame of raw blocks. rle: (byte, count) appended as RLE blocks. size: the content size it declares."""
    data = to_bytes(data)
    runs = []
    if rle:
        byte, count = rle
        while count:
            n = min(count, 1 << 17)
            runs.append(struct.pack("<I", (n << 3) | (1 << 1))[:3] + bytes([byte]))
            count -= n
    total = len(data) + (rle[1] if rle else 0)
    declared = total if size is None else size
    if single and total < 1 << 17:
        head = struct.pack("<BI", 0xA0, declared)  # single segment, content size in four bytes
    else:
        head = struct.pack("<BBI", 0x80, 0x38, declared)  # window 2^17, content size in four bytes
    blocks = [struct.pack("<I", len(data[i:i + block]) << 3)[:3] + data[i:i + block]
              for i in range(0, len(data), block)] + runs
    if not blocks:
        blocks = [b"\0\0\0"]
    blocks[-1] = bytes([blocks[-1][0] | 1]) + blocks[-1][1:]
    return magic + head + b"".join(blocks)


def zstd_skippable(data, n=0):
    return struct.pack("<II", 0x184D2A50 + n, len(data)) + data
