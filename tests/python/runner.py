# SPDX-License-Identifier: Apache-2.0
"""Runs a comparison over many files in two processes and reports it.

A comparison is a module-level function compare(program, paths) -> [Result]: the reference and the program over one batch.
"""
import collections
import concurrent.futures
import subprocess
import sys

import facts

BATCH = 100


class Result:
    """One file: refused (why the reference could not parse it), or kinds that differ with what to show."""

    def __init__(self, path, refused=None, differs=(), show=(), opaque=(), note=""):
        self.path, self.refused, self.differs, self.show = path, refused, list(differs), list(show)
        self.opaque, self.note = list(opaque), note


def lowered(program, paths):
    """{path: facts} as the program prints them."""
    r = subprocess.run(program + ["ir", "--format", "facts", "--language", "python"] + paths, stdout=subprocess.PIPE, check=False)
    if r.returncode:
        sys.exit("%s ended with %d over %s ..." % (" ".join(program), r.returncode, paths[0]))
    return facts.parse_facts(r.stdout.decode("utf-8", "replace"))


def each(compare, program, paths, jobs):
    batches = [paths[i:i + BATCH] for i in range(0, len(paths), BATCH)]
    if jobs < 2 or len(batches) < 2:
        for b in batches:
            yield from compare(program, b)
        return
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        for results in pool.map(compare, [program] * len(batches), batches):
            yield from results


def report(results, names, args, what):
    """Prints what differs, the files that were not compared and the shares; the exit code."""
    compared, equal, refused, notes = 0, collections.Counter(), collections.Counter(), collections.Counter()
    listed = []
    for r in results:
        if r.refused:
            refused[r.refused.split(":")[0]] += 1
            listed.append((names[r.path], r.refused))
            continue
        compared += 1
        for k in facts.KINDS + ("stmt",):
            equal[k] += k not in r.differs
        equal["all"] += not r.differs
        if r.note:
            notes[r.note] += 1
        if r.differs:
            print("differs: %s: %s%s" % (names[r.path], ", ".join(r.differs), " opaque %s" % r.opaque[:3] if r.opaque else ""))
            print("\n".join(r.show))
        elif r.opaque:
            notes["equal, with an OPAQUE"] += 1
    for path, why in listed if args.list else []:
        print("not compared: %s: %s" % (path, why))
    share = {k: 100.0 * equal[k] / max(compared, 1) for k in facts.KINDS + ("all",)}
    for note, n in sorted(notes.items()):
        print("%d files: %s" % (n, note))
    print("compared %d files with %s (%d that it cannot parse: %s): %s" % (
        compared, what, len(listed), ", ".join("%s %d" % i for i in sorted(refused.items())) or "none",
        ", ".join("%s %.3f %%" % (k, share[k]) for k in facts.KINDS + ("all",))))
    ok = compared and share["all"] >= args.min
    return compared, compared - equal["all"], ok
