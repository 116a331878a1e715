from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
