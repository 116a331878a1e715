# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import urllib.request

urllib.request.urlretrieve("https://files.example/data-1.0.tar.gz", "data.tar.gz")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
