# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.call(["powershell", "-File", "build.ps1"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
