#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks reports (JSON objects, one a line, from files, standard input or the program) against docs/report.schema.json,
their key order and their report_sha256. A validator of our own for the keywords the schema uses:
an unknown keyword is an error, so that nothing is believed checked that is not."""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "report.schema.json"
TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}
NOTES = {"description", "title", "$schema", "$id", "$defs"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check_object(value, schema, root, path):
    properties = schema.get("properties", {})
    for key in schema.get("required", []):
        if key not in value:
            yield f"{path}: lacks {key}"
    known = [key for key in value if key in properties]
    if known != [key for key in properties if key in value]:
        yield f"{path}: keys are out of order: {list(value)}"
    for key, item in value.items():
        if key in properties:
            yield from check(item, properties[key], root, f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}: unknown key {key}"


def check(value, schema, root, path="$"):
    for word, want in schema.items():
        if word in NOTES or word in ("required", "additionalProperties"):
            continue
        if word == "$ref":
            yield from check(value, root["$defs"][want.rsplit("/", 1)[1]], root, path)
        elif word == "anyOf":
            tries = [list(check(value, one, root, path)) for one in want]
            if all(tries):
                yield from min(tries, key=len)
        elif word == "type":
            names = [want] if isinstance(want, str) else want
            if not any(is_type(value, name) for name in names):
                yield f"{path}: {value!r} is no {' or '.join(names)}"
        elif word == "const":
            if value != want:
                yield f"{path}: {value!r} is not {want!r}"
        elif word == "enum":
            if value not in want:
                yield f"{path}: {value!r} is none of {want}"
        elif word == "minimum":
            if isinstance(value, (int, float)) and value < want:
                yield f"{path}: {value} is below {want}"
        elif word == "maximum":
            if isinstance(value, (int, float)) and value > want:
                yield f"{path}: {value} is above {want}"
        elif word == "maxLength":
            if isinstance(value, str) and len(value) > want:
                yield f"{path}: longer than {want}"
        elif word == "maxItems":
            if isinstance(value, list) and len(value) > want:
                yield f"{path}: more than {want} items"
        elif word == "pattern":
            if isinstance(value, str) and not re.search(want, value):
                yield f"{path}: {value!r} does not match {want}"
        elif word == "items":
            if isinstance(value, list):
                for i, item in enumerate(value):
                    yield from check(item, want, root, f"{path}[{i}]")
        elif word == "properties":
            if isinstance(value, dict):
                yield from check_object(value, schema, root, path)
        else:
            raise SystemExit(f"validate_schema.py does not know the keyword {word}")


def check_more(value, path="$"):
    """{"more": n} may only stand at the end of a list."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            if isinstance(item, dict) and set(item) == {"more"} and i + 1 < len(value):
                yield f"{path}[{i}]: more before the end"
            yield from check_more(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from check_more(item, f"{path}.{key}")


def check_hash(text, report):
    """The hash over the very bytes, less the keys that it leaves out."""
    name = text.index(',"artifact":')
    subject = text.index(',"subject":')
    tail = text.rindex(',"report_sha256":')
    body = text[:name] + text[subject:tail] + "}"
    if hashlib.sha256(body.encode()).hexdigest() != report["report_sha256"]:
        yield "$.report_sha256: wrong"


def validate(text, schema=None):
    schema = schema or json.loads(SCHEMA.read_text())
    report = json.loads(text)
    faults = list(check(report, schema, schema)) + list(check_more(report))
    if not faults:
        faults = list(check_hash(text, report))
    if len(text.encode()) > 1 << 20:
        faults.append("$: longer than 1 MiB")
    return faults


def spoiled(value):
    """Copies of a report with one thing wrong in each: the validator must refuse them all."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key} if key != "index" else {**value, "index": "1"}
            for bad in spoiled(value[key]):
                yield {**value, key: bad}
        yield {**value, "unknown": 1}
    elif isinstance(value, list):
        for i, item in enumerate(value):
            for bad in spoiled(item):
                yield value[:i] + [bad] + value[i + 1:]
    elif isinstance(value, bool):
        yield "true"
    elif isinstance(value, int):
        yield -1
    elif isinstance(value, str):
        yield 17


def self_test(report, schema):
    """How many spoiled copies were believed."""
    believed = [bad for bad in spoiled(report) if not list(check(bad, schema, schema))]
    for bad in believed[:5]:
        print("believed:", [k for k in report if bad.get(k) != report[k]])
    return len(believed)


def review(program):
    """Reports of the demo, of fixtures and of files that are no artifact."""
    paths = [ROOT / "demo/harbour-lights-0.1", *sorted((ROOT / "tests/golden/rules").glob("*/*/*")), SCHEMA, ROOT / "nothing"]
    run = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--from-file", "-"],
                         input="\n".join(map(str, paths)), capture_output=True, text=True, timeout=600)
    return run.stdout.splitlines(), len(paths)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--tidewaiter", help="review the demo and the fixtures with this program")
    args.add_argument("files", nargs="*", help="reports, one a line; without, standard input")
    args = args.parse_args()
    schema = json.loads(SCHEMA.read_text())
    passed = failed = 0
    if args.tidewaiter:
        lines, wanted = review(args.tidewaiter)
        failed += len(lines) != wanted
        if lines:
            believed = self_test(json.loads(max(lines, key=len)), schema)
            failed += believed > 0
            passed += believed == 0
    else:
        texts = [pathlib.Path(p).read_text() for p in args.files] or [sys.stdin.read()]
        lines = [line for text in texts for line in text.split("\n") if line]
    for line in lines:
        faults = validate(line, schema)
        for fault in faults:
            print(fault)
        failed += bool(faults)
        passed += not faults
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
