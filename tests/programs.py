"""Programs that some tests run, and that a machine may not have."""

import shutil

import pytest


def need(*programs: str, packages: str = "") -> None:
    """Skip the test where one is missing, and say how to get it.

    Args:
        packages: Debian's that have them, if they are named otherwise.
    """
    for program in programs:
        if shutil.which(program) is None:
            got_by = packages or " ".join(programs)
            pytest.skip(f"{program} is not here: on Debian, apt-get install {got_by}")


def need_node() -> None:
    """Skip the test where JavaScript cannot be run, or not be installed."""
    need("node", "npm", packages="nodejs npm")
