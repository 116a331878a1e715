# SPDX-License-Identifier: Apache-2.0
"""Does a mutant do what its original does? Inert programs are run under recorders before and after: the same calls with the
same arguments in the same order, by every mutator alone and by random chains of up to four. The mutator `break`, which
changes texts, has to be caught, or the test is worth nothing."""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import programs

CHAIN = 4


def mutants(names, count, chains, seed):
    for name in names:
        for k in range(count):
            yield [name], seed + k
    chance = random.Random(seed)
    for k in range(chains):
        yield chance.sample(names, chance.randint(2, min(CHAIN, len(names)))), seed + k


def mutate(tool, source, with_, seed, target):
    r = subprocess.run([tool, "mutate", "--with", ",".join(with_), "--seed", str(seed), "--output", str(target), str(source)], capture_output=True, text=True)
    if r.returncode or "AddressSanitizer" in r.stderr:
        raise SystemExit(f"mutate failed: {with_} {seed} {source}\n{r.stderr}")
    return "nothing in it could be changed" not in r.stderr


def differs(before, after):
    if before["error"] != after["error"]:
        return f"error {before['error']} became {after['error']}"
    for k, (x, y) in enumerate(zip(before["calls"], after["calls"])):
        if x != y:
            return f"call {k}: {json.dumps(x)[:200]} became {json.dumps(y)[:200]}"
    if len(before["calls"]) != len(after["calls"]):
        return f"{len(before['calls'])} calls became {len(after['calls'])}"
    return None


class Test:
    def __init__(self, tool, runner, keep):
        self.tool, self.runner, self.keep = tool, runner, keep
        self.ran, self.failures, self.unchanged = Counter(), [], 0

    def program(self, name, files, entry, plan):
        with tempfile.TemporaryDirectory(prefix="tw-mutate-") as folder:
            source = Path(folder) / "before"
            programs.put(source, files)
            before = self.runner.run(source, entry)
            again = self.runner.run(source, entry)
            if not before["calls"] or differs(before, again):
                return False  # it does nothing here, or never the same
            for k, (with_, seed) in enumerate(plan):
                target = Path(folder) / f"m{k}"
                if not mutate(self.tool, source, with_, seed, target):
                    self.unchanged += 1
                    continue
                where = moved(entry, target)
                why = differs(before, self.runner.run(target, where))
                self.ran[with_[0] if len(with_) == 1 else "chain"] += 1
                if why:
                    self.failures.append((name, ",".join(with_), seed, why))
                    if self.keep:
                        print(f"FAILED {name} --with {','.join(with_)} --seed {seed}: {why}", flush=True)
        return True


def moved(entry, folder):
    """Another ending of the file that is run: what package.json says now."""
    return entry if (folder / entry).exists() or not entry.endswith("js") else json.loads((folder / "package.json").read_text())["main"]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default=str(programs.ROOT / "build/tidewaiter"))
    ap.add_argument("--seeds", type=int, default=1)
    ap.add_argument("--chains", type=int, default=4)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--golden", action="store_true", help="the rules' fixtures too, where they can be run")
    ap.add_argument("--every", type=int, default=1, help="every Nth of the rules' fixtures alone")
    ap.add_argument("--sample", type=int, default=1, help="every Nth of the program's mutants")
    ap.add_argument("--only", help="programs whose name contains this")
    ap.add_argument("--with", dest="with_", help="mutators, instead of all")
    ap.add_argument("--show", action="store_true")
    args = ap.parse_args()
    listed = subprocess.run([args.tidewaiter, "mutate", "--list"], capture_output=True, text=True, check=True).stdout
    names = args.with_.split(",") if args.with_ else [line.split()[0] for line in listed.splitlines()]
    runner = programs.Runner()
    test = Test(args.tidewaiter, runner, args.show)
    run, skipped, reasons = 0, [], {}
    fixtures = list(programs.golden(reasons))[:: args.every] if args.golden else []
    for k, (name, files, entry) in enumerate([*programs.own(), *fixtures]):
        if args.only and args.only not in name:
            continue
        plan = list(mutants(names, args.seeds, args.chains if len(names) > 1 else 0, args.seed + 1000 * k))
        fine = test.program(name, files, entry, plan[k % args.sample::args.sample])
        run += fine
        if not fine:
            skipped.append(name)
            if not name.startswith("golden/"):
                test.failures.append((name, "", 0, "the program itself does nothing, or never the same twice"))
    broken = Test(args.tidewaiter, runner, False)  # the test of the test
    for name, files, entry in list(programs.own())[::6]:
        broken.program(name, files, entry, [(["break"], 1)])
    runner.close()
    if not broken.ran or len(broken.failures) < sum(broken.ran.values()):
        test.failures.append(("break", "break", 1, f"only {len(broken.failures)} of {sum(broken.ran.values())} broken mutants were noticed"))
    for failure in test.failures:
        print("FAILED", *failure)
    by = Counter(f[1] if "," not in f[1] else "chain" for f in test.failures)
    print(f"{run} programs, {len(skipped)} of the rules' fixtures do nothing when run alone; mutants run: {sum(test.ran.values())}, unchanged: {test.unchanged}")
    for why, n in sorted(Counter(reasons.values()).items()):
        print(f"  {n:4} fixtures not run: {why}")
    print("".join(f"  {n:10} {test.ran[n]:6} run {by[n]:4} differ\n" for n in [*names, "chain"] if test.ran[n]), end="")
    print(f"broken on purpose: {len(broken.failures)} of {sum(broken.ran.values())} noticed")
    print(f"{sum(test.ran.values()) - len(test.failures)} passed, {len(test.failures)} failed")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
