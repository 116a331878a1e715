import os
import sys

from setuptools import setup

if sys.argv[-1] == "publish":
    os.system("twine upload dist/*")
    sys.exit()

setup(name="fixture", version="1", packages=["fixture"])
