"""A GraphQL document of the contract, and what must come back."""

from dataclasses import dataclass
from typing import Any

PARSE = "GRAPHQL_PARSE_FAILED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
VALUE = "VALIDATION"


@dataclass(frozen=True)
class Document:
    """A document, and what must come back.

    Attributes:
        data: exactly this, where nothing is refused.
        code: of the first error.
        names: what its message or its field must name.
    """

    id: str
    fact: str
    query: Any
    data: Any = None
    code: str | None = None
    names: str | None = None
    variables: Any = None
    operation: Any = None

    def request(self) -> dict[str, Any]:
        """The body of the request."""
        body = {"query": self.query}
        if self.variables is not None:
            body["variables"] = self.variables
        if self.operation is not None:
            body["operationName"] = self.operation
        return body

    def __str__(self) -> str:
        return f"{self.id} MUST {self.fact}"


def gives(case_id: str, fact: str, query: str, data: Any, **more: Any) -> Document:
    """A document that is answered with this data."""
    return Document(case_id, fact, query, data, **more)


def refuses(
    case_id: str, fact: str, query: Any, code: str, names: str | None = None, **more: Any
) -> Document:
    """A document that is refused."""
    return Document(case_id, fact, query, None, code, names, **more)


ADA = {"name": "Ada Marlowe"}
PYTHON = {"title": "Python Programming"}
