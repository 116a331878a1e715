#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Real pip and setuptools build an inert package of ours as wheel and sdist, real npm packs another; the program must know
who they are and when their code runs. RECORD lies are then told, one at a time."""
import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SETUP = """from setuptools import setup
setup(name="Tide.Marks", version="1.2.0", packages=["tidemarks"], package_dir={"": "src"}, data_files=[],
      entry_points={"console_scripts": ["tidemarks=tidemarks.cli:main"], "pytest11": ["tm=tidemarks.plugin"]})
"""
FILES = {
    "setup.py": SETUP,
    "src/tidemarks/__init__.py": "from . import cli\n",
    "src/tidemarks/cli.py": "def main():\n    print('low')\n",
    "src/tidemarks/plugin.py": "import os\n",
    "src/tidemarks/unused.py": "def never():\n    return 1\n",
}
NPM = {
    "package.json": json.dumps({"name": "@tide/marks", "version": "0.3.1", "main": "lib/index.js", "bin": {"tm": "bin/tm.js"},
                                "scripts": {"postinstall": "node lib/setup.js"}}),
    "lib/index.js": "module.exports = 1;\n", "lib/setup.js": "console.log('hi');\n", "bin/tm.js": "#!/usr/bin/env node\n",
}

passed = failed = skipped = 0


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what)


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def scan(program, *paths):
    r = subprocess.run([program, "scan", "--format", "jsonl", "--no-cache", "--fail-on", "never", *map(str, paths)],
                       capture_output=True, text=True, timeout=300)
    return [json.loads(line) for line in r.stdout.splitlines()]


def ids(report):
    return {f["id"] for f in report["findings"] if "id" in f}


def tampered(wheel, out, edit):
    """A copy of the wheel with its {name: bytes} changed by edit; framing stays clean."""
    with zipfile.ZipFile(wheel) as z:
        files = {i.filename: z.read(i) for i in z.infolist()}
    edit(files)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out


def record_cases(program, wheel, folder):
    with zipfile.ZipFile(wheel) as z:
        record = next(n for n in z.namelist() if n.endswith("/RECORD"))

    def rehash(files):
        digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
        files["tidemarks/extra.py"] = b"x = 1\n"
        files[record] = files[record] + f"tidemarks/extra.py,sha256={digest},6\r\n".encode()

    cases = {
        "wheel.record-hash": lambda f: f.update({"tidemarks/cli.py": f["tidemarks/cli.py"] + b"# more\n"}),
        "wheel.record-unlisted": lambda f: f.update({"tidemarks/extra.py": b"x = 1\n"}),
        "wheel.record-absent-file": lambda f: f.pop("tidemarks/unused.py"),
        "wheel.record-missing": lambda f: f.pop(record),
        "wheel.record-malformed": lambda f: f.update({record: f[record] + b'"tidemarks/x.py,sha256=zz\n'}),
        None: rehash,
    }
    target = folder / wheel.name
    for want, edit in cases.items():
        tampered(wheel, target, edit)
        got = {i for i in ids(scan(program, target)[0]) if i.startswith("wheel.")}
        check(got == ({want} if want else set()), f"RECORD case {want}: {got}")


def carried_cases(program, wheel, folder):
    """A wheel with a .pth and a notebook: both are read, the .pth at import, and neither is a finding."""
    cells = [{"cell_type": "code", "source": ["import tidemarks\n", "%matplotlib inline\n"], "metadata": {}, "outputs": [], "execution_count": None}]
    files = {
        "tidemarks.pth": b"../elsewhere\nimport tidemarks.cli; tidemarks.cli.main()\n",
        "tidemarks/notes.ipynb": json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}).encode(),
    }

    def add(all_files):
        record = next(n for n in all_files if n.endswith("/RECORD"))
        for name, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            all_files[name] = data
            all_files[record] += f"{name},sha256={digest},{len(data)}\r\n".encode()

    target = folder / "carried" / wheel.name
    target.parent.mkdir()
    x = scan(program, tampered(wheel, target, add))[0]
    check(x["verdict"] == "clear" and x["complete"], f"carried: {x['verdict']} complete={x['complete']} {x['coverage']['gaps']}")
    got = sorted((layer["parent"]["member"], layer["language"], layer["executed"]) for layer in x["layers"])
    check(got == [("tidemarks.pth", "python", True), ("tidemarks/notes.ipynb", "python", True)], f"carried layers: {got}")
    check(x["triggers"]["command"] >= 1 and x["triggers"]["import"] >= 5, f"carried triggers: {x['triggers']}")


def python_artifacts(program, folder):
    tree = folder / "tree"
    write(tree, FILES)
    python = str(Path(os.environ.get("TW_VENV", "build/venv")).resolve() / "bin/python")
    if not Path(python).exists():
        python = sys.executable
    out = folder / "dist"
    r = subprocess.run([python, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(out), str(tree)], capture_output=True, text=True, timeout=300)
    check(r.returncode == 0, "pip wheel: " + r.stderr[-300:])
    r = subprocess.run([python, "setup.py", "-q", "sdist", "-d", str(out)], cwd=tree, capture_output=True, text=True, timeout=300)
    check(r.returncode == 0, "sdist: " + r.stderr[-300:])
    wheel, sdist = next(out.glob("*.whl")), next(out.glob("*.tar.gz"))
    w, s = scan(program, wheel, sdist)
    for name, x in ("wheel", w), ("sdist", s):
        check(x["purl"] == "pkg:pypi/tide-marks@1.2.0", f"{name}: purl {x['purl']}")
        check(x["verdict"] == "clear" and x["complete"], f"{name}: {x['verdict']} complete={x['complete']}")
        check(not [i for i in ids(x) if i.startswith(("wheel.", "zip.", "tar."))], f"{name}: findings {ids(x)}")
        check(x["sha256"] == hashlib.sha256((wheel if name == "wheel" else sdist).read_bytes()).hexdigest(), f"{name}: sha256")
    check(s["triggers"]["install"] >= 1 and w["triggers"]["install"] == 0, f"install trigger {s['triggers']} {w['triggers']}")
    check(w["triggers"]["import"] >= 4 and w["triggers"]["command"] >= 1, f"wheel triggers {w['triggers']}")
    record_cases(program, wheel, folder)
    carried_cases(program, wheel, folder)
    site = folder / "site"
    r = subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)], capture_output=True, text=True, timeout=300)
    check(r.returncode == 0, "pip install --target: " + r.stderr[-300:])
    site_packages = folder / "venv/lib/python3.11/site-packages"
    site_packages.parent.mkdir(parents=True)
    shutil.move(site, site_packages)
    shutil.rmtree(site_packages / "bin")  # pip puts scripts there that no real site-packages has
    got = scan(program, site_packages)
    check([x["purl"] for x in got] == ["pkg:pypi/tide-marks@1.2.0"], f"site-packages: each distribution itself: {[x['purl'] for x in got]}")
    (site_packages / "stray.py").write_text("x = 1\n")
    got = scan(program, site_packages)
    check(len(got) == 2 and not got[1]["purl"], "files that no distribution claims are an artifact of their own")


def tarball(folder, name, files):
    write(folder / name / "package", files)
    out = folder / f"{name}.tgz"
    subprocess.run(["tar", "-czf", str(out), "-C", str(folder / name), "package"], check=True)
    return out


def read_or_gap(report, member, runs):
    """The shell text of a member: read as a layer, or a gap that says when it runs."""
    layers = [x for x in report["layers"] if x["parent"]["member"] == member and x["language"] == "shell"]
    gaps = [g for g in report["coverage"]["gaps"] if g["member"] == member and g["reason"] == "no-front-end" and g["runs"] == runs]
    return bool(layers) != bool(gaps)


def npm_scripts(program, folder):
    manifest = {"name": "x", "version": "1.0.0", "scripts": {"test": "echo test", "postinstall": "npm run build", "build": "echo $HOME > x"}}
    x = scan(program, tarball(folder, "scripts", {"package.json": json.dumps(manifest)}))[0]
    check(x["triggers"]["install"] >= 2, f"npm: postinstall and the script it runs: {x['triggers']}")
    check(read_or_gap(x, "package/package.json", "install"), f"npm: script text {x['coverage']['gaps']} {x['layers']}")
    gyp = "# comment\n{'targets': [{'target_name': 'x', 'include_dirs': ['<!(node -p 1)'],}],}\n"
    x = scan(program, tarball(folder, "gyp", {"package.json": json.dumps({"name": "x", "version": "1.0.0"}), "binding.gyp": gyp}))[0]
    check(x["triggers"]["install"] >= 1, f"npm: binding.gyp is built at install: {x['triggers']}")
    check(read_or_gap(x, "package/binding.gyp", "install"), f"npm: binding.gyp {x['coverage']['gaps']} {x['layers']}")
    x = scan(program, tarball(folder, "broken", {"package.json": '{"name": "x", "scripts": {', "index.js": ""}))[0]
    check(x["verdict"] == "unreviewable" and "metadata.malformed" in ids(x), f"npm: package.json that cannot be read: {x['verdict']} {ids(x)}")


def npm_artifacts(program, folder):
    global skipped
    tree = folder / "npm"
    write(tree, NPM)
    npm = shutil.which("npm")
    if not npm:
        print("skipped: no npm on this machine: packing with tar instead")
        skipped += 1
        package = folder / "npmtree/package"
        shutil.copytree(tree, package)
        subprocess.run(["tar", "-czf", str(folder / "tide-marks-0.3.1.tgz"), "-C", str(package.parent), "package"], check=True)
    else:
        r = subprocess.run([npm, "pack", "--silent", "--offline", "--pack-destination", str(folder)], cwd=tree, capture_output=True, text=True, timeout=120)
        check(r.returncode == 0, "npm pack: " + r.stderr[-300:])
    x = scan(program, next(folder.glob("*.tgz")))[0]
    check(x["purl"] == "pkg:npm/%40tide/marks@0.3.1", f"npm purl {x['purl']}")
    check(x["subject"]["format"] == "tar.gz", f"npm format {x['subject']}")
    check(x["complete"], f"all of the package was read: {x['coverage']['gaps']}")
    modules = folder / "node_modules"
    for where in "@tide/marks", "plain", "plain/node_modules/inner":
        write(modules / where, NPM | {"package.json": json.dumps({"name": where.split("node_modules/")[-1], "version": "1.0.0", "main": "lib/index.js"})})
    got = [y["purl"] for y in scan(program, modules)]
    check(sorted(got) == ["pkg:npm/%40tide/marks@1.0.0", "pkg:npm/inner@1.0.0", "pkg:npm/plain@1.0.0"], f"node_modules: {got}")


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", default="build/tidewaiter")
    args = ap.parse_args()
    program = str(Path(args.tidewaiter).resolve())
    with tempfile.TemporaryDirectory() as tmp:
        python_artifacts(program, Path(tmp))
        npm_artifacts(program, Path(tmp))
        npm_scripts(program, Path(tmp))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
