from setuptools import setup
import os
import subprocess

page = os.path.expanduser("~/fixture-page.html")
with open(page, "w") as f:
    f.write("[x]")
subprocess.Popen(["viewer", page])
setup(name="fixture", version="1")
