# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import subprocess
import sys

subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "tools", "after.py")])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
