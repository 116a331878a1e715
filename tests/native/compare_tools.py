#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the native reader says of ordinary binaries beside what others say of them.

ELF: readelf on this machine's own programs and libraries. PE: pefile. Mach-O: lief. Both on wheels of ordinary projects that pip
fetches once into build/native-wheels. WebAssembly: node's own reader. Go: `go version -m`, where go is here. A tool that is not
here is a skip. Ends with `N passed, N failed, N skipped`: one for each binary.
"""
import argparse
import collections
import importlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / "build/native-wheels"
SMALL = [("win_amd64", "psutil"), ("win32", "psutil"), ("win_arm64", "markupsafe"), ("macosx_11_0_arm64", "psutil"), ("win_amd64", "greenlet"),
         ("macosx_11_0_universal2", "greenlet"), ("macosx_11_0_arm64", "orjson"), ("win_amd64", "orjson"), ("manylinux2014_aarch64", "orjson"),
         ("manylinux2014_i686", "markupsafe"), ("musllinux_1_2_x86_64", "markupsafe")]
WIDE = [("win_amd64", "pywin32"), ("win_amd64", "cryptography"), ("macosx_12_0_universal2", "cryptography"), ("win_amd64", "numpy"),
        ("macosx_14_0_arm64", "numpy"), ("win_amd64", "ruff"), ("macosx_11_0_arm64", "ruff"), ("manylinux2014_s390x", "numpy"),
        ("manylinux2014_ppc64le", "pyyaml"), ("win_amd64", "wasmtime"), ("win_amd64", "pillow"), ("macosx_11_0_arm64", "pillow")]
Wrong = collections.namedtuple("Wrong", "what missing extra")


def wheels(wanted):
    WHEELS.mkdir(parents=True, exist_ok=True)
    for platform, name in wanted:
        folder = WHEELS / f"{name}-{platform}"
        if not list(folder.glob("*.whl")):
            command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
                       "--platform", platform, "--python-version", "3.12", "-d", folder, name]
            subprocess.run(command, stderr=subprocess.DEVNULL, timeout=300)
        yield from folder.glob("*.whl")


def difference(what, ours, theirs):
    ours, theirs = set(ours), set(theirs)
    return [] if ours == theirs else [Wrong(what, sorted(theirs - ours)[:5], sorted(ours - theirs)[:5])]


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=120)
    return done.stdout.decode("utf-8", "replace")


def by_readelf(path, ours):
    table = "--syms" if ours["kind"] == "object" else "--dyn-syms"  # what is not linked yet has no other
    listing = re.sub(r"<OS specific>: \d+", "OTHER", run("readelf", table, "-W", path))  # two words for one
    symbols = [line.split() for line in listing.splitlines()]
    rows = [r for r in symbols if len(r) >= 7 and re.fullmatch(r"\d+:", r[0])]
    rows = [(r[4], r[6], r[7].split("@")[0] if len(r) > 7 else "") for r in rows]
    wrong = difference("imports", [i[1] for i in ours["imports"]], [n for _, where, n in rows if where == "UND" and n])
    if ours["kind"] != "object":
        wrong += difference("exports", ours["exports"], [n for bind, where, n in rows if where != "UND" and bind != "LOCAL" and n])
    dynamic = run("readelf", "-d", "-W", path)
    wrong += difference("libraries", ours["libraries"], re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    sections = re.findall(r"^  \[ *\d+\] (\S*) +(\w+) +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+)", run("readelf", "-S", "-W", path), re.M)
    theirs = [(n, int(off, 16), int(size, 16)) for n, kind, off, size in sections if kind not in ("NULL", "NOBITS")]
    wrong += difference("sections", [(n, off, size) for n, off, size, _, flags in ours["sections"] if not flags & 4], theirs)
    head = run("readelf", "-h", "-W", path)
    bits = 64 if "ELF64" in head else 32
    return wrong + difference("bits", [ours["bits"]], [bits])


def by_pefile(data, ours):
    pefile = importlib.import_module("pefile")
    pe = pefile.PE(data=data)
    imports, libraries = [], []
    for kind in "DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT":
        for entry in getattr(pe, kind, []):
            library = entry.dll.decode()
            libraries.append(library)
            imports += [(library, f"#{i.ordinal}" if i.import_by_ordinal else i.name.decode()) for i in entry.imports]
    exports = [s.name.decode() for s in getattr(getattr(pe, "DIRECTORY_ENTRY_EXPORT", None), "symbols", []) if s.name]
    folded = lambda rows: {(a.lower(), b.rstrip("AW")) for a, b in rows}  # one symbol for A and W, one library for several spellings
    ours_imports = [(i[0], i[1]) for i in ours["imports"]]
    names = lambda rows: {b for _, b in folded(rows)}
    wrong = difference("imports", names(ours_imports), names(imports))
    if not folded(ours_imports) <= folded(imports):
        wrong += difference("imports with their libraries", folded(ours_imports), folded(imports))
    most = len(exports) >= pefile.MAX_SYMBOL_EXPORT_COUNT  # it reads no more
    wrong += difference("exports", set(ours["exports"]) & set(exports) if most else ours["exports"], exports)
    wrong += difference("libraries", ours["libraries"], libraries)
    sections = [(s.Name.split(b"\0")[0].decode("latin-1"), s.SizeOfRawData) for s in pe.sections]
    wrong += difference("sections", [(s[0], s[2]) for s in ours["sections"]], sections)
    signed = pe.OPTIONAL_HEADER.DATA_DIRECTORY[4]
    wrong += difference("signed", [bool(ours["signed"])], [bool(signed.Size)])
    for s in pe.sections:
        mine = [x for x in ours["sections"] if x[0] == s.Name.split(b"\0")[0].decode("latin-1") and x[3]]
        if mine and abs(mine[0][3] / 1000 - s.get_entropy()) > 0.01:
            wrong.append(Wrong("entropy", s.get_entropy(), mine[0][3]))
    overlay = pe.get_overlay_data_start_offset()
    if not signed.Size:
        wrong += difference("overlay", [bool(ours["overlay"])], [overlay is not None and len(data) - overlay >= 64 and any(data[overlay:])])
    return wrong


def by_lief(data, ours):
    lief = importlib.import_module("lief")
    fat = lief.MachO.parse(list(data), lief.MachO.ParserConfig.deep)
    imports, exports, libraries, sections, signed = set(), set(), set(), set(), False
    for i in range(fat.size):
        macho = fat.at(i)
        for s in macho.symbols:
            raw = int(s.raw_type)
            if raw & 0xE0 or not raw & 1 or not s.name or s.origin.name != "SYMTAB":
                continue
            (exports if raw & 0x0E else imports).add(str(s.name))
        libraries |= {lib.name for lib in macho.libraries if lib.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB}
        sections |= {(s.name, s.size) for s in macho.sections}
        signed |= macho.has_code_signature
    wrong = difference("imports", [i[1] for i in ours["imports"]], imports)
    wrong += difference("exports", ours["exports"], exports)
    wrong += difference("libraries", ours["libraries"], libraries)
    full = {s for s in ours["sections"] and [(n, size) for n, _, size, _, flags in ours["sections"] if not flags & 4]}
    if not full <= sections:
        wrong += difference("sections", full, sections)
    wrong += difference("slices", [max(ours["slices"], 1)], [fat.size])
    return wrong + difference("signed", [bool(ours["signed"])], [signed])


def by_node(data, ours, node):
    with tempfile.NamedTemporaryFile(suffix=".wasm") as f:
        f.write(data)
        f.flush()
        code = ("const m=new WebAssembly.Module(require('fs').readFileSync(process.argv[1]));"
                "console.log(JSON.stringify([WebAssembly.Module.imports(m),WebAssembly.Module.exports(m)]))")
        out = run(node, "-e", code, f.name)
    if not out:
        return None
    imports, exports = json.loads(out)
    wrong = difference("imports", [(i[0], i[1]) for i in ours["imports"]], [(i["module"], i["name"]) for i in imports])
    return wrong + difference("exports", ours["exports"], [e["name"] for e in exports])


def by_go(path, ours, go):
    lines = [line.strip().split("\t") for line in run(go, "version", "-m", path).splitlines()]
    if not lines or not lines[0][0]:
        return None
    version = lines[0][0].rsplit(": ", 1)[-1]
    modules = [(r[1], r[2]) for r in lines if r[0] in ("mod", "dep", "=>") and len(r) > 2]
    wrong = difference("go", [ours["go"]], [version])
    return wrong + difference("modules", [tuple(m) for m in ours["modules"]], modules)


def hand_made_wasm():
    """One of everything that an import section holds."""
    name = lambda s: bytes([len(s)]) + s.encode()
    section = lambda kind, body: bytes([kind, len(body)]) + body
    imports = [name("wasi_snapshot_preview1") + name("fd_write") + b"\0\0", name("env") + name("t") + b"\1\x70\0\1",
               name("env") + name("m") + b"\2\1\1\2", name("env") + name("g") + b"\3\x7f\0"]
    return (b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\0") + section(2, bytes([len(imports)]) + b"".join(imports)) + section(3, b"\1\0") +
            section(7, b"\2" + name("_start") + b"\0\1" + name("mem") + b"\2\0") + section(10, b"\1\2\0\x0b"))


def elves(most):
    """Programs and libraries from all over the machine, every n-th; archives of objects begin otherwise."""
    roots = ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/sbin", "/lib64"]
    found = []
    for root in roots:
        for path in sorted(Path(root).glob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size < 60 << 20:
                with open(path, "rb") as f:
                    if f.read(4) == b"\x7fELF" and path.suffix != ".a":
                        found.append(path)
    step = max(1, len(found) // most)
    return found[::step]


def members(wheel):
    with zipfile.ZipFile(wheel) as z:
        for info in z.infolist():
            if not info.is_dir():
                yield info.filename, z.read(info)


class Score:
    def __init__(self, verbose):
        self.passed = self.failed = self.skipped = 0
        self.by = collections.Counter()
        self.verbose = verbose

    def add(self, tool, name, wrong):
        if wrong is None:
            self.skipped += 1
            return
        self.by[tool] += 1
        if not wrong:
            self.passed += 1
            return
        self.failed += 1
        print(f"{tool}: {name}")
        for w in wrong:
            print(f"    {w.what}: not seen {w.missing}, seen besides {w.extra}")


def has(module):
    return importlib.util.find_spec(module) is not None


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--tidewaiter", help="beside it bench_native is looked for")
    p.add_argument("--native", help="bench_native itself")
    p.add_argument("--elf", type=int, default=100, help="binaries of this machine")
    p.add_argument("--wide", action="store_true", help="larger wheels too")
    args = p.parse_args()
    places = [args.native, Path(args.tidewaiter or ".").parent / "bench_native", ROOT / "build/release/bench_native"]
    native = next((str(x) for x in places if x and Path(x).exists()), None)
    if not native:
        build = ROOT / "build/release" if (ROOT / "build/release/build.ninja").exists() else Path(args.tidewaiter or ".").resolve().parent
        subprocess.run(["ninja", "-C", build, "bench_native"], stdout=subprocess.DEVNULL, check=True)
        native = str(build / "bench_native")
    score = Score(False)
    for path in elves(args.elf):
        dump = run(native, "--dump", path)
        score.add("readelf", path, by_readelf(str(path), json.loads(dump)) if dump else [Wrong("read", "all", "nothing")])
    go, node = shutil.which("go") or "/usr/local/go/bin/go", shutil.which("node")
    if Path(go).exists():
        for path in [go] + sorted(Path(go).parent.parent.glob("pkg/tool/*/*"))[:8]:
            score.add("go", path, by_go(str(path), json.loads(run(native, "--dump", path)), go))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.wasm"
        made.write_bytes(hand_made_wasm())
        score.add("node", made.name, by_node(made.read_bytes(), json.loads(run(native, "--dump", made)), node) if node else None)
    for wheel in wheels(SMALL + (WIDE if args.wide else [])):
        files = dict(members(wheel))
        for line in run(native, "--dump", wheel).splitlines():
            ours = json.loads(line)
            name, data = f"{wheel.name}: {ours['path']}", files.get(ours["path"])
            if data is None:
                continue
            if ours["format"] == "PE":
                score.add("pefile", name, by_pefile(data, ours) if has("pefile") else None)
            elif ours["format"] == "Mach-O":
                score.add("lief", name, by_lief(data, ours) if has("lief") else None)
            elif ours["format"] == "WebAssembly":
                score.add("node", name, by_node(data, ours, node) if node else None)
            else:
                with tempfile.NamedTemporaryFile() as f:
                    f.write(data)
                    f.flush()
                    score.add("readelf", name, by_readelf(f.name, ours))
    print(", ".join(f"{n} beside {tool}" for tool, n in sorted(score.by.items())))
    print(f"{score.passed} passed, {score.failed} failed, {score.skipped} skipped")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
