"""What the benchmark of memory says of readings, and that it can be run."""

import json
import random
from itertools import islice

import pytest

from benchmarks.memory import __main__ as memory
from benchmarks.memory.__main__ import MIB, Reading, verdict
from benchmarks.memory.growth import slope
from benchmarks.memory.mix import Mix


def readings(bytes_of, number=21, every=10_000):
    return [Reading(n * every, int(bytes_of(n * every))) for n in range(number)]


def wobble(requests):
    """Up and down by half of 1 MiB, without a direction."""
    return random.Random(requests).uniform(-0.5, 0.5) * MIB


def test_a_line_has_the_slope_of_its_points_whatever_one_of_them_does():
    points = [(float(x), 3.0 * x) for x in range(10)]
    assert slope(points).median == slope(points).low == slope(points).high == 3.0
    assert slope([*points, (10.0, 1e6)]).median == 3.0


def test_points_without_a_direction_have_zero_in_the_interval():
    found = slope([(float(x), wobble(x)) for x in range(11)])
    assert found.low <= 0 <= found.high


def test_a_slope_takes_three_points():
    with pytest.raises(ValueError, match="takes 3 points, got 2"):
        slope([(0.0, 1.0), (1.0, 2.0)])


def test_caches_that_fill_in_the_first_half_are_no_growth():
    full = readings(lambda n: 100 * MIB + min(n, 90_000) * 1000 + wobble(n))
    assert not verdict(full).grows


def test_memory_that_rises_by_100_bytes_a_request_grows():
    found = verdict(readings(lambda n: 100 * MIB + 100 * n + wobble(n)))
    assert found.grows
    assert found.added == pytest.approx(100 * 100_000, rel=0.2)
    assert found.added_low > 0


def test_a_rise_below_the_bound_is_none():
    found = verdict(readings(lambda n: 100 * MIB + 5 * n))
    assert found.added_low > 0
    assert not found.grows


def test_one_step_up_is_no_growth():
    assert not verdict(readings(lambda n: (103 if n > 190_000 else 100) * MIB + wobble(n))).grows


def test_the_mix_is_the_same_for_a_seed_and_never_repeats_itself():
    one, other = ([*islice(Mix(7).graphql(), 500)] for _ in range(2))
    assert one == other
    texts = [r.body["query"] for r in one if isinstance(r.body, dict) and "query" in r.body]
    assert len(set(texts)) > 200


@pytest.mark.slow
def test_both_servers_are_measured_and_answer_all_kinds_of_requests(tmp_path, capsys):
    file = tmp_path / "memory.json"
    status = memory.main(["--requests", "600", "--every", "100", "--json", str(file)])
    found = json.loads(file.read_text())
    grown = [server["verdict"]["grows"] for server in found["servers"].values()]
    assert status == int(any(grown))  # so few only fill the caches
    printed = capsys.readouterr().out
    for name, server in found["servers"].items():
        assert sum(server["statuses"].values()) == 600
        assert len(server["readings"]) == 7
        assert all(one["bytes"] > 10 * MIB for one in server["readings"])
        assert f"{name}: 600 requests" in printed
    assert found["servers"]["rest"]["statuses"]["200"] > 300
