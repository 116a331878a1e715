#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""capabilities/*.tsv -> C: gen_tables.py SOURCE_DIR OUT_DIR writes capabilities/ids.h and tables.c.

Every fault of the data is an error with file and line; nothing is guessed.
"""
import hashlib
import os
import re
import sys

ROLES = ["none", "url", "host", "path", "command", "code", "data", "key", "name", "dest", "parameter",
         "member", "module", "field"]
FLAGS = {"source": 1, "sink": 2, "pass": 4, "value": 8, "invoker": 16, "decoder": 32}
TESTS = [("!*=", 6), ("*=", 5), ("!~", 4), ("~", 3), ("!=", 2), ("=", 1)]  # tw_api_test, longest first
TEST_WORDS = {"dynamic": 7, "const": 8, "given": 9, "seq": 10, "exec": 11}
# capabilities/NAME.tsv: one committed line each
LANGUAGES = [
    ("python", "TW_LANG_PYTHON"),
    ("javascript", "TW_LANG_JAVASCRIPT"),
    ("shell", "TW_LANG_SHELL"),
    ("powershell", "TW_LANG_POWERSHELL"),
    ("native", "TW_LANG_NATIVE"),
]

errors = []


def fail(where, says):
    errors.append(f"{where[0]}:{where[1]}: {says}")


def rows(path, least, most):
    with open(path, encoding="ascii") as f:
        for n, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            cols = line.split("\t")
            if not least <= len(cols) <= most:
                fail((path, n), f"{len(cols)} columns, expected {least} to {most}")
                continue
            yield (path, n), cols + [""] * (most - len(cols))


def expand(text):
    """`a{b,c}` -> ab ac; braces nest."""
    start = text.find("{")
    while start >= 0 and text[start : start + 2] == "{}":
        start = text.find("{", start + 2)
    if start < 0:
        return [text]
    depth, parts, last = 0, [], start + 1
    for i in range(start, len(text)):
        if text[i] == "{":
            depth += 1
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                parts.append(text[last:i])
                return [text[:start] + p2 + t for p in parts for p2 in expand(p) for t in expand(text[i + 1 :])]
        elif text[i] == "," and depth == 1:
            parts.append(text[last:i])
            last = i + 1
    raise ValueError("unclosed {")


def expand_or_fail(where, text):
    try:
        return expand(text)
    except ValueError as e:
        fail(where, f"{e} in '{text}'")
        return []


def c_str(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?") + '"'


def fnv(s):
    h = 2166136261
    for b in s.encode():
        h = ((h ^ b) * 16777619) & 0xFFFFFFFF
    return h


def load_taxonomy(folder):
    caps, ids = {}, {}
    path = os.path.join(folder, "taxonomy.tsv")
    for where, (num, name, says, attack) in rows(path, 3, 4):
        if not re.fullmatch(r"[1-9][0-9]*", num):
            fail(where, f"'{num}' is not an id")
            continue
        if not re.fullmatch(r"[a-z]+\.[a-z-]+", name):
            fail(where, f"'{name}' is not of the form group.leaf")
        if attack and not re.fullmatch(r"T[0-9]{4}(\.[0-9]{3})?", attack):
            fail(where, f"'{attack}' is not an ATT&CK technique")
        if not says:
            fail(where, "what it says is empty")
        if name in caps or int(num) in ids:
            fail(where, f"{num} {name} is there already")
        caps[name] = int(num)
        ids[int(num)] = (name, says, attack)
    if sorted(ids) != list(range(1, len(ids) + 1)):
        fail((path, 0), "ids must count up from 1 without a hole")
    locked = {}
    lock = os.path.join(folder, "ids.lock")
    for where, (num, name) in rows(lock, 2, 2):
        locked[int(num)] = name
        if ids.get(int(num), ("nothing",))[0] != name:
            fail(where, f"id {num} was given to '{name}', the taxonomy has '{ids.get(int(num), ('nothing',))[0]}'")
    for num in ids:
        if num not in locked:
            fail((lock, 0), f"id {num} ({ids[num][0]}) is missing: add a line for every new capability")
    return caps, ids


def parse_arg_ref(text):
    """POSITION, POSITION/KEYWORD, KEYWORD, * or self -> (pos, keyword or None), None where bad."""
    key = r"[A-Za-z_]\w*=?|--?\w[\w-]*|/\w+|<stdin>"  # a keyword, an option of a command, what it reads
    m = re.fullmatch(rf"(?:([0-9]+)(?:/({key}))?|(\*)|(self)|({key}))", text)
    if not m:
        return None
    if m.group(1):
        return int(m.group(1)), m.group(2)
    if m.group(3):
        return -2, None
    if m.group(4):
        return -3, None
    return -1, m.group(5)


def parse_args(where, text):
    out = []
    for word in text.split():
        ref, _, role = word.rpartition(":")
        arg = parse_arg_ref(ref)
        if arg is None:
            fail(where, f"'{word}' is not ARGUMENT:ROLE")
        elif role not in ROLES[1:]:
            fail(where, f"unknown role '{role}', expected one of {' '.join(ROLES[1:])}")
        else:
            out.append((arg[0], ROLES.index(role), arg[1]))
    if len(out) > 8:
        fail(where, f"{len(out)} arguments, at most 8")
    return out[:8]


def parse_test(where, word):
    if "?" in word:
        ref, _, what = word.partition("?")
        test, text = TEST_WORDS.get(what), ""
    else:
        # The first operator counts, of those that start there the longest: "0=~" asks for the text "~".
        found = sorted((word.find(op), -len(op), op, test) for op, test in TESTS if op in word)
        ref, test, text = ("", None, "")
        if found:
            at, _, op, test = found[0]
            ref, text = word[:at], word[at + len(op) :]
    arg = parse_arg_ref(ref)
    if arg is None or test is None:
        fail(where, f"'{word}' is not a condition")
        return None
    return (test, arg[0], arg[1], text)


def parse_more(where, text):
    kind, fixed, when = 0, "", []
    for word in text.split():
        if word.startswith("text:"):
            kind, fixed = 1, word[5:]
        elif word.startswith("join:"):
            kind, fixed = 2, word[5:]
        elif word in ("env", "arg"):
            kind = {"env": 3, "arg": 4}[word]
        else:
            test = parse_test(where, word)
            if test:
                when.append(test)
    if len(when) > 2:
        fail(where, "at most 2 conditions")
    return kind, fixed, when[:2]


def load_apis(folder, lang, caps):
    table, order, aliases, prefixes = {}, [], [], []
    path = os.path.join(folder, lang + ".tsv")
    for where, (symbol, cap, flags, args, more) in rows(path, 2, 5):
        symbols = expand_or_fail(where, symbol)
        if cap.startswith("="):
            targets = expand_or_fail(where, cap[1:])
            if flags or args or more:
                fail(where, "nothing may follow an alias")
            if len(targets) == 1 and targets[0].endswith(".*"):  # many modules that carry one
                targets = targets * len(symbols)
            if len(targets) != len(symbols):
                fail(where, f"{len(symbols)} symbols for {len(targets)} targets")
            for s, t in zip(symbols, targets):
                (prefixes if s.endswith(".*") else aliases).append((where, s, t))
            continue
        if cap != "-" and cap not in caps:
            fail(where, f"unknown capability '{cap}'")
            continue
        bits = 0
        for flag in flags.split(",") if flags not in ("-", "") else []:
            if flag not in FLAGS:
                fail(where, f"unknown flag '{flag}', expected one of {' '.join(FLAGS)}")
            bits |= FLAGS.get(flag, 0)
        row = (caps.get(cap, 0), bits, parse_args(where, args), parse_more(where, more))
        for s in symbols:
            if not re.fullmatch(r"(?:[?*]\.\w+|[@\w$][-\w.()\[\]/@$]*)", s):
                fail(where, f"'{s}' is not a symbol")
            if row in table.setdefault(s, []):
                fail(where, f"'{s}' has this row already")
            table[s].append(row)
    for where, s, t in aliases:
        if t not in table:
            fail(where, f"unknown target '{t}'")
        elif s in table:
            fail(where, f"'{s}' is there already")
        else:
            table[s] = table[t]
    for where, s, t in prefixes:
        if not t.endswith(".*") or not any(k.startswith(t[:-1]) for k in table):
            fail(where, f"nothing stands under '{t}'")
    # find_prefixed searches by the first part; among equal ones the order written holds
    return table, sorted(((s[:-1], t[:-1]) for _, s, t in prefixes), key=lambda p: p[0].split(".")[0].encode())


def load_values(folder, caps):
    out, seen = [], set()
    for where, (pattern, roles, cap, label) in rows(os.path.join(folder, "values.tsv"), 4, 4):
        if cap not in caps:
            fail(where, f"unknown capability '{cap}'")
            continue
        bits = 0
        for role in roles.split(","):
            if role not in ROLES[1:]:
                fail(where, f"unknown role '{role}', expected one of {' '.join(ROLES[1:])}")
            else:
                bits |= 1 << ROLES.index(role)
        if pattern != pattern.lower() or "\\" in pattern:
            fail(where, "patterns are lower case with / for \\")
        for p in expand_or_fail(where, pattern):
            if not p.strip("*"):
                fail(where, f"'{p}' matches everything")
            if (p, roles, cap) in seen:
                fail(where, f"'{p}' is there already")
            seen.add((p, roles, cap))
            out.append((p, bits, caps[cap], label))
    if len(out) > 4096:
        fail((folder, 0), f"{len(out)} value patterns, values.c takes 4096")
    return out


def trigram_index(values):
    """Each pattern goes to the bucket of one trigram it cannot match without; short ones to `always`."""
    buckets, always = {}, []
    for i, (pattern, _, _, _) in enumerate(values):
        grams = [run[k : k + 3] for run in re.split(r"[*?]", pattern) for k in range(len(run) - 2)]
        if not grams:
            always.append(i)
            continue
        load = lambda g: (len(buckets.get(fnv(g) & 4095, [])), -sum(c.isalnum() for c in g), g)
        buckets.setdefault(fnv(min(grams, key=load)) & 4095, []).append(i)
    return buckets, always


def write_ids(out, ids):
    out.append("/* Generated by tools/gen_tables.py from capabilities/taxonomy.tsv. */\n#pragma once\nenum {")
    for num, (name, _, _) in sorted(ids.items()):
        out.append(f"    TW_CAP_{re.sub('[.-]', '_', name).upper()} = {num},")
    out.append(f"    TW_CAP_COUNT = {len(ids)},\n}};")


def write_apis(out, lang, table, prefixes):
    symbols = sorted(table)
    out.append(f"static const tw_api {lang}_apis[] = {{")
    starts, n = [], 0
    for s in symbols:
        starts.append(n)
        for cap, bits, args, (kind, fixed, when) in table[s]:
            a = ", ".join(f"{{{p}, {r}, {c_str(k) if k else 'NULL'}}}" for p, r, k in args)
            w = ", ".join(f"{{{t}, {p}, {c_str(k) if k else 'NULL'}, {c_str(x)}}}" for t, p, k, x in when)
            text = c_str(fixed) if kind else "NULL"
            out.append(f"    {{{c_str(s)}, {cap}, {bits}, {kind}, {text}, {{{a or '{0}'}}}, {{{w or '{0}'}}}}},")
            n += 1
    out.append("};")
    size = 1
    while size < 2 * len(symbols):
        size *= 2
    slots = [0] * size
    for i, s in enumerate(symbols):
        h = fnv(s) & (size - 1)
        while slots[h]:
            h = (h + 1) & (size - 1)
        slots[h] = i + 1
    body = [f"{{{starts[i - 1]}, {len(table[symbols[i - 1]])}, {len(symbols[i - 1])}}}" if i else "{0, 0, 0}" for i in slots]
    out.append(f"static const tw_api_slot {lang}_slots[{size}] = {{")
    out.extend("    " + ", ".join(body[i : i + 8]) + "," for i in range(0, size, 8))
    out.append("};")
    out.append(f"static const tw_api_prefix {lang}_prefixes[] = {{")
    out.extend(f"    {{{c_str(s)}, {c_str(t)}}}," for s, t in prefixes)
    out.append("    {NULL, NULL},\n};")
    return size, f"{lang}_prefixes, {len(prefixes)}"


def write_values(out, values):
    out.append("const tw_value_class tw_value_table[] = {")
    out.extend(f"    {{{c_str(p)}, {bits}, {cap}, {c_str(label)}}}," for p, bits, cap, label in values)
    out.append(f"}};\nconst uint32_t tw_value_count = {len(values)};")
    buckets, always = trigram_index(values)
    flat, starts = [], []
    for h in range(4096):
        starts.append(len(flat))
        flat.extend(buckets.get(h, []))
    starts.append(len(flat))
    for name, data in (("tw_value_starts", starts), ("tw_value_lists", flat or [0]), ("tw_value_always", always + [65535])):
        out.append(f"const uint16_t {name}[] = {{")
        out.extend("    " + ", ".join(map(str, data[i : i + 16])) + "," for i in range(0, len(data), 16))
        out.append("};")


def write_if_changed(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        with open(path) as f:
            if f.read() == text:
                return
    with open(path, "w") as f:
        f.write(text)


def main(source, target):
    folder = os.path.join(source, "capabilities")
    caps, ids = load_taxonomy(folder)
    langs = [(lang, const, *load_apis(folder, lang, caps)) for lang, const in LANGUAGES]
    values = load_values(folder, caps)
    if errors:
        sys.stderr.write("".join(e + "\n" for e in errors[:50]))
        return 1
    out = []
    write_ids(out, ids)
    write_if_changed(os.path.join(target, "capabilities", "ids.h"), "\n".join(out) + "\n")
    out = ['/* Generated by tools/gen_tables.py from capabilities. */\n#include "engine/capabilities/tables_priv.h"\n']
    out.append('const tw_cap_info tw_cap_table[] = {\n    {"", "", ""},')
    out.extend(f"    {{{c_str(n)}, {c_str(s)}, {c_str(a)}}}," for _, (n, s, a) in sorted(ids.items()))
    out.append(f"}};\nconst uint16_t tw_cap_table_n = {len(ids) + 1};")
    sizes = [(lang, const, write_apis(out, lang, table, prefixes)) for lang, const, table, prefixes in langs]
    out.append("const tw_api_table tw_api_tables[TW_LANG_MAX] = {")
    out.extend(f"    [{const}] = {{{lang}_apis, {lang}_slots, {size}, {prefixes}}}," for lang, const, (size, prefixes) in sizes)
    out.append("};")
    write_values(out, values)
    digest = hashlib.sha256()
    for name in ["taxonomy", "values"] + [lang for lang, _ in LANGUAGES]:
        with open(os.path.join(folder, name + ".tsv"), "rb") as f:
            digest.update(f.read())
    out.append("const tw_digest tw_tables_digest = {{" + ", ".join(map(str, digest.digest())) + "}};")
    write_if_changed(os.path.join(target, "engine", "capabilities", "tables.c"), "\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: gen_tables.py SOURCE_DIR OUT_DIR")
    sys.exit(main(sys.argv[1], sys.argv[2]))
