"""Make docs/type_safety.md; see there."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from client_examples.clients.addresses import address
from client_examples.clients.api_errors import ApiError
from client_examples.clients.settings import server_url
from client_examples.comparison.screens import SCREENS
from client_examples.rest_client import RestClient
from client_examples.type_safety.findings import graphql_finding, rest_finding
from client_examples.type_safety.section import section
from client_examples.type_safety.tools import ToolFailed


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the section; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rest-url", type=address, default=server_url("rest"), metavar="URL")
    parser.add_argument("file", type=Path, metavar="FILE", help="what to write")
    options = parser.parse_args(arguments)
    try:
        with RestClient(options.rest_url) as rest:
            openapi = rest.get("/openapi.json")
        text = section(rest_finding(openapi), graphql_finding(), SCREENS)
    except (ApiError, ToolFailed) as error:
        print(f"type_safety: {error}", file=sys.stderr)
        return 1
    options.file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
