#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages of the named groups (tools/deps.txt) that are missing. Usage: bootstrap.sh GROUP...
set -eu
here=$(dirname "$0")
missing=""
for group in "$@"; do
    for package in $(awk -v g="$group" '$1 == g { print $2 }' "$here/deps.txt"); do
        state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
        [ "$state" = "install ok installed" ] || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "bootstrap: these Debian packages are missing; install them as root:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "bootstrap: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "bootstrap: apt-get failed; see above" >&2
    exit 1
fi
rm -f "$log"
