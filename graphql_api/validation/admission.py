"""Admission: decides whether an operation may run, before any of it is executed.

HTTP, server-sent events and WebSockets all come through here.
"""

from functools import partial
from math import inf
from typing import Any, Final, NamedTuple

from graphql import GraphQLError, OperationDefinitionNode, OperationType

from graphql_api.resolving.long_operations import LongOperations
from graphql_api.validation.documents import Document, Documents
from graphql_api.validation.errors import Entry, document_entry, entry_of
from graphql_api.validation.persisted import PersistedQueries, PersistedQueryNotFound
from graphql_api.validation.request import Parameters
from shared import limits
from shared.errors import MethodNotAllowed, TooComplex, ValidationFailed
from shared.web.authorization import Authorization

Extensions = dict[str, Any]

_SHORT_SIZE: Final = limits.MAX_EFFORT_ON_LOOP  # of a request: to coerce one takes up to 1 µs


class Refused(Exception):
    """An operation that is not executed; `entries` are the answer's `errors`."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(entries[0]["message"])
        self.entries = entries


class Admitted(NamedTuple):
    """An operation that may be executed.

    Attributes:
        document: a valid one.
        operation: the operation of the document to execute.
        variables: as they were sent.
        shows_private: whether the caller may see what is private.
        extensions: the answer's `extensions`, such as the cost, if they were asked for.
        effort: rows that are looked at, or work that takes as long; infinite for a document that is
            new, as it is planned first, and for introspection.
    """

    document: Document
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    shows_private: bool
    extensions: Extensions | None
    effort: float

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation


class Admission:
    """Finds the document that is asked for, and decides whether it may run."""

    def __init__(
        self,
        documents: Documents,
        authorization: Authorization,
        max_cost: int,
        apart: LongOperations,
        books: int,
    ) -> None:
        """Args:
        max_cost: of one operation.
        apart: threads in which new documents are parsed.
        books: how many the bookstore has.
        """
        self._apart = apart
        self._books = books
        self._documents = documents
        self._authorization = authorization
        self._max_cost = max_cost
        self._persisted = PersistedQueries()

    async def admit(
        self, asked: Parameters, authorization: str | None, *, read_only: bool = False
    ) -> Admitted:
        """The operation, if it may be executed.

        Args:
            asked: by any transport.
            authorization: the `Authorization` header, None if there is none.
            read_only: the transport is one that must not change anything.

        Raises:
            Refused: it is not valid, asks for too much, or has an unknown hash.
            ValidationFailed: its hash is that of another query.
            MethodNotAllowed: it writes, and the transport may only read.
            Unauthorized: it writes, and the token is missing.
        """
        text = self._text(asked)
        known = self._documents.known(text)
        if known is not None and known.is_short and asked.size <= _SHORT_SIZE:
            return self._admit(asked, text, known, authorization, read_only)
        return await self._apart.read(
            partial(self._admit, asked, text, known, authorization, read_only)
        )

    def _admit(
        self,
        asked: Parameters,
        text: str,
        known: Document | None,
        authorization: str | None,
        read_only: bool,
    ) -> Admitted:
        document = known or self._document(text)
        if asked.query_hash is not None:
            self._persisted.remember(text, asked.query_hash)
        try:
            operation = document.operation(asked.operation_name)
        except ValidationFailed as error:
            raise Refused([entry_of(error)]) from None
        if operation.operation is OperationType.MUTATION:
            if read_only:
                raise MethodNotAllowed("a GET only reads: send a mutation by POST")
            self._authorization.require(authorization)
        complexity = document.complexity(operation)
        try:
            load = complexity.require(asked.variables, self._max_cost)
        except TooComplex as error:
            raise Refused([entry_of(error)]) from None
        is_long = known is None or complexity.introspects or not document.is_short
        return Admitted(
            document,
            operation,
            asked.variables,
            self._authorization.allows(authorization),
            self._report(load.cost) if asked.reports_cost else None,
            inf if is_long else load.effort(self._books) + asked.size,
        )

    def _text(self, asked: Parameters) -> str:
        if asked.query_hash is not None:
            try:
                return self._persisted.text(asked.query, asked.query_hash)
            except PersistedQueryNotFound as error:
                raise Refused([entry_of(error)]) from None
        assert asked.query is not None
        return asked.query

    def _document(self, text: str) -> Document:
        try:
            document = self._documents.get(text)
        except GraphQLError as error:
            raise Refused([document_entry(error)]) from None
        if document.errors:
            raise Refused([document_entry(error) for error in document.errors])
        return document

    def _report(self, cost: int) -> Extensions:
        return {"cost": {"computed": cost, "limit": self._max_cost}}
