#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Public obfuscators, packers and minifiers, run on the inert programs of the pool: what is left of the calls.

Each tool with each of its options turns every program of its language into a hidden one, which is run with recorders as in
prove_unwrap.py and must still make the calls; then the records of the file and its layers must show them.

obfuscators.py --tidewaiter build/tidewaiter --walk WALK [--folder build/obfuscators] [--keep DIR] [--only WORD]
The tools are installed there by their ordinary clients, versions pinned below."""
import argparse
import collections
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import hide  # noqa: E402
import pool  # noqa: E402
from prove_unwrap import EXTENSION, Runner, Walker, share, wanted, write  # noqa: E402

NPM = {"javascript-obfuscator": "5.8.0", "js-confuser": "2.1.3", "uglify-js": "3.19.3", "terser": "5.51.2", "babel-minify": "0.5.2", "gnirts": "1.1.8", "roadroller": "2.1.0",
       "jsfuck": "0.4.0"}
PIP = {"python-minifier": "3.4.0", "python-obfuscator": "0.1.0", "bombast": "0.2.4", "opy": "1.1.28", "intensio-obfuscator": "1.0.10.6", "pyarmor": "9.2.8", "pyobfus": "0.9.1", "python-obfuscation-framework": "1.11.1"}
NOT_HAD = {"pyminifier 2.1": "its setup does not build under today's setuptools (use_2to3)", "bytenode": "V8 bytecode, native to one version of node: not applicable", "oxyry, obfuscator.io, jsjiami": "web services; obfuscator.io is javascript-obfuscator",
           "pyarmor": "its output needs its native runtime: opaque by design, only measured for what is said", "onelinerizer, bobskater": "write Python 2 or fail on Python 3.11's ast",
           "packer 0.0.6 (Dean Edwards' on npm)": "needs a native addon that its install script builds; the packer itself is a layer of js_shape.py",
           "aaencode, jjencode": "no package of that name on npm that installs", "nuitka, cython": "compile to native code: not applicable"}

# tool and option -> what is left on node's command line (file in, file out)
NODE = {
    "javascript-obfuscator, default": "const o = require('javascript-obfuscator'); put(o.obfuscate(text, { seed: 7 }).getObfuscatedCode())",
    "javascript-obfuscator, low": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, optionsPreset: 'low-obfuscation' }).getObfuscatedCode())",
    "javascript-obfuscator, medium": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, optionsPreset: 'medium-obfuscation' }).getObfuscatedCode())",
    "javascript-obfuscator, high": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, optionsPreset: 'high-obfuscation', debugProtection: false }).getObfuscatedCode())",
    "javascript-obfuscator, table, base64": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, stringArray: true, stringArrayThreshold: 1, stringArrayEncoding: ['base64'] }).getObfuscatedCode())",
    "javascript-obfuscator, table, RC4": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, stringArray: true, stringArrayThreshold: 1, stringArrayEncoding: ['rc4'], stringArrayCallsTransform: true, stringArrayWrappersCount: 2, stringArrayWrappersType: 'function' }).getObfuscatedCode())",
    "javascript-obfuscator, split strings": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, splitStrings: true, splitStringsChunkLength: 3, stringArrayThreshold: 1, numbersToExpressions: true, transformObjectKeys: true }).getObfuscatedCode())",
    "javascript-obfuscator, flattening": "put(require('javascript-obfuscator').obfuscate('(function(){' + text + '})()', { seed: 7, controlFlowFlattening: true, controlFlowFlatteningThreshold: 1, deadCodeInjection: true, deadCodeInjectionThreshold: 1, stringArrayThreshold: 1 }).getObfuscatedCode())",
    "javascript-obfuscator, unicode": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, unicodeEscapeSequence: true, stringArray: false, compact: false }).getObfuscatedCode())",
    "javascript-obfuscator, self-defending": "put(require('javascript-obfuscator').obfuscate(text, { seed: 7, selfDefending: true, stringArrayThreshold: 1 }).getObfuscatedCode())",
    "js-confuser, low": "require('js-confuser').obfuscate(text, { target: 'node', preset: 'low' }).then(r => put(r.code || r))",
    "js-confuser, medium": "require('js-confuser').obfuscate(text, { target: 'node', preset: 'medium' }).then(r => put(r.code || r))",
    "js-confuser, strings": "require('js-confuser').obfuscate(text, { target: 'node', stringConcealing: true, stringCompression: false, stringSplitting: true }).then(r => put(r.code || r))",
    "js-confuser, compression": "require('js-confuser').obfuscate(text, { target: 'node', stringCompression: true }).then(r => put(r.code || r))",
    "js-confuser, flattening": "require('js-confuser').obfuscate(text, { target: 'node', controlFlowFlattening: true, dispatcher: true, opaquePredicates: true, calculator: true }).then(r => put(r.code || r))",
    "uglify-js": "put(require('uglify-js').minify(text, { toplevel: true, compress: { passes: 3 } }).code)",
    "terser": "require('terser').minify(text, { toplevel: true, compress: { passes: 3 } }).then(r => put(r.code))",
    "babel-minify": "put(require('babel-minify')(text).code)",
    "gnirts": "put(require('gnirts').mangle(text))",
    "jsfuck": "put(require('jsfuck').JSFuck.encode('process.mainModule.require(\"os\").hostname()', true))",
    "jsfuck, eval of a text": "put('const require_ = require; globalThis.require = require; eval(' + require('jsfuck').JSFuck.encode(text.slice(0, 60000), false) + ')')",
    "roadroller": "import('roadroller').then(async r => { const p = new r.Packer([{ data: text, type: 'js', action: 'eval' }], {}); await p.optimize(0); const { firstLine, secondLine } = p.makeDecoder(); put('globalThis.require = require; globalThis.module = module;' + firstLine + secondLine) })",
}
PYTHON = {
    "python-minifier, default": ["{bin}/pyminify", "{in}", "--output", "{out}"],
    "python-minifier, all": ["{bin}/pyminify", "{in}", "--output", "{out}", "--rename-globals", "--remove-literal-statements"],
    "python-obfuscator": ["{bin}/python", "-c", "import sys, python_obfuscator as o; f = getattr(o, 'obfuscate', None) or o.obfuscator().obfuscate; open(sys.argv[2], 'w').write(f(open(sys.argv[1]).read()))", "{in}", "{out}"],
    "bombast": ["{bin}/bombast", "{in}", "{out}", "--seed", "7"],
    "pyobfus": ["{bin}/pyobfus", "{in}", "-o", "{out}"],
    "opy": ["{bin}/opy", "{indir}", "{outdir}"],
    "intensio-obfuscator": ["{bin}/intensio_obfuscator", "-i", "{indir}", "-o", "{outdir}", "-mlen", "lower", "-ind", "4", "-rts", "-ps", "-rth"],
    "pyarmor, trial": ["{bin}/pyarmor", "gen", "-O", "{outdir}", "{in}"],
}


def install(folder):
    """Errors by name of the package."""
    failed = {}
    bin_ = os.path.dirname(sys.executable)
    env = dict(os.environ, PATH=bin_ + ":" + os.environ["PATH"])
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "package.json"), '{"name": "obfuscators", "version": "1.0.0", "private": true}\n')
    for name, version in NPM.items():
        if not os.path.exists(os.path.join(folder, "node_modules", name)):
            r = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", f"{name}@{version}"], cwd=folder, env=env, capture_output=True, text=True)
            if r.returncode:
                failed[name] = r.stderr.strip()[:200]
    venv = os.path.join(folder, "pv")
    if not os.path.exists(venv):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    for name, version in PIP.items():
        if glob.glob(f"{venv}/lib/*/site-packages/{name.replace('-', '_')}-{version}.dist-info"):
            continue
        r = subprocess.run([venv + "/bin/pip", "install", "-q", "--disable-pip-version-check", f"{name}=={version}"], capture_output=True, text=True)
        if r.returncode:
            failed[name] = r.stderr.strip()[:200]
    return failed


def make_node(code, folder, source, target):
    write(source + ".tool.cjs", "const fs = require('fs'); const text = fs.readFileSync(process.argv[2], 'utf8'); const put = s => fs.writeFileSync(process.argv[3], s);\n" + code)
    shutil.copy(source + ".tool.cjs", os.path.join(folder, "tool.cjs"))
    return [os.path.join(os.path.dirname(sys.executable), "node"), os.path.join(folder, "tool.cjs"), source, target]


def one_tool(name, language, folder, work, args):
    """[(program, "fails" | "differs" | calls found, of, layers)]"""
    runner, walk = Runner(language), Walker(args.walk)
    want = wanted(walk, runner, language, work)
    out = []
    for plain, (did, calls) in list(want.items())[:args.programs]:
        if name == "jsfuck":
            calls, did = {"os.hostname()"}, [["os.hostname", "[]"]]
            if plain != "shell":
                continue
        if name.startswith("jsfuck,") and plain != "post":
            continue
        sub = os.path.join(work, "in_" + plain)
        outdir = os.path.join(work, "out_" + plain)
        shutil.rmtree(outdir, ignore_errors=True)
        os.makedirs(sub, exist_ok=True)
        os.makedirs(outdir)
        source, target = os.path.join(sub, "prog" + EXTENSION[language]), os.path.join(outdir, "prog" + EXTENSION[language])
        shutil.copy(os.path.join(work, f"plain_{plain}{EXTENSION[language]}"), source)
        if language == "javascript":
            argv = make_node(NODE[name], folder, source, target)
        else:
            argv = [a.format(**{"bin": os.path.join(folder, "pv/bin"), "in": source, "out": target, "indir": sub, "outdir": outdir}) for a in PYTHON[name]]
        try:
            r = subprocess.run(argv, capture_output=True, text=True, timeout=120, cwd=sub, stdin=subprocess.DEVNULL)
        except (subprocess.TimeoutExpired, OSError) as e:
            out.append((plain, "fails", str(e)[-160:], 0))
            continue
        if not os.path.exists(target):
            found = [os.path.join(d, f) for d, _, fs in os.walk(outdir) for f in fs if f.endswith(EXTENSION[language])]
            if len(found) == 1:
                target = found[0]
        if not os.path.exists(target):
            said = (r.stderr or r.stdout).strip()
            out.append((plain, "fails", next((x for x in said.splitlines() if "Error" in x), said)[-160:], 0))
            continue
        again = runner(target)
        runs = again == did or (isinstance(again, list) and sorted(map(str, again)) == sorted(map(str, did)))
        got, report = walk([target]).get(target, (set(), []))
        layers = report[0].count('"recipe":') if report else 0
        if args.keep:
            os.makedirs(args.keep, exist_ok=True)
            shutil.copy(target, os.path.join(args.keep, name.replace(", ", "_").replace(" ", "-") + "_" + plain + EXTENSION[language]))
        complete = report and '"complete":true' in report[0]
        out.append((plain, "runs" if runs else "differs", (len(calls & got), len(calls), complete), layers))
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("--tidewaiter", required=True)
    ap.add_argument("--walk", required=True)
    ap.add_argument("--folder", default=os.path.join(HERE, "../../build/obfuscators"))
    ap.add_argument("--keep")
    ap.add_argument("--only", default="")
    ap.add_argument("--programs", type=int, default=99, help="of the pool, for each tool")
    ap.add_argument("--language")
    args = ap.parse_args()
    folder = os.path.abspath(args.folder)
    failed = install(folder)
    print("%-42s %-9s %9s %15s %7s %s" % ("tool, option", "programs", "recovered", "calls", "layers", "tool fails, program differs, silent loss"))
    total = collections.Counter()
    for language, tools in ("javascript", NODE), ("python", PYTHON):
        for name in tools:
            if args.only not in name or args.language not in (None, language):
                continue
            if name.split(",")[0].split(" (")[0] in failed:
                print("%-42s not installed: %s" % (name, failed[name.split(",")[0]]))
                continue
            with tempfile.TemporaryDirectory() as work:
                results = one_tool(name, language, folder, work, args)
            seen = [r for r in results if r[1] != "fails"]
            whole = sum(r[2][0] == r[2][1] for r in seen)
            silent = sum(r[2][0] < r[2][1] and bool(r[2][2]) for r in seen)
            calls = sum(r[2][0] for r in seen), sum(r[2][1] for r in seen)
            total["whole"] += whole
            total["seen"] += len(seen)
            why = next((r[2] for r in results if r[1] == "fails"), "")
            print("%-42s %9d %9d %7d of %4d %7d %d, %d, %d %s" % (name, len(seen), whole, *calls, sum(r[3] for r in seen), len(results) - len(seen), sum(r[1] == "differs" for r in seen), silent,
                                                                  why.replace("\n", " ")[-90:]), flush=True)
    print("could not be had or does not apply:")
    for name, why in NOT_HAD.items():
        print(f"  {name}: {why}")
    print(f"programs of all tools: {total['whole']} of {total['seen']} with every call, {share(total['whole'], total['seen']).strip()}")
    print(f"{total['seen']} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
