# SPDX-License-Identifier: Apache-2.0
"""The API tables as the program sees them (tw_api_find of src/engine/capabilities), and what is classified beside them as harmless.

capabilities/LANGUAGE-harmless.tsv: symbol, reason, note. `a.b` is that function alone; `a.b.*` all below it; `via a.b`: what is
reached only through a.b does not count; `all a.b.*` (build and ui only): all below it, whatever it reaches, the innards of a tool,
which the walk counts apart. REASONS says what each reason claims."""
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import gen_tables  # noqa: E402

FOLDER = ROOT / "capabilities"
REASONS = {
    "pure": "computes a result out of its arguments",
    "memory": "keeps or moves data in memory",
    "inspect": "reads the interpreter's or the program's own state",
    "needs-object": "acts only through an object that was opened before: whoever opens it has a row",
    "control": "threads, locks, timers, loops: orders what runs, runs nothing that it was not handed",
    "ui": "draws, prints, logs or reads the user's keys in its own window or terminal",
    "own-files": "reads or writes files of the interpreter or of itself only (its data tables, caches, source lines)",
    "descriptor": "settings and state of a descriptor, socket or process that is there already",
    "meta": "looks at names and times of files, opens none",
    "build": "packaging, compiler and test tools: drives the files that it is told to build or test",
    "handler": "called by its own server, parser or loop; code that has no such object does not reach it",
    "error": "an exception, a constant type, an abstract base",
    "settings": "sets an option of its own module or program",
}


@dataclass
class Harmless:
    reason: str
    note: str
    line: int


class Tables:
    def __init__(self, lang):
        caps, self.cap_names = gen_tables.load_taxonomy(str(FOLDER))
        self.rows, self.prefixes = gen_tables.load_apis(str(FOLDER), lang, caps)
        self.prefixes.sort(key=lambda p: -len(p[0]))
        self.exact, self.under, self.via, self.all = {}, {}, {}, {}
        self.used, self.faults = set(), list(gen_tables.errors)
        self.load_harmless(FOLDER / f"{lang}-harmless.tsv")

    def load_harmless(self, path):
        for n, line in enumerate(path.read_text(encoding="ascii").splitlines() if path.exists() else [], 1):
            if not line or line.startswith("#"):
                continue
            cols = line.split("\t")
            if len(cols) not in (2, 3) or cols[1] not in REASONS:
                self.faults.append(f"{path.name}:{n}: expected symbol, reason ({' '.join(REASONS)}), note")
                continue
            for symbol in gen_tables.expand(cols[0]):
                table, key = self.exact, symbol
                if symbol.startswith("via "):
                    table, key = self.via, symbol[4:]
                elif symbol.startswith("all "):
                    table, key = self.all, symbol[4:-2]
                    if cols[1] not in ("build", "ui"):
                        self.faults.append(f"{path.name}:{n}: 'all' is for build and ui")
                elif symbol.endswith(".*"):
                    table, key = self.under, symbol[:-2]
                if key in table:
                    self.faults.append(f"{path.name}:{n}: '{symbol}' is there already")
                elif table is self.exact and key in self.rows:
                    self.faults.append(f"{path.name}:{n}: '{symbol}' has a row in the table of capabilities")
                table[key] = Harmless(cols[1], cols[2] if len(cols) > 2 else "", n)

    def row(self, symbol):
        """The rows of that very symbol, or of what it is re-exported from."""
        if symbol in self.rows:
            return self.rows[symbol]
        for a, b in self.prefixes:
            if symbol.startswith(a) and b + symbol[len(a) :] in self.rows:
                return self.rows[b + symbol[len(a) :]]
        return None

    def relaxed(self, symbol):
        base, _, last = symbol.rpartition(".")
        if not base:
            return None
        loose = base[0] == "?" or "(" in base or "[" in base
        return (self.rows.get("?." + last) if loose else None) or self.rows.get("*." + last)

    def prefix_of(self, symbol, kind="under"):
        """The longest `a.b.*` over a symbol. "a.b.*" covers a.b.c, a.b.c().d, a.b().d."""
        table = getattr(self, kind)
        parts = re.split(r"(?<=.)(?=[.(\[])", symbol)
        for i in range(len(parts) - 1, 0, -1):
            key = "".join(parts[:i])
            if key in table:
                self.used.add((kind, key))
                return key, table[key]
        return None, None

    def barrier(self, name):
        for key in (name, *(name[:i] + ".*" for i in range(len(name)) if name[i] == ".")):
            if key in self.via:
                self.used.add(("via", key))
                return True
        return False

    def has_capability(self, symbol):
        return any(cap for cap, *_ in self.row(symbol) or ())

    def groups(self, symbol):
        return {self.cap_names[cap][0].split(".")[0] for cap, *_ in self.row(symbol) or () if cap}

    def unused(self):
        """Lines of which nothing was needed (libraries and what some builds leave out, noted "library" and "elsewhere", aside)."""
        every, used = set(), set()
        for kind in "exact", "under", "via", "all":
            for key, entry in getattr(self, kind).items():
                every.update([] if entry.note.startswith(("elsewhere", "library")) else [entry.line])
                if (kind, key) in self.used:
                    used.add(entry.line)
        return sorted(every - used)
