# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import platform
import sys

requires = ["pywin32"] if platform.system() == "Windows" else []
libraries = ["m"] if sys.platform != "win32" else []


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
