# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

data = [os.path.join("data", n) for n in os.listdir("data")]


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
