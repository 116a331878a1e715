#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The one test runner: builds, runs every part in its group, prints the time of each, ends with `N passed, N failed`.

A part is a command whose last matching line says `N passed, N failed[, N skipped]`; without such a line its exit
code counts as one. Output of a part goes to build/test-logs/; a failing part's tail is shown."""
import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build/test-logs"
VENV = ROOT / "build/venv/bin/python"
ASAN, RELEASE = ROOT / "build/asan", ROOT / "build/tidewaiter"
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
PY = "/usr/bin/python3"

# group -> (budget in minutes, [(name, command, seconds it may take)])
SANITIZED, END_TO_END = "sanitized", "end-to-end"
BUDGET = {"house": 4, SANITIZED: 20, END_TO_END: 36}


def parts(args):
    yield "house", "style, layers, banned functions", [PY, "tools/check.py"], 120
    yield "house", "public header alone, C99 and C++", [PY, "tests/cli/test_header.py"], 120
    yield "house", "taxonomy: its page and schemas are up to date", [PY, "tools/gen_docs.py", "--check"], 30
    yield "house", "popular names: the lists, and the tools that make them", [PY, "tests/cli/test_popular.py"], 120
    yield "house", "API tables: every function of Python 3.11's and 3.14's libraries", [PY, "tests/capabilities/walk_python.py"], 240
    yield "house", "API tables: every function of node's modules and globals", [PY, "tests/capabilities/walk_node.py"], 60
    yield SANITIZED, "build: clang, ASan + UBSan", ["sh", "-c", "{ test -f build/asan/build.ninja || cmake --preset asan; } && "
                                                   f"cmake --build --preset asan -j {args.jobs} --target all test_programs"], 900
    for prefix, what in ("test_", "unit"), ("fuzz_", "fuzz replay"):
        folder = "tests/unit" if prefix == "test_" else "fuzz"
        for source in sorted((ROOT / folder).glob(prefix + "*.c")):
            corpus = [str(ROOT / "fuzz/corpus" / source.stem.removeprefix("fuzz_"))] if prefix == "fuzz_" else []
            yield SANITIZED, f"{what}: {source.stem.removeprefix(prefix)}", [str(ASAN / source.stem), *corpus], 300
    for script, extra, what in GOLDEN:
        if (ROOT / script).exists():
            yield SANITIZED, what, [PY, script, "--tidewaiter", str(ASAN / "tidewaiter"), *extra], 600
    yield END_TO_END, "build: gcc, release, LTO", ["make", "--no-print-directory", "build-walk"], 900
    for script, extra, what in E2E:
        if (ROOT / script).exists():
            yield END_TO_END, what, [str(VENV), script, "--tidewaiter", str(RELEASE), *extra], 900


GOLDEN = [
    ("tests/golden/run_rules.py", [], "golden: every rule hits and misses its fixtures"),
    ("tests/golden/run_reports.py", [], "golden: reports of fixtures"),
    ("tests/archives/craft.py", [], "crafted archives, under ASan"),
    ("tests/archives/truncate.py", [], "truncation at every byte, under ASan"),
    ("tests/javascript/generate.py", ["--count", "300", "--mutants", "700"], "random programs and mutants of JavaScript and TypeScript, under ASan"),
    ("tests/python/generate.py", ["--programs", "60", "--mutants", "8"], "Python programs and mutants of chance, under ASan"),
    ("tests/python/compare_fold.py", ["--seeds", "1"], "folded constants, under ASan"),
    ("tests/javascript/compare_fold.py", ["--seeds", "1"], "JavaScript's folded constants, under ASan"),
    ("tests/javascript/compare_values.py", ["--seeds", "1"], "JavaScript's values, under ASan"),
]
E2E = [
    ("tests/archives/craft.py", [], "crafted archives beside zipfile, tarfile, unzip, bsdtar"),
    ("tests/archives/mutate.py", [], "5,000 mutated archives"),
    ("tests/archives/can_fail.py", [], "the archive tests can fail"),
    ("tests/archives/corpus.py", ["--sample", "150"], "corpus members beside Python's readers (sample)"),
    ("tests/python/compare_ast.py", ["--sample", "150"], "Python lowering beside CPython's ast (sample)"),
    ("tests/javascript/compare_js.py", ["--sample", "25"], "JavaScript and TypeScript lowering beside acorn and tsc (sample)"),
    ("tests/javascript/compare_js.py", ["--hard"], "1,200 hard snippets of JavaScript, JSX, TypeScript"),
    ("tests/javascript/generate.py", ["--count", "1000", "--mutants", "0"], "random programs of JavaScript and TypeScript beside acorn and tsc"),
    ("tests/e2e/test_native.py", [], "compiled files: when they run, their origin, their disguises"),
    ("tests/native/hostile.py", ["--mb", "8"], "compiled files made to hurt"),
    ("tests/native/compare_tools.py", [], "compiled files beside readelf, pefile, lief, node and go"),
    ("tests/e2e/test_bytecode.py", [], "compiled Python with its source, without, and with another"),
    ("tests/python/compare_pyc.py", ["--sample", "20", "--carried", "30"], "bytecode lowering beside the CPythons found here (sample)"),
    ("tests/python/compare_py2.py", [], "Python 2 lowering beside lib2to3"),
    ("tests/python/compare_314.py", ["--sample", "150"], "Python lowering beside CPython 3.14 (sample)"),
    ("tests/python/hostile.py", ["--min-speed", "1", "--mb", "1", "--deep", "20000", "--large", "34"], "Python sources made to hurt"),
    ("tests/javascript/hostile.py", ["--min-speed", "1", "--mb", "1", "--deep", "20000", "--large", "34", "--bundle", "2", "--tokens", "2"], "JavaScript and TypeScript sources made to hurt"),
    ("bench/adversarial.py", ["--quick"], "no stage superlinear on nasty inputs (small sizes)"),
    ("tests/python/compare_fold.py", [], "folded constants beside CPython's own values"),
    ("tests/python/compare_decoders.py", ["--rounds", "25"], "decoders, digests and ciphers beside the libraries themselves"),
    ("tests/python/compare_values.py", [], "values of all kinds beside CPython's own"),
    ("tests/python/compare_values.py", ["--corpus"], "the benign corpus' constant expressions beside CPython"),
    ("tests/javascript/compare_fold.py", [], "JavaScript's folded constants beside node's own values"),
    ("tests/evaluate/prove_unwrap.py", ["--count", "60", "--min", "97"], "hidden programs unwrapped to the calls they make (sample)"),
    ("tests/evaluate/carriers.py", [], "code that lies elsewhere in its package, found and read"),
    ("tests/evaluate/compare_machine.py", [], "programs whose values change, beside Python and node"),
    ("tests/evaluate/random_programs.py", ["--count", "150"], "random programs whose values change, beside Python and node"),
    ("tests/evaluate/hostile.py", ["--quick"], "sources made to hurt evaluation"),
    ("tests/javascript/compare_values.py", [], "JavaScript's values of all types beside node's own"),
    ("tests/javascript/compare_values.py", ["--corpus", "1500"], "constant expressions of benign packages beside node's own values"),
    ("tests/golden/validate_schema.py", [], "reports valid by the published schema"),
    ("tests/cli/test_schemas.py", [], "profiles and differences valid by their published schemas"),
    ("tests/cli/test_rules.py", [], "rules listed, explained, linted, tested; a user's own"),
    ("tests/cli/test_html.py", [], "capabilities as a page: nothing breaks out, nothing is loaded"),
    ("tests/cli/test_outputs.py", [], "outputs of scan and diff over packages made to break out of each"),
    ("tests/cli/test_config.py", [], "tidewaiter.yaml, what is ignored and what is shown"),
    ("tests/cli/test_cli.py", [], "the program as its users call it"),
    ("tests/e2e/test_unwrap.py", [], "unwrap, code that a package reads and runs, layers made to hurt"),
    ("tests/mutate/equivalence.py", ["--chains", "2", "--sample", "3"], "mutants do what their originals do, under Python and node (sample)"),
    ("tests/mutate/invariance.py", ["--sample", "4"], "mutants of the rules' fixtures keep their level (sample)"),
    ("tests/e2e/test_diff.py", [], "capabilities, facts, what a release gained, grafts"),
    ("tests/replays/run.py", ["--compare", "docs/replays.md"], "incidents of the past, rebuilt without harm"),
    ("tests/e2e/test_loaded.py", [], "modules and programs under names that do not tell what they are"),
    ("tests/e2e/test_diff_names.py", [], "diff of names, of one alone, of stored profiles"),
    ("tests/e2e/test_diff_acts.py", [], "what single lines that a release gains come to"),
    ("tests/e2e/test_ecosystems.py", [], "identity, triggers and RECORD of artifacts pip and npm made"),
    ("tests/e2e/test_confinement.py", [], "crash, hang, swell, forge: one verdict each"),
    ("tests/e2e/test_determinism.py", [], "equal reports over jobs, cache, seed, compiler (sample)"),
    ("bench/rerelease.py", ["--count", "5", "--runs", "1", "--served", "0.8"], "what the cache saves of a re-release (sample)"),
    ("tests/e2e/test_names.py", [], "names, claims and history; what an author sees before an upload"),
    ("tests/e2e/test_fetch.py", [], "names from real and fake indexes"),
    ("tools/accuracy.py", ["--sample"], "accuracy rod (sample)"),
]


def run(part):
    group, name, command, seconds = part
    log = LOGS / (re.sub(r"\W+", "-", f"{group}-{name}").strip("-") + ".log")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "npm_config_", "TIDEWAITER_")) and k not in ("COLUMNS", "NO_COLOR")}
    env |= {"TW_VENV": str(VENV.parent.parent), "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(ROOT / "build/test-cache")}
    started = time.monotonic()
    with open(log, "wb") as out:
        try:
            code = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=seconds, env=env).returncode
        except subprocess.TimeoutExpired:
            code = f"no end after {seconds} s"
        except OSError as e:
            code = str(e)
    text = log.read_text(errors="replace")
    found = SUMMARY.findall(text)
    passed, failed, skipped = (int(x or 0) for x in found[-1]) if found else (int(code == 0), int(code != 0), 0)
    if code != 0 and not failed:
        failed = 1
    if not passed and not failed and not skipped:
        failed = 1  # a part that ran nothing proves nothing
    return group, name, time.monotonic() - started, passed, failed, skipped, code, text


def show(result):
    group, name, seconds, passed, failed, skipped, code, text = result
    note = f", {skipped} skipped" if skipped else ""
    print(f"{seconds:7.1f} s  {'FAILED' if failed else 'ok    '}  {name}: {passed} passed, {failed} failed{note}", flush=True)
    if failed:
        tail = text.splitlines()[-25:]
        print("\n".join("           | " + line for line in tail) + f"\n           | (exit {code})", flush=True)
    elif skipped:
        print("\n".join("           | " + line for line in text.splitlines() if "skip" in line.lower())[:600], flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--only", help="run parts whose name contains this")
    args = ap.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    todo = [p for p in parts(args) if not args.only or args.only in p[1] or "build:" in p[1]]
    results = []
    for group in BUDGET:
        print(f"== {group} (at most {BUDGET[group]} minutes)", flush=True)
        started = time.monotonic()
        mine = [p for p in todo if p[0] == group]
        alone = [p for p in mine if "build:" in p[1]]  # what others need, and what loads both cores, comes first
        for part in alone:
            results.append(run(part))
            show(results[-1])
        with ThreadPoolExecutor(args.jobs) as pool:
            for result in pool.map(run, [p for p in mine if p not in alone]):
                results.append(result)
                show(result)
        minutes = (time.monotonic() - started) / 60
        late = minutes > BUDGET[group]
        print(f"   {group}: {minutes:.1f} of {BUDGET[group]} minutes{'  OVER BUDGET' if late else ''}", flush=True)
        if late:
            results.append((group, "budget", 0, 0, 1, 0, 1, ""))
    passed, failed, skipped = (sum(r[i] for r in results) for i in (3, 4, 5))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
