"""Documents are parsed and validated once, as long as they are in use and there is room."""

from collections.abc import Iterator

import pytest
from graphql import FieldNode, GraphQLSyntaxError, Node, print_ast

from graphql_api.schema import executable
from graphql_api.validation import documents
from graphql_api.validation.documents import Documents


def text(number: int, size: int = 100) -> str:
    return f"{{ book(id: {number}) {{ id }} }}".ljust(size)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Room for ten documents of the usual size."""
    monkeypatch.setattr(documents, "MAX_REMEMBERED", 1_000)
    return Documents(executable)


def test_a_document_is_prepared_once(known: Documents) -> None:
    assert known.get(text(1)) is known.get(text(1))
    assert known.get(text(1)) is not known.get(text(2))


def test_those_used_last_are_kept(known: Documents) -> None:
    first = [known.get(text(number)) for number in range(10)]
    assert known.get(text(0)) is first[0]
    known.get(text(10))
    assert known.get(text(0)) is first[0]
    assert known.get(text(1)) is not first[1]


def test_a_long_one_takes_no_room_from_the_others(known: Documents) -> None:
    first = known.get(text(1))
    long = known.get(text(2, size=5_000))
    assert known.get(text(2, size=5_000)) is not long
    assert known.get(text(1)) is first


def test_a_name_in_several_places_is_one_object(known: Documents) -> None:
    document = known.get("{ book(id: 1) { author { name } } author(id: 1) { name author: name } }")
    assert not document.errors
    names = [
        node.name
        for node in _nodes(document.node)
        if isinstance(node, FieldNode) and node.name.value == "name"
    ]
    assert len(names) == 3
    assert len({id(name) for name in names}) == 1
    assert print_ast(document.node).count("name") == 3


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for key in node.keys:
        below = getattr(node, key)
        for one in below if isinstance(below, tuple) else [below]:
            if isinstance(one, Node):
                yield from _nodes(one)


def test_one_that_is_not_valid_is_not_kept(known: Documents) -> None:
    document = known.get("{ nothing }")
    assert document.errors
    assert known.get("{ nothing }") is not document
    with pytest.raises(GraphQLSyntaxError):
        known.get("{")
