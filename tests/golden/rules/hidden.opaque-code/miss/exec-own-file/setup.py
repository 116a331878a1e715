# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
ns = {}
exec(compile(open("fixture/about.py").read(), "about.py", "exec"), ns)


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
