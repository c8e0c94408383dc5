"""Headers that come more than once."""

import pytest

from shared.errors import RepeatedHeader
from shared.web.request_headers import SINGLE, joined


def test_the_lines_of_a_list_come_together_in_their_order() -> None:
    lines = [(b"accept", b"a/b"), (b"Host", b"h"), (b"Accept", b"c/d"), (b"x", b""), (b"x", b"1")]
    assert joined(lines) == [(b"accept", b"a/b, c/d"), (b"host", b"h"), (b"x", b", 1")]


@pytest.mark.parametrize("name", SINGLE.values())
def test_a_header_of_a_single_value_comes_once(name: str) -> None:
    once = (name.encode(), b"1")
    assert joined([once]) == [(name.lower().encode(), b"1")]
    with pytest.raises(RepeatedHeader, match=f"^{name} must come once") as raised:
        joined([once, (b"accept", b"*/*"), (name.upper().encode(), b"1")])
    assert raised.value.field == name
