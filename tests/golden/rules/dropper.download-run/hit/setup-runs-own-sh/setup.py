# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.check_call(["sh", "tools/get.sh"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
