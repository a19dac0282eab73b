#!/usr/bin/env bash
# Sees to the parts that no Python package brings, and installs what is missing through apt:
#   system.sh postgresql            the server's programs, for tests (no server is left running)
#   system.sh chromium              the browser, and what driving it needs, for tests
#   system.sh pango                 what draws the letters of a PDF, for tests and for whoever serves reports as PDF
#   system.sh python-venv PYTHON    the part of Python that Debian packages apart from it
# Nothing is ever asked: where it may not install, it prints the one line to type and fails.
set -euo pipefail

have_postgresql() {
    local folder
    for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
        [[ -x $folder/initdb && -x $folder/postgres ]] && return
    done
    # Elsewhere the programs are simply on the path.
    command -v initdb >/dev/null && command -v postgres >/dev/null
}

have_chromium() {
    local name
    for name in "${TRACKER_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [[ -n $name ]] && command -v "$name" >/dev/null && return
    done
    return 1
}

# The program through which Playwright drives the browser is linked to this library, which Debian does not always have.
have_libatomic() {
    local known
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || return 0
    [[ $known == *libatomic.so.1* ]]
}

# WeasyPrint opens these libraries by their names when it is imported.
have_pango() {
    local known
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || return 0
    [[ $known == *libpango-1.0.so.0* && $known == *libpangoft2-1.0.so.0* && $known == *libharfbuzz-subset.so.0* ]]
}

missing=()
while (($#)); do
    case $1 in
        postgresql) have_postgresql || missing+=(postgresql) ;;
        # The browser only recommends its sandbox and a font: the first is for whoever is not root, and the second
        # has the letters to draw, Cyrillic ones among them.
        chromium)
            have_chromium || missing+=(chromium chromium-sandbox fonts-dejavu-core)
            have_libatomic || missing+=(libatomic1)
            ;;
        pango) have_pango || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core) ;;
        python-venv)
            python=$2
            shift
            version=$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:2])))')
            if [[ $(command -v "$python") != /usr/bin/* ]]; then
                echo "$python cannot make virtual environments: it was built without ensurepip." >&2
                exit 1
            fi
            missing+=("python$version-venv")
            ;;
        *)
            echo "system.sh knows no part named $1" >&2
            exit 2
            ;;
    esac
    shift
done
((${#missing[@]})) || exit 0

readonly install="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]} (Debian's names). Install them with this system's package manager and try again." >&2
    exit 1
fi
if [[ $(id -u) == 0 ]]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "Missing: ${missing[*]}. Type this and try again:  sudo apt-get update && sudo $install" >&2
    exit 1
fi

# Debian starts a database server as soon as it is installed; the tests start their own, so none is wanted.
readonly no_cluster=/etc/postgresql-common/createcluster.d/press-freedom-tracker-tests.conf
if [[ ${missing[*]} == *postgresql* && ! -e /etc/postgresql-common ]]; then
    "${as_root[@]}" mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | "${as_root[@]}" tee "$no_cluster" >/dev/null
    trap '"${as_root[@]}" rm -f "$no_cluster"' EXIT
fi

echo "Installing ${missing[*]} (apt)"
readonly quiet=(-qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" update
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get "${quiet[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null
