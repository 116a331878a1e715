from setuptools import setup

setup(name="inert-repo", version="1.0")
