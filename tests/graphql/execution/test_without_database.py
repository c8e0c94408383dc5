"""What needs no database is answered while everything that needs one waits."""

import asyncio
import json
import threading
from contextlib import closing
from typing import Any

import pytest

from graphql_api.app import create_app
from shared.reading import listing
from shared.serving.bookstore import open_bookstore
from tests.bookstores import private_settings
from tests.fixtures import ENDPOINTS
from tests.graphql.client import JSON, AppClient
from tests.selection import slow

MANY = 150  # more than there are threads of any kind
LIMIT_S = 60.0
FREE = [
    "{ __typename }",
    "{ other: __typename }",
    "query Q($a: Boolean = false) { __typename @skip(if: $a) }",
    "{ __schema { queryType { fields { name } } } }",
    '{ __type(name: "Book") { fields { name } } kind: __typename }',
    "mutation { __typename }",
    "{ nothing }",
]


def asked(client: AppClient, query: str, path: str) -> Any:
    body = json.dumps({"query": query}).encode()
    return asyncio.ensure_future(client.exchange("POST", path, [body], JSON))


@pytest.mark.parametrize("path", [ENDPOINTS[0], *slow(*ENDPOINTS[1:])])
def test_it_is_answered_at_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def waits(*_: object, **__: object) -> Any:
        assert answers.wait(LIMIT_S)
        return []

    monkeypatch.setattr(listing, "fetch_page", waits)
    settings = private_settings(db_latency_ms=1, request_timeout_s=LIMIT_S)

    async def run(client: AppClient) -> None:
        waiting = [asked(client, f"{{ a{n}: books {{ id }} }}", path) for n in range(MANY)]
        waiting += [asked(client, "{ books { id } }", path) for _ in range(MANY)]
        await asyncio.sleep(0)
        try:
            for query in FREE:
                answer = await asyncio.wait_for(asked(client, query, path), LIMIT_S / 2)
                assert ("data" in answer.json) == (query != "{ nothing }")
            assert (await client.exchange("GET", "/schema.graphql")).status == 200
            assert not any(each.done() for each in waiting)
        finally:
            answers.set()
            await asyncio.gather(*waiting)

    with closing(open_bookstore(settings)) as bookstore:
        asyncio.run(run(AppClient(create_app(settings, bookstore))))
