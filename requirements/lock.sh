#!/usr/bin/env bash
# Writes requirements/base.txt (to run the tracker) and requirements/dev.txt (to test it as well): every package with
# its version and hashes, for all platforms and for Python 3.11 and later. The index that answered is not recorded, so
# that the same files install from a mirror. Words given to this script go to uv, as in `lock.sh --upgrade`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() {
    local target=$1
    shift
    .venv/bin/uv pip compile pyproject.toml requirements/build.in --extra gazetteer "$@" --output-file "$target" --quiet \
        --universal --python-version 3.11 --generate-hashes --no-config --no-emit-index-url \
        --no-python-downloads --custom-compile-command 'make lock'
}

compile requirements/base.txt "$@"
# The development lock may only add packages: it takes the versions of the first one as given.
compile requirements/dev.txt --group dev --extra pdf --constraint requirements/base.txt "$@"
