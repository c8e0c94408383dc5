"""When the client collects garbage: before each load, and never during one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

GARBAGE_COLLECTION = "collected before each load, off during it"


@contextmanager
def collector_held() -> Iterator[None]:
    """Garbage collection only where `collect` asks for it."""
    collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def collect() -> None:
    """Collect what has come since the last time.

    What is left is not gone through again: results grow with each load. To go through them all
    pushed others out of the processors' caches, and had the servers wait, so that after some
    thousand loads each took a millisecond longer.
    """
    gc.collect()
    gc.freeze()
