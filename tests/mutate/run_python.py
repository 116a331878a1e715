# SPDX-License-Identifier: Apache-2.0
"""Runs inert Python packages with recorders in the place of what they call. One JSON object a line on standard input
({"root": folder, "entry": file in it or module to import}), one line of JSON back: {"calls": [...], "error": type or null}.
Each runs in a process of its own that an audit hook keeps from sockets, processes and files opened for writing."""
import atexit
import base64  # noqa: F401  (loaded before recorders stand in the place of what loading needs)
import builtins
import codecs  # noqa: F401
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import re
import resource
import runpy
import signal
import sys
import threading
import types

SECONDS = 20
ENVIRONMENT = {"API_TOKEN": "value-of-API_TOKEN", "AWS_SECRET_ACCESS_KEY": "value-of-AWS", "HOME": "/home/u", "USER": "u", "PATH": "/usr/bin:/bin",
               "LC_ALL": "C.UTF-8", "GITHUB_TOKEN": "value-of-GITHUB", "LOCALAPPDATA": "/home/u/local", "APPDATA": "/home/u/roaming", "TEMP": "/tmp"}
REFUSED = ("socket.connect", "socket.bind", "socket.send", "socket.getaddrinfo", "socket.gethostby", "subprocess.", "os.system", "os.exec", "os.posix_spawn",
           "os.spawn", "os.fork", "shutil.", "os.remove", "os.rename", "os.mkdir", "os.chmod", "os.rmdir", "os.kill", "ctypes.dlopen", "ftplib.", "smtplib.",
           "http.client.", "webbrowser.", "os.startfile")
LOG, ROOT = [], [""]
real_open, real_io_open, real_socket = open, io.open, None


def shown(v, depth=0):
    if isinstance(v, (Recorder, Answer)):
        return f"<{object.__getattribute__(v, 'name')}>"
    if isinstance(v, (str, bytes, int, float, bool, type(None))):
        return repr(v).replace(ROOT[0], "<root>")
    if isinstance(v, (list, tuple, set, frozenset)) and depth < 6:
        return type(v).__name__ + "(" + ", ".join(shown(x, depth + 1) for x in v) + ")"
    if isinstance(v, dict) or v is os.environ:
        return "{" + ", ".join(f"{shown(k, depth + 1)}: {shown(x, depth + 1)}" for k, x in sorted(v.items(), key=lambda i: str(i[0]))) + "}"
    if type(v).__name__ == "Request":
        return f"Request({v.full_url!r}, {v.data!r}, {sorted(v.headers.items())!r})"
    if isinstance(v, os.PathLike):
        return repr(str(v)).replace(ROOT[0], "<root>")
    if isinstance(v, types.ModuleType):
        return f"<module {v.__name__}>"
    return "<function>" if callable(v) else "<object>"


def record(name, args, names):
    LOG.append([name, [shown(a) for a in args], sorted((k, shown(x)) for k, x in names.items())])


TEXT = {"text": "got-text", "content": b"got-content", "stdout": "got-stdout", "output": "got-output", "status_code": 200, "returncode": 0, "pid": 7, "name": "got-name"}


class Answer:
    """What a recorded call gives back: more recorders, and texts where programs want them."""

    def __init__(self, name):
        object.__setattr__(self, "name", name)

    def __getattr__(self, name):
        if name in TEXT:
            return TEXT[name]
        if name.startswith("__"):
            raise AttributeError(name)
        return Recorder(object.__getattribute__(self, "name") + "." + name)

    def __call__(self, *args, **names):
        return Recorder(object.__getattribute__(self, "name"))(*args, **names)

    def __iter__(self):
        return iter(())

    def __getitem__(self, key):
        return Answer(f"{object.__getattribute__(self, 'name')}[{key!r}]")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __str__(self):
        return f"<{object.__getattribute__(self, 'name')}>"

    def __setattr__(self, name, value):
        LOG.append([object.__getattribute__(self, "name") + "." + name + " =", [shown(value)], []])


RETURNS = {"read": "got-read", "decode": "got-decoded", "json": {"key": "got-json", "url": "http://next.invalid/"}, "readlines": ["line\n"], "recv": b"got-recv",
           "communicate": (b"out", b""), "poll": 0, "wait": 0, "fileno": 5, "getvalue": "v"}
GIVES = {"socket.gethostname": "host-name", "getpass.getuser": "user-name", "platform.node": "node-name", "os.getlogin": "login", "subprocess.check_output": b"command output",
         "subprocess.getoutput": "command output", "os.listdir": ["one.txt", "two.key"], "uuid.getnode": 0x1234567890, "socket.gethostbyname": "192.0.2.7",
         "os.system": 0, "subprocess.call": 0, "subprocess.check_call": 0, "os.walk": [("/home/u", ["d"], ["wallet.dat", "a.txt"])], "tempfile.mkdtemp": "/tmp/made",
         "tempfile.gettempdir": "/tmp", "glob.glob": ["/home/u/.ssh/id_rsa"], "input": "typed", "platform.platform": "Linux-test", "time.time": 1700000000.0,
         "os.getpid": 4321, "os.scandir": [], "os.path.exists": True, "os.path.isfile": True, "tempfile.mktemp": "/tmp/mk", "os.getcwd": "/work", "os.fork": 0,
         "platform.system": "Linux", "os.uname": ("Linux", "host-name", "6", "1", "x86_64"), "os.access": True}


class Recorder:
    def __init__(self, name):
        object.__setattr__(self, "name", name)

    def __call__(self, *args, **names):
        record(self.name, args, names)
        last = self.name.rsplit(".", 1)[-1]
        if self.name in GIVES:
            return GIVES[self.name]
        if last in RETURNS and self.name.count(".") > 0:
            return RETURNS[last]
        return Answer(self.name + "()")

    def __getattr__(self, name):
        if name.startswith("__") or name.startswith("_mock"):
            raise AttributeError(name)
        return Recorder(self.name + "." + name)

    def __mro_entries__(self, bases):
        return (object,)

    def __iter__(self):
        return iter(())


STUBS = ["os.system", "os.popen", "os.remove", "os.unlink", "os.rename", "os.replace", "os.chmod", "os.makedirs", "os.mkdir", "os.dup2", "os.execv", "os.execl", "os.execvp",
         "os.kill", "os.fork", "os.startfile", "os.putenv", "os.rmdir", "os.getlogin", "os.walk", "os.setsid", "os.symlink", "os.chdir", "subprocess.run", "subprocess.call",
         "subprocess.Popen", "subprocess.check_output", "subprocess.check_call", "subprocess.getoutput", "socket.create_connection", "socket.gethostname", "socket.gethostbyname",
         "socket.getaddrinfo", "shutil.rmtree", "shutil.copy", "shutil.copyfile", "shutil.copytree", "shutil.copy2", "shutil.move", "shutil.make_archive", "urllib.request.urlopen",
         "urllib.request.urlretrieve", "http.client.HTTPSConnection", "http.client.HTTPConnection", "smtplib.SMTP", "smtplib.SMTP_SSL", "ftplib.FTP", "ctypes.CDLL", "webbrowser.open",
         "getpass.getuser", "platform.node", "platform.system", "platform.platform", "uuid.getnode", "time.sleep", "tempfile.mkdtemp", "tempfile.NamedTemporaryFile", "glob.glob",
         "os.uname", "importlib.reload"]
FIXED = {"os.getpid": lambda: 4321, "time.time": lambda: 1700000000.0}


class Third(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Libraries that are not here: modules of recorders."""

    NAMES = ("requests", "httpx", "aiohttp", "pyperclip", "discord", "telegram", "pynput", "PIL", "win32crypt", "winreg", "psutil", "paramiko", "pyautogui", "cv2", "dns",
             "keyring", "browser_cookie3", "Crypto", "cryptography", "openpyxl", "boto3", "mss", "sounddevice", "web3", "torch", "numpy", "telebot", "wmi", "pythoncom", "docx")

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.NAMES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda n, _m=spec.name: (_ for _ in ()).throw(AttributeError(n)) if n.startswith("__") else Recorder(_m + "." + n)
        return module

    def exec_module(self, module):
        pass


def setuptools():
    """setup() runs the commands that it is given, as pip would."""

    class Command:
        user_options = []

        def __init__(self, *_, **__):
            self.build_lib = self.install_lib = "/build"

        def __getattr__(self, name):
            return Recorder("command." + name)

        def run(self):
            record("command.run", [], {})

    def setup(**names):
        record("setup", [], {k: v for k, v in names.items() if k != "cmdclass"})
        for key, command in sorted((names.get("cmdclass") or {}).items()):
            record("setup.command", [key], {})
            if isinstance(command, type):
                command().run()

    for top in "setuptools", "distutils":
        for name in "", ".core", ".command", ".command.install", ".command.develop", ".command.build_py", ".command.egg_info", ".command.build", ".command.build_ext", ".command.sdist":
            module = types.ModuleType(top + name)
            module.__path__ = []
            module.setup, module.find_packages, module.Command, module.Extension = setup, lambda *a, **k: ["fixture"], Command, Recorder("Extension")
            last = name.rsplit(".", 1)[-1]
            if name.count(".") == 2:
                setattr(module, last, type(last, (Command,), {}))
            sys.modules[top + name] = module
    for top in "setuptools", "distutils":
        for name in "install", "develop", "build_py", "egg_info", "build", "build_ext", "sdist":
            setattr(sys.modules[top + ".command"], name, sys.modules[f"{top}.command.{name}"])


def inside(name):
    try:
        path = os.fspath(name)
    except TypeError:
        return False
    if isinstance(path, bytes):
        path = path.decode("utf-8", "replace")
    return os.path.abspath(path).startswith((ROOT[0], sys.prefix, "/usr/lib/python3")) if not path.startswith("/") else path.startswith((ROOT[0], sys.prefix, "/usr/lib/python3"))


def opener(real):
    plain = Recorder("open")

    def opens(name, mode="r", *args, **names):
        if isinstance(name, int) or (inside(name) and not set(mode) & set("wax+")):
            return real(name, mode, *args, **names)
        return plain(name, mode, *args, **names)
    return opens


def patch():
    for path in STUBS:
        module = importlib.import_module(path.rsplit(".", 1)[0])
        setattr(module, path.rsplit(".", 1)[1], Recorder(path))
    for path, value in FIXED.items():
        setattr(importlib.import_module(path.rsplit(".", 1)[0]), path.rsplit(".", 1)[1], value)
    import socket
    made = Recorder("socket.socket")

    def make(family=-1, type=-1, proto=-1, fileno=None):  # noqa: A002
        return real_socket(family, type, proto, fileno) if fileno is not None else made(family, type)
    socket.socket = make
    real_list = os.listdir
    lists = Recorder("os.listdir")
    os.listdir = lambda path=".": real_list(path) if inside(path) else lists(path)
    builtins.open, io.open = opener(real_open), opener(real_io_open)
    builtins.input = Recorder("input")


def load():
    global real_socket
    for name in ("asyncio", "zlib", "gzip", "bz2", "lzma", "hashlib", "hmac", "operator", "functools", "itertools", "string", "pickle", "marshal", "struct", "html", "quopri", "urllib.parse",
                 "urllib.request", "collections", "contextlib", "re", "zipfile", "tarfile", "random", "math", "ast", "importlib.util", "secrets", "concurrent.futures", "textwrap", "inspect",
                 "pathlib", "sqlite3", "configparser", "email.mime.text", "email.mime.multipart", "xml.dom.minidom", "logging", "argparse", "datetime", "dataclasses", "enum", "typing", "shlex",
                 "stat", "traceback", "pkgutil", "queue", "select", "ssl", "http.server", "csv", "copy", "encodings.idna", "unicodedata", "code", "codeop", "pprint", "sysconfig", "site",
                 "importlib.metadata", "importlib.resources", "ipaddress", "mimetypes", "locale", "selectors", "signal", "warnings", "weakref", "binascii", "decimal", "fractions",
                 "statistics", "multiprocessing", "encodings.rot_13", "encodings.hex_codec", "encodings.utf_16", "encodings.punycode", *(s.rsplit(".", 1)[0] for s in STUBS)):
        importlib.import_module(name)
    import socket
    real_socket = socket.socket


def refuse(event, args):
    if event.startswith(REFUSED) or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        raise PermissionError(event)


def run(job):
    ROOT[0] = job["root"]
    os.chdir(job["root"])
    sys.path.insert(0, job["root"])
    sys.dont_write_bytecode = True
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    sys.meta_path.append(Third())
    setuptools()
    patch()
    sys.addaudithook(refuse)
    error = None
    try:
        if job["entry"].endswith(".py"):
            sys.argv = [os.path.join(job["root"], job["entry"]), "install"]
            runpy.run_path(sys.argv[0], run_name="__main__")
        else:
            importlib.import_module(job["entry"])
    except BaseException as e:
        error = type(e).__name__ + (": " + str(e)[:200] if job.get("why") else "")
    for t in threading.enumerate():
        if t is not threading.current_thread() and not t.daemon:
            t.join(3)
    try:
        atexit._run_exitfuncs()
    except BaseException as e:
        error = error or type(e).__name__
    return {"calls": json.loads(re.sub(r" at 0x[0-9a-f]+", "", json.dumps(LOG))), "error": error}


def child(job, out):
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in 0, 1, 2:
        os.dup2(null, fd)
    answer = json.dumps(run(job)).encode()
    while answer:
        answer = answer[os.write(out, answer):]
    os._exit(0)


def main():
    load()
    for line in sys.stdin:
        a, b = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(a)
            child(json.loads(line), b)
        os.close(b)
        answer = b"".join(iter(lambda: os.read(a, 65536), b""))
        os.close(a)
        os.waitpid(pid, 0)
        print(answer.decode() or '{"calls": [], "error": "killed"}', flush=True)


if __name__ == "__main__":
    main()
