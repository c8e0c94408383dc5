"""Counts the loads of a run as they are done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from client_examples.comparison.errors import ComparisonError, Turn


@contextmanager
def numbered(way: str, number: int, of: int) -> Iterator[None]:
    """Have an error of a load say which one it was; see `Turn`."""
    try:
        yield
    except ComparisonError as error:
        error.add(turn=Turn(way, number, of))
        raise


@contextmanager
def in_order(order: Sequence[str], position: int, way: str) -> Iterator[None]:
    """Have an error of the load at this position say the how manieth of its name it was."""
    name = order[position]
    with numbered(way, order[: position + 1].count(name), order.count(name)):
        yield


class LoadCounter:
    """Counts the loads of a run; `went_well` are those that were made and did not fail.

    Args:
        total: how many there are to be.
        on_load: called after each load with the number of loads done and of all; not timed.
    """

    def __init__(self, total: int, on_load: Callable[[int, int], None]) -> None:
        self._total = total
        self._on_load = on_load
        self._done = 0
        self.went_well = 0

    def one_done(self) -> None:
        """One more load went well."""
        self.went_well += 1
        self.part_done()

    def beside(self, number: int = 1) -> None:
        """So many more loads went well, which are none of those that are to be done."""
        self.went_well += number

    def part_done(self) -> None:
        """What counts as a load is done: it is not one, or was made to fail."""
        self._done += 1
        self._on_load(self._done, self._total)

    def tell(self, error: ComparisonError) -> None:
        """Have the error say how many loads went well before it."""
        if error.failure.before is None:
            error.add(before=self.went_well)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Have the errors of a part of the run say how many loads went well before them."""
        try:
            yield
        except ComparisonError as error:
            self.tell(error)
            raise

    def left_out(self, number: int) -> None:
        """Count loads that are not made because time runs short."""
        self._done += number
