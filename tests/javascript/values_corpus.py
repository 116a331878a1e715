# SPDX-License-Identifier: Apache-2.0
"""Constant expressions of the benign npm packages of the corpus, without the blind part: read in memory, only their
source files are written, to a private folder for the run."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

import sources

HERE = Path(__file__).resolve().parent
MAX_SOURCE, A_TIME, BATCH = 2 << 20, 200, 2000


def files(folder, count, skip):
    n = seen = 0
    for row, data in sources.artifacts():
        if row.blind or row.tar != "benign-npm.tar":
            continue
        for name, content in sources.members(data, row.path):
            if os.path.splitext(name)[1] not in (".js", ".cjs", ".mjs") or len(content) > MAX_SOURCE:
                continue
            seen += 1
            if seen <= skip:
                continue
            if n >= count:
                return
            path = Path(folder) / f"{n}.js"
            path.write_bytes(content)
            n += 1
            yield str(path)


def batches(count, skip, node):
    """Lists of statements, p(0, expression); of one batch each."""
    done, rows = set(), []
    with tempfile.TemporaryDirectory() as folder:
        paths = list(files(folder, count, skip))
        for at in range(0, len(paths), A_TIME):
            out = subprocess.run([node, str(HERE / "values_corpus.mjs")], input="\n".join(paths[at:at + A_TIME]).encode(), check=True,
                                 capture_output=True, timeout=600).stdout
            for text in json.loads(out):
                if text not in done:
                    done.add(text)
                    rows.append(text)
    for at in range(0, len(rows), BATCH):
        yield rows[at:at + BATCH]
