"""The sample data: the same rows each time, the quoted ones, sums that add up, and a skew."""

import hashlib
from collections import Counter
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import Table

from shared import models
from shared.rules import values
from shared.sample_data import generator
from shared.sample_data.generator import BATCH, generate, isbn13
from tests.model import Model

Rows = dict[str, list[dict[str, Any]]]

# By size and seed: SHA-256 of all rows, table by table, as they were in version 0.1.0.
DIGESTS = {
    (1_000, 1): "9f3da347dc61d35dab947ef43be39b01119d19782db918b9da5dad9743cc3d69",
    (1_000, 2): "db8ce3d414b02dac5d014c17bc168dd7dbd7b77662a9ffec36f80350511835cb",
    (5_000, 1): "fe2370dd0741e92844244b592bd71719a0152e11de9cfbfd5223463bac863fc0",
}


def rows(books: int = 1_000, seed: int = 1) -> Rows:
    found: Rows = {}
    for table, columns, batch in generate(books, seed):
        found.setdefault(table.name, []).extend(dict(zip(columns, r, strict=True)) for r in batch)
    return found


@pytest.fixture(scope="module")
def sample() -> Rows:
    return rows()


@pytest.fixture(scope="module")
def shown() -> Model:
    return Model()


def test_the_same_size_and_seed_give_the_same_rows(sample: Rows) -> None:
    assert rows() == sample


@pytest.mark.parametrize(("books", "seed"), DIGESTS)
def test_the_rows_of_a_size_and_a_seed_never_change(books: int, seed: int) -> None:
    found: dict[str, list[str]] = {}
    for table, columns, batch in generate(books, seed):
        found.setdefault(table.name, [repr(columns)]).extend(map(repr, batch))
    text = "\n".join("\n".join(found[name]) for name in sorted(found))
    assert hashlib.sha256(text.encode()).hexdigest() == DIGESTS[books, seed]


def test_another_seed_gives_other_rows_but_the_same_first_ones(sample: Rows) -> None:
    other = rows(seed=2)
    assert other["book"][15:] != sample["book"][15:]
    quoted = ("id", "title", "isbn", "price_cents", "publication_date", "author_id", "genre")
    for one, another in zip(other["book"][:15], sample["book"][:15], strict=True):
        assert [one[name] for name in quoted] == [another[name] for name in quoted]
    assert other["author"][:2] == sample["author"][:2]
    assert other["customer"][:2] == sample["customer"][:2]


@pytest.mark.parametrize("books", [30, 250, 1_000, 6_000])
def test_the_numbers_follow_from_the_number_of_books(books: int) -> None:
    counts = Counter({name: len(found) for name, found in rows(books).items()})
    del counts["order_item"]
    assert counts == {
        "author": max(3, books // 10),
        "book": books,
        "customer": max(3, books // 5),
        "order": max(25, books),
    }


def test_the_default_has_the_numbers_of_the_contract(sample: Rows) -> None:
    assert len(sample["author"]) == 100
    assert len(sample["book"]) == 1_000
    assert len(sample["customer"]) == 200
    assert len(sample["order"]) == 1_000
    per_order = Counter(item["order_id"] for item in sample["order_item"])
    assert set(per_order.values()) == {1, 2, 3, 4, 5}


def test_the_first_rows_are_the_quoted_ones(shown: Model) -> None:
    assert shown.author[1]["name"] == "Ada Marlowe"
    book = {name: value for name, value in shown.book[1].items() if name != "stock"}
    assert book == {
        "id": 1,
        "title": "Python Programming",
        "isbn": "9781234567897",
        "price": 29.99,
        "publication_date": "2023-01-15",
        "author_id": 1,
        "genre": "Programming",
        "description": "From the first line to a finished program.",
    }
    assert shown.customer[1] == {
        "id": 1,
        "name": "Grace Holm",
        "email": "grace.holm@example.com",
        "phone": "+1 555 0101",
        "address": "1 Library Lane, Booktown",
    }


@pytest.mark.parametrize("books", [30, 1_000])
def test_the_rows_that_screens_and_benchmarks_use(books: int) -> None:
    model = Model(books)
    assert [book["id"] for book in model.related("book", 1)] == [1, 2, 3, 4, 5]
    assert [book["id"] for book in model.related("book", 2)] == list(range(6, 16))
    first = model.related("order", 1)
    assert [order["id"] for order in first] == [1, 2, 3, 4, 5]
    assert [len(order["items"]) for order in first] == [3] * 5
    assert len({item["book_id"] for order in first for item in order["items"]}) == 15
    second = model.related("order", 2)
    assert [order["id"] for order in second] == list(range(6, 26))
    assert [len(order["items"]) for order in second] == [3] * 20


def test_totals_add_up(shown: Model) -> None:
    for order in shown.order.values():
        cents = sum(round(i["price"] * 100) * i["quantity"] for i in order["items"])
        assert round(order["total_amount"] * 100) == cents
        for item in order["items"]:
            assert item["price"] == shown.book[item["book_id"]]["price"]


def test_a_few_have_most_and_most_have_few(shown: Model) -> None:
    for column, table in (("author_id", shown.book), ("customer_id", shown.order)):
        counts = Counter(row[column] for row in table.values())
        ranked = [count for _, count in counts.most_common()]
        tenth = sum(ranked[: len(ranked) // 10])
        assert 0.2 < tenth / len(table) < 0.6
        assert ranked[0] > 5 * ranked[len(ranked) // 2]
        assert ranked[0] > 20  # more than a page: nested limits cut something


def test_what_must_be_unique_is(sample: Rows) -> None:
    for table, column in (("author", "email"), ("customer", "email"), ("book", "isbn")):
        found = [row[column] for row in sample[table]]
        assert len(set(found)) == len(found)


def test_what_may_be_empty_sometimes_is(sample: Rows) -> None:
    for table, column in (("author", "bio"), ("book", "description"), ("customer", "phone")):
        empty = sum(row[column] is None for row in sample[table])
        assert 0 < empty < len(sample[table]) / 2


def test_every_status_and_genre_comes(sample: Rows) -> None:
    assert {row["status"] for row in sample["order"]} == {str(s) for s in models.OrderStatus}
    assert len({row["genre"] for row in sample["book"]}) == 10


def test_a_later_order_has_a_later_date(sample: Rows) -> None:
    dates = [row["order_date"] for row in sample["order"]]
    assert dates == sorted(set(dates))
    assert all(date.endswith("Z") for date in dates)


def test_every_row_keeps_the_rules_of_the_bookstore(shown: Model) -> None:
    for name, model in (
        ("author", models.Author),
        ("book", models.Book),
        ("customer", models.Customer),
        ("order", models.Order),
    ):
        check = TypeAdapter(list[model]).validate_python
        found = check(list(shown.table(name).values()))
        assert [one.model_dump() for one in found] == list(shown.table(name).values())


@pytest.mark.parametrize("number", [0, 1, 16, 999_999_999])
def test_made_up_isbns_are_right(number: int) -> None:
    assert TypeAdapter(values.Isbn).validate_python(isbn13(number)) == isbn13(number)


def test_rows_come_in_batches_each_table_before_those_that_refer_to_it() -> None:
    seen: list[Table] = []
    for table, columns, batch in generate(BATCH + 1, 1):
        assert 0 < len(batch) <= 5 * BATCH  # the items of a batch of orders come together
        assert {len(row) for row in batch} == {len(columns)}
        for key in table.foreign_keys:
            assert key.column.table in seen
        seen.append(table)
    assert [table.name for table in seen].count("book") == 2


def test_a_search_text_keeps_title_and_description_apart() -> None:
    assert generator.search_text("STRASSE", "Ärger") == "strasse\x1färger"
    assert generator.search_text("Straße", None) == "strasse\x1f"
