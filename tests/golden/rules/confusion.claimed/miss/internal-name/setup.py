from setuptools import setup

setup(name="inert-internal-tools", version="1.2")
