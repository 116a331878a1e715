#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Python's own readers over the same list: every member read and hashed. One JSON line like the C programs."""
import hashlib
import json
import resource
import sys
import tarfile
import zipfile


def members(path):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            for i in z.infolist():
                if not i.is_dir():
                    yield z.read(i)
    else:
        with tarfile.open(path) as t:
            for m in t:
                if m.isfile():
                    yield t.extractfile(m).read()


def main():
    n = unpacked = files = packed = 0
    for line in open(sys.argv[1]):
        path = line.strip()
        files += 1
        packed += __import__("os").path.getsize(path)
        try:
            for data in members(path):
                hashlib.sha256(data).digest()
                n, unpacked = n + 1, unpacked + len(data)
        except Exception:
            pass
    u = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"stage": "python readers", "files": files, "members": n, "packed": packed, "unpacked": unpacked,
                      "cpu": u.ru_utime + u.ru_stime, "peak_kb": u.ru_maxrss}))


main()
