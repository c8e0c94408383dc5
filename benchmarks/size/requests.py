"""What is asked of bookstores of different sizes: the same kinds of requests, with equal answers.

Every kind answers as many objects at each size (a full page, or what few rows match everywhere),
so that times compare like with like. A filter that 3 books pass in a small bookstore and
thousands in a large one would compare a part of a page with a whole one.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from benchmarks.size.asking import PAGE, Kind, Row, Wanted, behind, in_graphql, lists, post
from shared.sample_data.generator import Size
from shared.sample_data.words import TOPICS

Look = Callable[[str], Row]  # a path of the REST server, to what it answers

VARIANTS: Final = 12  # requests that take turns, where any row will do

SORTS: Final = {
    "author": ("id", "name"),
    "book": ("id", "title", "price", "publication_date"),
    "customer": ("id", "name"),
    "order": ("id", "order_date", "total_amount"),
}
# Authors and customers who have more than a page already in a bookstore of 1,000.
_AUTHORS, _CUSTOMERS = (3, 4, 5), (3, 4)
_PRICES: Final = ((10, 20), (15, 35), (30, 45), (40, 70))
_STATUSES: Final = ("pending", "paid", "shipped", "delivered", "cancelled")
# The last one is nowhere, though each three letters of it are in nearly every description.
HARD: Final = "none, of frequent parts"
_WORDS: Final = {
    "frequent": ("guide", "history", "example"),
    "rare": ("kitchen",),
    "none": ("zzzzzz",),
    HARD: ("first, what to know",),
}


def kinds(books: int, look: Look, seed: int = 1) -> list[Kind]:
    """All kinds of requests, with values of a bookstore of this size."""
    random = Random(seed)
    return [
        *_points(Size(books), random),
        *_first_pages(),
        *_sorted_pages(),
        *_filtered_pages(),
        *_nested_pages(),
        *_deep_pages(Size(books), random, look),
        *_searches(),
    ]


def _points(size: Size, random: Random) -> Iterator[Kind]:
    for resource, count in _counts(size).items():
        ids = [random.randint(1, count) for _ in range(4 * VARIANTS)]
        paths = [f"/{resource}s/{row}" for row in ids]
        # An order has 1 to 5 items, at any size.
        objects = None if resource == "order" else 1
        yield Kind("point reads", resource, "rest", objects, tuple(map(Wanted, paths)))
        members = in_graphql(resource) + (" items { bookId }" if resource == "order" else "")
        query = f"query ($id: Int!) {{ {resource}(id: $id) {{ {members} }} }}"
        asked = tuple(post(query, id=row) for row in ids)
        yield Kind("point reads", resource, "graphql", objects, asked)


def _first_pages() -> Iterator[Kind]:
    for resource in SORTS:
        if resource == "order":  # the first 20 are of customers 1 and 2, with 3 items each
            yield Kind("first pages", "order", "rest", 4 * PAGE, (Wanted("/orders"),))
            query = f"{{ orders {{ {in_graphql('order')} items {{ bookId quantity price }} }} }}"
            yield Kind("first pages", "order", "graphql", 4 * PAGE, (post(query),))
        else:
            yield from lists("first pages", resource, resource, [{}])


def _sorted_pages() -> Iterator[Kind]:
    for resource in SORTS:
        for sort in _directions(resource)[1:]:  # the first is that of the first pages
            yield from lists("sorted pages", f"{resource} by {sort}", resource, [{}], sort)


def _filtered_pages() -> Iterator[Kind]:
    genres = [{"genre": genre} for genre in TOPICS]
    authors = [{"author_id": author} for author in _AUTHORS]
    ranges: list[Row] = [{"min_price": low, "max_price": high} for low, high in _PRICES]
    least: list[Row] = [{"min_price": low} for low, _ in _PRICES]
    books: dict[str, tuple[Sequence[Row], int]] = {
        "author": (authors, PAGE),
        "genre": (genres, PAGE),
        "price range": (ranges, PAGE),
        "least price": (least, PAGE),
        "greatest price": ([{"max_price": high} for _, high in _PRICES], PAGE),
        "a price of one book": ([{"min_price": 34.5, "max_price": 34.5}], 1),
        "author and genre": (_pairs(authors[:1], genres), 5),
        "author and price range": (_pairs(authors[:1], ranges), 5),
        "genre and price range": (_pairs(genres, ranges), 5),
        "author, genre and least price": (_pairs(authors[:1], _pairs(genres, least[:1])), 5),
    }  # fmt: skip
    customers = [{"customer_id": customer} for customer in _CUSTOMERS]
    statuses = [{"status": status} for status in _STATUSES]
    orders: dict[str, tuple[Sequence[Row], int]] = {
        "customer": (customers, PAGE),
        "status": (statuses, PAGE),
        "customer and status": (_pairs(customers[:1], statuses), 2),
    }
    for resource, by_name in (("book", books), ("order", orders)):
        for name, (filters, limit) in by_name.items():
            for sort in _directions(resource):
                group = "filtered pages" if sort == "id" else "filtered and sorted pages"
                title = f"{resource} by {name}" + (f", sorted by {sort}" if sort != "id" else "")
                yield from lists(group, title, resource, filters, sort, limit)


def _nested_pages() -> Iterator[Kind]:
    group = "nested pages"
    authors, customers = _csv(_AUTHORS), _csv((2,))
    rest = {
        # each with a page of books
        "authors with books": (f"/authors?ids={authors}&fields=id,name,books.id,books.title", 63),
        "an author's books": ("/authors/3/books", PAGE),
        "a customer's history": ("/customers/2/orders", PAGE),
        # customer 2 has 20 orders of 3 items
        "history with books": (
            f"/customers?ids={customers}&fields=name,orders.order_date,orders.items.book.title",
            1 + PAGE * 7,
        ),
        "books with authors": ("/books?fields=title,author.name", 2 * PAGE),
    }
    for name, (path, objects) in rest.items():
        yield Kind(group, name, "rest", objects, (Wanted(path),))
    graphql = {
        "authors with books": (f"authors(ids: [{authors}]) {{ id name books {{ id title }} }}", 63),
        "authors with books by price": (
            f"authors(ids: [{authors}]) {{ id books(sort: PRICE_DESC) {{ id title }} }}", 63,
        ),
        "20 authors with 5 books": (
            "authors(offset: 2) { id books(limit: 5) { id title } }", PAGE * 6,
        ),
        "20 authors with 5 books by title": (
            "authors(offset: 2) { id books(limit: 5, sort: TITLE) { id title } }", PAGE * 6,
        ),
        "10 customers with 5 orders by date": (
            "customers(offset: 2, limit: 10) { id orders(limit: 5, sort: ORDER_DATE_DESC) { id } }",
            60,
        ),
        "history with books": (
            "customer(id: 2) { name orders { orderDate items { book { title } } } }", 1 + PAGE * 7,
        ),
        "books with authors": ("books { title author { name } }", 2 * PAGE),
    }  # fmt: skip
    for name, (query, objects) in graphql.items():
        yield Kind(group, name, "graphql", objects, (post(f"{{ {query} }}"),))


def _deep_pages(size: Size, random: Random, look: Look) -> Iterator[Kind]:
    for resource, count in _counts(size).items():
        ids = [random.randint(count // 2, count - 2 * PAGE) for _ in range(VARIANTS)]
        rows = [look(f"/{resource}s/{row}") for row in ids]
        for sort in _directions(resource):
            name = f"{resource} by {sort}"
            yield from behind("deep pages", name, resource, [({}, row) for row in rows], sort)
        key = {"book": "genre", "order": "status"}.get(resource)
        if key is not None:
            for sort in _directions(resource):
                filtered = [({key: row[key]}, row) for row in rows]
                name = f"{resource} by {key}, sorted by {sort}"
                yield from behind("deep pages", name, resource, filtered, sort)


def _searches() -> Iterator[Kind]:
    objects = {"frequent": PAGE, "rare": 1}
    for kind, words in _WORDS.items():
        filters = [{"search": word} for word in words]
        group = "hard searches" if kind == HARD else "searches"
        for sort in _directions("book"):
            name = kind + (f", sorted by {sort}" if sort != "id" else "")
            full = objects.get(kind, 0)
            yield from lists(group, name, "book", filters, sort, max(full, 1), full)
        some = _pairs(filters, [{"genre": genre} for genre in TOPICS])
        if kind == "frequent":
            yield from lists("searches", f"{kind}, in a genre", "book", some, limit=5)


def _counts(size: Size) -> dict[str, int]:
    return {
        "author": size.authors,
        "book": size.books,
        "customer": size.customers,
        "order": size.orders,
    }


def _directions(resource: str) -> list[str]:
    return [f"{sign}{key}" for key in SORTS[resource] for sign in ("", "-")]


def _pairs(left: Sequence[Row], right: Sequence[Row]) -> list[Row]:
    return [{**one, **other} for one, other in itertools.product(left, right)]


def _csv(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))
