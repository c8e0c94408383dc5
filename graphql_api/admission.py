"""What may run: everything that is decided about an operation before anything of it is executed.

HTTP, server-sent events and WebSockets all come through here.
"""

from typing import Any, NamedTuple

from graphql import GraphQLError, OperationDefinitionNode, OperationType

from graphql_api.documents import Document, Documents
from graphql_api.errors import Entry, document_entry, entry_of
from graphql_api.parameters import Parameters
from graphql_api.persisted import PersistedQueries, PersistedQueryNotFound
from shared.authorization import Authorization
from shared.errors import MethodNotAllowed, TooComplex, ValidationFailed

Extensions = dict[str, Any]


class Refused(Exception):
    """An operation that is not executed; `entries` are the answer's `errors`."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(entries[0]["message"])
        self.entries = entries


class Admitted(NamedTuple):
    """An operation that may be executed.

    Attributes:
        document: it is valid.
        operation: the one of the document to execute.
        variables: as they were sent.
        shows_private: whether the caller may see what is private.
        extensions: what the answer tells besides data and errors, if it was asked for.
    """

    document: Document
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    shows_private: bool
    extensions: Extensions | None

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation


class Admission:
    """Finds the document that is asked for, and decides whether it may run."""

    def __init__(self, documents: Documents, authorization: Authorization, max_cost: int) -> None:
        self._documents = documents
        self._authorization = authorization
        self._max_cost = max_cost
        self._persisted = PersistedQueries()

    def admit(
        self, asked: Parameters, authorization: str | None, *, read_only: bool = False
    ) -> Admitted:
        """The operation, if it may be executed.

        Args:
            asked: by any transport.
            authorization: the `Authorization` header, None if there is none.
            read_only: the transport is one that must not change anything.

        Raises:
            Refused: it is not valid, asks for too much, or has a hash that is not known.
            ValidationFailed: its hash is that of another query.
            MethodNotAllowed: it may only read, and the operation writes.
            Unauthorized: it writes, and the token is missing.
        """
        document = self._document(asked)
        try:
            operation = document.operation(asked.operation_name)
        except ValidationFailed as error:
            raise Refused([entry_of(error)]) from None
        if operation.operation is OperationType.MUTATION:
            if read_only:
                raise MethodNotAllowed("a GET only reads: send a mutation by POST")
            self._authorization.require(authorization)
        try:
            cost = document.complexity(operation).require(asked.variables, self._max_cost)
        except TooComplex as error:
            raise Refused([entry_of(error)]) from None
        return Admitted(
            document,
            operation,
            asked.variables,
            self._authorization.allows(authorization),
            self._report(cost) if asked.reports_cost else None,
        )

    def _document(self, asked: Parameters) -> Document:
        query, query_hash = asked.query, asked.query_hash
        if query_hash is not None:
            try:
                query = self._persisted.text(query, query_hash)
            except PersistedQueryNotFound as error:
                raise Refused([entry_of(error)]) from None
        assert query is not None
        try:
            document = self._documents.get(query)
        except GraphQLError as error:
            raise Refused([document_entry(error)]) from None
        if document.errors:
            raise Refused([document_entry(error) for error in document.errors])
        if query_hash is not None:
            self._persisted.remember(query, query_hash)
        return document

    def _report(self, cost: int) -> Extensions:
        return {"cost": {"computed": cost, "limit": self._max_cost}}
