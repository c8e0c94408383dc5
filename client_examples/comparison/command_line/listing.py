"""Lists the screens and what each of their arms does."""

import textwrap
from collections.abc import Iterator, Sequence

from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen

WORDS = (
    "A screen is what a page of a client needs. An arm is one way to load it over one API: all "
    "arms of a screen show the same."
)

_NARROW = 60  # columns, too few for two beside each other


def listing(screens: Sequence[Screen | WatchScreen], width: int) -> str:
    """Each screen, what it shows, and its arms, in lines of `width` characters."""
    return "\n\n".join([textwrap.fill(WORDS, width), *(_listed(one, width) for one in screens)])


def _listed(screen: Screen | WatchScreen, width: int) -> str:
    return "\n".join(
        [textwrap.fill(f"{screen.name}: {screen.shows}", width), *_arms(screen, width)]
    )


def _arms(screen: Screen | WatchScreen, width: int) -> Iterator[str]:
    """Each arm with what it does beside its name, or below it where it is narrow."""
    arms = screen.arms if isinstance(screen, WatchScreen) else [*screen.arms, *screen.caching]
    beside = 4 + max((len(arm.name) for arm in arms), default=0)
    for arm in arms:
        name = f"  {arm.name}"
        if width < _NARROW:
            yield name
        first, indent = (" " * 4, 4) if width < _NARROW else (name.ljust(beside), beside)
        yield textwrap.fill(
            arm.description, width, initial_indent=first, subsequent_indent=" " * indent
        )
