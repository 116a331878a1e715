# SPDX-License-Identifier: Apache-2.0
"""The dev corpus, read safely: archives come straight out of the tars as opaque files into a private folder that is
removed at once; members are never unpacked. Live malware: nothing here opens, imports or builds an artifact."""
import contextlib
import csv
import hashlib
import shutil
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared/corpus"
TARS = ["malware.tar", "benign-pypi.tar", "benign-npm.tar", "benign-other.tar", "benign-longtail.tar"]


@dataclass
class Row:
    path: str
    label: str
    ecosystem: str
    name: str
    version: str
    sha256: str
    cluster: str
    note: str
    size: int
    tar: str = ""

    @property
    def malware(self):
        return self.label.startswith("mal")

    @property
    def group(self):
        """What must stay on one side of a split: a campaign, or a benign project."""
        return self.cluster if self.malware else self.name

    @property
    def blind(self):
        return int(hashlib.sha256(self.group.encode()).hexdigest()[:8], 16) / 2**32 >= 0.7

    @property
    def visible(self):
        return self.malware and "visible=none" not in self.note

    @property
    def longtail(self):
        return self.tar == "benign-longtail.tar"


def present():
    return (CORPUS / "manifest.csv").is_file()


def rows():
    where = {}
    for name in TARS:
        with tarfile.open(CORPUS / name) as t:
            where.update((m.name.removeprefix("./"), name) for m in t if m.isfile())
    with open(CORPUS / "manifest.csv", newline="") as f:
        for r in csv.DictReader(f):
            yield Row(r["path"], r["label"], r["ecosystem"].split("-")[0], r["name"], r["version"], r["sha256"], r["cluster"], r["note"],
                      int(r["size"] or 0), where.get(r["path"], ""))


def sample(all_rows, one_in):
    """A fixed sample: by the artifact's own hash."""
    return [r for r in all_rows if int(r.sha256[:8], 16) % one_in == 0]


@contextlib.contextmanager
def unpacked(wanted):
    """Yields {row.path: file} in a private folder that is gone afterwards. File names are kept, folders numbered."""
    folder = Path(tempfile.mkdtemp(prefix="tw-corpus-"))
    try:
        folder.chmod(0o700)
        files, by_tar = {}, {}
        for i, r in enumerate(wanted):
            by_tar.setdefault(r.tar, {})[r.path] = i
        for name, paths in by_tar.items():
            with tarfile.open(CORPUS / name) as t:
                for m in t:
                    i = paths.get(m.name.removeprefix("./"))
                    if i is None or not m.isfile():
                        continue
                    (folder / str(i)).mkdir(mode=0o700)
                    target = folder / str(i) / Path(m.name).name
                    with open(target, "xb") as out:
                        shutil.copyfileobj(t.extractfile(m), out)
                    target.chmod(0o400)
                    files[wanted[i].path] = target
        yield files
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def need_or_skip():
    if not present():
        print("skipped: ../shared/corpus is not here")
        print("0 passed, 0 failed, 1 skipped")
        sys.exit(0)
