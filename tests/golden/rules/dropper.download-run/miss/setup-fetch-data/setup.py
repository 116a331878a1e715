# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import urllib.request

urllib.request.urlretrieve("https://files.example/words.txt", "fixture/words.txt")
subprocess.check_call(["msgfmt", "po/de.po", "-o", "fixture/de.mo"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
