# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

here = os.path.dirname(os.path.abspath(__file__))
long_description = open(os.path.join(here, "README.md")).read()


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
