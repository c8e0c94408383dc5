"""Entity tags: which answers are the same, and in which coding."""

import pytest

from shared.etags import content_tag, matching, parse_tags, with_coding

TAG = content_tag(b"one")
GZIP = with_coding(TAG)


def test_the_same_content_has_the_same_tag_and_other_content_another() -> None:
    assert content_tag(b"one") == TAG
    assert content_tag(b"two") != TAG
    assert TAG[0] == TAG[-1] == '"'


def test_each_coding_has_a_tag_of_its_own() -> None:
    assert GZIP != TAG
    assert GZIP.endswith('-gzip"')


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"a"', ('"a"',)),
        ('W/"a", "b","" , W/"c,d"', ('"a"', '"b"', '""', '"c,d"')),
        ("a", ()),
        ('"a" "b"', ()),
        ('"a', ()),
        ("", ()),
    ],
)
def test_a_list_of_tags_is_read_and_what_is_none_has_none(
    header: str, tags: tuple[str, ...]
) -> None:
    assert parse_tags(header) == tags


@pytest.mark.parametrize(
    ("header", "accepts_gzip", "found"),
    [
        (None, True, None),
        ("*", False, TAG),
        (TAG, False, TAG),
        (TAG, True, TAG),
        (f"W/{TAG}", False, TAG),
        (f'"other", {TAG}', False, TAG),
        (GZIP, True, GZIP),
        (GZIP, False, None),
        ('"other"', True, None),
        ("not a tag", True, None),
    ],
)
def test_a_client_has_an_answer_if_it_can_still_read_it(
    header: str | None, accepts_gzip: bool, found: str | None
) -> None:
    assert matching(header, TAG, accepts_gzip) == found
