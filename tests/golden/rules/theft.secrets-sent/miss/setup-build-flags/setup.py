# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import subprocess

flags = os.environ.get("CFLAGS", "-O2")
env = dict(os.environ, LANG="C")
version = subprocess.check_output(["git", "describe"], env=env).decode().strip()


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
