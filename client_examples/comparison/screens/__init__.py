"""The screens that are compared, in the order in which they are shown."""

from client_examples.comparison.arms import Screen
from client_examples.comparison.screens import author_page, book_list, order_history

SCREENS: tuple[Screen, ...] = (author_page.screen, order_history.screen, book_list.screen)
