"""What reads say of caches: today's rule, and that for caches which clients share."""

import pytest

from shared.config import Settings
from shared.web.cache_control import CacheControl

SHARED = "public, s-maxage=30, max-age=0, must-revalidate"


@pytest.mark.parametrize(
    ("seconds", "by_token", "authorized", "control"),
    [
        (0, False, False, "no-cache"),
        (0, False, True, "no-cache"),
        (0, True, False, "private, no-cache"),
        (0, True, True, "private, no-cache"),
        (30, False, False, SHARED),
        (30, False, True, "private, no-cache"),
        (30, True, False, "private, no-cache"),
        (30, True, True, "private, no-cache"),
    ],
)
def test_who_may_keep_a_read(seconds: int, by_token: bool, authorized: bool, control: str) -> None:
    rules = CacheControl(Settings(shared_max_age_s=seconds))
    assert rules.of_read(by_token=by_token, authorized=authorized) == control


@pytest.mark.parametrize(
    ("now", "elapsed_s", "last"),
    [(100.0, 0.0, 129), (100.999, 0.0, 129), (100.2, 0.3, 128), (100.9, 0.3, 129)],
)
def test_the_last_second_ends_no_later_than_the_read_is_old_enough(
    monkeypatch: pytest.MonkeyPatch, now: float, elapsed_s: float, last: int
) -> None:
    monkeypatch.setattr("shared.web.cache_control.time", lambda: now)
    assert CacheControl(Settings(shared_max_age_s=30)).expires(SHARED, elapsed_s) == {
        "X-Accel-Expires": f"@{last}"
    }
