# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.check_call(["make", "-C", "vendor"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
