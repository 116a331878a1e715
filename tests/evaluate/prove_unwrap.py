#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hidden programs are unwrapped to the calls they make.

For each seed an inert program is hidden by a chain of 1 to 8 transformations (hide.py). It is run first, with recorders in
the place of what it calls, and counts only where it still makes the calls of the plain program. Then the records of the
hidden file and of its layers must show the same calls with the same constant arguments.

prove_unwrap.py --tidewaiter build/tidewaiter [--count N] [--seed S] [--language L] [--keep DIR] [--min 99] [--each]
--each: every transformation alone instead of chains; --held-out: the second, independent set of transformations."""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import hide  # noqa: E402
import pool  # noqa: E402

EXTENSION = {"python": ".py", "javascript": ".js"}


def call_text(line):
    """`symbol(arguments)` of a line of a record's dump, without what follows; None where it is no call."""
    if not line.startswith("call #"):
        return None
    text = line.split(" ", 4)[4]
    depth, quoted, i = 0, False, 0
    while i < len(text):
        c = text[i]
        if quoted:
            i += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if not depth and c == ")" and text[i + 1:i + 2] in ("", " "):
                return text[:i + 1]
        i += 1
    return text


class Walker:
    """What the program says of files: {path: (calls, report)}"""

    def __init__(self, walk):
        self.walk = walk

    def __call__(self, paths, seconds=300):
        try:
            r = subprocess.run([self.walk], input="".join(p + "\n" for p in paths), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds)
            out = r.stdout
        except subprocess.TimeoutExpired as e:
            out = (e.stdout or b"").decode("utf-8", "replace")
        found, now = {}, None
        for line in out.split("\n"):
            if line.startswith("== "):
                now = found[line[3:]] = (set(), [])
            elif now is None:
                continue
            elif line.startswith("-- report "):
                now[1].append(line[10:])
            else:
                text = call_text(line)
                if text:
                    now[0].add(text)
        return found


class Runner:
    """Real interpreters."""

    def __init__(self, language):
        self.language = language
        self.p = None

    def __call__(self, path):
        if self.language == "javascript":
            env = dict(pool.ENVIRONMENT, TW_RECORD=json.dumps([n for n in pool.names("javascript")]))
            node = os.path.join(os.path.dirname(sys.executable), "node")
            try:
                r = subprocess.run([node, "--permission", "--allow-fs-read=*", "--no-warnings", "-r", os.path.join(HERE, "record.cjs"), path], env=env,
                                   cwd=os.path.dirname(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=30)
            except subprocess.TimeoutExpired:
                return {"error": "no end"}
            if r.returncode:
                said = r.stderr.decode("utf-8", "replace")
                return {"error": next((x for x in said.splitlines() if re.match(r"\w*Error", x)), said[-300:])}
            return [json.loads(x[5:]) for x in r.stdout.decode("utf-8", "replace").splitlines() if x.startswith("CALL ")]
        if not self.p:
            self.p = subprocess.Popen([sys.executable, os.path.join(HERE, "run_python.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.p.stdin.write(path + "\n")
        self.p.stdin.flush()
        return json.loads(self.p.stdout.readline())


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def wanted(walk, runner, language, folder):
    """plain program -> (what it does when run, the calls its record shows)"""
    out = {}
    for name, make in pool.PROGRAMS[language].items():
        p = hide.Program(language, name)
        p.body = make()
        path = os.path.join(folder, f"plain_{name}{EXTENSION[language]}")
        write(path, hide.source(p))
        did = runner(path)
        assert isinstance(did, list) and len(did) >= len(p.body), (name, did)
        calls = walk([path])[path][0]
        starts = tuple(".".join(x for x in n if x != "globalThis") for n in pool.names(language))
        calls = {c for c in calls if c.split("(")[0] in starts}
        assert len(calls) >= len(p.body), (name, calls)
        out[name] = did, calls
    return out


def one(language, seeds, args):
    """[(seed, plain, chain, error or None, missing calls)]"""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        runner, walk = Runner(language), Walker(args.walk)
        want = wanted(walk, runner, language, folder)
        paths = {}
        for seed in seeds:
            name = f"{language}_{seed if isinstance(seed, int) else '_'.join(''.join(c if c.isalnum() else '-' for c in str(s)) for s in seed)}"
            path = os.path.join(folder, name + EXTENSION[language])
            if isinstance(seed, int):
                plain, _, hidden, chain = hide.hide(language, seed, held_out=args.held_out)
            else:
                plain, _, hidden, chain = hide.hide(language, seed[1], 1, args.held_out, [seed[0]])
            write(path, hidden)
            did = runner(path)
            if did != want[plain][0]:
                error = did["error"] + did.get("where", "") if isinstance(did, dict) else f"does {did}"
                results.append((seed, plain, chain, error, []))
                if args.keep:
                    write(os.path.join(args.keep, "broken_" + os.path.basename(path)), hidden)
            else:
                paths[path] = seed, plain, chain
        for at in range(0, len(paths), 20):
            batch = list(paths)[at:at + 20]
            found = walk(batch)
            for path in batch:
                seed, plain, chain = paths[path]
                calls, report = found.get(path, (set(), []))
                missing = sorted(want[plain][1] - calls)
                if not report:
                    missing = missing or ["(no report)"]
                results.append((seed, plain, chain, None, missing))
                if missing and args.keep:
                    with open(path, encoding="utf-8", newline="") as f:
                        write(os.path.join(args.keep, os.path.basename(path)), f.read())
    return results


def share(got, of):
    return f"{100.0 * got / of:6.2f} %" if of else "     - "


def table(results, language):
    by, by_length = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0])
    for seed, plain, chain, error, missing in results:
        if error:
            continue
        for name in set(chain):
            by[name][bool(missing)] += 1
        by_length[len(chain)][bool(missing)] += 1
    print(f"\n{language}: chains that hold the transformation: recovered, lost")
    for name, (got, lost) in sorted(by.items(), key=lambda x: (-x[1][1] / sum(x[1]), x[0])):
        print(f"  {name:36} {got:6} {lost:6}  {share(got, got + lost)}")
    print(f"{language}, by the number of transformations")
    for n, (got, lost) in sorted(by_length.items()):
        print(f"  {n:36} {got:6} {lost:6}  {share(got, got + lost)}")


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--walk", help="the program that prints records; default: beside the release build")
    ap.add_argument("--build-walk", action="store_true", help="build it first")
    ap.add_argument("--count", type=int, default=200, help="chains of each language")
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--language", choices=sorted(EXTENSION))
    ap.add_argument("--keep")
    ap.add_argument("--min", type=float, default=99.0)
    ap.add_argument("--each", action="store_true")
    ap.add_argument("--held-out", action="store_true")
    ap.add_argument("--quiet", action="store_true")
    ap.add_argument("--jobs", type=int, default=2)
    args = ap.parse_args()
    root = os.path.dirname(os.path.dirname(HERE))
    args.walk = os.path.abspath(args.walk or os.path.join(root, "build/release/walk"))
    if args.build_walk:
        subprocess.run(["cmake", "--build", "--preset", "release", "--target", "walk"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
    good = 0
    failures = []
    for language in [args.language] if args.language else sorted(EXTENSION):
        if args.each:
            seeds = [(name, k) for family, names in hide.kit(language, args.held_out).items() for name in sorted(names) for k in range(args.count)]
            if not args.held_out:
                seeds = [s for i, s in enumerate(seeds) if s not in seeds[:i]]
        else:
            seeds = list(range(args.seed, args.seed + args.count))
        parts = [seeds[i::args.jobs * 4] for i in range(args.jobs * 4)]
        with concurrent.futures.ProcessPoolExecutor(args.jobs) as todo:
            results = [x for part in todo.map(one, [language] * len(parts), parts, [args] * len(parts)) for x in part]
        ran = [r for r in results if not r[3]]
        got = [r for r in ran if not r[4]]
        good += len(got)
        if not args.held_out or args.keep:
            for seed, plain, chain, error, missing in sorted(results, key=str):
                if error:
                    print(f"generator: {language} {seed} {plain} {chain}: {error}")
                elif missing:
                    print(f"lost: {language} {seed} {plain} {chain}: {missing[:2]}")
            table(results, language)
        kinds = {n for r in ran for n in r[2]}
        print(f"{language}{', held out' if args.held_out else ''}: {len(got)} of {len(ran)} chains recovered, {share(len(got), len(ran)).strip()}; {len(kinds)} transformations; "
              f"{len(results) - len(ran)} chains of the generator do not run as the plain program")
        if not ran or 100.0 * len(got) < args.min * len(ran):
            failures.append(f"{language}: fewer than {args.min} %")
        if len(ran) < 0.98 * len(results):
            failures.append(f"{language}: the generator is wrong too often")
    for f in failures:
        print("FAILED " + f)
    print(f"{good} passed, {len(failures)} failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
