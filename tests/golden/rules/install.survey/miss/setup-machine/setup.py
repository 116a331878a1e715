# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

MACHINE = subprocess.check_output(["uname", "-m"])
ROOT = subprocess.getoutput("id -u") == "0"


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
