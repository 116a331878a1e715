#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_ast.py over the .py files of the benign corpus (each content once), written to a private folder for the run."""
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../javascript"))
import compare_ast  # noqa: E402
import sources  # noqa: E402


def main():
    with tempfile.TemporaryDirectory(prefix="tw-py-") as folder:
        for path, shown in sources.of_corpus(folder, lambda name: True, lambda name: name.endswith(".py")):
            if "--list" in sys.argv:
                print(f"{path} is {shown}")
        sys.argv.append(folder)
        return compare_ast.main()


if __name__ == "__main__":
    sys.exit(main())
