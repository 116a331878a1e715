# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import shutil

shutil.copy("fixture.1", "build/fixture.1")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
