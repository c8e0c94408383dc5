"""Prepares screens before anything is timed, each once, and undoes it at the end."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any

from client_examples.clients.api_errors import ApiError
from client_examples.comparison.arms.api import RestApi
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.loading.failures import loading_of


class Preparations:
    """Prepares screens by clients of their own, which `client` gives."""

    def __init__(self, client: Callable[[Screen], AbstractContextManager[RestApi]]) -> None:
        self._client = client
        self._entered = ExitStack()
        self._given: dict[str, Any] = {}

    def prepare(self, screen: Screen) -> list[Any]:
        """The second argument of the screen's arms, prepared when it is first asked for."""
        if screen.preparation is None:
            return []
        if screen.name not in self._given:
            api = self._entered.enter_context(self._client(screen))
            with loading_of(screen.name, "preparing", api):
                context = screen.preparation(api)
                self._given[screen.name] = self._entered.enter_context(context)
        return [self._given[screen.name]]

    def undo(self) -> None:
        """Undo them, the last one first, as far as the server allows it."""
        with suppress(ApiError, ComparisonError):
            self._entered.close()
