# SPDX-License-Identifier: Apache-2.0
"""A seeded, grammar-based mutator: valid archives are built as models, one to three of their fields are changed,
records are duplicated, dropped, swapped or spliced, and the result is written. The same seed gives the same bytes."""
import random

import tarform as t
import zipform as z

WORDS = ["alpha", "beta", "gamma", "delta", "omega", "kappa", "sigma", "theta"]
NAMES = ["p/a.py", "p/b.py", "p/__init__.py", "p/data.txt", "setup.py", "p/q/c.py", "README", "p/d.json"]
ODD_NAMES = [b"../x.py", b"/abs.py", b"p\\w.py", b"p/n.py\0.txt", b"", b"p/\xff.py", b"P/A.py", b"p/a.py/", b"p/caf\xc3\xa9.py", b"./p/a.py",
             b"p//a.py", b"p/../p/a.py", b"p/\x01.py", b"p", b"C:\\x.py"]
EDGES32 = [0, 1, 7, 30, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF]
EDGES16 = [0, 1, 3, 8, 12, 14, 99, 0x7FFF, 0xFFFF]


def text(r, i):
    """Content that no other member has."""
    line = "%s_%d = %d\n" % (r.choice(WORDS), i, r.randrange(1000))
    return (line * r.choice([1, 2, 9, 40, 120])).encode()


def near(r, value, edges):
    return r.choice([value + r.choice([-46, -8, -1, 1, 2, 8, 46, 512]), r.choice(edges), r.randrange(1, 4000)]) & max(edges)


# --- ZIP -------------------------------------------------------------------------------------------
def zip_entry(r, i):
    name, data = NAMES[(i + r.randrange(2) * 4) % len(NAMES)], text(r, i)
    method = r.choice([0, 8, 8, 8])
    if r.random() < 0.12:
        return z.streamed(name, data, method)
    return z.Entry(name, data, method)


def zip_model(r):
    names, entries = set(), []
    for i in range(r.randint(2, 4)):
        e = zip_entry(r, i)
        if e.name not in names:
            names.add(e.name)
            entries.append(e)
    if r.random() < 0.15:
        entries.append(z.Entry("p/", b"", 0, mode=0o40755))
    return {"entries": entries, "args": {}, "after": []}


def z_field(r, m):
    e = r.choice(m["entries"])
    field = r.choice(["crc", "csize", "usize", "method", "flags", "offset", "version", "attr", "extra_size", "name_size", "disk", "comment_size"])
    side = r.choice([e.local, e.central, None])
    now = {"crc": 0, "csize": len(e.raw), "usize": len(e.data), "method": e.method, "name_size": len(e.name)}.get(field, 0)
    if field in ("crc", "csize", "usize", "offset", "attr"):
        value = near(r, now, EDGES32)
    elif field == "flags":
        value = e.flags ^ r.choice([1, 2, 8, 0x40, 0x800, 0x2000])
    else:
        value = near(r, now, EDGES16)
    for s in ([side] if side is not None else [e.local, e.central]):
        s[field] = value


def z_name(r, m):
    e = r.choice(m["entries"])
    other = r.choice(m["entries"])
    name = r.choice([r.choice(ODD_NAMES), other.name, e.name + b"x", e.name.upper()])
    for s in r.choice([[e.local], [e.central], [e.local, e.central]]):
        s["name"] = name


def z_extra(r, m):
    e = r.choice(m["entries"])
    crcname = e.name
    body = r.choice([z.zip64_extra(len(e.data), len(e.raw)), z.zip64_extra(r.randrange(500)), z.extra(1, bytes(r.choice([0, 4, 12, 28]))),
                     z.unicode_path(crcname, r.choice([b"evil.py", e.name, b"\xff"])), z.unicode_path(b"?", b"evil.py"),
                     z.extra(0x5455, b"\x01aaaa"), z.extra(0x9999, b"abc", r.choice([3, 9, 60000])), b"\0\0\0"])
    for s in r.choice([[e.local], [e.central], [e.local, e.central]]):
        s["extra"] = s.get("extra", b"") + body
    if r.random() < 0.4:
        r.choice([e.local, e.central])[r.choice(["csize", "usize"])] = 0xFFFFFFFF


def z_records(r, m):
    es = m["entries"]
    e = r.choice(es)
    op = r.choice(["copy", "copy-cd", "no-local", "no-central", "swap-cd", "swap", "drop", "before"])
    if op == "copy":
        es.insert(r.randrange(len(es) + 1), z.Entry(e.name, text(r, 90), r.choice([0, 8])))
    elif op == "copy-cd":
        twin = z.Entry(r.choice([e.name, b"p/twin.py"]), e.data, e.method, raw=e.raw, no_local=True)
        twin.central["offset"] = r.choice([0, 0, 31])
        es.append(twin)
    elif op == "no-local":
        e.no_local = True
    elif op == "no-central":
        e.no_central = True
    elif op == "swap-cd":
        m["args"]["central_order"] = lambda x: x[::-1]
    elif op == "swap":
        i, j = r.randrange(len(es)), r.randrange(len(es))
        es[i], es[j] = es[j], es[i]
    elif op == "drop" and len(es) > 1:
        es.remove(e)
    else:
        e.before = junk(r)


def junk(r):
    return r.choice([b"????", bytes(r.randrange(1, 40)), b"PK\x03\x04", z.LOCAL + bytes(26), z.descriptor(b"a", b"a"), z.end_record(0, 0, 0), b"PK\x06\x08\x04\0\0\0abcd",
                     z.Entry("p/junk.py", text(r, 77)).local_bytes()])


def z_frame(r, m):
    a = m["args"]
    field = r.choice(["prefix", "gap", "cd_tail", "before_end", "suffix", "comment", "end", "zip64", "shift", "no_end"])
    if field == "end":
        a["end"] = {r.choice(["count", "total", "disk", "cd_disk", "comment_size"]): r.choice([0, 1, 2, 3, 9, 0xFFFF])}
        if r.random() < 0.5:
            a["end"][r.choice(["cd_size", "cd_offset"])] = near(r, 200, EDGES32)
    elif field == "zip64":
        a["zip64"] = r.choice([{}, {"size": 60, "tail": bytes(16)}, {"count": 1}, {"cd_offset": 0}, {"locator": None}, {"at": 5}, {"locator": {"disks": 2}}, {"size": 4}])
        if r.random() < 0.5:
            a["end"] = {"count": 0xFFFF, "cd_size": z.MAX32, "cd_offset": z.MAX32}
    elif field == "shift":
        a["shift"] = r.choice([-1, 1, 20, 4])
    elif field == "no_end":
        a["no_end"] = True
    elif field == "comment":
        a["comment"] = r.choice([b"hello", z.end_record(0, 0, 0), z.simple({"c.py": text(r, 55)})])
    else:
        a[field] = junk(r)


def z_data(r, m):
    e = r.choice(m["entries"])
    if not e.raw:
        return
    op = r.choice(["cut", "more", "flip", "descriptor", "encrypt", "method"])
    if op == "cut":
        e.raw = e.raw[:r.randrange(len(e.raw))]
    elif op == "more":
        e.raw += junk(r)
    elif op == "flip":
        i = r.randrange(len(e.raw))
        e.raw = e.raw[:i] + bytes([e.raw[i] ^ (1 << r.randrange(8))]) + e.raw[i + 1:]
    elif op == "descriptor":
        e.flags |= 8
        e.after = z.descriptor(e.data, e.raw, r.random() < 0.5, r.random() < 0.2, **r.choice([{}, {}, {"crc": 5}, {"csize": 9}, {"usize": 9}]))
        if r.random() < 0.7:
            e.local.update(crc=0, csize=0, usize=0)
    elif op == "encrypt":
        e.flags |= r.choice([1, 0x41])
    else:
        e.method = r.choice([0, 8, 9, 12, 14])


def z_link(r, m):
    m["entries"].append(z.Entry(r.choice(["p/l", "d", "p/a.py"]), r.choice([b"a.py", b"../../x", b"/tmp"]), 0, mode=0o120777))
    if r.random() < 0.5:
        m["entries"].append(z.Entry("d/through.py", text(r, 66)))


ZIP_OPS = [z_field] * 6 + [z_name] * 3 + [z_extra] * 2 + [z_records] * 4 + [z_frame] * 4 + [z_data] * 3 + [z_link]


def zip_archive(r):
    m = zip_model(r)
    for _ in range(r.choice([0, 1, 1, 1, 1, 2, 2, 3])):
        r.choice(ZIP_OPS)(r, m)
    data = z.build(m["entries"], **m["args"])
    roll = r.random()
    if roll < 0.12:
        data = flip_headers(r, data, [z.LOCAL, z.CENTRAL, z.END, z.DESCRIPTOR], 46)
    elif roll < 0.16:
        other = z.build(zip_model(r)["entries"])
        data = r.choice([data + other, other + data, data[:len(data) // 2] + other])
    elif roll < 0.20:
        data = data[:r.randrange(4, len(data))]
    return data


def flip_headers(r, data, signatures, length):
    """Flips one to three bits within that many bytes of some header."""
    out = bytearray(data)
    places = [i for s in signatures for i in find_all(data, s)]
    for _ in range(r.randint(1, 3)):
        if places:
            i = min(len(out) - 1, r.choice(places) + r.randrange(length))
            out[i] ^= 1 << r.randrange(8)
    return bytes(out)


def find_all(data, what):
    i = data.find(what)
    while i >= 0:
        yield i
        i = data.find(what, i + 1)


# --- tar --------------------------------------------------------------------------------------------
def tar_model(r):
    form = r.choice([t.USTAR, t.USTAR, t.GNU, t.V7])
    out, used = [], set()
    if r.random() < 0.2:
        out.append(dict(name="p/", data=b"", kind=b"5", magic=form))
    for i in range(r.randint(2, 4)):
        name = NAMES[(i + r.randrange(2) * 4) % len(NAMES)]
        if name not in used:
            used.add(name)
            out.append(dict(name=name, data=text(r, i), magic=form))
    return {"records": out, "end": t.END}


def files_of(m):
    return [x for x in m["records"] if isinstance(x, dict)]


def t_field(r, m):
    x = r.choice(files_of(m))
    n = len(x["data"])
    field = r.choice(["size", "size", "size", "kind", "kind", "chksum", "magic", "prefix", "uid", "mode", "mtime", "link", "form"])
    if field == "size":
        x["size"] = r.choice([0, n + 1, max(0, n - 1), n + 512, 1 << 20, b"9" * 11, b"\x80" + bytes(10) + b"\x05", t.base256(-512, 12), t.base256(n, 12), b"%o " % n, b"", b"  %o" % n,
                              b"%011o7" % n, b"-7"])
    elif field == "kind":
        x["kind"] = r.choice([b"0", b"\0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"x", b"g", b"L", b"K", b"S", b"V", b"M", b"D", b"N", b"X", b"A", b"Z", b"\xff"])
        x["link"] = r.choice(["", "p/a.py", "../../out"])
    elif field == "chksum":
        x["chksum"] = r.choice([b"000001\0 ", b"       \0", b"777777\0 ", bytes(8)])
    elif field == "magic":
        x["magic"] = r.choice([t.USTAR, t.GNU, t.V7, b"ustar\x0011", b"USTAR\x0000", b"ustar  \0"])
    elif field == "prefix":
        x["prefix"] = r.choice([b"pre", b"../up", b"x" * 155, b"\xff"])
    elif field == "link":
        x["link"] = r.choice(["p/a.py", "/tmp/x"])
    elif field == "form":
        x.update(r.choice([dict(signed=True), dict(chkform=b"%07o\0"), dict(chkform=b"%6o\0 ")]))
    else:
        x[field] = r.choice([b"nonsense", b"\xff" * 8, b"\x80" + b"\0" * 6 + b"\1", b"", b"7777777"])


def t_name(r, m):
    x = r.choice(files_of(m))
    x["name"] = r.choice([r.choice(ODD_NAMES), r.choice(files_of(m))["name"], "n" * 100, "p/" + "long/" * 30])


def t_extended(r, m):
    """A pax or GNU record in front of some member, true or lying."""
    x = r.choice(files_of(m))
    at = next(i for i, y in enumerate(m["records"]) if y is x)
    n = len(x["data"])
    pick = r.randrange(9)
    if pick == 0:
        rec = t.gnu_long(r.choice(["p/gnu.py", "", "p/" + "g" * 200, b"p/g\0x.py"]), r.choice([b"L", b"L", b"K"]), r.choice([b"\0", b""]))
    elif pick == 1:
        raw = r.choice([b"99 path=p/x.py\n", b"0 path=p/x\n", b"x path=1\n", b"9 pathpp\n", b"15 path=p/x.pyz", b"18 path=p/\xff\xff.py\n\n", b"\0" * 20, b"12 path=p/xx\n12 siz=1\n\n"])
        rec = t.pax(None, r.choice([b"x", b"x", b"g"]), raw=raw)
    elif pick == 2:
        rec = t.pax(r.choice([{"path": "p/pax.py"}, {"path": ""}, {"path": b"p/\0z"}, {"path": "p/caf\u00e9.py"}, [("path", "p/1.py"), ("path", "p/2.py")]]))
    elif pick == 3:
        rec = t.pax({"size": r.choice([str(n), "0", str(n + 512), "-1", "many", str(1 << 62), "3", str(max(0, n - 1))])})
    elif pick == 4:
        rec = t.pax(r.choice([{"comment": "x"}, {"path": "p/global.py"}, {"size": "5"}, {"mtime": "1.5"}]), b"g")
    elif pick == 5:
        rec = t.pax(r.choice([{"linkpath": "../../x"}, {"uid": "nobody"}, {"mtime": "soon"}, {"hdrcharset": "BINARY"}, {"SCHILY.xattr.a": "b"}, {"uname": "me", "gid": "0"}]))
    elif pick == 6:
        rec = t.pax_sparse("p/sparse.bin", {r.choice([0, 100, 512]): text(r, 44)}, r.choice([3000, 10000]))
    elif pick == 7:
        rec = t.old_sparse("p/old.bin", {0: text(r, 45).ljust(512)[:512], 2048: b"end\n"}, r.choice([4096, 2052]))
    else:
        rec = t.pax({"path": "p/one.py"}) + t.gnu_long("p/two.py")
    m["records"].insert(at, rec)


def t_records(r, m):
    rs = m["records"]
    op = r.choice(["copy", "drop", "swap", "zero", "zeros", "junk", "half", "link"])
    at = r.randrange(len(rs) + 1)
    if op == "copy":
        x = r.choice(files_of(m))
        rs.insert(at, dict(x, data=text(r, 91)))
    elif op == "drop" and len(files_of(m)) > 1:
        rs.remove(r.choice(files_of(m)))
    elif op == "swap":
        i, j = r.randrange(len(rs)), r.randrange(len(rs))
        rs[i], rs[j] = rs[j], rs[i]
    elif op == "zero":
        rs.insert(at, bytes(512))
    elif op == "zeros":
        rs.insert(at, bytes(1024))
    elif op == "junk":
        rs.insert(at, r.choice([b"?" * 512, b"\0" * 511 + b"x", b"x" * 100]))
    elif op == "link":
        inner = t.member("p/inner.py", text(r, 81))
        rs.insert(at, t.member(r.choice(["p/l", "p/l/"]), r.choice([b"", inner, text(r, 82)]), r.choice([b"1", b"2", b"5", b"6"]), link=r.choice(["p/a.py", "/etc/x", ""])))
    else:
        x = r.choice(files_of(m))
        x["size"] = x.get("size", len(x["data"]))
        x["data"] = x["data"][:len(x["data"]) // 2]


def t_end(r, m):
    m["end"] = r.choice([b"", bytes(512), bytes(511), bytes(9 * 512), t.END + b"behind" * 90, t.END + t.simple({"p/z.py": text(r, 71)}), t.END + bytes(4096) + t.member("p/y.py", text(r, 72)), b"text"])


TAR_OPS = [t_field] * 5 + [t_name] * 2 + [t_extended] * 5 + [t_records] * 4 + [t_end] * 2


def tar_bytes(m):
    return b"".join(x if isinstance(x, bytes) else t.member(**x) for x in m["records"]) + m["end"]


def tar_archive(r):
    m = tar_model(r)
    for _ in range(r.choice([0, 1, 1, 1, 1, 2, 2, 3])):
        r.choice(TAR_OPS)(r, m)
    data = tar_bytes(m)
    roll = r.random()
    if roll < 0.10:
        data = flip_blocks(r, data)
    elif roll < 0.14:
        data = data + tar_bytes(tar_model(r))
    elif roll < 0.18:
        data = data[:r.randrange(300, len(data))] if len(data) > 400 else data
    return data


def flip_blocks(r, data):
    """Flips a bit in a header; in half of the cases its checksum is made right again."""
    heads = [i for i in range(0, len(data) - 511, 512) if data[i + 257:i + 262] == b"ustar"] or [0]
    out = bytearray(data)
    for _ in range(r.randint(1, 2)):
        at = r.choice(heads)
        if at + 512 > len(out):
            continue
        out[at + r.choice([r.randrange(100), 100 + r.randrange(57), 124 + r.randrange(12), 156, 157 + r.randrange(105), 345 + r.randrange(155)])] ^= 1 << r.randrange(8)
        if r.random() < 0.5:
            out[at + 148:at + 156] = b"%06o\0 " % t.checksum(bytes(out[at:at + 512]))
    return bytes(out)


def gz_archive(r):
    """A tar, honest in half of the cases, in gzip framing that lies."""
    tar = tar_archive(r) if r.random() < 0.5 else tar_bytes(tar_model(r))
    op = r.randrange(11)
    if op == 0:
        at = r.randrange(len(tar))
        return t.gzip(tar[:at]) + t.gzip(tar[at:])
    if op == 1:
        return t.gzip(tar) + r.choice([b"garbage", bytes(30), b"\x1f\x8b", t.gzip(b""), t.gzip(tar_bytes(tar_model(r))), t.gzip(tar)[:20]])
    if op == 2:
        return t.gzip(tar, crc=r.choice([0, 1]))
    if op == 3:
        return t.gzip(tar, isize=r.choice([0, 5, len(tar) + 1]))
    if op == 4:
        return t.gzip(tar, flags=r.choice([0x20, 0x40, 0x80, 0x01]))
    if op == 5:
        return t.gzip(tar, extra=b"abcd", name=r.choice(["t.tar", "../x", b"\xff"]), comment="c", header_crc=True, bad_header_crc=r.random() < 0.5)
    if op == 6:
        data = t.gzip(tar)
        return data[:r.randrange(12, len(data))]
    if op == 7:
        data = bytearray(t.gzip(tar))
        data[r.choice([2, 3, 8, 9, r.randrange(10, len(data))])] ^= 1 << r.randrange(8)
        return bytes(data)
    if op == 8:
        return t.gzip(t.gzip(tar))
    if op == 9:
        return t.gzip(tar, level=0)
    return t.gzip(tar)


def make(seed, index):
    """(format, bytes) of one archive: half of them ZIP, a third tar, the rest tar.gz."""
    r = random.Random(seed * 1000003 + index)
    turn = index % 25
    if turn < 13:
        return "zip", zip_archive(r)
    return ("tar", tar_archive(r)) if turn < 21 else ("tar.gz", gz_archive(r))


