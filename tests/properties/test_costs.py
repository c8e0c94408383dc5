"""Random trees of fields cost the same on both APIs, before anything runs."""

from hypothesis import given
from hypothesis import strategies as st

from graphql_api.resources.names import camel
from graphql_api.schema import executable
from graphql_api.validation.documents import Documents
from shared import limits
from shared.reading.catalogue import ENTITIES
from shared.reading.selection import parse_fields
from tests.model import SORTS
from tests.properties.budget import budget
from tests.properties.test_selections import Tree, paths, trees

DOCUMENTS = Documents(executable)


def written(tree: Tree) -> str:
    """The tree as a selection set."""
    return " ".join(
        f"{camel(name)} {{ {written(below)} }}" if below else camel(name)
        for name, below in tree.items()
    )


def cost(query: str, **variables: int) -> int:
    document = DOCUMENTS.get(query)
    assert not document.errors, document.errors
    return document.complexity(document.operation(None)).require(variables, limits.MAX_INT).cost


@budget(60)
@given(data=st.data(), limit=st.integers(1, limits.MAX_LIMIT))
def test_a_tree_costs_what_the_same_fields_cost(data: st.DataObject, limit: int) -> None:
    entity = data.draw(st.sampled_from(sorted(SORTS)))
    tree = data.draw(trees(entity))
    one = parse_fields(ENTITIES[entity], ",".join(paths(tree))).cost
    below = written(tree)
    assert cost(f"{{ {entity}(id: 1) {{ {below} }} }}") == one
    assert cost(f"{{ {entity}s(limit: {limit}) {{ {below} }} }}") == limit * one
    asked = f"query($n: Int) {{ {entity}s(limit: $n) {{ {below} }} }}"
    assert cost(asked, n=limit) == limit * one
    connection = f"{{ {entity}sConnection(first: {limit}) {{ edges {{ node {{ {below} }} }} }} }}"
    assert cost(connection) == limit * one
