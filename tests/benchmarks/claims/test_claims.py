"""The framework of docs/claims.md: verdicts, the page, and the file of what is measured for it."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks import documents
from benchmarks.claims import __main__ as command
from benchmarks.claims import catalogue
from benchmarks.claims.claim import (
    DOES_NOT_HOLD,
    HOLDS,
    Claim,
    Kind,
    NothingToJudge,
    Source,
    Table,
    Usual,
    Verdict,
    verdict_by,
)
from benchmarks.claims.measurements import Measurement
from benchmarks.claims.page import Origin, claim_block, row_of, verdicts_block
from benchmarks.claims.results import NotReadable, Part, from_json, merged
from client_examples.comparison.results.document import to_json
from tests.comparison.made_documents import whole


@dataclass(frozen=True)
class Found:
    ratio: float


def claim(found: Found) -> Claim:
    verdict = verdict_by(int(found.ratio > 2), 1, "")
    return Claim(
        98, "Tea is twice as fast", verdict, Usual("`cups`", Verdict("holds if", "it is hot")),
        [Source("a paper", "https://example.org/paper", "up to ten times")],
        ("One.", "Two.", "Three."), Table(["cup", "ratio"], [["`tea`", f"{found.ratio:.2f}"]]),
        ".venv/bin/python -m benchmarks.claims --claim 98", "coffee.",
    )  # fmt: skip


def unjudged(_: Found) -> Claim:
    raise NothingToJudge("no cup was hot")


def measuring(number: int = 98, ratio: float = 3.0, *needs: str) -> Measurement:
    return Measurement(
        number, "Tea is twice as fast", Found, lambda tell: Found(ratio), claim, needs
    )


@pytest.mark.parametrize(
    ("true", "of", "told"),
    [(3, 3, "**holds**"), (1, 3, "**holds if** so"), (0, 3, "**does not hold here**")],
)
def test_a_verdict_is_by_how_many_cases_are_true(true: int, of: int, told: str) -> None:
    assert str(verdict_by(true, of, "so")) == told


def test_of_no_case_there_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="there is no case to judge the claim by"):
        verdict_by(0, 0, "so")


@pytest.mark.parametrize(("kind", "condition"), [("holds if", ""), ("holds", "so")])
def test_only_what_holds_if_has_a_condition(kind: Kind, condition: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the condition {condition!r}")):
        Verdict(kind, condition)


@pytest.mark.parametrize(("kind", "reason"), [("cannot be measured here", ""), ("holds", "so")])
def test_only_what_cannot_be_measured_has_a_reason(kind: Kind, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the reason {reason!r}")):
        Verdict(kind, reason=reason)


def test_a_claim_s_part_has_all_that_the_page_promises() -> None:
    block = claim_block(claim(Found(3.0)), [Origin("claims.json", "2026-11-30T10:00:00", "0123")])
    assert block.startswith("## 98. Tea is twice as fast\n\n**Holds**. As most have it (`cups`), ")
    assert "it **holds if** it is hot." in block
    assert "[a paper](https://example.org/paper): up to ten times." in block
    assert "One. Two. Three." in block
    assert "| `tea` | 3.00 |" in block
    assert "```console\n.venv/bin/python -m benchmarks.claims --claim 98\n```" in block
    assert "Not measured: coffee." in block
    assert "From [`results/claims.json`](results/claims.json) (2026-11-30, revision 0123)." in block


def test_other_numbers_turn_a_verdict_over() -> None:
    assert claim(Found(3.0)).verdict == HOLDS
    assert claim(Found(1.9)).verdict == DOES_NOT_HOLD
    heading = "[98. Tea is twice as fast](#98-tea-is-twice-as-fast)"
    assert f"| {heading} | **does not hold here** |" in verdicts_block([row_of(claim(Found(1.9)))])


def test_what_is_measured_is_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.json"
    assert command.main(["--json", str(file)], [measuring()]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "98. Tea is twice as fast: holds" in out
    assert "One. Two. Three." in out
    part = json.loads(file.read_text())["claims"]["98"]
    assert part["found"] == {"ratio": 3.0}
    assert part["environment"]["revision"]
    assert re.match(r"20\d\d-\d\d-\d\dT", part["began"])
    assert part["seconds"] >= 0


def test_what_cannot_be_judged_is_written_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.json"
    assert command.main(["--json", str(file)], [replace(measuring(), claim=unjudged)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "98. Tea is twice as fast: cannot be measured here: no cup was hot" in out
    assert from_json(file.read_text())[98].found == {"ratio": 3.0}


def test_one_claim_is_measured_anew_and_the_others_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    both = [measuring(98, 3.0), measuring(99, 4.0)]
    assert command.main(["--json", str(file)], both) == 0
    again = [measuring(98, 1.0), measuring(99, 5.0)]
    assert command.main(["--claim", "99", "--json", str(file)], again) == 0
    parts = from_json(file.read_text())
    assert {number: part.found["ratio"] for number, part in parts.items()} == {98: 3.0, 99: 5.0}


def test_a_claim_that_others_measure_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--claim", "1"], [measuring(98), measuring(99)])
    assert "claim 1 is not measured by this command, but 98, 99" in capsys.readouterr().err


def test_what_is_not_installed_is_named_with_the_cure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main([], [measuring(98, 3.0, "json", "no_such_module")])
    said = "claim 98 needs no_such_module: pip install -e '.[claims]'"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no results of claims"),
        ("[]", "no results of claims"),
        ('{"schema": 1, "claims": {"a": {}}}', "no results of claims"),
        ('{"schema": 2, "claims": {}}', "its schema is 2, and not 1"),
    ],
)
def test_a_file_of_another_kind_is_not_written_over(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    assert command.main(["--json", str(file)], [measuring()]) == 1
    err = capsys.readouterr().err
    assert str(file) in err
    assert why in err
    assert file.read_text() == text
    with pytest.raises(NotReadable, match=re.escape(str(file))):
        merged(file, {})


def test_the_page_is_made_of_what_is_there_and_keeps_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MEASUREMENTS", (measuring(),))
    monkeypatch.setattr(catalogue, "NUMBERS", (1, 98))
    page = tmp_path / documents.CLAIMS_PAGE
    page.parent.mkdir(parents=True)
    names = ("verdicts", "claim-1", "claim-98")
    marks = [f"<!-- {name} -->\nold\n<!-- /{name} -->" for name in names]
    page.write_text("\n".join(["# Claims", *marks, ""]))
    assert documents.made(tmp_path)[documents.CLAIMS_PAGE] == page.read_text()
    results = tmp_path / documents.CLAIMS
    command.main(["--json", str(_there(results))], [measuring()])
    text = documents.made(tmp_path)[documents.CLAIMS_PAGE]
    assert "| `tea` | 3.00 |" in text
    assert "<!-- claim-1 -->\nold\n<!-- /claim-1 -->" in text
    assert "| [98. Tea is twice as fast](#98-tea-is-twice-as-fast) | **holds** |" in text
    _there(tmp_path / documents.RESULTS).write_text(to_json(whole()))
    assert "## 1. GraphQL needs fewer requests" in documents.made(tmp_path)[documents.CLAIMS_PAGE]


def test_a_claim_that_its_results_cannot_judge_says_so() -> None:
    found = catalogue.page_parts({"comparison.json": whole()})
    why = "arms were not loaded over HTTP/2 often enough"
    begins = (
        f"## 3. HTTP/2 makes many requests cheap\n\n**Cannot be measured here**: {why}.\n\nFrom ["
    )
    assert found["claim-3"].startswith(begins)
    heading = "[3. HTTP/2 makes many requests cheap](#3-http2-makes-many-requests-cheap)"
    assert f"| {heading} | **cannot be measured here**: {why} |  |" in found["verdicts"]
    assert "claim-9" not in found


def test_a_measurement_that_cannot_judge_its_claim_says_so_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "MEASUREMENTS", (replace(measuring(), claim=unjudged),))
    monkeypatch.setattr(catalogue, "NUMBERS", (98,))
    part = Part("2026-11-30T10:00:00", 1.0, {"revision": "0123"}, {"ratio": 3.0})
    found = catalogue.page_parts({catalogue.MEASURED: {98: part}})
    assert "**Cannot be measured here**: no cup was hot." in found["claim-98"]
    assert "**cannot be measured here**: no cup was hot |" in found["verdicts"]


def _there(file: Path) -> Path:
    file.parent.mkdir(exist_ok=True)
    return file


def test_each_claim_has_its_own_number_and_its_place_on_the_page() -> None:
    assert len(set(catalogue.NUMBERS)) == len(catalogue.NUMBERS)
    page = (documents.ROOT / documents.CLAIMS_PAGE).read_text()
    for number in catalogue.NUMBERS:
        assert f"<!-- claim-{number} -->" in page


def test_the_reasons_take_three_lines_or_so() -> None:
    page = (documents.ROOT / documents.CLAIMS_PAGE).read_text()
    parts = re.findall(r"<!-- claim-\d+ -->\n\n(## .+?)\n\n<!-- /claim", page, re.DOTALL)
    assert parts
    for part in parts:
        heading, _, _, why, *_ = part.split("\n\n")
        assert len(why.splitlines()) <= 4, heading
