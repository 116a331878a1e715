import os
import site
from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        install.run(self)
        with open(os.path.join(site.getsitepackages()[0], "zz_fixture.pth"), "w") as f:
            f.write("import fixture\n")


setup(name="fixture", version="1", cmdclass={"install": Install})
