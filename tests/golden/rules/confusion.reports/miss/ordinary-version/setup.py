from setuptools import setup
import urllib.request

urllib.request.urlopen("http://count.inert.invalid/hit").read()
setup(name="inert-corp-billing", version="1.9.9")
