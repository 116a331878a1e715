from setuptools import setup

setup(name="inert-wheel", version="1.0")
