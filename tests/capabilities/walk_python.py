#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every public function, class and method of Python's standard library (this Python's, and 3.14's under node where pyodide is
there) has a row in capabilities/python.tsv or stands in python-harmless.tsv; one that reaches files, network, programs, code,
imports, environment or host facts has a row of its own in one of them. Modules are imported, nothing of them is called.

walk_python.py [--list] [--no-314] [--classified FILE]"""
import argparse
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import inventory
import reach
import tables

HERE = Path(__file__).resolve().parent
# C modules that touch the world: what is in them is named one by one.
WORLD = {"posix", "nt", "_io", "_socket", "_ssl", "_posixsubprocess", "_winapi", "winreg", "_ctypes", "_imp", "_posixshmem", "marshal", "_pickle",
         "pwd", "grp", "spwd", "resource", "fcntl", "mmap", "syslog", "_sqlite3", "_dbm", "_gdbm", "readline", "nis", "msvcrt", "sys", "builtins", "os",
         "signal", "_signal", "_interpreters", "_xxsubinterpreters"}
GROUP_OF = {"file": "fs", "delete": "fs", "list": "fs", "net": "net", "exec": "exec", "code": "code", "import": "code", "native": "code",
            "registry": "host", "host": "host", "env": "cred", "kill": "exec"}
# Windows' C modules, which cannot be imported here: their functions by the documentation.
WINDOWS = """winreg.{CloseKey,ConnectRegistry,CreateKey,CreateKeyEx,DeleteKey,DeleteKeyEx,DeleteValue,DisableReflectionKey,EnableReflectionKey,EnumKey,EnumValue,
ExpandEnvironmentStrings,FlushKey,LoadKey,OpenKey,OpenKeyEx,QueryInfoKey,QueryReflectionKey,QueryValue,QueryValueEx,SaveKey,SetValue,SetValueEx,HKEYType}
msvcrt.{getch,getche,getwch,getwche,get_osfhandle,heapmin,kbhit,locking,open_osfhandle,putch,putwch,setmode,ungetch,ungetwch,SetErrorMode,GetErrorMode}
winsound.{Beep,MessageBeep,PlaySound} os.{startfile,add_dll_directory,listdrives,listvolumes,listmounts} nt.{startfile,system,spawnv,spawnve} sys.getwindowsversion
_winapi.{CloseHandle,ConnectNamedPipe,CopyFile2,CreateFile,CreateFileMapping,CreateJunction,CreateNamedPipe,CreatePipe,CreateProcess,DuplicateHandle,ExitProcess,
GetACP,GetCurrentProcess,GetExitCodeProcess,GetFileType,GetLastError,GetModuleFileName,GetStdHandle,GetVersion,LCMapStringEx,MapViewOfFile,NeedCurrentDirectoryForExePath,
OpenFileMapping,OpenProcess,PeekNamedPipe,ReadFile,SetNamedPipeHandleState,TerminateProcess,UnmapViewOfFile,VirtualQuerySize,WaitForMultipleObjects,WaitForSingleObject,
WaitNamedPipe,WriteFile}"""


def windows():
    for word in WINDOWS.replace(",\n", ",").split():
        for symbol in tables.gen_tables.expand(word):
            yield [symbol, "function", ""]


def static_callables(library, known):
    """Functions, classes and methods of the modules that cannot be imported here, out of their sources."""
    for name, module in sorted(library.modules.items()):
        if name in known or inventory.skipped(name):
            continue
        for qualname in sorted([*module.functions, *module.classes]):
            parts = qualname.split(".")
            if any(p.startswith("_") for p in parts) or len(parts) > 2:
                continue
            if qualname in module.classes:
                yield [f"{name}.{qualname}", "class", f"{name}:{qualname}"]
            elif len(parts) == 1 or parts[0] in module.classes:
                symbol = qualname if len(parts) == 1 else f"{parts[0]}().{parts[1]}"
                yield [f"{name}.{symbol}", "function" if len(parts) == 1 else "method", f"{name}:{qualname}"]


def judge(t, symbol, home, reached):
    """(class, reason or None, fault or None)"""
    if t.row(symbol):
        return "mapped", None, None
    if symbol in t.exact:
        t.used.add(("exact", symbol))
        return "harmless", t.exact[symbol].reason, None
    key, entry = t.prefix_of(symbol)
    if reached:
        tool = t.prefix_of(symbol, "all")[1]
        if tool:
            return "harmless (all of a tool)", tool.reason, None
        way = "; ".join(f"{k}: {v}" for k, v in reached.items())
        if entry is None:
            return "open", None, f"reaches {way}"
        opener = key[:-2] if key.endswith("()") else key
        if entry.reason == "needs-object" and key.endswith("()") and {GROUP_OF[k] for k in reached} <= t.groups(opener):
            return "harmless", entry.reason, None
        return "open", None, f"is hidden by {key}.* ({entry.reason}), but reaches {way}"
    if entry is not None:
        if not home and symbol.split(".")[0] in WORLD and not key.endswith("()"):
            return "open", None, f"is hidden by {key}.*, but {symbol.split('.')[0]} touches the world"
        return "harmless", entry.reason, None
    if t.relaxed(symbol):
        return "mapped by its name", None, None
    return "open", None, "has no row"


def walk(t, found, library, show, classified):
    library.barriers = t.barrier
    counts, reasons, faults, ways = Counter(), Counter(), [], {}
    callables = found["callables"] + list(static_callables(library, found["modules"])) + list(windows())
    for symbol, kind, home in {c[0]: c for c in callables}.values():
        key = (home, kind == "class")
        if key not in ways:
            ways[key] = library.reached(home, kind) if home else {}
        what, reason, fault = judge(t, symbol, home, ways[key])
        counts[what] += 1
        if what != "open":
            classified.setdefault(symbol, (what, reason, sorted(ways[key])))
        if reason:
            reasons[reason] += 1
        if fault:
            faults.append(f"{symbol} ({kind}) {fault}")
    total = sum(counts.values())
    print(f"Python {found['version']}: {len(found['modules'])} modules, {total} functions, classes and methods walked, "
          f"{sum(1 for r in ways.values() if r)} of {len(ways)} definitions reach something: " + ", ".join(f"{n} {k}" for k, n in sorted(counts.items())))
    print("   harmless: " + ", ".join(f"{n} {k}" for k, n in reasons.most_common()))
    for fault in faults[: None if show else 40]:
        print("   " + fault)
    return total - len(faults), len(faults)


def carried(t, found):
    """A module that another one carries (platform.os) is known there too."""
    probes = {"os": "system", "subprocess": "Popen", "socket": "create_connection", "importlib": "import_module", "builtins": "exec", "shutil": "rmtree",
              "io": "open"}
    bad = []
    for name, target in sorted(found["carried"].items()):
        module = name.rpartition(".")[0]
        if target in probes and not module.startswith(("_", "distutils", "lib2to3")) and "." not in module and not t.row(f"{name}.{probes[target]}"):
            bad.append(f"{name} is {target}, but {name}.{probes[target]} is not known")
    return bad


def python_314():
    """The inventory of CPython 3.14, and its sources, or None."""
    node, pyodide = tables.ROOT / "build/venv/bin/node", tables.ROOT / "build/node/node_modules/pyodide"
    if not node.exists() or not (pyodide / "pyodide.mjs").exists():
        return None, None
    run = subprocess.run([str(node), "--stack-size=4000", str(HERE / "inventory_314.mjs"), str(pyodide)], capture_output=True, text=True, timeout=300)
    if run.returncode:
        print(run.stderr[-1500:])
        return {"version": "3.14: pyodide failed", "callables": [], "modules": {}, "carried": {}}, reach.Library({}, None)
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as z:
        names = {n[:-3].replace("/", ".").removesuffix(".__init__"): n for n in z.namelist() if n.endswith(".py") and not n.startswith("site-packages")}
        return json.loads(run.stdout.splitlines()[-1]), reach.Library({k: v for k, v in names.items() if not inventory.skipped(k)}, z.read)


def can_fail(t, library):
    """A prefix must not hide a function that reaches something; an unknown one must be found."""
    bad = []
    reached = library.reached("shutil:rmtree", "function")
    if "delete" not in reached:
        bad.append("the walk no longer sees that shutil.rmtree deletes")
    t.under["made_up"] = tables.Harmless("pure", "", 0)
    if judge(t, "made_up.rmtree", "shutil:rmtree", reached)[0] != "open" or judge(t, "made_up.f", "m:f", {})[0] != "harmless":
        bad.append("a prefix hides what reaches files")
    del t.under["made_up"]
    if judge(t, "made_up.g", "", {})[0] != "open":
        bad.append("a function without a row is not found")
    return bad


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--list", action="store_true", help="every fault, not the first 40")
    args.add_argument("--no-314", action="store_true")
    args.add_argument("--classified", help="write symbol, class, reason, what it reaches")
    args = args.parse_args()
    sys.setrecursionlimit(5000)
    t = tables.Tables("python")
    own = json.loads(subprocess.run([sys.executable, "-I", str(HERE / "inventory.py")], capture_output=True, text=True, timeout=300).stdout.splitlines()[-1])
    library = reach.Library(reach.sources(os.path.dirname(os.__file__)), lambda path: Path(path).read_bytes())
    bad = t.faults + can_fail(t, library) + carried(t, own)
    classified = {}
    passed, failed = walk(t, own, library, args.list, classified)
    newer, sources = (None, None) if args.no_314 else python_314()
    if newer:
        more = walk(t, newer, sources, args.list, classified)
        passed, failed = passed + more[0], failed + more[1]
        bad += [f"python-harmless.tsv:{line}: nothing needs it" for line in t.unused()]
    for line in bad[: None if args.list else 60]:
        print("   " + line)
    if args.classified:
        rows = (f"{s}\t{what}\t{reason or ''}\t{','.join(kinds)}\n" for s, (what, reason, kinds) in sorted(classified.items()))
        Path(args.classified).write_text("".join(rows))
    print(f"{passed} passed, {failed + len(bad)} failed" + ("" if newer or args.no_314 else ", 1 skipped"))
    return 1 if failed or bad else 0


if __name__ == "__main__":
    sys.exit(main())
