"""Executing level by level gives what graphql-core gives, and leaves errors to it."""

import asyncio
import gc
import random
from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    execute,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    parse,
    validate,
)
from graphql.execution import Executor

from graphql_api.access import Access
from graphql_api.context import Context
from graphql_api.levels import Hitch, LevelExecutor
from graphql_api.loaders import Batching
from graphql_api.schema import executable
from shared.fetching import Record
from shared.seeding import Bookstore

ARGUMENTS = {
    "id": lambda r: str(r.choice([1, 2, 7, 999_999])),
    "ids": lambda r: str(r.sample(range(1, 30), 3)),
    "first": lambda r: str(r.randint(1, 3)),
    "limit": lambda r: str(r.randint(1, 3)),
    "offset": lambda r: str(r.randint(0, 2)),
    "query": lambda r: '"python"',
}


def in_levels(bookstore: Bookstore, query: str, **variables: Any) -> ExecutionResult:
    async def run() -> ExecutionResult:
        executor = LevelExecutor.build(
            executable,
            parse(query),
            context_value=Context(Access(bookstore.database), Batching),
            raw_variable_values=variables,
        )
        assert isinstance(executor, LevelExecutor)
        return await executor.execute()

    return asyncio.run(run())


def by_graphql_core(bookstore: Bookstore, query: str, **variables: Any) -> ExecutionResult:
    async def run() -> ExecutionResult:
        result = execute(
            executable,
            parse(query),
            context_value=Context(Access(bookstore.database), Batching),
            variable_values=variables,
            executor_class=Executor,
        )
        return result if isinstance(result, ExecutionResult) else await result

    return asyncio.run(run())


def written(
    random: random.Random, type_: GraphQLObjectType, depth: int, without: str = "nothing"
) -> str:
    """A random selection set: with aliases, fragments, directives, and fields that merge."""
    parts = []
    fields = [(n, f) for n, f in sorted(type_.fields.items()) if not n.endswith(without)]
    for name, field in random.sample(fields, min(4, len(fields))):
        inner = get_named_type(field.type)
        alias = random.choice(["", "", f"{name}Again: "])
        if is_leaf_type(inner):
            directive = random.choice(["", "", "", " @skip(if: true)", " @include(if: true)"])
            parts.append(f"{alias}{name}{directive}")
        elif depth:
            assert isinstance(inner, GraphQLObjectType)
            below = written(random, inner, depth - 1, without)
            parts.append(f"{alias}{name}{_arguments(random, field)} {below}")
    parts.append("__typename")
    text = " ".join(parts)
    if random.random() < 0.3:
        text = f"... on {type_.name} {{ {text} }} {text}"
    return f"{{ {text} }}"


def _arguments(random: random.Random, field: Any) -> str:
    given = [
        f"{name}: {ARGUMENTS[name](random)}"
        for name, argument in field.args.items()
        if name in ARGUMENTS
        and (is_required_argument(argument) or (random.random() < 0.5 and name != "ids"))
    ]
    if is_list_type(getattr(field.type, "of_type", None)) and "limit" in field.args:
        given = [g for g in given if not g.startswith("limit")] + [f"limit: {random.randint(1, 3)}"]
    return f"({', '.join(given)})" if given else ""


@pytest.mark.parametrize("seed", range(60))
def test_a_random_query_gives_the_same_data_in_the_same_order(
    bookstore: Bookstore, seed: int
) -> None:
    assert executable.query_type
    query = written(random.Random(seed), executable.query_type, 4)
    assert validate(executable, parse(query)) == [], query
    expected = by_graphql_core(bookstore, query)
    found = in_levels(bookstore, query)
    assert expected.errors is None
    assert repr(found.data) == repr(expected.data), query


def test_introspection_gives_the_same(bookstore: Bookstore) -> None:
    query = get_introspection_query()
    assert in_levels(bookstore, query) == by_graphql_core(bookstore, query)


@pytest.mark.parametrize(
    "query",
    [
        "{ book(id: 0) { title } }",
        "{ authors(limit: 2) { books(limit: 0) { id } } }",
        "{ author(id: 1) { books { author { books(limit: 101) { id } } } } }",
        "query($l: Int) { author(id: 1) { books(limit: $l) { id } } }",
    ],
)
def test_an_error_is_a_hitch(bookstore: Bookstore, query: str) -> None:
    assert by_graphql_core(bookstore, query, l=None).errors
    with pytest.raises(Hitch):
        in_levels(bookstore, query, l=None)


@pytest.mark.parametrize(
    "spoil", [{"title": None}, {"price": "dear"}, {"price": float("inf")}], ids=str
)
def test_a_record_that_does_not_fit_the_schema_is_a_hitch(
    bookstore: Bookstore, spoil: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(self: Batching, *_: Any) -> Any:
        future = asyncio.get_running_loop().create_future()
        future.set_result({"title": "x", "price": 1.0, **spoil})
        return future

    monkeypatch.setattr(Batching, "one", spoilt)
    query = "{ book(id: 1) { title price } }"
    assert by_graphql_core(bookstore, query).errors
    with pytest.raises(Hitch):
        in_levels(bookstore, query)


def test_nothing_is_left_for_the_garbage_collector(bookstore: Bookstore) -> None:
    query = "{ customer(id: 1) { orders { items { book { title } } } } }"
    in_levels(bookstore, query)  # fills caches
    gc.collect()
    gc.disable()
    try:
        in_levels(bookstore, query)
        left = [o for o in gc.get_objects() if isinstance(o, LevelExecutor)]
    finally:
        gc.enable()
    assert left == []
