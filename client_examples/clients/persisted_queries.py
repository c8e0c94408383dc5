"""Queries over GET by the hash of their text, as Apollo's clients and servers agree on them.

    queries = PersistedQueries(GraphqlClient(session=CacheControl(new_session(GRAPHQL_URL))))
    data = queries.query("query($id: Int!) { book(id: $id) { title } }", id=1)

The URL of a GET names the query and its variables, so that its answer can be kept by any HTTP cache
and asked for again by its ETag, as no POST can.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import requests

from client_examples.clients.api_errors import ApiError, graphql_answer
from client_examples.clients.graphql_documents import has_mutation
from client_examples.clients.http_client import HttpClient

NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
_NOT_FOUND = NOT_FOUND.encode()


class PersistedQueries:
    """Sends queries to the endpoint at `path`: the hash alone, and the text only if asked for it.

    The text goes by POST, as Apollo's client sends it: it may be too long for a URL, and an answer
    kept under that URL would never be asked for again.
    """

    def __init__(self, client: HttpClient, path: str = "/graphql") -> None:
        self._client = client
        self._path = path

    def query(self, document: str, /, **variables: object) -> dict[str, Any]:
        """The data of a query.

        Raises:
            ValueError: the document holds a mutation, which no GET may do.
            ApiError: see `graphql_answer`, and `Unreachable`.
        """
        response = self.by_hash(document, variables)
        if is_unknown(response):
            response = self.with_text(document, variables)
        return graphql_answer(response)

    def by_hash(
        self,
        document: str,
        variables: dict[str, object],
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Ask by the hash alone; the answer as it came, or as a cache kept it."""
        if has_mutation(document):
            raise ValueError("a mutation must not be sent by GET: use GraphqlClient.mutate()")
        params = {"variables": _json(variables)} if variables else {}
        params["extensions"] = _json(_extensions(document))
        return self._client.exchange(
            "GET", self._path, params=params, headers=headers, repeatable=True
        )

    def with_text(
        self,
        document: str,
        variables: dict[str, object],
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Ask by hash and text, which the server keeps for the next time; the answer as it came."""
        body: dict[str, object] = {"query": document, "extensions": _extensions(document)}
        if variables:
            body["variables"] = variables
        return self._client.exchange(
            "POST", self._path, body=body, headers=headers, repeatable=True
        )


def is_unknown(response: requests.Response) -> bool:
    """Whether an answer says that the server has no text for the hash, and asks for it."""
    if _NOT_FOUND not in response.content:  # which tells without decoding a large answer twice
        return False
    try:
        graphql_answer(response)
    except ApiError as error:
        return error.code == NOT_FOUND
    return False


def _extensions(document: str) -> dict[str, object]:
    digest = hashlib.sha256(document.encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


def _json(value: object) -> str:
    """The same text for the same value, so that it makes the same URL."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
