from setuptools import setup

setup(name="c0l0rama", version="0.4")
