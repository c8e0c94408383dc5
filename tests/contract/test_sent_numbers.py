"""Numbers that a double cannot hold: they are refused, and told as they were sent."""

import pytest

from tests.fixtures import ENDPOINTS, Pair

HUGE = "1" * 40
NUMBERS = ("1e400", "-1e400", "1e-400", "-1e-400", "123e-99999", HUGE, f"-{HUGE}")
BOOK = (
    '"title": "T", "isbn": "9780306406157", "publication_date": "2024-01-01", "author_id": 1, '
    '"genre": "G"'
)


@pytest.mark.parametrize("number", [*NUMBERS, "1.5e308"])
@pytest.mark.parametrize("member", ["price", "stock"])
def test_rest_tells_a_number_as_it_was_sent(reading_pair: Pair, number: str, member: str) -> None:
    other = '"stock": 1' if member == "price" else '"price": 1'
    body = f'{{{BOOK}, {other}, "{member}": {number}}}'.encode()
    headers = {"Content-Type": "application/json"}
    answer = reading_pair.rest.request("POST", "/books", body=body, headers=headers)
    assert (answer.status, answer.json["code"]) == (422, "VALIDATION")
    assert [error["field"] for error in answer.json["errors"]] == [member]
    assert answer.json["detail"].endswith(f", got {number}")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(("argument", "kind"), [("minPrice", "Float"), ("authorId", "Int")])
def test_graphql_tells_a_number_as_it_was_sent(
    reading_pair: Pair, number: str, path: str, argument: str, kind: str
) -> None:
    literal = f'{{"query": "{{ books(filter: {{{argument}: {number}}}) {{ id }} }}"}}'
    variable = (
        f'{{"query": "query q($x: {kind}) {{ books(filter: {{{argument}: $x}}) {{ id }} }}", '
        f'"variables": {{"x": {number}}}}}'
    )
    for body in (literal, variable):
        headers = {"Content-Type": "application/json"}
        answer = reading_pair.graphql.request("POST", path, body=body.encode(), headers=headers)
        (error,) = answer.json["errors"]
        assert error["extensions"]["code"] == "VALIDATION"
        assert f", got {number}" in error["message"]


LONG = "1" * 5_000  # digits, more than Python makes a number of


def test_a_number_of_many_digits_is_told_as_one(reading_pair: Pair) -> None:
    body = f'{{{BOOK}, "price": {LONG}, "stock": {LONG}}}'.encode()
    headers = {"Content-Type": "application/json"}
    answer = reading_pair.rest.request("POST", "/books", body=body, headers=headers)
    assert (answer.status, answer.json["code"]) == (422, "VALIDATION")
    assert [error["field"] for error in answer.json["errors"]] == ["price", "stock"]
    for argument, kind in (("authorId", "Int"), ("minPrice", "Float")):
        text = f"query q($x: {kind}) {{ books(filter: {{{argument}: $x}}) {{ id }} }}"
        body = f'{{"query": "{text}", "variables": {{"x": {LONG}}}}}'.encode()
        answer = reading_pair.graphql.request("POST", "/graphql", body=body, headers=headers)
        (error,) = answer.json["errors"]
        assert error["extensions"]["code"] == "VALIDATION"
        assert "got 1111" in error["message"]


@pytest.mark.parametrize("number", [*NUMBERS, LONG])
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_number_that_is_to_be_a_day_is_told_as_it_was_sent(
    reading_pair: Pair, number: str, path: str
) -> None:
    text = f"mutation {{ updateBook(id: 1, input: {{publicationDate: {number}}}) {{ id }} }}"
    (error,) = reading_pair.graphql.post(path, {"query": text}).json["errors"]
    assert error["extensions"]["field"] == "input.publicationDate"
    assert f", got {number[:60]}" in error["message"]
