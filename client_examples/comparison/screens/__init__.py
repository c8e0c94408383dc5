"""The screens that are compared, in the order in which they are shown."""

from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.screens import (
    author_page,
    book_detail,
    book_list,
    deep,
    order_history,
    place_order,
    search_results,
    storefront,
    watch_order,
)

SCREENS: tuple[Screen, ...] = (
    author_page.screen,
    order_history.screen,
    book_list.screen,
    search_results.screen,
    book_detail.screen,
    storefront.screen,
    deep.screen,
    place_order.screen,
)
WATCHED: tuple[WatchScreen, ...] = (watch_order.screen,)
ALL_SCREENS: tuple[Screen | WatchScreen, ...] = (*SCREENS, *WATCHED)
