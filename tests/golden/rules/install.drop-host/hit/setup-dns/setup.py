# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import socket

socket.gethostbyname("fixture.example.invalid")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
