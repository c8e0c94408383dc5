"""What GraphQL has of its own, as documents. Ids: G."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PARSE = "GRAPHQL_PARSE_FAILED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
VALUE = "VALIDATION"


@dataclass(frozen=True)
class Document:
    """A document, and what must come back.

    Attributes:
        data: exactly this, where nothing is refused.
        code: of the first error.
        names: what its message or its field must name.
    """

    id: str
    fact: str
    query: Any
    data: Any = None
    code: str | None = None
    names: str | None = None
    variables: Any = None
    operation: Any = None

    def request(self) -> dict[str, Any]:
        """The body of the request."""
        body = {"query": self.query}
        if self.variables is not None:
            body["variables"] = self.variables
        if self.operation is not None:
            body["operationName"] = self.operation
        return body

    def __str__(self) -> str:
        return f"{self.id} MUST {self.fact}"


def gives(case_id: str, fact: str, query: str, data: Any, **more: Any) -> Document:
    """A document that is answered with this data."""
    return Document(case_id, fact, query, data, **more)


def refuses(
    case_id: str, fact: str, query: Any, code: str, names: str | None = None, **more: Any
) -> Document:
    """A document that is refused."""
    return Document(case_id, fact, query, None, code, names, **more)


ADA = {"name": "Ada Marlowe"}
PYTHON = {"title": "Python Programming"}

_ANSWERED = [
    gives(
        "G-001", "an id may stand in the document", "{ author(id: 1) { name } }", {"author": ADA}
    ),
    gives(
        "G-002",
        "an id may be a variable",
        "query($authorId: Int!) { author(id: $authorId) { name } }",
        {"author": ADA},
        variables={"authorId": 1},
    ),
    gives(
        "G-003",
        "a variable may have a default",
        "query($id: Int! = 1) { author(id: $id) { name } }",
        {"author": ADA},
    ),
    gives(
        "G-004",
        "what is not there is null and no error",
        "{ book(id: 999999) { title } }",
        {"book": None},
    ),
    gives(
        "G-005",
        "one that is not there leaves the others",
        "{ a: book(id: 999999) { title } b: book(id: 1) { title } }",
        {"a": None, "b": PYTHON},
    ),
    gives(
        "G-006",
        "aliases name members",
        "{ one: author(id: 1) { is: name } }",
        {"one": {"is": "Ada Marlowe"}},
    ),
    gives(
        "G-007",
        "fragments are spread",
        "query { book(id: 1) { ...T author { ... on Author { ...N } } } }"
        " fragment T on Book { title } fragment N on Author { name }",
        {"book": {**PYTHON, "author": ADA}},
    ),
    gives(
        "G-008",
        "@include and @skip decide",
        "query($yes: Boolean!, $no: Boolean!) { book(id: 1) { title @include(if: $yes)"
        " isbn @skip(if: $yes) genre @include(if: $no) author @include(if: $no) { name } } }",
        {"book": PYTHON},
        variables={"yes": True, "no": False},
    ),
    gives(
        "G-009",
        "members come in the order of the document",
        "{ book(id: 1) { title __typename id } }",
        {"book": {"title": "Python Programming", "__typename": "Book", "id": 1}},
    ),
    gives(
        "G-010",
        "the same member twice is one",
        "{ book(id: 1) { title title author { name } author { id } } }",
        {"book": {**PYTHON, "author": {"name": "Ada Marlowe", "id": 1}}},
    ),
    gives(
        "G-011",
        "an operation is chosen by its name",
        "query A { author(id: 1) { name } } query B { book(id: 1) { title } }",
        {"book": PYTHON},
        operation="B",
    ),
    gives(
        "G-012",
        "variables that nobody declared are ignored",
        "{ book(id: 1) { title } }",
        {"book": PYTHON},
        variables={"unknown": 1},
    ),
    gives(
        "G-013",
        "null stands for an argument that is left out",
        "{ books(ids: null, filter: null, sort: null, limit: null) { id } }",
        {"books": [{"id": n} for n in range(1, 21)]},
    ),
    gives(
        "G-014",
        "null stands for a filter that is left out",
        "{ books(filter: {authorId: 1, genre: null, minPrice: null, search: null}) { id } }",
        {"books": [{"id": n} for n in range(1, 6)]},
    ),
    gives(
        "G-015",
        "an empty filter lets all pass",
        "{ books(filter: {}, limit: 2) { id } }",
        {"books": [{"id": 1}, {"id": 2}]},
    ),
    gives(
        "G-016",
        "ids are not cut at the limit of a list",
        "query($ids: [Int!]) { books(ids: $ids) { id } }",
        {"books": [{"id": n} for n in range(50, 0, -1)]},
        variables={"ids": list(range(50, 0, -1))},
    ),
    gives(
        "G-017",
        "one id stands for a list of one",
        "{ books(ids: 3) { id } }",
        {"books": [{"id": 3}]},
    ),
    gives(
        "G-018",
        "a price may be written without a point",
        "{ books(filter: {maxPrice: 20, authorId: 1}) { id } }",
        {"books": [{"id": 5}]},
    ),
    gives(
        "G-019",
        "statuses are the words of REST",
        '{ orders(ids: [1], ) { status } __type(name: "OrderStatus") { enumValues { name } } }',
        None,
    ),
    gives(
        "G-020",
        "the same field with other arguments needs an alias and gets its own page",
        "{ author(id: 2) { cheap: books(limit: 1, sort: PRICE) { id }"
        " dear: books(limit: 1, sort: PRICE_DESC) { id } } }",
        {"author": {"cheap": [{"id": 14}], "dear": [{"id": 9}]}},
    ),
    gives(
        "G-021",
        "a text may be written in every way GraphQL has",
        r'{ a: searchBooks(query: "\u0050ython Prog") { id }'
        ' b: searchBooks(query: """Python Prog""") { id } }',
        {"a": [{"id": 1}], "b": [{"id": 1}]},
    ),
    gives(
        "G-022",
        "comments and commas do not matter",
        "# what\n{,,book(id:1),{title,},}",
        {"book": PYTHON},
    ),
    gives(
        "G-023",
        "a customer's contact can be asked for",
        "{ customer(id: 1) { email phone address } }",
        {
            "customer": {
                "email": "grace.holm@example.com",
                "phone": "+1 555 0101",
                "address": "1 Library Lane, Booktown",
            }
        },
    ),
    gives(
        "G-024",
        "ids and their objects agree",
        "{ order(id: 1) { customerId customer { id }"
        " items { bookId book { id authorId author { id } } } } }",
        {
            "order": {
                "customerId": 1,
                "customer": {"id": 1},
                "items": [
                    {"bookId": n, "book": {"id": n, "authorId": 1, "author": {"id": 1}}}
                    for n in (1, 2, 3)
                ],
            }
        },
    ),
    gives(
        "G-025",
        "variables may stand inside of an input",
        "query($a: Int, $max: Float) { books(filter: {authorId: $a, maxPrice: $max}) { id } }",
        {"books": [{"id": 1}, {"id": 5}]},
        variables={"a": 1, "max": 30},
    ),
    gives(
        "G-026",
        "a variable that is left out leaves out the member",
        "query($a: Int, $max: Float) { books(filter: {authorId: $a, maxPrice: $max}) { id } }",
        {"books": [{"id": n} for n in range(1, 6)]},
        variables={"a": 1},
    ),
]

_GRAMMAR = [
    refuses("G-101", "what is no GraphQL does not parse", "{ book(id: 1) { title ", PARSE),
    refuses("G-102", "an empty document does not parse", "", PARSE),
    refuses("G-103", "only a comment does not parse", "# nothing", PARSE),
    refuses(
        "G-104",
        "half a character does not parse",
        r'{ searchBooks(query: "\uD83D x") { id } }',
        PARSE,
    ),
    refuses(
        "G-105", "an unknown field is invalid", "{ book(id: 1) { colour } }", INVALID, "colour"
    ),
    refuses(
        "G-106",
        "an unknown argument is invalid",
        "{ book(id: 1, colour: 2) { title } }",
        INVALID,
        "colour",
    ),
    refuses("G-107", "an object needs a selection", "{ book(id: 1) }", INVALID, "book"),
    refuses("G-108", "a scalar has none", "{ book(id: 1) { title { length } } }", INVALID, "title"),
    refuses("G-109", "an argument that is needed is missed", "{ book { title } }", INVALID, "id"),
    refuses("G-110", "an unknown fragment is invalid", "{ book(id: 1) { ...F } }", INVALID, "F"),
    refuses(
        "G-111",
        "a fragment in a circle is invalid",
        "{ book(id: 1) { ...F } } fragment F on Book { author { books { ...F } } }",
        INVALID,
        "F",
    ),
    refuses(
        "G-112", "an unknown variable is invalid", "{ book(id: $id) { title } }", INVALID, "id"
    ),
    refuses(
        "G-113",
        "a variable of another type is invalid",
        "query($id: String!) { book(id: $id) { title } }",
        INVALID,
        "id",
        variables={"id": "1"},
    ),
    refuses(
        "G-114",
        "conflicting fields are invalid",
        "{ author(id: 2) { books(limit: 1) { id } books(limit: 2) { id } } }",
        INVALID,
        "books",
    ),
    refuses(
        "G-115",
        "an unknown directive is invalid",
        "{ book(id: 1) @nothing { title } }",
        INVALID,
        "nothing",
    ),
    refuses(
        "G-116",
        "an unknown operation is refused",
        "query A { book(id: 1) { title } }",
        VALUE,
        "operation_name",
        operation="B",
    ),
    refuses(
        "G-117",
        "of two operations one must be chosen",
        "query A { book(id: 1) { title } } query B { book(id: 1) { title } }",
        VALUE,
    ),
    refuses(
        "G-118",
        "two operations of one name are invalid",
        "query A { book(id: 1) { title } } query A { book(id: 2) { title } }",
        INVALID,
        "A",
    ),
    refuses("G-119", "there is no subscription", "subscription { orders { id } }", INVALID),
    refuses("G-120", "only a fragment is no operation", "fragment F on Book { title }", INVALID),
    refuses(
        "G-121",
        "a mutation that asks for what is not there does nothing",
        'mutation { createAuthor(input: {name: "X", email: "unasked@example.com"}) { colour } }',
        INVALID,
        "colour",
    ),
]

_VALUES = [
    refuses("G-201", "a text is no id", '{ book(id: "1") { title } }', VALUE, "id"),
    refuses("G-202", "a fraction is no id", "{ book(id: 1.5) { title } }", VALUE, "id"),
    refuses("G-203", "an id has 32 bits", "{ book(id: 2147483648) { title } }", VALUE, "id"),
    refuses(
        "G-204",
        "an id of 70 digits is none",
        f"{{ book(id: {'9' * 70}) {{ title }} }}",
        VALUE,
        "id",
    ),
    refuses(
        "G-205",
        "an id of 5,000 digits is none",
        f"{{ book(id: {'9' * 5_000}) {{ title }} }}",
        VALUE,
        "id",
    ),
    refuses("G-206", "null is no id", "{ book(id: null) { title } }", VALUE, "id"),
    refuses(
        "G-207", "a word is no status", "{ orders(filter: {status: lost}) { id } }", VALUE, "status"
    ),
    refuses(
        "G-208",
        "a status is no text",
        '{ orders(filter: {status: "paid"}) { id } }',
        VALUE,
        "status",
    ),
    refuses("G-209", "a sort key is one of those", "{ books(sort: COLOUR) { id } }", VALUE, "sort"),
    refuses(
        "G-210",
        "a filter has no other members",
        "{ books(filter: {colour: 1}) { id } }",
        VALUE,
        "colour",
    ),
    refuses(
        "G-211",
        "a price of 400 digits is none",
        f"{{ books(filter: {{minPrice: {'9' * 400}}}) {{ id }} }}",
        VALUE,
        "minPrice",
    ),
    refuses(
        "G-212",
        "a price of 5,000 digits is none",
        f"{{ books(filter: {{minPrice: {'9' * 5_000}.5}}) {{ id }} }}",
        VALUE,
        "minPrice",
    ),
    refuses(
        "G-213",
        "a limit in the document is held to the rule",
        "{ books(limit: 101) { id } }",
        VALUE,
        "limit",
    ),
    refuses(
        "G-214",
        "a nested limit is held to the rule",
        "{ author(id: 1) { books(limit: 0) { id } } }",
        VALUE,
        "limit",
    ),
    refuses(
        "G-215",
        "a nested limit deep below is held to the rule",
        "{ books(limit: 1) { author { books(offset: 10001) { id } } } }",
        VALUE,
        "offset",
    ),
    refuses(
        "G-216",
        "a variable that is needed is missed",
        "query($id: Int!) { book(id: $id) { title } }",
        VALUE,
        "id",
    ),
    refuses(
        "G-217",
        "a variable that is null where it must not be",
        "query($id: Int!) { book(id: $id) { title } }",
        VALUE,
        "id",
        variables={"id": None},
    ),
    refuses(
        "G-218",
        "a NUL in the document is refused",
        r'{ searchBooks(query: "a\u0000bc") { id } }',
        VALUE,
        "query",
    ),
    refuses(
        "G-219",
        "a price in the document is held to the rule",
        "mutation { updateBook(id: 1, input: {price: 1.999}) { id } }",
        VALUE,
        "price",
    ),
    refuses(
        "G-220",
        "a date in the document is held to the rule",
        'mutation { updateBook(id: 1, input: {publicationDate: "2023-02-30"}) { id } }',
        VALUE,
        "publicationDate",
    ),
    refuses(
        "G-221",
        "a date is a text",
        "mutation { updateBook(id: 1, input: {publicationDate: 20230230}) { id } }",
        VALUE,
        "publicationDate",
    ),
    refuses(
        "G-222",
        "a list among variables is no id",
        "query($id: Int!) { book(id: $id) { title } }",
        VALUE,
        "id",
        variables={"id": [1]},
    ),
    refuses(
        "G-223",
        "an input is an object",
        "mutation($input: AuthorCreate!) { createAuthor(input: $input) { id } }",
        VALUE,
        "input",
        variables={"input": 5},
    ),
    refuses(
        "G-224",
        "a list of inputs is none",
        "mutation($input: AuthorCreate!) { createAuthor(input: $input) { id } }",
        VALUE,
        "input",
        variables={"input": []},
    ),
    refuses(
        "G-225",
        "a variable may be null, but not where it is used",
        "query($id: Int) { book(id: $id) { title } }",
        INVALID,
        "id",
    ),
]

_REQUESTS = [
    refuses("G-301", "a request has a query", None, "MALFORMED_BODY", "query"),
    refuses("G-302", "a query is a text", 5, VALUE, "query"),
    refuses(
        "G-303",
        "variables are an object",
        "{ book(id: 1) { title } }",
        VALUE,
        "variables",
        variables=[1],
    ),
    refuses(
        "G-304",
        "variables are no text",
        "{ book(id: 1) { title } }",
        VALUE,
        "variables",
        variables='{"id": 1}',
    ),
    refuses(
        "G-305",
        "an operation's name is a text",
        "query A { book(id: 1) { title } }",
        VALUE,
        "operationName",
        operation=5,
    ),
]

DOCUMENTS = [*_ANSWERED, *_GRAMMAR, *_VALUES, *_REQUESTS]

# One more statement for each parent, which is what the textbook endpoint is for.
GROWING: Mapping[str, str] = {
    "books with their authors": "query($n: Int!) { books(limit: $n) { author { name } } }",
    "authors with their books": "query($n: Int!) { authors(limit: $n) { books { title } } }",
    "orders with their items": "query($n: Int!) { orders(limit: $n) { items { quantity } } }",
    "orders with their customers": "query($n: Int!) { orders(limit: $n) { customer { name } } }",
    "a customer's orders with items and books": (
        "query($n: Int!) { customer(id: 2) { orders(limit: $n) { items { book { title } } } } }"
    ),
}
