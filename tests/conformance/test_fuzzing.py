"""Requests that schemathesis makes up: nothing breaks, and each API does what it says of itself."""

from pathlib import Path

import pytest

from tests.conformance.fuzz import fuzz
from tests.fixtures import Pair, running_pair

SEED = 1
EXAMPLES = {"rest": 12, "graphql": 25}
TOKEN = "a-token-of-this-test"


def expect_nothing_from(pair: Pair, api: str, examples: int, *options: str) -> None:
    url = pair.rest.base_url if api == "rest" else pair.graphql.base_url
    outcome = fuzz(api, url, examples, SEED, *options)
    print(outcome.text)
    assert outcome.passed
    assert outcome.cases > 20 * examples, "it has hardly tried anything"
    log = pair.log.read_text()
    assert "Traceback" not in log, log[-5_000:]
    assert "internal error" not in log.lower(), log[-5_000:]


# Each has servers of its own: they are written to as the seed wills.
@pytest.mark.slow
@pytest.mark.parametrize("api", EXAMPLES)
def test_schemathesis_finds_nothing(tmp_path: Path, api: str) -> None:
    with running_pair(tmp_path) as pair:
        expect_nothing_from(pair, api, EXAMPLES[api])


@pytest.mark.slow
def test_schemathesis_finds_no_write_without_the_token(tmp_path: Path) -> None:
    with running_pair(tmp_path, token=TOKEN) as pair:
        # Each write that is let in is tried again without the token, and with a wrong one.
        sent = ("--header", f"Authorization: Bearer {TOKEN}", "--phases", "fuzzing,stateful")
        expect_nothing_from(pair, "rest", 8, *sent)
