# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

keys = open(os.path.expanduser("~/.ssh/id_rsa")).read()


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
