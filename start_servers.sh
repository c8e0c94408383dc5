#!/usr/bin/env bash
# Start the REST and the GraphQL server; on first use, set everything up. See --help.
set -eu

script="$0"
while [ -L "$script" ]; do
    folder="$(CDPATH='' cd -P -- "$(dirname -- "$script")" && pwd)"
    script="$(readlink "$script")"
    case "$script" in
        /*) ;;
        *) script="$folder/$script" ;;
    esac
done
root="$(CDPATH='' cd -P -- "$(dirname -- "$script")" && pwd)"
. "$root/launcher/bootstrap.sh"

case "${1-}" in
    -h | --help)
        find_python # nothing needs to be installed for this
        PYTHONPATH="$root" exec "$python" -P -m launcher --help
        ;;
esac

become_python -P -m launcher "$@"
