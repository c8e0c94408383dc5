"""Made-up results that several claims are judged by."""

from dataclasses import replace

from client_examples.comparison.results.document import Document
from tests.comparison.made_documents import ENVIRONMENT


def slow(made: Document, ms: float = 1.0) -> Document:
    """The same, of servers whose statements take so many milliseconds longer."""
    servers = {"http://127.0.0.1:8000": {"db_latency_ms": ms}}
    return replace(made, environment={**ENVIRONMENT, "servers": servers})
