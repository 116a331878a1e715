#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs whose code lies elsewhere in their package: another module, a docstring, a data file, behind an image, in a bundled
archive. As in prove_unwrap.py each package is run first, with recorders, then reviewed as a zip file.

carriers.py --tidewaiter build/tidewaiter [--walk WALK] [--keep DIR] [--min 0]"""
import argparse
import base64
import io
import json
import os
import sys
import tempfile
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import hide  # noqa: E402
import pool  # noqa: E402
from prove_unwrap import EXTENSION, Runner, Walker, share, wanted, write  # noqa: E402

PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082")
HEAD = "import os\nhere = os.path.dirname(os.path.abspath(__file__))\n"


def zipped(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def xored(data, k):
    return bytes(b ^ k for b in data)


# name -> source of the hidden program to {path in the package: content}
PYTHON = {
    "second module": lambda s: {"prog.py": "import helper_a\n", "helper_a.py": s},
    "text in a second module": lambda s: {"prog.py": "import helper_b\nexec(helper_b.DATA)\n", "helper_b.py": f"DATA = {s!r}\n"},
    "pieces in two modules": lambda s: {"prog.py": "from helper_c import A\nfrom helper_d import B\nexec(A + B)\n", "helper_c.py": f"A = {s[:40]!r}\n", "helper_d.py": f"B = {s[40:]!r}\n"},
    "decoder in a second module": lambda s: {"prog.py": f"from helper_e import plain\nexec(plain({base64.b64encode(s.encode())!r}))\n", "helper_e.py": "import base64\ndef plain(s):\n    return base64.b64decode(s).decode()\n"},
    "docstring": lambda s: {"prog.py": '"""' + base64.b64encode(s.encode()).decode() + '"""\nimport base64\nexec(base64.b64decode(__doc__))\n'},
    "docstring of a function": lambda s: {"prog.py": "import base64\ndef f():\n    '''" + base64.b64encode(s.encode()).decode() + "'''\nexec(base64.b64decode(f.__doc__))\n"},
    "text file": lambda s: {"prog.py": HEAD + "exec(open(os.path.join(here, 'LICENSE.txt')).read())\n", "LICENSE.txt": s},
    "base64 in a data file": lambda s: {"prog.py": HEAD + "import base64\nwith open(here + '/data.bin', 'rb') as f:\n    exec(base64.b64decode(f.read()))\n", "data.bin": base64.b64encode(s.encode())},
    "zlib and XOR in a data file": lambda s: {"prog.py": HEAD + "import zlib\nexec(zlib.decompress(bytes(b ^ 77 for b in open(here + '/cache.dat', 'rb').read())))\n", "cache.dat": xored(zlib.compress(s.encode()), 77)},
    "behind an image": lambda s: {"prog.py": HEAD + "exec(open(here + '/logo.png', 'rb').read().split(b'IEND', 1)[1][4:])\n", "logo.png": PNG + s.encode()},
    "behind an image, by an offset": lambda s: {"prog.py": HEAD + f"import base64\nf = open(here + '/icon.png', 'rb')\nf.seek({len(PNG)})\nexec(base64.b64decode(f.read()))\n", "icon.png": PNG + base64.b64encode(s.encode())},
    "JSON file": lambda s: {"prog.py": HEAD + "import json\nexec(json.load(open(here + '/conf.json'))['hook'])\n", "conf.json": json.dumps({"name": "x", "hook": s})},
    "bundled archive": lambda s: {"prog.py": HEAD + "import zipfile\nexec(zipfile.ZipFile(here + '/assets.zip').read('a.txt'))\n", "assets.zip": zipped("a.txt", s)},
    "runpy": lambda s: {"prog.py": HEAD + "import runpy\nrunpy.run_path(here + '/notes.txt')\n", "notes.txt": s},
}
JAVASCRIPT = {
    "second module": lambda s: {"prog.js": "require('./helper_a');\n", "helper_a.js": s},
    "text in a second module": lambda s: {"prog.js": "eval(require('./helper_b').data);\n", "helper_b.js": f"exports.data = {json.dumps(s)};\n"},
    "decoder in a second module": lambda s: {"prog.js": f"const {{ plain }} = require('./helper_c');\neval(plain('{base64.b64encode(s.encode()).decode()}'));\n",
                                             "helper_c.js": "module.exports.plain = s => Buffer.from(s, 'base64').toString();\n"},
    "text file": lambda s: {"prog.js": "const fs = require('fs'), path = require('path');\neval(fs.readFileSync(path.join(__dirname, 'LICENSE.txt'), 'utf8'));\n", "LICENSE.txt": s},
    "base64 in a data file": lambda s: {"prog.js": "const fs = require('fs');\neval(Buffer.from(fs.readFileSync(__dirname + '/data.bin', 'latin1'), 'base64').toString());\n", "data.bin": base64.b64encode(s.encode())},
    "zlib in a data file": lambda s: {"prog.js": "eval(require('zlib').inflateSync(require('fs').readFileSync(require('path').join(__dirname, 'cache.dat'))).toString());\n", "cache.dat": zlib.compress(s.encode())},
    "behind an image": lambda s: {"prog.js": f"const b = require('fs').readFileSync(__dirname + '/logo.png');\neval(b.slice(b.indexOf('IEND') + 8).toString());\n", "logo.png": PNG + s.encode()},
    "JSON file": lambda s: {"prog.js": "eval(require('./conf.json').hook);\n", "conf.json": json.dumps({"name": "x", "hook": s})},
}
CARRIERS = {"python": PYTHON, "javascript": JAVASCRIPT}
META = {"python": {"demo-1.0/PKG-INFO": "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"}, "javascript": {"package.json": '{"name": "demo", "version": "1.0.0", "main": "prog.js"}\n'}}


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--walk", default=os.path.join(HERE, "../../build/release/walk"))
    ap.add_argument("--keep")
    ap.add_argument("--min", type=float, default=99.0)
    args = ap.parse_args()
    args.walk = os.path.abspath(args.walk)
    whole = of = broken = 0
    for language, carriers in CARRIERS.items():
        runner, walk = Runner(language), Walker(args.walk)
        with tempfile.TemporaryDirectory() as folder:
            want = wanted(walk, runner, language, folder)
            for name, make in carriers.items():
                got = lost = 0
                for plain, (did, calls) in want.items():
                    with open(os.path.join(folder, f"plain_{plain}{EXTENSION[language]}"), encoding="utf-8") as f:
                        files = make(f.read())
                    sub = os.path.join(args.keep or folder, f"{language}_{name.replace(' ', '-').replace(',', '')}_{plain}")
                    os.makedirs(sub, exist_ok=True)
                    for path, content in files.items():
                        with open(os.path.join(sub, path), "wb") as f:
                            f.write(content if isinstance(content, bytes) else content.encode())
                    if runner(os.path.join(sub, "prog" + EXTENSION[language])) != did:
                        broken += 1
                        continue
                    package = sub + ".zip"
                    with zipfile.ZipFile(package, "w") as z:
                        for path, content in {**META[language], **files}.items():
                            z.writestr(path if "/" in path or language == "javascript" else "demo-1.0/" + path, content)
                    seen, _ = walk([package]).get(package, (set(), []))
                    got, lost = got + (calls <= seen), lost + (not calls <= seen)
                whole, of = whole + got, of + got + lost
                print(f"{language:11} {name:34} {got:3} {lost:3}  {share(got, got + lost)}", flush=True)
    print(f"packages unwrapped: {whole} of {of}, {share(whole, of).strip()}; {broken} of the generator do not run")
    ok = of and 100.0 * whole >= args.min * of and not broken
    print(f"{whole} passed, {0 if ok else max(1, of - whole)} failed")
    return not ok


if __name__ == "__main__":
    sys.exit(main())
