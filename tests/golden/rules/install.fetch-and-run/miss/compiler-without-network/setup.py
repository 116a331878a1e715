from setuptools import setup
import os

os.system("make -C native")
setup(name="fixture", version="1")
