"""A run's figures as tables of text: for the terminal, and for the README."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NONE = "\N{EN DASH}"  # where nothing was measured
Cells = dict[str, dict[str, str]]  # by row, by column


@dataclass(frozen=True)
class Table:
    """A table whose columns after the first hold numbers; the first one's header is its title."""

    header: list[str]
    rows: list[list[str]]


def ratio_tables(document: Mapping[str, Any]) -> list[Table]:
    """How many times as many requests per second as others, with what that should be.

    A table for each kind of workload, with a row for each of those compared with; then what is
    compared across workloads, a row each.
    """
    matrices: dict[str, Cells] = {}
    others = []
    for row in document["ratios"]:
        (workload, base), (to_workload, to) = row["of"], row["to"]
        kind, name = _parts(workload)
        if workload == to_workload and kind != _FLOOR:
            cells = matrices.setdefault(f"{kind}: {base} by", {}).setdefault(to, {})
            cells[name] = _median(row)
        else:
            of = f"{_of(workload, base)} by {_of(to_workload, to)}"
            others.append([of, _median(row), _target(row)])
    tables = [
        _with_targets(_matrix(title, cells), document["ratios"])
        for title, cells in matrices.items()
    ]
    if others:
        tables.append(Table(["by a constant answer", "ratio", "target"], others))
    return tables


def rate_tables(document: Mapping[str, Any]) -> list[Table]:
    """Requests per second: a table for each kind of workload, a row for each contestant."""
    return _medians(document["rates"], "requests/s", ",.0f")


def tail_tables(document: Mapping[str, Any]) -> list[Table]:
    """The p99 in the same form."""
    return _medians(document.get("p99", {}), "p99 in ms", ".1f")


def free_tables(document: Mapping[str, Any]) -> list[Table]:
    """Both of our servers, with all cores free."""
    free = document.get("free", {"rates": {}, "p99": {}})
    return [
        *_medians(free["rates"], "requests/s, all cores free", ",.0f"),
        *_medians(free["p99"], "p99 in ms, all cores free", ".1f"),
    ]


def _medians(figures: Mapping[str, Any], unit: str, form: str) -> list[Table]:
    """A table for each kind of workload, a row for each contestant."""
    kinds: dict[str, Cells] = {}
    for workload, by_name in figures.items():
        kind, name = _parts(workload)
        for contestant, each in by_name.items():
            row = kinds.setdefault(kind, {}).setdefault(contestant, {})
            row[name] = f"{statistics.median(each):{form}}"
    return [_matrix(f"{kind}: {unit}", cells) for kind, cells in kinds.items()]


def missed(document: Mapping[str, Any]) -> Iterable[str]:
    """A line for each target that was not reached."""
    for row in document["ratios"]:
        if row["reached"] is False:
            of, to = _of(*row["of"]), _of(*row["to"])
            yield f"{of} by {to} is {row['median']:.2f}, should be {row['target']:g}"
    for row in document.get("tails", ()):
        if not row["reached"]:
            yield (
                f"{row['workload']}, all cores free: p99 is {row['p99']:.1f} ms, should be at most "
                f"{row['most']:.1f} ms"
            )


_FLOOR = "Floor"


def _parts(workload: str) -> tuple[str, str]:
    """`REST`, `list of 20`."""
    kind, _, name = workload.partition(" ")
    return kind, name


def _matrix(title: str, cells: Cells) -> Table:
    columns = list(dict.fromkeys(name for row in cells.values() for name in row))
    rows = [[name, *(row.get(column, NONE) for column in columns)] for name, row in cells.items()]
    return Table([title, *columns], rows)


def _with_targets(table: Table, ratios: Iterable[Mapping[str, Any]]) -> Table:
    """The matrix with a column of what each row should reach, and where, if not everywhere."""
    rows = list(ratios)
    return Table(
        [*table.header, "target"],
        [[*cells, _target_of(cells[0], table.header[1:], rows)] for cells in table.rows],
    )


def _target_of(contestant: str, columns: Sequence[str], ratios: Iterable[Mapping[str, Any]]) -> str:
    where: dict[str, list[str]] = {}
    for row in ratios:
        (workload, _), (to_workload, to) = row["of"], row["to"]
        name = _parts(workload)[1]
        if to == contestant and workload == to_workload and row["target"] is not None:
            where.setdefault(_target(row), []).append(name)
    return ", ".join(
        target if len(names) == len(columns) else f"{target} ({', '.join(names)})"
        for target, names in where.items()
    )


def _median(row: Mapping[str, Any]) -> str:
    return f"{row['median']:.2f}" + (" missed" if row["reached"] is False else "")


def _target(row: Mapping[str, Any]) -> str:
    return "" if row["target"] is None else f"{row['target']:g}"


def _of(workload: str, contestant: str) -> str:
    return contestant if _parts(workload)[0] == _FLOOR else f"{workload}, {contestant}"
