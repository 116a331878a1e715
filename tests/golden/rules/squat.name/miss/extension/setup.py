from setuptools import setup

setup(name="requests-inert-cache", version="1.0")
