"""Which processors servers and client are held on, so that neither interrupts the other."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_TOPOLOGY = Path("/sys/devices/system/cpu")


class Affinity(NamedTuple):
    """The processors of either side, by their numbers; none is of both."""

    servers: tuple[int, ...]
    client: tuple[int, ...]


def affinity() -> Affinity | None:
    """A half of the processors for each side, the odd one for the servers.

    None where there is but one, or where the system cannot hold a process on some (macOS).
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    # Two that are one core's stand side by side, so that a core is of one side.
    processors = sorted(os.sched_getaffinity(0), key=_core)
    if len(processors) < 2:
        return None
    of_servers = (len(processors) + 1) // 2
    cores = [_core(one)[:2] for one in processors]
    while of_servers < len(processors) - 1 and cores[of_servers - 1] == cores[of_servers]:
        of_servers += 1
    servers, client = processors[:of_servers], processors[of_servers:]
    return Affinity(tuple(sorted(servers)), tuple(sorted(client)))


@contextmanager
def held_on(processors: Sequence[int] | None) -> Iterator[None]:
    """What is started meanwhile, and all that it starts, runs on these alone; None for any."""
    if processors is None:
        yield
        return
    # A process has what its parent had when it was started: none of its threads runs elsewhere.
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _core(processor: int) -> tuple[int, int, int]:
    """Sorts processors by package and core, where the system tells them."""
    told = _TOPOLOGY / f"cpu{processor}" / "topology"
    try:
        package = int((told / "physical_package_id").read_text())
        core = int((told / "core_id").read_text())
    except (OSError, ValueError):
        return 0, processor, processor
    return package, core, processor
