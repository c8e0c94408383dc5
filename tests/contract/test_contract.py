"""Each case of the catalogue over each API."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from tests.contract.answer import Driver, neutral_text
from tests.contract.case import Case
from tests.contract.catalogue import CASES
from tests.contract.runner import Run, Watch

Drivers = dict[str, Driver]
READS = [case for case in CASES if not case.writes]
ANSWERED = [case for case in READS if not any(step.refuses for step in case.steps)]
WRITES = [case for case in CASES if case.writes]
SAME_TEXT = [
    case
    for case in CASES
    if any(s.refuses and not s.refuses.own_text and not s.refuses.graphql for s in case.steps)
]


def over(case: Case, api: str, drivers: Drivers, watch: Watch | None = None) -> Run:
    """The case over one API, with the other one for its steps that go elsewhere."""
    return Run(case, drivers[api], watch, drivers["graphql" if api == "rest" else "rest"])


def each(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def by_endpoint(cases: list[Case], *apis: str, others: Sequence[str] = ()) -> pytest.MarkDecorator:
    """Each case over each API; over GraphQL's other endpoints one in five, or all with --all."""
    wanted = [
        pytest.param(case, api, id=f"{case.id}-{api}", marks=[pytest.mark.slow] * is_slow)
        for number, case in enumerate(cases)
        for api in (*apis, *others)
        for is_slow in [api in others and number % 5 > 0]
    ]
    return pytest.mark.parametrize(("case", "api"), wanted)


@by_endpoint(READS, "rest", "graphql", others=["dataloader"])
def test_reads(case: Case, api: str, reading: Drivers) -> None:
    over(case, api, reading).all()


@by_endpoint(ANSWERED, others=["unbatched"])
def test_unbatched_reads_the_same(case: Case, api: str, reading: Drivers) -> None:
    over(case, api, reading).all()


@by_endpoint(WRITES, "rest", "graphql", others=["dataloader"])
def test_writes(case: Case, api: str, writing: Drivers, watch: Watch) -> None:
    over(case, api, writing, watch).all()


@each(SAME_TEXT)
def test_a_rule_stands_once(case: Case, writing: Drivers) -> None:
    """What both refuse by the same rule, both refuse in the same words."""
    told = [
        [
            neutral_text(answer.message)
            for step, answer in zip(case.steps, over(case, api, writing).all(), strict=True)
            if step.refuses and not step.refuses.own_text and answer.message
        ]
        for api in ("rest", "graphql")
    ]
    rest, graphql = told
    if len(rest) == len(graphql):  # what GraphQL answers with null has no text
        assert _without_ids(rest) == _without_ids(graphql), str(case)


def _without_ids(messages: list[str]) -> list[str]:
    # Each run has rows of its own: their ids, ISBNs and addresses differ.
    return [re.sub(r"\d{3,}\b|new\.\d+@", "N", message) for message in messages]


def test_every_case_has_an_id_of_its_own() -> None:
    assert [i for i, count in Counter(case.id for case in CASES).items() if count > 1] == []
