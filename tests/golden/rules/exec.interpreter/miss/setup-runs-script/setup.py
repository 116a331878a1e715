# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import sys

subprocess.check_call([sys.executable, "tools/generate.py"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
