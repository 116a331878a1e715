# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.call("cmd /c tools\\start.bat", shell=True)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
