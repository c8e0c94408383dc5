"""Entity tags: which answers are the same, and in which coding."""

import pytest

from shared.errors import PreconditionFailed, ValidationFailed
from shared.web.etags import content_tag, matching, require_match, with_coding

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
    ("header", "accepts_gzip", "found"),
    [
        (None, True, None),
        ("*", False, TAG),
        (TAG, False, TAG),
        (TAG, True, TAG),
        (f"W/{TAG}", False, TAG),
        (f'"other", {TAG}', False, TAG),
        (f", ,{TAG},", False, TAG),
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


@pytest.mark.parametrize(
    "header", [None, "*", " * ", TAG, GZIP, f', W/"a",{TAG}', f'"a" , {GZIP} ,']
)
def test_a_condition_on_the_state_that_is_there_holds(header: str | None) -> None:
    require_match(header, TAG)


@pytest.mark.parametrize("header", ['"a"', f"W/{TAG}", f'"a", W/{GZIP}', '""'])
def test_a_condition_on_other_states_fails(header: str) -> None:
    with pytest.raises(PreconditionFailed, match=TAG):
        require_match(header, TAG)


@pytest.mark.parametrize("header", ["", ",", "a", TAG[:-1], f"*, {TAG}", f"{TAG} {TAG}"])
def test_what_is_no_list_of_tags_is_no_condition(header: str) -> None:
    with pytest.raises(ValidationFailed, match=r"^If-Match must be"):
        require_match(header, TAG)
