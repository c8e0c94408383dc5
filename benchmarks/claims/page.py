"""docs/claims.md: a part for each claim, and all verdicts at its head."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.claims.claim import Claim, Verdict
from client_examples.comparison.report.markdown import table, wrapped


class Origin(NamedTuple):
    """A file of results, by its name in docs/results/, and the run that wrote it."""

    file: str
    began: str
    revision: str | None


class Row(NamedTuple):
    """A claim in the table of all verdicts; `usual` is None where ours is what most have."""

    heading: str
    verdict: Verdict
    usual: Verdict | None = None


def row_of(claim: Claim) -> Row:
    """The claim in the table of all verdicts."""
    return Row(claim.heading, claim.verdict, claim.usual and claim.usual.verdict)


def unjudged_block(heading: str, verdict: Verdict, origins: Sequence[Origin]) -> str:
    """All that the page has of a claim that its results cannot judge."""
    return "\n\n".join([f"## {heading}", wrapped(f"{_capital(verdict)}."), _from(origins)])


def claim_block(claim: Claim, origins: Sequence[Origin]) -> str:
    """All that the page has of a claim, its heading first."""
    return "\n\n".join(
        [
            f"## {claim.heading}",
            wrapped(_verdicts(claim)),
            wrapped(f"Who says so: {_sources(claim)}."),
            wrapped(" ".join(claim.why)),
            table(claim.table.header, claim.table.rows, left=claim.table.left),
            f"```console\n{claim.command}\n```",
            wrapped(f"Not measured: {claim.not_measured}"),
            _from(origins),
        ]
    )


def verdicts_block(each: Iterable[Row]) -> str:
    """A row for each claim, with a link to its part."""
    rows = [
        [f"[{one.heading}](#{_anchor(one.heading)})", str(one.verdict), str(one.usual or "")]
        for one in each
    ]
    return table(["claim", "verdict", "as most have it"], rows)


def _verdicts(claim: Claim) -> str:
    said = f"{_capital(claim.verdict)}."
    if claim.usual is not None:
        said += f" As most have it ({claim.usual.arms}), it {claim.usual.verdict}."
    return said


def _capital(verdict: Verdict) -> str:
    """`**Holds** ...`, at the start of a sentence."""
    kind = verdict.kind[:1].upper() + verdict.kind[1:]
    return str(verdict).replace(verdict.kind, kind, 1)


def _sources(claim: Claim) -> str:
    return "; ".join(f"[{one.name}]({one.url}): {one.says}" for one in claim.sources)


def _from(origins: Sequence[Origin]) -> str:
    return wrapped(f"From {_listed(map(_origin, origins))}.")


def _origin(origin: Origin) -> str:
    revision = f", revision {origin.revision}" if origin.revision else ""
    return f"[`results/{origin.file}`](results/{origin.file}) ({origin.began[:10]}{revision})"


def _listed(parts: Iterable[str]) -> str:
    return " and ".join(parts)


def _anchor(heading: str) -> str:
    """As a link to the heading is written."""
    kept = "".join(one for one in heading.lower() if one.isalnum() or one in " -_")
    return kept.strip().replace(" ", "-")
