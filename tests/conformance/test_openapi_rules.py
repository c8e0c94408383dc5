"""The OpenAPI document, by the rules of others."""

from pathlib import Path

import pytest

from tests.conformance import node
from tests.fixtures import Pair


@pytest.mark.slow
@pytest.mark.usefixtures("node_modules")
def test_spectral_has_nothing_to_say(reading_pair: Pair, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_bytes(reading_pair.rest.get("/openapi.json").content)
    arguments = ("--ruleset", "spectral.yaml", "--fail-severity", "hint")
    done = node.run_tool("spectral", "lint", str(document), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No results with a severity of 'hint' or higher found" in done.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("node_modules")
def test_spectral_would_say_it(reading_pair: Pair, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    told = reading_pair.rest.get("/openapi.json").content
    document.write_bytes(told.replace(b'"operationId":"get_book"', b'"operationId":"get_author"'))
    done = node.run_tool("spectral", "lint", str(document), "--ruleset", "spectral.yaml")
    assert done.returncode == 1
    assert "operation-operationId-unique" in done.stdout


def test_a_new_resource_links_to_what_can_be_done_with_it(reading_pair: Pair) -> None:
    paths = reading_pair.rest.get("/openapi.json").json["paths"]
    links = paths["/orders"]["post"]["responses"]["201"]["links"]
    assert links.keys() == {"get_order", "set_order_status", "delete_order", "watch_order"}
    for link in links.values():
        assert link["parameters"] == {"id": "$response.body#/id"}
        assert link["description"]
