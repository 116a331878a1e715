#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`tidewaiter unwrap` as its users call it, code that a package reads and runs, and layers made to hurt."""
import argparse
import base64
import gzip
import io
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

passed = failed = 0
ESC, RLO = "\x1b[31m", "\u202e"


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:1500] for m in more])


class Program:
    def __init__(self, path, tmp):
        self.path, self.tmp = path, tmp
        self.env = {"PATH": os.environ["PATH"], "HOME": str(tmp / "home"), "XDG_CACHE_HOME": str(tmp / "cache")}

    def __call__(self, *args):
        r = subprocess.run([self.path, *map(str, args)], capture_output=True, timeout=300, env=self.env, cwd=self.tmp)
        return r.returncode, r.stdout.decode("utf-8", "surrogateescape"), r.stderr.decode("utf-8", "surrogateescape")

    def layers(self, *args):
        code, out, err = self("unwrap", "--format", "json", *args)
        return json.loads(out), code, err

    def report(self, *args):
        _, out, _ = self("scan", "--format", "json", "--no-cache", "--fail-on", "never", *args)
        return json.loads(out)


def tree(root, files):
    shutil.rmtree(root, ignore_errors=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def verb(tw, tmp):
    code, text, _ = tw("unwrap", "--help")
    check(code == 0 and "--output" in text and "Exit status" in text, "help")
    check(all(len(line) <= 80 for line in text.splitlines()), "help fits 80 columns", [x for x in text.splitlines() if len(x) > 80])
    for args, hint in [([], "nothing to unwrap"), (["--depth", "0", "x"], "--depth"), (["--format", "xml", "x"], "not a format"),
                       (["--ouput", "d", "x"], "did you mean --output"), (["absent.py"], "No such file")]:
        code, out, err = tw("unwrap", *args)
        check(code == 2 and hint in err, f"unusable: {args}", code, out, err)
    calm = tmp / "calm.py"
    calm.write_text("x = 1\n")
    code, out, err = tw("unwrap", calm)
    check(code == 0 and "no layers" in out and not err, "nothing found is said, and no error", code, out, err)


def text_of_layers(tw, tmp):
    inner = f"import os;x=[1,2]\nif x: y=1;z='{ESC}{RLO}http://host.example/a;b'\n"
    middle = f"import base64;exec(base64.b64decode('{b64(inner)}'))"
    path = tmp / "setup.py"
    path.write_text(f"import base64,zlib\n\nexec(zlib.decompress(base64.b64decode('{b64(zlib.compress(middle.encode()))}')))\n")
    code, out, _ = tw("unwrap", path)
    check(code == 0, "exit status", code)
    check("1  base64 → zlib → exec" in out and "1.1  base64 → exec" in out, "recipes and tree", out)
    check("setup.py:3:1" in out and "in layer 1, setup.py:1:15" in out, "where they stand", out)
    check("python, 71 bytes" in out or "bytes, run by exec" in out, "size and what runs it", out)
    check("\x1b" not in out and RLO not in out and "\\x1b[31m" in out and "\\u{202e}" in out, "escapes are harmless", out)
    check("http://host.example/a;b" in out, "a URL as it stands", out)
    check("| if x:\n   |     y=1;\n   |     z=" in out, "a statement a line", out)
    code, out, _ = tw("unwrap", "--raw", path)
    check(inner in out and "y=1;z=" in out, "raw is byte for byte", out)
    doc, code, _ = tw.layers(path)
    check([x["id"] for x in doc["layers"]] == ["1", "1.1"] and doc["layers"][1]["text"] == inner, "json", doc)
    check(doc["layers"][0]["recipe"] == ["base64", "zlib"] and doc["layers"][0]["runs"] == "exec", "json: recipe, call")
    code, out, _ = tw("unwrap", "--depth", "1", path)
    check(code == 0 and "not opened" in out and "limit" in out, "--depth says what it left", out)


def folder(tw, tmp):
    path, to = tmp / "setup.py", tmp / "out"
    code, out, err = tw("unwrap", "--output", to, path)
    names = sorted(p.name for p in to.iterdir())
    check(code == 0 and names == ["index.json", "layer-1.1.py", "layer-1.py"], "names", names, err)
    check(all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in to.iterdir()), "mode 0600")
    index = json.loads((to / "index.json").read_text())
    check([x["file"] for x in index["layers"]] == ["layer-1.py", "layer-1.1.py"] and "text" not in index["layers"][0], "index", index)
    check("base64.b64decode" in (to / "layer-1.py").read_text(), "raw content")
    code, out, err = tw("unwrap", "--output", to, path)
    check(code == 2 and "not empty" in err, "a folder that holds something", code, err)
    (to / "layer-1.py").unlink()
    (tmp / "victim").write_text("kept")
    (to / "layer-1.py").symlink_to(tmp / "victim")
    code, out, err = tw("unwrap", "--output", to, "--force", path)
    check(code == 0 and (tmp / "victim").read_text() == "kept" and not (to / "layer-1.py").is_symlink(), "--force follows no link", err)
    os.makedirs(tmp / "empty")
    check(tw("unwrap", "--output", tmp / "empty", path)[0] == 0, "an empty folder will do")
    check(tw("unwrap", "--output", path, path)[0] == 2, "a file is no folder")


def javascript(tw, tmp):
    code = "var a=function(b){if(b){return b/2/1}else{return/x{;}/g}};for(var i=0;i<3;i++){console.log(`a${i}{;`)}"
    path = tmp / "x.js"
    path.write_text(f"eval(Buffer.from('{b64(code)}','base64').toString())\n")
    _, out, _ = tw("unwrap", path)
    check("javascript, " in out and "|   if(b){\n" in out and "return/x{;}/g" in out and "`a${i}{;`" in out, "JavaScript is laid out", out)
    doc, _, _ = tw.layers(path)
    check(doc["layers"][0]["text"] == code, "and its text kept")


def packages(tw, tmp):
    """What a package reads of itself: texts by marker, one for each way."""
    mark = lambda n: f"import os\nos.getenv('INERT_{n}')\n"
    z = io.BytesIO()
    with zipfile.ZipFile(z, "w") as archive:
        archive.writestr("m.txt", mark(3))
    files = {
        "pkg/x.bin": zlib.compress(mark(1).encode()), "pkg/i.png": b"\x89PNG\r\n\x1a\n" + bytes(20) + b"IEND\xaeB`\x82" + b64(mark(2)).encode(),
        "pkg/b.zip": z.getvalue(), "pkg/_k.py": f"KEY = 7\nDATA = {bytes(b ^ 7 for b in mark(4).encode())!r}\n",
        "pkg/_f.py": f"T = {bytes(b ^ 9 for b in mark(5).encode())!r}\ndef dec(d, k):\n    out = []\n    for b in d:\n        out.append(b ^ k)\n    return bytes(out)\n",
        "pkg/_r.py": "import os\nRAW = open(os.path.join(os.path.dirname(__file__), 'r.txt')).read()\n", "pkg/r.txt": mark(6),
        "pkg/version.py": "V = 1\n", "pkg/other.py": "W = 2\n",
        "pkg/__init__.py": """import os, runpy, zlib, base64, zipfile
here = os.path.dirname(os.path.abspath(__file__))
exec(zlib.decompress(open(os.path.join(here, 'x.bin'), 'rb').read()))
exec(base64.b64decode(open(here + '/i.png', 'rb').read().split(b'IEND')[1][4:]))
exec(zipfile.ZipFile(os.path.join(here, 'b.zip')).read('m.txt'))
from ._k import KEY, DATA
exec(bytes(b ^ KEY for b in DATA))
from ._f import dec, T
exec(dec(T, 9))
from . import _r
exec(_r.RAW)
exec(open(os.path.join(here, 'version.py')).read())
runpy.run_path(os.path.join(here, 'other.py'))
exec(open(here + '/gone.txt').read())
"""}
    root = tree(tmp / "package", files)
    doc, _, _ = tw.layers(root)
    texts = {x["text"]: x for x in doc["layers"]}
    for n in range(1, 7):
        check(mark(n) in texts, f"package: way {n}", [x["recipe"] for x in doc["layers"]])
    layer = texts.get(mark(1), {})
    check(layer.get("recipe") == ["file pkg/x.bin", "zlib"] and layer.get("runs") == "exec" and layer.get("trigger") == "import",
          "the recipe names the file, the trigger is that of the code", layer)
    check("V = 1\n" in texts, "what exec runs of a file that is read by itself is a layer: it has the names around it")
    check("W = 2\n" not in texts, "a file that is read as code by itself is no layer besides")
    gaps = [g for g in tw.report(root)["coverage"]["gaps"] if g["reason"] == "opaque-layer"]
    check(len(gaps) == 1 and gaps[0]["why"] == "a file that is not in the package", "one place is left, and why", gaps)
    caps = {c["id"] for c in tw.report(root)["capabilities"]}
    check("code.decoded-eval" in caps, "decoded and run", caps)
    plain = tree(tmp / "plain", {"pkg/__init__.py": "import os\nexec(open(os.path.join(os.path.dirname(__file__), 'v.txt')).read())\n", "pkg/v.txt": "V = 1\n"})
    report = tw.report(plain)
    check(report["verdict"] in ("clear", "notable") and len(report["layers"]) == 1, "an open text is not hidden", report["verdict"])
    one, two = (tw.report(root) for _ in range(2))
    one.pop("stats"), two.pop("stats")
    check(one == two, "the same report again")


def cycles(tw, tmp):
    own = "exec(open(__file__).read())\n"
    report = tw.report(tree(tmp / "own", {"pkg/__init__.py": own}))
    check(len(report["layers"]) <= 1 and report["verdict"] != "malicious", "a file that runs itself", report["layers"])
    files = {"pkg/__init__.py": "import os\nexec(open(os.path.join(os.path.dirname(__file__), 'a.txt')).read())\n",
             "pkg/a.txt": "import os\nexec(open(os.path.join(os.path.dirname(__file__), 'b.txt')).read())\n",
             "pkg/b.txt": "#\nimport os\nexec(open(os.path.join(os.path.dirname(__file__), 'a.txt')).read())\n"}
    report = tw.report(tree(tmp / "ring", files))
    limits = [g for g in report["coverage"]["gaps"] if g["reason"] == "limit"]
    check(len(report["layers"]) == 2 and limits and "layer_depth" in report["coverage"]["limits_hit"], "a ring of files", report["layers"], report["coverage"])
    text = "x = 1\n"
    for _ in range(12):
        text = f"import base64\nexec(base64.b64decode('{b64(text)}'))\n"
    path = tmp / "deep.py"
    path.write_text(text)
    report = tw.report(path)
    check(len(report["layers"]) == 8 and "layer_depth" in report["coverage"]["limits_hit"], "twelve layers", len(report["layers"]))
    check(any(g["reason"] == "limit" for g in report["coverage"]["gaps"]), "the rest is a gap", report["coverage"])
    _, code, _ = tw.layers("--depth", "13", path)
    doc, _, _ = tw.layers("--depth", "13", path)
    check(code == 0 and len(doc["layers"]) == 12 and doc["layers"][-1]["text"] == "x = 1\n", "--depth 13 has all", len(doc["layers"]))


def hostile(tw, tmp):
    many = tmp / "many.py"
    many.write_text("".join(f"exec('a{i}=1')\n" for i in range(1_000_000)))
    begun = time.monotonic()
    report = tw.report(many)
    check(time.monotonic() - begun < 120, "a million tiny layers: in time", time.monotonic() - begun)
    check(report["stats"]["layers"] == 512 and "limits_hit" in report["coverage"], "and bounded", report["stats"])
    check(any(g["reason"] == "limit" for g in report["coverage"]["gaps"]), "and reported", report["coverage"]["gaps"][:3])
    code, out, _ = tw("unwrap", "--output", tmp / "many", many)
    check(code == 0 and len(list((tmp / "many").iterdir())) <= 2000, "unwrapped all the same", code)
    spread = tree(tmp / "spread", {f"p/m{i}.py": f"exec('a{i} = 1')\n" for i in range(700)})
    report = tw.report(spread)
    check(report["stats"]["layers"] == 512 and "layers" in report["coverage"]["limits_hit"], "layers of many files", report["stats"])
    bomb = zlib.compress(zlib.compress(bytes(256 << 20), 9), 9)
    path = tmp / "bomb.py"
    path.write_text(f"import zlib,base64\nexec(zlib.decompress(zlib.decompress(base64.b64decode('{b64(bomb)}'))))\n")
    begun = time.monotonic()
    report = tw.report(path)
    check(time.monotonic() - begun < 30 and not report["complete"], "a bomb within a layer", report["coverage"])
    inner = f"import zlib,base64\nexec(zlib.decompress(base64.b64decode('{b64(zlib.compress(bytes(64 << 20), 9))}')))\n"
    for _ in range(4):
        inner = f"import zlib,base64\nexec(zlib.decompress(base64.b64decode('{b64(zlib.compress(inner.encode(), 9))}')))\n"
    path.write_text(inner)
    report = tw.report(path)
    check(len(report["layers"]) == 4 and not report["complete"], "a bomb below four layers", len(report["layers"]), report["coverage"])
    pieces = {"pkg/__init__.py": "import os, zlib\nh = os.path.dirname(__file__)\n" + "".join(f"exec(zlib.decompress(open(h + '/b{i}', 'rb').read()))\n" for i in range(40))}
    pieces |= {f"pkg/b{i}": zlib.compress(b"#" * ((32 << 20) + i), 9) for i in range(40)}
    begun = time.monotonic()
    report = tw.report(tree(tmp / "bombs", pieces))
    check(time.monotonic() - begun < 60, "bombs in data files", time.monotonic() - begun)
    check(not report["complete"] and not report.get("errors"), "are gaps, and no crash", report["verdict"], report.get("errors"))
    fan = {"pkg/__init__.py": "import os\nfor n in os.listdir(os.path.dirname(__file__)):\n    exec(open(n).read())\n"}
    fan |= {f"pkg/d{i}.txt": f"import os\nfor n in os.listdir(os.path.dirname(__file__)):\n    exec(open(n).read())\n#{i}\n" for i in range(60)}
    begun = time.monotonic()
    report = tw.report(tree(tmp / "fan", fan))
    check(time.monotonic() - begun < 60 and report["stats"]["layers"] <= 512, "files that run each other", report["stats"], time.monotonic() - begun)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--tidewaiter", default="build/tidewaiter")
    args = args.parse_args()
    with tempfile.TemporaryDirectory() as name:
        tmp = Path(name)
        tw = Program(str(Path(args.tidewaiter).resolve()), tmp)
        verb(tw, tmp)
        text_of_layers(tw, tmp)
        folder(tw, tmp)
        javascript(tw, tmp)
        packages(tw, tmp)
        cycles(tw, tmp)
        hostile(tw, tmp)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
