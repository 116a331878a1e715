# SPDX-License-Identifier: Apache-2.0
"""The readings of one archive: Python's zipfile and tarfile, Info-ZIP's unzip, libarchive (the library under
bsdtar, seeking as `bsdtar -f FILE` does and streaming as `bsdtar -f -` does), and ours."""
import bz2
import ctypes
import gzip
import hashlib
import io
import json
import locale
import lzma
import os
import re
import resource
import signal
import struct
import subprocess
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib

ENV = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
MOST = 1 << 27  # bytes of one member that a reader may unpack here: ours are small
NAME_BYTES = 4096  # limits.name_bytes
MEMORY = 3 << 30  # some of these archives make tarfile grow without end; this process must not
SECONDS = 2  # and some make it turn in circles


def sha(data):
    return hashlib.sha256(data).hexdigest()


class Item:
    """A regular file as one reader gives it. whole: read to its end without complaint."""
    __slots__ = ("name", "sha", "size", "whole", "error")

    def __init__(self, name, digest, size, whole=True, error=""):
        self.name, self.sha, self.size, self.whole, self.error = name, digest, size, whole, error

    def __repr__(self):
        return f"{self.name!r} {self.sha[:8]} {self.size}{'' if self.whole else ' ! ' + self.error}"


class Reading:
    """What one reader made of one archive. refused: why it would not open it or stopped early, or ''."""

    def __init__(self, reader):
        self.reader, self.items, self.refused, self.kind = reader, [], "", ""

    def add(self, name, data, whole=True, error=""):
        self.items.append(Item(name, sha(data), len(data), whole, error))

    def whole(self):
        return {(i.name, i.sha) for i in self.items if i.whole}

    def brief(self):
        names = " ".join(show(i.name) + ("" if i.whole else "!") for i in self.items)
        return (names or "-") + (f" [{self.refused}]" if self.refused else "")


def show(name):
    text = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    text = "".join(c if c.isprintable() and c != "|" else "\\x%02x" % ord(c) for c in text)
    return text if len(text) <= 40 else text[:37] + "..."


def say(e):
    return f"{type(e).__name__}: {(str(e).splitlines() or [''])[0]}"[:100]


class TooLong(BaseException):
    """The reader did not come to an end. Not an Exception: the standard library must not swallow it."""


def guard(read):
    """Runs a reading of the standard library with a clock; what it had until then counts."""
    def alarm(_signum, _frame):
        raise TooLong("no end within %d s of CPU" % SECONDS)

    def guarded(data):
        limit = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, limit[1]))
        before = signal.signal(signal.SIGPROF, alarm)
        signal.setitimer(signal.ITIMER_PROF, SECONDS, 0.2)
        try:
            return read(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            resource.setrlimit(resource.RLIMIT_AS, limit)  # children (a sanitized build) need more
            signal.signal(signal.SIGPROF, before)
    return guarded


# --- Python ------------------------------------------------------------------------------------------
def zip_name(info):
    """The bytes of the name as zipfile decoded them."""
    try:
        return info.filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")
    except UnicodeError:
        return info.filename.encode("utf-8", "surrogatepass")


PY_ERRORS = (zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
             KeyError, IndexError, zlib.error, lzma.LZMAError, struct.error, UnicodeError, OverflowError, MemoryError,
             TooLong)


@guard
def python_zip(data):
    r = Reading("zipfile")
    r.kind = "zip"
    try:
        z = zipfile.ZipFile(io.BytesIO(data))
    except PY_ERRORS as e:
        r.refused = say(e)
        return r
    for info in z.infolist():
        if r.refused:
            break
        name = zip_name(info)
        if name.endswith(b"/") and not info.file_size:
            continue
        try:
            with z.open(info) as f:
                r.add(name, f.read(MOST))
        except TooLong as e:
            r.refused = say(e)
        except PY_ERRORS as e:
            r.add(name, b"", False, say(e))
    return r


@guard
def python_tar(data):
    r = Reading("tarfile")
    r.kind = "tar"
    try:
        t = tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape")
    except PY_ERRORS as e:
        r.refused = say(e)
        return r
    try:
        for m in t:
            if not m.isreg() and m.type in tarfile.SUPPORTED_TYPES:
                continue
            name = m.name.encode("utf-8", "surrogateescape")
            try:
                body = t.extractfile(m).read(MOST)
                r.add(name, body, len(body) == m.size, "" if len(body) == m.size else "short")
            except TooLong:
                raise
            except PY_ERRORS as e:
                r.add(name, b"", False, say(e))
    except PY_ERRORS as e:
        r.refused = say(e)
    return r


@guard
def python_stream(data):
    """A bare compressed file through gzip, bz2 or lzma; the name is not judged."""
    r = Reading("python")
    r.kind = "stream"
    opener = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}.get(data[:2])
    if opener is None:
        r.refused = "no decompressor in the standard library"
        return r
    try:
        r.add(b"", opener(data))
    except PY_ERRORS as e:
        r.refused = say(e)
    return r


def python(data, fmt=None):
    """By format "zip", "tar" (also compressed) or "stream"; guessed where None."""
    if fmt is None:
        z, t = python_zip(data), python_tar(data)
        return z if not z.refused or t.refused else t
    return {"zip": python_zip, "tar": python_tar, "stream": python_stream}[fmt](data)


# --- unzip ---------------------------------------------------------------------------------------------
HEAD = re.compile(rb"^ {0,3}(?:inflating|extracting|exploding|unshrinking|bunzipping|unlzma-ing|   linking): "
                  rb"(.*?) {2,}\n", re.M)
TESTED = re.compile(rb"^ +testing: (.*?) +(OK|bad.*|.*)$", re.M)


def unzip(path):
    """`unzip -c`: all members in order, the contents between marks. Ours never hold such a mark."""
    r = Reading("unzip")
    r.kind = "zip"
    p = run(["unzip", "-P", "x", "-c", path])
    if p is None:
        r.refused = "timeout"
        return r
    heads = list(HEAD.finditer(p.stdout))
    if p.returncode not in (0, 1):
        r.refused = "exit %d: %s" % (p.returncode, last_line(p.stderr.replace(os.path.dirname(path).encode() + b"/", b"")))
    if not heads:
        r.refused = r.refused or "nothing"
        return r
    status = {}
    if p.returncode > 1:
        t = run(["unzip", "-P", "x", "-t", path])
        for m in TESTED.finditer(t.stdout if t else b""):
            status.setdefault(m.group(1).strip(), []).append(m.group(2).strip())
    for h, nxt in zip(heads, heads[1:] + [None]):
        name = h.group(1)
        body = p.stdout[h.end():nxt.start() if nxt else len(p.stdout)]
        body = body[:-1] if body.endswith(b"\n") else body
        seen = status.get(name.strip(), [b"OK"])
        verdict = seen.pop(0) if len(seen) > 1 else seen[0]
        whole = verdict == b"OK" if p.returncode > 1 else True
        if name.endswith(b"/") and not body:
            continue
        r.add(name.rstrip(b" "), body, whole, "" if whole else verdict.decode("utf-8", "replace")[:60] or last_line(p.stderr))
    return r


def run(argv, seconds=20, stdin=subprocess.DEVNULL):
    try:
        return subprocess.run(argv, stdin=stdin, capture_output=True, timeout=seconds, env=ENV)
    except subprocess.TimeoutExpired:
        return None


def last_line(text):
    lines = [s for s in text.decode("utf-8", "replace").splitlines() if s.strip()]
    return lines[-1].strip()[:80] if lines else ""


# --- libarchive ------------------------------------------------------------------------------------------
_lib = None


def lib():
    global _lib
    if _lib is None:
        for category in ("C.UTF-8", "C.utf8"):
            try:
                locale.setlocale(locale.LC_ALL, category)
                break
            except locale.Error:
                continue
        _lib = ctypes.CDLL("libarchive.so.13")
        p = ctypes.c_void_p
        for name, result, args in (
                ("archive_read_new", p, []), ("archive_read_free", ctypes.c_int, [p]),
                ("archive_read_support_filter_all", ctypes.c_int, [p]),
                ("archive_read_support_format_all", ctypes.c_int, [p]),
                ("archive_read_support_format_zip_streamable", ctypes.c_int, [p]),
                ("archive_read_open_memory", ctypes.c_int, [p, ctypes.c_char_p, ctypes.c_size_t]),
                ("archive_read_next_header", ctypes.c_int, [p, ctypes.POINTER(p)]),
                ("archive_read_data", ctypes.c_ssize_t, [p, p, ctypes.c_size_t]),
                ("archive_entry_pathname", ctypes.c_char_p, [p]), ("archive_entry_filetype", ctypes.c_uint, [p]),
                ("archive_entry_hardlink", ctypes.c_char_p, [p]),
                ("archive_entry_size_is_set", ctypes.c_int, [p]), ("archive_entry_size", ctypes.c_int64, [p]),
                ("archive_error_string", ctypes.c_char_p, [p]), ("archive_format", ctypes.c_int, [p])):
            f = getattr(_lib, name)
            f.restype, f.argtypes = result, args
    return _lib


def libarchive(data, stream=False):
    """As bsdtar reads it. stream: the ZIP reader that sees local headers only (bsdtar on a pipe)."""
    la = lib()
    r = Reading("bsdtar-stream" if stream else "bsdtar")
    a = la.archive_read_new()
    la.archive_read_support_filter_all(a)
    (la.archive_read_support_format_zip_streamable if stream else la.archive_read_support_format_all)(a)
    buf = ctypes.create_string_buffer(1 << 16)

    def error():
        return (la.archive_error_string(a) or b"?").decode("utf-8", "replace")[:80]
    try:
        if la.archive_read_open_memory(a, data, len(data)) < -20:
            r.refused = error()
            return r
        entry = ctypes.c_void_p()
        for _ in range(100000):
            rc = la.archive_read_next_header(a, ctypes.byref(entry))
            if rc == 1:
                break
            if rc == -10:
                continue
            if rc < -20:
                r.refused = error()
                break
            read_entry(la, a, entry, r, buf, error)
        r.kind = {0x50000: "zip", 0x30000: "tar"}.get(la.archive_format(a) & 0xFF0000, "other")
    finally:
        la.archive_read_free(a)
    return r


def read_entry(la, a, entry, r, buf, error):
    name = la.archive_entry_pathname(entry)
    if la.archive_entry_filetype(entry) != 0o100000:
        return
    digest, size, trouble = hashlib.sha256(), 0, ""
    while size < MOST:
        n = la.archive_read_data(a, buf, len(buf))
        if n < 0:
            trouble = error()
            break
        if n == 0:
            break
        digest.update(ctypes.string_at(buf, n))  # never the whole buffer
        size += n
    if not trouble and la.archive_entry_size_is_set(entry) and la.archive_entry_size(entry) != size:
        trouble = "short"
    if la.archive_entry_hardlink(entry) and size == 0:
        return
    r.items.append(Item(name if name is not None else b"", digest.hexdigest(), size, not trouble, trouble))


def bsdtar_list(path):
    """The program itself, as a check that the library above reads the same."""
    p = run(["bsdtar", "-tf", path])
    if p is None:
        return ["timeout"], False
    return p.stdout.decode("utf-8", "surrogateescape").splitlines(), p.returncode == 0


# --- ours ------------------------------------------------------------------------------------------------
class Ours:
    """One line of `tidewaiter members`."""

    def __init__(self, line):
        self.json = json.loads(line)
        self.artifact, self.format = self.json["artifact"], self.json.get("format", "")
        self.members, self.findings = self.json["members"], self.json["findings"]
        for m in self.members:
            m["name"] = raw_name(m, "path")
            m["other"] = raw_name(m, "alias")
            m.setdefault("flags", [])
        self.ids = {f["id"] for f in self.findings}

    def files(self):
        return [m for m in self.members if m["type"] == "file" and "unread" not in m["flags"]]

    def whole(self):
        return {(m["name"], m["sha256"]) for m in self.files() if "damaged" not in m["flags"]}

    def gives(self, name, digest):
        """A member of that content under that name, as path or alias. A link counts where a reader takes the
        target for content (zipfile does), and a name that is no name as any."""
        for m in self.members:
            if m["type"] == "symlink" and m.get("link") and sha(m["link"].encode()) == digest and same_name(name, m):
                return True
            if m["sha256"] == digest and "unread" not in m["flags"] and (not plain(name) or same_name(name, m)):
                return True
        return False

    def has_content(self, digest):
        return any(m["sha256"] == digest for m in self.files())

    def brief(self):
        parts = []
        for m in self.members:
            marks = "".join(f[0] for f in m["flags"])
            parts.append(show(m["name"]) + (f"~{show(m['other'])}" if m["other"] else "") + (f"({marks})" if marks else ""))
        return " ".join(parts) or "-"


def raw_name(m, key):
    if m.get(key + "_hex"):
        return bytes.fromhex(m[key + "_hex"])
    return (m.get(key) or "").encode("utf-8", "surrogatepass")


def same_name(name, m):
    """A leading "./" and a trailing "/" do not make another name."""
    return plain(name) in (plain(m["name"]), plain(m["other"]) if m["other"] else None)


def plain(name):
    name = name.rstrip(b"/")
    while name.startswith(b"./"):
        name = name[2:].lstrip(b"/")
    return name


def alike(theirs, ours):
    """The same name for a reader that changes names: libarchive makes slashes of the backslashes of a ZIP and
    composes Unicode; ours keeps the first 4,096 bytes."""
    if len(theirs) > NAME_BYTES and theirs[:NAME_BYTES] == ours:
        return True
    try:
        form = [unicodedata.normalize("NFC", n.decode()) for n in (theirs, ours)]
    except UnicodeDecodeError:
        return theirs == ours.replace(b"\\", b"/")
    return form[0] in (form[1], form[1].replace("\\", "/"))


def tidewaiter(program, paths, seconds=120):
    """One Ours per path, in order. A crash or a hang raises."""
    p = subprocess.run([program, "members", *paths], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, env=ENV)
    lines = p.stdout.splitlines()
    if p.returncode < 0 or len(lines) != len(paths):
        raise RuntimeError("members: exit %d, %d lines for %d files; %s"
                           % (p.returncode, len(lines), len(paths), p.stderr[-600:].decode("utf-8", "replace")))
    return [Ours(line) for line in lines]


def tidewaiter_each(program, paths, seconds=120):
    """As above; where a batch fails, halves it until the guilty files are alone. Yields Ours or the error."""
    try:
        return list(tidewaiter(program, paths, seconds))
    except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as e:
        if len(paths) == 1:
            return [e]
        half = len(paths) // 2
        return tidewaiter_each(program, paths[:half], seconds) + tidewaiter_each(program, paths[half:], seconds)


def scratch():
    """A private folder (0700), in memory where the system has such a place; removed on exit of the with block."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="tw-archives-", dir=memory)


class Tally:
    """Counts, prints failures, and ends as every test of this folder does."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, what):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED " + what, flush=True)
        return ok

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
