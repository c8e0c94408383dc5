"""Runs a page by a generated client against several servers; for that client's own Python.

    python deployed.py PAGE < {"server": "http://..."} > {"server": {"kind": "...", "said": "..."}}

PAGE is a module in the working directory. It imports nothing of the project, since the environment
of the generated clients has none of it.
"""

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

_VALIDATION = ("ValidationError", "DecodeError")  # pydantic's, and the REST client's around it


def outcome(page: Callable[[str], Any], url: str) -> dict[str, Any]:
    """What becomes of the page: `shown` with its view, or what went wrong and who says so."""
    try:
        return {"kind": "shown", "said": "", "view": page(url)}
    except Exception as error:
        said = f"{type(error).__name__}: {_line(error)}"
        return {"kind": _kind(error), "said": said, "view": None}


def _kind(error: Exception) -> str:
    if 400 <= (getattr(error, "status_code", None) or 0) < 500:
        return "refused"
    # Of an operation that has not run, no error has a path (GraphQL, 7.1.2).
    of_operation = getattr(error, "errors", None)
    if isinstance(of_operation, list) and all(one.path is None for one in of_operation):
        return "refused"
    return "invalid" if type(error).__name__ in _VALIDATION else "error"


def _line(error: Exception) -> str:
    """What it says, with what it says of the reason, in one line."""
    return " ".join(str(error).split())[:300]


def main() -> None:
    """Run all."""
    sys.path.insert(0, ".")
    page = importlib.import_module(sys.argv[1]).page
    urls = json.load(sys.stdin)
    json.dump({server: outcome(page, url) for server, url in urls.items()}, sys.stdout)


if __name__ == "__main__":
    main()
