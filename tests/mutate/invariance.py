# SPDX-License-Identifier: Apache-2.0
"""The level of a mutant beside that of its original. Never lower for a fixture that a rule has to hit; never higher for one
that it must not hit, unless it is the mutant's own disguise that is told (HIDING below): a package whose code was hidden
does hide code. With --corpus the same over the open part of ../shared/corpus, in memory alone (`mutate --review`)."""
import argparse
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/rules"
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

# What says that something is hidden, and nothing else. exec.encoded-command: the text of a command had to be decoded;
# hidden.address: an address had to be. hidden.carried: what acts came out of an encoded text.
HIDING = {"hidden.layer", "hidden.layer-acts", "hidden.opaque-code", "hidden.computed-at-install", "hidden.reflected", "exec.encoded-command", "hidden.packed", "hidden.address",
          "hidden.carried", "hidden.media"}
# Evasions that are known and not mended yet: (mutator, fixture). Each is a defect; the list may only get shorter.
KNOWN = Path(__file__).with_name("known.tsv")


class Row:
    def __init__(self, line):
        self.how, self.before, self.after, self.changed, self.seed, self.mutator, self.path, self.gone, self.come = line.split("\t")
        self.come, self.gone = ({x for x in s.strip().split(",") if x != "-"} for s in (self.come, self.gone))


def review(tool, paths, seeds, seed, with_, each):
    command = [tool, "mutate", "--review", "--seeds", str(seeds), "--seed", str(seed), *(["--each"] if each else []), *(["--with", with_] if with_ else []), *map(str, paths)]
    r = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if r.returncode not in (0, 1, 2):
        raise SystemExit(f"{r.returncode} of {command[:8]}\n{r.stderr[-2000:]}")
    return [Row(line) for line in r.stdout.splitlines()], r.stderr.splitlines()


def table(rows, lower, higher):
    by = defaultdict(list)
    for r in rows:
        by[r.mutator].append(r)
    print(f"  {'mutator':10} {'mutants':>8} {'lower':>6} {'higher':>7}  of them by what says `hidden` alone")
    for name, of in by.items():
        made = [r for r in of if r.changed != "0"]
        up = [r for r in made if r.how == "HIGHER"]
        print(f"  {name:10} {len(made):8} {sum(r.how == 'LOWER' for r in made):6} {len(up):7} {sum(r.come <= HIDING for r in up):4}")


def golden(args):
    known = {tuple(line.split("\t")[:2]) for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")} if KNOWN.exists() else set()
    failures, passed, used = [], 0, set()
    for side in "hit", "miss":
        fixtures = sorted(p for p in GOLDEN.glob(f"*/{side}/*") if p.is_dir())
        if args.sample:
            fixtures = fixtures[args.sample_from % args.sample::args.sample]
        rows, errors = review(args.tidewaiter, fixtures, args.seeds, args.seed, args.with_, True)
        failures += errors
        print(f"{side}: {len(fixtures)} fixtures, {args.seeds} seeds")
        table(rows, side == "hit", side == "miss")
        for r in rows:
            name = str(Path(r.path).relative_to(GOLDEN))
            if side == "hit" and r.how == "LOWER":
                if (r.mutator, name) in known:
                    used.add((r.mutator, name))
                else:
                    failures.append(f"LOWER {name} --with {r.mutator} --seed {r.seed}: {r.before} became {r.after}; lost {','.join(sorted(r.gone)) or '-'}")
            elif side == "miss" and r.how == "HIGHER" and not r.come <= HIDING:
                if (r.mutator, name) in known:
                    used.add((r.mutator, name))
                else:
                    failures.append(f"HIGHER {name} --with {r.mutator} --seed {r.seed}: {r.before} became {r.after}; new {','.join(sorted(r.come))}")
            else:
                passed += r.changed != "0"
    targets = sorted(p for p in GOLDEN.glob("theft.*/hit/*") if p.is_dir())  # the test of the test: texts that are changed
    rows, _ = review(args.tidewaiter, targets, 1, 1, "break", False)
    noticed = sum(r.how == "LOWER" for r in rows)
    print(f"changed on purpose: {noticed} of {len(rows)} lower")
    if noticed < len(rows) // 4:
        failures.append(f"mutants that do something else are not noticed: {noticed} of {len(rows)}")
    if known:
        print(f"known evasions: {len(known)} rows in {KNOWN.name}, {len(used)} of them met")
    for f in sorted(failures):
        print(f)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


def artifacts(args):
    corpus.need_or_skip()
    rows = [r for r in corpus.rows() if not r.blind and r.tar and r.ecosystem in ("pypi", "npm") and r.size <= args.most_bytes]
    bad = corpus.sample([r for r in rows if r.visible], args.one_in)
    good = corpus.sample([r for r in rows if not r.malware], args.one_in_good)
    for label, chosen in ("malware, open part", bad), ("benign, open part", good):
        seen, errors = [], 0
        for k in range(0, len(chosen), 20):
            part = chosen[k:k + 20]
            with corpus.unpacked(part) as files:
                names = {str(f): p for p, f in files.items()}
                got, complaints = review(args.tidewaiter, files.values(), args.seeds, args.seed, args.with_, True)
            errors += len(complaints)
            for r in got:
                r.path = names[r.path]
            seen += got
        levels = Counter((r.path, r.before) for r in seen)
        print(f"{label}: {len(chosen)} artifacts ({errors} cannot be taken apart), before: {dict(Counter(b for _, b in levels))}")
        table(seen, True, True)
        changes = Counter((r.mutator, "LOWER" if r.how == "LOWER" else "HIGHER", f"{r.before} -> {r.after}", ",".join(sorted(r.gone if r.how == "LOWER" else r.come)) or "-")
                          for r in seen if r.how in ("LOWER", "HIGHER") and (label.startswith("mal") == (r.how == "LOWER")))
        for (mutator, how, what, why), n in sorted(changes.items()):
            print(f"    {n:4} {mutator:9} {how} {what}: {why}")
        if args.list:
            with open(args.list, "a") as f:
                for r in seen:
                    if r.how in ("LOWER", "HIGHER"):
                        f.write("\t".join([r.how, r.before, r.after, r.seed, r.mutator, r.path, ",".join(sorted(r.gone)), ",".join(sorted(r.come))]) + "\n")
    return 0


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default=str(ROOT / "build/tidewaiter"))
    ap.add_argument("--seeds", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--with", dest="with_", help="mutators, instead of all")
    ap.add_argument("--sample", type=int, default=0, help="every Nth fixture alone")
    ap.add_argument("--sample-from", type=int, default=0)
    ap.add_argument("--corpus", action="store_true")
    ap.add_argument("--one-in", type=int, default=20)
    ap.add_argument("--one-in-good", type=int, default=20)
    ap.add_argument("--most-bytes", type=int, default=300_000)
    ap.add_argument("--list", help="file for the names of what changed its level (never kept in the repository)")
    args = ap.parse_args()
    return artifacts(args) if args.corpus else golden(args)


if __name__ == "__main__":
    sys.exit(main())
