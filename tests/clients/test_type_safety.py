"""docs/type_safety.md is what the generators and mypy say: made again, and compared."""

import re
from pathlib import Path

import pytest
import requests

from client_examples.comparison.screens import SCREENS
from client_examples.type_safety import __main__ as command
from client_examples.type_safety import contracts, pages
from client_examples.type_safety.section import lines_section
from tests.waiting import LIMIT_S

ROOT = Path(__file__).parents[2]
SECTION = ROOT / "docs" / "type_safety.md"


@pytest.mark.slow
def test_the_section_is_what_the_programs_say(writing_pair, tmp_path):
    made = tmp_path / "made.md"
    assert command.main(["--rest-url", writing_pair.rest.base_url, str(made)]) == 0
    assert made.read_text() == SECTION.read_text()


def test_mypy_finds_the_renamed_field_on_both_sides():
    text = SECTION.read_text()
    for program, page in (("rest_page.py", pages.REST), ("graphql_page.py", pages.GRAPHQL)):
        (line,) = re.findall(rf"{program}:(\d+): error: .* has no attribute \"price\"", text)
        assert "book.price" in page.splitlines()[int(line) - 1]


def test_the_lines_of_every_arm_stand_beside_it():
    assert lines_section(SCREENS) in SECTION.read_text()


def test_the_queries_of_all_screens_are_taken():
    operations = set(re.findall(r"\b(?:query|mutation) (\w+)", contracts.screens_queries()))
    assert len(operations) == len(SCREENS)


def test_only_a_books_price_gets_another_name():
    schema = contracts.SCHEMA.read_text()
    renamed = contracts.renamed_schema(schema)
    old, new = schema.splitlines(), renamed.splitlines()
    changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    assert changed == [("  price: Float!", "  unitPrice: Float!")]
    queries = contracts.screens_queries()
    corrected = contracts.corrected_queries(queries)
    assert corrected.count("unitPrice") == len(re.findall(r"\bprice\b", queries)) - 1
    assert "quantity price" in corrected  # of an order's item


def test_the_openapi_copy_differs_in_answers_alone(writing_pair):
    openapi = requests.get(f"{writing_pair.rest.base_url}/openapi.json", timeout=LIMIT_S).json()
    renamed = contracts.renamed_openapi(openapi)
    before, after = openapi["components"]["schemas"], renamed["components"]["schemas"]
    assert {name for name in before if before[name] != after[name]} == {"Book", "BookSelection"}
    assert "unit_price" in after["Book"]["required"]
    assert "price" not in after["Book"]["properties"]


def test_a_server_that_is_away_is_said_in_a_line_and_nothing_written(capsys, tmp_path):
    made = tmp_path / "made.md"
    assert command.main(["--rest-url", "http://127.0.0.1:9", str(made)]) == 1
    assert not made.exists()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("type_safety: http://127.0.0.1:9")
