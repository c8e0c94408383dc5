"""Keeps Python's garbage collector from holding everybody up.

While it goes through objects, nothing else of the process runs. It takes about 0.5 µs for each that
is there, and as long for each that it frees: going through all that was imported, every hundredth
answer waited for 40 ms.
"""

import gc
from typing import Final

# Python's own first two: new objects after which the youngest are gone through, and how often that
# is done until those that are left of it are, too.
_YOUNGEST: Final = 700
_YOUNG: Final = 10
# How often that is done until all are, if a quarter as many have come since as there were. With
# Python's 10 a client that had documents validated, of whose objects many refer to each other, left
# 30,000 to 40,000 of them to be freed at once: 30 ms, or 60 ms on a core that is shared.
_ALL: Final = 2


def collect_little_at_once() -> None:
    """Leave alone for ever what is there now, and go through what comes sooner than Python would.

    To be called in each process that serves, when all is there that serving needs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNGEST, _YOUNG, _ALL)
