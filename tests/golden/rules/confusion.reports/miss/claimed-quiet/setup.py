from setuptools import setup

setup(name="inert-corp-billing", version="99.9.9")
