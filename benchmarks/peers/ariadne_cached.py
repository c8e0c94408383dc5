"""Ariadne as in `ariadne_loaders`, with caches of parsed and of validated documents.

Its documentation has them on a page of their own; they are no default.
"""

from functools import lru_cache
from typing import Any

from ariadne.graphql import validate_query
from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse

from benchmarks.peers.ariadne_loaders import main

cached_parse = lru_cache(maxsize=64)(parse)
cached_validate = lru_cache(maxsize=64)(validate_query)


def query_parser(context: Any, query: dict[str, Any]) -> DocumentNode:
    """The document of a request."""
    return cached_parse(query["query"])


def query_validator(
    schema: GraphQLSchema, document_ast: DocumentNode, *_: Any, **__: Any
) -> list[GraphQLError]:
    """What is wrong with a document."""
    return cached_validate(schema=schema, document_ast=document_ast)


if __name__ == "__main__":
    main(query_parser=query_parser, query_validator=query_validator)
