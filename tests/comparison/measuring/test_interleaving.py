"""The order in which arms are loaded."""

from client_examples.comparison.measuring.timing import interleaved

ARMS = ["a", "b", "c", "d"]


def test_every_arm_is_loaded_once_in_every_round_of_all_arms():
    order = interleaved(ARMS, 50, "1")
    assert len(order) == 200
    for start in range(0, 200, 4):
        assert sorted(order[start : start + 4]) == ARMS


def test_rounds_have_orders_of_their_own():
    order = interleaved(ARMS, 50, "1")
    rounds = {tuple(order[start : start + 4]) for start in range(0, 200, 4)}
    assert len(rounds) > 10  # of 24 possible


def test_each_arm_comes_first_about_as_often():
    firsts = interleaved(ARMS, 400, "1")[::4]
    assert all(70 < firsts.count(arm) < 130 for arm in ARMS)


def test_a_seed_gives_its_order_again():
    assert interleaved(ARMS, 10, "1") == interleaved(ARMS, 10, "1")
    assert interleaved(ARMS, 10, "1") != interleaved(ARMS, 10, "2")
