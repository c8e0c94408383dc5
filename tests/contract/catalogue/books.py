"""What books have of their own: authors, prices, ISBNs, dates and the search. Ids: B-1xx."""

from tests.contract.case import Unique, author, book, case, customer, do, given, refused, the
from tests.contract.catalogue.sample import AWAY, SAMPLE

NOBODY = refused("UNKNOWN_REFERENCE", "author_id")
UNICODE = "Ünïcödé 図書 😀 \u2028 <b>&amp;\"'\\ \t"

CASES = [
    case(
        "B-101",
        "a book of an unknown author is UNKNOWN_REFERENCE",
        do("create_book", values=book(author_id=AWAY), refuses=NOBODY),
        given("book"),
        do("update_book", id=the("book.id"), values={"author_id": AWAY}, refuses=NOBODY),
        do("replace_book", id=the("book.id"), values=book(author_id=AWAY), refuses=NOBODY),
        do("get_book", id=the("book.id"), gives=the("book")),
    ),
    case(
        "B-102",
        "a book can be given to another author",
        given("author"),
        given("book"),
        do("update_book", id=the("book.id"), values={"author_id": the("author.id")}),
        do("get_author", id=the("author.id"), fields="id", named="of"),
        do("list_books", author_id=the("author.id"), fields="id", lists=[{"id": the("book.id")}]),
        do("get_book", id=the("book.id"), fields="author.id", gives={"author": the("of")}),
    ),
    *(
        case(
            f"B-11{number}",
            f"a price of {price} comes back as it was given",
            do("create_book", values=book(price=price), named="made", has={"price": price}),
            do("get_book", id=the("made.id"), has={"price": price}),
        )
        for number, price in enumerate((0, 0.01, 0.29, 1.15, 19.99, 999_999.99, 1_000_000))
    ),
    case(
        "B-120",
        "an ISBN is kept as its digits",
        do(
            "create_book",
            values=book(isbn="978-0-306-40615-7"),
            has={"isbn": "9780306406157"},
            named="long",
        ),
        do("create_book", values=book(isbn="9780306406157"), refuses=refused("DUPLICATE", "isbn")),
        do("delete_book", id=the("long.id")),
        do(
            "create_book",
            values=book(isbn="0 8044 2957 x"),
            has={"isbn": "080442957X"},
            named="short",
        ),
        do("delete_book", id=the("short.id")),
    ),
    case(
        "B-121",
        "a day may be given as its midnight in UTC, as RFC 3339 writes it",
        given("book"),
        *(
            do(
                "update_book",
                id=the("book.id"),
                values={"publication_date": f"{day}{midnight}"},
                has={"publication_date": day},
            )
            for day, midnight in (
                ("2023-01-15", ""),
                ("2024-02-29", "T00:00:00Z"),
                ("2023-01-16", "T00:00:00.000Z"),  # JavaScript's toISOString
                ("2023-01-17", "T00:00:00+00:00"),  # Python's isoformat
                ("2023-01-18", "T00:00:00.000000+00:00"),
                ("2023-01-19", "t00:00:00z"),
                ("2023-01-20", "T00:00:00.0z"),
            )
        ),
        do(
            "create_book",
            values=book(publication_date="2024-02-29T00:00:00.000+00:00"),
            has={"publication_date": "2024-02-29"},
        ),
    ),
    case(
        "B-122",
        "a whole number may be written with a point",
        do("create_book", values=book(stock=5.0), has={"stock": 5}),
        do("create_book", values=book(price=5), has={"price": 5.0}),
    ),
    case(
        "B-123",
        "text comes back as it was given",
        do("create_book", values=book(title=UNICODE, description=UNICODE), named="made",
           has={"title": UNICODE, "description": UNICODE}),
        do("get_book", id=the("made.id"), gives=the("made")),
        do("list_books", ids=[the("made.id")], lists=[the("made")]),
    ),
    case(
        "B-126",
        "text is kept in Unicode's NFC, and found however it is written",
        do(
            "create_author",
            values=author(name="Jose\u0301", bio="A\u030a"),
            has={"name": "Jos\xe9", "bio": "\xc5"},
        ),
        do(
            "create_book",
            values=book(title="Zoe\u0308 qu\xe4lt", genre="Fe\u0301e", description="o\u0302" * 999),
            has={"title": "Zo\xeb qu\xe4lt", "genre": "F\xe9e", "description": "\xf4" * 999},
            named="made",
        ),
        *(
            do(operation, fields="id", lists=[{"id": the("made.id")}], **{name: text})
            for operation, name in (("search_books", "query"), ("list_books", "search"))
            for text in ("zo\xeb qu\xe4lt", "ZOE\u0308 QUA\u0308LT", "oe\u0308 qua\u0308")
        ),
        *(
            do("list_books", genre=text, fields="id", lists=[{"id": the("made.id")}])
            for text in ("F\xe9e", "Fe\u0301e")
        ),
        do(
            "update_book",
            id=the("made.id"),
            values={"title": "\u1e9b\u0323 e\u0301"},
            has={"title": "\u1e9b\u0323 \xe9"},
        ),
        do("search_books", query="\u1e69 e\u0301", fields="id", lists=[{"id": the("made.id")}]),
        do("delete_book", id=the("made.id")),
        do(
            "create_customer",
            values=customer(address="i\u0308", phone="e\u0300"),
            has={"address": "\xef", "phone": "\xe8"},
        ),
    ),
    case(
        "B-127",
        "e-mail addresses that look the same are one",
        do(
            "create_customer",
            values=customer(email="ze\u0301b@example.com"),
            has={"email": "z\xe9b@example.com"},
            named="made",
        ),
        do(
            "create_customer",
            values=customer(email="z\xe9b@example.com"),
            refuses=refused("DUPLICATE", "email"),
        ),
        do("delete_customer", id=the("made.id")),
    ),
    case(
        "B-124",
        "the longest text is taken",
        do(
            "create_book",
            values=book(title="😀" * 200, description="é" * 5_000, genre="x" * 100),
            named="made",
        ),
        do("get_book", id=the("made.id"), gives=the("made")),
    ),
    case(
        "B-125",
        "an e-mail address keeps its name and has its domain in lower case",
        given("author"),
        do(
            "update_author",
            id=the("author.id"),
            values={"email": "Some.Body.1@EXAMPLE.com"},
            has={"email": "Some.Body.1@example.com"},
        ),
        do("delete_author", id=the("author.id")),
    ),
    # -- search ------------------------------------------------------------------------------
    case(
        "B-201",
        "a search looks into titles and descriptions, in any case",
        *(
            do("search_books", query=text, limit=100,
               lists=SAMPLE.listed("book", limit=100, search=text), statements=1)
            for text in ("Python", "pYTHON", "what the planner thinks", "SQL")
        ),
    ),
    case(
        "B-202",
        "a search and the filter of a list find the same",
        do("list_books", search="Python", lists=SAMPLE.listed("book", search="Python")),
        do("search_books", query="Python", lists=SAMPLE.listed("book", search="Python")),
    ),
    case(
        "B-203",
        "a search that finds nothing is an empty list",
        do("search_books", query="no such book", lists=[]),
    ),
    case(
        "B-204",
        "a search knows no wildcards",
        *(do("search_books", query=text, lists=[]) for text in ("%%%", "___", "P%n", "Pyt*")),
    ),
    case(
        "B-205",
        "a search does not run from the title into the description",
        do("search_books", query="Python Programming", lists=[SAMPLE.book[1]]),
        do("search_books", query="ProgrammingFrom", lists=[]),
    ),
    case(
        "B-206",
        "a search has pages",
        do("search_books", query="Python", limit=2, offset=1,
           lists=SAMPLE.listed("book", search="Python", limit=2, offset=1)),
    ),
    case(
        "B-207",
        "a search finds what was written, and only that",
        do("create_book", values=book(title="Quillwork 77"), named="made"),
        do("search_books", query="quillwork 77", lists=[the("made")]),
        do("update_book", id=the("made.id"), values={"title": "Beadwork 77"}, named="now"),
        do("search_books", query="quillwork 77", lists=[]),
        do("search_books", query="BEADWORK 77", lists=[the("now")]),
        do("delete_book", id=the("made.id")),
        do("search_books", query="beadwork 77", lists=[]),
    ),
    case(
        "B-208",
        "three characters are enough, however they are written",
        do("search_books", query="SQL", lists=SAMPLE.listed("book", search="sql")),
        do("create_book", values=book(title="漢字表"), named="made"),
        do("search_books", query="漢字表", lists=[the("made")]),
        do("delete_book", id=the("made.id")),
    ),
    case(
        "B-209",
        "a search folds case as Unicode does",
        do("create_book", values=book(title="Die STRASSE nach Rom"), named="made"),
        do("search_books", query="straße nach", lists=[the("made")]),
        do("delete_book", id=the("made.id")),
    ),
    case(
        "B-130",
        "a stock can be set",
        given("book", stock=3),
        do("update_book", id=the("book.id"), values={"stock": 8}, has={"stock": 8}),
        do("update_book", id=the("book.id"), values={"stock": 0}, has={"stock": 0}),
    ),
    case(
        "B-131",
        "two books may have all but the ISBN alike",
        given("book"),
        do("create_book", values=book(isbn=Unique("isbn"))),
    ),
]  # fmt: skip
