from setuptools import setup
import os

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "fixture_version.py"), "w") as f:
    f.write("x = 1")
setup(name="fixture", version="1", py_modules=["fixture_version"])
