# SPDX-License-Identifier: Apache-2.0
"""What one row of the table of crafted archives is made of."""
from readers import sha

A = b"print('alpha')\n" * 8
B = b"print('beta')\n" * 9
C = b"value = 3\n" * 40
EVIL = b"note = 'the other reading'\n" * 5


class M:
    """An expected member. path: bytes or str, None for any. data: content, None for any. flags: those it must
    carry, "!x" must not, "?x" may. A file without "damaged" or "?damaged" here must not carry it. alias: other name."""

    def __init__(self, path, data=None, flags="", *, kind="file", alias=None, link=None):
        self.path = path.encode() if isinstance(path, str) else path
        self.sha = None if data is None else sha(data.encode() if isinstance(data, str) else data)
        self.flags, self.kind, self.link = flags.split(), kind, link
        self.alias = alias.encode() if isinstance(alias, str) else alias

    def wrong(self, m):
        """Why a member of ours is not this one; '' where it is."""
        if self.path is not None and self.path not in (m["name"], m["other"]):
            return "path"
        if self.kind and m["type"] not in self.kind.split("|"):
            return f"type {m['type']}"
        if self.sha is not None and m["sha256"] != self.sha:
            return f"content ({m['size']} bytes)"
        for f in self.flags:
            if f[0] != "?" and ((f[1:] in m["flags"]) if f[0] == "!" else (f not in m["flags"])):
                return f"flags {m['flags']}"
        if self.kind == "file" and "damaged" in m["flags"] and not {"damaged", "?damaged"} & set(self.flags):
            return "damaged"
        if self.alias is not None and self.alias not in (m["name"], m["other"]):
            return f"alias {m['other']!r}"
        if self.link is not None and m.get("link", "") != self.link:
            return f"link {m.get('link')!r}"
        return ""

    def __repr__(self):
        return f"{self.kind} {self.path!r} {' '.join(self.flags)}"


class Row:
    """file: the name the archive gets. data: bytes or a function. members: all expected files and links (dirs
    and specials only where listed); more: others may come. find: ids that must be there, a tuple is any of.
    never: ids that must not. clean: no finding above info. exempt: readers whose reading need not be in ours,
    with the reason. note: for the table."""

    def __init__(self, name, file, data, members=(), find=(), never=(), *, more=False, clean=False, exempt=None,
                 fmt=None, limit=None, note="", heavy=False):
        self.name, self.file, self.build = name, file, data if callable(data) else (lambda: data)
        self.members, self.find, self.never, self.more = list(members), list(find), list(never), more
        self.clean, self.exempt, self.fmt, self.limit = clean, exempt or {}, fmt, limit
        self.note, self.heavy = note, heavy


def files(contents, flags=""):
    return [M(n, d, flags) for n, d in contents.items()]
