"""One timed load after the other: the conditions, and that each is what was counted."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from client_examples.comparison.arms import Screen
from client_examples.comparison.document import Sample
from client_examples.comparison.exchanges import level_sizes
from client_examples.comparison.failures import LoadFailed, ViewsDiffer
from client_examples.comparison.link import Link
from client_examples.comparison.load import Load
from client_examples.comparison.loading import Loader
from client_examples.comparison.results import Measured
from client_examples.comparison.views import difference

GARBAGE_COLLECTION = "collected before each load, off during it"


@contextmanager
def collector_held() -> Iterator[None]:
    """No garbage collection but where it is called for, and then only of what is new."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def check_view(screen: Screen, measured: Measured, name: str, load: Load) -> None:
    """`ViewsDiffer` unless the load shows what the screen's first arm did."""
    found = difference(measured.view, load.view)
    if found is not None:
        raise ViewsDiffer(
            f"{screen.name}: the views differ at {found.path}: "
            f"{found.left} by {measured.reference}, {found.right} by {name}"
        )


def _check_schedule(screen: Screen, measured: Measured, name: str, load: Load) -> None:
    """A timed load must be the load that was counted, or counts and times do not belong."""
    counted, timed = level_sizes(measured.counted[name][0].exchanges), level_sizes(load.exchanges)
    if counted != timed:
        raise LoadFailed(
            f"{screen.name}, {name}: the exchanges changed from {counted} to {timed} per level"
        )


def timed_load(
    loader: Loader,
    screen: Screen,
    measured: Measured,
    name: str,
    link: Link | None = None,
) -> Load:
    """Load by the arm of this name.

    Raises:
        ViewsDiffer: it shows something else than what was counted.
        LoadFailed: it could not be loaded, or made other exchanges than those counted.
    """
    arm = next(arm for arm in screen.arms if arm.name == name)
    gc.collect()
    load = loader.load(screen, arm, link)
    check_view(screen, measured, name, load)
    _check_schedule(screen, measured, name, load)
    return load


def timed_floor(loader: Loader, name: str, address: str, position: int) -> Sample:
    """Ask for a floor's address."""
    gc.collect()
    return Sample(position, loader.load_floor(name, address).elapsed_ns, None)
