"""The examples of the documentation give what it says they give."""

import json
import re
import subprocess
import tomllib

import pytest

from tests.contract.graphql_driver import read
from tests.documentation.markdown import ROOT, Block, Example, differs, documents
from tests.fixtures import Pair
from tests.programs import need
from tests.waiting import LIMIT_S

DOCUMENTS = documents()
EXAMPLES = [
    example
    for document in DOCUMENTS
    for example in document.examples()
    if re.match(r"(?:\w+=\S+ )*curl ", example.command)
]
QUERIES = [block for document in DOCUMENTS for block in document.of("graphql")]


def here(text: str, pair: Pair) -> str:
    """The text with the addresses of this pair in the place of the default ones."""
    for port, client in ((8000, pair.rest), (8001, pair.graphql)):
        text = re.sub(rf"http://(127\.0\.0\.1|localhost):{port}\b", client.base_url, text)
    return text


def test_there_are_examples_of_each_kind() -> None:
    apis = [example for example in EXAMPLES if example.document == "docs/apis.md"]
    assert len([e for e in apis if ":8000" in e.command and e.answer]) >= 3
    assert len([e for e in apis if ":8001" in e.command and e.answer]) >= 3
    assert len([block for block in QUERIES if block.document == "docs/apis.md"]) >= 2


@pytest.mark.parametrize("document", list(dict.fromkeys(one.document for one in EXAMPLES)))
def test_requests_give_what_is_shown(document: str, fresh_pair: Pair) -> None:
    """All of a document in their order: an order that one places changes what a later one shows."""
    need("curl")
    for example in (one for one in EXAMPLES if one.document == document):
        done = subprocess.run(
            ["bash", "-c", here(example.command, fresh_pair)],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"{example.place}: {done.stderr}"
        wrong = differs(here(example.answer, fresh_pair), done.stdout)
        assert not wrong, f"{example.place}: {wrong}"


@pytest.mark.parametrize("block", QUERIES, ids=lambda block: block.place)
def test_a_query_is_answered(block: Block, fresh_pair: Pair) -> None:
    answer = read(fresh_pair.graphql.post("/graphql", {"query": block.text}))
    assert answer.code is None, answer
    assert all(value is not None for value in answer.value.values())


def test_every_kind_of_block_is_tried() -> None:
    known = {"console", "graphql", "json", "python", "text", "toml", "mermaid"}
    for document in DOCUMENTS:
        for block in document.blocks:
            assert block.language in known, f"{block.place}: {block.language!r}"
            if block.language == "json":
                json.loads(block.text)
            if block.language == "toml":
                tomllib.loads(block.text)
            if block.language == "python":
                compile(block.text, block.place, "exec")


@pytest.mark.parametrize(
    ("shown", "got", "same"),
    [
        ('{"a": 1, "b": 2}', '{"a":1,"b":2}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', False),
        ('{"id":…,"name":"x"}', '{"id":5,"name":"x"}\n', True),
        ('{"id":…,"name":"x"}', '{"id":5,"name":"y"}', False),
        ("two  words\nhere", "two words here\n", True),
        ("total;dur=…, db", "total;dur=1.5, db", True),
        ("a.c", "abc", False),
        ("", "something", False),
    ],
)
def test_answers_are_compared(shown: str, got: str, same: bool) -> None:
    assert (not differs(shown, got)) is same


def test_an_example_may_be_written_on_two_lines() -> None:
    block = Block("x.md", "console", "$ curl one \\\n    two\nanswer\n$ curl three\n", 5)
    assert list(block.examples()) == [
        Example("x.md", 5, "curl one two", "answer"),
        Example("x.md", 8, "curl three", ""),
    ]
    assert ROOT.joinpath("README.md").exists()
