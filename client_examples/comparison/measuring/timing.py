"""Times loads one after the other, and checks that each is the load that was counted."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from client_examples.comparison.arms.exchanges import level_sizes
from client_examples.comparison.arms.failures import place_of_arm
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.floor import floors
from client_examples.comparison.loading.load import VIEW_CHANGES, Load, check_view
from client_examples.comparison.loading.load_counter import LoadCounter, in_order
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.budget import Budget
from client_examples.comparison.measuring.garbage import collect
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.timing import Sample


def _check_schedule(screen: Screen, measured: Measured, arm: Arm, load: Load) -> None:
    """A timed load must be the load that was counted, or counts and times do not belong."""
    counted = level_sizes(measured.counted[arm.name][0].exchanges)
    timed = level_sizes(load.exchanges)
    if counted != timed:
        raise LoadFailed(
            f"the exchanges changed from {counted} to {timed} per level",
            screen=screen.name,
            arm=arm.name,
            place=place_of_arm(arm.load),
            next="have the arm send the same requests in every load: what it needs to know, it "
            "must not keep from one load to the next",
        )


def _check_protocol(screen: Screen, loader: Loader, name: str, load: Load) -> None:
    """What client and server agreed on must be what the loader is to load over.

    That is not asked of other hosts, whose exchanges have a whole URL as their path.
    """
    found = {one.protocol for one in load.exchanges if one.path.startswith("/")}
    if not found <= loader.protocols:
        raise LoadFailed(
            f"loaded over {', '.join(sorted(found))}, "
            f"not over {', '.join(sorted(loader.protocols))}",
            screen=screen.name,
            arm=name,
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
        LoadFailed: it could not be loaded, made other exchanges than those counted, or went by
            another protocol than the loader's.
    """
    arm = next(arm for arm in screen.arms if arm.name == name)
    collect()
    load = loader.load(screen, arm, link)
    try:
        check_view(screen.name, arm, load, measured.reference, measured.view)
    except ViewsDiffer as error:
        error.add(next=VIEW_CHANGES)  # since all arms have shown the same before
        raise
    _check_schedule(screen, measured, arm, load)
    _check_protocol(screen, loader, name, load)
    return load


def interleaved(arms: Sequence[str], loads: int, seed: str) -> list[str]:
    """Each arm `loads` times: rounds of all arms, each round in an order of its own.

    So a drift during the comparison (heat, other programs, caches) affects all arms alike. The
    same seed gives the same order.
    """
    generator = random.Random(seed)
    order: list[str] = []
    for _ in range(loads):
        order += generator.sample(list(arms), len(arms))
    return order


def time_arms(
    loader: Loader,
    screen: Screen,
    measured: Measured,
    settings: Settings,
    budget: Budget,
    loads: LoadCounter,
) -> None:
    """Time the screen's arms and the floors in random order, and record them in `measured`."""
    addresses = floors(settings)
    names = [*addresses, *(arm.name for arm in screen.arms)]
    seed = f"{settings.seed}/{screen.name}"  # the same order when it is run alone
    order = interleaved(names, settings.warm_up + settings.samples, seed)
    uncounted = settings.warm_up * len(names)
    measured.warm_up_order, measured.order = order[:uncounted], order[uncounted:]
    done = 0
    for position, name in in_turn(order, len(names), settings.warm_up, budget, loads):
        with turn_of(order, position, uncounted):
            load = timed_turn(loader, screen, measured, name, addresses)
        done = position + 1
        if position >= 0:
            measured.samples.setdefault(name, []).append(sample_of(position, load))
            if name not in addresses:
                measured.loads.setdefault(name, {})[position] = load.exchanges
    measured.order = measured.order[: max(0, done)]


def in_turn(
    order: Sequence[str], turns: int, warm_up: int, budget: Budget, loads: LoadCounter
) -> Iterator[tuple[int, str]]:
    """The position and name of each turn, until there are no more or the time is over.

    Args:
        order: rounds of all turns.
        turns: how many a round has.
        warm_up: rounds that do not count, whose positions are negative.
        budget: when it is over.
        loads: counts them.
    """
    uncounted = warm_up * turns
    for position, name in enumerate(order, -uncounted):
        if position % turns == 0 and budget.is_spent(position // turns):
            loads.left_out(len(order) - uncounted - position)
            return
        yield position, name
        loads.one_done()


def turn_of(
    order: Sequence[str], position: int, uncounted: int, over: str = "at loopback"
) -> AbstractContextManager[None]:
    """Have an error of the turn say which one it was; so many turns come before position 0."""
    if position < 0:
        return in_order(order[:uncounted], position + uncounted, f"to warm up {over}")
    return in_order(order[uncounted:], position, f"timed {over}")


def timed_turn(
    loader: Loader,
    screen: Screen,
    measured: Measured,
    name: str,
    addresses: Mapping[str, str],
) -> Load:
    """A load by the arm of this name, or of the floor that has one of the addresses."""
    if name not in addresses:
        return timed_load(loader, screen, measured, name)
    collect()
    return loader.load_floor(name, addresses[name])


def sample_of(position: int, load: Load) -> Sample:
    """The load as a sample of the order that it has this position in."""
    return Sample(position, load.elapsed_ns, load.db_ms)
