# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import sys

subprocess.Popen(["python3", "-c", "print('inert')"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
