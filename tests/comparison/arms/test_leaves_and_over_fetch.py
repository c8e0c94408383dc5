"""Leaves delivered and used, by hand-computed cases."""

import pytest

from client_examples.comparison.arms.leaves import LeafLedger, leaf_bytes, over_fetch, plain

AUTHOR = {"id": 1, "name": "Zoë", "bio": None, "books": [{"title": "A", "tags": ["x", "y"]}]}


@pytest.fixture
def ledger():
    return LeafLedger()


def test_scalars_nulls_and_members_of_lists_are_leaves(ledger):
    ledger.wrap(AUTHOR)
    # id, name, bio, title, x, y
    assert ledger.delivered == 6
    # "id":1  "name":"Zoë"  "bio":null  "title":"A"  "x"  "y"
    assert ledger.sizes == [6, 13, 10, 11, 3, 3]
    assert (ledger.used, ledger.used_bytes) == (0, 0)


def test_empty_lists_and_objects_have_no_leaves(ledger):
    ledger.wrap({"books": [], "address": {}})
    assert ledger.delivered == 0


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("price", 29.99, 13), ("a", True, 8), (None, "ü", 4), ("é", 1, 6), ("t", 'q"', 9)],
)
def test_a_leafs_bytes_are_its_own_member(name, value, expected):
    assert leaf_bytes(name, value) == expected


def test_what_is_read_counts_once(ledger):
    author = ledger.wrap(AUTHOR)
    assert author["name"] == author["name"] == "Zoë"
    assert author["books"][0]["tags"][1] == "y"
    assert (ledger.used, ledger.used_bytes) == (2, 13 + 3)


def test_all_ways_of_reading_count(ledger):
    author = ledger.wrap({"a": 1, "b": 2, "c": [3, 4, 5]})
    assert author.get("a") == 1
    assert ledger.used == 1
    assert {**author}["b"] == 2
    assert ledger.used == 2
    assert [*author["c"]] == [3, 4, 5]
    assert ledger.used == 5


def test_slices_and_sums_of_lists_count_what_they_hold(ledger):
    numbers = ledger.wrap([1, 2, 3, 4])
    assert numbers[1:3] == [2, 3]
    assert ledger.used == 2
    assert numbers + [9] == [1, 2, 3, 4, 9]  # noqa: RUF005 - it is the sum that is tested
    assert [9] + numbers == [9, 1, 2, 3, 4]  # noqa: RUF005 - likewise
    assert ledger.used == 4


@pytest.mark.parametrize(
    "reading",
    [
        lambda answer: isinstance(answer, dict) and isinstance(answer["list"], list),
        lambda answer: answer["list"] == [3, 1] and answer["none"] == [] and answer["none"] != {},
        lambda answer: answer["inner"] == {"a": 1} and answer["inner"] != {"a": 2},
        lambda answer: [answer["inner"] | {"b": 2}, {"b": 2} | answer["inner"]],
        lambda answer: [answer["list"].copy(), answer["inner"].copy(), answer["list"] * 2],
        lambda answer: [str(answer["list"]), f"{answer['inner']}"],
        lambda answer: sorted(answer["list"]),
    ],
)
def test_what_an_arm_does_gives_the_same_as_in_a_timed_load(ledger, reading):
    answer = {"list": [3, 1], "none": [], "inner": {"a": 1}}
    assert plain(reading(ledger.wrap(answer))) == reading(answer)


@pytest.mark.parametrize(
    ("changing", "says"),
    [
        (lambda answer: answer["list"].sort(), "list of an answer has no sort: .* take list"),
        (lambda answer: answer.pop("list"), "dict of an answer has no pop: .* take dict"),
        (lambda answer: answer.nonesuch, "dict of an answer has no nonesuch$"),
    ],
)
def test_what_would_change_an_answer_is_told(ledger, changing, says):
    with pytest.raises(AttributeError, match=says):
        changing(ledger.wrap({"list": [3, 1]}))


def test_asking_for_names_and_lengths_reads_nothing(ledger):
    author = ledger.wrap(AUTHOR)
    assert "name" in author
    assert "price" not in author
    assert list(author) == ["id", "name", "bio", "books"]
    assert len(author["books"]) == 1
    assert ledger.used == 0


def test_what_is_left_in_the_view_is_used(ledger):
    author = ledger.wrap(AUTHOR)
    view = plain({"author": author["books"], "fixed": ("a", 1)})
    assert view == {"author": AUTHOR["books"], "fixed": ["a", 1]}
    assert ledger.used == 3  # title and both tags


def test_leaves_of_several_answers_add_up(ledger):
    first, second = ledger.wrap({"id": 1}), ledger.wrap({"id": 1})
    assert first["id"] == second["id"]
    assert (ledger.used, ledger.delivered) == (2, 2)


def test_a_lone_scalar_is_a_leaf(ledger):
    assert ledger.wrap(7) == 7
    assert (ledger.used, ledger.delivered, ledger.delivered_bytes) == (1, 1, 1)


@pytest.mark.parametrize(
    ("used", "delivered", "expected"), [(0, 0, 0.0), (5, 5, 0.0), (1, 4, 0.75), (0, 3, 1.0)]
)
def test_over_fetch_is_the_share_not_used(used, delivered, expected):
    assert over_fetch(used, delivered) == expected


def test_a_document_of_what_was_read_has_the_answers_form(ledger):
    author = ledger.wrap(AUTHOR)
    other = ledger.wrap([{"id": 1}, {"id": 2}, {"id": 3}])
    ledger.wrap({"id": 4})
    assert ledger.used_documents() == [b"", b"", b""]
    assert author["books"][0]["tags"][1]
    assert author["name"]
    assert other[2]["id"]
    assert ledger.used_documents() == [
        '{"name":"Zoë","books":[{"tags":["y"]}]}'.encode(), b'[{"id":3}]', b""
    ]  # fmt: skip


def test_over_graphql_it_has_the_envelope_too():
    ledger = LeafLedger(envelope="data")
    book = ledger.wrap({"book": {"title": "A", "isbn": "1"}})
    assert book["book"]["title"]
    assert ledger.used_documents() == [b'{"data":{"book":{"title":"A"}}}']
