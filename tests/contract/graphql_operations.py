"""What GraphQL calls the operations of the bookstore, their arguments and their members."""

_RESOURCES = ("author", "book", "customer", "order")
FILTERS = {
    "list_books": ("author_id", "genre", "min_price", "max_price", "search"),
    "list_orders": ("customer_id", "status"),
}
FILTERS |= {"page_books": FILTERS["list_books"], "page_orders": FILTERS["list_orders"]}
PAGE = {"sort": "{}Sort", "limit": "Int!", "offset": "Int!"}
_EXPECTED = {"expectedVersion": "Int"}
NESTED = {"list_books_of_author": "author", "list_orders_of_customer": "customer"}

# By operation: its kind, its field, and the types of its arguments.
OPERATIONS: dict[str, tuple[str, str, dict[str, str]]] = {
    **{
        f"list_{name}s": (
            "query",
            f"{name}s",
            {"ids": "[Int!]", "filter": f"{name.title()}Filter", **PAGE},
        )
        for name in _RESOURCES
    },
    **{f"get_{name}": ("query", name, {"id": "Int!"}) for name in _RESOURCES},
    **{
        f"create_{name}": ("mutation", f"create{name.title()}", {"input": f"{name.title()}Create!"})
        for name in _RESOURCES[:3]
    },
    **{
        f"{verb}_{name}": (
            "mutation",
            f"update{name.title()}",
            {"id": "Int!", "input": f"{name.title()}Update!", **_EXPECTED},
        )
        for name in _RESOURCES[:3]
        for verb in ("update", "replace")
    },
    **{
        f"delete_{name}": ("mutation", f"delete{name.title()}", {"id": "Int!", **_EXPECTED})
        for name in _RESOURCES
    },
    **{
        f"page_{name}s": (
            "query",
            f"{name}sConnection",
            {"first": "Int!", "after": "String", "filter": f"{name.title()}Filter"},
        )
        for name in _RESOURCES
    },
    "search_books": (
        "query",
        "searchBooks",
        {"query": "String!", "limit": "Int!", "offset": "Int!"},
    ),
    "list_books_of_author": ("query", "author", {"id": "Int!"}),
    "list_orders_of_customer": ("query", "customer", {"id": "Int!"}),
    "place_order": (
        "mutation",
        "placeOrder",
        {"input": "OrderCreate!", "idempotencyKey": "String"},
    ),
    "set_order_status": (
        "mutation",
        "setOrderStatus",
        {"id": "Int!", "status": "OrderStatus!", **_EXPECTED},
    ),
}
# The members of REST's representations, which the driver asks for where a case names none.
FULL = {
    "author": "id,name,email,bio",
    "book": "id,title,isbn,price,publication_date,author_id,genre,description,stock",
    "customer": "id,name,email,phone,address",
    "order": "id,customer_id,order_date,status,total_amount,items",
    "item": "book_id,quantity,price",
    "summary": "id,order_date,status,total_amount,item_count",
}
NAMES = {"version": "expected_version", "key": "idempotency_key"}
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
# REST's PUT is an update that gives every member.
LEFT_OUT = {
    "author": {"name": None, "email": None, "bio": None},
    "book": dict.fromkeys(FULL["book"].split(",")[1:]) | {"stock": 0},
    "customer": {"name": None, "email": None, "phone": None, "address": None},
}
ENTITIES = {"author": "author", "book": "book", "books": "book", "customer": "customer",
             "orders": "order", "items": "item"}  # fmt: skip
