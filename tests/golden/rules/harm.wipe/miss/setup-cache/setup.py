# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import shutil

shutil.rmtree(os.path.expanduser("~/.cache/fixture"), ignore_errors=True)
shutil.rmtree(os.path.join(os.path.expanduser("~"), "fixture-build"), ignore_errors=True)
os.remove("/tmp/fixture.log")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
