# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import sys

PATHS = subprocess.check_output([sys.executable, "-c", "import site; print(site.getsitepackages())"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
