# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import socket

ADDRESS = socket.gethostbyname(socket.gethostname())


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
