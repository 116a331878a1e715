#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks reports (JSON objects or jsonl, files or standard input) against docs/report.schema.json,
their key order and their report_sha256. A validator of our own for the keywords the schema uses:
an unknown keyword is an error, so that nothing is believed checked that is not."""
import hashlib
import json
import pathlib
import re
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


def main(paths):
    schema = json.loads(SCHEMA.read_text())
    texts = [pathlib.Path(p).read_text() for p in paths] or [sys.stdin.read()]
    bad = seen = 0
    for text in texts:
        for line in filter(None, text.split("\n")):
            seen += 1
            for fault in validate(line, schema):
                print(fault)
                bad += 1
    print(f"{seen} reports, {bad} faults")
    return 1 if bad or not seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
