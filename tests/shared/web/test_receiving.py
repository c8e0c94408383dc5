"""Bodies while they come: what one may have, and all together."""

from contextlib import suppress

import pytest

from shared import limits
from shared.errors import TooLarge, TooManyBodies
from shared.web.receiving import Receiving


def test_a_body_is_the_pieces_that_came() -> None:
    with Receiving().body() as body:
        for piece in (b"{", b"", b'"a":1}'):
            body.add(piece)
        assert bytes(body) == b'{"a":1}'


def test_one_body_has_its_limit() -> None:
    with Receiving().body() as body:
        body.add(bytes(limits.MAX_BODY_BYTES))
        with pytest.raises(TooLarge, match="1,000,000 bytes"):
            body.add(b".")


def test_all_bodies_have_a_limit_together_which_those_that_are_gone_make_room_under() -> None:
    receiving = Receiving(most_bytes=10)
    with receiving.body() as first, receiving.body() as second:
        first.add(b"123456")
        with pytest.raises(TooManyBodies, match="10 bytes"):
            second.add(b"12345")
        second.add(b"1234")
    assert receiving.bytes == 0
    with receiving.body() as third:
        third.add(b"1234567890")


def test_an_error_lets_the_bytes_go_too() -> None:
    receiving = Receiving(most_bytes=10)
    with suppress(ConnectionError), receiving.body() as body:
        body.add(b"1234567890")
        raise ConnectionError
    assert receiving.bytes == 0
