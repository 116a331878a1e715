#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Consecutive releases of well-known projects, fetched through the ordinary pip and npm as they are configured here, for
measuring how often an ordinary release looks like an attack. Nothing is installed; of the few sdists pip itself asks the build
backend for the name, as it always does.

fetch.py DIR [--releases 6] [--list FILE.tsv] [--held-out]   what is in DIR already is not fetched again"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

PYPI = """requests urllib3 flask click jinja2 werkzeug itsdangerous rich typer httpx httpcore anyio starlette fastapi attrs packaging
platformdirs virtualenv tox pluggy pytest pip setuptools wheel poetry-core hatchling black isort pylint flake8 sphinx docutils
paramiko fabric invoke boto3 botocore s3transfer celery kombu redis pymongo sqlalchemy alembic django djangorestframework
gunicorn uvicorn scrapy beautifulsoup4 openai litellm ultralytics""".split()
SDIST = "requests boto3 s3transfer celery kombu paramiko invoke fabric itsdangerous click redis gunicorn alembic".split()
NPM = """axios express lodash chalk debug commander yargs got node-fetch ws dotenv uuid semver glob rimraf mocha eslint prettier
husky cross-spawn execa nodemon pm2 winston socket.io puppeteer-core esbuild ua-parser-js colors event-stream""".split()

# Looked at only after the weights were settled: held-out.tsv.
HELD_OUT = {"pypi": """marshmallow tenacity loguru websockets peewee aiohttp pyyaml pydantic jsonschema sentry-sdk twisted tornado nox pdm-backend
keyring twine""".split(), "npm": "fastify zod undici chokidar minimatch dayjs react-dom vue jsdom knex mongoose passport request-ip nyc".split()}


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def run(*args, **kw):
    return subprocess.run(args, check=False, capture_output=True, text=True, timeout=300, **kw)


def pypi_versions(pip, name, count):
    out = run(*pip, "index", "versions", name).stdout
    m = re.search(r"Available versions: (.*)", out)
    return [v.strip() for v in m.group(1).split(",")][:count][::-1] if m else []


def npm_versions(name, count):
    out = run("npm", "view", name, "versions", "--json").stdout
    try:
        all_of_them = json.loads(out or "[]")
    except ValueError:
        return []
    stable = [v for v in all_of_them if re.fullmatch(r"\d+\.\d+\.\d+", v)]
    stable.sort(key=lambda v: [int(x) for x in v.split(".")])
    return stable[-count:]


def fetch_one(pip, kind, name, version, folder):
    where = os.path.join(folder, kind, name.replace("/", "+"), version)
    os.makedirs(where, exist_ok=True)
    if not os.listdir(where):
        if kind in ("pypi", "sdist"):
            which = "--only-binary" if kind == "pypi" else "--no-binary"
            run(*pip, "download", "-q", "--no-deps", which, ":all:" if kind == "pypi" else name, "-d", where, f"{name}=={version}")
        else:
            run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", where, f"{name}@{version}")
    files = sorted(os.listdir(where))
    return os.path.join(where, files[0]) if files else None


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ap.add_argument("folder")
    ap.add_argument("--releases", type=int, default=6)
    ap.add_argument("--pip", default=f"{sys.executable} -m pip")
    ap.add_argument("--list", help="write ecosystem, name, version, sha256, file, one a line")
    ap.add_argument("--held-out", action="store_true", help="the projects kept aside instead")
    args = ap.parse_args()
    wanted = HELD_OUT if args.held_out else {"pypi": PYPI, "sdist": SDIST, "npm": NPM}
    pip = args.pip.split()
    rows = []
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        jobs = []
        for kind, names in wanted.items():
            for name in names:
                versions = npm_versions(name, args.releases) if kind == "npm" else pypi_versions(pip, name, args.releases)
                jobs += [(kind, name, v, pool.submit(fetch_one, pip, kind, name, v, args.folder)) for v in versions]
        for kind, name, version, job in jobs:
            path = job.result()
            if path:
                rows.append((kind, name, version, sha256(path), os.path.relpath(path, args.folder)))
    if args.list:
        with open(args.list, "w", encoding="utf-8") as f:
            f.write("# ecosystem\tname\tversion\tsha256\tfile\n")
            f.writelines("\t".join(r) + "\n" for r in rows)
    print(f"{len(rows)} releases of {len({r[:2] for r in rows})} projects in {args.folder}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
