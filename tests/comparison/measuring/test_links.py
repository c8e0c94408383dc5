"""The single steps over a link are shared out among the screens of a run."""

import pytest

from client_examples.comparison.measuring.links import share_of


@pytest.mark.parametrize("whole", [1, 3, 10])
@pytest.mark.parametrize("parts", [1, 3, 8, 30])
def test_shares_are_about_even_and_make_up_the_whole(whole, parts):
    shares = [share_of(whole, number, parts) for number in range(parts)]
    assert sum(shares) == whole
    assert max(shares) - min(shares) <= 1
    assert shares[0] >= 1  # a run that is interrupted knows what a step takes
