#!/usr/bin/env bash
# Run the tests; on first use, set everything up. Arguments go to pytest, --all runs the slow ones too.
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

cd "$root"
become_python -m pytest "$@"
