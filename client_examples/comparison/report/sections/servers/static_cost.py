"""Static cost: objects delivered, beside the cost that the server computes before it runs."""

from itertools import groupby
from typing import NamedTuple

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

TITLE = "Objects delivered, and the static cost"
COLUMNS = {
    "arms": Column("arms", kind="arms"),
    "objects": Column("objects"),
    "cost": Column("static cost"),
    "share": Column("share"),
}


class CostRow(NamedTuple):
    """Arms of a screen that deliver the same number of objects at the same static cost."""

    screen: str
    arms: list[str]
    cells: tuple[str, ...]


def section(document: Document) -> Section | None:
    """Objects delivered and static costs; None for older documents, which lack them."""
    rows = cost_rows(document)
    if not rows:
        return None
    groups = [
        Group(
            name,
            [dict(zip(COLUMNS, (", ".join(one.arms), *one.cells), strict=True)) for one in each],
        )
        for name, each in groupby(rows, key=lambda row: row.screen)
    ]
    blocks: list[Block] = [
        Table(COLUMNS, groups),
        Paragraph(about_costs(document), "quiet"),
        *(Paragraph(text, "warning") for text in cost_caveats(document)),
    ]
    return Section("costs", TITLE, blocks, detail=True)


def cost_rows(document: Document) -> list[CostRow]:
    """A row for arms with equal numbers; none in older documents, which do not have them."""
    return [
        CostRow(screen.name, arms, cells)
        for screen in document.screens
        for cells, arms in _grouped(screen).items()
    ]


def about_costs(document: Document) -> str:
    """What the numbers of objects are."""
    costs = [arm.cost for screen in document.screens for arm in screen.arms if arm.cost]
    said = "Objects are the JSON objects of a load's answers, GraphQL's data itself not counted. "
    if not costs:
        return f"{said}No server told the static cost of an operation."
    limits = sorted({cost.limit for cost in costs})
    return (
        f"{said}The static cost is what the GraphQL server computes of a load's operations before "
        "it runs them: the most objects that they may return, and for each search, sort and offset "
        "as many more as it takes the time of. It refuses an operation above "
        f"{' or '.join(f'{limit:,}' for limit in limits)}. It is asked for in a load that is "
        f"neither counted nor timed; {numbers.NONE} stands where no server tells it."
    )


def cost_caveats(document: Document) -> list[str]:
    """Arms that delivered more objects than their static cost, which must not happen."""
    return [
        f"{caveat.about}: {caveat.text}"
        for screen in document.screens
        for caveat in screen.doubts
        if caveat.number == "objects"
    ]


def _grouped(screen: ScreenResult) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for arm in screen.arms:
        if arm.counts.objects is not None:
            groups.setdefault(_cells(arm), []).append(arm.name)
    return groups


def _cells(arm: ArmResult) -> tuple[str, ...]:
    """Objects delivered, the static cost, and the one as a share of the other."""
    objects, cost = arm.counts.objects, arm.cost
    share = objects / cost.computed if cost and objects is not None and cost.computed else None
    computed = numbers.whole(cost.computed if cost else None)
    return numbers.whole(objects), computed, numbers.share(share)
