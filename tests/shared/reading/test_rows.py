"""Rows become records: members by their keys, in their order."""

import pytest

from shared.reading.records import records_of


@pytest.mark.parametrize("rows", [0, 1, 2, 5])
@pytest.mark.parametrize("behind", [0, 1, 2])
@pytest.mark.parametrize("members", [1, 2, 3, 40])
def test_each_row_is_a_record_without_what_is_behind_its_members(
    rows: int, behind: int, members: int
) -> None:
    keys = tuple(f"key{n}" for n in range(members))
    given = [tuple(range(row, row + members + behind)) for row in range(rows)]
    found = records_of(keys, given)
    assert found == [dict(zip(keys, row[:members], strict=True)) for row in given]
    assert all(tuple(record) == keys for record in found)


def test_a_key_may_be_any_text() -> None:
    keys = ("__typename", "a]: 1 for b in c", "'\"")
    assert records_of(keys, [(1, 2, 3), (4, 5, 6)])[1] == dict(zip(keys, (4, 5, 6), strict=True))


def test_records_share_nothing() -> None:
    first, second = records_of(("a",), [(1,), (1,)])
    first["a"] = 2
    assert second == {"a": 1}
