# shellcheck shell=bash disable=SC2154
# Read by start_servers.sh, run_tests.sh and .ci/run, which set `root` to the checkout's full path.
# Only what macOS's bash 3.2 knows. The work itself is done by launcher/set_up.py.

# Set `python` to a Python that is new enough: $PYTHON where that is set, else the first found.
find_python() {
    for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        # Asked, not looked for: a name on the PATH may be a shim with nothing behind it.
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1; then
            return 0
        fi
    done
    echo "${0##*/}: Python 3.11 or newer is needed and was not found; install it, or set PYTHON to its path" >&2
    return 1
}

# Become the virtual environment's Python with these arguments, after setting up what is missing.
become_python() {
    # -P leaves the current folder out of the import path, -S leaves out what takes longest.
    if PYTHONPATH="$root" "$root/.venv/bin/python" -P -S -m launcher.stamps </dev/null >/dev/null 2>&1; then
        exec "$root/.venv/bin/python" "$@"
    fi
    find_python || exit
    # The path is not given by PYTHONPATH, which what is run in the end would inherit.
    exec "$python" -P -c \
        'import sys; sys.path.insert(0, sys.argv.pop(1)); import launcher.set_up as s; sys.exit(s.main(sys.argv[1:]))' \
        "$root" "$@"
}
