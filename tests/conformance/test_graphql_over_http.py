"""GraphQL over HTTP: the specification's own audits, by graphql-http."""

import pytest

from tests.conformance import node
from tests.fixtures import ENDPOINTS, Pair
from tests.selection import slow

AUDITS = 61


@pytest.mark.usefixtures("node_modules")
@pytest.mark.parametrize(
    "endpoint",
    [ENDPOINTS[0], *slow(*ENDPOINTS[1:])],
)
def test_all_61_audits_of_graphql_http_pass(reading_pair: Pair, endpoint: str) -> None:
    results = node.run("audits.mjs", f"{reading_pair.graphql.base_url}{endpoint}")
    failed = [
        f"{audit['id']} {audit['name']}: {audit.get('reason')}"
        for audit in results
        if audit["status"] != "ok"
    ]
    assert not failed, "\n".join(failed)
    assert len(results) == AUDITS
