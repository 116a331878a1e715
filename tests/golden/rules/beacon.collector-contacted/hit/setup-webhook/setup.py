# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import requests

requests.post("https://chat.invalid/api/webhooks/1/abc", json={"content": "installed"})


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
