"""Persisted queries: a hash in place of a query, by the protocol of Apollo's clients.

A client sends only the SHA-256 of its query. A process that knows the query answers it; another one
answers `PersistedQueryNotFound`, and the client sends the hash with the text. So a query of any
length can be sent by GET, as 64 characters.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from typing import Any, Final, NoReturn

from shared.errors import BookstoreError, MalformedBody, ValidationFailed, Violation
from shared.rules.values import shown

MAX_REMEMBERED: Final = 1_000_000  # characters of text
MAX_SHARE: Final = 10  # one text may take the tenth part of the room

_VERSION: Final = 1
_PATH: Final = ("extensions", "persistedQuery")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class PersistedQueryNotFound(BookstoreError):
    """A hash that this process does not know; clients send the query when they read this."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")  # clients look for exactly this word


class PersistedQueries:
    """Texts by their hashes; those used last are remembered, up to a total length."""

    def __init__(self) -> None:
        self._lock = Lock()  # a query that is new is read in a thread
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text(self, query: str | None, query_hash: str) -> str:
        """The text that a request with a hash means.

        Raises:
            PersistedQueryNotFound: the hash alone was sent, and is not known.
            ValidationFailed: the hash is that of another text.
        """
        if query is not None:
            _require_same(query, query_hash)
            return query
        with self._lock:
            known = self._texts.get(query_hash)
            if known is None:
                raise PersistedQueryNotFound
            self._texts.move_to_end(query_hash)
        return known

    def remember(self, query: str, query_hash: str) -> None:
        """Keep a text whose hash is right; it should be a valid document."""
        with self._lock:
            if query_hash in self._texts or len(query) > MAX_REMEMBERED / MAX_SHARE:
                return
            self._texts[query_hash] = query
            self._characters += len(query)
            while self._characters > MAX_REMEMBERED:
                _, forgotten = self._texts.popitem(last=False)
                self._characters -= len(forgotten)


def hash_in(extensions: Mapping[str, Any]) -> str | None:
    """The hash that `extensions.persistedQuery` has, in lower case; None if it is not there.

    Raises:
        ValidationFailed: it is of another version or form.
    """
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    if not isinstance(given, dict):
        _refuse(f"must be an object with version and sha256Hash, got {shown(given)}")
    version, query_hash = given.get("version"), given.get("sha256Hash")
    if version != _VERSION or isinstance(version, bool):
        _refuse(f"must be {_VERSION}, got {shown(version)}", "version")
    if not isinstance(query_hash, str) or not _SHA256.fullmatch(query_hash.lower()):
        _refuse(f"must be 64 hexadecimal digits, got {shown(query_hash)}", "sha256Hash")
    return query_hash.lower()


def _require_same(query: str, query_hash: str) -> None:
    try:
        own = sha256(query.encode()).hexdigest()
    except UnicodeEncodeError:  # half of a surrogate pair, which only JSON's escapes can carry
        raise MalformedBody("the query must be UTF-8 where its hash is sent") from None
    if own != query_hash:
        _refuse(f"must be the query's own, {own}, got {query_hash}", "sha256Hash")


def _refuse(rule: str, *member: str) -> NoReturn:
    raise ValidationFailed([Violation((*_PATH, *member), rule)])
