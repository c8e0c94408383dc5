"""What asks for too much: the most objects that it could give are counted alike. Ids: F-1xx."""

from tests.contract.case import case, do, refused

_DEEP, _DEEP_COST = "author.books.author.books.title", 2 + 20 * 22

# Of each: the operation, its arguments, and the most objects that it can give.
_TOO_MUCH = [
    # 100 authors with 20 books each, those with their author, that one with 20 books
    ("list_authors", {"limit": 100, "fields": "books.author.books.title"}, 100 * (1 + 20 * 22)),
    # an order has 20 items at most, each with a book, that with its author and his 20 books
    ("list_orders", {"limit": 30, "fields": "items.book.author.books.id"}, 30 * (1 + 20 * 23)),
    (
        "get_customer",
        {"id": 1, "fields": "orders.items.book.author.books.author.name"},
        1 + 20 * (1 + 20 * (1 + 1 + 1 + 20 * 2)),
    ),
    ("list_books", {"limit": 30, "fields": "author.books.author.books.title"}, 30 * (2 + 20 * 22)),
    (
        "list_customers",
        {"ids": [1, 2, 3], "fields": "orders.items.book.author.books.title"},
        3 * (1 + 20 * (1 + 20 * 23)),
    ),
    ("page_authors", {"limit": 100, "fields": "books.author.books.title"}, 100 * (1 + 20 * 22)),
    # A search is as much as 50 objects, an order that no index has with it as 50, an offset as one
    # for each 100 rows.
    ("list_books", {"limit": 30, "search": "the", "fields": _DEEP}, 30 * _DEEP_COST + 50),
    (
        "list_books",
        {"limit": 30, "search": "the", "sort": "-price", "offset": 5_000, "fields": _DEEP},
        30 * _DEEP_COST + 50 + 50 + 50,
    ),
    (
        "list_books",
        {"limit": 30, "min_price": 1, "sort": "title", "fields": _DEEP},
        30 * _DEEP_COST + 50,
    ),
    (
        "list_books",
        {"limit": 30, "max_price": 99, "sort": "-price", "genre": "Databases", "fields": _DEEP},
        30 * _DEEP_COST,
    ),
    ("list_authors", {"limit": 100, "offset": 199, "fields": "books.author.books.title"}, 44_101),
]
_ENOUGH = [
    ("list_authors", {"limit": 100, "fields": "books.title,books.author.name"}),
    ("list_orders", {"limit": 20, "fields": "items.book.author.name"}),
    ("get_customer", {"id": 1, "fields": "orders.items.book.author.books.id"}),
    ("list_authors", {"ids": [1, 2], "fields": "books.author.books.title"}),
]

CASES = [
    case(
        f"F-1{number:02}",
        f"{operation} of {arguments['fields']} could give {cost} objects, and is refused",
        do(
            operation,
            **arguments,
            refuses=refused("TOO_COMPLEX", own_text=True, cost=cost),
        ),
    )
    for number, (operation, arguments, cost) in enumerate(_TOO_MUCH)
] + [
    case(
        f"F-2{number:02}",
        f"{operation} of {arguments['fields']} can not give too much",
        do(operation, **arguments),
    )
    for number, (operation, arguments) in enumerate(_ENOUGH)
]
