"""What was measured while exchanges failed, with an arm's policies beside each other."""

from dataclasses import dataclass

from client_examples.comparison.document import Document, ResilienceResult


@dataclass(frozen=True)
class ResilienceRow:
    """An arm in a situation, and how it fared by policy."""

    screen: str
    arm: str
    situation: str
    results: dict[str, ResilienceResult]


def resilience_rows(document: Document) -> list[ResilienceRow]:
    """A row per screen, arm and situation; none where it was not asked for."""
    rows: dict[tuple[str, str, str], ResilienceRow] = {}
    for screen in document.screens:
        for arm in screen.arms:
            for one in arm.resilience:
                key = (screen.name, arm.name, one.situation)
                rows.setdefault(key, ResilienceRow(*key, {})).results[one.policy] = one
    return list(rows.values())


def policies(document: Document) -> list[str]:
    """The policies in the order in which they were tried."""
    each = [policy for row in resilience_rows(document) for policy in row.results]
    return list(dict.fromkeys(each))
