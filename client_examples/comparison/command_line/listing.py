"""Lists the screens and what each of their arms does."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen

WORDS = (
    "A screen is what a page of a client needs. An arm is one way to load it over one API: all "
    "arms of a screen show the same."
)


def print_screens(screens: Sequence[Screen | WatchScreen], console: Console) -> None:
    """Print each screen, what it shows, and its arms."""
    console.print(Text(WORDS))
    for screen in screens:
        console.print()
        console.print(Text(f"{screen.name}: {screen.shows}"))
        arms = screen.arms if isinstance(screen, WatchScreen) else [*screen.arms, *screen.caching]
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column()
        for arm in arms:
            table.add_row(Text(arm.name), Text(arm.description))
        console.print(Padding(table, (0, 0, 0, 2)))
