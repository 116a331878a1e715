# SPDX-License-Identifier: Apache-2.0
"""Runs hidden Python programs with recorders in the place of what they call: one path a line on standard input, one line of
JSON back, [[name, arguments], ...] or {"error": ...}. Each program runs in a process of its own, in an empty folder, without
rights: an audit hook refuses sockets, processes and every file opened for writing."""
import builtins
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
import types

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pool  # noqa: E402

SECONDS = 20
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "shutil.", "os.remove", "os.rename", "os.mkdir", "os.chmod",
           "os.rmdir", "os.kill", "ctypes.dlopen", "ftplib.", "smtplib.", "urllib.", "http.", "webbrowser.", "os.startfile")
real_open = open


class Recorder:
    def __init__(self, name, log):
        object.__setattr__(self, "_r", (name, log))

    def __call__(self, *args, **names):
        name, log = self._r
        if "PYCRYPTODOME_DISABLE_DEEPBIND" in args:  # a library's own question
            return None
        log.append([name, repr(args), sorted((k, repr(v)) for k, v in names.items())])
        return Recorder(name + "()", log)

    def __getattr__(self, name):
        return Recorder(self._r[0] + "." + name, self._r[1])

    def __repr__(self):
        return f"<{self._r[0]}>"

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def patch(log):
    for path in pool.names("python"):
        if path[-1] == "environ":
            continue
        module = importlib.import_module(".".join(path[:-1]) or "builtins")
        recorder = Recorder(".".join(path), log)
        if path == ("open",):
            def recorder(name, *args, _plain=recorder, **names):
                if str(name).startswith(os.getcwd()) or (not str(name).startswith("/") and os.path.exists(str(name))):
                    return real_open(name, *args, **names)
                return _plain(name, *args, **names)
        setattr(module, path[-1], recorder)


def load():
    """Everything that a program may import, before recorders stand in the place of what importing needs."""
    requests = types.ModuleType("requests")
    requests.get = requests.post = requests.request = requests.put = None
    sys.modules["requests"] = requests
    for name in ("Crypto.Cipher.AES", "Crypto.Cipher.ChaCha20", "Crypto.Cipher.ARC4", "Crypto.Util.Padding", "Crypto.Util.strxor", "Crypto.Protocol.KDF", "cryptography.fernet",
                 "cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.kdf.pbkdf2", "cryptography.hazmat.primitives.padding", "brotli", "base58",
                 "gzip", "bz2", "lzma", "zlib", "hashlib", "hmac", "operator", "types", "functools", "itertools", "string", "pickle", "marshal", "struct", "json", "html", "quopri",
                 "urllib.parse", "collections", "contextlib", "threading", "io", "re", "zipfile", "tarfile", "uuid", "array", "random", "math", "ast", "importlib.util", "secrets",
                 "concurrent.futures", "atexit", "textwrap", "inspect", "codeop", "code", "runpy", "bisect", "heapq", "copy", "enum", "dataclasses", "ctypes", "pkgutil",
                 "importlib.resources", "tempfile", "pathlib"):
        importlib.import_module(name)
    for path in pool.names("python"):
        if len(path) > 1:
            importlib.import_module(".".join(path[:-1]))


def refuse(event, args):
    if event.startswith(REFUSED) or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        raise PermissionError(event)


def child(path, out):
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in 0, 1, 2:
        os.dup2(null, fd)
    log = []
    with real_open(path, "rb") as f:
        text = f.read()
    os.chdir(os.path.dirname(path))
    os.environ.clear()
    os.environ.update(pool.ENVIRONMENT)
    patch(log)
    main = types.ModuleType("__main__")
    main.__file__, main.__builtins__ = path, builtins
    sys.modules["__main__"] = main
    sys.path[0] = os.path.dirname(path)
    sys.argv = [path]
    sys.addaudithook(refuse)
    try:
        exec(compile(text, path, "exec"), main.__dict__)  # a program of the generator's own making
        answer = log
    except BaseException as e:
        answer = {"error": f"{type(e).__name__}: {e}"[:300], "where": traceback.format_exc()[-600:]}
    os.write(out, json.dumps(answer).encode())
    os._exit(0)


def main():
    load()
    for line in sys.stdin:
        a, b = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(a)
            child(line.rstrip("\n"), b)
        os.close(b)
        answer = b"".join(iter(lambda: os.read(a, 65536), b""))
        os.close(a)
        os.waitpid(pid, 0)
        print(answer.decode() or '{"error": "killed"}', flush=True)


if __name__ == "__main__":
    main()
