# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
about = {}
with open("fixture/version.py") as f:
    exec(f.read(), about)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
