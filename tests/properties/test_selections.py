"""Random trees of fields: REST's `fields`, the GraphQL query and the plain model agree.

So they do on what is too much for one request.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import limits
from tests.contract.answer import Driver
from tests.contract.catalogue.sample import SAMPLE
from tests.contract.graphql_operations import FULL
from tests.fixtures import READING_ON_EACH
from tests.model import SORTS, Record, page
from tests.properties.budget import budget

Drivers = dict[str, Driver]
Tree = dict[str, Any]  # the names that are asked for; a relation has the tree below it

FIELDS = {
    "author": FULL["author"].split(","),
    "book": FULL["book"].split(","),
    "customer": FULL["customer"].split(","),
    "order": ["id", "customer_id", "order_date", "status", "total_amount", "item_count"],
    "item": FULL["item"].split(","),
}
RELATIONS = {
    "author": {"books": "book"},
    "book": {"author": "author"},
    "customer": {"orders": "order"},
    "order": {"customer": "customer", "items": "item"},
    "item": {"book": "book"},
}
DEPTH = 4  # relations below the root


def trees(entity: str, depth: int = DEPTH) -> st.SearchStrategy[Tree]:
    """A few fields, and now and then a relation with a tree of its own."""
    fields = st.lists(st.sampled_from(FIELDS[entity]), min_size=1, max_size=3, unique=True)
    if not depth:
        return fields.map(dict.fromkeys)
    relations = st.lists(st.sampled_from(sorted(RELATIONS[entity])), max_size=2, unique=True)
    below = relations.flatmap(lambda names: _below(entity, names, depth))
    return st.builds(_together, fields, below, st.randoms(use_true_random=False))


def _below(entity: str, names: list[str], depth: int) -> st.SearchStrategy[Tree]:
    return st.fixed_dictionaries(
        {name: trees(RELATIONS[entity][name], depth - 1) for name in names}
    )


def _together(fields: list[str], relations: Tree, random: Any) -> Tree:
    members = [*dict.fromkeys(fields).items(), *relations.items()]
    random.shuffle(members)
    return dict(members)


def paths(tree: Tree, before: str = "") -> list[str]:
    """The tree as REST's `fields` names it."""
    found = []
    for name, below in tree.items():
        found += paths(below, f"{before}{name}.") if below else [before + name]
    return found


def relations_of(tree: Tree) -> int:
    """How many relations it follows: each takes a statement at most."""
    return sum(1 + relations_of(below) for below in tree.values() if below)


def cost(entity: str, operation: str, arguments: Record, tree: Tree) -> int:
    """The most objects that a question could be answered with."""
    if operation.startswith("get_"):
        return _most(entity, tree)
    count = len(arguments["ids"]) if "ids" in arguments else arguments["limit"]
    return int(count * _most(entity, tree))


def _most(entity: str, tree: Tree) -> int:
    length = {"books": limits.DEFAULT_LIMIT, "orders": limits.DEFAULT_LIMIT,
              "items": limits.MAX_ORDER_ITEMS}  # fmt: skip
    return 1 + sum(
        length.get(name, 1) * _most(RELATIONS[entity][name], below)
        for name, below in tree.items()
        if below
    )


def shown(entity: str, row: Record, tree: Tree) -> Record:
    """What the model shows of a row."""
    record: Record = {}
    for name, below in tree.items():
        if not below:
            record[name] = len(row["items"]) if name == "item_count" else row[name]
            continue
        target = RELATIONS[entity][name]
        if name == "items":
            record[name] = [shown(target, item, below) for item in row["items"]]
        elif name in ("books", "orders"):
            children = page(list(_children(target, row["id"])))
            record[name] = [shown(target, child, below) for child in children]
        else:
            record[name] = shown(target, SAMPLE.table(name)[row[f"{name}_id"]], below)
    return record


_CHILDREN: dict[tuple[str, int], list[Record]] = {}
for _name, _column in (("book", "author_id"), ("order", "customer_id")):
    for _row in SAMPLE.table(_name).values():
        _CHILDREN.setdefault((_name, _row[_column]), []).append(_row)


def _children(name: str, parent: int) -> list[Record]:
    return _CHILDREN.get((name, parent), [])


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, str, Record, Tree]:
    """An entity, an operation with its arguments, and the tree that is asked for."""
    entity = draw(st.sampled_from(sorted(SORTS)))
    tree = draw(trees(entity))
    if draw(st.booleans()):
        row_id = draw(st.integers(1, 60))
        return entity, f"get_{entity}", {"id": row_id}, tree
    if draw(st.booleans()):
        ids = draw(st.lists(st.integers(1, 120), min_size=1, max_size=4))
        return entity, f"list_{entity}s", {"ids": ids}, tree
    sort = draw(st.sampled_from([s for key in SORTS[entity] for s in (key, f"-{key}")]))
    at = {"limit": draw(st.integers(1, 4)), "offset": draw(st.integers(0, 90)), "sort": sort}
    return entity, f"list_{entity}s", at, tree


def expected(entity: str, operation: str, arguments: Record, tree: Tree) -> Any:
    if operation.startswith("get_"):
        return shown(entity, SAMPLE.table(entity)[arguments["id"]], tree)
    if "ids" in arguments:
        rows = SAMPLE.by_ids(entity, arguments["ids"])
    else:
        rows = SAMPLE.listed(entity, **arguments)
    return [shown(entity, row, tree) for row in rows]


def check(reading: Drivers, question: tuple[str, str, Record, Tree]) -> None:
    entity, operation, arguments, tree = question
    if cost(*question) > limits.MAX_COST:
        for name, driver in reading.items():
            answer = driver.run(operation, {**arguments, "fields": ",".join(paths(tree))})
            assert (answer.code, answer.response.statements) == ("TOO_COMPLEX", 0), name
        return
    wanted = json.dumps(expected(entity, operation, arguments, tree))
    asked = {**arguments, "fields": ",".join(paths(tree))}
    for name, driver in reading.items():
        answer = driver.run(operation, asked)
        if name == "unbatched" and answer.code == "TOO_COMPLEX":  # a statement for each parent
            assert (answer.response.statements or 0) >= limits.MAX_STATEMENTS
            continue
        assert answer.code is None, answer
        assert json.dumps(answer.value) == wanted, name  # the order of the members too
        if name != "unbatched":
            assert answer.response.statements <= 1 + relations_of(tree), name


@READING_ON_EACH
@budget(80)
@given(question=questions())
def test_random_selections_agree(reading: Drivers, question: tuple[str, str, Record, Tree]) -> None:
    check({name: reading[name] for name in ("rest", "graphql")}, question)


@pytest.mark.slow
@budget(1_000)
@given(question=questions())
def test_many_random_selections_agree_on_every_endpoint(
    reading: Drivers, question: tuple[str, str, Record, Tree]
) -> None:
    check(reading, question)
