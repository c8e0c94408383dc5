"""What a hostile client sends: requests within the limits, or just beyond, that take long.

Hardly any are the same, so that nothing that is remembered makes them cheap.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from graphql import get_introspection_query

JSON: Final = {"Content-Type": "application/json"}
_SORTS: Final = ("ID", "TITLE", "PRICE", "PUBLICATION_DATE")
_FIELDS: Final = (
    "id", "title", "isbn", "price", "stock", "genre", "publicationDate", "authorId", "version",
    "description",
)  # fmt: skip
_REST_FIELDS: Final = ("id", "title", "isbn", "price", "stock", "genre", "description")


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    path: str
    body: bytes | None = None


Make = Callable[[random.Random, int], Request]


@dataclass(frozen=True)
class Attack:
    """One kind of request.

    Attributes:
        server: `rest` or `graphql`.
        make: a request of this kind, by chance and by a number that none has had.
    """

    name: str
    server: str
    make: Make

    def requests(self, seed: int) -> Iterator[Request]:
        """Without end."""
        chance = random.Random(seed)
        for number in count():
            yield self.make(chance, number)


# -- GraphQL ---------------------------------------------------------------------------------


def _asked(query: str, variables: Any = None, path: str = "/graphql") -> Request:
    body = {"query": query} if variables is None else {"query": query, "variables": variables}
    return Request("POST", path, orjson.dumps(body))


def _new_lists(path: str) -> Make:
    """85 lists with a filter that finds nothing; sorts, fields and names differ each time."""
    filters = {"f": {"search": "zzz", "minPrice": 1, "maxPrice": 2, "genre": "x"}}

    def make(chance: random.Random, number: int) -> Request:
        lists = " ".join(
            f"a{number}_{n}: books(filter: $f, sort: {chance.choice(_SORTS)}"
            f"{chance.choice(('', '_DESC'))}, limit: 1) {{{' '.join(chance.sample(_FIELDS, 2))}}}"
            for n in range(85)
        )
        return _asked(f"query($f: BookFilter) {{ {lists} }}", filters, path)

    return make


def _searches(lists: int, arguments: str) -> Make:
    """Searches that many books pass, sorted by another key than they are found by."""

    def make(chance: random.Random, number: int) -> Request:
        each = " ".join(
            f"b{n}: books(filter: $f, sort: PRICE_DESC{arguments}{chance.randrange(100)}) {{id}}"
            for n in range(lists)
        )
        return _asked(f"query S{number}($f: BookFilter) {{ {each} }}", {"f": {"search": "the"}})

    return make


def _deep_offsets(_: random.Random, number: int) -> Request:
    lists = " ".join(
        f"c{n}: books(filter: {{minPrice: {n}}}, sort: TITLE, offset: {9_900 + n}, limit: 1) "
        "{ id }"
        for n in range(60)
    )
    return _asked(f"query O{number} {{ {lists} }}")


def _introspections(_: random.Random, number: int) -> Request:
    schemas = " ".join(f"s{n}: __schema {{ types {{ name }} }}" for n in range(60))
    return _asked(f"query I{number} {{ {schemas} }}")


def _introspection(_: random.Random, number: int) -> Request:
    deep = "types { fields { type { ofType { ofType { fields { args { type { name } } } } } } } }"
    whole = get_introspection_query().replace("__schema {", f"__schema {{ d{number}: {deep}", 1)
    return _asked(whole)


def _overlaps(_: random.Random, number: int) -> Request:
    return _asked(f"query V{number} {{ book(id: 1) {{ {'title ' * 108} }} }}")


def _fragments(_: random.Random, number: int) -> Request:
    spreads = " ".join(f"...F{n}" for n in range(60))
    each = " ".join(f"fragment F{n} on Book {{ id title author {{ name }} }}" for n in range(60))
    return _asked(f"query W{number} {{ book(id: 1) {{ {spreads} }} }} {each}")


def _wrong_fields(_: random.Random, number: int) -> Request:
    return _asked("{ book(id: 1) {" + " ".join(f"w{number}_{n}" for n in range(1_900)) + "} }")


def _large(path: str) -> Make:
    def make(_: random.Random, number: int) -> Request:
        lists = "books(limit: 98) { id title isbn price genre description stock }"
        return _asked(f"query L{number} {{ authors(limit: 100) {{ name {lists} }} }}", path=path)

    return make


def _orders(path: str) -> Make:
    def make(_: random.Random, number: int) -> Request:
        inner = "items { quantity price book { title description author { name } } }"
        query = f"query R{number} {{ orders(limit: 100) {{ orderDate {inner} }} }}"
        return _asked(query, path=path)

    return make


def _wide(path: str) -> Make:
    def make(_: random.Random, number: int) -> Request:
        leaves = " ".join(f"e{n}: description" for n in range(98))
        return _asked(f"query D{number} {{ books(limit: 100) {{ {leaves} }} }}", path=path)

    return make


def _variables(_: random.Random, number: int) -> Request:
    query = "query($ids: [Int!]) { books(ids: $ids) { id } }"
    return _asked(query, {"ids": [*range(1, 130_000), number]})


def _unknown_variables(_: random.Random, number: int) -> Request:
    query = "mutation($i: AuthorCreate!) { createAuthor(input: $i) { id } }"
    return _asked(query, {"i": {f"unknown{n}": n for n in range(number, number + 45_000)}})


def _literals(_: random.Random, number: int) -> Request:
    values = " ".join(f'"{n}"' for n in range(1_900))
    return _asked(f"query T{number} {{ books(ids: [{values}]) {{ id }} }}")


# -- REST ------------------------------------------------------------------------------------


def _got(path: str, **query: object) -> Request:
    return Request("GET", f"{path}?{urlencode(query)}" if query else path)


def _unknown_members(_: random.Random, number: int) -> Request:
    body = {f"unknown{n}": n for n in range(number, number + 45_000)}
    return Request("POST", "/authors", orjson.dumps(body))


def _unknown_of_items(_: random.Random, number: int) -> Request:
    item = {f"unknown{n}": n for n in range(number, number + 45_000)}
    return Request("POST", "/orders", orjson.dumps({"customer_id": 1, "items": [item]}))


def _long_list(_: random.Random, number: int) -> Request:
    items = [{"book_id": number + n, "quantity": 1} for n in range(9_000)]
    return Request("POST", "/orders", orjson.dumps({"customer_id": 1, "items": items}))


def _lists(_: random.Random, number: int) -> Request:
    return Request("POST", "/orders", b'{"customer_id": %d, "items": [' % number + b"[]," * 300_000)


def _levels(_: random.Random, number: int) -> Request:
    nested = (b"[" * 1_000 + b"]" * 1_000 + b",") * 450
    return Request("POST", "/orders", b'{"n": %d, "items": [' % number + nested + b"0]}")


def _numbers(_: random.Random, number: int) -> Request:
    digits = (b"9" * 4_300 + b",") * 220
    return Request("POST", "/orders", b'{"n": %d, "items": ["\\ud800",' % number + digits + b"0]}")


def _same_members(_: random.Random, number: int) -> Request:
    return Request("POST", "/authors", b'{"n": %d' % number + b',"name":1' * 49_000 + b"}")


def _rest_searches(chance: random.Random, number: int) -> Request:
    fields = ",".join(chance.sample(_REST_FIELDS, 3))
    return _got("/books", search="the", sort="-price", offset=number % 10_000, fields=fields)


def _rest_nothing(chance: random.Random, number: int) -> Request:
    sort = chance.choice(("title", "-title", "publication_date", "-publication_date"))
    prices = {"min_price": 1 + number % 50 / 100, "max_price": 2, "genre": "x"}
    return _got("/books", search=f"zz{number}", sort=sort, **prices)


def _rest_offsets(_: random.Random, number: int) -> Request:
    return _got("/books", min_price=number % 99, sort="title", offset=9_999, limit=1)


def _rest_large(_: random.Random, number: int) -> Request:
    fields = f"name,books,books.author.{('name', 'email', 'bio')[number % 3]}"
    return _got("/authors", limit=100, offset=number % 2, fields=fields)


def _rest_orders(_: random.Random, number: int) -> Request:
    fields = f"order_date,items,items.book,items.book.author.{('name', 'bio')[number % 2]}"
    return _got("/orders", limit=100, offset=number % 900, fields=fields)


def _rest_paths(chance: random.Random, _: int) -> Request:
    paths: list[str] = []
    while sum(map(len, paths)) + len(paths) < 1_900:
        way = "author.books." * chance.randrange(3)
        paths.append(way + chance.choice(_REST_FIELDS))
    return _got("/books/1", fields=",".join(paths))


ATTACKS: Final = (
    Attack("85 new lists", "graphql", _new_lists("/graphql")),
    Attack("85 new lists, dataloader", "graphql", _new_lists("/graphql/dataloader")),
    Attack("93 searches sorted by price", "graphql", _searches(93, ", offset: ")),
    Attack("as many searches as may be", "graphql", _searches(80, ", limit: 1, offset: ")),
    Attack("60 deep offsets", "graphql", _deep_offsets),
    Attack("60 introspections", "graphql", _introspections),
    Attack("a deep introspection", "graphql", _introspection),
    Attack("a field 108 times", "graphql", _overlaps),
    Attack("60 fragments", "graphql", _fragments),
    Attack("1,900 wrong fields", "graphql", _wrong_fields),
    Attack("9,900 objects", "graphql", _large("/graphql")),
    Attack("9,900 objects, dataloader", "graphql", _large("/graphql/dataloader")),
    Attack("9,900 objects, unbatched", "graphql", _large("/graphql/unbatched")),
    Attack("100 orders with all", "graphql", _orders("/graphql")),
    Attack("100 orders with all, dataloader", "graphql", _orders("/graphql/dataloader")),
    Attack("9,800 descriptions", "graphql", _wide("/graphql")),
    Attack("9,800 descriptions, dataloader", "graphql", _wide("/graphql/dataloader")),
    Attack("130,000 ids as a variable", "graphql", _variables),
    Attack("45,000 unknown members", "graphql", _unknown_variables),
    Attack("1,900 literals of a wrong type", "graphql", _literals),
    Attack("45,000 unknown members", "rest", _unknown_members),
    Attack("45,000 unknown members of an item", "rest", _unknown_of_items),
    Attack("9,000 items", "rest", _long_list),
    Attack("300,000 lists", "rest", _lists),
    Attack("450,000 levels", "rest", _levels),
    Attack("numbers of 4,300 digits", "rest", _numbers),
    Attack("a member 49,000 times", "rest", _same_members),
    Attack("a search sorted by price", "rest", _rest_searches),
    Attack("a search that finds nothing", "rest", _rest_nothing),
    Attack("a deep offset", "rest", _rest_offsets),
    Attack("100 authors with all", "rest", _rest_large),
    Attack("100 orders with all", "rest", _rest_orders),
    Attack("fields of 1,900 characters", "rest", _rest_paths),
)
