#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make run`: a real, well-known wheel through the user's own pip, then our inert demo.
set -eu
cd "$(dirname "$0")/.."
wheel=${WHEEL:-requests}
into=build/run
mkdir -p "$into"
[ -x build/run-venv/bin/pip ] || /usr/bin/python3 -m venv build/run-venv
echo "== pip download $wheel (wheel only, nothing is installed)" >&2
rm -f "$into"/*.whl
build/run-venv/bin/pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d "$into" "$wheel"
echo "== tidewaiter scan $(ls "$into"/*.whl)" >&2
build/tidewaiter scan "$into"/*.whl || true
echo >&2
echo "== tidewaiter scan demo/harbour-lights-0.1   (ours, inert, behaves like malware)" >&2
build/tidewaiter scan demo/harbour-lights-0.1 || true
