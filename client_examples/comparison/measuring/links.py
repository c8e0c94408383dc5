"""Times the arms over simulated links, and single steps beside them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import ceil

from client_examples.comparison.arms.exchanges import trips_over
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.load import Load
from client_examples.comparison.loading.load_counter import LoadCounter, in_order, numbered
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.loading.protocols import ByProtocol
from client_examples.comparison.measuring.building.links import ANY, Steps
from client_examples.comparison.measuring.link_probe import Ask, probe, step_ns
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.measuring.timing import interleaved, sample_of, timed_load
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import Protocol, ProvedLink

_STEPS, _QUICK_STEPS = 10, 3  # of each kind in a run
_IN_A_ROW = 2  # constant answers, as the steps of an arm follow each other


class Links:
    """The links of a run, over each of its protocols.

    Args:
        ways: the loaders, which have the relay that is to be the links.
        settings: which links, and how often.
        screens: how many there are to load.
        steps: where to record how much longer a step takes.
        loads: counts them.
    """

    def __init__(
        self,
        ways: ByProtocol,
        settings: Settings,
        screens: int,
        steps: Steps,
        loads: LoadCounter,
    ) -> None:
        self._ways = ways
        self._settings = settings
        self._steps = steps
        self._steps_in_all = _QUICK_STEPS if settings.quick else _STEPS
        self._screens = screens
        self._timed: Counter[Link] = Counter()
        self._loads = loads
        self.proved: list[ProvedLink] = []

    @property
    def steps_s(self) -> float:
        """How long the single steps of a run wait for the links."""
        rtts_ms = sum(link.rtt_ms for link in self._settings.links)
        kinds = sum(max(1, len(self._ways.floors(protocol))) for protocol in self._ways.loaders)
        return rtts_ms * _IN_A_ROW * self._steps_in_all * kinds / 1000

    def probe(self, screen: Screen, measured: Measured) -> None:
        """Find out, over each protocol, whether each link is what was asked for.

        Args:
            screen: what is loaded where no constant answers are known.
            measured: of that screen.

        Raises:
            LinkFailed: one is not.
            LoadFailed: the screen could not be loaded.
            ViewsDiffer: it shows something else.
        """
        self.proved = []  # of a screen that could not be loaded, some may be there
        for link in self._settings.links:
            for protocol, loader in self._ways.loaders.items():
                asks = self._asks(protocol, screen, measured, 1)
                self.proved.append(probe(loader, protocol, link, next(iter(asks.values()))))

    def time(self, screen: Screen, measured: Measured) -> None:
        """Time the screen's arms over each link and protocol, and record them in `measured`."""
        for link in self._settings.links:
            self._time(screen, measured, link)

    def _time(self, screen: Screen, measured: Measured, link: Link) -> None:
        """All arms over all protocols in random order; those of the first are the screen's own."""
        loaders, settings = self._ways.loaders, self._settings
        own = next(iter(loaders))
        turns = {
            arm.name if protocol == own else f"{protocol} {arm.name}": (protocol, arm.name)
            for protocol in loaders
            for arm in screen.arms
        }
        seed = f"{settings.seed}/{screen.name}/{link.label}"
        order = interleaved(list(turns), settings.link_samples, seed)
        measured.link_orders[link] = order
        steps = self._steps_due(link)
        for position, turn in enumerate(order):
            number, place = divmod(position, len(turns))
            if place == 0:
                share = share_of(steps, number, settings.link_samples)
                self._time_steps(screen, measured, link, share)
            protocol, name = turns[turn]
            by = f" by {protocol}" if len(loaders) > 1 else ""
            with in_order(order, position, f"timed over {link.title}{by}"):
                load = timed_load(loaders[protocol], screen, measured, name, link)
            self._loads.one_done()
            by_protocol = [measured.links] if protocol == own else []
            if len(loaders) > 1:
                by_protocol.append(measured.protocols[protocol].links)
            for links in by_protocol:
                links.setdefault(link, {}).setdefault(name, []).append(sample_of(position, load))

    def _steps_due(self, link: Link) -> int:
        """The next screen's share of the steps over this link."""
        number = self._timed[link]
        self._timed[link] += 1
        return share_of(self._steps_in_all, number, self._screens)

    def _time_steps(self, screen: Screen, measured: Measured, link: Link, times: int) -> None:
        for protocol, loader in self._ways.loaders.items():
            for name, ask in self._asks(protocol, screen, measured, _IN_A_ROW).items():
                for number in range(1, times + 1):
                    with numbered(f"a single step over {link.title} by {protocol}", number, times):
                        self._steps.add(protocol, link, name, step_ns(loader, link, ask))

    def _asks(
        self, protocol: Protocol, screen: Screen, measured: Measured, times: int
    ) -> Mapping[str, Ask]:
        """The shortest exchanges there are: constant answers, or else loads by the shortest arm."""
        loader = self._ways.loaders[protocol]
        floors = self._ways.floors(protocol)
        if floors:
            return {
                name: self._counted(partial(loader.load_floor, name, address, times=times))
                for name, address in floors.items()
            }
        counts = {name: counted for name, (_, counted) in measured.counted.items()}
        shortest = min(counts, key=lambda name: (counts[name].trips, counts[name].requests))
        return {ANY: self._counted(partial(_load, protocol, loader, screen, measured, shortest))}

    def _counted(self, ask: Ask) -> Ask:
        def counted(link: Link | None) -> Load:
            load = ask(link)
            self._loads.beside()
            return load

        return counted


def share_of(whole: int, number: int, parts: int) -> int:
    """The part of this number (from 0), of parts that are about even; the first is not nothing."""
    return ceil(whole * (number + 1) / parts) - ceil(whole * number / parts)


def _load(
    protocol: Protocol,
    loader: Loader,
    screen: Screen,
    measured: Measured,
    name: str,
    link: Link | None,
) -> Load:
    load = timed_load(loader, screen, measured, name, link)
    return replace(load, trips=trips_over(protocol, load.exchanges))
