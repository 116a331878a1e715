#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random programs beside the reference, and broken ones that must not break the program.

generate.py --tidewaiter build/asan/tidewaiter [--count N] [--mutants N] [--seed S] [--language js|jsx|ts|tsx] [--show SEED]
N programs of each language are compared as compare_js.py compares files: those that the reference parses must be equal
and without an opaque span. Mutants have tokens deleted, doubled and swapped: the program must end with 0 and print the
same bytes twice; mutants that acorn still takes must be equal too (the TypeScript compiler takes much that is no
program and leaves it to its checker, so not there)."""
import argparse
import collections
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compare_js
import grammar

ROUNDS = 30  # of shrinking one program
HARD_FAILURES = ("program ended", "two runs differ")  # whatever --min says
LANGUAGES = ("js", "jsx", "ts", "tsx")


def mutated(tokens, rng):
    tokens = [t for t in tokens if t not in (grammar.GLUE, grammar.NO_LINE)]
    for _ in range(rng.randint(1, 3)):
        if len(tokens) < 2:
            break
        i, j = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        what = rng.random()
        if what < .4:
            del tokens[i]
        elif what < .6:
            tokens.insert(i, tokens[j])
        elif what < .8:
            tokens[i], tokens[j] = tokens[j], tokens[i]
        elif what < .9:
            tokens = tokens[:i]
        else:
            tokens[i] = rng.choice(["{", "}", "(", ")", "`", "'", "/", "<", ">", "=>", "${", "/*", "\\", "?.", "...", "\0", "#", "@", "\udc80"])
    return tokens


def written(folder, language, first, count, mutants):
    """[(path, is a mutant)]"""
    out = []
    for kind, n in (("p", count), ("m", mutants)):
        for seed in range(first, first + n):
            tokens, rng = grammar.program(seed, language)
            if kind == "m":
                rng = random.Random(f"mutant {language} {seed}")
                tokens = mutated(tokens, rng)
            text = grammar.printed(tokens, rng, rng.choice([.05, .3, .8]))
            path = Path(folder) / f"{kind}{seed}.{language}"
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            out.append(str(path))
    return out


def twice(program, paths):
    a, b = (subprocess.run(program + paths, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600, check=False) for _ in range(2))
    return a.stdout == b.stdout


def shrunk(text, language, differs):
    """A small part of the text that still differs: pieces are cut out as long as it does."""
    parts = re.findall(r"[\w$\\]+|\s+|.", text, re.S)
    size = max(len(parts) // 2, 1)
    for _ in range(ROUNDS):
        cuts = [parts[:i] + parts[i + size:] for i in range(0, len(parts), max(size // 2, 1))]
        good = differs(["".join(c) for c in cuts], language)
        if good is not None:
            parts = cuts[good]
            size = min(size, max(len(parts) // 2, 1))
        elif size == 1:
            break
        else:
            size //= 2
    return "".join(parts)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=1000)
    ap.add_argument("--mutants", type=int, default=500)
    ap.add_argument("--language", choices=LANGUAGES)
    ap.add_argument("--references", action="store_true", help="no tidewaiter: the references beside each other")
    ap.add_argument("--min", type=float, default=100, help="fail below this percentage of equal programs in a language")
    ap.add_argument("--show", action="store_true", help="print the programs that differ")
    ap.add_argument("--shrink", type=int, default=0, help="how many differences of a kind are cut down to their core")
    ap.add_argument("--list", type=int, default=5, help="how many differences of a kind are named")
    args = ap.parse_args()
    program = args.tidewaiter if not Path(args.tidewaiter).is_dir() else str(Path(args.tidewaiter) / "tidewaiter")
    program = [program, "ir", "--format", "facts"]
    passed = failed = 0
    for language in [args.language] if args.language else LANGUAGES:
        with tempfile.TemporaryDirectory(prefix="tw-gen-") as folder:
            paths = written(folder, language, args.seed, args.count, args.mutants)

            def both(batch):
                reference = compare_js.theirs(batch)
                if args.references:
                    return {p: (x.get("facts"), [x["error"]] if "error" in x else []) for p, x in compare_js.theirs(batch, ["--typescript"]).items()}, reference, True
                return compare_js.ours(program, batch), reference, twice(program, batch)

            why = collections.Counter()
            counts, classes = collections.Counter(), collections.defaultdict(list)
            with ThreadPoolExecutor(2) as pool:
                for mine, reference, same in pool.map(both, list(compare_js.batches(paths))):
                    if not same:
                        classes["two runs differ"].append((language, []))
                    for path, ref in reference.items():
                        if "error" in ref and "/p" in path:
                            why[ref["error"].split(" (")[0]] += 1
                        counts[judge(path, mine[path], ref, classes, language)] += 1
            print(f"{language}: {args.count} programs, {counts['refused']} the reference refuses, {counts['equal']} equal; "
                  f"{args.mutants} mutants, {counts['mutant equal']} still parsed and equal")
            if args.show:
                print("  refused:", ", ".join(f"{w} {n}" for w, n in why.most_common(12)))
            for what, some in sorted(classes.items(), key=lambda x: -len(x[1])):
                print(f"  {len(some)} with {what}")
                for path, lines in sorted(some, key=lambda x: Path(x[0]).stat().st_size if lines_of(x[0]) else 0)[:args.list]:
                    print(f"    {Path(path).name}: {' | '.join(lines)[:300]}")
                    if args.show and lines_of(path):
                        print("        " + lines_of(path)[:1500].replace("\n", "\n        "))
                for path, _ in sorted(some, key=lambda x: len(lines_of(x[0])))[:args.shrink]:
                    if 0 < len(lines_of(path)) < 600:
                        print("    shrunk: " + repr(shrunk(lines_of(path), language, differing(program, folder))), flush=True)
            differ = {p for what, x in classes.items() if what not in HARD_FAILURES for p, _ in x}
            hard = sum(len(x) for what, x in classes.items() if what in HARD_FAILURES)
            known = 100 * counts["equal"] / max(counts["equal"] + len(differ), 1)
            failed += hard + (len(differ) if known < args.min else 0)
            passed += counts["equal"] + counts["mutant equal"] + counts["mutant ended"]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def differing(program, folder):
    """Which of some texts is parsed by the reference and differs: its index or None."""
    def look(texts, language):
        paths = []
        for i, text in enumerate(texts):
            paths.append(str(Path(folder) / f"s{i}.{language}"))
            Path(paths[-1]).write_bytes(text.encode("utf-8", "surrogateescape"))
        reference, mine = compare_js.theirs(paths), compare_js.ours(program, paths)
        for i, p in enumerate(paths):
            facts, opaque = mine[p]
            if facts is None or "error" not in reference[p] and (opaque or compare_js.difference(p, facts, opaque, reference[p]["facts"])):
                return i
        return None
    return look


def lines_of(path):
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def judge(path, mine, ref, classes, language):
    mutant = Path(path).name.startswith("m")
    facts, opaque = mine
    if facts is None:
        classes["program ended"].append((path, opaque))
        return "bad"
    if "error" in ref:
        return "mutant ended" if mutant else "refused"
    d = compare_js.difference(path, facts, opaque, ref["facts"])
    if d is None and opaque and not mutant:
        d = ("opaque, though equal", opaque)
    if d is None:
        return "mutant equal" if mutant else "equal"
    if mutant and language in ("ts", "tsx"):
        return "mutant ended"
    classes[("mutant: " if mutant else "") + d[0]].append((path, d[1]))
    return "bad"


if __name__ == "__main__":
    sys.exit(main())
