# shellcheck shell=sh
# Install Python, the environment in .venv and system packages. Sourced by ./run, which sets ROOT and PYTHON.

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

# install_packages NAME...: install with apt if this user is allowed to, otherwise print the command to type.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        stop "Please install the equivalent of these Debian packages and run this again: $*"
    elif [ "$(id -u)" = 0 ]; then
        as_root=''
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        stop "Please type this and run again:  sudo apt-get install $*"
    fi
    say "Installing with apt: $*"
    # No quotes around as_root: it is two words or none.
    $as_root apt-get update -qq || say "apt-get update failed; trying with the lists that are here."
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        stop "apt could not install: $*"
}

# Before SQLite 3.43 the search index could only delete rows if it kept a second copy of the texts.
is_recent_enough() {
    "$1" -c 'import sqlite3, ssl, sys; sys.exit(sys.version_info < (3, 12) or sqlite3.sqlite_version_info < (3, 43))' \
        2>/dev/null
}

find_python() {
    for candidate in python3.14 python3.13 python3.12 python3 /usr/bin/python3; do
        if is_recent_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

create_environment() {
    if ! python=$(find_python); then
        install_packages python3 python3-venv
        python=$(find_python) || stop "Servanda needs Python 3.12 or newer with SQLite 3.43 or newer; none was found."
    fi
    say "Creating the environment in .venv with $("$python" --version)"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --no-project --python "$python" "$ROOT/.venv"
        return
    fi
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        install_packages python3-venv
        python=$(find_python)
    fi
    "$python" -m venv --clear "$ROOT/.venv"
}

install_lock() {
    say "Installing the packages of requirements/$1.txt"
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$PYTHON" --require-hashes -r "$ROOT/requirements/$1.txt"
    else
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r "$ROOT/requirements/$1.txt"
    fi || stop "The packages could not be installed; is there a connection to the network?"
}

# Save 84 MB that nothing reads at run time: the tests of libraries and, if strip is installed, debug symbols of numkong.
# The stripped library gets a file of its own: a running server that has the other one loaded would crash.
slim_environment() {
    [ -d "$ROOT/.venv/lib" ] || return 0
    find "$ROOT/.venv/lib" -type d -name tests -prune -exec rm -rf {} +
    ! command -v strip >/dev/null ||
        find "$ROOT/.venv/lib" -path '*/numkong/*.so' -type f \
            -exec sh -c 'strip --strip-debug -o "$1.new" "$1" && mv "$1.new" "$1"' sh {} \; 2>/dev/null || :
}

# Looks for the libraries by name, because importing WeasyPrint without them prints its own error message.
has_pango() {
    "$PYTHON" -c '
import sys
from ctypes.util import find_library

sys.exit(not all(map(find_library, ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))))
'
}

# WeasyPrint needs Pango for PDF files. Everything else works without it, so its absence does not stop the set-up.
need_pdf() {
    [ -f "$ROOT/.venv/servanda-pdf" ] && return
    has_pango || (install_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core) || :
    if ! "$PYTHON" -c 'import weasyprint' >/dev/null 2>&1; then
        say "PDF files cannot be made until these packages are installed. Everything else works."
        return
    fi
    : >"$ROOT/.venv/servanda-pdf"
}

# set_up run|test: install the packages of that lock file, unless it has not changed since the last time.
set_up() {
    is_recent_enough "$PYTHON" || create_environment
    lock=$(cksum <"$ROOT/requirements/$1.txt")
    stamp="$ROOT/.venv/servanda-$1"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
        install_lock "$1"
        [ "$1" != run ] || slim_environment
        echo "$lock" >"$stamp"
        # test.txt contains everything that run.txt does.
        [ "$1" = run ] || cksum <"$ROOT/requirements/run.txt" >"$ROOT/.venv/servanda-run"
    fi
    need_pdf
}
