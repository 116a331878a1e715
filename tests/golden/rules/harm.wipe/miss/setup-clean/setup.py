# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import shutil

shutil.rmtree("build", ignore_errors=True)
os.system("rm -rf dist *.egg-info")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
