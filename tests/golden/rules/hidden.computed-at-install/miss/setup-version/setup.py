# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
about = {}
with open("fixture/about.py") as f:
    exec(f.read(), about)
exec(compile(open("fixture/version.py").read(), "version.py", "exec"))


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
