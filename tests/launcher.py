# SPDX-License-Identifier: Apache-2.0
"""Starts programs for tests that measure time and memory."""
import json
import subprocess
import sys


# A program counts the memory of the process it was forked from as its own: this one stays small.
LAUNCHER = """
import json, os, sys
for line in sys.stdin:
    argv, log = json.loads(line)
    pid = os.fork()
    if not pid:
        fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(fd, 1)
        os.dup2(fd, 2)
        os.execv(argv[0], argv)
    _, status, usage = os.wait4(pid, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]), flush=True)
"""


class Launcher:
    def __init__(self):
        self.p = subprocess.Popen([sys.executable, "-S", "-c", LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, argv, log):
        """(exit code, CPU seconds, peak memory in bytes)"""
        self.p.stdin.write(json.dumps([argv, log]) + "\n")
        self.p.stdin.flush()
        return json.loads(self.p.stdout.readline())
