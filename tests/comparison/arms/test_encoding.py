"""What a document takes in the coding of an answer, and what arms receive beyond what they use."""

import gzip
import json
import zlib

import pytest

from client_examples.comparison.arms.encoding import encoded_bytes
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.screens import book_list, order_history

BODY = json.dumps([{"title": f"A book {number}", "isbn": number} for number in range(200)]).encode()
PART = json.dumps([{"title": f"A book {number}"} for number in range(200)]).encode()


@pytest.mark.parametrize("level", [1, 4, 6, 9])
def test_a_document_is_compressed_at_the_level_of_the_answer(level):
    size = len(gzip.compress(BODY, level, mtime=0))
    assert encoded_bytes(PART, "gzip", BODY, size) == len(gzip.compress(PART, level, mtime=0))
    assert encoded_bytes(BODY, "gzip", BODY, size) == size


def test_deflate_is_known_too():
    size = len(zlib.compress(BODY, 6))
    assert encoded_bytes(PART, "deflate", BODY, size) == len(zlib.compress(PART, 6))


@pytest.mark.parametrize("coding", ["", "identity"])
def test_without_a_coding_it_is_as_long_as_it_is(coding):
    assert encoded_bytes(PART, coding, BODY, len(BODY)) == len(PART)


def test_nothing_takes_nothing_and_another_coding_is_not_known():
    assert encoded_bytes(b"", "gzip", BODY, 100) == 0
    assert encoded_bytes(PART, "br", BODY, 100) is None


def counted(pair, screen, name, **headers):
    credentials = Credentials(headers, headers)
    loader = Loader(pair.rest.base_url, pair.graphql.base_url, credentials=credentials)
    try:
        arm = next(arm for arm in screen.arms if arm.name == name)
        return loader.load_counted(screen, arm)
    finally:
        loader.close()


def test_compression_hides_what_an_arm_does_not_use(screens_pair):
    load, counts = counted(screens_pair, book_list.screen, "rest/textbook")
    assert [one.coding for one in load.exchanges] == ["gzip"]
    not_used = counts.body_bytes - counts.used_body_bytes
    as_sent = counts.encoded_body_bytes - counts.used_encoded_bytes
    assert not_used > counts.body_bytes / 2
    assert 0 < as_sent < not_used / 2
    # The used document is what `fields` sends, which is too small to be compressed.
    small, fields = counted(screens_pair, book_list.screen, "rest/fields")
    assert [one.coding for one in small.exchanges] == [""]
    assert counts.used_body_bytes == fields.body_bytes == fields.used_body_bytes
    assert fields.encoded_body_bytes == fields.used_encoded_bytes == fields.body_bytes


@pytest.mark.parametrize("name", ["graphql/planned", "rest/fields"])
def test_who_selects_receives_nothing_that_is_not_used(screens_pair, name):
    load, counts = counted(screens_pair, order_history.screen, name)
    assert [one.coding for one in load.exchanges] == ["gzip"]
    assert counts.used_body_bytes == counts.body_bytes
    assert counts.used_encoded_bytes == counts.encoded_body_bytes


def test_each_answer_has_its_own_coding(screens_pair):
    load, counts = counted(screens_pair, order_history.screen, "rest/batched")
    assert {one.coding for one in load.exchanges} == {"gzip"}
    assert counts.used_encoded_bytes == sum(one.used_encoded_bytes for one in load.exchanges)


def test_clients_may_accept_nothing_compressed(screens_pair):
    headers = {"Accept-Encoding": "identity"}
    load, counts = counted(screens_pair, order_history.screen, "graphql/planned", **headers)
    assert [one.coding for one in load.exchanges] == [""]
    assert counts.encoded_body_bytes == counts.body_bytes
