#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every function, class and method of node's built-in modules and globals (this node's, and build/venv's) has a row in
capabilities/javascript.tsv or stands in javascript-harmless.tsv. In modules that touch the world a prefix covers methods of an
object only, and only where its maker is classified itself; functions and classes are named one by one.

walk_node.py [--list] [--classified FILE]"""
import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import tables

HERE = Path(__file__).resolve().parent
WORLD = {"fs", "fs/promises", "net", "http", "http2", "https", "child_process", "cluster", "dgram", "dns", "dns/promises", "tls", "vm", "process",
         "worker_threads", "inspector", "inspector/promises", "v8", "repl", "module", "os", "wasi", "sqlite", "sea", "trace_events", "test", "_http_agent",
         "_http_client", "_http_server", "_tls_wrap", "_stream_wrap", "WebAssembly", "navigator", "performance", "Worker", "domain", "ffi", "quic"}


def module_of(symbol):
    return symbol.split(".")[0].split("(")[0]


def judge(t, symbol, kind):
    if t.row(symbol):
        return "mapped", None, None
    if symbol in t.exact:
        t.used.add(("exact", symbol))
        return "harmless", t.exact[symbol].reason, None
    key, entry = t.prefix_of(symbol)
    if entry is not None:
        if module_of(symbol) in WORLD:
            opener = key.removesuffix("()")
            if kind != "method" or not key.endswith("()"):
                return "open", None, f"is hidden by {key}.*, but {module_of(symbol)} touches the world"
            if not t.row(opener) and opener not in t.exact:
                return "open", None, f"is hidden by {key}.*, but {opener} has no row"
        return "harmless", entry.reason, None
    if t.relaxed(symbol):
        return "mapped by its name", None, None
    return "open", None, "has no row"


def walk(t, node, show, classified):
    run = subprocess.run([node, "--no-warnings", str(HERE / "inventory.cjs")], capture_output=True, text=True, timeout=120)
    if run.returncode:
        print(run.stderr[-1500:])
        return 0, 1
    found = json.loads(run.stdout)
    counts, reasons, faults = Counter(), Counter(), []
    kinds = {symbol: kind for symbol, kind in found["callables"]}
    for symbol, kind in kinds.items():
        what, reason, fault = judge(t, symbol, kind)
        counts[what] += 1
        if reason:
            reasons[reason] += 1
        if fault:
            faults.append(f"{symbol} ({kind}) {fault}")
        else:
            classified.setdefault(symbol, (what, reason))
    print(f"node {found['version']}: {len({module_of(s) for s in kinds})} modules and globals, {len(kinds)} functions, classes and methods walked: "
          + ", ".join(f"{n} {k}" for k, n in sorted(counts.items())))
    print("   harmless: " + ", ".join(f"{n} {k}" for k, n in reasons.most_common()))
    for fault in faults[: None if show else 40]:
        print("   " + fault)
    return len(kinds) - len(faults), len(faults)


def can_fail(t):
    t.under["fs"] = t.under["made_up"] = tables.Harmless("pure", "", 0)
    bad = [] if judge(t, "fs.madeUp", "function")[0] == "open" else ["a prefix hides a function of fs"]
    bad += [] if judge(t, "made_up.f", "function")[0] == "harmless" else ["a prefix covers nothing"]
    del t.under["fs"], t.under["made_up"]
    return bad + ([] if judge(t, "made_up.f", "function")[0] == "open" else ["a function without a row is not found"])


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--list", action="store_true")
    args.add_argument("--classified", help="write symbol, class, reason")
    args = args.parse_args()
    t = tables.Tables("javascript")
    bad = t.faults + can_fail(t)
    nodes = [n for n in (str(tables.ROOT / "build/venv/bin/node"), shutil.which("node", path="/usr/bin:/usr/local/bin")) if n and Path(n).exists()]
    if not nodes:
        print("skipped: no node here\n0 passed, 0 failed, 1 skipped")
        return 0
    passed = failed = 0
    classified = {}
    for node in nodes:
        more = walk(t, node, args.list, classified)
        passed, failed = passed + more[0], failed + more[1]
    if len(nodes) > 1:
        bad += [f"javascript-harmless.tsv:{line}: nothing needs it" for line in t.unused()]
    for line in bad[: None if args.list else 60]:
        print("   " + line)
    if args.classified:
        Path(args.classified).write_text("".join(f"{s}\t{what}\t{reason or ''}\t\n" for s, (what, reason) in sorted(classified.items())))
    print(f"{passed} passed, {failed + len(bad)} failed")
    return 1 if failed or bad else 0


if __name__ == "__main__":
    sys.exit(main())
