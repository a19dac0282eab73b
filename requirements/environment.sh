#!/usr/bin/env bash
# Makes the virtual environment .venv and installs one of the locked sets of packages into it:
#   environment.sh base   what running the tracker needs
#   environment.sh dev    what testing it needs as well
# A second call finds its own stamp and does nothing. Only Python 3.11 or later and a package index are needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly set_name=$1
readonly venv=.venv
readonly lock=requirements/$set_name.txt
readonly stamp=$venv/installed-$set_name

# A setting meant for other projects must not send our packages elsewhere.
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX

fits() {
    # Some version managers put commands on the path that only print an advice, so each one is really run.
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    if [[ -n ${PYTHON:-} ]] && ! fits "$PYTHON"; then
        echo "PYTHON=$PYTHON is not Python 3.11 or later." >&2
        return 1
    fi
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if fits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "Python 3.11 or later is needed and was not found: install it, or name it as in 'make run PYTHON=/path/to/python3'." >&2
    return 1
}

# The stamp holds everything that decides what is installed and where; scripts in .venv name the folder they were made in.
fingerprint() {
    pwd
    cksum pyproject.toml "$lock"
}

venv_works() {
    fits "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

if [[ -f $stamp ]] && fits "$venv/bin/python" && [[ $(<"$stamp") == "$(fingerprint)" ]]; then
    exit 0
fi

if ! venv_works; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        requirements/system.sh python-venv "$python"
    fi
    echo "Making the virtual environment $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

echo "Installing the packages of $lock"
rm -f "$stamp"
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement "$lock"
# The package itself is linked, not copied. Its build backend is in the lock, so that nothing more is fetched.
"$venv/bin/python" -m pip install --quiet --no-deps --no-index --no-build-isolation --editable .
fingerprint >"$stamp"
