"""Documents that GraphQL answers: aliases, fragments, directives, variables. Ids: G."""

from tests.contract.document import ADA, PYTHON, gives

ANSWERED = [
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
