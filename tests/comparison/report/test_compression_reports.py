"""What compression hides, in each of the outputs, and what clients accept."""

from dataclasses import replace

import pytest

from client_examples.comparison.command_line.options import parse
from client_examples.comparison.report import files as render
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.compression import section
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.screens import ALL_SCREENS
from tests.comparison.made_documents import arm, document, exchange, screen
from tests.comparison.report.rendered import RENDERED, printed


def sized(name, body, sent, used, used_sent, coding):
    sizes = {
        "body_bytes": body,
        "encoded_body_bytes": sent,
        "used_body_bytes": used,
        "used_encoded_bytes": used_sent,
    }
    made = arm(name)
    counts = replace(made.counts, **sizes)
    return replace(made, counts=counts, exchanges=[replace(exchange(), coding=coding)])


TEXTBOOK = sized("rest/textbook", 4430, 1304, 943, 412, "gzip")
FIELDS = sized("rest/fields", 943, 943, 943, 943, "")
MADE = document(screen("book-list", TEXTBOOK, FIELDS))
HIDES = "book-list: of 4,430 bytes rest/textbook does not use 3,487; as sent they are 892 of 1,304"
PLAIN = "book-list: rest/fields sends its 943 bytes as they are; rest/textbook's 4,430 become 1,304"


def said(made):
    return " ".join(printed(made, verbose=True).split())


def test_the_report_says_what_compression_hides_and_what_it_leaves():
    assert HIDES in said(MADE)
    assert PLAIN in said(MADE)


@RENDERED
def test_every_output_has_the_column(text_of):
    text = text_of(MADE)
    assert ("412" if text_of is render.csv else "892") in text  # the sheet has what it is made of


def test_it_is_only_told_in_full():
    assert section(MADE).detail


@pytest.mark.parametrize(
    "textbook",
    [
        sized("rest/textbook", 4430, 4000, 943, 800, "gzip"),  # nothing that repeats
        sized("rest/textbook", 4430, 4430, 943, 943, ""),
        sized("rest/textbook", 1200, 600, 800, 500, "gzip"),  # little that is not used
    ],
)
def test_what_is_not_hidden_is_not_said_to_be(textbook):
    assert "Where compression hides" not in said(document(screen("book-list", textbook, FIELDS)))


def test_of_documents_that_are_older_nothing_is_told():
    old = [
        replace(one, counts=replace(one.counts, used_body_bytes=None, used_encoded_bytes=None))
        for one in (TEXTBOOK, FIELDS)
    ]
    made = document(screen("book-list", *old))
    assert section(made) is None
    assert "not used" not in said(made)
    assert from_json(to_json(made)) == made


def test_clients_accept_what_is_asked_for():
    usual = parse("", [], ALL_SCREENS)
    assert (usual.settings.encoding, usual.credentials.rest) == ("default", {})
    asked = parse("", ["--encoding", "identity", "--header", "X-A: 1"], ALL_SCREENS)
    assert asked.credentials.graphql == {"X-A": "1", "Accept-Encoding": "identity"}
    assert asked.settings.header_names == ["X-A"]
    assert parse("", ["--encoding", "gzip"], ALL_SCREENS).credentials.rest == {
        "Accept-Encoding": "gzip"
    }
    made = replace(MADE, settings=replace(MADE.settings, encoding="identity"))
    assert "--encoding=identity" in commands(made)[-1]
    assert "Nothing was compressed: --encoding identity." in said(made)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (["--encoding", "br"], "invalid choice: 'br'"),
        (["--encoding", "gzip", "--header", "accept-encoding: br"], "say both"),
    ],
)
def test_an_encoding_that_cannot_be_is_a_usage_error(given, wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        parse("", given, ALL_SCREENS)
    assert ended.value.code == 2
    assert wrong in capsys.readouterr().err
