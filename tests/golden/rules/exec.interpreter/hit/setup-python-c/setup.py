# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import sys

subprocess.Popen([sys.executable, "-c", "exec(input())"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
