"""What the benchmark of fairness sends and says, and that it can be run."""

import json
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.fairness import __main__ as fairness
from benchmarks.fairness.attacks import ATTACKS
from benchmarks.fairness.page import fairness_block
from benchmarks.fairness.results import Alone, Beside, document, target_of, waits_of
from benchmarks.fairness.tables import tables
from shared.limits import MAX_BODY_BYTES

SENT = [f"{attack.server}: {attack.name}" for attack in ATTACKS]
MEASURED = {
    "python": "CPython 3.11.7", "system": "Linux x86_64", "processor": "P", "processors": 2,
    "load_average": [0.1, 0.1, 0.1], "packages": {}, "revision": "0123",
}  # fmt: skip


def made(longest: float, books: int = 1_000) -> dict[str, object]:
    times = [1.0] * 199 + [longest]
    beside = Beside("a search", "rest", books, waits_of(times), None, target_of(books))
    settings = {"books": [books], "seconds": 1.0, "seed": 1, "one_core": True}
    return document([Alone("rest", books, waits_of([1.0] * 200))], [beside], MEASURED, settings)


def test_each_attack_has_a_name_of_its_own() -> None:
    assert len(set(SENT)) == len(SENT)


@pytest.mark.parametrize("attack", ATTACKS, ids=SENT)
def test_no_two_requests_are_the_same_and_all_are_within_a_body(attack: object) -> None:
    assert attack in ATTACKS
    requests = list(islice(ATTACKS[ATTACKS.index(attack)].requests(1), 3))  # type: ignore[arg-type]
    assert len({(one.path, one.body) for one in requests}) == 3
    assert all(len(one.body or b"") <= MAX_BODY_BYTES for one in requests)


def test_the_longest_wait_has_a_target_by_the_size() -> None:
    assert [target_of(books) for books in (1_000, 1_001, 100_000, 100_001)] == [60, 300, 300, None]
    (reached,), (missed,) = made(59.0)["beside"], made(61.0)["beside"]  # type: ignore[misc]
    assert not reached["missed"]
    assert missed["missed"]


def test_tables_and_page_are_made_of_the_results() -> None:
    found = json.loads(json.dumps(made(61.5)))
    (one,) = tables(found)
    assert one.title == "REST, 1,000 books"
    assert one.rows[0][:2] == ["none", ""]
    assert one.rows[1] == ["a search", "", "1.0", "1.0", "61.5", "60", "missed"]
    block = fairness_block(found)
    assert "1 of 1 longest waits missed" in block
    assert "61.5" in block
    assert "did not come to an end" in block


def test_what_is_no_attack_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fairness.main(["--only", "nothing of the kind"])
    assert "no attack has nothing of the kind in its name" in capsys.readouterr().err


@pytest.mark.slow
def test_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "fairness.json"
    words = ["--only", "a deep offset", "--only", "60 introspections"]
    status = fairness.main(["--books", "100", "--seconds", "1", *words, "--json", str(file)])
    found = json.loads(file.read_text())
    assert status == any(one["missed"] for one in found["beside"])
    assert {one["server"] for one in found["beside"]} == {"rest", "graphql"}
    assert all(one["sent"]["requests"] > 0 for one in found["beside"])
