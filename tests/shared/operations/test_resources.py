"""What authors, books and customers have in common: create, replace, merge, delete."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from shared import models
from shared.database import Connection, Database
from shared.errors import Duplicate, InUse, NotFound
from shared.models import Input, Update
from shared.operations import authors, books, customers
from shared.reading.catalogue import ENTITIES
from shared.reading.selection import parse_fields
from shared.rules.validation import validated
from shared.storage.statements import Statement

Refused = Callable[..., Any]


@dataclass(frozen=True)
class Resource:
    """The operations of a resource, and rows to try them with."""

    name: str
    create: Callable[..., Any]
    get: Callable[..., Any]
    replace: Callable[..., Any]
    update: Callable[..., Any]
    delete: Callable[..., Any]
    new: type[Input]
    changes: type[Update]
    whole: dict[str, Any]  # with every member
    least: dict[str, Any]  # with what is required only, other values than `whole`
    emptied: dict[str, Any]  # what the left out members become
    unique: str
    referrers: str


AUTHORS = Resource(
    "author",
    authors.create_author,
    authors.get_author,
    authors.replace_author,
    authors.update_author,
    authors.delete_author,
    models.AuthorCreate,
    models.AuthorUpdate,
    {"name": "Nia Okoro", "email": "nia@example.com", "bio": "Writes."},
    {"name": "Nia O.", "email": "nia.o@example.com"},
    {"bio": None},
    "email",
    "books",
)
BOOKS = Resource(
    "book",
    books.create_book,
    books.get_book,
    books.replace_book,
    books.update_book,
    books.delete_book,
    models.BookCreate,
    models.BookUpdate,
    {
        "title": "New",
        "isbn": "080442957X",
        "price": 12.34,
        "publication_date": "2024-02-29",
        "author_id": 2,
        "genre": "Art",
        "description": "All of it.",
        "stock": 7,
    },
    {
        "title": "Newer",
        "isbn": "0306406152",
        "price": 0.0,
        "publication_date": "2024-03-01",
        "author_id": 3,
        "genre": "Travel",
    },
    {"description": None, "stock": 0},
    "isbn",
    "orders",
)
CUSTOMERS = Resource(
    "customer",
    customers.create_customer,
    customers.get_customer,
    customers.replace_customer,
    customers.update_customer,
    customers.delete_customer,
    models.CustomerCreate,
    models.CustomerUpdate,
    {"name": "Sam Ito", "email": "sam@example.com", "phone": "+1", "address": "Here"},
    {"name": "S. Ito", "email": "sam.ito@example.com"},
    {"phone": None, "address": None},
    "email",
    "orders",
)
EACH = pytest.mark.parametrize("kind", [AUTHORS, BOOKS, CUSTOMERS], ids=lambda kind: kind.name)


@EACH
def test_creating(connection: Connection, kind: Resource) -> None:
    made = kind.create(connection, validated(kind.new, kind.whole))
    assert made == {"id": made["id"], **kind.whole}
    assert kind.get(connection, made["id"]) == made


@EACH
def test_what_is_left_out_is_empty(connection: Connection, kind: Resource) -> None:
    made = kind.create(connection, validated(kind.new, kind.least))
    assert made == {"id": made["id"], **kind.least, **kind.emptied}


@EACH
def test_replacing_sets_every_member(connection: Connection, kind: Resource) -> None:
    made = kind.create(connection, validated(kind.new, kind.whole))
    replaced = kind.replace(connection, made["id"], validated(kind.new, kind.least))
    assert replaced == {"id": made["id"], **kind.least, **kind.emptied}
    assert kind.get(connection, made["id"]) == replaced


@EACH
def test_updating_sets_what_is_given_and_nothing_else(
    connection: Connection, kind: Resource
) -> None:
    made = kind.create(connection, validated(kind.new, kind.whole))
    for name, value in kind.least.items():
        changed = kind.update(connection, made["id"], validated(kind.changes, {name: value}))
        made = {**made, name: value}
        assert changed == made
        assert kind.get(connection, made["id"]) == made


@EACH
def test_an_update_without_members_changes_nothing(connection: Connection, kind: Resource) -> None:
    before = kind.get(connection, 1)
    assert kind.update(connection, 1, kind.changes()) == before


@EACH
def test_writes_answer_what_is_selected(connection: Connection, kind: Resource) -> None:
    selection = parse_fields(ENTITIES[kind.name], "id")
    made = kind.create(connection, validated(kind.new, kind.whole), selection)
    assert list(made) == ["id"]
    new = validated(kind.new, kind.least)
    assert kind.replace(connection, made["id"], new, selection) == made
    assert kind.update(connection, made["id"], kind.changes(), selection) == made


@EACH
def test_deleting(connection: Connection, kind: Resource) -> None:
    made = kind.create(connection, validated(kind.new, kind.whole))
    kind.delete(connection, made["id"])
    with pytest.raises(NotFound):
        kind.get(connection, made["id"])
    with pytest.raises(NotFound):
        kind.delete(connection, made["id"])


@EACH
def test_an_id_is_never_used_twice(connection: Connection, kind: Resource) -> None:
    first = kind.create(connection, validated(kind.new, kind.whole))
    kind.delete(connection, first["id"])
    second = kind.create(connection, validated(kind.new, kind.whole))
    assert second["id"] > first["id"]


@EACH
def test_what_is_not_there_is_named(refused: Refused, kind: Resource) -> None:
    says = f"^there is no {kind.name} with id 99999$"
    with refused(NotFound, says) as connection:
        kind.get(connection, 99_999)
    with refused(NotFound, says) as connection:
        kind.replace(connection, 99_999, validated(kind.new, kind.whole))
    with refused(NotFound, says) as connection:
        kind.update(connection, 99_999, kind.changes())
    for name, value in kind.least.items():
        with refused(NotFound, says) as connection:
            kind.update(connection, 99_999, validated(kind.changes, {name: value}))
    with refused(NotFound, says) as connection:
        kind.delete(connection, 99_999)


@EACH
def test_a_unique_value_that_is_taken_is_named(
    database: Database, refused: Refused, kind: Resource
) -> None:
    with database.reading() as connection:
        taken = kind.get(connection, 1)[kind.unique]
        before = kind.get(connection, 2)
    says = f"^{kind.unique} '{taken}' is taken by another {kind.name}$"
    new = validated(kind.new, {**kind.whole, kind.unique: taken})
    with refused(Duplicate, says) as connection:
        kind.create(connection, new)
    with refused(Duplicate, says) as connection:
        kind.replace(connection, 2, new)
    with refused(Duplicate, says) as connection:
        kind.update(connection, 2, validated(kind.changes, {kind.unique: taken}))
    with pytest.raises(Duplicate) as raised, database.writing() as connection:
        kind.create(connection, new)
    assert raised.value.field == kind.unique
    with database.reading() as connection:
        assert kind.get(connection, 2) == before


@EACH
def test_its_own_unique_value_is_not_taken(connection: Connection, kind: Resource) -> None:
    own = kind.get(connection, 1)
    changes = validated(kind.changes, {kind.unique: own[kind.unique]})
    assert kind.update(connection, 1, changes) == own


@EACH
def test_what_others_refer_to_stays(database: Database, refused: Refused, kind: Resource) -> None:
    says = f"^{kind.name} 1 cannot be deleted: {kind.referrers} refer to it; delete them first$"
    with refused(InUse, says) as connection:
        kind.delete(connection, 1)
    with database.reading() as connection:
        assert kind.get(connection, 1)["id"] == 1


@EACH
def test_each_change_counts_the_version_up(connection: Connection, kind: Resource) -> None:
    table = ENTITIES[kind.name].table
    statement = Statement(select(table.c.version).where(table.c.id == bindparam("row_id")))

    def version(row_id: int) -> int:
        row = connection.first(statement, row_id=row_id)
        assert row
        return int(row[0])

    made = kind.create(connection, validated(kind.new, kind.whole))
    assert version(made["id"]) == 1
    kind.update(connection, made["id"], kind.changes())
    assert version(made["id"]) == 1  # nothing was changed
    kind.update(connection, made["id"], validated(kind.changes, kind.least))
    assert version(made["id"]) == 2
    kind.replace(connection, made["id"], validated(kind.new, kind.whole))
    assert version(made["id"]) == 3
    assert version(1) == 1
