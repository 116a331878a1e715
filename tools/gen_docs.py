#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""capabilities/taxonomy.tsv -> docs/reference/capabilities.md, and the schemas of what `capabilities` and `diff` print, with its ids;
src/engine/findings.def and src/cli/author/advice.c -> docs/reference/findings.md.
`--check` writes nothing and fails where a file is not what it would be."""
import fnmatch
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUPS = {
    "exec": "Runs programs", "code": "Runs code", "net": "Talks to the network", "fs": "Works on files",
    "cred": "Touches credentials", "host": "Learns about the machine", "collect": "Collects what a user does",
    "given": "Is given", "persist": "Stays", "hide": "Hides", "impact": "Does harm",
}
TRIGGERS = {
    "install": "when it is installed", "build": "when it is built", "import": "when it is imported",
    "plugin": "when a program that takes plug-ins starts", "command": "when its command is started",
    "load": "when one of its files is loaded", "call": "when a function of it is called", "dead": "nothing in the package starts it",
}
LEVELS = ["clear", "notable", "suspicious", "malicious", "unreviewable"]
TEXT, COUNT, HEX = {"type": ["string", "null"]}, {"type": "integer", "minimum": 0}, {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}


def leaves():
    """id, name, sentence, ATT&CK technique or ''; gen_tables.py refuses what is no taxonomy."""
    for line in (ROOT / "capabilities/taxonomy.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            num, name, says, attack = (line.split("\t") + [""])[:4]
            yield int(num), name, says, attack


def languages():
    """The names that the engine gives them."""
    text = (ROOT / "src/engine/ir/ir.c").read_text()
    return re.findall(r'"([^"]+)"', re.search(r"tw_lang_name\(.*?\{([^{}]*)\};", text, re.S).group(1))


def page():
    rows = list(leaves())
    mapped = sum(1 for r in rows if r[3])
    out = ["# Capabilities", "",
           "<!-- Made by tools/gen_docs.py from capabilities/taxonomy.tsv: edit that, then run it. -->", "",
           f"What code can do, as `tidewaiter capabilities`, `diff` and the report name it: {len(rows)} leaves in {len(GROUPS)} groups. A capability is a",
           "fact, never a verdict: most packages have many. Each reads on from \"it ...\". The id is the number that",
           "never changes; the technique is MITRE ATT&CK's where one fits "
           f"({mapped} of {len(rows)}; writing a file is none by itself).", ""]
    for group, title in GROUPS.items():
        out += [f"## {title} (`{group}`)", "", "| id | capability | it ... | ATT&CK |", "|---|---|---|---|"]
        out += [f"| {n} | `{name}` | {says} | {attack} |" for n, name, says, attack in rows if name.split(".")[0] == group]
        out.append("")
    out += ["## When", "", "A capability stands at the time of the strongest thing that starts it:", "", "| trigger | |", "|---|---|"]
    out += [f"| `{t}` | {says} |" for t, says in TRIGGERS.items()]
    return "\n".join(out) + "\n"


def findings_page():
    """What may be odd about an artifact, and what its author does about it."""
    rows = re.findall(r'^FINDING\(\w+, "([^"]+)", (\w+), (\w+), "([^"]+)"\)', (ROOT / "src/engine/findings.def").read_text(), re.M)
    text = (ROOT / "src/cli/author/advice.c").read_text()
    table = text[text.index("} rows[] = {"):text.index("} times[] = {")]
    advice = [(i, "".join(re.findall(r'"([^"]*)"', says)), "REFUSED" in flags)
              for i, says, flags in re.findall(r'\{"([^"]+)",\s*((?:"[^"]*"\s*)+|NULL),\s*([A-Z0-9 |]+)\}', table)]
    out = ["# Findings and signals", "",
           "<!-- Made by tools/gen_docs.py from src/engine/findings.def and src/cli/author/advice.c: edit those, then run it. -->", "",
           f"{len(rows)} anomalies that a report may name; none is an opinion. Those of the kinds name, claims and history are signals: they stand in the",
           "report's list `signals`, each with its source and date, and raise no level by themselves. `{d}` is the detail. The last column is what",
           "`tidewaiter scan dist/ --profile pypi` tells an author to do.", "",
           "| id | kind | severity | says | what an author does |", "|---|---|---|---|---|"]
    for name, kind, severity, says in rows:
        does, refused = next(((a, r) for glob, a, r in advice if fnmatch.fnmatchcase(name, glob)), ("", False))
        out.append(f"| `{name}` | {kind.lower()} | {severity.lower()} | {says} | {does}{' (an upload is refused)' if refused else ''} |")
    return "\n".join(out) + "\n"


def obj(properties, **more):
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties, **more}


def array(ref):
    return {"type": "array", "items": {"anyOf": [{"$ref": f"#/$defs/{ref}"}, {"$ref": "#/$defs/more"}]}}


def schema(name, title, body, defs):
    defs = {"more": obj({"more": {"type": "integer", "minimum": 1}}, description="items that are not shown"), **defs}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:tidewaiter:{name}:1", "title": f"tidewaiter.{name}/1",
            "description": title, **body, "$defs": defs}


def capabilities_schema():
    capability, trigger = {"enum": [name for _, name, _, _ in leaves()]}, {"enum": list(TRIGGERS)}
    place = {"member": TEXT, "line": COUNT, "col": COUNT, "snippet": TEXT, "hidden": TEXT, "layer": {"type": "boolean", "description": "in decoded code"}}
    roles = ["other", "code", "build", "test", "doc", "example", "data", "metadata", "script"]
    value = {"type": "object", "additionalProperties": False, "required": ["role", "text"],
             "properties": {"role": {"enum": ["none", "url", "host", "path", "command", "code", "data", "key", "name", "dest", "parameter"]},
                            "text": {"type": "string", "maxLength": 300}, "host": TEXT}}
    defs = {
        "start": obj({"trigger": trigger, "reason": TEXT, "member": TEXT, "function": TEXT, "snippet": TEXT}),
        "dependency": obj({"name": TEXT, "spec": TEXT, "group": TEXT}),
        "value": value,
        "use": obj({"id": capability, "trigger": trigger, "reason": TEXT, "symbol": TEXT, "label": TEXT,
                    "confidence": {"enum": ["guessed", "flow", "folded", "literal"]}, "language": {"enum": languages()}, "role": {"enum": roles},
                    "values": {"type": "array", "items": {"$ref": "#/$defs/value"}}, **place, "count": {"type": "integer", "minimum": 1},
                    "key": {"type": "string", "pattern": "^[0-9a-f]{16}$", "description": "stays the same when code is moved"}}),
        "flow": obj({"from": capability, "to": capability, "trigger": trigger, **place}),
        "behaviour": obj({"id": {"type": "string"}, "level": {"enum": LEVELS}, "kind": TEXT, "trigger": trigger, "says": TEXT, **place}),
        "unread": obj({"member": TEXT, "trigger": {"enum": [*TRIGGERS, None]}, "reason": {"type": "string"}, "says": {"type": "string"},
                       "hides": {"type": "boolean", "description": "makes the artifact unreviewable"}}),
        "file": obj({"path": TEXT, "size": COUNT, "kind": {"type": "string"}, "sha256": HEX}),
    }
    body = obj({"schema": {"const": "tidewaiter.capabilities/1"}, "artifact": TEXT, "sha256": HEX, "purl": TEXT, "ecosystem": TEXT, "name": TEXT,
                "version": TEXT, "root": TEXT, "verdict": {"enum": LEVELS}, "complete": {"type": "boolean"}, "format": {"type": "string"},
                "texts": {**COUNT, "description": "that were read as code, layers among them"}, "starts": array("start"),
                "dependencies": array("dependency"), "capabilities": array("use"), "flows": array("flow"), "behaviours": array("behaviour"),
                "files": array("file"), "unread": array("unread")})
    return schema("capabilities", "All that one artifact can do: each sort of use once, at its first place. Keys stand in this order; a capped list "
                  "ends in {\"more\": n}.", body, defs)


def diff_schema():
    what = ["behaviour", "capability", "use", "flow", "start", "host", "dependency", "binary", "file", "unread"]
    side = obj({"artifact": TEXT, "sha256": HEX, "purl": TEXT, "name": TEXT, "version": TEXT, "verdict": {"enum": [*LEVELS, None]}})
    item = obj({"what": {"enum": what}, "change": {"enum": ["gained", "lost"]}, "id": TEXT, "trigger": {"enum": [*TRIGGERS, None]},
                "risk": {"type": "integer", "minimum": 0, "maximum": 100, "description": "a rank, no probability"}, "says": TEXT, "member": TEXT,
                "line": COUNT, "snippet": TEXT, "hidden": TEXT})
    body = obj({"schema": {"const": "tidewaiter.diff/1"}, "from": {"$ref": "#/$defs/side"}, "to": {"$ref": "#/$defs/side"},
                "level": {"enum": ["none", "low", "medium", "high"]}, "headline": TEXT, "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
                "more": COUNT})
    return schema("diff", "What a release can do that the one before could not, the weightiest first; hosts as they stand.", body, {"side": side, "item": item})


def files():
    yield "docs/reference/capabilities.md", page()
    yield "docs/reference/findings.md", findings_page()
    for name, made in ("capabilities", capabilities_schema()), ("diff", diff_schema()):
        yield f"docs/{name}.schema.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main():
    check, stale, n = "--check" in sys.argv[1:], 0, 0
    groups = {name.split(".")[0] for _, name, _, _ in leaves()}
    if groups != set(GROUPS):
        print(f"gen_docs.py: groups without a title, or titles without a group: {groups ^ set(GROUPS)}")
        stale += 1
    for path, text in files():
        n += 1
        there = (ROOT / path).read_text() if (ROOT / path).exists() else None
        if there == text:
            continue
        if check:
            print(f"{path} is not what tools/gen_docs.py makes of its sources: run it")
            stale += 1
        else:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text)
    print(f"{n - stale} passed, {stale} failed")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
