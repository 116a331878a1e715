#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoders, decompressors, digests, key derivation and ciphers beside the libraries themselves: random texts, encoded
by the real library, stand in sources that decode them as their users do. Each case goes through `tidewaiter facts` and
through Python (and node). The same value or unknown, never another; 99 % of the values must be found. Cases are damaged
now and then (a flipped byte, another key, a cut end): where the library raises, nothing may be found.

compare_decoders.py --tidewaiter build/tidewaiter [--rounds 6] [--seed 1] [--only NAME]
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import decoder_cases

FAILED, BATCH = object(), 60


def shown(value):
    """The value as `tidewaiter facts` writes it; None where that is not spelled out here."""
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if not isinstance(value, (str, bytes, bytearray)):
        return None
    blob = not isinstance(value, str)
    raw = bytes(value) if blob else value.encode("utf-8", "surrogatepass")
    if len(raw) > 190 or (not blob and not all(c.isascii() or c.isprintable() for c in value)):
        return None
    out = ""
    for c in raw.decode("latin-1") if blob else value:
        plain = " " <= c < "\x7f" or (not blob and c > "\x7f")
        out += "\\" + c if c in '"\\' else "\\n" if c == "\n" else c if plain else "\\x%02x" % ord(c)
    return ('b"' if blob else '"') + out + '"'


def known(got):
    return re.fullmatch(r'b?"(?:[^"\\]|\\.)*"\S*|-?\d+|true|false', got, re.S) is not None


def facts(program, source, suffix, folder):
    path = os.path.join(folder, "cases" + suffix)
    with open(path, "w", encoding="utf-8") as f:
        f.write(source)
    text = subprocess.run([program, "facts", path], check=True, capture_output=True).stdout.decode("utf-8")
    return {int(m[1]): m[2] for m in re.finditer(r"^call #\d+ in \d+ p\((\d+), (.*)\)[a-z ]* @\d+\+\d+$", text, re.M)}


def python_values(cases):
    values = {}
    for i, case in enumerate(cases):
        space = {"p": lambda n, v: values.__setitem__(n, v)}
        try:
            exec(decoder_cases.PYTHON_HEAD + case.source(i), space)  # our own templates, inert
        except Exception as e:
            values[i] = FAILED
            case.why = f"{type(e).__name__}: {e}"[:100]
    return values


RUNNER = """const got = {}; const p = (i, v) => { got[i] = Buffer.isBuffer(v) || v instanceof Uint8Array || v instanceof ArrayBuffer ?
 ['b', Buffer.from(v).toString('hex')] : ['v', v]; };
"""


def node_values(node, cases, folder, modules):
    body = "".join(f"try {{ {c.source(i)} }} catch (e) {{ got[{i}] = ['t', String(e)]; }}\n" for i, c in enumerate(cases))
    path = os.path.join(folder, "run.js")
    with open(path, "w", encoding="utf-8") as f:
        f.write(RUNNER + decoder_cases.NODE_HEAD + body + "require('fs').writeSync(1, JSON.stringify(got));\n")
    env = dict(os.environ, NODE_PATH=modules, NODE_NO_WARNINGS="1")
    out = subprocess.run([node, path], check=True, capture_output=True, env=env).stdout
    values = {}
    for k, v in json.loads(out).items():
        i = int(k)
        values[i] = bytes.fromhex(v[1]) if v[0] == "b" else v[1] if v[0] == "v" and len(v) > 1 else FAILED
        if v[0] == "t":
            cases[i].why = v[1][:100]
    return values


MISSED = {}


def report(show):
    for name, sources in sorted(MISSED.items()):
        print(f"{name}: {len(sources)} not found" + (f": {sources[0][:700]}" if show else ""), file=sys.stderr)


def compare(what, cases, values, got):
    faults, same, unknown, failed = [], 0, 0, 0
    for i, case in enumerate(cases):
        want, have, source = values.get(i, FAILED), got.get(i), case.source(i)[:400]
        if want is FAILED and not case.damaged:
            faults.append(f"{case.name}: the case itself fails: {getattr(case, 'why', '?')}: {source}")
        elif have is None:
            faults.append(f"{case.name}: the call is not in the record: {source}")
        elif not known(have):
            if want is not FAILED and not case.damaged:
                unknown += 1
                MISSED.setdefault(what + " " + case.name, []).append(case.source(i))
            failed += want is FAILED
        elif want is FAILED:
            faults.append(f"{case.name}: {have[:80]}, but the library says {getattr(case, 'why', '?')}: {source}")
        elif shown(want) not in (None, have):
            faults.append(f"{case.name}: {have[:120]}, but it is {shown(want)[:120]}: {source}")
        else:
            same += not case.damaged
    return faults, same, unknown, failed


def one_batch(opt, what, cases, node, folder):
    python = what == "python"
    head = decoder_cases.PYTHON_HEAD if python else decoder_cases.NODE_HEAD
    values = python_values(cases) if python else node_values(node, cases, folder, os.path.abspath(opt.node_modules))
    source = head + "".join(c.source(i) + "\n" for i, c in enumerate(cases))
    return compare(what, cases, values, facts(opt.tidewaiter, source, ".py" if python else ".js", folder))


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    args.add_argument("--tidewaiter", required=True)
    args.add_argument("--rounds", type=int, default=6)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--only", default="")
    args.add_argument("--node-modules", default=os.path.join(os.environ.get("TW_NODE", "build/node"), "node_modules"))
    opt = args.parse_args()
    warnings.simplefilter("ignore")  # of what the libraries call outdated
    node = os.path.join(os.path.dirname(sys.executable), "node")
    node = node if os.path.exists(node) else shutil.which("node")
    faults, same, unknown, skipped, failing = [], 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for what in ("python", "javascript"):
            if what == "javascript" and not node:
                skipped += 1
                continue
            make = decoder_cases.PYTHON if what == "python" else decoder_cases.NODE
            rng = random.Random(opt.seed)
            cases = [c for _ in range(opt.rounds) for name, maker in make if opt.only in name for c in decoder_cases.draw(rng, name, maker)]
            if not cases:
                continue
            batches = [cases[i:i + BATCH] for i in range(0, len(cases), BATCH)]
            for batch in batches:
                f, s, u, n = one_batch(opt, what, batch, node, folder)
                faults, same, unknown, failing = faults + f, same + s, unknown + u, failing + n
    report(opt.only)
    print(f"{unknown} not found, {failing} fail there and here")
    for f in faults[:20]:
        print(f, file=sys.stderr)
    enough = same > 0 and same >= 99 * unknown
    if not enough:
        print(f"only {same} of {same + unknown} values were found", file=sys.stderr)
    print(f"{same} passed, {len(faults) + (not enough)} failed" + (f", {skipped} skipped" if skipped else ""))
    return bool(faults) or not enough


if __name__ == "__main__":
    sys.exit(main())
