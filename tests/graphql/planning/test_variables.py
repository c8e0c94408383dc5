"""Variables have the values that graphql-core gives them."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse
from graphql.execution.values import VariableValues

from graphql_api.planning.field_collection import Unplannable
from graphql_api.planning.variables import Variables
from graphql_api.schema import executable

CASES: list[tuple[str, dict[str, Any]]] = [
    ("$i: Int!", {"i": 1}),
    ("$i: Int!", {"i": 1.0}),
    ("$i: Int!", {"i": "1"}),
    ("$i: Int!", {"i": 2**31}),
    ("$i: Int!", {"i": True}),
    ("$i: Int!", {"i": None}),
    ("$i: Int!", {}),
    ("$i: Int", {"i": None}),
    ("$i: Int", {}),
    ("$i: Int = 3", {}),
    ("$i: Int! = 3", {}),
    ("$i: Int! = 3", {"i": None}),
    ("$i: Int = 3, $f: Float, $s: String, $b: Boolean!", {"f": 1, "s": "x", "b": False}),
    ("$s: BookSort", {"s": "TITLE_DESC"}),
    ("$s: BookSort", {"s": "title"}),
    ("$d: Date", {"d": "2023-01-15"}),
    ("$i: [Int!]", {"i": [1, 2]}),
    ("$i: [Int!]", {"i": 7}),
    ("$i: [Int!]", {"i": [1, None]}),
    ("$i: [Int!] = [4, 5], $j: Int", {"j": 2}),
    ("$f: BookFilter", {"f": {"genre": "Travel", "minPrice": 1}}),
    ("$f: BookFilter", {"f": {"nothing": 1}}),
    ("$f: BookFilter = {maxPrice: 3}, $i: Int", {"i": 5}),
    ("$i: Int", {"i": 1, "more": 2}),
    ("", {"more": 2}),
]


def sent(values: VariableValues) -> dict[str, Any]:
    return {name: source.value for name, source in values.sources.items()}


@pytest.mark.parametrize(("declared", "given"), CASES)
def test_they_have_the_values_that_graphql_core_gives(declared: str, given: dict[str, Any]) -> None:
    head = f"query({declared})" if declared else ""
    (operation,) = parse(f"{head} {{ __typename }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    expected = get_variable_values(executable, definitions, given)
    variables = Variables(executable, definitions)
    if isinstance(expected, VariableValues):
        found = variables.values(given)
        assert found.coerced == expected.coerced
        assert [*map(type, found.coerced.values())] == [*map(type, expected.coerced.values())]
        assert sent(found) == sent(expected)
    else:
        with pytest.raises(Unplannable):
            variables.values(given)
